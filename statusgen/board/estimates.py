"""Which estimates of when something is back still count for a service."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from statusgen.board.model.estimates import PublishedEstimate
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.services import ChannelStatus
from statusgen.board.model.spans import ChannelKey, Interval
from statusgen.model.times import When


def list_estimates(
    service: str,
    active: Sequence[IncidentStatus],
    now: Interval,
    channels: Iterable[ChannelStatus],
    moment: datetime,
) -> tuple[PublishedEstimate, ...]:
    """Return the estimates that count for a service with a problem, oldest first.

    `active` are the incidents that affect it, and `now` is how it stands. One that is repeated counts once, at its last
    time.
    """
    if not now.status.is_stated_problem:
        return ()
    ways = {channel.channel.id: channel.timeline[-1] for channel in channels if not channel.temporary}
    found = []
    for incident in active:
        restored_times = dict(incident.restored_times)
        own = (estimate for estimate in incident.estimates if estimate.mentions(service))
        found += [each for each in own if not _is_void(each, service, restored_times)]
    lasting = (each for each in _distinct(found) if not _came_true(each, now, ways))
    return tuple(replace(each, is_late=each.is_late_at(moment)) for each in lasting)


def find_outage_estimate(
    active: Sequence[IncidentStatus], own: Sequence[PublishedEstimate]
) -> PublishedEstimate | None:
    """Return the estimate for an outage as a whole, if it says when, and the service has no newer one of its own."""
    about_all = ([each for each in incident.estimates if each.is_about_all][-1:] for incident in active)
    found = [
        each
        for incident, last in zip(active, about_all, strict=True)
        for each in last
        if _is_about_what_lasts(each, incident)
    ]
    newest = max(found, key=lambda each: each.published_at.start, default=None)
    if newest is None or newest.estimate.unknown:
        return None
    is_older = own and own[-1].published_at.start > newest.published_at.start
    return None if is_older else newest


def _is_about_what_lasts(estimate: PublishedEstimate, incident: IncidentStatus) -> bool:
    """Return whether an estimate is about an incident as a whole, which has not been over since."""
    overs = (result.update.time.start for result in incident.update_results if result.snapshot.is_over)
    return estimate.is_about_all and not any(estimate.published_at.start <= over for over in overs)


def _distinct(estimates: Iterable[PublishedEstimate]) -> tuple[PublishedEstimate, ...]:
    distinct: list[PublishedEstimate] = []
    for estimate in sorted(estimates, key=lambda estimate: estimate.published_at.start):
        if distinct and (distinct[-1].key, distinct[-1].estimate) == (estimate.key, estimate.estimate):
            distinct.pop()
        distinct.append(estimate)
    return tuple(distinct)


def _is_void(estimate: PublishedEstimate, service: str, restored_times: Mapping[ChannelKey, When]) -> bool:
    """Return whether what an estimate was about has worked again since."""
    restored = [restored_times.get((service, None)), restored_times.get(estimate.key) if estimate.key else None]
    return any(time and estimate.published_at.start <= time.start for time in restored)


def _came_true(estimate: PublishedEstimate, service: Interval, ways: Mapping[str, Interval]) -> bool:
    """Return whether what was expected back is back since: when it will be as before, the estimate did not say."""
    way = estimate.key[1] if estimate.key else None
    now = ways.get(way, service) if way else service
    return now.status.is_back and now.since is not None and estimate.published_at.start < now.since.when.start
