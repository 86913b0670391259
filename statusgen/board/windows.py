"""When planned work takes place: by the clock, unless an update says otherwise."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from dateutil.rrule import rrulestr

from statusgen.board.model import Source, Window
from statusgen.model import Incident, Site, State, Update, When

# Work that repeats every day for years need not be counted from its beginning on.
LOOKBACK_PERIOD = timedelta(days=366)
# So often is repeated work told ahead: a year of months, or three months of weeks.
MAX_WINDOWS_AHEAD = 12
_COUNT = re.compile(r"COUNT=(\d+)", re.IGNORECASE)
_IN_PROGRESS_STATES = (State.IN_PROGRESS, State.VERIFYING)


def windows(incident: Incident, site: Site, moment: datetime) -> tuple[Window, ...]:
    """The windows of planned work up to the one that matters at `moment`: the running, the next or the last one."""
    return (
        _repeated_windows(incident, incident.repeats, site, moment) if incident.repeats else _one_time_windows(incident)
    )


def numbered_windows(incident: Incident, site: Site, moment: datetime) -> Mapping[int, Window]:
    """The windows of planned work, each by how many there were before it: a number that it keeps when it is moved.

    Of repeated work, those of the last year, and AHEAD of those that have not begun at `moment`.
    """
    return dict(
        _numbered_occurrences(incident, incident.repeats, site, moment)
        if incident.repeats
        else enumerate(_one_time_windows(incident))
    )


def _one_time_windows(incident: Incident) -> tuple[Window, ...]:
    """The window, as the updates moved, began, prolonged, ended or cancelled it, after those it was moved away from."""
    past: list[Window] = []
    planned: Window | None = None
    window: Window | None = None
    for update in incident.updates:
        source = Source(incident.id, update.id)
        if update.starts or update.ends:
            was, planned = planned, _planned_window(planned, update, source)
            if window and not window.closed_by and was and planned:
                kept, window = _move_window(window, was, planned, update, source)
                past += kept
            elif update.starts:
                past += [window] if window else []
                window = planned
        if window and window.closed_by and update.state in _IN_PROGRESS_STATES:
            past.append(window)
            window = None
        window = _apply_state(update, window, planned, source)
    return (*past, window) if window else tuple(past)


def _planned_window(old: Window | None, update: Update, source: Source) -> Window | None:
    """What is planned once `update` has moved it; opened by it where it is under way by then."""
    starts, ends = update.starts or (old and old.start), update.ends or (old and old.end)
    if not starts or not ends:
        return None
    return Window(starts, ends, source if starts.start <= update.time.start else None)


def _move_window(
    window: Window, was: Window, planned: Window, update: Update, source: Source
) -> tuple[list[Window], Window]:
    """What is left of a window that an update gives another time, and the window from then on."""
    now = update.time
    if window.start.start > now.start:
        return [], planned
    if planned.start.start > now.start:
        return [window if _is_over(window, now) else replace(window, end=now, closed_by=source)], planned
    if planned.start != was.start:
        window = replace(window, start=planned.start, opened_by=window.opened_by and source)
    return [], replace(window, end=planned.end if update.ends else window.end)


def _apply_state(update: Update, window: Window | None, planned: Window | None, source: Source) -> Window | None:
    """The window once the state of an update has begun, prolonged, ended or cancelled it."""
    now = update.time
    ahead = planned if planned and not _is_over(planned, now) else None
    if window is None:
        if update.state in _IN_PROGRESS_STATES:
            return Window(now, ahead.end if ahead else None, source)
        return ahead if update.state is State.SCHEDULED else None
    if update.state in _IN_PROGRESS_STATES:
        if now.start < window.start.start:
            return replace(window, start=now, opened_by=source)
        return replace(window, end=None) if _is_over(window, now) else window
    if update.state.is_terminal:
        if now.start <= window.start.start:
            return None
        return window if _is_over(window, now) else replace(window, end=now, closed_by=source)
    return window


def _is_over(window: Window, now: When) -> bool:
    return window.over_at is not None and window.over_at <= now.start


@dataclass(frozen=True)
class _Series:
    """Repeated work as it was planned from `since` (None: from the beginning) to `until`, when `ended_by` ended it.

    By `rule`, windows follow the `first`; its COUNT leaves out those that have been before it was moved.
    """

    first: Window
    rule: str
    since: datetime | None
    until: datetime | None = None
    ended: When | None = None
    ended_by: Source | None = None


def _repeated_windows(incident: Incident, rule: str, site: Site, moment: datetime) -> tuple[Window, ...]:
    """Past windows of the last year, and the running or next one; none after the series was ended."""
    found = [w for series in _list_series(incident, rule, site) for w in _occurrences(series, site, moment)]
    found = [_clip_to_next(window, following) for window, following in pairwise([*found, None]) if window]
    begun = [window for window in found if window.start.start <= moment]
    remembered = [window for window in begun if window.start.start > moment - LOOKBACK_PERIOD] or begun[-1:]
    running = remembered and remembered[-1].over_at and remembered[-1].over_at > moment
    return (*remembered, *(() if running else found[len(begun) :][:1]))


def _clip_to_next(window: Window, following: Window | None) -> Window:
    """The window, which ends when the following one begins, if not before."""
    if following and window.over_at and window.over_at > following.start.start:
        return replace(window, end=When.moment(following.start.start), closed_by=None)
    return window


def _list_series(incident: Incident, rule: str, site: Site) -> list[_Series]:
    """The series, one after the other as updates moved it."""
    found: list[_Series] = []
    planned: Window | None = None
    running: _Series | None = None
    since_planned = 0
    for update in incident.updates:
        source = Source(incident.id, update.id)
        if update.starts or update.ends:
            planned = _planned_window(planned, update, source)
            if planned and (running or update.starts):
                if running:
                    found.append(replace(running, until=update.time.start))
                else:
                    since_planned = len(found)  # what is planned anew after an end is counted anew
                running = _Series(planned, rule, update.time.start if found else None)
                running = _limit_count(running, found[since_planned:], site)
        if update.state.is_terminal and running:
            found.append(replace(running, until=update.time.start, ended=update.time, ended_by=source))
            running = None
    return [*found, running] if running else found


def _limit_count(series: _Series, before: Sequence[_Series], site: Site) -> _Series:
    """The series with as many windows as its COUNT has left after those that have been; at least the one it names."""
    count = _COUNT.search(series.rule)
    if not count or not before or series.since is None:
        return series
    been = sum(1 for earlier in before for _ in _all_occurrences(earlier, site))
    left = max(int(count[1]) - been, 1)
    # The rule counts from the first window, which may have been before the update that moved the others.
    whole = replace(series, since=None, until=series.since)
    skipped = sum(1 for _ in _all_occurrences(whole, site))
    return replace(series, rule=_COUNT.sub(f"COUNT={skipped + left}", series.rule))


def _occurrences(series: _Series, site: Site, moment: datetime) -> Iterator[Window]:
    """The windows of a series in the last year and, where it goes on, the next one."""
    begin, end = _local_span(series.first, site)
    dates = rrulestr(series.rule, dtstart=begin, ignoretz=True)
    # A day more on either side, for the hours by which clocks change; and the last one of all, however long ago.
    now = _local_time(moment, site)
    earliest, latest = now - LOOKBACK_PERIOD - timedelta(days=1), now + timedelta(days=1)
    last, following = dates.before(earliest), dates.after(latest)
    starts = [last, *dates.between(earliest, latest, inc=True), following]
    for start in (start for start in starts if start):
        window = _make_window(start, start + (end - begin), series.first, site)
        since = series.since is None or window.start.start >= series.since
        if since and (series.until is None or window.start.start < series.until):
            yield _clip_to_series(window, series)


def _numbered_occurrences(incident: Incident, rule: str, site: Site, moment: datetime) -> Iterator[tuple[int, Window]]:
    """The windows of repeated work, and how many there were before each of them."""
    ahead, before = 0, None
    for number, window in enumerate(
        w for series in _list_series(incident, rule, site) for w in _all_occurrences(series, site)
    ):
        if before:
            yield number - 1, _clip_to_next(before, window)
        # The one after those told ahead decides when the last of them ends.
        ahead += window.start.start > moment
        before = window if ahead <= MAX_WINDOWS_AHEAD and window.start.start > moment - LOOKBACK_PERIOD else None
        if ahead > MAX_WINDOWS_AHEAD:
            return
    if before:
        yield number, before


def _all_occurrences(series: _Series, site: Site) -> Iterator[Window]:
    """The windows of a series, which may go on for ever."""
    begin, end = _local_span(series.first, site)
    for start in rrulestr(series.rule, dtstart=begin, ignoretz=True):
        window = _make_window(start, start + (end - begin), series.first, site)
        if series.until and window.start.start >= series.until:
            return
        if series.since is None or window.start.start >= series.since:
            yield _clip_to_series(window, series)


def _clip_to_series(window: Window, series: _Series) -> Window:
    """The window, which ends with its series, if not before."""
    over = series.ended is None or _is_over(window, series.ended)
    return window if over else replace(window, end=series.ended, closed_by=series.ended_by)


def _local_time(time: datetime, site: Site) -> datetime:
    """What the city's clocks show."""
    return time.astimezone(site.zone).replace(tzinfo=None)


def _local_span(first: Window, site: Site) -> tuple[datetime, datetime]:
    """From when to when the first window takes place, on the city's clocks."""
    return _local_time(first.start.start, site), _local_time((first.end or first.start).end, site)


def _make_window(start: datetime, end: datetime, first: Window, site: Site) -> Window:
    """A window from and to these local times, in whole days where the first one is."""

    def utc(time: datetime) -> datetime:
        return time.replace(tzinfo=site.zone).astimezone(UTC)

    begins = When.day(start.date(), site.zone) if first.start.is_whole_day else When.moment(utc(start))
    if first.end and first.end.is_whole_day:
        ends = When.day(end.date() - timedelta(days=1), site.zone)
    else:
        # Where the clocks go forward, local times may come out the wrong way round.
        ends = When.moment(max(utc(end), begins.start))
    return Window(begins, ends)
