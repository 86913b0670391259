"""A file of the built site before it is written anywhere, and the paths that it may have."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from statusgen.problems import ContentError, Place, Problem

MARKER = ".statusgen"
"""The file in a built site that names every file statusgen made there. It is not for publishing."""


@dataclass(frozen=True)
class File:
    """A path, its content, and what it was made from.

    `path` is relative to the site's folder, with forward slashes (`services/trash/index.html`).
    `source` is the line of the city's own files that it comes from, if any.
    """

    path: str
    content: bytes
    source: Place | None = None


@dataclass(frozen=True)
class Part:
    """Files that depend on a few incidents only, and not on the moment: they can be kept from build to build.

    Besides the incidents named by `incidents` they are made from what `also` has, and from what all files are made
    from: the site's own words and services, and the program. No other part has its `name`. `source` is the post that it
    comes from, if it is one.
    """

    name: str
    incidents: tuple[str, ...]
    make: Callable[[], Iterable[File]]
    also: str = ""
    source: Place | None = None


def unsafe_path_reason(path: str) -> str:
    """Return why a path could lead out of its folder, or to another file on another system; "" if it is safe."""
    if {"", ".", ".."}.intersection(path.split("/")):
        return "it is not names with one slash between them"
    if not path.isprintable() or "\\" in path or ":" in path:
        return "some systems read a character in it differently"
    return ""


def one_owner_each(files: Iterable[File]) -> Iterator[File]:
    """Yield the files; raise ContentError as soon as two of them want one path.

    Paths that differ only in letter case or in Unicode form are one path: disks and web hosts that
    fold them would show one file and lose the other.
    """
    owners: dict[str, Place | str] = {}  # not the files themselves: all of them would not fit into memory
    for file in files:
        folded = unicodedata.normalize("NFC", file.path).casefold()
        if folded in owners:
            what = f"This would be published at {file.path}, which {owners[folded]} already has."
            problem = Problem(file.source or Place(file.path), what, "Give one of the two another name or id.")
            raise ContentError([problem])
        owners[folded] = file.source or file.path
        yield file
