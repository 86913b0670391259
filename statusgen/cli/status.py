"""`statusgen status`: how every service stands, in the terminal."""

from pathlib import Path

import click

from statusgen.cli.shared import AT, SOURCE, explained, moment_of, sound_site


@click.command()
@SOURCE
@AT
@click.option("--json", "as_json", is_flag=True, help="Print what the site publishes as status.json.")
@explained
def status(source: Path, at: str | None, as_json: bool) -> None:
    """Show how every service stands, problems first."""
    from statusgen.outputs import plain
    from statusgen.outputs.open_data import status as open_data
    from statusgen.status.board import board

    site = sound_site(source)
    now = board(site, moment_of(at, site))
    language = site.languages[0]
    shown = open_data.written(now, language).decode() if as_json else plain.as_text(now, language)
    click.echo(shown, nl=False)
