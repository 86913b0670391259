"""`statusgen correct`: what was wrong in an earlier update, and what is right."""

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
    click.option("--update", "time", metavar="TIME", help="The time of the update. Default: the last one."),
    flags.TEXT,
    flags.SERVICE,
    flags.DO,
    flags.BY,
    flags.AT,
    flags.EDIT,
    flags.YES,
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
    **said: Any,
) -> None:
    """Put right what an update of INCIDENT says; the update itself stays as it was."""
    from statusgen.model import State

    pen = writers.Pen(source, at, yes)
    post = pen.incident(incident)
    corrected = _corrected(pen, post, time)
    if not right:
        if not pen.asks:
            raise click.UsageError("Say what is true with --right.")
        wrong, right = _asked(wrong)
    found = {"corrects": pen.written(corrected.time), **({"wrong": wrong} if wrong else {}), "right": right}
    found |= flags.facts(pen, said, flags.held(pen, post))
    pen.append(post, State.CORRECTION, found, pen.text(text), edit)


def _corrected(pen: writers.Pen, post: Any, time: str | None) -> Any:
    """The update that is put right."""
    from statusgen.model import State

    if time is None:
        return next(update for update in reversed(post.updates) if update.state is not State.CORRECTION)
    when = read_flag("--update", pen.clock.gone, time)
    for update in post.updates:
        if update.time == when:
            return update
    times = ", ".join(pen.written(update.time) for update in post.updates)
    raise click.BadParameter(f"No update has that time. Choose from: {times}.", param_hint="--update")


def _asked(wrong: str | None) -> tuple[str | None, str]:
    from statusgen.cli.prompts import ask
    from statusgen.reading.values import Wrong

    def needed(words: str) -> str:
        if not words:
            raise Wrong("A correction has to say what is true.", "Write it in one sentence.")
        return words

    if wrong is None:
        question = "What was wrong? For example: The office is open until 6 p.m.\n(Nothing: it is not repeated.)"
        wrong = ask(question, lambda words: words) or None
    return wrong, ask("What is right? For example: The office is open until 5 p.m.", needed)
