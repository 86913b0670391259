"""`status.json`: every fact of the Board. Of what is past, it has only what still holds; `history.json` lists all."""

from collections.abc import Iterator
from typing import Annotated

from statusgen import addresses
from statusgen.board.model.advice import Workaround
from statusgen.board.model.dates import UpcomingDate
from statusgen.board.model.services import ChannelStatus, ServiceStatus
from statusgen.board.model.whole_board import Board
from statusgen.files import File
from statusgen.model import contacts as model_contacts
from statusgen.model import services as model_services
from statusgen.model.statuses import Status
from statusgen.outputs.open_data import shapes
from statusgen.outputs.open_data.builder import DocumentBuilder
from statusgen.outputs.open_data.schemas import DocumentType
from statusgen.outputs.open_data.shapes import (
    Address,
    Declared,
    Ids,
    Moment,
    Shape,
    Time,
    VagueTime,
    describe,
    shape,
    shape_of,
)
from statusgen.theme.renderer import Renderer


@shape
class Meaning(Shape):
    """A status, and what it means for a resident."""

    id: Annotated[Status, describe("The status.")]
    words: Annotated[str, describe("What the pages call it.")]
    meaning: Annotated[str, describe("What it means for a resident.")]
    open: Annotated[bool, describe("Whether people can use a channel with that status.")]


@shape_of(model_services.Group)
class Group(Shape):
    """A group: a heading under which services are together."""

    keys: Declared


@shape_of(model_contacts.Contact)
class Contact(Shape):
    """A contact: someone to call."""

    name: Declared
    others: Declared


@shape_of(model_contacts.AccessibilityContact)
class Accessibility(Shape):
    """Who helps people that cannot use a page, and what the publisher says of that."""

    name: Declared
    others: Declared


@shape
class ChannelNow(shapes.Channel):
    """A channel and its status."""

    status: Annotated[Status, describe("Its status.")]
    status_words: Annotated[str, describe("The same in words.")]
    standing: Annotated[
        str, describe("The same with its date, as a sentence of today: when it began, or when it was said.", absent="")
    ]
    checked: Annotated[Time | None, describe("When someone last said so.")]
    stale: Annotated[bool, describe("Whether that is so long ago that it is only shown as past.", absent=False)]
    since: Annotated[
        VagueTime | None, describe("Since when, or when it was reported; null where it works, or nothing was said.")
    ]
    since_reported: Annotated[
        bool, describe("Whether `since` is only when it was reported: nobody said when it began.", absent=False)
    ]
    since_before: Annotated[bool, describe("Whether it began at an unknown time before `since`.")]
    open: Annotated[bool, describe("Whether someone said lately that it can be used.")]
    automatic: Annotated[bool, describe("Whether it works without anyone doing anything, or should.")]
    temporary: Annotated[bool, describe("Whether an incident set it up for a while.")]
    for_now: Annotated[tuple[str, ...], describe("The names of the keys that are other than usual for now.")]


@shape
class Advice(Shape):
    """What a resident can do meanwhile."""

    channel: Annotated[str | None, describe("The id of the channel that it is about; null where it is the service.")]
    do: Annotated[str | None, describe("What to do.")]
    do_short: Annotated[str | None, describe("The same in few words; null where nobody gave any.")]
    where: Annotated[str | None, describe("Where to go instead.")]
    do_said: Annotated[Time | None, describe("When it was last said what to do.")]
    do_until: Annotated[Time | None, describe("Until when that holds; null where nobody said.")]
    where_said: Annotated[Time | None, describe("When it was last said where to go.")]
    incident: Annotated[str, describe("The id of the incident that says so.")]


@shape_of(model_services.Service, without=("silence",))
class Service(Shape):
    """A service and its status."""

    id: Declared
    name: Declared
    page: Annotated[Address, describe("Its page.")]
    summary: Declared
    group: Declared
    operator: Annotated[shapes.Operator | None, describe("Who runs it; null where the publisher of the site does.")]
    others: Declared
    status: Annotated[Status, describe("Its status.")]
    status_words: Annotated[str, describe("The same in words.")]
    status_channels: Annotated[
        Ids, describe("The ids of the channels that the status is about; none where it is the whole service.")
    ]
    standing: Annotated[
        str, describe("The same with its date, as a sentence of today: when it began, or when it was said.", absent="")
    ]
    problem: Annotated[
        bool, describe("Whether someone said that it does not work as usual, other than for planned work.")
    ]
    since: Annotated[
        VagueTime | None,
        describe("Since when it has that status, or when that was reported; null where it works, or nothing was said."),
    ]
    since_reported: Annotated[
        bool, describe("Whether `since` is only when it was reported: nobody said when it began.", absent=False)
    ]
    since_before: Annotated[bool, describe("Whether it began at an unknown time before `since`.")]
    day: Annotated[
        int | None,
        describe(
            "Which local day of the problem it is, from 1; null where its beginning is unknown, or it is `stale`."
        ),
    ]
    restored: Annotated[
        Time | None,
        describe("When it came back, for as long as that is news: 14 days, or longer while the outage lasts."),
    ]
    checked: Annotated[Time | None, describe("When someone last said how it is.")]
    stale: Annotated[bool, describe("Whether that is so long ago that it is only shown as past.")]
    sentence: Annotated[str, describe("All that matters, as someone would say it on the phone.")]
    advice: Annotated[tuple[Advice, ...], describe("What to do meanwhile.")]
    channels: Annotated[tuple[ChannelNow, ...], describe("The ways to use it.")]
    expected: Annotated[
        tuple[shapes.Estimate, ...], describe("When it is expected back: every estimate, the newest last.")
    ]
    outage_expected: Annotated[
        shapes.Estimate | None, describe("What was said of the outage as a whole, where that says when.")
    ]
    next_update: Annotated[shapes.Promise | None, describe("When the next update is due.")]
    waivers: Annotated[Ids, describe("The ids of the waivers that name it in their `services`.")]
    deadlines: Annotated[Ids, describe("The ids of the deadlines to come that are about it.")]
    incidents: Annotated[Ids, describe("The ids of the incidents that keep it from working as usual.")]


@shape
class Reminder(Shape):
    """A date of the next two weeks to act on or to know."""

    on: Annotated[Time, describe("The date.")]
    what: Annotated[str, describe("What it is about.")]
    ends_waiver: Annotated[bool, describe("Whether it is the last day of a waiver, rather than a deadline.")]
    services: Annotated[Ids, describe("The ids of the services that it is about.")]
    incident: Annotated[str, describe("The id of the incident that named it.")]


@shape
class Moved(Shape):
    """An address on an earlier site, and where it leads."""

    was: Annotated[Address, describe("The old address.")]
    now: Annotated[Address, describe("The page or the feed that it leads to.")]


@shape
class StatusDocument(shapes.Document):
    """The status of every service at one moment."""

    at: Annotated[Moment, describe("The moment at which all of this is true.")]
    next_change: Annotated[
        Moment | None, describe("When any of it will be different if nobody writes anything; null if never.")
    ]
    history: Annotated[Address, describe("Where all that is past is listed.")]
    sentence: Annotated[str, describe("All of it in a sentence or two.")]
    emergency: Annotated[str | None, describe("What to do in an emergency.")]
    day: Annotated[
        int | None,
        describe(
            "Which local day it is of the open incident that holds most services back, from 1; null where nobody spoke "
            "lately of anything that does not work as usual."
        ),
    ]
    problems: Annotated[int, describe("How many services do not work as usual.")]
    in_maintenance: Annotated[int, describe("How many are closed for planned work.")]
    total: Annotated[int, describe("How many services there are.")]
    stale: Annotated[int, describe("How many of the problems have had no update for a long time.")]
    unknown: Annotated[
        int, describe("Of how many services it was said that it is not known yet whether they work.", absent=0)
    ]
    not_said: Annotated[int, describe("Of how many services nothing is said.", absent=0)]
    may_reach_further: Annotated[
        bool, describe("Whether an open incident may affect services of which nothing is said.", absent=False)
    ]
    essential_working: Annotated[
        Ids, describe("The ids of the essential services of which someone said lately that they work.")
    ]
    left_out: Annotated[
        Ids, describe("The ids of the incidents that cannot be shown, because there are mistakes in their files.")
    ]
    checked: Annotated[Time | None, describe("When the city last said anything.")]
    next_update: Annotated[shapes.Promise | None, describe("When it will next.")]
    statuses: Annotated[tuple[Meaning, ...], describe("Every status, from best to worst.")]
    groups: Annotated[tuple[Group, ...], describe("The groups, in their order on the pages.")]
    contacts: Annotated[tuple[Contact, ...], describe("Whom to call.")]
    mirrors: Annotated[
        tuple[Address, ...], describe("Where copies of the site are, for when it cannot be reached.", absent=())
    ]
    moved: Annotated[
        tuple[Moved, ...],
        describe("The addresses on an earlier site that lead to pages and feeds other than those of posts.", absent=()),
    ]
    accessibility: Annotated[
        Accessibility | None, describe("Who helps people that cannot use a page; null if that is not said.")
    ]
    services: Annotated[tuple[Service, ...], describe("Every service, in the order of the city.")]
    incidents: Annotated[
        tuple[shapes.IncidentFacts, ...], describe("Every incident, notice and planned work that is not past.")
    ]
    waivers: Annotated[tuple[shapes.WaiverNow, ...], describe("The waivers that hold or will.")]
    deadlines: Annotated[tuple[shapes.Deadline, ...], describe("The deadlines to come, the soonest first.")]
    reminders: Annotated[tuple[Reminder, ...], describe("The dates of the next two weeks, the soonest first.")]
    changed: Annotated[tuple[shapes.Change, ...], describe("What changed in the last 24 hours.")]
    changed_last: Annotated[tuple[shapes.Change, ...], describe("What the newest update changed.")]


DOCUMENT_TYPE = DocumentType("status", StatusDocument)


def files(board: Board, renderer: Renderer) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """Yield `status.json` in every language, and its schema."""
    yield DOCUMENT_TYPE.schema_file(board)
    for language in board.site.languages:
        address = addresses.in_language(addresses.status_data(), language, board.site)
        yield File(address, status_json(board, language))


def status_json(board: Board, language: str) -> bytes:
    """Return the bytes of `status.json` in one language."""
    return DOCUMENT_TYPE.serialize(_document(board, DocumentBuilder(board, language)))


def _document(board: Board, builder: DocumentBuilder) -> StatusDocument:
    facts, phrasing, site = board.headline, builder.phrasing, board.site
    return StatusDocument(
        **vars(builder.head(addresses.status_data(), addresses.front(), DOCUMENT_TYPE.schema_address)),
        at=builder.moment(board.moment),
        next_change=builder.moment(board.next_change) if board.next_change else None,
        history=builder.url(addresses.history_data()),
        sentence=phrasing.join(phrasing.headline(board)),
        emergency=builder.text_or_none(site.emergency),
        # As on the pages: nobody counts on what nobody spoke of lately.
        day=facts.day if facts.broken else None,
        problems=len(facts.broken) + len(facts.stale),
        in_maintenance=facts.maintenance_count,
        total=facts.service_count,
        stale=len(facts.stale),
        unknown=len(facts.unknown),
        not_said=sum(service.is_never_mentioned for service in board.services),
        may_reach_further=board.may_reach_further,
        essential_working=facts.working,
        left_out=site.quarantined_ids,
        checked=builder.time_or_none(facts.last_update_at),
        next_update=builder.promise(facts.promise),
        statuses=tuple(Meaning(each, phrasing.status(each), phrasing.meaning(each), each.is_usable) for each in Status),
        groups=tuple(Group(**builder.declared(group)) for group in site.groups),
        contacts=tuple(Contact(**builder.declared(contact)) for contact in site.contacts),
        mirrors=site.mirrors,
        moved=tuple(Moved(*(addresses.absolute_url(each, site) for each in (old.address, old.to))) for old in site.was),
        accessibility=Accessibility(**builder.declared(site.accessibility)) if site.accessibility else None,
        services=tuple(_service(status, builder) for status in board.services),
        incidents=tuple(
            builder.incident_facts(status) for status in (*board.open_incidents, *board.notices, *board.planned_work)
        ),
        waivers=tuple(
            shapes.WaiverNow(**vars(builder.waiver(status.waiver, status.incident)), phase=status.phase)
            for status in board.waivers
        ),
        deadlines=tuple(builder.deadline(status.deadline, status.incident) for status in board.deadlines),
        reminders=tuple(_reminder(action, builder) for action in board.upcoming_dates),
        changed=tuple(builder.change(change) for change in board.recent_changes),
        changed_last=tuple(builder.change(change) for change in board.last_changes),
    )


def _service(service_status: ServiceStatus, builder: DocumentBuilder) -> Service:
    service, phrasing = service_status.service, builder.phrasing
    return Service(
        **builder.declared(service, without=("operator", "channels", "silence")),
        page=builder.url(addresses.service(service_status.id)),
        operator=builder.operator(service.operator) if service.operator else None,
        status=service_status.status,
        status_words=phrasing.status_word(service_status.standing),
        status_channels=tuple(channel.id for channel in service_status.standing.ways),
        standing=phrasing.standing(service_status.standing),
        problem=service_status.has_problem,
        since=builder.time_or_none(service_status.since.when) if service_status.since else None,
        since_reported=bool(service_status.since and service_status.since.is_report),
        since_before=bool(service_status.since and service_status.since.is_before),
        day=None if service_status.stale else service_status.day,
        restored=builder.time_or_none(service_status.restored_at),
        checked=builder.time_or_none(service_status.confirmed_at),
        stale=service_status.stale,
        sentence=phrasing.service_summary(service_status),
        advice=tuple(_advice(each, builder) for each in service_status.workarounds),
        channels=tuple(_channel(channel, builder) for channel in service_status.channels),
        expected=tuple(_estimates(service_status, builder)),
        outage_expected=_outage_estimate(service_status, builder),
        next_update=builder.promise(service_status.promise),
        waivers=tuple(waiver.waiver.id for waiver in service_status.waivers),
        deadlines=tuple(deadline.deadline.id for deadline in service_status.deadlines),
        incidents=service_status.incidents,
    )


def _advice(workaround: Workaround, builder: DocumentBuilder) -> Advice:
    do, where = workaround.do, workaround.where
    return Advice(
        workaround.channel,
        builder.text_or_none(do.words if do else None),
        builder.text_or_none(do.short if do else None),
        builder.text_or_none(where.words if where else None),
        builder.time_or_none(do.said_at if do else None),
        builder.time_or_none(do.until if do else None),
        builder.time_or_none(where.said_at if where else None),
        workaround.incident,
    )


def _estimates(service: ServiceStatus, builder: DocumentBuilder) -> Iterator[shapes.Estimate]:
    """Yield every estimate, each with the status of what it is about; only one that still counts can be late."""
    statuses: dict[str | None, Status] = {each.channel.id: each.status for each in service.channels}
    for estimate in service.estimates:
        is_late = estimate.is_late and estimate in service.current_estimates
        status = statuses.get(estimate.key[1] if estimate.key else None, service.status)
        yield builder.given_estimate(estimate, is_late, status)


def _outage_estimate(service: ServiceStatus, builder: DocumentBuilder) -> shapes.Estimate | None:
    given = service.outage_estimate
    return builder.given_estimate(given, service.is_outage_estimate_late) if given else None


def _channel(channel: ChannelStatus, builder: DocumentBuilder) -> ChannelNow:
    return ChannelNow(
        **vars(builder.channel(channel.channel)),
        status=channel.status,
        status_words=builder.phrasing.channel_word(channel.standing),
        standing=builder.phrasing.standing(channel.standing, of_channel=True),
        checked=builder.time_or_none(channel.standing.said_at),
        stale=channel.standing.is_stale,
        since=builder.time_or_none(channel.since.when) if channel.since else None,
        since_reported=bool(channel.since and channel.since.is_report),
        since_before=bool(channel.since and channel.since.is_before),
        open=channel.is_usable,
        automatic=channel.automatic,
        temporary=channel.temporary,
        for_now=tuple(key for key, _ in channel.changed_keys),
    )


def _reminder(action: UpcomingDate, builder: DocumentBuilder) -> Reminder:
    return Reminder(
        builder.time(action.on), builder.phrasing.action(action), action.is_waiver_end, action.services, action.incident
    )
