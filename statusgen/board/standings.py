"""How a service or channel stands now, and on whose word."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from statusgen.board.model.services import ChannelStatus, Standing
from statusgen.board.model.spans import Interval, StartTime, Word
from statusgen.board.outages import Outages
from statusgen.model.services import Channel
from statusgen.model.statuses import Status
from statusgen.model.times import When


def _find_counting_words(words: Iterable[Word], status: Status) -> list[Word]:
    """Return the words that are the reason for a status now: those that a problem was stated in, if there is one."""
    now = [word for word in words if word.until is None]
    problems = [word for word in now if word.status.is_stated_problem]
    if not status.is_stated_problem:
        return [word for word in now if word.status is status]
    worst = max((word.status.severity for word in problems), default=0)
    incidents = {word.incident for word in problems if word.status.severity == worst or word.status is status}
    # That it works in parts is what those say together who say that one way does not and that another does.
    is_in_parts = status is Status.LIMITED and not any(word.status is status for word in problems)
    parts = [word for word in now if is_in_parts and word.status is Status.WORKING]
    return [*(word for word in problems if word.incident in incidents), *parts]


def find_standing(timeline: Sequence[Interval], all_words: Sequence[Word], outages: Outages) -> Standing:
    """Return how something stands now, from its timeline and all that was said of it."""
    now, words = timeline[-1], _find_counting_words(all_words, timeline[-1].status)
    # A post that cannot be read is replaced by one that says nothing of its own.
    said = (word.said_at for word in words if word.said_at and word.incident not in outages.site.quarantined_ids)
    said_at = max(said, key=lambda when: when.end, default=None)
    back = [word.since.when for word in words if word.came_back]
    # Since when it is so may be long before anybody said it.
    corrected = [word.said[0] for word in words if word.is_corrected and word.said_at == said_at]
    doubted = [word.said_working for word in words if word.said_working and now.status is Status.NOT_SAID]
    return Standing(
        status=now.status,
        since=_said_since(now, all_words, words) if now.status.is_stated_problem else None,
        said_at=said_at,
        is_stale=said_at is not None and now.status is not Status.NOT_SAID and _is_stale(now, said_at, outages),
        restored_at=max(back, key=lambda when: when.end) if back and now.status is Status.WORKING else None,
        corrected_at=max(corrected, key=lambda when: when.end, default=None),
        said_working=max(doubted, key=lambda when: when.end, default=None),
        is_in_doubt=now.status is Status.NOT_SAID and outages.may_reach_further,
    )


def find_service_standing(
    timeline: Sequence[Interval],
    words: Sequence[Word],
    channels: Sequence[ChannelStatus],
    outages: Outages,
) -> Standing:
    """Return how a service stands; one of which only some ways were said to work, by what was said of those."""
    standing = find_standing(timeline, words, outages)
    standing = replace(standing, ways=_list_partial_ways(standing.status, words, channels))
    ways = [each.standing for each in _working_ways(channels)]
    if standing.status is not Status.NOT_SAID or not ways:
        return standing
    times = [way.said_at for way in ways if way.said_at]
    said_at = max(times, key=lambda when: when.end, default=None)
    return replace(standing, said_at=said_at, is_stale=all(way.is_stale for way in ways))


def _working_ways(channels: Iterable[ChannelStatus]) -> list[ChannelStatus]:
    """Return the channels that work, as somebody said lately; if of none, those that did when last checked."""
    found = [each for each in channels if each.status is Status.WORKING and not each.temporary]
    return [each for each in found if not each.standing.is_stale] or found


def _said_since(now: Interval, all_words: Iterable[Word], words: Iterable[Word]) -> StartTime | None:
    """Return since when a status holds, as it was said.

    Where it shows only because something worse is over, that is not when it began.
    """
    if any(word.until is None and word.since == now.since for word in all_words):
        return now.since
    return max((word.since for word in words), key=lambda since: since.when.start, default=now.since)


def _is_stale(now: Interval, said_at: When, outages: Outages) -> bool:
    """Return whether a word is too old to be told as of now; what worked, a new outage may have reached since."""
    if said_at.end + outages.site.stale_after <= outages.moment:
        return True
    began_since = (each.incident.started.start > said_at.end for each in outages.reaching)
    return now.status is Status.WORKING and any(began_since)


def _list_partial_ways(status: Status, words: Iterable[Word], channels: Sequence[ChannelStatus]) -> tuple[Channel, ...]:
    """Return the channels that a service's status is about; none if it is about the whole service."""
    own = [channel for channel in channels if not channel.temporary]
    said_of_service = any(word.until is None and word.key[1] is None and word.status is status for word in words)
    if status is Status.NOT_SAID:
        return tuple(each.channel for each in _working_ways(own))
    if len(own) < 2 or said_of_service or status in (Status.WORKING, Status.LIMITED):
        return ()
    looked_for = Status.DOWN if status is Status.PARTLY_DOWN else status
    if status is Status.CATCHING_UP and all(each.status in (Status.CATCHING_UP, Status.WORKING) for each in own):
        return ()
    found = tuple(each.channel for each in own if each.status is looked_for)
    return found if len(found) < len(own) else ()
