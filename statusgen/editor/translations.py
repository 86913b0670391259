"""A translation, laid out: what is missing in it is put there as blanks that quote the original.

What somebody has written stays as it is, byte for byte; new lines go where they belong in it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TypeAlias

import yaml

from statusgen.content.format.fields import Names
from statusgen.content.format.shapes import FactsShape, PostShape
from statusgen.content.format.validation import Shape, validate_document
from statusgen.content.format.values import TIME_PATTERN, parse_time
from statusgen.content.posts.blanks import BLANK
from statusgen.content.posts.split import RawPost, RawUpdate, Section, split_post
from statusgen.content.posts.update_ids import make_update_id
from statusgen.content.yaml.documents import read_yaml
from statusgen.editor.blanks import change_words
from statusgen.editor.fact_values import FactValue
from statusgen.editor.yaml_text import as_yaml
from statusgen.model.words import Words
from statusgen.problems import ContentError, InvalidValue


@dataclass(frozen=True)
class ById:
    """The step into a list to the entry that has this id."""

    id: str


Step: TypeAlias = str | int | ById
"""A step from facts to words in them: a key, a place in a list, or an entry by its id."""

_EMPTY = "---\n---\n"
_LINE_END = re.compile(rb"\r\n|\n|\r")
# What stands before the words of a line: the sign of a list, of a heading or of a quotation.
_SIGN = re.compile(r"(?P<sign>\s*(?:[-*+>]|#{1,6}|\d{1,9}[.)])\s+)(?P<words>.*)")
# These are the same in every language.
_SAME = ("address", "automatic")
# What a correction quotes is shown as its own update has it; lists and advice keep the translation they had before.
_QUOTES = (("wrong",), ("right",), ("rename",))


@dataclass(frozen=True)
class LaidOut:
    """A translation with blanks for what was missing, and which words have to be put in by hand."""

    text: str
    by_hand: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Part:
    """One update of the original: its id (None for the first), the time in its heading, its facts and its text."""

    id: str | None
    time: str
    facts: Shape
    text: str


def lay_out_translation(
    original: str, translation: str, language: str, names: Names, file: str = "translation"
) -> LaidOut:
    """Return a translation with everything that it lacks; "" for a new one.

    Raises ContentError if it cannot be taken apart; `file` is its name then.
    """
    _split(translation or _EMPTY, file)
    layout = _Layout(translation or _EMPTY, language, names)
    for part in _read_parts(original, names):
        layout.add(part)
    return LaidOut(layout.text, tuple(layout.by_hand))


def mark_translator(translation: str, translated_by: str) -> str:
    """Return a translation that says who made it, `human` or `machine`; nothing said means a human."""
    raw, lines = _split(translation), translation.split("\n")
    first = raw.front_matter.line - 1
    found = [number for number in range(first, raw.text.line - 2) if lines[number].startswith("translated:")]
    for number in reversed(found):
        del lines[number]
    if translated_by == "machine":
        # Below the title, if it is on one line, as people write it.
        below = first + (lines[first].startswith("title:") and not lines[first + 1].startswith(" "))
        lines.insert(below, "translated: machine")
    return "\n".join(lines)


def merge_lines(old: bytes, text: str) -> bytes:
    """Return a file as `text` has it, in which each line that was there keeps its bytes and its line end."""
    rows, ends = _LINE_END.split(old), [*_LINE_END.findall(old), b""]
    newline = ends[0] or b"\n"
    before = [row.decode("utf-8-sig" if number == 0 else "utf-8") for number, row in enumerate(rows)]
    after = text.split("\n")
    found: list[tuple[bytes, bytes]] = []
    # The last "line" of each is what follows the last line end.
    for kind, a, b, c, d in SequenceMatcher(None, before[:-1], after[:-1], autojunk=False).get_opcodes():
        if kind == "equal":
            found += zip(rows[a:b], ends[a:b], strict=True)
        else:
            found += [(line.encode(), newline) for line in after[c:d]]
    last = rows[-1] if after[-1] == before[-1] else after[-1].encode()
    return b"".join(row + end for row, end in found) + last


def _read_parts(original: str, names: Names) -> Iterator[_Part]:
    raw = _split(original)
    for id, update in _updates_by_id(raw, names):
        shape = PostShape if id is None else FactsShape
        document, _ = read_yaml(update.facts.content, "", update.facts.line)
        facts, _ = validate_document(shape, document, names)
        time = TIME_PATTERN.match(update.heading.content)
        if facts:
            yield _Part(id, time[0].rstrip() if time else "", facts, update.text.content.strip("\n"))


def _split(text: str, file: str = "") -> RawPost:
    raw, problems = split_post(text, file)
    if raw is None:
        raise ContentError(problems)
    return raw


def _updates_by_id(raw: RawPost, names: Names) -> Iterator[tuple[str | None, RawUpdate]]:
    """Yield the updates with their ids, the first one under None; those whose heading is no time are left out."""
    yield None, RawUpdate(Section("", 0), raw.front_matter, raw.text)
    for update in raw.updates:
        found = TIME_PATTERN.match(update.heading.content)
        try:
            if found:
                yield make_update_id(parse_time(found[0], names.zone), names.zone), update
        except InvalidValue:
            continue


@dataclass
class _Layout:
    """A translation that is being completed; `known` are translations of words, which hold when they are said again."""

    text: str
    language: str
    names: Names
    known: dict[str, str] = field(default_factory=dict)
    by_hand: list[str] = field(default_factory=list)
    _last: str | None = None

    def add(self, part: _Part) -> None:
        """Add what is missing of an update."""
        found = dict(_updates_by_id(_split(self.text), self.names)).get(part.id)
        before = found.facts.content if found else ""
        facts = self._add_words(before, part)
        lacks_text = bool(part.text.strip()) and not (found and found.text.content.strip())
        text = blank_text(part.text).split("\n") if lacks_text else []
        if found:
            self._put_text(found, text)
            self._put_facts(found, facts if facts != before else None)
        elif facts or text:
            self._put_update([f"## {part.time}", *facts.splitlines(), *(["", *text] if text else [])])
        for path, words in find_words(part.facts):
            if (value := _find_text(facts, path)) and not BLANK.search(value):
                self.known.setdefault(words.texts[0][1], value)
        self._last = part.id if found or facts or text else self._last

    def _add_words(self, facts: str, part: _Part) -> str:
        """Return facts with the words that are missing in them."""
        for path, words in self._missing_words(facts, part.facts):
            original = words.texts[0][1]
            translated = dict(words.texts).get(self.language) or self.known.get(original) or make_blank(original)
            try:
                facts = insert_words(facts, path, translated)
            except InvalidValue:
                keys = "/".join(str(step.id if isinstance(step, ById) else step) for step in path)
                self.by_hand.append(f"{part.time or 'the first update'}, {keys}: {original}")
        return facts

    def _missing_words(self, facts: str, shape: Shape) -> list[tuple[tuple[Step, ...], Words]]:
        """Return words of the original that a translation of them lacks; a list is translated as a whole."""
        leaves = list(find_words(shape))
        new = {path[:-1] for path, words in leaves if self._is_new(path, words)}
        return [
            (path, words)
            for path, words in leaves
            if not _has(facts, path) and (path[:-1] in new if isinstance(path[-1], int) else self._is_new(path, words))
        ]

    def _is_new(self, path: tuple[Step, ...], words: Words) -> bool:
        original = words.texts[0][1]
        has_letters = any(char.isalpha() for char in original) and original.strip(" .").casefold() not in _SAME
        is_known = original in self.known and path not in _QUOTES
        return has_letters and self.language not in dict(words.texts) and not is_known

    def _put_text(self, found: RawUpdate, text: list[str]) -> None:
        """Put a text below the facts of an update that has none."""
        if text:
            lines = self.text.split("\n")
            place = found.text.line - 1
            gap = [""] if found.heading.line else []
            after = [""] if place < len(lines) and lines[place].strip() else []
            lines[place:place] = [*gap, *text, *after]
            self.text = "\n".join(lines)

    def _put_facts(self, found: RawUpdate, facts: str | None) -> None:
        """Put facts in place of those of an update, which are the same with less in them."""
        if facts is None:
            return
        lines, first = self.text.split("\n"), found.facts.line - 1
        last = first + (found.facts.content.count("\n") + 1 if found.facts.content else 0)
        # Without an empty line, the text would be taken for facts.
        is_text_below = bool(found.heading.line) and last < len(lines) and bool(lines[last].strip())
        lines[first:last] = [*facts.split("\n"), *([""] if is_text_below else [])]
        self.text = "\n".join(lines)

    def _put_update(self, block: list[str]) -> None:
        """Put an update after the one that is before it in the original."""
        updates = [id for id, _ in _updates_by_id(_split(self.text), self.names)]
        headings = [update.heading.line for update in _split(self.text).updates]
        number = updates.index(self._last) if self._last in updates else 0
        lines = self.text.split("\n")
        if number < len(headings):
            place = headings[number] - 1
            lines[place:place] = [*block, ""]
        else:
            while lines and not lines[-1].strip():
                lines.pop()
            lines += ["", *block, ""]
        self.text = "\n".join(lines)


def find_words(value: object, path: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], Words]]:
    """Yield the words within facts, and what leads to them; words alone under a key that could have more are there."""
    if isinstance(value, Words):
        yield path, value
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from find_words(entry, (*path, key))
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            id = getattr(entry, "id", None) or getattr(getattr(entry, "kind", None), "value", None)
            yield from find_words(entry, (*path, ById(str(id)) if isinstance(entry, Shape) else index))
    elif isinstance(value, Shape):
        names = {name: info.alias or name for name, info in type(value).model_fields.items() if name not in _SAME}
        found = [each for name, key in names.items() for each in find_words(getattr(value, name), (*path, key))]
        is_words_alone = [each_path for each_path, _ in found] == [(*path, "words")]
        yield from [(path, found[0][1])] if is_words_alone else found


def make_blank(original: str) -> str:
    """Return a blank that quotes the original."""
    blank = f"[[{original}]]"
    return blank if BLANK.fullmatch(blank) else f"[[{original.replace('[', '(').replace(']', ')')}]]"


def blank_text(text: str) -> str:
    """Return a text with a blank for each of its paragraphs, entries and headings, which quotes it."""
    found: list[str] = []
    sign, words = "", ""

    def close() -> None:
        nonlocal sign, words
        if words or sign:
            found.append(sign + (make_blank(words) if any(map(str.isalpha, words)) else words))
        sign, words = "", ""

    for line in text.split("\n"):
        signed = _SIGN.fullmatch(line)
        if signed or not line.strip():
            close()
        if not line.strip():
            found.append("")
            continue
        sign = signed["sign"] if signed else sign
        words = f"{words} {(signed['words'] if signed else line).strip()}".strip()
    close()
    return "\n".join(found)


def blank_translation(translation: str) -> str:
    """Return a translation with a blank for each of its words, which quotes it; blanks that are there stay."""

    def blank_fact(words: str) -> str:
        return words if BLANK.search(words) else make_blank(words)

    return change_words(translation, blank_fact, lambda text: text if BLANK.search(text) else blank_text(text))


def insert_words(facts: str, path: tuple[Step, ...], words: str) -> str:
    """Return facts with words where `path` leads, and all else as it was.

    Raises InvalidValue if something else is in the way.
    """
    root = yaml.compose(facts, Loader=yaml.SafeLoader)
    if root is None:
        below = f"{facts.rstrip()}\n" if facts.strip() else ""
        return f"{below}{_as_block(_nest(path, words))}".rstrip("\n")
    node, rest = _descend(root, path)
    if not rest:
        raise InvalidValue("These words are there already.")
    if isinstance(node, yaml.ScalarNode):
        return _open_scalar(facts, node, rest, words)
    assert isinstance(node, yaml.CollectionNode)
    nested = _nest(rest, words)
    if node.flow_style:
        end = node.end_mark.index - 1
        inner = json.dumps(nested, ensure_ascii=False)[1:-1]
        return f"{facts[:end].rstrip()}{', ' if node.value else ''}{inner}{facts[end:]}"
    lines, last = facts.split("\n"), _last_line(node) + 1
    lines[last:last] = [" " * node.start_mark.column + line for line in _as_block(nested).splitlines()]
    return "\n".join(lines)


def _open_scalar(facts: str, node: yaml.ScalarNode, rest: tuple[Step, ...], words: str) -> str:
    """Return facts in which words alone, like `do: Wait.`, are written out to make room for what goes with them."""
    start, end = node.start_mark.index, node.end_mark.index
    begin = facts.rfind("\n", 0, start) + 1
    line = facts[begin : end if facts.find("\n", end) < 0 else facts.find("\n", end)]
    if rest not in (("short",), ("basis",)) or "\n" in facts[start:end] or re.match(r"[^'\"#]*[\[{]", line):
        raise InvalidValue("There is no place for these words.")
    pad = "\n" + " " * (len(line) - len(line.lstrip()) + 2)
    return f"{facts[:start].rstrip(' ')}{pad}words: {facts[start:end]}{pad}{rest[0]}: {_as_scalar(words)}{facts[end:]}"


def _descend(node: yaml.Node, path: tuple[Step, ...]) -> tuple[yaml.Node, tuple[Step, ...]]:
    """Return the innermost value on a path that is there, and the rest of the path."""
    for number, step in enumerate(path):
        below = _child(node, step)
        if below is None:
            # Words alone are what their written-out form has under "words".
            is_there = isinstance(node, yaml.ScalarNode) and path[number:] == ("words",)
            return node, () if is_there else path[number:]
        node = below
    return node, ()


def _child(node: yaml.Node, step: Step) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode) and isinstance(step, str):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if step < len(node.value) else None
    if isinstance(node, yaml.SequenceNode) and isinstance(step, ById):
        return next((entry for entry in node.value if getattr(_child(entry, "id"), "value", None) == step.id), None)
    return None


def _last_line(node: yaml.Node) -> int:
    """Return the last line of a value; that of YAML's own mark is after the empty lines and comments below it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    line: int = node.end_mark.line
    is_block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
    return line - 1 if is_block and node.end_mark.column == 0 else line


def _has(facts: str, path: tuple[Step, ...]) -> bool:
    root = _compose(facts)
    return root is not None and not _descend(root, path)[1]


def _find_text(facts: str, path: tuple[Step, ...]) -> str | None:
    root = _compose(facts)
    node, rest = _descend(root, path) if root is not None else (None, path)
    return node.value if isinstance(node, yaml.ScalarNode) and not rest else None


def _compose(facts: str) -> yaml.Node | None:
    try:
        return yaml.compose(facts, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return None


def _nest(path: tuple[Step, ...], words: str) -> FactValue:
    """Return words under the keys of a path."""
    if not path:
        return words
    inner = _nest(path[1:], words)
    if isinstance(path[0], str):
        return {path[0]: inner}
    if isinstance(path[0], ById) and isinstance(inner, Mapping):
        return [{"id": path[0].id, **inner}]
    return [inner]


def _as_block(value: FactValue) -> str:
    """Return YAML of keys or of a list, each on lines of its own."""
    if isinstance(value, Mapping):
        return as_yaml(value)
    rows = as_yaml({"list": value}).splitlines()[1:]
    return "".join(f"{row[2:]}\n" for row in rows)


def _as_scalar(words: str) -> str:
    return as_yaml({"key": words}).removeprefix("key: ").rstrip("\n")
