"""The build, as `statusgen build` runs it, and each of the writer's commands with --build."""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import click

from statusgen import __version__
from statusgen.audit.audit import audit_files
from statusgen.audit.part_cache import PartCache
from statusgen.board.board import make_board
from statusgen.board.model.whole_board import Board
from statusgen.cli.build_content import BuildContent, list_history_advice, load_content, open_folder, refuse_empty
from statusgen.cli.build_options import BuildOptions
from statusgen.cli.moments import format_moment, print_early_updates
from statusgen.files import File, one_owner_each
from statusgen.folder.write import WriteResult, write
from statusgen.git import read_full_revision
from statusgen.model.whole_site import Site
from statusgen.outputs.compression import add_compressed_copies
from statusgen.outputs.open_data import manifest
from statusgen.outputs.registry import all_files
from statusgen.speed.cache import Cache
from statusgen.speed.parallel import processor_count
from statusgen.theme.renderer import Renderer
from statusgen.trust.signatures import sign


def build_site(options: BuildOptions) -> BuildContent:
    """Build the site, report it, and return what it was made from; raises StatusgenError."""
    began = time.perf_counter()
    cache = Cache(None if options.no_cache else options.source)
    with open_folder(options) as folder:
        content = load_content(folder, options, cache)
        board = make_board(content.site, content.moment, options.drafts)
        refuse_empty(board, content.site, options)
        result = _write_site(board, content.site, folder, options, cache)
        advice = [*list_history_advice(folder, content.site)]
    seconds = time.perf_counter() - began
    counts = f"{len(result.written)} written, {len(result.unchanged)} unchanged, {len(result.removed)} removed"
    click.echo(f"Built {options.target / 'index.html'} in {seconds:.1f} s: {counts}.")
    for line in advice:
        click.echo(line, err=True)
    print_early_updates(content.reading)
    _report(board, content, options)
    return content


def _write_site(board: Board, site: Site, folder: Path, options: BuildOptions, cache: Cache) -> WriteResult:
    renderer = Renderer(folder)
    # If something is left out, every page says so, and none of them is worth keeping.
    kept = PartCache(board, renderer, Cache() if site.quarantined_ids else cache, options.target)
    # If anything fails on the way, the processes that make the files end here: an exception would keep them waiting.
    with closing(all_files(board, renderer, processor_count(), kept.provide)) as made:
        sound = audit_files(kept.note_parts(made), board, site, options.drafts, folder)
        compressed = add_compressed_copies(sound, options.compressions)
        listed = manifest.add_manifest(compressed, board, read_full_revision(folder, board.site.revision), __version__)
        result = write(_show_progress(_sign_last(listed, options.keys)), options.target, source=options.source)
    kept.prune()
    return result


def _sign_last(files: Iterable[File], keys: Sequence[Path]) -> Iterator[File]:
    """Pass the files on and, after the last one, which is the manifest, its signature by each key."""
    last = None
    for last in files:
        yield last
    assert last
    signatures = ((key, *sign(last.content, key, _ask_password)) for key in keys)
    yield from one_owner_each(File(f"{last.path}{ending}", content) for _, ending, content in signatures)


def _ask_password() -> str:
    password: str = click.prompt("Password of the minisign key", hide_input=True, err=True)
    return password


def _show_progress(files: Iterable[File]) -> Iterator[File]:
    """Pass the files on, and count them in the terminal, if there is one and they are many."""
    is_terminal = sys.stderr.isatty()
    for number, file in enumerate(files, 1):
        if is_terminal and number % 200 == 0:
            click.echo(f"\r{number} files …", nl=False, err=True)
        yield file
    if is_terminal:
        click.echo("\r\x1b[K", nl=False, err=True)


def _report(board: Board, content: BuildContent, options: BuildOptions) -> None:
    """Say what the site shows, when to build it again, and what was left out."""
    click.echo(f"It shows {format_moment(board.moment, content.site)}.")
    if options.drafts and any(incident.draft for incident in content.site.incidents):
        click.echo("It includes drafts: do not publish it.")
    shown = (*board.site.images, *((board.site.logo,) if board.site.logo else ()))
    if number := sum(image.had_details for image in shown):
        click.echo(f"Removed location and other details from {number} picture{'s' if number > 1 else ''}.")
    if board.next_change:
        click.echo(f"Rebuild it by {format_moment(board.next_change, content.site)}.")
    if content.left_out:
        for line in content.left_out:
            click.echo(line, err=True)
        click.echo("Everything else was published. Fix these files and build again.", err=True)
