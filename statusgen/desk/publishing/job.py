"""A publication: what was fixed when somebody pressed "Publish now", and how far it has come."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cached_property

from statusgen.text import Json

HOLD = -1
"""The pause of a publication that waits until somebody says that it may go."""


class StepKind(Enum):
    """What is done to publish something, in order. Of places and channels there may be several."""

    CHECK = "check"
    WAIT = "wait"
    JOIN = "join"
    """What colleagues wrote comes in, before anything is written."""
    KEEP = "keep"
    """The post's file is written."""
    SHARE = "share"
    BUILD = "build"
    SEND = "send"
    READ = "read"
    TELL = "tell"


@dataclass(frozen=True)
class Step:
    """One step. `id` is the place that the site is sent to and read from; "" for what is there once."""

    kind: StepKind
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.id}" if self.id else self.kind.value

    @classmethod
    def parse(cls, words: str) -> "Step":
        """Return the step of that name."""
        kind, _, id = words.partition(":")
        return cls(StepKind(kind), id)


class StepState(Enum):
    """How a step stands."""

    TO_COME = "to-come"
    NOW = "now"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """Nobody can tell whether it was done, so it is not done again by itself."""


class Trouble(Enum):
    """Why a publication does not go on."""

    NO_NETWORK = "no-network"
    SHARED_COPY_REFUSES = "shared-copy-refuses"
    SHARED_COPY_BUSY = "shared-copy-busy"
    NOT_SHARED = "not-shared"
    NO_NAME = "no-name"
    TWO_TEXTS = "two-texts"
    MISTAKE = "mistake"
    OTHER_MISTAKE = "other-mistake"
    SERVICES_MISTAKE = "services-mistake"
    HOST_REFUSES = "host-refuses"
    HOST_PASSWORD = "host-password"
    HOST_SILENT = "host-silent"
    HOST_FULL = "host-full"
    NEWER_THERE = "newer-there"
    HALF_THERE = "half-there"
    OLD_PAGE = "old-page"
    NOT_YET = "not-yet"
    DISK_FULL = "disk-full"
    CLOCK = "clock"
    PROMISE_PASSED = "promise-passed"
    WAITED_LONG = "waited-long"
    NO_KEY = "no-key"
    KEY_FAILS = "key-fails"
    UNEXPECTED = "unexpected"

    @property
    def passes_by_itself(self) -> bool:
        """Whether another attempt, a little later, may end it."""
        return self in (
            Trouble.NO_NETWORK,
            Trouble.HOST_SILENT,
            Trouble.SHARED_COPY_BUSY,
            Trouble.OLD_PAGE,
            Trouble.NOT_YET,
        )

    @property
    def is_of_one_place(self) -> bool:
        """Whether a place does not take the page, or does not answer, so that another one may all the same."""
        return self in (Trouble.HOST_SILENT, Trouble.HOST_PASSWORD, Trouble.HOST_REFUSES, Trouble.HOST_FULL)


class Decision(Enum):
    """What a person has decided when a publication did not go on."""

    STILL_TRUE = "still-true"
    CLOCK_IS_RIGHT = "clock-is-right"
    WITHOUT_SHARED_COPY = "without-shared-copy"
    WITHOUT_BROKEN_POSTS = "without-broken-posts"


@dataclass(frozen=True)
class Entry:
    """A line of the journal about a step: what it came to, when, and more about it."""

    step: Step
    state: StepState
    at: datetime
    more: Mapping[str, object]


@dataclass(frozen=True)
class MoreFile:
    """A translation or a picture that belongs to the post: its path, and the digests (SHA-256) of its bytes.

    `old` is what it replaces, "" if there was none.
    """

    path: str
    old: str
    new: str


@dataclass(frozen=True)
class Plan:
    """What is fixed at "Publish now".

    `new` is the text of the post's `file`, and `old` the one that it replaces, None if there was none. `kind` is the
    form's. `leaves` is when it leaves this computer, in seconds of the system's clock; None: when somebody says so.
    `drafted` is the version of its draft, "" if that is not known. `reader` is who has read it, as the writer
    said. `places` are the addresses that residents read, by the place that
    the site is sent to, and `promised` is when the post promises more. `more` is what is published with it.
    """

    draft: str
    kind: str
    post: str
    title: str
    file: str
    old: str | None
    new: str
    at: datetime
    leaves: float | None
    pause: int
    reader: str
    steps: tuple[Step, ...]
    places: Mapping[str, str]
    promised: datetime | None
    more: tuple[MoreFile, ...] = ()
    drafted: str = ""

    @property
    def url(self) -> str:
        """The address at which residents read the post first."""
        return next(iter(self.places.values()), "")

    def as_json(self) -> Json:
        """Return the first line of the journal."""
        return {
            "draft": self.draft,
            "kind": self.kind,
            "post": self.post,
            "title": self.title,
            "file": self.file,
            "old": self.old,
            "new": self.new,
            "at": self.at.isoformat(),
            "leaves": self.leaves,
            "pause": self.pause,
            "reader": self.reader,
            "steps": [str(step) for step in self.steps],
            "places": dict(self.places),
            "promised": self.promised.isoformat() if self.promised else None,
            "more": [[file.path, file.old, file.new] for file in self.more],
            "drafted": self.drafted,
        }

    @classmethod
    def parse(cls, entry: Mapping[str, object]) -> "Plan":
        """Return the plan in the first line of a journal; raise ValueError, KeyError or TypeError if it is none."""
        places, steps, promised = entry["places"], entry["steps"], entry["promised"]
        more = entry.get("more", [])
        old, leaves = entry["old"], entry["leaves"]
        if not isinstance(places, dict) or not isinstance(steps, list) or not isinstance(more, list):
            raise TypeError("The first line is of another kind.")
        return cls(
            draft=str(entry["draft"]),
            kind=str(entry["kind"]),
            post=str(entry["post"]),
            title=str(entry["title"]),
            file=str(entry["file"]),
            old=None if old is None else str(old),
            new=str(entry["new"]),
            at=datetime.fromisoformat(str(entry["at"])),
            leaves=None if leaves is None else float(str(leaves)),
            pause=int(str(entry["pause"])),
            reader=str(entry["reader"]),
            steps=tuple(Step.parse(str(step)) for step in steps),
            places={str(id): str(url) for id, url in places.items()},
            promised=datetime.fromisoformat(str(promised)) if promised else None,
            more=tuple(MoreFile(str(path), str(old), str(new)) for path, old, new in more),
            drafted=str(entry.get("drafted", "")),
        )


class JobState(Enum):
    """How a publication stands as a whole."""

    RUNNING = "running"
    STOPPED = "stopped"
    """Somebody took it back before it left."""
    FAILED = "failed"
    """It needs a person."""
    WAITING = "waiting"
    """It is tried again by itself."""
    HALF_WAY = "half-way"
    """The program that did it is gone, because the computer was, say."""
    PUBLISHED = "published"
    KEPT = "kept"
    """All is done, and only this computer has it: nobody said where it goes."""
    CLOSED = "closed"
    """It ended another way: the post is written again, or somebody put it away."""


@dataclass(frozen=True)
class Job:
    """A publication; `is_alive` says whether the program that does it runs."""

    id: str
    plan: Plan
    lines: Sequence[Mapping[str, object]]
    is_alive: bool = False

    @property
    def is_readable(self) -> bool:
        """Whether each line says something that this program knows; a newer one may have written it."""
        try:
            known = (self.entries, self.decisions, self.state)
        except (KeyError, ValueError):
            return False
        return bool(known)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """What was noted about steps, in order."""
        return tuple(_parse_entries(self.lines))

    @cached_property
    def last(self) -> Mapping[Step, Entry]:
        """The last entry of each step."""
        return {entry.step: entry for entry in self.entries}

    def state_of(self, step: Step) -> StepState:
        """Return how a step stands."""
        entry = self.last.get(step)
        return entry.state if entry else StepState.TO_COME

    def entry(self, kind: StepKind) -> Entry | None:
        """Return the last entry about a kind of step."""
        return next((entry for entry in reversed(self.entries) if entry.step.kind is kind), None)

    def is_done(self, step: Step) -> bool:
        """Return whether a step is done."""
        return self.state_of(step) is StepState.DONE

    def kinds(self, kind: StepKind) -> list[Step]:
        """Return the steps of a kind."""
        return [step for step in self.plan.steps if step.kind is kind]

    @property
    def has_left(self) -> bool:
        """Whether it can no longer be stopped."""
        return all(self.is_done(step) for step in self.kinds(StepKind.WAIT))

    @property
    def is_written(self) -> bool:
        """Whether the post's file has been written."""
        return all(self.is_done(step) for step in self.kinds(StepKind.KEEP))

    @property
    def trouble(self) -> Trouble | None:
        """Why it does not go on, if the last thing that happened is that."""
        said = self.entries[-1].more.get("trouble") if self.entries else None
        return Trouble(said) if said else None

    @property
    def technical(self) -> str:
        """What a program or a host said about that, for the person who looks after it."""
        return str(self.entries[-1].more.get("technical", "")) if self.entries else ""

    @property
    def decisions(self) -> frozenset[Decision]:
        """What somebody has decided."""
        return frozenset(Decision(line["decision"]) for line in self.lines if "decision" in line)

    @property
    def live_since(self) -> datetime | None:
        """When it was first read back from where residents read it."""
        return next((each.at for each in self._reads), None)

    @property
    def live_places(self) -> list[str]:
        """The places from which it was read back, in the order of the plan."""
        found = {each.step.id for each in self._reads}
        return [id for id in self.plan.places if id in found]

    @property
    def live_url(self) -> str:
        """The address at which residents can read it; the first one of the plan if there is none yet."""
        return next((self.plan.places[id] for id in self.live_places), self.plan.url)

    @property
    def is_at_first_place(self) -> bool:
        """Whether residents see it where they look first, and not only at another copy."""
        return self.live_places[:1] == [*self.plan.places][:1]

    @property
    def _reads(self) -> list[Entry]:
        done = (each for each in self.entries if each.step.kind is StepKind.READ and each.state is StepState.DONE)
        return [each for each in done if not each.more.get("nobody")]

    @property
    def state(self) -> JobState:
        """The status as a whole."""
        if self._end:
            return JobState(self._end)
        if self.is_alive:
            return JobState.RUNNING
        if self.trouble:
            return JobState.WAITING if self.trouble.passes_by_itself else JobState.FAILED
        return JobState.HALF_WAY

    @property
    def is_closed(self) -> bool:
        """Whether it ended without being published: it was taken back, or went back to the writer."""
        return self.state in (JobState.STOPPED, JobState.CLOSED)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return bool(self._end)

    @property
    def _end(self) -> str:
        """How it ended; "" if something is to be done, or done again."""
        return str(self._last_end_or_again.get("end", ""))

    @property
    def again(self) -> tuple[str, str] | None:
        """The channel, and the update, that is to be sent again; None if none is."""
        asked = self._last_end_or_again.get("again")
        return (str(asked[0]), str(asked[1])) if isinstance(asked, list) else None

    @property
    def _last_end_or_again(self) -> Mapping[str, object]:
        return next((line for line in reversed(self.lines) if "end" in line or "again" in line), {})

    @property
    def tellings(self) -> list[Mapping[str, object]]:
        """What came of telling each channel, the last time."""
        done = [each for each in self.entries if each.step.kind is StepKind.TELL and each.state is StepState.DONE]
        results = done[-1].more.get("results") if done else None
        return [each for each in results if isinstance(each, dict)] if isinstance(results, list) else []


def _parse_entries(lines: Sequence[Mapping[str, object]]) -> Iterator[Entry]:
    for line in lines:
        if "step" in line:
            at = datetime.fromisoformat(str(line["at"]))
            yield Entry(Step.parse(str(line["step"])), StepState(line["state"]), at, line)


JOB_ID = re.compile(r"[0-9a-f]{16}")
