"""Explains why a YAML text cannot be read, in words for the person who wrote it.

The two loaders of PyYAML word their messages differently and point at where they gave up, which is often below
the mistake. So their messages are only searched for a few words, and the lines around that point for the mistakes
that people make. Each `_explain_…` function knows one kind of mistake; the first that recognizes its own wins, so
the surest come first in `_EXPLANATIONS`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml

from statusgen.text import HARD_SPACE_CHARS, HARD_SPACE_MISTAKE, quote_text

# A hard space where YAML would see no space: as indentation, after the colon of a key, between a date and a time.
_MISLEADING_SPACE = re.compile(
    rf"^[ \t]*[{HARD_SPACE_CHARS}]|^[ -]*\w[\w-]*:[{HARD_SPACE_CHARS}]|\d-\d\d?[{HARD_SPACE_CHARS}]\d"
)
# A # with text right behind it, as in "Call #311". A comment that people mean as one has a space after the #.
_LOST_TEXT = re.compile(r"[ \t]+(#[^\s#].*)")
# The same anywhere in a line. One space will do: to begin at each of many would take quadratic time.
_LOST_TEXT_IN_LINE = re.compile(r"[ \t](#[^\s#].*)")
# The two parts of a number that is written with a comma for thousands.
_NUMBER_AT_END, _THREE_DIGITS = re.compile(r"(?<!\d)\d{1,3}$"), re.compile(r"\d{3}(?!\d)")
_QUOTED_TEXT = re.compile(r"\"[^\"]*\"|'[^']*'")
# A typographic quotation mark where a value can begin; within a text it does no harm.
_CURLY_QUOTES = "[\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u2039]"
_CURLY_QUOTE = re.compile(f"(?:^|[ \t:\\[{{,-]){_CURLY_QUOTES}")
_QUESTION_MARK = re.compile(r":[ \t]+\?[ \t]")
_MISSING_SPACE = re.compile(r"[ -]*\w[\w-]*:[^\s:/]")
# A line with one key on it: a second colon means that the value needs quotes.
_SINGLE_KEY = re.compile(r"[ -]*\w[\w-]*:(?:\s(?!.*:\s).*)?$")
_NOT_VALID = "The YAML is not valid here."


@dataclass(frozen=True)
class SyntaxMistake:
    """What is wrong with a line, and what to write instead. `line` counts from 0."""

    line: int
    what: str
    hint: str


def find_hard_spaces(text: str) -> Iterator[SyntaxMistake]:
    """Yield a mistake for each line with a space, pasted from a web page or elsewhere, that YAML takes for text."""
    for number, line in enumerate(text.split("\n")):
        if _MISLEADING_SPACE.search(line):
            yield SyntaxMistake(number, *HARD_SPACE_MISTAKE)


def find_lost_text(line: str, column: int) -> str | None:
    """Return what YAML ignores from `column` on although it does not look like a comment, as in "Call #311"."""
    found = _LOST_TEXT.match(line, column)
    return found[1] if found else None


def hash_mistake(number: int, lost_text: str) -> SyntaxMistake:
    """Return the mistake of a line from which YAML ignores `lost_text`."""
    hint = "Put quotes around the whole text, or a space after the # if it is a comment."
    return SyntaxMistake(number, f"YAML ignores everything after a #, here {quote_text(lost_text[:30])}.", hint)


def find_split_number(first: yaml.ScalarEvent, second: yaml.ScalarEvent) -> str | None:
    """Return the number that a comma splits into the end of one entry and the beginning of the next; None if none.

    Entries have a space after their comma, and those that are numbers and nothing else are meant as such: [311,911].
    """
    end, begin = _NUMBER_AT_END.search(first.value), _THREE_DIGITS.match(second.value)
    is_list_of_numbers = first.value.isdigit() and second.value.isdigit()
    if not end or not begin or is_list_of_numbers or not first.end_mark or not second.start_mark:
        return None
    is_close = second.start_mark.index == first.end_mark.index + 1
    return f"{end[0]},{begin[0]}" if is_close else None


def split_mistake(number: int, found: str) -> SyntaxMistake:
    """Return the mistake of a line on which a comma splits the number `found`."""
    hint = "Put quotes around the whole entry, or a space after the comma if these are two."
    return SyntaxMistake(number, f"The comma in {quote_text(found)} makes two entries of this one.", hint)


def explain_error(text: str, error: yaml.MarkedYAMLError) -> SyntaxMistake:
    """Return the likeliest reason why `text` cannot be read."""
    failure = _ParserFailure(text, error)
    for explain in _EXPLANATIONS:
        for mistake in explain(failure):
            return mistake
    hint = "Look for a missing quotation mark, bracket, or space after a colon, on this line or just above."
    return SyntaxMistake(failure.number, _NOT_VALID, hint)


class _ParserFailure:
    """Where the parser gave up, and what it said. Lines and columns count from 0.

    `number` is the line where it gave up, `start_number` the line where the construct began that it was reading, and
    `number_above` the nearest line above that is not empty.
    """

    def __init__(self, text: str, error: yaml.MarkedYAMLError) -> None:
        self.lines = text.split("\n")
        mark = error.problem_mark or error.context_mark
        self.number = min(mark.line, len(self.lines) - 1) if mark else 0
        self.column = mark.column if mark and mark.line == self.number else len(self.lines[self.number])
        self.start_number = min(error.context_mark.line, self.number) if error.context_mark else self.number
        self.message = f"{error.context} {error.problem}"
        self.line = self.lines[self.number]
        numbers_above = (number for number in range(self.number - 1, -1, -1) if self.lines[number].strip())
        self.number_above = next(numbers_above, self.number)

    @property
    def char(self) -> str:
        """The character at which the parser gave up."""
        return self.line[self.column : self.column + 1]

    @property
    def before(self) -> str:
        """The text before that character on its line."""
        return self.line[: self.column].strip()


def _explain_tab(failure: _ParserFailure) -> Iterator[SyntaxMistake]:
    if "\t" in failure.line[: len(failure.line) - len(failure.line.lstrip())]:
        yield SyntaxMistake(failure.number, "This line begins with a tab.", "Use spaces instead.")


def _explain_curly_quotes(failure: _ParserFailure) -> Iterator[SyntaxMistake]:
    for number in range(failure.start_number, failure.number + 1):
        if _CURLY_QUOTE.search(_QUOTED_TEXT.sub("", failure.lines[number])):
            what = "These are not plain quotation marks, although they look similar."
            yield SyntaxMistake(number, what, "Type them again as \" or '.")


def _explain_hash(failure: _ParserFailure) -> Iterator[SyntaxMistake]:
    for number in range(failure.start_number, failure.number + 1):
        found = _LOST_TEXT_IN_LINE.search(_QUOTED_TEXT.sub("", failure.lines[number]))
        if found and "while parsing a flow" in failure.message:
            yield hash_mistake(number, found[1])


def _explain_open_quote(failure: _ParserFailure) -> Iterator[SyntaxMistake]:
    if "while scanning a quoted scalar" in failure.message:
        yield SyntaxMistake(
            failure.start_number,
            "The quotation mark that opens here is never closed.",
            "Add another at the end of the text.",
        )


def _explain_brackets(failure: _ParserFailure) -> Iterator[SyntaxMistake]:
    if "while parsing a flow" not in failure.message:
        return
    # If the parser gave up on the line where the bracket opens, it stumbled over an entry; otherwise it has read on
    # into other lines, looking for its end.
    if failure.start_number == failure.number and failure.char:
        hint = "Put a comma between entries, and quotes around any text that contains a comma, colon, or bracket."
        yield SyntaxMistake(
            failure.start_number, "It is not clear where each entry in these brackets begins and ends.", hint
        )
    else:
        end = "]" if "sequence" in failure.message else "}"
        yield SyntaxMistake(
            failure.start_number, "The bracket that opens here is never closed.", f"Add {end} at the end."
        )


def _explain_colon(failure: _ParserFailure) -> Iterator[SyntaxMistake]:
    unexpected = "mapping values are not allowed" in failure.message
    if re.match(r"[ -]*:\s", failure.line):
        yield SyntaxMistake(failure.number, "This line has no key.", "Write it like key: value.")
    if not unexpected and "could not find expected ':'" not in failure.message:
        return
    number = failure.number if unexpected else failure.start_number
    # "key:value" is text to YAML, so it complains about the colon of the next line.
    for suspect in dict.fromkeys((number, failure.number_above)):
        if _MISSING_SPACE.match(failure.lines[suspect]):
            yield SyntaxMistake(suspect, "A space is missing after the colon.", "Write it like key: value.")
    if not unexpected:
        hint = "Write it like key: value. If it continues the text above, put that text in quotes."
        yield SyntaxMistake(number, "This line has no key.", hint)
    elif _SINGLE_KEY.match(failure.line):
        what = "This line does not fit with the one above."
        yield SyntaxMistake(number, what, "Line up keys that belong together in the same column, each like key: value.")
    else:
        yield SyntaxMistake(number, _NOT_VALID, 'Text that contains a colon needs quotes: "like: this".')


def _explain_sign(failure: _ParserFailure) -> Iterator[SyntaxMistake]:
    if _QUESTION_MARK.search(failure.line):
        yield SyntaxMistake(failure.number, _NOT_VALID, "Text that begins with ? needs quotes.")
    # At an alias, an anchor or a block scalar the parser stops after the sign, at what cannot follow it.
    scanning = re.search("scanning an? (alias|anchor|block scalar)|cannot start any token", failure.message)
    sign = failure.char if scanning and not scanning[1] else failure.before[-1:]
    if scanning and sign and sign in "@`%*&>|":
        yield SyntaxMistake(
            failure.number, "The YAML is not valid here.", f"Text that begins with {sign} needs quotes."
        )
    elif scanning and "*" in failure.before:
        yield SyntaxMistake(failure.number, _NOT_VALID, "Text that begins with * needs quotes.")


def _explain_backslash(failure: _ParserFailure) -> Iterator[SyntaxMistake]:
    if "escape" in failure.message:
        what = "A backslash has a special meaning inside double quotes."
        yield SyntaxMistake(failure.number, what, "Use single quotes around the text.")


def _explain_text_after(failure: _ParserFailure) -> Iterator[SyntaxMistake]:
    last = failure.before[-1:]
    if last == '"':
        what = "The text continues after its closing quotation mark."
        yield SyntaxMistake(failure.number, what, "Put single quotes around the whole text.")
    elif last == "'":
        what = "The text continues after its closing quotation mark."
        yield SyntaxMistake(failure.number, what, "Put double quotes around the whole text.")
    elif last and last in "]}":
        hint = "Put quotes around text that begins with a bracket."
        yield SyntaxMistake(failure.number, "The text continues after its closing bracket.", hint)


def _explain_indentation(failure: _ParserFailure) -> Iterator[SyntaxMistake]:
    if "did not find expected" in failure.message or "expected <block end>" in failure.message:
        what = "This line is indented more or less than the lines it belongs with."
        yield SyntaxMistake(failure.number, what, "Line up keys (or dashes) that belong together in the same column.")


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
