"""A city's folder on the writer's desk: what is there, and how it would read with one file written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from statusgen.cache import Cache
from statusgen.checking.mistakes import mistakes
from statusgen.errors import ContentError, OutputError, Problem
from statusgen.model import Incident, Site
from statusgen.reading.blanks import blanks
from statusgen.reading.content import Content, read
from statusgen.reading.disk import content
from statusgen.reading.documents import MAX_BYTES, decode
from statusgen.reading.values import quoted
from statusgen.writing import saving


@dataclass(frozen=True)
class Tried:
    """How the site reads with one file written.

    `others` are the mistakes that it has all the same, in other files; `blanks` those that the new file has because
    something is still to be filled in.
    """

    site: Site
    texts: Mapping[str, str]
    others: tuple[Problem, ...]
    blanks: tuple[Problem, ...]


@dataclass(frozen=True)
class Desk:
    """The folder of a site; `interface` lists the languages that pages can be made in.

    What was read before is taken from the cache.
    """

    folder: Path
    interface: tuple[str, ...]
    cache: Cache = field(default_factory=Cache)

    @cached_property
    def content(self) -> Content:
        """What is written so far."""
        return read(self.folder, self.interface, cache=self.cache)

    @property
    def site(self) -> Site:
        """What is written so far, as far as it reads well; raises ContentError without a services.yaml that does."""
        if self.content.site is None:
            raise ContentError(self.content.problems)
        return self.content.site

    @cached_property
    def problems(self) -> frozenset[Problem]:
        """The mistakes of what is written so far."""
        return _problems(self.content)

    def bytes_of(self, incident: Incident) -> bytes:
        """The file of a post as it is."""
        return content(self.folder, self.folder / incident.place.file, MAX_BYTES)

    def tried(self, file: str, new: bytes, old: bytes | None, may_have_blanks: bool = False) -> Tried:
        """How the site reads with `new` in a file that holds `old`; raises ContentError if that makes a mistake.

        Mistakes in other files that were there before are no reason to be silent about an outage.
        """
        after = read(self.folder, self.interface, {file: new}, self.cache)
        text, _ = decode(new, file)
        left = tuple(blanks(text, file)) if may_have_blanks else ()
        found = _problems(after)
        refused = {problem for problem in found if problem not in self.problems or problem.place.file == file}
        refused -= set(left)
        if refused or after.site is None:
            lines = text.split("\n")
            before = old.count(b"\n") if old else 0
            raise ContentError(_with_its_line(problem, file, lines, before) for problem in refused or found)
        return Tried(after.site, after.texts, tuple(sorted(found - set(left))), left)

    def save(self, file: str, new: bytes, old: bytes | None) -> None:
        """Write the file, whole or not at all; raises OutputError."""
        if not (self.folder / file).resolve().is_relative_to(self.folder.resolve()):
            raise OutputError(f"{file} lies outside of this site, behind a link. Nothing was written.")
        saving.save(self.folder / file, new, old)


def _problems(content: Content) -> frozenset[Problem]:
    between: Iterator[Problem] = mistakes(content.site, content.texts) if content.site else iter(())
    return frozenset([*content.problems, *between])


def _with_its_line(problem: Problem, file: str, lines: list[str], before: int) -> Problem:
    """The mistake, with the line that it is about where nobody can look it up, as it was not written."""
    number = problem.place.line
    if problem.place.file != file or not before < number <= len(lines) or not lines[number - 1].strip():
        return problem
    return replace(problem, hint=f"{problem.hint} The line is: {quoted(lines[number - 1])}.".strip())
