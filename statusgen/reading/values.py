"""The small values of the format, read from text: times, statuses, states, ids, addresses, colours.

Each function returns the value or raises `Wrong` with what is wrong and what to write instead.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from statusgen.errors import did_you_mean
from statusgen.model import When

TIME = re.compile(
    r"(?P<date>\d{4}-\d{1,2}-\d{1,2})(?:[ T](?P<clock>\d{1,2}:\d{2})(?::00)?\s?(?P<offset>Z|[+-]\d{2}:?\d{2})?)?"
)
_DURATION = re.compile(r"(\d{1,4}) ?(hour|day|week)s?")
_SCHEMES = ("http", "https", "mailto", "tel")
E = TypeVar("E", bound=Enum)


class Wrong(Exception):
    """A value that cannot be used: what is wrong, and what to write instead."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what, hint)
        self.what, self.hint = what, hint


def when(text: str, zone: ZoneInfo) -> When:
    """A date, or a date and time that is local to `zone` unless it carries an offset.

    Local times that the clocks skip, or show twice, are refused (RFC 5545 and Python would pick one silently).
    """
    match = TIME.fullmatch(text.strip())
    if not match:
        raise Wrong(f'"{text}" is not a time.', "Write it like 2024-05-15 or 2024-05-15 16:00.")
    try:
        day = date(*(int(part) for part in match["date"].split("-")))
        if not 1970 <= day.year <= 2200:
            raise ValueError("not a year that a status page speaks of")
        if not match["clock"]:
            return When.day(day, zone)
        hour, minute = (int(part) for part in match["clock"].split(":"))
        local = datetime.combine(day, time(hour, minute))
        if match["offset"]:
            return When.moment(datetime.fromisoformat(f"{local.isoformat()}{match['offset']}"))
    except (ValueError, OverflowError):
        raise Wrong(f'There is no such time as "{text}".', "Check the year, the month, the day and the hour.") from None
    return When.moment(_unambiguous(local, zone))


def _unambiguous(local: datetime, zone: ZoneInfo) -> datetime:
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    choices = " or ".join(f"{local:%Y-%m-%d %H:%M} {moment:%z}" for moment in (first, second))
    back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    if back == local:
        what = f"{local:%Y-%m-%d %H:%M} happens twice in {zone.key}, as the clocks go back."
        raise Wrong(what, f"Say which with its offset: {choices}.")
    what = f"{local:%Y-%m-%d %H:%M} does not exist in {zone.key}, as the clocks go forward."
    raise Wrong(what, f"Write the time that the clocks showed, or its offset: {choices}.")


def one_of(kinds: Iterable[E], text: str, noun: str) -> E:
    """The member of an enum that `text` names; letter case, spaces and hyphens are free."""
    known = {kind.value: kind for kind in kinds}
    word = re.sub(r"[\s-]+", "_", text.strip().casefold())
    if word in known:
        return known[word]
    raise Wrong(f'There is no {noun} "{text}".', did_you_mean(word, known))


def known_name(text: str, names: Iterable[str], noun: str) -> str:
    """`text`, which must be one of `names`."""
    names = list(names)
    if text in names:
        return text
    raise Wrong(f'There is no {noun} "{text}".', did_you_mean(text, names))


def slug(name: str) -> str:
    """An id made from a name: its letters and digits in lower case, joined by hyphens.

    Accents are left out ("Água" is `agua`); a name in letters that are not Latin keeps them.
    """
    folded = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return "-".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", bare)))


def identifier(text: str) -> str:
    """An id, which becomes part of an address."""
    if re.fullmatch(r"[^\W_]+(?:[-_.][^\W_]+)*", text) and len(text) <= 100 and text == text.casefold():
        return unicodedata.normalize("NFC", text)
    better = slug(text)[:100]
    what = f'"{text}" cannot be an id.'
    raise Wrong(what, f'Write "{better}".' if better else "Use small letters, digits and hyphens.")


def address(text: str) -> str:
    """A link to elsewhere: http, https, mailto or tel, without a password in it."""
    try:
        parts = urlsplit(text)
        credentials = "@" in parts.netloc
    except ValueError:
        raise Wrong(f'"{text}" is not an address.', "Write it like https://www.example.org/page.") from None
    if parts.scheme not in _SCHEMES:
        hint = "Write it in full, like https://www.example.org/page."
        raise Wrong(f'"{text}" is not an address that may be linked.', hint)
    if credentials:
        raise Wrong("This address has a name or password in it.", "Write it without the part before the @.")
    if (parts.scheme in ("http", "https") and not parts.hostname) or re.search(r"\s", text):
        raise Wrong(f'"{text}" is not an address.', "Write it like https://www.example.org/page.")
    return text


def site_address(text: str) -> str:
    """The address at which the site is published, with a slash at its end."""
    parts = urlsplit(address(text))
    if parts.scheme not in ("http", "https") or parts.query or parts.fragment:
        raise Wrong(f'"{text}" cannot be the address of a site.', "Write it like https://status.example.org/.")
    return text if text.endswith("/") else f"{text}/"


def zone(text: str) -> ZoneInfo:
    """An IANA time zone by its name."""
    known = available_timezones()
    if text not in known:
        near = did_you_mean(text, sorted(name for name in known if "/" in name))
        hint = near if near.startswith("Did") else "Write an IANA name like America/Chicago."
        raise Wrong(f'There is no time zone "{text}".', hint)
    return ZoneInfo(text)


def duration(text: str) -> timedelta:
    """A length of time in hours, days or weeks."""
    match = _DURATION.fullmatch(text.strip())
    if not match or match[1].strip("0") == "":
        raise Wrong(f'"{text}" is not a length of time.', "Write it like 7 days or 12 hours.")
    return int(match[1]) * timedelta(**{f"{match[2]}s": 1})


def colour(text: str) -> str:
    """A colour as six hexadecimal digits."""
    if re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        return text.lower()
    raise Wrong(f'"{text}" is not a colour.', 'Write it like "#0b5394", in quotes.')
