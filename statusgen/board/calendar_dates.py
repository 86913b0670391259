"""The dates for residents' calendars, each with how often it was moved and whether it was called off.

A calendar that has read an earlier version of the site recognizes a date by its id, and a newer version of the date by
its revision (iCalendar, RFC 5545, section 3.8.7.4). So both follow from what was published, update by update, and never
from the moment of the build.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from statusgen.board.model.advice import Workaround
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.whole_board import Board
from statusgen.board.replay.advice import list_holding
from statusgen.board.replay.replay import Replay
from statusgen.board.windows import LOOKBACK_PERIOD, numbered_windows
from statusgen.model.posts import Update
from statusgen.model.states import Kind, State
from statusgen.model.times import When
from statusgen.model.waivers import Waiver
from statusgen.model.words import Words


class DateKind(Enum):
    """What happens on a date."""

    WORK = "work"
    DEADLINE = "deadline"
    WAIVER = "waiver"
    PROMISE = "promise"


@dataclass(frozen=True)
class CalendarDate:
    """A window of planned work, a deadline, the last day of a waiver, or the time of a promised update.

    `id` is unique on the site, and stays the same as long as the post and what it names keep their names.
    `announced_at` is when the date was first published and `changed_at` when the newest update that changed anything
    about it was; `revision` is how often updates moved it, called it off or reinstated it. Only windows have an `end`;
    if that is not known (`is_open_ended`), it is when an update last said that the work goes on. `services` are the ids
    of those concerned, and `workarounds` what they can do then: advice that ends before the date is not among it.
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
    """Return the coming dates, and those of the last year, soonest first."""
    found = (date for incident in board.incidents for date in _incident_dates(incident, board))
    recent = [date for date in found if date.over_at > board.moment - LOOKBACK_PERIOD]
    return tuple(sorted(recent, key=lambda date: (date.start.start, date.id)))


def _incident_dates(incident: IncidentStatus, board: Board) -> Iterator[CalendarDate]:
    """Yield the dates of an incident, without a promise that was kept late: its time is no longer of interest."""
    if not _has_dates(incident):
        return
    tracker = _DateTracker(Replay(incident.incident, board.site))
    for update in incident.updates:
        tracker.apply(update)
    tracker.add_repeated_windows(board.moment)
    for date in tracker.entries.values():
        if date.kind is not DateKind.PROMISE or date.cancelled or incident.promise:
            yield date


def _has_dates(incident: IncidentStatus) -> bool:
    """Return whether there can be any. Most old incidents have none, and need not be replayed."""
    work = incident.incident.kind is Kind.MAINTENANCE
    return work or any(update.deadlines or update.waivers or update.next_update for update in incident.updates)


@dataclass
class _DateTracker:
    """The dates of an incident, as its updates announced, moved and canceled them one after the other.

    `entries` has them by id. `planned_at` is when an update last changed the schedule of planned work.
    """

    replay: Replay
    updates: list[Update] = field(default_factory=list)
    planned_at: When | None = None
    entries: dict[str, CalendarDate] = field(default_factory=dict)

    def apply(self, update: Update) -> None:
        """Apply the next update, then compare the dates that hold now with those recorded before."""
        self.add_repeated_windows(update.time.start)
        self.replay.apply(update)
        self.updates.append(update)
        self.planned_at = update.time if _changes_schedule(update) or self.planned_at is None else self.planned_at
        current = {date.id: date for date in self.current_dates(update.time, update.time.start)}
        for date in current.values():
            self.record(date)
        for date in list(self.entries.values()):
            if date.id not in current and self.is_called_off(date, update.time):
                self.record(replace(date, cancelled=True, changed_at=update.time))

    def add_repeated_windows(self, moment: datetime) -> None:
        """Add the windows of repeated work that came into view as time passed, without any update."""
        if self.planned_at and self.replay.incident.repeats and self.replay.state is not State.WITHDRAWN:
            for date in self.work_windows(self.planned_at, moment):
                self.entries.setdefault(date.id, date)

    def record(self, new: CalendarDate) -> None:
        """Record a date as an update left it, as another revision if the update moved it or called it off.

        An update that only says the same advice again changes nothing: programs tell their readers of each entry that
        was renewed, which would be every day of some outages, and what was said on the earlier day was said then.
        """
        old = self.entries.get(new.id, new)
        as_before = replace(new, announced_at=old.announced_at, changed_at=old.changed_at, revision=old.revision)
        if _advised(new) == _advised(old):
            as_before = replace(as_before, workarounds=old.workarounds)
        moved = (new.start, new.end, new.cancelled) != (old.start, old.end, old.cancelled)
        self.entries[new.id] = (
            old if as_before == old else replace(new, announced_at=old.announced_at, revision=old.revision + moved)
        )

    def is_called_off(self, date: CalendarDate, now: When) -> bool:
        """Return whether a date that no longer follows from the updates was called off.

        Old windows of repeated work, and promises that fell due, are gone only because they have passed. One that was
        kept when it fell due was not called off either.
        """
        is_promise = date.kind is DateKind.PROMISE
        repeats = date.kind is DateKind.WORK and self.replay.incident.repeats
        is_ahead = date.start.start > now.start if is_promise else date.start.start >= now.start
        return self.replay.state is State.WITHDRAWN or not (repeats or is_promise) or is_ahead

    def current_dates(self, announced_at: When, moment: datetime) -> Iterator[CalendarDate]:
        """Yield all dates that hold now, as of an update at `announced_at`; none if the post is withdrawn."""
        replay = self.replay
        if replay.state is State.WITHDRAWN:
            return
        yield from self.work_windows(announced_at, moment)
        for deadline in replay.deadlines.values():
            if deadline.on:
                yield self.make_date(
                    DateKind.DEADLINE, deadline.id, deadline.on, announced_at, deadline.services, deadline.what
                )
        for waiver in replay.waivers.values():
            if waiver.until:
                date = self.make_date(
                    DateKind.WAIVER, waiver.id, waiver.until, announced_at, waiver.services, waiver.what
                )
                yield replace(date, waiver=waiver)
        if replay.due and not replay.ended:
            date = self.make_date(DateKind.PROMISE, "", replay.due, announced_at, self.affected_services())
            yield self.with_advice(date)

    def work_windows(self, announced_at: When, moment: datetime) -> Iterator[CalendarDate]:
        """Yield the windows of planned work."""
        replay = self.replay
        if replay.incident.kind is not Kind.MAINTENANCE:
            return
        published = replace(replay.incident, updates=tuple(self.updates))
        for number, window in numbered_windows(published, replay.site, moment).items():
            date = self.make_date(DateKind.WORK, str(number + 1), window.start, announced_at, self.affected_services())
            date = replace(date, end=window.end or announced_at, is_open_ended=window.end is None)
            yield self.with_advice(date)

    def with_advice(self, date: CalendarDate) -> CalendarDate:
        """Return a date with what people can do then."""
        holding = list_holding(self.replay.advice.workarounds.values(), date.start.start)
        return replace(date, workarounds=tuple(holding))

    def make_date(
        self,
        kind: DateKind,
        name: str,
        start: When,
        announced_at: When,
        services: Iterable[str],
        what: Words | None = None,
    ) -> CalendarDate:
        """Return a date as it is since `announced_at`."""
        incident = self.replay.incident.id
        id = "/".join(filter(None, (incident, kind.value, name)))
        return CalendarDate(
            id, kind, incident, start, None, announced_at, announced_at, tuple(sorted(services)), what=what
        )

    def affected_services(self) -> set[str]:
        """Return the services that are affected, or that planned work is about."""
        work = self.replay.incident.kind is Kind.MAINTENANCE
        return {key[0] for key in self.replay.words.reported} if work else self.replay.affected_services()


def _advised(date: CalendarDate) -> list[object]:
    """Return what is advised for a date, whenever that was said."""
    return [
        (each.service, each.channel, [advice and (advice.words, advice.until) for advice in (each.do, each.where)])
        for each in date.workarounds
    ]


def _changes_schedule(update: Update) -> bool:
    """Return whether an update can have changed when planned work takes place."""
    return bool(update.starts or update.ends or update.state.is_state_change)
