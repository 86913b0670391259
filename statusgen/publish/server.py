"""Publishes in a folder on this computer or on a server that takes ssh: the whole site at once.

In the folder there are `releases/NAME/`, each a whole site, and `current`, a link to the one that residents see. The
system's rsync fills a new release, taking by hard link what the shown one has already; `on_the_host.sh` then checks
that nobody published meanwhile, and renames the link.
"""

import os
import secrets
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from time import monotonic
from typing import IO

from statusgen.files import MARKER
from statusgen.git import find_program
from statusgen.git_network import SSH_OPTIONS, repeat_words
from statusgen.model.targets import TargetAddress
from statusgen.problems import PublishError
from statusgen.publish.built_site import NOT_SERVED, BuiltSite
from statusgen.publish.complaints import find_hint
from statusgen.publish.plan import Plan
from statusgen.publish.record import Record, read_record, write_record
from statusgen.publish.send import digest_of
from statusgen.publish.target import Progress, Published
from statusgen.text import printable
from statusgen.trust.manifest import MAX_BYTES

_SCRIPT = Path(__file__).with_name("on_the_host.sh")
_FIRST_LINE = b"statusgen-publish 1\n"  # anything that the host's shell says before it is passed over
_LOOK = 0.25  # seconds
_MAX = 2 * MAX_BYTES  # bytes that the host may print: a manifest, and a record
_TIMEOUT = 300  # seconds for what the script does, which moves no files over the network
_UNCHANGED = "Residents see what they saw before."
_SOCKET_LENGTH = 80  # bytes of its path, to which ssh adds 17; systems take 103 at most
_IDLE = 60  # seconds after which a connection that was not closed, because we were killed, closes itself

# The exit codes of the script.
_REFUSALS = {
    41: "Someone else published there meanwhile. Publish again, and theirs is taken into account.",
    42: "Someone else is publishing there now. Publish again in a minute; in ten, if they were interrupted.",
    43: f"What is called current there is no link to a release of ours. Move it away, or choose another folder. "
    f"{_UNCHANGED}",
    44: f"That folder cannot be written. Let the user who publishes own it. {_UNCHANGED}",
    45: f"The host has no mv that can rename a link (-T or -h). Install that of GNU or BusyBox there. {_UNCHANGED}",
    47: f"That folder has other files in it. Choose an empty one, or one that does not exist yet. {_UNCHANGED}",
    46: f"There is no rsync on the host. Install it there. {_UNCHANGED}",
}


@dataclass(frozen=True)
class ServerTarget:
    """A folder that a web server sends, by the link `current` in it; on this computer if the address has no host.

    `socket` is where each `ssh` finds the connection that all of them share, if they share one.
    """

    address: TargetAddress
    socket: str = ""

    @property
    def name(self) -> str:
        """Its address."""
        return printable(self.address.text)

    def read_published(self) -> Published:
        """Return the manifest and the record of the release that is shown; the token is its name."""
        answer = self._run_script("read", self.address.path)
        try:
            shown, _, rest = answer.partition(b"\n")
            record, rest = _take_file(rest)
            manifest, _ = _take_file(rest)
        except ValueError:
            raise PublishError(f"{self.name} did not answer to the end. Publish again. {_UNCHANGED}") from None
        return Published(manifest, read_record(record, self.name), shown.decode(errors="replace"))

    def send(self, site: BuiltSite, plan: Plan, published: Published, now: datetime, progress: Progress) -> None:
        """Make a new release of the whole site, and show it at once if nobody published since `published`."""
        base = self.address.path
        if not self.address.host and Path(base).resolve().is_relative_to(site.folder.resolve()):
            raise PublishError(f"{self.name} is in the folder of the built site. Publish in another folder.")
        with self._share_connection() as connected:
            connected._send_release(site, plan, published.token, now, progress)

    def _send_release(self, site: BuiltSite, plan: Plan, shown: str, now: datetime, progress: Progress) -> None:
        base = self.address.path
        name = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digest_of(site)[:12]}"
        # Of its own for each attempt: what a dead attempt may still write must not get into this release.
        partial = f".{name}.{secrets.token_hex(4)}.partial"
        given_up = self._run_script("prepare", base, shown, partial).decode(errors="replace").strip()
        record = write_record(
            Record(manifest=digest_of(site), at=now, signatures=site.signatures, retired=plan.retired)
        ).decode()
        try:
            self._copy_files(site, partial, [release for release in (shown, given_up) if release], plan, progress)
            site.refuse_changes()
            self._run_script("finish", base, shown, partial, name, record, *plan.retired)
        except _CutError:
            raise  # the next attempt takes over what has arrived
        except PublishError:
            self._discard(partial)
            raise

    def _copy_files(self, site: BuiltSite, partial: str, like: list[str], plan: Plan, progress: Progress) -> None:
        """Let rsync fill a release; what one of those in `like` has already is linked, by its content alone."""
        links = (f"--link-dest=../{release}" for release in like)
        excluded = (f"--exclude=/{path}" for path in sorted({MARKER, ".git", *NOT_SERVED}))
        command = [
            _find("rsync"),
            *("--recursive", "--checksum", "--perms", "--chmod=D755,F644", "--timeout=120", "--out-format=%n"),
            *links,
            *excluded,
            *(["-e", shlex.join(self._ssh())] if self.address.host else []),
            f"{site.folder.resolve()}/",
            f"{self._rsync_host()}{self.address.path}/releases/{partial}/",
        ]
        total = len(plan.sent)
        with TemporaryFile() as complaints, _start(command, complaints) as process:
            assert process.stdout
            for number, _ in enumerate((line for line in process.stdout if not line.endswith(b"/\n")), 1):
                progress(min(number, total), total)
            code = process.wait()
            complaints.seek(0)
            said = complaints.read(100_000).decode(errors="replace")
        if code:
            raise self._explain(f"Not all files arrived. {_UNCHANGED}", said)
        progress(total, total)

    def _discard(self, partial: str) -> None:
        """Remove what was sent in vain; on a full disk, nothing else could be."""
        with suppress(PublishError):
            self._run_script("discard", self.address.path, partial)

    def _run_script(self, *arguments: str) -> bytes:
        """Return what the script prints behind its first line."""
        script = f"set -- {shlex.join(arguments)}\n{_SCRIPT.read_text(encoding='utf-8')}"
        command = [*self._ssh(), self._ssh_host(), "sh -s"] if self.address.host else [_find("sh"), "-s"]
        try:
            code, output, complaints = _run_bounded(command, script.encode())
        except (OSError, subprocess.TimeoutExpired):
            raise _CutError(f"{self.name} does not answer. Publish again.") from None
        _, first_line, answer = output.partition(_FIRST_LINE)
        if first_line or (arguments[0] == "discard" and not code):
            return answer
        said = complaints.decode(errors="replace")
        if refusal := _REFUSALS.get(code):
            raise PublishError(f"{self.name}: {find_hint(said) or refusal}{_quote(said)}")
        unknown = "It is not known whether the new site is shown." if arguments[0] == "finish" else _UNCHANGED
        raise self._explain(unknown if find_hint(said) else f"The host did not answer to the end. {unknown}", said)

    @contextmanager
    def _share_connection(self) -> Iterator["ServerTarget"]:
        """Give the same target, for which each `ssh` uses the connection of the first, until the end of the block.

        To open one takes several journeys to the host and back. Where they cannot share one, each opens its own.
        """
        with TemporaryDirectory() as folder:
            socket = f"{folder}/ssh"
            can_share = self.address.host and os.name == "posix" and len(os.fsencode(socket)) <= _SOCKET_LENGTH
            target = replace(self, socket=socket if can_share else "")
            try:
                yield target
            finally:
                target._close_connection()

    def _close_connection(self) -> None:
        """Close the connection that is shared, if there is one."""
        if self.socket:
            command = [*self._ssh(), "-O", "exit", self._ssh_host()]
            with suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_IDLE)

    def _ssh(self) -> list[str]:
        options = [*SSH_OPTIONS, *(("ControlMaster=auto", f"ControlPersist={_IDLE}") if self.socket else ())]
        port = ["-p", str(self.address.port)] if self.address.port else []
        socket = ["-S", self.socket.replace("%", "%%")] if self.socket else []
        return [_find("ssh"), *(word for option in options for word in ("-o", option)), *socket, *port]

    def _ssh_host(self) -> str:
        """Return the host as ssh takes it: an address of IPv6 has no brackets."""
        user = f"{self.address.user}@" if self.address.user else ""
        return f"{user}{self.address.host.strip('[]')}"

    def _rsync_host(self) -> str:
        user = f"{self.address.user}@" if self.address.user else ""
        return f"{user}{self.address.host}:" if self.address.host else ""

    def _explain(self, what: str, said: str) -> PublishError:
        """Return the error for what ssh or rsync said: one that is final, if there is something to do about it."""
        hint = find_hint(said)
        error = PublishError if hint else _CutError
        return error(f"{self.name}: {what} {hint or 'Publish again.'}{_quote(said)}")


class _CutError(PublishError):
    """The connection, or a program, ended before it was done."""


def _run_bounded(command: list[str], script: bytes) -> tuple[int, bytes, bytes]:
    """Run a command, and return its exit code and what it prints: at most so much, for a host may print without end.

    Raise OSError, or TimeoutExpired.
    """
    # Into files: a pipe would have to be read by threads, and would be kept open by what the command started.
    with TemporaryFile() as output, TemporaryFile() as complaints, TemporaryFile() as given:
        given.write(script)
        given.seek(0)
        with subprocess.Popen(command, stdin=given, stdout=output, stderr=complaints) as process:
            ends = monotonic() + _TIMEOUT
            while True:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_LOOK)
                    break
                if monotonic() > ends or max(os.fstat(each.fileno()).st_size for each in (output, complaints)) > _MAX:
                    process.kill()
                    raise subprocess.TimeoutExpired(command, _TIMEOUT)
        for file in (output, complaints):
            file.seek(0)
        return process.returncode, output.read(_MAX), complaints.read(_MAX)


def _take_file(answer: bytes) -> tuple[bytes | None, bytes]:
    """Return the file that an answer begins with, after a line with its length, and the rest; None if there is none."""
    length, _, rest = answer.partition(b"\n")
    if length == b"-":
        return None, rest
    if len(rest) < int(length):
        raise ValueError
    return rest[: int(length)], rest[int(length) :]


def _quote(said: str) -> str:
    return f" It said: {repeat_words(said)}" if said.strip() else ""


def _find(program: str) -> str:
    found = find_program(program)
    if not found:
        raise PublishError(f"There is no {program} on this computer. Install it, and publish again.")
    return found


def _start(command: list[str], complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints)
    except OSError as error:
        raise PublishError(f"{command[0]} cannot be started: {error.strerror}.") from None
