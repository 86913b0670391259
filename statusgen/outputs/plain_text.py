"""Plain text: the front page for a slow phone or for a clerk who reads it to a caller, and messages of 360 characters.

Lines are not wrapped: a fact is a line, and phones, terminals and screen readers break it where it suits them.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from statusgen import addresses
from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.whole_board import Board
from statusgen.files import File
from statusgen.model.statuses import Status
from statusgen.wording import short_forms
from statusgen.wording.interface import protect_phone_numbers
from statusgen.wording.phrasing import Phrasing

if TYPE_CHECKING:  # `status` prints a text, and has no templates to import
    from statusgen.theme.renderer import Renderer

# How many updates are named; the page has the others.
MAX_UPDATES = 5


def files(board: Board, renderer: "Renderer") -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """Yield `status.txt` and `sms.txt` in every language, and an `sms.txt` for all that is open or ended lately."""
    site = board.site
    for language in site.languages:
        phrasing = Phrasing(site, language, plain=True, moment=board.moment)
        texts = {
            addresses.plain_text(): as_text(board, language),
            addresses.short_text(): short_forms.site_message(board, phrasing),
        }
        for incident in (*board.open_incidents, *board.notices, *board.recently_ended):
            address = addresses.short_text(addresses.incident(incident.id))
            texts[address] = short_forms.incident_message(incident, board, phrasing)
        for address, text in texts.items():
            yield File(addresses.in_language(address, language, site), text.encode())


def as_text(board: Board, language: str) -> str:
    """Return what does not work and what to do, what changed, what works, then dates, planned work and whom to call."""
    phrasing = Phrasing(board.site, language, plain=True, moment=board.moment)
    parts = [_header(board, phrasing), *_current_sections(board, phrasing), *_later_sections(board, phrasing)]
    lines = "\n\n".join("\n".join(map(_clean_line, part)) for part in parts)
    return protect_phone_numbers(lines + "\n", language)


def _clean_line(text: str) -> str:
    """Return one line that stays one, indented as it was."""
    return " " * (len(text) - len(text.lstrip(" "))) + short_forms.one_line(text)


def _header(board: Board, phrasing: Phrasing) -> list[str]:
    _, site, promise = phrasing.interface.gettext, board.site, board.headline.promise
    front = addresses.absolute_url(addresses.in_language(addresses.front(), phrasing.language, site), site)
    published = phrasing.end_sentence(phrasing.format(_("As of %(time)s"), time=phrasing.dated_moment(board.moment)))
    published = phrasing.join([published, phrasing.clocks(board)])
    if not site.demonstration:
        by = phrasing.format(_("Published by %(publisher)s."), publisher=phrasing.phrase(site.publisher))
        published = phrasing.join([published, by])
    return [
        *filter(None, map(phrasing.say, (site.title, site.demonstration, site.emergency))),
        *filter(None, [phrasing.missing_reports_note()]),
        *(phrasing.advice(incident.do) for incident in board.advice_for_all),
        phrasing.join(phrasing.headline(board)),
        *([phrasing.promise(promise)] if promise else []),
        published,
        phrasing.format(_("More details: %(address)s"), address=front),
    ]


def _current_sections(board: Board, phrasing: Phrasing) -> Iterator[list[str]]:
    """Yield how things stand: notices, the services that do not work as usual, what changed, and the other services."""
    _ = phrasing.interface.gettext
    notices = [
        phrasing.join(
            [
                phrasing.with_label(phrasing.kind_of(notice.incident), phrasing.as_sentence(notice.incident.title)),
                phrasing.notice_date(notice, board.is_notice_stale(notice)),
                *phrasing.rumor(notice.claim, notice.fact),
            ]
        )
        for notice in board.notices
    ]
    yield from _section(_("Notices"), notices)
    for heading, services in (
        (_("Not working as usual"), board.not_working_services),
        (_("Not known yet"), board.not_known_services),
    ):
        if services:
            yield [f"{heading}:"]
        yield from (_service(service, board, phrasing) for service in services)
    changes = [
        phrasing.with_label(phrasing.time(change.published_at), phrasing.change(change, board))
        for change in board.recent_changes
    ]
    yield from _section(_("In the last 24 hours"), changes)
    unsaid = _("Nothing said yet") if board.may_reach_further else _("No problem reported")
    for heading, services in (
        (_("Still working"), board.working_services),
        (_("Not checked lately"), board.formerly_working_services),
        (unsaid, board.not_said_services),
    ):
        yield from _section(heading, [line for service in services for line in _usual_service(service, phrasing)])


def _later_sections(board: Board, phrasing: Phrasing) -> Iterator[list[str]]:
    """Yield what was said, dates to act on, planned work, and whom to call."""
    _ = phrasing.interface.gettext
    views = [
        phrasing.with_label(phrasing.time(view.update.time), phrasing.news_title(view, board))
        for view in board.updates[:MAX_UPDATES]
    ]
    yield from _section(_("Updates"), views)
    actions = [
        phrasing.with_label(phrasing.time(action.on), phrasing.action(action)) for action in board.upcoming_dates
    ]
    yield from _section(_("Upcoming deadlines"), actions)
    planned = [
        f"{phrasing.as_sentence(work.incident.title)} {phrasing.window(work.window)}"
        for work in board.planned_work
        if work.window
    ]
    yield from _section(_("Planned work"), planned)
    contacts = [
        _(", ").join(
            filter(None, (phrasing.with_label(phrasing.say(contact.name), contact.phone), phrasing.say(contact.hours)))
        )
        for contact in board.site.contacts
        if contact.phone
    ]
    yield from _section(_("Contact"), contacts)


def _section(heading: str, lines: list[str]) -> Iterator[list[str]]:
    if lines:
        yield [f"{heading}:", *lines]


def _usual_service(service: ServiceStatus, phrasing: Phrasing) -> Iterator[str]:
    name, is_bare = phrasing.say(service.service.name), service.is_never_mentioned
    yield name if is_bare else phrasing.with_label(name, phrasing.end_sentence(phrasing.standing(service.standing)))
    advice = phrasing.workaround_sentences(service) if is_bare else phrasing.general_advice(service)
    yield from (f"  {sentence}" for sentence in advice)
    if not is_bare:
        yield from (f"  {line}" for line in _channels(service, phrasing, with_operator=False))
    yield from (f"  {phrasing.coming_channel(coming)}" for coming in service.coming_channels)
    for deadline in service.deadlines:
        if deadline.deadline.on and deadline.deadline.what:
            what = phrasing.as_sentence(deadline.deadline.what)
            yield f"  {phrasing.with_label(phrasing.time(deadline.deadline.on), what)}"
    for waiver in service.waivers:
        yield f"  {phrasing.waiver(waiver.waiver)}"


def _service(service: ServiceStatus, board: Board, phrasing: Phrasing) -> list[str]:
    lines = [*phrasing.service_summary_sentences(service, with_ways=False), *_channels(service, phrasing)]
    lines += [phrasing.contrary_word(contrary, board) for contrary in service.contrary_words]
    windows = [board.incident_by_id[id].window for id in service.planned_work]
    lines += [phrasing.planned_work(window) for window in windows if window]
    if service.promise and service.promise != board.headline.promise:
        lines.append(phrasing.promise(service.promise))
    return [phrasing.say(service.service.name), *(f"  {line}" for line in lines)]


def _channels(service: ServiceStatus, phrasing: Phrasing, with_operator: bool = True) -> Iterator[str]:
    comma = phrasing.interface.gettext(", ")
    for channel in service.usable_channels:
        name = phrasing.channel(channel.channel)
        is_plain = channel.status is Status.WORKING and not channel.standing.restored_at
        standing = "" if is_plain else phrasing.way_standing(channel, service)
        label = f"{name} ({standing})" if standing else name
        facts = [label, *(detail.words for detail in phrasing.details(channel.channel, channel.changed_keys))]
        way, advice = "+ " + comma.join(facts), phrasing.channel_advice(service, channel.channel)
        yield phrasing.join([phrasing.end_sentence(way), advice]) if advice else way
    for channel in (*service.unusable_channels, *service.unconfirmed_channels, *service.automatic_channels):
        sign = "+" if channel.is_usable else "-" if channel.status.is_closed else "?"
        details = (
            () if sign == "-" else (detail.words for detail in phrasing.details(channel.channel, channel.changed_keys))
        )
        words = comma.join(filter(None, [phrasing.way_standing(channel, service), *details]))
        name = phrasing.channel(channel.channel)
        status_text = phrasing.with_label(name, phrasing.end_sentence(words)) if words else phrasing.end_sentence(name)
        advice = phrasing.channel_advice(service, channel.channel)
        yield phrasing.join(filter(None, [sign, status_text, advice]))
    if with_operator and service.service.operator and service.service.operator.phone:
        run_by = phrasing.interface.gettext("Run by")
        operator = (phrasing.say(service.service.operator.name), service.service.operator.phone)
        yield phrasing.with_label(run_by, phrasing.interface.gettext(", ").join(operator))
