"""The moments at which the clock alone began or ended planned work, as it was announced by then.

Each follows from the updates that were published by its own moment, and from nothing later. So it stays as it is when
the work is moved, ended or canceled afterwards. Where an update says at that moment, or said before, that the work
began or ended, there is none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from statusgen.board.model.dates import Window
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.whole_board import Board
from statusgen.board.windows import LOOKBACK_PERIOD, numbered_windows
from statusgen.model.posts import Incident, Update
from statusgen.model.states import Kind, State
from statusgen.model.whole_site import Site


@dataclass(frozen=True, slots=True)
class ClockMoment:
    """That planned work was due to begin or, if it `is_end`, to end: nobody said that it did.

    `window` and `services` (the ids of those that it is about) are as they were announced by then.
    """

    at: datetime
    is_end: bool
    incident: Incident
    window: Window
    services: tuple[str, ...]


def clock_moments(board: Board) -> tuple[ClockMoment, ...]:
    """Return the moments of the last year, oldest first."""
    works = (incident for incident in board.incidents if incident.incident.kind is Kind.MAINTENANCE)
    found = (each for work in works for each in _list_moments(work, board.site, board.moment))
    return tuple(sorted(found, key=lambda each: (each.at, each.incident.id, not each.is_end)))


def _list_moments(work: IncidentStatus, site: Site, now: datetime) -> Iterator[ClockMoment]:
    """Yield the moments of one post: from each update to the next, the windows are those that it left."""
    updates = work.updates
    for number, update in enumerate(updates, 1):
        since = max(update.time.start, now - LOOKBACK_PERIOD)
        following = updates[number].time.start if number < len(updates) else None
        until = min(following, now) if following else now
        if since > until:
            continue
        published = replace(work.incident, updates=updates[:number])
        said = {report.service for each in published.updates for report in each.reports}
        services = tuple(service.id for service in site.services if service.id in said)
        for window in numbered_windows(published, site, until).values():
            for at, is_end in _clock_ends(window):
                is_before_next = at < following if following else at <= now
                if since <= at and is_before_next and not _is_said(updates, at, is_end):
                    yield ClockMoment(at, is_end, work.incident, window, services)


def _clock_ends(window: Window) -> Iterator[tuple[datetime, bool]]:
    """Yield the ends of a window that are by the clock, and whether it is the last one."""
    if not window.opened_by:
        yield window.start.start, False
    if window.over_at and not window.closed_by:
        yield window.over_at, True


def _is_said(updates: Sequence[Update], at: datetime, is_end: bool) -> bool:
    """Return whether an update of that very moment says it, or that the work goes on, or is not done at all."""
    states = {update.state for update in updates if update.time.start == at}
    return any(state.is_terminal or (state in (State.IN_PROGRESS, State.VERIFYING)) for state in states) or (
        is_end and State.SCHEDULED in states
    )
