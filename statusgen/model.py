"""What the files say: a site, its services, and its incidents with every update, as frozen values.

Nothing here depends on the moment of the build; what is true *now* is worked out in `statusgen.board`.
Every `datetime` is in UTC. Values that a writer can get wrong carry the `Place` they were read from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from statusgen.problems import Place


class FormatEnum(Enum):
    """A word of the format, of which there is one object for each value."""

    # Enum hashes the name each time, in Python, and a build asks a million times.
    __hash__ = object.__hash__


class Status(FormatEnum):
    """How a service or one of its channels stands, from best to worst."""

    WORKING = "working"
    MAINTENANCE = "maintenance"
    CATCHING_UP = "catching_up"
    DIFFERENTLY = "differently"
    DEGRADED = "degraded"
    UNKNOWN = "unknown"
    LIMITED = "limited"
    DOWN = "down"

    @property
    def severity(self) -> int:
        """Its rank: 0 is working, 7 is not available."""
        return _SEVERITY[self]

    @property
    def is_usable(self) -> bool:
        """Whether somebody can use a channel that stands so."""
        return self not in (Status.DOWN, Status.MAINTENANCE, Status.UNKNOWN)


_SEVERITY = {status: rank for rank, status in enumerate(Status)}


class State(FormatEnum):
    """The word in an update's heading: how far the incident or the planned work has come."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    POSTMORTEM = "postmortem"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UPDATE = "update"
    CORRECTION = "correction"
    WITHDRAWN = "withdrawn"

    @property
    def is_terminal(self) -> bool:
        """Whether nothing is held back any more once this was said."""
        return self in (State.RESOLVED, State.COMPLETED, State.CANCELLED, State.WITHDRAWN)

    @property
    def is_state_change(self) -> bool:
        """Whether the word changes the state at all; an update or a correction does not."""
        return self not in (State.UPDATE, State.CORRECTION, State.POSTMORTEM)


ANY_STATES = (State.UPDATE, State.CORRECTION, State.WITHDRAWN)
PROBLEM_STATES = (
    State.INVESTIGATING,
    State.IDENTIFIED,
    State.MONITORING,
    State.RESOLVED,
    State.POSTMORTEM,
    *ANY_STATES,
)
MAINTENANCE_STATES = (
    State.SCHEDULED,
    State.IN_PROGRESS,
    State.VERIFYING,
    State.COMPLETED,
    State.CANCELLED,
    *ANY_STATES,
)


class Kind(FormatEnum):
    """What a post is about."""

    INCIDENT = "incident"
    MAINTENANCE = "maintenance"
    NOTICE = "notice"

    @property
    def states(self) -> tuple[State, ...]:
        """The states that its updates may name."""
        return MAINTENANCE_STATES if self is Kind.MAINTENANCE else PROBLEM_STATES


class Topic(FormatEnum):
    """The subject of a notice."""

    FRAUD = "fraud"
    DATA = "data"
    HEALTH = "health"
    CLOSURE = "closure"
    OTHER = "other"


class ChannelKind(FormatEnum):
    """The way in which a channel is used."""

    ONLINE = "online"
    PHONE = "phone"
    IN_PERSON = "in_person"
    MAIL = "mail"
    DROP_BOX = "drop_box"
    AUTOMATIC = "automatic"
    OTHER = "other"


class Tender(FormatEnum):
    """What a counter takes as payment."""

    CASH = "cash"
    CHECK = "check"
    MONEY_ORDER = "money_order"
    CARD = "card"


class OperatorKind(FormatEnum):
    """Who an operator answers to."""

    CITY = "city"
    COUNTY = "county"
    STATE = "state"
    FEDERAL = "federal"
    PRIVATE = "private"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text and the language (BCP 47) that it really is in."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Words:
    """A short text in one or more languages; the first of them stands in for those that lack it."""

    texts: tuple[tuple[str, str], ...]

    def in_language(self, language: str) -> LocalText:
        """The words in `language`, or else in the language that they were first written in."""
        for known, text in self.texts:
            if known == language:
                return LocalText(text, known)
        return LocalText(self.texts[0][1], self.texts[0][0])

    def with_translations(self, more: Iterable["Words | None"]) -> "Words":
        """These words, with the translations that `more` brings put in after them."""
        texts = dict(self.texts)
        for words in more:
            texts |= dict(words.texts) if words else {}
        return Words(tuple(texts.items()))


@dataclass(frozen=True, slots=True)
class Markup:
    """A written text: safe HTML, the same as plain text, and the language it is in.

    Links and images within the site are written `site:PATH`; `addresses.resolve` makes them relative.
    """

    html: str
    text: str
    language: str


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
    def last_minute(self) -> datetime:
        """The moment, or the last minute of the day: all that was said by then was said."""
        return self.end - timedelta(minutes=1) if self.is_whole_day else self.start

    @classmethod
    def day(cls, day: date, zone: ZoneInfo) -> "When":
        """A whole day as the clocks of `zone` count it, 23 or 25 hours long where they change."""
        return cls(midnight(day, zone), midnight(day + timedelta(days=1), zone))

    @classmethod
    def moment(cls, moment: datetime) -> "When":
        """One moment."""
        utc = moment.astimezone(UTC)
        return cls(utc, utc)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which `day` begins in `zone`."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs a service, where that is not the publisher of the site."""

    id: str
    name: Words
    kind: OperatorKind
    phone: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """A heading under which services stand together."""

    id: str
    name: Words


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to use a service. `opens` and `closes` bound a channel that was set up for a while only."""

    id: str
    kind: ChannelKind
    place: Place
    name: Words | None = None
    url: str | None = None
    phone: str | None = None
    address: Words | None = None
    hours: Words | None = None
    accepts: tuple[Tender, ...] = ()
    bring: Words | None = None
    fee: Words | None = None
    opens: When | None = None
    closes: When | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """Something that residents use. Without `operator` the publisher of the site runs it.

    `silence` names the advice that the writer does not want about it.
    """

    id: str
    name: Words
    place: Place
    summary: Words | None = None
    group: str | None = None
    operator: Operator | None = None
    keywords: Words | None = None
    code: str | None = None
    essential: bool = False
    channels: tuple[Channel, ...] = ()
    silence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """When something is expected back: unknown, on a day, or between two; `words` and `basis` explain it.

    `services` limits it to those services; empty, it holds for all that the incident holds.
    """

    unknown: bool = False
    not_before: When | None = None
    by: When | None = None
    words: Words | None = None
    basis: Words | None = None
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """What an update says of one service, or of one of its channels; None where it says nothing."""

    service: str
    channel: str | None
    place: Place
    status: Status | None = None
    do: Words | None = None
    where: Words | None = None
    started_before: When | None = None
    expected: Estimate | None = None
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiver:
    """A fee, penalty or deadline that does not apply for a while. A later one with its id fills in or changes it."""

    id: str
    place: Place
    services: tuple[str, ...] = ()
    what: Words | None = None
    by: Words | None = None
    begins: When | None = None
    until: When | None = None
    until_words: Words | None = None
    how: Words | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date that residents must know. A later one with its id changes it."""

    id: str
    place: Place
    on: When | None = None
    what: Words | None = None
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """What was wrong in an earlier update (named by its id), and what is right."""

    corrects: str
    wrong: Words | None
    right: Words | None


@dataclass(frozen=True, slots=True)
class Edit:
    """A change to an update after it was public: when it was committed, and the lines that went and that came.

    The lines are as they were written, in the file of `language`; `after` is empty where all of it was taken out.
    Of `withheld` ones the lines are left out, or some of them, because they must not be public.
    """

    time: When
    before: str
    after: str
    language: str
    withheld: bool = False


class RecordCoverage(FormatEnum):
    """How much is known of what was public before: all of it, or only since a copy of the content was made."""

    COMPLETE = "whole"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class Update:
    """One dated word about an incident, never changed afterwards but by a correction.

    `id` is its local time (`2024-05-15-1600`, or `2024-05-15` for a whole day), unique in its incident.
    `texts` holds the text once for each language it was written or translated in, the original first;
    `translations` tells for each translated language whether a human or a machine made it. `published` is when it
    was first committed, where that is known, and `edits` what was changed in it since, oldest first; `outdated` are
    the languages whose translation is older than the last change of the original.
    """

    id: str
    time: When
    state: State
    place: Place
    texts: tuple[Markup, ...] = ()
    title: Words | None = None
    by: Words | None = None
    reports: tuple[ServiceReport, ...] = ()
    expected: Estimate | None = None
    next_update: When | None = None
    waivers: tuple[Waiver, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    known: tuple[Words, ...] = ()
    not_known: tuple[Words, ...] = ()
    doing: tuple[Words, ...] = ()
    unrelated_to: tuple[str, ...] = ()
    correction: Correction | None = None
    starts: When | None = None
    ends: When | None = None
    translations: tuple[tuple[str, str], ...] = ()
    committed_at: When | None = None
    edits: tuple[Edit, ...] = ()
    outdated_languages: tuple[str, ...] = ()

    def text(self, language: str) -> Markup | None:
        """The text in `language`, or in the one it was written in; None where the update has no text."""
        for markup in self.texts:
            if markup.language == language:
                return markup
        return self.texts[0] if self.texts else None


@dataclass(frozen=True, slots=True)
class Incident:
    """One post: an incident, planned work or a notice. `id` is the name of its file and its address.

    `silence` names the advice that the writer does not want about it. `removed` are updates that were public and
    that somebody has taken out; `withhold` keeps the words of earlier versions off the page.
    """

    id: str
    kind: Kind
    title: Words
    started: When
    updates: tuple[Update, ...]
    place: Place
    topic: Topic | None = None
    repeats: str | None = None
    draft: bool = False
    translation_languages: tuple[str, ...] = ()
    silence: tuple[str, ...] = ()
    removed_updates: tuple[Edit, ...] = ()
    withhold: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call. `languages` are those spoken there."""

    name: Words
    phone: str | None
    url: str | None
    hours: Words | None
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """What alerts in the Common Alerting Protocol need besides the posts; a site without it makes none.

    `sender` identifies who sends them, as an e-mail address or a host name. `area` names the place that they are
    for, and `codes` give it in systems of codes, such as `SAME` and `029095`.
    """

    sender: str
    area: Words
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SecurityContact:
    """Whom to tell of a hole in the site (RFC 9116): addresses (mailto:, https: or tel:), and until when that holds."""

    contact: tuple[str, ...]
    expires: When
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that a post shows. `path` is its address on the site; `content` its bytes."""

    path: str
    content: bytes
    place: Place


@dataclass(frozen=True)
class Site:
    """All that the city said, in the order in which it was written.

    `url` ends with a slash. `as_of`, for demonstrations, is the moment shown when nobody asks for another:
    a time, or "last update" for that of the last word in the posts. `hub` is the WebSub hub that tells subscribers
    of the feeds. `revision` is that of git, if it has one, and `record` how much git knows of what was public
    before; `deleted` are the ids of posts that were public and are gone. `left_out` are the ids of posts that have
    mistakes in their files, in whose place something else stands. `silence` names the advice that the writer
    does not want at all.
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
    emergency: Words | None = None
    demonstration: Words | None = None
    stale_after: timedelta = timedelta(days=7)
    accent: str = "#0b5394"
    logo: Image | None = None
    hub: str | None = None
    alerts: AlertSettings | None = None
    security: SecurityContact | None = None
    images: tuple[Image, ...] = ()
    as_of: When | Literal["last update"] | None = None
    revision: str | None = None
    record_coverage: RecordCoverage | None = None
    deleted_ids: tuple[str, ...] = ()
    quarantined_ids: tuple[str, ...] = ()
    silence: tuple[str, ...] = ()

    @cached_property
    def service_by_id(self) -> Mapping[str, Service]:
        """The services by their ids."""
        return {service.id: service for service in self.services}

    @property
    def last_update_at(self) -> datetime | None:
        """When the newest update was published that is no draft; None where there is none."""
        times = [
            update.time.last_minute for incident in self.incidents if not incident.draft for update in incident.updates
        ]
        return max(times, default=None)

    @property
    def fixed_moment(self) -> datetime | None:
        """The moment that the site shows whatever the clock says; None for a site that goes with the time."""
        if self.as_of == "last update":
            return self.last_update_at
        return self.as_of.last_minute if self.as_of else None

    def day_number(self, began: When, moment: datetime) -> int:
        """Which local day it is at `moment`, where the day on which something began is the first."""
        return (self.local_day(moment) - self.local_day(began.start)).days + 1

    def local_day(self, moment: datetime) -> date:
        """The date that a resident's calendar shows at `moment`."""
        return moment.astimezone(self.zone).date()
