"""`statusgen status`: the status of every service, in the terminal."""

from pathlib import Path

import click

from statusgen.board.board import make_board
from statusgen.cli.errors import handle_errors
from statusgen.cli.flags import SOURCE
from statusgen.cli.moments import AT, print_early_updates, resolve_moment
from statusgen.speed.cache import Cache


@click.command()
@SOURCE
@AT
@click.option("--json", "as_json", is_flag=True, help="Print what the site publishes as status.json.")
@handle_errors
def status(source: Path, at: str | None, as_json: bool) -> None:
    """Show the status of every service, problems first."""
    from statusgen.cli.load import load_site

    reading = resolve_moment(at, load_site(source, Cache(source), at))
    board = make_board(reading.site, reading.moment)
    language = board.site.languages[0]
    if as_json:
        from statusgen.outputs.open_data.status import status_json

        output = status_json(board, language).decode()
    else:
        from statusgen.outputs.plain_text import as_text

        output = as_text(board, language)
    click.echo(output, nl=False)
    print_early_updates(reading)
