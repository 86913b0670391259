"""The files of a repository that git reads in full, of any kind: a pipe or a device there has no end."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from statusgen.problems import GitError

# Git reads these line by line, or until they end. What else is there it reads as far as the size of the file goes.
_READ_WHOLE = (
    "HEAD", "commondir", "config", "config.worktree", "gitdir", "index", "info/attributes", "info/exclude",
    "info/grafts", "info/sparse-checkout", "packed-refs", "shallow",
)  # fmt: skip
_MAX_BYTES = 100 * 1024 * 1024  # Git has the same limit for attributes
_MAX_LINK = 4096  # bytes of a file that only says where something is
_MAX_LENDERS = 5
"""How far git follows a repository that borrows its objects from one that borrows them itself."""


def find_git_dir(top: Path) -> Path:
    """Return where the repository of a work tree is: in `.git`, or where a file of this name says."""
    git = top / ".git"
    return top / _read_line(git).removeprefix("gitdir:").strip() if git.is_file() else git


def find_common_dir(git_dir: Path) -> Path:
    """Return where the objects and the settings are: a second work tree shares them with the first."""
    file = git_dir / "commondir"
    return git_dir / _read_line(file).strip() if file.is_file() else git_dir


def _read_line(file: Path) -> str:
    with file.open("rb") as opened:
        return os.fsdecode(opened.read(_MAX_LINK).replace(b"\0", b"?"))


def refuse_endless_files(top: Path) -> None:
    """Raise GitError if git would wait for a pipe in the repository of a work tree, or read a device without end."""
    try:
        git_dir = find_git_dir(top)
        folders = {git_dir, find_common_dir(git_dir)}
        for folder in folders:
            for name in _READ_WHOLE:
                _refuse_unless_ordinary(folder / name)
            for file in _list_refs(folder / "refs"):
                _refuse_unless_ordinary(file)
            for file in _list_lenders(folder / "objects", _MAX_LENDERS):
                _refuse_unless_ordinary(file)
    except (OSError, ValueError) as error:
        raise GitError(f"The repository of {top} cannot be read ({error}). Clone it again.") from None


def _refuse_unless_ordinary(file: Path) -> None:
    try:
        status = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return
    if not stat.S_ISREG(status.st_mode):
        raise GitError(f"{file} is not a file, so git cannot read the history. Delete it, or clone again.")
    if status.st_size > _MAX_BYTES and file.name not in ("index", "packed-refs"):
        raise GitError(f"{file} is larger than {_MAX_BYTES // 1024**2} MB. Delete it, or clone again.")


def _list_refs(folder: Path) -> Iterator[Path]:
    """Yield each branch and tag that has a file of its own; a linked folder counts as a file, and so is refused."""
    waiting = [folder] if folder.is_dir() else []
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                else:
                    yield Path(entry.path)


def _list_lenders(objects: Path, depth: int) -> Iterator[Path]:
    """Yield the files that say which other repositories lend objects (gitrepository-layout, "alternates")."""
    file = objects / "info" / "alternates"
    yield file
    if depth and file.is_file():
        with file.open("rb") as opened:
            lines = opened.read(_MAX_LINK * 16).splitlines()
        for line in lines:
            if line and line[:1] != b"#":
                yield from _list_lenders(objects / os.fsdecode(line), depth - 1)
