"""Looks at everything that a site follows, all of it at once and within a limit of time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import monotonic

from statusgen.content.format.follow_addresses import FILE
from statusgen.follow.fetch import MAX_BYTES, TIME_LIMIT, fetch
from statusgen.follow.seen import WHOLE_PAGE, NotReadError, Seen
from statusgen.follow.sources.registry import SOURCES
from statusgen.model.following import Dependence, Followed, FollowKind
from statusgen.model.statuses import Status
from statusgen.notify.environment import Environment, read_secret, variable_name
from statusgen.problems import NotifyError, StatusgenError
from statusgen.text import did_you_mean, quote_text

_MOST_NAMES = 12


@dataclass(frozen=True)
class Look:
    """What a page or monitor says now. `failure` is why it cannot be read; `is_asked`: there was something to read."""

    followed: Followed
    seen: tuple[Seen, ...] = ()
    failure: str = ""
    is_asked: bool = True

    def find(self, dependence: Dependence) -> Seen:
        """Return what it says of a component; raise NotReadError if nothing can be made of that."""
        if self.failure:
            raise NotReadError(self.failure)
        component = dependence.component
        found = SOURCES[self.followed.kind].find(self.seen, component)
        if found is None and not self.followed.kind.is_monitor:
            raise NotReadError(self._describe_missing(component))
        if found is None:  # what a monitor sends is about some of its components alone
            return Seen(component or WHOLE_PAGE, Status.NOT_SAID)
        if found.word:
            raise NotReadError(f"it says {quote_text(found.word)}, and what that means is not known")
        return found

    def _describe_missing(self, component: str | None) -> str:
        names = [*dict.fromkeys(each.name for each in self.seen if each.name)]
        near = did_you_mean(component or "", names[:_MOST_NAMES])
        return f"it names no component {quote_text(component or '')}. {near}".strip()


def look_at_all(
    follow: Iterable[Followed],
    folder: Path,
    environment: Environment,
    documents: Mapping[str, bytes],
    time_limit: float = TIME_LIMIT,
) -> list[Look]:
    """Return a look at each page and monitor, in their order; `documents` are those that were given, by their ids.

    Each has a thread: what is slow keeps none of the others waiting, and nothing limits how long the system looks up
    a name.
    """
    ends = monotonic() + time_limit
    waiting: list[tuple[Followed, Queue[Look]]] = []
    for each in follow:
        queue: Queue[Look] = Queue()
        given = documents.get(each.id)
        Thread(target=_put_look, args=(queue, each, folder, environment, given, time_limit), daemon=True).start()
        waiting.append((each, queue))
    return [_take_look(followed, queue, ends) for followed, queue in waiting]


def _put_look(
    queue: "Queue[Look]", followed: Followed, folder: Path, environment: Environment, given: bytes | None, limit: float
) -> None:
    try:
        documents = [given] if given is not None else _read_documents(followed, folder, environment, limit)
        seen = tuple(SOURCES[followed.kind].read(documents)) if documents else ()
        queue.put(Look(followed, seen, is_asked=bool(documents)))
    except (NotReadError, StatusgenError) as error:
        queue.put(Look(followed, failure=str(error)))
    except Exception as error:
        queue.put(Look(followed, failure=f"what it sends cannot be read ({type(error).__name__})"))


def _take_look(followed: Followed, queue: "Queue[Look]", ends: float) -> Look:
    try:
        return queue.get(timeout=max(ends - monotonic(), 0.05))
    except Empty:
        return Look(followed, failure="it takes too long")


def _read_documents(followed: Followed, folder: Path, environment: Environment, time_limit: float) -> list[bytes]:
    """Return the documents of a page or monitor; none if it only sends them. Raise NotReadError."""
    if followed.source is None:
        return []
    if followed.source.startswith(FILE):
        return [_read_file(Path(followed.source.removeprefix(FILE)), folder)]
    headers = _read_key(followed, environment)
    ends = monotonic() + time_limit
    return [
        fetch(url, may_be_private=followed.kind.is_monitor, headers=headers, time_limit=ends - monotonic())
        for url in SOURCES[followed.kind].addresses(followed.source)
    ]


def _read_file(path: Path, folder: Path) -> bytes:
    if path.resolve().is_relative_to(folder.resolve()):
        raise NotReadError(f"{path} is inside of this site, where it would be shared with it. Put it elsewhere")
    try:
        if not path.is_file():
            raise NotReadError(f"{path} is no file")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise NotReadError(f"{path} cannot be read ({error.strerror})") from None
    if len(content) > MAX_BYTES:
        raise NotReadError(f"{path} is larger than {MAX_BYTES:,} bytes")
    return content


def _read_key(followed: Followed, environment: Environment) -> dict[str, str]:
    """Return the header with the key of a page that needs one; raise NotReadError if it is not there."""
    if followed.kind is not FollowKind.HEALTHCHECKS:
        return {}
    try:
        key = read_secret(followed, environment)
    except NotifyError as error:
        raise NotReadError(str(error)) from None
    if key is None:
        raise NotReadError(f"it needs a read-only key of its API: set {variable_name(followed)} to it")
    return {"X-Api-Key": key}
