"""What is being written at the desk: each draft is a journal on the disk, one line for each change of a field."""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from statusgen.desk.journal import append_line, read_lines
from statusgen.desk.kinds import FormKind
from statusgen.text import Json

Answers = Mapping[str, tuple[str, ...]]
"""What each field of a form says, by the name of the field; one that says nothing is left out."""

MAX_DRAFT_BYTES = 16 * 1024 * 1024
"""Each change has all that its field says: this is an hour of typing without a break in a text of several pages."""
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Change:
    """One field, changed: what it says now, what it said before, and when it came to the disk."""

    field: str
    new: tuple[str, ...]
    old: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class Draft:
    """A form that is being filled in.

    `post` is the id of the post that it is about, "" for a new one, and `base` the digest (SHA-256) of that post's file
    when the person last saw it. Times like "30 minutes ago" are counted from `opened`.
    """

    id: str
    kind: FormKind
    post: str
    base: str
    opened: datetime
    changes: tuple[Change, ...] = ()
    answers: Answers = field(default_factory=dict)

    @property
    def kept_at(self) -> datetime:
        """When the last change came to the disk."""
        return self.changes[-1].at if self.changes else self.opened

    def first(self, name: str) -> str:
        """Return what a field says that has one value; "" for nothing."""
        return next(iter(self.answers.get(name, ())), "")

    def lines(self, name: str) -> tuple[str, ...]:
        """Return what a field says that has one thing on each line."""
        return tuple(line.strip() for line in self.first(name).splitlines() if line.strip())


class DraftStore:
    """The drafts of one site in a folder that only its owner can read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "drafts"

    def create(self, kind: FormKind, post: str, base: str, now: datetime) -> Draft:
        """Begin a draft."""
        id = secrets.token_hex(8)
        head: Json = {"kind": kind.value, "post": post, "base": base, "opened": now.isoformat()}
        self._append(id, head)
        return Draft(id, kind, post, base, now)

    def list_all(self) -> list[Draft]:
        """Return the drafts that can be read, the one that was changed last first."""
        names = [path.stem for path in self._folder.glob("*.jsonl")] if self._folder.is_dir() else []
        found = [draft for name in names if (draft := self.read(name))]
        return sorted(found, key=lambda draft: draft.kept_at, reverse=True)

    def read(self, id: str) -> Draft | None:
        """Return a draft; None if there is none of that name."""
        if not _ID.fullmatch(id):
            return None
        try:
            entries = [*read_lines(self._path(id))]
        except OSError:
            return None
        return _replay(id, entries)

    def change(self, draft: Draft, answers: Answers, now: datetime) -> Draft:
        """Keep what the fields say that are named, and return the draft with it, once it is on the disk.

        Raise OSError if the disk is full.
        """
        new = {name: values for name, values in answers.items() if values != draft.answers.get(name, ())}
        if new:
            self._append(draft.id, {"at": now.isoformat(), "set": {name: [*values] for name, values in new.items()}})
        return self.read(draft.id) or draft

    def undo(self, draft: Draft, now: datetime) -> tuple[Draft, Change | None]:
        """Take back the last change of a field, and return the draft without it, and the change."""
        if not draft.changes:
            return draft, None
        last = draft.changes[-1]
        self._append(draft.id, {"at": now.isoformat(), "undo": True})
        return self.read(draft.id) or draft, last

    def rebase(self, draft: Draft, base: str, now: datetime) -> Draft:
        """Note that the person has seen the post whose digest is `base`, and return the draft that knows it."""
        self._append(draft.id, {"at": now.isoformat(), "base": base})
        return self.read(draft.id) or draft

    def discard(self, id: str) -> None:
        """Put a draft away: it is no longer listed, and stays on the disk."""
        if _ID.fullmatch(id) and self._path(id).exists():
            self._path(id).replace(self._path(id).with_suffix(".done"))

    def bring_back(self, id: str) -> None:
        """List a draft again that was put away."""
        if _ID.fullmatch(id) and self._path(id).with_suffix(".done").exists():
            self._path(id).with_suffix(".done").replace(self._path(id))

    def _path(self, id: str) -> Path:
        return self._folder / f"{id}.jsonl"

    def _append(self, id: str, entry: Json) -> None:
        append_line(self._path(id), entry, MAX_DRAFT_BYTES)


def _replay(id: str, entries: Sequence[Mapping[str, object]]) -> Draft | None:
    try:
        head = entries[0]
        kind, opened = FormKind(str(head["kind"])), datetime.fromisoformat(str(head["opened"]))
        base = str(head["base"])
        changes: list[Change] = []
        answers: dict[str, tuple[str, ...]] = {}
        for entry in entries[1:]:
            at = datetime.fromisoformat(str(entry["at"]))
            base = str(entry.get("base", base))
            if entry.get("undo") and changes:
                last = changes.pop()
                answers[last.field] = last.old
            for name, values in _settings(entry):
                changes.append(Change(name, values, answers.get(name, ()), at))
                answers[name] = values
    except (KeyError, IndexError, ValueError):
        return None
    said = {name: values for name, values in answers.items() if values}
    return Draft(id, kind, str(head["post"]), base, opened, tuple(changes), said)


def _settings(entry: Mapping[str, object]) -> Iterator[tuple[str, tuple[str, ...]]]:
    said = entry.get("set")
    for name, values in said.items() if isinstance(said, dict) else ():
        yield str(name), tuple(str(value) for value in values) if isinstance(values, list) else ()
