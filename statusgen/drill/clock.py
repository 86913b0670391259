"""The clock of a drill: it begins at a made-up moment, goes faster than the computer's, and can be put forward."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FASTEST = 60
"""How many times as fast as real time a drill can be: from the desk, a post leaves after some seconds of real time."""


@dataclass(frozen=True)
class DrillClock:
    """What time it is in a drill.

    `settings` are pairs of what the computer's clock said and what the drill's was set to then, oldest first: its
    beginning, and each time that it was put forward. From each on it goes `speed` times as fast as the computer's.
    """

    settings: Sequence[tuple[datetime, datetime]]
    speed: float

    @property
    def begins(self) -> datetime:
        """The moment at which the drill begins, by its own clock."""
        return self.settings[0][1]

    def read(self, computer_time: datetime) -> datetime:
        """Return the drill's time, in whole seconds, when the computer's clock says `computer_time`."""
        set_at, moment = self.settings[-1]
        passed = max(computer_time - set_at, timedelta()) * self.speed
        return (moment + passed).replace(microsecond=0)

    def put_forward(self, computer_time: datetime, moment: datetime) -> "DrillClock":
        """Return the clock put forward to a moment; as it was if that has passed. It never goes back."""
        if moment <= self.read(computer_time):
            return self
        return replace(self, settings=(*self.settings, (computer_time, moment)))

    def wait(self, computer_time: datetime, moment: datetime) -> timedelta:
        """Return how long it takes, by the computer's clock, until the drill's says `moment`."""
        return max(moment - self.read(computer_time), timedelta()) / self.speed
