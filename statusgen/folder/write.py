"""Files → a folder, all or none.

The new site is made in full beside the old one and then takes its place as a whole. Until that moment nothing
of the old site has changed: a mistake in a template, a full disk or a power cut leaves it as it was.

docs/hosts/reliability.md says what holds on which system. On Linux the two folders trade places in one step, so a
reader never meets a missing folder. On disks without that step there is a moment between two renames; if the
second fails the first is undone, and if the machine stops between them the next build does that.
"""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from statusgen.files import MARKER, File
from statusgen.folder.filesystem import (
    FILE_MODE,
    create_file,
    describe_error,
    flush_path,
    flush_tree,
    make_folder,
    read_file,
    stat_or_none,
    swap,
    try_link,
)
from statusgen.folder.ownership import (
    check_path,
    read_own_paths,
    refuse_foreign,
    refuse_unsafe_location,
    resolve_output,
)
from statusgen.folder.staging import StagingArea, carry_git, open_staging_area, return_git
from statusgen.problems import OutputError

_HINTS = {
    errno.ENOSPC: "Free some space and build again.",
    errno.EDQUOT: "Free some space and build again.",
    errno.EACCES: "The new site is made beside the old one, so the folder above must be writable too.",
    errno.EROFS: "The new site is made beside the old one, so the folder above must be writable too.",
}


@dataclass(frozen=True)
class WriteResult:
    """What became of each path, sorted: new or changed, the same as before, no longer part of the site."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]


def write(files: Iterable[File], output: Path, *, source: Path) -> WriteResult:
    """Make `output` hold exactly these files, or raise and leave it as it was.

    A file whose bytes are published already stays the same file: it keeps its time, and its inode if the disk can
    link. Anything that iterating `files` raises passes through. Raise OutputError if the folder is one that a site must
    not replace, contains files that statusgen did not make, or cannot be written; and if the new site is in place but
    something after that went wrong, which the message then says. A second build of the same folder waits for the
    first, or gives up after a minute.
    """
    is_unchanged: dict[str, bool] = {}
    folders: set[str] = set()
    with ExitStack() as undo:
        with _explain_errors(output):
            site = resolve_output(output)
            refuse_unsafe_location(site, source)
            staging, before = undo.enter_context(open_staging_area(site))
        for file in files:
            with _explain_errors(output):
                is_unchanged[file.path] = _stage_file(check_path(file.path), file.content, staging, folders)
        with _explain_errors(output):
            after = frozenset(is_unchanged)
            staging.write_marker(staging.new / MARKER, after)
            carry_git(staging)
            flush_tree(staging.folder)
            _replace_site(staging, before, after)
        with _explain_errors(output, "is the new site, but not yet safely"):
            return_git(staging)
            flush_tree(site) if staging.is_mounted else flush_path(site.parent)
    return WriteResult(
        written=tuple(sorted(path for path, kept in is_unchanged.items() if not kept)),
        unchanged=tuple(sorted(path for path, kept in is_unchanged.items() if kept)),
        removed=tuple(sorted(before - after)),
    )


@contextmanager
def _explain_errors(output: Path, what: str = "was left as it was") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = _HINTS.get(error.errno or 0, "Build again.")
        raise OutputError(f"{output} {what}: {describe_error(error)} {hint}") from error


# Making the new site


def _stage_file(path: str, content: bytes, staging: StagingArea, folders: set[str]) -> bool:
    """Put a file into the new site; return whether it is the one that is published now. `folders` were made before."""
    old, new = f"{staging.site}/{path}", f"{staging.new}/{path}"
    _make_folders(path.rpartition("/")[0], staging, folders)
    known = stat_or_none(old)
    if not known or not _has_content(old, known, content):
        create_file(new, content)
        return False
    # A link shares its mode with the old site, which must not change yet: a file of another mode is copied.
    if stat.S_IMODE(known.st_mode) != FILE_MODE or not try_link(old, new):
        create_file(new, content)
        os.utime(new, ns=(known.st_atime_ns, known.st_mtime_ns))
    return True


def _has_content(path: str, status: os.stat_result, content: bytes) -> bool:
    return stat.S_ISREG(status.st_mode) and status.st_size == len(content) and read_file(path) == content


def _make_folders(inner: str, staging: StagingArea, folders: set[str]) -> None:
    if inner and inner not in folders:
        _make_folders(inner.rpartition("/")[0], staging, folders)
        make_folder(f"{staging.new}/{inner}")
        folders.add(inner)


# Putting it in place


def _replace_site(staging: StagingArea, before: frozenset[str], after: frozenset[str]) -> None:
    """Put the new site in the place of the old one, or raise and leave the old one there."""
    if staging.is_mounted:
        _replace_contents(staging, before, after)
    elif stat_or_none(staging.site) is None:
        staging.new.rename(staging.site)
    else:
        _replace_whole(staging)


def _replace_whole(staging: StagingArea) -> None:
    """Trade places; undo it if somebody put a file into the old site at the last moment."""
    former = swap(staging.site, staging.new, staging.old)
    try:
        read_own_paths(former, staging.site)
    except (OutputError, OSError) as error:
        try:
            swap(staging.site, former, staging.old if former == staging.new else staging.new)
        except OSError:
            what = f"The new {staging.site} is in place, and the old one is still in {former}"
            raise OutputError(f"{what}: {describe_error(error)}") from error
        raise


def _replace_contents(staging: StagingArea, before: frozenset[str], after: frozenset[str]) -> None:
    """Trade what is in the folder, one by one, the front page last; undo all of it if one cannot be traded.

    The list comes first and names what either site has: anything that is there if the machine stops is known as ours.
    """
    marker, former = staging.site / MARKER, staging.folder / "former"
    names = {path.partition("/")[0] for path in before | after}
    staging.write_marker(staging.combined_marker, before | after)
    staging.write_marker(former, before)
    with ExitStack() as undo:
        if stat_or_none(marker):
            undo.callback(former.replace, marker)
        else:
            undo.callback(marker.unlink)
        staging.write_marker(marker, before | after)
        for name in sorted(names, key=lambda name: (name == "index.html", name)):
            _replace_entry(staging, name, undo)
        for tree in (staging.new, staging.aside):
            refuse_foreign(tree, before | after | {MARKER}, staging.site)
        (staging.new / MARKER).replace(marker)
        undo.pop_all()


def _replace_entry(staging: StagingArea, name: str, undo: ExitStack) -> None:
    old, new, aside = staging.site / name, staging.new / name, staging.aside / name
    if stat_or_none(old) is None:
        new.rename(old)
        undo.callback(old.rename, new)
    elif stat_or_none(new) is None:
        old.rename(aside)
        undo.callback(aside.rename, old)
    else:
        former = swap(old, new, aside)
        undo.callback(swap, old, former, aside if former == new else new)
