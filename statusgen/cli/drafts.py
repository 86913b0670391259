"""What somebody types for a command, kept on the disk until it is written into a post.

Each answer is saved as it is given, so that neither Ctrl-C nor a closed terminal nor an empty battery loses it.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import click

from statusgen.editor.save import save_file
from statusgen.problems import OutputError

FOLDER = "drafts"
"""The folder beside the posts; git ignores it, nothing in it is published, and only its owner can read it."""
Values = Mapping[str, object]
"""What the flags and the arguments of a command say, by their names."""

_KEY = "statusgen.draft"


@dataclass(frozen=True)
class Answer:
    """What was typed under a question, and when that run of the command began."""

    question: str
    words: str
    typed_at: datetime


@dataclass
class Draft:
    """One run of a command: what its flags say, and the answers so far; those of an earlier run are given again.

    `now` is when this run began, and `began` the run in which the flags were typed.
    """

    path: Path
    command: str
    values: Values
    now: datetime
    began: datetime
    answers: list[Answer] = field(default_factory=list)
    _given: int = 0
    _saved: bytes | None = None
    _typed_at: datetime | None = None

    @property
    def typed_at(self) -> datetime | None:
        """When the words were typed that are being read, if not now: "in 2 hours" counts from then."""
        typed_at = self._typed_at or self.began
        return typed_at if typed_at != self.now else None

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
        return None

    def keep(self, question: str, words: str) -> None:
        """Keep an answer that could be used."""
        if self._given == len(self.answers):
            self.answers.append(Answer(question, words, self.now))
        self._given += 1
        if any(each.words for each in self.answers):
            self._save()

    def start_again(self) -> None:
        """Give the answers from the first one on."""
        self._given = 0

    def discard(self) -> None:
        """Delete the draft: what it says is written."""
        self.answers, self._saved = [], None
        with suppress(OSError):
            self.path.unlink()

    def tell(self) -> None:
        """Say where the answers are, if there are any."""
        if self.answers and self._saved:
            place = f"{FOLDER}/{self.path.name}"
            click.echo(f"\nYour answers are kept in {place}. To go on from there: statusgen {self.command}", err=True)

    def _save(self) -> None:
        answers = [[each.question, each.words, each.typed_at.isoformat()] for each in self.answers]
        document = {"began": self.began.isoformat(), "flags": _shorten(self.values), "answers": answers}
        content = json.dumps(document, indent=1, ensure_ascii=False).encode()
        try:
            _make_folder(self.path.parent)
            save_file(self.path, content, self._saved)
            self._saved = content
        except (OSError, OutputError) as error:
            if len(self.answers) == 1:  # once is enough
                click.echo(f"Your answers cannot be kept until they are written ({error}).", err=True)


def current_draft() -> Draft | None:
    """Return the draft of the command that is running, if answers are kept for it."""
    context = click.get_current_context(silent=True)
    draft = context.meta.get(_KEY) if context else None
    return draft if isinstance(draft, Draft) else None


def open_draft(site: Path, context: click.Context, values: Values, now: datetime) -> Draft:
    """Begin a draft of a command; offer to go on from one that an earlier run left, with the same flags or none."""
    command = str(context.info_name)
    draft = _make_draft(site / FOLDER, command, values, now)
    for left in _read_drafts(site / FOLDER, command, now):
        if all(value in (None, (), False, left.values.get(name)) for name, value in values.items()):
            count = "an answer" if len(left.answers) == 1 else f"{len(left.answers)} answers"
            words = " ".join(map(str, _shorten(left.values).values()))
            about = f" ({words[:60]})" if words else ""
            click.echo(f"statusgen {command}{about} was left with {count}, in {FOLDER}/{left.path.name}.")
            if click.confirm("Go on from there?", default=True):
                draft = left
            else:
                _put_away(left)
            break
    context.meta[_KEY] = draft
    return draft


def _make_draft(folder: Path, command: str, values: Values, now: datetime) -> Draft:
    names = (f"{command}-{now:%Y%m%d-%H%M%S}{more}.json" for more in ("", *(f"-{number}" for number in range(2, 99))))
    path = next((folder / name for name in names if not (folder / name).exists()), folder / f"{command}.json")
    return Draft(path, command, values, now, began=now)


def _read_drafts(folder: Path, command: str, now: datetime) -> Iterator[Draft]:
    """Yield the drafts of a command that are there, the newest first; one that cannot be read stays where it is."""
    for path in sorted(folder.glob(f"{command}-*.json"), reverse=True):
        try:
            content = path.read_bytes()
            document = json.loads(content)
            values = {
                name: tuple(value) if isinstance(value, list) else value for name, value in document["flags"].items()
            }
            answers = [Answer(str(q), str(w), datetime.fromisoformat(at)) for q, w, at in document["answers"]]
            began = datetime.fromisoformat(document["began"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        yield Draft(path, command, values, now, began, answers, _saved=content)


def _put_away(draft: Draft) -> None:
    """Keep a draft that nobody wants to go on from, under a name that is not offered again."""
    place = draft.path.with_suffix(".old")
    with suppress(OSError):
        draft.path.replace(place)
        click.echo(f"It stays in {FOLDER}/{place.name}.")


def _shorten(values: Values) -> dict[str, object]:
    """Return the values that say something."""
    return {name: value for name, value in values.items() if value not in (None, (), False)}


def _make_folder(folder: Path) -> None:
    if folder.is_symlink():
        raise OSError(f"{folder} is a link, and nothing is written through it")
    folder.mkdir(mode=0o700, exist_ok=True)
    with suppress(FileExistsError), (folder / ".gitignore").open("x", encoding="ascii") as opened:
        opened.write("*\n")
