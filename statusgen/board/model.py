"""The values of the Board: the status of each service, channel and incident at one moment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cached_property
from zoneinfo import ZoneInfo

from statusgen.model.posts import Incident, Update
from statusgen.model.reports import Estimate
from statusgen.model.services import Channel, ChannelKind, OperatorKind, Service
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.waivers import Deadline, Waiver
from statusgen.model.whole_site import Site
from statusgen.model.words import Words

# The ids of a service and of one of its channels; None instead of the latter for a service without channels.
ChannelKey = tuple[str, str | None]


def time_after(when: When, zone: ZoneInfo) -> When:
    """Return the moment at which something is over: `when` itself or, if it is a whole day, the day after."""
    return When.day(when.end.astimezone(zone).date(), zone) if when.is_whole_day else when


class Phase(Enum):
    """Where an incident, planned work or a notice is in its life."""

    PLANNED = "planned"
    OPEN = "open"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class StartTime:
    """When something began.

    With `is_before`, all that is known is that it began before then. With `is_report`, it was first reported then, and
    nobody said when it began.
    """

    when: When
    is_before: bool = False
    is_report: bool = False

    @property
    def is_known(self) -> bool:
        """Whether somebody said on which day it began, so that days can be counted from it."""
        return not (self.is_before or self.is_report or self.when.is_whole_month)


@dataclass(frozen=True, slots=True)
class Source:
    """The update that reported something: the ids of its incident and of itself."""

    incident: str
    update: str


@dataclass(frozen=True, slots=True)
class Word:
    """What one incident says of one way to use a service, or of the service itself, from one update to another.

    `status` may be `WORKING`; `NOT_SAID` is only for a way of which an earlier word no longer holds, with the time at
    which it was `said_working`. `said` are the times of all updates that said so, oldest first; none for planned work.
    `until` is None while it lasts. `opened_by` and `closed_by` are None if it began or ended by the clock (planned
    work, a notice with an end), and `closed_by` while it lasts. It `came_back` if it works again after a problem that
    was named; a correction is no event, so then it only `is_corrected`. It is `of_service` if the word was one on the
    whole service, which this way was not singled out from.
    """

    incident: str
    key: ChannelKey
    status: Status
    since: StartTime
    said: tuple[When, ...] = ()
    until: When | None = None
    opened_by: Source | None = None
    closed_by: Source | None = None
    came_back: bool = False
    is_corrected: bool = False
    said_working: When | None = None
    of_service: bool = False

    @property
    def said_at(self) -> When | None:
        """When it was last said."""
        return self.said[-1] if self.said else None


@dataclass(frozen=True, slots=True)
class TemporaryChannel:
    """A channel that an incident set up for a limited time.

    It is open from `opens` until `channel.closes` or `ended`, when it was no longer needed, whichever is first.
    `said_at` is when an update last spoke of it.
    `opened_by` and `ended_by` are the updates that opened and ended it; None if it happens by the clock.
    """

    service: str
    channel: Channel
    opens: When
    said_at: When
    opened_by: Source | None = None
    ended: When | None = None
    ended_by: Source | None = None

    @property
    def last_heard_of(self) -> tuple[When, When]:
        """When it was last spoken of, and when it opened; the later one is what its age counts from."""
        return self.said_at, self.opens

    @property
    def over_at(self) -> datetime | None:
        """The first moment at which it is gone; None if no end is known."""
        ends = [self.ended.start] if self.ended else []
        ends += [self.channel.closes.end] if self.channel.closes else []
        return min(ends, default=None)

    def is_open_at(self, moment: datetime) -> bool:
        """Return whether it is open at `moment`."""
        return self.opens.start <= moment and (self.over_at is None or moment < self.over_at)


@dataclass(frozen=True, slots=True)
class ChannelChange:
    """What is other than usual at a channel for now: the keys that `channel` gives, from `opens` until `ended`."""

    key: ChannelKey
    channel: Channel
    opens: When
    ended: When | None = None

    def holds_at(self, moment: datetime) -> bool:
        """Return whether it is so at `moment`."""
        ends = [
            when for when in (self.channel.closes and self.channel.closes.end, self.ended and self.ended.start) if when
        ]
        return self.opens.start <= moment and all(moment < end for end in ends)


@dataclass(frozen=True, slots=True)
class Interval:
    """A period of a service or channel at one status, with the updates that began and ended it.

    `since` is None if nothing was said before it. `opened_by` and `closed_by` are None if it began or ended by the
    clock (planned work, a temporary channel), and at both ends of what is known. `said` are the times at which an
    update said so, oldest first.
    """

    status: Status
    since: StartTime | None
    until: When | None
    opened_by: Source | None
    closed_by: Source | None
    said: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """What people can do, or where they can go instead, until a moment if one was said.

    `said_at` is when it was last said, by the update `source`. What is for everybody `is_stale` once that is too long
    ago.
    """

    words: Words
    said_at: When
    source: Source
    until: When | None = None
    is_stale: bool = False

    def holds_at(self, moment: datetime) -> bool:
        """Return whether its time has not run out."""
        return self.until is None or self.until.end > moment


@dataclass(frozen=True, slots=True)
class Workaround:
    """What a resident can do meanwhile, and where to go instead, for one channel or for a whole service."""

    incident: str
    service: str
    channel: str | None
    do: Advice | None
    where: Advice | None


@dataclass(frozen=True, slots=True)
class LapsedAdvice:
    """Advice that was no longer repeated when the service it is about got better: by the update `source`."""

    advice: Advice
    key: ChannelKey
    source: Source


@dataclass(frozen=True, slots=True)
class PublishedEstimate:
    """An estimate, with the update that gave it and its time; `key` where it is about one service or channel.

    `confirmed_at` is when an update last said that it still holds. It `is_late` once its last time has passed.
    """

    estimate: Estimate
    published_at: When
    source: Source
    key: ChannelKey | None = None
    confirmed_at: When | None = None
    is_late: bool = False

    @property
    def said_at(self) -> When:
        """When it was last said."""
        return self.confirmed_at or self.published_at

    @property
    def is_about_all(self) -> bool:
        """Whether it is about the incident as a whole."""
        return self.key is None and not self.estimate.services

    def mentions(self, service: str) -> bool:
        """Return whether it is about the service."""
        return self.key[0] == service if self.key else service in self.estimate.services

    def is_late_at(self, moment: datetime) -> bool:
        """Return whether the last time that it names has passed."""
        last = self.estimate.by or self.estimate.not_before
        return last is not None and last.end <= moment


@dataclass(frozen=True, slots=True)
class Promise:
    """When the next update is due, and whether that moment passed without one."""

    due: When
    overdue: bool
    incident: str


@dataclass(frozen=True, slots=True)
class WaiverStatus:
    """A waiver, merged from all updates about it, and whether it is in force at the moment of the Board."""

    waiver: Waiver
    phase: Phase
    incident: str
    is_withdrawn: bool = False

    @property
    def has_ended(self) -> bool:
        """Whether it was in force, and is over by its own date."""
        return self.phase is Phase.PAST and self.waiver.until is not None and not self.is_withdrawn


@dataclass(frozen=True, slots=True)
class DeadlineStatus:
    """A date that residents must know, and whether it is still to come."""

    deadline: Deadline
    phase: Phase
    incident: str


@dataclass(frozen=True, slots=True)
class Window:
    """One period of planned work; `end` is None if it runs past its planned time without a known end.

    `opened_by` and `closed_by` are the updates that began and ended it; None if it happens by the clock.
    """

    start: When
    end: When | None
    opened_by: Source | None = None
    closed_by: Source | None = None

    @property
    def over_at(self) -> datetime | None:
        """The first moment at which it is over: when an update ended it, otherwise just after `end`."""
        if self.end is None:
            return None
        return self.end.start if self.closed_by else self.end.end


@dataclass(frozen=True, slots=True)
class IncidentSnapshot:
    """An incident as it was right after one update, regardless of anything published or happening later.

    `state` is as reported or, for planned work, as the clock had advanced it by then. `affected` are the services that
    were then not working as usual, by id, each with its status as far as this incident goes. `waivers` are those
    not over; `due` is when the next update was promised; `ends` is when a notice ends; `do` is for everybody. `is_over`
    is whether the incident or notice had ended; then it affects nothing.
    """

    state: State
    is_over: bool
    affected: tuple[tuple[str, Status], ...]
    workarounds: tuple[Workaround, ...]
    waivers: tuple[Waiver, ...]
    due: When | None
    ends: When | None
    do: Advice | None = None


@dataclass(frozen=True, slots=True)
class UpdateResult:
    """An update, together with what follows from it and from the updates before it.

    `services` are those that it mentions, changes, or corrects; `waivers` and `deadlines` are those that it mentions,
    each as merged by then. `late_for` is the promised time of this update, if it came later. `snapshot` is the whole
    incident at that time, `title` its name then.
    """

    update: Update
    services: tuple[str, ...]
    waivers: tuple[Waiver, ...]
    deadlines: tuple[Deadline, ...]
    snapshot: IncidentSnapshot
    title: Words
    late_for: When | None = None


@dataclass(frozen=True)
class IncidentStatus:
    """An incident up to the moment: what was published about it, and what follows from that.

    `incident` has only the updates published by then, and `update_results` has one entry for each. `windows` are those
    of planned work. `words` are what it says, and said, of services. `known`, `not_known` and `doing` are each as last
    reported, `list_times` has when. `estimates` are oldest first; `restored_times` has when each affected service or
    channel last worked again: estimates from before then are void. `do` is for everybody. `ended` is when an incident,
    notice or planned work that is over ended. `may_reach_further`: it may affect services that nothing was said about.
    """

    incident: Incident
    update_results: tuple[UpdateResult, ...]
    state: State
    phase: Phase
    words: tuple[Word, ...]
    workarounds: tuple[Workaround, ...]
    lapsed_advice: tuple[LapsedAdvice, ...]
    temporary_channels: tuple[TemporaryChannel, ...]
    channel_changes: tuple[ChannelChange, ...]
    restored_times: tuple[tuple[ChannelKey, When], ...]
    waivers: tuple[WaiverStatus, ...]
    deadlines: tuple[DeadlineStatus, ...]
    estimates: tuple[PublishedEstimate, ...]
    promise: Promise | None
    known: tuple[Words, ...]
    not_known: tuple[Words, ...]
    doing: tuple[Words, ...]
    list_times: tuple[tuple[str, When], ...]
    do: Advice | None
    claim: Words | None
    fact: Words | None
    unrelated_to: tuple[str, ...]
    windows: tuple[Window, ...]
    ends: When | None
    ended: When | None
    may_reach_further: bool
    earlier_titles: tuple[Words, ...]

    @property
    def id(self) -> str:
        """The id of the incident."""
        return self.incident.id

    @property
    def updates(self) -> tuple[Update, ...]:
        """Its published updates, oldest first."""
        return self.incident.updates

    @cached_property
    def effects(self) -> tuple[Word, ...]:
        """What keeps, or kept, services from working as usual, as far as it says."""
        return tuple(word for word in self.words if word.status.is_stated_problem)

    @property
    def is_open(self) -> bool:
        """Whether it is an incident that is not over."""
        return self.incident.kind is Kind.INCIDENT and self.phase is Phase.OPEN

    @cached_property
    def update_by_id(self) -> Mapping[str, Update]:
        """Its published updates by id."""
        return {update.id: update for update in self.updates}

    @property
    def last_update(self) -> Update:
        """The newest update."""
        return self.updates[-1]

    @property
    def services(self) -> tuple[str, ...]:
        """The ids of all services that it was ever about, from A to Z."""
        mentioned = {service for result in self.update_results for service in result.services}
        return tuple(sorted(mentioned | {word.key[0] for word in self.words}))

    @property
    def closed_by(self) -> Source | None:
        """The update that ended it; None if it ended by the clock or is not over."""
        ends = (u for u in reversed(self.updates) if self.ended and u.state.is_terminal and u.time == self.ended)
        return next((Source(self.id, update.id) for update in ends), None)

    @cached_property
    def corrections(self) -> Mapping[str, tuple[Update, ...]]:
        """The corrections of each corrected update, by that update's id, oldest first."""
        found: dict[str, tuple[Update, ...]] = {}
        for update in self.updates:
            if update.correction:
                corrects = update.correction.corrects
                found[corrects] = (*found.get(corrects, ()), update)
        return found

    @property
    def window(self) -> Window | None:
        """The window of planned work that matters now: the running one, otherwise the next, otherwise the last."""
        return self.windows[-1] if self.windows else None

    @property
    def announced_window(self) -> Window | None:
        """The time of planned work as residents know it, even if the work was canceled.

        If the window has no known end, or there is no window, it is the time last announced. None if this is not
        planned work.
        """
        if self.window and self.window.end:
            return self.window
        starts = [update.starts for update in self.updates if update.starts]
        start = self.window.start if self.window else starts[-1] if starts else None
        return Window(start, self.ends) if start else None

    @property
    def over_at(self) -> datetime | None:
        """The first moment at which it was past: when an update said so, or when its time ran out; None until then."""
        if self.phase is not Phase.PAST or self.ended is None:
            return None
        by_update = any(update.state.is_terminal and update.time == self.ended for update in self.updates)
        return self.ended.start if by_update else self.ended.end

    @property
    def affected_services(self) -> tuple[str, ...]:
        """The ids of all services that it was ever reported, or planned, to affect."""
        return tuple(sorted({service for result in self.update_results for service, _ in result.snapshot.affected}))

    @property
    def worst_status(self) -> Status:
        """The worst status that it was ever reported to cause, as far as it alone goes."""
        statuses = (status for result in self.update_results for _, status in result.snapshot.affected)
        return max(statuses, key=lambda status: status.severity, default=Status.NOT_SAID)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a service, or a way to use it, stands now, and on whose word.

    `said_at` is when that was last said; None if nothing was, or for planned work. It `is_stale` once that is longer
    ago than `Site.stale_after`, or if an incident began since that may reach further: then it is told as past.
    `restored_at` is when it came back, for as long as that is news. `corrected_at` is when a correction said so.
    `said_working` is when a way was last said to work whose service has not worked since. `ways` are the channels that
    the status is about, if only some are. It `is_in_doubt` if nothing was said of it, and an open incident may reach
    it.
    """

    status: Status
    since: StartTime | None = None
    said_at: When | None = None
    is_stale: bool = False
    restored_at: When | None = None
    corrected_at: When | None = None
    said_working: When | None = None
    ways: tuple[Channel, ...] = ()
    is_in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """A channel, how it stands now, and its statuses, oldest first. A `temporary` one was set up for an incident.

    The keys of the channel that are named in `changed_keys` are other than usual for now.
    """

    channel: Channel
    standing: Standing
    timeline: tuple[Interval, ...]
    temporary: bool = False
    changed_keys: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """Its status now."""
        return self.standing.status

    @property
    def is_usable(self) -> bool:
        """Whether somebody said that it can be used, and not too long ago."""
        return self.status.is_usable and not self.standing.is_stale

    @property
    def automatic(self) -> bool:
        """Whether it works, or should, without the resident doing anything."""
        return self.channel.kind is ChannelKind.AUTOMATIC

    @property
    def since(self) -> StartTime | None:
        """Since when it has had this status."""
        return self.standing.since


@dataclass(frozen=True, slots=True)
class ContraryWord:
    """That another open incident says that a service works, which does not according to the one that counts."""

    incident: str
    said_at: When


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """How a service stands, when it is expected back, and what to do instead.

    `day` counts the local days of a problem from 1, if its beginning is known. `estimates` are about this service,
    oldest first, `outage_estimate` is about the incident as a whole, if it says more. `incidents` are the ids of those
    that affect it now, `planned_work` of the work that closes it. `contrary_words` are from incidents that say that it
    works. `coming_channels` were
    announced and are not open yet. `timeline` has its statuses, oldest first, `own_timeline` those of them
    that were said of it as such.
    """

    service: Service
    standing: Standing
    day: int | None
    channels: tuple[ChannelStatus, ...]
    workarounds: tuple[Workaround, ...]
    estimates: tuple[PublishedEstimate, ...]
    outage_estimate: PublishedEstimate | None
    is_outage_estimate_late: bool
    promise: Promise | None
    waivers: tuple[WaiverStatus, ...]
    deadlines: tuple[DeadlineStatus, ...]
    coming_channels: tuple[TemporaryChannel, ...]
    incidents: tuple[str, ...]
    planned_work: tuple[str, ...]
    contrary_words: tuple[ContraryWord, ...]
    timeline: tuple[Interval, ...]
    own_timeline: tuple[Interval, ...]

    @property
    def id(self) -> str:
        """The id of the service."""
        return self.service.id

    @property
    def status(self) -> Status:
        """Its status now."""
        return self.standing.status

    @property
    def since(self) -> StartTime | None:
        """Since when it has had this status."""
        return self.standing.since

    @property
    def confirmed_at(self) -> When | None:
        """When its status was last said."""
        return self.standing.said_at

    @property
    def restored_at(self) -> When | None:
        """When it came back, for as long as that is news."""
        return self.standing.restored_at

    @property
    def stale(self) -> bool:
        """Whether its status was said too long ago to be told as of now."""
        return self.standing.is_stale

    @property
    def has_problem(self) -> bool:
        """Whether somebody said that it does not work as usual, for any reason but planned work."""
        return self.status.is_stated_problem and self.status not in (Status.MAINTENANCE, Status.UNKNOWN)

    @property
    def is_unusual(self) -> bool:
        """Whether it has a problem, may have one, or is closed for planned work."""
        return self.status.is_stated_problem

    @property
    def is_working(self) -> bool:
        """Whether somebody said that it works as usual."""
        return self.status is Status.WORKING

    @property
    def works_somehow(self) -> bool:
        """Whether somebody said that it works as usual, or that some ways do and nothing of the others."""
        return self.is_working or (self.is_not_said and bool(self.standing.ways))

    @property
    def is_not_said(self) -> bool:
        """Whether nobody said how it stands."""
        return self.status is Status.NOT_SAID

    @property
    def is_never_mentioned(self) -> bool:
        """Whether nothing at all is said of it now: neither of the service nor of one of its ways."""
        return self.is_not_said and all(channel.status is Status.NOT_SAID for channel in self.channels)

    @property
    def estimate(self) -> PublishedEstimate | None:
        """When it is expected back, according to the newest estimate."""
        return self.estimates[-1] if self.estimates else None

    @property
    def is_estimate_late(self) -> bool:
        """Whether the time of an estimate that counts has passed."""
        return any(each.is_late for each in self.current_estimates)

    @property
    def current_estimates(self) -> tuple[PublishedEstimate, ...]:
        """The newest estimate of the service, and those of its ways that are not older, each the newest of its way."""
        newest = {each.key[1] if each.key else None: each for each in self.estimates}
        whole = newest.get(None)
        return tuple(
            each for each in newest.values() if whole is None or each.published_at.start >= whole.published_at.start
        )

    @property
    def earlier_estimates(self) -> tuple[PublishedEstimate, ...]:
        """The estimates that others have taken the place of, oldest first."""
        return tuple(each for each in self.estimates if each not in self.current_estimates)

    @property
    def usable_channels(self) -> tuple[ChannelStatus, ...]:
        """The channels of which somebody said that they can be used now, except automatic ones."""
        return tuple(channel for channel in self.channels if channel.is_usable and not channel.automatic)

    @property
    def unusable_channels(self) -> tuple[ChannelStatus, ...]:
        """The channels of which somebody said that they cannot be used, except automatic ones."""
        return tuple(channel for channel in self.channels if channel.status.is_closed and not channel.automatic)

    @property
    def unconfirmed_channels(self) -> tuple[ChannelStatus, ...]:
        """The other channels, except automatic ones: nobody said how they stand, or not for long, or nobody knows."""
        told = {channel.channel.id for channel in (*self.usable_channels, *self.unusable_channels)}
        return tuple(each for each in self.channels if each.channel.id not in told and not each.automatic)

    @property
    def automatic_channels(self) -> tuple[ChannelStatus, ...]:
        """The channels that work, or should, without the resident: automatic payment, for example."""
        return tuple(channel for channel in self.channels if channel.automatic)


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of a service, or of one of its channels, from one status to another.

    `before` is `NOT_SAID` if nothing was said of it before. `published_at` is when residents were told about it, or
    when it happened by the clock.
    """

    service: str
    channel: str | None
    before: Status
    after: Status
    published_at: When
    source: Source | None

    @property
    def is_recovery(self) -> bool:
        """Whether it works again after a problem that was named."""
        return self.after is Status.WORKING and self.before.is_broken


@dataclass(frozen=True, slots=True)
class UpdateView:
    """One published update, with its incident and the status changes that it brought.

    `services` are the ids of those that it is about, even if it names none of them (because it ends what affected them,
    or corrects what was said about them). `waivers` and `deadlines` are those that it mentions, each as it was then.
    `snapshot` is the whole incident at that time; `is_reopening` is whether the incident was over before and affects
    something again.
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
    late_for: When | None = None

    @property
    def is_recovery(self) -> bool:
        """Whether everything that it changed works again."""
        return bool(self.recoveries) and len(self.recoveries) == len(self.transitions)

    @property
    def recoveries(self) -> tuple[Transition, ...]:
        """The changes that brought something back."""
        return tuple(change for change in self.transitions if change.is_recovery)


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
    """The facts at the top of the front page. Each service stands in at most one of the lists of ids.

    `broken` do not work as usual, as far as somebody said lately; `stale` are those of which it was said longer ago,
    between `stale_from` and `stale_to`. `unknown` are those of which somebody said lately that it is not known yet,
    `long_unknown` longer ago, `unsaid` those of which nothing was said although an incident may reach them, `working`
    the essential services that work; essential services come first. `day` counts from the start of `incident`, of
    which most was said lately. `open_incidents` are the ids of all incidents that are open, that one first.
    `last_update_at` is when the city last published anything, `promise` when it will next.
    """

    incident: str | None
    day: int | None
    open_incidents: tuple[str, ...]
    service_count: int
    broken: tuple[str, ...]
    stale: tuple[str, ...]
    stale_from: When | None
    stale_to: When | None
    unknown: tuple[str, ...]
    long_unknown: tuple[str, ...]
    unsaid: tuple[str, ...]
    working: tuple[str, ...]
    is_all_said: bool
    maintenance_count: int
    last_update_at: When | None
    promise: Promise | None


@dataclass(frozen=True)
class Board:
    """Everything that is true at `moment`. All outputs are made from it and add no facts to it.

    `site` holds only what was published by then. `services` are in the order of services.yaml; `open_incidents`,
    `notices` and `past_incidents` by their newest update, newest first; `planned_work` soonest first. `updates` are all
    published updates, newest first. `recent_changes` are those of the last 24 hours, `last_changes` those of the newest
    update. `next_change` is the first moment at which any of this will be different if nobody writes anything more;
    None if it never will. `today` is the local date where any page counts or draws the days of a problem, otherwise
    None (so that the turn of the day changes nothing). `may_reach_further`: an open incident may affect services that
    nothing was said about.
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
    may_reach_further: bool = False
    next_change: datetime | None = None

    @cached_property
    def service_by_id(self) -> Mapping[str, ServiceStatus]:
        """The services by id."""
        return {service.id: service for service in self.services}

    @cached_property
    def incident_by_id(self) -> Mapping[str, IncidentStatus]:
        """All published incidents by id."""
        return {incident.id: incident for incident in self.incidents}

    @cached_property
    def incidents(self) -> tuple[IncidentStatus, ...]:
        """All published incidents, notices and planned work."""
        return (*self.open_incidents, *self.notices, *self.planned_work, *self.past_incidents)

    @cached_property
    def updates_by_incident(self) -> Mapping[str, tuple[UpdateView, ...]]:
        """The published updates of each incident by its id, newest first."""
        found: dict[str, list[UpdateView]] = defaultdict(list)
        for view in self.updates:
            found[view.incident.id].append(view)
        return {id: tuple(views) for id, views in found.items()}

    @cached_property
    def incidents_by_service(self) -> Mapping[str, tuple[IncidentStatus, ...]]:
        """For the id of each service, all incidents that ever affected it."""
        found: dict[str, list[IncidentStatus]] = {service.id: [] for service in self.services}
        for incident in self.incidents:
            for service in {word.key[0] for word in incident.effects}:
                found[service].append(incident)
        return {id: tuple(incidents) for id, incidents in found.items()}

    def published_at(self, interval: Interval) -> When | None:
        """Return when residents were told about an interval, or when the clock began it; None if it was always so."""
        if interval.opened_by:
            return self.get_update(interval.opened_by).time
        return interval.since.when if interval.since else None

    def is_notice_stale(self, notice: IncidentStatus) -> bool:
        """Return whether a notice without an end was last spoken of too long ago."""
        return notice.ends is None and notice.last_update.time.end + self.site.stale_after <= self.moment

    def get_update(self, source: Source) -> Update:
        """Return the update that `source` names."""
        return self.incident_by_id[source.incident].update_by_id[source.update]

    @cached_property
    def disrupted_services(self) -> tuple[ServiceStatus, ...]:
        """The services that do not work as usual, may not, or are closed for planned work.

        The essential ones come first, and of those the worst.
        """
        unusual = (service for service in self.services if service.is_unusual)
        return tuple(sorted(unusual, key=lambda each: (not each.service.essential, -each.status.severity)))

    @property
    def not_working_services(self) -> tuple[ServiceStatus, ...]:
        """The services that do not work as usual, or are closed for planned work, the worst first."""
        return tuple(each for each in self.disrupted_services if each.status is not Status.UNKNOWN)

    @property
    def not_known_services(self) -> tuple[ServiceStatus, ...]:
        """The services of which somebody said that it is not known how they stand."""
        return tuple(each for each in self.disrupted_services if each.status is Status.UNKNOWN)

    @property
    def working_services(self) -> tuple[ServiceStatus, ...]:
        """The services that work, as somebody said lately, the essential ones first."""
        return self._essential_first(each for each in self.services if each.works_somehow and not each.stale)

    @property
    def formerly_working_services(self) -> tuple[ServiceStatus, ...]:
        """The services that worked when last checked, or are back, and of which nobody spoke since."""
        return self._essential_first(each for each in self.services if each.works_somehow and each.stale)

    @property
    def unsaid_services(self) -> tuple[ServiceStatus, ...]:
        """The services of which nobody said how they stand, the essential ones first."""
        return self._essential_first(each for each in self.services if each.is_not_said and not each.works_somehow)

    def _essential_first(self, services: Iterable[ServiceStatus]) -> tuple[ServiceStatus, ...]:
        return tuple(sorted(services, key=lambda each: not each.service.essential))

    @property
    def advice_for_all(self) -> tuple[IncidentStatus, ...]:
        """The posts that say what everybody can do now."""
        posts = (*self.open_incidents, *self.notices, *self.planned_work)
        return tuple(incident for incident in posts if incident.do)

    @property
    def working_with_advice(self) -> tuple[ServiceStatus, ...]:
        """The services that work, with something to know: what to do there, or where to go."""
        working = (service for service in self.services if service.is_working and not service.stale)
        return tuple(each for each in working if each.workarounds or any(way.temporary for way in each.usable_channels))

    @cached_property
    def ended_waivers(self) -> tuple[WaiverStatus, ...]:
        """The waivers that are over, the last to end first."""
        past = (waiver for each in self.incidents for waiver in each.waivers if waiver.has_ended)
        named = [waiver for waiver in past if waiver.waiver.what]
        return tuple(sorted(named, key=_end_of_waiver, reverse=True))

    def ended_waivers_of(self, service: str) -> tuple[WaiverStatus, ...]:
        """Return the waivers for a service that are over, the last to end first."""
        return tuple(waiver for waiver in self.ended_waivers if service in waiver.waiver.services)

    @property
    def disrupted_external_services(self) -> tuple[ServiceStatus, ...]:
        """The disrupted services that someone other than the city runs."""
        return tuple(
            each
            for each in self.disrupted_services
            if each.service.operator and each.service.operator.kind is not OperatorKind.CITY
        )

    @property
    def statements(self) -> tuple[UpdateView, ...]:
        """The updates that carry the name of an official, newest first."""
        return tuple(view for view in self.updates if view.update.by)


def _end_of_waiver(waiver: WaiverStatus) -> tuple[bool, datetime, str]:
    """Return what sorts waivers by their ends; of those without a date, nobody knows it."""
    end = waiver.waiver.until or waiver.waiver.begins
    return (end is not None, end.end if end else datetime.min.replace(tzinfo=UTC), waiver.waiver.id)
