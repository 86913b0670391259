"""Badges: the status of the site or of a service, as a small image, and in the same words for others to draw.

The image is SVG with real text. The reader's fonts are unknown, so its width is estimated for a wide one, and
`textLength` (SVG 2, section 11.5) fits the words of any other font to it. The words for others follow the endpoint
schema of shields.io, version 1, which allows no other keys.
"""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from statusgen import addresses
from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.whole_board import Board
from statusgen.files import File
from statusgen.model.statuses import Status
from statusgen.theme.renderer import STATIC, Renderer
from statusgen.wording import short_forms
from statusgen.wording.phrasing import Phrasing

# The most characters of a name: a badge is part of a line of text.
MAX_NAME_LENGTH = 48
# Pixels from the badge's ends to the words; the shape is in front of them.
PADDING_BEFORE, PADDING_AFTER, FONT_SIZE = 36, 9, 13
# The colors of the pages' style; white on each of them, and each on white, has a contrast of at least 6:1.
GREEN, RED, BROWN, BLUE, GRAY = "#1a6b35", "#a4161a", "#7a4a00", "#33507a", "#4a5058"
# The color of each status, and its shape on 12 by 12 pixels, as on the pages.
STATUS_STYLES = {
    Status.NOT_SAID: (GRAY, "M0 4.5h12v3H0z"),
    Status.WORKING: (GREEN, "M6 0a6 6 0 1 0 0 12A6 6 0 1 0 6 0z"),
    Status.MAINTENANCE: (BLUE, "M1 1h10v10H1z"),
    Status.CATCHING_UP: (GREEN, "M0 3.6h6V0l6 6-6 6V8.4H0z"),
    Status.DIFFERENTLY: (BLUE, "M6 0l6 6-6 6-6-6z"),
    Status.DEGRADED: (BROWN, "M0 1h12L6 12z"),
    Status.UNKNOWN: (BROWN, "M6 0a6 6 0 1 0 0 12A6 6 0 1 0 6 0zm0 3a3 3 0 1 1 0 6a3 3 0 1 1 0-6z"),
    Status.LIMITED: (BROWN, "M6 0l6 11H0z"),
    Status.PARTLY_DOWN: (RED, "M0 12L12 0v12z"),
    Status.DOWN: (RED, "M2.4 0L6 3.6 9.6 0 12 2.4 8.4 6 12 9.6 9.6 12 6 8.4 2.4 12 0 9.6 3.6 6 0 2.4z"),
}
# What was said long ago is shown as past, even if it was bad.
UNCHECKED_STYLE = (GRAY, "M0 0h12v12H0zM2 2v8h8V2z")


@dataclass(frozen=True)
class Badge:
    """What a badge says: the status of `name`, which has the page `page`; `style` is its color and shape.

    `message` is that status in words, `visible_text` what is shown, and `title` what screen readers say.
    """

    page: str
    name: str
    message: str
    style: tuple[str, str]
    visible_text: str
    title: str


def files(board: Board, renderer: Renderer) -> Iterator[File]:
    """Yield the badges of the site and each service in every language, and the script for other pages of the city."""
    yield File(addresses.embed(), (STATIC / "embed.js").read_bytes())
    for language in board.site.languages:
        phrasing = Phrasing(board.site, language, plain=True)
        for badge in (_site_badge(board, phrasing), *(_service_badge(service, phrasing) for service in board.services)):
            page = addresses.in_language(badge.page, language, board.site)
            svg = renderer.render("badge.svg", _template_values(badge, phrasing), phrasing.interface)
            yield File(addresses.badge(page), svg.encode())
            yield File(addresses.badge_data(page), _shields_json(badge).encode())


def _site_badge(board: Board, phrasing: Phrasing) -> Badge:
    name, message = _badge_name(phrasing.say(board.site.title), phrasing), short_forms.badge_headline(board, phrasing)
    fresh = (service.status for service in board.disrupted_services if not service.stale)
    style = STATUS_STYLES[max(fresh, key=lambda status: status.severity, default=Status.NOT_SAID)]
    # An open incident is never green, even if it says that services work.
    if board.open_incidents and style[0] in (GREEN, GRAY):
        style = STATUS_STYLES[Status.UNKNOWN]
    return Badge(
        addresses.front(),
        name,
        message,
        style,
        _mark_demonstration(message, phrasing),
        phrasing.with_label(name, message),
    )


def _service_badge(service: ServiceStatus, phrasing: Phrasing) -> Badge:
    name, message = _badge_name(phrasing.say(service.service.name), phrasing), phrasing.short_standing(service.standing)
    words = phrasing.with_label(name, message)
    style = UNCHECKED_STYLE if service.stale else STATUS_STYLES[service.status]
    return Badge(addresses.service(service.id), name, message, style, words, words)


def _badge_name(name: str, phrasing: Phrasing) -> str:
    return _mark_demonstration(short_forms.shorten(name, MAX_NAME_LENGTH), phrasing)


def _mark_demonstration(words: str, phrasing: Phrasing) -> str:
    """Return the words, marked if this is a demonstration: a badge is seen far from the page that says so."""
    return f"{phrasing.interface.gettext('Demonstration.')} {words}" if phrasing.site.demonstration else words


def _template_values(badge: Badge, phrasing: Phrasing) -> dict[str, object]:
    color, shape = badge.style
    length = round(text_width(badge.visible_text) * FONT_SIZE)
    return {
        "id": f"badge-{badge.page.strip('/').rpartition('/')[2]}".rstrip("-"),
        "language": phrasing.language,
        "direction": phrasing.interface.direction,
        "title": badge.title,
        "words": badge.visible_text,
        "color": color,
        "shape": shape,
        "length": length,
        "width": PADDING_BEFORE + length + PADDING_AFTER,
    }


def _shields_json(badge: Badge) -> str:
    color, _ = badge.style
    document = {"schemaVersion": 1, "label": badge.name, "message": badge.message, "color": color}
    return json.dumps(document, ensure_ascii=False) + "\n"


def text_width(text: str) -> float:
    """Return about how wide a text is in a wide sans serif font such as Verdana, in em."""
    return sum(map(_letter_width, unicodedata.normalize("NFC", text)))


def _letter_width(letter: str) -> float:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1
    bare = unicodedata.normalize("NFD", letter)[0]
    for letters, width in (("fijltrI.,:;'|!/ ()[]-", 0.36), ("mwMW@%…", 0.95)):
        if bare in letters:
            return width
    if unicodedata.bidirectional(letter) == "AL":
        return 0.5
    return 0.7 if bare.isupper() else 0.61
