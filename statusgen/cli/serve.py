"""`statusgen serve`: the preview on one's own computer."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import click

from statusgen.cli.shared import AT, SOURCE, explained, moment_of, sound_site


@click.command()
@SOURCE
@AT
@click.option("--port", default=8000, show_default=True, help="The port to serve on; 0 picks a free one.")
@click.option("--drafts/--no-drafts", default=True, show_default=True, help="Show posts that are marked as drafts.")
@explained
def serve(source: Path, at: str | None, port: int, drafts: bool) -> None:
    """Show the site in a browser on this computer, and again after every change."""
    from statusgen import preview
    from statusgen.outputs.every import every_file
    from statusgen.reading.content import sources
    from statusgen.status.board import board
    from statusgen.theme.look import Look

    def files() -> Iterable[Any]:
        site = sound_site(source)
        return every_file(board(site, moment_of(at, site), drafts), Look(source))

    preview.serve(files, partial(sources, source), port=port, say=click.echo)
