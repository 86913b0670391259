"""When something is expected back, and when the next update is."""

from dataclasses import dataclass
from datetime import datetime

from statusgen.board.model.spans import ChannelKey, Source
from statusgen.model.reports import Estimate
from statusgen.model.times import When


@dataclass(frozen=True, slots=True)
class PublishedEstimate:
    """An estimate, with the update that gave it and its time; `key` where it is about one service or channel.

    `confirmed_at` is when an update last said that it still holds. It `is_late` once its last time has passed.
    """

    estimate: Estimate
    published_at: When
    source: Source
    key: ChannelKey | None = None
    confirmed_at: When | None = None
    is_late: bool = False

    @property
    def said_at(self) -> When:
        """When it was last said."""
        return self.confirmed_at or self.published_at

    @property
    def is_about_all(self) -> bool:
        """Whether it is about the incident as a whole."""
        return self.key is None and not self.estimate.services

    def mentions(self, service: str) -> bool:
        """Return whether it is about the service."""
        return self.key[0] == service if self.key else service in self.estimate.services

    def is_late_at(self, moment: datetime) -> bool:
        """Return whether the last time that it names has passed."""
        last = self.estimate.by or self.estimate.not_before
        return last is not None and last.end <= moment


@dataclass(frozen=True, slots=True)
class Promise:
    """When the next update is due, and whether that moment passed without one."""

    due: When
    overdue: bool
    incident: str
