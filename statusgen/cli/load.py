"""The site in a folder, read for a command, with every mistake in it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from statusgen.cli.moments import machine_clock
from statusgen.content.reader import Content, read_content
from statusgen.lint.clock import find_distant_updates
from statusgen.lint.mistakes import find_mistakes
from statusgen.model.whole_site import Site
from statusgen.problems import ContentError, Problem
from statusgen.speed.cache import Cache
from statusgen.speed.parallel import processor_count
from statusgen.wording.interface import available_languages


def read_site(
    source: Path,
    cache: Cache | None = None,
    quarantined: frozenset[str] = frozenset(),
    get_clock: Callable[[Site], datetime | None] = lambda _site: None,
) -> tuple[Content, list[Problem]]:
    """Return what can be read in the folder, and every mistake in it; the files in `quarantined` are not read.

    `get_clock` returns what the clock says, by which nothing may be dated far ahead; None if that is no mistake.
    """
    content = read_content(
        source, available_languages(), cache=cache, quarantined=quarantined, processes=processor_count()
    )
    if content.site is None:
        return content, content.problems
    problems = [*content.problems, *find_mistakes(content.site, content.texts, content.problems, cache)]
    if clock := get_clock(content.site):
        problems += find_distant_updates(content.site, clock, content.texts)
    return content, problems


def load_site(source: Path, cache: Cache | None = None, at: str | None = None) -> Site:
    """Return the site in the folder, for the moment `at`; raises ContentError with every mistake in it.

    Posts that are in the cache are not read again.
    """
    content, problems = read_site(source, cache, get_clock=partial(machine_clock, at))
    if problems or content.site is None:
        raise ContentError(problems)
    return content.site
