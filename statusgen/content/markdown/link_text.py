"""Checks that a link leads where its words say: "https://www.example.gov" must not open another site."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from statusgen.problems import InvalidValue
from statusgen.text import quote_text

# Endings of names that are sites even without www. before them. Two letters are a country, except those that files
# end in; "map.pdf" and "notes.md" are files.
_SITE_ENDINGS = {"gov", "com", "org", "net", "edu", "mil", "info", "biz", "app", "city", "online", "example"}
_FILE_ENDINGS = {"md", "gz", "js", "py", "ps", "rs", "sh", "ai", "so", "pl"}
_NAMED_SITE = re.compile(
    r"(?<![\w.@+-])(?P<scheme>https?://)?(?P<mailbox>[\w.+-]{1,64}@)?"
    r"(?P<host>(?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62})(?![\w-])",
    re.IGNORECASE,
)
_NAMED_NUMBER = re.compile(r"\+?\d(?:[ ().-]{0,3}\d){6,14}")
# Signs that are a dot to whoever looks the name up, or to the eye (RFC 3490, section 3.1).
_DOTS = str.maketrans(dict.fromkeys("\u3002\uff61\u2024\u2027\u00b7", "."))
_MAX_LENGTH = 1_000


def find_misleading_text(text: str, target: str) -> InvalidValue | None:
    """Return the mistake of a link whose text names another site, mailbox or phone number than its address."""
    text = _fold(text[:_MAX_LENGTH])
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    if parts.scheme == "tel":
        return _find_other_number(text, unquote(parts.path), target)
    if parts.scheme == "mailto":
        reached = [mailbox.rpartition("@")[2] for mailbox in unquote(parts.path).split(",")]
    elif parts.hostname:
        reached = [parts.hostname]
    else:
        return None
    for named, shown in _named_sites(text):
        if not all(_is_same_owner(named, _to_ascii(host)) for host in reached):
            what = f"The text of this link names {quote_text(shown)}, but it leads to {quote_text(target)}."
            return InvalidValue(what, "Write where it really leads, or words that name no site.")
    return None


def _fold(text: str) -> str:
    """Return a text without invisible characters, in its plain form."""
    plain = unicodedata.normalize("NFKC", text).translate(_DOTS)
    return "".join(char for char in plain if unicodedata.category(char) not in ("Cf", "Mn"))


def _named_sites(text: str) -> Iterator[tuple[str, str]]:
    """Yield each site that a text names, as browsers would look it up, and as it is written."""
    for found in _NAMED_SITE.finditer(text):
        host = found["host"]
        ending = host.rpartition(".")[2].casefold()
        # "St. Louis.It is" lacks a space, and "12.in" is a length.
        is_country = len(ending) == 2 and ending not in _FILE_ENDINGS and host.islower() and not host[0].isdigit()
        begins_so = found["scheme"] or found["mailbox"] or host.casefold().startswith("www.")
        if begins_so or is_country or ending in _SITE_ENDINGS:
            yield _to_ascii(host), found[0]


def _to_ascii(host: str) -> str:
    """Return a host name as it is looked up (RFC 3490); as it is if it cannot be."""
    host = host.casefold().strip(".").removeprefix("www.")
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host


def _is_same_owner(named: str, reached: str) -> bool:
    """Return whether two host names are the same, or one is a part of the other's site."""
    if named == reached or reached.endswith(f".{named}"):
        return True
    return "." in reached and named.endswith(f".{reached}")


def _find_other_number(text: str, number: str, target: str) -> InvalidValue | None:
    dialed = re.sub(r"\D", "", number)
    for found in _NAMED_NUMBER.finditer(text):
        named = re.sub(r"\D", "", found[0])
        if not (dialed.endswith(named) or named.endswith(dialed)):
            what = f"The text of this link names {quote_text(found[0])}, but it dials {quote_text(target)}."
            return InvalidValue(what, "Write the number that it dials.")
    return None
