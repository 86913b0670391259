"""The moments at which the site changes: when something was said, and when the clock does what was announced."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import pairwise

from statusgen.board.board import make_board
from statusgen.board.incident import replay_incident
from statusgen.board.replay import Replay
from statusgen.board.windows import numbered_windows
from statusgen.model import Incident, Kind, Site, State, Update


class SiteChangeKind(Enum):
    """What a moment brings. All but `SAID` come by the clock."""

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
    """Something that the moment `at` (aware, in UTC) brings, and nothing before it did.

    `about` is the id of an incident; of a service where the problem counts as not checked any more (`STALE`).
    `update` is what was said then, if anything was.
    """

    at: datetime
    kind: SiteChangeKind
    subject_id: str
    update: Update | None = None


def list_site_changes(site: Site, moment: datetime) -> tuple[SiteChange, ...]:
    """All of them, past and to come, oldest first, as far as is known from what was written; drafts count.

    Those to come hold if nobody writes anything more. Of work that repeats, they are the windows of the year before
    `moment` and the next ones after it. That a problem counts as not checked is told only where it does at `moment`,
    or will. The mere turning of a day, which pages count, is none.
    """
    found = {turn for incident in site.incidents for turn in _incident_changes(incident, site, moment)}
    found |= set(_stale_changes(site, moment))
    return tuple(
        sorted(found, key=lambda turn: (turn.at, turn.kind is not SiteChangeKind.UPDATE_PUBLISHED, turn.subject_id))
    )


def _incident_changes(incident: Incident, site: Site, moment: datetime) -> Iterator[SiteChange]:
    course = Replay(incident, site)
    for update, following in pairwise([*incident.updates, None]):
        if update:
            course.apply(update)
            now, then = update.time.start, following.time.start if following else None
            yield SiteChange(now, SiteChangeKind.UPDATE_PUBLISHED, incident.id, update)
            for at, turning in _clock_changes(course):
                if now < at and (then is None or at < then):
                    yield SiteChange(at, turning, incident.id)
    yield from (turn for turn in _work_changes(incident, site, moment) if turn.at > incident.updates[0].time.start)


def _clock_changes(replay: Replay) -> Iterator[tuple[datetime, SiteChangeKind]]:
    """What the clock will do if nothing more is said, but for planned work and for what a past update brought."""
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
    for way in (*replay.closed_channels, *replay.temporary_channels.values()):
        if way.opened_by is None:
            yield way.opens.start, SiteChangeKind.CHANNEL_OPENS
        if way.over_at and way.ended_by is None:
            yield way.over_at, SiteChangeKind.CHANNEL_CLOSES


def _is_promise_missed(due: datetime, replay: Replay) -> bool:
    """Whether a promised word is still missing when it is due; what is over by then needs no more words."""
    standing = replay_incident(replay.incident, replay.site, due)
    return standing is not None and standing.promise is not None and standing.promise.overdue


def _work_changes(incident: Incident, site: Site, moment: datetime) -> Iterator[SiteChange]:
    """The windows of planned work as they came, or will come, to pass."""
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
