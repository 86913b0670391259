"""Posts and updates as text, and an update put at the end of a file that stays as it is."""

import re
from collections.abc import Mapping
from typing import Any

from statusgen.editor.yaml_text import as_yaml
from statusgen.model import State
from statusgen.problems import InvalidValue
from statusgen.text import quote_text, slugify

_FENCE = re.compile(r"---\s*")
_HEADING = re.compile(r"##[ \t]+\d")
_LINE_END = re.compile(rb"\r\n|\n|\r")
_MAX_ID_LENGTH = 50


def format_post(front: Mapping[str, Any], text: str) -> str:
    """A whole new post: its front matter, and the text under it."""
    return f"---\n{as_yaml(front)}---\n{text}\n" if text else f"---\n{as_yaml(front)}---\n"


def format_update(time: str, state: State, facts: Mapping[str, Any], text: str) -> str:
    """An update: its heading, its facts straight under it, an empty line, its text."""
    word = "" if state is State.UPDATE else f" {state.value.replace('_', ' ').capitalize()}"
    block = f"## {time}{word}\n{as_yaml(facts)}"
    return f"{block}\n{text}\n" if text else block


def append_block(file: bytes, block: str) -> bytes:
    """The file with a block of lines at its end, after an empty line and in the line ends that the file has.

    All that was there stays byte for byte. A file that had no line end at its end has none there afterwards.
    """
    ends = _LINE_END.findall(file)
    newline: bytes = ends[-1] if ends else b"\n"
    ends_with_newline = file.endswith((b"\n", b"\r"))
    rows = _LINE_END.split(file)
    last = rows[-2] if ends_with_newline else rows[-1]
    gap = newline * (int(not ends_with_newline) + int(bool(last.strip())))
    lines = block if ends_with_newline else block.removesuffix("\n")
    return file + gap + lines.encode().replace(b"\n", newline)


def parse_update_text(words: str) -> str:
    """What somebody wrote, as the text of an update; raises Wrong where a line of it would end the text.

    It is taken as it is, but for empty lines around it.
    """
    lines = words.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for line in lines:
        if _HEADING.match(line):
            what = f"The line {quote_text(line)} would begin another update."
            raise InvalidValue(what, "A heading within a text has three signs: ###.")
        if _FENCE.fullmatch(line):
            what = "A line of three dashes is where the facts of a post end."
            raise InvalidValue(what, "Write *** for a line across the page.")
    while lines and not lines[0].strip():
        del lines[0]
    return "\n".join(lines).rstrip()


def make_post_id(title: str, day: str) -> str:
    """The id of a new post: the day and the first words of its title, as many as an address should have."""
    words = slugify(title)
    while len(words) > _MAX_ID_LENGTH and "-" in words:
        words = words.rpartition("-")[0]
    return f"{day}-{words[:_MAX_ID_LENGTH].rstrip('-')}" if words else day
