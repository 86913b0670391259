"""HTML of another status page → Markdown, by a library; what a post cannot show of it is noted.

What has no HTML in it is Markdown already, or text. Texts of people often have both: a `<br>` within their Markdown.
"""

import html
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from urllib.parse import urljoin

import nh3

from statusgen.imports.source import SourceError
from statusgen.imports.texts import LINK
from statusgen.imports.told import Note, NoteKind
from statusgen.problems import Place
from statusgen.text import quote_text

_TAG = re.compile(
    r"</?(?:a|b|blockquote|br|code|details|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|script|small|span|strong|style|sub|"
    r"summary|sup|table|tbody|td|th|thead|time|tr|u|ul|var)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# A text that begins with one of these is HTML as a whole; in others, marks such as ** are Markdown's.
_BLOCK = re.compile(r"\s*<(?:blockquote|div|h[1-6]|ol|p|table|ul)[\s>]", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"(\n[ \t]*\n\s*)")
_OTHER_SCHEME = re.compile(r"(?!https?:|mailto:|tel:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_MOST = 200_000
_LONG_SPACE = re.compile(r"[ \t]{100,}")
_CODE = re.compile(r"`[^`\n]*`")


def to_markdown(text: str, place: Place, page: str | None = None) -> tuple[str, list[Note]]:
    """Return a text in Markdown, and what was lost; `page` is the address that its links are relative to.

    Raises SourceError if it has HTML in it and the library is not installed.
    """
    notes: list[Note] = []
    if len(text) > _MOST:  # no post can have it, and nobody waits for it to be converted
        return text, notes
    bare = _COMMENT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if _BLOCK.match(bare):
        bare = _convert(bare, is_whole=True)
    elif "```" not in bare:  # within a block of code, tags are what it shows
        parts = _PARAGRAPH_END.split(bare)
        bare = "".join(_convert(part, is_whole=False) if _has_tag(part) else part for part in parts)
    return LINK.sub(lambda found: _settle_link(found, place, page, notes), bare).strip(), notes


def _has_tag(text: str) -> bool:
    return bool(_TAG.search(_CODE.sub("", text)))


def _settle_link(found: re.Match[str], place: Place, page: str | None, notes: list[Note]) -> str:
    """Return a link with its whole address; in place of a picture that is elsewhere, a link to it."""
    words, target = found["words"], found["target"]
    if page and target.startswith("/"):
        with suppress(ValueError):  # what looks like a host with a bracket
            target = urljoin(page, target)
    if _OTHER_SCHEME.match(target):
        what = f"A link was left out, its words stayed: {quote_text(target)}."
        notes.append(Note(place, NoteKind.LOSS, what))
        return words
    if found["mark"] and target.startswith(("https://", "http://")):
        what = f"A picture of another host became a link to it: {quote_text(target)}."
        notes.append(Note(place, NoteKind.LOSS, what))
        return f"[{words.strip() or 'picture'}]({target})"
    return found[0] if target == found["target"] else f"{found['mark']}[{words}]({target})"


def _convert(text: str, is_whole: bool) -> str:
    """Return HTML as Markdown; nothing of scripts or styles stays.

    For long rows of spaces, and of tags that never end, the libraries need the square of their time: the first look
    like one space, and the second are no tags.
    """
    text = _LONG_SPACE.sub(" ", text)
    end = text.rfind(">") + 1
    text = text[:end] + text[end:].replace("<", "&lt;")
    try:
        return _find_converter()(text, is_whole)
    except RecursionError:  # nested without end: its words alone
        return html.unescape(nh3.clean(text, tags=set()))


@cache
def _find_converter() -> Callable[[str, bool], str]:
    try:
        from markdownify import markdownify
    except ImportError:
        what = "This source has texts in HTML, and what makes Markdown of them is not installed."
        hint = "Install it with: pip install 'statusgen[import]'"
        raise SourceError(f"{what} {hint}. Nothing was written.") from None

    def convert(text: str, is_whole: bool) -> str:
        # An escaped underscore would break addresses that are written out; ours do not emphasize within words anyway.
        written: str = markdownify(
            text, heading_style="atx", bullets="-", escape_asterisks=is_whole, escape_underscores=False
        )
        return written

    return convert
