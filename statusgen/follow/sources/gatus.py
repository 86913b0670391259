"""Gatus: /api/v1/endpoints/statuses, and the same document in a file."""

from collections.abc import Sequence

from statusgen.follow.seen import Seen, summarize
from statusgen.follow.sources.shape import Id, Name, Published, Source, Time, below, parse_document
from statusgen.model.statuses import Status


class _Result(Published):
    success: bool
    timestamp: Time = None


class _Event(Published):
    type: str
    timestamp: Time = None


class _Endpoint(Published):
    name: Name
    group: Name = ""
    key: Id
    results: tuple[_Result, ...] = ()
    events: tuple[_Event, ...] = ()


def _read(documents: Sequence[bytes]) -> list[Seen]:
    """Return each endpoint by its last result, and all of them together."""
    endpoints = [_describe(each) for each in parse_document(tuple[_Endpoint, ...], documents[0])]
    return [summarize(endpoints), *endpoints]


def _describe(endpoint: _Endpoint) -> Seen:
    if not endpoint.results:
        return Seen(endpoint.name, Status.NOT_SAID, id=endpoint.key)
    if endpoint.results[-1].success:
        return Seen(endpoint.name, Status.WORKING, id=endpoint.key)
    return Seen(endpoint.name, Status.DOWN, _failing_since(endpoint), id=endpoint.key)


def _failing_since(endpoint: _Endpoint) -> Time:
    """Return when it began to fail: by its last event, or else by the first of the results that failed in a row."""
    if endpoint.events and endpoint.events[-1].type == "UNHEALTHY":
        return endpoint.events[-1].timestamp
    since = None
    for result in reversed(endpoint.results):
        if result.success:
            return since
        since = result.timestamp
    return None  # it began before the first of them


GATUS = Source(lambda source: [below(source, "api/v1/endpoints/statuses")], _read)
