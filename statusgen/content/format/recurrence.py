"""Checks how planned work repeats: the part of iCalendar's RRULE (RFC 5545, section 3.3.10) that fits such work."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise, takewhile
from typing import cast
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

from statusgen.problems import InvalidValue
from statusgen.text import quote_text

_HINT = "Write an iCalendar rule, like FREQ=WEEKLY;BYDAY=SU or FREQ=MONTHLY;BYMONTHDAY=1;COUNT=6."
_DAY = "(?:[+-]?[1-5]?(?:MO|TU|WE|TH|FR|SA|SU))"
_RULE_PARTS = {
    "FREQ": re.compile("DAILY|WEEKLY|MONTHLY|YEARLY"),
    "INTERVAL": re.compile("[1-9][0-9]?"),
    "COUNT": re.compile("[1-9][0-9]{0,3}"),
    "UNTIL": re.compile("[12][0-9]{3}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3])([0-5][0-9]){2}Z?)?"),
    "BYDAY": re.compile(f"{_DAY}(,{_DAY})*"),
    "BYMONTHDAY": re.compile("-?[1-9][0-9]?(,-?[1-9][0-9]?)*"),
    "BYMONTH": re.compile("[1-9][0-9]?(,[1-9][0-9]?)*"),
    "BYSETPOS": re.compile("-?[1-9][0-9]{0,2}(,-?[1-9][0-9]{0,2})*"),
    "WKST": re.compile("MO|TU|WE|TH|FR|SA|SU"),
}
_UTC_UNTIL = re.compile(r"(?<=UNTIL=)\d{8}T\d{6}(?=Z)", re.IGNORECASE)
_TOO_OFTEN = re.compile("SECONDLY|MINUTELY|HOURLY|BYSECOND|BYMINUTE|BYHOUR")
# A rule that matches no day for this long never will: a February 29 on each day of the week comes within it.
_SEARCH_SPAN = timedelta(days=40 * 366)
# dateutil searches for the next day until the year 9999, which takes long for a rule that never matches. The calendar
# repeats every 400 years, weekdays included, so a search that begins in the last years gives the same answer sooner.
_YEAR_SHIFT = 7_600
# Enough to include the two that are closest to each other, for a rule of several days a month.
_MAX_OCCURRENCES = 100


def list_starts(rule: str, start: datetime, skipped: Collection[date], zone: ZoneInfo) -> rruleset:
    """Return when work that first begins at `start` begins each time, in local times, without the `skipped` days.

    The rule is one that `check_recurrence` accepts. It counts in local time, but its UNTIL may be in UTC, as RFC 5545
    has it.
    """
    starts = rruleset()
    # A rule alone is never read as a set.
    starts.rrule(cast(rrule, rrulestr(_localize_until(rule, zone), dtstart=start, ignoretz=True)))
    for day in skipped:
        starts.exdate(datetime.combine(day, start.time()))
    return starts


def _localize_until(rule: str, zone: ZoneInfo) -> str:
    """Return the rule with its UNTIL in local time."""

    def localize(found: re.Match[str]) -> str:
        until = datetime.strptime(found[0].upper(), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        return f"{until.astimezone(zone):%Y%m%dT%H%M%S}"

    return re.sub(r"(UNTIL=\d{8}T\d{6})Z", r"\1", _UTC_UNTIL.sub(localize, rule), flags=re.IGNORECASE)


def check_first_day(rule: str, start: datetime, zone: ZoneInfo) -> None:
    """Raise InvalidValue if the rule, which is sound, does not name the day on which the work first takes place."""
    first = next(iter(list_starts(rule, start, (), zone)))
    if first != start:
        what = f"{start:%Y-%m-%d} is a {start:%A}, and {quote_text(rule)} does not name that day."
        raise InvalidValue(what, f"Write the first day that it names, {first:%A}: {first:%Y-%m-%d %H:%M}.")


def check_skipped_day(rule: str, start: datetime, day: date, zone: ZoneInfo) -> None:
    """Raise InvalidValue if the work, which repeats by this sound rule, would not begin on a day to be left out."""
    sought = datetime.combine(day, start.time())
    starts = list_starts(rule, start, (), zone)
    if sought not in starts.between(sought, sought, inc=True):
        following = starts.after(sought)
        hint = f"The next time is {following:%Y-%m-%d}." if following else "Delete it: by then the work is over."
        raise InvalidValue(f"This work would not begin on {day}, so that day cannot be left out.", hint)


def check_recurrence(rule: str, start: datetime, zone: ZoneInfo) -> None:
    """Raise InvalidValue unless `rule` says how work that first takes place at `start` (a local time) repeats."""
    upper = rule.upper().removeprefix("RRULE:")
    if _TOO_OFTEN.search(upper):
        raise InvalidValue(f"{quote_text(rule)} repeats more often than once a day.", _HINT)
    parts = [part.partition("=") for part in upper.split(";") if part]
    names = [name for name, _, _ in parts]
    known = all(name in _RULE_PARTS and _RULE_PARTS[name].fullmatch(value) for name, _, value in parts)
    if not known or "FREQ" not in names or len(set(names)) < len(names):
        raise InvalidValue(f"{quote_text(rule)} is not a valid rule for repeating work.", _HINT)
    # A number needs a month or a year in which the weekdays are counted (RFC 5545, section 3.3.10).
    if re.search(r"FREQ=(DAILY|WEEKLY)", upper) and re.search(r"BYDAY=[^;]*\d", upper):
        raise InvalidValue(f"{quote_text(rule)} numbers a weekday, which works only with MONTHLY or YEARLY.", _HINT)
    if {"COUNT", "UNTIL"} <= set(names):
        raise InvalidValue(f"{quote_text(rule)} has both COUNT and UNTIL.", "Keep only one of them.")
    # Without its end, to tell a rule that never matches from one that ends too soon.
    endless = ";".join(f"{name}={value}" for name, _, value in parts if name not in ("COUNT", "UNTIL"))
    late = start.replace(year=start.year + _YEAR_SHIFT)
    try:
        first = next(iter(rrulestr(endless, dtstart=late)), None)
        if first is None or first > late + _SEARCH_SPAN:
            raise InvalidValue(f"{quote_text(rule)} does not match any day.", _HINT)
        first = next(iter(list_starts(rule, start, (), zone)), None)
    except ValueError:
        raise InvalidValue(f"{quote_text(rule)} is not a valid rule for repeating work.", _HINT) from None
    if first is None:
        raise InvalidValue(f"{quote_text(rule)} ends before the work begins.", "Check UNTIL and starts: again.")


def check_no_overlap(rule: str, start: datetime, end: datetime, zone: ZoneInfo) -> None:
    """Raise InvalidValue if work from `start` to `end` that repeats like this would start again before it ends.

    The rule is one that `check_recurrence` accepts.
    """
    moments = takewhile(lambda moment: moment < start + _SEARCH_SPAN, list_starts(rule, start, (), zone))
    if any(after - before < end - start for before, after in pairwise(islice(moments, _MAX_OCCURRENCES))):
        raise InvalidValue("This work would start again before it ends.", "End it sooner, or repeat it less often.")
