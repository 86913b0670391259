"""Takes the comments out of YAML: notes to colleagues, which no page shows."""

import re
from collections.abc import Iterator

import yaml

from statusgen.content.yaml.documents import LOADER

_HASH = re.compile("#")
_Position = tuple[int, int]


def strip_comments(text: str) -> str:
    """Return YAML without its comments; where it cannot be read, anything that could be one goes."""
    lines = text.split("\n")
    hashes = [(number, match.start()) for number, line in enumerate(lines) for match in _HASH.finditer(line)]
    if not hashes:
        return text
    inside = _find_scalars(text, hashes)
    for number, column in reversed(hashes):
        if (number, column) not in inside:
            lines[number] = lines[number][:column].rstrip()
    return "\n".join(lines)


def _find_scalars(text: str, positions: list[_Position]) -> set[_Position]:
    """Return those of some positions, which are in order, that are in a value; none where the YAML cannot be read."""
    found: set[_Position] = set()
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


def _scalar_bounds(text: str) -> Iterator[tuple[_Position, _Position]]:
    """Yield where each value begins and ends."""
    for token in yaml.scan(text, Loader=LOADER):
        if isinstance(token, yaml.ScalarToken):
            begin = (token.start_mark.line, token.start_mark.column)
            # The line on which a block begins, "title: > # note", can have a comment, and so can those below it.
            is_block = token.style in ("|", ">")
            yield (begin[0] + 1, 0) if is_block else begin, (token.end_mark.line, token.end_mark.column)
