"""Takes the comments out of YAML: notes to colleagues, which no page shows."""

import re
from collections.abc import Iterator

import yaml

from statusgen.content.yaml.documents import LOADER

_HASH = re.compile(r"(?<=[ \t])#")


def strip_comments(text: str) -> str:
    """Return YAML without its comments; where it cannot be read, whatever could be one goes."""
    lines = [line for line in text.split("\n") if not line.lstrip().startswith("#")]
    hashes = [(number, match.start()) for number, line in enumerate(lines) for match in _HASH.finditer(line)]
    if not hashes:
        return "\n".join(lines)
    inside = _find_scalars("\n".join(lines), hashes)
    for number, column in reversed(hashes):
        if (number, column) not in inside:
            lines[number] = lines[number][:column].rstrip()
    return "\n".join(lines)


def _find_scalars(text: str, positions: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those of some positions, which are in order, that are in a value; none where the YAML cannot be read."""
    found: set[tuple[int, int]] = set()
    waiting = iter(positions)
    position = next(waiting, None)
    try:
        for begin, end in _scalar_bounds(text):
            while position and position < end:
                if position >= begin:
                    found.add(position)
                position = next(waiting, None)
    except yaml.YAMLError:
        return set()
    return found


def _scalar_bounds(text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.ScalarEvent) and event.start_mark and event.end_mark:
            yield (event.start_mark.line, event.start_mark.column), (event.end_mark.line, event.end_mark.column)
