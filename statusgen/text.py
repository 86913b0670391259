"""Handles text for every module: decodes files, quotes text in messages, makes ids from names, suggests near names."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from heapq import merge
from itertools import islice
from typing import TypeAlias

from statusgen.english import English
from statusgen.problems import Place, Problem

# What a JSON document can hold (RFC 8259), as far as we only write it.
Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

_MAX_QUOTE_LENGTH = 60
MAX_ID_BYTES = 100
# https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
_DEVICE_NAMES = re.compile("con|prn|aux|nul|(?:com|lpt)[0-9¹²³]")
HARD_SPACE_CHARS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
HARD_SPACE = re.compile(f"[{HARD_SPACE_CHARS}]")
HARD_SPACE_MISTAKE = (
    "A space on this line is a special character, although it looks like a normal space.",
    "Delete the spaces on this line and type them again.",
)
MAX_TEXT_BYTES = 2_000_000
# Besides the control codes C0 and C1: the marks that reorder text (Unicode TR 36, "bidirectional text spoofing"), line
# ends that editors do not show as such, and codes that are not characters at all (XML 1.0, section 2.2).
_UNREADABLE = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
)
# Invisible characters in which words can be hidden, and behind which characters they are needed: tags (no more than
# six) in the flags of England, Scotland and Wales, joiners in Arabic, in the scripts of India and in emoji, spaces in
# those of Southeast Asia, and selectors behind what they choose the form of.
_TAGS = "\U000e0000-\U000e007f"
# The scripts whose letters change where they meet, from Arabic to those of India, and Adlam.
_JOINED = (
    "\u0600-\u109f\u1780-\u1c7f\ua800-\uabff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff"
    "\U0001e900-\U0001e95f"
)
_HIDING = {
    "\u034f\u115f\u1160\u17b4\u17b5\u2060-\u2065\u206a-\u206f\u3164\uffa0\ufff0-\ufff8": "",
    "\U000e0080-\U000e00ff\U000e01f0-\U000e0fff": "",  # not assigned, and invisible all the same (Default_Ignorable)
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a": "",
    _TAGS: "\U0001f3f4\U000e0020-\U000e007f",
    "\u200b": "\u0e00-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\uaa60-\uaadf",
    "\u200c\u200d": f"{_JOINED}\u2190-\u2bff\ufe0f\U0001f000-\U0001faff",
    "\ufe00-\ufe0f": "0-9#*\u00a9\u00ae\u1000-\u109f\u2010-\ud7ff\uf900-\ufaff\U00010000-\U0003ffff",
    "\u180b-\u180f": "\u1800-\u180a\u1810-\u18af",
    "\U000e0100-\U000e01ef": "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
    # Signs that are blank by design: between others of braille, of hieroglyphs and of Khitan; a note without a head.
    "\u2800": "\u2800-\u28ff",
    "\U00013441\U00013442": "\U00013000-\U0001345f",
    "\U00016fe4": "\U00018b00-\U00018cff",
    "\U0001d159": "",
}
# Where else they do no harm: one before a letter that joins (also where another script, a sign or a tag of HTML is
# before it), one between two letters of German (as its typesetters part "fl"), and one typed twice.
_ALSO_NEEDED = {
    "\u200c\u200d": f"(?<![{_JOINED}]\u200c\u200c)(?<![{_JOINED}]\u200d\u200d)"
    f"(?!(?<![\u200b-\u200f\u2060].)[{_JOINED}])"
    "(?!(?<=f\u200c)[bfhijklt])",
    "\ufe00-\ufe0f": "(?<![\u00a9\u00ae\u2010-\u2bff\U0001f000-\U0001faff]\ufe0f\ufe0f)",
}
# A hyphen for the end of a line, and marks for the direction of the text: invisible, and needed one at a time.
_SINGLE = "\u00ad\u061c\u200e\u200f"
# Between two digits, such a mark changes their order: "0100-555" is read as "555-0100".
_IN_NUMBERS = r"[ (-/#*+\u061c\u200e\u200f]"
_REORDERED_NUMBER = re.compile(
    rf"(?:(?<=[0-9])|(?<=[0-9]{_IN_NUMBERS})|(?<=[0-9]{_IN_NUMBERS}{{2}}))[\u061c\u200f](?={_IN_NUMBERS}{{0,3}}[0-9])"
)
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u05ff\u0620-\u065f\u066e-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# Marks on letters; more than four on one are there to cover the lines around it.
_MARKS = (
    "\u0300-\u034e\u0350-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
)


def _any_of(unreadable: str) -> re.Pattern[str]:
    """Return a pattern for these characters, and for those that hide words; it first looks for any, which is fast."""
    rules = [
        f"(?<=[{chars}])" + f"(?<![{needed}].)" * bool(needed) + _ALSO_NEEDED.get(chars, "")
        for chars, needed in _HIDING.items()
    ]
    rules += [
        f"(?<=[{_TAGS}]{{7}})",
        f"(?<=[{_MARKS}]{{5}})(?<![{_MARKS}]{{6}})",
        # What is published has our own marks beside those of writers.
        *([f"(?<=[{unreadable}])", f"(?<=[{_SINGLE}]{{3}})"] if unreadable else []),
    ]
    return re.compile(f"[{unreadable}{_SINGLE}{_MARKS}{''.join(_HIDING)}](?:{'|'.join(rules)})")


@cache
def suspicious() -> re.Pattern[str]:
    """Return the pattern of what can hide words in some places: in a text without any there is nothing to search."""
    return re.compile(f"[{_SINGLE}{_MARKS}{''.join(_HIDING)}]")


@cache
def hiding() -> re.Pattern[str]:
    """Return the pattern of characters that hide words; it takes a while to compile, and most texts need neither."""
    return _any_of("")


@cache
def invisible() -> re.Pattern[str]:
    """Return the pattern of those, and of others that nobody sees and no post needs."""
    return _any_of(_UNREADABLE)


def find_invisible(text: str) -> Iterator[re.Match[str]]:
    """Return each character that hides words, or that reorders a number on a line without letters that run so."""
    if text.isascii() and text.isprintable():  # as most keys and titles are
        return iter(())
    reordered = _find_reordered_numbers(text)
    return merge(invisible().finditer(text), reordered, key=lambda found: found.start())


def _find_reordered_numbers(text: str) -> Iterator[re.Match[str]]:
    for line in re.finditer("[^\n]+", text) if "\u200f" in text or "\u061c" in text else ():
        if not _RIGHT_TO_LEFT.search(line[0]):
            yield from _REORDERED_NUMBER.finditer(text, line.start(), line.end())


# What becomes of letters that are saved as UTF-8 and read as Windows-1252: "donâ€™t", "lÃ­nea".
_TWICE_ENCODED = re.compile(
    "\u00e2\u20ac[\u2122\u02dc\u0153\u201c\u201d\u00a6\u00a2\u009d]|\u00c3[\u00a0-\u00bf]|\u00c2[\u00a0\u00a1\u00b0\u00ba\u00bf]"
)
# Tabs, line ends, and the visible characters of ASCII.
_PLAIN_BYTES = bytes([0x09, 0x0A, 0x0D, *range(0x20, 0x7F)])
_CONFLICT_MARKER = re.compile(r"^(?P<sign><|\||>)(?P=sign){6}(?: .*)?$", re.MULTILINE)
# A file with more of one kind of mistake is not text, and nobody fixes it line by line.
MAX_FINDINGS = 20


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a sentence that offers the nearest known word, or lists all of them if none is near."""
    choices = list(known)
    by_folded = {choice.casefold(): choice for choice in choices}
    near = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    if near:
        return English('Did you mean "%(word)s"?', word=by_folded[near[0]])
    if not choices:
        return ""
    if len(choices) > 12:
        return English(
            "There are %(number)s to choose from, such as %(first)s and %(second)s.",
            number=len(choices),
            first=choices[0],
            second=choices[1],
        )
    return English("Choose from: %(choices)s.", choices=", ".join(choices))


def find_suggestion(hint: str) -> str | None:
    """Return the word that a hint offers, if it offers a single one as `did_you_mean` does."""
    found = re.fullmatch(r'Did you mean "([^"]+)"\?', hint)
    return found[1] if found else None


def quote_text(text: str) -> str:
    """Return the writer's own words as a message quotes them: on one line, no longer than it takes to find them."""
    visible = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in " ".join(text.split()))
    return f'"{visible}"' if len(visible) <= _MAX_QUOTE_LENGTH else f'"{visible[: _MAX_QUOTE_LENGTH - 1]}…"'


def is_said_in(words: str, text: str) -> bool:
    """Return whether a text has the same sentences, whole: "No late fees." is in "Pay here. No late fees."."""
    bare = re.escape(words.rstrip(" ."))
    return bool(re.search(rf"(?:^|[.!?؟。] ){bare}(?:[.!?؟。]|$)", text, re.IGNORECASE))


def fold_word(word: str) -> str:
    """Return a word as the format writes its own: in small letters, with underscores for spaces and hyphens."""
    return re.sub(r"[\s-]+", "_", word.strip().casefold())


def slugify(name: str) -> str:
    """Return an id made from a name: its letters and digits in lower case, joined by hyphens.

    Accents are dropped ("Água" is `agua`); letters that are not Latin stay. A name that Windows keeps for a device gets
    a number ("Con" is `con-1`): ids become names of folders.
    """
    folded = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    whole = "-".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", bare)))
    short = whole.encode()[:MAX_ID_BYTES].decode(errors="ignore").rstrip("-")
    return f"{short}-1" if is_device_name(short) else short


def is_device_name(id: str) -> bool:
    """Return whether Windows allows no file of that name, with any ending."""
    return _DEVICE_NAMES.fullmatch(id) is not None


def printable(name: str) -> str:
    """Return a path as a message can show it: on one line, without anything that a terminal would obey."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "backslashreplace").decode() for char in name
    )


def decode_text(content: bytes, file: str) -> tuple[str, list[Problem]]:
    """Decode a file in UTF-8, with or without a byte order mark; every line end becomes one newline."""
    if len(content) > MAX_TEXT_BYTES:
        what = f"This file is larger than {MAX_TEXT_BYTES // 1_000_000} MB."
        return "", [Problem(Place(file), what, "Split it, or move any pictures out of it.")]
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        what = "This file is in UTF-16 or UTF-32, not in UTF-8."
        return "", [Problem(Place(file), what, "Save it as plain text with UTF-8 encoding.")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return "", [Problem(Place(file, line), "This line is not in UTF-8.", "Save the file with UTF-8 encoding.")]
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if "\0" in text:
        return "", [Problem(Place(file), "This file is not plain text.", "Save it as plain text with UTF-8 encoding.")]
    # Most texts are ASCII, which has no unreadable characters to look for.
    looks = (_find_conflicts, _find_unreadable) if content.translate(None, _PLAIN_BYTES) else (_find_conflicts,)
    found = (finding for look in looks for finding in look(text))
    problems = [
        Problem(Place(file, text.count("\n", 0, match.start()) + 1), what, hint)
        for match, (what, hint) in islice(found, MAX_FINDINGS)
    ]
    return ("" if problems else text), problems


def _find_conflicts(text: str) -> Iterator[tuple[re.Match[str], tuple[str, str]]]:
    """Yield the beginning of each conflict that git could not merge."""
    what = "Git left two conflicting versions of these lines here."
    hint = "Keep the correct version, and delete the lines that begin with <<<<<<<, |||||||, ======= and >>>>>>>."
    inside = False
    for found in _CONFLICT_MARKER.finditer(text):
        if not inside:
            yield found, (what, hint)
        inside = found["sign"] != ">"


def _find_unreadable(text: str) -> Iterator[tuple[re.Match[str], tuple[str, str]]]:
    """Yield invisible characters, the first of several in a row, and letters that were damaged by a wrong encoding."""
    end = -1
    for found in find_invisible(text):
        if found.start() != end:
            yield found, _describe_invisible(found)
        end = found.end()
    for found in _TWICE_ENCODED.finditer(text):
        what = English(
            "A character was saved in the wrong encoding here: %(found)s, %(position)s.",
            found=quote_text(found[0]),
            position=_describe_position(found),
        )
        yield found, (what, "Type it again, and save the file with UTF-8 encoding.")


def _describe_invisible(found: re.Match[str]) -> tuple[str, str]:
    """Return what is wrong with an invisible character, and how to find it."""
    if found[0] == "\N{REPLACEMENT CHARACTER}":
        what = English(
            "A character was lost here when the file was saved, %(position)s.", position=_describe_position(found)
        )
        return what, English("Type it again, and save the file with UTF-8 encoding.")
    if unicodedata.category(found[0]) in ("Mn", "Me") and not hiding().fullmatch(found[0]):
        what = English(
            "A letter has more marks above and below it than anyone can read, %(position)s.",
            position=_describe_position(found),
        )
        return what, English("Delete the marks, or type the line again.")
    what = English(
        "There is an invisible character here (U+%(number)s), %(position)s.",
        number=f"{ord(found[0]):04X}",
        position=_describe_position(found),
    )
    return what, English("Delete it, or type the line again.")


def _describe_position(found: re.Match[str]) -> str:
    """Return after which word of its line something was found."""
    begin = found.string.rfind("\n", 0, found.start()) + 1
    before = found.string[max(begin, found.start() - 100) : found.start()].split()
    return (
        English("after %(before)s", before=quote_text(before[-1][-30:]))
        if before
        else English("at the beginning of the line")
    )
