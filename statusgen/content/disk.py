"""Reads the city's files from the disk.

A folder may come from strangers (a pull request, a zip file), so nothing here follows a link out of the site's
folder, waits for a pipe, or loads a file before its size is known; and no file is skipped silently.
"""

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from statusgen.problems import InvalidValue, Place, Problem
from statusgen.text import printable

# File browsers leave these in every folder that somebody opens, and hide them from the person who could delete them.
_SYSTEM_FILES = {"Thumbs.db", "desktop.ini"}
_MAX_DEPTH = 30
"""Folders within each other; where there are many more, programs that look through them fail."""


def read_file(folder: Path, file: Path, max_bytes: int) -> bytes:
    """Return the bytes of a file of the site in `folder`.

    Raises FileNotFoundError if there is no such file, and InvalidValue if it cannot be read.
    """
    try:
        root, inner = _resolve_link(folder, file)
        status = os.stat(os.path.join(root, *inner))  # noqa: PTH116, PTH118 - faster than a Path, for thousands of files
        _refuse_unusual(file, status, max_bytes)
        with open(open_inside(root, inner), "rb") as opened:
            # What was looked at a moment ago can be another file by now.
            _refuse_unusual(file, os.fstat(opened.fileno()), max_bytes)
            return opened.read(max_bytes)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "bad name"
        raise InvalidValue(f"This file cannot be read ({reason}).", "Check its name and its permissions.") from None


def _refuse_unusual(file: Path, status: os.stat_result, max_bytes: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise InvalidValue("This is a folder, not a file.", "Give it a name without an extension, or delete it.")
    if not stat.S_ISREG(status.st_mode):
        raise InvalidValue("This is not an ordinary file.", "Delete it, or replace it with an ordinary file.")
    if status.st_size > max_bytes:
        hint = "Make it smaller, or split it." if file.suffix in (".md", ".yaml") else "Make it smaller."
        raise InvalidValue(f"This file is larger than {max_bytes // 1_000_000} MB.", hint)


def open_inside(root: str, inner: Sequence[str]) -> int:
    """Return a descriptor of the file that a path without links leads to, also if something becomes a link now."""
    if not _CAN_OPEN_IN_FOLDERS:
        return os.open(os.path.join(root, *inner), _READ)  # noqa: PTH118 - as above
    place = os.open(root, _READ | os.O_DIRECTORY)
    try:
        for name in inner[:-1]:
            outer, place = place, os.open(name, _READ | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=place)
            os.close(outer)
        return os.open(inner[-1], _READ | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=place)
    finally:
        os.close(place)


_CAN_OPEN_IN_FOLDERS = os.open in os.supports_dir_fd  # Windows cannot
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)


def _resolve_link(folder: Path, file: Path) -> tuple[str, tuple[str, ...]]:
    """Return a folder, and the way from there without links to the file itself or to what a link to it leads to."""
    if _is_free_of_links(folder, file):
        return str(folder), file.parts[len(folder.parts) :]
    try:
        target = os.path.realpath(file, strict=True)
    except OSError:
        if not file.is_symlink():
            raise
        raise InvalidValue("This is a link that leads nowhere.", "Replace it with the file itself.") from None
    root = os.path.join(os.path.realpath(folder), "")  # noqa: PTH118 - for each post, as above
    if not os.path.join(target, "").startswith(root):  # noqa: PTH118 - likewise
        raise InvalidValue("This is a link to a file outside this site.", "Replace it with the file itself.")
    # Git keeps passwords in such files, as do editors and shells.
    inner = Path(target.removeprefix(root)).parts
    if any(name.startswith(".") for name in inner):
        raise InvalidValue("This is a link to a hidden file.", "Replace it with the file itself.")
    return root, inner


def _is_free_of_links(folder: Path, file: Path) -> bool:
    """Return whether no part of the way from the folder to the file is a link.

    That is quick to find out and true of nearly every file; only the others have to be resolved.
    """
    outer, inner = file.parts[: len(folder.parts)], file.parts[len(folder.parts) :]
    # Windows has links that do not look like any.
    if outer != folder.parts or file.is_absolute() != folder.is_absolute() or ".." in inner or sys.platform == "win32":
        return False
    paths = (os.path.join(folder, *inner[:end]) for end in range(1, len(inner) + 1))  # noqa: PTH118 - for each post, as above
    return not any(os.path.islink(path) for path in paths)  # noqa: PTH114 - likewise


def walk_files(folder: Path) -> Iterator[Path]:
    """Yield every file and link below a folder, in any order and at any depth; nothing of what cannot be read."""
    waiting = [folder]
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                else:
                    yield Path(entry.path)


def list_files(folder: Path, name: str) -> Iterator[Path | Problem]:
    """Yield every file below `folder / name` in the order of their names, and what keeps others from being read."""
    found = _list_folder(folder, name)
    if isinstance(found, Problem):
        yield found
        return
    for entry in found:
        inner = f"{name}/{entry.name}"
        if entry.name.startswith(".") or entry.name in _SYSTEM_FILES:
            continue
        if not entry.name.isprintable():
            what = "The name of this file contains characters that cannot be shown."
            yield Problem(Place(printable(inner)), what, "Rename it.")
        elif not _is_folder(entry):
            yield folder / inner
        elif entry.name.casefold().endswith(".md"):
            yield Problem(Place(inner), "This is a folder named like a post.", "Rename it without .md.")
        else:
            yield from list_files(folder, inner)


def _list_folder(folder: Path, name: str) -> Sequence[os.DirEntry[str]] | Problem:
    """Return what is in a folder in the order of the names, nothing if it is not there, or why it cannot be read."""
    root = folder / name
    if not os.path.lexists(root):
        return []
    if root.is_symlink():
        what = "This is a link, and links to folders are not followed."
        return Problem(Place(name), what, "Replace it with the folder itself.")
    if name.count("/") > _MAX_DEPTH:
        what = f"More than {_MAX_DEPTH} folders are nested inside each other here."
        return Problem(Place(name), what, "Move their contents to a folder higher up.")
    try:
        return sorted(os.scandir(root), key=lambda entry: entry.name)
    except FileNotFoundError:
        hint = "Check again; if another program is changing the folder, wait until it is done."
        return Problem(Place(name), "This folder vanished while it was being read.", hint)
    except OSError as error:
        what = f"This folder cannot be read ({error.strerror})."
        return Problem(Place(name), what, "Make sure that it is a folder, and check its permissions.")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
