"""Markdown → safe HTML and plain text, through Python-Markdown and nh3.

Markdown is set up so that what people type in an email comes out right: a list may follow a line directly, bare
addresses become links, an indented line is not program code, "#311" and "2024. A year" stay text. Raw HTML is shown
as text. Links and images are checked while the text is converted, and those that stay within the site become
`site:PATH`, for `addresses.resolve` to make relative to each page.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import cast
from xml.etree.ElementTree import Element

import markdown
import nh3
from markdown.blockparser import BlockParser
from markdown.blockprocessors import HashHeaderProcessor, OListProcessor
from markdown.extensions import Extension
from markdown.extensions.tables import TableProcessor
from markdown.inlinepatterns import SimpleTextInlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE

from statusgen.content.format.values import parse_link
from statusgen.content.markdown.link_text import find_misleading_text
from statusgen.content.markdown.lists import INDENT_STEP, normalize_lists
from statusgen.content.posts.comments import describe_note, find_note, has_note, is_hidden_note, may_show_note
from statusgen.english import English
from statusgen.model.words import Markup
from statusgen.problems import InvalidValue, Place, Problem
from statusgen.text import find_invisible, quote_text

# The time that Python-Markdown takes grows with the square of these: 8,000 brackets cost ten seconds.
MAX_TEXT_LENGTH = 50_000
MAX_LINES = 2_000
MAX_LINE_LENGTH = 10_000
MAX_BRACKETS = 500
MAX_DEFINITIONS = 100
MAX_BARS = 50
MAX_INDENT = 40
# How much work (see _WorkBudget) a text may make, for each of its characters: ten times that of a dense text. A short
# text may make a little more.
WORK_PER_CHARACTER = 600
SPARE_WORK = 50_000
_BRACKET_WORK = 5

# Called with the target of a link or an image as the writer wrote it, and whether it is an image; returns its path
# on this site, or raises InvalidValue.
Resolver = Callable[[str, bool], str]

_TAGS = {"p", "br", "hr", "strong", "em", "code", "a", "img", "ul", "ol", "li", "blockquote"}
_TAGS |= {"h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
# By default, nh3 lets titles pass: words that nobody has checked, and that few readers can see.
_ATTRIBUTES: dict[str, set[str]] = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "*": set()}
_BLOCK_ENDS = re.compile(r"(?:<br ?/?>|</(?:p|li|h[456]|tr|blockquote)>|(?=<[uo]l>))\s*")
_INLINE_TAGS = {"a", "strong", "em", "code"}
_NEAR = 8  # more pieces, such as letters in bold print, are not looked at around a link
_TARGETS_KEY = "statusgen_target"
_WORK_KEY = "statusgen_work"
_TABLE_KEY = "table"
# A colon of a time or a parenthesis of a sentence begins nothing.
_WITHOUT_MARKS = str.maketrans("", "", "`*_[]<>&!\\@;")
_SCHEME_MARKS = ("://", "mailto:", "](")
_CODE = re.compile(r"<code>[^<]*</code>")
_CODE_SPAN = re.compile(r"`[^`]*`")
_NESTING_MARKS = re.compile(r"(?:[ >\t*+-]|\d{1,9}[.)] )*+")


class _ListNormalizer(Preprocessor):
    """Rewrites lists in the form that the library knows."""

    def run(self, lines: list[str]) -> list[str]:
        return normalize_lists(lines)


class _HeadingLevels(Treeprocessor):
    """Moves headings below those of the page (h4 and deeper) and closes gaps between their levels.

    A heading goes one level deeper than the one above if it was written deeper, however much, and back by as many
    levels as it was written higher.
    """

    def run(self, root: Element) -> None:
        level, previous_written = 3, 0
        for element in root.iter():
            if not re.fullmatch(r"h[1-6]", element.tag):
                continue
            written = int(element.tag[1])
            if written > previous_written:
                level = min(level + 1, 6)
            elif written < previous_written:
                level = max(4, level - (previous_written - written))
            previous_written = written
            element.tag = f"h{level}"


@dataclass(frozen=True)
class _TargetMistake:
    """What is wrong with a link or an image, and what to search the text for: the first of `needles` that is in it."""

    error: InvalidValue
    needles: tuple[str, ...]


class _TargetChecker(Treeprocessor):
    """Checks every link and image, and collects what is wrong with them."""

    resolve: Resolver
    mistakes: list[_TargetMistake]

    def run(self, root: Element) -> None:
        around = _texts_around_links(root)
        for element in root.iter():
            if element.tag == "a":
                target = _unescape(element.get("href", ""))
                element.set("href", self.check_target(target, is_image=False))
                before, after = map(self.resolve_entities, around[element])
                if element.get("href") and (
                    error := find_misleading_text(self.visible_text(element), target, before, after)
                ):
                    self.mistakes.append(_TargetMistake(error, (f"]({target}", target)))
            elif element.tag == "img":
                written = _unescape(element.get("src", ""))
                element.set("src", self.check_target(written, is_image=True))
                if not element.get("alt", "").strip():
                    what = English("A picture here has no description for people who cannot see it.")
                    hint = English("Write one in the brackets: ![what it shows](files/name.png).")
                    self.mistakes.append(
                        _TargetMistake(InvalidValue(what, hint), (f"![]({written}", "![](", f"]({written}", "!["))
                    )

    def visible_text(self, element: Element) -> str:
        """Return what people see or hear of a link: its words, and the descriptions of its pictures."""
        words = " ".join(("".join(element.itertext()), *(image.get("alt", "") for image in element.iter("img"))))
        return self.resolve_entities(words)

    def resolve_entities(self, words: str) -> str:
        """Return words with the characters that the library keeps elsewhere until the end."""
        stash = self.md.htmlStash.rawHtmlBlocks
        return _unescape(HTML_PLACEHOLDER_RE.sub(lambda found: str(stash[int(found[1])]), words))

    def check_target(self, target: str, is_image: bool) -> str:
        """Return the target of a link or an image, as `site:PATH` if it is on this site; empty if it is wrong."""
        elsewhere = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", target)
        try:
            if not target.strip():
                raise InvalidValue(
                    English("A link or a picture here has no address."), English("Write one between the parentheses.")
                )
            if is_image and elsewhere:
                hint = English("Save it in incidents/files/ and write ![what it shows](files/name.png).")
                raise InvalidValue(
                    English(
                        "%(target)s is not a file in incidents/, so it cannot be shown.", target=quote_text(target)
                    ),
                    hint,
                )
            return parse_link(target) if elsewhere else f"site:{self.resolve(target, is_image)}"
        except InvalidValue as error:
            self.mistakes.append(_TargetMistake(error, (f"]({target}", target, "]()")))
            return ""


def _unescape(written: str) -> str:
    # Python-Markdown writes the letters of an automatic email address as entities behind this mark.
    text = html.unescape(html.unescape(written).replace("\x02amp\x03", "&"))
    # It keeps a character behind a backslash as its number between two marks.
    return re.sub("\x02(\\d+)\x03", lambda found: chr(int(found[1])), text)


def _texts_around_links(root: Element) -> dict[Element, tuple[str, str]]:
    """Return what is directly before and after each link on its line.

    Behind other words, it ends where a link to somewhere else begins: "kcmo.gov/Facebook" can be two.
    """
    pieces: list[tuple[str, str]] = []  # each text, and the address that it leads to
    spans: dict[Element, tuple[int, int]] = {}

    def flatten(element: Element, address: str) -> None:
        line_end = "" if element.tag in _INLINE_TAGS else "\n"
        inside = element.get("href", "") if element.tag == "a" else address
        start = len(pieces)
        pieces.append((line_end + (element.text or ""), inside))
        for child in element:
            flatten(child, inside)
        spans[element] = (start, len(pieces))
        pieces.append((line_end + (element.tail or ""), address))

    def join(near: list[tuple[str, str]], link: Element) -> Iterator[str]:
        written = [(text, address) for text, address in near if text]
        same = takewhile(lambda piece: piece[1] in ("", link.get("href")), written[1:])
        return (text for text, _ in (*written[:1], *same))

    flatten(root, "")
    return {
        link: (
            "".join([*join(pieces[max(0, start - _NEAR) : start][::-1], link)][::-1]),
            "".join(join(pieces[end : end + _NEAR], link)),
        )
        for link, (start, end) in spans.items()
        if link.tag == "a"
    }


class _TooMuchWork(Exception):
    """A piece of text would take the library too long; `piece` is its first line."""

    def __init__(self, piece: str) -> None:
        self.piece = piece


class _WorkBudget(Treeprocessor):
    """Refuses a text before the library looks for emphasis, code and links in it, if that would take too long.

    In each piece (a paragraph, an item, a cell), the library may search all that follows for each mark, and several
    times for a bracket. So the work of a piece is its length times its marks. A count and not a clock, it is the same
    on every machine.
    """

    budget: int

    def run(self, root: Element) -> None:
        work = 0
        for element in root.iter():
            for piece in (element.text, element.tail):
                if piece and not piece.isspace():
                    marks = len(piece) - len(piece.translate(_WITHOUT_MARKS)) + _BRACKET_WORK * piece.count("[")
                    marks += sum(map(piece.count, _SCHEME_MARKS))
                    work += len(piece) * marks
                    if work > self.budget:
                        raise _TooMuchWork(piece.strip().partition("\n")[0])


class _SpacedHeadingProcessor(HashHeaderProcessor):
    """Makes a heading need a space after its signs: "#311" is text."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6}) (?P<header>(?:\\.|[^\\])*?)#*(?:\n|$)")


class _NumberedListProcessor(OListProcessor):
    """Takes no year for the number of an item ("2024. A year"), and numbers a list that begins with 3 from 3."""

    LAZY_OL = False

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        # Indented as far as the library looks for the first item, or it finds none.
        self.RE = re.compile(rf"^[ ]{{0,{INDENT_STEP - 1}}}\d{{1,3}}\.[ ]+(.*)")


class _TableProcessor(TableProcessor):
    """Collects rows with more cells than their table: the library leaves the words of those out."""

    mistakes: list[_TargetMistake]

    def _build_row(self, row: str, parent: Element, align: Sequence[str | None]) -> None:
        # The stubs of the library leave out what begins with an underscore.
        super()._build_row(row, parent, align)  # type: ignore[misc]
        cells = self._split_row(row)  # type: ignore[attr-defined]
        if any(cell.strip() for cell in cells[len(align) :]):
            what = English(
                "This row has more cells than the first row of its table, so readers would not see the last."
            )
            hint = English(
                "Add a column to the first two rows, or remove a bar (|); write \\| for a bar within a cell."
            )
            self.mistakes.append(_TargetMistake(InvalidValue(what, hint), (row,)))


class _MarkdownExtension(Extension):
    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 (the library's own name)
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.parser.blockprocessors.deregister("code")
        md.preprocessors.register(_ListNormalizer(md), "typed_lists", 10)
        numbered = _NumberedListProcessor(md.parser)
        md.parser.blockprocessors.register(numbered, "olist", 40)
        md.parser.blockprocessors.register(_SpacedHeadingProcessor(md.parser), "hashheader", 70)
        # The key with a star is one character, and no mark: below code (190), above emphasis.
        md.inlinePatterns.register(SimpleTextInlineProcessor("(\\*\ufe0f?\u20e3)", md), "star_key", 185)
        md.parser.blockprocessors.register(_TableProcessor(md.parser, {"use_align_attribute": False}), _TABLE_KEY, 75)
        md.treeprocessors.register(_WorkBudget(md), _WORK_KEY, 21)  # before the library's own, "inline"
        md.treeprocessors.register(_HeadingLevels(md), "headings", 5)
        md.treeprocessors.register(_TargetChecker(md), _TARGETS_KEY, 4)


@cache
def _converter() -> markdown.Markdown:
    setup: list[str | Extension] = ["pymdownx.magiclink", _MarkdownExtension()]
    return markdown.Markdown(extensions=setup, tab_length=INDENT_STEP, output_format="html")


@cache
def _cleaner() -> nh3.Cleaner:
    schemes = {"http", "https", "mailto", "tel", "site"}
    return nh3.Cleaner(tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=schemes, link_rel="noopener noreferrer")


@cache
def _stripper() -> nh3.Cleaner:
    return nh3.Cleaner(tags=set())


def convert_markdown(text: str, language: str, place: Place, resolve: Resolver) -> tuple[Markup | None, list[Problem]]:
    """Convert Markdown that begins at `place`; None if there is no text, or if it cannot be converted."""
    if not text.strip():
        return None, []
    if excess := _find_excess(text, place):
        return None, [excess]
    converter = _converter()
    targets = cast(_TargetChecker, converter.treeprocessors[_TARGETS_KEY])
    tables = cast(_TableProcessor, converter.parser.blockprocessors[_TABLE_KEY])
    targets.resolve, targets.mistakes, tables.mistakes = resolve, [], []
    work = cast(_WorkBudget, converter.treeprocessors[_WORK_KEY])
    work.budget = SPARE_WORK + WORK_PER_CHARACTER * len(text)
    try:
        raw = converter.reset().convert(text)
    except RecursionError:
        what = English("The lists and quotes here are nested too deeply.")
        return None, [Problem(place, what, English("Use fewer levels."))]
    except _TooMuchWork as error:
        what = English(
            "The text up to this paragraph has too many marks, such as * and `, in paragraphs that are too long."
        )
        mistake = _TargetMistake(InvalidValue(what, English("Break it into shorter paragraphs.")), (error.piece[:40],))
        return None, list(_locate_mistakes([mistake], text, place))
    problems = list(_locate_mistakes([*targets.mistakes, *tables.mistakes], text, place))
    clean = _cleaner().clean(raw)
    problems += _find_notes(text, clean, place)
    if invisible := next(find_invisible(clean), None):
        number = f"U+{ord(invisible[0]):04X}"
        if invisible[0] in text:
            what = English(
                "A mark such as * parts a character (%(number)s) from the one that it belongs to.", number=number
            )
            mistake = _TargetMistake(
                InvalidValue(what, English("Delete the mark, or write it somewhere else.")), (invisible[0],)
            )
        else:
            what = English(
                "There is a character here that cannot be shown (%(number)s), written as a code with & and ;.",
                number=number,
            )
            mistake = _TargetMistake(InvalidValue(what, English("Delete it.")), ("&#", "&"))
        problems += _locate_mistakes([mistake], text, place)
    return Markup(clean, _plain_text(clean), language), problems


def _find_notes(text: str, clean: str, place: Place) -> Iterator[Problem]:
    """Yield notes to colleagues, such as HTML comments, that everybody would see; those in code are meant to be."""
    if not may_show_note(text) or not has_note(_plain_text(_CODE.sub("", clean))):
        return
    lines = text.split("\n")
    notes = {number: note for number, line in enumerate(lines) if (note := find_note(line))}
    outside = [
        number for number in notes if find_note(_CODE_SPAN.sub("", lines[number])) and not is_hidden_note(lines[number])
    ]
    for number in outside or [*notes][:1] or [0]:
        yield Problem(Place(place.file, place.line + number), *describe_note(notes.get(number, "<")))


def _find_excess(text: str, place: Place) -> Problem | None:
    """Return what would take the library too long, before it begins."""
    lines = text.split("\n")
    for number, line in enumerate(lines, place.line):
        here = Place(place.file, number)
        if len(line) > MAX_LINE_LENGTH:
            return Problem(
                here,
                English("This line is longer than %(most)s characters.", most=f"{MAX_LINE_LENGTH:,}"),
                English("Break it into paragraphs."),
            )
        # The pattern matches the empty text too, so there always is a match.
        if _NESTING_MARKS.match(line).end() > MAX_INDENT:  # type: ignore[union-attr]
            return Problem(
                here, English("The lists and quotes here are nested too deeply."), English("Use fewer levels.")
            )
        if line.count("|") > MAX_BARS:
            return Problem(
                here,
                English("This line has more than %(most)s bars (|).", most=MAX_BARS),
                English("Make the table narrower."),
            )
    if text.count("[") > MAX_BRACKETS:
        return Problem(
            place,
            English("This text has more than %(most)s square brackets.", most=MAX_BRACKETS),
            English("Use fewer links."),
        )
    # Behind each "[label]: address" the library begins again with all that follows.
    if text.count("]:") > MAX_DEFINITIONS:
        what = English(
            "This text defines more than %(most)s links apart from where they are used.",
            most=MAX_DEFINITIONS,
        )
        return Problem(place, what, English("Write them where they are used: [words](https://www.example.org/)."))
    if len(text) > MAX_TEXT_LENGTH or len(lines) > MAX_LINES:
        what = English(
            "This text is longer than %(most)s characters or %(lines)s lines.",
            most=f"{MAX_TEXT_LENGTH:,}",
            lines=f"{MAX_LINES:,}",
        )
        return Problem(place, what, English("Split it into several updates."))
    return None


def _locate_mistakes(mistakes: Iterable[_TargetMistake], text: str, place: Place) -> Iterator[Problem]:
    """Yield the mistakes with their lines.

    The converted text has no lines, so each mistake is searched for in what was written, below the last with the
    same words: two links with one mistake are on two lines.
    """
    lines = text.split("\n")
    begin: dict[str, int] = {}
    for mistake in mistakes:
        needle = next((needle for needle in mistake.needles if needle and needle in text), "")
        start = begin.get(needle, 0)
        number = next((number for number in range(start, len(lines)) if needle in lines[number]), max(start - 1, 0))
        begin[needle] = number + 1
        yield Problem(Place(place.file, place.line + number), mistake.error.what, mistake.error.hint)


def _plain_text(clean: str) -> str:
    with_line_ends = _BLOCK_ENDS.sub("\n", clean.replace("\n", " "))
    text = html.unescape(_stripper().clean(with_line_ends))
    return "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())
