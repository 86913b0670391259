"""`statusgen correct`: what was wrong in an earlier update, and what is right."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from statusgen.cli import flags, writers
from statusgen.cli.shared import SOURCE, explained, read_flag


@click.command()
@flags.INCIDENT
@SOURCE
@flags.listed(
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
@explained
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
    **said: Any,
) -> None:
    """Put right what an update of INCIDENT says; the update itself stays as it was."""
    from statusgen.model import State

    pen = writers.Pen(source, at, yes, build)
    post = pen.incident(incident)
    named = _named(pen, post, time) if time else None
    if not right and not pen.asks:
        raise click.UsageError("Say what is true with --right.")
    found_in = read_flag("--wrong", lambda words: _quoted(pen, post, words), wrong) if wrong and not named else []
    if not right:
        wrong, right = _asked(wrong, lambda words: [] if named else _quoted(pen, post, words))
        found_in = _quoted(pen, post, wrong) if wrong and not named else []
    corrected = named or (found_in[-1] if found_in else _last(post))
    more = f", the newest of {len(found_in)} that say so; --update names another" if len(found_in) > 1 else ""
    click.echo(f"This corrects the update of {pen.written(corrected.time)}{more}.")
    found = {"corrects": pen.written(corrected.time), **({"wrong": wrong} if wrong else {}), "right": right}
    found |= flags.facts(pen, said, flags.held(pen, post))
    pen.append(post, State.CORRECTION, found, pen.text(text), edit)


def _last(post: Any) -> Any:
    """The last update, where nobody says which one is put right."""
    from statusgen.model import State

    return next(update for update in reversed(post.updates) if update.state is not State.CORRECTION)


def _quoted(pen: writers.Pen, post: Any, words: str) -> Any:
    """The updates that have these words."""
    from statusgen.reading.documents import decode
    from statusgen.writing.quoting import quoted_from

    text, _ = decode(pen.desk.bytes_of(post), post.place.file)
    return quoted_from(words, post, text)


def _named(pen: writers.Pen, post: Any, time: str) -> Any:
    """The update that has this time."""
    when = read_flag("--update", pen.clock.gone, time)
    for update in post.updates:
        if update.time == when:
            return update
    times = ", ".join(pen.written(update.time) for update in post.updates)
    raise click.BadParameter(f"No update has that time. Choose from: {times}.", param_hint="--update")


def _asked(wrong: str | None, found: Callable[[str], Any]) -> tuple[str | None, str]:
    from statusgen.cli.prompts import ask
    from statusgen.reading.values import Wrong

    def needed(words: str) -> str:
        if not words:
            raise Wrong("A correction has to say what is true.", "Write it in one sentence.")
        return words

    if wrong is None:
        question = "What was wrong? For example: The office is open until 6 p.m.\n(Nothing: it is not repeated.)"
        # Words that no update has are asked for again.
        wrong = ask(question, lambda words: words if words and found(words) is not None else "") or None
    return wrong, ask("What is right? For example: The office is open until 5 p.m.", needed)
