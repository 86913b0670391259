"""`statusgen serve`: a preview on the writer's own computer."""

from functools import partial
from pathlib import Path

import click

from statusgen.cli.errors import handle_errors
from statusgen.cli.flags import SOURCE
from statusgen.cli.moments import AT, machine_clock, resolve_moment


@click.command()
@SOURCE
@AT
@click.option("--port", default=8000, show_default=True, help="The port to serve on; 0 picks a free one.")
@click.option("--drafts/--no-drafts", default=True, show_default=True, help="Show posts that are marked as drafts.")
@handle_errors
def serve(source: Path, at: str | None, port: int, drafts: bool) -> None:
    """Show the site in a browser on this computer, at any time that you choose, and again after every change."""
    from statusgen.cli.load import read_site
    from statusgen.content.reader import list_source_files
    from statusgen.preview import app
    from statusgen.preview.state import PreviewSource
    from statusgen.speed.cache import Cache

    read = partial(read_site, source, Cache(source), get_clock=partial(machine_clock, at))
    read_clock = partial(resolve_moment, at, drafts=drafts)
    preview = PreviewSource(source, read, read_clock, partial(list_source_files, source), drafts)
    app.serve(preview, port=port, say=click.echo)
