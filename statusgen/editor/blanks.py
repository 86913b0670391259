"""The blanks of a post, a template or a translation: listed, filled in, or taken out with their lines."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import yaml

from statusgen.content.posts.blanks import BLANK
from statusgen.content.posts.split import Section, split_post
from statusgen.content.yaml.documents import KeyPath
from statusgen.editor.yaml_text import as_yaml

TEXT = "text"
"""The first step of the path of a blank that is in the text of an update."""
_SETTINGS = ("id", "translated")
"""Keys of a translation whose values are no words."""


@dataclass(frozen=True)
class Blank:
    """One blank: what it asks for, and where it is.

    `update` is the time in the heading above it, "" for the first update. `path` are the keys that lead to it among the
    facts, or `TEXT` and its number in the text, counted from 0. `start` and `end` are where it is in the file, and
    `sentence` is the line of a text that it is a part of, with a line in its place.
    """

    hint: str
    update: str
    path: KeyPath
    start: int
    end: int
    sentence: str = ""

    @property
    def key(self) -> str:
        """The key that says what it is, like `title` or `known`."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), TEXT)


@dataclass(frozen=True)
class _Value:
    """A text among facts: where it is, what it says, and the lines of the entry that would go with it."""

    path: KeyPath
    start: int
    end: int
    words: str | None
    in_brackets: bool


def list_blanks(text: str) -> list[Blank]:
    """Return the blanks of a file in their order, without those that stand for the names of services."""
    found: list[Blank] = []
    for update, facts, body in _sections(text):
        values = [*_read_values(facts.content)]
        start = _offset(text, facts.line)
        for match in BLANK.finditer(facts.content):
            value = _find_value(values, match.start(), match.end())
            if value:
                found.append(_make_blank(match, update, value.path, start))
        start = _offset(text, body.line)
        for number, match in enumerate(BLANK.finditer(body.content)):
            blank = _make_blank(match, update, (TEXT, number), start)
            found.append(replace(blank, sentence=_read_sentence(body.content, match)))
    return found


def pair_blanks(text: str, translation: str) -> dict[str, str]:
    """Return what each blank asks for, and what the one in the same place of the translation does."""
    theirs = {blank.path: blank.hint for blank in list_blanks(translation)}
    return {blank.hint: theirs[blank.path] for blank in list_blanks(text) if blank.path in theirs}


def fill_blank(text: str, blank: Blank, words: str) -> str:
    """Return the file with these words in place of a blank, as YAML among facts and as they are in a text."""
    if blank.path[0] == TEXT:
        return text[: blank.start] + words + text[blank.end :]
    facts = next(facts for update, facts, _ in _sections(text) if update == blank.update)
    start = _offset(text, facts.line)
    value = _find_value([*_read_values(facts.content)], blank.start - start, blank.end - start)
    assert value, "a blank that was listed is within a value"
    whole = words if value.words is None else value.words.replace(text[blank.start : blank.end], words, 1)
    # Between brackets, a comma in the words would end them.
    written = json.dumps(whole, ensure_ascii=False) if value.in_brackets else _as_scalar(whole)
    return text[: start + value.start] + written + text[start + value.end :]


def change_words(text: str, change_fact: Callable[[str], str], change_text: Callable[[str], str]) -> str:
    """Return a file with each text among its facts, and the text of each update, as two functions change them."""
    for _update, facts, body in reversed([*_sections(text)]):  # what is before keeps its place
        start = _offset(text, body.line)
        text = text[:start] + change_text(body.content) + text[start + len(body.content) :]
        start = _offset(text, facts.line)
        for value in sorted(_read_values(facts.content), key=lambda each: -each.start):
            words = " ".join((value.words or "").split())
            if words and value.path[-1] not in _SETTINGS:
                written = json.dumps(change_fact(words), ensure_ascii=False)
                text = text[: start + value.start] + written + text[start + value.end :]
    return text


def remove_blank(text: str, blank: Blank) -> str:
    """Return the file without the lines that a blank is on, and without keys under which nothing is left then."""
    first, last = text.count("\n", 0, blank.start), text.count("\n", 0, blank.end)
    lines = text.split("\n")
    del lines[first : last + 1]
    if blank.path[0] != TEXT:
        _remove_empty_keys(lines, first)
    elif first and first < len(lines) and not lines[first - 1].strip() and not lines[first].strip():
        del lines[first]  # the empty line below a paragraph that is gone
    return "\n".join(lines)


def _remove_empty_keys(lines: list[str], number: int) -> None:
    """Remove the key above a line, with the comments under it, if nothing is left under it; and so on upward."""
    while True:
        above = number - 1
        while above >= 0 and lines[above].lstrip().startswith("#"):
            above -= 1
        if above < 0 or not re.match(r"[\s-]*[^\s#].*:\s*$", lines[above]):
            return
        following = lines[number] if number < len(lines) else ""
        indent = len(lines[above]) - len(lines[above].lstrip())
        if following.strip() and (len(following) - len(following.lstrip()) > indent or following.startswith("- ")):
            return
        del lines[above:number]
        number = above


def _make_blank(match: re.Match[str], update: str, path: KeyPath, start: int) -> Blank:
    return Blank(" ".join(match[1].split()), update, path, start + match.start(), start + match.end())


def _read_sentence(text: str, match: re.Match[str]) -> str:
    """Return the line around a blank; "" if it is all of the line, but for the sign of a list."""
    begin, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
    before, after = text[begin : match.start()], text[match.end() : end if end >= 0 else len(text)]
    is_alone = not re.search(r"\w", before + after)
    return "" if is_alone else f"{BLANK.sub('___', before)}___{BLANK.sub('___', after)}".strip()


def _sections(text: str) -> Iterator[tuple[str, Section, Section]]:
    """Yield the time, the facts and the text of each update; one text if the file cannot be taken apart."""
    post, _ = split_post(text, "")
    if post is None:
        yield "", Section("", 1), Section(text, 1)
        return
    yield "", post.front_matter, post.text
    for update in post.updates:
        yield update.heading.content, update.facts, update.text


def _offset(text: str, line: int) -> int:
    """Return where a line begins; lines are counted from 1."""
    found = 0
    for _ in range(line - 1):
        found = text.index("\n", found) + 1
    return found


def _find_value(values: list[_Value], start: int, end: int) -> _Value | None:
    """Return the innermost value that has this part of the facts."""
    around = [value for value in values if value.start <= start and end <= value.end]
    return min(around, key=lambda value: value.end - value.start, default=None)


def _read_values(facts: str) -> Iterator[_Value]:
    """Yield the texts among facts; a blank without quotes is, to YAML, a list in a list."""
    try:
        root = yaml.compose(facts, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return
    if root is not None:
        yield from _walk(root, (), in_brackets=False)


def _walk(node: yaml.Node, path: KeyPath, in_brackets: bool) -> Iterator[_Value]:
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, yaml.ScalarNode):
        yield _Value(path, start, end, node.value, in_brackets)
    elif isinstance(node, yaml.SequenceNode):
        if [type(each) for each in node.value] == [yaml.SequenceNode] and node.flow_style:
            yield _Value(path, start, end, None, in_brackets)
        for index, entry in enumerate(node.value):
            yield from _walk(entry, (*path, index), in_brackets or bool(node.flow_style))
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _walk(value, (*path, str(key.value)), in_brackets or bool(node.flow_style))


def _as_scalar(words: str) -> str:
    return as_yaml({"key": words}).removeprefix("key: ").rstrip("\n")
