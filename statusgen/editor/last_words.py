"""What a post last said of services, for a writer who has to say whether it still holds."""

from collections.abc import Iterable, Sequence

from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.spans import ChannelKey, Word
from statusgen.board.model.whole_board import Board
from statusgen.editor.times import format_time
from statusgen.model.whole_site import Site

# So many services are named, and the others counted.
_MAX_NAMES = 8


def find_last_words(incident: IncidentStatus) -> list[Word]:
    """Return what a post says of services and channels now."""
    words = [word for word in incident.words if word.until is None and word.said]
    return sorted(words, key=lambda word: _sort_key(word.key))


def _sort_key(key: ChannelKey) -> tuple[str, str]:
    return (key[0], key[1] or "")


def format_key(key: ChannelKey) -> str:
    """Return the service, or the channel, as posts name it."""
    return "/".join(filter(None, key))


def describe_word(word: Word, incident: IncidentStatus, site: Site) -> str:
    """Return a word on a service with when, and by whom, it was last said."""
    said = word.said_at
    if said is None:
        return f"{format_key(word.key)}: {word.status.value}"
    by = next((update.by for update in incident.updates if update.time == said and update.by), None)
    who = f" by {by.texts[0][1]}" if by else ""
    return f"{format_key(word.key)}: {word.status.value} (last said {format_time(said, site.zone)}{who})"


def describe_elsewhere(keys: Iterable[ChannelKey], incident: IncidentStatus, board: Board) -> list[str]:
    """Return what other open posts say does not work, of the services with these keys."""
    services = {key[0] for key in keys}
    return [
        f"{format_key(word.key)}: {word.status.value}, through {other.id}"
        for other in (*board.open_incidents, *board.planned_work, *board.notices)
        if other.id != incident.id
        for word in other.effects
        if word.key[0] in services and word.until is None
    ]


def find_unmentioned_services(site: Site, board: Board, named: Iterable[str]) -> list[str]:
    """Return the ids of the services of which no open post says anything, nor an update that names these."""
    said = {*named}
    for incident in (*board.open_incidents, *board.notices):
        said.update(report.service for update in incident.updates for report in update.reports)
    unsaid = [service for service in site.services if service.id not in said]
    return [service.id for service in sorted(unsaid, key=lambda service: not service.essential)]


def list_names(ids: Sequence[str]) -> str:
    """Return some of the ids, and how many more there are."""
    more = len(ids) - _MAX_NAMES
    return f"{', '.join(ids[:_MAX_NAMES])} and {more} more" if more > 0 else ", ".join(ids)
