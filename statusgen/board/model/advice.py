"""What residents can do meanwhile, and where to go instead."""

from dataclasses import dataclass
from datetime import datetime

from statusgen.board.model.spans import ChannelKey, Source
from statusgen.model.times import When
from statusgen.model.words import Words


@dataclass(frozen=True, slots=True)
class Advice:
    """What people can do, or where they can go instead, in few words too (`short`), until a moment if one was said.

    `said_at` is when it was last said, by the update `source`. What is for everybody `is_stale` once that is too long
    ago.
    """

    words: Words
    said_at: When
    source: Source
    until: When | None = None
    short: Words | None = None
    is_stale: bool = False

    def holds_at(self, moment: datetime) -> bool:
        """Return whether its time has not run out."""
        return self.until is None or self.until.end > moment


@dataclass(frozen=True, slots=True)
class Workaround:
    """What a resident can do meanwhile, and where to go instead, for one channel or for a whole service."""

    incident: str
    service: str
    channel: str | None
    do: Advice | None
    where: Advice | None


@dataclass(frozen=True, slots=True)
class LapsedAdvice:
    """Advice that was no longer repeated when the service it is about got better: by the update `source`."""

    advice: Advice
    key: ChannelKey
    source: Source
