"""When planned work takes place: by the clock, unless an update says otherwise."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dateutil.rrule import rrulestr

from statusgen.model import Incident, Site, State, Update, When
from statusgen.status.standing import Window

# Work that repeats every day for years need not be counted from its beginning on.
REMEMBERED = timedelta(days=366)


def windows(incident: Incident, updates: Sequence[Update], site: Site, moment: datetime) -> tuple[Window, ...]:
    """The windows of planned work up to the one that matters at `moment`: the running or the next one."""
    planned = _planned(updates)
    if planned is None:
        return ()
    if incident.repeats:
        return _repeated(incident.repeats, planned, updates, site, moment)
    window = _as_told(planned, updates)
    return (window,) if window else ()


def _planned(updates: Sequence[Update]) -> Window | None:
    starts = ends = None
    for update in updates:
        starts, ends = update.starts or starts, update.ends or ends
    return Window(starts, ends) if starts and ends else None


def _as_told(window: Window, updates: Sequence[Update]) -> Window | None:
    """The one window, as the updates began, prolonged, ended or cancelled it."""
    told: Window | None = window
    for update in updates:
        if told is None:
            return None
        told = _after(update, told)
    return told


def _after(update: Update, window: Window) -> Window | None:
    now, over = update.time, window.end is not None and window.end.end <= update.time.start
    match update.state:
        case State.IN_PROGRESS | State.VERIFYING:
            started = replace(window, start=now) if now.start < window.start.start else window
            return replace(started, end=None) if over else started
        case State.COMPLETED | State.CANCELLED | State.WITHDRAWN:
            if now.start <= window.start.start:
                return None
            return window if over else replace(window, end=now)
        case _:
            return window


def _repeated(rule: str, first: Window, updates: Sequence[Update], site: Site, moment: datetime) -> tuple[Window, ...]:
    """Past windows of the last year, and the running or next one; none after the series was ended."""
    stops = [update.time.start for update in updates if update.state.ends]

    def local(time: datetime) -> datetime:
        return time.astimezone(site.zone).replace(tzinfo=None)

    begin, end = local(first.start.start), local((first.end or first.start).end)
    series = rrulestr(rule, dtstart=begin, ignoretz=True)
    starts = series.between(max(begin, local(moment) - REMEMBERED), local(moment), inc=True)
    if not starts or local(moment) >= starts[-1] + (end - begin):
        following = series.after(local(moment))
        starts += [following] if following else []

    def utc(time: datetime) -> When:
        return When.moment(time.replace(tzinfo=site.zone).astimezone(UTC))

    found = [Window(utc(start), utc(start + (end - begin))) for start in starts]
    if stops:
        found = [window for window in found if window.start.start < stops[0]]
        found = [replace(w, end=min(w.end or w.start, When.moment(stops[0]), key=lambda t: t.start)) for w in found]
    return tuple(found)
