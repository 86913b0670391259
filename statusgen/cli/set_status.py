"""`statusgen set`: how one service stands now, said in the post that is about it."""

from pathlib import Path
from typing import Any

import click

from statusgen.cli import completion, flags, writers
from statusgen.cli.shared import SOURCE, explained, read_flag
from statusgen.errors import StatusgenError
from statusgen.model import State, Status
from statusgen.reading.values import one_of


@click.command("set")
@click.argument("service", metavar="SERVICE[/CHANNEL]", shell_complete=completion.services)
@click.argument("status", shell_complete=completion.statuses)
@SOURCE
@flags.listed(
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
@explained
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
    **said: Any,
) -> None:
    """Say that SERVICE stands at STATUS now, in the open incident that holds it."""
    from statusgen.writing.reports import service_key

    pen = writers.Pen(source, at, yes, build)
    key = read_flag("SERVICE", lambda words: service_key(words, pen.site), service)
    stand = read_flag("STATUS", lambda word: one_of(Status, word, "status"), status)
    said["service"] = (f"{key}={stand.value}",)
    post = pen.incident(incident) if incident else _post_about(pen, key)
    if post is None and stand is not Status.WORKING and not title:
        post = _other_post(pen, key)
    if post is None:
        return _begin(pen, stand, key, {**said, "title": title, "text": text}, edit)
    found = flags.facts(pen, said)
    pen.append(post, State.UPDATE, found, pen.text(text), edit, keep=True)
    return None


def _post_about(pen: writers.Pen, key: str) -> Any:
    """The one open post that holds the service; None where there is none."""
    from statusgen.cli.prompts import choose
    from statusgen.writing.finding import holding

    posts = [standing.incident for standing in holding(pen.board, key.partition("/")[0])]
    if len(posts) < 2:
        return posts[0] if posts else None
    if not pen.asks:
        ids = ", ".join(post.id for post in posts)
        raise click.UsageError(f'Several posts hold "{key}". Say which with --incident: {ids}.')
    return posts[choose("In which post?", [f"{post.id}  {post.title.texts[0][1]}" for post in posts])]


def _other_post(pen: writers.Pen, key: str) -> Any:
    """The open post that the service belongs to from now on; None for a new one."""
    from statusgen.cli.prompts import choose

    posts = [standing.incident for standing in pen.board.open]
    if not pen.asks:
        named = "".join(f"\n  --incident {post.id}  ({post.title.texts[0][1]})" for post in posts)
        into = f" If it belongs to one that is open, say so:{named}\n" if posts else " "
        raise click.UsageError(f'No open post holds "{key}".{into}For a new one, say its headline with --title.')
    if not posts:
        click.confirm(f'No open post holds "{key}". Write a new one?', default=True, abort=True)
        return None
    choices = [*(f"{post.id}  {post.title.texts[0][1]}" for post in posts), "a new post"]
    number = choose(f'No open post holds "{key}". To which one does it belong?', choices)
    return posts[number] if number < len(posts) else None


def _begin(pen: writers.Pen, stand: Status, key: str, said: dict[str, Any], edit: bool) -> None:
    """Write a new post about the service."""
    from statusgen.cli import new

    if stand is Status.WORKING:
        raise StatusgenError(f'No open post holds "{key}": it works already. Nothing was written.')
    unsaid = dict.fromkeys(("kind", "topic", "starts", "ends", "template", "id_"))
    lists: dict[str, Any] = {"known": (), "not_known": (), "doing": ()}
    since = None if pen.asks else "now"
    new.write(pen, edit, {**unsaid, **lists, "since": since, **said})
