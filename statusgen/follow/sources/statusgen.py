"""Another site that statusgen made: its status.json, version 1 (docs/programmers/data.md)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from statusgen.follow.seen import WHOLE_PAGE, Seen, summarize, translate_word
from statusgen.follow.sources.shape import Id, Name, Published, Source, Time, below, parse_document
from statusgen.model.statuses import Status

_STATUSES = {status.value: status for status in Status}


class _Channel(Published):
    id: Id
    status: str
    since: Time = None
    since_reported: bool = False


class _Service(Published):
    id: Id
    name: Name
    page: str = ""
    status: str
    since: Time = None
    since_reported: bool = False
    channels: tuple[_Channel, ...] = ()


class _Document(Published):
    version: Literal[1]
    services: tuple[_Service, ...]


def _read(documents: Sequence[bytes]) -> list[Seen]:
    """Return each service, each channel as `SERVICE/CHANNEL`, and the page as a whole.

    The page works if each of its services was said to; of one with less, nothing is known.
    """
    document = parse_document(_Document, documents[0])
    services = [_describe(each, each.name, each.page, each.id) for each in document.services]
    channels = [
        _describe(channel, f"{each.id}/{channel.id}", each.page, f"{each.id}/{channel.id}")
        for each in document.services
        for channel in each.channels
    ]
    whole = summarize(services)
    return [Seen(WHOLE_PAGE, whole.status, whole.since, whole.title, whole.url, word=whole.word), *services, *channels]


def _describe(thing: _Service | _Channel, name: str, page: str, id: str) -> Seen:
    status, word = translate_word(thing.status, _STATUSES)
    # When it was first reported is not when it began.
    since: datetime | None = None if thing.since_reported or not status.is_stated_problem else thing.since
    title = thing.name if isinstance(thing, _Service) and status.is_stated_problem else ""
    return Seen(name, status, since, title, page, id, word)


STATUSGEN = Source(lambda source: [below(source, "status.json")], _read)
