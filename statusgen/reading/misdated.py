"""What to write instead of a date or an hour that somebody wrote the way they say it."""

import re

_LIKE = "Write it like 2024-05-15 or 2024-05-15 16:00."
_CHECK = "Check the year, the month, the day and the hour."
_HALF_DAY = re.compile(
    r"(?a)(?P<date>\d{4}-\d{1,2}-\d{1,2})[ T]+(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))? ?(?P<half>[ap])\.?m\.?"
)
_YEAR_LAST = re.compile(r"(?a)(?P<first>\d{1,2})[/.-](?P<second>\d{1,2})[/.-](?P<year>\d{4})\b")
_SWAPPED = re.compile(r"(?a)(?P<year>\d{4})-(?P<day>1[3-9]|[23]\d)-(?P<month>0?[1-9]|1[0-2])(?P<rest>[ T0-9:+-]*)")


def otherwise(text: str) -> str:
    """How to write a text that is not the format's way of writing a time."""
    text = text.strip().casefold()
    if found := _HALF_DAY.fullmatch(text):
        hour = int(found["hour"]) % 12 + (12 if found["half"] == "p" else 0)
        return f"Write the hour from 0 to 23: {found['date']} {hour:02}:{found['minute'] or '00'}."
    if found := _YEAR_LAST.match(text):
        return f"Write the year first: {_year_first(found)}."
    if re.fullmatch(r"(?a)\d{1,2}:\d\d", text):
        return f"Write the day as well, like 2024-05-15 {text}."
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d\d [a-z][a-z/_ -]*", text):
        return "Leave the zone out: every time is of the timezone: in services.yaml. Or write its offset, like -05:00."
    return _LIKE


def _year_first(found: re.Match[str]) -> str:
    first, second = int(found["first"]), int(found["second"])
    month_first, day_first = (
        f"{found['year']}-{month:02}-{day:02}" for month, day in ((first, second), (second, first))
    )
    if first == second or second > 12:
        return month_first
    return day_first if first > 12 else f"{month_first} or {day_first}"


def impossible(text: str) -> str:
    """How to write a time that no calendar and no clock has."""
    if re.search(r"[ T]24:", text):
        return "Midnight is 00:00 of the day that begins."
    if found := _SWAPPED.fullmatch(text.strip()):
        return f"Did you mean {found['year']}-{int(found['month']):02}-{found['day']}{found['rest']}?"
    return _CHECK
