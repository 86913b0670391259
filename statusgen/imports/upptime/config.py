"""What `.upptimerc.yml` says of the page and of its sites."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from statusgen.imports.fields import Fields, read_fields
from statusgen.imports.short_lines import MOST_IN_NAME, fit_line
from statusgen.imports.source import Source, SourceError
from statusgen.imports.told import Note, NoteKind, ToldService
from statusgen.problems import InvalidValue
from statusgen.text import printable, quote_text

_NAMES = (".upptimerc.yml", ".upptimerc.yaml")
_MOST_IN_ADDRESS = 1_000
_NOT_SHOWN = ("introTitle", "introMessage", "navbar", "logoUrl", "favicon", "theme", "customHeadHtml", "customBodyHtml")


@dataclass(frozen=True)
class Config:
    """The title of the page, its address, the path of its issues there, and its sites."""

    title: str | None
    url: str | None
    path: str
    sites: tuple[ToldService, ...]
    slugs: dict[str, str]
    """The names of sites by the labels of their issues, as `fold_slug` writes those."""


def read_config(source: Source, notes: list[Note]) -> Config:
    """Read the file; raise SourceError if there is none."""
    fields = _read_file(source, notes)
    website = fields.inner("status-website")
    owner, repository = fields.text("owner"), fields.text("repo")
    base = (website.text("baseUrl") or "").rstrip("/")
    cname = website.text("cname")
    base = "" if cname else base or (f"/{repository}" if repository else "")
    host = cname or (f"{owner.lower()}.github.io" if owner else None)
    if left := [key for key in _NOT_SHOWN if key.casefold() in website.values]:
        what = f"What the old page shows around its list was left out: {', '.join(left)}."
        notes.append(Note(website.place(left[0]), NoteKind.LOSS, what))
    locale = fields.inner("i18n").text("locale")
    if locale and not locale.startswith("en"):
        what = (
            f"The old page is in {quote_text(locale)}, and its robot writes English. In which language are its posts?"
        )
        notes.append(Note(fields.place("i18n"), NoteKind.QUESTION, what))
    sites = list(fields.each("sites"))
    services = tuple(_read_sites(sites, notes))
    names = {site.place("name"): site.text("slug") for site in sites}
    pages = _find_pages(source)
    services = tuple(_add_address(each, names.get(each.place), f"{base}/history/", pages, notes) for each in services)
    slugs = {fold_slug(service.name): service.name for service in services}
    slugs |= {fold_slug(slug): service.name for service in services if (slug := names.get(service.place))}
    return Config(
        website.text("name") or repository, host and f"https://{host}{base}", f"{base}/incident/", services, slugs
    )


def fold_slug(slug: str) -> str:
    """Return the letters and digits of a slug or a name, which Upptime's own way to write them does not change."""
    return re.sub(r"[\W_]+", "", slug.replace("&", "and").casefold())


def _read_file(source: Source, notes: list[Note]) -> Fields:
    for path in _NAMES:
        if (text := source.read_text(path)) is None:
            continue
        try:
            fields, more = read_fields(text, path, "yaml")
        except InvalidValue as error:
            raise SourceError(f"{path} cannot be read: {error.message} Nothing was written.") from None
        notes += more
        return fields
    what = f"{printable(source.name)} has no .upptimerc.yml, so it is not the folder of an Upptime page."
    raise SourceError(f"{what} Nothing was written.")


def _read_sites(sites: Iterable[Fields], notes: list[Note]) -> Iterator[ToldService]:
    names = set[str]()
    for site in sites:
        place = site.place("name")
        name = fit_line(site.text("name"), MOST_IN_NAME, place, notes)
        if not name or name in names:
            why = "has no name" if not name else f"is called {quote_text(name)}, as another one is"
            notes.append(Note(place, NoteKind.LOSS, f"A site {why}, so it was left out."))
            continue
        names.add(name)
        yield ToldService(name, place, url=_find_address(site, name, notes))


def _find_pages(source: Source) -> dict[str, str]:
    """Return the slugs of the pages that sites had, by how `fold_slug` writes them."""
    found = (path.removeprefix("history/").removesuffix(".yml") for path in source.list_files("history/*.yml"))
    return {fold_slug(slug): slug for slug in found}


def _add_address(
    service: ToldService, slug: str | None, above: str, pages: Mapping[str, str], notes: list[Note]
) -> ToldService:
    """Return a site with the address of its page on the old site, if that is known."""
    slug = slug or pages.get(fold_slug(service.name))
    if slug:
        return replace(service, was=(f"{above}{slug}",))
    what = f"The old page of {quote_text(service.name)} leads nowhere: there is neither a slug nor a file in history/."
    notes.append(Note(service.place, NoteKind.LOSS, what))
    return service


def _find_address(site: Fields, name: str, notes: list[Note]) -> str | None:
    """Return where people use a site, if that is an address of the web and no secret."""
    written = site.text("url") or ""
    try:
        address = urlsplit(written)
        is_public = address.scheme in ("https", "http") and bool(address.hostname) and "@" not in address.netloc
    except ValueError:
        is_public = False
    if is_public and "$" not in written and len(written) <= _MOST_IN_ADDRESS:
        return written
    what = f"The address of {quote_text(name)} is a secret, or none of a page, so it was left out."
    notes.append(Note(site.place("url"), NoteKind.LOSS, what))
    return None
