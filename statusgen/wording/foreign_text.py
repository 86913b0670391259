"""Marks text on a page that is in another language than the page: for browsers, screen readers and readers.

A message of the pages can end up in a sentence, in an attribute, in a title or in a picture, and not all of them can
hold an element. So it carries signs that no text has (Unicode's noncharacters; `statusgen.text` lets none in), and when
the page is done, they become elements where there can be some, and vanish everywhere else.
"""

import re
from collections.abc import Iterator, Mapping

from markupsafe import Markup

from statusgen.content.languages import text_direction

_BEGIN, _TEXT, _END = "\ufdd0", "\ufdd1", "\ufdd2"
NOTE = "\ufdd3"
"""Stands in a page where it says that some of it is not translated."""

_OPENING = re.compile(f"{_BEGIN}([\\w-]*){_TEXT}")
_WORDLESS = re.compile(f"{_BEGIN}[\\w-]*{_TEXT}((?:(?![{_BEGIN}{_END}])[\\W\\d_])*){_END}")
_SIGNS = re.compile(f"{_BEGIN}[\\w-]*{_TEXT}|{_END}")
_BALANCED = re.compile(f"{_BEGIN}([\\w-]*){_TEXT}([^{_BEGIN}{_END}]*){_END}")
_TAG_OR_TEXT = re.compile(
    r"""<!--.*?-->|<(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)(?:[^>"']|"[^"]*"|'[^']*')*>|[^<]+|<""", re.DOTALL
)
# What these elements hold is text and nothing else, in HTML or in a picture.
_TEXT_ONLY = frozenset(("title", "desc", "style", "script", "textarea", "option"))
_PLACEHOLDER = re.compile(r"(%\(\w+\)s)")
_PART_AND_PERIOD = re.compile(f"%\\((\\w+)\\)s({_END}?)\\.(?![\\w.])")
_SPAN = '<span lang="{}" dir="{}">'
_LETTER = re.compile(r"[^\W\d_]")
_MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)
# What the record of changes quotes (pre) is as it was written, and not waiting for its translation.
_LANGUAGE = re.compile(r"""<(?!pre\b)[a-z][^<>]*(?<![\w-])lang="([\w-]+)\"""")
_SENTENCE_ENDS = ".!?…؟。"


def ends_sentence(text: str) -> bool:
    """Return whether words end as a sentence does."""
    return text[-1:] in _SENTENCE_ENDS and bool(text)


def drop_second_periods(message: str, parts: Mapping[str, object]) -> str:
    """Return a message without its period after each part that ends as a sentence does: "9 a.m." needs no other."""
    if ")s" not in message or "." not in message:
        return message
    return _PART_AND_PERIOD.sub(lambda found: f"%({found[1]})s{found[2]}{_period_after(parts.get(found[1]))}", message)


def _period_after(part: object) -> str:
    return "" if ends_sentence(_SIGNS.sub("", Markup(part).striptags())) else "."


def mark_message(message: str, language: str, page_language: str) -> str:
    """Return a message in `language` with signs around it, and around each part that will be filled in."""
    pieces = _PLACEHOLDER.split(message)
    if not any(_LETTER.search(piece) for piece in pieces[::2]):
        return message
    pieces[1::2] = [mark_words(piece, page_language) for piece in pieces[1::2]]
    return mark_words("".join(pieces), language)


def mark_words(words: str, language: str) -> str:
    """Return words that are in `language` with signs around them."""
    return f"{_BEGIN}{language}{_TEXT}{words}{_END}"


def span(words: str, language: str) -> Markup:
    """Return words in an element that has their language and their direction.

    With `dir`, a browser keeps the punctuation of foreign words on the side where it belongs.
    """
    return Markup(f"{_SPAN}{{}}</span>").format(language, text_direction(language), words)


def show_signs(html: str, page_language: str) -> str:
    """Return a page whose signs have become elements, or are gone where there can be none."""
    if _BEGIN not in html:
        return html
    languages = {page_language, *_OPENING.findall(html)}
    has_one_direction = len({*map(text_direction, languages)}) == 1
    tags = {language: _open_tag(language, has_one_direction) for language in languages}
    return "".join(_show(html, page_language, tags))


def _open_tag(language: str, has_one_direction: bool) -> str:
    return f'<span lang="{language}">' if has_one_direction else _SPAN.format(language, text_direction(language))


def _show(html: str, page_language: str, tags: Mapping[str, str]) -> Iterator[str]:
    text_only, is_picture = "", False
    for found in _TAG_OR_TEXT.finditer(html):
        name, is_text = (found["name"] or "").lower(), not found[0].startswith("<")
        if is_text and not text_only:
            yield _to_lines(found[0], page_language) if is_picture else _to_elements(found[0], tags)
            continue
        yield _SIGNS.sub("", found[0])
        if name == "svg":
            is_picture = not found["end"] and not found[0].endswith("/>")
        if name in _TEXT_ONLY:
            text_only = "" if found["end"] else name


def _to_elements(text: str, tags: Mapping[str, str]) -> str:
    """Return text with elements in place of signs. What a message holds of the page's own language needs one, too."""
    return _OPENING.sub(lambda sign: tags[sign[1]], _WORDLESS.sub(r"\1", text)).replace(_END, "</span>")


def _to_lines(text: str, page_language: str) -> str:
    """Return text of a picture, which may be one line of several: a message can begin in one and end in another."""
    marked = _BALANCED.sub(
        lambda found: found[2] if found[1] == page_language else f'<tspan lang="{found[1]}">{found[2]}</tspan>', text
    )
    return _SIGNS.sub("", marked)


def foreign_languages(html: str, page_language: str) -> tuple[str, ...]:
    """Return the languages of what a page shows besides its own, sorted."""
    main = _MAIN.search(html)
    return tuple(sorted({*_LANGUAGE.findall(main[0] if main else "")} - {page_language}))
