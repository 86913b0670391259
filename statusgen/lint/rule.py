"""Defines a rule of advice, and what the rules have to look at."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from statusgen.board.clock import ClockReading
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.whole_board import Board
from statusgen.content.posts.blanks import BLANK
from statusgen.content.posts.update_ids import heading_time
from statusgen.model.posts import Incident, Update
from statusgen.model.states import Kind
from statusgen.model.whole_site import Site
from statusgen.model.words import Words
from statusgen.problems import Place, Problem


@dataclass(frozen=True)
class LintContext:
    """Everything that was written, and the status of it all at one moment.

    `texts` has the files to advise on, by their paths within the site's folder, as they were written but with newlines
    only. `reading` is what was read on the clock, if the moment is the clock's. `forms` has the files with forms of the
    host; `missing_files` has what requirements.txt names and is not there, by where it does.
    """

    site: Site
    board: Board
    texts: Mapping[str, str]
    reading: ClockReading | None = None
    forms: Mapping[str, str] = field(default_factory=dict)
    missing_files: Mapping[Place, str] = field(default_factory=dict)

    def unsilenced_services(self, rule: str) -> Iterator[ServiceStatus]:
        """Return the services, except those for which the writer has silenced this rule."""
        return (service for service in self.board.services if rule not in service.service.silence)

    def open_problems(self) -> Iterator[IncidentStatus]:
        """Yield the open incidents; planned work and notices are not among them."""
        return (incident for incident in self.board.open_incidents if incident.incident.kind is Kind.INCIDENT)

    def posts_to_check(self) -> Iterator[Incident]:
        """Yield the posts that have a file to advise on."""
        for incident in self.site.incidents:
            file = incident.place.file
            if file in self.texts or any(
                translation_file(file, code) in self.texts for code in incident.translation_languages
            ):
                yield incident

    def find_line(self, start: Place, words: str) -> Place:
        """Return the first line from `start` on with the first words of a text, or its first word, or else `start`."""
        first_words = [re.escape(word) for word in words.split()[:3]]
        # Three words may be split by the end of a line, or by Markdown; then one has to do.
        for sought in (first_words, first_words[:1]) if first_words else ():
            # Markdown's "_" may be next to a word, but not between it and another.
            pattern = re.compile(r"(?<![^\W_])(?<![^\W_]_)(?<!-)" + r"\s+".join(sought) + r"(?!-|_?[^\W_])")
            for number, line in self._lines_from(start):
                if pattern.search(line):
                    return Place(start.file, number)
        return start

    def find_key(self, start: Place, name: str) -> Place:
        """Return the first line from `start` on that begins with this key, or `start` if none does."""
        numbers = (number for number, line in self._lines_from(start) if line.startswith(f"{name}:"))
        return Place(start.file, next(numbers, start.line))

    def _lines_from(self, start: Place) -> Iterator[tuple[int, str]]:
        return enumerate(self.texts.get(start.file, "").split("\n")[start.line - 1 :], start.line)

    def find_blank(self, update: Update, language: str) -> Place | None:
        """Return where the first blank is in the translation of an update; None if there is none."""
        start = self.update_place(update, language)
        for number, line in self._lines_from(start):
            if number > start.line and re.match(r"##[ \t]+\d", line):
                return None
            if BLANK.search(line):
                return Place(start.file, number)
        return None

    def update_place(self, update: Update, language: str) -> Place:
        """Return where an update begins in the file that has it in `language`."""
        if language == self.site.languages[0]:
            return update.place
        file = translation_file(update.place.file, language)
        heading = f"## {heading_time(update.id)}"
        for number, line in enumerate(self.texts.get(file, "").split("\n"), 1):
            if line.startswith(heading):
                return Place(file, number)
        return Place(file)


def translation_file(file: str, language: str) -> str:
    """Return the file with the translation of a post into a language."""
    return f"{file.removesuffix('.md')}.{language}.md"


def normalize_words(words: Words) -> str:
    """Return words in small letters, with single spaces and no period."""
    return " ".join(words.texts[0][1].casefold().split()).strip(" .")


def words_in(value: object) -> list[Words]:
    """Return the words within a value that can be translated.

    Addresses are not among them, nor is "automatic", which is a word of the format.
    """
    found: list[Words] = []
    _collect_words(value, found)
    return found


def _collect_words(value: object, found: list[Words]) -> None:
    """Add the words within a value: of every fact of every update, so what has none is left out at once."""
    if isinstance(value, Words):
        if value.texts[0][1].strip(" .").casefold() != "automatic":
            found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            _collect_words(item, found)
    else:
        for name in _NAMES[type(value)]:
            if part := getattr(value, name):
                _collect_words(part, found)


class _NamesByClass(dict[type[Any], tuple[str, ...]]):
    """The fields of each class in which words can be, worked out when it is first met."""

    def __missing__(self, kind: type[Any]) -> tuple[str, ...]:
        is_plain = not is_dataclass(kind) or issubclass(kind, Place)
        self[kind] = () if is_plain else tuple(field.name for field in fields(kind) if field.name != "address")
        return self[kind]


_NAMES = _NamesByClass()


@dataclass(frozen=True)
class Rule:
    """A rule of advice: the name by which it can be silenced, the reason for it, and the function that applies it."""

    name: str
    reason: str
    find: Callable[[LintContext], Iterator[Problem]]


def make_advice(place: Place, what: str, hint: str) -> Problem:
    """Return a piece of advice: what could be better, and how."""
    return Problem(place, what, hint, is_advice=True)
