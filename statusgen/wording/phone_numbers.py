"""Phone numbers as people write them, and the links (RFC 3966) by which they can be tapped."""

import re
from collections.abc import Collection
from dataclasses import dataclass

# In this order: a number in letters, one of the US, one with its country, one of three digits or a star, any other.
_NUMBER = re.compile(
    r"(?<![\w*#+.-])(?:"
    r"(?P<letters>(?:\+?1[-. ])?\(?8\d\d\)?[-. ](?=[0-9-]*[A-Z])[A-Z0-9]{3,}(?:-[A-Z0-9]+)*)"
    r"|(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ]?)\d{3}[-. ]?\d{4}(?!\d)"
    r"|\+\d(?:[ ().-]{0,2}\d){5,14}"
    r"|\d11(?![\w-])"
    r"|\*\d{2,4}(?![\d*#])"
    r"|\d(?:[ ().-]{0,2}\d){1,14}"
    r")",
    re.ASCII,
)
_EXTENSION = re.compile(r",?\s*(?:\b(?:ext(?:ension|ensi\u00f3n)?\b\.?|x)|#)\s*(\d{1,7})(?!\d)", re.IGNORECASE)
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
# In a text only what can be nothing else is a number: "+" and a country, or ten digits in groups.
_CERTAIN_NUMBER = re.compile(
    r"(?<![\w*#+./=-])(?:\+?1[-. ])?(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4}(?![\w-]|\.\d)"
    r"|(?<![\w+])\+[2-9]\d?(?:[ -]\d{2,4}){2,4}(?![\w-])",
    re.ASCII,
)
_NOT_TEXT = re.compile(r"<(a|code|pre|svg)\b.*?</\1>|<(?:[^>\"]|\"[^\"]*\")*>", re.DOTALL)


@dataclass(frozen=True)
class PhoneLink:
    """The first number in a text: the words before and after it, the number as it was written, and its address."""

    before: str
    number: str
    after: str
    address: str


def find_phone_link(text: str) -> PhoneLink | None:
    """Return the link to the first number in a text, with its extension; None if there is no number."""
    found = _NUMBER.search(text)
    if not found:
        return None
    extension = _EXTENSION.match(text, found.end())
    end = extension.end() if extension else found.end()
    address = _address(found[0]) + (f";ext={extension[1]}" if extension else "")
    return PhoneLink(text[: found.start()], text[found.start() : end], text[end:], address)


def link_numbers(html: str, short_numbers: Collection[str] = ()) -> str:
    """Return HTML in which numbers that stand in the text can be tapped; those in links and code are left alone.

    Three or four digits are a number only if they are among the `short_numbers`: "311".
    """
    parts, last = [], 0
    for tag in _NOT_TEXT.finditer(html):
        parts += [_link_text(html[last : tag.start()], short_numbers), tag[0]]
        last = tag.end()
    return "".join([*parts, _link_text(html[last:], short_numbers)])


def find_short_numbers(text: str) -> frozenset[str]:
    """Return what can be a short number in a text that is known to name one: "Call 911."."""
    return frozenset(re.findall(r"(?<![\w*#+./-])\d{3,4}(?![\w/-]|\.\d)", text, re.ASCII))


def _link_text(text: str, short_numbers: Collection[str]) -> str:
    parts, last = [], 0
    for found in _CERTAIN_NUMBER.finditer(text):
        extension = _EXTENSION.match(text, found.end())
        end = extension.end() if extension else found.end()
        address = _address(found[0]) + (f";ext={extension[1]}" if extension else "")
        parts += [_link_short(text[last : found.start()], short_numbers), _link(address, text[found.start() : end])]
        last = end
    return "".join([*parts, _link_short(text[last:], short_numbers)])


def _link_short(text: str, short_numbers: Collection[str]) -> str:
    if not short_numbers:
        return text
    known = re.compile(rf"(?<![\w*#+./=-])(?:{'|'.join(sorted(short_numbers))})(?![\w/-]|\.\d)", re.ASCII)
    return known.sub(lambda found: _link(f"tel:{found[0]}", found[0]), text)


def _link(address: str, words: str) -> str:
    return f'<a class="phone" href="{address}">{words}</a>'


def _address(number: str) -> str:
    """Return the address of a number, with hyphens as its only separators."""
    digits = number.upper().translate(_KEYPAD)
    return "tel:" + re.sub(r"[^\d+*]+", "-", digits).strip("-")
