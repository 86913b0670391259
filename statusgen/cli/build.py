"""`statusgen build`: the site, all of it or nothing."""

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from statusgen.cli import quarantine_options, trust_options
from statusgen.cli.shared import AT, SOURCE, format_moment, handle_errors

if TYPE_CHECKING:
    from statusgen.board.model import Board
    from statusgen.cache import Cache
    from statusgen.files import File
    from statusgen.model import Site


@click.command()
@SOURCE
@click.option(
    "--output", type=click.Path(path_type=Path), help="The folder for the site. Default: site/ in the source."
)
@AT
@click.option("--no-cache", is_flag=True, help="Make everything anew. The outcome is the same; it takes longer.")
@click.option("--drafts", is_flag=True, help="Show posts that are marked as drafts too.")
@trust_options.add_options
@quarantine_options.add_options
@handle_errors
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
    **quarantine_flags: bool,
) -> None:
    """Build the site: all of it or, if anything is wrong, nothing."""
    from statusgen.cache import Cache

    began = time.perf_counter()
    target = output if output is not None else source / "site"
    cache = Cache(None if no_cache else source)
    options = BuildOptions(at, drafts, compress, keys, **quarantine_flags)
    with trust_options.verified_source(source, target, require_signed, since) as content:
        report, mistakes = _build_site(content, source, target, options, cache)
    click.echo(f"Built {target / 'index.html'} in {time.perf_counter() - began:.1f} s: {report[0]}.")
    for line in report[1:]:
        click.echo(line)
    quarantine_options.report_left_out(mistakes)


@dataclass(frozen=True)
class BuildOptions:
    """How to build, as the flags say it."""

    at: str | None
    drafts: bool
    compress: tuple[str, ...]
    keys: tuple[Path, ...]
    quarantine: bool
    allow_empty: bool


def _build_site(
    content: Path, source: Path, target: Path, options: BuildOptions, cache: "Cache"
) -> tuple[list[str], tuple[str, ...]]:
    """Make the site of `content`; what was done, in lines, and the mistakes for which parts are left out."""
    from statusgen.audit.audit import audit_files
    from statusgen.audit.incident_cache import IncidentCache
    from statusgen.board.board import make_board
    from statusgen.cache import Cache
    from statusgen.folder.write import write
    from statusgen.outputs.registry import all_files
    from statusgen.parallel import processor_count
    from statusgen.theme.renderer import Renderer

    site, moment, mistakes = quarantine_options.load_site_and_moment(
        content, target, options.at, cache, options.quarantine
    )
    board = make_board(site, moment, options.drafts)
    quarantine_options.refuse_empty(board, site, target, options.allow_empty)
    renderer = Renderer(content)
    # Where something is left out, every page says so.
    kept = IncidentCache(board, renderer, Cache() if site.quarantined_ids else cache)
    sound = audit_files(all_files(board, renderer, processor_count(), kept.get_files), board, site, options.drafts)
    finished = trust_options.finalize_files(sound, board, content, options.compress, options.keys)
    written = write(_show_progress(finished), target, source=source)
    kept.prune()
    counts = f"{len(written.written)} written, {len(written.unchanged)} unchanged, {len(written.removed)} removed"
    return [counts, *_remarks(board, site, options.drafts)], mistakes


def _remarks(board: "Board", site: "Site", drafts: bool) -> Iterator[str]:
    """What else whoever builds has to know."""
    yield f"It shows {format_moment(board.moment, site)}."
    if drafts and any(incident.draft for incident in site.incidents):
        yield "It shows drafts too: do not publish it."
    if board.next_change:
        yield f"It will need building again at {format_moment(board.next_change, site)}."


def _show_progress(files: "Iterable[File]") -> "Iterator[File]":
    """Pass files on, and count them on the terminal where there is one and they are many."""
    is_terminal = sys.stderr.isatty()
    for number, file in enumerate(files, 1):
        if is_terminal and number % 200 == 0:
            click.echo(f"\r{number} files …", nl=False, err=True)
        yield file
    if is_terminal:
        click.echo("\r\x1b[K", nl=False, err=True)
