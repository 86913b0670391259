"""Text as every room handles it: bytes read as text, quotations in messages, ids made from names, near misses."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import TypeAlias

from statusgen.problems import Place, Problem

# What a JSON document can hold (RFC 8259), as far as we only write it.
Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

_MAX_QUOTE_LENGTH = 60
MAX_ID_BYTES = 100
HARD_SPACE_CHARS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
HARD_SPACE = re.compile(f"[{HARD_SPACE_CHARS}]")
HARD_SPACE_MISTAKE = (
    "A space here is not a plain one, though it looks the same.",
    "Delete the spaces here, and type them again.",
)
MAX_TEXT_BYTES = 2_000_000
# Besides C0 and C1: the marks that reorder text (Unicode TR 36, "bidirectional text spoofing"), line ends that no
# editor shows as such, and what is no character at all (XML 1.0, section 2.2).
INVISIBLE = re.compile(
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
_PLAIN_BYTES = bytes([0x09, 0x0A, 0x0D, *range(0x20, 0x7F)])
_CONFLICT_MARKER = re.compile(r"^(?P<sign><|\||>)(?P=sign){6}(?: .*)?$", re.MULTILINE)
# A file full of them is no text; nobody mends it line by line.
MAX_FINDINGS = 20


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest known words, or lists them all where none is near."""
    choices = list(known)
    by_folded = {choice.casefold(): choice for choice in choices}
    near = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    if near:
        return f'Did you mean "{by_folded[near[0]]}"?'
    if not choices:
        return ""
    if len(choices) > 12:
        return f"There are {len(choices)} of them, {choices[0]} and {choices[1]} among them."
    return f"Choose from: {', '.join(choices)}."


def quote_text(text: str) -> str:
    """The writer's own words in a message: on one line, no longer than it takes to know them again."""
    visible = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in " ".join(text.split()))
    return f'"{visible}"' if len(visible) <= _MAX_QUOTE_LENGTH else f'"{visible[: _MAX_QUOTE_LENGTH - 1]}…"'


def slugify(name: str) -> str:
    """An id made from a name: its letters and digits in lower case, joined by hyphens.

    Accents are left out ("Água" is `agua`); a name in letters that are not Latin keeps them.
    """
    folded = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    whole = "-".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", bare)))
    return whole.encode()[:MAX_ID_BYTES].decode(errors="ignore").rstrip("-")


def printable(name: str) -> str:
    """A path as a message can carry it: on one line, and with nothing that a terminal would obey."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "backslashreplace").decode() for char in name
    )


def decode_text(content: bytes, file: str) -> tuple[str, list[Problem]]:
    """The text of a file in UTF-8, with or without byte-order mark and with any line endings as one newline."""
    if len(content) > MAX_TEXT_BYTES:
        what = f"This file is larger than {MAX_TEXT_BYTES // 1_000_000} MB."
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
    looks = (_find_conflicts, _find_unreadable) if content.translate(None, _PLAIN_BYTES) else (_find_conflicts,)
    found = ((each.start(), wrong) for look in looks for each, wrong in look(text))
    problems = [
        Problem(Place(file, text.count("\n", 0, start) + 1), *wrong) for start, wrong in islice(found, MAX_FINDINGS)
    ]
    return ("" if problems else text), problems


def _find_conflicts(text: str) -> Iterator[tuple[re.Match[str], tuple[str, str]]]:
    """Where git could not tell which of two versions to keep; each conflict once, at its beginning."""
    what = "Git has left two versions of these lines here."
    hint = "Keep what is right, and delete the lines that begin with <<<<<<<, |||||||, ======= and >>>>>>>."
    inside = False
    for found in _CONFLICT_MARKER.finditer(text):
        if not inside:
            yield found, (what, hint)
        inside = found["sign"] != ">"


def _find_unreadable(text: str) -> Iterator[tuple[re.Match[str], tuple[str, str]]]:
    for found in INVISIBLE.finditer(text):
        yield found, _describe_invisible(found)
    for found in _TWICE_ENCODED.finditer(text):
        what = f"A letter was saved in the wrong encoding here, as {quote_text(found[0])}, {_describe_position(found)}."
        yield found, (what, "Type it again, and save the file with the encoding UTF-8.")


def _describe_invisible(found: re.Match[str]) -> tuple[str, str]:
    """What is wrong with a character that nobody sees, and how to find it."""
    if found[0] == "\N{REPLACEMENT CHARACTER}":
        what = f"A letter was lost here when the file was saved, {_describe_position(found)}."
        return what, "Type it again, and save the file with the encoding UTF-8."
    what = f"There is an invisible character here (U+{ord(found[0]):04X}), {_describe_position(found)}."
    return what, "Delete it, or type the line again."


def _describe_position(found: re.Match[str]) -> str:
    begin = found.string.rfind("\n", 0, found.start()) + 1
    before = found.string[max(begin, found.start() - 100) : found.start()].split()
    return f"after {quote_text(before[-1][-30:])}" if before else "at the beginning of the line"
