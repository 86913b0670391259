"""What happened when: the months of the archive, and the days and stretches of the charts.

Days are local, as on a resident's calendar. Nothing is drawn here; `statusgen.theme.charts` does that.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.spans import Interval
from statusgen.board.model.whole_board import Board
from statusgen.board.outages import Outages
from statusgen.board.service import service_status
from statusgen.model.services import Service
from statusgen.model.states import Kind
from statusgen.model.statuses import Status
from statusgen.model.times import midnight
from statusgen.model.whole_site import Site

# With fewer services or days, a chart of how many came back when shows nothing.
MIN_SERVICES = 3
MIN_DAYS = 3


@dataclass(frozen=True)
class Month:
    """A month in which something began; `incidents` are newest first."""

    year: int
    month: int
    incidents: tuple[IncidentStatus, ...]


@dataclass(frozen=True)
class DayCount:
    """How many of an incident's services were affected at the end of a day, and how many were restored."""

    day: date
    restored: int
    affected: int


@dataclass(frozen=True)
class BurnUp:
    """The services that an incident affected, counted day by day without a gap; `total` is how many they are."""

    days: tuple[DayCount, ...]
    total: int

    @property
    def changes(self) -> tuple[DayCount, ...]:
        """The days that differ from the one before, and the last day."""
        changed = [
            count
            for before, count in zip((None, *self.days), self.days, strict=False)
            if before is None or (before.restored, before.affected) != (count.restored, count.affected)
        ]
        return tuple(changed) if changed[-1] is self.days[-1] else (*changed, self.days[-1])


@dataclass(frozen=True)
class Mark:
    """How a chart shows a status, or that it was said too long before to be told as of that day."""

    status: Status
    is_checked: bool = True

    @property
    def name(self) -> str:
        """The name by which styles know it."""
        return self.status.value if self.is_checked else "unchecked"

    @property
    def severity(self) -> int:
        """Its rank; what was not checked is no worse than what nobody spoke of."""
        return self.status.severity if self.is_checked else Status.NOT_SAID.severity


@dataclass(frozen=True)
class Day:
    """A day, and the interval with its worst status; not `is_checked` if that was said too long before."""

    day: date
    interval: Interval

    is_checked: bool = True

    @property
    def status(self) -> Status:
        """The worst status of the day."""
        return self.interval.status

    @property
    def mark(self) -> Mark:
        """How a chart shows it."""
        return Mark(self.status, self.is_checked)


@dataclass(frozen=True)
class Stretch:
    """Consecutive days with the same worst status, from `first` to `last` inclusive; `interval` has the exact times.

    It is not `is_whole` if the interval goes on, on days that differ in whether it was checked.
    """

    first: date
    last: date
    interval: Interval
    is_checked: bool = True
    is_whole: bool = True

    @property
    def mark(self) -> Mark:
        """How a chart shows it."""
        return Mark(self.status, self.is_checked)

    @property
    def status(self) -> Status:
        """The worst status of each of the days."""
        return self.interval.status

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class ServiceRow:
    """A service, and the stretches during which an incident affected it, oldest first; `is_affected` is as of now."""

    service: Service
    stretches: tuple[Stretch, ...]
    is_affected: bool

    @property
    def has_unknown_start(self) -> bool:
        """Whether all that is known of its beginning is that it was earlier."""
        since = self.stretches[0].interval.since
        return since is not None and since.is_before


@dataclass(frozen=True)
class Bars:
    """An incident's days, from `first` to `last` inclusive, and a row for each affected service, earliest first."""

    first: date
    last: date
    rows: tuple[ServiceRow, ...]

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks that occur, the worst first."""
        return marks(stretch for row in self.rows for stretch in row.stretches)


def months(board: Board) -> tuple[Month, ...]:
    """Return the months of the archive, newest first; an incident belongs to the local month in which it began."""
    found: dict[tuple[int, int], list[IncidentStatus]] = defaultdict(list)
    for incident in board.incidents:
        day = board.site.local_day(incident.incident.started.start)
        found[day.year, day.month].append(incident)
    return tuple(
        Month(year, month, tuple(sorted(found[year, month], key=_start_order, reverse=True)))
        for year, month in sorted(found, reverse=True)
    )


def _start_order(incident: IncidentStatus) -> tuple[float, str]:
    return (incident.incident.started.start.timestamp(), incident.id)


def burn_up(incident: IncidentStatus, board: Board) -> BurnUp | None:
    """Return how the services of an incident came back; None for planned work, or if there is too little to show.

    It runs from the day on which the incident began to the day on which it ended, or to the Board's.
    """
    timelines = _affected_timelines(incident, board)
    if incident.incident.kind is Kind.MAINTENANCE or len(timelines) < MIN_SERVICES:
        return None
    first, last = _span(incident, timelines, board)
    if (last - first).days + 1 < MIN_DAYS:
        return None
    days = [*_day_range(first, last)]
    evenings = zip(*(_end_of_day_statuses(timeline, days, board.site) for _, timeline in timelines), strict=True)
    counts = (_count_day(day, evening) for day, evening in zip(days, evenings, strict=True))
    return BurnUp(tuple(counts), len(timelines))


def _count_day(day: date, evening: Sequence[Status | None]) -> DayCount:
    restored = sum(status is Status.WORKING for status in evening)
    return DayCount(day, restored, sum(status is not None and status.is_stated_problem for status in evening))


def _end_of_day_statuses(timeline: Sequence[Interval], days: Iterable[date], site: Site) -> Iterator[Status | None]:
    """Yield the status at the end of each day; None before the first problem."""
    changed = {site.local_day(each.since.when.start): each.status for each in timeline if each.since}
    problems = [each.since for each in timeline if each.since and each.status.is_stated_problem]
    first = min((site.local_day(since.when.start) for since in problems), default=None)
    status = None
    for day in days:
        status = changed.get(day, status)
        yield status if first and day >= first else None


def bars(incident: IncidentStatus, board: Board) -> Bars:
    """Return when an incident affected each of its services, regardless of other incidents."""
    timelines = _affected_timelines(incident, board)
    first, last = _span(incident, timelines, board)
    rows = []
    for service, timeline in timelines:
        found = stretches(_worst_by_day(timeline, first, last, board.site))
        unusual = tuple(each for each in found if each.status.is_stated_problem)
        if unusual:
            rows.append(ServiceRow(service, unusual, is_affected=timeline[-1].status.is_stated_problem))
    return Bars(first, last, tuple(sorted(rows, key=_row_order)))


def _row_order(row: ServiceRow) -> tuple[date, date]:
    return (row.stretches[0].first, row.stretches[-1].last)


def last_days(service: ServiceStatus, board: Board, days: int = 90) -> tuple[Day, ...]:
    """Return the worst status of a service on each of the last days, oldest first; the last is the day of the Board."""
    today = board.site.local_day(board.moment)
    return _worst_by_day(service.timeline, today - timedelta(days=days - 1), today, board.site)


def stretches(days: Iterable[Day]) -> tuple[Stretch, ...]:
    """Return adjacent days of the same status as one stretch each."""
    found = []
    for _, same_status in groupby(days, key=lambda day: day.status):
        runs = [[*run] for _, run in groupby(same_status, key=lambda day: day.is_checked)]
        for run in runs:
            interval = _join_intervals(run[0].interval, run[-1].interval)
            found.append(Stretch(run[0].day, run[-1].day, interval, run[0].is_checked, is_whole=len(runs) == 1))
    return tuple(found)


def marks(days: Iterable[Stretch | Day]) -> tuple[Mark, ...]:
    """Return the marks that occur, the worst first; all that were not checked look alike."""
    found = {each.mark.name: each.mark for each in days}
    return tuple(sorted(found.values(), key=lambda mark: (-mark.severity, mark.name)))


def _join_intervals(earlier: Interval, later: Interval) -> Interval:
    """Return two intervals of the same status, or the same one twice, as one."""
    return earlier if earlier is later else replace(earlier, until=later.until, closed_by=later.closed_by)


def _affected_timelines(incident: IncidentStatus, board: Board) -> list[tuple[Service, tuple[Interval, ...]]]:
    """Return the services that this incident alone affected, with their statuses as if there were no other."""
    ids = {effect.key[0] for effect in incident.effects}
    alone = Outages.among((incident,), board.site, board.moment)
    found = []
    for service in board.site.services:
        if service.id in ids:
            timeline = service_status(service, (incident,), alone).timeline
            if len(timeline) > 1:
                found.append((service, timeline))
    return found


def _span(
    incident: IncidentStatus, timelines: Iterable[tuple[Service, Sequence[Interval]]], board: Board
) -> tuple[date, date]:
    """Return the first and last day of an incident, extended to those on which it affected anything."""
    site = board.site
    problems = [each for _, line in timelines for each in line if each.status.is_stated_problem]
    changed = [site.local_day(each.since.when.start) for each in problems if each.since]
    changed += [site.local_day(each.until.start) for each in problems if each.until]
    first = site.local_day(incident.incident.started.start)
    last = site.local_day(incident.ended.start if incident.ended else board.moment)
    return min(first, *changed, last), max(first, *changed, last)


def _day_range(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _worst_by_day(timeline: Sequence[Interval], first: date, last: date, site: Site) -> tuple[Day, ...]:
    """Return each day with its worst interval; adjacent intervals of that status are joined."""
    found: dict[date, Interval] = {}
    for interval in timeline:
        begin = site.local_day(interval.since.when.start) if interval.since else first
        end = _last_day(interval, site) or last
        for day in _day_range(max(begin, first), min(end, last)):
            known = found.get(day)
            if known is None or known.status.severity < interval.status.severity:
                found[day] = interval
            elif known.status is interval.status:
                found[day] = _join_intervals(known, interval)
    return tuple(Day(day, found[day], _is_checked(found[day], day, site)) for day in _day_range(first, last))


def _is_checked(interval: Interval, day: date, site: Site) -> bool:
    """Return whether a problem had been spoken of not too long before the end of a day; planned work needs no word."""
    if not interval.said or not interval.status.is_stated_problem:
        return True
    begin = midnight(day, site.zone)
    return any(
        when.start < begin + timedelta(days=1) and when.end + site.stale_after > begin for when in interval.said
    ) or (interval.said[0].start >= begin + timedelta(days=1))


def _last_day(interval: Interval, site: Site) -> date | None:
    """Return the last day that an interval counts for; None while it lasts.

    If a service came back on a day without a known hour, it did not work for part of that day. If the clock ended the
    interval with a whole day, it was over when that day began.
    """
    if interval.until is None:
        return None
    day, moment = site.local_day(interval.until.start), interval.until.start
    by_the_clock = interval.until.is_whole_day and interval.closed_by is None
    at_midnight = not interval.until.is_whole_day and site.local_day(moment - timedelta(microseconds=1)) < day
    return day - timedelta(days=1) if by_the_clock or at_midnight else day
