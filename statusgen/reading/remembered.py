"""Posts as they were read before: most of a site of many years is not written anew.

A sound post that leads to no other and shows no picture depends on its own text and translations, on services.yaml, on
the clocks and on the program. Others are read each time, since what they lead to may be gone.
"""

from collections.abc import Iterable
from functools import cache
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from statusgen.cache import Cache, clocks, digest, program
from statusgen.model import Incident
from statusgen.reading.incidents import Post

_KIND = "posts"


class Remembered:
    """The posts in a cache; `beside` is what all of them depend on besides the program and the clocks of `zone`."""

    def __init__(self, cache: Cache, beside: Iterable[str], zone: ZoneInfo) -> None:
        self.cache = cache
        self.beside = digest([program(), clocks(zone.key), *beside])

    def get(self, post: Post) -> Incident | None:
        """What a post says, if it was read before."""
        content = self.cache.get(_KIND, post.id, self.key(post))
        try:
            return _adapter().validate_json(content) if content else None
        except ValidationError:
            return None

    def put(self, post: Post, incident: Incident) -> None:
        """Remember what a post says, unless it names others."""
        if not any(update.unrelated_to for update in incident.updates):
            self.cache.put(_KIND, post.id, self.key(post), _adapter().dump_json(incident))

    def forget(self, ids: Iterable[str]) -> None:
        """Delete what was remembered of all posts but these."""
        self.cache.forget(_KIND, ids)

    def key(self, post: Post) -> str:
        """A digest of all that a post depends on."""
        sources = ((language, source.file, source.content) for language, source in post.translations.items())
        parts = (part for source in sources for part in source)
        return digest([self.beside, post.id, post.original.file, post.original.content, *parts])


@cache
def _adapter() -> TypeAdapter[Incident]:
    """Made once, and only when it is needed: it takes longer than to read a few posts."""
    return TypeAdapter(Incident)
