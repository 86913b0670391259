"""Issues and comments as GitHub's API gives them (`GET /repos/OWNER/REPO/issues`, and `issues/comments` below that)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from statusgen.imports.json_text import JsonText, NotJson, list_objects
from statusgen.imports.source import Source, SourceError
from statusgen.imports.told import Note, NoteKind
from statusgen.problems import Place

ISSUES, COMMENTS = "issues.json", "comments.json"


def _read_label(value: object) -> object:
    return value.get("name") if isinstance(value, dict) else value


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class UserShape(_Shape):
    """Who wrote something. Nobody's name is imported."""

    login: str = ""
    type: str = "User"

    @property
    def is_robot(self) -> bool:
        """Whether this is a program."""
        return self.type == "Bot" or self.login.endswith("[bot]")


class CommentShape(_Shape):
    """A comment on an issue."""

    id: str = ""
    body: str | None = None
    created_at: str | None = None
    user: UserShape | None = None
    author_association: str | None = None
    issue_url: str = ""


class IssueShape(_Shape):
    """An issue: an outage, planned work, or something that is not about the page."""

    number: int
    title: str = ""
    body: str | None = None
    state: str = "open"
    state_reason: str | None = None
    created_at: str | None = None
    closed_at: str | None = None
    labels: Sequence[Annotated[str, BeforeValidator(_read_label)]] = ()
    comments: int | Sequence[CommentShape] = 0
    pull_request: dict[str, object] | None = None


@dataclass(frozen=True)
class Comment:
    """A comment, and where it is."""

    shape: CommentShape
    place: Place


@dataclass(frozen=True)
class Issue:
    """An issue, where it is, and its comments, the oldest first."""

    shape: IssueShape
    place: Place
    comments: tuple[Comment, ...]


def read_issues(source: Source, notes: list[Note]) -> list[Issue]:
    """Return the issues that are about the page, the oldest first; raise SourceError if there is no file of them."""
    text = source.read_text(ISSUES)
    if text is None:
        what = f"There is no {ISSUES} beside .upptimerc.yml. docs/hosts/moving-upptime.md has the command."
        raise SourceError(f"{what} Nothing was written.")
    comments = _read_comments(source, notes)
    issues: dict[int, Issue] = {}
    document = JsonText(ISSUES, text)
    for thing in _read_objects(document, notes):
        shape = document.fit(thing, IssueShape, notes)
        if shape:
            place = document.place(shape.number)
            found = [*_inner_comments(shape, place), *comments[shape.number]]
            issues[shape.number] = Issue(shape, place, tuple({each.shape.id: each for each in found}.values()))
    return list(_choose_issues(sorted(issues.items()), notes))


def _choose_issues(issues: Iterable[tuple[int, Issue]], notes: list[Note]) -> Iterator[Issue]:
    """Yield the issues of outages and of planned work, as their labels say."""
    left_out: dict[str, list[int]] = defaultdict(list)
    for number, issue in issues:
        labels = {label.casefold() for label in issue.shape.labels}
        if issue.shape.pull_request is not None:
            left_out["pull requests, which are"].append(number)
        elif not labels & {"status", "maintenance"}:
            left_out["issues without the label status or maintenance, which are"].append(number)
        else:
            _note_missing(issue, notes)
            yield issue
    for what, numbers in left_out.items():
        listed = ", ".join(f"#{number}" for number in numbers[:20]) + (" and more" if len(numbers) > 20 else "")
        notes.append(Note(Place(ISSUES), NoteKind.LOSS, f"{len(numbers)} {what} no posts, were left out: {listed}."))


def _note_missing(issue: Issue, notes: list[Note]) -> None:
    expected = issue.shape.comments
    if isinstance(expected, int) and expected > len(issue.comments):
        what = f"{expected - len(issue.comments)} comments on this are not in the folder. What do they say?"
        notes.append(Note(issue.place, NoteKind.QUESTION, what))


def _inner_comments(shape: IssueShape, place: Place) -> list[Comment]:
    return [] if isinstance(shape.comments, int) else [Comment(each, place) for each in shape.comments]


def _read_comments(source: Source, notes: list[Note]) -> dict[int, list[Comment]]:
    """Return the comments by the numbers of their issues, from one file for all or from `comments/NUMBER.json`."""
    comments: dict[int, list[Comment]] = defaultdict(list)
    for path in [COMMENTS, *source.list_files("comments/*.json")]:
        text = source.read_text(path)
        document = JsonText(path, text or "[]")
        for thing in _read_objects(document, notes):
            shape = document.fit(thing, CommentShape, notes)
            number = (shape.issue_url if shape and shape.issue_url else path.removesuffix(".json")).rpartition("/")[2]
            if shape and number.isdecimal():
                comments[int(number)].append(Comment(shape, document.place(shape.id)))
    for found in comments.values():
        found.sort(key=lambda comment: comment.shape.created_at or "")
    return comments


def _read_objects(document: JsonText, notes: list[Note]) -> Iterator[dict[str, object]]:
    try:
        for value in document.read_values():
            yield from list_objects(value)
    except NotJson as error:
        what = "This is not JSON, so what follows here was not read. Was the command interrupted?"
        notes.append(Note(Place(document.path, error.line), NoteKind.QUESTION, what))
