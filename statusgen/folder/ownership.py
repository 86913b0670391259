"""Where a site may be, and what may be in its folder: nothing is replaced or removed that statusgen did not make."""

import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from statusgen.files import MARKER, unsafe_path_reason
from statusgen.folder.filesystem import stat_or_none
from statusgen.problems import OutputError

_MARKER_HEADER = "# statusgen made the files listed here: it replaces and removes them, and no others."
GIT = ".git"
"""What makes the folder a work tree of Git. It is not part of the site: it stays where it is."""

# File browsers leave these in folders that somebody opens. They are nobody's work, and hidden from the person who would
# have to move them away, so they neither stop a build nor outlive it.
_JUNK_FILES = {".DS_Store", "Thumbs.db", "desktop.ini"}
_RESERVED_NAME = re.compile(r"\.statusgen|\.git|\..*\.statusgen", re.IGNORECASE)


def resolve_output(output: Path) -> Path:
    """Return the folder itself, behind any links. An empty path is a bare dot by now."""
    if output == Path() or not str(output).strip() or "\0" in str(output):
        raise OutputError('The folder for the site needs a name, such as "site".')
    return Path(os.path.realpath(output))


def refuse_unsafe_location(site: Path, source: Path) -> None:
    """Raise OutputError for a folder that contains more than a site, even if that is empty today."""
    source = Path(os.path.realpath(source))
    home = Path(os.path.realpath(os.path.expanduser("~")))  # noqa: PTH111 - Path.expanduser fails without a home
    there = stat_or_none(site)
    refusals = [
        (site == site.parent, "is the root of the file system"),
        # A link here is one that realpath could not follow: it leads to itself, or the disk failed.
        (there is not None and not stat.S_ISDIR(there.st_mode), "is not a folder"),
        (_contains(site, source) and _contains(source, site), "is the folder that the site is made from"),
        (_contains(site, source), f"contains the folder that the site is made from, {source}"),
        (_contains(site, home), "is your home folder, or contains it"),
    ]
    for name in ("services.yaml", "incidents", "templates"):
        origin = Path(os.path.realpath(source / name))
        refusals.append((_contains(site, origin), f"contains {name}, which the site is made from"))
        refusals.append((_contains(origin, site), f"is inside {name}, which the site is made from"))
    for is_so, reason in refusals:
        if is_so:
            raise OutputError(f'{site} {reason}. Choose another folder, such as "site".')


def _contains(outer: Path, inner: Path) -> bool:
    folders = (inner, *inner.parents)
    # samefile as well, for disks to which "Incidents" and "incidents" are one folder.
    return outer in folders or (outer.exists() and any(f.exists() and f.samefile(outer) for f in folders))


def check_path(path: str) -> str:
    """Return the path; raise OutputError unless it stays inside the site and fits on a line of the marker."""
    reason = unsafe_path_reason(path)
    if not reason and _RESERVED_NAME.fullmatch(path.partition("/")[0]):
        reason = "statusgen or Git keeps its own under that name"
    if reason:
        raise OutputError(f"{path!r} cannot be published: {reason}.")
    return path


def read_marker(marker: Path) -> frozenset[str] | None:
    """Return the paths in a marker; None if there is none, or it is somebody else's file of that name."""
    text = marker.read_text(encoding="utf-8", errors="replace") if stat_or_none(marker) else ""
    return frozenset(text.splitlines()[1:]) if text.startswith("# statusgen") else None


def format_marker(paths: frozenset[str]) -> bytes:
    """Return a marker that names the paths."""
    return "\n".join((_MARKER_HEADER, *sorted(paths), "")).encode()


def read_own_paths(tree: Path, site: Path) -> frozenset[str]:
    """Return the paths that statusgen made in `tree`; raise OutputError, about `site`, if it contains anything else."""
    paths = read_marker(tree / MARKER)
    refuse_foreign(tree, frozenset() if paths is None else paths | {MARKER}, site)
    return paths or frozenset()


def refuse_foreign(tree: Path, ours: frozenset[str], site: Path) -> None:
    """Raise OutputError, about `site`, if the tree contains any file but ours."""
    foreign = sorted(set(list_entries(tree)) - ours - _parent_folders(ours))
    if not foreign:
        return
    names = ", ".join(foreign[:5]) + (f" and {len(foreign) - 5} more" if len(foreign) > 5 else "")
    if MARKER in ours:
        what = f"{site} contains files that statusgen did not make: {names}."
        raise OutputError(f"{what} Move them away, or choose another folder.")
    raise OutputError(f"{site} is not a built site: it contains {names}. Choose an empty or a new folder.")


def _parent_folders(paths: Iterable[str]) -> set[str]:
    """Return the folders that the paths are in, each with a slash at its end."""
    found: set[str] = set()
    for path in paths:
        inner = path.rpartition("/")[0]
        while inner and f"{inner}/" not in found:
            found.add(f"{inner}/")
            inner = inner.rpartition("/")[0]
    return found


def list_entries(tree: Path) -> Iterator[str]:
    """Yield every file and link in the tree, and every empty folder with a slash at its end; nothing of Git's."""
    if stat_or_none(tree) is None:
        return
    passed = (GIT, staging_name(tree))
    # A list of the folders left, not recursion: a site has one for each incident, and this is done three times.
    folders = [(str(tree), "")]
    while folders:
        folder, inside = folders.pop()
        with os.scandir(folder) as scanned:
            entries = [entry for entry in scanned if inside or entry.name not in passed]
        if inside and not entries:
            yield inside
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append((entry.path, f"{inside}{entry.name}/"))
            elif entry.name not in _JUNK_FILES:
                yield inside + entry.name


def staging_name(site: Path) -> str:
    """Return the name of the folder in which a new site is made."""
    return f".{site.name}.statusgen"
