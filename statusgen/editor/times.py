"""Times as people type them → times as posts have them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from statusgen.content.format import values
from statusgen.content.posts.due_times import MAX_AHEAD
from statusgen.editor.spoken_times import name_date, split_about, to_english
from statusgen.english import English
from statusgen.model.times import When
from statusgen.problems import InvalidValue
from statusgen.text import quote_text

EXAMPLES = English("4 PM, tomorrow 9 AM, in 2 hours, or 2024-05-15 4 PM")
PAST_EXAMPLES = English("8 AM, yesterday 4 PM, 2 hours ago, or 2024-05-15 4 PM")
ROUNDING_MINUTES = 5
"""The current time is rounded to so many minutes, as people would say it: "at five past nine"."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = r"(?:at )?(?:(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?(?: ?(?P<half>[ap])\.?m\.?)?|(?P<noon>noon))"
# "since 11 pm", "by 16:00": a word before a time that does not change its meaning.
_PREPOSITION = re.compile(r"(?:since|from|by|until) ", re.IGNORECASE)
_DAY = rf"(?P<day>today|tonight|tomorrow|yesterday|{'|'.join(rf'{day[:3]}(?:{day[3:]})?' for day in _WEEKDAYS)})"
_DAY_OR_CLOCK = re.compile(rf"(?:{_DAY}(?:,? {_CLOCK})?|{_CLOCK.replace('?P<', '?P<only_')})")
_DATE_AND_CLOCK = re.compile(rf"(?P<day>\d{{4}}-\d\d-\d\d) {_CLOCK}")
_OFFSET = re.compile(
    r"(?P<ahead>in )?(?P<number>\d{1,3}|an?|half an) ?(?P<unit>minute|min|hour|h|day|week)s?(?P<ago> ago)?"
)
_UNIT_LENGTHS = {"min": timedelta(minutes=1), "minute": timedelta(minutes=1), "h": timedelta(hours=1)}
_UNIT_LENGTHS |= {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}


def format_time(when: When, zone: ZoneInfo) -> str:
    """Format a date, or a local time, as a post has it; with its offset if the clocks show that time twice."""
    local = when.start.astimezone(zone)
    if when.is_whole_day:
        return f"{local:%Y-%m-%d}"
    is_ambiguous = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return local.isoformat(" ", "minutes") if is_ambiguous else f"{local:%Y-%m-%d %H:%M}"


def update_time(now: datetime, last: When | None = None) -> When:
    """Return the time of an update written now: rounded down, but later than the last one.

    After one of this minute, or of a clock that is ahead, it is dated a minute later. Raise InvalidValue if the last
    one is dated more than a day ahead.
    """
    for minutes in (ROUNDING_MINUTES, 1):
        time = When.moment(_round(now, minutes))
        if last is None or time.start > last.start or (last.is_whole_day and time.start == last.start):
            return time
    assert last  # without one, the first is returned
    if last.start > now + MAX_AHEAD:
        dated, clock = (f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" for moment in (last.start, now))
        what = English(
            "The last update of this post is dated %(dated)s, but the clock says %(clock)s.", dated=dated, clock=clock
        )
        raise InvalidValue(what, English("Correct that date or the clock, or give yours a later time with --at."))
    return When.moment(last.start + timedelta(minutes=1))


def _round(moment: datetime, minutes: int, up: bool = False) -> datetime:
    step = minutes * 60
    seconds = int(moment.timestamp())
    return datetime.fromtimestamp(-(-seconds // step) * step if up else seconds // step * step, UTC)


@dataclass(frozen=True)
class TimeParser:
    """A parser of times as people type them at the moment `now`, in the time zone `zone`.

    `typed_at` is when they were typed, if that was earlier: "in 2 hours" counts from then.
    """

    now: datetime
    zone: ZoneInfo
    typed_at: datetime | None = None

    @property
    def _said_at(self) -> datetime:
        return self.typed_at or self.now

    def parse_future(self, words: str) -> When:
        """Parse a future time like "16:00", "May 15" or "in 2 hours", or one as a post has it; raises InvalidValue."""
        return self._parse(words, ahead=True)

    def parse_past(self, words: str) -> When:
        """Parse a past time like "now", "8:00" or "2 hours ago", or any time as a post has it; raises InvalidValue."""
        return self._parse(words, ahead=False)

    def require_future(self, words: str) -> When:
        """Parse a time as `parse_future` does, and raise InvalidValue if it has passed."""
        when = self.parse_future(words)
        # A day has not passed until it is over.
        if when.end <= self.now:
            update = format_time(update_time(self.now), self.zone)
            what = English(
                "%(time)s comes before this update (%(update)s).", time=format_time(when, self.zone), update=update
            )
            raise InvalidValue(what, English("Use a time in the future, like %(examples)s.", examples=EXAMPLES))
        return when

    def _parse(self, words: str, ahead: bool) -> When:
        words = _PREPOSITION.sub("", " ".join(words.split()), count=1)
        self._refuse_about(words, ahead)
        text = name_date(_PREPOSITION.sub("", to_english(words.casefold()), count=1), self._today(), ahead)
        if (found := _DATE_AND_CLOCK.fullmatch(text)) and not values.TIME_PATTERN.fullmatch(words):
            return values.parse_time(f"{found['day']} {_parse_clock(found, words, ahead)}", self.zone)
        if values.TIME_PATTERN.match(words):
            return values.parse_time(words, self.zone)
        if values.TIME_PATTERN.fullmatch(text):
            return values.parse_time(text, self.zone)
        if text == "now":
            return When.moment(_round(self._said_at, ROUNDING_MINUTES))
        if found := _OFFSET.fullmatch(text):
            return self._parse_offset(found, ahead)
        if found := _DAY_OR_CLOCK.fullmatch(text):
            return self._parse_day_or_clock(found, words, ahead)
        raise _unknown_time(words, ahead)

    def _refuse_about(self, words: str, ahead: bool) -> None:
        """Raise InvalidValue for "about 1 AM": a page would say "since 1 AM", which nobody said."""
        about, time = split_about(words)
        if about:
            self._parse(time, ahead)
            what = English("%(words)s is not an exact time.", words=quote_text(words))
            raise InvalidValue(
                what, English("Write it without %(about)s: %(time)s.", about=quote_text(about), time=time)
            )

    def _parse_offset(self, found: re.Match[str], ahead: bool) -> When:
        """Return a time so many minutes or hours from now, rounded to five minutes, or a date so many days from now."""
        back = bool(found["ago"]) or not (ahead or found["ahead"])
        number = {"a": 1.0, "an": 1.0, "half an": 0.5}.get(found["number"]) or float(found["number"])
        length = number * _UNIT_LENGTHS[found["unit"]]
        if found["unit"] in ("day", "week"):
            return When.day(self._today() + (-length if back else length), self.zone)
        return When.moment(
            _round(self._said_at - length if back else self._said_at + length, ROUNDING_MINUTES, up=not back)
        )

    def _parse_day_or_clock(self, found: re.Match[str], words: str, ahead: bool) -> When:
        """Return a time on a day; without a day, the nearest such time in the past, or in the future if `ahead`."""
        day, clock = found["day"], _parse_clock(found, words, ahead)
        if day:
            date = self._resolve_day(day, ahead)
            if not clock:
                return When.day(date, self.zone)
            return (
                self._resolve_tonight(date, found, clock, ahead)
                if day == "tonight"
                else self._resolve_on_day(day, date, clock, ahead)
            )
        today = self._time_on(self._today(), clock)
        if ahead and today.start <= self._said_at:
            return self._time_on(self._today() + timedelta(days=1), clock)
        if not ahead and today.start > self._said_at:
            return self._time_on(self._today() - timedelta(days=1), clock)
        return today

    def _resolve_tonight(self, today: date, found: re.Match[str], clock: str, ahead: bool) -> When:
        """Return a time tonight: "8:30" is in the evening, and a time after midnight is tomorrow's."""
        hour, _, minute = clock.partition(":")
        literal = self._time_on(today, clock)
        if not ahead and (self._said_at - timedelta(hours=12)) < literal.start <= self._said_at:
            return literal
        if found["half"] or found["noon"] or int(hour) > 12:
            return self._time_on(today + timedelta(days=int(hour) < 12), clock)
        if int(hour) == 12:
            raise InvalidValue(
                English("%(found)s could be noon or midnight.", found=quote_text(found[0])),
                English("Write noon, or tomorrow 0:00."),
            )
        return (
            self._time_on(today, f"{int(hour) + 12}:{minute}")
            if int(hour)
            else self._time_on(today + timedelta(1), clock)
        )

    def _resolve_on_day(self, day: str, date: date, clock: str, ahead: bool) -> When:
        """Return a time on a day; on a Monday, "Monday 16:00" is today's, unless that is in the wrong direction."""
        if day[:3] in (name[:3] for name in _WEEKDAYS) and abs(date - self._today()) == timedelta(weeks=1):
            today = self._time_on(self._today(), clock)
            if today.start > self._said_at if ahead else today.start <= self._said_at:
                return today
        return self._time_on(date, clock)

    def _time_on(self, day: date, clock: str) -> When:
        return values.parse_time(f"{day} {clock}", self.zone)

    def _today(self) -> date:
        return self._said_at.astimezone(self.zone).date()

    def _resolve_day(self, word: str, ahead: bool) -> date:
        today = self._today()
        near = {"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1}
        if word in near:
            return today + timedelta(days=near[word])
        weekday = next(number for number, name in enumerate(_WEEKDAYS) if name.startswith(word))
        away = (weekday - today.weekday()) % 7 or 7
        return today + timedelta(days=away if ahead else (away - 7) or -7)


def _parse_clock(found: re.Match[str], words: str, ahead: bool) -> str:
    """Return the time of day as "hour:minute", the hour from 0 to 23; "" if there is none."""
    prefix = "" if found["day"] else "only_"
    hour, minute, half = (found[f"{prefix}{name}"] for name in ("hour", "minute", "half"))
    if found[f"{prefix}noon"]:
        return "12:00"
    if hour is None:
        return ""
    if half and 1 <= int(hour) <= 12:
        return f"{int(hour) % 12 + (12 if half == 'p' else 0)}:{minute or '00'}"
    if half or minute is None:
        raise _unknown_time(words, ahead)
    return f"{hour}:{minute}"


def _unknown_time(words: str, ahead: bool) -> InvalidValue:
    return InvalidValue(
        English("%(words)s is not a time.", words=quote_text(words)),
        English("Write it like %(examples)s.", examples=EXAMPLES if ahead else PAST_EXAMPLES),
    )
