"""Whether a build would write what lies there already: nothing it is made from was touched, nor anything it has made.

What is compared is what the system notes of a file each time that anybody writes to it or puts another in its place:
its length, its inode, and when it last changed (st_mtime, st_ctime). Nothing has to be read, so thousands of posts take
no longer than a moment. Where that might hide something (a link, a file changed this very moment, one that cannot be
looked at), nothing is known, and the site is built. The same holds if another moment is to be shown, for pages say at
which they were made.
"""

import json
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from statusgen.addresses import manifest
from statusgen.cache import Cache, clocks, digest, program
from statusgen.folder.guard import GIT, bench_name, real
from statusgen.folder.system import look
from statusgen.model import Site
from statusgen.reading.git import CONTENT, state

_KIND = "builds"
# Systems count the time of a change in steps of some milliseconds, and some disks in steps of two seconds: two changes
# within one step bear the same time.
_STEP, _COARSE_STEP, _SECOND = 50_000_000, 2_000_000_000, 1_000_000_000


@dataclass(frozen=True)
class Untouched:
    """The last build into `target` that was made from what is there now, with the same flags.

    `key` is a digest of all that; it is empty where it is not certain what there is.
    """

    cache: Cache
    target: Path
    key: str

    @classmethod
    def since(cls, cache: Cache, source: Path, target: Path, asked: Iterable[str], began: int) -> "Untouched":
        """What is in `source`, before any of it is read, at the time `began` (nanoseconds), with the flags `asked`."""
        # What Windows calls the time of a change is that of the file's making.
        if cache.folder is None or sys.platform == "win32":
            return cls(cache, target, "")
        try:
            traces = [*_traces(source, CONTENT)]
        except OSError:
            return cls(cache, target, "")
        parts = [program(), str(target.absolute()), *asked, state(source), *(trace.words for trace in traces)]
        return cls(cache, target, digest(parts) if all(trace.is_certain(began) for trace in traces) else "")

    def told(self, clock: Callable[[], datetime]) -> list[str] | None:
        """What the last build said, if it still holds; `clock` tells the moment, where the content does not fix it."""
        record = self.cache.get(_KIND, str(self.target), self.key) if self.key else None
        try:
            known = json.loads(record or b"null") or {}
            is_same = (
                known["clocks"] == clocks(known["zone"])
                and known["site"] == self._site()
                and (known["moment"] is None or known["moment"] == clock().isoformat())
            )
            return [*map(str, known["told"])] if is_same else None
        except (ValueError, KeyError, TypeError, OSError):  # none, or none of ours
            return None

    def note(self, site: Site, moment: datetime | None, published: bytes, told: Iterable[str]) -> None:
        """Remember what was built of `site`, and what was said of it.

        `moment` is the one that it shows, unless the same will be shown whenever it is built; `published` is its
        manifest, by which one sees that no other build has put its own site there since.
        """
        # A logo can lie in a folder that was not looked at.
        if not self.key or (site.logo and not site.logo.path.startswith("static/")):
            return
        zone = site.zone.key
        try:
            there = self._site()
            if (self.target / manifest()).read_bytes() != published:
                return
        except OSError:
            return
        record = {
            "moment": moment and moment.isoformat(),
            "zone": zone,
            "clocks": clocks(zone),
            "site": there,
            "told": [*told],
        }
        self.cache.put(_KIND, str(self.target), self.key, json.dumps(record).encode())

    def _site(self) -> str:
        """A digest of what the system knows of the site, and of what a build that died has left beside it."""
        folder = real(self.target)
        there = sorted(path.name for path in folder.iterdir())
        traces = (*_traces(folder.parent, [bench_name(folder)]), *_traces(folder, there))
        return digest(trace.words for trace in traces)


@dataclass(frozen=True)
class _Trace:
    """What the system notes of a file or a folder."""

    path: str
    known: os.stat_result

    @property
    def words(self) -> str:
        """All of it that changes with the file; folders are known by what is in them."""
        known = self.known
        if stat.S_ISDIR(known.st_mode):
            return f"{self.path}/ {known.st_mode}"
        return f"{self.path} {known.st_mode} {known.st_size} {known.st_ino} {known.st_mtime_ns} {known.st_ctime_ns}"

    def is_certain(self, now: int) -> bool:
        """Whether nothing can change about it unseen."""
        step = _STEP if self.known.st_ctime_ns % _SECOND else _COARSE_STEP
        return not stat.S_ISLNK(self.known.st_mode) and self.known.st_ctime_ns < now - step


def _traces(folder: Path, names: Iterable[str]) -> Iterator[_Trace]:
    """Whatever there is under these names, and below them, in an order that is always the same; raises OSError."""
    for name in names:
        if name != GIT and (known := look(folder / name)):
            yield _Trace(name, known)
            if stat.S_ISDIR(known.st_mode):
                yield from _below(str(folder / name))


def _below(folder: str) -> Iterator[_Trace]:
    with os.scandir(folder) as entries:
        there = sorted(entries, key=lambda entry: entry.name)
    for entry in there:
        yield _Trace(entry.path, entry.stat(follow_symlinks=False))
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path)
