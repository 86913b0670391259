"""Journals: files that only grow, one line of JSON for each thing that happened.

A line is on the disk before anybody is told so. A last line that was cut off, because the computer was, is ignored.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from statusgen.text import Json


def append_line(path: Path, entry: Json, max_bytes: int) -> None:
    """Add a line, which is on the disk when this returns; raise OSError if there is no room for it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # A line end first, too: what is appended after a line that was cut off must not become a part of it.
    line = b"\n" + json.dumps(entry).encode() + b"\n"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as file:  # buffered: a bare file may write a part of a line, and not say so
        if file.tell() + len(line) > max_bytes:
            raise OSError(f"A journal can have {max_bytes} bytes.")
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def read_lines(path: Path) -> Iterator[dict[str, object]]:
    """Yield what the lines say; raise OSError if there is no such journal."""
    for line in path.read_bytes().splitlines():
        try:
            entry = json.loads(line) if line.strip() else None
        except ValueError:
            continue  # it was cut off
        if isinstance(entry, dict):
            yield entry
