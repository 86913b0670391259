"""Since when, until when, and on whose word something stood so."""

from dataclasses import dataclass
from enum import Enum
from zoneinfo import ZoneInfo

from statusgen.model.statuses import Status
from statusgen.model.times import When

# The ids of a service and of one of its channels; None instead of the latter for a service without channels.
ChannelKey = tuple[str, str | None]


def time_after(when: When, zone: ZoneInfo) -> When:
    """Return the moment at which something is over: `when` itself or, if it is a whole day, the day after."""
    return When.day(when.end.astimezone(zone).date(), zone) if when.is_whole_day else when


class Phase(Enum):
    """Where an incident, planned work or a notice is in its life."""

    PLANNED = "planned"
    OPEN = "open"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class StartTime:
    """When something began.

    With `is_before`, all that is known is that it began before then. With `is_report`, it was first reported then, and
    nobody said when it began.
    """

    when: When
    is_before: bool = False
    is_report: bool = False

    @property
    def is_known(self) -> bool:
        """Whether somebody said on which day it began, so that days can be counted from it."""
        return not (self.is_before or self.is_report or self.when.is_whole_month)


@dataclass(frozen=True, slots=True)
class Source:
    """The update that reported something: the ids of its incident and of itself."""

    incident: str
    update: str


@dataclass(frozen=True, slots=True)
class Word:
    """What one incident says of one way to use a service, or of the service itself, from one update to another.

    `status` may be `WORKING`; `NOT_SAID` is only for a way of which an earlier word no longer holds, with the time at
    which it was `said_working`. `said` are the times of all updates that said so, oldest first; none for planned work.
    `until` is None while it lasts. `opened_by` and `closed_by` are None if it began or ended by the clock (planned
    work, a notice with an end), and `closed_by` while it lasts. It `came_back` if it works again after a problem that
    was named; a correction is no event, so then it only `is_corrected`. It is `of_service` if the word was one on the
    whole service, which this way was not singled out from.
    """

    incident: str
    key: ChannelKey
    status: Status
    since: StartTime
    said: tuple[When, ...] = ()
    until: When | None = None
    opened_by: Source | None = None
    closed_by: Source | None = None
    came_back: bool = False
    is_corrected: bool = False
    said_working: When | None = None
    of_service: bool = False

    @property
    def said_at(self) -> When | None:
        """When it was last said."""
        return self.said[-1] if self.said else None


@dataclass(frozen=True, slots=True)
class Interval:
    """A period of a service or channel at one status, with the updates that began and ended it.

    `since` is None if nothing was said before it. `opened_by` and `closed_by` are None if it began or ended by the
    clock (planned work, a temporary channel), and at both ends of what is known. `said` are the times at which an
    update said so, oldest first.
    """

    status: Status
    since: StartTime | None
    until: When | None
    opened_by: Source | None
    closed_by: Source | None
    said: tuple[When, ...] = ()
