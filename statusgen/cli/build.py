"""`statusgen build`: the site, all of it or nothing."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from statusgen.cli import genuine, quarantine
from statusgen.cli.shared import AT, SOURCE, explained, shown


@click.command()
@SOURCE
@click.option(
    "--output", type=click.Path(path_type=Path), help="The folder for the site. Default: site/ in the source."
)
@AT
@click.option("--no-cache", is_flag=True, help="Make everything anew. The outcome is the same; it takes longer.")
@click.option("--drafts", is_flag=True, help="Show posts that are marked as drafts too.")
@genuine.flags
@quarantine.flags
@explained
def build(
    source: Path,
    output: Path | None,
    at: str | None,
    no_cache: bool,
    drafts: bool,
    compress: tuple[str, ...],
    keys: tuple[Path, ...],
    require_signed: Path | None,
    since: str | None,
    **choices: bool,
) -> None:
    """Build the site: all of it or, if anything is wrong, nothing."""
    from statusgen.cache import Cache
    from statusgen.folder.whole import write
    from statusgen.inspecting.every import inspected
    from statusgen.inspecting.kept import Kept
    from statusgen.outputs.every import every_file
    from statusgen.status.board import board
    from statusgen.theme.look import Look
    from statusgen.workers import processors

    began = time.perf_counter()
    target = output if output is not None else source / "site"
    with genuine.content(source, target, require_signed, since) as content:
        cache = Cache(None if no_cache else source)
        site, moment, mistakes = quarantine.chosen(content, target, at, cache, choices["quarantine"])
        now = board(site, moment, drafts)
        quarantine.refuse_empty(now, site, target, choices["allow_empty"])
        look = Look(content)
        # Where something is left out, every page says so.
        kept = Kept(now, look, Cache() if site.left_out else cache)
        sound = inspected(every_file(now, look, processors(), kept.files), now, site, drafts)
        files = genuine.finished(sound, now, content, compress, keys)
        written = write(_counting(files), target, source=source)
        kept.forget()
    seconds = time.perf_counter() - began
    counts = f"{len(written.written)} written, {len(written.kept)} unchanged, {len(written.removed)} removed"
    click.echo(f"Built {target / 'index.html'} in {seconds:.1f} s: {counts}.")
    click.echo(f"It shows {shown(now.moment, site)}.")
    if drafts and any(incident.draft for incident in site.incidents):
        click.echo("It shows drafts too: do not publish it.")
    if now.next_change:
        click.echo(f"It will need building again at {shown(now.next_change, site)}.")
    quarantine.tell(mistakes)


def _counting(files: Iterable[Any]) -> Iterable[Any]:
    """Count the files on the terminal, where there is one and they are many."""
    import sys

    for number, file in enumerate(files, 1):
        if number % 200 == 0 and sys.stderr.isatty():
            click.echo(f"\r{number} files …", nl=False, err=True)
        yield file
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
