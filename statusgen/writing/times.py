"""Times as people say them → times as posts have them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from statusgen.model import When
from statusgen.reading import values
from statusgen.reading.values import Wrong, quoted

EXAMPLES = "16:00, tomorrow 9:00, in 2 hours, or 2024-05-15 16:00"
STEP = 5
"""To how many minutes a time is rounded that nobody said: "at five past nine"."""

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = r"(?:at )?(?:(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?(?: ?(?P<half>[ap])\.?m\.?)?|(?P<noon>noon))"
_DAY = rf"(?P<day>today|tonight|tomorrow|yesterday|{'|'.join(rf'{day[:3]}(?:{day[3:]})?' for day in _DAYS)})"
_SAID = re.compile(rf"(?:{_DAY}(?:,? {_CLOCK})?|{_CLOCK.replace('?P<', '?P<only_')})")
_AWAY = re.compile(
    r"(?P<ahead>in )?(?P<number>\d{1,3}|an?|half an) ?(?P<unit>minute|min|hour|h|day|week)s?(?P<ago> ago)?"
)
_LENGTHS = {"min": timedelta(minutes=1), "minute": timedelta(minutes=1), "h": timedelta(hours=1)}
_LENGTHS |= {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}


def written(when: When, zone: ZoneInfo) -> str:
    """A date, or a local time, as a post has it; with its offset where the clocks show that time twice."""
    local = when.start.astimezone(zone)
    if when.whole_day:
        return f"{local:%Y-%m-%d}"
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return local.isoformat(" ", "minutes") if twice else f"{local:%Y-%m-%d %H:%M}"


def heading(now: datetime, last: When | None = None) -> When:
    """The time of an update that is written now: rounded down, but later than the update before it; raises Wrong."""
    for minutes in (STEP, 1):
        time = When.moment(_rounded(now, minutes))
        if last is None or time.start > last.start or (last.whole_day and time.start == last.start):
            return time
    if last and last.start > now:
        raise Wrong("The last update of this post is dated ahead.", "Say when yours comes after it, with --at.")
    raise Wrong("The last update of this post is of this very minute.", "Wait for the next one, or say --at.")


def _rounded(moment: datetime, minutes: int, up: bool = False) -> datetime:
    step = minutes * 60
    seconds = int(moment.timestamp())
    return datetime.fromtimestamp(-(-seconds // step) * step if up else seconds // step * step, UTC)


@dataclass(frozen=True)
class Clock:
    """Reads times as somebody says them at the moment `now`, on the clocks of `zone`."""

    now: datetime
    zone: ZoneInfo

    def coming(self, words: str) -> When:
        """A time to come, like "16:00", "tomorrow", "in 2 hours", or as a post has it; raises Wrong."""
        return self._read(words, ahead=True)

    def gone(self, words: str) -> When:
        """A time that has come, like "now", "8:00", "yesterday", "2 hours ago", or as a post has it; raises Wrong."""
        return self._read(words, ahead=False)

    def _read(self, words: str, ahead: bool) -> When:
        text = " ".join(words.casefold().split())
        if values.TIME.match(words.strip()):
            return values.when(words, self.zone)
        if text == "now":
            return When.moment(_rounded(self.now, STEP))
        if found := _AWAY.fullmatch(text):
            return self._away(found, ahead)
        if found := _SAID.fullmatch(text):
            return self._said(found, words, ahead)
        raise _unknown(words)

    def _away(self, found: re.Match[str], ahead: bool) -> When:
        """So many hours or days from now: on the five minutes at hand, and whole days as dates."""
        back = bool(found["ago"]) or not (ahead or found["ahead"])
        number = {"a": 1.0, "an": 1.0, "half an": 0.5}.get(found["number"]) or float(found["number"])
        length = number * _LENGTHS[found["unit"]]
        if found["unit"] in ("day", "week"):
            return When.day(self._today() + (-length if back else length), self.zone)
        return When.moment(_rounded(self.now - length if back else self.now + length, STEP, up=not back))

    def _said(self, found: re.Match[str], words: str, ahead: bool) -> When:
        """An hour of a day; an hour alone is the nearest one in the direction of which is spoken."""
        day, clock = found["day"], _clock(found, words)
        if day:
            date = self._date(day, ahead)
            return self._at(date, clock) if clock else When.day(date, self.zone)
        today = self._at(self._today(), clock)
        if ahead and today.start <= self.now:
            return self._at(self._today() + timedelta(days=1), clock)
        if not ahead and today.start > self.now:
            return self._at(self._today() - timedelta(days=1), clock)
        return today

    def _at(self, day: date, clock: str) -> When:
        return values.when(f"{day} {clock}", self.zone)

    def _today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def _date(self, word: str, ahead: bool) -> date:
        today = self._today()
        near = {"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1}
        if word in near:
            return today + timedelta(days=near[word])
        weekday = next(number for number, name in enumerate(_DAYS) if name.startswith(word))
        away = (weekday - today.weekday()) % 7 or 7
        return today + timedelta(days=away if ahead else (away - 7) or -7)


def _clock(found: re.Match[str], words: str) -> str:
    """The hour and the minute, from 0 to 23; "" where no hour was said."""
    prefix = "" if found["day"] else "only_"
    hour, minute, half = (found[f"{prefix}{name}"] for name in ("hour", "minute", "half"))
    if found[f"{prefix}noon"]:
        return "12:00"
    if hour is None:
        return ""
    if half and 1 <= int(hour) <= 12:
        return f"{int(hour) % 12 + (12 if half == 'p' else 0)}:{minute or '00'}"
    if half or minute is None:
        raise _unknown(words)
    return f"{hour}:{minute}"


def _unknown(words: str) -> Wrong:
    return Wrong(f"{quoted(words)} is not a time.", f"Say it like {EXAMPLES}.")
