"""Keeps what earlier versions of posts say of themselves: git has thousands of them, and they never change.

A version depends on its texts, which git names by their content, on what its names meant then, and on the program.
"""

import functools
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from statusgen.speed.cache import Cache
from statusgen.speed.remembered import Remembered


@dataclass(frozen=True)
class Target:
    """Where a link or a picture of a post leads, as it was written."""

    written: str
    is_image: bool


@dataclass(frozen=True)
class SoundVersion:
    """A version of a post, with its translations, that has no mistakes of its own.

    `posted` is when its first text was to appear; None for a draft. `due` is when each later update was, by its id.
    `targets` have to be there too.
    """

    started: datetime
    posted: datetime | None
    due: dict[str, datetime]
    targets: frozenset[Target]


Versions = Remembered[SoundVersion | None]
"""Versions by what they depend on; None for one with a mistake."""


def remember_versions(cache: Cache | None = None) -> Versions:
    """Return the versions that were read before."""
    return Remembered(cache, "versions", _make_adapter)


@functools.cache
def _make_adapter() -> TypeAdapter[dict[str, SoundVersion | None]]:
    return TypeAdapter(dict[str, SoundVersion | None])
