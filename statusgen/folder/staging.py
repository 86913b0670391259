"""The staging area: a folder beside the site in which the new one is made, and to which the old one goes.

    .site.statusgen/
      .statusgen      says that statusgen made this folder
      new/            the new site; after a trade in one step, the old one
      old/            the old site after a trade in two steps
      aside/          what was taken out of the site by itself
      either          what the two sites list, if their parts are traded one by one

A staging area that exists when a build begins was left by one that died: the lock says that no other is running.
If the site is a mounted disk, the staging area is inside of it, for only there can anything be renamed.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from statusgen.files import MARKER
from statusgen.folder.filesystem import (
    create_file,
    describe_error,
    flush_path,
    is_mounted,
    lock_folder,
    make_folder,
    raise_error,
    remove_tree,
    stat_or_none,
    swap,
)
from statusgen.folder.ownership import GIT, format_marker, read_marker, read_own_paths, refuse_foreign, staging_name
from statusgen.problems import OutputError

_MARKER_TEXT = b"# statusgen makes a new site here, and removes this folder afterwards.\n"


@dataclass(frozen=True)
class StagingArea:
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
        """The old site, if the system cannot trade places in one step."""
        return self.folder / "old"

    @property
    def aside(self) -> Path:
        """What was taken out of the site by itself."""
        return self.folder / "aside"

    @property
    def combined_marker(self) -> Path:
        """The list of what the old or the new site has, if they do not trade places as a whole."""
        return self.folder / "either"

    def write_marker(self, marker: Path, paths: frozenset[str]) -> None:
        """Put a marker in place, never a part of one."""
        create_file(self.folder / "draft", format_marker(paths))
        (self.folder / "draft").replace(marker)


@contextmanager
def open_staging_area(site: Path) -> Iterator[tuple[StagingArea, frozenset[str]]]:
    """Yield a staging area that no other build has, and the paths that statusgen made in the site before.

    Wait for another build of the site, and clean up after a build that died. At the end, remove the staging area
    with everything in it.
    """
    inside = is_mounted(site)
    place = site if inside else site.parent
    with _ensure_parents(place), lock_folder(place) as is_alone:
        staging = StagingArea(site, place / staging_name(site), inside)
        _recover(staging, is_alone)
        before = read_own_paths(site, site)
        staging.folder.mkdir()  # fails if another build is running, on a disk without locks
        try:
            staging.folder.chmod(0o700)
            create_file(staging.folder / MARKER, _MARKER_TEXT)
            make_folder(staging.new)
            make_folder(staging.aside)
            yield staging, before
        except BaseException:
            with suppress(OSError, OutputError):  # the next build does it
                _clear(staging)
            raise
        try:
            _clear(staging)
        except OSError as error:
            what = f"The new {site} is in place, but the old one, in {staging.folder}, could not be removed"
            raise OutputError(f"{what}: {describe_error(error)} The next build will remove it.") from error


# What a build that died has left


def _recover(staging: StagingArea, is_alone: bool) -> None:
    """Put back, or remove, what is in the staging area."""
    there = stat_or_none(staging.folder)
    if there is None:
        return
    if not is_alone:
        what = f"Another build is running in {staging.folder}, or has died there."
        raise OutputError(f"{what} If none is running, remove that folder and build again.")
    is_folder = stat.S_ISDIR(there.st_mode)
    if not is_folder or (any(staging.folder.iterdir()) and not stat_or_none(staging.folder / MARKER)):
        raise OutputError(f"{staging.folder} is where a new site is made, but contains something else. Move it away.")
    if stat_or_none(staging.site) is None and stat_or_none(staging.old):
        staging.old.rename(staging.site)
    if stat_or_none(staging.aside):
        for entry in list(staging.aside.iterdir()):
            if stat_or_none(staging.site / entry.name) is None:
                entry.rename(staging.site / entry.name)
    return_git(staging)
    _clear(staging)


def _clear(staging: StagingArea) -> None:
    """Remove the staging area, unless there is something in it that is not ours."""
    either = read_marker(staging.combined_marker)
    for tree in (staging.new, staging.old, staging.aside):
        git = stat_or_none(tree / GIT)
        if git and stat.S_ISDIR(git.st_mode):
            raise OutputError(f"{tree / GIT} belongs to {staging.site}. Put it back.")
        if either is not None:
            refuse_foreign(tree, either | {MARKER}, staging.folder)
        elif stat_or_none(tree / MARKER):  # a whole site, not one that is being made
            read_own_paths(tree, staging.folder)
    remove_tree(staging.folder, last=MARKER)


# Git


def carry_git(staging: StagingArea) -> None:
    """Make the new site a work tree of the same Git as the old one.

    A file is copied. A folder cannot be in two places, so the new site gets a file that says where Git's folder
    will be after the trade (gitrepository-layout(5)); `return_git` then puts the folder itself there.
    """
    there = stat_or_none(staging.site / GIT)
    if there is None or staging.is_mounted:
        return
    if stat.S_ISDIR(there.st_mode):
        create_file(staging.new / GIT, b"gitdir: " + os.fsencode(staging.new / GIT) + b"\n")
    elif stat.S_ISLNK(there.st_mode):
        (staging.new / GIT).symlink_to((staging.site / GIT).readlink())
    else:
        create_file(staging.new / GIT, (staging.site / GIT).read_bytes())


def return_git(staging: StagingArea) -> None:
    """Put Git's folder back into the site, if it is in the staging area."""
    for tree in (staging.new, staging.old):
        kept = stat_or_none(tree / GIT)
        if kept and stat.S_ISDIR(kept.st_mode):
            swap(staging.site / GIT, tree / GIT, staging.aside / GIT)
            flush_path(staging.site)


# The folders above


@contextmanager
def _ensure_parents(folder: Path) -> Iterator[None]:
    """Make the folder and those above it, and remove what was made if the build fails."""
    missing = [parent for parent in (folder, *folder.parents) if stat_or_none(parent) is None]
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
    begun = top.parent / f"{staging_name(top)}-begun"
    with lock_folder(top.parent):
        if stat_or_none(top):
            return  # another build was faster
        _remove_empty(begun)  # left by a build that died
        try:
            for path in (begun, *(begun / folder.relative_to(top) for folder in reversed(inner))):
                make_folder(path)
            begun.rename(top)
            flush_path(top.parent)
        except BaseException:
            with suppress(OSError):
                _remove_empty(begun)
            raise


def _remove_empty(tree: Path) -> None:
    """Remove folders that contain nothing but folders."""
    if stat_or_none(tree):
        for here, _, _ in os.walk(tree, topdown=False, onerror=raise_error):
            os.rmdir(here)  # noqa: PTH106 - it removes nothing but what is empty
