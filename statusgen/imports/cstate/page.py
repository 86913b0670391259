"""The folder of a cState page: its configuration, and the issues in content/issues/.

An issue has one severity for all that it affects, from its date until it is resolved. What it says meanwhile stands in
its text (`blocks.py`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from statusgen.imports.cstate.addresses import write_path
from statusgen.imports.cstate.config import Config, read_config
from statusgen.imports.cstate.issue import IssueReader
from statusgen.imports.fields import Fields, Page, read_page
from statusgen.imports.names import ServiceNames
from statusgen.imports.source import Answers, Source, SourceError
from statusgen.imports.told import Note, NoteKind, Told, ToldPost, ToldService
from statusgen.problems import InvalidValue, Place
from statusgen.text import MAX_TEXT_BYTES, quote_text


def read(source: Source, answers: Answers) -> Told:
    """Return what the folder of a cState page tells; raises SourceError."""
    notes: list[Note] = []
    config = read_config(source, answers, notes)
    fields = config.fields
    params = fields.inner("params")
    hidden = {each.text("name") for each in params.each("categories") if each.flag("untitled")}
    groups = [name for each in params.each("categories") if (name := each.text("name")) and name not in hidden]
    names = ServiceNames(_read_systems(params, groups, hidden, notes))
    for key, what in (("description", "description"), ("customTabs", "own tabs"), ("logo", "logo")):
        if params.values.get(key.casefold()):
            notes.append(Note(params.place(key), NoteKind.LOSS, f"The {what} of the old page was left out."))
    posts = [*_read_posts(source, config, names, notes)]
    prefix = config.addresses.prefix
    services = [replace(each, was=_list_addresses(each.name, prefix)) for each in names.services]
    _note_lost_addresses(config, notes)
    return Told(
        title=fields.text("title"),
        url=config.url,
        timezone=config.zone.key,
        groups=tuple(groups),
        services=tuple(services),
        posts=tuple(posts),
        notes=(*notes, *names.notes),
        languages=config.languages,
        was={
            f"{prefix}/index.xml": "/feed.xml",
            f"{prefix}/issues/": "/archive/",
            f"{prefix}/issues/index.xml": "/feed.xml",
            **{f"/{language}/index.xml": f"/{language}/feed.xml" for language in config.languages[1:]},
        },
    )


def _list_addresses(name: str, prefix: str) -> tuple[str, ...]:
    """Return the addresses of a system: of the page with its issues, and of its feed."""
    page = f"{prefix}/affected/{write_path(name)}/"
    return page, f"{page}index.xml"


def _note_lost_addresses(config: Config, notes: list[Note]) -> None:
    """Note which addresses of the old site lead nowhere here."""
    for language in config.languages[1:]:
        what = f'The addresses of the old pages in "{language}" (/{language}/…) lead nowhere, but for the feed: an old '
        what += "address leads to a page in the first language."
        notes.append(Note(config.fields.inner("languages").place(language), NoteKind.LOSS, what))
    if {"affected", "systems"} & {key for found in _find_permalinks(config.fields) for key in found.values}:
        what = "The pages of systems had addresses of their own, which lead nowhere: only those below /affected/ do."
        notes.append(Note(config.fields.place("permalinks"), NoteKind.LOSS, what))


def _find_permalinks(fields: Fields) -> Iterator[Fields]:
    found = fields.inner("permalinks")
    yield found
    yield from (found.inner(kind) for kind in ("taxonomy", "term"))


def _read_systems(
    params: Fields, groups: list[str], hidden: set[str | None], notes: list[Note]
) -> Iterator[ToldService]:
    seen: set[str] = set()
    for system in params.each("systems"):
        name, group = system.text("name"), system.text("category")
        if not name or name in seen:
            notes.append(Note(system.place("name"), NoteKind.LOSS, "A system without a name of its own was left out."))
            continue
        seen.add(name)
        if group and group not in groups and group not in hidden:
            what = f"There is no category {quote_text(group)} in the configuration, so one was made."
            notes.append(Note(system.place("category"), NoteKind.GUESS, what))
            groups.append(group)
        yield ToldService(
            name,
            system.place("name"),
            summary=system.text("description") or "",
            group=group if group in groups else None,
            url=system.text("link"),
        )


def _read_posts(source: Source, config: Config, names: ServiceNames, notes: list[Note]) -> Iterator[ToldPost]:
    """Yield the issues, each with its translations."""
    files = _sort_files(source, config, notes)
    for path, translations in files.items():
        page = _read_issue(source, path, notes)
        if page is None:
            continue
        pages = {code: found for code, other in translations.items() if (found := _read_issue(source, other, notes))}
        yield from IssueReader(source, config, names, path, page, notes).read(pages)


def _sort_files(source: Source, config: Config, notes: list[Note]) -> dict[str, dict[str, str]]:
    """Return the files of issues in the first language, and for each those of its translations by language."""
    default, *others = config.languages
    folders = {f"{config.folders[code]}/issues": code for code in reversed(config.languages)}
    content = [path for ending in ("md", "markdown") for path in source.list_files(f"**/*.{ending}")]
    found: dict[str, dict[str, str]] = {}
    for path in sorted(content):
        folder = next((folder for folder in folders if path.startswith(f"{folder}/")), None)
        inner = path.removeprefix(f"{folder}/") if folder else ""
        if folder is None:
            if path.startswith("content/") and not PurePosixPath(path).name.startswith("_index"):
                notes.append(Note(Place(path), NoteKind.LOSS, "This is a page, not an issue, so it was left out."))
            continue
        stem, code = _split_language(inner.rpartition(".")[0], folders[folder], others)
        if PurePosixPath(stem).name != "_index":
            found.setdefault(stem.removesuffix("/index"), {})[code] = path
    files = {}
    for pages in found.values():
        main = pages.pop(default, None) or pages.pop(min(pages))
        files[main] = pages
    return files


def _split_language(stem: str, code: str, others: Sequence[str]) -> tuple[str, str]:
    """Return the name of a page without its language, and that (https://gohugo.io/content-management/multilingual/)."""
    name, _, ending = stem.rpartition(".")
    is_language = name and (ending.casefold() in others or ending.casefold() == code)
    return (name, ending.casefold()) if is_language else (stem, code)


def _read_issue(source: Source, path: str, notes: list[Note]) -> Page | None:
    """Return a page if it is an issue that the old page showed; otherwise note why it was left out."""
    try:
        page = read_page(source.read_text(path, MAX_TEXT_BYTES) or "", path)
    except (InvalidValue, SourceError) as error:
        reason = error.message if isinstance(error, InvalidValue) else str(error)
        what = f"This was left out, because it cannot be read: {reason} What does it say?"
        notes.append(Note(Place(path), NoteKind.QUESTION, what))
        return None
    notes += page.notes
    section = page.fields.text("section")
    if page.fields.flag("draft"):
        notes.append(Note(page.fields.place("draft"), NoteKind.LOSS, "A draft was left out."))
    elif section and section.casefold() not in ("issue", "issues", "post"):
        what = "This has another section than issue, so the old page did not count it, and it was left out."
        notes.append(Note(page.fields.place("section"), NoteKind.LOSS, what))
    else:
        return page
    return None
