"""Badges: how the site or a service stands, as a small picture, and as the same words for others to draw.

The picture is SVG with real text. Nobody knows the reader's fonts, so its width is estimated for a wide one, and
`textLength` (SVG 2, section 11.5) fits the words of any other to it. The words for others follow the endpoint schema
of shields.io, version 1; it allows no keys but its own.
"""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from statusgen import addresses
from statusgen.files import File
from statusgen.languages import short
from statusgen.languages.speech import Speech
from statusgen.model import Status
from statusgen.status.standing import Board, ServiceStanding
from statusgen.theme.look import STATIC, Look

# Characters of a name: a badge stands in a line of text.
LONGEST_NAME = 48
# Pixels from the badge's ends to the words: the shape stands before them.
BEFORE, AFTER, FONT_SIZE = 36, 9, 13
# The colours of the pages' style; white on each of them, and each on white, has a contrast of 6 to 1 or more.
GOOD, BAD, MIDDLE, CALM = "#1a6b35", "#a4161a", "#7a4a00", "#33507a"
# For each status its colour, and its shape on 12 by 12 pixels: those of the pages.
LOOKS = {
    Status.WORKING: (GOOD, "M6 0a6 6 0 1 0 0 12A6 6 0 1 0 6 0z"),
    Status.MAINTENANCE: (CALM, "M1 1h10v10H1z"),
    Status.CATCHING_UP: (GOOD, "M0 3.6h6V0l6 6-6 6V8.4H0z"),
    Status.DIFFERENTLY: (CALM, "M6 0l6 6-6 6-6-6z"),
    Status.DEGRADED: (MIDDLE, "M0 1h12L6 12z"),
    Status.UNKNOWN: (MIDDLE, "M6 0a6 6 0 1 0 0 12A6 6 0 1 0 6 0zm0 3a3 3 0 1 1 0 6a3 3 0 1 1 0-6z"),
    Status.LIMITED: (MIDDLE, "M6 0l6 11H0z"),
    Status.DOWN: (BAD, "M2.4 0L6 3.6 9.6 0 12 2.4 8.4 6 12 9.6 9.6 12 6 8.4 2.4 12 0 9.6 3.6 6 0 2.4z"),
}


@dataclass(frozen=True)
class Badge:
    """What a badge says: of the page `of`, how `name` stands. `words` are what is seen, `title` what is heard."""

    of: str
    name: str
    message: str
    status: Status
    words: str
    title: str


def files(board: Board, look: Look) -> Iterator[File]:
    """The badges of the site and of each service in every language, and the script for other pages of the city."""
    yield File(addresses.embed(), (STATIC / "embed.js").read_bytes())
    for language in board.site.languages:
        speech = Speech(board.site, language, plain=True)
        look.speak(speech.interface)
        for badge in (_of_site(board, speech), *(_of_service(standing, speech) for standing in board.services)):
            page = addresses.in_language(badge.of, language, board.site)
            yield File(addresses.badge(page), look.render("badge.svg", _context(badge, speech)).encode())
            yield File(addresses.badge_data(page), _for_shields(badge).encode())


def _of_site(board: Board, speech: Speech) -> Badge:
    name, message = _name(speech.say(board.site.title), speech), short.headline(board, speech)
    status = next((standing.status for standing in board.unusual), Status.WORKING)
    return Badge(addresses.front(), name, message, status, _marked(message, speech), f"{name}: {message}")


def _of_service(standing: ServiceStanding, speech: Speech) -> Badge:
    name, message = _name(speech.say(standing.service.name), speech), speech.status(standing.status)
    words = f"{name}: {message}"
    return Badge(addresses.service(standing.id), name, message, standing.status, words, words)


def _name(name: str, speech: Speech) -> str:
    return _marked(short.shortened(name, LONGEST_NAME), speech)


def _marked(words: str, speech: Speech) -> str:
    """The words; on a demonstration they say so first, for a badge is seen far from the page that does."""
    return f"{speech.interface.gettext('Demonstration.')} {words}" if speech.site.demonstration else words


def _context(badge: Badge, speech: Speech) -> dict[str, object]:
    colour, shape = LOOKS[badge.status]
    length = round(width(badge.words) * FONT_SIZE)
    return {
        "id": f"badge-{badge.of.strip('/').rpartition('/')[2]}".rstrip("-"),
        "language": speech.language,
        "direction": speech.interface.direction,
        "title": badge.title,
        "words": badge.words,
        "colour": colour,
        "shape": shape,
        "length": length,
        "width": BEFORE + length + AFTER,
    }


def _for_shields(badge: Badge) -> str:
    colour, _ = LOOKS[badge.status]
    document = {"schemaVersion": 1, "label": badge.name, "message": badge.message, "color": colour}
    return json.dumps(document, ensure_ascii=False) + "\n"


def width(text: str) -> float:
    """About how wide a text is in a wide sans serif font such as Verdana, in em."""
    return sum(map(_width, unicodedata.normalize("NFC", text)))


def _width(letter: str) -> float:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1
    bare = unicodedata.normalize("NFD", letter)[0]
    for letters, wide in (("fijltrI.,:;'|!/ ()[]-", 0.36), ("mwMW@%…", 0.95)):
        if bare in letters:
            return wide
    if unicodedata.bidirectional(letter) == "AL":
        return 0.5
    return 0.7 if bare.isupper() else 0.61
