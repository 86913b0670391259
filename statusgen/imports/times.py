"""Times as other status pages write them: with and without a zone, and not always right."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from dateutil import parser

from statusgen.model.times import When
from statusgen.problems import InvalidValue
from statusgen.text import quote_text

_TIME = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:(?:T|\s+)(?P<hour>\d{1,3}):(?P<minute>\d{1,3})(?::\d{1,3}(?:[.,]\d+)?)?"
    r"\s?(?P<offset>Z|UTC|GMT|[+-]\d{1,2}:?\d{2}|[+-]\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_PLAIN = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)? ?(?:Z|UTC|[+-]\d\d:?\d\d)?)?")
_SLASHES = re.compile(r"(?P<first>\d{1,2})[/.](?P<second>\d{1,2})[/.](?P<year>\d{4})(?P<rest>.*)", re.DOTALL)
# dateutil takes "9am" for a day without a time, because nobody wrote the minutes.
_WHOLE_HOUR = re.compile(r"(?<![\d:.])(\d{1,2}) ?([ap])\.?m\b\.?", re.IGNORECASE)
_NOON = re.compile(r"\b(?:12 )?noon\b", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b(?: of\b)?", re.IGNORECASE)
# Two moments that share nothing: a part of a time that is not written is taken from them, and so is different.
_DEFAULTS = (datetime(2001, 2, 3, 4, 5), datetime(2002, 3, 4, 6, 7))  # noqa: DTZ001 (each stands for what is not written)


@dataclass(frozen=True)
class ReadTime:
    """A moment in whole minutes, or a day; `guess` is a sentence if it is not quite what was written."""

    when: When
    guess: str | None = None


def read_time(written: str, zone: ZoneInfo) -> ReadTime:
    """Read a time that is local to `zone` unless it says otherwise; raises InvalidValue if it is none."""
    text = " ".join(written.split())
    found = _TIME.fullmatch(text)
    try:
        if not found:
            return _read_other(text, zone)
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        if not 1970 <= day.year <= 2200:
            raise ValueError("not a year that a status page is about")
        if found["hour"] is None:
            return ReadTime(When.day(day, zone))
        local = datetime.combine(day, time(int(found["hour"]), int(found["minute"])))
        when, guess = _place(local, _read_offset(found["offset"]), zone)
    except (ValueError, OverflowError):
        raise InvalidValue(f"{quote_text(written)} is not a time.") from None
    if not guess and not _PLAIN.fullmatch(text):
        guess = "This time is not written as times are, with two digits for each part; it was read as it looks."
    return ReadTime(when, guess)


def _read_offset(written: str | None) -> timezone | None:
    if not written:
        return None
    if written.upper() in ("Z", "UTC", "GMT"):
        return UTC
    found = re.fullmatch(r"[+-](\d{1,2}):?(\d\d)?", written)
    if not found or int(found[1]) > 14:
        raise ValueError("not the offset of any clock")
    length = timedelta(hours=int(found[1]), minutes=int(found[2] or 0))
    return timezone(-length if written[0] == "-" else length)


def _place(local: datetime, offset: timezone | None, zone: ZoneInfo) -> tuple[When, str | None]:
    """Return the moment of a local time, and what was guessed where clocks skip it or show it twice."""
    if offset:
        return When.moment(local.replace(tzinfo=offset)), None
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return When.moment(first), None
    shown = f"{local:%Y-%m-%d %H:%M}"
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local:
        return When.moment(first), f"The clocks of {zone.key} showed {shown} twice; the first time was taken."
    return When.moment(first), f"The clocks of {zone.key} skipped {shown}; the time an hour later was taken."


def _read_other(text: str, zone: ZoneInfo) -> ReadTime:
    """Read a time in another form, if all of it is written; raise ValueError."""
    if not re.search(r"\d", text) or len(text) > 60:
        raise ValueError("no time")
    slashes = _SLASHES.fullmatch(text)
    is_month_first = zone.key.startswith(("America/", "Pacific/Honolulu")) or zone.key == "UTC"
    if slashes and int(slashes["first"]) > 12:
        is_month_first = False
    elif slashes and int(slashes["second"]) > 12:
        is_month_first = True
    plain = _WHOLE_HOUR.sub(r"\1:00 \2m", _NOON.sub("12:00 pm", _ORDINAL.sub("", text).replace(" - ", " ")))
    one, two = (parser.parse(plain, default=default, dayfirst=not is_month_first) for default in _DEFAULTS)
    if one.date() != two.date():
        raise ValueError("a part of the date is missing")
    order = f"Dates such as 5/6/2024 were read with the {'month' if is_month_first else 'day'} first."
    if one != two:
        return ReadTime(
            When.day(one.date(), zone), order if slashes else f"{quote_text(text)} was read as {one:%Y-%m-%d}."
        )
    if one.tzinfo:
        moment, guess = When.moment(one), None
    else:
        moment, guess = _place(one.replace(second=0, microsecond=0), None, zone)
    shown = f"{moment.start.astimezone(zone):%Y-%m-%d %H:%M}"
    return ReadTime(_to_minute(moment), guess or (order if slashes else f"{quote_text(text)} was read as {shown}."))


def _to_minute(when: When) -> When:
    return When.moment(when.start.replace(second=0, microsecond=0))
