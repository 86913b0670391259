"""The moments at which the site changes: when something was said, and when the clock does what was announced."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import pairwise

from statusgen.model import Incident, Kind, Site, State, Update
from statusgen.status.board import board
from statusgen.status.course import Course
from statusgen.status.incident import follow
from statusgen.status.windows import numbered


class Turning(Enum):
    """What a moment brings. All but `SAID` come by the clock."""

    SAID = "said"
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
class Turn:
    """Something that the moment `at` (aware, in UTC) brings, and nothing before it did.

    `about` is the id of an incident; of a service where the problem counts as not checked any more (`STALE`).
    `update` is what was said then, if anything was.
    """

    at: datetime
    turning: Turning
    about: str
    update: Update | None = None


def turns(site: Site, moment: datetime) -> tuple[Turn, ...]:
    """All of them, past and to come, oldest first, as far as is known from what was written; drafts count.

    Those to come hold if nobody writes anything more. Of work that repeats, they are the windows of the year before
    `moment` and the next ones after it. That a problem counts as not checked is told only where it does at `moment`,
    or will. The mere turning of a day, which pages count, is none.
    """
    found = {turn for incident in site.incidents for turn in _of(incident, site, moment)}
    found |= set(_stale(site, moment))
    return tuple(sorted(found, key=lambda turn: (turn.at, turn.turning is not Turning.SAID, turn.about)))


def _of(incident: Incident, site: Site, moment: datetime) -> Iterator[Turn]:
    course = Course(incident, site)
    for update, following in pairwise([*incident.updates, None]):
        if update:
            course.take(update)
            now, then = update.time.start, following.time.start if following else None
            yield Turn(now, Turning.SAID, incident.id, update)
            for at, turning in _by_clock(course):
                if now < at and (then is None or at < then):
                    yield Turn(at, turning, incident.id)
    yield from (turn for turn in _work(incident, site, moment) if turn.at > incident.updates[0].time.start)


def _by_clock(course: Course) -> Iterator[tuple[datetime, Turning]]:
    """What the clock will do if nothing more is said, but for planned work and for what a past update brought."""
    if course.state is State.WITHDRAWN:
        return
    if course.due and _is_missed(course.due.end, course):
        yield course.due.end, Turning.OVERDUE
    if course.incident.kind is Kind.NOTICE and course.ends and not course.ended:
        yield course.ends.end, Turning.NOTICE_ENDS
    yield from _channels(course)
    for waiver in course.waivers.values():
        if waiver.begins:
            yield waiver.begins.start, Turning.WAIVER_BEGINS
        if waiver.until:
            yield waiver.until.end, Turning.WAIVER_ENDS
    for deadline in course.deadlines.values():
        if deadline.on:
            yield deadline.on.end, Turning.DEADLINE_PASSES


def _channels(course: Course) -> Iterator[tuple[datetime, Turning]]:
    for way in (*course.gone, *course.channels.values()):
        if way.opened_by is None:
            yield way.opens.start, Turning.CHANNEL_OPENS
        if way.over and way.ended_by is None:
            yield way.over, Turning.CHANNEL_CLOSES


def _is_missed(due: datetime, course: Course) -> bool:
    """Whether a promised word is still missing when it is due; what is over by then needs no more words."""
    standing = follow(course.incident, course.site, due)
    return standing is not None and standing.promise is not None and standing.promise.overdue


def _work(incident: Incident, site: Site, moment: datetime) -> Iterator[Turn]:
    """The windows of planned work as they came, or will come, to pass."""
    if incident.kind is not Kind.MAINTENANCE:
        return
    for window in numbered(incident, site, moment).values():
        if window.opened_by is None:
            yield Turn(window.start.start, Turning.WORK_BEGINS, incident.id)
        if window.over and window.closed_by is None:
            yield Turn(window.over, Turning.WORK_ENDS, incident.id)


def _stale(site: Site, moment: datetime) -> Iterable[Turn]:
    for service in board(site, moment, drafts=True, ahead=False).services:
        if service.problem and service.confirmed:
            at = service.confirmed.end + site.stale_after
            if service.stale or (at > moment and board(site, at, drafts=True, ahead=False).service[service.id].stale):
                yield Turn(at, Turning.STALE, service.id)
