"""`status.json`: every fact of the Board. Of what is past, it has only what still holds; `history.json` lists all."""

from collections.abc import Iterator
from typing import Annotated

from statusgen import addresses, model
from statusgen.files import File
from statusgen.model import Status
from statusgen.outputs.open_data import shapes
from statusgen.outputs.open_data.schemas import Form
from statusgen.outputs.open_data.shapes import Address, Ids, Moment, Shape, Time, means, shape
from statusgen.outputs.open_data.wording import Wording
from statusgen.status.standing import Action, Board, ChannelStanding, ServiceStanding
from statusgen.theme.look import Look


@shape
class Meaning(Shape):
    """A status, and what it tells a resident."""

    id: Annotated[Status, means("The status.")]
    words: Annotated[str, means("What the pages call it.")]
    meaning: Annotated[str, means("What it tells a resident.")]
    open: Annotated[bool, means("Whether somebody can use a channel that stands so.")]


@shape
class Group(Shape):
    """A group: a heading under which services stand together."""

    id: Annotated[str, means("The group's id.")]
    name: Annotated[str, means("The group's name.")]


@shape
class Contact(Shape):
    """A contact: somebody to call."""

    name: Annotated[str, means("Who it is.")]
    phone: Annotated[str | None, means("The telephone number.")]
    url: Annotated[str | None, means("The address on the web.")]
    hours: Annotated[str | None, means("When somebody answers.")]
    languages: Annotated[Ids, means("The languages that are spoken there (BCP 47).")]


@shape
class ChannelNow(shapes.Channel):
    """A channel, and how it stands."""

    status: Annotated[Status, means("How it stands.")]
    status_words: Annotated[str, means("The same in words.")]
    since: Annotated[Time | None, means("Since when; null where nothing was ever said.")]
    since_before: Annotated[bool, means("Whether it began at an unknown time before `since`.")]
    open: Annotated[bool, means("Whether somebody can use it.")]
    automatic: Annotated[bool, means("Whether it works without anybody doing anything, or should.")]
    temporary: Annotated[bool, means("Whether an incident set it up for a while.")]


@shape
class Advice(Shape):
    """What a resident can do meanwhile."""

    channel: Annotated[str | None, means("The id of the channel that it is about; null where it is the service.")]
    do: Annotated[str | None, means("What to do.")]
    where: Annotated[str | None, means("Where to go instead.")]


@shape
class Service(Shape):
    """A service, and how it stands."""

    id: Annotated[str, means("Its id, part of its address.")]
    name: Annotated[str, means("Its name.")]
    page: Annotated[Address, means("Its page.")]
    summary: Annotated[str | None, means("What it is.")]
    group: Annotated[str | None, means("The id of its group.")]
    operator: Annotated[shapes.Operator | None, means("Who runs it; null where the publisher of the site does.")]
    keywords: Annotated[str | None, means("Words by which people look for it.")]
    code: Annotated[str | None, means("Its Open311 service code.")]
    essential: Annotated[bool, means("Whether the city calls it essential.")]
    status: Annotated[Status, means("How it stands.")]
    status_words: Annotated[str, means("The same in words.")]
    problem: Annotated[bool, means("Whether it does not work as usual, other than for planned work.")]
    since: Annotated[Time | None, means("Since when it stands so; null where nothing was ever said.")]
    since_before: Annotated[bool, means("Whether it began at an unknown time before `since`.")]
    day: Annotated[
        int | None, means("Which local day of the problem it is, from 1; null where its beginning is unknown.")
    ]
    restored: Annotated[Time | None, means("When it came back, for as long as that is news (14 days).")]
    checked: Annotated[Time | None, means("When somebody last said how it is.")]
    stale: Annotated[bool, means("Whether it is a problem that nobody has spoken of for long.")]
    sentence: Annotated[str, means("All that matters, as somebody would say it on the phone.")]
    advice: Annotated[tuple[Advice, ...], means("What to do meanwhile.")]
    channels: Annotated[tuple[ChannelNow, ...], means("The ways to use it.")]
    expected: Annotated[
        tuple[shapes.Estimate, ...], means("When it is expected back: every estimate, the newest last.")
    ]
    next_update: Annotated[shapes.Promise | None, means("When the next word is due.")]
    waivers: Annotated[Ids, means("The ids of the waivers that name it in their `services`.")]
    incidents: Annotated[Ids, means("The ids of the incidents that keep it from working as usual.")]


@shape
class Reminder(Shape):
    """A date of the next two weeks to act on or to know."""

    on: Annotated[Time, means("The date.")]
    what: Annotated[str, means("What it is about.")]
    ends_waiver: Annotated[bool, means("Whether it is the last day of a waiver, rather than a deadline.")]
    services: Annotated[Ids, means("The ids of the services that it is about.")]
    incident: Annotated[str, means("The id of the incident that named it.")]


@shape
class StatusDocument(shapes.Document):
    """How every service stands at one moment."""

    at: Annotated[Moment, means("The moment at which all of this is true.")]
    next_change: Annotated[
        Moment | None, means("When any of it will be different if nobody writes anything; null if never.")
    ]
    history: Annotated[Address, means("Where all that is past is listed.")]
    sentence: Annotated[str, means("All of it in a sentence or two.")]
    emergency: Annotated[str | None, means("What to do in an emergency.")]
    day: Annotated[
        int | None, means("Which local day it is of the open incident that holds most services back, from 1.")
    ]
    problems: Annotated[int, means("How many services do not work as usual.")]
    in_maintenance: Annotated[int, means("How many are closed for planned work.")]
    total: Annotated[int, means("How many services there are.")]
    stale: Annotated[int, means("How many problems nobody has spoken of for long.")]
    essential_working: Annotated[
        Ids,
        means(
            "The ids of the essential services that work; while there are problems, of those that somebody looked at."
        ),
    ]
    left_out: Annotated[
        Ids, means("The ids of the incidents that cannot be shown, because there are mistakes in their files.")
    ]
    checked: Annotated[Time | None, means("When the city last said anything.")]
    next_update: Annotated[shapes.Promise | None, means("When it will next.")]
    statuses: Annotated[tuple[Meaning, ...], means("Every status, from best to worst.")]
    groups: Annotated[tuple[Group, ...], means("The groups, in their order on the pages.")]
    contacts: Annotated[tuple[Contact, ...], means("Whom to call.")]
    services: Annotated[tuple[Service, ...], means("Every service, in the order of the city.")]
    incidents: Annotated[
        tuple[shapes.IncidentFacts, ...], means("Every incident, notice and planned work that is not past.")
    ]
    waivers: Annotated[tuple[shapes.WaiverNow, ...], means("The waivers that hold or will.")]
    deadlines: Annotated[tuple[shapes.Deadline, ...], means("The deadlines to come, the soonest first.")]
    reminders: Annotated[tuple[Reminder, ...], means("The dates of the next two weeks, the soonest first.")]
    changed: Annotated[tuple[shapes.Change, ...], means("What changed in the last 24 hours.")]
    changed_last: Annotated[tuple[shapes.Change, ...], means("What the newest update changed.")]


FORM = Form("status", StatusDocument)


def files(board: Board, look: Look) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """`status.json` in every language, and its schema."""
    yield FORM.schema(board)
    for language in board.site.languages:
        address = addresses.in_language(addresses.status_data(), language, board.site)
        yield File(address, written(board, language))


def written(board: Board, language: str) -> bytes:
    """The bytes of `status.json` in one language."""
    return FORM.written(_document(board, Wording(board, language)))


def _document(board: Board, wording: Wording) -> StatusDocument:
    facts, speech, site = board.headline, wording.speech, board.site
    return StatusDocument(
        **vars(wording.head(addresses.status_data(), addresses.front(), FORM.address)),
        at=wording.moment(board.moment),
        next_change=wording.moment(board.next_change) if board.next_change else None,
        history=wording.link(addresses.history_data()),
        sentence=speech.join(speech.headline(board)),
        emergency=wording.said(site.emergency),
        day=facts.day,
        problems=facts.problems,
        in_maintenance=facts.in_maintenance,
        total=facts.total,
        stale=facts.stale,
        essential_working=facts.working,
        left_out=site.left_out,
        checked=wording.time_if(facts.checked),
        next_update=wording.promise(facts.promise),
        statuses=tuple(Meaning(each, speech.status(each), speech.meaning(each), each.open) for each in Status),
        groups=tuple(Group(group.id, speech.say(group.name)) for group in site.groups),
        contacts=tuple(_contact(contact, wording) for contact in site.contacts),
        services=tuple(_service(standing, wording) for standing in board.services),
        incidents=tuple(wording.incident_facts(standing) for standing in (*board.open, *board.notices, *board.planned)),
        waivers=tuple(
            shapes.WaiverNow(**vars(wording.waiver(standing.waiver, standing.incident)), phase=standing.phase)
            for standing in board.waivers
        ),
        deadlines=tuple(wording.deadline(standing.deadline, standing.incident) for standing in board.deadlines),
        reminders=tuple(_reminder(action, wording) for action in board.actions),
        changed=tuple(wording.change(change) for change in board.changed),
        changed_last=tuple(wording.change(change) for change in board.changed_last),
    )


def _contact(contact: model.Contact, wording: Wording) -> Contact:
    return Contact(
        wording.speech.say(contact.name), contact.phone, contact.url, wording.said(contact.hours), contact.languages
    )


def _service(standing: ServiceStanding, wording: Wording) -> Service:
    service, speech = standing.service, wording.speech
    return Service(
        id=standing.id,
        name=speech.say(service.name),
        page=wording.link(addresses.service(standing.id)),
        summary=wording.said(service.summary),
        group=service.group,
        operator=wording.operator(service.operator) if service.operator else None,
        keywords=wording.said(service.keywords),
        code=service.code,
        essential=service.essential,
        status=standing.status,
        status_words=speech.status(standing.status),
        problem=standing.problem,
        since=wording.time_if(standing.since.when) if standing.since else None,
        since_before=bool(standing.since and standing.since.before),
        day=standing.day,
        restored=wording.time_if(standing.restored),
        checked=wording.time_if(standing.confirmed),
        stale=standing.stale,
        sentence=speech.say_this(standing),
        advice=tuple(
            Advice(advice.channel, wording.said(advice.do), wording.said(advice.where)) for advice in standing.advice
        ),
        channels=tuple(_channel(way, wording) for way in standing.channels),
        expected=tuple(
            wording.said_estimate(said, standing.late and said is standing.estimate) for said in standing.estimates
        ),
        next_update=wording.promise(standing.promise),
        waivers=tuple(waiver.waiver.id for waiver in standing.waivers),
        incidents=standing.incidents,
    )


def _channel(way: ChannelStanding, wording: Wording) -> ChannelNow:
    return ChannelNow(
        **vars(wording.channel(way.channel)),
        status=way.status,
        status_words=wording.speech.status(way.status),
        since=wording.time_if(way.since.when) if way.since else None,
        since_before=bool(way.since and way.since.before),
        open=way.status.open,
        automatic=way.automatic,
        temporary=way.temporary,
    )


def _reminder(action: Action, wording: Wording) -> Reminder:
    return Reminder(
        wording.time(action.on), wording.speech.action(action), action.ends_waiver, action.services, action.incident
    )
