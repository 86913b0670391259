"""Markdown → safe HTML and plain text, through Python-Markdown and nh3.

Markdown is set up so that what people type into an e-mail comes out right: a list may follow a line directly,
bare addresses become links, an indented line is no program code, "#311" and "2024. A year" stay text. Raw HTML
is shown as the text it is. Links and images are checked where they stand, and those that stay within the site
are written `site:PATH`, for `addresses.resolve` to make relative to each page.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import cast
from xml.etree.ElementTree import Element

import markdown
import nh3
from markdown.blockprocessors import HashHeaderProcessor, OListProcessor
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from statusgen.errors import Place, Problem
from statusgen.model import Markup
from statusgen.reading.values import Wrong, address

# Python-Markdown takes time that grows with the square of these: 8,000 brackets cost it ten seconds.
MAX_LINE = 10_000
MAX_BRACKETS = 500
MAX_INDENT = 40

# Given the target of a link or image as the writer wrote it, its path on this site; raises Wrong.
Resolver = Callable[[str, bool], str]

_TAGS = {"p", "br", "hr", "strong", "em", "code", "a", "img", "ul", "ol", "li", "blockquote"}
_TAGS |= {"h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
_LIST_ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,3}\.) +\S")
_BLOCK_ENDS = re.compile(r"(?:<br ?/?>|</(?:p|li|h[456]|tr|blockquote)>|(?=<[uo]l>))\s*")
_LABEL = "statusgen_target"


class _ListsAfterLines(Preprocessor):
    """Lets a list begin straight after a line of text."""

    def run(self, lines: list[str]) -> list[str]:
        spaced: list[str] = []
        for line in lines:
            before = spaced[-1] if spaced else ""
            in_list = _LIST_ITEM.match(before) or before.startswith((" ", ">"))
            if _LIST_ITEM.match(line) and not line.startswith(" ") and before.strip() and not in_list:
                spaced.append("")
            spaced.append(line)
        return spaced


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


class _Targets(Treeprocessor):
    """Checks every link and image, and notes what is wrong with them."""

    resolve: Resolver
    found: list[Wrong]

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag == "a":
                element.set("href", self.target(html.unescape(element.get("href", "")), image=False))
            elif element.tag == "img":
                element.set("src", self.target(element.get("src", ""), image=True))
                if not element.get("alt", "").strip():
                    what = "A picture here has no words for those who cannot see it."
                    self.found.append(Wrong(what, "Write them in the brackets: ![what it shows](files/name.png)."))

    def target(self, written: str, image: bool) -> str:
        # Python-Markdown keeps the letters of an automatic e-mail address as entities behind this mark.
        written = html.unescape(written.replace("\x02amp\x03", "&"))
        try:
            if image or not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", written):
                return f"site:{self.resolve(written, image)}"
            return address(written)
        except Wrong as wrong:
            self.found.append(wrong)
            return ""


class _SpacedHeadings(HashHeaderProcessor):
    """Headings need a space after their signs: "#311" is text."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6}) (?P<header>(?:\\.|[^\\])*?)#*(?:\n|$)")


class _Setup(Extension):
    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 (the library's own name)
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.parser.blockprocessors.deregister("code")
        md.preprocessors.register(_ListsAfterLines(md), "lists_after_lines", 10)
        numbered = OListProcessor(md.parser)
        numbered.RE = re.compile(r"^[ ]{0,3}\d{1,3}\.[ ]+(.*)")
        md.parser.blockprocessors.register(numbered, "olist", 40)
        md.parser.blockprocessors.register(_SpacedHeadings(md.parser), "hashheader", 70)
        md.treeprocessors.register(_Headings(md), "headings", 5)
        md.treeprocessors.register(_Targets(md), _LABEL, 4)


@cache
def _markdown() -> markdown.Markdown:
    # tab_length 2: a sub-list may be indented by two spaces, as people do.
    setup: list[str | Extension] = ["tables", "pymdownx.magiclink", _Setup()]
    return markdown.Markdown(extensions=setup, tab_length=2, output_format="html")


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
        raw = converter.reset().convert(unicodedata.normalize("NFC", text))
    except RecursionError:
        what = "The lists and quotes here are nested too deeply."
        return None, [Problem(place, what, "Write it flatter.")]
    problems = [_located(wrong, text, place) for wrong in targets.found]
    clean = _cleaner().clean(raw)
    return Markup(clean, _plain(clean), language), problems


def _refused(text: str, place: Place) -> Problem | None:
    lines = text.split("\n")
    for number, line in enumerate(lines):
        here = Place(place.file, place.line + number)
        if len(line) > MAX_LINE:
            return Problem(here, f"This line is longer than {MAX_LINE:,} characters.", "Break it into paragraphs.")
        if len(line) - len(line.lstrip(" >\t-*+")) > MAX_INDENT:
            return Problem(here, "The lists and quotes here are nested too deeply.", "Write it flatter.")
    if text.count("[") > MAX_BRACKETS:
        return Problem(place, f"This text has more than {MAX_BRACKETS} square brackets.", "Write fewer links.")
    return None


def _located(wrong: Wrong, text: str, place: Place) -> Problem:
    # The tree has no lines, so the line is the first one that has the quoted target.
    quoted = re.search(r'"([^"]+)"', wrong.what)
    needle = quoted[1] if quoted else "!["
    for number, line in enumerate(text.split("\n")):
        if needle in line:
            return Problem(Place(place.file, place.line + number), wrong.what, wrong.hint)
    return Problem(place, wrong.what, wrong.hint)


def _plain(clean: str) -> str:
    broken = _BLOCK_ENDS.sub("\n", clean.replace("\n", " "))
    text = html.unescape(_stripper().clean(broken))
    return "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())
