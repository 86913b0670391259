"""What a build is made from: the folder, the site in it, and what is left out of that."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from statusgen.board.clock import ClockReading
from statusgen.board.model.whole_board import Board
from statusgen.cli.build_options import BuildOptions
from statusgen.cli.load import load_site, read_site
from statusgen.cli.moments import current_time, machine_clock, resolve_moment
from statusgen.git import list_uncommitted
from statusgen.model.whole_site import Site
from statusgen.notify.told import add_told
from statusgen.problems import OutputError
from statusgen.quarantine import add_stand_ins, read_without_broken_files
from statusgen.speed.cache import Cache
from statusgen.text import printable
from statusgen.trust import approval


@contextmanager
def open_folder(options: BuildOptions) -> Iterator[Path]:
    """Give the folder to build from: the source or, with --require-signed, its commit until the end of the block."""
    if options.require_signed is None:
        if options.since is not None:
            raise click.UsageError("--since can only be used with --require-signed.")
        yield options.source
        return
    now, allowed = current_time(), options.require_signed
    last = (
        approval.PublishedRevision(options.since)
        if options.since
        else approval.published_revision(options.target, allowed, now)
    )
    with approval.checkout_approved(options.source, allowed, last, now) as approved:
        yield approved.folder
        click.echo(f"It is made from commit {approved.commit[:10]}, signed by {approved.signer}.")
        if approved.uncommitted_files:
            files = ", ".join(approved.uncommitted_files[:5]) + (" …" if len(approved.uncommitted_files) > 5 else "")
            click.echo(f"Not published, because it differs from the commit: {files}")


@dataclass(frozen=True)
class BuildContent:
    """What to build, and a line for each mistake and file that was left out."""

    reading: ClockReading
    left_out: tuple[str, ...] = ()

    @property
    def site(self) -> Site:
        """The site to build."""
        return self.reading.site

    @property
    def moment(self) -> datetime:
        """The moment to show."""
        return self.reading.moment


def load_content(folder: Path, options: BuildOptions, cache: Cache) -> BuildContent:
    """Return what to build; raises ContentError for any mistake or, with --quarantine, for one that must stop it."""
    if not options.quarantine:
        site = add_told(load_site(folder, cache, options.at), options.source)
        return BuildContent(resolve_moment(options.at, site, options.drafts))
    get_clock = partial(machine_clock, options.at)
    found, texts = read_without_broken_files(lambda quarantined: read_site(folder, cache, quarantined, get_clock))
    reading = resolve_moment(options.at, add_told(found.site, options.source), options.drafts)
    if found.quarantined_files:
        clock = None if get_clock(found.site) is None else reading.clock
        sound = replace(found, site=reading.site)
        reading = replace(reading, site=add_stand_ins(sound, texts, reading.moment, options.target, clock))
    messages = [*map(str, found.problems), *(f"Left out: {file}" for file in sorted(found.quarantined_files))]
    return BuildContent(reading, tuple(messages))


def list_history_advice(folder: Path, site: Site) -> Iterator[str]:
    """Yield what residents, and people who look at the record later, will not learn from git."""
    if site.history_gap:
        reason, hint = site.history_gap
        yield f"{reason}, so the record of changes has gaps. {hint}"
    if (site.revision or "").endswith("+") and (files := list_uncommitted(folder)):
        names = printable(", ".join(files[:5]) + (" …" if len(files) > 5 else ""))
        yield f"Not committed, so the record of changes lacks it: {names}. Commit it."


def refuse_empty(board: Board, site: Site, options: BuildOptions) -> None:
    """Raise OutputError if all posts are gone: a folder that got lost would show every service as working."""
    if board.incidents or options.allow_empty:
        return
    published = sorted(path.parent.name for path in (options.target / "incidents").glob("*/index.html"))
    if published or site.deleted_ids:
        number = len(published) or len(site.deleted_ids)
        where = f"{options.target} has {number} of them" if published else f"git knows of {number} that were deleted"
        what = f"There are no posts to publish, but {where}, so every service would wrongly show as working."
        hint = "Look for the folder incidents/; if this is what you want, use --allow-empty."
        raise OutputError(f"{what} {hint} Nothing was written.")
