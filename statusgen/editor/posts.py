"""Posts and updates as text, and an update added at the end of a file that otherwise stays as it is."""

import re
from collections.abc import Mapping

from statusgen.editor.fact_values import FactValue
from statusgen.editor.yaml_text import as_yaml
from statusgen.english import English
from statusgen.model.states import State
from statusgen.problems import InvalidValue
from statusgen.text import quote_text, slugify

_FENCE = re.compile(r"---\s*")
_HEADING = re.compile(r"##[ \t]+\d")
_LINE_END = re.compile(rb"\r\n|\n|\r")
_MAX_ID_LENGTH = 50


def format_post(front: Mapping[str, FactValue], text: str) -> str:
    """Return a whole new post: its front matter, and its text below that."""
    return f"---\n{as_yaml(front)}---\n{text}\n" if text else f"---\n{as_yaml(front)}---\n"


def format_update(time: str, state: State, facts: Mapping[str, FactValue], text: str) -> str:
    """Return an update: its heading, its facts on the next lines, an empty line, its text."""
    word = "" if state is State.UPDATE else f" {state.value.replace('_', ' ').capitalize()}"
    block = f"## {time}{word}\n{as_yaml(facts)}"
    return f"{block}\n{text}\n" if text else block


def append_block(file: bytes, block: str) -> bytes:
    """Return the file with a block of lines at its end, after an empty line and with the file's own line ends.

    Everything before it stays byte for byte. A file that did not end with a line end does not end with one afterwards.
    """
    ends = _LINE_END.findall(file)
    newline: bytes = ends[-1] if ends else b"\n"
    ends_with_newline = file.endswith((b"\n", b"\r"))
    rows = _LINE_END.split(file)
    last = rows[-2] if ends_with_newline else rows[-1]
    gap = newline * (int(not ends_with_newline) + int(bool(last.strip())))
    lines = block if ends_with_newline else block.removesuffix("\n")
    return file + gap + lines.encode().replace(b"\n", newline)


def insert_block(file: bytes, block: str, line: int) -> bytes:
    """Return the file with a block of lines before this line, counted from 1, and an empty line after the block."""
    rows = file.splitlines(keepends=True)
    ends = _LINE_END.findall(file)
    newline: bytes = ends[-1] if ends else b"\n"
    lines = f"{block}\n".encode().replace(b"\n", newline)
    return b"".join([*rows[: line - 1], lines, *rows[line - 1 :]])


def parse_update_text(words: str) -> str:
    """Return the text of an update without the empty lines around it.

    Raises InvalidValue if one of its lines would end the text.
    """
    lines = words.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for line in lines:
        if _HEADING.match(line):
            what = English("The line %(line)s would start another update.", line=quote_text(line))
            raise InvalidValue(what, English("For a heading within the text, use three number signs: ###."))
        if _FENCE.fullmatch(line):
            what = English("A line of three dashes ends the front matter of a post.")
            raise InvalidValue(what, English("Write *** for a horizontal line."))
    while lines and not lines[0].strip():
        del lines[0]
    return "\n".join(lines).rstrip()


def make_post_id(title: str, day: str) -> str:
    """Return the id of a new post: the day, and as many words of its title as an address should have."""
    words = slugify(title)
    while len(words) > _MAX_ID_LENGTH and "-" in words:
        words = words.rpartition("-")[0]
    return f"{day}-{words[:_MAX_ID_LENGTH].rstrip('-')}" if words else day
