"""The statuses of a service or channel over time, from all that was said of it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from statusgen.board.model.channels import TemporaryChannel
from statusgen.board.model.spans import ChannelKey, Interval, Source, StartTime, Word, time_after
from statusgen.board.status import combine_words, derive_status
from statusgen.model.statuses import Status
from statusgen.model.times import When


@dataclass(frozen=True)
class _TimelineEvent:
    """A moment at which an effect or a temporary channel begins or ends."""

    at: datetime
    since: StartTime
    source: Source | None
    begins: Word | TemporaryChannel | None = None
    ends: Word | TemporaryChannel | None = None


def make_timeline(
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
    alike: dict[tuple[str, ChannelKey], list[Word]] = defaultdict(list)
    for word in words:
        alike[word.incident, word.key].append(word)
    as_they_lasted = (_until_the_next(word, alike[word.incident, word.key]) for word in words)
    events = [event for word in as_they_lasted for event in _word_events(word)]
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
            intervals.append(Interval(status, _find_start(cause, simultaneous, status), None, cause.source, None))
    times = {when for word in words if word.status.is_stated_problem for when in word.said}
    in_order = sorted(times, key=lambda when: (when.start, when.end))
    return tuple(_with_times_said(interval, in_order) for interval in intervals)


def _with_times_said(interval: Interval, times: Sequence[When]) -> Interval:
    """Return the interval with those of the times, oldest first, at which an update said what it is about."""
    if interval.since is None or not interval.status.is_stated_problem:
        return interval
    first = bisect_left(times, interval.since.when.start, key=_start_of)
    last = bisect_left(times, interval.until.start, key=_start_of) if interval.until else None
    return replace(interval, said=tuple(times[first:last]))


def _start_of(when: When) -> datetime:
    return when.start


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


def _until_the_next(word: Word, words: Iterable[Word]) -> Word:
    """Return a word that lasts until the next of `words` began, which may be before anybody said so.

    They are what the same incident says of the same service or channel.
    If the next is said to have begun before this one was said last, both stay as they were said.
    """
    if word.until is None or word.said_at is None:
        return word
    said_at = word.said_at.start
    later = [each for each in words if each.said and each.said[0].start > said_at]
    following = min(later, key=lambda each: each.said[0].start, default=None)
    is_between = following and said_at <= following.since.when.start < word.until.start
    return replace(word, until=following.since.when) if following and is_between else word


def _find_start(cause: _TimelineEvent, events: Iterable[_TimelineEvent], status: Status) -> StartTime:
    """Return when a status began: at the time of its cause, unless it is only known to have begun before then."""
    begun = (each.since for each in events if isinstance(each.begins, Word) and each.begins.status is status)
    return next((since for since in begun if since.is_before), cause.since)


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


def find_problem_start(timeline: Sequence[Interval]) -> StartTime | None:
    """Return when the present problem began, in one form or another: after the service was last said to be no worse."""
    began = None
    for interval in reversed(timeline):
        if not interval.status.is_broken:
            break
        began = interval.since
    return began
