"""The bench: a folder beside the site in which the new one is made, and to which the old one goes.

    .site.statusgen/
      .statusgen      says that statusgen made the bench
      new/            the new site; after the trade, where it is one step, the old one
      old/            the old site, where the trade is two steps
      aside/          what was taken out of the site by itself
      either          what the two sites list, where their parts are traded one by one

A bench that lies there when a build begins was left by one that died: the lock says that no other is at work.
Where the site is a mounted disk, the bench is inside of it, for only there can anything be renamed.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from statusgen.errors import OutputError
from statusgen.folder.guard import GIT, MARKER, as_list, bench_name, listed, made, refuse_foreign
from statusgen.folder.system import (
    create,
    flush_one,
    is_mounted,
    locked,
    look,
    make_folder,
    raised,
    remove,
    told,
    trade,
)

_LABEL = b"# statusgen makes a new site here, and removes this folder afterwards.\n"


@dataclass(frozen=True)
class Bench:
    """The site, the folder in which its next one is made, and whether the site is a disk of its own."""

    site: Path
    folder: Path
    is_mounted: bool

    @cached_property  # it is asked for with each file
    def new(self) -> Path:
        """The new site, until it trades places with the old one."""
        return self.folder / "new"

    @property
    def old(self) -> Path:
        """The old site, where the system cannot trade places in one step."""
        return self.folder / "old"

    @property
    def aside(self) -> Path:
        """What was taken out of the site by itself."""
        return self.folder / "aside"

    @property
    def either(self) -> Path:
        """The list of what the old or the new site has, where they do not trade places as a whole."""
        return self.folder / "either"

    def put_list(self, marker: Path, paths: frozenset[str]) -> None:
        """Put a marker in place, never a part of one."""
        create(self.folder / "draft", as_list(paths))
        (self.folder / "draft").replace(marker)


@contextmanager
def bench(site: Path) -> Iterator[tuple[Bench, frozenset[str]]]:
    """A bench for the site, which no other build has, and the paths that statusgen made in the site before.

    Waits for another build of the site. Puts right what a build that died has left. In the end the bench is removed,
    with what lies on it then.
    """
    inside = is_mounted(site)
    place = site if inside else site.parent
    with _parents(place), locked(place) as is_alone:
        here = Bench(site, place / bench_name(site), inside)
        _heal(here, is_alone)
        before = made(site, site)
        here.folder.mkdir()  # fails if another build is at work, where there are no locks
        try:
            here.folder.chmod(0o700)
            create(here.folder / MARKER, _LABEL)
            make_folder(here.new)
            make_folder(here.aside)
            yield here, before
        except BaseException:
            with suppress(OSError, OutputError):  # the next build does it
                _clear(here)
            raise
        try:
            _clear(here)
        except OSError as error:
            what = f"The new {site} is in place, but the old one, in {here.folder}, could not be removed"
            raise OutputError(f"{what}: {told(error)} The next build will remove it.") from error


# What a build that died has left


def _heal(here: Bench, is_alone: bool) -> None:
    """Put back, or clear away, what lies on the bench."""
    there = look(here.folder)
    if there is None:
        return
    if not is_alone:
        what = f"Another build is at work in {here.folder}, or has died there."
        raise OutputError(f"{what} If none is at work, remove that folder and build again.")
    is_folder = stat.S_ISDIR(there.st_mode)
    if not is_folder or (any(here.folder.iterdir()) and not look(here.folder / MARKER)):
        raise OutputError(f"{here.folder} is where a new site is made, but holds something else. Move it away.")
    if look(here.site) is None and look(here.old):
        here.old.rename(here.site)
    if look(here.aside):
        for entry in list(here.aside.iterdir()):
            if look(here.site / entry.name) is None:
                entry.rename(here.site / entry.name)
    return_git(here)
    _clear(here)


def _clear(here: Bench) -> None:
    """Remove the bench, unless there is something on it that is not ours."""
    either = listed(here.either)
    for tree in (here.new, here.old, here.aside):
        git = look(tree / GIT)
        if git and stat.S_ISDIR(git.st_mode):
            raise OutputError(f"{tree / GIT} belongs to {here.site}. Put it back.")
        if either is not None:
            refuse_foreign(tree, either | {MARKER}, here.folder)
        elif look(tree / MARKER):  # a whole site, not one that is being made
            made(tree, here.folder)
    remove(here.folder, last=MARKER)


# Git


def carry_git(here: Bench) -> None:
    """Make the new site a work tree of the same Git as the old one.

    A file is copied. A folder cannot be in two places, so the new site gets a file that says where Git's folder
    will be after the trade (gitrepository-layout(5)); `return_git` then puts the folder itself there.
    """
    there = look(here.site / GIT)
    if there is None or here.is_mounted:
        return
    if stat.S_ISDIR(there.st_mode):
        create(here.new / GIT, b"gitdir: " + os.fsencode(here.new / GIT) + b"\n")
    elif stat.S_ISLNK(there.st_mode):
        (here.new / GIT).symlink_to((here.site / GIT).readlink())
    else:
        create(here.new / GIT, (here.site / GIT).read_bytes())


def return_git(here: Bench) -> None:
    """Put Git's folder back into the site, if it lies on the bench."""
    for tree in (here.new, here.old):
        kept = look(tree / GIT)
        if kept and stat.S_ISDIR(kept.st_mode):
            trade(here.site / GIT, tree / GIT, here.aside / GIT)
            flush_one(here.site)


# The folders above


@contextmanager
def _parents(folder: Path) -> Iterator[None]:
    """Make the folder and those above it, and take away again what was made if the build fails."""
    missing = [parent for parent in (folder, *folder.parents) if look(parent) is None]
    try:
        if missing:
            _make_parents(missing)
        yield
    except BaseException:
        for parent in missing:
            with suppress(OSError):
                parent.rmdir()
        raise


def _make_parents(missing: list[Path]) -> None:
    """Make folders, the innermost first in the list. They appear at once, and with the mode that they will keep."""
    *inner, top = missing
    begun = top.parent / f"{bench_name(top)}-begun"
    with locked(top.parent):
        if look(top):
            return  # another build was quicker
        _remove_empty(begun)  # left by a build that died
        try:
            for path in (begun, *(begun / folder.relative_to(top) for folder in reversed(inner))):
                make_folder(path)
            begun.rename(top)
            flush_one(top.parent)
        except BaseException:
            with suppress(OSError):
                _remove_empty(begun)
            raise


def _remove_empty(tree: Path) -> None:
    """Remove folders in which there is nothing but folders."""
    if look(tree):
        for here, _, _ in os.walk(tree, topdown=False, onerror=raised):
            os.rmdir(here)  # noqa: PTH106 - it removes nothing but what is empty
