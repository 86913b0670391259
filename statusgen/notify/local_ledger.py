"""The ledger in a folder beside services.yaml: the whole of it where there is no remote repository, otherwise a copy.

The folder ignores itself (its own .gitignore), so git neither commits it nor shows it.
"""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from statusgen.git import run_git
from statusgen.notify.ledger import Entry, MakeEntries, Record, parse_record
from statusgen.problems import NotifyError

FOLDER, FILE = ".statusgen-sent", "sent.jsonl"


class LocalLedger:
    """The ledger in a file, under a lock."""

    def __init__(self, source: Path) -> None:
        self.source, self.folder = source, source / FOLDER
        self.name = f"{FOLDER}/{FILE}"

    def read(self) -> Record:
        """Return what the file says; nothing if there is none."""
        return parse_record(self.read_bytes(), self.name)

    def read_bytes(self) -> bytes:
        """Return the bytes of the file; none if there is none."""
        try:
            with self._open(os.O_RDONLY) as file:
                content = file.read()
        except FileNotFoundError:
            return b""
        # Anybody who may commit could otherwise say of anything that it was sent.
        if run_git(self.source, "ls-files", "--error-unmatch", "--", self.name) is not None:
            hint = f"Run: git rm --cached {self.name}"
            raise NotifyError(f"{self.name} is kept in git, so it is not known what was sent from here. {hint}")
        return content

    def _open(self, flags: int) -> BinaryIO:
        """Return the file; raise NotifyError if somebody has put a link, a pipe or the like in its place."""
        # Without O_NONBLOCK, a pipe would keep us waiting.
        safe = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            if self.folder.is_symlink():
                raise OSError(errno.ELOOP, "it is behind a link")
            file = os.fdopen(os.open(self.folder / FILE, flags | safe, 0o644), "r+b" if flags & os.O_RDWR else "rb")
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                file.close()
                raise OSError(errno.EINVAL, "it is not a file")
        except FileNotFoundError:
            raise
        except OSError as error:
            what = f"{self.name} cannot be opened ({error.strerror or error}), so it is not known what was sent."
            raise NotifyError(f"{what} Restore it from a copy, or move it away.") from None
        return file

    def add(self, make_entries: MakeEntries) -> Sequence[Entry]:
        """Add lines under the lock, and have them on the disk before anything is sent."""
        with self.open_locked() as file:
            entries = make_entries(parse_record(file.read(), self.name))
            _append(file, entries)
        return entries

    def note_result(self, entry: Entry) -> None:
        """Write a result down at once."""
        with self.open_locked() as file:
            _append(file, [entry])

    def finish(self) -> None:
        """Do nothing: every result is written already."""

    def replace(self, content: bytes) -> None:
        """Keep the bytes of a ledger that is elsewhere."""
        with self.open_locked() as file:
            file.seek(0)
            file.truncate()
            file.write(content)

    @contextmanager
    def open_locked(self) -> Iterator[BinaryIO]:
        """Give the file, which nobody else writes to meanwhile; it is on the disk after the block."""
        if not self.folder.is_symlink():
            self.folder.mkdir(exist_ok=True)
        # Created without being emptied, which "w" would do.
        with self._open(os.O_RDWR | os.O_CREAT) as file:
            with suppress(FileExistsError), (self.folder / ".gitignore").open("xb") as ignore:
                ignore.write(b"*\n")
            _lock(file)
            yield file
            file.flush()
            os.fsync(file.fileno())


def _append(file: BinaryIO, entries: Sequence[Entry]) -> None:
    """Add lines after the last whole one: what was cut off when a machine died was never acted on."""
    file.seek(0)
    file.seek(file.read().rfind(b"\n") + 1)
    file.truncate()
    file.write(b"".join(entry.as_line() for entry in entries))


def _lock(file: BinaryIO) -> None:
    """Wait for the lock of a file; it ends when the file is closed, or the process dies."""
    try:
        import fcntl
    except ImportError:  # Windows
        what = "There is no lock for files here, so two senders could notify people twice."
        raise NotifyError(f"{what} Keep the site in a git repository that has a remote.") from None
    fcntl.flock(file, fcntl.LOCK_EX)
