"""Markdown → safe HTML and plain text, through Python-Markdown and nh3.

Markdown is set up so that what people type into an e-mail comes out right: a list may follow a line directly,
bare addresses become links, an indented line is no program code, "#311" and "2024. A year" stay text. Raw HTML
is shown as the text it is. Links and images are checked where they stand, and those that stay within the site
are written `site:PATH`, for `addresses.resolve` to make relative to each page.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import cast
from xml.etree.ElementTree import Element

import markdown
import nh3
from markdown.blockparser import BlockParser
from markdown.blockprocessors import HashHeaderProcessor, OListProcessor
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from statusgen.content.format.values import parse_link
from statusgen.content.markdown.lists import INDENT_STEP, normalize_lists
from statusgen.model import Markup
from statusgen.problems import InvalidValue, Place, Problem
from statusgen.text import INVISIBLE, quote_text

# Python-Markdown takes time that grows with the square of these: 8,000 brackets cost it ten seconds.
MAX_TEXT_LENGTH = 50_000
MAX_LINES = 2_000
MAX_LINE_LENGTH = 10_000
MAX_BRACKETS = 500
MAX_BARS = 50
MAX_INDENT = 40

# Given the target of a link or image as the writer wrote it, its path on this site; raises Wrong.
Resolver = Callable[[str, bool], str]

_TAGS = {"p", "br", "hr", "strong", "em", "code", "a", "img", "ul", "ol", "li", "blockquote"}
_TAGS |= {"h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
_BLOCK_ENDS = re.compile(r"(?:<br ?/?>|</(?:p|li|h[456]|tr|blockquote)>|(?=<[uo]l>))\s*")
_TARGETS_KEY = "statusgen_target"
_NESTING_MARKS = re.compile(r"(?:[ >\t*+-]|\d{1,9}[.)] )*+")


class _ListNormalizer(Preprocessor):
    """Brings lists into the form that the library knows."""

    def run(self, lines: list[str]) -> list[str]:
        return normalize_lists(lines)


class _HeadingLevels(Treeprocessor):
    """Moves headings below those of the page (h4 and deeper) and closes gaps between their levels."""

    def run(self, root: Element) -> None:
        level, written_above = 3, 0
        for element in root.iter():
            if not re.fullmatch(r"h[1-6]", element.tag):
                continue
            written = int(element.tag[1])
            if written > written_above:
                level = min(level + 1, 6)
            elif written < written_above:
                level = max(4, level - (written_above - written))
            written_above = written
            element.tag = f"h{level}"


@dataclass(frozen=True)
class _TargetMistake:
    """What is wrong with a link or an image, and what to look for in the text: the first that is there."""

    error: InvalidValue
    needles: tuple[str, ...]


class _TargetChecker(Treeprocessor):
    """Checks every link and image, and notes what is wrong with them."""

    resolve: Resolver
    mistakes: list[_TargetMistake]

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag == "a":
                element.set("href", self.check_target(_unescape(element.get("href", "")), is_image=False))
            elif element.tag == "img":
                written = _unescape(element.get("src", ""))
                element.set("src", self.check_target(written, is_image=True))
                if not element.get("alt", "").strip():
                    what = "A picture here has no description for people who cannot see it."
                    hint = "Write one in the brackets: ![what it shows](files/name.png)."
                    self.mistakes.append(
                        _TargetMistake(InvalidValue(what, hint), (f"![]({written}", "![](", f"]({written}", "!["))
                    )

    def check_target(self, target: str, is_image: bool) -> str:
        """What a link or image leads to, as `site:PATH` where that is a part of this site; empty if it is wrong."""
        elsewhere = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", target)
        try:
            if not target.strip():
                raise InvalidValue("A link or a picture here has no address.", "Write one between the parentheses.")
            if is_image and elsewhere:
                hint = "Save it in incidents/files/ and write ![what it shows](files/name.png)."
                raise InvalidValue(f"{quote_text(target)} is not a file in incidents/, so it cannot be shown.", hint)
            return parse_link(target) if elsewhere else f"site:{self.resolve(target, is_image)}"
        except InvalidValue as wrong:
            self.mistakes.append(_TargetMistake(wrong, (f"]({target}", target, "]()")))
            return ""


def _unescape(written: str) -> str:
    # Python-Markdown keeps the letters of an automatic e-mail address as entities behind this mark.
    whole = html.unescape(html.unescape(written).replace("\x02amp\x03", "&"))
    # And so it keeps what stood behind a backslash, by its number.
    return re.sub("\x02(\\d+)\x03", lambda found: chr(int(found[1])), whole)


class _SpacedHeadingProcessor(HashHeaderProcessor):
    """Headings need a space after their signs: "#311" is text."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6}) (?P<header>(?:\\.|[^\\])*?)#*(?:\n|$)")


class _NumberedListProcessor(OListProcessor):
    """A year is no number of a list ("2024. A year"), and a list that begins with 3 is numbered from 3."""

    LAZY_OL = False

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        self.RE = re.compile(r"^[ ]{0,3}\d{1,3}\.[ ]+(.*)")


class _MarkdownExtension(Extension):
    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 (the library's own name)
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.parser.blockprocessors.deregister("code")
        md.preprocessors.register(_ListNormalizer(md), "typed_lists", 10)
        numbered = _NumberedListProcessor(md.parser)
        md.parser.blockprocessors.register(numbered, "olist", 40)
        md.parser.blockprocessors.register(_SpacedHeadingProcessor(md.parser), "hashheader", 70)
        md.treeprocessors.register(_HeadingLevels(md), "headings", 5)
        md.treeprocessors.register(_TargetChecker(md), _TARGETS_KEY, 4)


@cache
def _converter() -> markdown.Markdown:
    setup: list[str | Extension] = ["tables", "pymdownx.magiclink", _MarkdownExtension()]
    return markdown.Markdown(extensions=setup, tab_length=INDENT_STEP, output_format="html")


@cache
def _cleaner() -> nh3.Cleaner:
    schemes = {"http", "https", "mailto", "tel", "site"}
    return nh3.Cleaner(tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=schemes, link_rel="noopener noreferrer")


@cache
def _stripper() -> nh3.Cleaner:
    return nh3.Cleaner(tags=set())


def convert_markdown(text: str, language: str, place: Place, resolve: Resolver) -> tuple[Markup | None, list[Problem]]:
    """Convert Markdown that begins at `place`; None where there is no text, or where it cannot be converted."""
    if not text.strip():
        return None, []
    if refused := _find_excess(text, place):
        return None, [refused]
    converter = _converter()
    targets = cast(_TargetChecker, converter.treeprocessors[_TARGETS_KEY])
    targets.resolve, targets.mistakes = resolve, []
    try:
        raw = converter.reset().convert(text)
    except RecursionError:
        what = "The lists and quotes here are nested too deeply."
        return None, [Problem(place, what, "Use fewer levels.")]
    problems = list(_locate_mistakes(targets.mistakes, text, place))
    clean = _cleaner().clean(raw)
    if unseen := INVISIBLE.search(clean):
        what = (
            f"There is a character here that cannot be shown (U+{ord(unseen[0]):04X}), written as a code with & and ;."
        )
        problems += _locate_mistakes([_TargetMistake(InvalidValue(what, "Delete it."), ("&#",))], text, place)
    return Markup(clean, _plain_text(clean), language), problems


def _find_excess(text: str, place: Place) -> Problem | None:
    lines = text.split("\n")
    for number, line in enumerate(lines, place.line):
        here = Place(place.file, number)
        if len(line) > MAX_LINE_LENGTH:
            return Problem(
                here, f"This line is longer than {MAX_LINE_LENGTH:,} characters.", "Break it into paragraphs."
            )
        if _NESTING_MARKS.match(line).end() > MAX_INDENT:  # type: ignore[union-attr]
            return Problem(here, "The lists and quotes here are nested too deeply.", "Use fewer levels.")
        if line.count("|") > MAX_BARS:
            return Problem(here, f"This line has more than {MAX_BARS} bars (|).", "Make the table narrower.")
    if text.count("[") > MAX_BRACKETS:
        return Problem(place, f"This text has more than {MAX_BRACKETS} square brackets.", "Use fewer links.")
    if len(text) > MAX_TEXT_LENGTH or len(lines) > MAX_LINES:
        what = f"This text is longer than {MAX_TEXT_LENGTH:,} characters or {MAX_LINES:,} lines."
        return Problem(place, what, "Split it into several updates.")
    return None


def _locate_mistakes(found: Iterable[_TargetMistake], text: str, place: Place) -> Iterator[Problem]:
    """The problems with their lines; the converted text has none, so what was written is looked for, each time anew."""
    lines = text.split("\n")
    begin: dict[str, int] = {}
    for each in found:
        needle = next((needle for needle in each.needles if needle and needle in text), "")
        start = begin.get(needle, 0)
        number = next((number for number in range(start, len(lines)) if needle in lines[number]), max(start - 1, 0))
        begin[needle] = number + 1
        yield Problem(Place(place.file, place.line + number), each.error.what, each.error.hint)


def _plain_text(clean: str) -> str:
    broken = _BLOCK_ENDS.sub("\n", clean.replace("\n", " "))
    text = html.unescape(_stripper().clean(broken))
    return "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())
