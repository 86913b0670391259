"""How one service stands: what all incidents together make of it, and how that came about."""

from collections.abc import Iterable, Mapping, Sequence
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
from statusgen.model import Channel, Estimate, Kind, Service, Site, Status, When

_NO_PROBLEM = (Status.WORKING, Status.MAINTENANCE)
# For how long "back to normal since" is news.
RESTORED_NEWS_PERIOD = timedelta(days=14)


def worst_status(statuses: Iterable[Status]) -> Status:
    """The worst of several words about one thing; working where nobody says otherwise."""
    return max(statuses, key=lambda status: status.severity, default=Status.WORKING)


def status_from_channels(statuses: Sequence[Status]) -> Status:
    """The status of a service from those of its ways: all shut, down; some shut, limited; else the worst."""
    shut = [status for status in statuses if status in (Status.DOWN, Status.MAINTENANCE)]
    if shut and any(status.is_usable for status in statuses):
        return Status.LIMITED
    return worst_status(statuses)


def service_status(
    service: Service, incidents: Sequence[IncidentStatus], site: Site, moment: datetime
) -> ServiceStatus:
    """How `service` stands at `moment`; `incidents` are those that ever spoke of it."""
    holds = [hold for incident in incidents for hold in incident.effects if hold.key[0] == service.id]
    cells: list[ChannelKey] = [(service.id, way.id) for way in service.channels] or [(service.id, None)]
    temporary = [channel for i in incidents for channel in i.channels if channel.service == service.id]
    timeline = _timeline(holds, cells, temporary, site.zone, moment)
    now = timeline[-1]
    active = _active_incidents(holds, incidents, moment)
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
        channels=(
            *(_channel_status(service.id, way, holds, site.zone, moment) for way in service.channels),
            *(
                _temporary_channel_status(channel, site.zone, moment)
                for channel in temporary
                if channel.is_open_at(moment)
            ),
        ),
        workarounds=tuple(a for incident in active for a in incident.workarounds if a.service == service.id),
        estimates=estimates,
        late=by is not None and by.end <= moment,
        promise=_next_promise(active),
        waivers=tuple(_current_waivers(service.id, incidents)),
        incidents=tuple(incident.id for incident in active),
        confirmed_at=confirmed,
        stale=bool(problem and unplanned and confirmed and confirmed.end + site.stale_after <= moment),
        restored_at=restored if restored and restored.end + RESTORED_NEWS_PERIOD > moment else None,
        timeline=timeline,
    )


def _confirmed_at(service: str, incidents: Sequence[IncidentStatus]) -> When | None:
    """When somebody last said how the service is. To announce work on it is not to look at it."""
    looked = [incident for incident in incidents if incident.incident.kind is not Kind.MAINTENANCE]
    times = [when for incident in looked for cell, when in incident.confirmed_times if cell[0] == service]
    return max(times, key=lambda when: when.end, default=None)


def _active_incidents(
    effects: Sequence[Effect], incidents: Sequence[IncidentStatus], moment: datetime
) -> list[IncidentStatus]:
    """The incidents that hold the service back now."""
    holding = {hold.incident for hold in effects if hold.until is None and hold.since.when.start <= moment}
    return [incident for incident in incidents if incident.id in holding]


def _restored_at(timeline: Sequence[Interval]) -> When | None:
    """When the last problem was over, if it is; that planned work has ended, by the clock or not, is no news."""
    now = timeline[-1]
    if now.status is not Status.WORKING or now.opened_by is None or timeline[-2].status is Status.MAINTENANCE:
        return None
    return now.since.when if now.since else None


def _channel_status(
    service: str, channel: Channel, effects: Sequence[Effect], zone: ZoneInfo, moment: datetime
) -> ChannelStatus:
    cell = (service, channel.id)
    mine = [hold for hold in effects if hold.key == cell]
    return ChannelStatus(channel, _timeline(mine, [cell], [], zone, moment))


def _temporary_channel_status(temporary: TemporaryChannel, zone: ZoneInfo, moment: datetime) -> ChannelStatus:
    cell = (temporary.service, temporary.channel.id)
    return ChannelStatus(temporary.channel, _timeline([], [cell], [], zone, moment), temporary=True)


def _estimates(
    service: str, active: Sequence[IncidentStatus], began: StartTime | None
) -> tuple[PublishedEstimate, ...]:
    """The estimates that hold for a service, oldest first; one that is said again counts once, when last said.

    What was said of a whole incident before the service failed was not said of it.
    """
    found = [
        said
        for incident in active
        for said in incident.estimates
        if said.covers(service)
        and not _is_void(said, service, dict(incident.restored_times))
        and (said.mentions(service) or not began or began.is_before or said.published_at.end >= began.when.start)
    ]
    found += [planned for incident in active if (planned := _planned_end_estimate(incident))]
    changed: list[PublishedEstimate] = []
    for said in sorted(found, key=lambda said: said.published_at.start):
        if changed and changed[-1].estimate == said.estimate:
            changed.pop()
        changed.append(said)
    return tuple(changed)


def _planned_end_estimate(incident: IncidentStatus) -> PublishedEstimate | None:
    """When planned work is over, as announced."""
    if incident.incident.kind is not Kind.MAINTENANCE or not incident.window or not incident.window.end:
        return None
    end = incident.window.end
    told = next((update for update in reversed(incident.updates) if update.ends), incident.updates[0])
    return PublishedEstimate(Estimate(not_before=end, by=end), told.time, Source(incident.id, told.id))


def _is_void(estimate: PublishedEstimate, service: str, restored_times: Mapping[ChannelKey, When]) -> bool:
    """Whether what an estimate spoke of has worked again since."""
    back = [restored_times.get((service, None)), restored_times.get(estimate.key) if estimate.key else None]
    return any(time and estimate.published_at.start <= time.start for time in back)


def _next_promise(active: Sequence[IncidentStatus]) -> Promise | None:
    promises = [incident.promise for incident in active if incident.promise]
    return min(promises, key=lambda promise: promise.due.end, default=None)


def _current_waivers(service: str, incidents: Sequence[IncidentStatus]) -> Iterable[WaiverStatus]:
    for incident in incidents:
        for standing in incident.waivers:
            if standing.phase is not Phase.PAST and service in standing.waiver.services:
                yield standing


@dataclass(frozen=True)
class _TimelineEvent:
    """A moment at which a hold or a temporary channel begins or ends."""

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
    """The service's statuses one after the other; the first began before anything was said, the last goes on."""
    marks = [mark for hold in effects for mark in _effect_events(hold)]
    marks += [mark for channel in temporary for mark in _channel_events(channel, zone)]
    marks = sorted((mark for mark in marks if mark.at <= moment), key=lambda mark: mark.at)
    intervals = [Interval(Status.WORKING, None, None, None, None)]
    active: list[Effect | TemporaryChannel] = []
    for _, group in groupby(marks, key=lambda mark: mark.at):
        together = list(group)
        for mark in together:
            if mark.ends:
                active.remove(mark.ends)
            if mark.begins:
                active.append(mark.begins)
        status = _derive_status(active, keys)
        if status is not intervals[-1].status:
            mark = _find_cause(together, worse=status.severity > intervals[-1].status.severity)
            intervals[-1] = replace(intervals[-1], until=mark.since.when, closed_by=mark.source)
            intervals.append(Interval(status, mark.since, None, mark.source, None))
    return tuple(intervals)


def _find_cause(together: Iterable[_TimelineEvent], worse: bool) -> _TimelineEvent:
    """Of what happened at one moment, what made the service worse, or better; an update rather than the clock."""

    def rank(mark: _TimelineEvent) -> tuple[bool, int, str, str]:
        thing = mark.begins or mark.ends
        badness = thing.status.severity if isinstance(thing, Effect) else 0
        fits = (mark.begins is not None) == (worse == isinstance(thing, Effect))
        source = (mark.source.incident, mark.source.update) if mark.source else ("", "")
        return (fits, badness, *source)

    return max(together, key=rank)


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
    held = dict.fromkeys(keys, Status.WORKING)
    extra = []
    for thing in active:
        if isinstance(thing, TemporaryChannel):
            extra.append(Status.WORKING)
        elif thing.key in held:
            held[thing.key] = worst_status([held[thing.key], thing.status])
    return status_from_channels([*held.values(), *extra])


def _problem_start(timeline: Sequence[Interval]) -> StartTime | None:
    """When the service last worked as usual, before the problem that goes on."""
    began = None
    for interval in reversed(timeline):
        if interval.status in _NO_PROBLEM:
            break
        began = interval.since
    return began
