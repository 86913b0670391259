"""Phone numbers as people write them, and the links (RFC 3966) by which they can be tapped."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from statusgen.model.whole_site import Site

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


def link_numbers(html: str, known_numbers: Collection[str] = ()) -> str:
    """Return HTML in which numbers that stand in the text can be tapped; those in links and code are left alone.

    What could be something else, like "311" or "555-0100", is a number if it is one of the `known_numbers`.
    """
    parts, last = [], 0
    for tag in _NOT_TEXT.finditer(html):
        parts += [_link_text(html[last : tag.start()], known_numbers), tag[0]]
        last = tag.end()
    return "".join([*parts, _link_text(html[last:], known_numbers)])


def numbers_to_link(site: Site) -> frozenset[str]:
    """Return the numbers that a site names and that are nothing but a number.

    The emergency number is none of them: nobody shall call it by a slip of the finger, except in the emergency line.
    """
    emergency = (
        find_short_numbers(" ".join(text for _, text in site.emergency.texts)) if site.emergency else frozenset()
    )
    links = {number: find_phone_link(number) for number in site.phone_numbers - emergency}
    return frozenset(number for number, link in links.items() if link and link.number == number)


def find_short_numbers(text: str) -> frozenset[str]:
    """Return what can be a short number in a text that is known to name one: "Call 911."."""
    return frozenset(re.findall(r"(?<![\w*#+./-])\d{3,4}(?![\w/-]|\.\d)", text, re.ASCII))


def _link_text(text: str, known_numbers: Collection[str]) -> str:
    parts, last = [], 0
    for found in _CERTAIN_NUMBER.finditer(text):
        extension = _EXTENSION.match(text, found.end())
        end = extension.end() if extension else found.end()
        address = _address(found[0]) + (f";ext={extension[1]}" if extension else "")
        parts += [_link_known(text[last : found.start()], known_numbers), _link(address, text[found.start() : end])]
        last = end
    return "".join([*parts, _link_known(text[last:], known_numbers)])


def _link_known(text: str, known_numbers: Collection[str]) -> str:
    if not known_numbers or not any(number in text for number in known_numbers):
        return text
    longest_first = sorted(known_numbers, key=lambda number: (-len(number), number))
    known = re.compile(rf"(?<![\w*#+./=-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w/-]|\.\d)", re.ASCII)
    return known.sub(lambda found: _link(_address(found[0]), found[0]), text)


def _link(address: str, words: str) -> str:
    return f'<a class="phone" href="{address}">{words}</a>'


def _address(number: str) -> str:
    """Return the address of a number, with hyphens as its only separators."""
    digits = number.upper().translate(_KEYPAD)
    return "tel:" + re.sub(r"[^\d+*]+", "-", digits).strip("-")
