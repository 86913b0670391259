"""YAML with the line of every key, read with the bounds and the strictness that strangers' files need.

The scalars are YAML 1.2's, and fewer still: a plain `true`, `false` or `null` has its meaning and all else is
text, so that `no` stays a word, `12:30` a time and `0816` the number of a house. Keys that stand twice, aliases
that grow without end, and nesting without end are refused before they can do harm. So are characters that nobody
sees: they hide what a text says, and XML cannot carry them.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import yaml

from statusgen.errors import Place, Problem
from statusgen.reading.syntax import Slip, explain, hard_spaces, hash_slip, lost
from statusgen.reading.values import quoted

MAX_DEPTH = 20
MAX_NODES = 50_000
MAX_BYTES = 2_000_000

# Without libyaml's headers PyYAML is built without its C loader; the Python one gives the same events, slower.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Besides C0 and C1: the marks that reorder text (Unicode TR 36, "bidirectional text spoofing"), line ends that no
# editor shows as such, and what is no character at all (XML 1.0, section 2.2).
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    # Tags, with which a text speaks to machines alone; the flags of England, Scotland and Wales are made of them.
    + "]|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]"
)
# What is left of letters that were saved as UTF-8 and read as Windows-1252: "donâ€™t", "lÃ­nea".
_TWICE_ENCODED = re.compile(
    "\u00e2\u20ac[\u2122\u02dc\u0153\u201c\u201d\u00a6\u00a2\u009d]|\u00c3[\u00a0-\u00bf]|\u00c2[\u00a0\u00a1\u00b0\u00ba\u00bf]"
)
# Tabs, ends of lines, and what one can see of ASCII.
_PLAIN = bytes([0x09, 0x0A, 0x0D, *range(0x20, 0x7F)])
_CONFLICT = re.compile(r"^(?P<sign><|\||>)(?P=sign){6}(?: .*)?$", re.MULTILINE)
# A file full of them is no text; nobody mends it line by line.
_MOST_UNSEEN = 20

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
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        what = "This file is in UTF-16 or UTF-32, not in UTF-8."
        return "", [Problem(Place(file), what, "Save it as text, with the encoding UTF-8.")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return "", [Problem(Place(file, line), "This line is not in UTF-8.", "Save the file with the encoding UTF-8.")]
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if "\0" in text:
        return "", [Problem(Place(file), "This file is not plain text.", "Save it as text, with the encoding UTF-8.")]
    # Most texts are ASCII, in which there is nothing to be found.
    looks = (_conflicts, _unreadable) if content.translate(None, _PLAIN) else (_conflicts,)
    found = ((each.start(), wrong) for look in looks for each, wrong in look(text))
    problems = [
        Problem(Place(file, text.count("\n", 0, start) + 1), *wrong) for start, wrong in islice(found, _MOST_UNSEEN)
    ]
    return ("" if problems else text), problems


def _conflicts(text: str) -> Iterator[tuple[re.Match[str], tuple[str, str]]]:
    """Where git could not tell which of two versions to keep; each conflict once, at its beginning."""
    what = "Git has left two versions of these lines here."
    hint = "Keep what is right, and delete the lines that begin with <<<<<<<, |||||||, ======= and >>>>>>>."
    inside = False
    for found in _CONFLICT.finditer(text):
        if not inside:
            yield found, (what, hint)
        inside = found["sign"] != ">"


def _unreadable(text: str) -> Iterator[tuple[re.Match[str], tuple[str, str]]]:
    for found in UNSEEN.finditer(text):
        yield found, _unseen(found)
    for found in _TWICE_ENCODED.finditer(text):
        what = f"A letter was saved in the wrong encoding here, as {quoted(found[0])}, {_where(found)}."
        yield found, (what, "Type it again, and save the file with the encoding UTF-8.")


def _unseen(found: re.Match[str]) -> tuple[str, str]:
    """What is wrong with a character that nobody sees, and how to find it."""
    if found[0] == "\N{REPLACEMENT CHARACTER}":
        what = f"A letter was lost here when the file was saved, {_where(found)}."
        return what, "Type it again, and save the file with the encoding UTF-8."
    what = f"There is an invisible character here (U+{ord(found[0]):04X}), {_where(found)}."
    return what, "Delete it, or type the line again."


def _where(found: re.Match[str]) -> str:
    begin = found.string.rfind("\n", 0, found.start()) + 1
    before = found.string[max(begin, found.start() - 100) : found.start()].split()
    return f"after {quoted(before[-1][-30:])}" if before else "at the beginning of the line"


def read_yaml(text: str, file: str, first_line: int = 1) -> tuple[Document, list[Problem]]:
    """Read one YAML document that begins at `first_line` of `file`; an empty one has the value None."""
    document = Document(file, lines={(): first_line})

    def problem(slip: Slip) -> Problem:
        return Problem(Place(file, first_line + slip.line), slip.what, slip.hint)

    if spaces := [problem(slip) for slip in islice(hard_spaces(text), _MOST_UNSEEN)]:
        return Document(file), spaces
    builder = _Builder(document, first_line, text)
    try:
        builder.build()
    except _Refused as refused:
        return Document(file), [Problem(Place(file, refused.line), refused.what, refused.hint)]
    except yaml.MarkedYAMLError as error:
        return Document(file), [problem(explain(text, error))]
    except yaml.YAMLError:
        what = "The YAML here cannot be read."
        return Document(file), [Problem(Place(file, first_line), what, "Save the file as plain text in UTF-8.")]
    return document, builder.problems + [problem(slip) for slip in builder.slips]


class _Builder:
    """Turns the parser's events into values, counting as it goes."""

    def __init__(self, document: Document, first_line: int, text: str) -> None:
        self.document, self.first_line, self.text = document, first_line, text
        self.rows = text.split("\n")
        self.problems: list[Problem] = []
        self.slips: list[Slip] = []
        self.anchors: dict[str, Any] = {}
        self.unused: dict[str, int] = {}
        self.nodes = 0

    def build(self) -> None:
        self.events = iter(yaml.parse(self.text, Loader=_Loader))
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
        for name, line in self.unused.items():
            what = f"YAML leaves out {quoted('&' + name)} here, and nothing else speaks of it."
            hint = "A text that begins with & needs quotes."
            self.problems.append(Problem(Place(self.document.file, line), what, hint))

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
            raise self.refused(event, "A text cannot begin with ! like that.", "Put quotes around it.")
        value = self.value(event, path, depth)
        if event.anchor:
            self.anchors[event.anchor] = value
            self.unused[event.anchor] = self.line(event)
        return value

    def alias(self, event: Any) -> Any:
        if event.anchor not in self.anchors:
            hint = "A text that begins with * needs quotes."
            raise self.refused(event, f'Nothing above is marked "&{event.anchor}".', hint)
        value = self.anchors[event.anchor]
        self.unused.pop(event.anchor, None)
        self.count(event, _size(value))
        return value

    def count(self, event: yaml.Event, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise self.refused(event, "This file holds too much by here.", "Write fewer entries or aliases.")

    def value(self, event: Any, path: Path, depth: int) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path, depth)
        return self.mapping(path, depth)

    def scalar(self, event: Any) -> Any:
        self.visible(event)
        if event.style or not event.implicit[0]:
            return event.value
        row = self.rows[event.end_mark.line : event.end_mark.line + 1]
        words = lost(row[0], event.end_mark.column) if row else None
        if words:
            self.slips.append(hash_slip(event.end_mark.line, words))
            return f"{event.value} {words}".strip()
        return PLAIN_VALUES.get(event.value, event.value)

    def visible(self, event: Any) -> None:
        """Refuse what `decode` refuses, where it was written as an escape."""
        if found := UNSEEN.search(event.value):
            raise self.refused(event, f"There is an invisible character here (U+{ord(found[0]):04X}).", "Delete it.")

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
                hint = "Put quotes around it, or around the whole text if it begins with a bracket."
                raise self.refused(event, "A key must be a plain word.", hint)
            self.visible(event)
            key, here = event.value, (*path, event.value)
            twice = key in values
            line = self.line(event)
            if twice:
                what = f"{quoted(key)} stands here twice, first on line {self.document.lines[here]}."
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
