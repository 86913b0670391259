"""The site at one moment, kept in memory; and all of its moments."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path

from jinja2.bccache import Bucket, BytecodeCache

from statusgen import addresses
from statusgen.board.board import make_board
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.whole_board import Board
from statusgen.board.site_changes import SiteChange, list_site_changes
from statusgen.files import File
from statusgen.model.whole_site import Site
from statusgen.outputs import pages
from statusgen.outputs.pages import all_pages
from statusgen.outputs.registry import all_files, make_parts
from statusgen.theme.renderer import Renderer

_MAX_SNAPSHOTS = 8


class _TemplateCache(BytecodeCache):
    """Compiled templates, for all snapshots: compiling them takes longer than making a page."""

    def __init__(self) -> None:
        self.compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what was compiled before; Jinja drops it if the template has changed."""
        if bucket.key in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.compiled[bucket.key] = bucket.bytecode_to_string()


_TEMPLATE_CACHE = _TemplateCache()


class Snapshot:
    """What `build` would write at one moment. Each file is made when it is first requested, the pages before others."""

    def __init__(self, site: Site, moment: datetime, folder: Path) -> None:
        self.board = make_board(site, moment, drafts=True)
        self._incident_by_path = {
            path: incident for incident in self.board.incidents for path in _list_incident_paths(incident, site)
        }
        self._page_paths = set(_list_page_paths(self.board))
        self._make_incident_page = pages.incident_writer(self.board, _make_renderer(folder))
        pages_first = (
            make_parts(make(self.board, _make_renderer(folder)))
            for make in (pages.files, pages.service_pages, pages.archive_pages)
        )
        self._remaining_files = chain(*pages_first, all_files(self.board, _make_renderer(folder)))
        self._content_by_path: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def get_file(self, path: str) -> bytes | None:
        """Return the bytes of a file, or None if there is none; raise StatusgenError if it cannot be made."""
        if path in self._content_by_path:
            return self._content_by_path[path]  # without waiting for other files that are being made
        if path.endswith(".html") and path not in self._page_paths:
            return None  # without first making all files that there are
        with self._lock:
            if path in self._incident_by_path:
                self._store(self._make_incident_page(self._incident_by_path[path]))
            while path not in self._content_by_path and (file := next(self._remaining_files, None)):
                self._store([file])
            return self._content_by_path.get(path)

    def make_pages(self) -> None:
        """Make all pages; raise StatusgenError if one cannot be made."""
        for path in sorted(self._page_paths):
            self.get_file(path)

    def make_all(self) -> None:
        """Make all files; raise StatusgenError if one cannot be made."""
        with self._lock:
            self._store(self._remaining_files)

    def _store(self, files: Iterable[File]) -> None:
        for file in files:
            self._content_by_path[file.path] = file.content


class Snapshots:
    """A site without mistakes: as it is at `moment`, and as it was or will be at each of its changes.

    The templates in `folder` are read when a page is made. Without `drafts`, posts marked as drafts are left out.
    """

    def __init__(self, site: Site, moment: datetime, folder: Path, drafts: bool) -> None:
        shown = tuple(incident for incident in site.incidents if drafts or not incident.draft)
        self.site = replace(site, incidents=shown)
        self.changes: tuple[SiteChange, ...] = list_site_changes(self.site, moment)
        self.current = Snapshot(self.site, moment, folder)
        self.at = lru_cache(_MAX_SNAPSHOTS)(lambda moment: Snapshot(self.site, moment, folder))


def _make_renderer(folder: Path) -> Renderer:
    return Renderer(folder, _TEMPLATE_CACHE)


def _list_page_paths(board: Board) -> Iterator[str]:
    site = board.site
    for page in all_pages(board):
        for language in site.languages[:1] if page.address == addresses.NOT_FOUND else site.languages:
            yield addresses.in_language(addresses.file_path(page.address), language, site)


def _list_incident_paths(incident: IncidentStatus, site: Site) -> Iterator[str]:
    for language in site.languages:
        yield addresses.in_language(addresses.file_path(addresses.incident(incident.id)), language, site)
