"""A post taken apart: front matter, first text, and the updates under their dated headings, with their lines."""

import re
from dataclasses import dataclass

from statusgen.errors import Place, Problem

_HEADING = re.compile(r"##[ \t]+(\d.*)")
_KEY = re.compile(r"[a-z_]+:(?:\s|$)")
# Keys that nobody begins a sentence with; seen at the start of a text, the empty line above them is a slip.
_FACTS = re.compile(r"(?:services|expected|next_update|waivers|deadlines|not_known|corrects|unrelated_to):(?:\s|$)")


@dataclass(frozen=True)
class Part:
    """Some lines of a file. `line` is the number of the first."""

    content: str
    line: int


@dataclass(frozen=True)
class RawUpdate:
    """An update as it stands in the file: the words of its heading, its block of facts, its text."""

    heading: Part
    facts: Part
    text: Part


@dataclass(frozen=True)
class RawPost:
    """A whole post as it stands in the file."""

    front: Part
    text: Part
    updates: tuple[RawUpdate, ...]


def split(content: str, file: str) -> tuple[RawPost | None, list[Problem]]:
    """Take a post apart; `content` has newlines only."""
    lines = content.split("\n")
    start = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    if start == len(lines):
        what = "This post is empty."
        return None, [Problem(Place(file), what, "Begin it with a line ---, then title: and started:.")]
    if lines[start].rstrip() != "---":
        what = "A post begins with a line of three dashes."
        return None, [
            Problem(Place(file, start + 1), what, "Write --- here, then title: and started:, then --- again.")
        ]
    end = next((number for number in range(start + 1, len(lines)) if lines[number].rstrip() == "---"), None)
    if end is None:
        what = "The facts that begin here have no end."
        return None, [Problem(Place(file, start + 1), what, "Write a line of three dashes --- below them.")]
    headings = [number for number in range(end + 1, len(lines)) if _HEADING.match(lines[number])]
    bounds = [*headings, len(lines)]
    post = RawPost(
        front=_part(lines, start + 1, end),
        text=_part(lines, end + 1, bounds[0]),
        updates=tuple(_update(lines, begin, after) for begin, after in zip(headings, bounds[1:], strict=True)),
    )
    return post, [problem for text in _texts(post) for problem in _stray_facts(text, file)]


def _part(lines: list[str], begin: int, end: int) -> Part:
    return Part("\n".join(lines[begin:end]), begin + 1)


def _update(lines: list[str], begin: int, end: int) -> RawUpdate:
    heading = _HEADING.match(lines[begin])
    text = begin + 1
    if text < end and _KEY.match(lines[text]):
        while text < end and lines[text].strip():
            text += 1
    title = heading[1].strip() if heading else ""
    return RawUpdate(Part(title, begin + 1), _part(lines, begin + 1, text), _part(lines, text, end))


def _texts(post: RawPost) -> list[Part]:
    return [post.text, *(update.text for update in post.updates)]


def _stray_facts(text: Part, file: str) -> list[Problem]:
    lines = text.content.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if not _FACTS.match(lines[first]):
        return []
    what = "These look like facts, but they stand in the text, where nobody would act on them."
    hint = "Put them straight under the heading (or between the dashes), with no empty line above."
    return [Problem(Place(file, text.line + first), what, hint)]
