"""`statusgen set`: how one service stands now, said in the post that is about it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from statusgen.cli import completion, flags, write_session
from statusgen.cli.shared import SOURCE, handle_errors, read_flag
from statusgen.content.format.values import parse_enum
from statusgen.model import State, Status
from statusgen.problems import StatusgenError

if TYPE_CHECKING:
    from statusgen.model import Incident


@click.command("set")
@click.argument("service", metavar="SERVICE[/CHANNEL]", shell_complete=completion.services)
@click.argument("status", shell_complete=completion.statuses)
@SOURCE
@flags.apply_options(
    flags.DO,
    flags.TEXT,
    flags.EXPECTED,
    flags.BASIS,
    flags.NEXT,
    flags.BY,
    click.option("--incident", shell_complete=completion.incidents, help="The post, where several hold the service."),
    click.option("--title", help="The headline of a new post, where none holds the service."),
    flags.AT,
    flags.EDIT,
    flags.YES,
    flags.BUILD,
)
@handle_errors
def set_status(
    service: str,
    status: str,
    source: Path,
    incident: str | None,
    title: str | None,
    text: str | None,
    at: str | None,
    edit: bool,
    yes: bool,
    build: bool,
    **options: Any,
) -> None:
    """Say that SERVICE stands at STATUS now, in the open incident that holds it."""
    from statusgen.editor.statuses import parse_service_key

    session = write_session.WriteSession(source, at, yes, build)
    key = read_flag("SERVICE", lambda words: parse_service_key(words, session.site), service)
    new_status = read_flag("STATUS", lambda word: parse_enum(Status, word, "status"), status)
    options["service"] = (f"{key}={new_status.value}",)
    post = session.find_incident(incident) if incident else _find_open_post(session, key)
    if post is None and new_status is not Status.WORKING and not title:
        post = _choose_other_post(session, key)
    if post is None:
        return _create_post(session, new_status, key, {**options, "title": title, "text": text}, edit)
    found = flags.make_facts(session, options)
    session.append_update(post, State.UPDATE, found, session.read_text(text), edit, keep_promise=True)
    return None


def _find_open_post(session: write_session.WriteSession, key: str) -> "Incident | None":
    """The one open post that holds the service; None where there is none."""
    from statusgen.cli.prompts import choose
    from statusgen.editor.find_incident import incidents_affecting

    posts = [incident.incident for incident in incidents_affecting(session.board, key.partition("/")[0])]
    if len(posts) < 2:
        return posts[0] if posts else None
    if not session.can_ask:
        ids = ", ".join(post.id for post in posts)
        raise click.UsageError(f'Several posts hold "{key}". Say which with --incident: {ids}.')
    return posts[choose("In which post?", [f"{post.id}  {post.title.texts[0][1]}" for post in posts])]


def _choose_other_post(session: write_session.WriteSession, key: str) -> "Incident | None":
    """The open post that the service belongs to from now on; None for a new one."""
    from statusgen.cli.prompts import choose

    posts = [incident.incident for incident in session.board.open_incidents]
    if not session.can_ask:
        named = "".join(f"\n  --incident {post.id}  ({post.title.texts[0][1]})" for post in posts)
        where = f" If it belongs to one that is open, say so:{named}\n" if posts else " "
        raise click.UsageError(f'No open post holds "{key}".{where}For a new one, say its headline with --title.')
    if not posts:
        click.confirm(f'No open post holds "{key}". Write a new one?', default=True, abort=True)
        return None
    choices = [*(f"{post.id}  {post.title.texts[0][1]}" for post in posts), "a new post"]
    number = choose(f'No open post holds "{key}". To which one does it belong?', choices)
    return posts[number] if number < len(posts) else None


def _create_post(
    session: write_session.WriteSession, status: Status, key: str, options: dict[str, Any], edit: bool
) -> None:
    """Write a new post about the service."""
    from statusgen.cli import new

    if status is Status.WORKING:
        raise StatusgenError(f'No open post holds "{key}": it works already. Nothing was written.')
    defaults = dict.fromkeys(("kind", "topic", "starts", "ends", "template", "id_"))
    lists: dict[str, Any] = {"known": (), "not_known": (), "doing": ()}
    since = None if session.can_ask else "now"
    new.write_post(session, edit, {**defaults, **lists, "since": since, **options})
