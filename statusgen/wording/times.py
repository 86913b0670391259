"""Dates and times in words: whole, for what is read anywhere and at any time, or short, for a page with its moment.

Whole: "May 15, 2024, 4 PM CDT". Short: "Wed, May 15, 4 PM". The page says once of which day it is and which clocks it
goes by, so a date of its own year needs no year, and no time a zone.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_timezone_gmt, get_timezone_name

from statusgen.model.times import When
from statusgen.wording.interface import InterfaceLanguage

# A number and the word beside it, which belong on one line: "June 26", "4 PM".
_SPACE_BESIDE_NUMBER = re.compile(r"(?<=\d) (?=\w)|(?<=1er) (?=\w)|(?<=[^\s\d,،]) (?=\d)")
# What the intervals of CLDR have between their two ends.
_DASHES = " \u2009\u202f\u2013\u2014-~至"


class Ends(NamedTuple):
    """The words for both ends of a span, and for the `day` of both if they are hours; otherwise that is empty."""

    day: str
    first: str
    last: str


class Times:
    """Writes times as the clocks of `zone` show them, short on a page that shows its `moment`.

    In plain text nothing holds a number and its word together on one line.
    """

    def __init__(
        self, interface: InterfaceLanguage, zone: ZoneInfo, moment: datetime | None = None, plain: bool = False
    ) -> None:
        self.interface, self.zone, self.plain = interface, zone, plain
        self.year = moment.astimezone(zone).year if moment else None
        self.zone_names: dict[tuple[timedelta | None, timedelta | None, str | None], str] = {}

    def when(self, when: When) -> str:
        """Return a day, a moment of it, or a month: "May 15, 2024" or "May 15, 2024, 4 PM CDT".

        All three stand in the same sentences. Where a language has an article before a day, a month has a noun for it:
        "hasta el 15 de mayo", "hasta el mes de mayo".
        """
        if when.is_whole_month:
            # Translators: A month alone, where a sentence has a day: "not before %(time)s", "%(first)s to %(last)s". If
            # those sentences have an article ("hasta el %(time)s"), add the word "month" ("mes de %(month)s").
            words = self.interface.gettext("%(month)s") % {"month": self.bare_month(when)}
            return _with_elision(words, self.interface.locale)
        local = self.to_local(when)
        return self.day(local.date()) if when.is_whole_day else self.moment(when.start)

    def bare_month(self, when: When) -> str:
        """Return a month for a sentence that is about months alone: "in May", "in May 2024"."""
        local = self.to_local(when)
        if local.year == self.year:
            return self._on_one_line(format_date(local, "MMMM", locale=self.interface.locale))
        return self.month(local.year, local.month, in_sentence=True)

    def moment(self, moment: datetime) -> str:
        """Return a day and a time; with its zone, unless the page names that."""
        local = moment.astimezone(self.zone)
        return self._moment(local, self.day(local.date()), self._zone_beside(local))

    def beside(self, when: When, other: When) -> str:
        """Return a time in words beside another: "4 PM", if that is on the same day, and otherwise with its day."""
        local, before = self.to_local(when), self.to_local(other)
        is_clear = local.date() == before.date() and local.utcoffset() == before.utcoffset() and local.hour
        is_moment = not (when.is_whole_day or when.is_whole_month or other.is_whole_day or other.is_whole_month)
        return self.hour(local) if is_clear and is_moment and self.year is not None else self.when(when)

    def dated(self, when: When) -> str:
        """Return a day, or a moment of it, with all that a page says once: "Wed, May 15, 2024, 4 PM CDT"."""
        local = self.to_local(when)
        day = self._on_one_line(_format_day(local.date(), "yMMMMEd", self.interface.locale))
        return day if when.is_whole_day else self._moment(local, day, self.zone_name(local))

    def _moment(self, local: datetime, day: str, zone: str) -> str:
        _ = self.interface.gettext
        parts = {"day": day, "hour": self.hour(local), "zone": zone}
        if self._has_name_of_its_own(local) and local.hour == 0:
            # A midnight by itself may be either end of its day.
            message = _("%(day)s, midnight %(zone)s (start of the day)")
            return (message if zone else _("%(day)s, midnight (start of the day)")) % parts
        return (_("%(day)s, %(hour)s %(zone)s") if zone else _("%(day)s, %(hour)s")) % parts

    def _zone_beside(self, local: datetime) -> str:
        """Return the zone to name with a time: on a page that names it, only for an hour that the clocks show twice."""
        is_repeated = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
        return self.zone_name(local) if self.year is None or is_repeated else ""

    def hour(self, local: datetime) -> str:
        """Return hours and minutes: "4 PM", "4:30 PM" or "noon"."""
        _ = self.interface.gettext
        if self._has_name_of_its_own(local):
            return _("noon") if local.hour else _("midnight")
        return self._on_one_line(_hour(_clock(local), self.interface.clock_locale))

    def _has_name_of_its_own(self, local: datetime) -> bool:
        """Return whether a time is noon or midnight, which a clock of twelve hours cannot tell apart."""
        return _has_halves(self.interface.clock_locale) and local.hour % 12 == 0 and local.minute == 0

    def zone_name(self, local: datetime) -> str:
        """Return the zone's name at that time: "CDT".

        A language's own name for a zone is used only where that language is at home ("HAE" in Toronto, but not in New
        York).
        """
        known = (local.utcoffset(), local.dst(), local.tzname())
        if known not in self.zone_names:
            self.zone_names[known] = _zone_name(local, self.interface.locale)
        return self.zone_names[known]

    def clocks(self, moment: datetime) -> str:
        """Return the name of the zone all year round: "Central Time"."""
        locale = self.interface.locale
        if self.zone.key in get_global("meta_zones"):
            return self._on_one_line(get_timezone_name(self.zone, width="long", locale=locale, zone_variant="generic"))
        return self._on_one_line(get_timezone_name(moment.astimezone(self.zone), width="long", locale=locale))

    def day(self, day: date) -> str:
        """Return a date: "May 15, 2024" or, short, "Wed, May 15"."""
        if self.year is None:
            return self._on_one_line(_day(day, self.interface.locale))
        skeleton = "MMMMEd" if day.year == self.year else "yMMMMEd"
        return self._on_one_line(_format_day(day, skeleton, self.interface.locale))

    def ends(self, first: When, last: When) -> Ends:
        """Return both ends of a span without what they share: "June 8", "12"; "Wed, June 17", "4", "6 PM"."""
        begin, end = self.to_local(first), self.to_local(last)
        if begin < end and not first.is_whole_month and not last.is_whole_month:
            if first.is_whole_day and last.is_whole_day:
                return Ends("", *self._days(begin.date(), end.date()))
            if not first.is_whole_day and not last.is_whole_day and self._is_one_day(begin, end):
                return Ends(self.day(begin.date()), *self._hours(begin, end))
        return Ends("", self.when(first), self.when(last))

    def days_between(self, first: When, last: When) -> tuple[str, str]:
        """Return the days of two moments without what they share: "May 5", "June 20, 2024"."""
        return self._days(self.to_local(first).date(), self.to_local(last).date())

    def _days(self, first: date, last: date) -> tuple[str, str]:
        if first >= last:
            return self.day(first), self.day(last)
        difference = "y" if first.year != last.year else "M" if first.month != last.month else "d"
        skeleton = "MMMMd" if last.year == self.year and difference != "y" else "yMMMMd"
        locale = self.interface.locale
        patterns = _interval(skeleton, difference, locale)
        words = (_format(day, pattern, locale) for day, pattern in zip((first, last), patterns, strict=True))
        begin, end = map(self._on_one_line, words)
        return begin, end

    def _is_one_day(self, begin: datetime, end: datetime) -> bool:
        """Return whether two times are of one day; midnight may be its end, where it is called so."""
        last = end - timedelta(minutes=1) if self._has_name_of_its_own(end) and end.hour == 0 else end
        return begin.date() == last.date()

    def _hours(self, begin: datetime, end: datetime) -> tuple[str, str]:
        """Return two times of one day; "4", "6 PM" if both are of one half of it."""
        locale, zones = self.interface.clock_locale, (self._zone_beside(begin), self._zone_beside(end))
        is_named = self._has_name_of_its_own(begin) or self._has_name_of_its_own(end)
        is_one_zone = zones[0] == zones[1] and begin.utcoffset() == end.utcoffset()
        first, last = self.hour(begin), self.hour(end)
        if _has_halves(locale) and not is_named and is_one_zone and begin.hour // 12 == end.hour // 12:
            pattern = _interval("hm" if begin.minute else "h", "h", locale)[0]
            first = self._on_one_line(format_time(_clock(begin), pattern, locale=locale))
        first = first if is_one_zone or not zones[0] else f"{first} {zones[0]}"
        return first, f"{last} {zones[1]}" if zones[1] else last

    def month(self, year: int, month: int, in_sentence: bool = False) -> str:
        """Return a month as a heading, "May 2024", "Mayo de 2024", or as it stands in a sentence."""
        noon = datetime.combine(date(year, month, 1), time(12), UTC)
        words = format_skeleton("yMMMM", noon, locale=self.interface.locale)
        return self.interface.mark_date(words if in_sentence else words[:1].upper() + words[1:])

    def duration(self, duration: timedelta) -> str:
        """Return a length of time in days or hours: "7 days"."""
        unit: Literal["day", "hour"] = "hour" if duration % timedelta(days=1) else "day"
        words = format_timedelta(duration, granularity=unit, threshold=10_000, locale=self.interface.locale)
        return self.interface.mark_date(words)

    def to_local(self, when: When) -> datetime:
        """Return the beginning of `when` in local time."""
        return when.start.astimezone(self.zone)

    def datetime_attribute(self, when: When) -> str:
        """Return the value of HTML's `datetime` attribute: a date, or a moment with its offset."""
        local = self.to_local(when)
        if when.is_whole_month:
            return f"{local:%Y-%m}"
        return local.date().isoformat() if when.is_whole_day else local.isoformat(timespec="minutes")

    def _on_one_line(self, words: str) -> str:
        """Return words of CLDR, in which no line ends between a number and the word beside it."""
        if self.plain:
            return self.interface.mark_date(" ".join(words.split()))
        return self.interface.mark_date(_SPACE_BESIDE_NUMBER.sub("\xa0", words.replace("\u202f", "\xa0")))


def _clock(local: datetime) -> time:
    return local.time().replace(second=0, microsecond=0, fold=0)


# Babel parses its pattern again for each time that it formats, and a page has the same days and hours many times.


@lru_cache(maxsize=4096)
def _day(day: date, locale: Locale) -> str:
    return _with_ordinal(format_date(day, "long", locale=locale), day, locale)


@lru_cache(maxsize=4096)
def _format_day(day: date, skeleton: str, locale: Locale) -> str:
    """Return a day in the form of CLDR for a skeleton with a long month ("MMMM")."""
    known = locale.datetime_skeletons
    # Most languages name only the form with a short month; a field may be lengthened (UTS 35, part 4).
    pattern = known[skeleton] if skeleton in known else known[skeleton.replace("MMMM", "MMM")]
    return _format(day, pattern.pattern, locale)


@lru_cache(maxsize=4096)
def _format(day: date, pattern: str, locale: Locale) -> str:
    longer = pattern if "MMMM" in pattern else pattern.replace("MMM", "MMMM")
    return _with_ordinal(format_date(day, longer, locale=locale), day, locale)


@lru_cache
def _interval(skeleton: str, difference: str, locale: Locale) -> tuple[str, str]:
    """Return the patterns of CLDR for the two ends of an interval whose greatest difference is in that field."""
    known = locale.interval_formats
    first, last = known[skeleton if skeleton in known else skeleton.replace("MMMM", "MMM")][difference]
    return first.strip(_DASHES), last.strip(_DASHES)


def _with_ordinal(words: str, day: date, locale: Locale) -> str:
    """Return a date with the first day of a month as an ordinal number in French, which CLDR does not have."""
    return re.sub(r"\b1\b", "1er", words, count=1) if day.day == 1 and locale.language == "fr" else words


def _with_elision(words: str, locale: Locale) -> str:
    """Return words in which "de" loses its vowel before another, in French: "mois de mai", "mois d'août"."""
    return re.sub(r"\bde (?=[ao])", "d\u2019", words) if locale.language == "fr" else words


def _has_halves(locale: Locale) -> bool:
    """Return whether people count twelve hours twice: "4 PM"."""
    return "a" in locale.time_formats["short"].pattern


@lru_cache(maxsize=4096)
def _hour(hour: time, locale: Locale) -> str:
    pattern, halves = locale.time_formats["short"].pattern, _has_halves(locale)
    # A full hour needs no minutes; a digital clock ("16:00") shows them.
    if hour.minute == 0 and (halves or ":" not in pattern):
        words = format_skeleton("h" if halves else "H", datetime.combine(date(2000, 1, 1), hour), None, locale=locale)
    else:
        words = format_time(hour, "short", locale=locale)
    # CLDR has "08 h 30"; in a sentence the hour has no zero before it (Office québécois de la langue française).
    return words.removeprefix("0") if re.match(r"0\d\sh", words) else words


def _zone_name(local: datetime, locale: Locale) -> str:
    own = get_timezone_name(local, width="short", locale=locale) if locale.territory else ""
    for name in (own, local.tzname() or ""):
        if name.isalpha():
            return name
    return get_timezone_gmt(local, width="long", locale=locale)
