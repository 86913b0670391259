"""The Board of a site at one moment, put together from the status of each incident and each service."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from statusgen.board.headline import make_headline
from statusgen.board.incident import feeds_end, replay_incident
from statusgen.board.lasting_words import RESTORED_NEWS_PERIOD
from statusgen.board.model.channels import ChannelChange, TemporaryChannel
from statusgen.board.model.dates import DeadlineStatus, UpcomingDate, WaiverStatus
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.spans import Phase, Source
from statusgen.board.model.whole_board import RECENT_CHANGE_PERIOD, Board
from statusgen.board.news import is_news, list_transitions, list_update_views
from statusgen.board.others import expand_others
from statusgen.board.outages import Outages
from statusgen.board.service import service_status
from statusgen.board.windows import LOOKBACK_PERIOD
from statusgen.model.posts import Incident, Update
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When, midnight
from statusgen.model.whole_site import Site

# A date is worth a reminder two weeks ahead.
UPCOMING_PERIOD = timedelta(days=14)


_IMAGE_SOURCE = re.compile(r'<img\b[^<>]*?\ssrc="site:([^"]*)"')


def make_board(site: Site, moment: datetime, drafts: bool = False, with_next_change: bool = True) -> Board:
    """Return what is true at `moment` (aware), using only what was published by then.

    With `drafts`, posts marked as drafts count too. Without `with_next_change`, which is half of the work, the Board
    does not know when it changes next. The work is linear in the size of the content.
    """
    incidents = (_without_later_edits(i, moment) for i in site.incidents if drafts or not i.draft)
    shown = expand_others(replace(site, incidents=tuple(incidents), past=None))
    now = _board_at(shown, moment)
    return replace(now, site=_published_site(now), next_change=_find_next_change(now) if with_next_change else None)


def _without_later_edits(incident: Incident, moment: datetime) -> Incident:
    """Return the incident with a record, of edits and of what was sent, that ends at `moment`."""
    is_recorded = any(update.committed_at or update.edits or update.told for update in incident.updates)
    if not incident.removed_updates and not is_recorded:
        return incident
    updates = (_update_without_later_edits(update, moment) for update in incident.updates)
    removed = tuple(edit for edit in incident.removed_updates if edit.time.start <= moment)
    return replace(incident, updates=tuple(updates), removed_updates=removed)


def _update_without_later_edits(update: Update, moment: datetime) -> Update:
    known = update.committed_at if update.committed_at and update.committed_at.start <= moment else None
    edits = tuple(edit for edit in update.edits if edit.time.start <= moment)
    return replace(
        update,
        committed_at=known,
        edits=edits,
        outdated_languages=update.outdated_languages if edits else (),
        told=tuple(told for told in update.told if told.at.start <= moment),
    )


def _published_site(board: Board) -> Site:
    """Return the site without the posts, updates and pictures that are not public yet."""
    incidents = [
        board.incident_by_id[incident.id].incident
        for incident in board.site.incidents
        if incident.id in board.incident_by_id
    ]
    texts = (text.html for incident in incidents for update in incident.updates for text in update.texts)
    shown = {path for html in texts for path in _IMAGE_SOURCE.findall(html)}
    images = tuple(image for image in board.site.images if image.path in shown)
    return replace(board.site, incidents=tuple(incidents), images=images)


def _board_at(site: Site, moment: datetime, settled: Mapping[str, IncidentStatus] = MappingProxyType({})) -> Board:
    """Return the Board without the moment of its next change; `settled` incidents are not replayed again."""
    found = (settled.get(incident.id) or replay_incident(incident, site, moment) for incident in site.incidents)
    incidents = [incident for incident in found if incident]
    incidents.sort(key=lambda incident: (incident.last_update.time.start, incident.id), reverse=True)
    outages = Outages.among(incidents, site, moment)
    services = _service_statuses(incidents, outages)
    update_times = {Source(i.id, update.id): update.time for i in incidents for update in i.updates}
    transitions = [transition for service in services for transition in list_transitions(service, update_times)]
    updates = tuple(list_update_views(incidents, transitions))
    open_incidents = _filter_incidents(incidents, Phase.OPEN, Kind.INCIDENT)
    has_days = bool(open_incidents) or any(len(service.timeline) > 1 for service in services)
    waivers = tuple(w for incident in incidents for w in incident.waivers if w.phase is not Phase.PAST)
    deadlines = tuple(sorted(_coming_deadlines(incidents), key=_deadline_order))
    return Board(
        site=site,
        moment=moment,
        headline=make_headline(services, open_incidents, updates, outages),
        services=services,
        open_incidents=open_incidents,
        planned_work=tuple(sorted(_planned_work(incidents), key=_start_order)),
        notices=_filter_incidents(incidents, Phase.OPEN, Kind.NOTICE),
        past_incidents=tuple(incident for incident in incidents if incident.phase is Phase.PAST),
        waivers=waivers,
        deadlines=deadlines,
        upcoming_dates=tuple(_upcoming_dates(waivers, deadlines, moment)),
        updates=updates,
        recent_changes=tuple(
            change
            for change in transitions
            if moment - change.published_at.start < RECENT_CHANGE_PERIOD and is_news(change, services)
        ),
        today=site.local_day(moment) if has_days else None,
        year=_current_year(incidents, site, moment),
        last_changes=updates[0].transitions if updates else (),
        may_reach_further=outages.may_reach_further,
        recently_ended=tuple(incident for incident in incidents if _has_ended_lately(incident, moment)),
    )


def _current_year(incidents: Iterable[IncidentStatus], site: Site, moment: datetime) -> int | None:
    """Return the local year of the moment, if any incident is open or has a date of that year or a later one."""
    year = site.local_day(moment).year
    for incident in incidents:
        times = (incident.incident.started, incident.last_update.time, incident.ended, *_dates_of(incident))
        if incident.phase is not Phase.PAST or any(site.local_day(each.end).year >= year for each in times if each):
            return year
    return None


def _filter_incidents(incidents: Iterable[IncidentStatus], phase: Phase, kind: Kind) -> tuple[IncidentStatus, ...]:
    return tuple(incident for incident in incidents if incident.phase is phase and incident.incident.kind is kind)


def _has_ended_lately(incident: IncidentStatus, moment: datetime) -> bool:
    """Return whether an incident is over, and that is still news; of what was withdrawn, there is nothing to say."""
    is_over = incident.incident.kind is Kind.INCIDENT and incident.phase is Phase.PAST
    if not is_over or incident.ended is None or incident.state is State.WITHDRAWN:
        return False
    return moment - incident.ended.end < RESTORED_NEWS_PERIOD


def _planned_work(incidents: Iterable[IncidentStatus]) -> Iterator[IncidentStatus]:
    for incident in incidents:
        if incident.incident.kind is Kind.MAINTENANCE and incident.phase is not Phase.PAST:
            yield incident


def _coming_deadlines(incidents: Iterable[IncidentStatus]) -> Iterator[DeadlineStatus]:
    for incident in incidents:
        yield from (deadline for deadline in incident.deadlines if deadline.phase is not Phase.PAST)


def _deadline_order(deadline: DeadlineStatus) -> tuple[float, str, str]:
    on = deadline.deadline.on
    return (on.start.timestamp() if on else 0.0, deadline.incident, deadline.deadline.id)


def _start_order(incident: IncidentStatus) -> tuple[datetime, str]:
    window = incident.window
    return (window.start.start if window else incident.incident.started.start, incident.id)


def _service_statuses(incidents: Sequence[IncidentStatus], outages: Outages) -> tuple[ServiceStatus, ...]:
    by_service: dict[str, list[IncidentStatus]] = defaultdict(list)
    for incident in incidents:
        mentioned = {word.key[0] for word in incident.words} | {each.service for each in incident.workarounds}
        mentioned |= {service for waiver in incident.waivers for service in waiver.waiver.services}
        mentioned |= {service for deadline in incident.deadlines for service in deadline.deadline.services}
        for service in mentioned | {channel.service for channel in incident.temporary_channels}:
            by_service[service].append(incident)
    return tuple(service_status(each, by_service[each.id], outages) for each in outages.site.services)


def _upcoming_dates(
    waivers: Iterable[WaiverStatus], deadlines: Iterable[DeadlineStatus], moment: datetime
) -> Iterator[UpcomingDate]:
    """Yield the dates of the next two weeks, soonest first."""
    found = [
        UpcomingDate(each.deadline.on, each.deadline.what, False, each.deadline.services, each.incident)
        for each in deadlines
        if each.deadline.on and each.deadline.what
    ]
    found += [
        UpcomingDate(each.waiver.until, each.waiver.what, True, each.waiver.services, each.incident)
        for each in waivers
        if each.waiver.until and each.waiver.what and each.phase is Phase.OPEN
    ]
    near = [date for date in found if date.on.start - UPCOMING_PERIOD <= moment]
    yield from sorted(near, key=lambda date: (date.on.start, date.incident))


def _find_next_change(board: Board) -> datetime | None:
    """Return the first moment at which the Board will differ if nobody writes anything more; None if it never will.

    Nothing tells which of its facts depend on the clock, and a rule for each would have to be kept in step with the
    code that works them out. Instead, all moments at which anything could change are listed (too many do no harm), and
    at each the Board is worked out again and compared. To keep that cheap, incidents that can no longer change are
    worked out once.
    """
    # Incidents with updates still to come are never settled.
    coming = {i.id for i in board.site.incidents if any(update.time.start > board.moment for update in i.updates)}
    settled = {s.id: s for s in board.incidents if s.id not in coming and is_settled(s, board.site, board.moment)}
    for moment in sorted({moment for moment in _possible_changes(board) if moment > board.moment}):
        if replace(_board_at(board.site, moment, settled), moment=board.moment) != board:
            return moment
    return None


def is_settled(incident: IncidentStatus, site: Site, moment: datetime) -> bool:
    """Return whether an incident will never change unless somebody writes more; most old ones will not."""
    if incident.phase is not Phase.PAST or incident.ended is None or incident.incident.repeats:
        return False
    return all(change <= moment for change in _incident_changes(incident, site.stale_after))


def _possible_changes(board: Board) -> Iterator[datetime]:
    """Yield every moment at which the Board could change; too many only cost time, a missing one would do harm."""
    site = board.site
    # Pages count days, so the turn of the day is one of them.
    yield midnight(site.local_day(board.moment) + timedelta(days=1), site.zone)
    if board.year:
        yield midnight(site.local_day(board.moment).replace(year=board.year + 1, month=1, day=1), site.zone)
    for updates in (incident.updates for incident in site.incidents):
        yield from [update.time.start for update in updates if update.time.start > board.moment][:1]
    for incident in board.incidents:
        yield from _incident_changes(incident, site.stale_after)
    for service in board.services:
        standings = [service.standing, *(channel.standing for channel in service.channels)]
        for said_at in (standing.said_at for standing in standings if standing.said_at):
            yield said_at.end + site.stale_after
            yield said_at.end + RESTORED_NEWS_PERIOD
        for estimate in filter(None, (*service.estimates, service.outage_estimate)):
            yield from (each.end for each in (estimate.estimate.not_before, estimate.estimate.by) if each)
    for change in board.recent_changes:
        yield change.published_at.start + RECENT_CHANGE_PERIOD
    for view in board.recent_updates:
        yield view.update.time.start + RECENT_CHANGE_PERIOD


def _incident_changes(incident: IncidentStatus, stale_after: timedelta) -> Iterator[datetime]:
    """Yield every moment at which the clock could change something about an incident."""
    if incident.incident.kind is Kind.NOTICE and incident.ends is None:
        yield incident.last_update.time.end + stale_after
    if incident.windows:
        yield incident.windows[0].start.start + LOOKBACK_PERIOD  # the oldest window is dropped
    for word in incident.words:
        if word.status is Status.WORKING and word.said_at:
            yield from (word.said_at.end + RESTORED_NEWS_PERIOD, word.since.when.end + RESTORED_NEWS_PERIOD)
    if incident.ended:
        yield incident.ended.end + RESTORED_NEWS_PERIOD
    yield feeds_end(incident.ended, incident.last_update)
    if incident.do:
        yield incident.do.said_at.end + stale_after
    for channel in incident.temporary_channels:
        yield from (when.end + stale_after for when in channel.last_heard_of)
    for date in _dates_of(incident):
        if date:
            # It becomes an upcoming date, it comes, and it is over.
            yield from (date.start - UPCOMING_PERIOD, date.start, date.end)


def _dates_of(incident: IncidentStatus) -> Iterator[When | None]:
    """Yield every date that an incident names, or that follows from its updates."""
    yield from (incident.ends, incident.promise.due if incident.promise else None)
    yield from (date for window in incident.windows for date in (window.start, window.end))
    yield from (date for word in incident.words for date in (word.since.when, word.until))
    advice = [incident.do, *(each for both in incident.workarounds for each in (both.do, both.where))]
    yield from (each.until for each in advice if each)
    channels: list[ChannelChange | TemporaryChannel] = [*incident.channel_changes, *incident.temporary_channels]
    yield from (date for each in channels for date in (each.opens, each.ended, each.channel.closes))
    yield from (date for each in incident.waivers for date in (each.waiver.begins, each.waiver.until))
    yield from (each.deadline.on for each in incident.deadlines)
