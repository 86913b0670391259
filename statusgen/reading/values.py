"""The small values of the format, read from text: times, statuses, states, ids, addresses.

Each function returns the value or raises `Wrong` with what is wrong and what to write instead.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import tzdata

from statusgen.errors import did_you_mean
from statusgen.model import When
from statusgen.reading import hosts, misdated
from statusgen.reading.synonyms import meant

TIME = re.compile(
    r"(?P<date>\d{4}-\d{1,2}-\d{1,2})(?:[ T](?P<clock>\d{1,2}:\d{2})(?::00)?\s?(?P<offset>Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_DURATION = re.compile(r"(\d{1,4}) ?(hour|day|week)s?")
# https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
_DEVICES = re.compile("con|prn|aux|nul|(?:com|lpt)[0-9¹²³]")
_SCHEMES = ("http", "https", "mailto", "tel")
_SHOWN = 60
_MOST_BYTES = 100
E = TypeVar("E", bound=Enum)


class Wrong(Exception):
    """A value that cannot be used: what is wrong, and what to write instead.

    A hint that takes time to find is a function, called only if somebody will read it.
    """

    def __init__(self, what: str, hint: str | Callable[[], str] = "") -> None:
        super().__init__(what)
        self.what, self._hint = what, hint

    @property
    def hint(self) -> str:
        """What to write instead."""
        return self._hint if isinstance(self._hint, str) else self._hint()


def quoted(text: str) -> str:
    """The writer's own words in a message: on one line, no longer than it takes to know them again."""
    visible = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in " ".join(text.split()))
    return f'"{visible}"' if len(visible) <= _SHOWN else f'"{visible[: _SHOWN - 1]}…"'


def when(text: str, zone: ZoneInfo) -> When:
    """A date, or a date and time that is local to `zone` unless it carries an offset.

    Local times that the clocks skip, or show twice, are refused (RFC 5545 and Python would pick one silently).
    """
    match = TIME.fullmatch(text.strip())
    if not match:
        raise Wrong(f"{quoted(text)} is not a time.", misdated.otherwise(text))
    try:
        day = date(*(int(part) for part in match["date"].split("-")))
        if not 1970 <= day.year <= 2200:
            raise ValueError("not a year that a status page speaks of")
        if not match["clock"]:
            return When.day(day, zone)
        hour, minute = (int(part) for part in match["clock"].split(":"))
        local = datetime.combine(day, time(hour, minute))
        if match["offset"]:
            return When.moment(datetime.fromisoformat(f"{local.isoformat()}{_offset(match['offset'])}"))
    except (ValueError, OverflowError):
        what = f"There is no such time as {quoted(text)}."
        raise Wrong(what, misdated.impossible(text)) from None
    return When.moment(_unambiguous(local, zone))


def _offset(text: str) -> str:
    """An offset from UTC, if clocks anywhere show it; raises ValueError."""
    digits = re.sub(r"\D", "", text)
    if text != "Z" and (int(digits[:2]) > 14 or int(digits[2:]) > 59):
        raise ValueError("no offset of any clock")
    return text


def _unambiguous(local: datetime, zone: ZoneInfo) -> datetime:
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    if back == local:
        choices = " or ".join(moment.isoformat(" ", "minutes") for moment in (first, second))
        what = f"{local:%Y-%m-%d %H:%M} comes twice in {zone.key}, as the clocks go back."
        raise Wrong(what, f"Say which with its offset: {choices}.")
    shown = (moment.astimezone(UTC).astimezone(zone) for moment in (second, first))
    choices = " or ".join(f"{moment:%Y-%m-%d %H:%M}" for moment in shown)
    what = f"There is no {local:%Y-%m-%d %H:%M} in {zone.key}, as the clocks go forward."
    raise Wrong(what, f"Write the time that they showed: {choices}.")


def one_of(kinds: Iterable[E], text: str, noun: str) -> E:
    """The member of an enum that `text` names; letter case, spaces and hyphens are free."""
    known = {kind.value: kind for kind in kinds}
    word = re.sub(r"[\s-]+", "_", text.strip().casefold())
    if word in known:
        return known[word]
    raise _unknown(text, word, known, noun)


def known_name(text: str, names: Collection[str], noun: str) -> str:
    """`text`, which must be one of `names`."""
    if text in names:
        return text
    raise _unknown(text, text, names, noun)


def _unknown(text: str, word: str, names: Collection[str], noun: str) -> Wrong:
    what = f"There is no {noun} {quoted(text)}."
    visible = "".join(char for char in word if char.isprintable())
    if visible in names:
        return Wrong(what, f'There is an invisible character in it; type "{visible}".')

    def near() -> str:
        shown = [name for name in names if name.isprintable()]
        return did_you_mean(meant(word, shown)[:_MOST_BYTES], shown) or f"No {noun} is defined yet."

    return Wrong(what, near)


def slug(name: str) -> str:
    """An id made from a name: its letters and digits in lower case, joined by hyphens.

    Accents are left out ("Água" is `agua`); a name in letters that are not Latin keeps them.
    """
    folded = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    whole = "-".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", bare)))
    return whole.encode()[:_MOST_BYTES].decode(errors="ignore").rstrip("-")


def identifier(text: str) -> str:
    """An id, which becomes part of an address."""
    text = unicodedata.normalize("NFC", text)
    if re.fullmatch(r"[^\W_]+(?:[-_][^\W_]+)*", text) and text == text.casefold():
        if len(text.encode()) > _MOST_BYTES:
            raise Wrong(f"{quoted(text)} is too long for an id.", f"Write no more than {_MOST_BYTES} letters.")
        if _DEVICES.fullmatch(text):
            raise Wrong(f"No file can be called {quoted(text)} on Windows.", f'Write for example "{text}-1".')
        return text
    better = slug(text)
    what = f"{quoted(text)} cannot be an id."
    raise Wrong(what, f'Write "{better}".' if better else "Use small letters, digits and hyphens.")


def address(text: str) -> str:
    """A link to elsewhere: http, https, mailto or tel, without a password in it."""
    try:
        parts = urlsplit(text)
        credentials = "@" in parts.netloc
        _ = parts.port
    except ValueError:
        raise Wrong(f"{quoted(text)} is not an address.", "Write it like https://www.example.org/page.") from None
    if parts.scheme not in _SCHEMES:
        raise Wrong(f"{quoted(text)} is not an address that may be linked.", _whole_address(text))
    if credentials:
        hint = "Write it without the part before the @."
        raise Wrong(f"{quoted(text)} has a name or password in it.", hint)
    needs = {"mailto": r"[^@?]+@[^@?]+", "tel": r"\+?\d"}.get(parts.scheme)
    complete = re.match(needs, parts.path) if needs else parts.hostname
    if not complete or _NO_PART.search(text) or (needs and _NO_LINE.search(text)):
        raise Wrong(f"{quoted(text)} is not an address.", _EXAMPLES.get(parts.scheme, _EXAMPLES["https"]))
    if parts.hostname and (slip := hosts.slip(parts.hostname)):
        raise Wrong(f"{quoted(text)} cannot be linked. {slip}", "Type it again, letter by letter.")
    return text


# Browsers read a backslash as a slash, and drop line ends; the rest no address has (RFC 3986, section 2).
_NO_PART = re.compile(r"[\s\\\"<>\x00-\x20\x7f-\x9f]")
# A line end in a mail's address begins another header (RFC 6068, section 7).
_NO_LINE = re.compile("%(?:0|1|7f)", re.IGNORECASE)


_EXAMPLES = {
    "https": "Write it like https://www.example.org/page.",
    "mailto": "Write it like mailto:help@example.org.",
    "tel": "Write it like tel:816-555-0100.",
}


def _whole_address(text: str) -> str:
    """What to write instead of an address that does not say how to get there."""
    if re.fullmatch(r"[^@\s:/]+@[^@\s:/]+", text):
        return f"Write {quoted(f'mailto:{text}')}."
    if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", text):
        return f"Write {quoted(f'https://{text}')}."
    if re.fullmatch(r"[\d() +./-]{5,}", text):
        return f'Write "tel:{text.replace(" ", "-")}".'
    return "It has to begin with https:, http:, mailto: or tel:."


def site_address(text: str) -> str:
    """The address at which the site is published, with a slash at its end."""
    parts = urlsplit(address(text))
    unclear = parts.query or parts.fragment or re.search(r"/(\.{0,2})/|/\.\.?$", parts.path)
    if parts.scheme not in ("http", "https") or unclear:
        raise Wrong(f"{quoted(text)} cannot be the address of a site.", "Write it like https://status.example.org/.")
    return text if text.endswith("/") else f"{text}/"


@cache
def _usual_zones() -> frozenset[str]:
    """The names that every set-up has. For those of the system, all of its folder has to be read."""
    return frozenset(Path(tzdata.__file__).with_name("zones").read_text(encoding="utf-8").split())


def zone(text: str) -> ZoneInfo:
    """An IANA time zone by its name."""
    if text in _usual_zones():
        return ZoneInfo(text)
    known = available_timezones()
    if text not in known:
        near = did_you_mean(text[:_MOST_BYTES], sorted(name for name in known if "/" in name))
        hint = near if near.startswith("Did") else "Write its name like America/Chicago."
        raise Wrong(f"There is no time zone {quoted(text)}.", hint)
    return ZoneInfo(text)


def duration(text: str) -> timedelta:
    """A length of time in hours, days or weeks."""
    match = _DURATION.fullmatch(text.strip())
    if not match or match[1].strip("0") == "":
        raise Wrong(f"{quoted(text)} is not a length of time.", "Write it like 7 days or 12 hours.")
    return int(match[1]) * timedelta(**{f"{match[2]}s": 1})


def phone(text: str) -> str:
    """A number as one dials it, which may have words beside it: "816-555-0100, then 2"."""
    if not re.search(r"\d", text) or re.search(r"[<>\"=;{}]", text):
        raise Wrong(f"{quoted(text)} is not a phone number.", "Write it as one dials it, like 816-555-0100.")
    return text


def sender(text: str) -> str:
    """Who sends alerts: a text without spaces, commas, < and & (CAP 1.2, section 3.2.1)."""
    if re.search(r"[\s,<&]", text):
        raise Wrong(f"{quoted(text)} cannot be the sender of alerts.", "Write it like status@springfield.example.")
    return text
