"""What the files say: a site, its services, and its incidents with every update, as frozen values.

Nothing here depends on the moment of the build; what is true *now* is worked out in `statusgen.board`.
Every `datetime` is in UTC. Values that a writer can get wrong carry the `Place` they were read from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from statusgen.keys import Id, Key, Link, Phone, ServiceId
from statusgen.problems import Place


class FormatEnum(Enum):
    """A word of the format, of which there is one object for each value."""

    # Enum hashes the name each time, in Python, and a build asks a million times.
    __hash__ = object.__hash__


class Status(FormatEnum):
    """The status of a service or of one of its channels, from best to worst.

    Nobody writes `not_said` (nothing was said of it) and `partly_down` (some ways cannot be used, and nobody said how
    the others stand): they follow from what was written.
    """

    WORKING = "working"
    NOT_SAID = "not_said"
    MAINTENANCE = "maintenance"
    CATCHING_UP = "catching_up"
    DIFFERENTLY = "differently"
    DEGRADED = "degraded"
    UNKNOWN = "unknown"
    LIMITED = "limited"
    PARTLY_DOWN = "partly_down"
    DOWN = "down"

    @property
    def severity(self) -> int:
        """Its rank: 0 is working, 9 is not available."""
        return _SEVERITY[self]

    @property
    def is_usable(self) -> bool:
        """Whether somebody said that a channel with this status can be used."""
        return self not in (Status.DOWN, Status.MAINTENANCE, Status.UNKNOWN, Status.NOT_SAID, Status.PARTLY_DOWN)

    @property
    def is_closed(self) -> bool:
        """Whether somebody said that a channel with this status cannot be used."""
        return self in (Status.DOWN, Status.MAINTENANCE)

    @property
    def is_about_every_way(self) -> bool:
        """Whether it is about all ways, if it is said of a service: "Partly working" does not say which."""
        return self not in (Status.LIMITED, Status.DEGRADED, Status.DIFFERENTLY)

    @property
    def is_back(self) -> bool:
        """Whether it can be used again, though not as before: the question is when it will be back to normal."""
        return self in (Status.CATCHING_UP, Status.DIFFERENTLY)

    @property
    def is_stated_problem(self) -> bool:
        """Whether somebody said something else of it than that it works as usual."""
        return self not in (Status.WORKING, Status.NOT_SAID)

    @property
    def is_broken(self) -> bool:
        """Whether somebody said that it does not work as usual; not for planned work, nor if that is not known."""
        return self.is_stated_problem and self not in (Status.MAINTENANCE, Status.UNKNOWN)


# What an update can change of a channel for a while.
CHANGEABLE_KEYS = ("accepts", "hours", "address", "phone", "url", "bring", "fee")
# Instead of the id of a channel: all channels of a service.
EVERY_WAY = "*"
# The statuses that a post can give.
WRITTEN_STATUSES = tuple(status for status in Status if status not in (Status.NOT_SAID, Status.PARTLY_DOWN))
_SEVERITY = {status: rank for rank, status in enumerate(Status)}


class Scope(FormatEnum):
    """What an incident may affect besides the services that it names: perhaps others, or none."""

    WIDER = "wider"
    NAMED = "named"


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
    RUMOR = "rumor"
    OTHER = "other"


class ChannelKind(FormatEnum):
    """The way in which a channel is used."""

    ONLINE = "online"
    PHONE = "phone"
    IN_PERSON = "in_person"
    MAIL = "mail"
    DROP_BOX = "drop_box"
    EMAIL = "email"
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
        """Return the words in `language`, or else in the language that they were first written in."""
        for known, text in self.texts:
            if known == language:
                return LocalText(text, known)
        return LocalText(self.texts[0][1], self.texts[0][0])

    def with_translations(self, more: Iterable["Words | None"]) -> "Words":
        """Return these words, with the translations that `more` brings put in after them."""
        texts = dict(self.texts)
        for words in more:
            texts |= dict(words.texts) if words else {}
        return Words(tuple(texts.items()))


@dataclass(frozen=True, slots=True)
class Markup:
    """A written text: safe HTML, the same as plain text, and the language it is in.

    Links and images within the site are written `site:PATH`; `addresses.resolve_links` makes them relative.
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


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs a service, where that is not the publisher of the site."""

    id: Annotated[Id, Key("The name by which services choose them.", data="The operator's id.")]
    name: Annotated[Words, Key("What they are called.", data="The operator's name.", example="Water department")]
    kind: Annotated[OperatorKind, Key("What they are.", data="Whom the operator answers to.")] = OperatorKind.CITY
    phone: Annotated[Phone | None, Key("Their number.", data="The operator's telephone number.")] = None
    url: Annotated[Link | None, Key("Their own page.", data="The operator's address on the web.")] = None


@dataclass(frozen=True, slots=True)
class Group:
    """A heading under which services stand together."""

    id: Annotated[Id, Key("The name by which services choose it.", data="The group's id.", example="bills")]
    name: Annotated[Words, Key("The heading.", data="The group's name.", example="Bills and payments")]


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to use a service. `opens` and `closes` bound a channel that was set up for a while only.

    Without `kind_given`, the kind is not known yet: the entry changes a channel that an earlier one set up.
    """

    id: Annotated[
        Id,
        Key(
            "The name by which posts speak of it; otherwise its kind.",
            data="Its id, unique in the service.",
            fallback=True,
        ),
    ]
    kind: Annotated[
        ChannelKind,
        Key("What kind of channel it is.", data="What kind of way it is.", label="its kind", example="in_person"),
    ]
    place: Place
    name: Annotated[
        Words | None,
        Key(
            "What people call it; otherwise the word for its kind.",
            data="Its name or, where it has none, its kind in words.",
            label="its name",
        ),
    ] = None
    url: Annotated[Link | None, Key("Its address on the web.", label="the address on the web")] = None
    phone: Annotated[
        Phone | None, Key("Its number.", data="Its telephone number, as people write it.", label="the phone number")
    ] = None
    address: Annotated[Words | None, Key("Where it is.", label="the address")] = None
    hours: Annotated[Words | None, Key("When it is open, in words.", data="When it is open.", label="the hours")] = None
    accepts: Annotated[tuple[Tender, ...], Key("What can be paid with there.", label="the means of payment")] = ()
    bring: Annotated[Words | None, Key("What to bring.", label="the word on what to bring")] = None
    fee: Annotated[Words | None, Key("What it costs to use it.", data="What it costs.", label="the fee")] = None
    opens: Annotated[
        When | None,
        Key(
            "From when it is there; otherwise from this update on.",
            data="When it opens, if it was set up for a while.",
            written="from",
            label="its opening",
        ),
    ] = None
    closes: Annotated[
        When | None,
        Key(
            "Until when it is there.",
            data="When it closes, if it was set up for a while.",
            written="until",
            label="its closing",
        ),
    ] = None
    kind_given: bool = True


@dataclass(frozen=True, slots=True)
class Service:
    """Something that residents use. Without `operator` the publisher of the site runs it.

    Work that repeats does not take place on its
    `skipped_days`. `silence` names the advice that the writer does not want about it.
    """

    id: Annotated[
        Id,
        Key(
            "The name by which posts speak of it; otherwise made from its name.",
            data="Its id, part of its address.",
            fallback=True,
        ),
    ]
    name: Annotated[Words, Key("What residents call it.", data="Its name.", label="its name", example="Trash pickup")]
    place: Place
    summary: Annotated[Words | None, Key("What it is, in a sentence.", data="What it is.", label="its summary")] = None
    group: Annotated[
        str | None, Key("The group that it belongs to.", data="The id of its group.", label="its group")
    ] = None
    operator: Annotated[
        Operator | None,
        Key(
            "Who runs it; otherwise the publisher.",
            data="Who runs it; null where the publisher of the site does.",
            label="its operator",
        ),
    ] = None
    keywords: Annotated[
        Words | None,
        Key(
            "Other words by which people look for it.",
            data="Words by which people look for it.",
            label="its keywords",
        ),
    ] = None
    code: Annotated[str | None, Key("Its Open311 service code.", label="its Open311 code")] = None
    essential: Annotated[
        bool,
        Key(
            "Whether it leads the list of what still works.",
            data="Whether the city calls it essential.",
            label="the mark as essential",
        ),
    ] = False
    channels: Annotated[
        tuple[Channel, ...], Key("The ways to use it; each has a status of its own.", data="The ways to use it.")
    ] = ()
    silence: Annotated[tuple[str, ...], Key("Advice to silence for it, by name.")] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """When something is expected back: unknown, on a day, or between two; `words` and `basis` explain it.

    `services` limits it to those services; if empty, it applies to all that the incident affects.
    """

    unknown: Annotated[bool, Key("Whether nobody knows.", data="Whether it was said that nobody knows.")] = False
    not_before: Annotated[When | None, Key("Not earlier than this.", data="The earliest time.")] = None
    by: Annotated[When | None, Key("Not later than this.", data="The latest time.")] = None
    words: Annotated[Words | None, Key("What was said, in words.", data="How it was put: “weeks, not days”.")] = None
    basis: Annotated[Words | None, Key("On what ground.", data="What it is based on.")] = None
    services: Annotated[
        tuple[ServiceId, ...],
        Key(
            "The services that it is about; otherwise all that the post affects.",
            data="The ids of the services it was said of; none where it holds for the incident.",
        ),
    ] = ()


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """What an update says about a service or one of its channels; None for what it does not mention.

    `channel` is `EVERY_WAY` for all of them. `do_until` is when `do` ends. `since` is when the status began, or the
    incident if it began with that. `for_now` has what is other than usual at a channel, such as what can be paid with.
    """

    service: str
    channel: str | None
    place: Place
    status: Annotated[Status | None, Key("Its status.")] = None
    do: Annotated[Words | None, Key("What people can do meanwhile.", data="What to do meanwhile.")] = None
    do_until: When | None = None
    where: Annotated[Words | None, Key("Where they can go instead.", data="Where to go instead.")] = None
    since: When | Literal["incident"] | None = None
    started_before: Annotated[
        When | None,
        Key("If it began earlier than is known: before when.", data="A time before which it began to stand so."),
    ] = None
    expected: Annotated[Estimate | None, Key("When it is expected back.")] = None
    channels: Annotated[
        tuple[Channel, ...],
        Key("Ways to use it that were set up for the time being.", data="Channels that are set up for a while."),
    ] = ()
    for_now: Channel | None = None

    def began(self, incident_started: When) -> When | None:
        """Return when the status began, as far as the update says so, in an incident that started then."""
        return incident_started if self.since == "incident" else self.since


@dataclass(frozen=True, slots=True)
class Waiver:
    """A fee, penalty or deadline that does not apply for a while. A later one with its id fills in or changes it."""

    id: Annotated[
        Id,
        Key(
            "The name by which later updates speak of it.", data="Its id, unique in its incident.", example="late-fees"
        ),
    ]
    place: Place
    what: Annotated[Words | None, Key("What does not apply for now.", data="What does not apply.")] = None
    by: Annotated[Words | None, Key("Who granted it.")] = None
    services: Annotated[
        tuple[ServiceId, ...],
        Key("The services that it is about.", data="The ids of the services that it is about."),
    ] = ()
    begins: Annotated[
        When | None, Key("From when; otherwise from this update on.", data="The first day.", written="from")
    ] = None
    until: Annotated[When | None, Key("Its last day, or words for what ends it.", data="The last day.")] = None
    until_words: Annotated[
        Words | None,
        Key("What ends it.", data="Until when, where no day was said: “online payment works again”."),
    ] = None
    how: Annotated[
        Words | None,
        Key("How to get it; `automatic` if nobody has to ask.", data="How one gets it."),
    ] = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date that residents must know. A later one with its id changes it."""

    id: Annotated[
        Id,
        Key(
            "The name by which later updates speak of it.",
            data="Its id, unique in its incident.",
            example="last-day-to-appeal",
        ),
    ]
    place: Place
    on: Annotated[When | None, Key("The date.")] = None
    what: Annotated[Words | None, Key("What is due, or ends, on that date.", data="What it is about.")] = None
    services: Annotated[
        tuple[ServiceId, ...],
        Key("The services that it is about.", data="The ids of the services that it is about."),
    ] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """What was wrong in an earlier update (named by its id), and what is right."""

    corrects: str
    wrong: Annotated[Words | None, Key("What was wrong in it.")]
    right: Annotated[Words | None, Key("What is right.")]


@dataclass(frozen=True, slots=True)
class Edit:
    """A change to an update after it was public: when it was committed, and the lines removed and added.

    The lines are as they were written, in the file of `language`; `after` is empty if the whole update was
    removed. If `withheld`, some or all of the lines are left out because they must not be public.
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
class PastText:
    """Lines of earlier versions of an incident's files, as they were written; `incident` is its id."""

    incident: str
    text: str


@dataclass(frozen=True, slots=True)
class PastWords:
    """What git knows of earlier versions: what residents could read, and what nobody could; and the files of today."""

    public: tuple[PastText, ...]
    hidden: tuple[PastText, ...]
    current: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Update:
    """One dated entry of a post, not changed afterwards except by a correction.

    `id` is its local time (`2024-05-15-1600`, or `2024-05-15` for a whole day), unique in its incident.
    `texts` holds the text once for each language it was written or translated in, the original first;
    `translations` says for each translated language whether a human or a machine made it. `committed_at` is when it
    was first committed, if that is known, and `edits` what was changed in it since, oldest first;
    `outdated_languages` are those whose translation is older than the last change of the original. `others` is the
    status of all services that no open post has spoken of. `unchanged` confirms all that the post last said. With
    `embargo`, it is kept back until its time.
    """

    id: str
    time: When
    state: State
    place: Place
    texts: tuple[Markup, ...] = ()
    title: Annotated[
        Words | None, Key("What this update is called, if its state alone says too little.", label="its title")
    ] = None
    by: Annotated[
        Words | None,
        Key(
            "Who says this; makes it a statement.",
            data="Who said it, where it is a statement.",
            label="who says it",
        ),
    ] = None
    known: Annotated[
        tuple[Words, ...], Key("What is known.", data="What it says is known.", label="what is known")
    ] = ()
    not_known: Annotated[
        tuple[Words, ...],
        Key("What is not known yet.", data="What it says is not known.", label="what is not known"),
    ] = ()
    doing: Annotated[
        tuple[Words, ...],
        Key("What is being done.", data="What it says is being done.", label="what is being done"),
    ] = ()
    reports: Annotated[
        tuple[ServiceReport, ...],
        Key(
            "The status of services and their channels now.",
            data="What it says of services.",
            written="services",
            label="what it says of services",
        ),
    ] = ()
    expected: Annotated[
        Estimate | None,
        Key(
            "When everything that the post affects is expected back.",
            data="When it says that things will be back.",
            label="the estimate",
        ),
    ] = None
    next_update: Annotated[
        When | None,
        Key(
            "When the next update will come.",
            data="When it promises the next update.",
            label="the promised time of the next update",
        ),
    ] = None
    waivers: Annotated[
        tuple[Waiver, ...],
        Key(
            "Fees, penalties and deadlines that do not apply for now.",
            data="The waivers that it speaks of, as they stood then.",
            label="its waivers",
        ),
    ] = ()
    deadlines: Annotated[
        tuple[Deadline, ...],
        Key(
            "Dates that residents must know.",
            data="The deadlines that it speaks of, as they stood then.",
            label="its dates",
        ),
    ] = ()
    unrelated_to: Annotated[
        tuple[str, ...],
        Key(
            "Posts that people might wrongly take for the same thing.",
            data="The ids of incidents that it says have nothing to do with this one.",
            label="what it has nothing to do with",
        ),
    ] = ()
    starts: Annotated[
        When | None,
        Key("When planned work begins.", data="When it says that planned work begins.", label="when the work begins"),
    ] = None
    ends: Annotated[
        When | None,
        Key(
            "When planned work, or a notice, ends.",
            data="When it says that planned work, or a notice, ends.",
            label="when it ends",
        ),
    ] = None
    do: Annotated[
        Words | None,
        Key("What everybody can do.", data="What it says that everybody can do.", label="what everybody can do"),
    ] = None
    do_until: When | None = None
    claim: Annotated[Words | None, Key("What a rumor says.", data="What the rumor says.", label="the rumor")] = None
    fact: Annotated[Words | None, Key("What is true instead.", data="What is true instead.", label="what is true")] = (
        None
    )
    others: Status | None = None
    scope: Scope | None = None
    unchanged: bool = False
    rename: Annotated[
        Words | None,
        Key(
            "The name of the incident from now on.", data="The name of the incident from then on.", label="its new name"
        ),
    ] = None
    embargo: bool = False
    correction: Correction | None = None
    translations: tuple[tuple[str, str], ...] = ()
    committed_at: When | None = None
    edits: tuple[Edit, ...] = ()
    outdated_languages: tuple[str, ...] = ()

    def text(self, language: str) -> Markup | None:
        """Return the text in `language`, or in the one it was written in; None if the update has no text."""
        for markup in self.texts:
            if markup.language == language:
                return markup
        return self.texts[0] if self.texts else None


@dataclass(frozen=True, slots=True)
class Incident:
    """One post: an incident, planned work or a notice. `id` is the name of its file and its address.

    `silence` names the advice that the writer does not want about it. `removed_updates` were public
    and have been removed since; `withhold` keeps the words of earlier versions off the page.
    """

    id: str
    kind: Kind
    title: Words
    started: When
    updates: tuple[Update, ...]
    place: Place
    topic: Topic | None = None
    repeats: str | None = None
    skipped_days: tuple[date, ...] = ()
    draft: bool = False
    translation_languages: tuple[str, ...] = ()
    silence: tuple[str, ...] = ()
    removed_updates: tuple[Edit, ...] = ()
    withhold: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call. `languages` are those spoken there."""

    name: Annotated[Words, Key("Who answers.", data="Who it is.", example="311 service line")]
    phone: Annotated[
        Phone | None,
        Key("The number to dial.", data="The telephone number.", label="the phone number"),
    ] = None
    url: Annotated[
        Link | None,
        Key("Where to write or to read more.", data="The address on the web.", label="the address on the web"),
    ] = None
    hours: Annotated[
        Words | None, Key("When somebody answers, in words.", data="When somebody answers.", label="the hours")
    ] = None
    languages: Annotated[
        tuple[str, ...],
        Key(
            "The languages spoken there, as codes like es.",
            data="The languages that are spoken there (BCP 47).",
            label="the languages",
        ),
    ] = ()


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """What alerts in the Common Alerting Protocol need besides the posts; a site without it makes none.

    `sender` identifies who sends them, as an email address or a host name. `area` names the place that they are
    for, and `codes` give its code in each system, such as `029095` in `SAME`.
    """

    sender: str
    area: Words
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SecurityContact:
    """Whom to tell about a vulnerability (RFC 9116): addresses (mailto:, https: or tel:), and when they expire."""

    contact: tuple[str, ...]
    expires: When
    policy: str | None = None


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
    git does not give all that was public before, and how to fix it.
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
    past: PastWords | None = field(default=None, repr=False)
    history_gap: tuple[str, str] | None = field(default=None, repr=False)

    @cached_property
    def service_by_id(self) -> Mapping[str, Service]:
        """The services by their ids."""
        return {service.id: service for service in self.services}

    @property
    def last_update_at(self) -> datetime | None:
        """When the newest update of all but drafts was published; None if there is none."""
        times = [
            update.time.last_minute for incident in self.incidents if not incident.draft for update in incident.updates
        ]
        return max(times, default=None)

    @property
    def fixed_moment(self) -> datetime | None:
        """The moment that the site shows whatever the clock says; None for a site that follows the clock."""
        if self.as_of == "last update":
            return self.last_update_at
        return self.as_of.last_minute if self.as_of else None

    def day_number(self, began: When, moment: datetime) -> int:
        """Return which local day it is at `moment`, where the day on which something began is the first."""
        return (self.local_day(moment) - self.local_day(began.start)).days + 1

    def local_day(self, moment: datetime) -> date:
        """Return the date that a resident's calendar shows at `moment`."""
        return moment.astimezone(self.zone).date()
