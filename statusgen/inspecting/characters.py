"""Characters that nobody sees, and that turn a text into another: in no file, and in no way of writing them."""

import re
from collections.abc import Iterator

from statusgen.inspecting.facts import Fault

# What text is made of. What is left without it is little, and quickly read.
_PLAIN = bytes([0x09, 0x0A, *range(0x20, 0x7F)])
# Besides C0 and C1: line ends that no editor shows as such, the marks that reorder a text (Unicode TR 36), the
# byte-order mark, and what is no character at all.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}))")
_ESCAPE = re.compile(rb"\\u([0-9a-fA-F]{4})")
# What a reference or an escape may stand for all the same.
_SPACES = "\t\n\r"
_MARK = "\ufeff".encode()


def unseen(
    content: bytes, *, ends: bytes = b"", marked: bool = False, references: bool = False, escapes: bool = False
) -> Iterator[Fault]:
    """The first such character. `ends` are further bytes that may end its lines; `marked` may begin with U+FEFF.

    With `references` those of HTML and XML (`&#8238;`) are read, with `escapes` those of JSON (`\\u202e`).
    """
    try:
        content.decode()
    except UnicodeDecodeError as error:
        yield Fault("This is not in UTF-8.", _line(content, error.start))
        return
    if marked:
        content = content.removeprefix(_MARK)
    rest = content.translate(None, _PLAIN + ends)
    if rest and (found := _UNSEEN.search(rest.decode())):
        yield _fault(found[0], content, content.find(found[0].encode()))
    elif references and b"&#" in content:
        yield from _written(content, _referred(content))
    elif escapes and b"\\u" in content:
        yield from _written(content, _escaped(content))


def _referred(content: bytes) -> Iterator[tuple[int, int]]:
    for found in _REFERENCE.finditer(content):
        yield found.start(), int(found[1], 16) if found[1] else int(found[2])


def _escaped(content: bytes) -> Iterator[tuple[int, int]]:
    for found in _ESCAPE.finditer(content):
        before = content[max(0, found.start() - 100) : found.start()]
        if (len(before) - len(before.rstrip(b"\\"))) % 2 == 0:  # else the backslash is itself escaped
            yield found.start(), int(found[1], 16)


def _written(content: bytes, codes: Iterator[tuple[int, int]]) -> Iterator[Fault]:
    for start, code in codes:
        character = chr(code) if code < 0x110000 else "\uffff"
        if character not in _SPACES and _UNSEEN.match(character):
            yield _fault(character, content, start)
            return


def _fault(character: str, content: bytes, start: int) -> Fault:
    what = (
        f"There is a character here that nobody sees (U+{ord(character):04X}); it can make a text say something else."
    )
    return Fault(what, _line(content, start))


def _line(content: bytes, start: int) -> int:
    return content.count(b"\n", 0, start) + 1
