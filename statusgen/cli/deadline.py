"""`statusgen deadline`: a date that residents must know."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from statusgen.cli import completion
from statusgen.cli.errors import parse_flag
from statusgen.cli.fact_flags import TEXT
from statusgen.cli.flags import flag
from statusgen.cli.write_command import incident_command
from statusgen.editor.fact_values import drop_empty
from statusgen.editor.statuses import parse_service_keys
from statusgen.model.posts import Incident
from statusgen.model.states import State
from statusgen.text import slugify

if TYPE_CHECKING:
    from statusgen.cli.write_session import WriteSession


@dataclass(frozen=True)
class DeadlineFlags:
    """What the flags of `deadline` say."""

    what: str | None = flag(None, "--what", metavar="TEXT", help='What is due, like "Last day to appeal".')
    on: str | None = flag(None, "--on", metavar="DATE", help="The date.")
    id_: str | None = flag(
        None,
        "--id",
        "id_",
        metavar="ID",
        help="Its id. The id of an existing one changes that one. Default: made from --what.",
    )
    service: tuple[str, ...] = flag(
        (),
        "--service",
        metavar="ID",
        shell_complete=completion.services,
        help="The service that it is about; otherwise those that the post affects. Can be repeated.",
    )
    text: str | None = flag(None, TEXT)


@incident_command(DeadlineFlags)
def deadline(session: "WriteSession", post: Incident, flags: DeadlineFlags) -> None:
    """Say in INCIDENT that something is due on a date."""
    id = flags.id_ or slugify(flags.what or "")[:40].rstrip("-")
    if not id:
        what = "Give what is due with --what, or name an existing deadline with --id."
        raise click.BadParameter(what, param_hint="--what")
    is_new = not any(each.id == id for update in post.updates for each in update.deadlines)
    if is_new and not (flags.what and flags.on):
        what = f'{post.id} has no deadline "{id}" yet: add --what and --on.'
        raise click.BadParameter(what, param_hint="--on" if flags.what else "--what")
    keys = [key for words in flags.service for key in parse_flag("--service", parse_service_keys, words, session.site)]
    if is_new and not keys:
        keys = session.affected_keys(post)
    entry = drop_empty(
        {
            "id": id,
            "on": session.read_time("--on", flags.on) if flags.on else None,
            "what": flags.what,
            "services": list(dict.fromkeys(key.partition("/")[0] for key in keys)),
        }
    )
    session.append_update(post, State.UPDATE, {"deadlines": [entry]}, session.read_text(flags.text))
