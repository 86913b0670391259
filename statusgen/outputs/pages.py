"""The pages that people read, in every language of the site."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import groupby
from urllib.parse import quote

from markupsafe import Markup as Safe
from markupsafe import escape

from statusgen import addresses, history
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.spans import Phase
from statusgen.board.model.whole_board import Board
from statusgen.content.format.colors import darken, lighten
from statusgen.content.languages import native_name
from statusgen.files import File, Part
from statusgen.history import months
from statusgen.model.old_addresses import OldAddress
from statusgen.model.services import Group, Operator
from statusgen.model.states import Kind
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.model.words import Markup, Words
from statusgen.outputs import finder, linked_data
from statusgen.problems import Place
from statusgen.theme import charts, marks
from statusgen.theme.renderer import STATIC, Renderer
from statusgen.wording.first_screen import FirstScreen, link_with
from statusgen.wording.interface import protect_phone_numbers
from statusgen.wording.phone_numbers import find_short_numbers, link_numbers, numbers_to_link
from statusgen.wording.phrasing import Phrasing
from statusgen.wording.poster import Poster

# What pages look like besides what they have in common.
FRONT = ("lead.css", "cards.css", "overview.css", "front.css")
INNER = ("inner.css",)
SERVICE, PICTURES = (*INNER, "service.css", "days.css"), (*INNER, "days.css", "pictures.css")
CALL_SHEET, POSTER = (*INNER, "lead.css", "call-sheet.css"), (*INNER, "poster.css")
INCIDENT = ("lead.css", "cards.css", "overview.css", "updates.css", *PICTURES)
STYLES: tuple[tuple[str, ...], ...] = (FRONT, INNER, SERVICE, INCIDENT, PICTURES, CALL_SHEET, POSTER)

# A shape that a page can show, as templates/shapes.html has it.
_SHAPE = re.compile(r'<symbol id="(shape-\w+)".*?</symbol>\n')

# In a list of cards: fewer of one group than this are found without a heading.
MIN_CARDS_UNDER_HEADING = 3


@dataclass(frozen=True)
class Page:
    """One page, before it is in any language.

    `is_live` pages show what is true at the moment of the build and say which moment that is; the others change only
    when somebody writes something. `feed` is the page whose feeds belong to it. `styles` are the style sheets that it
    needs besides that of all pages, one of `STYLES`. `changed_at` is when its text last changed, if that is known.
    `moved_to` is the page that an old address leads to; then it is in the site's first language alone.
    """

    address: str
    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    is_live: bool = False
    feed: str = ""
    styles: tuple[str, ...] = INNER
    source: Place | None = None
    changed_at: When | None = None
    moved_to: str | None = None


def assets(board: Board, renderer: Renderer) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """Yield what all pages share: their one script, how they look on paper, and their icon."""
    page_assets = Assets(board.site)
    yield File(page_assets.script_address, page_assets.script)
    yield File(page_assets.print_style_address, page_assets.print_style)
    yield File(addresses.icon(), page_assets.icon)


def service_pages(board: Board, renderer: Renderer) -> Iterator[File]:
    """Yield the page of each service in every language."""
    return _write_all(_service_pages(board), board, renderer)


def archive_pages(board: Board, renderer: Renderer) -> Iterator[File | Part]:
    """Yield the archive, its years and its months, in every language; those in which all is over are parts."""
    writer = _PageWriter(board, renderer)
    for page, of_page, also in _archive_pages(board):
        if page.is_live:
            yield from writer.write(page)
        else:
            incidents = tuple(incident.id for month in of_page for incident in month.incidents)
            yield Part(page.address, incidents, partial(writer.write, page), repr(also))


def files(board: Board, renderer: Renderer) -> Iterator[File]:
    """Yield every other page except those of incidents, in every language."""
    return _write_all(_site_pages(board), board, renderer)


def _write_all(pages: Iterable[Page], board: Board, renderer: Renderer) -> Iterator[File]:
    writer = _PageWriter(board, renderer)
    return (file for page in pages for file in writer.write(page))


def incident_writer(board: Board, renderer: Renderer) -> Callable[[IncidentStatus], Iterator[File]]:
    """Return the function that writes the page of an incident in every language."""
    writer = _PageWriter(board, renderer)
    return lambda incident: (
        file
        for page in (_incident_page(incident, board), *_moved_pages(incident.incident.was, incident.incident.title))
        for file in writer.write(page)
    )


def moved_pages(board: Board, renderer: Renderer) -> Iterator[File]:
    """Yield a page at each old address of a page that is no post, which leads to where it is now."""
    names = {addresses.service(service.id): service.name for service in board.site.services}
    pages = (page for old in board.site.was for page in _moved_pages([old], names.get(old.to, board.site.title)))
    return _write_all(pages, board, renderer)


class _PageWriter:
    """Writes pages in every language."""

    def __init__(self, board: Board, renderer: Renderer) -> None:
        self.board, self.renderer, self.assets = board, renderer, Assets(board.site)
        self.languages = [PagePhrasings(board, language) for language in board.site.languages]

    def write(self, page: Page) -> Iterator[File]:
        """Yield a page in each language; hosts know one page for what is not found, in the first."""
        is_single = page.address == addresses.NOT_FOUND or page.moved_to is not None
        for phrasings in self.languages[:1] if is_single else self.languages:
            yield _render_page(page, self.board, self.renderer, phrasings, self.assets)


class PagePhrasings:
    """The phrasings of all pages in one language: `live` pages say of which moment they are, the others do not."""

    def __init__(self, board: Board, language: str) -> None:
        self.live = Phrasing(board.site, language, marks=True, moment=board.moment)
        self.lasting = Phrasing(board.site, language, marks=True)


def _render_page(page: Page, board: Board, renderer: Renderer, phrasings: PagePhrasings, assets: "Assets") -> File:
    phrasing = phrasings.live if page.is_live else phrasings.lasting
    html = renderer.render(page.template, _template_values(page, board, phrasing, assets), phrasing.interface)
    path = addresses.in_language(addresses.file_path(page.address), phrasing.language, board.site)
    return File(path, _drop_unused_shapes(phrasing.finish_page(html)).encode(), page.source)


def _drop_unused_shapes(html: str) -> str:
    """Return a page without the shapes of statuses that it does not show."""
    return _SHAPE.sub(lambda shape: shape[0] if f'href="#{shape[1]}"' in html else "", html)


def all_pages(board: Board) -> Iterator[Page]:
    """Yield all pages, before they are in any language."""
    yield from _site_pages(board)
    yield from _service_pages(board)
    yield from (page for page, _, _ in _archive_pages(board))
    yield from (_incident_page(incident, board) for incident in board.incidents)


def _site_pages(board: Board) -> Iterator[Page]:
    yield Page(addresses.front(), "front.html", is_live=True, styles=FRONT)
    yield Page(addresses.planned_work(), "planned.html", {"done": _past_maintenance(board)}, is_live=True)
    yield Page(addresses.deadlines(), "deadlines.html", is_live=True)
    yield Page(addresses.statements(), "statements.html")
    changed = {change.service for change in board.recent_changes}
    yield Page(addresses.call_sheet(), "call-sheet.html", {"changed": changed}, is_live=True, styles=CALL_SHEET)
    yield Page(addresses.poster(), "poster.html", is_live=True, styles=POSTER)
    yield Page(addresses.subscribe(), "subscribe.html", is_live=True, styles=PICTURES)
    yield Page(addresses.about(), "about.html", {"statuses": [*reversed(Status)]})
    yield Page(addresses.NOT_FOUND, "404.html")


def _service_pages(board: Board) -> Iterator[Page]:
    return (_service_page(service, board) for service in board.services)


def _service_page(service: ServiceStatus, board: Board) -> Page:
    address = addresses.service(service.id)
    values = {"service": service, "incidents": board.incidents_by_service[service.id]}
    return Page(address, "service.html", values, True, address, SERVICE, service.service.place)


def _incident_page(incident: IncidentStatus, board: Board) -> Page:
    live = incident.phase is not Phase.PAST
    affected_ids = {effect.key[0] for effect in incident.effects}
    affected = [service for service in board.services if service.id in affected_ids]
    values = {
        "incident": incident,
        "updates": board.updates_by_incident[incident.id],
        # How they stand now matters only while it goes on.
        "affected_services": sorted(affected, key=lambda service: live and not service.is_unusual),
    }
    source = Place(incident.incident.place.file)
    address = addresses.incident(incident.id)
    feed = address if incident.has_feeds else ""
    return Page(address, "incident.html", values, live, feed, INCIDENT, source, incident.last_update.time)


def _moved_pages(was: Iterable[OldAddress], name: Words) -> Iterator[Page]:
    return (
        Page(old.address, "moved.html", {"name": name}, source=old.place, moved_to=old.to)
        for old in was
        if not old.is_feed
    )


def _past_maintenance(board: Board) -> list[IncidentStatus]:
    return [incident for incident in board.past_incidents if incident.incident.kind is Kind.MAINTENANCE]


def _archive_pages(board: Board) -> Iterator[tuple[Page, Sequence[history.Month], object]]:
    """Yield the archive: the newest year, the others, and their months; each with its months and what else it shows.

    Only those with something that is not over are live: it goes on until now, and how far it has come may change.
    """
    by_month = months(board)
    years = [(year, [*of_year]) for year, of_year in groupby(by_month, key=lambda month: month.year)]
    every_year = [year for year, _ in years]
    for address, year, of_year in [
        *((addresses.archive(), year, of_year) for year, of_year in years[:1] or [(None, [])]),
        *((addresses.archive(year), year, of_year) for year, of_year in years),
    ]:
        also = {
            "year": year,
            "years": every_year,
            "is_whole": address == addresses.archive(),
            "busy": history.busy_months(year, board) if year else (),
        }
        values = {"months": of_year, **also}
        yield Page(address, "archive.html", values, _goes_on(of_year), styles=PICTURES), of_year, also
    for month in by_month:
        address = addresses.archive(month.year, month.month)
        yield Page(address, "month.html", {"month": month}, _goes_on([month])), [month], ()


def _goes_on(months: Iterable[history.Month]) -> bool:
    return any(incident.phase is not Phase.PAST for month in months for incident in month.incidents)


class Style:
    """A stylesheet inside a page, and the digest by which a policy knows it."""

    def __init__(self, accent: str, *names: str) -> None:
        css = "".join((STATIC / name).read_text(encoding="utf-8") for name in names)
        css = re.sub(r"/\*.*?\*/|\n", "", css)
        dark = f"--accent:{darken(accent)};--link:{lighten(accent)};"
        light = f"--accent:{accent};--link:{accent};"
        # The theme's own colors begin the style: those of the light page, then those of the dark one.
        for start, colors in ((":root{", light), ("dark){:root{", dark)):
            css = css.replace(start, start + colors, 1)
        self.css = Safe(css)
        self.digest = base64.b64encode(hashlib.sha256(self.css.encode()).digest()).decode()

    @property
    def policy(self) -> str:
        """The policy of a page with this style."""
        return content_security_policy(self)


# Most outputs need the styles, and a city has one accent color.
_make_style = lru_cache(maxsize=2 * len(STYLES))(Style)


def content_security_policy(*styles: Style) -> str:
    """Return the policy (Content Security Policy, level 3) that allows only these styles and our one script."""
    known = " ".join(f"'sha256-{style.digest}'" for style in styles)
    return (
        f"default-src 'none'; style-src 'self' {known}; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'"
    )


class Assets:
    """What pages are made with besides their templates. The script's name changes with its content."""

    def __init__(self, site: Site) -> None:
        self.styles = {names: _make_style(site.accent, "style.css", *names) for names in STYLES}
        self.known_numbers = numbers_to_link(site)
        self.icon = (STATIC / "icon.svg").read_bytes()
        self.script = (STATIC / "script.js").read_bytes()
        self.script_address = f"script-{hashlib.sha256(self.script).hexdigest()[:12]}.js"
        # How a page looks on paper is a file of its own: most readers never print, and need not wait for it.
        self.print_style = (STATIC / "print.css").read_bytes()
        self.print_style_address = f"print-{hashlib.sha256(self.print_style).hexdigest()[:12]}.css"


class _PageLinks:
    """The links of one page in one language."""

    def __init__(self, page: Page, language: str, site: Site) -> None:
        self.language, self.site = language, site
        self.address = addresses.in_language(page.address, language, site)
        # A host sends 404.html for any address, so its links cannot be relative.
        self.is_anywhere = page.address == addresses.NOT_FOUND

    def to_file(self, address: str) -> str:
        """Return the link to a file that is the same in every language."""
        if self.is_anywhere:
            return addresses.absolute_url(address, self.site)
        return addresses.relative_link(address, self.address)

    def to_page(self, address: str) -> str:
        """Return the link to a page in this language."""
        return self.to_file(addresses.in_language(address, self.language, self.site))

    def page_url(self, address: str) -> str:
        """Return the full URL of a page in this language, to be copied."""
        return addresses.absolute_url(addresses.in_language(address, self.language, self.site), self.site)

    def resolve(self, markup: Markup) -> Safe:
        """Return a post's text with its links made relative to this page."""
        base = None if self.is_anywhere else self.address
        html = addresses.resolve_links(markup.html, base, self.language, self.site)
        return Safe(link_numbers(protect_phone_numbers(html, markup.language)))


def _template_values(page: Page, board: Board, phrasing: Phrasing, assets: Assets) -> dict[str, object]:
    """Return all that a template can use; docs/themes/templates.md documents the names."""
    site, language = board.site, phrasing.language
    links = _PageLinks(page, language, site)
    languages = () if links.is_anywhere else site.languages if page.moved_to is None else site.languages[:1]
    known_numbers = assets.known_numbers
    editions = [(code, addresses.in_language(page.address, code, site)) for code in languages]
    return {
        **page.values,
        "site": site,
        "board": board,
        "page": page,
        "language": language,
        "t": phrasing,
        "to": links.to_file,
        "link": links.to_page,
        "whole": links.page_url,
        "text": links.resolve,
        "tap": lambda words: Safe(link_numbers(escape(words), known_numbers)),
        "tap_emergency": lambda words: Safe(link_numbers(escape(words), find_short_numbers(words))),
        "addresses": addresses,
        "history": history,
        "charts": charts,
        "marks": marks,
        "editions": [(code, native_name(code), links.to_file(address)) for code, address in editions],
        "alternates": [(code, addresses.absolute_url(address, site)) for code, address in editions],
        "canonical": addresses.absolute_url(links.address if page.moved_to is None else page.moved_to, site),
        "code": lambda: _qr_code(links.page_url(addresses.front())),
        "style": assets.styles[page.styles],
        "script": assets.script_address,
        "print_style": assets.print_style_address,
        "icon": addresses.icon(),
        "feedback_address": lambda name: _feedback_address(name, links.page_url(page.address), phrasing),
        "linked_data": _linked_data(page, board, phrasing),
        "finder_index": _finder_index(page, board, phrasing, links),
        "groups": lambda services: _group_services(services, site),
        "cards": lambda services: _group_cards(services, site),
        "plain_first": FirstScreen(board, phrasing.as_plain_text),
        "poster": Poster(board, phrasing),
        "first": FirstScreen(board, phrasing, link_with(links.to_page)),
    }


def _feedback_address(name: Words, url: str, phrasing: Phrasing) -> str:
    """Return the link by which readers say that the page at `url` is wrong; a mail says which page (RFC 6068)."""
    contact, plain = phrasing.site.feedback, phrasing.as_plain_text
    if contact is None or contact.phone:
        return ""
    if contact.url:
        return contact.url.replace("{address}", quote(url, safe=""))
    subject = f"{plain.say(name)}, {plain.say(phrasing.site.title)}"
    filled = f"subject={quote(subject, safe='')}&body={quote(url, safe='')}"
    return f"mailto:{quote(contact.email or '', safe='@')}?{filled}"


def _linked_data(page: Page, board: Board, phrasing: Phrasing) -> Safe:
    if page.address == addresses.front():
        return linked_data.front_page(board, phrasing)
    service = page.values.get("service")
    if isinstance(service, ServiceStatus):
        return linked_data.service_page(service, board, phrasing)
    return Safe("")


def _finder_index(page: Page, board: Board, phrasing: Phrasing, links: _PageLinks) -> str:
    """Return the link from the front page to what its finder searches; empty if it has none."""
    index = finder.make_index(board, phrasing) if page.address == addresses.front() else None
    return links.to_file(index.path) if index else ""


def _group_services(services: Iterable[ServiceStatus], site: Site) -> list[tuple[Group | None, list[ServiceStatus]]]:
    """Return services under their groups, both in the order of services.yaml; those without a group come last."""
    services = list(services)
    grouped: list[tuple[Group | None, list[ServiceStatus]]] = [
        (group, [service for service in services if service.service.group == group.id]) for group in site.groups
    ]
    grouped.append((None, [service for service in services if service.service.group is None]))
    return [(group, members) for group, members in grouped if members]


def _group_cards(
    services: Iterable[ServiceStatus], site: Site
) -> Iterator[tuple[Group | None, Operator | None, list[ServiceStatus]]]:
    """Yield services in their order, those of a group under its heading if they are many enough to need one.

    An operator of all of them is told once, under the heading.
    """
    group_by_id = {group.id: group for group in site.groups}
    for id, members in groupby(services, key=lambda service: service.service.group):
        cards = [*members]
        group = group_by_id.get(id or "") if len(cards) >= MIN_CARDS_UNDER_HEADING else None
        operators = [each.service.operator for each in cards]
        is_same = group is not None and all(operator == operators[0] for operator in operators)
        yield group, operators[0] if is_same else None, cards


def _qr_code(url: str) -> Safe:
    """Return the QR code (ISO/IEC 18004) of a URL, as inline SVG; screen readers have the URL beside it."""
    import segno

    code = segno.make(url, micro=False, error="m")
    drawn = code.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
    return Safe(drawn.replace("<svg ", '<svg aria-hidden="true" ', 1))
