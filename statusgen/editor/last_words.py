"""What a post last said of services, for a writer who has to say whether it still holds."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.spans import ChannelKey, Word
from statusgen.board.model.whole_board import Board
from statusgen.board.others import list_unsaid_services
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


def find_unmentioned_services(board: Board, post: str = "", named: Iterable[str] = ()) -> list[str]:
    """Return what `others:` would stand for in an update of a post that names these services, the essential first."""
    site = board.site
    public = tuple(incident for incident in site.incidents if incident.id == post or not incident.draft)
    left = {*list_unsaid_services(replace(site, incidents=public), board.moment, post)} - {*named}
    unsaid = [service for service in site.services if service.id in left]
    return [service.id for service in sorted(unsaid, key=lambda service: not service.essential)]


def list_names(ids: Sequence[str]) -> str:
    """Return some of the ids, and how many more there are."""
    more = len(ids) - _MAX_NAMES
    return f"{', '.join(ids[:_MAX_NAMES])} and {more} more" if more > 0 else ", ".join(ids)
