"""The comparison that `statusgen diff` prints."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from statusgen.board.board import make_board
from statusgen.board.model.whole_board import Board
from statusgen.cli.load import load_site
from statusgen.cli.moments import print_early_updates, resolve_moment
from statusgen.diff import published
from statusgen.diff.changes import describe_changes
from statusgen.diff.other_changes import has_translation_changes
from statusgen.diff.published import PublishedData
from statusgen.english import English
from statusgen.files import File
from statusgen.outputs.open_data import incidents, status
from statusgen.speed.cache import Cache
from statusgen.theme.renderer import Renderer

LoadLanguage = Callable[[str], PublishedData]
"""Loads the data of a site in one language: "" is the first one, and "es/" another."""


def print_diff(source: Path, at: str | None, against: str | None) -> None:
    """Print what changes for residents from the other site to the one in `source`; raises StatusgenError."""
    reading = resolve_moment(at, load_site(source, Cache(source), at))
    board, renderer = make_board(reading.site, reading.moment), Renderer(source)
    load_after = partial(published.load_from_files, make_data_files(board, renderer))
    if against is None:
        against = str(source / "site") if (source / "site" / "status.json").exists() else "HEAD"
    sentences = [*describe_changes_between(_open_other_site(source, at, against), load_after, board.site.languages[0])]
    click.echo(f"Compared with {against}:")
    for sentence in sentences:
        click.echo(f"- {sentence}")
    if not sentences:
        click.echo("Residents will see no change.")
    print_early_updates(reading)
    if renderer.has_site_templates:
        click.echo("Changes that templates/ make to the pages were not compared.")


def _open_other_site(source: Path, at: str | None, against: str) -> LoadLanguage:
    if "://" in against:
        return partial(published.load_from_url, against)
    if Path(against).is_dir():
        return partial(published.load_from_folder, Path(against))
    with TemporaryDirectory() as folder:
        reading = resolve_moment(at, load_site(published.extract_revision(source, against, Path(folder)), at=at))
        files = make_data_files(make_board(reading.site, reading.moment), Renderer(source))
    return partial(published.load_from_files, files)


def make_data_files(board: Board, renderer: Renderer) -> list[File]:
    """Return the data files alone: the comparison does not need the pages, which take longer."""
    write_incident = incidents.incident_writer(board, renderer)
    return [
        *status.files(board, renderer),
        *(file for incident in board.incidents for file in write_incident(incident)),
    ]


def describe_changes_between(
    load_before: LoadLanguage, load_after: LoadLanguage, first_language: str, read_in: str = ""
) -> Iterator[str]:
    """Yield what residents see change from one site to another, in sentences; raises BaselineError.

    They quote what residents read in the first language; or in the language `read_in`, if everything that changes
    changes there, too.
    """
    first = load_before(""), load_after("")
    # A language that only one of the two has is described in the first one.
    codes = [code for code in first[0].other_languages if code in first[1].other_languages]
    others = {code: (load_before(f"{code}/"), load_after(f"{code}/")) for code in codes}
    told, language = first, first_language
    if read_in in others and not has_translation_changes(others[read_in], first):
        told, language = others[read_in], read_in
    yield from describe_changes(*told)
    for code, other in others.items():
        if has_translation_changes(told, other):
            values = {"language": code, "other": language}
            yield English('Words in "%(language)s" change, but not those in "%(other)s".', **values)
