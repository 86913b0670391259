"""Reads YAML with the line of every key, as strictly and with as many limits as files from strangers need.

The scalars are those of YAML 1.2, and fewer: a plain `true`, `false` or `null` has its meaning and everything else
is text, so that `no` stays a word, `12:30` a time, and `0816` a house number. Duplicate keys, aliases that grow
without end, and nesting without end are refused before they can do harm. So are invisible characters: they hide
what a text says, and XML cannot carry them.
"""

from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

import yaml

from statusgen.content.yaml.syntax import (
    SyntaxMistake,
    explain_error,
    find_hard_spaces,
    find_lost_text,
    find_split_number,
    hash_mistake,
    split_mistake,
)
from statusgen.problems import Place, Problem
from statusgen.text import MAX_FINDINGS, find_invisible, quote_text

MAX_DEPTH = 20
MAX_NODES = 50_000

# PyYAML is built without its C loader where the headers of libyaml are missing. The Python loader gives the same
# events, only slower.
LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

YAML_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}

YamlValue: TypeAlias = "str | bool | list[YamlValue] | dict[str, YamlValue] | None"
KeyPath: TypeAlias = tuple[str | int, ...]


@dataclass
class Document:
    """What a YAML text contains, and where. `lines` maps each path of keys and indices to its line in the file."""

    file: str
    value: YamlValue = None
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def place(self, path: KeyPath) -> Place:
        """Return the place of `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return Place(self.file, self.lines.get(path, 1))


class _YamlRejection(Exception):
    """A mistake that ends reading."""

    def __init__(self, line: int, what: str, hint: str) -> None:
        self.line, self.what, self.hint = line, what, hint


def read_yaml(text: str, file: str, first_line: int = 1) -> tuple[Document, list[Problem]]:
    """Read one YAML document that begins at `first_line` of `file`; the value of an empty one is None."""
    document = Document(file, lines={(): first_line})

    def to_problem(mistake: SyntaxMistake) -> Problem:
        return Problem(Place(file, first_line + mistake.line), mistake.what, mistake.hint)

    if spaces := [to_problem(mistake) for mistake in islice(find_hard_spaces(text), MAX_FINDINGS)]:
        return Document(file), spaces
    builder = _Builder(document, first_line, text)
    try:
        builder.build()
    except _YamlRejection as rejection:
        return Document(file), [Problem(Place(file, rejection.line), rejection.what, rejection.hint)]
    except yaml.MarkedYAMLError as error:
        return Document(file), [to_problem(explain_error(text, error))]
    except yaml.YAMLError:
        what = "This YAML cannot be read."
        return Document(file), [Problem(Place(file, first_line), what, "Save the file as plain text in UTF-8.")]
    return document, builder.problems + [to_problem(mistake) for mistake in builder.mistakes]


class _Builder:
    """Turns the parser's events into values.

    It works on events, because the values that yaml.load returns have no lines, and because the limits must stop the
    reading before the memory is full.
    """

    def __init__(self, document: Document, first_line: int, text: str) -> None:
        self.document, self.first_line, self.text = document, first_line, text
        self.text_lines = text.split("\n")
        self.problems: list[Problem] = []
        self.mistakes: list[SyntaxMistake] = []
        self.anchors: dict[str, YamlValue] = {}
        self.unused_anchors: dict[str, int] = {}
        self.node_count = 0

    def build(self) -> None:
        """Read the whole text into the document; raises _YamlRejection."""
        self.events = iter(yaml.parse(self.text, Loader=LOADER))
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                break
        else:
            return
        self.document.value = self.read_node(next(self.events), (), 0)
        next(self.events)
        after = next(self.events)
        if isinstance(after, yaml.DocumentStartEvent):
            what = "A second YAML document begins here."
            raise self.rejection(after, what, "Keep only one, and delete the --- line.")
        # An anchor that nobody uses was most likely meant as text, of which YAML drops the first word.
        for name, line in self.unused_anchors.items():
            what = f"YAML ignores {quote_text('&' + name)} here, and nothing refers to it."
            hint = "Text that begins with & needs quotes."
            self.problems.append(Problem(Place(self.document.file, line), what, hint))

    def line_of(self, event: yaml.Event) -> int:
        """Return the line of the file on which an event begins."""
        return self.first_line + (event.start_mark.line if event.start_mark else 0)

    def rejection(self, event: yaml.Event, what: str, hint: str) -> _YamlRejection:
        """Return the exception for a mistake at an event."""
        return _YamlRejection(self.line_of(event), what, hint)

    def read_node(self, event: yaml.Event, path: KeyPath, depth: int) -> YamlValue:
        """Read the value that begins with `event`; it is at `path`, `depth` levels deep."""
        if depth > MAX_DEPTH:
            raise self.rejection(event, f"This is nested more than {MAX_DEPTH} levels deep.", "Use fewer levels.")
        self.count_nodes(event, 1)
        if isinstance(event, yaml.AliasEvent):
            return self.resolve_alias(event)
        assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)  # no other begins a node
        if event.tag and event.tag != "!":
            raise self.rejection(event, "Text cannot begin with ! unless it is in quotes.", "Put quotes around it.")
        value = self.read_value(event, path, depth)
        if event.anchor:
            self.anchors[event.anchor] = value
            self.unused_anchors[event.anchor] = self.line_of(event)
        return value

    def resolve_alias(self, event: yaml.AliasEvent) -> YamlValue:
        """Return the value that an alias such as `*name` stands for."""
        name = event.anchor or ""
        if name not in self.anchors:
            hint = "Text that begins with * needs quotes."
            raise self.rejection(event, f'"*{name}" refers to "&{name}", which is not defined above.', hint)
        value = self.anchors[name]
        self.unused_anchors.pop(name, None)
        # An alias costs no memory here, but code that reads the value walks through all of it each time.
        self.count_nodes(event, _count_values(value))
        return value

    def count_nodes(self, event: yaml.Event, nodes: int) -> None:
        """Count values, and stop if there are too many."""
        self.node_count += nodes
        if self.node_count > MAX_NODES:
            what = "This file is too large: the limit is reached on this line."
            raise self.rejection(event, what, "Use fewer entries or aliases.")

    def read_value(self, event: yaml.NodeEvent, path: KeyPath, depth: int) -> YamlValue:
        """Read a scalar, a sequence or a mapping."""
        if isinstance(event, yaml.ScalarEvent):
            return self.read_scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.read_sequence(path, depth)
        return self.read_mapping(path, depth)

    def read_scalar(self, event: yaml.ScalarEvent) -> YamlValue:
        """Read a text or a constant, with the words after it that YAML takes for a comment."""
        self.check_visible(event)
        if event.style or not event.implicit[0]:
            return event.value
        end = event.end_mark
        line = self.text_lines[end.line] if end and end.line < len(self.text_lines) else ""
        if end and (lost_text := find_lost_text(line, end.column)):
            self.mistakes.append(hash_mistake(end.line, lost_text))
            return f"{event.value} {lost_text}".strip()
        return YAML_CONSTANTS.get(event.value, event.value)

    def check_visible(self, event: yaml.ScalarEvent) -> None:
        """Reject characters that `decode_text` refuses, if they were written as escapes."""
        if found := next(find_invisible(event.value), None):
            raise self.rejection(event, f"There is an invisible character here (U+{ord(found[0]):04X}).", "Delete it.")

    def read_sequence(self, path: KeyPath, depth: int) -> list[YamlValue]:
        """Read the entries of a list."""
        values: list[YamlValue] = []
        before: yaml.Event | None = None
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            here = (*path, len(values))
            self.document.lines[here] = self.line_of(event)
            values.append(self.read_node(event, here, depth + 1))
            self.check_whole_number(before, event)
            before = event
        return values

    def check_whole_number(self, before: yaml.Event | None, event: yaml.Event) -> None:
        """Collect the mistake of a number such as 4,000 that YAML splits in two entries of a list."""
        plain = [each for each in (before, event) if isinstance(each, yaml.ScalarEvent) and not each.style]
        if len(plain) == 2 and (number := find_split_number(*plain)):
            self.mistakes.append(split_mistake(self.line_of(event) - self.first_line, number))

    def read_mapping(self, path: KeyPath, depth: int) -> dict[str, YamlValue]:
        """Read keys and their values; of a key that appears twice the first counts."""
        values: dict[str, YamlValue] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                hint = "Put quotes around it, or around the whole text if it begins with a bracket."
                raise self.rejection(event, "A key must be a plain word.", hint)
            self.check_visible(event)
            key, here = event.value, (*path, event.value)
            twice = key in values
            line = self.line_of(event)
            if twice:
                what = f"{quote_text(key)} appears twice here, first on line {self.document.lines[here]}."
                self.problems.append(Problem(Place(self.document.file, line), what, "Keep only one of them."))
            else:
                self.document.lines[here] = line
            value = self.read_node(next(self.events), here, depth + 1)
            if not twice:
                values[key] = value
        return values


def _count_values(value: YamlValue) -> int:
    if isinstance(value, dict):
        return 1 + sum(_count_values(item) for item in value.values())
    if isinstance(value, list):
        return 1 + sum(_count_values(item) for item in value)
    return 1
