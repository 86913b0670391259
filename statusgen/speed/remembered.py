"""Many small results in one entry of the cache: reading a file for each would take longer than working it out."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from statusgen.speed.cache import Cache, digest, program_digest

T = TypeVar("T")


class Remembered(Generic[T]):
    """Results of one kind, by what each follows from, besides the program; `results` describes all of them.

    What was asked for is kept until the next run, and nothing else.
    """

    def __init__(self, cache: Cache | None, kind: str, results: Callable[[], TypeAdapter[dict[str, T]]]) -> None:
        self.cache, self.kind, self.results = cache or Cache(), kind, results
        self.known: dict[str, T] = {}
        self.used: dict[str, T] = {}
        content = self.cache.get(kind, "all", program_digest()) if self.cache.folder else None
        if content:
            try:
                self.known = results().validate_json(content)
            except ValidationError:
                self.known = {}

    def find(self, parts: Iterable[str], make: Callable[[], T]) -> T:
        """Return the result that follows from these parts; `make` is called for one that is not known yet."""
        key = digest(parts)
        if key not in self.used:
            self.used[key] = self.known[key] if key in self.known else make()
        return self.used[key]

    def save(self) -> None:
        """Keep what was asked for."""
        if self.cache.folder and self.used.keys() != self.known.keys():
            self.cache.put(self.kind, "all", program_digest(), self.results().dump_json(self.used))
