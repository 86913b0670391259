"""Invisible characters that change what a text says, or hide one: none in any file, nor as a reference or an escape."""

import html
import json
import re
from collections.abc import Iterator

from statusgen.audit.result import Fault
from statusgen.text import hiding, suspicious

# Removing the bytes that most text is made of leaves little to search.
_PLAIN_BYTES = bytes([0x09, 0x0A, *range(0x20, 0x7F)])
# Besides C0 and C1: line ends that no editor shows as such, the marks that reorder text (Unicode TR 36), the
# byte-order mark, and noncharacters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}))")
# All that can stand for a character that hides words, by its number or its name.
_HIDING_REFERENCE = re.compile(rb"&(?:#|ZeroWidth|Negative|NoBreak|Invisible|ApplyFunction|zwj|zwnj|af;|ic;|it;)")
_HIDING_ESCAPES = re.compile(r"(?<!\\)(?:\\u[0-9a-fA-F]{4})+")
_ESCAPE = re.compile(rb"\\u([0-9a-fA-F]{4})")
# What a reference or an escape may mean all the same.
_ALLOWED_SPACES = "\t\n\r"
_BOM = "\ufeff".encode()


def find_invisible_characters(
    content: bytes, *, line_ends: bytes = b"", allow_bom: bool = False, references: bool = False, escapes: bool = False
) -> Iterator[Fault]:
    """Yield the first such character, if any.

    `line_ends` are further bytes that may end lines; `allow_bom` lets the file begin with U+FEFF. With `references`,
    those of HTML and XML are decoded (`&#8238;`), with `escapes` those of JSON (`\\u202e`).
    """
    try:
        content.decode()
    except UnicodeDecodeError as error:
        yield Fault("This is not in UTF-8.", _line_number(content, error.start))
        return
    if allow_bom:
        content = content.removeprefix(_BOM)
    rest = content.translate(None, _PLAIN_BYTES + line_ends)
    if rest and (found := _INVISIBLE.search(rest.decode())):
        yield _make_fault(found[0], content, content.find(found[0].encode()))
    elif references and _HIDING_REFERENCE.search(content):
        found_codes = [*_check_codes(content, _read_references(content))]
        yield from found_codes or _find_hiding(html.unescape(content.decode()))
    elif escapes and b"\\u" in content:
        found_codes = [*_check_codes(content, _read_escapes(content))]
        yield from found_codes or _find_hiding(_HIDING_ESCAPES.sub(_read_escape, content.decode()))
    elif rest and suspicious().search(rest.decode()):
        # Lines of calendars are cut anywhere.
        yield from _find_hiding(content.decode().replace("\r\n ", "") if line_ends else content.decode())


def _find_hiding(text: str) -> Iterator[Fault]:
    """Yield the first character that hides words, if any."""
    if found := hiding().search(text):
        kind = "a letter with too many marks" if found[0].isprintable() else "an invisible character"
        what = f"There is {kind} here (U+{ord(found[0]):04X}); it can hide what a text says."
        yield Fault(what, text.count("\n", 0, found.start()) + 1, found[0])


def _read_escape(found: re.Match[str]) -> str:
    return str(json.loads(f'"{found[0]}"'))


def _read_references(content: bytes) -> Iterator[tuple[int, int]]:
    for found in _REFERENCE.finditer(content):
        yield found.start(), int(found[1], 16) if found[1] else int(found[2])


def _read_escapes(content: bytes) -> Iterator[tuple[int, int]]:
    for found in _ESCAPE.finditer(content):
        before = content[max(0, found.start() - 100) : found.start()]
        if (len(before) - len(before.rstrip(b"\\"))) % 2 == 0:  # otherwise the backslash is itself escaped
            yield found.start(), int(found[1], 16)


def _check_codes(content: bytes, codes: Iterator[tuple[int, int]]) -> Iterator[Fault]:
    for start, code in codes:
        character = chr(code) if code < 0x110000 else "\uffff"
        if character not in _ALLOWED_SPACES and _INVISIBLE.match(character):
            yield _make_fault(character, content, start)
            return


def _make_fault(character: str, content: bytes, start: int) -> Fault:
    what = f"There is an invisible character here (U+{ord(character):04X}); it can change what a text says."
    return Fault(what, _line_number(content, start), character)


def _line_number(content: bytes, start: int) -> int:
    return content.count(b"\n", 0, start) + 1
