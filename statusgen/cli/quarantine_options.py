"""The flags of `build` for content that is broken or gone, and what they do."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from statusgen.cli.shared import load_site, read_site, resolve_moment
from statusgen.problems import OutputError

if TYPE_CHECKING:
    from statusgen.board.model import Board
    from statusgen.cache import Cache
    from statusgen.model import Site


F = TypeVar("F", bound=Callable[..., Any])
EXIT_LEFT_OUT = 3
"""The exit code of a build that left something out."""


def add_options(command: F) -> F:
    """Add the flags to a command."""
    for option in (
        click.option("--allow-empty", is_flag=True, help="Publish the site though all of its posts are gone."),
        click.option(
            "--quarantine",
            is_flag=True,
            help="Leave out posts that have mistakes, say so on every page, and exit with 3.",
        ),
    ):
        command = option(command)
    return command


def load_site_and_moment(
    source: Path, output: Path, at: str | None, cache: "Cache | None", quarantine: bool
) -> "tuple[Site, datetime, tuple[str, ...]]":
    """The site, the moment to show, and the mistakes for which parts of it are left out; raises ContentError.

    Without `quarantine` every mistake is one too many.
    """
    if not quarantine:
        site = load_site(source, cache)
        return site, resolve_moment(at, site), ()
    from statusgen.quarantine import add_stand_ins, read_without_broken_files

    found, texts = read_without_broken_files(lambda aside: read_site(source, cache, aside))
    moment = resolve_moment(at, found.site)
    site = add_stand_ins(found, texts, moment, output) if found.skipped_files else found.site
    messages = [str(problem) for problem in found.problems]
    return site, moment, (*messages, *(f"Left out: {file}" for file in sorted(found.skipped_files)))


def refuse_empty(board: "Board", site: "Site", output: Path, allow_empty: bool) -> None:
    """Raise OutputError where there are no posts any more: a folder that got lost would turn everything green."""
    if board.incidents or allow_empty:
        return
    published = sorted(path.parent.name for path in (output / "incidents").glob("*/index.html"))
    if published or site.deleted_ids:
        number = len(published) or len(site.deleted_ids)
        where = f"{output} has {number} of them" if published else f"git knows of {number} that were deleted"
        what = f"There are no posts to publish, but {where}, and every service would seem to work."
        hint = "Look for the folder incidents/; if this is meant, say --allow-empty."
        raise OutputError(f"{what} {hint} Nothing was written.")


def report_left_out(mistakes: tuple[str, ...]) -> None:
    """Name what was left out and why, and exit with 3, where anything was."""
    if mistakes:
        for line in mistakes:
            click.echo(line, err=True)
        click.echo("All the rest was published. Mend these files, and build again.", err=True)
        raise SystemExit(EXIT_LEFT_OUT)
