"""What another status page tells, in our own terms, and what has to be said about how it was understood.

Each source has a module beside this one that reads it and returns a `Told`; `write.py` makes the site of it. Nothing
here is worked out: an update has the statuses that the source gives it, and no others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.problems import Place
from statusgen.text import quote_text


class NoteKind(StrEnum):
    """What a line of the report is about."""

    GUESS = "guess"
    """The source does not say it so, and something was chosen."""
    LOSS = "loss"
    """The source says it, and the site does not."""
    QUESTION = "question"
    """Only a person can say it; until then, the site says less."""


@dataclass(frozen=True, order=True)
class Note:
    """One guess, loss or question: where in the source, and in whole sentences what it is and what was done."""

    place: Place
    kind: NoteKind
    what: str


def name_post(note: Note, name: str) -> Note:
    """Return a note with the name of its post before it, if there is one."""
    return replace(note, what=f"{quote_text(name)}: {note.what}") if name else note


@dataclass(frozen=True)
class ToldService:
    """Something that the source calls a system, a component or a site.

    `name` is unique; posts speak of it by that. `group` is the name of one of the groups. `url` is where people use
    it, if the source says so. `was` are the addresses of its page and its feeds on the old site.
    """

    name: str
    place: Place
    summary: str = ""
    group: str | None = None
    url: str | None = None
    keywords: tuple[str, ...] = ()
    was: tuple[str, ...] = ()


@dataclass(frozen=True)
class ToldUpdate:
    """One entry of a post: a moment, or a day where the source has no hour; its text in Markdown.

    The first of a post has no state. Unless `is_time_known`, nobody says when it was, and `time` is only some day on
    which it can have been. Seconds are dropped, two of one minute become one minute apart, and one of which nobody says
    when it was joins the one that it cannot be told apart from: `settle.py` does that, and notes it.

    `statuses` are those of services by their names, as the source gives them from now on; `about` are services that it
    names without a status. `translations` are its text in other languages.
    """

    time: When
    state: State | None
    text: str
    place: Place
    statuses: Mapping[str, Status] = field(default_factory=dict)
    about: tuple[str, ...] = ()
    title: str | None = None
    translations: Mapping[str, str] = field(default_factory=dict)
    is_time_known: bool = True


@dataclass(frozen=True)
class ToldPost:
    """An incident, planned work or a notice.

    `key` names it in its source for good (a path, a number), so that a later import knows it again. `updates` are in
    the order of their times; the first is its opening text. `starts` and `ends` are those of planned work, `ends` also
    that of a notice. `was` are its addresses on the old site, each as a path that begins with a slash. `pictures` are
    the files that its texts show, by the names that they have there (`![A map](map.png)`). It is `unpublished` if
    nobody should read it before a person has answered a question about it. Notes about it begin with its
    `name_in_notes`, where their places do not tell it from other posts.
    """

    key: str
    title: str
    kind: Kind
    started: When
    updates: tuple[ToldUpdate, ...]
    place: Place
    starts: When | None = None
    ends: When | None = None
    was: tuple[str, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    translated_titles: Mapping[str, str] = field(default_factory=dict)
    unpublished: bool = False
    name_in_notes: str = ""


@dataclass(frozen=True)
class Told:
    """All that one source tells. `groups` are names in the order of the old page; `timezone` is an IANA name.

    `was` are the addresses of other pages and feeds on the old site, each with ours that it leads to.
    """

    title: str | None
    url: str | None
    timezone: str
    groups: tuple[str, ...]
    services: tuple[ToldService, ...]
    posts: tuple[ToldPost, ...]
    notes: tuple[Note, ...] = ()
    languages: tuple[str, ...] = ("en",)
    was: Mapping[str, str] = field(default_factory=dict)
