"""The pages that people read, in every language of the site."""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup as Safe

from statusgen import addresses
from statusgen.errors import Place
from statusgen.files import File
from statusgen.history import Month, months
from statusgen.languages.interface import own_name
from statusgen.languages.speech import Speech
from statusgen.model import Group, Kind, Markup, Site
from statusgen.status.standing import Board, IncidentStanding, Phase, ServiceStanding
from statusgen.theme.look import STATIC, Look


@dataclass(frozen=True)
class Page:
    """One page, before it is in any language.

    `live` pages show what is true at the moment of the build and say which moment that is; the others change
    only when somebody writes something. `feed` is the page whose feeds belong to it.
    """

    address: str
    template: str
    values: dict[str, Any] = field(default_factory=dict)
    live: bool = False
    feed: str = ""
    source: Place | None = None


def files(board: Board, look: Look) -> Iterator[File]:
    """Every page in every language."""
    style = Style(board.site)
    for language in board.site.languages:
        speech = Speech(board.site, language)
        look.speak(speech.interface)
        for page in _pages(board):
            if page.address == addresses.NOT_FOUND and language != board.site.languages[0]:
                continue
            html = look.render(page.template, _context(page, board, speech, style))
            path = addresses.in_language(addresses.file(page.address), language, board.site)
            yield File(path, html.encode(), page.source)


def _pages(board: Board) -> Iterator[Page]:
    by_month = months(board)
    yield Page(addresses.front(), "front.html", live=True)
    for service in board.services:
        address = addresses.service(service.id)
        related = [i for i in board.incidents if any(hold.cell[0] == service.id for hold in i.holds)]
        values = {"service": service, "related": related}
        yield Page(address, "service.html", values, live=True, feed=address, source=service.service.place)
    for standing in board.incidents:
        address = addresses.incident(standing.id)
        values = {"standing": standing, "posts": _posts(board, standing)}
        live = standing.phase is not Phase.PAST
        yield Page(address, "incident.html", values, live, source=Place(standing.incident.place.file))
    yield Page(addresses.planned(), "planned.html", {"done": _done(board)}, live=True)
    yield Page(addresses.deadlines(), "deadlines.html", live=True)
    yield from _archive(by_month)
    yield Page(addresses.NOT_FOUND, "404.html")


def _posts(board: Board, standing: IncidentStanding) -> list[Any]:
    return [post for post in board.posts if post.incident is standing.incident]


def _done(board: Board) -> list[IncidentStanding]:
    return [standing for standing in board.past if standing.incident.kind is Kind.MAINTENANCE]


def _archive(by_month: tuple[Month, ...]) -> Iterator[Page]:
    yield Page(addresses.archive(), "archive.html", {"months": by_month, "year": None})
    for year in sorted({month.year for month in by_month}, reverse=True):
        values = {"months": [month for month in by_month if month.year == year], "year": year}
        yield Page(addresses.archive(year), "archive.html", values)
    for month in by_month:
        yield Page(addresses.archive(month.year, month.month), "month.html", {"month": month})


class Style:
    """The stylesheet that stands in every page, and the policy that allows it and nothing else."""

    def __init__(self, site: Site) -> None:
        css = (STATIC / "style.css").read_text(encoding="utf-8")
        self.css = Safe(f":root{{--accent:{site.accent}}}\n{css}")
        digest = base64.b64encode(hashlib.sha256(str(self.css).encode()).digest()).decode()
        self.policy = (
            f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self'; base-uri 'none'; form-action 'none'"
        )


def _context(page: Page, board: Board, speech: Speech, style: Style) -> dict[str, Any]:
    site, language = board.site, speech.language
    here = addresses.in_language(page.address, language, site)

    def to(address: str) -> str:
        """The link to a file that is the same in every language."""
        return (
            addresses.absolute(address, site)
            if page.address == addresses.NOT_FOUND
            else addresses.relative(address, here)
        )

    def link(address: str) -> str:
        """The link to a page in this language."""
        return to(addresses.in_language(address, language, site))

    def text(markup: Markup) -> Safe:
        """A post's text, with its links made relative to this page."""
        whole = None if page.address == addresses.NOT_FOUND else here
        return Safe(addresses.resolve(markup.html, whole, language, site))

    editions = [
        (code, own_name(code), to(addresses.in_language(page.address, code, site)))
        for code in (site.languages if page.address != addresses.NOT_FOUND else ())
    ]
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
        "editions": editions,
        "canonical": addresses.absolute(here, site),
        "alternates": [
            (code, addresses.absolute(addresses.in_language(page.address, code, site), site)) for code, _, _ in editions
        ],
        "style": style,
        "groups": lambda standings: _grouped(standings, site),
    }


def _grouped(standings: Iterable[ServiceStanding], site: Site) -> list[tuple[Group | None, list[ServiceStanding]]]:
    """Services under their groups, both in the order of services.yaml; those without a group come last."""
    standings = list(standings)
    grouped: list[tuple[Group | None, list[ServiceStanding]]] = [
        (group, [standing for standing in standings if standing.service.group == group.id]) for group in site.groups
    ]
    grouped.append((None, [standing for standing in standings if standing.service.group is None]))
    return [(group, members) for group, members in grouped if members]
