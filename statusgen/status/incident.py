"""One incident at a moment: what holds then, and where it is in its life."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from statusgen.model import Deadline, Incident, Kind, Site, State, Status, Waiver, When
from statusgen.status.course import Course, Spoken
from statusgen.status.standing import (
    DeadlineStanding,
    Hold,
    IncidentStanding,
    Phase,
    Promise,
    Said,
    Since,
    WaiverStanding,
    Window,
    after,
)
from statusgen.status.windows import windows


def follow(incident: Incident, site: Site, moment: datetime) -> IncidentStanding | None:
    """The incident as published by `moment`; None where nothing of it was published yet."""
    published = replace(incident, updates=tuple(u for u in incident.updates if u.time.start <= moment))
    if not published.updates:
        return None
    course = Course(published, site)
    for update in published.updates:
        course.take(update)
    if incident.kind is Kind.NOTICE and course.ends and course.ends.end <= moment:
        course.end(after(course.ends, site.zone), None)
    planned = windows(published, site, moment) if incident.kind is Kind.MAINTENANCE else ()
    phase = _phase(course, planned, moment)
    past = phase is Phase.PAST
    due = None if past else course.due
    return IncidentStanding(
        incident=published,
        said=tuple(_by_clock(said, planned) for said in course.said),
        state=_state_by_clock(course, phase),
        phase=phase,
        holds=tuple(_holds(course, planned, site, moment)),
        advice=tuple(course.advice.values()) if phase is Phase.OPEN else (),
        channels=(*course.gone, *course.channels.values()),
        confirmed=tuple(course.confirmed.items()),
        returned=tuple(course.returned.items()),
        waivers=tuple(_waiver(waiver, course, moment) for waiver in course.waivers.values()),
        deadlines=tuple(_deadline(deadline, course, moment) for deadline in course.deadlines.values()),
        estimates=tuple(course.estimates),
        promise=Promise(due, due.end <= moment, incident.id) if due else None,
        known=course.known,
        not_known=course.not_known,
        doing=course.doing,
        unrelated_to=tuple(dict.fromkeys(id for update in published.updates for id in update.unrelated_to)),
        windows=planned,
        ends=course.ends,
        ended=_ended(course, planned) if past else None,
    )


def _waiver(waiver: Waiver, course: Course, moment: datetime) -> WaiverStanding:
    """A waiver holds until the date that was said: the end of an incident ends no promise, but to withdraw it does."""
    if course.state is State.WITHDRAWN:
        phase = Phase.PAST
    elif waiver.begins and waiver.begins.start > moment:
        phase = Phase.PLANNED
    else:
        phase = Phase.PAST if waiver.until and waiver.until.end <= moment else Phase.OPEN
    return WaiverStanding(waiver, phase, course.incident.id)


def _deadline(deadline: Deadline, course: Course, moment: datetime) -> DeadlineStanding:
    over = course.state is State.WITHDRAWN or (deadline.on is not None and deadline.on.end <= moment)
    return DeadlineStanding(deadline, Phase.PAST if over else Phase.OPEN, course.incident.id)


def _phase(course: Course, planned: tuple[Window, ...], moment: datetime) -> Phase:
    if course.incident.kind is Kind.MAINTENANCE:
        if not planned:
            return Phase.PAST
        window = planned[-1]
        if window.start.start > moment:
            return Phase.PLANNED
        return Phase.OPEN if window.over is None or window.over > moment else Phase.PAST
    if course.ended:
        return Phase.PAST
    over = course.incident.kind is Kind.NOTICE and course.ends is not None and course.ends.end <= moment
    return Phase.PAST if over else Phase.OPEN


def _state_by_clock(course: Course, phase: Phase) -> State:
    """The state as said, or as the clock has moved planned work on since."""
    if course.incident.kind is not Kind.MAINTENANCE or course.state.ends:
        return course.state
    if phase is Phase.PAST:
        return State.COMPLETED
    if phase is Phase.OPEN and course.state is State.SCHEDULED:
        return State.IN_PROGRESS
    return State.SCHEDULED if phase is Phase.PLANNED else course.state


def _by_clock(said: Said, planned: tuple[Window, ...]) -> Said:
    """An update with the state of the time at which it was said: the clock may have begun or completed planned work."""
    now = said.update.time.start
    begun = [window for window in planned if window.start.start <= now]
    if said.then.state is not State.SCHEDULED or not begun:
        return said
    window = begun[-1]
    if window.over is None or window.over > now:
        return replace(said, then=replace(said.then, state=State.IN_PROGRESS))
    over = window is planned[-1]
    return replace(said, then=replace(said.then, state=State.COMPLETED)) if over else said


def _ended(course: Course, planned: tuple[Window, ...]) -> When | None:
    if course.ended:
        return course.ended
    return planned[-1].end if planned else course.ends


def _holds(course: Course, planned: Iterable[Window], site: Site, moment: datetime) -> Iterator[Hold]:
    """What holds cells back, as said; where it is planned work, during its windows only."""
    if course.incident.kind is not Kind.MAINTENANCE:
        yield from (*course.closed, *course.running.values())
        return
    for window in planned:
        if window.start.start <= moment:
            for cell, spoken in course.spoken.items():
                for one, following in pairwise([*spoken, None]):
                    if one and one.status is not Status.WORKING:
                        hold = Hold(course.incident.id, cell, one.status, Since(window.start), None, window.opened_by)
                        yield from _within(hold, one, following, window, site, moment)


def _within(
    hold: Hold, one: Spoken, following: Spoken | None, window: Window, site: Site, moment: datetime
) -> Iterator[Hold]:
    """The part of a window during which a status held: from when it was named to when another was."""
    if window.end and window.over and window.over <= moment:
        end = window.end if window.closed_by else after(window.end, site.zone)
        hold = replace(hold, until=end, closed_by=window.closed_by)
    if one.said and one.said.start >= window.start.start:
        hold = replace(hold, since=Since(one.said), opened_by=one.source)
    if following and following.said and (hold.until is None or following.said.start < hold.until.start):
        hold = replace(hold, until=following.said, closed_by=following.source)
    if hold.until is None or hold.since.when.start < hold.until.start:
        yield hold
