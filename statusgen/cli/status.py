"""`statusgen status`: how every service stands, in the terminal."""

from pathlib import Path

import click

from statusgen.cli.shared import AT, SOURCE, handle_errors, load_site, resolve_moment


@click.command()
@SOURCE
@AT
@click.option("--json", "as_json", is_flag=True, help="Print what the site publishes as status.json.")
@handle_errors
def status(source: Path, at: str | None, as_json: bool) -> None:
    """Show how every service stands, problems first."""
    from statusgen.board.board import make_board
    from statusgen.outputs import plain_text
    from statusgen.outputs.open_data import status as open_data

    site = load_site(source)
    board = make_board(site, resolve_moment(at, site))
    language = site.languages[0]
    output = open_data.status_json(board, language).decode() if as_json else plain_text.as_text(board, language)
    click.echo(output, nl=False)
