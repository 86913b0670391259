"""What the folder asks of the operating system, and how each system does it.

Everything here either does its step as a whole or raises OSError and has done nothing. An error that means "this
system has no such step" leads to the next best one; any other is raised, for a disk that fails must not be taken for
one that has no such step.
"""

import ctypes
import errno
import os
import re
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from statusgen.problems import OutputError

if sys.platform != "win32":
    import fcntl

FILE_MODE, FOLDER_MODE = 0o644, 0o755  # with any umask: a web server runs as another user
LOCK_TIMEOUT = 60.0
"""How many seconds a build waits for another one of the same folder."""

_LOCK_POLL_INTERVAL = 0.05  # seconds
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform != "win32" else None
_UNSUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}
_LINK_UNSUPPORTED = _UNSUPPORTED | {errno.EPERM, errno.EXDEV, errno.EMLINK}


def describe_error(error: Exception) -> str:
    """Return what the system says about an error, as a sentence."""
    if not isinstance(error, OSError):
        return str(error)
    return f"{error.strerror or error}{f' ({error.filename})' if error.filename else ''}."


# One file


def stat_or_none(path: str | Path) -> os.stat_result | None:
    """Return what is at a path, a link itself and not what it leads to; None if nothing is."""
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def create_file(path: str | Path, content: bytes) -> None:
    """Make a new file that everybody may read. It lasts once its folder was flushed."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), FILE_MODE)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(descriptor, left) :]
        os.chmod(path, FILE_MODE)  # noqa: PTH101 - thousands of files, and a Path for each takes longer
    finally:
        os.close(descriptor)


def read_file(path: str | Path) -> bytes:
    """Return the bytes of a file."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - thousands of files, as above
        return file.read()


def try_link(old: str | Path, new: str | Path) -> bool:
    """Give a file a second name; return False if the disk has no second names, or allows none here."""
    try:
        os.link(old, new)
    except OSError as error:
        if error.errno not in _LINK_UNSUPPORTED:
            raise
        return False
    return True


def make_folder(path: str | Path) -> None:
    """Make a folder that everybody may read."""
    os.mkdir(path, FOLDER_MODE)  # noqa: PTH102 - thousands of folders, likewise
    os.chmod(path, FOLDER_MODE)  # noqa: PTH101 - likewise


# Two names


def swap(one: Path, other: Path, aside: Path) -> Path:
    """Let what is at `one` and at `other` trade places, and return where the former `one` is now.

    That is `other` if the system can do it in one step. Otherwise it is `aside`, and there are two steps: a folder is
    missing at `one` for a moment, a file is not. If the second step fails, the first is undone.
    """
    if _swap_atomically(one, other):
        return other
    is_file = stat.S_ISREG(one.lstat().st_mode) and stat.S_ISREG(other.lstat().st_mode)
    if not (is_file and try_link(one, aside)):
        one.rename(aside)
    try:
        other.replace(one)
    except OSError:
        try:
            aside.replace(one)
        except OSError as error:
            raise OutputError(f"{one} is in {aside} now; the next build puts it back.") from error
        raise
    return aside


def _swap_atomically(one: Path, other: Path) -> bool:
    """Trade places in one step; return False if the system or the disk has no such step."""
    names = os.fsencode(one), os.fsencode(other)
    if _LIBC is None:
        return False
    if sys.platform == "linux" and hasattr(_LIBC, "renameat2"):
        here, exchange = ctypes.c_int(-100), ctypes.c_uint(2)  # renameat2(2): AT_FDCWD, RENAME_EXCHANGE
        failed = _LIBC.renameat2(here, names[0], here, names[1], exchange)
    elif sys.platform == "darwin" and hasattr(_LIBC, "renamex_np"):
        failed = _LIBC.renamex_np(*names, ctypes.c_uint(2))  # renamex_np(2): RENAME_SWAP
    else:
        return False
    if failed and ctypes.get_errno() not in _UNSUPPORTED:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(one))
    return not failed


# What lasts


def flush_tree(tree: Path) -> None:
    """Write everything in the tree to the disk, names and bytes.

    On Linux that is one call for the whole disk. For a thousand small files it takes a tenth of the time of a thousand
    calls of fsync, and like them it reports what could not be written (since Linux 5.8).
    """
    if _LIBC is not None and hasattr(_LIBC, "syncfs"):
        with _open_descriptor(tree) as descriptor:
            if _LIBC.syncfs(descriptor) == 0:
                return
        if ctypes.get_errno() not in _UNSUPPORTED:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(tree))
    if sys.platform != "win32":  # which flushes only what is open for writing, and no folders
        for here, _, names in os.walk(tree, onerror=raise_error):
            for path in (*(Path(here, name) for name in names), Path(here)):
                flush_path(path)


def flush_path(path: Path) -> None:
    """Write one file, or the names in one folder, to the disk."""
    if sys.platform == "win32":
        return
    with _open_descriptor(path) as descriptor:
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in _UNSUPPORTED:  # some network disks cannot do it for a folder
                raise


def raise_error(error: OSError) -> None:
    """Raise the error: os.walk skips what it cannot read unless it is given this."""
    raise error


@contextmanager
def _open_descriptor(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        with suppress(OSError):  # nothing was written through it, so nothing can be lost
            os.close(descriptor)


# Removing


def remove_tree(tree: Path, last: str) -> None:
    """Delete a folder and everything in it, the file `last` last, so that what a kill leaves is known as ours."""
    for entry in list(tree.iterdir()):
        if entry.name == last:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    (tree / last).unlink(missing_ok=True)
    tree.rmdir()


# One at a time


@contextmanager
def lock_folder(folder: Path) -> Iterator[bool]:
    """Let no other build write in the folder; yield False if there are no locks.

    The folder itself is locked (flock(2)), so there is no file to clear away when a build dies. Windows does not lock
    folders, and some network disks lock nothing. Raise OutputError if another build does not end, or removes the
    folder.
    """
    if sys.platform == "win32":
        yield False
        return
    with _open_descriptor(folder) as descriptor:
        is_alone = _acquire_lock(descriptor, folder)
        if not os.path.samestat(os.fstat(descriptor), folder.stat()):
            raise OutputError(f"Another build has just failed and removed {folder}. Build again.")
        yield is_alone


def _acquire_lock(descriptor: int, folder: Path) -> bool:
    give_up = time.monotonic() + LOCK_TIMEOUT
    while sys.platform != "win32":
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > give_up:
                what = f"Another build has been writing in {folder} for {LOCK_TIMEOUT:.0f} seconds."
                raise OutputError(f"{what} Wait for it to end, or stop it, and build again.") from None
            time.sleep(_LOCK_POLL_INTERVAL)
        except OSError as error:
            if error.errno not in _UNSUPPORTED | {errno.ENOLCK, errno.EBADF}:
                raise
            return False
    return False


def is_mounted(folder: Path) -> bool:
    """Return whether a disk, or a folder of another place, is mounted here: only what is in it can be renamed."""
    if os.path.ismount(folder):
        return True
    # A folder mounted from the same disk looks like any other; proc(5) has the list.
    with suppress(FileNotFoundError):
        lines = Path("/proc/self/mountinfo").read_bytes().splitlines()
        return os.fsencode(folder) in {_unescape(line.split()[4]) for line in lines}
    return False


def _unescape(name: bytes) -> bytes:
    return re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8)]), name)
