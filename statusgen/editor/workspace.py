"""The folder of a site as its writer works on it: what is there, and what it would be with one more file."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from statusgen.content.disk import read_file
from statusgen.content.posts.blanks import find_blanks
from statusgen.content.reader import Content, read_content
from statusgen.editor import save
from statusgen.english import SeveralTexts
from statusgen.lint.mistakes import find_mistakes
from statusgen.model.posts import Incident
from statusgen.model.whole_site import Site
from statusgen.problems import ContentError, OutputError, Problem
from statusgen.speed.cache import Cache
from statusgen.text import MAX_TEXT_BYTES, decode_text, quote_text


@dataclass(frozen=True)
class DryRun:
    """The site as it would be with one file written.

    `other_mistakes` are those in other files; `blanks` are what is still to be filled in in the new file.
    """

    site: Site
    texts: Mapping[str, str]
    other_mistakes: tuple[Problem, ...]
    blanks: tuple[Problem, ...]


@dataclass(frozen=True)
class Workspace:
    """The folder of a site; `interface_languages` are those that pages can be made in.

    Posts that are in the cache are not read again, and texts in it are not searched for secrets again. `unsaved` are
    more files as they are going to be, by their paths.
    """

    folder: Path
    interface_languages: tuple[str, ...]
    cache: Cache = field(default_factory=Cache)
    unsaved: Mapping[str, bytes] = field(default_factory=dict)
    quotes_lines: ClassVar[bool] = True
    """Whether a mistake quotes its line, for people who see no form of what they write."""

    @cached_property
    def content(self) -> Content:
        """The content as it is on disk."""
        return read_content(self.folder, self.interface_languages, cache=self.cache)

    @property
    def site(self) -> Site:
        """The site as it is on disk, without broken posts; raises ContentError if services.yaml is broken."""
        if self.content.site is None:
            raise ContentError(self.content.problems)
        return self.content.site

    @cached_property
    def problems(self) -> frozenset[Problem]:
        """The mistakes in the content as it is on disk."""
        return self._find_problems(self.content)

    def read_bytes(self, incident: Incident) -> bytes:
        """Return the bytes of a post's file."""
        return read_file(self.folder, self.folder / incident.place.file, MAX_TEXT_BYTES)

    def dry_run(self, file: str, new: bytes, old: bytes | None, may_have_blanks: bool = False) -> DryRun:
        """Return the site as it would be with `new` in place of `old`; raises ContentError if that makes a mistake.

        Earlier mistakes in other files do not count: they must not keep anybody from reporting an outage.
        """
        after = read_content(self.folder, self.interface_languages, {**self.unsaved, file: new}, self.cache)
        text, _ = decode_text(new, file)
        new_blanks = tuple(find_blanks(text, file)) if may_have_blanks else ()
        found = self._find_problems(after)
        refused = {problem for problem in found if problem not in self.problems or problem.place.file == file}
        refused -= set(new_blanks)
        if refused or after.site is None:
            lines = text.split("\n") if self.quotes_lines else []
            before = old.count(b"\n") if old else 0
            raise ContentError(_add_source_line(problem, file, lines, before) for problem in refused or found)
        return DryRun(after.site, after.texts, tuple(sorted(found - set(new_blanks))), new_blanks)

    def save(self, file: str, new: bytes, old: bytes | None) -> None:
        """Write the file, completely or not at all; raises OutputError."""
        if not (self.folder / file).resolve().is_relative_to(self.folder.resolve()):
            raise OutputError(f"{file} is outside this site, behind a link. Nothing was written.")
        save.save_file(self.folder / file, new, old)

    def _find_problems(self, content: Content) -> frozenset[Problem]:
        if content.site is None:
            return frozenset(content.problems)
        between = find_mistakes(content.site, content.texts, content.problems, self.cache)
        return frozenset([*content.problems, *between])


def _add_source_line(problem: Problem, file: str, lines: list[str], before: int) -> Problem:
    """Return the mistake with the text of its line, because nobody can look up a line that was not written."""
    number = problem.place.line
    if problem.place.file != file or not before < number <= len(lines) or not lines[number - 1].strip():
        return problem
    return replace(problem, hint=SeveralTexts(problem.hint, f"The line is: {quote_text(lines[number - 1])}."))
