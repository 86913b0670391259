"""What changed, when residents were told, and which update said so."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.news import Transition, UpdateView
from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.spans import Interval, Source
from statusgen.board.status import worst_status
from statusgen.model.posts import Incident
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.words import Words


def is_news(change: Transition, services: Iterable[ServiceStatus]) -> bool:
    """Return whether a recent change is worth telling: planned work that is over by the clock is not."""
    if change.after is not Status.MAINTENANCE:
        return True
    service = next(service for service in services if service.id == change.service)
    return Status.MAINTENANCE in (service.status, *(channel.status for channel in service.channels))


def list_transitions(service: ServiceStatus, update_times: Mapping[Source, When]) -> Iterator[Transition]:
    """Yield a service's changes, dated by when residents were told: channel by channel, unless all changed alike."""
    channels = [channel for channel in service.channels if not channel.temporary]
    if not channels:
        yield from _timeline_transitions(service.id, None, service.timeline, update_times)
        return
    own = list(_timeline_transitions(service.id, None, service.own_timeline, update_times))
    yield from own
    said_of_service = {(transition.source, transition.published_at) for transition in own}
    together: dict[tuple[Source | None, When], list[Transition]] = defaultdict(list)
    for channel in channels:
        for transition in _timeline_transitions(service.id, channel.channel.id, channel.timeline, update_times):
            together[transition.source, transition.published_at].append(transition)
    for when, alike in together.items():
        is_one = len(alike) == len(channels) and len({transition.after for transition in alike}) == 1
        # Beside a way that was set up for now, the service stands otherwise than all its usual ways.
        is_one = is_one and any(
            each.status is alike[0].after and each.opened_by == when[0] for each in service.timeline
        )
        before = _status_before(alike, service)
        # What came back is named: of the ways beside it, nobody had said that they were out.
        is_told_by_way = before is Status.NOT_SAID and any(change.is_recovery for change in alike)
        if is_one and when not in said_of_service and not is_told_by_way:
            yield replace(alike[0], channel=None, before=before)
        else:
            yield from alike
    told = {source for source, _ in (*together, *said_of_service)}
    yield from _recoveries_of_whole(service, update_times, told)


def _recoveries_of_whole(
    service: ServiceStatus, update_times: Mapping[Source, When], told: Collection[Source | None]
) -> Iterator[Transition]:
    """Yield when a service works again of which something was said as such, while all its ways were said to work."""
    for before, after in pairwise(service.own_timeline):
        source = after.opened_by
        is_over = before.status.is_broken and after.status is Status.NOT_SAID
        if source and is_over and source not in told:
            works = any(each.status is Status.WORKING and each.opened_by == source for each in service.timeline)
            if works:
                yield Transition(service.id, None, before.status, Status.WORKING, update_times[source], source)


def _status_before(alike: Sequence[Transition], service: ServiceStatus) -> Status:
    """Return how a service stood before all its ways changed alike.

    If nothing was said of one of them, that is only what was said of the service as such, or that it worked in parts;
    otherwise NOT_SAID.
    """
    found = {change.before for change in alike}
    if Status.NOT_SAID not in found:
        return worst_status(found)
    source, after = alike[0].source, alike[0].after
    pairs = pairwise(service.timeline)
    before = next((old.status for old, new in pairs if new.opened_by == source and new.status is after), None)
    is_of_whole = any(each.status is before and each.closed_by == source for each in service.own_timeline)
    is_in_parts = before in (Status.PARTLY_DOWN, Status.LIMITED)
    return before if before and (is_of_whole or is_in_parts) else Status.NOT_SAID


def _timeline_transitions(
    service: str, channel: str | None, timeline: Sequence[Interval], update_times: Mapping[Source, When]
) -> Iterator[Transition]:
    for before, after in pairwise(timeline):
        published = update_times[after.opened_by] if after.opened_by else after.since.when if after.since else None
        if published and after.status is not Status.NOT_SAID:
            yield Transition(service, channel, before.status, after.status, published, after.opened_by)


def _named_as_then(incident: Incident, title: Words) -> Incident:
    """Return an incident with the name that it had when an update was published."""
    return incident if incident.title == title else replace(incident, title=title)


def list_update_views(incidents: Sequence[IncidentStatus], transitions: Iterable[Transition]) -> Iterator[UpdateView]:
    """Yield every published update with the changes that it brought, newest first."""
    by_source: dict[Source, list[Transition]] = defaultdict(list)
    for transition in transitions:
        if transition.source:
            by_source[transition.source].append(transition)
    views = [
        UpdateView(
            incident=_named_as_then(incident.incident, result.title),
            update=result.update,
            transitions=tuple(by_source[Source(incident.id, result.update.id)]),
            is_first=result.update is incident.updates[0],
            services=result.services,
            waivers=result.waivers,
            deadlines=result.deadlines,
            snapshot=result.snapshot,
            is_reopening=bool(before and before.snapshot.is_over and result.snapshot.affected),
            late_for=result.late_for,
        )
        for incident in incidents
        for before, result in reversed([*zip((None, *incident.update_results), incident.update_results, strict=False)])
    ]
    # Sorting is stable: updates of the same time are ordered by incident, and those of one incident stay newest first.
    views.sort(key=lambda view: view.incident.id)
    yield from sorted(views, key=lambda view: view.update.time.start, reverse=True)
