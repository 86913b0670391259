"""YAML with the line of every key, read with the bounds and the strictness that strangers' files need.

The scalars are YAML 1.2's, and fewer still: a plain `true`, `false` or `null` has its meaning and all else is
text, so that `no` stays a word, `12:30` a time and `0816` the number of a house. Keys that stand twice, aliases
that grow without end, and nesting without end are refused before they can do harm.
"""

from dataclasses import dataclass, field
from typing import Any

import yaml

from statusgen.errors import Place, Problem

MAX_DEPTH = 20
MAX_NODES = 50_000
MAX_BYTES = 2_000_000

# Without libyaml's headers PyYAML is built without its C loader; the Python one gives the same events, slower.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

PLAIN_VALUES = {"true": True, "false": False, "null": None, "~": None, "": None}

Path = tuple[str | int, ...]


@dataclass
class Document:
    """What a YAML text holds, and where. `lines` has, for each path of keys and indices, its line in the file."""

    file: str
    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        """Where `path` stands, or else the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return Place(self.file, self.lines.get(path, 1))


class _Refused(Exception):
    def __init__(self, line: int, what: str, hint: str) -> None:
        self.line, self.what, self.hint = line, what, hint


def decode(content: bytes, file: str) -> tuple[str, list[Problem]]:
    """The text of a file in UTF-8, with or without byte-order mark and with any line endings as one newline."""
    if len(content) > MAX_BYTES:
        what = f"This file is larger than {MAX_BYTES // 1_000_000} MB."
        return "", [Problem(Place(file), what, "Split it, or move pictures out of it.")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        what = "This line is not in UTF-8."
        return "", [Problem(Place(file, line), what, "Save the file with the encoding UTF-8.")]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    problems = [
        Problem(Place(file, number), f"There is a control character (U+{ord(char):04X}) here.", "Delete it.")
        for number, line in enumerate(text.split("\n"), 1)
        for char in sorted(set(line))
        if _is_control(char)
    ]
    return ("" if problems else text), problems


def _is_control(char: str) -> bool:
    # Besides C0 and C1, the marks that reorder text (Unicode TR 36, "bidirectional text spoofing").
    code = ord(char)
    return (code < 0x20 and char != "\t") or 0x7F <= code < 0xA0 or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069


def read_yaml(text: str, file: str, first_line: int = 1) -> tuple[Document, list[Problem]]:
    """Read one YAML document that begins at `first_line` of `file`; an empty one has the value None."""
    document = Document(file, lines={(): first_line})
    builder = _Builder(document, first_line)
    try:
        builder.build(text)
    except _Refused as refused:
        return Document(file), [Problem(Place(file, refused.line), refused.what, refused.hint)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        number = mark.line if mark else 0
        return Document(file), [_syntax_problem(text, number, Place(file, first_line + number), error)]
    except yaml.YAMLError:
        what = "The YAML here cannot be read."
        return Document(file), [Problem(Place(file, first_line), what, "Save the file as plain text in UTF-8.")]
    return document, builder.problems


def _syntax_problem(text: str, number: int, place: Place, error: yaml.MarkedYAMLError) -> Problem:
    # The two loaders of PyYAML word their messages differently, so only their sense is used.
    lines = text.split("\n")
    line = lines[number] if number < len(lines) else ""
    what = "The YAML cannot be read here."
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return Problem(place, "This line begins with a tab.", "Use spaces.")
    if "mapping values are not allowed" in str(error.problem):
        return Problem(place, what, 'A text with a colon in it needs quotes: "like: this".')
    if line.strip()[:1] in "@`%":
        return Problem(place, what, f"A text that begins with {line.strip()[:1]} needs quotes.")
    return Problem(place, what, "Look for a missing quote, bracket or space after a colon, here or just above.")


class _Builder:
    """Turns the parser's events into values, counting as it goes."""

    def __init__(self, document: Document, first_line: int) -> None:
        self.document, self.first_line = document, first_line
        self.problems: list[Problem] = []
        self.anchors: dict[str, Any] = {}
        self.sizes: dict[int, int] = {}
        self.nodes = 0

    def build(self, text: str) -> None:
        self.events = iter(yaml.parse(text, Loader=_Loader))
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                break
        else:
            return
        self.document.value = self.node(next(self.events), (), 0)
        next(self.events)
        after = next(self.events)
        if isinstance(after, yaml.DocumentStartEvent):
            raise self.refused(after, "A second YAML document begins here.", "Keep one, and delete the line ---.")

    def line(self, event: yaml.Event) -> int:
        return self.first_line + (event.start_mark.line if event.start_mark else 0)

    def refused(self, event: yaml.Event, what: str, hint: str) -> _Refused:
        return _Refused(self.line(event), what, hint)

    def node(self, event: Any, path: Path, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise self.refused(event, f"This is nested more than {MAX_DEPTH} levels deep.", "Write it flatter.")
        self.count(event, 1)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event)
        if event.tag and event.tag != "!":
            raise self.refused(event, f'The tag "{event.tag}" has no meaning here.', "Delete it.")
        value = self.value(event, path, depth)
        if event.anchor:
            self.anchors[event.anchor] = value
        return value

    def alias(self, event: Any) -> Any:
        if event.anchor not in self.anchors:
            hint = f"Write &{event.anchor} where it is first used, or quote the text."
            raise self.refused(event, f'Nothing above is marked "&{event.anchor}".', hint)
        value = self.anchors[event.anchor]
        self.count(event, _size(value))
        return value

    def count(self, event: yaml.Event, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise self.refused(event, "This file holds too much by here.", "Write fewer entries or aliases.")

    def value(self, event: Any, path: Path, depth: int) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0] and not event.style
            return PLAIN_VALUES.get(event.value, event.value) if plain else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path, depth)
        return self.mapping(path, depth)

    def sequence(self, path: Path, depth: int) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            here = (*path, len(values))
            self.document.lines[here] = self.line(event)
            values.append(self.node(event, here, depth + 1))
        return values

    def mapping(self, path: Path, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self.refused(event, "A key must be a plain word.", "Put quotes around it.")
            key, here = event.value, (*path, event.value)
            twice = key in values
            line = self.line(event)
            if twice:
                what = f'"{key}" stands here twice, first on line {self.document.lines[here]}.'
                self.problems.append(Problem(Place(self.document.file, line), what, "Keep one of the two."))
            else:
                self.document.lines[here] = line
            value = self.node(next(self.events), here, depth + 1)
            if not twice:
                values[key] = value
        return values


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(_size(item) for item in value.values())
    if isinstance(value, list):
        return 1 + sum(_size(item) for item in value)
    return 1
