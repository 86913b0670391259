"""Checks that a link leads where its words say: "https://www.example.gov" must not open another site."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from statusgen.content.markdown.shared_endings import is_shared_ending
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
_WHOLE_NUMBER = re.compile(
    r"\A\W{0,3}?(?P<verb>(?:call|dial|phone|tel|text|fax|llame al|appelez le)\b\W{0,3}?)?"
    r"(?P<number>(?:\+?1[ .-]{0,2})?\(?\d{3}[ ().-]{0,2}\d{3}[ .-]?\d{4}|\+\d{1,3}(?:[ ().-]{0,3}\d){6,12}"
    r"|(?(verb)\d{3}-\d{4}|(?!)))"  # without a verb, "240-2024" is an ordinance
    r"(?:[\s,]{0,3}(?:ext|x)\W{0,2}\d{1,6})?\W{0,3}",
    re.IGNORECASE,
)
# Products that have the name of a site, but not its address.
_PRODUCTS = {"asp.net", "ado.net", "vb.net", "ml.net", "paint.net"}
_PATH = re.compile(r"(?:[/:?#]\S*)?\W*")
_LEADS_THERE = re.compile(r"\b(?:at|visit|see|go to|en)\s\Z", re.IGNORECASE)
# Signs that are a dot to a program that looks the name up, or to the eye (RFC 3490, section 3.1).
_DOTS = str.maketrans(dict.fromkeys("\u3002\uff61\u2024\u2027\u00b7", "."))
_MAX_LENGTH = 1_000


def find_misleading_text(text: str, target: str) -> InvalidValue | None:
    """Return the mistake of a link whose text names another site, mailbox or phone number than its address."""
    if text == target:
        return None
    text = _fold(text[:_MAX_LENGTH])
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    sites = list(_named_sites(text))
    if parts.scheme == "tel":
        return _misleads(sites[0].shown, target) if sites else _find_other_number(text, unquote(parts.path), target)
    if parts.scheme == "mailto":
        mailboxes = unquote(parts.path).casefold().split(",")
        reached = [mailbox.strip().rpartition("@")[2] for mailbox in mailboxes]
        if named := {site.mailbox for site in sites if site.mailbox}:
            return None if named.issuperset(map(_fold, map(str.strip, mailboxes))) else _misleads(min(named), target)
    elif parts.hostname:
        reached = [parts.hostname]
    else:
        return None
    if number := _WHOLE_NUMBER.fullmatch(text):
        shown = quote_text(number["number"])
        what = f"The text of this link names the phone number {shown}, but it opens {quote_text(target)}."
        return InvalidValue(what, "Link to tel: and the number, or write words that say what the page is.")
    for site in sites:
        if not all(_is_same_owner(site.host, _to_ascii(host)) for host in reached):
            return _misleads(site.shown, target)
    return None


def _misleads(shown: str, target: str) -> InvalidValue:
    what = f"The text of this link names {quote_text(shown)}, but it leads to {quote_text(target)}."
    return InvalidValue(what, "Write where it really leads, or words that name no site.")


def _fold(text: str) -> str:
    """Return a text without invisible characters, in its plain form."""
    plain = unicodedata.normalize("NFKC", text).translate(_DOTS)
    categories = ((char, unicodedata.category(char)) for char in plain)
    return "".join("-" if kind == "Pd" else char for char, kind in categories if kind not in ("Cf", "Mn"))


@dataclass(frozen=True)
class _NamedSite:
    """A site or mailbox that a text names: its host as browsers look it up, and as it is written."""

    host: str
    shown: str
    mailbox: str


def _named_sites(text: str) -> Iterator[_NamedSite]:
    """Yield each site that a text claims to lead to; a name in a sentence may be what the page is about."""
    for found in _NAMED_SITE.finditer(text):
        host = found["host"]
        begins_so = found["scheme"] or found["mailbox"] or host.casefold().startswith("www.")
        if begins_so or _is_lookalike(host) or _claims_to_lead(found):
            yield _NamedSite(
                _to_ascii(host), found[0], f"{found['mailbox']}{host}".casefold() if found["mailbox"] else ""
            )


def _claims_to_lead(found: re.Match[str]) -> bool:
    """Return whether a name without a scheme is a site's, and is all of the text or follows a word such as "at"."""
    before, after = found.string[: found.start()], found.string[found.end() :]
    if not _PATH.fullmatch(after) or (re.search(r"\w", before) and not _LEADS_THERE.search(before)):
        return False
    host = found["host"]
    if host.casefold() in _PRODUCTS:
        return False
    ending = host.rpartition(".")[2]
    # "12.in" is a length.
    is_country = len(ending) == 2 and ending not in _FILE_ENDINGS and ending.islower() and not host[0].isdigit()
    return is_country or ending.casefold() in _SITE_ENDINGS or (after.startswith("/") and ending.islower())


def _is_lookalike(host: str) -> bool:
    """Return whether a part of a name mixes letters of the Latin alphabet with those of one that looks like it."""
    if host.isascii():
        return False
    return any(
        re.search(r"[a-z]", label, re.IGNORECASE) and re.search(r"[\u0370-\u058f]", label) for label in host.split(".")
    )


def _to_ascii(host: str) -> str:
    """Return a host name as it is looked up (RFC 3490); as it is if it cannot be."""
    host = host.casefold().strip(".").removeprefix("www.")
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host


def _is_same_owner(named: str, reached: str) -> bool:
    """Return whether two host names are the same, or one is a part of the other's site."""
    if named == reached:
        return True
    if reached.endswith(f".{named}"):
        return not is_shared_ending(named)
    return "." in reached and named.endswith(f".{reached}")


def _find_other_number(text: str, number: str, target: str) -> InvalidValue | None:
    """Return the mistake of a link that names phone numbers, but not the one that it dials."""
    # What follows a comma, a semicolon, a pause or a wait is dialed later.
    dialed = re.sub(r"\D", "", re.split(r"[,;pPwW]", number)[0])
    found = _NAMED_NUMBER.search(text)
    if not found or _names_number(text, dialed):
        return None
    what = f"The text of this link names {quote_text(found[0])}, but it dials {quote_text(target)}."
    return InvalidValue(what, "Write the number that it dials.")


def _names_number(text: str, dialed: str) -> bool:
    """Return whether a text has a number, with or without the code of its country or area."""
    if len(dialed) < 7:
        return bool(re.search(rf"(?<!\d)(?<!\d[ .-]){dialed}(?![ .-]?\d)", text)) and bool(dialed)
    # A whole number may follow other digits, such as a code ("1-816-…"); without its area, only the 0 of "020 …".
    for tail in (dialed[cut:] for cut in range(min(len(dialed) - 6, 7))):
        before = r"(?:\d{1,3}[ ().-]{0,3})?" if len(tail) >= 10 else r"(?<!\d[ ().-])(?<!\d[ ().-]{2})0?"
        if re.search(rf"(?<!\d){before}{'[ ().-]{0,3}'.join(tail)}(?!\d)", text):
            return True
    return False
