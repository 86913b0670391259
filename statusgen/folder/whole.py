"""Files → a folder, all or none.

The new site is made in full beside the old one and then takes its place as a whole. Until that moment nothing
of the old site has changed: a mistake in a template, a full disk or a pulled plug leaves it as it was.

docs/reliability.md says what holds on which system. On Linux the two folders trade places in one step, so a
reader never meets a missing folder. On disks without that step there is a moment between two renames; when the
second fails the first is taken back, and when the machine stops between them the next build does that.
"""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from statusgen.errors import OutputError
from statusgen.files import File
from statusgen.folder.bench import Bench, bench, carry_git, return_git
from statusgen.folder.guard import MARKER, checked, made, real, refuse_foreign, refuse_place
from statusgen.folder.system import FILE_MODE, create, flush, flush_one, link, look, make_folder, read, told, trade

_HINTS = {
    errno.ENOSPC: "Free some space and build again.",
    errno.EDQUOT: "Free some space and build again.",
    errno.EACCES: "The new site is made beside the old one, so the folder above must be writable too.",
    errno.EROFS: "The new site is made beside the old one, so the folder above must be writable too.",
}


@dataclass(frozen=True)
class Written:
    """What became of each path, sorted: new or changed, the same as before, no longer part of the site."""

    written: tuple[str, ...]
    kept: tuple[str, ...]
    removed: tuple[str, ...]


def write(files: Iterable[File], output: Path, *, source: Path) -> Written:
    """Make `output` hold exactly these files, or raise and leave it as it was.

    A file whose bytes are published already stays the same file: it keeps its time, and its inode wherever
    the disk can link. Whatever iterating `files` raises passes through. Raises OutputError where the folder
    is one that a site must not replace, holds what statusgen did not make, or cannot be written; and where the
    new site is in place but something after that went wrong, which the message then says. A second build of
    the same folder waits for the first, or gives up after a minute.
    """
    is_kept: dict[str, bool] = {}
    folders: set[str] = set()
    with ExitStack() as undo:
        with _plain_words(output):
            site = real(output)
            refuse_place(site, source)
            here, before = undo.enter_context(bench(site))
        for file in files:
            with _plain_words(output):
                is_kept[file.path] = _stage(checked(file.path), file.content, here, folders)
        with _plain_words(output):
            after = frozenset(is_kept)
            here.put_list(here.new / MARKER, after)
            carry_git(here)
            flush(here.folder)
            _replace(here, before, after)
        with _plain_words(output, "is the new site, but not yet safely"):
            return_git(here)
            flush(site) if here.is_mounted else flush_one(site.parent)
    return Written(
        written=tuple(sorted(path for path, kept in is_kept.items() if not kept)),
        kept=tuple(sorted(path for path, kept in is_kept.items() if kept)),
        removed=tuple(sorted(before - after)),
    )


@contextmanager
def _plain_words(output: Path, what: str = "was left as it was") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = _HINTS.get(error.errno or 0, "Build again.")
        raise OutputError(f"{output} {what}: {told(error)} {hint}") from error


# Making the new site


def _stage(path: str, content: bytes, here: Bench, folders: set[str]) -> bool:
    """Put a file into the new site; true if it is the one that is published now. `folders` are those made so far."""
    old, new = f"{here.site}/{path}", f"{here.new}/{path}"
    _make_folders(path.rpartition("/")[0], here, folders)
    known = look(old)
    if not known or not _has(old, known, content):
        create(new, content)
        return False
    # A link shares its mode with the old site, which must not change yet: a file of another mode is copied.
    if stat.S_IMODE(known.st_mode) != FILE_MODE or not link(old, new):
        create(new, content)
        os.utime(new, ns=(known.st_atime_ns, known.st_mtime_ns))
    return True


def _has(path: str, status: os.stat_result, content: bytes) -> bool:
    return stat.S_ISREG(status.st_mode) and status.st_size == len(content) and read(path) == content


def _make_folders(inner: str, here: Bench, folders: set[str]) -> None:
    if inner and inner not in folders:
        _make_folders(inner.rpartition("/")[0], here, folders)
        make_folder(f"{here.new}/{inner}")
        folders.add(inner)


# Putting it in place


def _replace(here: Bench, before: frozenset[str], after: frozenset[str]) -> None:
    """Put the new site in the place of the old one, or raise and leave the old one there."""
    if here.is_mounted:
        _replace_inside(here, before, after)
    elif look(here.site) is None:
        here.new.rename(here.site)
    else:
        _replace_whole(here)


def _replace_whole(here: Bench) -> None:
    """Trade places; take it back if somebody put a file into the old site at the last moment."""
    former = trade(here.site, here.new, here.old)
    try:
        made(former, here.site)
    except (OutputError, OSError) as error:
        try:
            trade(here.site, former, here.old if former == here.new else here.new)
        except OSError:
            what = f"The new {here.site} is in place, and the old one is still in {former}"
            raise OutputError(f"{what}: {told(error)}") from error
        raise


def _replace_inside(here: Bench, before: frozenset[str], after: frozenset[str]) -> None:
    """Trade what lies in the folder, one by one, the front page last; take all of it back if one cannot be traded.

    The list comes first and names what either site has: whatever is there if the machine stops, is known as ours.
    """
    marker, former = here.site / MARKER, here.folder / "former"
    names = {path.partition("/")[0] for path in before | after}
    here.put_list(here.either, before | after)
    here.put_list(former, before)
    with ExitStack() as undo:
        if look(marker):
            undo.callback(former.replace, marker)
        else:
            undo.callback(marker.unlink)
        here.put_list(marker, before | after)
        for name in sorted(names, key=lambda name: (name == "index.html", name)):
            _replace_one(here, name, undo)
        for tree in (here.new, here.aside):
            refuse_foreign(tree, before | after | {MARKER}, here.site)
        (here.new / MARKER).replace(marker)
        undo.pop_all()


def _replace_one(here: Bench, name: str, undo: ExitStack) -> None:
    old, new, aside = here.site / name, here.new / name, here.aside / name
    if look(old) is None:
        new.rename(old)
        undo.callback(old.rename, new)
    elif look(new) is None:
        old.rename(aside)
        undo.callback(aside.rename, old)
    else:
        former = trade(old, new, aside)
        undo.callback(trade, old, former, aside if former == new else new)
