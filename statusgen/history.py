"""What happened when: the months of the archive, and the days and stretches of the charts.

Days are local, as on a resident's calendar. Nothing is drawn here; `statusgen.theme.charts` does that.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import dropwhile, groupby

from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.services import ChannelStatus, ServiceStatus
from statusgen.board.model.spans import Interval
from statusgen.board.model.whole_board import Board
from statusgen.board.outages import Outages
from statusgen.board.service import service_timeline
from statusgen.model.services import Channel, Service
from statusgen.model.states import Kind
from statusgen.model.statuses import Status
from statusgen.model.times import midnight
from statusgen.model.whole_site import Site

# With fewer services or days, a chart of how many came back when shows nothing.
MIN_SERVICES = 3
MIN_DAYS = 3
# How many of the last days the picture of a service can have: the shortest that has all that was said, or the longest.
SPANS = (14, 30, 90)


@dataclass(frozen=True)
class Month:
    """A month in which something began; `incidents` are newest first."""

    year: int
    month: int
    incidents: tuple[IncidentStatus, ...]


@dataclass(frozen=True)
class BusyMonth:
    """How many incidents went on in a month, and its days, first and last of each run, on which one did.

    `last` is its last day.
    """

    last: date
    incidents: int
    runs: tuple[tuple[date, date], ...]


@dataclass(frozen=True)
class DayCount:
    """How many of an incident's services were affected at the end of a day, and how many were restored.

    `unknown` are those of which somebody said that it is not known how they stand, `unchecked` those of which either
    was said too long before; of these, `long_unknown` were not known then.
    """

    day: date
    restored: int
    affected: int
    unknown: int = 0
    unchecked: int = 0
    long_unknown: int = 0

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """The numbers without the day."""
        return (self.restored, self.affected, self.unknown, self.unchecked)


@dataclass(frozen=True)
class BurnUp:
    """The services that an incident spoke of, counted day by day without a gap; `total` is how many they are.

    `affected` is of how many of them somebody said that they did not work as usual.
    """

    days: tuple[DayCount, ...]
    total: int
    affected: int

    @property
    def changes(self) -> tuple[DayCount, ...]:
        """The days that differ from the one before, and the last day."""
        changed = [
            count
            for before, count in zip((None, *self.days), self.days, strict=False)
            if before is None or before.counts != count.counts
        ]
        return tuple(changed) if changed[-1] is self.days[-1] else (*changed, self.days[-1])

    @property
    def has_unknown(self) -> bool:
        """Whether there were days on which it was not known how some services stand."""
        return any(count.unknown for count in self.days)

    @property
    def has_unchecked(self) -> bool:
        """Whether there were days on which some services were not checked."""
        return any(count.unchecked for count in self.days)


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
        """The worst status of the day, of what was said of it."""
        return self.interval.status

    @property
    def mark(self) -> Mark:
        """How a chart shows it."""
        return Mark(self.status, self.is_checked)


@dataclass(frozen=True)
class WayRow:
    """The last days of a way to use a service; of the service itself if there is no `channel`."""

    channel: Channel | None
    days: tuple[Day, ...]


@dataclass(frozen=True)
class Stretch:
    """Consecutive days with the same worst status, from `first` to `last` inclusive; `interval` has the exact times.

    It is not `is_whole` if the interval also has days that differ in whether it was checked.
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
    """A service, and how it stood from the day on which an incident reached it, oldest first.

    Days of which nobody said anything are left out. `status` is how it stood after the last problem, or how it stands
    while that goes on.
    """

    service: Service
    stretches: tuple[Stretch, ...]
    status: Status

    @property
    def last_problem(self) -> date:
        """The last day on which it did not work as usual."""
        return max(each.last for each in self.stretches if each.status.is_stated_problem)

    @property
    def has_unknown_start(self) -> bool:
        """Whether all that is known of its beginning is that it was earlier, or in which month it was."""
        since = self.stretches[0].interval.since
        return since is not None and (since.is_before or since.when.is_whole_month)

    @property
    def was_affected(self) -> bool:
        """Whether somebody said that it did not work as usual, not only that this was not known."""
        return any(_is_affected(stretch.interval) for stretch in self.stretches)

    @property
    def is_restored(self) -> bool:
        """Whether it was said to work after that."""
        return self.status is Status.WORKING and self.was_affected

    @property
    def is_affected(self) -> bool:
        """Whether it is affected now, as somebody said lately."""
        return self.status.is_stated_problem and self.stretches[-1].is_checked and not self.is_unknown

    @property
    def is_unknown(self) -> bool:
        """Whether it is not known how it stands, as somebody said lately."""
        return self.status is Status.UNKNOWN and self.stretches[-1].is_checked

    @property
    def is_unchecked(self) -> bool:
        """Whether it was said to be affected, too long ago."""
        return self.status.is_stated_problem and not self.stretches[-1].is_checked


@dataclass(frozen=True)
class Spell:
    """A time during which a service stood in one way, as far as one incident goes; never that it worked.

    `first` and `last` are its days; None for the first if nobody said on which day it began, and for the last while it
    lasts, or if nobody said on which day it ended.
    """

    service: Service
    interval: Interval
    first: date | None
    last: date | None

    @property
    def days(self) -> int | None:
        """How many days it had, the first and the last included; None unless both are known."""
        return (self.last - self.first).days + 1 if self.first and self.last else None


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

    @property
    def last_count(self) -> DayCount:
        """How the services of the rows stood at last."""
        unchecked = [row for row in self.rows if row.is_unchecked]
        return DayCount(
            self.last,
            restored=sum(row.is_restored for row in self.rows),
            affected=sum(row.is_affected for row in self.rows),
            unknown=sum(row.is_unknown for row in self.rows),
            unchecked=len(unchecked),
            long_unknown=sum(row.status is Status.UNKNOWN for row in unchecked),
        )


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


def busy_months(year: int, board: Board) -> tuple[BusyMonth, ...]:
    """Return the months of a year until the last with an incident; what has not ended goes on until today.

    They begin with the first that the site tells anything of: of those before, nobody said that nothing was reported.
    """
    today = board.site.local_day(board.moment)
    spans = [_days_of(each, today, board.site) for each in board.incidents if each.incident.kind is Kind.INCIDENT]
    begun = min((board.site.local_day(each.incident.started.start) for each in board.incidents), default=today)
    found = []
    for month in range(begun.month if begun.year == year else 1, 13):
        days = [*_day_range(date(year, month, 1), date(year, month, monthrange(year, month)[1]))]
        of_month = [(first, last) for first, last in spans if first <= days[-1] and last >= days[0]]
        busy = [day for day in days if any(first <= day <= last for first, last in of_month)]
        # In a run of adjacent days, the day minus its place in the list stays the same.
        runs = [[*run] for _, run in groupby(enumerate(busy), key=lambda item: item[1].day - item[0])]
        found.append(BusyMonth(days[-1], len(of_month), tuple((run[0][1], run[-1][1]) for run in runs)))
    while found and not found[-1].incidents:
        found.pop()
    return tuple(found)


def _days_of(incident: IncidentStatus, today: date, site: Site) -> tuple[date, date]:
    """Return the first and last day of an incident."""
    last = site.local_day(incident.ended.start) if incident.ended else today
    return site.local_day(incident.incident.started.start), last


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
    evenings = zip(*(_ends_of_days(timeline, days, board.site) for _, timeline in timelines), strict=True)
    counts = (_count_day(day, evening, board.site) for day, evening in zip(days, evenings, strict=True))
    affected = sum(any(map(_is_affected, timeline)) for _, timeline in timelines)
    return BurnUp(tuple(counts), len(timelines), affected)


def _is_affected(interval: Interval) -> bool:
    """Return whether somebody said that a service did not work as usual, not only that this was not known."""
    return interval.status.is_stated_problem and interval.status is not Status.UNKNOWN


def _count_day(day: date, evening: Sequence[Interval | None], site: Site) -> DayCount:
    known = [each for each in evening if each]
    problems = [each for each in known if each.status.is_stated_problem]
    checked = [each for each in problems if _is_checked(each, day, site)]
    unknown = sum(each.status is Status.UNKNOWN for each in checked)
    long_unknown = sum(each.status is Status.UNKNOWN for each in problems) - unknown
    restored = sum(each.status is Status.WORKING for each in known)
    return DayCount(day, restored, len(checked) - unknown, unknown, len(problems) - len(checked), long_unknown)


def _ends_of_days(timeline: Sequence[Interval], days: Iterable[date], site: Site) -> Iterator[Interval | None]:
    """Yield the interval at the end of each day; None where it works and was not said to be affected before."""
    changed = {day: each for each in timeline if (day := _first_day(each, site))}
    first = min((day for each in timeline if _is_affected(each) and (day := _first_day(each, site))), default=None)
    interval = None
    for day in days:
        interval = changed.get(day, interval)
        is_told = interval and (interval.status.is_stated_problem or (first and day >= first))
        yield interval if is_told else None


def bars(incident: IncidentStatus, board: Board) -> Bars:
    """Return when an incident affected each of its services, regardless of other incidents."""
    timelines = _affected_timelines(incident, board)
    first, last = _span(incident, timelines, board)
    rows = []
    for service, timeline in timelines:
        found = stretches(_worst_by_day(timeline, first, last, board.site))
        reached = [*dropwhile(lambda each: not each.status.is_stated_problem, found)]
        if reached:
            said = tuple(_without_lapse(each) for each in reached if each.status is not Status.NOT_SAID)
            rows.append(ServiceRow(service, said, _last_status(timeline)))
    return Bars(first, last, tuple(sorted(rows, key=_row_order)))


def spells(incident: IncidentStatus, board: Board) -> tuple[Spell, ...]:
    """Return how an incident affected each of its services, regardless of other incidents, service by service."""
    return tuple(
        _make_spell(service, interval, board.site)
        for service, timeline in _affected_timelines(incident, board)
        for interval in timeline
        if interval.status.is_stated_problem
    )


def _make_spell(service: Service, interval: Interval, site: Site) -> Spell:
    is_begin_known = interval.since is not None and interval.since.is_known
    is_end_known = interval.until is not None and not interval.until.is_whole_month
    first = _first_day(interval, site) if is_begin_known else None
    return Spell(service, interval, first, _last_day(interval, site) if is_end_known else None)


def incidents_in(year: int, board: Board) -> tuple[IncidentStatus, ...]:
    """Return what went on in a year, or was planned for it, oldest first; of notices, those published in it."""
    today = board.site.local_day(board.moment)
    found = []
    for each in board.incidents:
        first, last = _days_of(each, today, board.site)
        if each.incident.kind is Kind.NOTICE:
            first = last = board.site.local_day(each.updates[0].time.start)
        if first.year <= year <= max(first, last).year:
            found.append(each)
    return tuple(sorted(found, key=_start_order))


def first_year(board: Board) -> int | None:
    """Return the first year of which a post tells; None if there is no post."""
    today = board.site.local_day(board.moment)
    return min((_days_of(each, today, board.site)[0].year for each in board.incidents), default=None)


def _without_lapse(stretch: Stretch) -> Stretch:
    """Return a stretch that works until somebody says otherwise: that it is no news anymore, no incident says."""
    interval = stretch.interval
    if interval.status is not Status.WORKING or interval.closed_by:
        return stretch
    return replace(stretch, interval=replace(interval, until=None))


def _last_status(timeline: Sequence[Interval]) -> Status:
    """Return the status after the last problem, or that of the problem while it lasts."""
    problem = max(number for number, each in enumerate(timeline) if each.status.is_stated_problem)
    return timeline[min(problem + 1, len(timeline) - 1)].status


def _row_order(row: ServiceRow) -> tuple[date, date]:
    return (row.stretches[0].first, row.last_problem)


def last_days(service: ServiceStatus | ChannelStatus, board: Board, days: int = 90) -> tuple[Day, ...]:
    """Return the worst status of a service, or a way to use it, on each of the last days, oldest first.

    The last is the day of the Board.
    """
    today = board.site.local_day(board.moment)
    return _worst_by_day(service.timeline, today - timedelta(days=days - 1), today, board.site)


def last_days_of_ways(service: ServiceStatus, board: Board) -> tuple[WayRow, ...]:
    """Return the last days of a service, and of each way to use it of which something was said.

    They are as many as are needed to show all of it, if `SPANS` has so many.
    """
    ways = [channel for channel in service.channels if len(channel.timeline) > 1]
    lines = (service.timeline, *(way.timeline for way in ways))
    said = [each.since for line in lines for each in line if each.since]
    first = min((board.site.local_day(since.when.start) for since in said), default=None)
    age = (board.site.local_day(board.moment) - first).days if first else 0
    number = next((span for span in SPANS if age < span), SPANS[-1])
    rows = [WayRow(None, last_days(service, board, number))]
    return (*rows, *(WayRow(way.channel, last_days(way, board, number)) for way in ways))


def stretches(days: Iterable[Day]) -> tuple[Stretch, ...]:
    """Return adjacent days of the same status as one stretch each."""
    found = []
    for _, same_status in groupby(days, key=lambda day: day.status):
        runs = [[*run] for _, run in groupby(same_status, key=lambda day: day.is_checked)]
        for run in runs:
            interval = _join_intervals(run[0].interval, run[-1].interval)
            found.append(
                Stretch(
                    run[0].day, run[-1].day, interval, run[0].is_checked, is_whole=len(runs) == 1 and run[0].is_checked
                )
            )
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
            timeline = service_timeline(service, (incident,), alone)
            if len(timeline) > 1:
                found.append((service, timeline))
    return found


def _span(
    incident: IncidentStatus, timelines: Iterable[tuple[Service, Sequence[Interval]]], board: Board
) -> tuple[date, date]:
    """Return the first and last day of an incident, extended to those on which it affected anything."""
    site = board.site
    problems = [each for _, line in timelines for each in line if each.status.is_stated_problem]
    ends = [day for each in problems for day in (_first_day(each, site), _last_day(each, site)) if day]
    changed = [min(day, site.local_day(board.moment)) for day in ends]
    first = site.local_day(incident.incident.started.start)
    last = site.local_day(incident.ended.start if incident.ended else board.moment)
    return min(first, *changed, last), max(first, *changed, last)


def _day_range(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _worst_by_day(timeline: Sequence[Interval], first: date, last: date, site: Site) -> tuple[Day, ...]:
    """Return each day with its worst interval, of those that were checked; adjacent ones of that status are joined."""
    found: dict[date, Interval] = {}
    for interval in timeline:
        begin = _first_day(interval, site) or first
        end = _last_day(interval, site) or last
        for day in _day_range(max(begin, first), min(end, last)):
            known = found.get(day)
            found[day] = _worse(known, interval, day, site) if known else interval
    return tuple(Day(day, found[day], _is_checked(found[day], day, site)) for day in _day_range(first, last))


def _worse(known: Interval, other: Interval, day: date, site: Site) -> Interval:
    """Return the worse of two intervals of a day, but what was said of it before what was not checked anymore.

    Two of the same status are joined.
    """
    if known.status is other.status:
        return _join_intervals(known, other)
    if Status.NOT_SAID not in (known.status, other.status):
        checked = [each for each in (known, other) if _is_checked(each, day, site)]
        if len(checked) == 1:
            return checked[0]
    return max(known, other, key=lambda each: each.status.severity)


def _is_checked(interval: Interval, day: date, site: Site) -> bool:
    """Return whether a problem had been spoken of not too long before the end of a day; planned work needs no word."""
    if not interval.said or not interval.status.is_stated_problem:
        return True
    begin = midnight(day, site.zone)
    return any(
        when.start < begin + timedelta(days=1) and when.end + site.stale_after > begin for when in interval.said
    ) or (interval.said[0].start >= begin + timedelta(days=1))


def _first_day(interval: Interval, site: Site) -> date | None:
    """Return the first day that an interval counts for; None where nobody said when it began.

    If only the month was said, that is the first day on which it is sure to have begun: the last of that month, or when
    it was reported or ended, if that was earlier.
    """
    if interval.since is None:
        return None
    begin = interval.since.when
    if not begin.is_whole_month:
        return site.local_day(begin.start)
    sure = [begin.end - timedelta(microseconds=1), *(when.start for when in interval.said[:1])]
    return site.local_day(min([*sure, interval.until.start] if interval.until else sure))


def _last_day(interval: Interval, site: Site) -> date | None:
    """Return the last day that an interval counts for; None while it lasts.

    If a service came back on a day without a known hour, it did not work for part of that day, or of a month if only
    that was said. If the clock ended the interval with a whole day, it was over when that day began.
    """
    if interval.until is None:
        return None
    if interval.until.is_whole_month:
        return site.local_day(interval.until.end - timedelta(microseconds=1))
    day, moment = site.local_day(interval.until.start), interval.until.start
    by_the_clock = interval.until.is_whole_day and interval.closed_by is None
    at_midnight = not interval.until.is_whole_day and site.local_day(moment - timedelta(microseconds=1)) < day
    return day - timedelta(days=1) if by_the_clock or at_midnight else day
