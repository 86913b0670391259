"""The site at one moment, held in memory; and all of its moments."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path

from jinja2.bccache import Bucket, BytecodeCache

from statusgen import addresses
from statusgen.files import File
from statusgen.model import Site
from statusgen.outputs import pages
from statusgen.outputs.every import every_file
from statusgen.outputs.pages import every_page
from statusgen.status.board import board
from statusgen.status.standing import Board, IncidentStanding
from statusgen.status.turns import Turn, turns
from statusgen.theme.look import Look

_KEPT = 8


class _Templates(BytecodeCache):
    """Compiled templates, for all editions: to compile them takes longer than to make a page."""

    def __init__(self) -> None:
        self.compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what was compiled before; Jinja drops it where the template has changed."""
        if bucket.key in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.compiled[bucket.key] = bucket.bytecode_to_string()


_TEMPLATES = _Templates()


class Edition:
    """What `build` would write for one moment; each file is made when it is first asked for, the pages before all."""

    def __init__(self, site: Site, moment: datetime, folder: Path) -> None:
        self.board = board(site, moment, drafts=True)
        self._incidents = {path: standing for standing in self.board.incidents for path in _paths(standing, site)}
        self._pages = set(_pages(self.board))
        self._write = pages.of_incident(self.board, _look(folder))
        made = (make(self.board, _look(folder)) for make in (pages.files, pages.of_services, pages.of_archive))
        self._coming = chain(*made, every_file(self.board, _look(folder)))
        self._made: dict[str, bytes] = {}
        self._turn = threading.Lock()

    def file(self, path: str) -> bytes | None:
        """The bytes of a file, None where there is none; raises StatusgenError where it cannot be made."""
        if path in self._made:
            return self._made[path]  # without waiting for those that are being made
        if path.endswith(".html") and path not in self._pages:
            return None  # said at once, without making all the others first
        with self._turn:
            if path in self._incidents:
                self._take(self._write(self._incidents[path]))
            while path not in self._made and (file := next(self._coming, None)):
                self._take([file])
            return self._made.get(path)

    def make_pages(self) -> None:
        """Make all pages; raises StatusgenError where one cannot be made."""
        for path in sorted(self._pages):
            self.file(path)

    def finish(self) -> None:
        """Make all files; raises StatusgenError where one cannot be made."""
        with self._turn:
            self._take(self._coming)

    def _take(self, files: Iterable[File]) -> None:
        for file in files:
            self._made[file.path] = file.content


class Editions:
    """A site without mistakes: as it is at `moment`, and as it was or will be at each of its turns.

    What lies in `folder` besides the posts, its templates, is read when a page is made. Without `drafts`, posts
    that are marked as such are left out.
    """

    def __init__(self, site: Site, moment: datetime, folder: Path, drafts: bool) -> None:
        shown = tuple(incident for incident in site.incidents if drafts or not incident.draft)
        self.site = replace(site, incidents=shown)
        self.turns: tuple[Turn, ...] = turns(self.site, moment)
        self.present = Edition(self.site, moment, folder)
        self.at = lru_cache(_KEPT)(lambda moment: Edition(self.site, moment, folder))


def _look(folder: Path) -> Look:
    look = Look(folder)
    look.environment.bytecode_cache = _TEMPLATES
    return look


def _pages(board: Board) -> Iterator[str]:
    site = board.site
    for page in every_page(board):
        for language in site.languages[:1] if page.address == addresses.NOT_FOUND else site.languages:
            yield addresses.in_language(addresses.file(page.address), language, site)


def _paths(standing: IncidentStanding, site: Site) -> Iterator[str]:
    for language in site.languages:
        yield addresses.in_language(addresses.file(addresses.incident(standing.id)), language, site)
