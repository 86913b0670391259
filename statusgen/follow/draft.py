"""The draft of a post of our own, from what others report: what it means here, in residents' words.

It says who reports it, since when by their account, and where they tell of it; nothing else of theirs is in it.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from statusgen.editor import posts
from statusgen.editor.fact_values import Facts, FactValue, drop_empty
from statusgen.editor.times import format_time, update_time
from statusgen.model.statuses import WRITTEN_STATUSES, Status
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.model.words import Words
from statusgen.wording.phrasing import Phrasing
from statusgen.wording.reports_of_others import name_way, report_text, report_title, title_since

# What Markdown could take for a sign, and what becomes a link by itself.
_SIGNS = re.compile(r"[\\`*_\[\]<>~|&]")
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.|mailto:)\S*|\S+@\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Affected:
    """A service or a channel of ours, by its key as posts have it, how it stands by what they say, and what to do."""

    key: str
    status: Status
    do: Words | None = None


@dataclass(frozen=True)
class Report:
    """What others report: who, of what of ours, since when, what they call it, and where they tell of it.

    If it `is_before`, that is when it was first seen, and it may have begun earlier. If it `is_unsteady`, it goes up
    and down.
    """

    name: Words
    affected: tuple[Affected, ...]
    since: When
    is_before: bool
    is_unsteady: bool = False
    title: str = ""
    url: str | None = None

    @property
    def status(self) -> Status:
        """The worst status of what is affected."""
        return max((each.status for each in self.affected), key=lambda status: status.severity)


@dataclass(frozen=True)
class Draft:
    """What a draft holds: its headline, when it began (or before when), what it tells of services, and its text."""

    title: str
    started: When
    is_before: bool
    affected: tuple[Affected, ...]
    text: str
    posted: When

    def make_id(self, zone: ZoneInfo) -> str:
        """Return the id of its post."""
        return posts.make_post_id(self.title, f"{self.posted.start.astimezone(zone):%Y-%m-%d}")

    def as_post(self, zone: ZoneInfo) -> str:
        """Return the file, as `statusgen new` writes one, and marked as a draft."""
        started, posted = format_time(self.started, zone), format_time(self.posted, zone)
        front: Facts = {
            "title": self.title,
            "draft": True,
            "started": started,
            "posted": posted if posted != started else None,
            "services": {each.key: self._entry(each, zone) for each in self.affected},
        }
        return posts.format_post(drop_empty(front), self.text)

    def _entry(self, affected: Affected, zone: ZoneInfo) -> FactValue:
        before = format_time(self.started, zone) if self.is_before and affected.status.is_broken else None
        entry: Facts = {"status": affected.status.value, "started_before": before, "do": _as_fact(affected.do)}
        entry = drop_empty(entry)
        return affected.status.value if entry.keys() == {"status"} else entry


def _as_fact(words: Words | None) -> FactValue:
    """Return words in all of their languages, as posts have them."""
    if words is None:
        return None
    return words.texts[0][1] if len(words.texts) == 1 else dict(words.texts)


def as_written(status: Status) -> Status:
    """Return the status that a post can give for one of theirs."""
    return status if status in WRITTEN_STATUSES else Status.LIMITED


class DraftWriter:
    """Writes drafts in the first language of a site, at the moment `now`."""

    def __init__(self, site: Site, now: datetime) -> None:
        self.site, self.now = site, now
        self.phrasing = Phrasing(site, site.languages[0], plain=True)
        self._short = Phrasing(site, site.languages[0], plain=True, moment=now)

    def write(self, report: Report, with_their_words: bool = True) -> Draft:
        """Return the draft of a post; without their words, their title is left out."""
        posted = update_time(self.now)
        # Rounded down, it can be earlier than something that began a minute ago.
        posted = report.since if posted.start < report.since.start else posted
        text = self._text(report if with_their_words else replace(report, title=""))
        return Draft(self.title(report), report.since, report.is_before, report.affected, text, posted)

    def title(self, report: Report) -> str:
        """Return the headline."""
        ways = self.phrasing.format_list(self.name(each.key) for each in report.affected)
        return report_title(ways, report.name, report.status, report.is_unsteady, self.phrasing)

    def headline(self, report: Report) -> str:
        """Return the headline with since when it is so, if they say that."""
        if report.is_before:
            return self.title(report)
        time = self._short.time_beside(report.since, When.moment(self.now))
        return title_since(self.title(report), time, self.phrasing)

    def name(self, key: str) -> str:
        """Return the name of a service, or of a channel of it, by its key."""
        service_id, _, channel_id = key.partition("/")
        service = next(each for each in self.site.services if each.id == service_id)
        channel = next((each for each in service.channels if each.id == channel_id), None)
        return name_way(service, channel, self.phrasing)

    def _text(self, report: Report) -> str:
        return report_text(report.name, report.since, report.is_before, _quote(report), self.phrasing)


def _quote(report: Report) -> str:
    """Return what they call it, as a link to where they tell of it; "" if there is neither."""
    title = escape_words(report.title)
    if report.url:
        return f"[{title or report.url}]({report.url})" if "(" not in report.url and ")" not in report.url else title
    return f"“{title}”" if title else ""


def escape_words(words: str) -> str:
    """Return words of others as Markdown shows them as they are; addresses in them are left out."""
    return _SIGNS.sub(lambda sign: f"\\{sign[0]}", " ".join(_ADDRESS.sub("…", words).split()))
