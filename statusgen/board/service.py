"""The status of one service: what all incidents together say of it, and how it changed over time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from statusgen.board.estimates import find_outage_estimate, list_estimates
from statusgen.board.lasting_words import list_lasting_words
from statusgen.board.model.channels import ChannelChange, TemporaryChannel
from statusgen.board.model.dates import DeadlineStatus, WaiverStatus
from statusgen.board.model.estimates import Promise
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.services import ChannelStatus, ContraryWord, ServiceStatus, Standing
from statusgen.board.model.spans import ChannelKey, Interval, Phase, StartTime, Word
from statusgen.board.outages import Outages
from statusgen.board.standings import find_service_standing, find_standing
from statusgen.board.timeline import find_problem_start, make_timeline
from statusgen.model.services import CHANGEABLE_KEYS, Service
from statusgen.model.states import Kind
from statusgen.model.statuses import Status
from statusgen.model.times import When


def service_status(service: Service, incidents: Sequence[IncidentStatus], outages: Outages) -> ServiceStatus:
    """Return how `service` stands at the moment of the `outages`; `incidents` are those that ever mentioned it."""
    site, moment = outages.site, outages.moment
    words = list(list_lasting_words(service.id, incidents, outages))
    keys, temporary = _list_keys(service), _list_temporary(service, incidents)
    timeline = make_timeline(words, keys, temporary, site.zone, moment)
    channels = _list_channels(service, words, temporary, incidents, outages)
    active = _active_incidents(words, incidents, moment)
    unplanned = [incident for incident in active if incident.incident.kind is not Kind.MAINTENANCE]
    began = find_problem_start(timeline)
    estimates = list_estimates(service.id, unplanned, timeline[-1], channels, moment)
    outage_estimate = find_outage_estimate(unplanned, estimates)
    return ServiceStatus(
        service=service,
        standing=find_service_standing(timeline, words, channels, outages),
        day=site.day_number(began.when, moment) if began and began.is_known else None,
        channels=channels,
        workarounds=tuple(
            w for incident in _speaking(incidents) for w in incident.workarounds if w.service == service.id
        ),
        estimates=estimates,
        outage_estimate=outage_estimate,
        is_outage_estimate_late=bool(outage_estimate and outage_estimate.is_late_at(moment)),
        promise=_next_promise(active),
        waivers=tuple(_current_waivers(service.id, incidents)),
        coming_channels=tuple(each for each in temporary if each.opens.start > moment and each.ended is None),
        deadlines=tuple(_coming_deadlines(service.id, incidents)),
        incidents=tuple(incident.id for incident in active),
        planned_work=tuple(incident.id for incident in active if incident.incident.kind is Kind.MAINTENANCE),
        contrary_words=tuple(_contrary_words(words, timeline[-1], unplanned)),
        timeline=timeline,
        own_timeline=make_timeline([word for word in words if word.key[1] is None], keys[:1], (), site.zone, moment),
    )


def service_timeline(service: Service, incidents: Sequence[IncidentStatus], outages: Outages) -> tuple[Interval, ...]:
    """Return the statuses of a service in order, and nothing else of how it stands."""
    words = list(list_lasting_words(service.id, incidents, outages))
    return make_timeline(
        words, _list_keys(service), _list_temporary(service, incidents), outages.site.zone, outages.moment
    )


def _list_keys(service: Service) -> list[ChannelKey]:
    return [(service.id, None), *((service.id, channel.id) for channel in service.channels)]


def _list_temporary(service: Service, incidents: Iterable[IncidentStatus]) -> list[TemporaryChannel]:
    return [channel for i in incidents for channel in i.temporary_channels if channel.service == service.id]


def _active_incidents(
    words: Sequence[Word], incidents: Sequence[IncidentStatus], moment: datetime
) -> list[IncidentStatus]:
    """Return the incidents that affect the service now."""
    active = {
        word.incident
        for word in words
        if word.status.is_stated_problem and word.until is None and word.since.when.start <= moment
    }
    return [incident for incident in incidents if incident.id in active]


def _speaking(incidents: Iterable[IncidentStatus]) -> Iterator[IncidentStatus]:
    """Yield the incidents whose advice holds: those that are not over."""
    return (incident for incident in incidents if incident.phase is Phase.OPEN)


def _contrary_words(words: Iterable[Word], now: Interval, active: Sequence[IncidentStatus]) -> Iterator[ContraryWord]:
    """Yield that other incidents said since it began that the service works, while these say that it does not."""
    affecting = {incident.id for incident in active}
    found: dict[str, When] = {}
    began = now.since.when.start if now.since else None
    for word in words if now.status.is_stated_problem and affecting else ():
        said_at = word.said_at if word.until is None and word.status is Status.WORKING else None
        if said_at and word.incident not in affecting and (began is None or said_at.end > began):
            found[word.incident] = said_at
    return (ContraryWord(incident, said_at) for incident, said_at in sorted(found.items()))


def _list_channels(
    service: Service,
    words: Sequence[Word],
    temporary: Sequence[TemporaryChannel],
    incidents: Sequence[IncidentStatus],
    outages: Outages,
) -> tuple[ChannelStatus, ...]:
    """Return the channels of a service, each with what is other than usual there for now."""
    moment = outages.moment
    changes = [change for incident in incidents for change in incident.channel_changes if change.holds_at(moment)]
    usual = _usual_channels(service, words, temporary, outages)
    return tuple(_with_changes(each, (service.id, each.channel.id), changes) for each in usual)


def _usual_channels(
    service: Service, words: Sequence[Word], temporary: Sequence[TemporaryChannel], outages: Outages
) -> Iterator[ChannelStatus]:
    """Yield the service's own channels, then the temporary ones that are open."""
    site, moment = outages.site, outages.moment
    for channel in service.channels:
        key = (service.id, channel.id)
        own_words = [word for word in words if word.key == key]
        timeline = make_timeline(own_words, [key], [], site.zone, moment)
        yield ChannelStatus(channel, find_standing(timeline, own_words, outages), timeline)
    for each in temporary:
        if each.is_open_at(moment):
            before = Interval(Status.NOT_SAID, None, each.opens, None, each.opened_by)
            timeline = (before, Interval(Status.WORKING, StartTime(each.opens), None, each.opened_by, None))
            heard_of = max(when.end for when in each.last_heard_of)
            is_old = each.channel.closes is None and heard_of + site.stale_after <= moment
            standing = Standing(Status.WORKING, said_at=each.said_at, is_stale=is_old)
            yield ChannelStatus(each.channel, standing, timeline, temporary=True)


def _with_changes(status: ChannelStatus, key: ChannelKey, changes: Iterable[ChannelChange]) -> ChannelStatus:
    """Return a channel with what is other than usual there for now."""
    found = [change.channel for change in changes if change.key == key]
    new = {name: (value, each) for each in found for name in CHANGEABLE_KEYS if (value := getattr(each, name))}
    if not new:
        return status
    values = {name: value for name, (value, _) in new.items()}
    ends = tuple((name, change.closes) for name, (_, change) in new.items())
    return replace(status, channel=replace(status.channel, **values), changed_keys=ends)


def _next_promise(active: Sequence[IncidentStatus]) -> Promise | None:
    promises = [incident.promise for incident in active if incident.promise]
    return min(promises, key=lambda promise: promise.due.end, default=None)


def _current_waivers(service: str, incidents: Sequence[IncidentStatus]) -> Iterable[WaiverStatus]:
    for incident in incidents:
        for waiver in incident.waivers:
            if waiver.phase is not Phase.PAST and service in waiver.waiver.services:
                yield waiver


def _coming_deadlines(service: str, incidents: Sequence[IncidentStatus]) -> Iterable[DeadlineStatus]:
    for incident in incidents:
        for deadline in incident.deadlines:
            if deadline.phase is not Phase.PAST and service in deadline.deadline.services:
                yield deadline
