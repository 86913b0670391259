"""`statusgen promise`: when there will be more to say."""

from pathlib import Path

import click

from statusgen.cli import completion, flags, writers
from statusgen.cli.shared import SOURCE, explained


@click.command()
@click.argument("incident", shell_complete=completion.incidents)
@click.argument("time", nargs=-1, required=True)
@SOURCE
@flags.listed(flags.TEXT, flags.BY, flags.AT, flags.EDIT, flags.YES, flags.BUILD)
@explained
def promise(
    incident: str,
    time: tuple[str, ...],
    source: Path,
    text: str | None,
    by: str | None,
    at: str | None,
    edit: bool,
    yes: bool,
    build: bool,
) -> None:
    """Say in INCIDENT that there will be an update by TIME, like 16:00, "tomorrow 9:00" or "in 2 hours"."""
    from statusgen.model import State

    pen = writers.Pen(source, at, yes, build)
    post = pen.incident(incident)
    due = {"next_update": pen.later("TIME", " ".join(time))}
    pen.append(post, State.UPDATE, {**({"by": by} if by else {}), **due}, pen.text(text), edit)
