"""One incident at a moment: its updates replayed, and then what the clock did since."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from statusgen.board.model.advice import Advice
from statusgen.board.model.dates import DeadlineStatus, WaiverStatus, Window
from statusgen.board.model.estimates import Promise
from statusgen.board.model.incidents import IncidentStatus, UpdateResult
from statusgen.board.model.spans import Phase, StartTime, Word, time_after
from statusgen.board.replay.advice import list_holding
from statusgen.board.replay.replay import Replay
from statusgen.board.replay.words import ReportedStatus
from statusgen.board.windows import windows
from statusgen.model.posts import Incident, Scope, Update
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.waivers import Deadline, Waiver
from statusgen.model.whole_site import Site

# How long after its end, or after the last update, an incident has feeds of its own.
FEED_PERIOD = timedelta(days=90)


def replay_incident(incident: Incident, site: Site, moment: datetime) -> IncidentStatus | None:
    """Return the incident as published by `moment`; None if none of it was published yet."""
    published = replace(incident, updates=tuple(u for u in incident.updates if u.time.start <= moment))
    if not published.updates:
        return None
    replay = Replay(published, site)
    for update in published.updates:
        replay.apply(update)
    if incident.kind is Kind.NOTICE and replay.ends and replay.ends.end <= moment:
        replay.end_by_clock(time_after(replay.ends, site.zone))
    planned = windows(published, site, moment) if incident.kind is Kind.MAINTENANCE else ()
    return _make_status(replay, planned, moment)


def _make_status(replay: Replay, planned: tuple[Window, ...], moment: datetime) -> IncidentStatus:
    """Return what the updates add up to at `moment`; `planned` are the windows of planned work."""
    phase = _phase(replay, planned, moment)
    due = None if phase is Phase.PAST else replay.due
    ended = _end_time(replay, planned) if phase is Phase.PAST else None
    return IncidentStatus(
        incident=replay.incident,
        update_results=tuple(_result_by_clock(result, planned) for result in replay.update_results),
        state=_state_by_clock(replay, phase),
        phase=phase,
        words=tuple(_words(replay, planned, moment)),
        workarounds=tuple(list_holding(replay.advice.sorted_workarounds(), moment)) if phase is Phase.OPEN else (),
        lapsed_advice=tuple(replay.advice.lapsed),
        temporary_channels=replay.ways.all_channels,
        channel_changes=replay.ways.all_changes,
        restored_times=tuple(replay.words.restored_times.items()),
        waivers=tuple(_waiver_status(waiver, replay, moment) for waiver in replay.waivers.values()),
        deadlines=tuple(_deadline_status(deadline, replay, moment) for deadline in replay.deadlines.values()),
        estimates=tuple(replay.estimates),
        promise=Promise(due, due.end <= moment, replay.incident.id) if due else None,
        known=replay.known,
        not_known=replay.not_known,
        doing=replay.doing,
        list_times=tuple(replay.list_times.items()),
        do=_advice_for_all(replay, moment) if phase is Phase.OPEN else None,
        claim=replay.claim,
        fact=replay.fact,
        unrelated_to=tuple(dict.fromkeys(id for update in replay.incident.updates for id in update.unrelated_to)),
        windows=planned,
        ends=replay.ends,
        ended=ended,
        may_reach_further=phase is Phase.OPEN and _may_reach_further(replay),
        has_feeds=phase is not Phase.PAST or moment < feeds_end(ended, replay.incident.updates[-1]),
        earlier_titles=tuple(replay.titles),
    )


def feeds_end(ended: When | None, last_update: Update) -> datetime:
    """Return until when an incident that is over has feeds of its own: a later update gives them back for as long."""
    return max(last_update.time.end, ended.end if ended else last_update.time.end) + FEED_PERIOD


def _may_reach_further(replay: Replay) -> bool:
    """Return whether it may affect services that it does not name: as it says, otherwise if it names none as broken."""
    if replay.incident.kind is not Kind.INCIDENT:
        return False
    return replay.scope is Scope.WIDER if replay.scope else not replay.words.has_named_broken


def _advice_for_all(replay: Replay, moment: datetime) -> Advice | None:
    """Return what everybody can do, if its time has not run out."""
    do = replay.advice.do
    if do is None or not do.holds_at(moment):
        return None
    return replace(do, is_stale=do.said_at.end + replay.site.stale_after <= moment)


def _waiver_status(waiver: Waiver, replay: Replay, moment: datetime) -> WaiverStatus:
    """Return a waiver with its phase: its own date ends it, not the end of its incident, unless that is withdrawn."""
    if replay.state is State.WITHDRAWN:
        phase = Phase.PAST
    elif waiver.begins and waiver.begins.start > moment:
        phase = Phase.PLANNED
    else:
        phase = Phase.PAST if waiver.until and waiver.until.end <= moment else Phase.OPEN
    is_withdrawn = replay.state is State.WITHDRAWN
    return WaiverStatus(waiver, phase, replay.incident.id, is_withdrawn)


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
    """Return the state as reported or, for planned work, as the clock has advanced it since."""
    if replay.incident.kind is not Kind.MAINTENANCE or replay.state.is_terminal:
        return replay.state
    if phase is Phase.PAST:
        return State.COMPLETED
    if phase is Phase.OPEN and replay.state is State.SCHEDULED:
        return State.IN_PROGRESS
    return State.SCHEDULED if phase is Phase.PLANNED else replay.state


def _result_by_clock(result: UpdateResult, planned: tuple[Window, ...]) -> UpdateResult:
    """Return an update with the state at its time, in case the clock had begun or completed planned work by then."""
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


def _words(replay: Replay, planned: Iterable[Window], moment: datetime) -> Iterator[Word]:
    """Yield what it says of services: as reported or, for planned work, during its windows only."""
    if replay.incident.kind is not Kind.MAINTENANCE:
        yield from (*replay.words.closed, *replay.words.open.values())
        return
    yield from _good_words(replay)
    for window in planned:
        if window.start.start <= moment:
            for key, reports in replay.words.reported.items():
                for reported, following in pairwise([*reports, None]):
                    if reported and reported.status.is_stated_problem:
                        start = StartTime(window.start)
                        word = Word(replay.incident.id, key, reported.status, start, opened_by=window.opened_by)
                        yield from _words_in_window(word, reported, following, window, replay.site, moment)


def _good_words(replay: Replay) -> Iterator[Word]:
    """Yield what updates of planned work said to work: that counts even if the clock says otherwise of the work."""
    for key, reports in replay.words.reported.items():
        for reported, following in pairwise([*reports, None]):
            said_at = reported.published_at if reported and reported.status is Status.WORKING else None
            if said_at and reported:
                until, by = (following.published_at, following.source) if following else (None, None)
                word = Word(replay.incident.id, key, Status.WORKING, StartTime(said_at), (said_at,), until)
                yield replace(word, opened_by=reported.source, closed_by=by)


def _words_in_window(
    word: Word,
    reported: ReportedStatus,
    following: ReportedStatus | None,
    window: Window,
    site: Site,
    moment: datetime,
) -> Iterator[Word]:
    """Yield the part of a window during which a reported status lasted: from its report to the following one."""
    if window.end and window.over_at and window.over_at <= moment:
        end = window.end if window.closed_by else time_after(window.end, site.zone)
        word = replace(word, until=end, closed_by=window.closed_by)
    if reported.published_at and reported.published_at.start >= window.start.start:
        word = replace(word, since=StartTime(reported.published_at), opened_by=reported.source)
    if following and following.published_at and (word.until is None or following.published_at.start < word.until.start):
        word = replace(word, until=following.published_at, closed_by=following.source)
    if word.until is None or word.since.when.start < word.until.start:
        yield word
