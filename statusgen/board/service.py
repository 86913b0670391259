"""The status of one service: what all incidents together say of it, and how it changed over time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from statusgen.board.model.channels import ChannelChange, TemporaryChannel
from statusgen.board.model.dates import DeadlineStatus, WaiverStatus
from statusgen.board.model.estimates import Promise, PublishedEstimate
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.services import ChannelStatus, ContraryWord, ServiceStatus, Standing
from statusgen.board.model.spans import ChannelKey, Interval, Phase, Source, StartTime, Word, time_after
from statusgen.board.status import combine_words, derive_status
from statusgen.model.services import CHANGEABLE_KEYS, Channel, Service
from statusgen.model.states import Kind
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.whole_site import Site

# How long "back since" is news, at least.
RESTORED_NEWS_PERIOD = timedelta(days=14)


def service_status(
    service: Service,
    incidents: Sequence[IncidentStatus],
    site: Site,
    moment: datetime,
    all_incidents: Sequence[IncidentStatus] = (),
) -> ServiceStatus:
    """Return how `service` stands at `moment`; `incidents` are those that ever mentioned it, of `all_incidents`."""
    outages = [each for each in all_incidents or incidents if each.incident.kind is Kind.INCIDENT]
    words = list(_lasting_words(service.id, incidents, outages, site, moment))
    keys: list[ChannelKey] = [(service.id, None), *((service.id, channel.id) for channel in service.channels)]
    temporary = [channel for i in incidents for channel in i.temporary_channels if channel.service == service.id]
    timeline = _timeline(words, keys, temporary, site.zone, moment)
    changes = [change for incident in incidents for change in incident.channel_changes if change.holds_at(moment)]
    usual = tuple(_channel_statuses(service, words, temporary, outages, site, moment))
    channels = tuple(_with_changes(channel, (service.id, channel.channel.id), changes) for channel in usual)
    active = _active_incidents(words, incidents, moment)
    unplanned = [incident for incident in active if incident.incident.kind is not Kind.MAINTENANCE]
    began = _problem_start(timeline)
    estimates = _estimates(service.id, unplanned, moment) if timeline[-1].status.is_stated_problem else ()
    now = {channel.channel.id: channel.timeline[-1] for channel in channels if not channel.temporary}
    estimates = tuple(each for each in estimates if not _came_true(each, timeline[-1], now))
    outage_estimate = _outage_estimate(unplanned, estimates)
    counting = _counting_words(words, timeline[-1].status)
    return ServiceStatus(
        service=service,
        standing=replace(
            _standing_of_service(timeline, words, counting, channels, outages, site, moment),
            ways=_partial_ways(timeline[-1].status, words, channels),
        ),
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
        own_timeline=_timeline([word for word in words if word.key[1] is None], keys[:1], (), site.zone, moment),
    )


def _lasting_words(
    service: str,
    incidents: Iterable[IncidentStatus],
    outages: Sequence[IncidentStatus],
    site: Site,
    moment: datetime,
) -> Iterator[Word]:
    """Yield what incidents say of a service; a word that it works outlasts its incident, but not for ever."""
    for incident in incidents:
        own = [word for word in incident.words if word.key[0] == service]
        back = max((word.since.when for word in own if word.came_back), key=lambda when: when.end, default=None)
        for word in own:
            end = _fading_time(word, back, incident, outages, site) if word.until is None else None
            yield replace(word, until=When.moment(end)) if end and end <= moment else word


def _fading_time(
    word: Word, back: When | None, incident: IncidentStatus, outages: Iterable[IncidentStatus], site: Site
) -> datetime | None:
    """Return when the last word of an incident that is over, that something works, says nothing any more.

    That something came back is news for a while, and as long as another outage lasts that was there at the time; so is
    what was said then of the other ways of the same service. `back` is when the last of them came back.
    """
    if word.status is not Status.WORKING or incident.ended is None or word.said_at is None:
        return None
    if back is None or not (word.came_back or word.said_at.start >= back.start):
        # Not before the end: until then it counted, and what the pages said of those days stays as it was.
        return max(word.said_at.end + site.stale_after, incident.ended.start)
    back = word.since.when if word.came_back else back
    ends = [back.end + RESTORED_NEWS_PERIOD]
    for other in outages:
        if other.incident.started.start <= back.start and other.id != incident.id:
            if other.ended is None:
                return None
            ends.append(other.ended.start)
    return max(*ends, incident.ended.start)


def _counting_words(words: Iterable[Word], status: Status) -> list[Word]:
    """Return the words that are the reason for a status now: those that a problem was stated in, if there is one."""
    now = [word for word in words if word.until is None]
    problems = [word for word in now if word.status.is_stated_problem]
    if not status.is_stated_problem:
        return [word for word in now if word.status is status]
    worst = max((word.status.severity for word in problems), default=0)
    incidents = {word.incident for word in problems if word.status.severity == worst or word.status is status}
    # That it works in parts is what those say together who say that one way does not and that another does.
    is_in_parts = status is Status.LIMITED and not any(word.status is status for word in problems)
    parts = [word for word in now if is_in_parts and word.status is Status.WORKING]
    return [*(word for word in problems if word.incident in incidents), *parts]


def _standing(
    timeline: Sequence[Interval],
    all_words: Sequence[Word],
    words: Sequence[Word],
    outages: Sequence[IncidentStatus],
    site: Site,
    moment: datetime,
) -> Standing:
    """Return how something stands now, from its timeline, all that was said of it, and the reasons for its status."""
    now = timeline[-1]
    # A post that cannot be read is replaced by one that says nothing of its own.
    said = (word.said_at for word in words if word.said_at and word.incident not in site.quarantined_ids)
    said_at = max(said, key=lambda when: when.end, default=None)
    back = [word.since.when for word in words if word.came_back]
    corrected = [word.since.when for word in words if word.is_corrected and word.said_at == said_at]
    doubted = [word.said_working for word in words if word.said_working and now.status is Status.NOT_SAID]
    return Standing(
        status=now.status,
        since=_said_since(now, all_words, words) if now.status.is_stated_problem else None,
        said_at=said_at,
        is_stale=said_at is not None
        and now.status is not Status.NOT_SAID
        and _is_stale(now, said_at, outages, site, moment),
        restored_at=max(back, key=lambda when: when.end) if back and now.status is Status.WORKING else None,
        corrected_at=max(corrected, key=lambda when: when.end, default=None),
        said_working=max(doubted, key=lambda when: when.end, default=None),
        is_in_doubt=now.status is Status.NOT_SAID and any(each.may_reach_further for each in outages),
    )


def _standing_of_service(
    timeline: Sequence[Interval],
    all_words: Sequence[Word],
    words: Sequence[Word],
    channels: Iterable[ChannelStatus],
    outages: Sequence[IncidentStatus],
    site: Site,
    moment: datetime,
) -> Standing:
    """Return how a service stands; one of which only some ways were said to work, by what was said of those."""
    standing = _standing(timeline, all_words, words, outages, site, moment)
    ways = [each.standing for each in _working_ways(channels)]
    if standing.status is not Status.NOT_SAID or not ways:
        return standing
    times = [way.said_at for way in ways if way.said_at]
    said_at = max(times, key=lambda when: when.end, default=None)
    return replace(standing, said_at=said_at, is_stale=all(way.is_stale for way in ways))


def _working_ways(channels: Iterable[ChannelStatus]) -> list[ChannelStatus]:
    """Return the channels that work, as somebody said lately; if of none, those that did when last checked."""
    found = [each for each in channels if each.status is Status.WORKING and not each.temporary]
    return [each for each in found if not each.standing.is_stale] or found


def _said_since(now: Interval, all_words: Iterable[Word], words: Iterable[Word]) -> StartTime | None:
    """Return since when a status holds, as it was said.

    Where it shows only because something worse is over, that is not when it began.
    """
    if any(word.until is None and word.since == now.since for word in all_words):
        return now.since
    return max((word.since for word in words), key=lambda since: since.when.start, default=now.since)


def _is_stale(now: Interval, said_at: When, outages: Iterable[IncidentStatus], site: Site, moment: datetime) -> bool:
    """Return whether a word is too old to be told as of now; what worked, a new outage may have reached since."""
    if said_at.end + site.stale_after <= moment:
        return True
    reach = (each for each in outages if each.may_reach_further)
    return now.status is Status.WORKING and any(each.incident.started.start > said_at.end for each in reach)


def _partial_ways(status: Status, words: Iterable[Word], channels: Sequence[ChannelStatus]) -> tuple[Channel, ...]:
    """Return the channels that a service's status is about; none if it is about the whole service."""
    own = [channel for channel in channels if not channel.temporary]
    said_of_service = any(word.until is None and word.key[1] is None and word.status is status for word in words)
    if status is Status.NOT_SAID:
        return tuple(each.channel for each in _working_ways(own))
    if len(own) < 2 or said_of_service or status in (Status.WORKING, Status.LIMITED):
        return ()
    looked_for = Status.DOWN if status is Status.PARTLY_DOWN else status
    if status is Status.CATCHING_UP and all(each.status in (Status.CATCHING_UP, Status.WORKING) for each in own):
        return ()
    found = tuple(each.channel for each in own if each.status is looked_for)
    return found if len(found) < len(own) else ()


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


def _channel_statuses(
    service: Service,
    words: Sequence[Word],
    temporary: Sequence[TemporaryChannel],
    outages: Sequence[IncidentStatus],
    site: Site,
    moment: datetime,
) -> Iterator[ChannelStatus]:
    """Yield the service's own channels, then the temporary ones that are open."""
    for channel in service.channels:
        key = (service.id, channel.id)
        own_words = [word for word in words if word.key == key]
        timeline = _timeline(own_words, [key], [], site.zone, moment)
        counting = _counting_words(own_words, timeline[-1].status)
        yield ChannelStatus(channel, _standing(timeline, own_words, counting, outages, site, moment), timeline)
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
    new = {name: value for each in found for name in CHANGEABLE_KEYS if (value := getattr(each, name))}
    if not new:
        return status
    return replace(status, channel=replace(status.channel, **new), changed_keys=tuple(new))


def _estimates(service: str, active: Sequence[IncidentStatus], moment: datetime) -> tuple[PublishedEstimate, ...]:
    """Return the estimates for a service, oldest first; one that is repeated counts once, at its last time."""
    found = []
    for incident in active:
        restored_times = dict(incident.restored_times)
        own = (estimate for estimate in incident.estimates if estimate.mentions(service))
        found += [each for each in own if not _is_void(each, service, restored_times)]
    return tuple(replace(each, is_late=each.is_late_at(moment)) for each in _distinct(found))


def _outage_estimate(active: Sequence[IncidentStatus], own: Sequence[PublishedEstimate]) -> PublishedEstimate | None:
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


@dataclass(frozen=True)
class _TimelineEvent:
    """A moment at which an effect or a temporary channel begins or ends."""

    at: datetime
    since: StartTime
    source: Source | None
    begins: Word | TemporaryChannel | None = None
    ends: Word | TemporaryChannel | None = None


def _timeline(
    words: Sequence[Word],
    keys: Sequence[ChannelKey],
    temporary: Iterable[TemporaryChannel],
    zone: ZoneInfo,
    moment: datetime,
) -> tuple[Interval, ...]:
    """Return the statuses of a service or channel in order; the first has no known beginning, the last has no end.

    All words and temporary channels are turned into events, which are then swept in order of time: after the events of
    each moment, the status follows from what is active, and an interval begins only if the status is another one. So
    incidents that overlap add up, and one that changes nothing for residents leaves no trace.
    """
    events = [event for word in words for event in _word_events(word)]
    events += [event for channel in temporary for event in _channel_events(channel, zone)]
    events = sorted((event for event in events if event.at <= moment), key=lambda event: event.at)
    intervals = [Interval(Status.NOT_SAID, None, None, None, None)]
    active: list[Word | TemporaryChannel] = []
    for _, group in groupby(events, key=lambda event: event.at):
        # All events of one moment together: when one incident ends as another begins, the service is not up between.
        simultaneous = list(group)
        for event in simultaneous:
            if event.ends:
                active.remove(event.ends)
            if event.begins:
                active.append(event.begins)
        status = _combine(active, keys)
        if status is not intervals[-1].status:
            cause = _find_cause(simultaneous, worse=status.severity > intervals[-1].status.severity)
            intervals[-1] = replace(intervals[-1], until=cause.since.when, closed_by=cause.source)
            intervals.append(Interval(status, cause.since, None, cause.source, None))
    return tuple(_with_times_said(interval, words) for interval in intervals)


def _with_times_said(interval: Interval, words: Iterable[Word]) -> Interval:
    """Return the interval with the times at which an update said what it is about."""
    if interval.since is None or not interval.status.is_stated_problem:
        return interval
    first, last = interval.since.when.start, interval.until.start if interval.until else None
    times = {when for word in words if word.status.is_stated_problem for when in word.said}
    said = [when for when in times if first <= when.start and (last is None or when.start < last)]
    return replace(interval, said=tuple(sorted(said, key=lambda when: when.start)))


def _find_cause(events: Iterable[_TimelineEvent], worse: bool) -> _TimelineEvent:
    """Return which of the events at one moment changed the status.

    That is the beginning of a word on a problem if it became worse (or the end of a temporary channel), and the reverse
    if it became better; among those the worst word, and an update rather than the clock.
    """

    def rank(event: _TimelineEvent) -> tuple[bool, int, str, str]:
        subject = event.begins or event.ends
        is_problem = isinstance(subject, Word) and subject.status.is_stated_problem
        severity = subject.status.severity if isinstance(subject, Word) else 0
        fits = (event.begins is not None) == (worse == is_problem)
        source = (event.source.incident, event.source.update) if event.source else ("", "")
        return (fits, severity, *source)

    return max(events, key=rank)


def _word_events(word: Word) -> Iterable[_TimelineEvent]:
    begin = word.since.when.start
    if word.until is None or begin < word.until.start:
        yield _TimelineEvent(begin, word.since, word.opened_by, begins=word)
        if word.until:
            yield _TimelineEvent(word.until.start, StartTime(word.until), word.closed_by, ends=word)


def _channel_events(temporary: TemporaryChannel, zone: ZoneInfo) -> Iterable[_TimelineEvent]:
    begin, end = temporary.opens.start, temporary.over_at
    if end is None or begin < end:
        yield _TimelineEvent(begin, StartTime(temporary.opens), temporary.opened_by, begins=temporary)
        if end and temporary.ended and temporary.ended.start == end:
            yield _TimelineEvent(end, StartTime(temporary.ended), temporary.ended_by, ends=temporary)
        elif end and temporary.channel.closes:
            yield _TimelineEvent(end, StartTime(time_after(temporary.channel.closes, zone)), None, ends=temporary)


def _combine(active: Iterable[Word | TemporaryChannel], keys: Sequence[ChannelKey]) -> Status:
    """Return the status that follows from what is active, for a whole service or for one channel."""
    said: dict[ChannelKey, list[Status]] = {key: [] for key in keys}
    temporary = []
    for subject in active:
        if isinstance(subject, TemporaryChannel):
            temporary.append(Status.WORKING)
        elif subject.key in said:
            said[subject.key].append(subject.status)
    statuses = {key: combine_words(words) for key, words in said.items()}
    if len(keys) == 1 and keys[0][1] is not None:
        return statuses[keys[0]]
    own = next((status for key, status in statuses.items() if key[1] is None), None)
    return derive_status(own, [status for key, status in statuses.items() if key[1] is not None], temporary)


def _problem_start(timeline: Sequence[Interval]) -> StartTime | None:
    """Return when the present problem began, in one form or another: after the service was last said to be no worse."""
    began = None
    for interval in reversed(timeline):
        if not interval.status.is_broken:
            break
        began = interval.since
    return began
