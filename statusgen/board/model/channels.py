"""Ways to use a service that an incident set up, or changed, for a while."""

from dataclasses import dataclass
from datetime import datetime

from statusgen.board.model.spans import ChannelKey, Source
from statusgen.model.services import Channel
from statusgen.model.times import When


@dataclass(frozen=True, slots=True)
class TemporaryChannel:
    """A channel that an incident set up for a limited time.

    It is open from `opens` until `channel.closes` or `ended`, when it was no longer needed, whichever is first.
    `said_at` is when an update last spoke of it.
    `opened_by` and `ended_by` are the updates that opened and ended it; None if it happens by the clock.
    """

    service: str
    channel: Channel
    opens: When
    said_at: When
    opened_by: Source | None = None
    ended: When | None = None
    ended_by: Source | None = None

    @property
    def last_heard_of(self) -> tuple[When, When]:
        """When it was last spoken of, and when it opened; the later one is what its age counts from."""
        return self.said_at, self.opens

    @property
    def over_at(self) -> datetime | None:
        """The first moment at which it is gone; None if no end is known."""
        ends = [self.ended.start] if self.ended else []
        ends += [self.channel.closes.end] if self.channel.closes else []
        return min(ends, default=None)

    def is_open_at(self, moment: datetime) -> bool:
        """Return whether it is open at `moment`."""
        return self.opens.start <= moment and (self.over_at is None or moment < self.over_at)


@dataclass(frozen=True, slots=True)
class ChannelChange:
    """What is other than usual at a channel for now: the keys that `channel` gives, from `opens` until `ended`."""

    key: ChannelKey
    channel: Channel
    opens: When
    ended: When | None = None

    def holds_at(self, moment: datetime) -> bool:
        """Return whether it is so at `moment`."""
        ends = [
            when for when in (self.channel.closes and self.channel.closes.end, self.ended and self.ended.start) if when
        ]
        return self.opens.start <= moment and all(moment < end for end in ends)
