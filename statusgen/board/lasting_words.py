"""How long a word counts: that something works outlasts its incident, but not forever."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.spans import Word
from statusgen.board.outages import Outages
from statusgen.model.statuses import Status
from statusgen.model.times import When

# How long "back since" is news, at least.
RESTORED_NEWS_PERIOD = timedelta(days=14)


def list_lasting_words(service: str, incidents: Iterable[IncidentStatus], outages: Outages) -> Iterator[Word]:
    """Yield what incidents say of a service; a word that it works outlasts its incident, but not forever."""
    for incident in incidents:
        own = [word for word in incident.words if word.key[0] == service]
        back = max((word.since.when for word in own if word.came_back), key=lambda when: when.end, default=None)
        for word in own:
            end = _fading_time(word, back, incident, outages) if word.until is None else None
            yield replace(word, until=When.moment(end)) if end and end <= outages.moment else word


def _fading_time(word: Word, back: When | None, incident: IncidentStatus, outages: Outages) -> datetime | None:
    """Return when the last word of an incident that is over, that something works, says nothing anymore.

    That something came back is news for a while, and as long as another outage lasts that was there at the time; so is
    what was said then of the other ways of the same service. `back` is when the last of them came back.
    """
    if word.status is not Status.WORKING or incident.ended is None or word.said_at is None:
        return None
    if back is None or not (word.came_back or word.said_at.start >= back.start):
        # Not before the end: until then it counted, and what the pages said of those days stays as it was.
        return max(word.said_at.end + outages.site.stale_after, incident.ended.start)
    back = word.since.when if word.came_back else back
    latest_end = outages.find_latest_end(back.start)
    return max(back.end + RESTORED_NEWS_PERIOD, latest_end, incident.ended.start) if latest_end else None
