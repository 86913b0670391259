"""What the Tab key offers: ids of services and posts, templates, statuses. Whatever is wrong, it stays silent."""

from pathlib import Path

from click import Context, Parameter
from click.shell_completion import CompletionItem


def services(context: Context, _option: Parameter, incomplete: str) -> list[CompletionItem]:
    """Services and their channels."""
    from statusgen.editor.statuses import service_keys

    site = _read_services(context)
    names = {service.id: service.name.texts[0][1] for service in site.services} if site else {}
    keys = service_keys(site) if site else []
    return [CompletionItem(key, help=names.get(key.partition("/")[0])) for key in keys if key.startswith(incomplete)]


def service_statuses(context: Context, option: Parameter, incomplete: str) -> list[CompletionItem]:
    """The same; once it is clear which is meant, together with its status."""
    from statusgen.model import Status

    key, equals, _ = incomplete.partition("=")
    found = services(context, option, key)
    if equals or len(found) == 1:
        keys = [item.value for item in found if not equals or item.value == key]
        pairs = (f"{key}={status.value}" for key in keys for status in Status)
        return [CompletionItem(pair) for pair in pairs if pair.startswith(incomplete)]
    return found


def statuses(_context: Context, _option: Parameter, incomplete: str) -> list[CompletionItem]:
    """How a service can stand."""
    from statusgen.model import Status

    return [CompletionItem(status.value) for status in Status if status.value.startswith(incomplete)]


def states(_context: Context, _option: Parameter, incomplete: str) -> list[CompletionItem]:
    """How far an incident or planned work can have come."""
    from statusgen.model import State

    return [CompletionItem(state.value) for state in State if state.value.startswith(incomplete)]


def incidents(context: Context, _option: Parameter, incomplete: str) -> list[CompletionItem]:
    """The posts, the newest first as far as their names tell."""
    names = {path.name.partition(".")[0] for path in (_folder(context) / "incidents").rglob("*.md")}
    return [CompletionItem(id) for id in sorted(names, reverse=True) if incomplete.casefold() in id.casefold()]


def templates(context: Context, _option: Parameter, incomplete: str) -> list[CompletionItem]:
    """The templates of posts."""
    from statusgen.editor.templates import template_names

    return [CompletionItem(name) for name in template_names(_folder(context)) if name.startswith(incomplete)]


def _folder(context: Context) -> Path:
    return Path(context.params.get("source") or ".")


def _read_services(context: Context):  # type: ignore[no-untyped-def]
    """The site without its posts, which take longer to read; None where it cannot be read."""
    from statusgen.content.services import SERVICES_FILE, read_services
    from statusgen.wording.interface import available_languages

    folder = _folder(context)
    try:
        return read_services((folder / SERVICES_FILE).read_text(encoding="utf-8-sig"), folder, available_languages())[0]
    except (OSError, ValueError):
        return None
