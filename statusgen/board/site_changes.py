"""The moments at which the site changes: when an update is published, and when the clock brings what was announced."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import pairwise

from statusgen.board.board import make_board
from statusgen.board.incident import replay_incident
from statusgen.board.replay.replay import Replay
from statusgen.board.windows import numbered_windows
from statusgen.model.posts import Incident, Update
from statusgen.model.states import Kind, State
from statusgen.model.whole_site import Site


class SiteChangeKind(Enum):
    """What happens at a moment. All but `UPDATE_PUBLISHED` happen by the clock."""

    UPDATE_PUBLISHED = "said"
    OVERDUE = "overdue"
    WORK_BEGINS = "work begins"
    WORK_ENDS = "work ends"
    NOTICE_ENDS = "notice ends"
    CHANNEL_OPENS = "channel opens"
    CHANNEL_CLOSES = "channel closes"
    WAIVER_BEGINS = "waiver begins"
    WAIVER_ENDS = "waiver ends"
    DEADLINE_PASSES = "deadline passes"
    STALE = "stale"


@dataclass(frozen=True)
class SiteChange:
    """Something that happens at the moment `at` (aware, in UTC).

    `subject_id` is the id of an incident or, where a problem begins to count as not checked (`STALE`), of a service.
    `update` is the update published then, if any.
    """

    at: datetime
    kind: SiteChangeKind
    subject_id: str
    update: Update | None = None


def list_site_changes(site: Site, moment: datetime) -> tuple[SiteChange, ...]:
    """Return all changes, past and future, oldest first, as far as they follow from what was written; drafts count.

    Future ones assume that nobody writes anything more. For repeated work they are the windows of the year before
    `moment` and the next ones after it. STALE is listed only for services that are stale at `moment`, or will be. The
    turn of a day, which changes the pages that count days, is not listed.
    """
    found = {change for incident in site.incidents for change in _incident_changes(incident, site, moment)}
    found |= set(_stale_changes(site, moment))
    return tuple(
        sorted(found, key=lambda each: (each.at, each.kind is not SiteChangeKind.UPDATE_PUBLISHED, each.subject_id))
    )


def _incident_changes(incident: Incident, site: Site, moment: datetime) -> Iterator[SiteChange]:
    replay = Replay(incident, site)
    for update, following in pairwise([*incident.updates, None]):
        if update:
            replay.apply(update)
            now, then = update.time.start, following.time.start if following else None
            yield SiteChange(now, SiteChangeKind.UPDATE_PUBLISHED, incident.id, update)
            for at, kind in _clock_changes(replay):
                if now < at and (then is None or at < then):
                    yield SiteChange(at, kind, incident.id)
    work_changes = _work_changes(incident, site, moment)
    yield from (change for change in work_changes if change.at > incident.updates[0].time.start)


def _clock_changes(replay: Replay) -> Iterator[tuple[datetime, SiteChangeKind]]:
    """Yield what the clock will do if nothing more is published, except for planned work; some may lie in the past."""
    if replay.state is State.WITHDRAWN:
        return
    if replay.due and _is_promise_missed(replay.due.end, replay):
        yield replay.due.end, SiteChangeKind.OVERDUE
    if replay.incident.kind is Kind.NOTICE and replay.ends and not replay.ended:
        yield replay.ends.end, SiteChangeKind.NOTICE_ENDS
    yield from _channel_changes(replay)
    for waiver in replay.waivers.values():
        if waiver.begins:
            yield waiver.begins.start, SiteChangeKind.WAIVER_BEGINS
        if waiver.until:
            yield waiver.until.end, SiteChangeKind.WAIVER_ENDS
    for deadline in replay.deadlines.values():
        if deadline.on:
            yield deadline.on.end, SiteChangeKind.DEADLINE_PASSES


def _channel_changes(replay: Replay) -> Iterator[tuple[datetime, SiteChangeKind]]:
    for channel in replay.ways.all_channels:
        if channel.opened_by is None:
            yield channel.opens.start, SiteChangeKind.CHANNEL_OPENS
        if channel.over_at and channel.ended_by is None:
            yield channel.over_at, SiteChangeKind.CHANNEL_CLOSES


def _is_promise_missed(due: datetime, replay: Replay) -> bool:
    """Return whether a promised update is still missing when it is due, and the incident is not over by then."""
    incident = replay_incident(replay.incident, replay.site, due)
    return incident is not None and incident.promise is not None and incident.promise.overdue


def _work_changes(incident: Incident, site: Site, moment: datetime) -> Iterator[SiteChange]:
    """Yield when the windows of planned work began and ended, or will."""
    if incident.kind is not Kind.MAINTENANCE:
        return
    for window in numbered_windows(incident, site, moment).values():
        if window.opened_by is None:
            yield SiteChange(window.start.start, SiteChangeKind.WORK_BEGINS, incident.id)
        if window.over_at and window.closed_by is None:
            yield SiteChange(window.over_at, SiteChangeKind.WORK_ENDS, incident.id)


def _stale_changes(site: Site, moment: datetime) -> Iterable[SiteChange]:
    for service in make_board(site, moment, drafts=True, with_next_change=False).services:
        if service.has_problem and service.confirmed_at:
            at = service.confirmed_at.end + site.stale_after
            if service.stale or (
                at > moment
                and make_board(site, at, drafts=True, with_next_change=False).service_by_id[service.id].stale
            ):
                yield SiteChange(at, SiteChangeKind.STALE, service.id)
