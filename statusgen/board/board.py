"""The Board of a site at one moment, put together from how each incident and each service stands then."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from types import MappingProxyType

from statusgen.board.incident import replay_incident
from statusgen.board.model import (
    Board,
    DeadlineStatus,
    Headline,
    IncidentStatus,
    Interval,
    Phase,
    ServiceStatus,
    Source,
    Transition,
    UpcomingDate,
    UpdateView,
    WaiverStatus,
)
from statusgen.board.service import RESTORED_NEWS_PERIOD, service_status, worst_status
from statusgen.board.windows import LOOKBACK_PERIOD
from statusgen.model import Incident, Kind, Site, Status, Update, When, midnight

# A change is news for a day, and a date is worth a reminder two weeks before.
RECENT_CHANGE_PERIOD = timedelta(hours=24)
UPCOMING_PERIOD = timedelta(days=14)
_IMAGE_SOURCE = re.compile(r'<img\b[^<>]*?\ssrc="site:([^"]*)"')


def make_board(site: Site, moment: datetime, drafts: bool = False, with_next_change: bool = True) -> Board:
    """What is true at `moment` (aware), from nothing but what was published by then.

    With `drafts`, posts that are marked as such count too. Who does not look `ahead` is not told when it changes next,
    which is half of the work. The work is linear in the size of the content.
    """
    incidents = (_without_later_edits(i, moment) for i in site.incidents if drafts or not i.draft)
    shown = replace(site, incidents=tuple(incidents))
    now = _board_at(shown, moment)
    return replace(now, site=_published_site(now), next_change=_find_next_change(now) if with_next_change else None)


def _without_later_edits(incident: Incident, moment: datetime) -> Incident:
    """The incident with nothing in its record that was changed later."""
    if not incident.removed_updates and not any(update.committed_at or update.edits for update in incident.updates):
        return incident
    updates = (_update_without_later_edits(update, moment) for update in incident.updates)
    removed = tuple(edit for edit in incident.removed_updates if edit.time.start <= moment)
    return replace(incident, updates=tuple(updates), removed_updates=removed)


def _update_without_later_edits(update: Update, moment: datetime) -> Update:
    known = update.committed_at if update.committed_at and update.committed_at.start <= moment else None
    edits = tuple(edit for edit in update.edits if edit.time.start <= moment)
    return replace(
        update, committed_at=known, edits=edits, outdated_languages=update.outdated_languages if edits else ()
    )


def _published_site(board: Board) -> Site:
    """The site without the posts, updates and pictures that nobody may see yet."""
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
    """The Board without the moment of its next change. Those that are `settled` need not be followed again."""
    found = (settled.get(incident.id) or replay_incident(incident, site, moment) for incident in site.incidents)
    followed = [standing for standing in found if standing]
    followed.sort(key=lambda standing: (standing.last_update.time.start, standing.id), reverse=True)
    services = _service_statuses(site, followed, moment)
    told = {Source(s.id, update.id): update.time for s in followed for update in s.updates}
    transitions = [change for standing in services for change in _transitions(standing, told)]
    posts = tuple(_update_views(followed, transitions))
    open_ = _filter_incidents(followed, Phase.OPEN, Kind.INCIDENT)
    waivers = tuple(w for standing in followed for w in standing.waivers if w.phase is not Phase.PAST)
    deadlines = tuple(sorted(_coming_deadlines(followed), key=_deadline_order))
    return Board(
        site=site,
        moment=moment,
        headline=_headline(site, services, open_, posts, moment),
        services=services,
        open_incidents=open_,
        planned_work=tuple(sorted(_planned_work(followed), key=_start_order)),
        notices=_filter_incidents(followed, Phase.OPEN, Kind.NOTICE),
        past_incidents=tuple(standing for standing in followed if standing.phase is Phase.PAST),
        waivers=waivers,
        deadlines=deadlines,
        upcoming_dates=tuple(_upcoming_dates(waivers, deadlines, moment)),
        updates=posts,
        recent_changes=tuple(
            change for change in transitions if moment - change.published_at.start < RECENT_CHANGE_PERIOD
        ),
        today=site.local_day(moment) if any(len(standing.timeline) > 1 for standing in services) else None,
        last_changes=posts[0].transitions if posts else (),
    )


def _filter_incidents(incidents: Iterable[IncidentStatus], phase: Phase, kind: Kind) -> tuple[IncidentStatus, ...]:
    return tuple(standing for standing in incidents if standing.phase is phase and standing.incident.kind is kind)


def _planned_work(incidents: Iterable[IncidentStatus]) -> Iterator[IncidentStatus]:
    for standing in incidents:
        if standing.incident.kind is Kind.MAINTENANCE and standing.phase is not Phase.PAST:
            yield standing


def _coming_deadlines(incidents: Iterable[IncidentStatus]) -> Iterator[DeadlineStatus]:
    for standing in incidents:
        yield from (deadline for deadline in standing.deadlines if deadline.phase is not Phase.PAST)


def _deadline_order(standing: DeadlineStatus) -> tuple[float, str, str]:
    on = standing.deadline.on
    return (on.start.timestamp() if on else 0.0, standing.incident, standing.deadline.id)


def _start_order(standing: IncidentStatus) -> tuple[datetime, str]:
    window = standing.window
    return (window.start.start if window else standing.incident.started.start, standing.id)


def _service_statuses(site: Site, incidents: Sequence[IncidentStatus], moment: datetime) -> tuple[ServiceStatus, ...]:
    speaking: dict[str, list[IncidentStatus]] = defaultdict(list)
    for standing in incidents:
        spoken = {hold.key[0] for hold in standing.effects} | {cell[0] for cell, _ in standing.confirmed_times}
        spoken |= {service for waiver in standing.waivers for service in waiver.waiver.services}
        for service in spoken | {channel.service for channel in standing.channels}:
            speaking[service].append(standing)
    return tuple(service_status(service, speaking[service.id], site, moment) for service in site.services)


def _transitions(standing: ServiceStatus, update_times: Mapping[Source, When]) -> Iterator[Transition]:
    """What changed, dated by when residents were told: channel by channel, unless all changed alike."""
    ways = [way for way in standing.channels if not way.temporary]
    if not ways:
        yield from _timeline_transitions(standing.id, None, standing.timeline, update_times)
        return
    together: dict[tuple[Source | None, When], list[Transition]] = defaultdict(list)
    for way in ways:
        for step in _timeline_transitions(standing.id, way.channel.id, way.timeline, update_times):
            together[step.source, step.published_at].append(step)
    for steps in together.values():
        if len(steps) == len(ways) and len({step.after for step in steps}) == 1:
            yield replace(steps[0], channel=None, before=worst_status(step.before for step in steps))
        else:
            yield from steps


def _timeline_transitions(
    service: str, channel: str | None, timeline: Sequence[Interval], update_times: Mapping[Source, When]
) -> Iterator[Transition]:
    for before, after in pairwise(timeline):
        published = update_times[after.opened_by] if after.opened_by else after.since.when if after.since else None
        if published:
            yield Transition(service, channel, before.status, after.status, published, after.opened_by)


def _update_views(incidents: Sequence[IncidentStatus], transitions: Iterable[Transition]) -> Iterator[UpdateView]:
    """Every published update with what it changed, newest first."""
    brought: dict[Source, list[Transition]] = defaultdict(list)
    for change in transitions:
        if change.source:
            brought[change.source].append(change)
    posts = [
        UpdateView(
            incident=standing.incident,
            update=said.update,
            transitions=tuple(brought[Source(standing.id, said.update.id)]),
            is_first=said.update is standing.updates[0],
            services=said.services,
            waivers=said.waivers,
            deadlines=said.deadlines,
            snapshot=said.snapshot,
            is_reopening=bool(before and before.snapshot.is_over and said.snapshot.affected),
        )
        for standing in incidents
        for before, said in reversed([*zip((None, *standing.update_results), standing.update_results, strict=False)])
    ]
    posts.sort(key=lambda post: post.incident.id)
    yield from sorted(posts, key=lambda post: post.update.time.start, reverse=True)


def _upcoming_dates(
    waivers: Iterable[WaiverStatus], deadlines: Iterable[DeadlineStatus], moment: datetime
) -> Iterator[UpcomingDate]:
    """The dates of the next two weeks, soonest first."""
    found = [
        UpcomingDate(standing.deadline.on, standing.deadline.what, False, standing.deadline.services, standing.incident)
        for standing in deadlines
        if standing.deadline.on and standing.deadline.what
    ]
    found += [
        UpcomingDate(standing.waiver.until, standing.waiver.what, True, standing.waiver.services, standing.incident)
        for standing in waivers
        if standing.waiver.until and standing.waiver.what and standing.phase is Phase.OPEN
    ]
    near = [action for action in found if action.on.start - UPCOMING_PERIOD <= moment]
    yield from sorted(near, key=lambda action: (action.on.start, action.incident))


def _headline(
    site: Site,
    services: Sequence[ServiceStatus],
    open_incidents: Sequence[IncidentStatus],
    updates: Sequence[UpdateView],
    moment: datetime,
) -> Headline:
    promises = [standing.promise for standing in open_incidents if standing.promise]
    return Headline(
        day=_headline_day(site, open_incidents, moment),
        problem_count=sum(standing.has_problem for standing in services),
        service_count=len(services),
        stale_count=sum(standing.stale for standing in services),
        maintenance_count=sum(standing.status is Status.MAINTENANCE for standing in services),
        working_services=tuple(_working_services(site, services, open_incidents, moment)),
        last_update_at=updates[0].update.time if updates else None,
        promise=min(promises, key=lambda promise: promise.due.end, default=None),
    )


def _working_services(
    site: Site, services: Sequence[ServiceStatus], open_incidents: Sequence[IncidentStatus], moment: datetime
) -> Iterator[str]:
    """The essential services that work; while there are problems, only those that somebody looked at meanwhile."""
    troubled = any(standing.has_problem for standing in services)
    # Nobody has to say every week of a long outage that 911 works; but a word from before it says nothing about it.
    meanwhile = min([moment - site.stale_after, *(standing.incident.started.start for standing in open_incidents)])
    for standing in services:
        looked = standing.confirmed_at is not None and standing.confirmed_at.end > meanwhile
        if standing.service.essential and standing.is_working and (looked or not troubled):
            yield standing.id


def _headline_day(site: Site, open_incidents: Sequence[IncidentStatus], moment: datetime) -> int | None:
    """The day of the incident that holds most services back; of two such, the older one's."""

    def weight(standing: IncidentStatus) -> tuple[int, float]:
        held = {hold.key[0] for hold in standing.effects if hold.until is None}
        return (len(held), -standing.incident.started.start.timestamp())

    holding = [standing for standing in open_incidents if any(hold.until is None for hold in standing.effects)]
    if not holding:
        return None
    return site.day_number(max(holding, key=weight).incident.started, moment)


def _find_next_change(board: Board) -> datetime | None:
    """The first of the moments at which something could change, at which something does."""
    coming = {i.id for i in board.site.incidents if any(update.time.start > board.moment for update in i.updates)}
    settled = {s.id: s for s in board.incidents if s.id not in coming and is_settled(s, board.moment)}
    for moment in sorted({moment for moment in _possible_changes(board) if moment > board.moment}):
        if replace(_board_at(board.site, moment, settled), moment=board.moment) != board:
            return moment
    return None


def is_settled(standing: IncidentStatus, moment: datetime) -> bool:
    """Whether an incident stands for ever as it does at `moment`, if nobody writes more; nearly all do after years."""
    if standing.phase is not Phase.PAST or standing.ended is None or standing.incident.repeats:
        return False
    return all(change <= moment for change in _incident_changes(standing))


def _possible_changes(board: Board) -> Iterator[datetime]:
    site = board.site
    yield midnight(site.local_day(board.moment) + timedelta(days=1), site.zone)
    for incident in site.incidents:
        following = (update.time.start for update in incident.updates if update.time.start > board.moment)
        yield from list(following)[:1]
    for standing in board.incidents:
        yield from _incident_changes(standing)
    for service in board.services:
        if service.confirmed_at:
            yield service.confirmed_at.end + site.stale_after
        if service.estimate and service.estimate.estimate.by:
            yield service.estimate.estimate.by.end
        if service.restored_at:
            yield service.restored_at.end + RESTORED_NEWS_PERIOD
    for change in board.recent_changes:
        yield change.published_at.start + RECENT_CHANGE_PERIOD


def _incident_changes(standing: IncidentStatus) -> Iterator[datetime]:
    dates: list[When | None] = [standing.ends, standing.promise.due if standing.promise else None]
    if standing.windows:
        dates += [date for window in standing.windows for date in (window.start, window.end)]
        yield standing.windows[0].start.start + LOOKBACK_PERIOD
    for hold in standing.effects:
        dates += [hold.since.when, hold.until]
    for channel in standing.channels:
        dates += [channel.opens, channel.ended, channel.channel.closes]
    for waiver in standing.waivers:
        dates += [waiver.waiver.begins, waiver.waiver.until]
    dates += [deadline.deadline.on for deadline in standing.deadlines]
    for date in dates:
        if date:
            yield from (date.start - UPCOMING_PERIOD, date.start, date.end)
