"""Where another status page is read from: a folder, one file, or an address on the web.

Nothing of it is trusted. Sizes are bounded, links out of the folder are not followed, nothing that a repository names
is run, and the web is asked as `verify` asks a copy: limited in time, within one host, without cookies or passwords.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from statusgen.content.disk import read_file
from statusgen.content.posts.commits import read_blobs, read_commits, read_sizes
from statusgen.imports.told import Note, NoteKind
from statusgen.problems import InvalidValue, Place, StatusgenError
from statusgen.text import printable
from statusgen.trust.connections import is_this_computer
from statusgen.trust.copies import MissingFileError, UnreadableFileError, WebCopy

MAX_FILE_BYTES = 20_000_000
_MAX_FILES = 50_000
_MAX_HISTORY_BYTES = 200_000_000
_SKIPPED_FOLDERS = {".git", "node_modules"}


class SourceError(StatusgenError):
    """What was asked for cannot be imported at all, and why; nothing was written."""


@dataclass(frozen=True)
class Answers:
    """What the person at the command line says because no source does.

    `columns` are those of a table, by what is in them.
    """

    timezone: ZoneInfo | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    def choose_zone(self, named: str | None = None) -> ZoneInfo:
        """Return the time zone that the person said, or else the one that the source names.

        Raises SourceError, with the question, if there is neither.
        """
        if self.timezone:
            return self.timezone
        try:
            if named:
                return ZoneInfo(named)
        except (ValueError, OSError):
            pass  # what it names is no zone, so the question is the same
        raise SourceError(
            "In which time zone are the times of this source? It does not say. Say it with --timezone, such as "
            "--timezone America/Chicago. Nothing was written."
        )


@dataclass(frozen=True)
class Version:
    """What was in a file at some time: `time` is that of the commit that made it public, None if that is not known."""

    time: datetime | None
    text: str


class Source(Protocol):
    """Files of another status page, by their paths with forward slashes."""

    @property
    def name(self) -> str:
        """What the person called it."""

    @property
    def notes(self) -> list[Note]:
        """Guesses that were needed to read its files, so far; the report has them anyway."""

    def list_files(self, pattern: str) -> list[str]:
        """Return the paths that match (`content/issues/**/*.md`; `**` is any number of folders), in order.

        On the web nobody can list, so there are none.
        """

    def read_bytes(self, path: str, max_bytes: int = MAX_FILE_BYTES) -> bytes | None:
        """Return the bytes of a file, None if there is none.

        Raises SourceError if it cannot be read, or is larger.
        """

    def read_text(self, path: str, max_bytes: int = MAX_FILE_BYTES) -> str | None:
        """Return what `read_bytes` does as text whose lines end with newlines, without a byte order mark."""

    def read_versions(self, path: str) -> tuple[Version, ...]:
        """Return what git knows that a file contained, oldest first; none outside of git."""


def open_source(name: str) -> Source:
    """Return the source that somebody names: a folder, a file, or an address that begins with https://.

    Raises SourceError if there is no such thing.
    """
    address = urlsplit(name) if "://" in name else None
    if address:
        if address.scheme != "https" and not (address.scheme == "http" and is_this_computer(address.hostname or "")):
            raise SourceError(f"{printable(name)} does not begin with https://. Nothing was written.")
        return WebSource(name)
    path = Path(name)
    if path.is_dir():
        return FolderSource(name, path)
    if path.is_file():
        return FolderSource(name, path.parent, only=path.name)
    raise SourceError(f"There is no folder and no file {printable(name)}. Nothing was written.")


@dataclass(frozen=True)
class FolderSource:
    """A folder on this computer; or the one file of it that is named `only`."""

    name: str
    folder: Path
    only: str | None = None
    notes: list[Note] = field(default_factory=list)

    def list_files(self, pattern: str) -> list[str]:
        """Return the paths that match, in order."""
        wanted = PurePosixPath(pattern).parts
        return [path for path in self._paths if _matches(PurePosixPath(path).parts, wanted)]

    @cached_property
    def _paths(self) -> list[str]:
        """All files, in order of their paths; no links, and nothing of git's."""
        if self.only:
            return [self.only]
        found = []
        for root, folders, names in os.walk(self.folder):
            folders[:] = sorted(set(folders) - _SKIPPED_FOLDERS)
            inner = Path(root).relative_to(self.folder)
            found += [(inner / name).as_posix() for name in names]
            if len(found) > _MAX_FILES:
                raise SourceError(f"{self.name} has more than {_MAX_FILES} files. Nothing was written.")
        return sorted(found)

    def read_bytes(self, path: str, max_bytes: int = MAX_FILE_BYTES) -> bytes | None:
        """Return the bytes of a file, None if there is none; raise SourceError."""
        if self.only not in (None, path) or ".." in PurePosixPath(path).parts:
            return None
        try:
            return read_file(self.folder, self.folder / path, max_bytes)
        except FileNotFoundError:
            return None
        except InvalidValue as error:
            raise SourceError(f"{printable(path)}: {error.message}") from None

    def read_text(self, path: str, max_bytes: int = MAX_FILE_BYTES) -> str | None:
        """Return a file as text, None if there is none; raise SourceError."""
        content = self.read_bytes(path, max_bytes)
        return None if content is None else _decode(content, path, self.notes)

    def read_versions(self, path: str) -> tuple[Version, ...]:
        """Return what git knows that a file contained, oldest first."""
        history = self._history.get(path, ())
        return tuple(Version(time, self._old_texts[blob]) for time, blob in history if blob in self._old_texts)

    @cached_property
    def _history(self) -> dict[str, list[tuple[datetime | None, str]]]:
        """For each text that git knows, the times and the names of its contents, oldest first."""
        history: dict[str, list[tuple[datetime | None, str]]] = {}
        for commit in read_commits(self.folder, ["."]):
            for change in commit.changes:
                path, before = str(change.path), str(change.renamed_from) if change.renamed_from else None
                if before in history and path not in history:
                    history[path] = [*history[before]]
                if change.content and change.path.suffix in _TEXTS:
                    time = commit.time if commit.is_known else None
                    history.setdefault(path, []).append((time, change.content))
        return history

    @cached_property
    def _old_texts(self) -> dict[str, str]:
        names = sorted({blob for history in self._history.values() for _, blob in history})
        size = sum(read_sizes(self.folder, names))
        if size > _MAX_HISTORY_BYTES:
            limit = f"more than {_MAX_HISTORY_BYTES // 1_000_000} MB"
            what = f"The texts in the history of git are {limit}, so no time was taken from there."
            self.notes.append(Note(Place(printable(self.name)), NoteKind.LOSS, what))
            return {}
        return {name: _decode(content, "", []) for name, content in read_blobs(self.folder, names)}


_TEXTS = (".md", ".markdown", ".html", ".yml", ".yaml", ".toml", ".json", ".csv")


def _matches(parts: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    """Return whether a path matches a pattern, in which `**` is any number of folders, none included."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_matches(parts[start:], pattern[1:]) for start in range(len(parts) + 1))
    return bool(parts) and PurePosixPath(parts[0]).match(pattern[0]) and _matches(parts[1:], pattern[1:])


@dataclass(frozen=True)
class WebSource:
    """An address on the web, and what is below it."""

    name: str
    notes: list[Note] = field(default_factory=list)

    @cached_property
    def _copy(self) -> WebCopy:
        return WebCopy(self.name)

    def list_files(self, pattern: str) -> list[str]:  # noqa: ARG002 (as in a folder)
        """Return nothing: nobody can list what is on the web."""
        return []

    def read_bytes(self, path: str, max_bytes: int = MAX_FILE_BYTES) -> bytes | None:
        """Return the bytes of what is at the address, None if there is nothing; raise SourceError."""
        try:
            content = self._copy.read(path, max_bytes)
        except MissingFileError:
            return None
        except UnreadableFileError as error:
            raise SourceError(f"{printable(path)} of {printable(self.name)} {error}. Nothing was written.") from None
        if len(content) > max_bytes:
            limit = f"is larger than {max_bytes // 1_000_000} MB"
            raise SourceError(f"{printable(path)} of {printable(self.name)} {limit}. Nothing was written.")
        return content

    def read_text(self, path: str, max_bytes: int = MAX_FILE_BYTES) -> str | None:
        """Return what is there as text, None if there is nothing; raise SourceError."""
        content = self.read_bytes(path, max_bytes)
        return None if content is None else _decode(content, path, self.notes)

    def read_versions(self, path: str) -> tuple[Version, ...]:  # noqa: ARG002 (as in a folder)
        """Return nothing: the web knows no earlier versions."""
        return ()


def _decode(content: bytes, path: str, notes: list[Note]) -> str:
    """Return bytes as text; what is not in UTF-8 is read as Windows would, and noted."""
    try:
        text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        what = "This file is not in UTF-8. It was read as Windows-1252; look at its letters with accents."
        notes.append(Note(Place(path, line), NoteKind.GUESS, what))
        text = content.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")
