"""`statusgen resolve`: the update that ends an incident, planned work or a notice."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from statusgen.cli import flags, write_session
from statusgen.cli.shared import SOURCE, format_moment, handle_errors

if TYPE_CHECKING:
    from statusgen.model import Incident, State


@click.command()
@flags.INCIDENT
@SOURCE
@flags.apply_options(
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
@handle_errors
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
    **options: Any,
) -> None:
    """End INCIDENT: every service that it held works again. Planned work is completed by it."""
    from statusgen.model import State

    session = write_session.WriteSession(source, at, yes, build)
    post = session.find_incident(incident)
    if cancel and withdraw:
        raise click.UsageError("--cancel and --withdraw exclude each other.")
    state = State.WITHDRAWN if withdraw else _end_state(session, post, cancel)
    session.append_update(post, state, flags.make_facts(session, options), session.read_text(text), edit)


def _end_state(session: write_session.WriteSession, post: "Incident", cancel: bool) -> "State":
    """The state that ends a post of its kind, where that is still to be said."""
    from statusgen.board.model import Phase
    from statusgen.model import Kind, State
    from statusgen.problems import StatusgenError

    incident = session.board.incident_by_id.get(post.id)
    planned = post.kind is Kind.MAINTENANCE
    if cancel and not planned:
        raise click.UsageError("Only planned work can be cancelled. If the post was an error: --withdraw.")
    if incident and incident.phase is Phase.PAST:
        since = f" since {format_moment(incident.ended.start, session.site)}" if incident.ended else ""
        raise StatusgenError(f"{post.id} is over already{since}. To add a word: statusgen update {post.id}")
    if planned and not cancel and incident and incident.phase is Phase.PLANNED:
        raise StatusgenError(f"{post.id} has not begun yet. If it does not take place: --cancel. Nothing was written.")
    return State.CANCELLED if cancel else State.COMPLETED if planned else State.RESOLVED
