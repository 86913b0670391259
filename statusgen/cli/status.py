"""`statusgen status`: the status of every service, in the terminal."""

from pathlib import Path

import click

from statusgen.board.board import make_board
from statusgen.cli.errors import handle_errors
from statusgen.cli.flags import SOURCE
from statusgen.cli.moments import AT, print_early_updates, resolve_moment


@click.command()
@SOURCE
@AT
@click.option("--json", "as_json", is_flag=True, help="Print what the site publishes as status.json.")
@handle_errors
def status(source: Path, at: str | None, as_json: bool) -> None:
    """Show the status of every service, problems first."""
    from statusgen.cli.load import load_site
    from statusgen.outputs import plain_text
    from statusgen.outputs.open_data import status as open_data

    reading = resolve_moment(at, load_site(source, at=at))
    board = make_board(reading.site, reading.moment)
    language = board.site.languages[0]
    output = open_data.status_json(board, language).decode() if as_json else plain_text.as_text(board, language)
    click.echo(output, nl=False)
    print_early_updates(reading)
