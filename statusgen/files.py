"""A file of the built site, before it is written anywhere."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from statusgen.problems import ContentError, Place, Problem


@dataclass(frozen=True)
class File:
    """A path, its content, and what it was made from.

    `path` is relative to the site's folder, with forward slashes (`services/trash/index.html`).
    `source` is the line of the city's own files that it comes from, if any.
    """

    path: str
    content: bytes
    source: Place | None = None


def one_owner_each(files: Iterable[File]) -> Iterator[File]:
    """Pass the files on; raise ContentError as soon as two of them want one path.

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
