"""`statusgen update`: an update at the end of a post."""

from pathlib import Path
from typing import Any

import click

from statusgen.cli import completion, flags, write_session
from statusgen.cli.shared import SOURCE, handle_errors, read_flag


@click.command()
@flags.INCIDENT
@SOURCE
@flags.apply_options(
    flags.TEXT,
    click.option("--state", metavar="STATE", shell_complete=completion.states, help="How far it is, like identified."),
    flags.SERVICE,
    flags.DO,
    flags.KNOWN,
    flags.NOT_KNOWN,
    flags.DOING,
    flags.EXPECTED,
    flags.BASIS,
    flags.NEXT,
    click.option("--starts", metavar="TIME", help="When planned work starts after all."),
    click.option("--ends", metavar="TIME", help="When planned work, or a notice, ends after all."),
    flags.BY,
    click.option("--title", help="A headline for this update."),
    flags.AT,
    flags.EDIT,
    flags.YES,
    flags.BUILD,
)
@handle_errors
def update(
    incident: str | None,
    source: Path,
    text: str | None,
    state: str | None,
    at: str | None,
    edit: bool,
    yes: bool,
    build: bool,
    starts: str | None,
    ends: str | None,
    **options: Any,
) -> None:
    """Add an update to INCIDENT, which is a part of the post's name or title."""
    from statusgen.content.format.values import parse_enum
    from statusgen.model import State

    session = write_session.WriteSession(source, at, yes, build)
    post = session.find_incident(incident)
    new_state = read_flag("--state", lambda word: parse_enum(post.kind.states, word, "state"), state) if state else None
    if not (text or state or starts or ends or edit or any(options.values())):
        text = _ask_update(session, options, flags.affected_keys(session, post))
    found = flags.make_facts(session, options, flags.affected_keys(session, post))
    for key, words in (("starts", starts), ("ends", ends)):
        if words:
            found[key] = session.read_future_time(f"--{key}", words)
    words = session.read_text(text)
    if not (new_state or words or edit or found.keys() - {"by"}):
        raise click.UsageError("This update says nothing. Say what is new with --text, or others that --help names.")
    session.append_update(post, new_state or State.UPDATE, found, words, edit)


def _ask_update(session: write_session.WriteSession, options: dict[str, Any], affected: list[str]) -> str:
    """The text, and with it what changed and when more will be said, by asking."""
    from statusgen.cli.prompts import ask
    from statusgen.editor import posts, statuses
    from statusgen.editor.times import EXAMPLES
    from statusgen.problems import InvalidValue

    if not session.can_ask:
        raise click.UsageError("Say what is new: --text, --service, --next, or others that --help names.")

    def read(words: str) -> str:
        if not words:
            raise InvalidValue("An update has to say something.", "Write a sentence or two.")
        return posts.parse_update_text(words)

    text = ask("What is new? For example: We found the broken cable and are replacing it.", read)
    example = f"{affected[0]} working" if affected else statuses.EXAMPLE
    question = f"Does any service stand differently now? For example: {example}\n(Nothing: no change.)"
    words, _ = ask(question, lambda words: (words, statuses.parse_statuses(words, session.site)))
    options["service"] = (words,) if words else ()
    question = f"When will you say more? For example: {EXAMPLES}\n(Nothing: not known yet.)"
    options["next_"] = ask(
        question, lambda words: session.format_time(session.time_parser.require_future(words)) if words else None
    )
    return text
