"""`statusgen update`: an update at the end of a post."""

from pathlib import Path
from typing import Any

import click

from statusgen.cli import completion, flags, writers
from statusgen.cli.shared import SOURCE, explained, read_flag


@click.command()
@flags.INCIDENT
@SOURCE
@flags.listed(
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
@explained
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
    **said: Any,
) -> None:
    """Add an update to INCIDENT, which is a part of the post's name or title."""
    from statusgen.model import State
    from statusgen.reading.values import one_of

    pen = writers.Pen(source, at, yes, build)
    post = pen.incident(incident)
    named = read_flag("--state", lambda word: one_of(post.kind.states, word, "state"), state) if state else None
    if not (text or state or starts or ends or edit or any(said.values())):
        text = _asked(pen, said, flags.held(pen, post))
    found = flags.facts(pen, said, flags.held(pen, post))
    for key, words in (("starts", starts), ("ends", ends)):
        if words:
            found[key] = pen.coming(f"--{key}", words)
    words = pen.text(text)
    if not (named or words or edit or found.keys() - {"by"}):
        raise click.UsageError("This update says nothing. Say what is new with --text, or others that --help names.")
    pen.append(post, named or State.UPDATE, found, words, edit)


def _asked(pen: writers.Pen, said: dict[str, Any], held: list[str]) -> str:
    """The text, and with it what changed and when more will be said, by asking."""
    from statusgen.cli.prompts import ask
    from statusgen.reading.values import Wrong
    from statusgen.writing import posts, reports
    from statusgen.writing.times import EXAMPLES

    if not pen.asks:
        raise click.UsageError("Say what is new: --text, --service, --next, or others that --help names.")

    def read(words: str) -> str:
        if not words:
            raise Wrong("An update has to say something.", "Write a sentence or two.")
        return posts.text_of(words)

    text = ask("What is new? For example: We found the broken cable and are replacing it.", read)
    example = f"{held[0]} working" if held else reports.EXAMPLE
    question = f"Does any service stand differently now? For example: {example}\n(Nothing: no change.)"
    words, _ = ask(question, lambda words: (words, reports.statuses(words, pen.site)))
    said["service"] = (words,) if words else ()
    question = f"When will you say more? For example: {EXAMPLES}\n(Nothing: not known yet.)"
    said["next_"] = ask(question, lambda words: pen.written(pen.clock.later(words)) if words else None)
    return text
