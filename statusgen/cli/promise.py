"""`statusgen promise`: when there will be more to say."""

from pathlib import Path

import click

from statusgen.cli import completion, flags, write_session
from statusgen.cli.shared import SOURCE, handle_errors


@click.command()
@click.argument("incident", shell_complete=completion.incidents)
@click.argument("time", nargs=-1, required=True)
@SOURCE
@flags.apply_options(flags.TEXT, flags.BY, flags.AT, flags.EDIT, flags.YES, flags.BUILD)
@handle_errors
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

    session = write_session.WriteSession(source, at, yes, build)
    post = session.find_incident(incident)
    due = {"next_update": session.require_future_time("TIME", " ".join(time))}
    session.append_update(post, State.UPDATE, {**({"by": by} if by else {}), **due}, session.read_text(text), edit)
