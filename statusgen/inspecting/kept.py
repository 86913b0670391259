"""The files of incidents that are settled, and what was found in them, kept from one build to the next.

What is over for good is told alike in every build, as long as nobody writes anything in its post. Its files depend on
that, on the site's own words and services, on the titles of the incidents that it is not to be confused with, and on
the program; and on nothing else, least of all on the moment. A site with templates of its own is made anew each time:
nobody knows what they look at.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from pydantic_core import to_json

from statusgen import addresses
from statusgen.cache import Cache, clocks, digest, program
from statusgen.errors import Place
from statusgen.files import File
from statusgen.inspecting.facts import Facts, LookedAt
from statusgen.inspecting.kinds import facts
from statusgen.model import Site, Words
from statusgen.outputs.every import Make
from statusgen.status.board import is_settled
from statusgen.status.standing import Board, IncidentStanding, Transition
from statusgen.theme.look import Look

_KIND = "incidents"


@dataclass(frozen=True)
class _Grounds:
    """All that the files of an incident are made from, besides what those of all incidents are made from."""

    standing: IncidentStanding
    transitions: tuple[tuple[Transition, ...], ...]
    unrelated: tuple[tuple[str, Words], ...]


class Kept:
    """Looks at the files of a Board where they are made, and keeps those of its settled incidents in a cache."""

    def __init__(self, board: Board, look: Look, cache: Cache) -> None:
        self.board, self.cache = board, cache
        self.works = cache.folder is not None and not look.has_own
        if self.works and any(is_settled(standing, board.moment) for standing in board.incidents):
            _ = self._of_all  # before the work is shared out, so that not each process makes it

    def files(self, standing: IncidentStanding | None, make: Make) -> Iterator[File]:
        """The files of an incident, or of the whole site: those that were kept, or else those that `make` makes."""
        if standing is None or not self.works or not is_settled(standing, self.board.moment):
            yield from map(self.looked_at, make())
            return
        key = self.key(standing)
        files = [*_unpacked(self.cache.get(_KIND, standing.id, key) or b"", standing, self.board.site)]
        if not files:
            files = [*map(self.looked_at, make())]
            if not any(file.facts.faults for file in files):
                self.cache.put(_KIND, standing.id, key, _packed(files))
        yield from files

    def looked_at(self, file: File) -> LookedAt:
        """A file with what it says."""
        return LookedAt(file.path, file.content, file.source, facts(file.path, file.content, self.board.site.url))

    def forget(self) -> None:
        """Delete what was kept of incidents that are no more."""
        self.cache.forget(_KIND, self.board.incident)

    def key(self, standing: IncidentStanding) -> str:
        """A digest of all that the files of an incident depend on."""
        others = {id for update in standing.updates for id in update.unrelated_to} & self.board.incident.keys()
        grounds = _Grounds(
            replace(standing, said=()),  # that follows from the updates, the windows and the site
            tuple(post.transitions for post in self.board.posts_of[standing.id]),
            tuple((id, self.board.incident[id].incident.title) for id in sorted(others)),
        )
        return digest([self._of_all, to_json(grounds).decode()])

    @cached_property
    def _of_all(self) -> str:
        """A digest of what the files of all incidents depend on; channels that one set up are named by others."""
        site = replace(self.board.site, incidents=(), images=(), revision=None)
        channels = [channel for standing in self.board.incidents for channel in standing.channels]
        return digest([program(), clocks(site.zone.key), repr(site), repr(channels)])


def _packed(files: Iterable[LookedAt]) -> bytes:
    """A line with the paths and the lengths of files and what they lead to, and after it their contents."""
    files = [*files]
    head = [[file.path, len(file.content), file.facts.links, file.facts.ids] for file in files]
    return json.dumps(head).encode() + b"\n" + b"".join(file.content for file in files)


def _unpacked(packed: bytes, standing: IncidentStanding, site: Site) -> Iterator[LookedAt]:
    """The files of an incident again; none if this is anything else."""
    folders = {addresses.in_language(addresses.incident(standing.id), code, site) for code in site.languages}
    head, _, contents = packed.partition(b"\n")
    try:
        entries = [(str(path), int(length), _facts(links, ids)) for path, length, links, ids in json.loads(head)]
    except (ValueError, TypeError):
        return
    if sum(length for _, length, _ in entries) != len(contents):
        return
    if any(f"{path.rpartition('/')[0]}/" not in folders for path, _, _ in entries):
        return
    begin, source = 0, Place(standing.incident.place.file)
    for path, length, found in entries:
        yield LookedAt(path, contents[begin : begin + length], source, found)
        begin += length


def _facts(links: Any, ids: Any) -> Facts:
    return Facts(links=tuple(map(str, links)), ids=tuple(map(str, ids)))
