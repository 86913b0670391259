"""The pictures that posts show, and the site's logo, as they are."""

from collections.abc import Iterator

from statusgen.files import File
from statusgen.status.standing import Board
from statusgen.theme.look import Look


def files(board: Board, look: Look) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """One file for each picture."""
    for image in (*board.site.images, *([board.site.logo] if board.site.logo else [])):
        yield File(image.path, image.content, image.place)
