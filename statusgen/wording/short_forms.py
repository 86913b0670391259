"""The current status in few words: on a badge, and in one message of limited length (SMS, social media).

A message is made of whole parts, each with a rank. If not all of them fit, the less important ones are left out:
nothing is cut inside a sentence, and nothing is said twice. The address always stays, and so does what to do, if only
by saying that it is on the page.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import urlsplit

from statusgen import addresses
from statusgen.board.model.dates import WaiverStatus
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.spans import Phase
from statusgen.board.model.whole_board import Board, Headline
from statusgen.board.overview import staff_groups
from statusgen.model.states import Kind, State
from statusgen.model.times import When
from statusgen.text import invisible, is_said_in
from statusgen.wording.answers import answer_of
from statusgen.wording.interface import protect_phone_numbers
from statusgen.wording.phrasing import Phrasing

# Characters in a message: as many as emergency alerts on phones in the US can have.
MAX_MESSAGE_LENGTH = 360
# Limits for long parts, so that there is room for others beside them.
MAX_ADDRESS_LENGTH, MAX_SOURCE_LENGTH, MAX_TITLE_LENGTH = 170, 80, 150
# How many services are named if not all of them fit.
MAX_NAMED_SERVICES = 3


@dataclass(frozen=True)
class Part:
    """One thing to say, in one or several forms, the fullest first. Rank 0 is the most important."""

    rank: int
    forms: tuple[str, ...]


def badge_headline(board: Board, phrasing: Phrasing) -> str:
    """Return the status of the whole site: "8 of 21 services not working as usual"."""
    facts, ngettext = board.headline, phrasing.interface.ngettext
    stale, incidents = len(facts.stale), len(facts.open_incidents)
    if facts.broken:
        return _broken_count(facts, phrasing)
    if stale:
        message = ngettext(
            "%(number)s service not working as usual when last checked",
            "%(number)s services not working as usual when last checked",
            stale,
        )
        return phrasing.format(message, number=str(stale))
    if facts.unknown:
        message = ngettext(
            "%(number)s service: not known yet", "%(number)s services: not known yet", len(facts.unknown)
        )
        return phrasing.format(message, number=str(len(facts.unknown)))
    if incidents:
        message = ngettext("%(number)s incident is open", "%(number)s incidents are open", incidents)
        return phrasing.format(message, number=str(incidents))
    if facts.maintenance_count:
        message = ngettext(
            "%(number)s service closed for planned work",
            "%(number)s services closed for planned work",
            facts.maintenance_count,
        )
        return phrasing.format(message, number=str(facts.maintenance_count))
    return phrasing.interface.gettext("No problems reported")


def _broken_count(facts: Headline, phrasing: Phrasing) -> str:
    """Return how many services do not work as usual, and how many more did not when last checked."""
    number, ngettext = len(facts.broken), phrasing.interface.ngettext
    if facts.is_all_said and not facts.stale:
        message = ngettext(
            "%(number)s of %(total)s services not working as usual",
            "%(number)s of %(total)s services not working as usual",
            number,
        )
        return phrasing.format(message, number=str(number), total=str(facts.service_count))
    message = ngettext("%(number)s service not working as usual", "%(number)s services not working as usual", number)
    words = phrasing.format(message, number=str(number))
    if not facts.stale:
        return words
    more = phrasing.interface.gettext("%(services)s, %(number)s more when last checked")
    return phrasing.format(more, services=words, number=str(len(facts.stale)))


def site_message(board: Board, phrasing: Phrasing) -> str:
    """Return the whole site in one message of at most MAX_MESSAGE_LENGTH characters, what weighs most first."""
    phrasing = phrasing.as_plain_text
    _, facts = phrasing.interface.gettext, board.headline
    affected = _most_weighty_first(board)
    as_of = phrasing.format(_("As of %(time)s"), time=phrasing.dated_moment(board.moment))
    title = _main_incident_title(board, phrasing)
    alternatives = _alternatives_of(affected, board, phrasing)
    return compose(
        [
            *_opening_parts(board, phrasing),
            *(Part(2, (phrasing.advice(incident.do),)) for incident in board.advice_for_all),
            *_over_parts(board, phrasing),
            Part(3, (title,)),
            Part(8 if title else 3, _without_titles(board, phrasing, title)),
            *(
                Part(6 if number == 0 else 8, forms)
                for number, forms in enumerate(_services_by_status(affected, phrasing))
            ),
            *(Part(3 if number == 0 else 9, forms) for number, forms in enumerate(alternatives)),
            Part(4, (phrasing.promise(facts.promise) if facts.promise else "",)),
            *(Part(5, (phrasing.working_advice(service),)) for service in board.working_with_advice),
            *(Part(10, (channels,)) for channels in _open_channels(affected, phrasing)),
            Part(6, (phrasing.nothing_said(board),)),
            Part(7, (phrasing.working_services(board) if facts.working and facts.open_incidents else "",)),
            Part(7, tuple(_notice_with_date(notice, board, phrasing) for notice in board.notices[:1])),
            Part(5, (phrasing.end_sentence(as_of),)),
            _emergency_part(phrasing),
            _address_part(addresses.front(), phrasing),
        ]
    )


def _most_weighty_first(board: Board) -> list[ServiceStatus]:
    """Return the services that do not work as usual: what was said lately, what is essential, what costs money."""
    staff = staff_groups(board.site)

    def order(service: ServiceStatus) -> tuple[bool, bool, bool, bool]:
        costs = bool(service.waivers or service.deadlines)
        return service.stale, service.service.group in staff, not service.service.essential, not costs

    return sorted(board.disrupted_services, key=order)


def _over_parts(board: Board, phrasing: Phrasing) -> Iterator[Part]:
    """Yield what ended lately, and what is still waived, once nothing is open anymore."""
    if board.open_incidents or board.disrupted_services:
        return
    for number, incident in enumerate(board.recently_ended):
        if incident.ended:
            message = phrasing.interface.gettext("Over since %(time)s: %(title)s.")
            title = phrasing.phrase(incident.incident.title)
            words = phrasing.format(message, time=phrasing.time(incident.ended), title=title)
            rank = 3 if number == 0 else 7
            yield Part(rank, (words,) if len(title) <= MAX_TITLE_LENGTH else ())
            yield from (Part(rank + 1, (waiver,)) for waiver in _lasting_waivers(incident, phrasing))


def _lasting_waivers(incident: IncidentStatus, phrasing: Phrasing) -> list[str]:
    """Return what an incident that is over has still waived, and until when."""
    return [phrasing.waiver_summary(each) for each in incident.waivers if each.phase is Phase.OPEN and each.waiver.what]


def incident_message(incident: IncidentStatus, board: Board, phrasing: Phrasing) -> str:
    """Return one incident, planned work or notice in one message of at most MAX_MESSAGE_LENGTH characters."""
    phrasing = phrasing.as_plain_text
    message = phrasing.interface.gettext("Last update: %(time)s.")
    affected = [service for service in _most_weighty_first(board) if incident.id in service.incidents]
    actions = tuple(_advice_forms(affected, board, phrasing))
    other_actions = () if actions else tuple(_other_actions(incident, phrasing))
    news, told = _news(incident, board, phrasing), [*actions, *other_actions][:1]
    for waiver in _active_waivers(incident.waivers, phrasing):
        if news.endswith(waiver) and any(each.endswith(waiver) for each in told):
            news = ""  # it is told as what there is to do
    is_over = incident.phase is Phase.PAST
    waivers = _lasting_waivers(incident, phrasing) if is_over else ()
    return compose(
        [
            *_opening_parts(board, phrasing),
            Part(2, (phrasing.advice(incident.do),)),
            Part(3, tuple(_subject_forms(incident, phrasing))),
            Part(4, (news,)),
            Part(6, (phrasing.time_span(incident) if is_over and not incident.window else "",)),
            *(Part(5, (waiver,)) for waiver in waivers),
            *(Part(6, forms) for forms in _services_by_status(affected, phrasing)),
            Part(2, actions),
            Part(5, other_actions),
            *(Part(5, (phrasing.working_advice(service),)) for service in _working_through(incident, board)),
            Part(6, (phrasing.window(incident.window) if incident.window else "",)),
            Part(4, (phrasing.promise(incident.promise) if incident.promise else "",)),
            *(Part(8, (channels,)) for channels in _open_channels(affected, phrasing)),
            Part(7, (phrasing.format(message, time=phrasing.dated(incident.last_update.time)),)),
            _emergency_part(phrasing),
            _address_part(addresses.incident(incident.id), phrasing),
        ]
    )


def _news(incident: IncidentStatus, board: Board, phrasing: Phrasing) -> str:
    """Return what is new with the last update: what it corrects or what changed; nothing if that is all there is."""
    update = incident.last_update
    if update.correction and update.correction.right:
        words = phrasing.as_sentence(update.correction.right)
        return phrasing.with_label(phrasing.state(State.CORRECTION), words)
    views = board.updates_by_incident.get(incident.id, ())
    if len(views) < 2 or views[0].update.id != update.id or incident.phase is Phase.PAST:
        return ""
    title = phrasing.news_title(views[0], board)
    if title == phrasing.update_title(views[0]):
        return ""
    return phrasing.with_label(phrasing.interface.gettext("New"), phrasing.end_sentence(title))


def compose(parts: Sequence[Part], max_length: int = MAX_MESSAGE_LENGTH) -> str:
    """Return the parts that fit, in order, each in the fullest form for which more important parts leave room.

    Of two parts one of which has the sentences of the other, the longer one stays. Who speaks, whom to call in an
    emergency, and the address (rank 0 and 1) always stay.
    """
    chosen: dict[int, str] = {}
    left = max_length + 1  # each part but the first needs a space before it
    for number in sorted(range(len(parts)), key=lambda number: parts[number].rank):
        forms = (one_line(form) for form in parts[number].forms)
        form = next((form for form in forms if form and len(form) < left), "")
        if form and not any(is_said_in(form, said) for said in chosen.values()):
            again = [other for other, said in chosen.items() if parts[other].rank > 1 and is_said_in(said, form)]
            left += sum(len(chosen.pop(other)) + 1 for other in again)
            chosen[number] = form
            left -= len(form) + 1
    return " ".join(chosen[number] for number in sorted(chosen))


def one_line(text: str) -> str:
    """Return a text without characters that could break or reorder the line it is on."""
    return " ".join(invisible().sub(" ", text).split())


def shorten(text: str, max_length: int) -> str:
    """Return a name of at most `max_length` characters, cut between words if possible."""
    text = one_line(text)
    if len(text) <= max_length:
        return text
    head = text[: max_length - 1]
    whole = head.rpartition(" ")[0] if text[max_length - 1] != " " else head
    return f"{whole or head}…"


def _opening_parts(board: Board, phrasing: Phrasing) -> Iterator[Part]:
    """Yield that this is a demonstration, and who speaks: for a demonstration its title, not the city."""
    site = board.site
    if site.demonstration:
        yield Part(2, (phrasing.interface.gettext("Demonstration."),))
    names = [
        one_line(phrasing.say(name)) for name in (site.title if site.demonstration else site.publisher, site.title)
    ]
    fitting = [name for name in names if name and len(name) <= MAX_SOURCE_LENGTH]
    whole = shorten(names[0], MAX_SOURCE_LENGTH) if " " in names[0][:MAX_SOURCE_LENGTH] else ""
    source = next(iter(fitting), whole or urlsplit(site.url).hostname or "")
    yield Part(1, (f"{source}:",))


def _emergency_part(phrasing: Phrasing) -> Part:
    """Return whom to call in an emergency: it is left out before nothing but the address and who speaks."""
    emergency = phrasing.site.emergency
    forms = (phrasing.say(emergency), phrasing.split_first_sentence(emergency)[0]) if emergency else ()
    return Part(1, forms)


def _address_part(address: str, phrasing: Phrasing) -> Part:
    """Return the page with more: if its address is too long, the front page or, failing that, the host."""
    site = phrasing.site
    pages = [addresses.in_language(page, phrasing.language, site) for page in (address, addresses.front())]
    urls = [addresses.absolute_url(page, site) for page in pages]
    parts = urlsplit(site.url)
    short = [url for url in urls if len(url) <= MAX_ADDRESS_LENGTH]
    return Part(0, (*short, f"{parts.scheme}://{parts.netloc}/"))


def _title_with_kind(incident: IncidentStatus, phrasing: Phrasing) -> str:
    """Return what a post is about: "Fraud warning: We never ask for your password", as a sentence."""
    title = phrasing.phrase(incident.incident.title)
    if incident.incident.kind is Kind.INCIDENT:
        return phrasing.end_sentence(title)
    return phrasing.end_sentence(phrasing.with_label(phrasing.kind_of(incident.incident), title))


def _notice_with_date(notice: IncidentStatus, board: Board, phrasing: Phrasing) -> str:
    """Return what a notice is about; if nobody has spoken of it for long, also since when."""
    title = _title_with_kind(notice, phrasing)
    return phrasing.join([title, phrasing.notice_date(notice, True)]) if board.is_notice_stale(notice) else title


def _subject_forms(incident: IncidentStatus, phrasing: Phrasing) -> Iterator[str]:
    """Yield what a message is about, or at least what kind of post; if it is over, also how it ended: "Resolved: …"."""
    title, kind = _title_with_kind(incident, phrasing), phrasing.end_sentence(phrasing.kind_of(incident.incident))
    for form in (title if len(title) <= MAX_TITLE_LENGTH else kind, kind):
        yield phrasing.with_label(phrasing.incident_state(incident), form) if incident.phase is Phase.PAST else form


def _without_titles(board: Board, phrasing: Phrasing, title: str) -> tuple[str, ...]:
    """Return how many services do not work as usual; if that is only the title of an incident, not again."""
    words = " ".join(phrasing.problem_sentences(board))
    return () if title and words == title else (words,)


def _main_incident_title(board: Board, phrasing: Phrasing) -> str:
    """Return the title of the one incident that affects services; empty if there are several, or none."""
    affecting = {id for service in board.disrupted_services for id in service.incidents}
    main = [each for each in board.open_incidents if each.id in affecting] or board.open_incidents
    titles = [_title_with_kind(incident, phrasing) for incident in main]
    return titles[0] if len(titles) == 1 and len(titles[0]) <= MAX_TITLE_LENGTH else ""


def _services_by_status(affected: Sequence[ServiceStatus], phrasing: Phrasing) -> Iterator[tuple[str, ...]]:
    """Yield the services of each status: all of them, the first few, or how many they are."""
    ngettext = phrasing.interface.ngettext
    worst_first = sorted(affected, key=lambda service: (-service.status.severity, service.stale))
    for word, group in groupby(worst_first, key=lambda service: _word_for_many(service, phrasing)):
        names = [phrasing.phrase(service.service.name) for service in group]
        forms = [phrasing.format_list(names)]
        if (more := len(names) - MAX_NAMED_SERVICES) > 0:
            others = phrasing.format(ngettext("%(number)s more", "%(number)s more", more), number=str(more))
            forms.append(phrasing.format_list([*names[:MAX_NAMED_SERVICES], others]))
        count = ngettext("%(number)s service", "%(number)s services", len(names))
        forms.append(phrasing.format(count, number=str(len(names))))
        yield tuple(phrasing.with_label(word, phrasing.end_sentence(form)) for form in forms)


def _word_for_many(service: ServiceStatus, phrasing: Phrasing) -> str:
    """Return the word for a status that several services may have; what was said long ago is told as past."""
    standing = service.standing
    if standing.is_stale and standing.said_at:
        day = replace(standing, said_at=When.day(phrasing.site.local_day(standing.said_at.start), phrasing.site.zone))
        return phrasing.short_standing(day)
    return phrasing.status_word(standing)


def _advice_forms(affected: Sequence[ServiceStatus], board: Board, phrasing: Phrasing) -> Iterator[str]:
    """Yield what to do meanwhile, the best first; if nothing of it fits, that it is on the page."""
    for forms in _alternatives_of(affected, board, phrasing):
        yield from forms
    if any(service.workarounds for service in affected):
        yield phrasing.interface.gettext("See what to do on its page.")


def _other_actions(incident: IncidentStatus, phrasing: Phrasing) -> Iterator[str]:
    """Yield what else an incident lets people do: what is waived; for a notice, a paragraph of its text."""
    yield from _active_waivers(incident.waivers, phrasing)
    if incident.incident.kind is Kind.NOTICE:
        yield from phrasing.rumor(incident.claim, incident.fact)
    text = incident.last_update.text(*phrasing.languages)
    if incident.incident.kind is Kind.NOTICE and text:
        yield from (protect_phone_numbers(line, text.language) for line in text.text.split("\n"))


def _alternatives_of(affected: Sequence[ServiceStatus], board: Board, phrasing: Phrasing) -> list[tuple[str, ...]]:
    """Return what to do for each service of which that was said, with its name unless it is the same for all."""
    said = {service.id: tuple(_alternatives(service, board, phrasing)) for service in affected}
    if len({*said.values()}) == 1:
        return [forms for forms in said.values() if forms][:1]
    return [
        tuple(phrasing.with_label(phrasing.phrase(service.service.name), form) for form in said[service.id])
        for service in affected
        if said[service.id]
    ]


def _alternatives(service: ServiceStatus, board: Board, phrasing: Phrasing) -> Iterator[str]:
    """Yield what to do while a service does not work as usual, the best first.

    Advice for which the writer gave a short form is told in that.
    """
    if any(each.do and each.do.short for each in service.workarounds if each.channel is None):
        yield answer_of(service, board, phrasing)
    yield from _advice_without_ways(service, phrasing) or phrasing.workaround_sentences(service)
    yield from _active_waivers(service.waivers, phrasing)


def _advice_without_ways(service: ServiceStatus, phrasing: Phrasing) -> list[str]:
    """Return what to do about ways that do not work, if it is the same for all of them and nothing else was said.

    Behind the name of the way, "Pay at the counter" would read as something to do there: "Online: Pay at the counter."
    """
    broken = [way.channel for way in service.channels if way.status.is_stated_problem]
    said = {phrasing.channel_advice(service, channel) for channel in broken}
    is_about_them = {each.channel for each in service.workarounds} <= {channel.id for channel in broken}
    return [*said] if len(said) == 1 and all(said) and is_about_them else []


def _active_waivers(waivers: Iterable[WaiverStatus], phrasing: Phrasing) -> Iterator[str]:
    """Yield what is waived now."""
    for waiver in waivers:
        if waiver.phase is Phase.OPEN and waiver.waiver.what:
            yield phrasing.as_sentence(waiver.waiver.what)


def _working_through(incident: IncidentStatus, board: Board) -> Iterator[ServiceStatus]:
    """Yield the services that work, of which the incident says what to do or where to go."""
    told = {each.service for each in incident.workarounds} | {each.service for each in incident.temporary_channels}
    return (service for service in board.working_with_advice if service.id in told)


def _open_channels(affected: Sequence[ServiceStatus], phrasing: Phrasing) -> Iterator[str]:
    """Yield the channels that can still be used, for each service that has lost others."""
    for service in affected:
        if service.usable_channels and (service.unusable_channels or service.unconfirmed_channels):
            channels, name = phrasing.open_channels(service), phrasing.phrase(service.service.name)
            yield phrasing.with_label(name, channels) if len(affected) > 1 else channels
