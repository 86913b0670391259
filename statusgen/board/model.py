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
ChannelKey = tuple[str, str | None]


def time_after(when: When, zone: ZoneInfo) -> When:
    """The moment at which something is over: the same moment or, where it lasts a whole day, the next day."""
    return When.day(when.end.astimezone(zone).date(), zone) if when.is_whole_day else when


class Phase(Enum):
    """Where an incident, planned work or a notice is in its life."""

    PLANNED = "planned"
    OPEN = "open"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class StartTime:
    """When something began; `before` where all that is known is that it began before then."""

    when: When
    is_before: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """The update that said something: the ids of its incident and of itself."""

    incident: str
    update: str


@dataclass(frozen=True, slots=True)
class Effect:
    """A stretch during which one incident keeps one cell from working as usual.

    `until` is None while it lasts. `opened_by` and `closed_by` are None where the clock did it (planned work, a
    notice with an end), and `closed_by` while it lasts.
    """

    incident: str
    key: ChannelKey
    status: Status
    since: StartTime
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
    def over_at(self) -> datetime | None:
        """The first moment at which it is no longer there."""
        ends = [self.ended.start] if self.ended else []
        ends += [self.channel.closes.end] if self.channel.closes else []
        return min(ends, default=None)

    def is_open_at(self, moment: datetime) -> bool:
        """Whether it is there at `moment`."""
        return self.opens.start <= moment and (self.over_at is None or moment < self.over_at)


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of a service's time at one status, with the updates that began and ended it.

    `since` is None where it began before anything was said. `opened_by` and `closed_by` are None where the
    clock did it (planned work, a temporary channel), and at the ends of what is known.
    """

    status: Status
    since: StartTime | None
    until: When | None
    opened_by: Source | None
    closed_by: Source | None


@dataclass(frozen=True, slots=True)
class Workaround:
    """What a resident can do meanwhile, and where to go instead, as said of one cell or of a whole service."""

    service: str
    channel: str | None
    do: Words | None
    where: Words | None


@dataclass(frozen=True, slots=True)
class PublishedEstimate:
    """An estimate, and when and in which update it was given; `cell` where it was said of that alone."""

    estimate: Estimate
    published_at: When
    source: Source
    key: ChannelKey | None = None

    def covers(self, service: str) -> bool:
        """Whether it speaks of a service: of it alone, as one of several, or of all that the incident holds."""
        is_of_all = not self.key and not self.estimate.services
        return is_of_all or self.mentions(service)

    def mentions(self, service: str) -> bool:
        """Whether it was said of a service by its name."""
        return self.key[0] == service if self.key else service in self.estimate.services


@dataclass(frozen=True, slots=True)
class Promise:
    """When the next word is due, and whether that moment has passed in silence."""

    due: When
    overdue: bool
    incident: str


@dataclass(frozen=True, slots=True)
class WaiverStatus:
    """A waiver with all that was said of it, and whether it holds at the moment of the Board."""

    waiver: Waiver
    phase: Phase
    incident: str


@dataclass(frozen=True, slots=True)
class DeadlineStatus:
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
    def over_at(self) -> datetime | None:
        """The first moment at which it is over: where an update ended it, when that was said; else after `end`."""
        if self.end is None:
            return None
        return self.end.start if self.closed_by else self.end.end


@dataclass(frozen=True, slots=True)
class IncidentSnapshot:
    """How an incident stood once an update was said, from nothing that was said or came to pass later.

    `state` is as said or, of planned work, as the clock had moved it on by then.
    `held` are the services that it then kept from working as usual, by their ids, each with how it stands as far as
    this incident goes. `waivers` are those not over; `due` is when the next word was promised for, `ends` when a
    notice ends. `over` is whether the incident or the notice had come to its end; then nothing is held any more.
    """

    state: State
    is_over: bool
    affected: tuple[tuple[str, Status], ...]
    workarounds: tuple[Workaround, ...]
    waivers: tuple[Waiver, ...]
    due: When | None
    ends: When | None


@dataclass(frozen=True, slots=True)
class UpdateResult:
    """What an update comes to, together with what was said before it.

    `services` are those that it speaks of, changes, or corrects a word about; `waivers` and `deadlines` those that
    it speaks of, each as it stands since then. `then` is how the whole incident stood.
    """

    update: Update
    services: tuple[str, ...]
    waivers: tuple[Waiver, ...]
    deadlines: tuple[Deadline, ...]
    snapshot: IncidentSnapshot


@dataclass(frozen=True)
class IncidentStatus:
    """An incident up to the moment: what was published of it, and what follows from that.

    `incident` has no updates but those published. `said` has one entry for each of them. `windows` are those of
    planned work. `known`, `not_known` and `doing` are each as last said. `estimates` and `corrections` are oldest
    first; `returned` tells when each cell that was held back last worked again, for estimates said before then
    are void. A notice or incident that ended has the time in `ended`.
    """

    incident: Incident
    update_results: tuple[UpdateResult, ...]
    state: State
    phase: Phase
    effects: tuple[Effect, ...]
    workarounds: tuple[Workaround, ...]
    channels: tuple[TemporaryChannel, ...]
    confirmed_times: tuple[tuple[ChannelKey, When], ...]
    restored_times: tuple[tuple[ChannelKey, When], ...]
    waivers: tuple[WaiverStatus, ...]
    deadlines: tuple[DeadlineStatus, ...]
    estimates: tuple[PublishedEstimate, ...]
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
    def update_by_id(self) -> Mapping[str, Update]:
        """What was published of it by the ids of the updates."""
        return {update.id: update for update in self.updates}

    @property
    def last_update(self) -> Update:
        """The newest update."""
        return self.updates[-1]

    @property
    def services(self) -> tuple[str, ...]:
        """The ids of all services that it was ever about, from A to Z."""
        spoken = {service for said in self.update_results for service in said.services}
        return tuple(sorted(spoken | {hold.key[0] for hold in self.effects}))

    @property
    def closed_by(self) -> Source | None:
        """The update that ended it; None where the clock did, and while it is not over."""
        ends = (u for u in reversed(self.updates) if self.ended and u.state.is_terminal and u.time == self.ended)
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
    def announced_window(self) -> Window | None:
        """The time of planned work as residents know it, also of work that was cancelled.

        Where the window has no known end, or there is no window, it is as last named. None for what is no planned work.
        """
        if self.window and self.window.end:
            return self.window
        starts = [update.starts for update in self.updates if update.starts]
        start = self.window.start if self.window else starts[-1] if starts else None
        return Window(start, self.ends) if start else None

    @property
    def over_at(self) -> datetime | None:
        """The first moment at which it was past: when that was said, or when its time ran out; None while it is not."""
        if self.phase is not Phase.PAST or self.ended is None:
            return None
        said = any(update.state.is_terminal and update.time == self.ended for update in self.updates)
        return self.ended.start if said else self.ended.end

    @property
    def affected_services(self) -> tuple[str, ...]:
        """The ids of all services that it was ever said to keep, or planned to keep, from working as usual."""
        return tuple(sorted({service for said in self.update_results for service, _ in said.snapshot.affected}))

    @property
    def worst_status(self) -> Status:
        """The worst that it was ever said to do to a service, as far as it alone goes."""
        statuses = (status for said in self.update_results for _, status in said.snapshot.affected)
        return max(statuses, key=lambda status: status.severity, default=Status.WORKING)


@dataclass(frozen=True, slots=True)
class ChannelStatus:
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
    def since(self) -> StartTime | None:
        """Since when it stands so."""
        return self.timeline[-1].since


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """A service: how it stands, since when, and both answers: when it is back, and what to do instead.

    `day` counts from 1 the local days of a problem whose beginning is known. `estimate` is the newest of `estimates`
    (oldest first), and it is `late` when its last moment has passed. `restored` is when it came back, for as long as
    that is news. `stale` is a problem that nobody has spoken of for `Site.stale_after`; `confirmed` is when somebody
    last did.
    """

    service: Service
    status: Status
    since: StartTime | None
    day: int | None
    channels: tuple[ChannelStatus, ...]
    workarounds: tuple[Workaround, ...]
    estimates: tuple[PublishedEstimate, ...]
    late: bool
    promise: Promise | None
    waivers: tuple[WaiverStatus, ...]
    incidents: tuple[str, ...]
    confirmed_at: When | None
    stale: bool
    restored_at: When | None
    timeline: tuple[Interval, ...]

    @property
    def id(self) -> str:
        """The id of the service."""
        return self.service.id

    @property
    def has_problem(self) -> bool:
        """Whether it does not work as usual, other than for planned work."""
        return self.status not in (Status.WORKING, Status.MAINTENANCE)

    @property
    def is_working(self) -> bool:
        """Whether it works as usual."""
        return self.status is Status.WORKING

    @property
    def estimate(self) -> PublishedEstimate | None:
        """When it is expected back, as last said."""
        return self.estimates[-1] if self.estimates else None

    @property
    def usable_channels(self) -> tuple[ChannelStatus, ...]:
        """What a resident can do instead: the ways that are open, but for those that work by themselves."""
        return tuple(way for way in self.channels if way.status.is_usable and not way.automatic)

    @property
    def unusable_channels(self) -> tuple[ChannelStatus, ...]:
        """The ways that cannot be used, or of which that is not known."""
        return tuple(way for way in self.channels if not way.status.is_usable and not way.automatic)

    @property
    def automatic_channels(self) -> tuple[ChannelStatus, ...]:
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
    published_at: When
    source: Source | None


@dataclass(frozen=True, slots=True)
class UpdateView:
    """One published update, with its incident and the changes of services that it brought.

    `services` are the ids of those that it is about, also where it names none of them (by ending what held them
    back, or by correcting what was said of them). `waivers` and `deadlines` are those that it speaks of, each as it
    stood then. `then` is how the whole incident stood; it `reopens` where it was over and holds something back again.
    """

    incident: Incident
    update: Update
    transitions: tuple[Transition, ...]
    is_first: bool
    services: tuple[str, ...]
    waivers: tuple[Waiver, ...]
    deadlines: tuple[Deadline, ...]
    snapshot: IncidentSnapshot
    is_reopening: bool = False

    @property
    def is_recovery(self) -> bool:
        """Whether all that it changed works again."""
        return bool(self.transitions) and all(change.after is Status.WORKING for change in self.transitions)


@dataclass(frozen=True, slots=True)
class UpcomingDate:
    """A date to act on or to know: a deadline, or the end of a waiver."""

    on: When
    what: Words
    is_waiver_end: bool
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
    problem_count: int
    service_count: int
    stale_count: int
    maintenance_count: int
    working_services: tuple[str, ...]
    last_update_at: When | None
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
    services: tuple[ServiceStatus, ...]
    open_incidents: tuple[IncidentStatus, ...]
    planned_work: tuple[IncidentStatus, ...]
    notices: tuple[IncidentStatus, ...]
    past_incidents: tuple[IncidentStatus, ...]
    waivers: tuple[WaiverStatus, ...]
    deadlines: tuple[DeadlineStatus, ...]
    upcoming_dates: tuple[UpcomingDate, ...]
    updates: tuple[UpdateView, ...]
    recent_changes: tuple[Transition, ...]
    last_changes: tuple[Transition, ...]
    today: date | None = None
    next_change: datetime | None = None

    @cached_property
    def service_by_id(self) -> Mapping[str, ServiceStatus]:
        """The services by their ids."""
        return {standing.id: standing for standing in self.services}

    @cached_property
    def incident_by_id(self) -> Mapping[str, IncidentStatus]:
        """Every published incident by its id."""
        return {standing.id: standing for standing in self.incidents}

    @cached_property
    def incidents(self) -> tuple[IncidentStatus, ...]:
        """Every published incident, notice and piece of planned work."""
        return (*self.open_incidents, *self.notices, *self.planned_work, *self.past_incidents)

    @cached_property
    def updates_by_incident(self) -> Mapping[str, tuple[UpdateView, ...]]:
        """The published updates of each incident by its id, newest first."""
        found: dict[str, list[UpdateView]] = defaultdict(list)
        for post in self.updates:
            found[post.incident.id].append(post)
        return {id: tuple(posts) for id, posts in found.items()}

    @cached_property
    def incidents_by_service(self) -> Mapping[str, tuple[IncidentStatus, ...]]:
        """For the id of each service, all incidents that ever held it back."""
        found: dict[str, list[IncidentStatus]] = {standing.id: [] for standing in self.services}
        for incident in self.incidents:
            for service in {hold.key[0] for hold in incident.effects}:
                found[service].append(incident)
        return {id: tuple(incidents) for id, incidents in found.items()}

    def published_at(self, interval: Interval) -> When | None:
        """When residents were told that something stands so, or the clock did it; None if it always did."""
        if interval.opened_by:
            return self.get_update(interval.opened_by).time
        return interval.since.when if interval.since else None

    def get_update(self, source: Source) -> Update:
        """The update that said something."""
        return self.incident_by_id[source.incident].update_by_id[source.update]

    @cached_property
    def disrupted_services(self) -> tuple[ServiceStatus, ...]:
        """The services that do not work as usual or are closed for planned work, the worst first."""
        unusual = (standing for standing in self.services if not standing.is_working)
        return tuple(sorted(unusual, key=lambda standing: -standing.status.severity))

    @property
    def disrupted_external_services(self) -> tuple[ServiceStatus, ...]:
        """The services that do not work as usual and that are not the city's own."""
        return tuple(
            standing
            for standing in self.disrupted_services
            if standing.service.operator and standing.service.operator.kind is not OperatorKind.CITY
        )

    @property
    def statements(self) -> tuple[UpdateView, ...]:
        """The updates that somebody put a name to, newest first."""
        return tuple(post for post in self.updates if post.update.by)
