"""One incident at a moment: what holds then, and where it is in its life."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from statusgen.board.model import (
    DeadlineStatus,
    Effect,
    IncidentStatus,
    Phase,
    Promise,
    StartTime,
    UpdateResult,
    WaiverStatus,
    Window,
    time_after,
)
from statusgen.board.replay import Replay, ReportedStatus
from statusgen.board.windows import windows
from statusgen.model import Deadline, Incident, Kind, Site, State, Status, Waiver, When


def replay_incident(incident: Incident, site: Site, moment: datetime) -> IncidentStatus | None:
    """The incident as published by `moment`; None where nothing of it was published yet."""
    published = replace(incident, updates=tuple(u for u in incident.updates if u.time.start <= moment))
    if not published.updates:
        return None
    course = Replay(published, site)
    for update in published.updates:
        course.apply(update)
    if incident.kind is Kind.NOTICE and course.ends and course.ends.end <= moment:
        course.restore_all(time_after(course.ends, site.zone), None)
    planned = windows(published, site, moment) if incident.kind is Kind.MAINTENANCE else ()
    phase = _phase(course, planned, moment)
    past = phase is Phase.PAST
    due = None if past else course.due
    return IncidentStatus(
        incident=published,
        update_results=tuple(_result_by_clock(said, planned) for said in course.update_results),
        state=_state_by_clock(course, phase),
        phase=phase,
        effects=tuple(_effects(course, planned, site, moment)),
        workarounds=tuple(course.workarounds.values()) if phase is Phase.OPEN else (),
        channels=(*course.closed_channels, *course.temporary_channels.values()),
        confirmed_times=tuple(course.confirmed_times.items()),
        restored_times=tuple(course.restored_times.items()),
        waivers=tuple(_waiver_status(waiver, course, moment) for waiver in course.waivers.values()),
        deadlines=tuple(_deadline_status(deadline, course, moment) for deadline in course.deadlines.values()),
        estimates=tuple(course.estimates),
        promise=Promise(due, due.end <= moment, incident.id) if due else None,
        known=course.known,
        not_known=course.not_known,
        doing=course.doing,
        unrelated_to=tuple(dict.fromkeys(id for update in published.updates for id in update.unrelated_to)),
        windows=planned,
        ends=course.ends,
        ended=_end_time(course, planned) if past else None,
    )


def _waiver_status(waiver: Waiver, replay: Replay, moment: datetime) -> WaiverStatus:
    """A waiver holds until the date that was said: the end of an incident ends no promise, but to withdraw it does."""
    if replay.state is State.WITHDRAWN:
        phase = Phase.PAST
    elif waiver.begins and waiver.begins.start > moment:
        phase = Phase.PLANNED
    else:
        phase = Phase.PAST if waiver.until and waiver.until.end <= moment else Phase.OPEN
    return WaiverStatus(waiver, phase, replay.incident.id)


def _deadline_status(deadline: Deadline, replay: Replay, moment: datetime) -> DeadlineStatus:
    over = replay.state is State.WITHDRAWN or (deadline.on is not None and deadline.on.end <= moment)
    return DeadlineStatus(deadline, Phase.PAST if over else Phase.OPEN, replay.incident.id)


def _phase(replay: Replay, planned: tuple[Window, ...], moment: datetime) -> Phase:
    if replay.incident.kind is Kind.MAINTENANCE:
        if not planned:
            return Phase.PAST
        window = planned[-1]
        if window.start.start > moment:
            return Phase.PLANNED
        return Phase.OPEN if window.over_at is None or window.over_at > moment else Phase.PAST
    if replay.ended:
        return Phase.PAST
    over = replay.incident.kind is Kind.NOTICE and replay.ends is not None and replay.ends.end <= moment
    return Phase.PAST if over else Phase.OPEN


def _state_by_clock(replay: Replay, phase: Phase) -> State:
    """The state as said, or as the clock has moved planned work on since."""
    if replay.incident.kind is not Kind.MAINTENANCE or replay.state.is_terminal:
        return replay.state
    if phase is Phase.PAST:
        return State.COMPLETED
    if phase is Phase.OPEN and replay.state is State.SCHEDULED:
        return State.IN_PROGRESS
    return State.SCHEDULED if phase is Phase.PLANNED else replay.state


def _result_by_clock(result: UpdateResult, planned: tuple[Window, ...]) -> UpdateResult:
    """An update with the state of the time at which it was said: the clock may have begun or completed planned work."""
    now = result.update.time.start
    begun = [window for window in planned if window.start.start <= now]
    if result.snapshot.state is not State.SCHEDULED or not begun:
        return result
    window = begun[-1]
    if window.over_at is None or window.over_at > now:
        return replace(result, snapshot=replace(result.snapshot, state=State.IN_PROGRESS))
    over = window is planned[-1]
    return replace(result, snapshot=replace(result.snapshot, state=State.COMPLETED)) if over else result


def _end_time(replay: Replay, planned: tuple[Window, ...]) -> When | None:
    if replay.ended:
        return replay.ended
    return planned[-1].end if planned else replay.ends


def _effects(replay: Replay, planned: Iterable[Window], site: Site, moment: datetime) -> Iterator[Effect]:
    """What holds cells back, as said; where it is planned work, during its windows only."""
    if replay.incident.kind is not Kind.MAINTENANCE:
        yield from (*replay.closed_effects, *replay.open_effects.values())
        return
    for window in planned:
        if window.start.start <= moment:
            for cell, spoken in replay.reported_statuses.items():
                for one, following in pairwise([*spoken, None]):
                    if one and one.status is not Status.WORKING:
                        hold = Effect(
                            replay.incident.id, cell, one.status, StartTime(window.start), None, window.opened_by
                        )
                        yield from _effects_in_window(hold, one, following, window, site, moment)


def _effects_in_window(
    effect: Effect,
    reported: ReportedStatus,
    following: ReportedStatus | None,
    window: Window,
    site: Site,
    moment: datetime,
) -> Iterator[Effect]:
    """The part of a window during which a status held: from when it was named to when another was."""
    if window.end and window.over_at and window.over_at <= moment:
        end = window.end if window.closed_by else time_after(window.end, site.zone)
        effect = replace(effect, until=end, closed_by=window.closed_by)
    if reported.published_at and reported.published_at.start >= window.start.start:
        effect = replace(effect, since=StartTime(reported.published_at), opened_by=reported.source)
    if (
        following
        and following.published_at
        and (effect.until is None or following.published_at.start < effect.until.start)
    ):
        effect = replace(effect, until=following.published_at, closed_by=following.source)
    if effect.until is None or effect.since.when.start < effect.until.start:
        yield effect
