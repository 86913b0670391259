"""Dates to act on or to know: waivers, deadlines, and the windows of planned work."""

from dataclasses import dataclass
from datetime import datetime

from statusgen.board.model.spans import Phase, Source
from statusgen.model.times import When
from statusgen.model.waivers import Deadline, Waiver
from statusgen.model.words import Words


@dataclass(frozen=True, slots=True)
class WaiverStatus:
    """A waiver, merged from all updates about it, and whether it is in force at the moment of the Board."""

    waiver: Waiver
    phase: Phase
    incident: str
    is_withdrawn: bool = False

    @property
    def has_ended(self) -> bool:
        """Whether it was in force, and is over by its own date."""
        return self.phase is Phase.PAST and self.waiver.until is not None and not self.is_withdrawn


@dataclass(frozen=True, slots=True)
class DeadlineStatus:
    """A date that residents must know, and whether it is still to come."""

    deadline: Deadline
    phase: Phase
    incident: str


@dataclass(frozen=True, slots=True)
class Window:
    """One period of planned work; `end` is None if it runs past its planned time without a known end.

    `opened_by` and `closed_by` are the updates that began and ended it; None if it happens by the clock.
    """

    start: When
    end: When | None
    opened_by: Source | None = None
    closed_by: Source | None = None

    @property
    def over_at(self) -> datetime | None:
        """The first moment at which it is over: when an update ended it, otherwise just after `end`."""
        if self.end is None:
            return None
        return self.end.start if self.closed_by else self.end.end


@dataclass(frozen=True, slots=True)
class UpcomingDate:
    """A date to act on or to know: a deadline, or the end of a waiver."""

    on: When
    what: Words
    is_waiver_end: bool
    services: tuple[str, ...]
    incident: str
