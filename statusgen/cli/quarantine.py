"""The flags of `build` for content that is broken or gone, and what they do."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from statusgen.cli.shared import moment_of, read_site, sound_site
from statusgen.errors import OutputError

F = TypeVar("F", bound=Callable[..., Any])
LEFT_OUT = 3
"""The exit code of a build that left something out."""


def flags(command: F) -> F:
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


def chosen(
    source: Path, output: Path, at: str | None, cache: Any, quarantine: bool
) -> tuple[Any, datetime, tuple[str, ...]]:
    """The site, the moment to show, and the mistakes for which parts of it are left out; raises ContentError.

    Without `quarantine` every mistake is one too many.
    """
    if not quarantine:
        site = sound_site(source, cache)
        return site, moment_of(at, site), ()
    from statusgen.quarantine import sound, standing_in

    found, texts = sound(lambda aside: read_site(source, cache, aside))
    moment = moment_of(at, found.site)
    site = standing_in(found, texts, moment, output) if found.aside else found.site
    told = [str(problem) for problem in found.problems]
    return site, moment, (*told, *(f"Left out: {file}" for file in sorted(found.aside)))


def refuse_empty(board: Any, site: Any, output: Path, allowed: bool) -> None:
    """Raise OutputError where there are no posts any more: a folder that got lost would turn everything green."""
    if board.incidents or allowed:
        return
    there = sorted(path.parent.name for path in (output / "incidents").glob("*/index.html"))
    if there or site.deleted:
        number = len(there) or len(site.deleted)
        where = f"{output} has {number} of them" if there else f"git knows of {number} that were deleted"
        what = f"There are no posts to publish, but {where}, and every service would seem to work."
        hint = "Look for the folder incidents/; if this is meant, say --allow-empty."
        raise OutputError(f"{what} {hint} Nothing was written.")


def tell(mistakes: tuple[str, ...]) -> None:
    """Name what was left out and why, and exit with 3, where anything was."""
    if mistakes:
        for line in mistakes:
            click.echo(line, err=True)
        click.echo("All the rest was published. Mend these files, and build again.", err=True)
        raise SystemExit(LEFT_OUT)
