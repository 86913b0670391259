"""What is kept of a picture, and the exception that all formats share."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

_Part = TypeVar("_Part")
# A browser takes four bytes of memory for each, and a cheap phone has little more than 100 MB for a page.
MAX_PIXELS = 25_000_000
COPY_AGAIN = "Copy it again from where it comes from, or open it and save it again as PNG, JPEG, or WebP."
SAVE_AGAIN = "Open it, and save it again as PNG, JPEG, or WebP."
_MAX_PARTS = 10_000  # far more than any program makes, and few enough to be read at once


@dataclass(frozen=True)
class CleanPicture:
    """A picture that holds what is needed to show it, and nothing else: pixels, colors, and which side is up.

    `steps` is how often a browser goes over it: once for each frame of an animation and each scan of a JPEG.
    """

    content: bytes
    width: int
    height: int
    steps: int = 1


@dataclass(frozen=True)
class CleanDrawing:
    """A drawing as it is published, and whether it said more than what to draw."""

    content: bytes
    had_details: bool


class UnreadablePicture(Exception):
    """A file is not a whole picture in the format of its name; the text says why, as a sentence."""

    def __init__(self, why: str, hint: str = COPY_AGAIN) -> None:
        super().__init__(why)
        self.hint = hint


DAMAGED = "is damaged, or was not copied completely."


def limit_parts(parts: Iterable[_Part]) -> Iterator[_Part]:
    """Yield the segments or chunks of a picture; raises UnreadablePicture at one too many."""
    for number, part in enumerate(parts):
        if number == _MAX_PARTS:
            raise UnreadablePicture("is in more pieces than a picture can be.")
        yield part
