"""Suggests what to write instead of a date or a time that somebody wrote as they say it."""

import re
from datetime import date

from statusgen.english import English, join_choices

_FORMAT_HINT = English("Write it like 2024-05-15 or 2024-05-15 16:00.")
_CHECK_HINT = English("Check the year, month, day, and hour.")
_TWELVE_HOUR_TIME = re.compile(
    r"(?a)(?P<date>\d{4}-\d{1,2}-\d{1,2})[ T]+(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))? ?(?P<half>[ap])\.?m\.?"
)
_YEAR_LAST = re.compile(r"(?a)(?P<first>\d{1,2})[/.-](?P<second>\d{1,2})[/.-](?P<year>\d{4})\b")
_SWAPPED_DAY_AND_MONTH = re.compile(
    r"(?a)(?P<year>\d{4})-(?P<day>1[3-9]|[23]\d)-(?P<month>1[0-2]|0?[1-9])(?P<rest>(?:[ T][0-9:+-]*)?)"
)
_DAY_AND_MONTH = re.compile(r"(?a)(?:(?:by|not before|until) )?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?")


def is_date_like(text: str) -> bool:
    """Return whether a text is a date that the format does not know, such as 31/12."""
    return bool(_DAY_AND_MONTH.fullmatch(text.strip().casefold()))


def time_hint(text: str) -> str:
    """Return how to write a time that is not in the form that the format has."""
    text = text.strip().casefold()
    if found := _TWELVE_HOUR_TIME.fullmatch(text):
        hour = int(found["hour"]) % 12 + (12 if found["half"] == "p" else 0)
        return English(
            "Use the 24-hour clock: %(date)s %(hour)s:%(minute)s.",
            date=found["date"],
            hour=f"{hour:02}",
            minute=found["minute"] or "00",
        )
    if found := _YEAR_LAST.match(text):
        return _year_first_hint(found)
    if re.fullmatch(r"(?a)\d{1,2}:\d\d", text):
        return English("Add the date, like 2024-05-15 %(text)s.", text=text)
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d\d [a-z][a-z/_ -]*", text):
        return English(
            "Leave out the time zone: every time is in the timezone: of services.yaml. Or write an offset, like -05:00."
        )
    return _FORMAT_HINT


def _year_first_hint(found: re.Match[str]) -> str:
    first, second = int(found["first"]), int(found["second"])
    either = (f"{found['year']}-{month:02}-{day:02}" for month, day in ((first, second), (second, first)))
    days = [day for day in dict.fromkeys(either) if _is_valid_date(day)]
    return English("Write the year first: %(choices)s.", choices=join_choices(days)) if days else _CHECK_HINT


def _is_valid_date(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def impossible_time_hint(text: str) -> str:
    """Return how to write a time that no calendar and no clock has."""
    if re.search(r"[ T]24:", text):
        return English("Write midnight as 00:00 of the new day.")
    found = _SWAPPED_DAY_AND_MONTH.fullmatch(text.strip())
    if found and _is_valid_date(f"{found['year']}-{int(found['month']):02}-{found['day']}"):
        return English(
            "Did you mean %(year)s-%(month)s-%(day)s%(rest)s?",
            year=found["year"],
            month=f"{int(found['month']):02}",
            day=found["day"],
            rest=found["rest"],
        )
    return _CHECK_HINT
