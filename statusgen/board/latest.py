"""What is new: what came back, what got better, what is now expected at another time, and what was corrected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from statusgen.board.model.estimates import PublishedEstimate
from statusgen.board.model.news import Transition, UpdateView
from statusgen.board.model.whole_board import RECENT_CHANGE_PERIOD, Board
from statusgen.model.reports import Estimate
from statusgen.model.states import State
from statusgen.model.words import Words


@dataclass(frozen=True, slots=True)
class Shift:
    """A new estimate of a service, or of an outage, for another time than the one before: a later one, or a sooner."""

    name: Words
    estimate: PublishedEstimate
    is_later: bool


@dataclass(frozen=True, slots=True)
class News:
    """What is new since the day before, good news first."""

    back: tuple[Transition, ...]
    better: tuple[Transition, ...]
    shifts: tuple[Shift, ...]
    corrections: tuple[UpdateView, ...]


def find_news(board: Board) -> News:
    """Return what is new on a Board, as far as it still holds."""
    now = [change for change in board.recent_changes if change.source and _still_holds(change, board)]
    whole = [change for change in now if change.channel is None]
    told = {change.service for change in whole}
    back = [change for change in now if change.is_recovery]
    better = tuple(change for change in whole if _is_better(change) and not change.is_recovery)
    corrections = tuple(view for view in board.recent_updates if view.update.state is State.CORRECTION)
    # A way that came back is news of its own, unless its service is.
    back = [change for change in back if change.channel is None or change.service not in told]
    return News(tuple(back), better, tuple(_find_shifts(board)), corrections)


def _still_holds(change: Transition, board: Board) -> bool:
    service = board.service_by_id[change.service]
    if change.channel is None:
        return change.after is service.status
    return any(each.channel.id == change.channel and each.status is change.after for each in service.channels)


def _is_better(change: Transition) -> bool:
    """Return whether more of it works than before, of what was known not to."""
    return change.before.is_broken and change.after.is_broken and change.after.severity < change.before.severity


def _find_shifts(board: Board) -> Iterator[Shift]:
    """Yield the estimates that were moved lately, of services and of outages as a whole; the later ones first."""
    found = [
        Shift(name, estimate, is_later)
        for name, estimates in _estimates_by_name(board)
        for estimate, is_later in _moved(estimates, board.moment)
    ]
    yield from sorted(found, key=lambda shift: not shift.is_later)


def _estimates_by_name(board: Board) -> Iterator[tuple[Words, list[PublishedEstimate]]]:
    for service in board.services:
        if service.status.is_broken:
            yield service.service.name, [each for each in service.estimates if each.key is None or each.key[1] is None]
    for incident in board.open_incidents:
        yield incident.incident.title, [each for each in incident.estimates if each.is_about_all]


def _moved(estimates: Sequence[PublishedEstimate], moment: datetime) -> Iterator[tuple[PublishedEstimate, bool]]:
    """Yield the newest estimate if it is recent and names another time than the one before, and whether it is later."""
    if len(estimates) < 2 or moment - estimates[-1].published_at.start >= RECENT_CHANGE_PERIOD:
        return
    is_later = _is_later(estimates[-1].estimate, estimates[-2].estimate)
    if is_later is not None:
        yield estimates[-1], is_later


def _is_later(now: Estimate, before: Estimate) -> bool | None:
    """Return whether an estimate is later than the one before; None if neither that nor the contrary was said.

    "Not before Friday" is no later than "by Saturday", and without a time nobody said that it takes longer.
    """
    if now.by and before.by:
        return None if now.by.end == before.by.end else now.by.end > before.by.end
    if now.by and before.not_before:
        return False if now.by.end <= before.not_before.start else None
    if now.not_before and before.by:
        return True if now.not_before.start >= before.by.end else None
    if now.not_before and before.not_before and now.not_before.start != before.not_before.start:
        return now.not_before.start > before.not_before.start
    return None
