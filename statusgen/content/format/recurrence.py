"""Checks how planned work repeats: the part of iCalendar's RRULE (RFC 5545, section 3.3.10) that fits such work."""

import re
from datetime import datetime, timedelta
from itertools import islice, pairwise, takewhile

from dateutil.rrule import rrulestr

from statusgen.problems import InvalidValue
from statusgen.text import quote_text

_HINT = "Write an iCalendar rule, like FREQ=WEEKLY;BYDAY=SU or FREQ=MONTHLY;BYMONTHDAY=1;COUNT=6."
_DAY = "(?:[+-]?[1-5]?(?:MO|TU|WE|TH|FR|SA|SU))"
_RULE_PARTS = {
    "FREQ": re.compile("DAILY|WEEKLY|MONTHLY|YEARLY"),
    "INTERVAL": re.compile("[1-9][0-9]?"),
    "COUNT": re.compile("[1-9][0-9]{0,3}"),
    "UNTIL": re.compile("[12][0-9]{3}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3])([0-5][0-9]){2})?"),
    "BYDAY": re.compile(f"{_DAY}(,{_DAY})*"),
    "BYMONTHDAY": re.compile("-?[1-9][0-9]?(,-?[1-9][0-9]?)*"),
    "BYMONTH": re.compile("[1-9][0-9]?(,[1-9][0-9]?)*"),
    "BYSETPOS": re.compile("-?[1-9][0-9]{0,2}(,-?[1-9][0-9]{0,2})*"),
    "WKST": re.compile("MO|TU|WE|TH|FR|SA|SU"),
}
_TOO_OFTEN = re.compile("SECONDLY|MINUTELY|HOURLY|BYSECOND|BYMINUTE|BYHOUR")
# A rule that matches no day for this long never will: a February 29 on each day of the week comes within it.
_SEARCH_SPAN = timedelta(days=40 * 366)
# dateutil searches for the next day until the year 9999, which takes long for a rule that never matches. The calendar
# repeats every 400 years, weekdays included, so a search that begins in the last years gives the same answer sooner.
_YEAR_SHIFT = 7_600
# Enough to include the two that are closest to each other, for a rule of several days a month.
_MAX_OCCURRENCES = 100


def check_recurrence(rule: str, start: datetime) -> None:
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
        first = next(iter(rrulestr(rule, dtstart=start, ignoretz=True)), None)
    except ValueError:
        raise InvalidValue(f"{quote_text(rule)} is not a valid rule for repeating work.", _HINT) from None
    if first is None:
        raise InvalidValue(f"{quote_text(rule)} ends before the work begins.", "Check UNTIL and starts: again.")


def check_no_overlap(rule: str, start: datetime, end: datetime) -> None:
    """Raise InvalidValue if work from `start` to `end` that repeats like this would start again before it ends.

    The rule is one that `check_recurrence` accepts.
    """
    moments = takewhile(lambda moment: moment < start + _SEARCH_SPAN, rrulestr(rule, dtstart=start, ignoretz=True))
    if any(after - before < end - start for before, after in pairwise(islice(moments, _MAX_OCCURRENCES))):
        raise InvalidValue("This work would start again before it ends.", "End it sooner, or repeat it less often.")
