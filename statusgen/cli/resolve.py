"""`statusgen resolve`: the update that ends an incident, planned work or a notice."""

from pathlib import Path
from typing import Any

import click

from statusgen.cli import flags, writers
from statusgen.cli.shared import SOURCE, explained, shown


@click.command()
@flags.INCIDENT
@SOURCE
@flags.listed(
    flags.TEXT,
    click.option("--cancel", is_flag=True, help="The planned work does not take place."),
    click.option("--withdraw", is_flag=True, help="The whole post was an error."),
    flags.BY,
    click.option("--title", help="A headline for this update."),
    flags.AT,
    flags.EDIT,
    flags.YES,
    flags.BUILD,
)
@explained
def resolve(
    incident: str | None,
    source: Path,
    text: str | None,
    cancel: bool,
    withdraw: bool,
    at: str | None,
    edit: bool,
    yes: bool,
    build: bool,
    **said: Any,
) -> None:
    """End INCIDENT: every service that it held works again. Planned work is completed by it."""
    from statusgen.model import State

    pen = writers.Pen(source, at, yes, build)
    post = pen.incident(incident)
    if cancel and withdraw:
        raise click.UsageError("--cancel and --withdraw exclude each other.")
    state = State.WITHDRAWN if withdraw else _end(pen, post, cancel)
    pen.append(post, state, flags.facts(pen, said), pen.text(text), edit)


def _end(pen: writers.Pen, post: Any, cancel: bool) -> Any:
    """The state that ends a post of its kind, where that is still to be said."""
    from statusgen.errors import StatusgenError
    from statusgen.model import Kind, State
    from statusgen.status.standing import Phase

    standing = pen.board.incident.get(post.id)
    planned = post.kind is Kind.MAINTENANCE
    if cancel and not planned:
        raise click.UsageError("Only planned work can be cancelled. If the post was an error: --withdraw.")
    if standing and standing.phase is Phase.PAST:
        since = f" since {shown(standing.ended.start, pen.site)}" if standing.ended else ""
        raise StatusgenError(f"{post.id} is over already{since}. To add a word: statusgen update {post.id}")
    if planned and not cancel and standing and standing.phase is Phase.PLANNED:
        raise StatusgenError(f"{post.id} has not begun yet. If it does not take place: --cancel. Nothing was written.")
    return State.CANCELLED if cancel else State.COMPLETED if planned else State.RESOLVED
