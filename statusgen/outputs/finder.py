"""What the finder of the front page searches: the words of each service, in a file of its own for each language.

A browser loads it when a reader first goes to the field, so that the page itself stays small. It is a script, for a
page that was opened from a folder can load no other data. All it does is to put one value where `script.js` looks.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator

from statusgen import addresses
from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.whole_board import Board
from statusgen.files import File
from statusgen.model.words import LocalText, Words
from statusgen.theme import marks
from statusgen.theme.renderer import Renderer
from statusgen.wording.phrasing import Phrasing
from statusgen.wording.stop_words import STOP_WORDS

# So many services are seen at a glance.
MAX_WITHOUT_FINDER = 5


def files(board: Board, renderer: Renderer) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """Yield the index in each language, unless there are so few services that nobody has to look for one."""
    for language in board.site.languages:
        if file := make_index(board, Phrasing(board.site, language, plain=True)):
            yield file


def make_index(board: Board, phrasing: Phrasing) -> File | None:
    """Return the index in one language; None if the front page has no finder."""
    if len(board.services) <= MAX_WITHOUT_FINDER:
        return None
    index = {
        "stop": " ".join(STOP_WORDS.get(phrasing.language, "").split()),
        "services": [_service_entry(service, board, phrasing.as_plain_text) for service in board.services],
    }
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    content = f"{marks.FINDER_INDEX_START}{text}{marks.FINDER_INDEX_END}".encode()
    digest = hashlib.sha256(content).hexdigest()[:12]
    return File(addresses.finder_index(phrasing.language, digest), content)


def _service_entry(service: ServiceStatus, board: Board, phrasing: Phrasing) -> dict[str, object]:
    """Return the words of a service, by how much they say of what it is, and the answer to show with it."""
    fields = {
        "name": [phrasing.local_text(service.service.name).text],
        "keywords": _local_texts([service.service.keywords], phrasing),
        "ways": list(_words_of_ways(service, phrasing)),
        "about": list(_words_about(service, board, phrasing)),
        "elsewhere": list(_words_in_other_languages(service, phrasing.language)),
        "advice": list(_words_of_advice(service, phrasing)),
    }
    answer = _shortest_answer(service, phrasing)
    entry: dict[str, object] = {name: " ".join(texts) for name, texts in fields.items() if texts}
    if answer:
        entry["answer"] = answer.text
        if answer.language != phrasing.language:
            entry["language"] = answer.language
    return {"id": marks.service_element_id(service.id), **entry}


def _local_texts(words: Iterable[Words | None], phrasing: Phrasing) -> list[str]:
    return [phrasing.local_text(each).text for each in words if each]


def _words_of_ways(service: ServiceStatus, phrasing: Phrasing) -> Iterator[str]:
    """Yield the kinds of the ways to use it, their names, and where they are."""
    for way in service.channels:
        yield from dict.fromkeys((phrasing.channel_kind(way.channel.kind), phrasing.channel(way.channel)))
        yield from _local_texts([way.channel.address], phrasing)
        yield phrasing.payment_methods(way.channel)


def _words_about(service: ServiceStatus, board: Board, phrasing: Phrasing) -> Iterator[str]:
    """Yield its group, who runs it, and what it is."""
    groups = [group.name for group in board.site.groups if group.id == service.service.group]
    operators = [service.service.operator.name] if service.service.operator else []
    yield from _local_texts([*groups, *operators, service.service.summary], phrasing)


def _words_in_other_languages(service: ServiceStatus, language: str) -> Iterator[str]:
    """Yield its name and keywords in the site's other languages: people may know a word only in one of those."""
    for words in filter(None, (service.service.name, service.service.keywords)):
        shown = words.in_language(language).text
        yield from (text for known, text in words.texts if known != language and text != shown)


def _words_of_advice(service: ServiceStatus, phrasing: Phrasing) -> Iterator[str]:
    """Yield what to do, where to go, and what is waived for now."""
    for workaround in service.workarounds:
        yield from _local_texts([advice.words for advice in (workaround.do, workaround.where) if advice], phrasing)
    yield from _local_texts([waiver.waiver.what for waiver in service.waivers], phrasing)


def _shortest_answer(service: ServiceStatus, phrasing: Phrasing) -> LocalText | None:
    """Return what to do about a service in one line: the advice for all of it, else the first way that works."""
    for workaround in service.workarounds:
        advice = workaround.do or workaround.where
        if advice and workaround.channel is None:
            return LocalText(phrasing.advice(advice, service), phrasing.local_text(advice.words).language)
    for way in service.usable_channels if service.is_unusual else ():
        name = way.channel.name
        language = phrasing.local_text(name).language if name else phrasing.language
        details = [detail.words for detail in phrasing.details(way.channel) if detail.key in ("address", "phone")]
        return LocalText(phrasing.interface.gettext(", ").join([phrasing.channel(way.channel), *details[:1]]), language)
    return None
