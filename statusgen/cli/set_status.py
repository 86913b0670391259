"""`statusgen set`: the status of one service now, in the post that is about it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from statusgen.cli import completion
from statusgen.cli.errors import parse_flag
from statusgen.cli.fact_flags import (
    BASIS,
    BY,
    DO,
    EXPECTED,
    KEEP,
    NEXT,
    SHORT,
    SINCE,
    TEXT,
    WHERE,
    FactFlags,
    make_facts,
)
from statusgen.cli.flags import flag
from statusgen.cli.new import NewFlags, write_post
from statusgen.cli.prompts import choose, describe_post
from statusgen.cli.write_command import write_command
from statusgen.content.format.values import parse_enum
from statusgen.editor.earlier import Earlier
from statusgen.editor.fact_values import drop_empty
from statusgen.editor.find_incident import incidents_affecting
from statusgen.editor.statuses import parse_service_key
from statusgen.model.posts import Incident
from statusgen.model.states import State
from statusgen.model.statuses import WRITTEN_STATUSES, Status
from statusgen.problems import StatusgenError

if TYPE_CHECKING:
    from statusgen.cli.write_session import WriteSession


@dataclass(frozen=True)
class SetFlags:
    """What the arguments and the flags of `set` say."""

    service: str = flag("", click.argument("service", metavar="SERVICE[/CHANNEL]", shell_complete=completion.services))
    status: str = flag("", click.argument("status", shell_complete=completion.statuses))
    do: tuple[str, ...] = flag((), DO)
    text: str | None = flag(None, TEXT)
    where: tuple[str, ...] = flag((), WHERE)
    short: tuple[str, ...] = flag((), SHORT)
    service_since: tuple[str, ...] = flag((), SINCE)
    expected: tuple[str, ...] = flag((), EXPECTED)
    basis: str | None = flag(None, BASIS)
    next_: str | None = flag(None, NEXT)
    by: str | None = flag(None, BY)
    keep: bool = flag(False, KEEP)
    incident: str | None = flag(
        None, "--incident", shell_complete=completion.incidents, help="The post, if several affect the service."
    )
    title: str | None = flag(None, "--title", help="The headline of a new post, if none affects the service.")


@write_command(SetFlags, name="set")
def set_status(session: "WriteSession", flags: SetFlags) -> None:
    """Set the STATUS of SERVICE from now on, in the open incident that affects it."""
    key = parse_flag("SERVICE", parse_service_key, flags.service, session.site)
    status = parse_flag("STATUS", parse_enum, WRITTEN_STATUSES, flags.status, "status")
    post = session.find_incident(flags.incident) if flags.incident else _find_open_post(session, key)
    if post is None and status is not Status.WORKING and not flags.title:
        post = _choose_other_post(session, key)
    service = (f"{key}={status.value}",)
    if post:
        facts = FactFlags(
            service,
            flags.do,
            flags.where,
            flags.short,
            expected=flags.expected,
            basis=flags.basis,
            by=flags.by,
        )
        due = session.read_future_time("--next", flags.next_) if flags.next_ else None
        found = drop_empty({**make_facts(session, facts, Earlier(), flags.service_since), "next_update": due})
        session.append_update(post, State.UPDATE, found, session.read_text(flags.text), flags.keep)
    elif status is Status.WORKING:
        raise StatusgenError(f'No open post affects "{key}": it is already working. Nothing was written.')
    else:
        _write_post(session, service, flags)


def _write_post(session: "WriteSession", service: tuple[str, ...], flags: SetFlags) -> None:
    """Write a new post about the service."""
    if flags.service_since:
        what = "--since cannot be used for a new post here. For a new post, use: statusgen new --since …"
        raise click.BadParameter(what, param_hint="--since")
    new_flags = NewFlags(
        service,
        flags.do,
        where=flags.where,
        short=flags.short,
        expected=flags.expected,
        basis=flags.basis,
        by=flags.by,
        title=flags.title,
        since=() if session.can_ask else ("now",),
        next_=flags.next_,
        text=flags.text,
    )
    write_post(session, new_flags)


def _find_open_post(session: "WriteSession", key: str) -> Incident | None:
    """Return the one open post that affects the service, asking if there are several; None if there is none."""
    posts = [incident.incident for incident in incidents_affecting(session.board, key.partition("/")[0])]
    if len(posts) < 2:
        return posts[0] if posts else None
    if not session.can_ask:
        ids = ", ".join(post.id for post in posts)
        what = f'Several posts affect "{key}". Choose one with --incident: {ids}.'
        raise click.BadParameter(what, param_hint="--incident")
    return posts[choose("In which post?", [describe_post(post) for post in posts])]


def _choose_other_post(session: "WriteSession", key: str) -> Incident | None:
    """Ask for the open post that the service belongs to from now on; None for a new one."""
    posts = [incident.incident for incident in session.board.open_incidents]
    if not session.can_ask:
        listed = "".join(f"\n  --incident {post.id}  ({post.title.texts[0][1]})" for post in posts)
        where = f" If it belongs to an open one, name that:{listed}\n" if posts else " "
        what = f'No open post affects "{key}".{where}For a new one, give its headline with --title.'
        raise click.BadParameter(what, param_hint="SERVICE")
    if not posts:
        click.confirm(f'No open post affects "{key}". Write a new one?', default=True, abort=True)
        return None
    choices = [*map(describe_post, posts), "a new post"]
    number = choose(f'No open post affects "{key}". To which one does it belong?', choices)
    return posts[number] if number < len(posts) else None
