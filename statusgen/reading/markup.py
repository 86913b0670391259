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

from statusgen.errors import Place, Problem
from statusgen.model import Markup
from statusgen.reading.documents import UNSEEN
from statusgen.reading.lists import STEP, typed_lists
from statusgen.reading.values import Wrong, address, quoted

# Python-Markdown takes time that grows with the square of these: 8,000 brackets cost it ten seconds.
MAX_TEXT = 50_000
MAX_LINES = 2_000
MAX_LINE = 10_000
MAX_BRACKETS = 500
MAX_BARS = 50
MAX_INDENT = 40

# Given the target of a link or image as the writer wrote it, its path on this site; raises Wrong.
Resolver = Callable[[str, bool], str]

_TAGS = {"p", "br", "hr", "strong", "em", "code", "a", "img", "ul", "ol", "li", "blockquote"}
_TAGS |= {"h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
_BLOCK_ENDS = re.compile(r"(?:<br ?/?>|</(?:p|li|h[456]|tr|blockquote)>|(?=<[uo]l>))\s*")
_LABEL = "statusgen_target"
_NESTING = re.compile(r"(?:[ >\t*+-]|\d{1,9}[.)] )*+")


class _TypedLists(Preprocessor):
    """Brings lists into the form that the library knows."""

    def run(self, lines: list[str]) -> list[str]:
        return typed_lists(lines)


class _Headings(Treeprocessor):
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
class _Found:
    """What is wrong with a link or an image, and what to look for in the text: the first that is there."""

    wrong: Wrong
    written: tuple[str, ...]


class _Targets(Treeprocessor):
    """Checks every link and image, and notes what is wrong with them."""

    resolve: Resolver
    found: list[_Found]

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag == "a":
                element.set("href", self.target(_unescaped(element.get("href", "")), image=False))
            elif element.tag == "img":
                written = _unescaped(element.get("src", ""))
                element.set("src", self.target(written, image=True))
                if not element.get("alt", "").strip():
                    what = "A picture here has no words for those who cannot see it."
                    hint = "Write them in the brackets: ![what it shows](files/name.png)."
                    self.found.append(_Found(Wrong(what, hint), (f"![]({written}", "![](", f"]({written}", "![")))

    def target(self, written: str, image: bool) -> str:
        """What a link or image leads to, as `site:PATH` where that is a part of this site; empty if it is wrong."""
        elsewhere = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", written)
        try:
            if not written.strip():
                raise Wrong("A link or a picture here has no address.", "Write it between the round brackets.")
            if image and elsewhere:
                hint = "Save it in incidents/files/ and write ![what it shows](files/name.png)."
                raise Wrong(f"{quoted(written)} is no file beside the posts, so it cannot be shown.", hint)
            return address(written) if elsewhere else f"site:{self.resolve(written, image)}"
        except Wrong as wrong:
            self.found.append(_Found(wrong, (f"]({written}", written, "]()")))
            return ""


def _unescaped(written: str) -> str:
    # Python-Markdown keeps the letters of an automatic e-mail address as entities behind this mark.
    whole = html.unescape(html.unescape(written).replace("\x02amp\x03", "&"))
    # And so it keeps what stood behind a backslash, by its number.
    return re.sub("\x02(\\d+)\x03", lambda found: chr(int(found[1])), whole)


class _SpacedHeadings(HashHeaderProcessor):
    """Headings need a space after their signs: "#311" is text."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6}) (?P<header>(?:\\.|[^\\])*?)#*(?:\n|$)")


class _NumberedLists(OListProcessor):
    """A year is no number of a list ("2024. A year"), and a list that begins with 3 is numbered from 3."""

    LAZY_OL = False

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        self.RE = re.compile(r"^[ ]{0,3}\d{1,3}\.[ ]+(.*)")


class _Setup(Extension):
    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 (the library's own name)
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.parser.blockprocessors.deregister("code")
        md.preprocessors.register(_TypedLists(md), "typed_lists", 10)
        numbered = _NumberedLists(md.parser)
        md.parser.blockprocessors.register(numbered, "olist", 40)
        md.parser.blockprocessors.register(_SpacedHeadings(md.parser), "hashheader", 70)
        md.treeprocessors.register(_Headings(md), "headings", 5)
        md.treeprocessors.register(_Targets(md), _LABEL, 4)


@cache
def _markdown() -> markdown.Markdown:
    setup: list[str | Extension] = ["tables", "pymdownx.magiclink", _Setup()]
    return markdown.Markdown(extensions=setup, tab_length=STEP, output_format="html")


@cache
def _cleaner() -> nh3.Cleaner:
    schemes = {"http", "https", "mailto", "tel", "site"}
    return nh3.Cleaner(tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=schemes, link_rel="noopener noreferrer")


@cache
def _stripper() -> nh3.Cleaner:
    return nh3.Cleaner(tags=set())


def convert(text: str, language: str, place: Place, resolve: Resolver) -> tuple[Markup | None, list[Problem]]:
    """Convert Markdown that begins at `place`; None where there is no text, or where it cannot be converted."""
    if not text.strip():
        return None, []
    if refused := _refused(text, place):
        return None, [refused]
    converter = _markdown()
    targets = cast(_Targets, converter.treeprocessors[_LABEL])
    targets.resolve, targets.found = resolve, []
    try:
        raw = converter.reset().convert(text)
    except RecursionError:
        what = "The lists and quotes here are nested too deeply."
        return None, [Problem(place, what, "Write it flatter.")]
    problems = list(_located(targets.found, text, place))
    clean = _cleaner().clean(raw)
    if unseen := UNSEEN.search(clean):
        what = f"There is a character here that cannot be shown (U+{ord(unseen[0]):04X}), written with & and ;."
        problems += _located([_Found(Wrong(what, "Delete it."), ("&#",))], text, place)
    return Markup(clean, _plain(clean), language), problems


def _refused(text: str, place: Place) -> Problem | None:
    lines = text.split("\n")
    for number, line in enumerate(lines, place.line):
        here = Place(place.file, number)
        if len(line) > MAX_LINE:
            return Problem(here, f"This line is longer than {MAX_LINE:,} characters.", "Break it into paragraphs.")
        if _NESTING.match(line).end() > MAX_INDENT:  # type: ignore[union-attr]
            return Problem(here, "The lists and quotes here are nested too deeply.", "Write it flatter.")
        if line.count("|") > MAX_BARS:
            return Problem(here, f"This line has more than {MAX_BARS} bars (|).", "Make the table narrower.")
    if text.count("[") > MAX_BRACKETS:
        return Problem(place, f"This text has more than {MAX_BRACKETS} square brackets.", "Write fewer links.")
    if len(text) > MAX_TEXT or len(lines) > MAX_LINES:
        what = f"This text is longer than {MAX_TEXT:,} characters or {MAX_LINES:,} lines."
        return Problem(place, what, "Split it into several updates.")
    return None


def _located(found: Iterable[_Found], text: str, place: Place) -> Iterator[Problem]:
    """The problems with their lines; the converted text has none, so what was written is looked for, each time anew."""
    lines = text.split("\n")
    begin: dict[str, int] = {}
    for each in found:
        needle = next((needle for needle in each.written if needle and needle in text), "")
        start = begin.get(needle, 0)
        number = next((number for number in range(start, len(lines)) if needle in lines[number]), max(start - 1, 0))
        begin[needle] = number + 1
        yield Problem(Place(place.file, place.line + number), each.wrong.what, each.wrong.hint)


def _plain(clean: str) -> str:
    broken = _BLOCK_ENDS.sub("\n", clean.replace("\n", " "))
    text = html.unescape(_stripper().clean(broken))
    return "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())
