"""The list of all forms in which a site is published."""

from collections.abc import Callable, Iterable, Iterator

from statusgen.files import File, one_owner_each
from statusgen.outputs import feeds, pages, pictures, plain
from statusgen.status.standing import Board
from statusgen.theme.look import Look

OUTPUTS: tuple[Callable[[Board, Look], Iterable[File]], ...] = (
    pages.files,
    feeds.files,
    plain.files,
    pictures.files,
)


def every_file(board: Board, look: Look) -> Iterator[File]:
    """All files of the site; raises ContentError where two of them want one path."""
    return one_owner_each(file for output in OUTPUTS for file in output(board, look))
