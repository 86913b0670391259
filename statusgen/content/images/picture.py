"""What is kept of a picture, and the exception that all formats share."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CleanPicture:
    """A picture that holds what is needed to show it, and nothing else: pixels, colors, and which side is up."""

    content: bytes
    width: int
    height: int


class UnreadablePicture(Exception):
    """A file is not a whole picture in the format of its name; the text says why, as a sentence."""


DAMAGED = "is damaged, or was not copied completely."
