"""The status of one service: what all incidents together make of it, and how it changed over time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from statusgen.board.model import (
    ChannelKey,
    ChannelStatus,
    Effect,
    IncidentStatus,
    Interval,
    Phase,
    Promise,
    PublishedEstimate,
    ServiceStatus,
    Source,
    StartTime,
    TemporaryChannel,
    WaiverStatus,
    time_after,
)
from statusgen.model import Estimate, Kind, Service, Site, Status, When

_NO_PROBLEM = (Status.WORKING, Status.MAINTENANCE)
# How long "back to normal since" is news.
RESTORED_NEWS_PERIOD = timedelta(days=14)


def worst_status(statuses: Iterable[Status]) -> Status:
    """Return the worst of several statuses of one thing; WORKING if there are none."""
    return max(statuses, key=lambda status: status.severity, default=Status.WORKING)


def status_from_channels(statuses: Sequence[Status]) -> Status:
    """Return a service's status from its channels': all closed is DOWN, some closed LIMITED, otherwise the worst."""
    closed = [status for status in statuses if status in (Status.DOWN, Status.MAINTENANCE)]
    if closed and any(status.is_usable for status in statuses):
        return Status.LIMITED
    return worst_status(statuses)


def service_status(
    service: Service, incidents: Sequence[IncidentStatus], site: Site, moment: datetime
) -> ServiceStatus:
    """Return the status of `service` at `moment`; `incidents` are all that ever mentioned it."""
    effects = [effect for incident in incidents for effect in incident.effects if effect.key[0] == service.id]
    keys: list[ChannelKey] = [(service.id, channel.id) for channel in service.channels] or [(service.id, None)]
    temporary = [channel for i in incidents for channel in i.temporary_channels if channel.service == service.id]
    timeline = _timeline(effects, keys, temporary, site.zone, moment)
    now = timeline[-1]
    active = _active_incidents(effects, incidents, moment)
    began = _problem_start(timeline)
    confirmed = _confirmed_at(service.id, incidents)
    problem = now.status not in _NO_PROBLEM
    unplanned = any(incident.incident.kind is not Kind.MAINTENANCE for incident in active)
    restored = _restored_at(timeline)
    estimates = _estimates(service.id, active, began) if now.status is not Status.WORKING else ()
    by = estimates[-1].estimate.by if estimates else None
    return ServiceStatus(
        service=service,
        status=now.status,
        since=now.since,
        day=site.day_number(began.when, moment) if problem and began and not began.is_before else None,
        channels=tuple(_channel_statuses(service, effects, temporary, site.zone, moment)),
        workarounds=tuple(w for incident in active for w in incident.workarounds if w.service == service.id),
        estimates=estimates,
        is_estimate_late=by is not None and by.end <= moment,
        promise=_next_promise(active),
        waivers=tuple(_current_waivers(service.id, incidents)),
        incidents=tuple(incident.id for incident in active),
        confirmed_at=confirmed,
        stale=bool(problem and unplanned and confirmed and confirmed.end + site.stale_after <= moment),
        restored_at=restored if restored and restored.end + RESTORED_NEWS_PERIOD > moment else None,
        timeline=timeline,
    )


def _confirmed_at(service: str, incidents: Sequence[IncidentStatus]) -> When | None:
    """Return when an update last reported on the service. Announcing planned work does not count: nobody checked."""
    reporting = [incident for incident in incidents if incident.incident.kind is not Kind.MAINTENANCE]
    times = [when for incident in reporting for key, when in incident.confirmed_times if key[0] == service]
    return max(times, key=lambda when: when.end, default=None)


def _active_incidents(
    effects: Sequence[Effect], incidents: Sequence[IncidentStatus], moment: datetime
) -> list[IncidentStatus]:
    """Return the incidents that affect the service now."""
    active = {effect.incident for effect in effects if effect.until is None and effect.since.when.start <= moment}
    return [incident for incident in incidents if incident.id in active]


def _restored_at(timeline: Sequence[Interval]) -> When | None:
    """Return when the last problem ended, if it did. Planned work and an end by the clock do not count."""
    now = timeline[-1]
    if now.status is not Status.WORKING or now.opened_by is None or timeline[-2].status is Status.MAINTENANCE:
        return None
    return now.since.when if now.since else None


def _channel_statuses(
    service: Service,
    effects: Sequence[Effect],
    temporary: Sequence[TemporaryChannel],
    zone: ZoneInfo,
    moment: datetime,
) -> Iterator[ChannelStatus]:
    """Yield the service's own channels, then the temporary ones that are open; those always work."""
    for channel in service.channels:
        key = (service.id, channel.id)
        own_effects = [effect for effect in effects if effect.key == key]
        yield ChannelStatus(channel, _timeline(own_effects, [key], [], zone, moment))
    for each in temporary:
        if each.is_open_at(moment):
            key = (service.id, each.channel.id)
            yield ChannelStatus(each.channel, _timeline([], [key], [], zone, moment), temporary=True)


def _estimates(
    service: str, active: Sequence[IncidentStatus], began: StartTime | None
) -> tuple[PublishedEstimate, ...]:
    """Return the estimates that apply to a service, oldest first; one that is repeated counts once, at its last time.

    An estimate for a whole incident from before the service failed does not apply to it.
    """
    found = [
        estimate
        for incident in active
        for estimate in incident.estimates
        if estimate.covers(service)
        and not _is_void(estimate, service, dict(incident.restored_times))
        and (
            estimate.mentions(service) or not began or began.is_before or estimate.published_at.end >= began.when.start
        )
    ]
    found += [planned for incident in active if (planned := _planned_end_estimate(incident))]
    distinct: list[PublishedEstimate] = []
    for estimate in sorted(found, key=lambda estimate: estimate.published_at.start):
        if distinct and distinct[-1].estimate == estimate.estimate:
            distinct.pop()
        distinct.append(estimate)
    return tuple(distinct)


def _planned_end_estimate(incident: IncidentStatus) -> PublishedEstimate | None:
    """Return the announced end of planned work as an estimate."""
    if incident.incident.kind is not Kind.MAINTENANCE or not incident.window or not incident.window.end:
        return None
    end = incident.window.end
    update = next((update for update in reversed(incident.updates) if update.ends), incident.updates[0])
    return PublishedEstimate(Estimate(not_before=end, by=end), update.time, Source(incident.id, update.id))


def _is_void(estimate: PublishedEstimate, service: str, restored_times: Mapping[ChannelKey, When]) -> bool:
    """Return whether what an estimate was about has worked again since."""
    restored = [restored_times.get((service, None)), restored_times.get(estimate.key) if estimate.key else None]
    return any(time and estimate.published_at.start <= time.start for time in restored)


def _next_promise(active: Sequence[IncidentStatus]) -> Promise | None:
    promises = [incident.promise for incident in active if incident.promise]
    return min(promises, key=lambda promise: promise.due.end, default=None)


def _current_waivers(service: str, incidents: Sequence[IncidentStatus]) -> Iterable[WaiverStatus]:
    for incident in incidents:
        for waiver in incident.waivers:
            if waiver.phase is not Phase.PAST and service in waiver.waiver.services:
                yield waiver


@dataclass(frozen=True)
class _TimelineEvent:
    """A moment at which an effect or a temporary channel begins or ends."""

    at: datetime
    since: StartTime
    source: Source | None
    begins: Effect | TemporaryChannel | None = None
    ends: Effect | TemporaryChannel | None = None


def _timeline(
    effects: Iterable[Effect],
    keys: Sequence[ChannelKey],
    temporary: Iterable[TemporaryChannel],
    zone: ZoneInfo,
    moment: datetime,
) -> tuple[Interval, ...]:
    """Return the statuses of a service or channel in order; the first has no known beginning, the last has no end.

    All effects and temporary channels are turned into events, which are then swept in order of time: after the events
    of each moment, the status follows from what is active, and an interval begins only if the status is another one. So
    incidents that overlap add up, and one that changes nothing for residents leaves no trace.
    """
    events = [event for effect in effects for event in _effect_events(effect)]
    events += [event for channel in temporary for event in _channel_events(channel, zone)]
    events = sorted((event for event in events if event.at <= moment), key=lambda event: event.at)
    intervals = [Interval(Status.WORKING, None, None, None, None)]
    active: list[Effect | TemporaryChannel] = []
    for _, group in groupby(events, key=lambda event: event.at):
        # All events of one moment together: when one incident ends as another begins, the service is not up between.
        simultaneous = list(group)
        for event in simultaneous:
            if event.ends:
                active.remove(event.ends)
            if event.begins:
                active.append(event.begins)
        status = _derive_status(active, keys)
        if status is not intervals[-1].status:
            cause = _find_cause(simultaneous, worse=status.severity > intervals[-1].status.severity)
            intervals[-1] = replace(intervals[-1], until=cause.since.when, closed_by=cause.source)
            intervals.append(Interval(status, cause.since, None, cause.source, None))
    return tuple(intervals)


def _find_cause(events: Iterable[_TimelineEvent], worse: bool) -> _TimelineEvent:
    """Return which of the events at one moment changed the status.

    That is the beginning of an effect if it became worse (or the end of a temporary channel), and the reverse if it
    became better; among those the worst effect, and an update rather than the clock.
    """

    def rank(event: _TimelineEvent) -> tuple[bool, int, str, str]:
        subject = event.begins or event.ends
        severity = subject.status.severity if isinstance(subject, Effect) else 0
        fits = (event.begins is not None) == (worse == isinstance(subject, Effect))
        source = (event.source.incident, event.source.update) if event.source else ("", "")
        return (fits, severity, *source)

    return max(events, key=rank)


def _effect_events(effect: Effect) -> Iterable[_TimelineEvent]:
    begin = effect.since.when.start
    if effect.until is None or begin < effect.until.start:
        yield _TimelineEvent(begin, effect.since, effect.opened_by, begins=effect)
        if effect.until:
            yield _TimelineEvent(effect.until.start, StartTime(effect.until), effect.closed_by, ends=effect)


def _channel_events(temporary: TemporaryChannel, zone: ZoneInfo) -> Iterable[_TimelineEvent]:
    begin, end = temporary.opens.start, temporary.over_at
    if end is None or begin < end:
        yield _TimelineEvent(begin, StartTime(temporary.opens), temporary.opened_by, begins=temporary)
        if end and temporary.ended and temporary.ended.start == end:
            yield _TimelineEvent(end, StartTime(temporary.ended), temporary.ended_by, ends=temporary)
        elif end and temporary.channel.closes:
            yield _TimelineEvent(end, StartTime(time_after(temporary.channel.closes, zone)), None, ends=temporary)


def _derive_status(active: Iterable[Effect | TemporaryChannel], keys: Sequence[ChannelKey]) -> Status:
    statuses = dict.fromkeys(keys, Status.WORKING)
    temporary = []
    for subject in active:
        if isinstance(subject, TemporaryChannel):
            temporary.append(Status.WORKING)
        elif subject.key in statuses:
            statuses[subject.key] = worst_status([statuses[subject.key], subject.status])
    return status_from_channels([*statuses.values(), *temporary])


def _problem_start(timeline: Sequence[Interval]) -> StartTime | None:
    """Return when the present problem began: after the service last worked as usual."""
    began = None
    for interval in reversed(timeline):
        if interval.status in _NO_PROBLEM:
            break
        began = interval.since
    return began
