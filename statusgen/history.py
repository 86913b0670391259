"""What happened when: the months of the archive."""

from collections import defaultdict
from dataclasses import dataclass

from statusgen.status.standing import Board, IncidentStanding


@dataclass(frozen=True)
class Month:
    """A month in which something began; `incidents` are newest first."""

    year: int
    month: int
    incidents: tuple[IncidentStanding, ...]


def months(board: Board) -> tuple[Month, ...]:
    """The months of the archive, newest first; an incident belongs to the local month in which it began."""
    found: dict[tuple[int, int], list[IncidentStanding]] = defaultdict(list)
    for standing in board.incidents:
        day = board.site.local_day(standing.incident.started.start)
        found[day.year, day.month].append(standing)
    return tuple(
        Month(year, month, tuple(sorted(found[year, month], key=_began, reverse=True)))
        for year, month in sorted(found, reverse=True)
    )


def _began(standing: IncidentStanding) -> tuple[float, str]:
    return (standing.incident.started.start.timestamp(), standing.id)
