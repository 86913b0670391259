"""From when on a build by the clock shows each update of a post: it waits for its time only if it is embargoed."""

from datetime import UTC, datetime, timedelta

from statusgen.model.posts import Incident

MAX_AHEAD = timedelta(days=1)
"""How far ahead of the clock an update may be dated and still be shown: clocks and time zones go wrong by less."""
CLOCK_TOLERANCE = timedelta(minutes=2)
"""How much two clocks can differ without either being called wrong."""
_EVER = datetime.min.replace(tzinfo=UTC)


def find_due_times(incident: Incident) -> list[datetime]:
    """Return from when on each update is shown, once it is there.

    An embargoed update waits for its time, and so do those that follow it. Any other is shown from a day before its
    time on; until then it is a mistake, and a build refuses the whole post.
    """
    embargo, shown_from, refused = _EVER, [], []
    for update in incident.updates:
        time = update.time.start
        allowed = time if update.embargo else time - MAX_AHEAD
        if update.embargo:
            embargo = max(embargo, time)
        elif embargo < allowed:
            refused.append((embargo, allowed))
        shown_from.append(max(embargo, allowed))
    return [_skip_spans(time, refused) for time in shown_from]


def _skip_spans(time: datetime, spans: list[tuple[datetime, datetime]]) -> datetime:
    """Return the first time from `time` on that is in none of the spans, which are in the order of their beginnings."""
    for begin, end in spans:
        if begin <= time < end:
            time = end
    return time
