"""The words of the desk in one language, from its own catalogs: residents never read them."""

import re
from datetime import datetime, time, timedelta
from functools import cache
from gettext import GNUTranslations, NullTranslations, translation
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from statusgen.english import English, SeveralTexts, translate
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.text import printable
from statusgen.wording.phrasing import Phrasing

CATALOGS = Path(__file__).parent / "locale"
DOMAIN = "desk"
_HALF_OF_DAY = re.compile(r"\b([ap])\.\s?m\.")
LANGUAGES = ("en", "es")
"""The languages of the desk; the messages in its code are English."""


class DeskWords:
    """Puts what the desk says into words, in a language of `LANGUAGES`, with times as people say them in the zone."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language, self.zone = language, zone
        # As in the United States, where the desk's two languages are at home: 2:14 AM.
        self._locale = {"en": "en_US", "es": "es_US"}[language]
        catalog = _catalog(language)
        self.gettext, self.ngettext = catalog.gettext, catalog.ngettext

    @classmethod
    def for_residents(cls, site: Site) -> "DeskWords | None":
        """Return the words in the language that posts are written in; None if the desk does not have that."""
        language = site.languages[0]
        return cls(language, site.zone) if language in LANGUAGES else None

    def vocabulary(self, site: Site) -> Phrasing:
        """Return what residents read, in this language if the site has it, otherwise in that of its posts."""
        return Phrasing(site, self.language if self.language in site.languages else site.languages[0], plain=True)

    def clock(self, moment: datetime) -> str:
        """Return a time of day: "2:14 AM"."""
        # Babel puts a narrow space before AM, which some fonts of old computers do not have.
        return self._format_time(moment, "short")

    def exact_clock(self, moment: datetime) -> str:
        """Return a time of day with its seconds: "2:12:41 AM"."""
        return self._format_time(moment, "medium")

    def _format_time(self, moment: datetime, form: Literal["short", "medium"]) -> str:
        # Spanish has "a. m."; as in hints, and for sentences that end with a time, without the periods.
        words = format_time(moment, form, tzinfo=self.zone, locale=self._locale).replace("\u202f", " ")
        return _HALF_OF_DAY.sub(lambda found: f"{found[1].upper()}M", words)

    def day(self, moment: datetime) -> str:
        """Return a day: "Tuesday, March 9"."""
        form = "EEEE, MMMM d" if self.language == "en" else "EEEE, d 'de' MMMM"
        return format_date(moment.astimezone(self.zone), form, locale=self._locale)

    def moment(self, moment: datetime, now: datetime) -> str:
        """Return a time, with its day if that is not the day of `now`."""
        if moment.astimezone(self.zone).date() == now.astimezone(self.zone).date():
            return self.clock(moment)
        return f"{self.day(moment)}, {self.clock(moment)}"

    def time(self, when: When, now: datetime) -> str:
        """Return a time; of one that was given as a day, the day alone."""
        return self.day(when.start) if when.is_whole_day else self.moment(when.start, now)

    def due_time(self, end: datetime, now: datetime) -> str:
        """Return by when something is due; of what is due at midnight, the day that ends then."""
        if end.astimezone(self.zone).time() == time.min:
            return self.day(end - timedelta(microseconds=1))
        return self.moment(end, now)

    def ago(self, seconds: float) -> str:
        """Return how long ago something was, so many seconds."""
        return self.gettext("%s ago") % self.length(seconds) if seconds >= 60 else self.gettext("Just now")

    def length(self, seconds: float) -> str:
        """Return how long something takes, in minutes below two hours, hours below two days, or days."""
        minutes = int(seconds // 60)
        if minutes < 120:
            return self.ngettext("%d minute", "%d minutes", minutes) % minutes
        if minutes < 2 * 24 * 60:
            return self.ngettext("%d hour", "%d hours", minutes // 60) % (minutes // 60)
        return self.ngettext("%d day", "%d days", minutes // 1440) % (minutes // 1440)

    def say(self, said: str) -> str:
        """Return what the program says to writers; what it has in English alone is quoted."""
        if self.language == "en":
            return str(said)
        if isinstance(said, SeveralTexts):
            return str(said.separator).join(map(self.say, said.parts))
        if not isinstance(said, English):
            return self.gettext("The program says, in English: %s") % self.quote(said)
        return str(translate(said, self.gettext))

    def quote(self, words: str) -> str:
        """Return words of a post, or of another program, between quotation marks."""
        return f"“{printable(words)}”"


def show_address(url: str) -> str:
    """Return an address as people say it: "status.springfield.gov"."""
    return url.partition("://")[2].rstrip("/")


@cache
def _catalog(language: str) -> GNUTranslations | NullTranslations:
    return translation(DOMAIN, CATALOGS, [language], fallback=language == "en")
