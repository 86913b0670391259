"""Splits a post into front matter, first text, and the updates under their dated headings, each with its lines.

A post is split line by line, before any of its parts is read as YAML or Markdown. The rules are few: the front matter
is between two lines of three dashes or more, an update begins with a line `## ` and a digit, and its block of facts
goes from the line below its heading, if that looks like a key, to the next empty line; or it is in a code fence there.

Anything that these rules do not recognize would be published as text. So the rest of this module looks for lines that
were probably meant as a heading or as facts, and makes each a mistake.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from statusgen.content.format.shapes import PostShape
from statusgen.content.format.values import TIME_PATTERN
from statusgen.english import English
from statusgen.model.states import State
from statusgen.problems import Place, Problem
from statusgen.text import HARD_SPACE, HARD_SPACE_MISTAKE, fold_word, quote_text

_HEADING = re.compile(r"##[ \t]+(\d.*)")
# A line that only looks like the heading of an update, and would be lost in the text of the update above.
_ALMOST_HEADING = re.compile(rf"\s{{0,3}}(#{{0,6}})[\s*_\[(]*(?P<words>{TIME_PATTERN.pattern}(?P<rest>.*))")
# A heading that does not begin with a time; it is a mistake if it names a state.
_UNTIMED_HEADING = re.compile(r"##\s+(?P<words>.*)")
MAX_UPDATES = 5_000
# Only the beginning of a line can be a key, however long the line is.
_MAX_KEY_LENGTH = 200
# What word processors, and people in a hurry, make of three dashes.
_WRONG_DASHES = re.compile(r"(?!---+[ \t]*$)[ \t]*[-_=~\u2010-\u2015\u2212]+[ \t]*")
# Three dashes or, as a rule across the page, more.
_DASHES = re.compile(r"-{3,}[ \t]*")
_FENCE = re.compile(r"(?P<fence>`{3,}|~{3,})[ \t]*(?:ya?ml)?[ \t]*", re.IGNORECASE)
_DASHES_MISTAKE = ("This line should be three plain dashes, with nothing before them.", "Replace it with ---.")
_KEY_LINE = re.compile(r"(?P<key>[A-Za-z][\w /-]*?)[ \t]*:(?P<value>.*)")
_POST_KEYS = frozenset(PostShape.key_names())
_STATES = frozenset(state.value for state in State)


@dataclass(frozen=True)
class Section:
    """Some lines of a file. `line` is the number of the first."""

    content: str
    line: int


@dataclass(frozen=True)
class RawUpdate:
    """An update as the file has it: the words of its heading, its block of facts, its text."""

    heading: Section
    facts: Section
    text: Section


@dataclass(frozen=True)
class RawPost:
    """A whole post as the file has it."""

    front_matter: Section
    text: Section
    updates: tuple[RawUpdate, ...]


def split_post(content: str, file: str) -> tuple[RawPost | None, list[Problem]]:
    """Split a post; `content` has newlines only. Returns None for the post if its front matter cannot be found."""
    lines = content.split("\n")
    start = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    if start == len(lines):
        what = "This post is empty."
        return None, [
            Problem(Place(file), what, "Begin it with a line of three dashes (---), then title: and started:.")
        ]
    if lines[start] != lines[start].lstrip() or _WRONG_DASHES.fullmatch(lines[start]):
        return None, [Problem(Place(file, start + 1), *_DASHES_MISTAKE)]
    if not _DASHES.fullmatch(lines[start]):
        what = "A post must begin with a line of three dashes."
        return None, [
            Problem(Place(file, start + 1), what, "Write --- here, then title: and started:, then --- again.")
        ]
    end = next((number for number in range(start + 1, len(lines)) if _DASHES.fullmatch(lines[number])), None)
    # If there is a heading above the dashes that were found, those are not the end of the front matter.
    if end is None or any(_HEADING.match(line) for line in lines[start:end]):
        almost = (number for number in range(start + 1, len(lines)) if _WRONG_DASHES.fullmatch(lines[number]))
        if (dashes := next(almost, None)) and not any(_HEADING.match(line) for line in lines[start:dashes]):
            return None, [Problem(Place(file, dashes + 1), *_DASHES_MISTAKE)]
        what = "The block of facts that begins here is never closed."
        return None, [Problem(Place(file, start + 1), what, "Add a line of three dashes (---) below it.")]
    headings = [number for number in range(end + 1, len(lines)) if _HEADING.match(lines[number])]
    if len(headings) > MAX_UPDATES:
        limit = f"{MAX_UPDATES:,}"
        what = English("This post has too many updates: the limit of %(most)s is reached on this line.", most=limit)
        return None, [Problem(Place(file, headings[MAX_UPDATES] + 1), what, English("Start a new post."))]
    bounds = [*headings, len(lines)]
    post = RawPost(
        front_matter=_make_section(lines, start + 1, end),
        text=_make_section(lines, end + 1, bounds[0]),
        updates=tuple(_split_update(lines, begin, after) for begin, after in zip(headings, bounds[1:], strict=True)),
    )
    return post, [problem for text in _text_sections(post) for problem in _find_stray_lines(text, file)]


def _make_section(lines: list[str], begin: int, end: int) -> Section:
    return Section("\n".join(lines[begin:end]), begin + 1)


def _split_update(lines: list[str], begin: int, end: int) -> RawUpdate:
    heading = _HEADING.match(lines[begin])
    first, facts_end, text = _find_facts(lines, begin + 1, end)
    title = heading[1].strip() if heading else ""
    facts = _make_section(lines, first, facts_end)
    return RawUpdate(Section(title, begin + 1), facts, _make_section(lines, text, end))


def _find_facts(lines: list[str], begin: int, end: int) -> tuple[int, int, int]:
    """Return where the block of facts below a heading begins and ends, and where the text begins."""
    first = next((number for number in range(begin, end) if lines[number].strip()), end)
    fence = _FENCE.fullmatch(lines[first]) if first < end else None
    if fence and first + 1 < end and _is_known_fact(lines[first + 1]):
        closing = (number for number in range(first + 1, end) if lines[number].rstrip() == fence["fence"])
        if close := next(closing, None):
            return first + 1, close, close + 1
    # Prettier leaves an empty line below a heading. Below one, only a key that there is begins facts.
    if first == end or not (_is_fact_line(lines[first]) if first == begin else _is_known_fact(lines[first])):
        return begin, begin, begin
    text = first
    while text < end and lines[text].strip():
        text += 1
    return first, text, text


def _is_known_fact(line: str) -> bool:
    found = _KEY_LINE.match(line[:_MAX_KEY_LENGTH])
    return found is not None and found["key"] in _POST_KEYS and found["value"][:1] in ("", " ", "\t")


def _text_sections(post: RawPost) -> list[Section]:
    return [post.text, *(update.text for update in post.updates)]


def _is_fact_line(line: str) -> bool:
    """Return whether the line under a heading begins a block of facts, even if its key is mistyped."""
    found = _KEY_LINE.match(line[:_MAX_KEY_LENGTH])
    if not found:
        return False
    key = found["key"]
    # Any word in small letters is taken for a key; one that does not exist is then a mistake of its own. A key in
    # capitals, or of several words, must be a known one: "Note: bring cash" is text.
    if re.fullmatch(r"[a-z][a-z0-9_/-]*", key) and found["value"][:1] in ("", " ", "\t"):
        return True
    return _fold(key) in _POST_KEYS and (" " not in key or key.islower())


def _fold(words: str) -> str:
    return fold_word(words.strip(" \t:.*_[]()-\u2013\u2014"))


def _find_stray_lines(text: Section, file: str) -> Iterator[Problem]:
    """Yield a mistake for each line of a text that was meant as a heading or as facts, and would have no effect."""
    is_paragraph_start = True
    for number, line in enumerate(text.content.split("\n"), text.line):
        place = Place(file, number)
        if HARD_SPACE.search(line) and _HEADING.match(HARD_SPACE.sub(" ", line)):
            yield Problem(place, *HARD_SPACE_MISTAKE)
        elif found := _suggest_heading(line):
            what = English("%(line)s looks like the heading of an update, but it is not one.", line=quote_text(line))
            shown = quote_text(found)[1:-1]
            yield Problem(place, what, English("Write ## %(found)s at the very beginning of the line.", found=shown))
        elif _is_stray_fact(line, is_paragraph_start):
            what = English("This looks like a fact, but it is in the text, where it has no effect.")
            hint = English("Put it directly under the heading (or between the dashes), with no empty line above.")
            yield Problem(place, what, hint)
        is_paragraph_start = not line.strip()


def _suggest_heading(line: str) -> str | None:
    """Return what should follow the two signs of a heading that was almost written right; None if it is not one."""
    if found := _ALMOST_HEADING.fullmatch(line):
        rest = found["rest"].strip(" \t*_[]()")
        is_state = _fold(rest) in _STATES
        words = found["words"].removesuffix(found["rest"])
        return f"{words.strip()} {rest}".strip() if len(found[1]) == 2 or is_state else None
    found = _UNTIMED_HEADING.fullmatch(line)
    state = _find_state(TIME_PATTERN.sub("", found["words"])) if found else None
    if found and state:
        time = TIME_PATTERN.search(found["words"])
        return f"{time[0] if time else '2024-05-15 16:00'} {state}"
    return None


def _find_state(words: str) -> str | None:
    """Return the state that a heading names, alone or next to a date in words: "May 16, 2024 Resolved"."""
    if _fold(words) in _STATES:
        return words.strip(" \t:*_[]()")
    parts = words.split()
    ends = (parts[0], parts[-1]) if re.search(r"\d", words) else ()
    return next((word.strip(" :") for word in ends if _fold(word) in _STATES), None)


def _is_stray_fact(line: str, is_paragraph_start: bool) -> bool:
    """Return whether a line of a text was meant as a fact.

    Words such as "by:" or "services:" can begin a line of plain text. They count only at the start of a paragraph, if
    they have an underscore, or if they open a list.
    """
    found = _KEY_LINE.match(line[:_MAX_KEY_LENGTH])
    if not found or found["key"] not in _POST_KEYS or found["value"][:1] not in ("", " ", "\t"):
        return False
    opens_list = found["key"] in ("services", "waivers", "deadlines") and not found["value"]
    return is_paragraph_start or "_" in found["key"] or opens_list
