"""`statusgen diff`: what residents will see change."""

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from statusgen.cli.shared import AT, SOURCE, handle_errors, load_site, resolve_moment

if TYPE_CHECKING:
    from statusgen.board.model import Board
    from statusgen.files import File
    from statusgen.theme.renderer import Renderer


@click.command()
@SOURCE
@AT
@click.option(
    "--against",
    metavar="URL|FOLDER|REVISION",
    help="A live site, a built one, or a revision of git. Default: site/ in the source, else the last commit.",
)
@handle_errors
def diff(source: Path, at: str | None, against: str | None) -> None:
    """Tell in sentences what residents will see change, before it is published."""
    from statusgen.diff import published
    from statusgen.diff.changes import describe_changes
    from statusgen.diff.other_changes import has_translation_changes

    board, renderer = _load_board_and_renderer(source, source, at)
    files = _make_data_files(board, renderer)
    with tempfile.TemporaryDirectory() as folder:
        if against is None:
            against = str(source / "site") if (source / "site" / "status.json").exists() else "HEAD"
        if "://" in against:
            before = partial(published.load_from_url, against)
        elif Path(against).is_dir():
            before = partial(published.load_from_folder, Path(against))
        else:
            earlier = published.extract_revision(source, against, Path(folder))
            before = partial(
                published.load_from_files, _make_data_files(*_load_board_and_renderer(earlier, source, at))
            )
        first = before(), published.load_from_files(files)
        sentences = describe_changes(*first)
        # A language that only one of them has is told of already.
        for language in (code for code in first[0].other_languages if code in first[1].other_languages):
            if has_translation_changes(
                first, (before(f"{language}/"), published.load_from_files(files, f"{language}/"))
            ):
                sentences.append(f'Words in "{language}" change, where those in "{board.site.languages[0]}" do not.')
    click.echo(f"Compared with {against}:")
    for sentence in sentences:
        click.echo(f"- {sentence}")
    if not sentences:
        click.echo("Residents will see no change.")
    if renderer.has_site_templates:
        click.echo("What templates/ make of the pages was not compared.")


def _load_board_and_renderer(source: Path, theme: Path, at: str | None) -> "tuple[Board, Renderer]":
    from statusgen.board.board import make_board
    from statusgen.theme.renderer import Renderer

    site = load_site(source)
    return make_board(site, resolve_moment(at, site)), Renderer(theme)


def _make_data_files(board: "Board", renderer: "Renderer") -> "list[File]":
    """The files of data, and no others: pages need not be made for this."""
    from statusgen.outputs.open_data import incidents, status

    document = incidents.incident_writer(board, renderer)
    return [*status.files(board, renderer), *(file for incident in board.incidents for file in document(incident))]
