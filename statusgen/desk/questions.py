"""What a form is made of: questions, each with one field or several, in the order in which people answer them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum


class Shape(Enum):
    """What a field looks like, and what can be said in it."""

    LINE = "line"
    TEXT = "text"
    LIST = "list"
    """One thing on each line."""
    CHOICE_OR_LINE = "choice-or-line"
    """A choice, and a line for any other answer, like another time; the line wins.

    The line's name is that of the field and "-own".
    """
    CHOICE = "choice"
    CHOICES = "choices"
    """Any number of the choices."""
    STATUSES = "statuses"
    """The status of each service and each way to use one; each is a field of its own."""
    PICTURES = "pictures"
    """Pictures that were added, each with what it shows, and room for another."""
    TRANSLATION = "translation"
    """Words beside their original."""
    ROWS = "rows"
    """The status of each of a few services; each is a field of its own."""
    SAID = "said"
    """What residents read now: there is nothing to fill in."""
    SENTENCES = "sentences"
    """Any number of sentences that residents read now, each with a line for what holds instead."""


@dataclass(frozen=True)
class Choice:
    """One answer: its value, its words, and what it means, like the clock time of "30 minutes ago"."""

    value: str
    label: str
    detail: str = ""


@dataclass(frozen=True)
class Row:
    """A service, or a way to use one, whose status can be said: `key` is as posts have it.

    `now` says how it stands at the moment, `advice` what people can do meanwhile, `search` are the words that it is
    found by.
    """

    key: str
    name: str
    now: str = ""
    search: str = ""
    ways: tuple["Row", ...] = ()
    is_named: bool = False
    advice: str = ""


@dataclass(frozen=True)
class Sentence:
    """Something that residents read now: `key` names it, `where` says where it stands, `more` what else to know.

    `value` is what is kept if it is ticked. What holds instead is a status, or words that `hint` gives an example of.
    `standing` has what residents read of it now in the other languages, each with its code.
    """

    key: str
    words: str
    where: str
    value: str
    hint: str = ""
    more: str = ""
    is_status: bool = False
    standing: tuple[tuple[str, str], ...] = ()

    def with_more(self, more: str) -> "Sentence":
        """Return it with something else to know."""
        return replace(self, more=more)


@dataclass(frozen=True)
class Bulk:
    """A button that says the same of several services: `keys`, all of them `status`."""

    label: str
    status: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """Something that can be said: its name in the form, and its words.

    `flags` are the flags of the command that it fills: a mistake in one of them is shown here. `keys` are those of the
    post that it becomes. `original` is what it translates into `language`, if it does.
    """

    name: str
    shape: Shape
    label: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    rows: tuple[Row, ...] = ()
    bulks: tuple[Bulk, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    own_label: str = ""
    flags: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    rows_high: int = 3
    original: str = ""
    language: str = ""
    standing: str = ""
    """What stands there until somebody changes it."""

    @property
    def own_name(self) -> str:
        """The name of the line beside a choice."""
        return f"{self.name}-own"


@dataclass(frozen=True)
class Question:
    """A question, or with `is_optional` a heading over what nobody needs at first."""

    label: str
    fields: tuple[Field, ...]
    hint: str = ""
    is_optional: bool = False


@dataclass(frozen=True)
class FormPage:
    """A form: what it is called, what it asks, and what stands above it."""

    title: str
    intro: str
    questions: tuple[Question, ...]

    def fields(self) -> Iterator[Field]:
        """Yield all fields, in order."""
        return (field for question in self.questions for field in question.fields)
