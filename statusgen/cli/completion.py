"""What the Tab key offers: ids of services and posts, templates, statuses. If anything is wrong, it offers nothing."""

from collections.abc import Iterable
from enum import Enum
from pathlib import Path

from click import Context, Parameter
from click.shell_completion import CompletionItem

from statusgen.editor.patterns import ALL, GROUP, pattern_names
from statusgen.editor.statuses import service_keys
from statusgen.model.states import State
from statusgen.model.statuses import WRITTEN_STATUSES
from statusgen.model.whole_site import Site


def services(context: Context, _option: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer services and their channels."""
    site = _read_services(context)
    if site is None:
        return []
    names = {service.id: service.name.texts[0][1] for service in site.services}
    return [
        CompletionItem(key, help=names.get(key.partition("/")[0]))
        for key in service_keys(site)
        if key.startswith(incomplete)
    ]


def service_statuses(context: Context, option: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer services and their channels; once only one is left, with each status."""
    key, equals, _ = incomplete.partition("=")
    found = [*services(context, option, key), *_patterns(context, key)]
    if equals or len(found) == 1:
        keys = [item.value for item in found if not equals or item.value == key]
        return _offer((f"{key}={status.value}" for key in keys for status in WRITTEN_STATUSES), incomplete)
    return found


def _patterns(context: Context, incomplete: str) -> list[CompletionItem]:
    """Offer the names for several services at once, to somebody who begins to type one."""
    site = _read_services(context) if incomplete.startswith((f"{GROUP}/", f"{ALL}/")) else None
    return _offer(pattern_names(site), incomplete) if site else []


def statuses(_context: Context, _option: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer each status of a service."""
    return _offer((status.value for status in WRITTEN_STATUSES), incomplete)


def states(_context: Context, _option: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer each state of an incident or of planned work."""
    return _offer(_values(State), incomplete)


def incidents(context: Context, _option: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the posts, the newest first as far as their names tell."""
    from statusgen.content.disk import walk_files

    posts = (path for path in walk_files(_folder(context) / "incidents") if path.suffix == ".md")
    names = {path.name.partition(".")[0] for path in posts}
    return [CompletionItem(id) for id in sorted(names, reverse=True) if incomplete.casefold() in id.casefold()]


def languages(context: Context, _option: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the languages of the site into which posts are translated."""
    site = _read_services(context)
    return _offer(site.languages[1:] if site else (), incomplete)


def templates(context: Context, _option: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the templates of posts."""
    from statusgen.editor.templates import template_names

    return _offer(template_names(_folder(context)), incomplete)


def _offer(words: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(word) for word in words if word.startswith(incomplete)]


def _values(choices: type[Enum]) -> list[str]:
    return [choice.value for choice in choices]


def _folder(context: Context) -> Path:
    return Path(context.params.get("source") or ".")


def _read_services(context: Context) -> Site | None:
    """Return the site without its posts, which take longer to read; None if it cannot be read."""
    from statusgen.content.services import SERVICES_FILE, read_services
    from statusgen.wording.interface import available_languages

    folder = _folder(context)
    try:
        return read_services((folder / SERVICES_FILE).read_text(encoding="utf-8-sig"), folder, available_languages())[0]
    except (OSError, ValueError):
        return None
