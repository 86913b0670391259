"""The words of the format of which one has to be chosen."""

from enum import Enum


class FormatEnum(Enum):
    """A word of the format, of which there is one object for each value."""

    # Enum hashes the name each time, in Python, and a build asks a million times.
    __hash__ = object.__hash__
