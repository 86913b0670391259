"""`statusgen correct`: what was wrong in an earlier update, and what is right."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from statusgen.cli import flags, write_session
from statusgen.cli.shared import SOURCE, handle_errors, read_flag

if TYPE_CHECKING:
    from statusgen.model import Incident, Update


@click.command()
@flags.INCIDENT
@SOURCE
@flags.apply_options(
    click.option("--right", metavar="TEXT", help="What is true."),
    click.option("--wrong", metavar="TEXT", help="What the update said."),
    click.option(
        "--update",
        "time",
        metavar="TIME",
        help="The time of the update. Default: the one that has the words of --wrong.",
    ),
    flags.TEXT,
    flags.SERVICE,
    flags.DO,
    flags.KNOWN,
    flags.NOT_KNOWN,
    flags.DOING,
    flags.EXPECTED,
    flags.BASIS,
    flags.BY,
    flags.AT,
    flags.EDIT,
    flags.YES,
    flags.BUILD,
)
@handle_errors
def correct(
    incident: str | None,
    source: Path,
    right: str | None,
    wrong: str | None,
    time: str | None,
    text: str | None,
    at: str | None,
    edit: bool,
    yes: bool,
    build: bool,
    **options: Any,
) -> None:
    """Put right what an update of INCIDENT says; the update itself stays as it was."""
    from statusgen.model import State

    session = write_session.WriteSession(source, at, yes, build)
    post = session.find_incident(incident)
    update_at_time = _find_update_at(session, post, time) if time else None
    if not right and not session.can_ask:
        raise click.UsageError("Say what is true with --right.")
    quoted_updates = (
        read_flag("--wrong", lambda words: _find_updates(session, post, words), wrong)
        if wrong and not update_at_time
        else []
    )
    if not right:
        wrong, right = _ask_wrong_and_right(
            wrong, lambda words: [] if update_at_time else _find_updates(session, post, words)
        )
        quoted_updates = _find_updates(session, post, wrong) if wrong and not update_at_time else []
    corrected = update_at_time or (quoted_updates[-1] if quoted_updates else _last_update(post))
    more = (
        f", the newest of {len(quoted_updates)} that say so; --update names another" if len(quoted_updates) > 1 else ""
    )
    click.echo(f"This corrects the update of {session.format_time(corrected.time)}{more}.")
    found = {"corrects": session.format_time(corrected.time), **({"wrong": wrong} if wrong else {}), "right": right}
    found |= flags.make_facts(session, options, flags.affected_keys(session, post))
    session.append_update(post, State.CORRECTION, found, session.read_text(text), edit)


def _last_update(post: "Incident") -> "Update":
    """The last update, where nobody says which one is put right."""
    from statusgen.model import State

    return next(update for update in reversed(post.updates) if update.state is not State.CORRECTION)


def _find_updates(session: write_session.WriteSession, post: "Incident", words: str) -> "list[Update]":
    """The updates that have these words."""
    from statusgen.editor.find_update import find_updates
    from statusgen.text import decode_text

    text, _ = decode_text(session.workspace.read_bytes(post), post.place.file)
    return find_updates(words, post, text)


def _find_update_at(session: write_session.WriteSession, post: "Incident", time: str) -> "Update":
    """The update that has this time."""
    when = read_flag("--update", session.time_parser.parse_past, time)
    for update in post.updates:
        if update.time == when:
            return update
    times = ", ".join(session.format_time(update.time) for update in post.updates)
    raise click.BadParameter(f"No update has that time. Choose from: {times}.", param_hint="--update")


def _ask_wrong_and_right(wrong: str | None, find_updates: Callable[[str], object]) -> tuple[str | None, str]:
    from statusgen.cli.prompts import ask
    from statusgen.problems import InvalidValue

    def needed(words: str) -> str:
        if not words:
            raise InvalidValue("A correction has to say what is true.", "Write it in one sentence.")
        return words

    if wrong is None:
        question = "What was wrong? For example: The office is open until 6 p.m.\n(Nothing: it is not repeated.)"
        # Words that no update has are asked for again.
        wrong = ask(question, lambda words: words if words and find_updates(words) is not None else "") or None
    return wrong, ask("What is right? For example: The office is open until 5 p.m.", needed)
