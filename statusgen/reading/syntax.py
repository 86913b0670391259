"""Why a YAML text cannot be read, in words for whoever wrote it.

The two loaders of PyYAML word their messages differently and point at where they gave up, which is often below
the slip. So their messages are only searched for a few words, and the lines themselves for what people do.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml

from statusgen.reading.values import quoted

_HARD_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_MISLEADING = re.compile(rf"^[ \t]*[{_HARD_SPACES}]|^[ -]*[\w-]+:[{_HARD_SPACES}]|\d-\d\d?[{_HARD_SPACES}]\d")
HARD_SPACE = re.compile(f"[{_HARD_SPACES}]")
HARD = (
    "A space here is not a plain one, though it looks the same.",
    "Delete the spaces here, and type them again.",
)
_LOST = re.compile(r"[ \t]+(#[^\s#].*)")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_CURLY = re.compile("(?:^|:|[ \t\\[{,-])[ \t]*[\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u2039]")
_QUESTION = re.compile(r":[ \t]+\?[ \t]")
_NO_SPACE = re.compile(r"[ -]*[\w-]+:[^\s:/]")
_ONE_KEY = re.compile(r"[ -]*[\w-]+:(?:\s(?!.*:\s).*)?$")


@dataclass(frozen=True)
class Slip:
    """What is wrong with a line, and what to write instead. `line` counts from 0."""

    line: int
    what: str
    hint: str


def hard_spaces(text: str) -> Iterator[Slip]:
    """Lines with a space that YAML takes for a letter; people copy them from web pages and word processors."""
    for number, line in enumerate(text.split("\n")):
        if _MISLEADING.search(line):
            yield Slip(number, *HARD)


def lost(line: str, column: int) -> str | None:
    """What YAML leaves out of a line from `column` on, though it is no remark by the looks of it: "Call #311"."""
    found = _LOST.match(line, column)
    return found[1] if found else None


def hash_slip(number: int, words: str) -> Slip:
    """The mistake that `lost` finds."""
    hint = "Put quotes around the whole text; or write a space after the # if it is a remark."
    return Slip(number, f"YAML leaves out what follows a #, here {quoted(words[:30])}.", hint)


def explain(text: str, error: yaml.MarkedYAMLError) -> Slip:
    """The likeliest reason why `text` cannot be read."""
    fault = _Fault(text, error)
    for look in _LOOKS:
        for slip in look(fault):
            return slip
    hint = "Look for a missing quote, bracket or space after a colon, here or just above."
    return Slip(fault.number, "The YAML cannot be read here.", hint)


class _Fault:
    """Where the parser gave up, and what it said."""

    def __init__(self, text: str, error: yaml.MarkedYAMLError) -> None:
        self.lines = text.split("\n")
        mark = error.problem_mark or error.context_mark
        self.number = min(mark.line, len(self.lines) - 1) if mark else 0
        self.column = mark.column if mark and mark.line == self.number else len(self.lines[self.number])
        self.begun = min(error.context_mark.line, self.number) if error.context_mark else self.number
        self.says = f"{error.context} {error.problem}"
        self.line = self.lines[self.number]
        written = (n for n in range(self.number - 1, -1, -1) if self.lines[n].strip())
        self.above = next(written, self.number)

    @property
    def char(self) -> str:
        """The character at which the parser gave up."""
        return self.line[self.column : self.column + 1]

    @property
    def before(self) -> str:
        """What stands before it on its line."""
        return self.line[: self.column].strip()


def _tab(fault: _Fault) -> Iterator[Slip]:
    if "\t" in fault.line[: len(fault.line) - len(fault.line.lstrip())]:
        yield Slip(fault.number, "This line begins with a tab.", "Use spaces.")


def _curly_quotes(fault: _Fault) -> Iterator[Slip]:
    for number in range(fault.begun, fault.number + 1):
        if _CURLY.search(_QUOTED.sub("", fault.lines[number])):
            what = "The quotes here are not plain ones, though they look alike."
            yield Slip(number, what, "Type them again, as \" or as '.")


def _hash(fault: _Fault) -> Iterator[Slip]:
    for number in range(fault.begun, fault.number + 1):
        found = _LOST.search(_QUOTED.sub("", fault.lines[number]))
        if found and "while parsing a flow" in fault.says:
            yield hash_slip(number, found[1])


def _open_quote(fault: _Fault) -> Iterator[Slip]:
    if "while scanning a quoted scalar" in fault.says:
        yield Slip(fault.begun, "The quote that opens here has no end.", "Write another at the end of the text.")


def _brackets(fault: _Fault) -> Iterator[Slip]:
    if "while parsing a flow" not in fault.says:
        return
    if fault.begun == fault.number and fault.char:
        hint = "Put a comma between two entries, and quotes around a text that has a comma, colon or bracket in it."
        yield Slip(fault.begun, "The entries in these brackets cannot be told apart.", hint)
    else:
        end = "]" if "sequence" in fault.says else "}"
        yield Slip(fault.begun, "The bracket that opens here has no end.", f"Write {end} at its end.")


def _colon(fault: _Fault) -> Iterator[Slip]:
    unexpected = "mapping values are not allowed" in fault.says
    if re.match(r"[ -]*:\s", fault.line):
        yield Slip(fault.number, "This line has no key.", "Write it like key: value.")
    if not unexpected and "could not find expected ':'" not in fault.says:
        return
    number = fault.number if unexpected else fault.begun
    for suspect in dict.fromkeys((number, fault.above)):
        if _NO_SPACE.match(fault.lines[suspect]):
            yield Slip(suspect, "A space is missing after the colon.", "Write it like key: value.")
    if not unexpected:
        hint = "Write it like key: value; or, where it goes on with the text above, put that text into quotes."
        yield Slip(number, "This line has no key.", hint)
    elif _ONE_KEY.match(fault.line):
        what = "This line does not fit the one above."
        yield Slip(number, what, "Keys that belong together begin straight below each other, like key: value.")
    else:
        yield Slip(number, "The YAML cannot be read here.", 'A text with a colon in it needs quotes: "like: this".')


def _sign(fault: _Fault) -> Iterator[Slip]:
    if _QUESTION.search(fault.line):
        yield Slip(fault.number, "The YAML cannot be read here.", "A text that begins with ? needs quotes.")
    scanning = re.search("scanning an? (alias|anchor|block scalar)|cannot start any token", fault.says)
    sign = fault.char if scanning and not scanning[1] else fault.before[-1:]
    if scanning and sign and sign in "@`%*&>|":
        yield Slip(fault.number, "The YAML cannot be read here.", f"A text that begins with {sign} needs quotes.")
    elif scanning and "*" in fault.before:
        yield Slip(fault.number, "The YAML cannot be read here.", "A text that begins with * needs quotes.")


def _backslash(fault: _Fault) -> Iterator[Slip]:
    if "escape" in fault.says:
        what = "A backslash within double quotes has a meaning of its own."
        yield Slip(fault.number, what, "Use single quotes around the text.")


def _text_after(fault: _Fault) -> Iterator[Slip]:
    last = fault.before[-1:]
    if last == '"':
        what = "The text goes on after its closing quote."
        yield Slip(fault.number, what, "Put single quotes around the whole text.")
    elif last == "'":
        what = "The text goes on after its closing quote."
        yield Slip(fault.number, what, "Put double quotes around the whole text.")
    elif last and last in "]}":
        hint = "Put quotes around a text that begins with a bracket."
        yield Slip(fault.number, "The text goes on after its closing bracket.", hint)


def _indentation(fault: _Fault) -> Iterator[Slip]:
    if "did not find expected" in fault.says or "expected <block end>" in fault.says:
        what = "This line begins further left or right than those it belongs to."
        yield Slip(fault.number, what, "Keys, or dashes, that belong together begin straight below each other.")


_LOOKS: tuple[Callable[[_Fault], Iterator[Slip]], ...] = (
    _tab,
    _curly_quotes,
    _hash,
    _open_quote,
    _brackets,
    _colon,
    _sign,
    _backslash,
    _text_after,
    _indentation,
)
