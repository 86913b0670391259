"""`statusgen build`: the site, all of it or nothing."""

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from statusgen.cli import genuine, quarantine
from statusgen.cli.shared import AT, SOURCE, clock, explained, shown


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
    from statusgen.folder.untouched import Untouched

    began = time.perf_counter()
    target = output if output is not None else source / "site"
    cache = Cache(None if no_cache else source)
    with genuine.content(source, target, require_signed, since) as content:
        # What is signed, or not whole, is always built.
        plain = not (require_signed or keys or choices["quarantine"])
        asked = (at or "", str(drafts), str(choices["allow_empty"]), *compress)
        last = Untouched.since(cache if plain else Cache(), source, target, asked, time.time_ns())
        fixed = None if at else clock()
        if told := last.told(fixed):
            _tell(target, began, told)
            return

        from statusgen.folder.whole import write
        from statusgen.inspecting.every import inspected
        from statusgen.inspecting.kept import Kept
        from statusgen.outputs.every import every_file
        from statusgen.status.board import board
        from statusgen.theme.look import Look
        from statusgen.workers import processors

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
    more = [*_more(now, site, drafts)]
    unchanged = f"0 written, {len(written.written) + len(written.kept)} unchanged, 0 removed"
    last.note(site, None if site.as_of else fixed, [unchanged, *more])
    counts = f"{len(written.written)} written, {len(written.kept)} unchanged, {len(written.removed)} removed"
    _tell(target, began, [counts, *more])
    quarantine.tell(mistakes)


def _more(now: Any, site: Any, drafts: bool) -> Iterator[str]:
    """What else whoever builds has to know."""
    yield f"It shows {shown(now.moment, site)}."
    if drafts and any(incident.draft for incident in site.incidents):
        yield "It shows drafts too: do not publish it."
    if now.next_change:
        yield f"It will need building again at {shown(now.next_change, site)}."


def _tell(target: Path, began: float, told: Sequence[str]) -> None:
    click.echo(f"Built {target / 'index.html'} in {time.perf_counter() - began:.1f} s: {told[0]}.")
    for line in told[1:]:
        click.echo(line)


def _counting(files: Iterable[Any]) -> Iterable[Any]:
    """Count the files on the terminal, where there is one and they are many."""
    import sys

    for number, file in enumerate(files, 1):
        if number % 200 == 0 and sys.stderr.isatty():
            click.echo(f"\r{number} files …", nl=False, err=True)
        yield file
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
