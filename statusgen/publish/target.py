"""What every kind of target can do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from statusgen.publish.built_site import BuiltSite
from statusgen.publish.plan import Plan
from statusgen.publish.record import Record

Progress = Callable[[int, int], None]
"""Told how many of how many files are there."""


@dataclass(frozen=True)
class Published:
    """What a target has: the bytes of its manifest (None before the first publication), and its record.

    `token` is what the target compares later, to know whether anybody published meanwhile.
    """

    manifest: bytes | None
    record: Record
    token: str = ""


class PublishTarget(Protocol):
    """A place to publish at. Every method raises PublishError, in words that say what to do."""

    @property
    def name(self) -> str:
        """What messages call it: its address."""

    def read_published(self) -> Published:
        """Return what it has now."""

    def send(self, site: BuiltSite, plan: Plan, published: Published, now: datetime, progress: Progress) -> None:
        """Send what the plan says, as wholly as the host allows; refuse if anybody published since `published`."""
