"""The shortest answer to "What can I do?", for one line of a list.

The writer can give it (`short:`). Otherwise it is the first way that works, or else what to do, as it was written:
nothing is cut inside a sentence.
"""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from statusgen.board.model.advice import Advice
from statusgen.board.model.channels import TemporaryChannel
from statusgen.board.model.services import ChannelStatus, ServiceStatus
from statusgen.board.model.spans import Phase
from statusgen.board.model.whole_board import Board
from statusgen.board.overview import MAX_ANSWER_LENGTH
from statusgen.model.services import Channel, OperatorKind
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.words import Words
from statusgen.text import is_said_in
from statusgen.wording.interface import protect_phone_numbers
from statusgen.wording.phrasing import Phrasing

# In one line of a list on a phone.
LINE_LENGTH = 60


def answer_of(
    service: ServiceStatus,
    board: Board,
    phrasing: Phrasing,
    line_length: int = LINE_LENGTH,
    max_length: float = MAX_ANSWER_LENGTH,
    has_cards: bool = True,
) -> str:
    """Return the shortest answer for a service that does not work as usual; nothing if there is nothing to say.

    More is added while all of it stays within `line_length`. Advice of more than `max_length` letters is only named: it
    stands below on the same page if that `has_cards`, otherwise on the service's own.
    """
    if main := _main_answer(service, board, phrasing, max_length, has_cards):
        parts, left = [main], line_length - _length(main)
        for more in _further_answers(service, phrasing):
            if _length(more) < left and not is_said_in(more, phrasing.join(parts)):
                parts.append(more)
                left -= _length(more) + 1
        return phrasing.join(parts)
    is_helpless = service.has_problem or service.status is Status.UNKNOWN
    return ask_for_advice(service, phrasing) if is_helpless and not service.status.is_back else ""


def ask_for_advice(service: ServiceStatus, phrasing: Phrasing) -> str:
    """Return that there is no advice, and the number to ask: of who runs the service, or of the city."""
    _, operator = phrasing.interface.gettext, service.service.operator
    external = operator if operator and operator.kind is not OperatorKind.CITY else None
    phones = [external.phone if external else None, *(contact.phone for contact in phrasing.site.contacts)]
    phone = next(filter(None, phones), None)
    if phone is None:
        return _("No current advice.")
    return phrasing.format(
        _("No current advice. Ask %(phone)s."), phone=protect_phone_numbers(phone, phrasing.language)
    )


def _main_answer(service: ServiceStatus, board: Board, phrasing: Phrasing, max_length: float, has_cards: bool) -> str:
    """Return the writer's short form, or the first way that works, or what to do, or until when it is closed."""
    general = [each for each in service.workarounds if each.channel is None]
    advice = [each.do for each in general if each.do]
    for each in advice:
        if each.short and _is_as_translated(each.short, each.words, phrasing.languages):
            return _dated(each, phrasing.as_sentence(each.short), service, phrasing)
    # Of what works, the ways that were set up for now are the news.
    for channel in sorted(service.usable_channels, key=lambda each: service.is_working and not each.temporary):
        return _way(channel, phrasing)
    spoken = [*advice, *(each.where for each in general if each.where)]
    whole = [_dated(each, phrasing.as_sentence(each.words), service, phrasing) for each in spoken]
    whole += _answers_of_ways(service, phrasing)
    if whole:
        _ = phrasing.interface.gettext
        fitting = (words for words in whole if _length(words) <= max_length)
        return next(fitting, _("See what to do below.") if has_cards else _("See what to do on its page."))
    if service.coming_channels:
        return _coming(service.coming_channels[0], phrasing)
    if service.status is Status.MAINTENANCE:
        windows = (board.incident_by_id[id].window for id in service.planned_work)
        return next((phrasing.planned_work(window) for window in windows if window), "")
    return ""


def _answers_of_ways(service: ServiceStatus, phrasing: Phrasing) -> Iterator[str]:
    """Yield what to do about one way to use a service, with its name: it is no advice for the others."""
    names = {each.channel.id: phrasing.channel(each.channel) for each in service.channels}
    for each in service.workarounds:
        if each.channel in names and each.do:
            yield phrasing.with_label(
                names[each.channel], _dated(each.do, phrasing.as_sentence(each.do.words), service, phrasing)
            )


def _is_as_translated(short: Words, words: Words, languages: Sequence[str]) -> bool:
    """Return whether a short form is in the language of the page, if the words that it stands for are."""
    return short.in_language(*languages).language == words.in_language(*languages).language


def _dated(advice: Advice, words: str, service: ServiceStatus, phrasing: Phrasing) -> str:
    """Return advice with its date, unless it is as old as the status beside it, which has a date if it is old."""
    if service.confirmed_at is None or service.confirmed_at.start <= advice.said_at.start:
        return words
    day = When.day(phrasing.site.local_day(advice.said_at.start), phrasing.site.zone)
    return phrasing.with_time_said(words, advice.said_at if advice.said_at.is_whole_month else day)


def _way(channel: ChannelStatus, phrasing: Phrasing) -> str:
    """Return a way to use a service, with the place or the number."""
    details = {detail.key: detail.words for detail in phrasing.details(channel.channel, channel.changed_keys)}
    place = next((details[key] for key in ("address", "phone") if key in details), "") or _site(
        channel.channel, phrasing
    )
    parts = [phrasing.channel(channel.channel), *([place] if place else [])]
    return phrasing.end_sentence(phrasing.join_words(parts, phrasing.interface.gettext(", ")))


def _site(channel: Channel, phrasing: Phrasing) -> str:
    """Return the address of a channel on the web without what people do not type; in HTML it is a link."""
    if not channel.url:
        return ""
    bare = channel.url.removeprefix("https://").removesuffix("/")
    link = Markup('<a href="{}" rel="noopener noreferrer" dir="ltr">{}</a>')
    return bare if phrasing.plain else link.format(channel.url, bare)


def _coming(coming: TemporaryChannel, phrasing: Phrasing) -> str:
    """Return a way that will open, and when."""
    message = phrasing.interface.gettext("%(way)s: from %(time)s.")
    return phrasing.format(message, way=phrasing.channel(coming.channel), time=phrasing.time(coming.opens))


def _further_answers(service: ServiceStatus, phrasing: Phrasing) -> Iterator[str]:
    """Yield what else matters, if there is room: what is not charged, and that nothing is paid automatically."""
    for waiver in service.waivers:
        if waiver.phase is Phase.OPEN and waiver.waiver.what:
            yield phrasing.as_sentence(waiver.waiver.what)
    for channel in service.automatic_channels:
        if channel.status.is_closed and not channel.standing.is_stale:
            words = phrasing.with_label(phrasing.channel(channel.channel), phrasing.status(channel.status))
            yield phrasing.format("%(words)s.", words=words)


def _length(words: str) -> int:
    return len(words.striptags() if isinstance(words, Markup) else words)
