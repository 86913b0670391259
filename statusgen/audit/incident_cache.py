"""The files of settled incidents, and the results of their audit, kept from one build to the next.

An incident that is over for good is published the same way in every build, as long as nobody edits its post. Its files
depend on the post, on the site's own words and services, on the titles of the incidents that it is said to be unrelated
to, and on the program; and on nothing else, least of all the moment. A site with its own templates is made from scratch
each time, because nobody knows what those use.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from pydantic_core import to_json

from statusgen import addresses
from statusgen.audit.checkers import check_file
from statusgen.audit.result import AuditedFile, FileResult
from statusgen.board.board import is_settled
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.news import Transition
from statusgen.board.model.whole_board import Board
from statusgen.cache import Cache, digest, program_digest, time_zone_digest
from statusgen.files import File
from statusgen.model.whole_site import Site
from statusgen.model.words import Words
from statusgen.outputs.registry import MakeFiles
from statusgen.problems import Place
from statusgen.theme.renderer import Renderer

_KIND = "incidents"


@dataclass(frozen=True)
class _CacheInputs:
    """All that one incident's files are made from, besides what the files of all incidents are made from."""

    incident: IncidentStatus
    transitions: tuple[tuple[Transition, ...], ...]
    unrelated_titles: tuple[tuple[str, Words], ...]


class IncidentCache:
    """Checks the files of a Board where they are made, and keeps those of its settled incidents in a cache."""

    def __init__(self, board: Board, renderer: Renderer, cache: Cache) -> None:
        self.board, self.cache = board, cache
        self.is_enabled = cache.folder is not None and not renderer.has_site_templates
        if self.is_enabled and any(is_settled(incident, board.site, board.moment) for incident in board.incidents):
            _ = self._shared_digest  # computed before the work is divided, so that not every process has to

    def get_files(self, incident: IncidentStatus | None, make: MakeFiles) -> Iterator[File]:
        """Yield the files of an incident (None: of the whole site) from the cache, otherwise as `make` makes them."""
        if incident is None or not self.is_enabled or not is_settled(incident, self.board.site, self.board.moment):
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
        """Return a file with its result."""
        return AuditedFile(
            file.path, file.content, file.source, check_file(file.path, file.content, self.board.site.url)
        )

    def prune(self) -> None:
        """Delete what was kept of incidents that no longer exist."""
        self.cache.prune(_KIND, self.board.incident_by_id)

    def key(self, incident: IncidentStatus) -> str:
        """Return a digest of all that the files of an incident depend on."""
        others = {id for update in incident.updates for id in update.unrelated_to} & self.board.incident_by_id.keys()
        inputs = _CacheInputs(
            replace(incident, update_results=()),  # these follow from the updates, the windows and the site
            tuple(view.transitions for view in self.board.updates_by_incident[incident.id]),
            tuple((id, self.board.incident_by_id[id].incident.title) for id in sorted(others)),
        )
        return digest([self._shared_digest, to_json(inputs).decode()])

    @cached_property
    def _shared_digest(self) -> str:
        """A digest of what all incidents' files depend on; others can mention an incident's temporary channels."""
        site = replace(self.board.site, incidents=(), images=(), revision=None)
        channels = [channel for incident in self.board.incidents for channel in incident.temporary_channels]
        return digest([program_digest(), time_zone_digest(site.zone.key), repr(site), repr(channels)])


def _pack(files: Iterable[AuditedFile]) -> bytes:
    """Return files as one entry: a line with their paths, lengths, links and ids, followed by their contents."""
    files = [*files]
    head = [[file.path, len(file.content), file.result.links, file.result.ids] for file in files]
    return json.dumps(head).encode() + b"\n" + b"".join(file.content for file in files)


def _unpack(packed: bytes, incident: IncidentStatus, site: Site) -> Iterator[AuditedFile]:
    """Yield the files of an incident from such an entry; none if it is anything else.

    The entry is only data, but it is not trusted: every path must be in the folder of the incident's own pages.
    """
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


def _make_result(links: Iterable[object], ids: Iterable[object]) -> FileResult:
    return FileResult(links=tuple(map(str, links)), ids=tuple(map(str, ids)))
