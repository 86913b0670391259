"""What is known of the parts of a site that is published already, kept from one build to the next.

A part depends on its incidents, on the site's own words and services, on the titles of the incidents that its own are
said to be unrelated to, and on the program; and on nothing else, least of all the moment. Of each of its files, the
cache has the digest and the result of its audit; the bytes are those of the site that is published, if they have that
digest. A site with its own templates is made from scratch each time, because nobody knows what those use.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pydantic_core import to_json

from statusgen.audit.checkers import check_file
from statusgen.audit.result import AuditedFile, FileResult
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.news import Transition
from statusgen.board.model.whole_board import Board
from statusgen.files import File, Part, unsafe_path_reason
from statusgen.model.words import Words
from statusgen.speed.cache import Cache, digest, program_digest, time_zone_digest
from statusgen.theme.renderer import Renderer

_KIND = "parts"


@dataclass(frozen=True)
class _CacheInputs:
    """All that the files of one incident are made from, besides what those of all incidents are made from."""

    incident: IncidentStatus
    transitions: tuple[tuple[Transition, ...], ...]
    unrelated_titles: tuple[tuple[str, Words], ...]


class PartCache:
    """Checks the files of a Board where they are made, and takes those of its parts from `published` if it can."""

    def __init__(self, board: Board, renderer: Renderer, cache: Cache, published: Path) -> None:
        self.board, self.cache, self.published = board, cache, published
        self.is_enabled = cache.folder is not None and not renderer.has_site_templates
        self.keys: dict[str, str] = {}
        self.names: set[str] = set()
        if self.is_enabled:
            _ = self._shared_digest  # computed before the work is divided, so that not every process has to

    def provide(self, made: Iterable[File | Part]) -> Iterator[AuditedFile]:
        """Yield the files, checked, and those of each part as they are published or as they are made."""
        for each in made:
            if isinstance(each, File):
                yield self.audit_file(each)
            elif self.is_enabled:
                yield from self.get_files(each)
            else:
                yield from map(self.audit_file, each.make())

    def get_files(self, part: Part) -> Iterator[AuditedFile]:
        """Yield the files of a part; what was found in those that had to be made is kept."""
        key = digest([self._shared_digest, *map(self.key, part.incidents), part.also])
        files = [*self.find_published(self.cache.get(_KIND, part.name, key) or b"")]
        if not files:
            files = [*map(self.audit_file, part.make())]
            if not any(file.result.faults for file in files):
                self.cache.put(_KIND, part.name, key, _describe(files))
        yield from (replace(file, part=part.name, source=file.source or part.source) for file in files)

    def find_published(self, entry: bytes) -> Iterator[AuditedFile]:
        """Yield the files that an entry describes; none unless all are published with the same bytes."""
        try:
            described = [
                (str(path), sha256, FileResult((), tuple(map(str, links)), tuple(map(str, ids)), moved_to=moved_to))
                for path, sha256, links, ids, moved_to in json.loads(entry or b"[]")
            ]
            if any(unsafe_path_reason(path) for path, _, _ in described):
                return
            contents = [(self.published / path).read_bytes() for path, _, _ in described]
        except (ValueError, TypeError, OSError):
            return
        if all(_sha256(content) == sha256 for content, (_, sha256, _) in zip(contents, described, strict=True)):
            for content, (path, _, result) in zip(contents, described, strict=True):
                yield AuditedFile(path, content, None, result)

    def audit_file(self, file: File) -> AuditedFile:
        """Return a file with its result."""
        return AuditedFile(
            file.path, file.content, file.source, check_file(file.path, file.content, self.board.site.url)
        )

    def note_parts(self, files: Iterable[File]) -> Iterator[File]:
        """Pass the files on, and remember of which parts they are."""
        for file in files:
            if isinstance(file, AuditedFile):
                self.names.add(file.part)
            yield file

    def prune(self) -> None:
        """Delete what was kept of parts that are no longer there."""
        self.cache.prune(_KIND, self.names)

    def key(self, id: str) -> str:
        """Return a digest of all that the files of an incident depend on."""
        if id not in self.keys:
            incident = self.board.incident_by_id[id]
            others = {id for update in incident.updates for id in update.unrelated_to}
            inputs = _CacheInputs(
                replace(incident, update_results=()),  # these follow from the updates, the windows and the site
                tuple(view.transitions for view in self.board.updates_by_incident[id]),
                tuple(
                    (other, self.board.incident_by_id[other].incident.title)
                    for other in sorted(others & self.board.incident_by_id.keys())
                ),
            )
            self.keys[id] = hashlib.sha256(to_json(inputs)).hexdigest()
        return self.keys[id]

    @cached_property
    def _shared_digest(self) -> str:
        """A digest of what all parts depend on; any post can mention a temporary channel of any incident."""
        site = replace(self.board.site, incidents=(), images=(), revision=None)
        channels = [channel for incident in self.board.incidents for channel in incident.temporary_channels]
        return digest([program_digest(), time_zone_digest(site.zone.key), repr(site), repr(channels)])


def _describe(files: Iterable[AuditedFile]) -> bytes:
    """Return what is kept of files: their paths, digests, links and ids, and where they lead by themselves."""
    kept = ((file.path, file.content, file.result) for file in files)
    return to_json([(path, _sha256(content), each.links, each.ids, each.moved_to) for path, content, each in kept])


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
