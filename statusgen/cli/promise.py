"""`statusgen promise`: when the next update will come."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from statusgen.cli import completion
from statusgen.cli.fact_flags import BY, TEXT
from statusgen.cli.flags import flag
from statusgen.cli.write_command import incident_command
from statusgen.editor.fact_values import drop_empty
from statusgen.model.posts import Incident
from statusgen.model.states import State

if TYPE_CHECKING:
    from statusgen.cli.write_session import WriteSession


@dataclass(frozen=True)
class PromiseFlags:
    """What the flags of `promise` say."""

    time: tuple[str, ...] = flag((), click.argument("time", nargs=-1, required=True))
    text: str | None = flag(None, TEXT)
    by: str | None = flag(None, BY)


@incident_command(PromiseFlags, click.argument("incident", shell_complete=completion.incidents))
def promise(session: "WriteSession", post: Incident, flags: PromiseFlags) -> None:
    """Say in INCIDENT that there will be an update by TIME, like 16:00, "tomorrow 9:00" or "in 2 hours"."""
    due = session.read_future_time("TIME", " ".join(flags.time))
    facts = drop_empty({"by": flags.by, "next_update": due})
    session.append_update(post, State.UPDATE, facts, session.read_text(flags.text))
