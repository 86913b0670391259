"""The values of the Board: how each service, channel and incident stands at one moment."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from zoneinfo import ZoneInfo

from statusgen.model import (
    Channel,
    ChannelKind,
    Deadline,
    Estimate,
    Incident,
    OperatorKind,
    Service,
    Site,
    State,
    Status,
    Update,
    Waiver,
    When,
    Words,
)

# A service, and one of its channels; None for a service that has none.
Cell = tuple[str, str | None]


def after(when: When, zone: ZoneInfo) -> When:
    """The moment at which something is over: the same moment or, where it lasts a whole day, the next day."""
    return When.day(when.end.astimezone(zone).date(), zone) if when.whole_day else when


class Phase(Enum):
    """Where an incident, planned work or a notice is in its life."""

    PLANNED = "planned"
    OPEN = "open"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Since:
    """When something began; `before` where all that is known is that it began before then."""

    when: When
    before: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """The update that said something: the ids of its incident and of itself."""

    incident: str
    update: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A stretch during which one incident keeps one cell from working as usual.

    `until` is None while it lasts. `opened_by` and `closed_by` are None where the clock did it (planned work, a
    notice with an end), and `closed_by` while it lasts.
    """

    incident: str
    cell: Cell
    status: Status
    since: Since
    until: When | None = None
    opened_by: Source | None = None
    closed_by: Source | None = None


@dataclass(frozen=True, slots=True)
class TemporaryChannel:
    """A channel that an incident set up for a while.

    It is open from `opens` to the end of its own time (`channel.closes`) or to `ended`, when it was no longer
    needed. `opened_by` and `ended_by` are the updates that did it; None where the clock does.
    """

    service: str
    channel: Channel
    opens: When
    opened_by: Source | None = None
    ended: When | None = None
    ended_by: Source | None = None

    @property
    def over(self) -> datetime | None:
        """The first moment at which it is no longer there."""
        ends = [self.ended.start] if self.ended else []
        ends += [self.channel.closes.end] if self.channel.closes else []
        return min(ends, default=None)

    def stands(self, moment: datetime) -> bool:
        """Whether it is there at `moment`."""
        return self.opens.start <= moment and (self.over is None or moment < self.over)


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of a service's time at one status, with the updates that began and ended it.

    `since` is None where it began before anything was said. `opened_by` and `closed_by` are None where the
    clock did it (planned work, a temporary channel), and at the ends of what is known.
    """

    status: Status
    since: Since | None
    until: When | None
    opened_by: Source | None
    closed_by: Source | None


@dataclass(frozen=True, slots=True)
class Advice:
    """What a resident can do meanwhile, and where to go instead, as said of one cell or of a whole service."""

    service: str
    channel: str | None
    do: Words | None
    where: Words | None


@dataclass(frozen=True, slots=True)
class SaidEstimate:
    """An estimate, and when and in which update it was given; `cell` where it was said of that alone."""

    estimate: Estimate
    said: When
    source: Source
    cell: Cell | None = None

    def covers(self, service: str) -> bool:
        """Whether it speaks of a service: of it alone, as one of several, or of all that the incident holds."""
        is_of_all = not self.cell and not self.estimate.services
        return is_of_all or self.names(service)

    def names(self, service: str) -> bool:
        """Whether it was said of a service by its name."""
        return self.cell[0] == service if self.cell else service in self.estimate.services


@dataclass(frozen=True, slots=True)
class Promise:
    """When the next word is due, and whether that moment has passed in silence."""

    due: When
    overdue: bool
    incident: str


@dataclass(frozen=True, slots=True)
class WaiverStanding:
    """A waiver with all that was said of it, and whether it holds at the moment of the Board."""

    waiver: Waiver
    phase: Phase
    incident: str


@dataclass(frozen=True, slots=True)
class DeadlineStanding:
    """A date that residents must know, and whether it is still to come."""

    deadline: Deadline
    phase: Phase
    incident: str


@dataclass(frozen=True, slots=True)
class Window:
    """One stretch of planned work; `end` is None where it goes on past its time without a known end.

    `opened_by` and `closed_by` are the updates that began and ended it; None where the clock does.
    """

    start: When
    end: When | None
    opened_by: Source | None = None
    closed_by: Source | None = None

    @property
    def over(self) -> datetime | None:
        """The first moment at which it is over: where an update ended it, when that was said; else after `end`."""
        if self.end is None:
            return None
        return self.end.start if self.closed_by else self.end.end


@dataclass(frozen=True, slots=True)
class Situation:
    """How an incident stood once an update was said, from nothing that was said or came to pass later.

    `state` is as said or, of planned work, as the clock had moved it on by then.
    `held` are the services that it then kept from working as usual, by their ids, each with how it stands as far as
    this incident goes. `waivers` are those not over; `due` is when the next word was promised for, `ends` when a
    notice ends. `over` is whether the incident or the notice had come to its end; then nothing is held any more.
    """

    state: State
    over: bool
    held: tuple[tuple[str, Status], ...]
    advice: tuple[Advice, ...]
    waivers: tuple[Waiver, ...]
    due: When | None
    ends: When | None


@dataclass(frozen=True, slots=True)
class Said:
    """What an update comes to, together with what was said before it.

    `services` are those that it speaks of, changes, or corrects a word about; `waivers` and `deadlines` those that
    it speaks of, each as it stands since then. `then` is how the whole incident stood.
    """

    update: Update
    services: tuple[str, ...]
    waivers: tuple[Waiver, ...]
    deadlines: tuple[Deadline, ...]
    then: Situation


@dataclass(frozen=True)
class IncidentStanding:
    """An incident up to the moment: what was published of it, and what follows from that.

    `incident` has no updates but those published. `said` has one entry for each of them. `windows` are those of
    planned work. `known`, `not_known` and `doing` are each as last said. `estimates` and `corrections` are oldest
    first; `returned` tells when each cell that was held back last worked again, for estimates said before then
    are void. A notice or incident that ended has the time in `ended`.
    """

    incident: Incident
    said: tuple[Said, ...]
    state: State
    phase: Phase
    holds: tuple[Hold, ...]
    advice: tuple[Advice, ...]
    channels: tuple[TemporaryChannel, ...]
    confirmed: tuple[tuple[Cell, When], ...]
    returned: tuple[tuple[Cell, When], ...]
    waivers: tuple[WaiverStanding, ...]
    deadlines: tuple[DeadlineStanding, ...]
    estimates: tuple[SaidEstimate, ...]
    promise: Promise | None
    known: tuple[Words, ...]
    not_known: tuple[Words, ...]
    doing: tuple[Words, ...]
    unrelated_to: tuple[str, ...]
    windows: tuple[Window, ...]
    ends: When | None
    ended: When | None

    @property
    def id(self) -> str:
        """The id of the incident."""
        return self.incident.id

    @property
    def updates(self) -> tuple[Update, ...]:
        """What was published of it, oldest first."""
        return self.incident.updates

    @cached_property
    def by_id(self) -> Mapping[str, Update]:
        """What was published of it by the ids of the updates."""
        return {update.id: update for update in self.updates}

    @property
    def last(self) -> Update:
        """The newest update."""
        return self.updates[-1]

    @property
    def services(self) -> tuple[str, ...]:
        """The ids of all services that it was ever about, from A to Z."""
        spoken = {service for said in self.said for service in said.services}
        return tuple(sorted(spoken | {hold.cell[0] for hold in self.holds}))

    @property
    def closed_by(self) -> Source | None:
        """The update that ended it; None where the clock did, and while it is not over."""
        ends = (u for u in reversed(self.updates) if self.ended and u.state.ends and u.time == self.ended)
        return next((Source(self.id, update.id) for update in ends), None)

    @cached_property
    def corrections(self) -> Mapping[str, tuple[Update, ...]]:
        """For the id of each corrected update, the corrections of it."""
        found: dict[str, tuple[Update, ...]] = {}
        for update in self.updates:
            if update.correction:
                corrects = update.correction.corrects
                found[corrects] = (*found.get(corrects, ()), update)
        return found

    @property
    def window(self) -> Window | None:
        """The window of planned work that matters now: the one that runs, else the next, else the last."""
        return self.windows[-1] if self.windows else None

    @property
    def announced(self) -> Window | None:
        """The time of planned work as residents know it, also of work that was cancelled.

        Where the window has no known end, or there is no window, it is as last named. None for what is no planned work.
        """
        if self.window and self.window.end:
            return self.window
        starts = [update.starts for update in self.updates if update.starts]
        start = self.window.start if self.window else starts[-1] if starts else None
        return Window(start, self.ends) if start else None

    @property
    def over(self) -> datetime | None:
        """The first moment at which it was past: when that was said, or when its time ran out; None while it is not."""
        if self.phase is not Phase.PAST or self.ended is None:
            return None
        said = any(update.state.ends and update.time == self.ended for update in self.updates)
        return self.ended.start if said else self.ended.end

    @property
    def affected(self) -> tuple[str, ...]:
        """The ids of all services that it was ever said to keep, or planned to keep, from working as usual."""
        return tuple(sorted({service for said in self.said for service, _ in said.then.held}))

    @property
    def worst(self) -> Status:
        """The worst that it was ever said to do to a service, as far as it alone goes."""
        statuses = (status for said in self.said for _, status in said.then.held)
        return max(statuses, key=lambda status: status.badness, default=Status.WORKING)


@dataclass(frozen=True, slots=True)
class ChannelStanding:
    """A channel and its statuses, oldest first. `temporary` ones were set up for an incident."""

    channel: Channel
    timeline: tuple[Interval, ...]
    temporary: bool = False

    @property
    def status(self) -> Status:
        """How it stands."""
        return self.timeline[-1].status

    @property
    def automatic(self) -> bool:
        """Whether it works without anybody doing anything, or should."""
        return self.channel.kind is ChannelKind.AUTOMATIC

    @property
    def since(self) -> Since | None:
        """Since when it stands so."""
        return self.timeline[-1].since


@dataclass(frozen=True, slots=True)
class ServiceStanding:
    """A service: how it stands, since when, and both answers: when it is back, and what to do instead.

    `day` counts from 1 the local days of a problem whose beginning is known. `estimate` is the newest of `estimates`
    (oldest first), and it is `late` when its last moment has passed. `restored` is when it came back, for as long as
    that is news. `stale` is a problem that nobody has spoken of for `Site.stale_after`; `confirmed` is when somebody
    last did.
    """

    service: Service
    status: Status
    since: Since | None
    day: int | None
    channels: tuple[ChannelStanding, ...]
    advice: tuple[Advice, ...]
    estimates: tuple[SaidEstimate, ...]
    late: bool
    promise: Promise | None
    waivers: tuple[WaiverStanding, ...]
    incidents: tuple[str, ...]
    confirmed: When | None
    stale: bool
    restored: When | None
    timeline: tuple[Interval, ...]

    @property
    def id(self) -> str:
        """The id of the service."""
        return self.service.id

    @property
    def problem(self) -> bool:
        """Whether it does not work as usual, other than for planned work."""
        return self.status not in (Status.WORKING, Status.MAINTENANCE)

    @property
    def usual(self) -> bool:
        """Whether it works as usual."""
        return self.status is Status.WORKING

    @property
    def estimate(self) -> SaidEstimate | None:
        """When it is expected back, as last said."""
        return self.estimates[-1] if self.estimates else None

    @property
    def open_channels(self) -> tuple[ChannelStanding, ...]:
        """What a resident can do instead: the ways that are open, but for those that work by themselves."""
        return tuple(way for way in self.channels if way.status.open and not way.automatic)

    @property
    def shut_channels(self) -> tuple[ChannelStanding, ...]:
        """The ways that cannot be used, or of which that is not known."""
        return tuple(way for way in self.channels if not way.status.open and not way.automatic)

    @property
    def automatic_channels(self) -> tuple[ChannelStanding, ...]:
        """The ways that work by themselves, or should: automatic payment, for example."""
        return tuple(way for way in self.channels if way.automatic)


@dataclass(frozen=True, slots=True)
class Transition:
    """A service, or one of its channels, went from one status to another.

    `published` is when residents were told of it, or when the clock did it.
    """

    service: str
    channel: str | None
    before: Status
    after: Status
    published: When
    source: Source | None


@dataclass(frozen=True, slots=True)
class Post:
    """One published update, with its incident and the changes of services that it brought.

    `services` are the ids of those that it is about, also where it names none of them (by ending what held them
    back, or by correcting what was said of them). `waivers` and `deadlines` are those that it speaks of, each as it
    stood then. `then` is how the whole incident stood; it `reopens` where it was over and holds something back again.
    """

    incident: Incident
    update: Update
    transitions: tuple[Transition, ...]
    first: bool
    services: tuple[str, ...]
    waivers: tuple[Waiver, ...]
    deadlines: tuple[Deadline, ...]
    then: Situation
    reopens: bool = False

    @property
    def restores(self) -> bool:
        """Whether all that it changed works again."""
        return bool(self.transitions) and all(change.after is Status.WORKING for change in self.transitions)


@dataclass(frozen=True, slots=True)
class Action:
    """A date to act on or to know: a deadline, or the end of a waiver."""

    on: When
    what: Words
    ends_waiver: bool
    services: tuple[str, ...]
    incident: str


@dataclass(frozen=True, slots=True)
class Headline:
    """The facts of the front page's one sentence.

    `day` counts from the start of the open incident that holds most services back. `working` are the
    essential services that work; while there are problems, only those of which somebody said so meanwhile.
    `checked` is when the city last said anything, `promise` when it will next.
    """

    day: int | None
    problems: int
    total: int
    stale: int
    in_maintenance: int
    working: tuple[str, ...]
    checked: When | None
    promise: Promise | None


@dataclass(frozen=True)
class Board:
    """Everything that is true at `moment`. All outputs are made from it, and add no fact to it.

    `site` holds nothing but what was published by then.
    `services` are in the order of services.yaml; `open`, `notices` and `past` newest word first; `planned`
    soonest first. `posts` are all published updates, newest first. `changed` are the changes of the last
    24 hours and `changed_last` those of the newest update. `next_change` is the first moment at which any
    of this will be different if nobody writes anything more; None if it never will. `today` is the local date
    where the site counts or draws days of a problem, and None where no page does.
    """

    site: Site
    moment: datetime
    headline: Headline
    services: tuple[ServiceStanding, ...]
    open: tuple[IncidentStanding, ...]
    planned: tuple[IncidentStanding, ...]
    notices: tuple[IncidentStanding, ...]
    past: tuple[IncidentStanding, ...]
    waivers: tuple[WaiverStanding, ...]
    deadlines: tuple[DeadlineStanding, ...]
    actions: tuple[Action, ...]
    posts: tuple[Post, ...]
    changed: tuple[Transition, ...]
    changed_last: tuple[Transition, ...]
    today: date | None = None
    next_change: datetime | None = None

    @cached_property
    def service(self) -> Mapping[str, ServiceStanding]:
        """The services by their ids."""
        return {standing.id: standing for standing in self.services}

    @cached_property
    def incident(self) -> Mapping[str, IncidentStanding]:
        """Every published incident by its id."""
        return {standing.id: standing for standing in self.incidents}

    @cached_property
    def incidents(self) -> tuple[IncidentStanding, ...]:
        """Every published incident, notice and piece of planned work."""
        return (*self.open, *self.notices, *self.planned, *self.past)

    @cached_property
    def posts_of(self) -> Mapping[str, tuple[Post, ...]]:
        """The published updates of each incident by its id, newest first."""
        found: dict[str, list[Post]] = defaultdict(list)
        for post in self.posts:
            found[post.incident.id].append(post)
        return {id: tuple(posts) for id, posts in found.items()}

    @cached_property
    def held_back_by(self) -> Mapping[str, tuple[IncidentStanding, ...]]:
        """For the id of each service, all incidents that ever held it back."""
        found: dict[str, list[IncidentStanding]] = {standing.id: [] for standing in self.services}
        for incident in self.incidents:
            for service in {hold.cell[0] for hold in incident.holds}:
                found[service].append(incident)
        return {id: tuple(incidents) for id, incidents in found.items()}

    def told(self, interval: Interval) -> When | None:
        """When residents were told that something stands so, or the clock did it; None if it always did."""
        if interval.opened_by:
            return self.update(interval.opened_by).time
        return interval.since.when if interval.since else None

    def update(self, source: Source) -> Update:
        """The update that said something."""
        return self.incident[source.incident].by_id[source.update]

    @cached_property
    def unusual(self) -> tuple[ServiceStanding, ...]:
        """The services that do not work as usual or are closed for planned work, the worst first."""
        unusual = (standing for standing in self.services if not standing.usual)
        return tuple(sorted(unusual, key=lambda standing: -standing.status.badness))

    @property
    def run_by_others(self) -> tuple[ServiceStanding, ...]:
        """The services that do not work as usual and that are not the city's own."""
        return tuple(
            standing
            for standing in self.unusual
            if standing.service.operator and standing.service.operator.kind is not OperatorKind.CITY
        )

    @property
    def statements(self) -> tuple[Post, ...]:
        """The updates that somebody put a name to, newest first."""
        return tuple(post for post in self.posts if post.update.by)
