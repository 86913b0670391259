"""`statusgen build`: the site, all of it or nothing."""

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from statusgen.cli import genuine, quarantine
from statusgen.cli.shared import AT, SOURCE, clock, explained, is_fixed, shown


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
        asked = Asked(at, drafts, compress, keys, **choices)
        # What is signed, or not whole, is always built.
        plain = not (require_signed or keys or asked.quarantine)
        last = Untouched.since(cache if plain else Cache(), source, target, [repr(asked)], time.time_ns())
        told = last.told(clock)
        mistakes: tuple[str, ...] = ()
        if told is None:
            told, mistakes = _made(content, source, target, asked, cache, last)
    click.echo(f"Built {target / 'index.html'} in {time.perf_counter() - began:.1f} s: {told[0]}.")
    for line in told[1:]:
        click.echo(line)
    quarantine.tell(mistakes)


@dataclass(frozen=True)
class Asked:
    """How to build, as the flags say it."""

    at: str | None
    drafts: bool
    compress: tuple[str, ...]
    keys: tuple[Path, ...]
    quarantine: bool
    allow_empty: bool


def _made(
    content: Path, source: Path, target: Path, asked: Asked, cache: Any, last: Any
) -> tuple[list[str], tuple[str, ...]]:
    """Make the site of `content`; what was done, in lines, and the mistakes for which parts are left out."""
    from statusgen.cache import Cache
    from statusgen.folder.whole import write
    from statusgen.inspecting.every import inspected
    from statusgen.inspecting.kept import Kept
    from statusgen.outputs.every import every_file
    from statusgen.status.board import board
    from statusgen.theme.look import Look
    from statusgen.workers import processors

    site, moment, mistakes = quarantine.chosen(content, target, asked.at, cache, asked.quarantine)
    now = board(site, moment, asked.drafts)
    quarantine.refuse_empty(now, site, target, asked.allow_empty)
    look = Look(content)
    # Where something is left out, every page says so.
    kept = Kept(now, look, Cache() if site.left_out else cache)
    sound = inspected(every_file(now, look, processors(), kept.files), now, site, asked.drafts)
    passed = Passed(genuine.finished(sound, now, content, asked.compress, asked.keys))
    written = write(passed, target, source=source)
    kept.forget()
    more = [*_more(now, site, asked.drafts)]
    unchanged = f"0 written, {len(written.written) + len(written.kept)} unchanged, 0 removed"
    last.note(site, None if asked.at or is_fixed(site) else moment, passed.last, [unchanged, *more])
    counts = f"{len(written.written)} written, {len(written.kept)} unchanged, {len(written.removed)} removed"
    return [counts, *more], mistakes


def _more(now: Any, site: Any, drafts: bool) -> Iterator[str]:
    """What else whoever builds has to know."""
    yield f"It shows {shown(now.moment, site)}."
    if drafts and any(incident.draft for incident in site.incidents):
        yield "It shows drafts too: do not publish it."
    if now.next_change:
        yield f"It will need building again at {shown(now.next_change, site)}."


class Passed:
    """Passes files on, counts them on the terminal where there is one and they are many, and keeps the `last`."""

    def __init__(self, files: Iterable[Any]) -> None:
        self.files = files
        self.last = b""

    def __iter__(self) -> Iterator[Any]:
        """Each file."""
        shows = sys.stderr.isatty()
        for number, file in enumerate(self.files, 1):
            if shows and number % 200 == 0:
                click.echo(f"\r{number} files …", nl=False, err=True)
            self.last = file.content
            yield file
        if shows:
            click.echo("\r\x1b[K", nl=False, err=True)
