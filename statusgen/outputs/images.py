"""The images in posts, and the site's logo, as they were read: without where and by whom they were made."""

from collections.abc import Iterator

from statusgen.board.model.whole_board import Board
from statusgen.files import File
from statusgen.theme.renderer import Renderer


def files(board: Board, renderer: Renderer) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """Yield one file for each image."""
    for image in (*board.site.images, *([board.site.logo] if board.site.logo else [])):
        yield File(image.path, image.content, image.place)
