"""One incident followed update by update to a moment: what holds then, and what was said on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from statusgen.model import Deadline, Incident, Kind, Report, Site, State, Status, Update, Waiver, When, Words
from statusgen.status.standing import (
    Advice,
    Cell,
    DeadlineStanding,
    Hold,
    IncidentStanding,
    Phase,
    Promise,
    SaidEstimate,
    Since,
    Source,
    TemporaryChannel,
    WaiverStanding,
    Window,
)
from statusgen.status.windows import windows


def follow(incident: Incident, site: Site, moment: datetime) -> IncidentStanding | None:
    """The incident as published by `moment`; None where nothing of it was published yet."""
    updates = tuple(update for update in incident.updates if update.time.start <= moment)
    if not updates:
        return None
    course = _Course(incident, site)
    for update in updates:
        course.take(update)
    planned = windows(incident, updates, site, moment) if incident.kind is Kind.MAINTENANCE else ()
    phase = _phase(course, planned, moment)
    holds = course.closed + list(course.running.values())
    if incident.kind is Kind.MAINTENANCE:
        holds = [hold for window in planned for hold in _window_holds(course, window, moment)]
    past = phase is Phase.PAST
    due = None if past else course.due
    return IncidentStanding(
        incident=incident,
        updates=updates,
        state=_state_by_clock(course, phase),
        phase=phase,
        holds=tuple(holds),
        advice=tuple(course.advice.values()) if phase is Phase.OPEN else (),
        channels=(*course.gone, *course.channels.values()),
        confirmed=tuple(course.confirmed.items()),
        waivers=tuple(_waiver(waiver, incident, moment) for waiver in course.waivers.values()),
        deadlines=tuple(_deadline(deadline, incident, moment) for deadline in course.deadlines.values()),
        estimates=tuple(course.estimates),
        promise=Promise(due, due.end <= moment, incident.id) if due else None,
        known=course.known,
        not_known=course.not_known,
        doing=course.doing,
        unrelated_to=tuple(dict.fromkeys(id for update in updates for id in update.unrelated_to)),
        windows=planned,
        ends=course.ends,
        ended=_ended(course, planned) if past else None,
        ended_by=course.ended_by,
    )


@dataclass
class _Course:
    """What has been said of an incident so far."""

    incident: Incident
    site: Site
    state: State = State.INVESTIGATING
    running: dict[Cell, Hold] = field(default_factory=dict)
    closed: list[Hold] = field(default_factory=list)
    statuses: dict[Cell, tuple[Status, Source]] = field(default_factory=dict)
    advice: dict[Cell, Advice] = field(default_factory=dict)
    channels: dict[tuple[str, str], TemporaryChannel] = field(default_factory=dict)
    gone: list[TemporaryChannel] = field(default_factory=list)
    confirmed: dict[Cell, When] = field(default_factory=dict)
    waivers: dict[str, Waiver] = field(default_factory=dict)
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    estimates: list[SaidEstimate] = field(default_factory=list)
    due: When | None = None
    known: tuple[Words, ...] = ()
    not_known: tuple[Words, ...] = ()
    doing: tuple[Words, ...] = ()
    ends: When | None = None
    ended: When | None = None
    ended_by: Source | None = None

    def take(self, update: Update) -> None:
        """Take in the next update."""
        source = Source(self.incident.id, update.id)
        if update.state.moves:
            self.state = update.state
            self.ended, self.ended_by = (update.time, source) if update.state.ends else (None, None)
        for report in sorted(update.reports, key=lambda report: report.channel is not None):
            self.report(report, update, source)
        if update.state.ends:
            self.end(update.time, source)
        if update.expected:
            self.estimates.append(SaidEstimate(update.expected, update.time, source))
        if update.next_update or update.state is not State.CORRECTION:
            self.due = update.next_update
        self.known = update.known or self.known
        self.not_known = update.not_known or self.not_known
        self.doing = update.doing or self.doing
        self.ends = update.ends or self.ends
        for waiver in update.waivers:
            self.waivers[waiver.id] = _waived(self.waivers.get(waiver.id), waiver, update.time)
        for deadline in update.deadlines:
            self.deadlines[deadline.id] = _dated(self.deadlines.get(deadline.id), deadline)

    def report(self, report: Report, update: Update, source: Source) -> None:
        """Take in what an update says of a service or channel."""
        first = update is self.incident.updates[0]
        began = self.incident.started if first else update.time
        for way in report.channels:
            old = self.channels.get((report.service, way.id))
            added = TemporaryChannel(report.service, way, old.since if old else began)
            self.channels[report.service, way.id] = added
        self.advise(report)
        if report.expected:
            self.estimates.append(SaidEstimate(report.expected, update.time, source, report.service))
        if report.status is None:
            return
        since = Since(report.started_before, True) if report.started_before else Since(began)
        for cell in self.cells(report):
            self.confirmed[cell] = update.time
            self.statuses[cell] = (report.status, source)
            self.put(cell, report.status, since, update.time, source)
        self.tidy(report.service, update.time)

    def cells(self, report: Report) -> Iterable[Cell]:
        """A whole service stands for each of its channels, but for those set up for this incident."""
        if report.channel:
            return [(report.service, report.channel)]
        service = self.site.by_id.get(report.service)
        ways = [way.id for way in service.channels] if service else []
        return [(report.service, way) for way in ways] or [(report.service, None)]

    def put(self, cell: Cell, status: Status, since: Since, now: When, source: Source) -> None:
        """Begin, go on with, or end what holds a cell back."""
        running = self.running.get(cell)
        if running and running.status is status:
            return
        if running:
            self.closed.append(replace(running, until=now, closed_by=source))
            del self.running[cell]
            since = Since(now)
        if status is not Status.WORKING:
            self.running[cell] = Hold(cell, status, since, None, source)

    def advise(self, report: Report) -> None:
        """Keep what to do meanwhile; an update changes only what it names."""
        if report.do or report.where:
            cell = (report.service, report.channel)
            old = self.advice.get(cell, Advice(*cell, None, None))
            self.advice[cell] = replace(old, do=report.do or old.do, where=report.where or old.where)

    def tidy(self, service: str, now: When) -> None:
        """What works again needs no advice, and no channels set up for the time being."""
        held = {cell for cell in self.running if cell[0] == service}
        for cell in [cell for cell in self.advice if cell[0] == service]:
            if not held or (cell[1] and cell not in held):
                del self.advice[cell]
        if not held:
            self.close_channels(now, [key for key in self.channels if key[0] == service])

    def close_channels(self, now: When, keys: list[tuple[str, str]]) -> None:
        """End channels that were set up for the time being."""
        self.gone += [replace(self.channels.pop(key), until=now) for key in keys]

    def end(self, time: When, source: Source) -> None:
        """All that was held back works again."""
        for cell, hold in self.running.items():
            self.closed.append(replace(hold, until=time, closed_by=source))
            self.confirmed[cell] = time
        self.close_channels(time, list(self.channels))
        self.running, self.advice = {}, {}


def _waived(old: Waiver | None, new: Waiver, now: When) -> Waiver:
    if old is None:
        return new if new.begins else replace(new, begins=now)
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


def _waiver(waiver: Waiver, incident: Incident, moment: datetime) -> WaiverStanding:
    """A waiver holds until the date that was said; no end of an incident ends what was promised."""
    if waiver.begins and waiver.begins.start > moment:
        phase = Phase.PLANNED
    else:
        phase = Phase.PAST if waiver.until and waiver.until.end <= moment else Phase.OPEN
    return WaiverStanding(waiver, phase, incident.id)


def _deadline(deadline: Deadline, incident: Incident, moment: datetime) -> DeadlineStanding:
    over = deadline.on is not None and deadline.on.end <= moment
    return DeadlineStanding(deadline, Phase.PAST if over else Phase.OPEN, incident.id)


def _phase(course: _Course, planned: tuple[Window, ...], moment: datetime) -> Phase:
    if course.incident.kind is Kind.MAINTENANCE:
        if not planned or course.state is State.CANCELLED:
            return Phase.PAST
        window = planned[-1]
        if window.start.start > moment:
            return Phase.PLANNED
        return Phase.OPEN if window.end is None or window.end.end > moment else Phase.PAST
    if course.ended:
        return Phase.PAST
    over = course.incident.kind is Kind.NOTICE and course.ends is not None and course.ends.end <= moment
    return Phase.PAST if over else Phase.OPEN


def _state_by_clock(course: _Course, phase: Phase) -> State:
    """The state as said, or as the clock has moved planned work on since."""
    if course.incident.kind is not Kind.MAINTENANCE or course.state.ends:
        return course.state
    if phase is Phase.PAST:
        return State.COMPLETED
    if phase is Phase.OPEN and course.state is State.SCHEDULED:
        return State.IN_PROGRESS
    return State.SCHEDULED if phase is Phase.PLANNED else course.state


def _ended(course: _Course, planned: tuple[Window, ...]) -> When | None:
    if course.ended:
        return course.ended
    return planned[-1].end if planned else course.ends


def _window_holds(course: _Course, window: Window, moment: datetime) -> Iterable[Hold]:
    if window.start.start > moment:
        return
    end = window.end if window.end and window.end.end <= moment else None
    for cell, (status, source) in course.statuses.items():
        if status is not Status.WORKING:
            closed_by = course.ended_by if end is not None and course.ended == end else None
            yield Hold(cell, status, Since(window.start), end, source, closed_by)
