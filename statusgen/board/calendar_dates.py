"""The dates that residents can put into their calendars, each with how often it was moved and whether it is off.

A calendar that has read an earlier edition finds a date again by its id, and knows the newer edition by its revision
(iCalendar, RFC 5545, section 3.8.7.4). So both follow from what was published, update by update, and never from the
moment at which anybody looks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from statusgen.board.model import Board, IncidentStatus, Workaround
from statusgen.board.replay import Replay
from statusgen.board.windows import LOOKBACK_PERIOD, numbered_windows
from statusgen.model import Kind, State, Update, Waiver, When, Words


class DateKind(Enum):
    """What happens on a date."""

    WORK = "work"
    DEADLINE = "deadline"
    WAIVER = "waiver"
    PROMISE = "promise"


@dataclass(frozen=True)
class CalendarDate:
    """A window of planned work, a deadline, the last day of a waiver, or the moment of a promised update.

    `id` is unique on the site, and the same for as long as the post and what it names keep their names. `said` is when
    the date was first given and `changed` when the newest update that changes anything about it was published;
    `revision` is how often updates moved it, called it off or took that back. Only windows have an `end`; where
    it is not known (`open_end`), that is when an update last told that the work goes on. `services` are the ids of
    those that it concerns.
    """

    id: str
    kind: DateKind
    incident: str
    start: When
    end: When | None
    announced_at: When
    changed_at: When
    services: tuple[str, ...] = ()
    workarounds: tuple[Workaround, ...] = ()
    what: Words | None = None
    waiver: Waiver | None = None
    is_open_ended: bool = False
    cancelled: bool = False
    revision: int = 0

    @property
    def over_at(self) -> datetime:
        """The first moment after it."""
        return max(self.start.end, self.end.end if self.end else self.start.end)


def calendar_dates(board: Board) -> tuple[CalendarDate, ...]:
    """The dates to come, and those of the last year, soonest first."""
    found = (appointment for standing in board.incidents for appointment in _incident_dates(standing, board))
    kept = [appointment for appointment in found if appointment.over_at > board.moment - LOOKBACK_PERIOD]
    return tuple(sorted(kept, key=lambda appointment: (appointment.start.start, appointment.id)))


def _incident_dates(standing: IncidentStatus, board: Board) -> Iterator[CalendarDate]:
    """The dates of an incident; a promise that was kept late has no place among them any more."""
    if not _has_dates(standing):
        return
    ledger = _DateTracker(Replay(standing.incident, board.site))
    for update in standing.updates:
        ledger.apply(update)
    ledger.add_repeated_windows(board.moment)
    for appointment in ledger.entries.values():
        if appointment.kind is not DateKind.PROMISE or appointment.cancelled or standing.promise:
            yield appointment


def _has_dates(standing: IncidentStatus) -> bool:
    """Whether there can be any: most incidents of many years have none, and need not be gone through again."""
    work = standing.incident.kind is Kind.MAINTENANCE
    return work or any(update.deadlines or update.waivers or update.next_update for update in standing.updates)


@dataclass
class _DateTracker:
    """The dates of an incident, as one update after the other gave, moved and cancelled them."""

    replay: Replay
    updates: list[Update] = field(default_factory=list)
    planned_at: When | None = None
    entries: dict[str, CalendarDate] = field(default_factory=dict)

    def apply(self, update: Update) -> None:
        """Take in the next update."""
        self.add_repeated_windows(update.time.start)
        self.replay.apply(update)
        self.updates.append(update)
        self.planned_at = update.time if _changes_schedule(update) or self.planned_at is None else self.planned_at
        now = {appointment.id: appointment for appointment in self.current_dates(update.time, update.time.start)}
        for appointment in now.values():
            self.record(appointment)
        for appointment in list(self.entries.values()):
            if appointment.id not in now and self.is_called_off(appointment, update.time):
                self.record(replace(appointment, cancelled=True, changed_at=update.time))

    def add_repeated_windows(self, moment: datetime) -> None:
        """Add the windows of repeated work that came into sight with time, nobody having said anything."""
        if self.planned_at and self.replay.incident.repeats and self.replay.state is not State.WITHDRAWN:
            for appointment in self.work_windows(self.planned_at, moment):
                self.entries.setdefault(appointment.id, appointment)

    def record(self, new: CalendarDate) -> None:
        """Write down how a date stands since an update."""
        old = self.entries.get(new.id, new)
        as_before = replace(new, announced_at=old.announced_at, changed_at=old.changed_at, revision=old.revision)
        moved = (new.start, new.end, new.cancelled) != (old.start, old.end, old.cancelled)
        self.entries[new.id] = (
            old if as_before == old else replace(as_before, changed_at=new.changed_at, revision=old.revision + moved)
        )

    def is_called_off(self, appointment: CalendarDate, now: When) -> bool:
        """Whether a date that an update no longer gives will not come.

        Old windows of repeated work, and promises that fell due, are not given any more for having passed.
        """
        repeats = appointment.kind is DateKind.WORK and self.replay.incident.repeats
        passes = repeats or appointment.kind is DateKind.PROMISE
        return self.replay.state is State.WITHDRAWN or not passes or appointment.start.start >= now.start

    def current_dates(self, announced_at: When, moment: datetime) -> Iterator[CalendarDate]:
        """All that stand, as they were last given in an update of the time `said`; none where the post is withdrawn."""
        course = self.replay
        if course.state is State.WITHDRAWN:
            return
        yield from self.work_windows(announced_at, moment)
        for deadline in course.deadlines.values():
            if deadline.on:
                yield self.make_date(
                    DateKind.DEADLINE, deadline.id, deadline.on, announced_at, deadline.services, deadline.what
                )
        for waiver in course.waivers.values():
            if waiver.until:
                date = self.make_date(
                    DateKind.WAIVER, waiver.id, waiver.until, announced_at, waiver.services, waiver.what
                )
                yield replace(date, waiver=waiver)
        if course.due and not course.ended:
            date = self.make_date(DateKind.PROMISE, "", course.due, announced_at, self.affected_services())
            yield replace(date, workarounds=tuple(course.workarounds.values()))

    def work_windows(self, announced_at: When, moment: datetime) -> Iterator[CalendarDate]:
        """The windows of planned work."""
        course = self.replay
        if course.incident.kind is not Kind.MAINTENANCE:
            return
        published = replace(course.incident, updates=tuple(self.updates))
        for number, window in numbered_windows(published, course.site, moment).items():
            date = self.make_date(DateKind.WORK, str(number + 1), window.start, announced_at, self.affected_services())
            date = replace(date, end=window.end or announced_at, is_open_ended=window.end is None)
            yield replace(date, workarounds=tuple(course.workarounds.values()))

    def make_date(
        self,
        kind: DateKind,
        name: str,
        start: When,
        announced_at: When,
        services: Iterable[str],
        what: Words | None = None,
    ) -> CalendarDate:
        """A date as it stands since `said`."""
        incident = self.replay.incident.id
        id = "/".join(filter(None, (incident, kind.value, name)))
        return CalendarDate(
            id, kind, incident, start, None, announced_at, announced_at, tuple(sorted(services)), what=what
        )

    def affected_services(self) -> set[str]:
        """The services that are held back, or that planned work is about."""
        work = self.replay.incident.kind is Kind.MAINTENANCE
        return {cell[0] for cell in self.replay.reported_statuses} if work else self.replay.affected_services()


def _changes_schedule(update: Update) -> bool:
    """Whether an update can have changed when planned work takes place."""
    return bool(update.starts or update.ends or update.state.is_state_change)
