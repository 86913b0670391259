"""Why a YAML text cannot be read, in words for whoever wrote it.

The two loaders of PyYAML word their messages differently and point at where they gave up, which is often below
the slip. So their messages are only searched for a few words, and the lines themselves for what people do.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml

from statusgen.text import HARD_SPACE_CHARS, HARD_SPACE_MISTAKE, quote_text

_MISLEADING_SPACE = re.compile(
    rf"^[ \t]*[{HARD_SPACE_CHARS}]|^[ -]*[\w-]+:[{HARD_SPACE_CHARS}]|\d-\d\d?[{HARD_SPACE_CHARS}]\d"
)
_LOST_TEXT = re.compile(r"[ \t]+(#[^\s#].*)")
_QUOTED_TEXT = re.compile(r"\"[^\"]*\"|'[^']*'")
_CURLY_QUOTE = re.compile("(?:^|:|[ \t\\[{,-])[ \t]*[\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u2039]")
_QUESTION_MARK = re.compile(r":[ \t]+\?[ \t]")
_MISSING_SPACE = re.compile(r"[ -]*[\w-]+:[^\s:/]")
_SINGLE_KEY = re.compile(r"[ -]*[\w-]+:(?:\s(?!.*:\s).*)?$")


@dataclass(frozen=True)
class SyntaxMistake:
    """What is wrong with a line, and what to write instead. `line` counts from 0."""

    line: int
    what: str
    hint: str


def find_hard_spaces(text: str) -> Iterator[SyntaxMistake]:
    """Lines with a space that YAML takes for a letter; people copy them from web pages and word processors."""
    for number, line in enumerate(text.split("\n")):
        if _MISLEADING_SPACE.search(line):
            yield SyntaxMistake(number, *HARD_SPACE_MISTAKE)


def find_lost_text(line: str, column: int) -> str | None:
    """What YAML leaves out of a line from `column` on, though it is no remark by the looks of it: "Call #311"."""
    found = _LOST_TEXT.match(line, column)
    return found[1] if found else None


def hash_mistake(number: int, lost_text: str) -> SyntaxMistake:
    """The mistake that `lost` finds."""
    hint = "Put quotes around the whole text, or a space after the # if it is a comment."
    return SyntaxMistake(number, f"YAML ignores everything after a #, here {quote_text(lost_text[:30])}.", hint)


def explain_error(text: str, error: yaml.MarkedYAMLError) -> SyntaxMistake:
    """The likeliest reason why `text` cannot be read."""
    fault = _ParserFailure(text, error)
    for look in _EXPLANATIONS:
        for slip in look(fault):
            return slip
    hint = "Look for a missing quotation mark, bracket, or space after a colon, on this line or just above."
    return SyntaxMistake(fault.number, "The YAML is not valid here.", hint)


class _ParserFailure:
    """Where the parser gave up, and what it said."""

    def __init__(self, text: str, error: yaml.MarkedYAMLError) -> None:
        self.lines = text.split("\n")
        mark = error.problem_mark or error.context_mark
        self.number = min(mark.line, len(self.lines) - 1) if mark else 0
        self.column = mark.column if mark and mark.line == self.number else len(self.lines[self.number])
        self.start_number = min(error.context_mark.line, self.number) if error.context_mark else self.number
        self.message = f"{error.context} {error.problem}"
        self.line = self.lines[self.number]
        written = (n for n in range(self.number - 1, -1, -1) if self.lines[n].strip())
        self.number_above = next(written, self.number)

    @property
    def char(self) -> str:
        """The character at which the parser gave up."""
        return self.line[self.column : self.column + 1]

    @property
    def before(self) -> str:
        """What stands before it on its line."""
        return self.line[: self.column].strip()


def _explain_tab(fault: _ParserFailure) -> Iterator[SyntaxMistake]:
    if "\t" in fault.line[: len(fault.line) - len(fault.line.lstrip())]:
        yield SyntaxMistake(fault.number, "This line begins with a tab.", "Use spaces instead.")


def _explain_curly_quotes(fault: _ParserFailure) -> Iterator[SyntaxMistake]:
    for number in range(fault.start_number, fault.number + 1):
        if _CURLY_QUOTE.search(_QUOTED_TEXT.sub("", fault.lines[number])):
            what = "These are not plain quotation marks, although they look similar."
            yield SyntaxMistake(number, what, "Type them again as \" or '.")


def _explain_hash(fault: _ParserFailure) -> Iterator[SyntaxMistake]:
    for number in range(fault.start_number, fault.number + 1):
        found = _LOST_TEXT.search(_QUOTED_TEXT.sub("", fault.lines[number]))
        if found and "while parsing a flow" in fault.message:
            yield hash_mistake(number, found[1])


def _explain_open_quote(fault: _ParserFailure) -> Iterator[SyntaxMistake]:
    if "while scanning a quoted scalar" in fault.message:
        yield SyntaxMistake(
            fault.start_number,
            "The quotation mark that opens here is never closed.",
            "Add another at the end of the text.",
        )


def _explain_brackets(fault: _ParserFailure) -> Iterator[SyntaxMistake]:
    if "while parsing a flow" not in fault.message:
        return
    if fault.start_number == fault.number and fault.char:
        hint = "Put a comma between entries, and quotes around any text that contains a comma, colon, or bracket."
        yield SyntaxMistake(
            fault.start_number, "It is not clear where each entry in these brackets begins and ends.", hint
        )
    else:
        end = "]" if "sequence" in fault.message else "}"
        yield SyntaxMistake(
            fault.start_number, "The bracket that opens here is never closed.", f"Add {end} at the end."
        )


def _explain_colon(fault: _ParserFailure) -> Iterator[SyntaxMistake]:
    unexpected = "mapping values are not allowed" in fault.message
    if re.match(r"[ -]*:\s", fault.line):
        yield SyntaxMistake(fault.number, "This line has no key.", "Write it like key: value.")
    if not unexpected and "could not find expected ':'" not in fault.message:
        return
    number = fault.number if unexpected else fault.start_number
    for suspect in dict.fromkeys((number, fault.number_above)):
        if _MISSING_SPACE.match(fault.lines[suspect]):
            yield SyntaxMistake(suspect, "A space is missing after the colon.", "Write it like key: value.")
    if not unexpected:
        hint = "Write it like key: value. If it continues the text above, put that text in quotes."
        yield SyntaxMistake(number, "This line has no key.", hint)
    elif _SINGLE_KEY.match(fault.line):
        what = "This line does not fit with the one above."
        yield SyntaxMistake(number, what, "Line up keys that belong together in the same column, each like key: value.")
    else:
        yield SyntaxMistake(
            number, "The YAML is not valid here.", 'Text that contains a colon needs quotes: "like: this".'
        )


def _explain_sign(fault: _ParserFailure) -> Iterator[SyntaxMistake]:
    if _QUESTION_MARK.search(fault.line):
        yield SyntaxMistake(fault.number, "The YAML is not valid here.", "Text that begins with ? needs quotes.")
    scanning = re.search("scanning an? (alias|anchor|block scalar)|cannot start any token", fault.message)
    sign = fault.char if scanning and not scanning[1] else fault.before[-1:]
    if scanning and sign and sign in "@`%*&>|":
        yield SyntaxMistake(fault.number, "The YAML is not valid here.", f"Text that begins with {sign} needs quotes.")
    elif scanning and "*" in fault.before:
        yield SyntaxMistake(fault.number, "The YAML is not valid here.", "Text that begins with * needs quotes.")


def _explain_backslash(fault: _ParserFailure) -> Iterator[SyntaxMistake]:
    if "escape" in fault.message:
        what = "A backslash has a special meaning inside double quotes."
        yield SyntaxMistake(fault.number, what, "Use single quotes around the text.")


def _explain_text_after(fault: _ParserFailure) -> Iterator[SyntaxMistake]:
    last = fault.before[-1:]
    if last == '"':
        what = "The text continues after its closing quotation mark."
        yield SyntaxMistake(fault.number, what, "Put single quotes around the whole text.")
    elif last == "'":
        what = "The text continues after its closing quotation mark."
        yield SyntaxMistake(fault.number, what, "Put double quotes around the whole text.")
    elif last and last in "]}":
        hint = "Put quotes around text that begins with a bracket."
        yield SyntaxMistake(fault.number, "The text continues after its closing bracket.", hint)


def _explain_indentation(fault: _ParserFailure) -> Iterator[SyntaxMistake]:
    if "did not find expected" in fault.message or "expected <block end>" in fault.message:
        what = "This line is indented more or less than the lines it belongs with."
        yield SyntaxMistake(fault.number, what, "Line up keys (or dashes) that belong together in the same column.")


_EXPLANATIONS: tuple[Callable[[_ParserFailure], Iterator[SyntaxMistake]], ...] = (
    _explain_tab,
    _explain_curly_quotes,
    _explain_hash,
    _explain_open_quote,
    _explain_brackets,
    _explain_colon,
    _explain_sign,
    _explain_backslash,
    _explain_text_after,
    _explain_indentation,
)
