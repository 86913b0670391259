"""The incidents that the standing of every service is judged by at one moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

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

    @property
    def may_reach_further(self) -> bool:
        """Whether there is one that may affect services of which nothing was said."""
        return bool(self.reaching)
