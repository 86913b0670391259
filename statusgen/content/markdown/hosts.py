"""Checks that a browser takes the host name of a link for the same thing that a reader sees."""

import re
import unicodedata
from ipaddress import ip_address

from statusgen.english import English

# Alphabets with letters that look like Latin ones: a name with U+0430 for its "a" belongs to somebody else.
_LOOKALIKE_ALPHABETS = {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"}
_LABEL = re.compile(r"[^\W_](?:[\w\u200c\u200d-]*\w)?|_\w[\w-]*")


def find_host_mistake(host: str) -> str | None:
    """Return why `host` cannot be linked to, in a sentence, or None if it can."""
    if re.fullmatch(r"[0-9a-f.]*:[0-9a-f:.]+", host):
        return None if _is_ip_address(host) else English("This is not a valid host address.")
    labels = host.removesuffix(".").split(".")
    # A name that ends in a number is an IPv4 address (https://url.spec.whatwg.org/#ends-in-a-number-checker).
    if re.fullmatch(r"\d+|0x[0-9a-f]*", labels[-1]) and not _is_ip_address(host):
        return English("This is not a valid host address.")
    if host != unicodedata.normalize("NFKC", host) or not all(_LABEL.fullmatch(label) for label in labels):
        return English("Its host name contains a character that is not allowed.")
    if any(_has_mixed_alphabets(label) for label in labels):
        return English("Its host name mixes letters from two alphabets that look alike.")
    return None


def _is_ip_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _has_mixed_alphabets(label: str) -> bool:
    if label.isascii():
        return False
    alphabets = {unicodedata.name(char, "").split(" ")[0] for char in label if char.isalpha()}
    return bool(alphabets & _LOOKALIKE_ALPHABETS) and len(alphabets) > 1
