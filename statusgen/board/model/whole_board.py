"""The Board: everything that is true at one moment."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from statusgen.board.model.dates import DeadlineStatus, UpcomingDate, WaiverStatus
from statusgen.board.model.estimates import Promise
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.news import Transition, UpdateView
from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.spans import Interval, Phase, Source
from statusgen.model.posts import Update
from statusgen.model.services import OperatorKind
from statusgen.model.states import State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.whole_site import Site

# How long something is new.
RECENT_CHANGE_PERIOD = timedelta(hours=24)


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
    None (so that the turn of the day changes nothing). `year` is the local year where anything is of that year or a
    later one, as pages leave out their own year, otherwise None. `may_reach_further`: an open incident may affect
    services that nothing was said about. `recently_ended` are the incidents that ended in the last 14 days, newest
    first.
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
    year: int | None = None
    may_reach_further: bool = False
    recently_ended: tuple[IncidentStatus, ...] = ()
    next_change: datetime | None = None

    @cached_property
    def service_by_id(self) -> Mapping[str, ServiceStatus]:
        """The services by id."""
        return {service.id: service for service in self.services}

    def find_services(self, ids: Collection[str]) -> tuple[ServiceStatus, ...]:
        """Return the services with these ids, in the order of services.yaml."""
        return tuple(service for service in self.services if service.id in ids)

    @cached_property
    def incident_by_id(self) -> Mapping[str, IncidentStatus]:
        """All published incidents by id."""
        return {incident.id: incident for incident in self.incidents}

    @cached_property
    def incidents(self) -> tuple[IncidentStatus, ...]:
        """All published incidents, notices and planned work."""
        return (*self.open_incidents, *self.notices, *self.planned_work, *self.past_incidents)

    @cached_property
    def recent_updates(self) -> tuple[UpdateView, ...]:
        """The updates of the last 24 hours, newest first."""
        return tuple(each for each in self.updates if self.moment - each.update.time.start < RECENT_CHANGE_PERIOD)

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
    def not_said_services(self) -> tuple[ServiceStatus, ...]:
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

    @cached_property
    def past_deadlines(self) -> tuple[DeadlineStatus, ...]:
        """The dates to know that have passed, the latest first."""
        said = (each for post in self.incidents if post.state is not State.WITHDRAWN for each in post.deadlines)
        past = [each for each in said if each.phase is Phase.PAST and each.deadline.what and each.deadline.on]
        return tuple(sorted(past, key=_date_of_deadline, reverse=True))

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


def _date_of_deadline(deadline: DeadlineStatus) -> tuple[float, str, str]:
    on = deadline.deadline.on
    return (on.start.timestamp() if on else 0.0, deadline.incident, deadline.deadline.id)


def _end_of_waiver(waiver: WaiverStatus) -> tuple[bool, datetime, str]:
    """Return what sorts waivers by their ends; of those without a date, nobody knows it."""
    end = waiver.waiver.until or waiver.waiver.begins
    return (end is not None, end.end if end else datetime.min.replace(tzinfo=UTC), waiver.waiver.id)
