"""The site in a folder, read for a command, with every mistake in it."""

from pathlib import Path

from statusgen.cache import Cache
from statusgen.content.reader import Content, read_content
from statusgen.lint.mistakes import find_mistakes
from statusgen.model import Site
from statusgen.parallel import processor_count
from statusgen.problems import ContentError, Problem
from statusgen.wording.interface import available_languages


def read_site(
    source: Path, cache: Cache | None = None, quarantined: frozenset[str] = frozenset()
) -> tuple[Content, list[Problem]]:
    """Return what can be read in the folder, and every mistake in it; the files in `quarantined` are not read."""
    content = read_content(
        source, available_languages(), cache=cache, quarantined=quarantined, processes=processor_count()
    )
    if content.site is None:
        return content, content.problems
    return content, [*content.problems, *find_mistakes(content.site, content.texts, content.problems)]


def load_site(source: Path, cache: Cache | None = None) -> Site:
    """Return the site in the folder; raises ContentError with every mistake in it.

    Posts that are in the cache are not read again.
    """
    content, problems = read_site(source, cache)
    if problems or content.site is None:
        raise ContentError(problems)
    return content.site
