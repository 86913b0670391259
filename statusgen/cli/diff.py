"""`statusgen diff`: what residents will see change."""

from pathlib import Path

import click

from statusgen.cli.errors import handle_errors
from statusgen.cli.flags import SOURCE
from statusgen.cli.moments import AT


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
    """Describe in sentences what residents will see change, before it is published."""
    from statusgen.cli.print_diff import print_diff

    print_diff(source, at, against)
