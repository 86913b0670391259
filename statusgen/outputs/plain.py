"""The front page as plain text, for a terminal, a phone line, or a phone on a slow network."""

from collections.abc import Iterator

from statusgen import addresses
from statusgen.files import File
from statusgen.languages.interface import keep_phones
from statusgen.languages.speech import Speech
from statusgen.model import Status
from statusgen.status.standing import Board, ServiceStanding
from statusgen.theme.look import Look


def files(board: Board, look: Look) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """`status.txt` in every language, in UTF-8."""
    for language in board.site.languages:
        address = addresses.in_language(addresses.plain(), language, board.site)
        yield File(address, as_text(board, language).encode())


def as_text(board: Board, language: str) -> str:
    """What does not work and what to do, then what works, then dates, planned work and whom to call."""
    speech = Speech(board.site, language, plain=True)
    parts = [
        _head(board, speech),
        [f"{speech.kind_of(notice.incident)}: {speech.say(notice.incident.title)}" for notice in board.notices],
        *(_service(standing, speech) for standing in board.unusual),
        [line for standing in board.services if standing.usual for line in _usual(standing, speech)],
        [f"{speech.time(action.on)}: {speech.action(action)}" for action in board.actions],
        [
            f"{speech.kind(work.incident.kind)}: {speech.say(work.incident.title)}. {speech.window(work.window)}"
            for work in board.planned
            if work.window
        ],
        [f"{speech.say(contact.name)}: {contact.phone}" for contact in board.site.contacts if contact.phone],
        [addresses.absolute(addresses.in_language(addresses.front(), language, board.site), board.site)],
    ]
    return keep_phones("\n\n".join("\n".join(lines) for lines in parts if lines) + "\n", language)


def _head(board: Board, speech: Speech) -> list[str]:
    said = [speech.say(board.site.title), speech.say(board.site.demonstration), speech.say(board.site.emergency)]
    promise = board.headline.promise
    return [
        *(line for line in said if line),
        speech.join(speech.headline(board)),
        *([speech.promise(promise)] if promise else []),
        f"({speech.time_of(board.moment)})",
    ]


def _usual(standing: ServiceStanding, speech: Speech) -> Iterator[str]:
    yield f"{speech.say(standing.service.name)}: {speech.status(standing.status)}"
    for waiver in standing.waivers:
        yield f"  {speech.waiver(waiver.waiver)}"


def _service(standing: ServiceStanding, speech: Speech) -> list[str]:
    return [speech.say(standing.service.name), *(f"  {line}" for line in _facts(standing, speech))]


def _facts(standing: ServiceStanding, speech: Speech) -> Iterator[str]:
    _ = speech.interface.gettext
    yield speech.say_this(standing)
    for way in standing.open_channels:
        details = [
            way.channel.phone or "",
            way.channel.url or "",
            speech.say(way.channel.address),
            speech.say(way.channel.hours),
            speech.accepts(way.channel) if way.channel.accepts else "",
        ]
        name = speech.channel(way.channel)
        named = name if way.status is Status.WORKING else f"{name} ({speech.status(way.status)})"
        yield "+ " + ", ".join([named, *filter(None, details)])
    for way in (*standing.shut_channels, *standing.automatic_channels):
        here = [advice for advice in standing.advice if advice.channel == way.channel.id]
        told = [speech.whole(words) for advice in here for words in (advice.do, advice.where) if words]
        sign = "+" if way.status.open else "-"
        said = f"{speech.channel(way.channel)}: {speech.status(way.status)}."
        yield speech.join([sign, said, *told])
    if standing.service.operator and standing.service.operator.phone:
        yield f"{_('Run by')}: {speech.say(standing.service.operator.name)}, {standing.service.operator.phone}"
