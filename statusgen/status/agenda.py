"""The dates that residents can put into their calendars, each with how often it was moved and whether it is off.

A calendar that has read an earlier edition finds a date again by its id, and knows the newer edition by its revision
(iCalendar, RFC 5545, section 3.8.7.4). So both follow from what was published, update by update, and never from the
moment at which anybody looks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from statusgen.model import Kind, State, Update, Waiver, When, Words
from statusgen.status.course import Course
from statusgen.status.standing import Advice, Board, IncidentStanding
from statusgen.status.windows import REMEMBERED, numbered


class Occasion(Enum):
    """What happens on a date."""

    WORK = "work"
    DEADLINE = "deadline"
    WAIVER = "waiver"
    PROMISE = "promise"


@dataclass(frozen=True)
class Appointment:
    """A window of planned work, a deadline, the last day of a waiver, or the moment of a promised update.

    `id` is unique on the site, and the same for as long as the post and what it names keep their names. `said` is when
    the date was first given and `changed` when the newest update that changes anything about it was published;
    `revision` is how often updates moved it, called it off or took that back. Only windows have an `end`; where
    it is not known (`open_end`), that is when an update last told that the work goes on. `services` are the ids of
    those that it concerns.
    """

    id: str
    occasion: Occasion
    incident: str
    start: When
    end: When | None
    said: When
    changed: When
    services: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()
    what: Words | None = None
    waiver: Waiver | None = None
    open_end: bool = False
    cancelled: bool = False
    revision: int = 0

    @property
    def over(self) -> datetime:
        """The first moment after it."""
        return max(self.start.end, self.end.end if self.end else self.start.end)


def agenda(board: Board) -> tuple[Appointment, ...]:
    """The dates to come, and those of the last year, soonest first."""
    found = (appointment for standing in board.incidents for appointment in _of(standing, board))
    kept = [appointment for appointment in found if appointment.over > board.moment - REMEMBERED]
    return tuple(sorted(kept, key=lambda appointment: (appointment.start.start, appointment.id)))


def _of(standing: IncidentStanding, board: Board) -> Iterator[Appointment]:
    """The dates of an incident; a promise that was kept late has no place among them any more."""
    if not _speaks_of_dates(standing):
        return
    ledger = _Ledger(Course(standing.incident, board.site))
    for update in standing.updates:
        ledger.take(update)
    ledger.look(board.moment)
    for appointment in ledger.entries.values():
        if appointment.occasion is not Occasion.PROMISE or appointment.cancelled or standing.promise:
            yield appointment


def _speaks_of_dates(standing: IncidentStanding) -> bool:
    """Whether there can be any: most incidents of many years have none, and need not be gone through again."""
    work = standing.incident.kind is Kind.MAINTENANCE
    return work or any(update.deadlines or update.waivers or update.next_update for update in standing.updates)


@dataclass
class _Ledger:
    """The dates of an incident, as one update after the other gave, moved and cancelled them."""

    course: Course
    told: list[Update] = field(default_factory=list)
    planned: When | None = None
    entries: dict[str, Appointment] = field(default_factory=dict)

    def take(self, update: Update) -> None:
        """Take in the next update."""
        self.look(update.time.start)
        self.course.take(update)
        self.told.append(update)
        self.planned = update.time if _plans(update) or self.planned is None else self.planned
        now = {appointment.id: appointment for appointment in self.dates(update.time, update.time.start)}
        for appointment in now.values():
            self.put(appointment)
        for appointment in list(self.entries.values()):
            if appointment.id not in now and self.called_off(appointment, update.time):
                self.put(replace(appointment, cancelled=True, changed=update.time))

    def look(self, moment: datetime) -> None:
        """Add the windows of repeated work that came into sight with time, nobody having said anything."""
        if self.planned and self.course.incident.repeats and self.course.state is not State.WITHDRAWN:
            for appointment in self.windows(self.planned, moment):
                self.entries.setdefault(appointment.id, appointment)

    def put(self, new: Appointment) -> None:
        """Write down how a date stands since an update."""
        old = self.entries.get(new.id, new)
        as_before = replace(new, said=old.said, changed=old.changed, revision=old.revision)
        moved = (new.start, new.end, new.cancelled) != (old.start, old.end, old.cancelled)
        self.entries[new.id] = (
            old if as_before == old else replace(as_before, changed=new.changed, revision=old.revision + moved)
        )

    def called_off(self, appointment: Appointment, now: When) -> bool:
        """Whether a date that an update no longer gives will not come.

        Old windows of repeated work, and promises that fell due, are not given any more for having passed.
        """
        repeats = appointment.occasion is Occasion.WORK and self.course.incident.repeats
        passes = repeats or appointment.occasion is Occasion.PROMISE
        return self.course.state is State.WITHDRAWN or not passes or appointment.start.start >= now.start

    def dates(self, said: When, moment: datetime) -> Iterator[Appointment]:
        """All that stand, as they were last given in an update of the time `said`; none where the post is withdrawn."""
        course = self.course
        if course.state is State.WITHDRAWN:
            return
        yield from self.windows(said, moment)
        for deadline in course.deadlines.values():
            if deadline.on:
                yield self.date(Occasion.DEADLINE, deadline.id, deadline.on, said, deadline.services, deadline.what)
        for waiver in course.waivers.values():
            if waiver.until:
                date = self.date(Occasion.WAIVER, waiver.id, waiver.until, said, waiver.services, waiver.what)
                yield replace(date, waiver=waiver)
        if course.due and not course.ended:
            date = self.date(Occasion.PROMISE, "", course.due, said, self.affected())
            yield replace(date, advice=tuple(course.advice.values()))

    def windows(self, said: When, moment: datetime) -> Iterator[Appointment]:
        """The windows of planned work."""
        course = self.course
        if course.incident.kind is not Kind.MAINTENANCE:
            return
        published = replace(course.incident, updates=tuple(self.told))
        for number, window in numbered(published, course.site, moment).items():
            date = self.date(Occasion.WORK, str(number + 1), window.start, said, self.affected())
            date = replace(date, end=window.end or said, open_end=window.end is None)
            yield replace(date, advice=tuple(course.advice.values()))

    def date(
        self,
        occasion: Occasion,
        name: str,
        start: When,
        said: When,
        services: Iterable[str],
        what: Words | None = None,
    ) -> Appointment:
        """A date as it stands since `said`."""
        incident = self.course.incident.id
        id = "/".join(filter(None, (incident, occasion.value, name)))
        return Appointment(id, occasion, incident, start, None, said, said, tuple(sorted(services)), what=what)

    def affected(self) -> set[str]:
        """The services that are held back, or that planned work is about."""
        work = self.course.incident.kind is Kind.MAINTENANCE
        return {cell[0] for cell in self.course.spoken} if work else self.course.held()


def _plans(update: Update) -> bool:
    """Whether an update can have changed when planned work takes place."""
    return bool(update.starts or update.ends or update.state.moves)
