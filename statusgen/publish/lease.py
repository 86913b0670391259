"""The right to change a target, which only one publisher has at a time: the one that wrote the record last.

The record at the target names its holder, and is only ever written on the condition that it is still as it was read.
A holder writes it again and again, which is how others see that it is alive. Anyone who has seen the same record for a
whole lease, by a clock that nobody can set, may take over. A holder that could not write it stops long before that:
after a quarter of a lease it begins nothing more, and no request of it lasts longer than two thirds of one.
"""

import os
import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from statusgen.problems import PublishError
from statusgen.publish.record import RECORD_FILE, Record, read_record, write_record
from statusgen.publish.store import ConditionError, ConditionsUnknownError, Store, StoreError

LEASE_SECONDS = 120.0
"""How long a record has to stay the same until its holder counts as dead."""
PATIENCE = 2 / 3
"""The part of a lease that a request may last, its retries included."""
_FRESH, _RENEWAL, _LOOK, _LAST_TRY = 1 / 4, 1 / 8, 1 / 60, 1 / 12
MAX_RECORD_BYTES = 50_000_000
_HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-store"}
Say = Callable[[str], None]


class LeaseLostError(Exception):
    """Somebody else publishes, or has published meanwhile."""


class Lease:
    """The right, as long as it is renewed. `tag` is what the record has to have for the next write."""

    def __init__(self, store: Store, seconds: float, say: Say) -> None:
        self._store, self._seconds, self._say = store, seconds, say
        self._has_conditions = True
        self._record, self._tag, self._confirmed = Record(), "", 0.0

    @property
    def interval(self) -> float:
        """How many seconds may pass between two calls of `keep`."""
        return self._seconds * _RENEWAL

    @property
    def is_fresh(self) -> bool:
        """Whether a request that begins now ends before anyone may take over."""
        return _clock() - self._confirmed < self._seconds * _FRESH

    def take(self, record: Record, tag: str) -> None:
        """Write a record with a holder of our own; raise LeaseLostError if there is another than the one of the tag."""
        self._tag = tag
        self._write(replace(record, holder=_name_holder(), turn=record.turn + 1))
        self._try_conditions()

    def keep(self) -> None:
        """Write the record again if it is time to; raise LeaseLostError, or StoreError."""
        if _clock() - self._confirmed >= self.interval:
            self.renew()

    def renew(self) -> None:
        """Write the record again; raise LeaseLostError, or StoreError."""
        self._write(replace(self._record, turn=self._record.turn + 1))

    def end(self, record: Record) -> None:
        """Write what is so from now on, without a holder; raise LeaseLostError, or StoreError."""
        self._write(replace(record, holder="", turn=self._record.turn + 1))

    def give_up(self) -> None:
        """Let others go on, if the store still answers soon. What is uncertain stays in the record."""
        soon = self._store.within(self._seconds * _LAST_TRY)
        with suppress(StoreError, LeaseLostError):
            self._write_if(soon, write_record(replace(self._record, holder="", turn=self._record.turn + 1)))

    def _write(self, record: Record) -> None:
        """Write the record if it is as we know it, also if the answer to that, or to the write before, got lost."""
        content, began = write_record(record), _clock()
        holder = (record.holder or self._record.holder).encode()  # in which is a random word that nobody else knows
        for is_last in (False, True):
            try:
                self._tag = self._write_if(self._store, content)
                break
            except (LeaseLostError, StoreError):
                there, tag = self._store.read(RECORD_FILE, MAX_RECORD_BYTES) or (b"", "")
                if tag != self._tag and there != content and holder not in there:
                    raise LeaseLostError from None
                self._tag = tag
                if there == content:
                    break
                if is_last:
                    raise
        self._record, self._confirmed = record, began

    def _write_if(self, store: Store, content: bytes) -> str:
        """Write the record if it has our tag still, and return its new tag; raise LeaseLostError, or StoreError."""
        if self._has_conditions:
            try:
                return store.write_if(RECORD_FILE, content, _HEADERS, self._tag)
            except ConditionError:
                raise LeaseLostError from None
            except ConditionsUnknownError:
                self._do_without()
        _, tag = store.read(RECORD_FILE, MAX_RECORD_BYTES) or (b"", "")
        if tag != self._tag:
            raise LeaseLostError
        return store.write(RECORD_FILE, content, _HEADERS)

    def _try_conditions(self) -> None:
        """Create the record that is there, with the same bytes, which a store has to refuse."""
        try:
            if self._has_conditions:
                self._tag = self._store.write_if(RECORD_FILE, write_record(self._record), _HEADERS, "")
                self._do_without()
        except ConditionError:
            pass
        except ConditionsUnknownError:
            self._do_without()

    def _do_without(self) -> None:
        self._has_conditions = False
        self._say(
            "This store does not know conditional writes, so it cannot keep two publishers apart: let only one publish."
        )


@dataclass(frozen=True)
class Watch:
    """Looks at the record until nobody publishes: for as long as it changes, but at most for `longest` seconds."""

    store: Store
    target: str
    seconds: float
    say: Say
    longest: float = 3600.0

    def wait_for_turn(self) -> tuple[Record, str]:
        """Return the record and its tag when nobody holds it, or its holder is dead; raise PublishError."""
        last, since, began = "", 0.0, _clock()
        while True:
            content, tag = self.store.read(RECORD_FILE, MAX_RECORD_BYTES) or (None, "")
            record = read_record(content, self.target)
            if not record.holder or _is_dead(record.holder):
                return record, tag
            if not last:
                self.say(f"Someone else is publishing to {self.target}. Waiting until that has ended.")
            if tag != last:
                last, since = tag, _clock()
            elif _clock() - since >= self.seconds:
                return record, tag
            if _clock() - began >= self.longest:
                raise PublishError(self._explain_waiting())
            time.sleep(self.seconds * _LOOK)  # a store tells nobody that an object has changed

    def _explain_waiting(self) -> str:
        minutes = f"{self.longest / 60:.0f} minutes"
        what = f"{self.target}: Someone else has been publishing there for {minutes}, so nothing was sent."
        hint = "Look for a publication that hangs, on another computer or in a workflow, end it, and publish again."
        more = f"If there is none, someone else may write there and changes {RECORD_FILE}: take their key away."
        return f"{what} {hint} {more}"


def _name_holder() -> str:
    """Return a name that nobody else has: the computer, the process, and a random word.

    The record is public, so the computer is named by a hash.
    """
    return f"{_name_computer()} {os.getpid()} {secrets.token_hex(8)}"


def _is_dead(holder: str) -> bool:
    """Return whether a holder was a process of this computer, and is no more."""
    computer, process, *_ = [*holder.split(), "", ""]
    if os.name != "posix" or computer != _name_computer() or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


def _name_computer() -> str:
    """Return the hash of this computer's name, and of the container in it that numbers its processes by itself."""
    try:
        processes = str(Path("/proc/self/ns/pid").readlink())
        started = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
    except OSError:
        processes = started = ""
    return sha256(f"{socket.gethostname()} {started} {processes}".encode()).hexdigest()[:16]


def _clock() -> float:
    """Return the seconds since some moment. Time in which the computer slept counts, and nobody can set it."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
