"""`statusgen build`: the site, all of it or nothing."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from statusgen.cli.shared import AT, SOURCE, explained, moment_of, shown, sound_site


@click.command()
@SOURCE
@click.option(
    "--output", type=click.Path(path_type=Path), help="The folder for the site. Default: site/ in the source."
)
@AT
@click.option("--drafts", is_flag=True, help="Show posts that are marked as drafts too.")
@explained
def build(source: Path, output: Path | None, at: str | None, drafts: bool) -> None:
    """Build the site: all of it or, if anything is wrong, nothing."""
    from statusgen import folder
    from statusgen.outputs.every import every_file
    from statusgen.status.board import board
    from statusgen.theme.look import Look

    began = time.perf_counter()
    site = sound_site(source)
    now = board(site, moment_of(at, site), drafts)
    files = _counting(every_file(now, Look(source)))
    target = output if output is not None else source / "site"
    written = folder.write(files, target, source=source)
    seconds = time.perf_counter() - began
    counts = f"{len(written.written)} written, {len(written.kept)} unchanged, {len(written.removed)} removed"
    click.echo(f"Built {target / 'index.html'} in {seconds:.1f} s: {counts}.")
    click.echo(f"It shows {shown(now.moment, site)}.")
    if drafts and any(incident.draft for incident in site.incidents):
        click.echo("It shows drafts too: do not publish it.")
    if now.next_change:
        click.echo(f"It will need building again at {shown(now.next_change, site)}.")


def _counting(files: Iterable[Any]) -> Iterable[Any]:
    """Count the files on the terminal, where there is one and they are many."""
    import sys

    for number, file in enumerate(files, 1):
        if number % 200 == 0 and sys.stderr.isatty():
            click.echo(f"\r{number} files …", nl=False, err=True)
        yield file
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
