"""Files → folder, all or none.

The new site is made in full beside the old one and then takes its place as a whole. Until that moment nothing
of the old site has changed: a mistake in a template, a full disk or a pulled plug leaves it as it was.

On Linux the two folders trade places in one step, so a reader never meets a missing folder. Elsewhere, and on
disks without that step, there is a moment between two renames in which the folder is missing; when the second
fails the first is taken back, and when the machine stops between them the next build does that.
"""

import ctypes
import errno
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NoReturn

from statusgen.errors import OutputError
from statusgen.files import File

if sys.platform != "win32":
    import fcntl

MARKER = ".statusgen"
"""The file in a built site that names every file statusgen made there, so that it removes no other."""

_HEADER = "# statusgen made the files listed here: it replaces and removes them, and no others."
_FILE_MODE, _FOLDER_MODE = 0o644, 0o755  # whatever the umask: a web server runs as somebody else
# File browsers leave these wherever somebody looks. They are nobody's work, and hidden from whoever would
# have to move them away, so they neither stop a build nor outlive it.
_DEBRIS = {".DS_Store", "Thumbs.db", "desktop.ini"}
_HINTS = {
    errno.ENOSPC: "Free some space and build again.",
    errno.EDQUOT: "Free some space and build again.",
    errno.EACCES: "The new site is made beside the old one, so the folder above must be writable too.",
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
    is one that a site must not replace, holds what statusgen did not make, or cannot be written. A second
    build of the same folder waits for the first.
    """
    is_kept: dict[str, bool] = {}
    with ExitStack() as undo:
        with _plain_words(output):
            site = _real(output)
            _refuse_place(site, Path(os.path.realpath(source)))
            undo.enter_context(_parents(site.parent))
            undo.enter_context(_locked(site.parent))
            _heal(site)
            before = _made(site, site)
            staged = undo.enter_context(_staging(site))
        for file in files:
            with _plain_words(output):
                is_kept[file.path] = _stage(_checked(file.path), file.content, site, staged)
        with _plain_words(output):
            (staged / MARKER).unlink()
            _stage(MARKER, "\n".join((_HEADER, *sorted(is_kept), "")).encode(), site, staged)
            _sync_folders(staged)
            _replace(site, staged)
    return Written(
        written=tuple(sorted(path for path, kept in is_kept.items() if not kept)),
        kept=tuple(sorted(path for path, kept in is_kept.items() if kept)),
        removed=tuple(sorted(before - is_kept.keys())),
    )


# Where a site may be written


def _real(output: Path) -> Path:
    """The folder itself, behind any links. An empty path is a bare dot by now."""
    if output == Path() or not str(output).strip() or "\0" in str(output):
        raise OutputError('The folder for the site needs a name, such as "site".')
    return Path(os.path.realpath(output))


def _refuse_place(site: Path, source: Path) -> None:
    """Raise OutputError for a folder that holds more than a site, whatever is in it today."""
    home = Path(os.path.realpath(os.path.expanduser("~")))  # noqa: PTH111 - Path.expanduser wants there to be one
    refusals = [
        (site == site.parent, "is the root of the file system"),
        (os.path.lexists(site) and not site.is_dir(), "is not a folder"),
        (_holds(site, source) and _holds(source, site), "is the folder that the site is made from"),
        (_holds(site, source), f"holds the folder that the site is made from, {source}"),
        (_holds(site, home), "is your home folder, or holds it"),
        (os.path.ismount(site), "is a disk of its own, which cannot be replaced"),
    ]
    for name in ("services.yaml", "incidents", "templates"):
        origin = Path(os.path.realpath(source / name))
        refusals.append((_holds(site, origin), f"holds {name}, which the site is made from"))
        refusals.append((_holds(origin, site), f"lies inside {name}, which the site is made from"))
    for is_so, reason in refusals:
        if is_so:
            raise OutputError(f'{site} {reason}. Choose another folder, such as "site".')


def _holds(outer: Path, inner: Path) -> bool:
    folders = (inner, *inner.parents)
    # samefile as well, for disks that take "Incidents" and "incidents" for one folder.
    return outer in folders or (outer.exists() and any(f.exists() and f.samefile(outer) for f in folders))


def _checked(path: str) -> str:
    """The path, if it stays inside the site on every system and fits on a line of the marker."""
    names = path.split("/")
    if any(name in ("", ".", "..") for name in names):
        raise OutputError(f"{path!r} cannot be published: it is not names with one slash between them.")
    if not path.isprintable() or "\\" in path or ":" in path:
        raise OutputError(f"{path!r} cannot be published: some systems read a character in it differently.")
    if names[0].casefold() == MARKER:
        raise OutputError(f"{path!r} cannot be published: statusgen keeps its own list under that name.")
    return path


# What is there already


def _made(tree: Path, site: Path) -> frozenset[str]:
    """The paths that statusgen made in `tree`; OutputError, speaking of `site`, if it holds anything else."""
    marker = tree / MARKER
    text = marker.read_text(encoding="utf-8", errors="replace") if marker.is_file() else ""
    is_ours = text.startswith("# statusgen")
    made = frozenset(text.splitlines()[1:]) if is_ours else frozenset()
    folders = {f"{folder}/" for path in made for folder in PurePosixPath(path).parents}
    foreign = sorted(set(_present(tree)) - made - folders - ({MARKER} if is_ours else set()))
    if not foreign:
        return made
    names = ", ".join(foreign[:5]) + (f" and {len(foreign) - 5} more" if len(foreign) > 5 else "")
    if is_ours:
        raise OutputError(f"{site} holds what statusgen did not make: {names}. Move it away, or choose another folder.")
    raise OutputError(f"{site} is not a built site: it holds {names}. Choose an empty or a new folder.")


def _present(tree: Path) -> Iterator[str]:
    """Every file and link in the tree, and every empty folder with a slash at its end."""
    if not tree.exists():
        return
    for here, folders, names in os.walk(tree, onerror=_raise):
        inside = PurePosixPath(Path(here).relative_to(tree).as_posix())
        links = [name for name in folders if Path(here, name).is_symlink()]
        yield from (str(inside / name) for name in names + links if name not in _DEBRIS)
        if not folders and not names and inside.parts:
            yield f"{inside}/"


def _raise(error: OSError) -> NoReturn:
    raise error


# Making the new site


def _stage(path: str, content: bytes, site: Path, staged: Path) -> bool:
    """Put a file into the staged folder; true if it is the one that is published now."""
    old, new = site / path, staged / path
    _make_folders(new.parent, staged)
    try:
        known = old.lstat()
    except OSError:
        known = None
    if not known or not stat.S_ISREG(known.st_mode) or old.read_bytes() != content:
        _create(new, content)
        return False
    # A link shares its mode with the old site, which must not change yet: a file of another mode is copied.
    if stat.S_IMODE(known.st_mode) == _FILE_MODE:
        with suppress(OSError):
            os.link(old, new)
            return True
    _create(new, content)
    os.utime(new, ns=(known.st_atime_ns, known.st_mtime_ns))
    return True


def _create(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        path.chmod(_FILE_MODE)
        os.fsync(file.fileno())


def _make_folders(folder: Path, staged: Path) -> None:
    if folder != staged and not folder.is_dir():
        _make_folders(folder.parent, staged)
        folder.mkdir()
        folder.chmod(_FOLDER_MODE)


def _sync_folders(staged: Path) -> None:
    """Have every name on the disk before the swap: after a power cut the site is the old or the new one."""
    staged.chmod(_FOLDER_MODE)
    for here, _, _ in os.walk(staged, onerror=_raise):
        _sync_folder(Path(here))


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # Windows and some network disks have no such thing
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


# Putting it in place


def _replace(site: Path, staged: Path) -> None:
    """Swap the new site in; swap it out again if somebody put a file into the old one at the last moment."""
    _swap(site, staged)
    try:
        _made(staged, site)
    except (OutputError, OSError):
        _swap(site, staged)
        raise
    _sync_folder(site.parent)


def _swap(site: Path, staged: Path) -> None:
    """Let the two trade places; `staged` is gone afterwards if there was no `site`."""
    if not site.exists():
        staged.rename(site)
    elif not _exchange(site, staged):
        _two_renames(site, staged)


def _exchange(one: Path, other: Path) -> bool:
    """Trade places in one step, by renameat2(2); false where the system or the disk has no such step."""
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    here, exchange = ctypes.c_int(-100), ctypes.c_uint(2)  # AT_FDCWD, RENAME_EXCHANGE
    return bool(renameat2 and renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)


def _two_renames(site: Path, staged: Path) -> None:
    aside = _aside(site)
    try:
        site.rename(aside)
        staged.rename(site)
    except BaseException:
        if aside.exists() and not site.exists():
            try:
                aside.rename(site)
            except OSError as error:
                raise OutputError(f"The old {site} is in {aside} now; the next build puts it back.") from error
        raise
    with suppress(OSError):  # the new site is in place; the next build removes the old one
        aside.rename(staged)


# Before and after


@contextmanager
def _plain_words(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = f"{error.strerror or error}" + (f" ({error.filename})" if error.filename else "")
        hint = _HINTS.get(error.errno or 0, "")
        raise OutputError(f"{output} was left as it was: {reason}. {hint}".strip()) from error


@contextmanager
def _parents(folder: Path) -> Iterator[None]:
    """Make the folders above the site, and take them away again if the build fails."""
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for parent in missing:
            parent.chmod(_FOLDER_MODE)
        yield
    except BaseException:
        for parent in missing:
            with suppress(OSError):
                parent.rmdir()
        raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let no other build write in the folder. The folder itself is locked, so no lock file is left behind.

    Windows has no fcntl, some network disks no locks: there, one of two builds at once may fail, unharmed.
    """
    if sys.platform == "win32":
        yield
    else:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


@contextmanager
def _staging(site: Path) -> Iterator[Path]:
    """A folder beside the site. What lies in it at the end, the old site or an unfinished one, is removed."""
    staged = Path(tempfile.mkdtemp(prefix=_prefix(site), dir=site.parent))
    try:
        _create(staged / MARKER, f"{_HEADER}\n".encode())
        yield staged
    finally:
        with suppress(OSError):
            _remove(staged)


def _heal(site: Path) -> None:
    """Put back, or clear away, what a killed build has left. The lock says that no other is at work."""
    aside = _aside(site)
    if _is_ours(aside) and not site.exists():
        aside.rename(site)
    ours = re.compile(re.escape(_prefix(site)) + "([a-z0-9_]{8}|before)")  # eight: as tempfile names folders
    for entry in site.parent.iterdir():
        if ours.fullmatch(entry.name) and _is_ours(entry):
            with suppress(OSError):
                _remove(entry)


def _prefix(site: Path) -> str:
    return f".{site.name}.statusgen-"


def _aside(site: Path) -> Path:
    return site.parent / f"{_prefix(site)}before"


def _is_ours(folder: Path) -> bool:
    if folder.is_symlink() or not folder.is_dir():
        return False
    return (folder / MARKER).is_file() or not any(folder.iterdir())


def _remove(tree: Path) -> None:
    """Delete a staged or replaced site; the marker last, so that what a kill leaves is known as ours."""
    for entry in tree.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != MARKER:
            entry.unlink()
    (tree / MARKER).unlink(missing_ok=True)
    tree.rmdir()
