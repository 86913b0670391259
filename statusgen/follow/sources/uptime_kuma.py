"""Uptime Kuma: the two documents of a status page, and what its webhook sends about one monitor.

Times are in UTC, without saying so (https://github.com/louislam/uptime-kuma, server/model/heartbeat.js).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator

from statusgen.follow.seen import Seen, summarize
from statusgen.follow.sources.shape import Id, Name, Published, Source, parse_document, read_moment
from statusgen.model.statuses import Status

# Down, up, pending (it failed once, and is tried again) and maintenance (src/util.ts there).
_STATUSES = {0: Status.DOWN, 1: Status.WORKING, 2: Status.NOT_SAID, 3: Status.MAINTENANCE}


def _read_utc(value: Any) -> datetime | None:
    return read_moment(value, UTC)


class _Beat(Published):
    status: int
    time: Annotated[datetime | None, BeforeValidator(_read_utc)] = None


class _Monitor(Published):
    id: Id
    name: Name


class _Group(Published):
    monitorList: tuple[_Monitor, ...] = ()  # noqa: N815 - as the document names it


class _Page(Published):
    publicGroupList: tuple[_Group, ...]  # noqa: N815 - likewise


class _Beats(Published):
    # A stretch without any beat is a 0.
    heartbeatList: dict[str, tuple[_Beat | int, ...]]  # noqa: N815 - likewise


class _Webhook(Published):
    heartbeat: _Beat
    monitor: _Monitor


def _read(documents: Sequence[bytes]) -> list[Seen]:
    """Return each monitor by its last beat, and all of them together; of a webhook, the monitor that it is about."""
    if len(documents) == 1:
        sent = parse_document(_Webhook, documents[0])
        return [_describe(sent.monitor, [sent.heartbeat])]
    page, beats = parse_document(_Page, documents[0]), parse_document(_Beats, documents[1]).heartbeatList
    monitors = [
        _describe(each, [beat for beat in beats.get(each.id, ()) if isinstance(beat, _Beat)])
        for group in page.publicGroupList
        for each in group.monitorList
    ]
    return [summarize(monitors), *monitors]


def _describe(monitor: _Monitor, beats: Sequence[_Beat]) -> Seen:
    if not beats:
        return Seen(monitor.name, Status.NOT_SAID, id=monitor.id)
    status = _STATUSES.get(beats[-1].status)
    if status is None:
        return Seen(monitor.name, Status.NOT_SAID, id=monitor.id, word=str(beats[-1].status))
    return Seen(monitor.name, status, _failing_since(beats) if status is Status.DOWN else None, id=monitor.id)


def _failing_since(beats: Sequence[_Beat]) -> datetime | None:
    """Return the time of the first beat of those in a row that failed; None if it may have begun before."""
    since = None
    for beat in reversed(beats):
        if _STATUSES.get(beat.status) is not Status.DOWN:
            return since
        since = beat.time
    return since if len(beats) == 1 else None


def _addresses(source: str) -> list[str]:
    parts = urlsplit(source)
    before, _, slug = parts.path.rstrip("/").rpartition("/status/")
    paths = (f"{before}/api/status-page/{slug}", f"{before}/api/status-page/heartbeat/{slug}")
    return [parts._replace(path=path, query="").geturl() for path in paths]


UPTIME_KUMA = Source(_addresses, _read)
