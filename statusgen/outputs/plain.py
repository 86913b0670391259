"""Plain text: the front page for a slow phone or for whoever reads it to a caller, and messages of 360 characters.

Lines are not wrapped: a fact is a line, and phones, terminals and screen readers break it where it suits them.
"""

from collections.abc import Iterator

from statusgen import addresses
from statusgen.files import File
from statusgen.languages import short
from statusgen.languages.interface import keep_phones
from statusgen.languages.speech import Speech
from statusgen.model import Status
from statusgen.status.standing import Board, ServiceStanding
from statusgen.theme.look import Look

# How many updates are named; the page has the others.
UPDATES = 5


def files(board: Board, look: Look) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """`status.txt` and `sms.txt` in every language, and an `sms.txt` for all that is open, in UTF-8."""
    site = board.site
    for language in site.languages:
        speech = Speech(site, language, plain=True)
        texts = {
            addresses.plain(): as_text(board, language),
            addresses.short_text(): short.site_message(board, speech),
        }
        for standing in (*board.open, *board.notices):
            address = addresses.short_text(addresses.incident(standing.id))
            texts[address] = short.incident_message(standing, board, speech)
        for address, text in texts.items():
            yield File(addresses.in_language(address, language, site), text.encode())


def as_text(board: Board, language: str) -> str:
    """What does not work and what to do, what changed, what works, then dates, planned work and whom to call."""
    speech = Speech(board.site, language, plain=True)
    parts = [_head(board, speech), *_now(board, speech), *_then(board, speech)]
    lines = "\n\n".join("\n".join(map(_line, part)) for part in parts)
    return keep_phones(lines + "\n", language)


def _line(text: str) -> str:
    """One line that stays one, indented as it was."""
    return " " * (len(text) - len(text.lstrip(" "))) + short.one_line(text)


def _head(board: Board, speech: Speech) -> list[str]:
    _, site, promise = speech.interface.gettext, board.site, board.headline.promise
    front = addresses.absolute(addresses.in_language(addresses.front(), speech.language, site), site)
    made = speech.sentence("%(words)s.", words=speech.sentence(_("As of %(time)s"), time=speech.time_of(board.moment)))
    if not site.demonstration:
        by = speech.sentence(_("Published by %(publisher)s."), publisher=speech.phrase(site.publisher))
        made = speech.join([made, by])
    return [
        *filter(None, map(speech.say, (site.title, site.demonstration, site.emergency))),
        *filter(None, [speech.left_out()]),
        speech.join(speech.headline(board)),
        *([speech.promise(promise)] if promise else []),
        made,
        speech.sentence(_("The same with more on it: %(address)s"), address=front),
    ]


def _now(board: Board, speech: Speech) -> Iterator[list[str]]:
    """How things stand: notices, the services that do not work as usual, what changed, and the other services."""
    _ = speech.interface.gettext
    notices = [
        speech.headed(speech.kind_of(notice.incident), speech.whole(notice.incident.title)) for notice in board.notices
    ]
    yield from _section(_("Notices"), notices)
    if board.unusual:
        yield [f"{_('Not working as usual')}:"]
    yield from (_service(standing, board, speech) for standing in board.unusual)
    changes = [speech.headed(speech.time(change.published), speech.change(change, board)) for change in board.changed]
    yield from _section(_("In the last 24 hours"), changes)
    usual = [line for standing in board.services if standing.usual for line in _usual(standing, speech)]
    yield from _section(_("Still working"), usual)


def _then(board: Board, speech: Speech) -> Iterator[list[str]]:
    """What was said, dates to act on, planned work, and whom to call."""
    _ = speech.interface.gettext
    posts = [
        speech.headed(speech.time(post.update.time), speech.post_title(post, board)) for post in board.posts[:UPDATES]
    ]
    yield from _section(_("Updates"), posts)
    actions = [speech.headed(speech.time(action.on), speech.action(action)) for action in board.actions]
    yield from _section(_("Dates to act on"), actions)
    planned = [
        f"{speech.whole(work.incident.title)} {speech.window(work.window)}" for work in board.planned if work.window
    ]
    yield from _section(_("Planned work"), planned)
    contacts = [
        ", ".join(filter(None, (speech.headed(speech.say(contact.name), contact.phone), speech.say(contact.hours))))
        for contact in board.site.contacts
        if contact.phone
    ]
    yield from _section(_("Contact"), contacts)


def _section(heading: str, lines: list[str]) -> Iterator[list[str]]:
    if lines:
        yield [f"{heading}:", *lines]


def _usual(standing: ServiceStanding, speech: Speech) -> Iterator[str]:
    yield speech.headed(speech.say(standing.service.name), speech.status(standing.status))
    for waiver in standing.waivers:
        yield f"  {speech.waiver(waiver.waiver)}"


def _service(standing: ServiceStanding, board: Board, speech: Speech) -> list[str]:
    lines = [*speech.sayings(standing), *_ways(standing, speech)]
    if standing.promise and standing.promise != board.headline.promise:
        lines.append(speech.promise(standing.promise))
    return [speech.say(standing.service.name), *(f"  {line}" for line in lines)]


def _ways(standing: ServiceStanding, speech: Speech) -> Iterator[str]:
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
        said = speech.headed(speech.channel(way.channel), f"{speech.status(way.status)}.")
        yield speech.join([sign, said, *told])
    if standing.service.operator and standing.service.operator.phone:
        run_by = speech.interface.gettext("Run by")
        yield f"{run_by}: {speech.say(standing.service.operator.name)}, {standing.service.operator.phone}"
