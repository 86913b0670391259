"""Keeps posts as they were read before: in a site of many years, hardly any of them change from build to build.

A sound post that links to no other and shows no picture depends on its own text and translations, on services.yaml,
on the rules of its time zone and on the program. Others are read each time, since what they link to may be gone.
"""

from collections.abc import Iterable
from functools import cache
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from statusgen.content.posts.incidents import PostFiles
from statusgen.model.posts import Incident
from statusgen.speed.cache import Cache, digest, program_digest, time_zone_digest

_CACHE_KIND = "posts"


class PostCache:
    """The posts in a cache. All of them depend on `shared_inputs`, and on the program and the rules of `zone`."""

    def __init__(self, cache: Cache, shared_inputs: Iterable[str], zone: ZoneInfo) -> None:
        self.cache = cache
        self.shared_key = digest([program_digest(), time_zone_digest(zone.key), *shared_inputs])

    def get(self, post: PostFiles) -> Incident | None:
        """Return what a post says, if it was read before."""
        content = self.cache.get(_CACHE_KIND, post.id, self.key_of(post))
        try:
            return _incident_adapter().validate_json(content) if content else None
        except ValidationError:
            return None

    def put(self, post: PostFiles, incident: Incident) -> None:
        """Keep what a post says, unless it names others."""
        if not any(update.unrelated_to for update in incident.updates):
            self.cache.put(_CACHE_KIND, post.id, self.key_of(post), _incident_adapter().dump_json(incident))

    def keep_only(self, ids: Iterable[str]) -> None:
        """Delete what was kept of all posts but these."""
        self.cache.prune(_CACHE_KIND, ids)

    def key_of(self, post: PostFiles) -> str:
        """Return a digest of everything that a post depends on."""
        sources = ((language, source.file, source.content) for language, source in post.translations.items())
        parts = (part for source in sources for part in source)
        return digest([self.shared_key, post.id, post.original.file, post.original.content, *parts])


@cache
def _incident_adapter() -> TypeAdapter[Incident]:
    """Return the adapter, which is made once and only when needed: making it takes longer than reading a few posts."""
    return TypeAdapter(Incident)
