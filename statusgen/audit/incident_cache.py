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
from statusgen.audit.checkers import check_file
from statusgen.audit.result import AuditedFile, FileResult
from statusgen.board.board import is_settled
from statusgen.board.model import Board, IncidentStatus, Transition
from statusgen.cache import Cache, digest, program_digest, time_zone_digest
from statusgen.files import File
from statusgen.model import Site, Words
from statusgen.outputs.registry import MakeFiles
from statusgen.problems import Place
from statusgen.theme.renderer import Renderer

_KIND = "incidents"


@dataclass(frozen=True)
class _CacheInputs:
    """All that the files of an incident are made from, besides what those of all incidents are made from."""

    incident: IncidentStatus
    transitions: tuple[tuple[Transition, ...], ...]
    unrelated_titles: tuple[tuple[str, Words], ...]


class IncidentCache:
    """Looks at the files of a Board where they are made, and keeps those of its settled incidents in a cache."""

    def __init__(self, board: Board, renderer: Renderer, cache: Cache) -> None:
        self.board, self.cache = board, cache
        self.is_enabled = cache.folder is not None and not renderer.has_site_templates
        if self.is_enabled and any(is_settled(incident, board.moment) for incident in board.incidents):
            _ = self._shared_digest  # before the work is shared out, so that not each process makes it

    def get_files(self, incident: IncidentStatus | None, make: MakeFiles) -> Iterator[File]:
        """The files of an incident, or of the whole site: those that were kept, or else those that `make` makes."""
        if incident is None or not self.is_enabled or not is_settled(incident, self.board.moment):
            yield from map(self.audit_file, make())
            return
        key = self.key(incident)
        files = [*_unpack(self.cache.get(_KIND, incident.id, key) or b"", incident, self.board.site)]
        if not files:
            files = [*map(self.audit_file, make())]
            if not any(file.result.faults for file in files):
                self.cache.put(_KIND, incident.id, key, _pack(files))
        yield from files

    def audit_file(self, file: File) -> AuditedFile:
        """A file with what it says."""
        return AuditedFile(
            file.path, file.content, file.source, check_file(file.path, file.content, self.board.site.url)
        )

    def prune(self) -> None:
        """Delete what was kept of incidents that are no more."""
        self.cache.prune(_KIND, self.board.incident_by_id)

    def key(self, incident: IncidentStatus) -> str:
        """A digest of all that the files of an incident depend on."""
        others = {id for update in incident.updates for id in update.unrelated_to} & self.board.incident_by_id.keys()
        inputs = _CacheInputs(
            replace(incident, update_results=()),  # that follows from the updates, the windows and the site
            tuple(post.transitions for post in self.board.updates_by_incident[incident.id]),
            tuple((id, self.board.incident_by_id[id].incident.title) for id in sorted(others)),
        )
        return digest([self._shared_digest, to_json(inputs).decode()])

    @cached_property
    def _shared_digest(self) -> str:
        """A digest of what the files of all incidents depend on; channels that one set up are named by others."""
        site = replace(self.board.site, incidents=(), images=(), revision=None)
        channels = [channel for incident in self.board.incidents for channel in incident.channels]
        return digest([program_digest(), time_zone_digest(site.zone.key), repr(site), repr(channels)])


def _pack(files: Iterable[AuditedFile]) -> bytes:
    """A line with the paths and the lengths of files and what they lead to, and after it their contents."""
    files = [*files]
    head = [[file.path, len(file.content), file.result.links, file.result.ids] for file in files]
    return json.dumps(head).encode() + b"\n" + b"".join(file.content for file in files)


def _unpack(packed: bytes, incident: IncidentStatus, site: Site) -> Iterator[AuditedFile]:
    """The files of an incident again; none if this is anything else."""
    folders = {addresses.in_language(addresses.incident(incident.id), code, site) for code in site.languages}
    head, _, contents = packed.partition(b"\n")
    try:
        entries = [(str(path), int(length), _make_result(links, ids)) for path, length, links, ids in json.loads(head)]
    except (ValueError, TypeError):
        return
    if sum(length for _, length, _ in entries) != len(contents):
        return
    if any(f"{path.rpartition('/')[0]}/" not in folders for path, _, _ in entries):
        return
    begin, source = 0, Place(incident.incident.place.file)
    for path, length, found in entries:
        yield AuditedFile(path, contents[begin : begin + length], source, found)
        begin += length


def _make_result(links: Any, ids: Any) -> FileResult:
    return FileResult(links=tuple(map(str, links)), ids=tuple(map(str, ids)))
