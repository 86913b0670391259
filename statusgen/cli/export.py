"""`statusgen export`: what other programs and people need of the site, as one file."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from statusgen.board.board import make_board
from statusgen.cli.errors import handle_errors
from statusgen.cli.flags import SOURCE
from statusgen.cli.moments import AT, print_early_updates, resolve_moment

if TYPE_CHECKING:
    from statusgen.board.model.whole_board import Board

OUTPUT = click.option(
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write. Default: print it.",
)


@click.group()
def export() -> None:
    """Print the history as a table, a report of a year, or redirects for a web server."""


@export.command()
@SOURCE
@AT
@OUTPUT
@handle_errors
def history(source: Path, at: str | None, output: Path | None) -> None:
    """Print how each service stood in each incident, as a table (CSV) for spreadsheets."""
    from statusgen.outputs.exports.history_table import make_history_table

    _write(lambda board: make_history_table(board, board.site.languages[0]), source, at, output)


@export.command()
@click.argument("year", type=click.IntRange(1970, 2200))
@SOURCE
@AT
@OUTPUT
@handle_errors
def report(year: int, source: Path, at: str | None, output: Path | None) -> None:
    """Print what was said in YEAR, in Markdown, for a council or an annual report."""
    from statusgen.outputs.exports.year_report import make_year_report

    _write(lambda board: make_year_report(year, board, board.site.languages[0]).encode(), source, at, output)


@export.command()
@click.option("--for", "server", type=click.Choice(["nginx", "apache", "caddy"]), required=True, help="The web server.")
@SOURCE
@AT
@OUTPUT
@handle_errors
def redirects(server: str, source: Path, at: str | None, output: Path | None) -> None:
    """Print what leads from old addresses to the site, as lines for the configuration of a web server."""
    from statusgen.outputs.redirects import server_lines

    _write(lambda board: server_lines(server, board).encode(), source, at, output)


def _write(make: "Callable[[Board], bytes]", source: Path, at: str | None, output: Path | None) -> None:
    """Make a file of what is true at the moment, and write or print it."""
    from statusgen.cli.load import load_site

    reading = resolve_moment(at, load_site(source, at=at))
    content = make(make_board(reading.site, reading.moment, with_next_change=False))
    if output is None:
        click.echo(content, nl=False)
    else:
        output.write_bytes(content)
    print_early_updates(reading)
