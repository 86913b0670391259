"""`statusgen desk`: forms in a browser, for people who know neither git nor a terminal."""

from pathlib import Path

import click

from statusgen.cli.errors import handle_errors
from statusgen.cli.flags import SOURCE


@click.command()
@SOURCE
@click.option("--port", default=8010, show_default=True, help="The port to serve on; 0 picks a free one.")
@click.option("--open/--no-open", "opens", default=True, show_default=True, help="Open it in the browser.")
@click.option(
    "--pause",
    type=click.IntRange(0, 3600),
    metavar="SECONDS",
    default=10,
    show_default=True,
    help="How long a post waits after “Publish now”, so that it can be taken back.",
)
@click.option(
    "--sign",
    "keys",
    metavar="KEY",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="Sign the page with an SSH key or a minisign key, as build --sign does.",
)
@handle_errors
def desk(source: Path, port: int, opens: bool, pause: int, keys: tuple[Path, ...]) -> None:
    """Write and publish in a browser on this computer: forms, with the page that residents will see beside them.

    Its address opens once, within a minute. To open it again: run the command again. It also continues what
    you began with a command.
    """
    from statusgen.desk.desk import Desk
    from statusgen.desk.run import run_desk

    run_desk(Desk(source, pause, keys), port, click.echo, opens)
