"""What is being written at the desk: each draft is a journal on the disk, one line for each change of a field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from statusgen.desk.kinds import FormKind
from statusgen.editor.draft_folder import DraftFolder
from statusgen.text import Json

Answers = Mapping[str, tuple[str, ...]]
"""What each field of a form says, by the name of the field; one that says nothing is left out."""


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

    @property
    def version(self) -> str:
        """What is another after each change, of which there can be several in a second."""
        return f"{len(self.changes)} {self.kept_at.isoformat()}"

    def first(self, name: str) -> str:
        """Return what a field says that has one value; "" for nothing."""
        return next(iter(self.answers.get(name, ())), "")

    def lines(self, name: str) -> tuple[str, ...]:
        """Return what a field says that has one thing on each line."""
        return tuple(line.strip() for line in self.first(name).splitlines() if line.strip())


class DraftStore:
    """The forms that are being filled in, among the drafts of one site; those of commands are not listed."""

    def __init__(self, folder: Path) -> None:
        self._drafts = DraftFolder(folder)

    def create(self, kind: FormKind, post: str, base: str, now: datetime) -> Draft:
        """Begin a draft."""
        head: Json = {"kind": kind.value, "post": post, "base": base, "opened": now.isoformat()}
        return Draft(self._drafts.begin(head), kind, post, base, now)

    def list_all(self) -> list[Draft]:
        """Return the drafts that can be read, the one that was changed last first."""
        found = [draft for id in self._drafts.list_ids() if (draft := self.read(id))]
        return sorted(found, key=lambda draft: draft.kept_at, reverse=True)

    def read(self, id: str) -> Draft | None:
        """Return a draft; None if there is none of that name."""
        entries = self._drafts.read(id)
        return _replay(id, entries) if entries else None

    def change(self, draft: Draft, answers: Answers, now: datetime) -> Draft:
        """Keep what the fields say that are named, and return the draft with it, once it is on the disk.

        Raise OSError if the disk is full.
        """
        new = {name: values for name, values in answers.items() if values != draft.answers.get(name, ())}
        if new:
            self._drafts.append(
                draft.id, {"at": now.isoformat(), "set": {name: [*values] for name, values in new.items()}}
            )
        return self.read(draft.id) or draft

    def undo(self, draft: Draft, now: datetime) -> tuple[Draft, Change | None]:
        """Take back the last change of a field, and return the draft without it, and the change."""
        if not draft.changes:
            return draft, None
        last = draft.changes[-1]
        self._drafts.append(draft.id, {"at": now.isoformat(), "undo": True})
        return self.read(draft.id) or draft, last

    def rebase(self, draft: Draft, base: str, now: datetime) -> Draft:
        """Note that the person has seen the post whose digest is `base`, and return the draft that knows it."""
        self._drafts.append(draft.id, {"at": now.isoformat(), "base": base})
        return self.read(draft.id) or draft

    def discard(self, id: str) -> None:
        """Put a draft away: it is no longer listed, and stays on the disk for a while."""
        self._drafts.discard(id)

    def bring_back(self, id: str) -> None:
        """List a draft again that was put away."""
        self._drafts.bring_back(id)


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
