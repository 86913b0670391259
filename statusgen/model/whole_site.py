"""A site: all that the city said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from statusgen.model.catalogs import Catalog
from statusgen.model.channels import NotifySettings
from statusgen.model.contacts import AccessibilityContact, AlertSettings, Contact, FeedbackContact, SecurityContact
from statusgen.model.following import Followed
from statusgen.model.format_enum import FormatEnum
from statusgen.model.old_addresses import OldAddress
from statusgen.model.posts import Incident
from statusgen.model.record import PastWords, RecordCoverage
from statusgen.model.services import Group, Service
from statusgen.model.targets import Target
from statusgen.model.times import When
from statusgen.model.words import Words
from statusgen.problems import Place


class Review(FormatEnum):
    """How many people have to have read what is published: its writer alone, or somebody else as well."""

    ONE = "one"
    TWO = "two"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that a post shows. `path` is its address on the site; `content` its bytes, as they are published.

    `had_details`: the file also said things that nobody needs to see it, such as where it was taken, and by whom.
    """

    path: str
    content: bytes
    place: Place
    had_details: bool = False


@dataclass(frozen=True)
class Site:
    """All that the city said, in the order in which it was written.

    `url` ends with a slash. `as_of`, for demonstrations, is the moment shown when nobody asks for another:
    a time, or "last update" for the time of the newest update. `hub` is the WebSub hub that notifies subscribers of
    the feeds. `revision` is that of git, if there is one, and `record_coverage` how much git knows of what was public
    before; `deleted_ids` are the ids of posts that were public and are gone. `quarantined_ids` are those of posts with
    mistakes in their files, each replaced by a stand-in. `silence` names the advice that the writer does not want at
    all. `past` are the words of earlier versions, for the audit alone: no output may have them. `history_gap` is why
    git does not give all that was public before, and how to fix it. `catalogs` are the fixed words of languages that
    the package does not have, and `fallbacks` are pairs of a language and the one that stands in for it. `targets` are
    the places to publish at, in their order, `notify` how people are told of updates, and `follow` whose status is
    followed. `review` is how many people have to have read what is published. `was` are the addresses of pages and
    feeds on an earlier site, but for those of its posts.
    """

    title: Words
    publisher: Words
    url: str
    zone: ZoneInfo
    languages: tuple[str, ...]
    services: tuple[Service, ...]
    incidents: tuple[Incident, ...]
    groups: tuple[Group, ...] = ()
    contacts: tuple[Contact, ...] = ()
    accessibility: AccessibilityContact | None = None
    emergency: Words | None = None
    demonstration: Words | None = None
    stale_after: timedelta = timedelta(days=7)
    accent: str = "#0b5394"
    logo: Image | None = None
    hub: str | None = None
    alerts: AlertSettings | None = None
    security: SecurityContact | None = None
    feedback: FeedbackContact | None = None
    catalogs: tuple[Catalog, ...] = ()
    fallbacks: tuple[tuple[str, str], ...] = ()
    targets: tuple[Target, ...] = ()
    notify: NotifySettings = field(default_factory=NotifySettings)
    follow: tuple[Followed, ...] = ()
    review: Review = Review.ONE
    was: tuple[OldAddress, ...] = ()
    images: tuple[Image, ...] = ()
    as_of: When | Literal["last update"] | None = None
    revision: str | None = None
    record_coverage: RecordCoverage | None = None
    deleted_ids: tuple[str, ...] = ()
    quarantined_ids: tuple[str, ...] = ()
    silence: tuple[str, ...] = ()
    past: PastWords | None = field(default=None, repr=False)
    history_gap: tuple[str, str] | None = field(default=None, repr=False)

    @cached_property
    def service_by_id(self) -> Mapping[str, Service]:
        """The services by their ids."""
        return {service.id: service for service in self.services}

    def fallback_of(self, language: str) -> str:
        """Return the language of what is not translated into `language`: the site's first one if it names no other."""
        return dict(self.fallbacks).get(language, self.languages[0])

    @property
    def mirrors(self) -> tuple[str, ...]:
        """The addresses at which residents find a copy of the site, each once."""
        urls = dict.fromkeys(target.url for target in self.targets if target.url)
        return tuple(url for url in urls if url.rstrip("/") != self.url.rstrip("/"))

    @cached_property
    def phone_numbers(self) -> frozenset[str]:
        """All numbers that the site names as numbers to call: of contacts, operators and channels."""
        contacts = [*self.contacts, *([self.accessibility] if self.accessibility else [])]
        phones = [contact.phone for contact in contacts]
        phones += [service.operator.phone for service in self.services if service.operator]
        phones += [channel.phone for service in self.services for channel in service.channels]
        return frozenset(filter(None, phones))

    @property
    def last_update_at(self) -> datetime | None:
        """When the newest update of all but drafts was published; None if there is none."""
        times = [
            update.time.last_minute for incident in self.incidents if not incident.draft for update in incident.updates
        ]
        return max(times, default=None)

    @property
    def fixed_moment(self) -> datetime | None:
        """The moment that the site shows at any time; None for a site that follows the clock."""
        if self.as_of == "last update":
            return self.last_update_at
        return self.as_of.last_minute if self.as_of else None

    def day_number(self, began: When, moment: datetime) -> int:
        """Return which local day it is at `moment`, where the day on which something began is the first."""
        return (self.local_day(moment) - self.local_day(began.start)).days + 1

    def local_day(self, moment: datetime) -> date:
        """Return the date that a resident's calendar shows at `moment`."""
        return moment.astimezone(self.zone).date()
