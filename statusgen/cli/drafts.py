"""What somebody types for a command, kept on the disk until it is written into a post.

Each answer is saved as it is given, so that neither Ctrl-C nor a closed terminal nor an empty battery loses it. It lies
among the drafts of the desk, which can go on with it, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import click

from statusgen.editor.draft_folder import DraftFolder
from statusgen.editor.private_folder import private_folder
from statusgen.text import Json

Values = Mapping[str, object]
"""What the flags and the arguments of a command say, by their names."""

_KEY = "statusgen.draft"


@dataclass(frozen=True)
class Answer:
    """What was typed under a question, and when that run of the command began.

    `flag` is the flag that says the same, like "--title", or "--waiver fees=" with the answer after it; "" if none is.
    """

    question: str
    words: str
    typed_at: datetime
    flag: str = ""


@dataclass
class Draft:
    """One run of a command: what its flags say, and the answers so far; those of an earlier run are given again.

    `now` is when this run began, and `began` the run in which the flags were typed. `post` is the id of the post that
    it is about, "" for a new one or if that is not said yet. It has no `id` until there is something to keep.
    """

    folder: DraftFolder
    id: str
    command: str
    values: Values
    now: datetime
    began: datetime
    post: str = ""
    answers: list[Answer] = field(default_factory=list)
    _given: int = 0
    _kept: int = 0
    _typed_at: datetime | None = None

    @property
    def typed_at(self) -> datetime | None:
        """When the words were typed that are being read, if not now: "in 2 hours" counts from then."""
        typed_at = self._typed_at or self.began
        return typed_at if typed_at != self.now else None

    @property
    def kept_at(self) -> datetime:
        """When the run began in which it was changed last."""
        return max((each.typed_at for each in self.answers), default=self.began)

    @contextmanager
    def reading(self, answer: Answer | None) -> Iterator[None]:
        """Read an answer of an earlier run, or a new one."""
        self._typed_at = answer.typed_at if answer else self.now
        try:
            yield
        finally:
            self._typed_at = None

    def find_answer(self, question: str) -> Answer | None:
        """Return what an earlier run answered; None from the first question on that it was not asked."""
        if self._given < len(self.answers) and self.answers[self._given].question == question:
            return self.answers[self._given]
        del self.answers[self._given :]
        self._kept = min(self._kept, self._given)
        return None

    def keep(self, question: str, words: str, flag: str = "") -> None:
        """Keep an answer that could be used."""
        if self._given == len(self.answers):
            self.answers.append(Answer(question, words, self.now, flag))
        self._given += 1
        if any(each.words for each in self.answers):
            self._save()

    def start_again(self) -> None:
        """Give the answers from the first one on."""
        self._given = 0

    def discard(self) -> None:
        """Delete the draft: what it says is written."""
        with suppress(OSError):
            self.folder.delete(self.id)
        self.answers, self.id, self._kept = [], "", 0

    def tell(self) -> None:
        """Say that the answers are kept, if there are any."""
        if self.answers and self.id:
            where = f"To continue from there: statusgen {self.command}. The desk shows them, too."
            click.echo(f"\nYour answers are kept in your own folder. {where}", err=True)

    def _save(self) -> None:
        try:
            if self.id and not self.folder.path(self.id).exists():  # somebody goes on with it at the desk
                self.id, self._kept = "", 0
            if not self.id:
                head: Json = {"command": self.command, "opened": self.began.isoformat(), "flags": _shorten(self.values)}
                self.id = self.folder.begin(head)
            if new := self.answers[self._kept :]:
                said: list[Json] = [[each.question, each.words, each.typed_at.isoformat(), each.flag] for each in new]
                self.folder.append(self.id, {"post": self.post, "after": self._kept, "said": said})
            self._kept = len(self.answers)
        except OSError as error:
            if len(self.answers) == 1:  # once is enough
                click.echo(f"Your answers cannot be kept until they are written ({error}).", err=True)


def current_draft() -> Draft | None:
    """Return the draft of the command that is running, if answers are kept for it."""
    context = click.get_current_context(silent=True)
    draft = context.meta.get(_KEY) if context else None
    return draft if isinstance(draft, Draft) else None


def note_post(id: str) -> None:
    """Note which post the command that is running is about; say so if somebody is writing about it at the desk."""
    draft = current_draft()
    if draft and draft.post != id:
        draft.post = id
        _tell_forms(draft.folder, id)


def open_draft(site: Path, context: click.Context, values: Values, now: datetime) -> Draft:
    """Begin a draft of a command; offer to go on from one that an earlier run left, with the same flags or none."""
    command, folder = str(context.info_name), DraftFolder(private_folder(site))
    draft = Draft(folder, "", command, values, now, began=now)
    for left in list_drafts(folder, now):
        if left.command == command and _may_go_on(left, values):
            count = "an answer" if len(left.answers) == 1 else f"{len(left.answers)} answers"
            words = " ".join(map(str, _shorten(left.values).values()))
            about = f" ({words[:60]})" if words else ""
            click.echo(f"statusgen {command}{about} was left with {count}.")
            if click.confirm("Continue from there?", default=True):
                draft = left
            else:
                _put_away(left)
            break
    if command == "new":
        _tell_forms(folder, "")
    context.meta[_KEY] = draft
    return draft


def _tell_forms(folder: DraftFolder, post: str) -> None:
    """Say so if forms are being filled in about a post, or about a new one (""): nobody wants to write that twice.

    The desk goes on with them: they can have more than a command asks for, like pictures and languages side by side.
    """
    forms = [lines for id in folder.list_ids() if (lines := folder.read(id)) and "kind" in lines[0]]
    if any(lines[0].get("post") == post and any("set" in line for line in lines) for lines in forms):
        what = f"Something about {post}" if post else "A new post"
        click.echo(f"{what} was begun at the desk, and is not published. To continue: statusgen desk")


def _may_go_on(left: Draft, values: Values) -> bool:
    return all(value in (None, (), False, left.values.get(name)) for name, value in values.items())


def list_drafts(folder: DraftFolder, now: datetime) -> list[Draft]:
    """Return what commands were broken off at, the newest first; what cannot be read stays where it is."""
    found = (read_draft(folder, id, now) for id in folder.list_ids())
    return sorted((draft for draft in found if draft), key=lambda draft: (draft.kept_at, draft.id), reverse=True)


def read_draft(folder: DraftFolder, id: str, now: datetime) -> Draft | None:
    """Return what a command was broken off at; None if there is no such draft."""
    lines = folder.read(id)
    try:
        return _replay(folder, id, lines, now) if lines and "command" in lines[0] else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _replay(folder: DraftFolder, id: str, lines: Sequence[Mapping[str, object]], now: datetime) -> Draft:
    head, answers, post = lines[0], list[Answer](), ""
    flags = head["flags"]
    if not isinstance(flags, dict):
        raise TypeError("The first line is of another kind.")
    for line in lines[1:]:
        said, post = line["said"], str(line["post"])
        if not isinstance(said, list):
            raise TypeError("The line is of another kind.")
        del answers[int(str(line["after"])) :]
        answers += [Answer(str(q), str(w), datetime.fromisoformat(at), str(flag)) for q, w, at, flag in said]
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in flags.items()}
    began = datetime.fromisoformat(str(head["opened"]))
    return Draft(folder, id, str(head["command"]), values, now, began, post, answers, _kept=len(answers))


def _put_away(draft: Draft) -> None:
    """Keep a draft that nobody wants to go on from, where it is not offered again."""
    with suppress(OSError):
        draft.folder.discard(draft.id)
        click.echo(f"It stays in {draft.folder.put_away_path(draft.id)} for a while.")


def _shorten(values: Values) -> dict[str, Json]:
    """Return the values that say something, which are texts, lists of texts and switches."""
    said = {name: value for name, value in values.items() if value not in (None, (), False)}
    return {name: [*map(str, v)] if isinstance(v, tuple) else v if v is True else str(v) for name, v in said.items()}
