"""Texts of another status page → texts that a post of ours can have, with the same words.

Each text is converted as the reader will convert it. Where that finds a mistake, the text is written more plainly, step
by step, until there is none.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator

from statusgen.content.format.shapes import PostShape
from statusgen.content.format.values import TIME_PATTERN, parse_link
from statusgen.content.markdown.convert import convert_markdown
from statusgen.english import English
from statusgen.imports.told import Note, NoteKind
from statusgen.model.states import State
from statusgen.problems import InvalidValue, Place
from statusgen.text import HARD_SPACE, find_invisible, fold_word, invisible, quote_text, suspicious

# A link or a picture, with an optional title in quotes (CommonMark 0.31, sections 6.3 and 6.4).
LINK = re.compile(
    r"(?P<mark>!?)\[(?P<words>[^\[\]\n]*)\]\(\s*<?(?P<target>[^\s<>()]*(?:\([^\s()]*\)[^\s<>()]*)*)>?"
    r"(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\)"
)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?=[ \t])")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_DASHES = re.compile(r"[ \t]*[-_=~\u2010-\u2015\u2212]{3,}[ \t]*")
_POST_KEYS = frozenset(PostShape.key_names())
_KEY_LINE = re.compile(r"(?P<key>[A-Za-z][\w /-]*?)[ \t]*:(?=\s|$)")
_ALMOST_HEADING = re.compile(rf"\s{{0,3}}#{{0,6}}[\s*_\[(]*{TIME_PATTERN.pattern}")
_STATES = frozenset(state.value for state in State)
_SPECIAL = re.compile(r"([\\`*_{}\[\]()>#+!|<~-])")
_ADDRESS_BEGIN = re.compile(r":(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_CODED = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,30});")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)(.{1,500}?)(?<=\S)\1(?![\w*])")
_MOST_PASSES = 10
_TWICE_ENCODED = re.compile("[\u00c2\u00c3\u00e2][\u0080-\u00ff\u0152-\u0178\u02c6-\u02dc\u2013-\u2122]{1,2}")


CHANGED_CHARACTERS = "Characters that nobody can see, or that a wrong encoding had damaged, were removed or repaired."


def is_changed(text: str, visible: str) -> bool:
    """Return whether more than kinds of spaces and line ends was changed in a text."""
    return "".join(unicodedata.normalize("NFC", text).split()) != "".join(visible.split())


def clean_line(text: str) -> str:
    """Return a title or a name on one line, without Markdown's marks and without what nobody can see."""
    words = LINK.sub(lambda found: found["words"], remove_invisible(text))
    words = words.replace("[[", "[").replace("]]", "]")
    return " ".join(_EMPHASIS.sub(r"\2", words).split())


def fit_text(text: str, language: str, place: Place, pictures: Collection[str]) -> tuple[str, list[Note]]:
    """Return a text as a post can have it, and what was lost; `pictures` are those that it can show.

    The words stay as they are. A text that cannot be fitted at all is returned plain, as it was written.
    """
    visible = remove_invisible(text)
    notes = [Note(place, NoteKind.GUESS, CHANGED_CHARACTERS)] if is_changed(text, visible) else []
    attempts: list[tuple[str, Callable[[str], str]]] = [
        ("", lambda words: words),
        ("Links of a text became words with their addresses behind them", _unlink),
        ("The Markdown of a text is shown as it was written", _escape),
    ]
    why = ""
    fitted = ""
    for what, change in attempts:
        fitted = guard_lines(change(visible))
        _, problems = convert_markdown(fitted, language, place, _make_resolver(pictures))
        if why and not problems:
            notes.append(Note(place, NoteKind.LOSS, f"{what}, because of this: {why}"))
        if not problems:
            return fitted, notes
        why = why or problems[0].what
    return fitted, notes


def _make_resolver(pictures: Collection[str]) -> Callable[[str, bool], str]:
    def resolve(target: str, is_image: bool) -> str:
        if is_image and target in pictures:
            return target
        raise InvalidValue(English("The link %(target)s leads nowhere.", target=quote_text(target)))

    return resolve


def remove_invisible(text: str) -> str:
    """Return a text without characters that nobody can see; letters that a wrong encoding had damaged are put right."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    text = _CODED.sub(_decode_entity, text)
    text = unicodedata.normalize("NFC", _TWICE_ENCODED.sub(_decode_again, HARD_SPACE.sub(" ", text)))
    # One that goes can leave another without what it was needed for.
    for _ in range(_MOST_PASSES):
        found = [(match.start(), _find_end(text, match)) for match in find_invisible(text)]
        if not found:
            return text
        text = "".join(_outside(text, found))
    # Without end: a text of nothing but such characters. All that can hide words go, and what nobody can see.
    return invisible().sub("", suspicious().sub("", text))


def _find_end(text: str, found: re.Match[str]) -> int:
    """Return where what is removed ends: of marks piled up on a letter, behind the last, not one in each pass."""
    end = found.end()
    if unicodedata.combining(found[0][0]):
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
    return end


def _decode_entity(found: re.Match[str]) -> str:
    """Return a character that is written as its code, if nobody can see it; otherwise the code."""
    char = html.unescape(found[0])
    return char if any(find_invisible(char)) else found[0]


def _outside(text: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    end = 0
    for start, after in sorted(spans):
        yield text[end:start]
        end = max(end, after)
    yield text[end:]


def _decode_again(found: re.Match[str]) -> str:
    """Return a letter that was saved as UTF-8 and read as Windows-1252; other letters as they are."""
    try:
        return found[0].encode("cp1252").decode("utf-8")
    except UnicodeError:
        return found[0]


def guard_lines(text: str) -> str:
    """Return a text of which no line is taken for a heading of an update, for facts, or for dashes around them.

    Headings go below those of updates. Posts have no blocks of code, so each line of one becomes code by itself.
    """
    lines = text.split("\n")
    guarded: list[str] = []
    fence = ""
    level = 2 if any(re.match(r" {0,3}#[ \t]", line) for line in lines) else 1
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence:
            is_end = mark and mark[1].startswith(fence) and not line.strip(" `~")
            fence = "" if is_end else fence
            guarded.append("" if is_end else _write_code(line))
        elif mark:
            fence = mark[1]
            guarded.append("")
        else:
            guarded.append(_guard_line(line, lines[number - 1] if number else "", guarded, level))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(guarded)).strip("\n").rstrip()


def _write_code(line: str) -> str:
    """Return a line of code as code, with a line end behind it."""
    line = line.replace("[[", "[ [")  # two brackets are what a template leaves blank
    marks = "``" if "`" in line else "`"
    return f"{marks}{' ' * (len(marks) - 1)}{line.rstrip()}{' ' * (len(marks) - 1)}{marks}  " if line.strip() else ""


def _guard_line(line: str, above: str, guarded: list[str], level: int) -> str:
    line = line.replace("[[", "&#91;[")  # two brackets are what a template leaves blank
    underline = _UNDERLINE.fullmatch(line)
    if underline and _is_paragraph(above) and guarded[-1] == _guard_fact(above):
        guarded[-1] = f"{'#' * (3 if underline[1][0] == '=' else 4)} {above.strip()}"
        return ""
    if _RULE.fullmatch(line) or _DASHES.fullmatch(line):
        return "***"
    heading = _HEADING.match(line)
    if heading:
        line = f"{'#' * min(len(heading[1]) + level, 6)}{line[heading.end() :]}"
        words = line.lstrip("# ").rstrip()
        is_state = fold_word(words.strip(" :*_[]()")) in _STATES or bool(TIME_PATTERN.match(words))
        return _guard_fact(f"**{words.strip('*_ ')}**") if is_state else line
    return _guard_fact(line)


def _is_paragraph(line: str) -> bool:
    return bool(line.strip()) and not re.match(r"\s*(?:[#>|]|[-*+] |\d+[.)] )", line)


def _guard_fact(line: str) -> str:
    """Return a line with a colon or a digit as its code, where it would be a fact or the heading of an update."""
    key = _KEY_LINE.match(line[:200])
    if key and key["key"] in _POST_KEYS:
        return f"{line[: key.end() - 1]}&#58;{line[key.end() :]}"
    if _ALMOST_HEADING.match(line):
        return re.sub(r"\d", lambda digit: f"&#{ord(digit[0])};", line, count=1)
    return line


def _unlink(text: str) -> str:
    """Return a text in which links are words with their addresses behind them."""

    def write(found: re.Match[str]) -> str:
        words, target = found["words"].strip(), found["target"]
        try:
            parse_link(target)
        except InvalidValue:
            return words
        return f"{words}: <{target}>" if words and words != target else f"<{target}>"

    return LINK.sub(write, re.sub(r"^ {0,3}\[[^\]\n]+\]:\s*", "", text, flags=re.MULTILINE))


def _escape(text: str) -> str:
    """Return a text whose marks are shown as they are, and in which no address is a link; paragraphs and lines stay."""
    marked = "\n".join(_SPECIAL.sub(r"\\\1", line.strip()) for line in text.strip().split("\n"))
    return _ADDRESS_BEGIN.sub(lambda sign: f"&#{ord(sign[0])};", marked)
