"""Checks that a link leads where its words say: "https://www.example.gov" must not open another site."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from statusgen.content.confidential import DOTS, SMALL_CAPITAL
from statusgen.content.markdown.shared_endings import is_shared_ending
from statusgen.english import English
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
# Numbers are compared with their gaps as one sign: "(" if there is one or a comma, otherwise "-". A colon is a time's.
_GAP = re.compile(r"(?<=\d)(?:[^\w\n:,]{1,3}|[_,])(?=\d)")
# A number with a word in it, "888-KC-POWER", and the keys of its letters (ITU-T E.161). No area has a code such as 311.
_SPELLED_NUMBER = re.compile(r"(?<!\w)(?!\d11)(?P<area>\d{3})(?:-|\)[ -]?)(?P<word>(?:[A-Z\d]-?){6,12}[A-Z\d])(?!\w)")
_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_EMERGENCY_NUMBER = re.compile(
    r"\W{0,3}(?:(?:call|dial|phone|tel|text|call or text|llame al|appelez le)\b\W{1,3})?(?P<number>9-?1-?1|9-?8-?8)"
    r"(?:\W{1,3}(?:now|immediately|for help|in an emergency|in emergencies|for emergencies))?\W{0,3}",
    re.IGNORECASE,
)
_NAMED_NUMBER = re.compile(r"\+?\d(?:[-(]?\d){6,14}")
_WHOLE_NUMBER = re.compile(
    r"\A\W{0,3}?(?P<verb>(?:call|dial|phone|tel|text|fax|llame al|appelez le)\b\W{0,3}?)?"
    r"(?P<number>(?:\+?1[-(]?)?\(?\d{3}[-(]?\d{3}-?\d{4}|\+\d{1,3}(?:[-(]?\d){6,12}"
    r"|(?(verb)\d{3}-\d{4}|(?!)))"  # without a verb, "240-2024" is an ordinance
    r"(?:[\s,]{0,3}(?:ext|x)\W{0,2}\d{1,6})?\W{0,3}",
    re.IGNORECASE,
)
# Products that have the name of a site, but not its address.
_PRODUCTS = {"asp.net", "ado.net", "vb.net", "ml.net", "paint.net"}
_ANNOUNCED = re.compile(r"\A[^\0]*[:|>(-]\s{0,3}\Z")
_REMARK = re.compile(r"\s?\(.*\Z", re.DOTALL)
_PATH = re.compile(r"(?:[/:?#]\S*)?\W*")
_LEADS_THERE = re.compile(r"\b(?:at|visit|see|go to|en)\s\Z", re.IGNORECASE)
# Signs that are a dot to a program that looks the name up, or to the eye (RFC 3490, section 3.1).
_DOTS = str.maketrans(dict.fromkeys(f"\u3002\uff61\u2024{DOTS}", "."))
_OFFICIAL_ENDING = re.compile(r"\.(?:gov|mil|(?:gov|gob|gouv|gc)\.[a-z]{2})\Z", re.IGNORECASE)
_MAX_LENGTH = 1_000


def find_misleading_text(text: str, target: str, before: str = "", after: str = "") -> InvalidValue | None:
    """Return the mistake of a link whose text names another site, mailbox or phone number than its address.

    So it is if the text does so together with what stands directly `before` and `after` the link.
    """
    if text == target:
        return None
    found = _find_misleading(text, target)
    # Both patterns match the empty text too, so there always is a match.
    if not found and (continued := _NAME_BEFORE.search(before)[0] + text + _NAME_AFTER.match(after)[0]) != text:  # type: ignore[index]
        found = _find_misleading(continued, target)
    return found


# What continues a name or a number beyond the text of a link; both match the empty text too.
_NAME_BEFORE = re.compile(r"(?:(?<![\w])\+?(?:1[ .-])?\(?\d{3}\)?[ .-]{1,3}|[!-~]{1,60})?\Z")
_NAME_AFTER = re.compile(r"[!-~]{0,60}")


def _find_misleading(text: str, target: str) -> InvalidValue | None:
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
    if number := _WHOLE_NUMBER.fullmatch(_fold_numbers(text)) or _find_other_emergency_number(text, target):
        shown = quote_text(number["number"])
        what = English(
            "The text of this link names the phone number %(shown)s, but it opens %(target)s.",
            shown=shown,
            target=quote_text(target),
        )
        return InvalidValue(what, English("Link to tel: and the number, or write words that say what the page is."))
    for site in sites:
        if not all(_is_same_owner(site.host, _to_ascii(host)) for host in reached):
            return _misleads(site.shown, target)
    return None


def _misleads(shown: str, target: str) -> InvalidValue:
    what = English(
        "The text of this link names %(shown)s, but it leads to %(target)s.",
        shown=quote_text(shown),
        target=quote_text(target),
    )
    return InvalidValue(what, English("Write where it really leads, or words that name no site."))


def _fold(text: str) -> str:
    """Return a text without invisible characters, in its plain form."""
    plain = unicodedata.normalize("NFKC", text).translate(_DOTS)
    categories = ((char, unicodedata.category(char)) for char in plain)
    plain = "".join("-" if kind == "Pd" else char for char, kind in categories if kind not in ("Cf", "Mn"))
    return plain if plain.isascii() else "".join(map(_fold_letter, plain))


def _fold_letter(char: str) -> str:
    small_capital = SMALL_CAPITAL.match(unicodedata.name(char, ""))
    return small_capital[1].lower() if small_capital else char


def _fold_numbers(text: str) -> str:
    """Return a text with the numbers in it in one form: 816-555-0100."""
    spelled = _SPELLED_NUMBER.sub(lambda found: f"{found['area']}-{_press_keys(found['word'])}", text)
    return _GAP.sub(lambda found: "(" if re.search(r"[(,]", found[0]) else "-", spelled)


def _press_keys(word: str) -> str:
    """Return a number's word as its first seven digits, which are those that count."""
    return word.translate(_KEYS).replace("-", "")[:7] if re.search("[A-Z]", word) else word


def _find_other_emergency_number(text: str, target: str) -> re.Match[str] | None:
    """Return 911 or 988 if a text offers to call it, but its link does not, nor is it about it by its address."""
    number = _EMERGENCY_NUMBER.fullmatch(_fold_numbers(text))
    return number if number and number["number"].replace("-", "") not in target else None


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
    if _OFFICIAL_ENDING.search(found["host"]):  # "Official site: kcmo.gov", "kcmo.gov (official)"
        before, after = _ANNOUNCED.sub("", before), _REMARK.sub("", after)
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
    text = _fold_numbers(text)
    found = _NAMED_NUMBER.search(text)
    named = found[0] if found else ""
    if not found and (emergency := _EMERGENCY_NUMBER.fullmatch(text)):
        named = emergency["number"]
    if not named or _names_number(text, dialed):
        return None
    what = English(
        "The text of this link names %(named)s, but it dials %(target)s.",
        named=quote_text(named),
        target=quote_text(target),
    )
    return InvalidValue(what, English("Write the number that it dials."))


def _names_number(text: str, dialed: str) -> bool:
    """Return whether a text has a number, with or without the code of its country or area."""
    if len(dialed) < 7:
        return bool(re.search(rf"(?<!\d)(?<!\d-){'-?'.join(dialed)}(?!-?\d)", text)) and bool(dialed)
    # A whole number may follow other digits, such as a code ("1-816-…"); without its area, only the 0 of "020 …".
    for tail in (dialed[cut:] for cut in range(min(len(dialed) - 6, 7))):
        before = r"(?:\d{1,3}[-(]?)?" if len(tail) >= 10 else r"(?<!\d[-(])0?"
        if re.search(rf"(?<!\d){before}{'[-(]?'.join(tail)}(?!\d)", text):
            return True
    return False
