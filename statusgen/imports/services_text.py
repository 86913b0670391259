"""services.yaml of an imported site: a new one, or more services at the end of one that is there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from statusgen import addresses
from statusgen.content.format.old_addresses import parse_old_address
from statusgen.content.format.values import parse_link, parse_site_url
from statusgen.content.services import SERVICES_FILE
from statusgen.content.yaml.documents import read_yaml
from statusgen.editor.fact_values import Facts, FactValue, drop_empty
from statusgen.editor.yaml_text import as_yaml
from statusgen.imports.source import SourceError
from statusgen.imports.texts import clean_line
from statusgen.imports.told import Note, NoteKind, Told, ToldService
from statusgen.model.old_addresses import OldAddress
from statusgen.model.whole_site import Site
from statusgen.problems import InvalidValue, Place
from statusgen.text import quote_text, slugify

_UNKNOWN_URL = "https://status.example.org/"
_UNKNOWN_TITLE = "Service status"
_HEAD = """\
# yaml-language-server: $schema=.vscode/services.schema.json
#
# Made by `statusgen import`: read import-report.md.

"""


@dataclass(frozen=True)
class ServicesText:
    """The text of services.yaml, the ids of services by the names that the source has for them, and what was noted.

    `was` are the addresses of the old site that lead to a page or a feed of this one; `merged` the ids of services of
    ours by the names that people merged into them.
    """

    text: str
    ids: Mapping[str, str]
    notes: tuple[Note, ...] = ()
    was: tuple[OldAddress, ...] = ()
    merged: Mapping[str, str] = field(default_factory=dict)


def make_services(told: Told, languages: Sequence[str]) -> ServicesText:
    """Return the services.yaml of a new site."""
    notes: list[Note] = []
    groups = make_ids(told.groups)
    ids = make_ids((service.name for service in told.services), groups.values())
    if not told.services:
        what = "This source has no services, so there is nothing to make a page of. Nothing was written."
        raise SourceError(what)
    url = _choose_url(told)
    _note_url(url, notes)
    title = clean_line(told.title or "") or _UNKNOWN_TITLE
    _note_title(title, notes)
    site: Facts = {
        "title": title,
        "url": url,
        "timezone": told.timezone,
        "languages": list(languages),
    }
    was = _list_old_addresses(told, ids, languages)
    if was:
        site["was"] = {f"/{old.address}": f"/{old.to}" for old in was}
    facts: Facts = {"site": site}
    if groups:
        facts["groups"] = [{"id": id, "name": clean_line(name)} for name, id in groups.items()]
    services = [_make_entry(service, ids[service.name], groups, notes) for service in told.services]
    blocks = [as_yaml({key: value}) for key, value in {**facts, "services": services}.items()]
    return ServicesText(_HEAD + "\n".join(blocks), ids, tuple(notes), was)


def add_services(told: Told, site: Site, text: str) -> ServicesText:
    """Return the services.yaml of a site with those services at its end that it lacks; nothing else is changed."""
    notes: list[Note] = []
    if site.url == _choose_url(told):
        _note_url(site.url, notes)
    _note_title(site.title.texts[0][1], notes)
    names = {words: service.id for service in site.services for _, words in service.name.texts}
    merged = {each.name: id for each in told.services if each.name not in names and (id := _find_merged(each, site))}
    names |= {clean_line(name): id for name, id in merged.items()}
    known_ids = {service.id for service in site.services}
    known_groups = {group.id for group in site.groups}
    new_ids = make_ids(told.groups, known_ids)
    wanted = make_ids((service.name for service in told.services), {*known_groups, *new_ids.values()})
    ids = {name: names.get(clean_line(name), id) for name, id in wanted.items()}
    lacking = [service for service in told.services if ids[service.name] not in known_ids]
    group_names = {words: group.id for group in site.groups for _, words in group.name.texts}
    groups = {name: group_names.get(clean_line(name), new_ids[name]) for name in told.groups}
    used = {service.group for service in lacking}
    new_groups = [name for name in told.groups if name in used and groups[name] not in known_groups]
    if new_groups and site.groups:
        text = _append(text, "groups", [{"id": groups[name], "name": clean_line(name)} for name in new_groups])
    elif new_groups:
        groups = {name: id for name, id in groups.items() if name not in new_groups}
    entries = {each.name: _make_entry(each, ids[each.name], groups, notes) for each in told.services}
    if lacking:
        text = _append(text, "services", [entries[each.name] for each in lacking])
    known = {old.address for old in site.was}
    for old in _list_old_addresses(told, ids, site.languages):
        if old.address not in known:
            what = "An old address leads nowhere here. If people use it, write this under was: of the site: "
            notes.append(Note(old.place, NoteKind.LOSS, f"{what}`/{old.address}: /{old.to}`."))
    return ServicesText(text, ids, tuple(notes), site.was, merged)


def _find_merged(service: ToldService, site: Site) -> str | None:
    """Return the id of the service into which people merged one: they write its name among the keywords there."""
    name = f", {clean_line(service.name)}, ".casefold()
    keywords = ((each.id, words) for each in site.services if each.keywords for _, words in each.keywords.texts)
    return next((id for id, words in keywords if name in f", {words}, ".casefold()), None)


def _list_old_addresses(told: Told, ids: Mapping[str, str], languages: Sequence[str]) -> tuple[OldAddress, ...]:
    """Return what leads to the site's pages and feeds; of two that one address would lead to, the first."""
    place = Place(SERVICES_FILE)
    lacking = tuple(f"/{language}/" for language in told.languages if language not in languages)
    wanted = [(old, to.removeprefix("/"), place) for old, to in told.was.items() if not to.startswith(lacking)]
    for service in told.services:
        page = addresses.service(ids[service.name])
        wanted += [(old, addresses.rss(page) if old.endswith(".xml") else page, service.place) for old in service.was]
    found: dict[str, OldAddress] = {}
    for written, to, where in wanted:
        with suppress(InvalidValue):  # no host can have a file there, so nobody came by it
            old = OldAddress(parse_old_address(written), to, where)
            found.setdefault(old.address.casefold(), old)
    return tuple(found.values())


def make_ids(names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Return an id for each name, none twice."""
    ids: dict[str, str] = {}
    used = set(taken)
    for number, name in enumerate(names, 1):
        id = base = slugify(name)[:60].strip("-_") or f"service-{number}"
        count = 2
        while id in used:
            id, count = f"{base}-{count}", count + 1
        ids[name] = id
        used.add(id)
    return ids


def _choose_url(told: Told) -> str:
    """Return the old address, if it is one; otherwise one that stands for it."""
    try:
        return parse_site_url(told.url) if told.url else _UNKNOWN_URL
    except InvalidValue:
        return _UNKNOWN_URL


def _note_url(url: str, notes: list[Note]) -> None:
    """Note what has to be said of the address of the site, as long as it is the one that was chosen."""
    place = Place(SERVICES_FILE)
    if url == _UNKNOWN_URL:
        what = f"At which address will the page be? The source does not say. Write it as url: in place of {url}."
        notes.append(Note(place, NoteKind.QUESTION, what))
    else:
        what = f"The page keeps the old address, {url}. If it moves, change url: in services.yaml."
        notes.append(Note(place, NoteKind.GUESS, what))


def _note_title(title: str, notes: list[Note]) -> None:
    if title == _UNKNOWN_TITLE:
        what = (
            "What is the page called, and who publishes it? The source does not say. Write it as title: and publisher:."
        )
        notes.append(Note(Place(SERVICES_FILE), NoteKind.QUESTION, what))


def _make_entry(service: ToldService, id: str, groups: Mapping[str, str], notes: list[Note]) -> Facts:
    channels: list[FactValue] = []
    try:
        if service.url and parse_link(service.url).startswith(("https://", "http://")):
            channels = [{"kind": "online", "url": service.url}]
    except InvalidValue:
        what = f"The address of {quote_text(service.name)} was left out, because it cannot be linked to."
        notes.append(Note(service.place, NoteKind.LOSS, what))
    entry: dict[str, FactValue] = {
        "id": id,
        "name": clean_line(service.name),
        "group": groups.get(service.group) if service.group else None,
        "summary": clean_line(service.summary),
        "keywords": [clean_line(word) for word in service.keywords],
        "channels": channels,
    }
    return drop_empty(entry)


def _append(text: str, key: str, entries: Sequence[FactValue]) -> str:
    """Return a text of YAML with more entries at the end of the list under a key of its top level.

    Raise SourceError if the list is written in brackets.
    """
    document, _ = read_yaml(text, SERVICES_FILE)
    lines = text.split("\n")
    begin = document.place((key,)).line
    first = document.place((key, 0)).line
    others = [line for path, line in document.lines.items() if len(path) == 1 and line > begin]
    end = min(others, default=len(lines) + 1) - 1
    # What stands above the next key, empty lines and comments, belongs to that.
    while end > first and (not lines[end - 1].strip() or (others and lines[end - 1].startswith("#"))):
        end -= 1
    dash = re.match(r"(\s*)- ", lines[first - 1])
    if not dash:
        what = (
            f"In {SERVICES_FILE}, the list under {key}: is not one line for each entry, so nothing can be added to it."
        )
        raise SourceError(f"{what} Write each entry behind a dash on its own line. Nothing was written.")
    rows = as_yaml({key: list(entries)}).splitlines()[1:]
    written = len(rows[0]) - len(rows[0].lstrip())
    block = [f"{dash[1]}{row[written:]}".rstrip() for row in rows]
    return "\n".join([*lines[:end], *block, *lines[end:]])
