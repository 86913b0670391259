"""Keeps what earlier versions of posts say of themselves: git has thousands of them, and they never change.

A version depends on its texts, which git names by their content, on what its names meant then, and on the program.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter, ValidationError

from statusgen.cache import Cache, digest, program_digest

_CACHE_KIND, _NAME = "versions", "all"


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


class VersionCache:
    """Versions by what they depend on; None for one with a mistake."""

    def __init__(self, cache: Cache | None = None) -> None:
        self.cache = cache or Cache()
        self.versions: dict[str, SoundVersion | None] = {}
        self.used: dict[str, SoundVersion | None] = {}
        content = self.cache.get(_CACHE_KIND, _NAME, program_digest()) if cache else None
        try:
            self.versions = _adapter().validate_json(content) if content else {}
        except ValidationError:
            self.versions = {}

    def find(self, parts: tuple[str, ...], read: Callable[[], SoundVersion | None]) -> SoundVersion | None:
        """Return a version; `read` is called for one that is not known yet."""
        key = digest(parts)
        if key not in self.used:
            self.used[key] = self.versions[key] if key in self.versions else read()
        return self.used[key]

    def save(self) -> None:
        """Keep the versions that were asked for, and no others."""
        if self.used.keys() != self.versions.keys():
            self.cache.put(_CACHE_KIND, _NAME, program_digest(), _adapter().dump_json(self.used))


@cache
def _adapter() -> TypeAdapter[dict[str, SoundVersion | None]]:
    return TypeAdapter(dict[str, SoundVersion | None])
