"""The Board of a site at one moment, put together from how each incident and each service stands then."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from types import MappingProxyType

from statusgen.model import Incident, Kind, Site, Status, Update, When, midnight
from statusgen.status.incident import follow
from statusgen.status.service import RESTORED_FOR, stand, worst
from statusgen.status.standing import (
    Action,
    Board,
    DeadlineStanding,
    Headline,
    IncidentStanding,
    Interval,
    Phase,
    Post,
    ServiceStanding,
    Source,
    Transition,
    WaiverStanding,
)
from statusgen.status.windows import REMEMBERED

# A change is news for a day, and a date is worth a reminder two weeks before.
CHANGED_WITHIN = timedelta(hours=24)
ACT_WITHIN = timedelta(days=14)
_PICTURE = re.compile(r'<img\b[^<>]*?\ssrc="site:([^"]*)"')


def board(site: Site, moment: datetime, drafts: bool = False, ahead: bool = True) -> Board:
    """What is true at `moment` (aware), from nothing but what was published by then.

    With `drafts`, posts that are marked as such count too. Who does not look `ahead` is not told when it changes next,
    which is half of the work. The work is linear in the size of the content.
    """
    incidents = (_as_recorded(i, moment) for i in site.incidents if drafts or not i.draft)
    shown = replace(site, incidents=tuple(incidents))
    now = _facts(shown, moment)
    return replace(now, site=_published(now), next_change=_next_change(now) if ahead else None)


def _as_recorded(incident: Incident, moment: datetime) -> Incident:
    """The incident with nothing in its record that was changed later."""
    if not incident.removed and not any(update.published or update.edits for update in incident.updates):
        return incident
    updates = (_update_as_recorded(update, moment) for update in incident.updates)
    removed = tuple(edit for edit in incident.removed if edit.time.start <= moment)
    return replace(incident, updates=tuple(updates), removed=removed)


def _update_as_recorded(update: Update, moment: datetime) -> Update:
    known = update.published if update.published and update.published.start <= moment else None
    edits = tuple(edit for edit in update.edits if edit.time.start <= moment)
    return replace(update, published=known, edits=edits, outdated=update.outdated if edits else ())


def _published(now: Board) -> Site:
    """The site without the posts, updates and pictures that nobody may see yet."""
    incidents = [now.incident[incident.id].incident for incident in now.site.incidents if incident.id in now.incident]
    texts = (text.html for incident in incidents for update in incident.updates for text in update.texts)
    shown = {path for html in texts for path in _PICTURE.findall(html)}
    images = tuple(image for image in now.site.images if image.path in shown)
    return replace(now.site, incidents=tuple(incidents), images=images)


def _facts(site: Site, moment: datetime, settled: Mapping[str, IncidentStanding] = MappingProxyType({})) -> Board:
    """The Board without the moment of its next change. Those that are `settled` need not be followed again."""
    found = (settled.get(incident.id) or follow(incident, site, moment) for incident in site.incidents)
    followed = [standing for standing in found if standing]
    followed.sort(key=lambda standing: (standing.last.time.start, standing.id), reverse=True)
    services = _services(site, followed, moment)
    told = {Source(s.id, update.id): update.time for s in followed for update in s.updates}
    transitions = [change for standing in services for change in _transitions(standing, told)]
    posts = tuple(_posts(followed, transitions))
    open_ = _having(followed, Phase.OPEN, Kind.INCIDENT)
    waivers = tuple(w for standing in followed for w in standing.waivers if w.phase is not Phase.PAST)
    deadlines = tuple(sorted(_coming(followed), key=_on))
    return Board(
        site=site,
        moment=moment,
        headline=_headline(site, services, open_, posts, moment),
        services=services,
        open=open_,
        planned=tuple(sorted(_planned(followed), key=_begins)),
        notices=_having(followed, Phase.OPEN, Kind.NOTICE),
        past=tuple(standing for standing in followed if standing.phase is Phase.PAST),
        waivers=waivers,
        deadlines=deadlines,
        actions=tuple(_actions(waivers, deadlines, moment)),
        posts=posts,
        changed=tuple(change for change in transitions if moment - change.published.start < CHANGED_WITHIN),
        today=site.local_day(moment) if any(len(standing.timeline) > 1 for standing in services) else None,
        changed_last=posts[0].transitions if posts else (),
    )


def _having(followed: Iterable[IncidentStanding], phase: Phase, kind: Kind) -> tuple[IncidentStanding, ...]:
    return tuple(standing for standing in followed if standing.phase is phase and standing.incident.kind is kind)


def _planned(followed: Iterable[IncidentStanding]) -> Iterator[IncidentStanding]:
    for standing in followed:
        if standing.incident.kind is Kind.MAINTENANCE and standing.phase is not Phase.PAST:
            yield standing


def _coming(followed: Iterable[IncidentStanding]) -> Iterator[DeadlineStanding]:
    for standing in followed:
        yield from (deadline for deadline in standing.deadlines if deadline.phase is not Phase.PAST)


def _on(standing: DeadlineStanding) -> tuple[float, str, str]:
    on = standing.deadline.on
    return (on.start.timestamp() if on else 0.0, standing.incident, standing.deadline.id)


def _begins(standing: IncidentStanding) -> tuple[datetime, str]:
    window = standing.window
    return (window.start.start if window else standing.incident.started.start, standing.id)


def _services(site: Site, followed: Sequence[IncidentStanding], moment: datetime) -> tuple[ServiceStanding, ...]:
    speaking: dict[str, list[IncidentStanding]] = defaultdict(list)
    for standing in followed:
        spoken = {hold.cell[0] for hold in standing.holds} | {cell[0] for cell, _ in standing.confirmed}
        spoken |= {service for waiver in standing.waivers for service in waiver.waiver.services}
        for service in spoken | {channel.service for channel in standing.channels}:
            speaking[service].append(standing)
    return tuple(stand(service, speaking[service.id], site, moment) for service in site.services)


def _transitions(standing: ServiceStanding, told: Mapping[Source, When]) -> Iterator[Transition]:
    """What changed, dated by when residents were told: channel by channel, unless all changed alike."""
    ways = [way for way in standing.channels if not way.temporary]
    if not ways:
        yield from _steps(standing.id, None, standing.timeline, told)
        return
    together: dict[tuple[Source | None, When], list[Transition]] = defaultdict(list)
    for way in ways:
        for step in _steps(standing.id, way.channel.id, way.timeline, told):
            together[step.source, step.published].append(step)
    for steps in together.values():
        if len(steps) == len(ways) and len({step.after for step in steps}) == 1:
            yield replace(steps[0], channel=None, before=worst(step.before for step in steps))
        else:
            yield from steps


def _steps(
    service: str, channel: str | None, timeline: Sequence[Interval], told: Mapping[Source, When]
) -> Iterator[Transition]:
    for before, after in pairwise(timeline):
        published = told[after.opened_by] if after.opened_by else after.since.when if after.since else None
        if published:
            yield Transition(service, channel, before.status, after.status, published, after.opened_by)


def _posts(followed: Sequence[IncidentStanding], transitions: Iterable[Transition]) -> Iterator[Post]:
    """Every published update with what it changed, newest first."""
    brought: dict[Source, list[Transition]] = defaultdict(list)
    for change in transitions:
        if change.source:
            brought[change.source].append(change)
    posts = [
        Post(
            incident=standing.incident,
            update=said.update,
            transitions=tuple(brought[Source(standing.id, said.update.id)]),
            first=said.update is standing.updates[0],
            services=said.services,
            waivers=said.waivers,
            deadlines=said.deadlines,
            then=said.then,
            reopens=bool(before and before.then.over and said.then.held),
        )
        for standing in followed
        for before, said in reversed([*zip((None, *standing.said), standing.said, strict=False)])
    ]
    posts.sort(key=lambda post: post.incident.id)
    yield from sorted(posts, key=lambda post: post.update.time.start, reverse=True)


def _actions(
    waivers: Iterable[WaiverStanding], deadlines: Iterable[DeadlineStanding], moment: datetime
) -> Iterator[Action]:
    """The dates of the next two weeks, soonest first."""
    found = [
        Action(standing.deadline.on, standing.deadline.what, False, standing.deadline.services, standing.incident)
        for standing in deadlines
        if standing.deadline.on and standing.deadline.what
    ]
    found += [
        Action(standing.waiver.until, standing.waiver.what, True, standing.waiver.services, standing.incident)
        for standing in waivers
        if standing.waiver.until and standing.waiver.what and standing.phase is Phase.OPEN
    ]
    near = [action for action in found if action.on.start - ACT_WITHIN <= moment]
    yield from sorted(near, key=lambda action: (action.on.start, action.incident))


def _headline(
    site: Site,
    services: Sequence[ServiceStanding],
    open_: Sequence[IncidentStanding],
    posts: Sequence[Post],
    moment: datetime,
) -> Headline:
    promises = [standing.promise for standing in open_ if standing.promise]
    return Headline(
        day=_day(site, open_, moment),
        problems=sum(standing.problem for standing in services),
        total=len(services),
        stale=sum(standing.stale for standing in services),
        in_maintenance=sum(standing.status is Status.MAINTENANCE for standing in services),
        working=tuple(_working(site, services, open_, moment)),
        checked=posts[0].update.time if posts else None,
        promise=min(promises, key=lambda promise: promise.due.end, default=None),
    )


def _working(
    site: Site, services: Sequence[ServiceStanding], open_: Sequence[IncidentStanding], moment: datetime
) -> Iterator[str]:
    """The essential services that work; while there are problems, only those that somebody looked at meanwhile."""
    troubled = any(standing.problem for standing in services)
    # Nobody has to say every week of a long outage that 911 works; but a word from before it says nothing about it.
    meanwhile = min([moment - site.stale_after, *(standing.incident.started.start for standing in open_)])
    for standing in services:
        looked = standing.confirmed is not None and standing.confirmed.end > meanwhile
        if standing.service.essential and standing.usual and (looked or not troubled):
            yield standing.id


def _day(site: Site, open_: Sequence[IncidentStanding], moment: datetime) -> int | None:
    """The day of the incident that holds most services back; of two such, the older one's."""

    def weight(standing: IncidentStanding) -> tuple[int, float]:
        held = {hold.cell[0] for hold in standing.holds if hold.until is None}
        return (len(held), -standing.incident.started.start.timestamp())

    holding = [standing for standing in open_ if any(hold.until is None for hold in standing.holds)]
    if not holding:
        return None
    return site.day_of(max(holding, key=weight).incident.started, moment)


def _next_change(now: Board) -> datetime | None:
    """The first of the moments at which something could change, at which something does."""
    coming = {i.id for i in now.site.incidents if any(update.time.start > now.moment for update in i.updates)}
    settled = {s.id: s for s in now.incidents if s.id not in coming and is_settled(s, now.moment)}
    for moment in sorted({moment for moment in _possible_changes(now) if moment > now.moment}):
        if replace(_facts(now.site, moment, settled), moment=now.moment) != now:
            return moment
    return None


def is_settled(standing: IncidentStanding, moment: datetime) -> bool:
    """Whether an incident stands for ever as it does at `moment`, if nobody writes more; nearly all do after years."""
    if standing.phase is not Phase.PAST or standing.ended is None or standing.incident.repeats:
        return False
    return all(change <= moment for change in _incident_changes(standing))


def _possible_changes(now: Board) -> Iterator[datetime]:
    site = now.site
    yield midnight(site.local_day(now.moment) + timedelta(days=1), site.zone)
    for incident in site.incidents:
        following = (update.time.start for update in incident.updates if update.time.start > now.moment)
        yield from list(following)[:1]
    for standing in now.incidents:
        yield from _incident_changes(standing)
    for service in now.services:
        if service.confirmed:
            yield service.confirmed.end + site.stale_after
        if service.estimate and service.estimate.estimate.by:
            yield service.estimate.estimate.by.end
        if service.restored:
            yield service.restored.end + RESTORED_FOR
    for change in now.changed:
        yield change.published.start + CHANGED_WITHIN


def _incident_changes(standing: IncidentStanding) -> Iterator[datetime]:
    dates: list[When | None] = [standing.ends, standing.promise.due if standing.promise else None]
    if standing.windows:
        dates += [date for window in standing.windows for date in (window.start, window.end)]
        yield standing.windows[0].start.start + REMEMBERED
    for hold in standing.holds:
        dates += [hold.since.when, hold.until]
    for channel in standing.channels:
        dates += [channel.opens, channel.ended, channel.channel.closes]
    for waiver in standing.waivers:
        dates += [waiver.waiver.begins, waiver.waiver.until]
    dates += [deadline.deadline.on for deadline in standing.deadlines]
    for date in dates:
        if date:
            yield from (date.start - ACT_WITHIN, date.start, date.end)
