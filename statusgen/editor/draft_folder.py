"""The drafts of one site, those of the desk and those of commands: each is a journal of its own.

The first line says what it is: a form that is being filled in has a `kind`, and a `command` that was broken off its
name. The lines after it are changes, each on the disk before anybody is told so; `set` is what fields of a form say,
and `said` what was answered to a command.
"""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from statusgen.editor.journal import append_line, read_lines
from statusgen.text import Json

MAX_DRAFT_BYTES = 16 * 1024 * 1024
"""Each change has all that its field says: this is an hour of typing without a break in a text of several pages."""
_LISTED, _PUT_AWAY = ".jsonl", ".done"
_ID = re.compile(r"[0-9a-f]{16}")


class DraftFolder:
    """The drafts below a site's private folder, which only its owner can read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "drafts"

    def begin(self, head: Json) -> str:
        """Begin a draft with what it is, and return its id. Raise OSError if the disk is full, as `append` does."""
        id = secrets.token_hex(8)
        self.append(id, head)
        return id

    def append(self, id: str, entry: Json) -> None:
        """Add a line to a draft, which is on the disk when this returns."""
        append_line(self.path(id), entry, MAX_DRAFT_BYTES)

    def list_ids(self, *, put_away: bool = False) -> list[str]:
        """Return the ids of all drafts but those that were put away, or of those alone."""
        suffix = _PUT_AWAY if put_away else _LISTED
        return [path.stem for path in self._list_files() if path.suffix == suffix]

    def exists(self, id: str) -> bool:
        """Return whether there is such a draft, put away or not."""
        return self.path(id).exists() or self.put_away_path(id).exists()

    def read(self, id: str, *, put_away: bool = False) -> list[dict[str, object]] | None:
        """Return the lines of a draft, or of one that was put away; None if there is none of that name."""
        if not _ID.fullmatch(id):
            return None
        try:
            return [*read_lines(self.put_away_path(id) if put_away else self.path(id))]
        except OSError:
            return None

    def discard(self, id: str) -> None:
        """Put a draft away: it is no longer listed, and stays on the disk for a while."""
        if _ID.fullmatch(id) and self.path(id).exists():
            os.utime(self.path(id))  # from now on
            self.path(id).replace(self.put_away_path(id))

    def bring_back(self, id: str) -> None:
        """List a draft again that was put away."""
        if _ID.fullmatch(id) and self.put_away_path(id).exists():
            self.put_away_path(id).replace(self.path(id))

    def delete(self, id: str) -> None:
        """Delete a draft, put away or not."""
        if _ID.fullmatch(id):
            for path in (self.path(id), self.put_away_path(id)):
                path.unlink(missing_ok=True)

    def path(self, id: str) -> Path:
        """Return the file of a draft."""
        return self._folder / f"{id}{_LISTED}"

    def put_away_path(self, id: str) -> Path:
        """Return the file of a draft that was put away."""
        return self._folder / f"{id}{_PUT_AWAY}"

    def _list_files(self) -> list[Path]:
        with suppress(OSError):
            return sorted(path for path in self._folder.iterdir() if _ID.fullmatch(path.stem))
        return []
