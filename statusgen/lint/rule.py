"""What the rules of advice look at, and what a rule is."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from statusgen.board.model import Board, ServiceStatus
from statusgen.content.posts.update_ids import heading_time
from statusgen.model import Incident, Site, Update, Words
from statusgen.problems import Place, Problem


@dataclass(frozen=True)
class LintContext:
    """All that was written, and how it stands at one moment.

    `texts` has the files to advise on, by their paths within the site's folder, as they were written but with newlines
    only.
    """

    site: Site
    board: Board
    texts: Mapping[str, str]

    def unsilenced_services(self, rule: str) -> Iterator[ServiceStatus]:
        """The services, but for those of which the writer does not want to be told this."""
        return (service for service in self.board.services if rule not in service.service.silence)

    def posts_to_check(self) -> Iterator[Incident]:
        """The posts of which a file is to be advised on."""
        for incident in self.site.incidents:
            file = incident.place.file
            if file in self.texts or any(
                translation_file(file, code) in self.texts for code in incident.translation_languages
            ):
                yield incident

    def find_line(self, start: Place, words: str) -> Place:
        """The first line from `start` on that has the first of these words; `start` itself where none has."""
        several = [re.escape(word) for word in words.split()[:3]]
        for sought in (several, several[:1]) if several else ():
            # Markdown's "_" may stand beside a word, but not between it and another.
            pattern = re.compile(r"(?<![^\W_])(?<![^\W_]_)(?<!-)" + r"\s+".join(sought) + r"(?!-|_?[^\W_])")
            for number, line in self._lines_from(start):
                if pattern.search(line):
                    return Place(start.file, number)
        return start

    def find_key(self, start: Place, name: str) -> Place:
        """The first line from `start` on that begins with this key; `start` itself where none does."""
        found = (number for number, line in self._lines_from(start) if line.startswith(f"{name}:"))
        return Place(start.file, next(found, start.line))

    def _lines_from(self, start: Place) -> Iterator[tuple[int, str]]:
        return enumerate(self.texts.get(start.file, "").split("\n")[start.line - 1 :], start.line)

    def update_place(self, update: Update, language: str) -> Place:
        """Where an update begins in the file that has it in `language`."""
        if language == self.site.languages[0]:
            return update.place
        file = translation_file(update.place.file, language)
        heading = f"## {heading_time(update.id)}"
        for number, line in enumerate(self.texts.get(file, "").split("\n"), 1):
            if line.startswith(heading):
                return Place(file, number)
        return Place(file)


def translation_file(file: str, language: str) -> str:
    """The file with the translation of a post into a language."""
    return f"{file.removesuffix('.md')}.{language}.md"


def words_in(value: Any) -> Iterator[Words]:
    """The words of facts in a value; streets keep their names, and "automatic" is a word of the format."""
    if isinstance(value, Words):
        yield from () if value.texts[0][1].strip(" .").casefold() == "automatic" else [value]
    elif isinstance(value, tuple):
        for one in value:
            yield from words_in(one)
    elif is_dataclass(value) and not isinstance(value, Place):
        for field in fields(value):
            if field.name != "address":
                yield from words_in(getattr(value, field.name))


@dataclass(frozen=True)
class Rule:
    """A rule of advice: its name, by which it is silenced; why it is there; and what finds its cases."""

    name: str
    reason: str
    find: Callable[[LintContext], Iterator[Problem]]


def make_advice(place: Place, what: str, hint: str) -> Problem:
    """What could be better, and how."""
    return Problem(place, what, hint, is_advice=True)
