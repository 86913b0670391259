"""A disk that is full: it takes a few bytes more of each file, and then none."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

if sys.platform != "win32":
    import resource

needs_a_full_disk = pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no file's size")


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """Let no file become larger than `size` bytes until the end of the block."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
