"""The ledger: what was sent by which channel, so that nothing is sent twice and nothing is lost without being named.

It is a file of JSON lines to which lines are only ever added. Before anything leaves, it is claimed; afterwards its
result is written. So wherever a sender ends, a claim without a result says that nobody can tell. There are no addresses
in it, and no words of other servers: it may be public.

    {"update": "tag:…", "channel": "water-list", "event": "claimed", "at": "…", "words": "…", "run": "…"}
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol
from urllib.parse import unquote

from pydantic import AwareDatetime, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as validated

from statusgen.problems import NotifyError

MAX_TRIES = 8
_FIRST_DELAY, _MAX_DELAY = timedelta(minutes=5), timedelta(hours=1)


class Event(Enum):
    """What a line says of an update and a channel.

    `RELEASED` gives a claim back of which nothing was tried. A `CLAIMED` that nothing follows is as good as `UNKNOWN`.
    """

    CLAIMED = "claimed"
    SENT = "sent"
    NOT_SENT = "not sent"
    UNKNOWN = "unknown"
    RELEASED = "released"


@validated(frozen=True)
class Entry:
    """A line of the ledger: what happened (`event`) with an update (its tag URI) on a channel, and when.

    `words` is the fingerprint of what it said, and `run` a random name of the run of the command.
    """

    update: str
    channel: str
    event: Event
    at: AwareDatetime
    words: str
    run: str

    @property
    def key(self) -> "Key":
        """What it is about."""
        return key_of(self.update, self.channel)

    def as_line(self) -> bytes:
        """Return it as a line of the file."""
        return _ADAPTER.dump_json(self) + b"\n"


_ADAPTER = TypeAdapter(Entry)


@dataclass(frozen=True)
class Key:
    """What is told once: an update of an incident, by their ids, on a channel. A site that moves does not change it."""

    incident: str
    update: str
    channel: str

    @property
    def name(self) -> str:
        """What the command line calls the update."""
        return f"{self.incident}/{self.update}"


def key_of(tag: str, channel: str) -> Key:
    """Return the key of an update with this tag URI, which ends with the ids of the incident and of the update."""
    incident, _, update = tag.rpartition("/")
    return Key(unquote(incident.rpartition("/")[2].rpartition(":")[2]), unquote(update), channel)


@dataclass(frozen=True)
class Standing:
    """How far one update is on one channel: the last event, its time, its words, and how often it was not sent."""

    event: Event
    at: datetime
    words: str
    failures: int = 0

    @property
    def is_unknown(self) -> bool:
        """Whether nobody can tell if it was sent."""
        return self.event in (Event.CLAIMED, Event.UNKNOWN)

    @property
    def is_given_up(self) -> bool:
        """Whether it was tried so often that it is not tried again by itself."""
        return self.event is Event.NOT_SENT and self.failures >= MAX_TRIES

    @property
    def next_try(self) -> datetime:
        """From when on it can be tried again, if it was not sent."""
        doublings = max(0, min(self.failures - 1, 10))
        return self.at + min(_FIRST_DELAY * (1 << doublings), _MAX_DELAY)

    def after(self, entry: Entry) -> "Standing":
        """Return the standing once this was written, too."""
        failures = self.failures + (entry.event is Event.NOT_SENT)
        return Standing(entry.event, entry.at, entry.words, failures)


@dataclass(frozen=True)
class Record:
    """What the ledger says, read from its first line to its last."""

    entries: tuple[Entry, ...] = ()
    standings: Mapping[Key, Standing] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[Key, Standing] = {}
        for entry in self.entries:
            before = found.get(entry.key, Standing(Event.RELEASED, entry.at, ""))
            found[entry.key] = before.after(entry)
        object.__setattr__(self, "standings", found)

    def reached(self, key: Key) -> bool:
        """Return whether an update was sent on a channel, as far as anyone can tell."""
        standing = self.standings.get(key)
        return standing is not None and (standing.event is Event.SENT or standing.is_unknown)


def parse_record(content: bytes, name: str) -> Record:
    """Return what the bytes of a ledger say; raise NotifyError. A last line that was cut off was never written."""
    whole = content[: content.rfind(b"\n") + 1]
    return Record(tuple(_parse_lines(whole.splitlines(), name)))


def _parse_lines(lines: Iterable[bytes], name: str) -> Iterator[Entry]:
    for number, line in enumerate(lines, 1):
        try:
            yield _ADAPTER.validate_json(line)
        except ValidationError:
            what = f"{name}:{number}: This is not a line of the record of what was sent, so nothing is sent."
            raise NotifyError(f"{what} Restore the file from a copy, or delete this line.") from None


MakeEntries = Callable[[Record], Sequence[Entry]]
"""Returns what to add to a ledger, from what it says at that moment."""


class Ledger(Protocol):
    """A place where the ledger is. No two senders can add to it at the same time without knowing of each other."""

    def read(self) -> Record:
        """Return what it says now; raise NotifyError."""

    def add(self, make_entries: MakeEntries) -> Sequence[Entry]:
        """Add lines, all or none, and return them; raise NotifyError if it is not certain that they were added."""

    def note_result(self, entry: Entry) -> None:
        """Write a result down at once if that is quick; otherwise with the next `finish`."""

    def finish(self) -> None:
        """Write all results down; raise NotifyError."""


def claim(ledger: Ledger, wanted: Sequence[Entry], again: bool = False) -> Sequence[Entry]:
    """Add the claims that nobody else has made, and return those: they are ours to send. `again`: the unknown, too."""

    def free(record: Record) -> list[Entry]:
        return [entry for entry in wanted if is_free(record.standings.get(entry.key), again)]

    return ledger.add(free)


def is_free(standing: Standing | None, again: bool = False) -> bool:
    """Return whether something can be claimed: nobody has, or what was claimed was not sent."""
    if standing is None or standing.event in (Event.RELEASED, Event.NOT_SENT):
        return True
    return again and standing.is_unknown


def result_of(claimed: Entry, event: Event, at: datetime) -> Entry:
    """Return the line that follows a claim."""
    return replace(claimed, event=event, at=at)
