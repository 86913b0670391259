"""Reads the small values of the format from text: times, statuses, states, ids, addresses.

Each function returns the value, or raises InvalidValue with what is wrong and what to write instead.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

import tzdata

from statusgen.content.format import date_hints
from statusgen.content.format.synonyms import resolve_synonym
from statusgen.content.markdown import hosts
from statusgen.english import English, join_choices
from statusgen.model.contacts import FeedbackContact
from statusgen.model.times import When
from statusgen.problems import InvalidValue
from statusgen.text import MAX_ID_BYTES, did_you_mean, fold_word, is_device_name, quote_text, slugify

TIME_PATTERN = re.compile(
    r"(?P<date>\d{4}-\d{1,2}-\d{1,2})(?:[ T](?P<clock>\d{1,2}:\d{2})(?::\d{2}(?:[.,]\d{1,9})?)?"
    r"\s?(?P<offset>Z|[+-]\d{2}(?::?\d{2})?(?!\d))?)?",
    re.ASCII,
)
_MONTH_PATTERN = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})", re.ASCII)
VAGUE_TIME_PATTERN = re.compile(f"{TIME_PATTERN.pattern}|{_MONTH_PATTERN.pattern}", re.ASCII)
_DURATION = re.compile(r"(\d{1,4}) ?(hour|day|week)s?")
_SCHEMES = ("http", "https", "mailto", "tel")
CREDENTIALS_MISTAKE = "contains a user name or password."
E = TypeVar("E", bound=Enum)


def parse_time(text: str, zone: ZoneInfo) -> When:
    """Read a date, or a date and time that is local to `zone` unless it has an offset.

    Local times that the clocks skip or show twice are refused (RFC 5545 and Python would pick one silently).
    """
    match = TIME_PATTERN.fullmatch(text.strip())
    if not match:
        raise InvalidValue(
            English("%(text)s is not a valid date or time.", text=quote_text(text)), date_hints.time_hint(text)
        )
    try:
        day = date(*(int(part) for part in match["date"].split("-")))
        if not 1970 <= day.year <= 2200:
            raise ValueError("not a year that a status page is about")
        if not match["clock"]:
            return When.day(day, zone)
        hour, minute = (int(part) for part in match["clock"].split(":"))
        local = datetime.combine(day, time(hour, minute))
        if match["offset"]:
            return When.moment(datetime.fromisoformat(f"{local.isoformat()}{_check_offset(match['offset'])}"))
    except (ValueError, OverflowError):
        what = English("There is no such time as %(text)s.", text=quote_text(text))
        raise InvalidValue(what, date_hints.impossible_time_hint(text)) from None
    return When.moment(_resolve_local_time(local, zone))


def parse_time_or_month(text: str, zone: ZoneInfo) -> When:
    """Read a time as `parse_time` does, or a whole month, like 2024-08."""
    match = _MONTH_PATTERN.fullmatch(text.strip())
    if not match:
        return parse_time(text, zone)
    year, month = int(match["year"]), int(match["month"])
    if not (1970 <= year <= 2200 and 1 <= month <= 12):
        hint = English("Write the year and the month in numbers, like 2024-08.")
        raise InvalidValue(English("There is no such month as %(text)s.", text=quote_text(text)), hint)
    return When.month(date(year, month, 1), zone)


def _check_offset(text: str) -> str:
    """Return an offset from UTC; raises ValueError unless clocks somewhere have it."""
    digits = re.sub(r"\D", "", text)
    if text != "Z" and (int(digits[:2]) > 14 or int(digits[2:] or 0) > 59):
        raise ValueError("not the offset of any clock")
    return text


def _resolve_local_time(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment of a local time; raises InvalidValue if the clocks skip it or show it twice.

    Near a change of the clocks, `fold` chooses between the offsets before and after it (PEP 495). If both give the
    same offset, no change is near. Otherwise, a time that the clocks show comes back unchanged from UTC: it is shown
    twice. One that they skip comes back as another.
    """
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local:
        choices = join_choices(moment.isoformat(" ", "minutes") for moment in (first, second))
        what = English(
            "%(local)s happens twice in %(zone)s, because the clocks go back.",
            local=f"{local:%Y-%m-%d %H:%M}",
            zone=zone.key,
        )
        raise InvalidValue(what, English("Add the offset to say which: %(choices)s.", choices=choices))
    shown = (moment.astimezone(UTC).astimezone(zone) for moment in (second, first))
    choices = join_choices(f"{moment:%Y-%m-%d %H:%M}" for moment in shown)
    what = English(
        "%(local)s does not exist in %(zone)s, because the clocks go forward.",
        local=f"{local:%Y-%m-%d %H:%M}",
        zone=zone.key,
    )
    raise InvalidValue(what, English("Write the time that the clocks showed: %(choices)s.", choices=choices))


def parse_enum(members: Iterable[E], text: str, noun: str) -> E:
    """Return the member of an enum that `text` names; case does not matter, nor do spaces or hyphens for "_"."""
    known = {member.value: member for member in members}
    word = fold_word(text)
    if word in known:
        return known[word]
    raise _unknown_name(text, word, known, noun)


def check_known_name(text: str, names: Collection[str], noun: str) -> str:
    """Return `text` if it is one of `names`; raises InvalidValue otherwise."""
    if text in names:
        return text
    raise _unknown_name(text, text, names, noun)


def _unknown_name(text: str, word: str, names: Collection[str], noun: str) -> InvalidValue:
    """Return the mistake of a name that is not in `names`; `word` is the text as it is compared with them."""
    what = f"There is no {noun} {quote_text(text)}."
    visible = "".join(char for char in word if char.isprintable())
    if visible in names:
        return InvalidValue(what, f'It contains an invisible character; type "{visible}".')

    def suggest_name() -> str:
        shown = [name for name in names if name.isprintable()]
        return did_you_mean(resolve_synonym(word, shown)[:MAX_ID_BYTES], shown) or f"No {noun} is defined yet."

    return InvalidValue(what, suggest_name, mistyped=text)


def parse_id(text: str) -> str:
    """Read an id, which becomes part of an address."""
    text = unicodedata.normalize("NFC", text)
    if re.fullmatch(r"[^\W_]+(?:[-_][^\W_]+)*", text) and text == text.casefold():
        if len(text.encode()) > MAX_ID_BYTES:
            raise InvalidValue(
                f"{quote_text(text)} is too long for an id.", f"Use no more than {MAX_ID_BYTES} letters."
            )
        if is_device_name(text):
            raise InvalidValue(
                f"Windows does not allow a file named {quote_text(text)}.", f'Write "{text}-1", for example.'
            )
        return text
    usable = slugify(text)
    what = f"{quote_text(text)} cannot be used as an id."
    raise InvalidValue(what, f'Write "{usable}".' if usable else "Use lowercase letters, digits, and hyphens.")


def parse_link(text: str) -> str:
    """Read a link to another site: http, https, mailto or tel, without a password in it."""
    try:
        parts = urlsplit(text)
        credentials = "@" in parts.netloc
        _ = parts.port
    except ValueError:
        raise InvalidValue(
            English("%(text)s is not an address.", text=quote_text(text)),
            English("Write it like https://www.example.org/page."),
        ) from None
    if parts.scheme not in _SCHEMES:
        raise InvalidValue(
            English("%(text)s is not an address that can be linked to.", text=quote_text(text)), _link_hint(text)
        )
    if credentials:
        # The message must not repeat a password: logs are public too.
        shown = quote_text(text.replace(f"//{parts.netloc.rpartition('@')[0]}@", "//…@", 1))
        raise InvalidValue(
            English("%(shown)s contains a user name or password.", shown=shown),
            English("Leave out the part before the @."),
        )
    if parts.scheme == "mailto" and (keys := _mail_headers(parts.query) - _MAIL_HEADERS):
        what = English(
            "%(text)s fills in more of the mail than people expect: %(keys)s.",
            text=quote_text(text),
            keys=", ".join(sorted(keys)),
        )
        raise InvalidValue(what, English("Only subject= and body= may follow the address."))
    if parts.scheme == "tel" and (re.search("#|%23", text) or _is_phone_code(unquote(parts.path))):
        raise InvalidValue(
            English("%(text)s is a code for the phone, not a number.", text=quote_text(text)), _LINK_HINTS["tel"]
        )
    required_path = {"mailto": r"[^@?]+@[^@?]+", "tel": r"\+?\d|\*\d"}.get(parts.scheme)
    complete = re.match(required_path, parts.path) if required_path else parts.hostname
    if not complete or _FORBIDDEN_IN_LINK.search(text) or (required_path and _ENCODED_LINE_END.search(text)):
        raise InvalidValue(
            English("%(text)s is not an address.", text=quote_text(text)),
            _LINK_HINTS.get(parts.scheme, _LINK_HINTS["https"]),
        )
    if parts.hostname and (mistake := hosts.find_host_mistake(parts.hostname)):
        raise InvalidValue(
            English("%(text)s cannot be linked to. %(mistake)s", text=quote_text(text), mistake=mistake),
            English("Type it again, one letter at a time."),
        )
    return text


# Others, such as bcc, send to people that nobody named (RFC 6068, section 7).
_MAIL_HEADERS = {"subject", "body"}


def _mail_headers(query: str) -> set[str]:
    """Return the headers that a mailto: address fills in, in small letters."""
    return {key.strip().casefold() for key, _ in parse_qsl(query.replace(";", "&"), keep_blank_values=True)}


# Browsers read a backslash as a slash and drop line ends; no address has any of the others (RFC 3986, section 2).
_FORBIDDEN_IN_LINK = re.compile(r"[\s\\\"<>\x00-\x20\x7f-\x9f]")
# A line end in a mailto: address begins another header (RFC 6068, section 7).
_ENCODED_LINE_END = re.compile("%(?:0|1|7f)", re.IGNORECASE)


_LINK_HINTS = {
    "https": English("Write it like https://www.example.org/page."),
    "mailto": English("Write it like mailto:help@example.org."),
    "tel": English("Write it like tel:816-555-0100."),
}


def _link_hint(text: str) -> str:
    """Return what to write instead of an address without its https:, mailto: or tel:."""
    if re.fullmatch(r"[^@\s:/]+@[^@\s:/]+", text):
        return English("Write %(address)s.", address=quote_text(f"mailto:{text}"))
    if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", text):
        return English("Write %(address)s.", address=quote_text(f"https://{text}"))
    if re.fullmatch(r"[\d() +./-]{5,}", text):
        return English('Write "tel:%(text)s".', text=text.replace(" ", "-"))
    return English("It must begin with https:, http:, mailto:, or tel:.")


def parse_web_address(text: str) -> str:
    """Read the address of something on the web, which is asked by statusgen itself."""
    if urlsplit(parse_link(text)).scheme not in ("http", "https"):
        raise InvalidValue(f"{quote_text(text)} is not an address on the web.", "Write one that begins with https://.")
    return text


def parse_site_url(text: str) -> str:
    """Read the address at which the site is published; returns it with a slash at its end."""
    parts = urlsplit(parse_link(text))
    unclear = parts.query or parts.fragment or re.search(r"/(\.{0,2})/|/\.\.?$", parts.path)
    if parts.scheme not in ("http", "https") or unclear:
        raise InvalidValue(
            f"{quote_text(text)} cannot be used as the site's address.", "Write it like https://status.example.org/."
        )
    return text if text.endswith("/") else f"{text}/"


@cache
def _standard_zones() -> frozenset[str]:
    """Return the names that every installation has. To list those of the system, its whole folder has to be read."""
    return frozenset(Path(tzdata.__file__).with_name("zones").read_text(encoding="utf-8").split())


def parse_zone(text: str) -> ZoneInfo:
    """Read the name of an IANA time zone: a place, so that its clocks change as those there do, or UTC."""
    if text not in ("UTC", "Etc/UTC") and ("/" not in text or text.startswith(("Etc/", "SystemV/"))):
        raise InvalidValue(f"{quote_text(text)} is not the name of a time zone.", _zone_hint(text))
    if text in _standard_zones():
        return ZoneInfo(text)
    known = available_timezones()
    if text not in known:
        near = did_you_mean(text[:MAX_ID_BYTES], sorted(name for name in known if "/" in name))
        hint = near if near.startswith("Did") else "Write a name like America/Chicago."
        raise InvalidValue(f"There is no time zone {quote_text(text)}.", hint)
    return ZoneInfo(text)


_US_ZONES = {
    "Eastern": "America/New_York",
    "Central": "America/Chicago",
    "Mountain": "America/Denver",
    "Arizona": "America/Phoenix",
    "Pacific": "America/Los_Angeles",
    "Alaska": "America/Anchorage",
    "Hawaii": "Pacific/Honolulu",
    "Atlantic": "America/Puerto_Rico",
}


def _zone_hint(text: str) -> str:
    """Return which place to write for a time zone that goes by another name, like EST or Central."""
    first = re.sub(r"[^A-Z]", "", text.upper())
    initials = {"AK": "Alaska", **{name[0]: name for name in reversed(_US_ZONES)}, "A": "Atlantic"}
    initial = re.fullmatch(r"(AK|[ECMPHA])[SD]?T(?:[ECMPHA][SD]T)?", first)
    named = next((name for name in _US_ZONES if name.upper() in first), initials[initial[1]] if initial else None)
    if named:
        also = " In Arizona: America/Phoenix." if named == "Mountain" else ""
        return f"{named} time is {_US_ZONES[named]}.{also}"
    zones = ", ".join(f"{zone} ({name})" for name, zone in _US_ZONES.items())
    return f"Write one like {zones}, or UTC."


def parse_duration(text: str) -> timedelta:
    """Read a length of time in hours, days or weeks."""
    match = _DURATION.fullmatch(text.strip())
    if not match or match[1].strip("0") == "":
        raise InvalidValue(f"{quote_text(text)} is not a length of time.", "Write it like 7 days or 12 hours.")
    return int(match[1]) * timedelta(**{f"{match[2]}s": 1})


_HOUR = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)


def parse_hours(text: str) -> tuple[time, time]:
    """Read from when to when something is so every day, on the clocks of the site: `22:00-07:00`."""
    match = re.fullmatch(f"{_HOUR.pattern} ?[-\u2013] ?{_HOUR.pattern}", text, re.ASCII)
    try:
        first, last = (time(int(hour), int(minute)) for hour, minute in _HOUR.findall(text))
    except ValueError:
        match = None
    if not match or first == last:
        raise InvalidValue(f"{quote_text(text)} is not from one hour to another.", "Write it like 22:00-07:00.")
    return first, last


def parse_count(text: str) -> int:
    """Read how many of something there can be: 1 to 9999."""
    if not re.fullmatch(r"[1-9]\d{0,3}", text, re.ASCII):
        raise InvalidValue(f"{quote_text(text)} is not a number from 1 to 9999.", "Write it like 20.")
    return int(text)


def parse_phone(text: str) -> str:
    """Read a phone number as people dial it, with or without words: "816-555-0100, then 2"."""
    if not re.search(r"\d", text) or re.search(r"[<>{}]", text):
        raise InvalidValue(
            f"{quote_text(text)} is not a phone number.", "Write it as people dial it, like 816-555-0100."
        )
    if _is_phone_code(text):
        what = f"{quote_text(text)} is a code for the phone, such as one that forwards its calls, and not a number."
        raise InvalidValue(what, "Write a number that people can call, like 816-555-0100 or *55.")
    return text


# What phones and exchanges take for a command, wherever it begins: *21*816…# (3GPP TS 22.030), *72 816… in America.
_PHONE_CODE = re.compile(r"(?<!\d)(?:[*#]{2}|[*#]\d{2,4}[*#])|\*\d{7}")


def _is_phone_code(text: str) -> bool:
    """Return whether dialing a text could forward calls; *55 and #77 are numbers, and "press *2#" is a key."""
    return bool(_PHONE_CODE.search(re.sub(r"[^\w*#]|_", "", unicodedata.normalize("NFKC", text))))


def parse_feedback(text: str) -> FeedbackContact:
    """Read where residents say that a page is wrong: an email address, a number, or a link."""
    if re.fullmatch(r"[^\s@/:?#]+@[^\s@/:?#]+", text):
        return FeedbackContact(email=parse_link(f"mailto:{text}").removeprefix("mailto:"))
    if not re.search("[@/:]", text):
        return FeedbackContact(phone=parse_phone(text))
    address = parse_link(text.replace("{address}", ADDRESS_STAND_IN))
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or text.count("{address}") != parts.query.count("{address}"):
        hint = "Write web@example.org, a phone number, or https://example.org/form?page={address}."
        raise InvalidValue(f"{quote_text(text)} is not an address to which a page can be reported.", hint)
    return FeedbackContact(url=address.replace(ADDRESS_STAND_IN, "{address}"))


# A name that a link can have where the address of a page will be.
ADDRESS_STAND_IN = "x-address-of-the-page-x"


def parse_alert_sender(text: str) -> str:
    """Read the sender of alerts: a text without spaces, commas, < and & (CAP 1.2, section 3.2.1)."""
    if re.search(r"[\s,<&]", text):
        raise InvalidValue(
            f"{quote_text(text)} cannot be used as the sender of alerts.", "Write it like status@springfield.example."
        )
    return text
