"""What was said of one incident, taken in update by update: what holds now, and what was said on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace

from statusgen.model import (
    Channel,
    Deadline,
    Incident,
    Kind,
    Report,
    Site,
    State,
    Status,
    Update,
    Waiver,
    When,
    Words,
)
from statusgen.status.service import from_channels
from statusgen.status.standing import (
    Advice,
    Cell,
    Hold,
    Said,
    SaidEstimate,
    Since,
    Situation,
    Source,
    TemporaryChannel,
)


@dataclass(frozen=True)
class Spoken:
    """A status that an update named for a cell; `said` is None where the post began with it."""

    status: Status
    said: When | None
    source: Source


@dataclass
class Course:
    """What has been said of an incident so far; `take` in its updates from the oldest on.

    `running` and `closed` are what holds cells back, or held them back. Of planned work, whose clock decides
    about that, `spoken` has each cell's statuses one after the other instead.
    """

    incident: Incident
    site: Site
    state: State = State.INVESTIGATING
    running: dict[Cell, Hold] = field(default_factory=dict)
    closed: list[Hold] = field(default_factory=list)
    spoken: dict[Cell, list[Spoken]] = field(default_factory=dict)
    advice: dict[Cell, Advice] = field(default_factory=dict)
    channels: dict[tuple[str, str], TemporaryChannel] = field(default_factory=dict)
    gone: list[TemporaryChannel] = field(default_factory=list)
    confirmed: dict[Cell, When] = field(default_factory=dict)
    returned: dict[Cell, When] = field(default_factory=dict)
    waivers: dict[str, Waiver] = field(default_factory=dict)
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    estimates: list[SaidEstimate] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    due: When | None = None
    known: tuple[Words, ...] = ()
    not_known: tuple[Words, ...] = ()
    doing: tuple[Words, ...] = ()
    ends: When | None = None
    ended: When | None = None

    def take(self, update: Update) -> None:
        """Take in the next update."""
        source = Source(self.incident.id, update.id)
        affected = self.held() | {service for service, _ in self.channels}
        if update.state.moves:
            self.state = update.state
            self.ended = update.time if update.state.ends else None
        self.facts(update)
        if update.expected:
            self.estimates.append(SaidEstimate(update.expected, update.time, source))
        self.reports(update, source)
        if update.state.ends:
            self.end(update.time, source)
        elif self.ended and (self.running if self.incident.kind is not Kind.MAINTENANCE else update.starts):
            self.reopen()
        waivers = tuple(self.waivers[waiver.id] for waiver in update.waivers)
        deadlines = tuple(self.deadlines[deadline.id] for deadline in update.deadlines)
        concerned = self.concerned(update, affected)
        self.said.append(Said(update, concerned, waivers, deadlines, self.situation(update.time)))

    def facts(self, update: Update) -> None:
        """Take in what an update says of the whole incident."""
        if update.next_update or update.state is not State.CORRECTION:
            self.due = update.next_update
        self.known = update.known or self.known
        self.not_known = update.not_known or self.not_known
        self.doing = update.doing or self.doing
        self.ends = update.ends or self.ends
        for waiver in update.waivers:
            day = When.day(self.site.local_day(update.time.start), self.site.zone)
            self.waivers[waiver.id] = _waived(self.waivers.get(waiver.id), waiver, day)
        for deadline in update.deadlines:
            self.deadlines[deadline.id] = _dated(self.deadlines.get(deadline.id), deadline)

    def reports(self, update: Update, source: Source) -> None:
        """Take in what an update says of services: first of whole ones, then of the channels that it singles out."""
        first = update is self.incident.updates[0]
        began = self.incident.started if first else update.time
        held, new = self.held(), set()
        statuses: dict[Cell, Report] = {}
        for report in sorted(update.reports, key=lambda report: report.channel is not None):
            cells = self.cells(report)
            self.confirmed |= dict.fromkeys(cells, update.time)
            self.advise(report)
            if report.expected:
                cell = (report.service, report.channel)
                self.estimates.append(SaidEstimate(report.expected, update.time, source, cell))
            for way in report.channels:
                self.set_up(report.service, way, began, source)
                new.add((report.service, way.id))
            if report.status is not None:
                statuses |= dict.fromkeys(cells, report)
        for cell, report in statuses.items():
            self.put(cell, report, began, update.time, source)
            self.speak(cell, Spoken(report.status or Status.WORKING, None if first else update.time, source))
        for service in sorted({cell[0] for cell in statuses}):
            self.tidy(service)
        for service in sorted(held - self.held()):
            self.returned[service, None] = update.time
            needless = [key for key in self.channels if key[0] == service and key not in new]
            self.close_channels(update.time, source, needless)

    def speak(self, cell: Cell, spoken: Spoken) -> None:
        """Keep a status that differs from the one before it."""
        earlier = self.spoken.setdefault(cell, [])
        if not earlier or earlier[-1].status is not spoken.status:
            earlier.append(spoken)

    def situation(self, now: When) -> Situation:
        """How it stands, now that an update was taken in."""
        by_clock = self.incident.kind is Kind.NOTICE and self.ends is not None and self.ends.end <= now.start
        over = self.ended is not None or by_clock
        lasting = (waiver for waiver in self.waivers.values() if not (waiver.until and waiver.until.end <= now.start))
        return Situation(
            state=self.state,
            over=over,
            held=() if over else tuple((service, self.standing(service, now)) for service in sorted(self.held())),
            advice=() if over else tuple(self.advice.values()),
            waivers=() if self.state is State.WITHDRAWN else tuple(lasting),
            due=None if over else self.due,
            ends=self.ends,
        )

    def standing(self, service: str, now: When) -> Status:
        """How a service that it holds back stands, as far as this incident goes."""
        known = self.site.by_id.get(service)
        cells: list[Cell] = [(service, way.id) for way in known.channels] if known else []
        running = {cell: hold.status for cell, hold in self.running.items() if cell[0] == service}
        held = {**dict.fromkeys(cells or [(service, None)], Status.WORKING), **running}
        extra = [way for way in self.channels.values() if way.service == service and way.stands(now.start)]
        return from_channels([*held.values(), *(Status.WORKING for _ in extra)])

    def held(self) -> set[str]:
        """The services that it holds back."""
        return {cell[0] for cell in self.running}

    def cells(self, report: Report) -> list[Cell]:
        """A whole service stands for each of its channels, but for those set up for this incident."""
        if report.channel:
            return [(report.service, report.channel)]
        service = self.site.by_id.get(report.service)
        ways = [way.id for way in service.channels] if service else []
        return [(report.service, way) for way in ways] or [(report.service, None)]

    def put(self, cell: Cell, report: Report, began: When, now: When, source: Source) -> None:
        """Begin, go on with, or end what holds a cell back."""
        status, before = report.status or Status.WORKING, report.started_before
        since = Since(before, True) if before and before.start <= now.start else Since(began)
        running = self.running.get(cell)
        if running and running.status is status:
            self.running[cell] = self.dated_back(running, since)
            return
        if running:
            self.closed.append(replace(running, until=now, closed_by=source))
            del self.running[cell]
            since = Since(now)
        if status is not Status.WORKING:
            self.running[cell] = Hold(self.incident.id, cell, status, since, opened_by=source)
        elif running:
            self.returned[cell] = now

    def dated_back(self, hold: Hold, since: Since) -> Hold:
        """The hold as it is, or begun earlier where a later word says so and nothing was said of the time before."""
        if not since.before or since.when.start >= hold.since.when.start:
            return hold
        follows = any(closed.cell == hold.cell for closed in self.closed)
        return hold if follows else replace(hold, since=since)

    def advise(self, report: Report) -> None:
        """Keep what to do meanwhile: what an update names of it. A word on the whole overrides those on channels."""
        cell = (report.service, report.channel)
        if report.channel is None and report.status is not None:
            self.advice = {key: advice for key, advice in self.advice.items() if key[0] != cell[0] or key == cell}
        if report.do or report.where:
            old = self.advice.get(cell, Advice(*cell, None, None))
            self.advice[cell] = replace(old, do=report.do or old.do, where=report.where or old.where)

    def set_up(self, service: str, way: Channel, began: When, source: Source) -> None:
        """Open a channel for the time being, or change one; where it moves to a later time, it is open until then."""
        old = self.channels.get((service, way.id))
        if old is None:
            opens, by = _opening(way, began, source)
            self.channels[service, way.id] = TemporaryChannel(service, way, opens, by)
            return
        way = _merged(old.channel, way)
        opens, by = old.opens, old.opened_by
        if way.opens and way.opens != old.channel.opens:
            if old.opens.start <= began.start < way.opens.start:
                self.gone.append(replace(old, ended=way.opens))
            opens, by = _opening(way, began, source)
        self.channels[service, way.id] = TemporaryChannel(service, way, opens, by)

    def tidy(self, service: str) -> None:
        """What works again needs no advice."""
        held = {cell for cell in self.running if cell[0] == service}
        for cell in [cell for cell in self.advice if cell[0] == service]:
            if not held or (cell[1] and cell not in held):
                del self.advice[cell]

    def close_channels(self, now: When, source: Source | None, keys: Iterable[tuple[str, str]]) -> None:
        """End channels that were set up for the time being."""
        self.gone += [replace(self.channels.pop(key), ended=now, ended_by=source) for key in keys]

    def end(self, time: When, source: Source | None) -> None:
        """All that was held back works again; without `source`, the clock says so."""
        for cell, hold in self.running.items():
            self.closed.append(replace(hold, until=time, closed_by=source))
            self.returned[cell] = self.returned[cell[0], None] = time
            if source:
                self.confirmed[cell] = time
        self.close_channels(time, source, list(self.channels))
        self.running, self.advice = {}, {}

    def reopen(self) -> None:
        """Whoever names a problem, or a new time for the work, after the end has not come to the end."""
        self.ended = None
        if self.state.ends:
            self.state = State.SCHEDULED if self.incident.kind is Kind.MAINTENANCE else State.INVESTIGATING

    def concerned(self, update: Update, affected: set[str]) -> tuple[str, ...]:
        """The services that an update is about; `affected` are those for which an end changes something."""
        about = {report.service for report in update.reports}
        about |= {id for waiver in update.waivers for id in self.waivers[waiver.id].services}
        about |= {id for deadline in update.deadlines for id in self.deadlines[deadline.id].services}
        if update.expected:
            about |= set(update.expected.services) or self.held()
        if update.state.ends:
            about |= affected
        if self.incident.kind is Kind.MAINTENANCE and (update.state.moves or update.starts or update.ends):
            about |= {cell[0] for cell in self.spoken}
        if update.correction:
            about |= {id for said in self.said if said.update.id == update.correction.corrects for id in said.services}
        return tuple(sorted(about))


def _opening(way: Channel, began: When, source: Source) -> tuple[When, Source | None]:
    """When a channel opens, and the update that opens it unless the clock does so later."""
    return (way.opens, None) if way.opens and way.opens.start > began.start else (began, source)


def _merged(old: Channel, new: Channel) -> Channel:
    """A channel with what a later word changes of it."""
    named = {each.name: getattr(new, each.name) for each in fields(new) if getattr(new, each.name) not in (None, ())}
    return replace(old, **named)


def _waived(old: Waiver | None, new: Waiver, today: When) -> Waiver:
    if old is None:
        return new if new.begins else replace(new, begins=today)
    ends = new if new.until or new.until_words else old
    return Waiver(
        id=old.id,
        place=new.place,
        services=new.services or old.services,
        what=new.what or old.what,
        by=new.by or old.by,
        begins=new.begins or old.begins,
        until=ends.until,
        until_words=ends.until_words,
        how=new.how or old.how,
    )


def _dated(old: Deadline | None, new: Deadline) -> Deadline:
    if old is None:
        return new
    return Deadline(old.id, new.place, new.on or old.on, new.what or old.what, new.services or old.services)
