"""The incidents that the standing of every service is judged by at one moment."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import accumulate

from statusgen.board.model.incidents import IncidentStatus
from statusgen.model.states import Kind
from statusgen.model.whole_site import Site


@dataclass(frozen=True)
class Outages:
    """All incidents of a site at a moment, open or over; planned work and notices are not among them."""

    incidents: tuple[IncidentStatus, ...]
    site: Site
    moment: datetime

    @classmethod
    def among(cls, incidents: Iterable[IncidentStatus], site: Site, moment: datetime) -> "Outages":
        """Return those of these posts that are incidents."""
        return cls(tuple(each for each in incidents if each.incident.kind is Kind.INCIDENT), site, moment)

    @cached_property
    def reaching(self) -> tuple[IncidentStatus, ...]:
        """The open ones that may affect services of which nothing was said."""
        return tuple(each for each in self.incidents if each.may_reach_further)

    def find_latest_end(self, begun_by: datetime) -> datetime | None:
        """Return when the last that had begun by a moment ended, if all of them have; the moment itself if none had."""
        begun = bisect_right(self._starts, begun_by)
        return self._latest_ends[begun - 1] if begun else begun_by

    @cached_property
    def _by_start(self) -> list[IncidentStatus]:
        return sorted(self.incidents, key=lambda each: each.incident.started.start)

    @cached_property
    def _starts(self) -> list[datetime]:
        return [each.incident.started.start for each in self._by_start]

    @cached_property
    def _latest_ends(self) -> list[datetime | None]:
        """For each incident by its start, when the last of those until it ended; None as soon as one has not."""
        ends = (each.ended.start if each.ended else None for each in self._by_start)
        return [*accumulate(ends, lambda latest, end: max(latest, end) if latest and end else None)]

    @property
    def may_reach_further(self) -> bool:
        """Whether there is one that may affect services of which nothing was said."""
        return bool(self.reaching)
