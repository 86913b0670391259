"""Dates and times in words, each date with its year and each time with its zone."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_timezone_gmt, get_timezone_name

from statusgen.model.times import When
from statusgen.wording.interface import InterfaceLanguage


class Times:
    """Writes times as the clocks of `zone` show them."""

    def __init__(self, interface: InterfaceLanguage, zone: ZoneInfo) -> None:
        self.interface, self.zone = interface, zone
        self.zone_names: dict[tuple[timedelta | None, timedelta | None, str | None], str] = {}

    def when(self, when: When) -> str:
        """Return a day, or a moment of it: "May 15, 2024" or "May 15, 2024, 4:00 PM CDT"."""
        local = self.to_local(when)
        if when.is_whole_month:
            return self.month(local.year, local.month, in_sentence=True)
        return self.day(local.date()) if when.is_whole_day else self.moment(when.start)

    def moment(self, moment: datetime) -> str:
        """Return a day and a time with its zone."""
        local = moment.astimezone(self.zone)
        words = self.interface.gettext("%(day)s, %(hour)s %(zone)s")
        return words % {"day": self.day(local.date()), "hour": self.hour(local), "zone": self.zone_name(local)}

    def hour(self, local: datetime) -> str:
        """Return hours and minutes: "4:00 PM"."""
        return _hour(local.time().replace(second=0, microsecond=0, fold=0), self.interface.locale)

    def zone_name(self, local: datetime) -> str:
        """Return the zone's name at that time: "CDT".

        A language's own name for a zone is used only where that language is at home ("HAE" in Toronto, but not in New
        York).
        """
        known = (local.utcoffset(), local.dst(), local.tzname())
        if known not in self.zone_names:
            self.zone_names[known] = _zone_name(local, self.interface.locale)
        return self.zone_names[known]

    def day(self, day: date) -> str:
        """Return a date: "May 15, 2024"."""
        return _day(day, self.interface.locale)

    def day_of(self, when: When) -> str:
        """Return the day of a moment: "May 15, 2024"."""
        return self.day(self.to_local(when).date())

    def days_between(self, first: When, last: When) -> tuple[str, str]:
        """Return two days, the first without its year if that is the same: "May 5", "June 20, 2024"."""
        begin, end = self.to_local(first).date(), self.to_local(last).date()
        if begin.year != end.year:
            return self.day(begin), self.day(end)
        noon = datetime.combine(begin, time(12), UTC)
        words = format_skeleton("MMMMd", noon, locale=self.interface.locale)
        return _with_ordinal(words, begin, self.interface.locale), self.day(end)

    def month(self, year: int, month: int, in_sentence: bool = False) -> str:
        """Return a month as a heading, "May 2024", "Mayo de 2024", or as it stands in a sentence."""
        noon = datetime.combine(date(year, month, 1), time(12), UTC)
        words = format_skeleton("yMMMM", noon, locale=self.interface.locale)
        return words if in_sentence else words[:1].upper() + words[1:]

    def duration(self, duration: timedelta) -> str:
        """Return a length of time in days or hours: "7 days"."""
        unit: Literal["day", "hour"] = "hour" if duration % timedelta(days=1) else "day"
        return format_timedelta(duration, granularity=unit, threshold=10_000, locale=self.interface.locale)

    def to_local(self, when: When) -> datetime:
        """Return the beginning of `when` in local time."""
        return when.start.astimezone(self.zone)

    def datetime_attribute(self, when: When) -> str:
        """Return the value of HTML's `datetime` attribute: a date, or a moment with its offset."""
        local = self.to_local(when)
        if when.is_whole_month:
            return f"{local:%Y-%m}"
        return local.date().isoformat() if when.is_whole_day else local.isoformat(timespec="minutes")


# Babel parses its pattern again for each time that it formats, and a page has the same days and hours many times.


@lru_cache(maxsize=4096)
def _day(day: date, locale: Locale) -> str:
    return _with_ordinal(format_date(day, "long", locale=locale), day, locale)


def _with_ordinal(words: str, day: date, locale: Locale) -> str:
    """Return a date with the first day of a month as an ordinal number in French, which CLDR does not have."""
    return words.replace("1 ", "1er ", 1) if day.day == 1 and locale.language == "fr" else words


@lru_cache(maxsize=4096)
def _hour(hour: time, locale: Locale) -> str:
    return format_time(hour, "short", locale=locale)


def _zone_name(local: datetime, locale: Locale) -> str:
    own = get_timezone_name(local, width="short", locale=locale) if locale.territory else ""
    for name in (own, local.tzname() or ""):
        if name.isalpha():
            return name
    return get_timezone_gmt(local, width="long", locale=locale)
