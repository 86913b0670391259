"""`statusgen resolve`: the update that ends an incident, planned work or a notice."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from statusgen.board.model import Phase
from statusgen.cli.fact_flags import BY, TEXT, TITLE
from statusgen.cli.flags import flag
from statusgen.cli.moments import format_moment
from statusgen.cli.write_command import incident_command
from statusgen.editor.fact_values import drop_empty
from statusgen.model import Incident, Kind, State
from statusgen.problems import StatusgenError

if TYPE_CHECKING:
    from statusgen.cli.write_session import WriteSession


@dataclass(frozen=True)
class ResolveFlags:
    """What the flags of `resolve` say."""

    text: str | None = flag(None, TEXT)
    cancel: bool = flag(False, "--cancel", help="The planned work will not take place.")
    withdraw: bool = flag(False, "--withdraw", help="The whole post was an error.")
    by: str | None = flag(None, BY)
    title: str | None = flag(None, TITLE)


@incident_command(ResolveFlags)
def resolve(session: "WriteSession", post: Incident, flags: ResolveFlags) -> None:
    """Close INCIDENT and mark every service it affected as working. Planned work is completed by it."""
    if flags.cancel and flags.withdraw:
        raise click.UsageError("Use either --cancel or --withdraw, not both.")
    state = State.WITHDRAWN if flags.withdraw else _end_state(session, post, flags.cancel)
    facts = drop_empty({"title": flags.title, "by": flags.by})
    session.append_update(post, state, facts, session.read_text(flags.text))


def _end_state(session: "WriteSession", post: Incident, cancel: bool) -> State:
    """Return the state that ends a post of its kind; raises an error if it has ended, or cannot end like that."""
    incident = session.board.incident_by_id.get(post.id)
    is_planned = post.kind is Kind.MAINTENANCE
    if cancel and not is_planned:
        raise click.UsageError("Only planned work can be canceled. If the post was an error: --withdraw.")
    if incident and incident.phase is Phase.PAST:
        since = f" since {format_moment(incident.ended.start, session.site)}" if incident.ended else ""
        raise StatusgenError(f"{post.id} is over already{since}. To add something: statusgen update {post.id}")
    if is_planned and not cancel and incident and incident.phase is Phase.PLANNED:
        raise StatusgenError(f"{post.id} has not begun yet. If it will not take place: --cancel. Nothing was written.")
    return State.CANCELLED if cancel else State.COMPLETED if is_planned else State.RESOLVED
