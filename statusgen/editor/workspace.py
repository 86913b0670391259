"""A city's folder on the writer's desk: what is there, and how it would read with one file written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from statusgen.cache import Cache
from statusgen.content.disk import read_file
from statusgen.content.posts.blanks import find_blanks
from statusgen.content.reader import Content, read_content
from statusgen.editor import save
from statusgen.lint.mistakes import find_mistakes
from statusgen.model import Incident, Site
from statusgen.problems import ContentError, OutputError, Problem
from statusgen.text import MAX_TEXT_BYTES, decode_text, quote_text


@dataclass(frozen=True)
class DryRun:
    """How the site reads with one file written.

    `others` are the mistakes that it has all the same, in other files; `blanks` those that the new file has because
    something is still to be filled in.
    """

    site: Site
    texts: Mapping[str, str]
    other_mistakes: tuple[Problem, ...]
    blanks: tuple[Problem, ...]


@dataclass(frozen=True)
class Workspace:
    """The folder of a site; `interface` lists the languages that pages can be made in.

    What was read before is taken from the cache.
    """

    folder: Path
    interface_languages: tuple[str, ...]
    cache: Cache = field(default_factory=Cache)

    @cached_property
    def content(self) -> Content:
        """What is written so far."""
        return read_content(self.folder, self.interface_languages, cache=self.cache)

    @property
    def site(self) -> Site:
        """What is written so far, as far as it reads well; raises ContentError without a services.yaml that does."""
        if self.content.site is None:
            raise ContentError(self.content.problems)
        return self.content.site

    @cached_property
    def problems(self) -> frozenset[Problem]:
        """The mistakes of what is written so far."""
        return _find_problems(self.content)

    def read_bytes(self, incident: Incident) -> bytes:
        """The file of a post as it is."""
        return read_file(self.folder, self.folder / incident.place.file, MAX_TEXT_BYTES)

    def dry_run(self, file: str, new: bytes, old: bytes | None, may_have_blanks: bool = False) -> DryRun:
        """How the site reads with `new` in a file that holds `old`; raises ContentError if that makes a mistake.

        Mistakes in other files that were there before are no reason to be silent about an outage.
        """
        after = read_content(self.folder, self.interface_languages, {file: new}, self.cache)
        text, _ = decode_text(new, file)
        new_blanks = tuple(find_blanks(text, file)) if may_have_blanks else ()
        found = _find_problems(after)
        refused = {problem for problem in found if problem not in self.problems or problem.place.file == file}
        refused -= set(new_blanks)
        if refused or after.site is None:
            lines = text.split("\n")
            before = old.count(b"\n") if old else 0
            raise ContentError(_add_source_line(problem, file, lines, before) for problem in refused or found)
        return DryRun(after.site, after.texts, tuple(sorted(found - set(new_blanks))), new_blanks)

    def save(self, file: str, new: bytes, old: bytes | None) -> None:
        """Write the file, whole or not at all; raises OutputError."""
        if not (self.folder / file).resolve().is_relative_to(self.folder.resolve()):
            raise OutputError(f"{file} lies outside of this site, behind a link. Nothing was written.")
        save.save_file(self.folder / file, new, old)


def _find_problems(content: Content) -> frozenset[Problem]:
    mistakes_between_files: Iterator[Problem] = find_mistakes(content.site, content.texts) if content.site else iter(())
    return frozenset([*content.problems, *mistakes_between_files])


def _add_source_line(problem: Problem, file: str, lines: list[str], before: int) -> Problem:
    """The mistake, with the line that it is about where nobody can look it up, as it was not written."""
    number = problem.place.line
    if problem.place.file != file or not before < number <= len(lines) or not lines[number - 1].strip():
        return problem
    return replace(problem, hint=f"{problem.hint} The line is: {quote_text(lines[number - 1])}.".strip())
