"""What is new: what came back, what got better, what is now expected at another time, and what was corrected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from statusgen.board.model.estimates import PublishedEstimate
from statusgen.board.model.news import Transition, UpdateView
from statusgen.board.model.whole_board import RECENT_CHANGE_PERIOD, Board
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
    changes = [change for change in board.recent_changes if change.channel is None and change.source]
    now = [change for change in changes if change.after is board.service_by_id[change.service].status]
    back = tuple(change for change in now if change.is_recovery)
    better = tuple(change for change in now if _is_better(change) and not change.is_recovery)
    corrections = tuple(view for view in board.recent_updates if view.update.state is State.CORRECTION)
    return News(back, better, tuple(_find_shifts(board)), corrections)


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
    if len(estimates) < 2:
        return
    before, now = (each.estimate.by or each.estimate.not_before for each in estimates[-2:])
    is_recent = moment - estimates[-1].published_at.start < RECENT_CHANGE_PERIOD
    if is_recent and before and (now is None or now.end != before.end):
        yield estimates[-1], now is None or now.end > before.end
