"""When planned work takes place: by the clock, unless an update says otherwise.

Work that takes place once has one window, which updates move, start, extend, end or cancel. Work that repeats is a list
of series, one for each time that an update moved the work; each series makes windows by the recurrence rule (RFC 5545,
section 3.3.10) until the next series begins.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from statusgen.board.model.dates import Window
from statusgen.board.model.spans import Source
from statusgen.content.format.recurrence import list_starts
from statusgen.model.posts import Incident, Update
from statusgen.model.states import State
from statusgen.model.times import When
from statusgen.model.whole_site import Site

# Past windows older than this are dropped, so that work that repeats daily for years stays cheap.
LOOKBACK_PERIOD = timedelta(days=366)
# How many future windows of repeated work are listed: a year of monthly ones, or three months of weekly ones.
MAX_WINDOWS_AHEAD = 12
_COUNT = re.compile(r"COUNT=(\d+)", re.IGNORECASE)
_IN_PROGRESS_STATES = (State.IN_PROGRESS, State.VERIFYING)


def windows(incident: Incident, site: Site, moment: datetime) -> tuple[Window, ...]:
    """Return the windows of planned work up to the one that matters at `moment`: the running, next or last one."""
    return (
        _repeated_windows(incident, incident.repeats, site, moment) if incident.repeats else _one_time_windows(incident)
    )


def numbered_windows(incident: Incident, site: Site, moment: datetime) -> Mapping[int, Window]:
    """Return the windows of planned work by number: how many there were before. A moved window keeps its number.

    For repeated work these are the windows of the last year and the next MAX_WINDOWS_AHEAD after `moment`.
    """
    return dict(
        _numbered_occurrences(incident, incident.repeats, site, moment)
        if incident.repeats
        else enumerate(_one_time_windows(incident))
    )


def _one_time_windows(incident: Incident) -> tuple[Window, ...]:
    """Return the window as the updates left it, after those that had begun before an update moved the work.

    Two things are tracked from update to update. `planned` is the time last announced (the keys `starts` and `ends`).
    `window` is what residents see: it follows `planned` until an update starts the work early, lets it run on, or ends
    it; None before the work is announced and after it was canceled. A window that has begun cannot be moved anymore,
    so it goes to `past` and the new time opens another one.
    """
    past: list[Window] = []
    planned: Window | None = None
    window: Window | None = None
    for update in incident.updates:
        source = Source(incident.id, update.id)
        if update.starts or update.ends:
            was, planned = planned, _planned_window(planned, update, source)
            if window and not window.closed_by and was and planned:
                begun, window = _move_window(window, was, planned, update, source)
                past += begun
            elif update.starts:
                # Nothing was planned before, or it was ended or canceled: this is a window of its own.
                past += [window] if window else []
                window = planned
        if window and window.closed_by and update.state in _IN_PROGRESS_STATES:
            # The work goes on after it was reported as done: another window begins with this update.
            past.append(window)
            window = None
        window = _apply_state(update, window, planned, source)
    return (*past, window) if window else tuple(past)


def _planned_window(old: Window | None, update: Update, source: Source) -> Window | None:
    """Return the planned time after `update` changed it; None while its start or end is missing.

    The update opens the window if it is published after the start that it names. Otherwise the clock will.
    """
    starts, ends = update.starts or (old and old.start), update.ends or (old and old.end)
    if not starts or not ends:
        return None
    return Window(starts, ends, source if starts.start <= update.time.start else None)


def _move_window(
    window: Window, was: Window, planned: Window, update: Update, source: Source
) -> tuple[list[Window], Window]:
    """Return what is left of a window when `update` changes its time from `was` to `planned`, and the window since."""
    now = update.time
    if window.start.start > now.start:
        # It has not begun, so nobody saw it: the new time replaces it.
        return [], planned
    if planned.start.start > now.start:
        # It has begun, and the new time is still to come: what has run ends here, and the rest is a new window.
        return [window if _is_over(window, now) else replace(window, end=now, closed_by=source)], planned
    # Both have begun: this corrects the window that is running. Only times that the update really changes are taken
    # over, so that an earlier start or an open end that another update reported survives.
    if planned.start != was.start:
        window = replace(window, start=planned.start, opened_by=window.opened_by and source)
    return [], replace(window, end=planned.end if update.ends else window.end)


def _apply_state(update: Update, window: Window | None, planned: Window | None, source: Source) -> Window | None:
    """Return the window after the state of an update started, extended, ended or canceled it."""
    now = update.time
    ahead = planned if planned and not _is_over(planned, now) else None
    if window is None:
        if update.state in _IN_PROGRESS_STATES:
            return Window(now, ahead.end if ahead else None, source)
        return ahead if update.state is State.SCHEDULED else None
    if update.state in _IN_PROGRESS_STATES:
        if now.start < window.start.start:
            return replace(window, start=now, opened_by=source)  # the work began early
        return replace(window, end=None) if _is_over(window, now) else window  # it runs past its planned end
    if update.state.is_terminal:
        if now.start <= window.start.start:
            return None  # canceled before it began
        return window if _is_over(window, now) else replace(window, end=now, closed_by=source)
    return window


def _is_over(window: Window, now: When) -> bool:
    return window.over_at is not None and window.over_at <= now.start


@dataclass(frozen=True)
class _Series:
    """Repeated work as planned by one update, until another update moved or ended it.

    `rule` makes its windows, starting at `first`, but none on the days that are `skipped`; those before `since` (None:
    no limit) and from `until` on belong to other series. An end, reported at `ended` by the update `ended_by`, also
    cuts a window that is running then.
    """

    first: Window
    rule: str
    skipped: tuple[date, ...]
    since: datetime | None
    until: datetime | None = None
    ended: When | None = None
    ended_by: Source | None = None


def _repeated_windows(incident: Incident, rule: str, site: Site, moment: datetime) -> tuple[Window, ...]:
    """Return the past windows of the last year, and the running or next one; no next one once the work was ended."""
    found = [w for series in _list_series(incident, rule, site) for w in _occurrences(series, site, moment)]
    found = [_clip_to_next(window, following) for window, following in pairwise([*found, None]) if window]
    begun = [window for window in found if window.start.start <= moment]
    # Work that has been over for longer than a year still has its last window, so that its page can say when it was.
    remembered = [window for window in begun if window.start.start > moment - LOOKBACK_PERIOD] or begun[-1:]
    running = remembered and remembered[-1].over_at and remembered[-1].over_at > moment
    return (*remembered, *(() if running else found[len(begun) :][:1]))


def _clip_to_next(window: Window, following: Window | None) -> Window:
    """Return the window, cut where the following one begins if they overlap."""
    if following and window.over_at and window.over_at > following.start.start:
        return replace(window, end=When.moment(following.start.start), closed_by=None)
    return window


def _list_series(incident: Incident, rule: str, site: Site) -> list[_Series]:
    """Return the series, oldest first: each update that moves the work closes one and begins another."""
    found: list[_Series] = []
    planned: Window | None = None
    running: _Series | None = None
    since_planned = 0  # the first series that counts toward the rule's COUNT
    for update in incident.updates:
        source = Source(incident.id, update.id)
        if update.starts or update.ends:
            planned = _planned_window(planned, update, source)
            # After an end, a new end time alone plans nothing; a new start does.
            if planned and (running or update.starts):
                if running:
                    found.append(replace(running, until=update.time.start))
                else:
                    since_planned = len(found)  # what is planned again after an end is counted from 1 again
                running = _Series(planned, rule, incident.skipped_days, update.time.start if found else None)
                running = _limit_count(running, found[since_planned:], site)
        if update.state.is_terminal and running:
            found.append(replace(running, until=update.time.start, ended=update.time, ended_by=source))
            running = None
    return [*found, running] if running else found


def _limit_count(series: _Series, before: Sequence[_Series], site: Site) -> _Series:
    """Return the series with its COUNT reduced by the windows that took place before it was moved; at least 1 is left.

    "Five times, weekly" stays five times in all when the third is moved to another day.
    """
    count = _COUNT.search(series.rule)
    if not count or not before or series.since is None:
        return series
    done = sum(1 for earlier in before for _ in _all_occurrences(replace(earlier, skipped=()), site))
    left = max(int(count[1]) - done, 1)
    # The rule counts from `first`, which may lie before the update that made this series. Windows from before the
    # update are made and then dropped, so they must not use up what is left.
    dropped_series = replace(series, since=None, until=series.since, skipped=())
    dropped = sum(1 for _ in _all_occurrences(dropped_series, site))
    return replace(series, rule=_COUNT.sub(f"COUNT={dropped + left}", series.rule))


def _occurrences(series: _Series, site: Site, moment: datetime) -> Iterator[Window]:
    """Yield the windows of a series in the year before `moment` and, if it goes on, the next one."""
    begin, end = _local_span(series.first, site)
    dates = list_starts(series.rule, begin, series.skipped, site.zone)
    # One more day on either side, for the hours by which clocks change; `last` is the one before that year, however
    # long ago, in case there is none within it.
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
    """Yield the windows of repeated work, each with how many there were before it.

    Each window is held back until the following one is known, which may cut its end.
    """
    ahead, before = 0, None
    for number, window in enumerate(
        w for series in _list_series(incident, rule, site) for w in _all_occurrences(series, site)
    ):
        if before:
            yield number - 1, _clip_to_next(before, window)
        # One window more than the limit is made: it decides when the last listed one ends.
        ahead += window.start.start > moment
        before = window if ahead <= MAX_WINDOWS_AHEAD and window.start.start > moment - LOOKBACK_PERIOD else None
        if ahead > MAX_WINDOWS_AHEAD:
            return
    if before:
        yield number, before


def _all_occurrences(series: _Series, site: Site) -> Iterator[Window]:
    """Yield the windows of a series from its beginning; they may never end."""
    begin, end = _local_span(series.first, site)
    for start in list_starts(series.rule, begin, series.skipped, site.zone):
        window = _make_window(start, start + (end - begin), series.first, site)
        if series.until and window.start.start >= series.until:
            return
        if series.since is None or window.start.start >= series.since:
            yield _clip_to_series(window, series)


def _clip_to_series(window: Window, series: _Series) -> Window:
    """Return the window, cut where an update ended the whole series while it was running."""
    over = series.ended is None or _is_over(window, series.ended)
    return window if over else replace(window, end=series.ended, closed_by=series.ended_by)


def _local_time(time: datetime, site: Site) -> datetime:
    """Return what the city's clocks show, without a zone: the rule counts in local time."""
    return time.astimezone(site.zone).replace(tzinfo=None)


def _local_span(first: Window, site: Site) -> tuple[datetime, datetime]:
    """Return the start and end of the first window on the city's clocks."""
    return _local_time(first.start.start, site), _local_time((first.end or first.start).end, site)


def _make_window(start: datetime, end: datetime, first: Window, site: Site) -> Window:
    """Return the window between these local times, in whole days if the first window is.

    A start that the clocks skip is an hour later.
    """

    def utc(time: datetime) -> datetime:
        return time.replace(tzinfo=site.zone).astimezone(UTC)

    begins = When.day(start.date(), site.zone) if first.start.is_whole_day else When.moment(utc(start))
    if first.end and first.end.is_whole_day:
        ends = When.day(end.date() - timedelta(days=1), site.zone)
    else:
        # Where the clocks skip an hour, the work keeps its length. Otherwise it keeps the times on the clocks.
        ends = When.moment(max(utc(end), begins.start + (end - start)))
    return Window(begins, ends)
