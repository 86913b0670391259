"""How one service stands: what all incidents together make of it, and how that came about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from statusgen.model import Channel, Estimate, Kind, Service, Site, Status, When
from statusgen.status.standing import (
    Cell,
    ChannelStanding,
    Hold,
    IncidentStanding,
    Interval,
    Phase,
    Promise,
    SaidEstimate,
    ServiceStanding,
    Since,
    Source,
    TemporaryChannel,
    WaiverStanding,
    after,
)

_NO_PROBLEM = (Status.WORKING, Status.MAINTENANCE)
# For how long "back to normal since" is news.
RESTORED_FOR = timedelta(days=14)


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of several words about one thing; working where nobody says otherwise."""
    return max(statuses, key=lambda status: status.badness, default=Status.WORKING)


def from_channels(statuses: Sequence[Status]) -> Status:
    """The status of a service from those of its ways: all shut, down; some shut, limited; else the worst."""
    shut = [status for status in statuses if status in (Status.DOWN, Status.MAINTENANCE)]
    if shut and any(status.open for status in statuses):
        return Status.LIMITED
    return worst(statuses)


def stand(service: Service, incidents: Sequence[IncidentStanding], site: Site, moment: datetime) -> ServiceStanding:
    """How `service` stands at `moment`; `incidents` are those that ever spoke of it."""
    holds = [hold for incident in incidents for hold in incident.holds if hold.cell[0] == service.id]
    cells: list[Cell] = [(service.id, way.id) for way in service.channels] or [(service.id, None)]
    temporary = [channel for i in incidents for channel in i.channels if channel.service == service.id]
    timeline = _timeline(holds, cells, temporary, site.zone, moment)
    now = timeline[-1]
    active = _active(holds, incidents, moment)
    began = _began(timeline)
    confirmed = _confirmed(service.id, incidents)
    problem = now.status not in _NO_PROBLEM
    unplanned = any(incident.incident.kind is not Kind.MAINTENANCE for incident in active)
    restored = _restored(timeline)
    estimates = _estimates(service.id, active, began) if now.status is not Status.WORKING else ()
    by = estimates[-1].estimate.by if estimates else None
    return ServiceStanding(
        service=service,
        status=now.status,
        since=now.since,
        day=site.day_of(began.when, moment) if problem and began and not began.before else None,
        channels=(
            *(_channel(service.id, way, holds, site.zone, moment) for way in service.channels),
            *(_extra(channel, site.zone, moment) for channel in temporary if channel.stands(moment)),
        ),
        advice=tuple(a for incident in active for a in incident.advice if a.service == service.id),
        estimates=estimates,
        late=by is not None and by.end <= moment,
        promise=_promise(active),
        waivers=tuple(_waivers(service.id, incidents)),
        incidents=tuple(incident.id for incident in active),
        confirmed=confirmed,
        stale=bool(problem and unplanned and confirmed and confirmed.end + site.stale_after <= moment),
        restored=restored if restored and restored.end + RESTORED_FOR > moment else None,
        timeline=timeline,
    )


def _confirmed(service: str, incidents: Sequence[IncidentStanding]) -> When | None:
    """When somebody last said how the service is. To announce work on it is not to look at it."""
    looked = [incident for incident in incidents if incident.incident.kind is not Kind.MAINTENANCE]
    times = [when for incident in looked for cell, when in incident.confirmed if cell[0] == service]
    return max(times, key=lambda when: when.end, default=None)


def _active(holds: Sequence[Hold], incidents: Sequence[IncidentStanding], moment: datetime) -> list[IncidentStanding]:
    """The incidents that hold the service back now."""
    holding = {hold.incident for hold in holds if hold.until is None and hold.since.when.start <= moment}
    return [incident for incident in incidents if incident.id in holding]


def _restored(timeline: Sequence[Interval]) -> When | None:
    """When the last problem was over, if it is; that planned work has ended, by the clock or not, is no news."""
    now = timeline[-1]
    if now.status is not Status.WORKING or now.opened_by is None or timeline[-2].status is Status.MAINTENANCE:
        return None
    return now.since.when if now.since else None


def _channel(service: str, way: Channel, holds: Sequence[Hold], zone: ZoneInfo, moment: datetime) -> ChannelStanding:
    cell = (service, way.id)
    mine = [hold for hold in holds if hold.cell == cell]
    return ChannelStanding(way, _timeline(mine, [cell], [], zone, moment))


def _extra(temporary: TemporaryChannel, zone: ZoneInfo, moment: datetime) -> ChannelStanding:
    cell = (temporary.service, temporary.channel.id)
    return ChannelStanding(temporary.channel, _timeline([], [cell], [], zone, moment), temporary=True)


def _estimates(service: str, active: Sequence[IncidentStanding], began: Since | None) -> tuple[SaidEstimate, ...]:
    """The estimates that hold for a service, oldest first; one that is said again counts once, when last said.

    What was said of a whole incident before the service failed was not said of it.
    """
    found = [
        said
        for incident in active
        for said in incident.estimates
        if said.covers(service)
        and not _void(said, service, dict(incident.returned))
        and (said.names(service) or not began or began.before or said.said.end >= began.when.start)
    ]
    found += [planned for incident in active if (planned := _planned_end(incident))]
    changed: list[SaidEstimate] = []
    for said in sorted(found, key=lambda said: said.said.start):
        if changed and changed[-1].estimate == said.estimate:
            changed.pop()
        changed.append(said)
    return tuple(changed)


def _planned_end(incident: IncidentStanding) -> SaidEstimate | None:
    """When planned work is over, as announced."""
    if incident.incident.kind is not Kind.MAINTENANCE or not incident.window or not incident.window.end:
        return None
    end = incident.window.end
    told = next((update for update in reversed(incident.updates) if update.ends), incident.updates[0])
    return SaidEstimate(Estimate(not_before=end, by=end), told.time, Source(incident.id, told.id))


def _void(said: SaidEstimate, service: str, returned: Mapping[Cell, When]) -> bool:
    """Whether what an estimate spoke of has worked again since."""
    back = [returned.get((service, None)), returned.get(said.cell) if said.cell else None]
    return any(time and said.said.start <= time.start for time in back)


def _promise(active: Sequence[IncidentStanding]) -> Promise | None:
    promises = [incident.promise for incident in active if incident.promise]
    return min(promises, key=lambda promise: promise.due.end, default=None)


def _waivers(service: str, incidents: Sequence[IncidentStanding]) -> Iterable[WaiverStanding]:
    for incident in incidents:
        for standing in incident.waivers:
            if standing.phase is not Phase.PAST and service in standing.waiver.services:
                yield standing


@dataclass(frozen=True)
class _Mark:
    """A moment at which a hold or a temporary channel begins or ends."""

    at: datetime
    since: Since
    source: Source | None
    begins: Hold | TemporaryChannel | None = None
    ends: Hold | TemporaryChannel | None = None


def _timeline(
    holds: Iterable[Hold],
    cells: Sequence[Cell],
    temporary: Iterable[TemporaryChannel],
    zone: ZoneInfo,
    moment: datetime,
) -> tuple[Interval, ...]:
    """The service's statuses one after the other; the first began before anything was said, the last goes on."""
    marks = [mark for hold in holds for mark in _hold_marks(hold)]
    marks += [mark for channel in temporary for mark in _channel_marks(channel, zone)]
    marks = sorted((mark for mark in marks if mark.at <= moment), key=lambda mark: mark.at)
    intervals = [Interval(Status.WORKING, None, None, None, None)]
    active: list[Hold | TemporaryChannel] = []
    for _, group in groupby(marks, key=lambda mark: mark.at):
        together = list(group)
        for mark in together:
            if mark.ends:
                active.remove(mark.ends)
            if mark.begins:
                active.append(mark.begins)
        status = _derived(active, cells)
        if status is not intervals[-1].status:
            mark = _responsible(together, worse=status.badness > intervals[-1].status.badness)
            intervals[-1] = replace(intervals[-1], until=mark.since.when, closed_by=mark.source)
            intervals.append(Interval(status, mark.since, None, mark.source, None))
    return tuple(intervals)


def _responsible(together: Iterable[_Mark], worse: bool) -> _Mark:
    """Of what happened at one moment, what made the service worse, or better; an update rather than the clock."""

    def rank(mark: _Mark) -> tuple[bool, int, str, str]:
        thing = mark.begins or mark.ends
        badness = thing.status.badness if isinstance(thing, Hold) else 0
        fits = (mark.begins is not None) == (worse == isinstance(thing, Hold))
        source = (mark.source.incident, mark.source.update) if mark.source else ("", "")
        return (fits, badness, *source)

    return max(together, key=rank)


def _hold_marks(hold: Hold) -> Iterable[_Mark]:
    begin = hold.since.when.start
    if hold.until is None or begin < hold.until.start:
        yield _Mark(begin, hold.since, hold.opened_by, begins=hold)
        if hold.until:
            yield _Mark(hold.until.start, Since(hold.until), hold.closed_by, ends=hold)


def _channel_marks(temporary: TemporaryChannel, zone: ZoneInfo) -> Iterable[_Mark]:
    begin, end = temporary.opens.start, temporary.over
    if end is None or begin < end:
        yield _Mark(begin, Since(temporary.opens), temporary.opened_by, begins=temporary)
        if end and temporary.ended and temporary.ended.start == end:
            yield _Mark(end, Since(temporary.ended), temporary.ended_by, ends=temporary)
        elif end and temporary.channel.closes:
            yield _Mark(end, Since(after(temporary.channel.closes, zone)), None, ends=temporary)


def _derived(active: Iterable[Hold | TemporaryChannel], cells: Sequence[Cell]) -> Status:
    held = dict.fromkeys(cells, Status.WORKING)
    extra = []
    for thing in active:
        if isinstance(thing, TemporaryChannel):
            extra.append(Status.WORKING)
        elif thing.cell in held:
            held[thing.cell] = worst([held[thing.cell], thing.status])
    return from_channels([*held.values(), *extra])


def _began(timeline: Sequence[Interval]) -> Since | None:
    """When the service last worked as usual, before the problem that goes on."""
    began = None
    for interval in reversed(timeline):
        if interval.status in _NO_PROBLEM:
            break
        began = interval.since
    return began
