"""`statusgen export`: what other programs and people need of the site, as one file."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from statusgen.board.board import make_board
from statusgen.cli.errors import NOTHING_WRITTEN, handle_errors, parse_flag
from statusgen.cli.flags import SOURCE
from statusgen.cli.moments import AT, print_early_updates, resolve_moment
from statusgen.problems import InvalidValue, StatusgenError
from statusgen.text import quote_text

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
    """Print the status of each service in each incident, as a table (CSV) for spreadsheets."""
    from statusgen.outputs.exports.history_table import make_history_table

    _write(lambda board: make_history_table(board, board.site.languages[0]), source, at, output)


@export.command()
@click.argument("written_year", metavar="YEAR")
@SOURCE
@AT
@OUTPUT
@handle_errors
def report(written_year: str, source: Path, at: str | None, output: Path | None) -> None:
    """Print what was said in YEAR, in Markdown, for a council or an annual report."""
    from statusgen.outputs.exports.year_report import make_year_report

    year = parse_flag("YEAR", _parse_year, written_year)

    def make(board: "Board") -> bytes:
        _check_year(year, board)
        return make_year_report(year, board, board.site.languages[0]).encode()

    _write(make, source, at, output)


def _parse_year(text: str) -> int:
    """Return a year; raise InvalidValue."""
    if not re.fullmatch("[0-9]{4}", text):
        raise InvalidValue(f"{quote_text(text)} is not a year.", "Write a year such as 2025.")
    return int(text)


def _check_year(year: int, board: "Board") -> None:
    """Raise StatusgenError for a year of which nobody can have said anything here: its report would be empty."""
    from statusgen import history

    first = history.first_year(board)
    if year > board.site.local_day(board.moment).year:
        raise StatusgenError(f"{year} has not begun, so there is nothing to report of it. {NOTHING_WRITTEN}")
    if first is None:
        raise StatusgenError(f"There is no post yet, so there is nothing to report. {NOTHING_WRITTEN}")
    if year < first:
        what = f"No post is so old: the first is of {first}. How things were in {year} is not known here."
        raise StatusgenError(f"{what} {NOTHING_WRITTEN}")


@export.command()
@click.option("--for", "server", type=click.Choice(["nginx", "apache", "caddy"]), required=True, help="The web server.")
@SOURCE
@AT
@OUTPUT
@handle_errors
def redirects(server: str, source: Path, at: str | None, output: Path | None) -> None:
    """Print redirects from old addresses to the site, for the configuration of a web server."""
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
