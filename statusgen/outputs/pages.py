"""The pages that people read, in every language of the site."""

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from markupsafe import Markup as Safe

from statusgen import addresses, history
from statusgen.errors import Place
from statusgen.files import File
from statusgen.history import months
from statusgen.languages.interface import keep_phones, own_name
from statusgen.languages.speech import Speech
from statusgen.model import Group, Kind, Markup, Site, Status, When
from statusgen.outputs import linked_data
from statusgen.status.standing import Board, IncidentStanding, Phase, ServiceStanding
from statusgen.theme import drawing
from statusgen.theme.look import STATIC, Look


@dataclass(frozen=True)
class Page:
    """One page, before it is in any language.

    `live` pages show what is true at the moment of the build and say which moment that is; the others change
    only when somebody writes something. `feed` is the page whose feeds belong to it. `pictures` are drawn on it.
    `changed` is when its words last did, where somebody wrote down when.
    """

    address: str
    template: str
    values: dict[str, Any] = field(default_factory=dict)
    live: bool = False
    feed: str = ""
    pictures: bool = False
    source: Place | None = None
    changed: When | None = None


def assets(board: Board, look: Look) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """The one script that all pages may use, and their icon."""
    made = Assets(board.site)
    yield File(made.script_address, made.script)
    yield File(addresses.icon(), made.icon)


def of_services(board: Board, look: Look) -> Iterator[File]:
    """The page of each service in every language."""
    return _in_every_language(board, look, partial(_of_services, board))


def of_archive(board: Board, look: Look) -> Iterator[File]:
    """The archive, its years and its months, in every language."""
    return _in_every_language(board, look, partial(_of_archive, board))


def files(board: Board, look: Look) -> Iterator[File]:
    """Every other page but those of incidents, in every language."""
    return _in_every_language(board, look, partial(_of_site, board))


def _in_every_language(board: Board, look: Look, pages: Callable[[], Iterable[Page]]) -> Iterator[File]:
    assets = Assets(board.site)
    for language in board.site.languages:
        speech = Speech(board.site, language)
        look.speak(speech.interface)
        for page in pages():
            if page.address != addresses.NOT_FOUND or language == board.site.languages[0]:
                yield _written(page, board, look, speech, assets)


def of_incident(board: Board, look: Look) -> Callable[[IncidentStanding], Iterator[File]]:
    """What writes the page of an incident in every language."""
    assets = Assets(board.site)
    speeches = [Speech(board.site, language) for language in board.site.languages]

    def files(standing: IncidentStanding) -> Iterator[File]:
        page = _incident(standing, board)
        for speech in speeches:
            look.speak(speech.interface)
            yield _written(page, board, look, speech, assets)

    return files


def _written(page: Page, board: Board, look: Look, speech: Speech, assets: "Assets") -> File:
    html = look.render(page.template, _context(page, board, speech, assets))
    path = addresses.in_language(addresses.file(page.address), speech.language, board.site)
    return File(path, html.encode(), page.source)


def every_page(board: Board) -> Iterator[Page]:
    """All pages, before they are in any language."""
    yield from _of_site(board)
    yield from _of_services(board)
    yield from _of_archive(board)
    yield from (_incident(standing, board) for standing in board.incidents)


def _of_site(board: Board) -> Iterator[Page]:
    yield Page(addresses.front(), "front.html", live=True)
    yield Page(addresses.planned(), "planned.html", {"done": _done(board)}, live=True)
    yield Page(addresses.deadlines(), "deadlines.html", live=True)
    yield Page(addresses.statements(), "statements.html")
    changed = {change.service for change in board.changed}
    yield Page(addresses.call_sheet(), "call-sheet.html", {"changed": changed}, live=True)
    yield Page(addresses.poster(), "poster.html", live=True)
    yield Page(addresses.subscribe(), "subscribe.html", live=True, pictures=True)
    yield Page(addresses.about(), "about.html", {"statuses": list(Status)})
    yield Page(addresses.NOT_FOUND, "404.html")


def _of_services(board: Board) -> Iterator[Page]:
    return (_service(service, board) for service in board.services)


def _service(service: ServiceStanding, board: Board) -> Page:
    address = addresses.service(service.id)
    values = {"service": service, "related": board.held_back_by[service.id]}
    return Page(address, "service.html", values, True, address, True, service.service.place)


def _incident(standing: IncidentStanding, board: Board) -> Page:
    held = {hold.cell[0] for hold in standing.holds}
    values = {
        "standing": standing,
        "posts": board.posts_of[standing.id],
        "held": [service for service in board.services if service.id in held],
    }
    source = Place(standing.incident.place.file)
    live = standing.phase is not Phase.PAST
    address = addresses.incident(standing.id)
    return Page(address, "incident.html", values, live, address, True, source, standing.last.time)


def _done(board: Board) -> list[IncidentStanding]:
    return [standing for standing in board.past if standing.incident.kind is Kind.MAINTENANCE]


def _of_archive(board: Board) -> Iterator[Page]:
    by_month = months(board)
    yield Page(addresses.archive(), "archive.html", {"months": by_month, "year": None})
    for year in sorted({month.year for month in by_month}, reverse=True):
        values = {"months": [month for month in by_month if month.year == year], "year": year}
        yield Page(addresses.archive(year), "archive.html", values)
    for month in by_month:
        yield Page(addresses.archive(month.year, month.month), "month.html", {"month": month})


class Style:
    """A stylesheet that stands in a page, and the name by which a policy knows it."""

    def __init__(self, site: Site, *names: str) -> None:
        css = "".join((STATIC / name).read_text(encoding="utf-8") for name in names)
        self.css = Safe(f":root{{--accent:{site.accent}}}\n{css}")
        self.digest = base64.b64encode(hashlib.sha256(self.css.encode()).digest()).decode()

    @property
    def policy(self) -> str:
        """The policy of a page with this style."""
        return policy(self)


def policy(*styles: Style) -> str:
    """The policy (Content Security Policy, level 3) that allows these styles, our one script, and nothing else."""
    known = " ".join(f"'sha256-{style.digest}'" for style in styles)
    return (
        f"default-src 'none'; style-src {known}; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'"
    )


class Assets:
    """What pages are made with besides their templates. The script's name changes with its content."""

    def __init__(self, site: Site) -> None:
        self.plain = Style(site, "style.css")
        self.with_pictures = Style(site, "style.css", "pictures.css")
        self.icon = (STATIC / "icon.svg").read_bytes()
        self.script = (STATIC / "script.js").read_bytes()
        self.script_address = f"script-{hashlib.sha256(self.script).hexdigest()[:12]}.js"


def _context(page: Page, board: Board, speech: Speech, assets: Assets) -> dict[str, Any]:
    site, language = board.site, speech.language
    here = addresses.in_language(page.address, language, site)
    # A host sends 404.html for any address, so its links cannot be relative.
    anywhere = page.address == addresses.NOT_FOUND

    def to(address: str) -> str:
        """The link to a file that is the same in every language."""
        return addresses.absolute(address, site) if anywhere else addresses.relative(address, here)

    def link(address: str) -> str:
        """The link to a page in this language."""
        return to(addresses.in_language(address, language, site))

    def whole(address: str) -> str:
        """The whole URL of a page in this language, to be copied."""
        return addresses.absolute(addresses.in_language(address, language, site), site)

    def text(markup: Markup) -> Safe:
        """A post's text, with its links made relative to this page."""
        html = addresses.resolve(markup.html, None if anywhere else here, language, site)
        return Safe(keep_phones(html, markup.language))

    editions = [] if anywhere else [(code, addresses.in_language(page.address, code, site)) for code in site.languages]
    return {
        **page.values,
        "site": site,
        "board": board,
        "page": page,
        "language": language,
        "t": speech,
        "to": to,
        "link": link,
        "text": text,
        "addresses": addresses,
        "history": history,
        "drawing": drawing,
        "editions": [(code, own_name(code), to(address)) for code, address in editions],
        "alternates": [(code, addresses.absolute(address, site)) for code, address in editions],
        "canonical": addresses.absolute(here, site),
        "whole": whole,
        "code": lambda: _code(whole(addresses.front())),
        "style": assets.with_pictures if page.pictures else assets.plain,
        "script": assets.script_address,
        "icon": addresses.icon(),
        "linked_data": _linked_data(page, board, speech),
        "groups": lambda standings: _grouped(standings, site),
    }


def _linked_data(page: Page, board: Board, speech: Speech) -> Safe:
    if page.address == addresses.front():
        return linked_data.front_page(board, speech)
    if "service" in page.values:
        return linked_data.service_page(page.values["service"], board, speech)
    return Safe("")


def _grouped(standings: Iterable[ServiceStanding], site: Site) -> list[tuple[Group | None, list[ServiceStanding]]]:
    """Services under their groups, both in the order of services.yaml; those without a group come last."""
    standings = list(standings)
    grouped: list[tuple[Group | None, list[ServiceStanding]]] = [
        (group, [standing for standing in standings if standing.service.group == group.id]) for group in site.groups
    ]
    grouped.append((None, [standing for standing in standings if standing.service.group is None]))
    return [(group, members) for group, members in grouped if members]


def _code(url: str) -> Safe:
    """A QR code (ISO/IEC 18004) of an address, as inline SVG."""
    import segno

    return Safe(
        segno.make(url, micro=False, error="m").svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
    )
