"""When something was or will be: a moment, a whole day or a month, in UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class When:
    """A moment, or a whole local day where the hour is not known.

    `start` and `end` are the same for a moment; for a day they are its first moment and the next day's.
    """

    start: datetime
    end: datetime

    @property
    def is_whole_day(self) -> bool:
        """Whether only the date was given."""
        return self.end > self.start

    @property
    def is_whole_month(self) -> bool:
        """Whether only the month was given, or more than a day."""
        return self.end - self.start > timedelta(hours=26)

    @property
    def last_minute(self) -> datetime:
        """The moment, or the last minute of the day, by which everything of that day was published."""
        return self.end - timedelta(minutes=1) if self.is_whole_day else self.start

    @classmethod
    def day(cls, day: date, zone: ZoneInfo) -> "When":
        """Return a whole day as the clocks of `zone` count it, 23 or 25 hours long where they change."""
        return cls(midnight(day, zone), midnight(day + timedelta(days=1), zone))

    @classmethod
    def month(cls, day: date, zone: ZoneInfo) -> "When":
        """Return the whole month of a day."""
        following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return cls(midnight(day.replace(day=1), zone), midnight(following, zone))

    @classmethod
    def moment(cls, moment: datetime) -> "When":
        """Return one moment."""
        utc = moment.astimezone(UTC)
        return cls(utc, utc)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, at which `day` begins in `zone`."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
