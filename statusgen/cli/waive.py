"""`statusgen waive`: a fee, a penalty or a deadline that does not apply for a while."""

from pathlib import Path
from typing import Any

import click

from statusgen.cli import completion, flags, writers
from statusgen.cli.shared import SOURCE, explained, read_flag


@click.command()
@flags.INCIDENT
@SOURCE
@flags.listed(
    click.option("--what", metavar="TEXT", help='What does not apply, like "No late fees".'),
    click.option("--id", "id_", metavar="ID", help="Its id. Default: made of --what. One that is there is changed."),
    click.option(
        "--service", multiple=True, metavar="ID", shell_complete=completion.services, help="For which. Several, too."
    ),
    click.option("--from", "begins", metavar="TIME", help="From when. Default: today."),
    click.option("--until", metavar="TIME", help='A date, or words like "online payment works again".'),
    click.option("--how", metavar="TEXT", help='How one gets it, or "automatic".'),
    click.option("--by", metavar="WHO", help="Who grants it."),
    flags.TEXT,
    flags.AT,
    flags.EDIT,
    flags.YES,
)
@explained
def waive(
    incident: str | None, source: Path, text: str | None, at: str | None, edit: bool, yes: bool, **said: Any
) -> None:
    """Say in INCIDENT that a fee, a penalty or a deadline does not apply for a while."""
    from statusgen.model import State

    pen = writers.Pen(source, at, yes)
    post = pen.incident(incident)
    if not said["what"] and not said["id_"]:
        if not pen.asks:
            raise click.UsageError("Say what does not apply with --what; or name a waiver that is there with --id.")
        _ask(pen, said)
    pen.append(post, State.UPDATE, {"waivers": [_waiver(pen, said)]}, pen.text(text), edit)


def _waiver(pen: writers.Pen, said: dict[str, Any]) -> dict[str, Any]:
    from statusgen.reading.values import slug
    from statusgen.writing.reports import service_key

    services = [read_flag("--service", lambda id: service_key(id, pen.site), id) for id in said["service"]]
    found = {
        "id": said["id_"] or slug(said["what"])[:40].rstrip("-"),
        "what": said["what"],
        "services": [key.partition("/")[0] for key in services],
        "from": pen.written(read_flag("--from", pen.clock.coming, said["begins"])) if said["begins"] else None,
        "until": _end(pen, said["until"]) if said["until"] else None,
        "by": said["by"],
        "how": said["how"],
    }
    return {key: value for key, value in found.items() if value}


def _end(pen: writers.Pen, words: str) -> str:
    """A date where it is one, or else words."""
    from statusgen.reading.values import Wrong

    try:
        return pen.written(pen.clock.coming(words))
    except Wrong:
        return words


def _ask(pen: writers.Pen, said: dict[str, Any]) -> None:
    from statusgen.cli.prompts import ask
    from statusgen.reading.values import Wrong
    from statusgen.writing.reports import service_key

    def what(words: str) -> str:
        if not words:
            raise Wrong("A waiver has to say what does not apply.", "Write it in a few words.")
        return words

    def keys(words: str) -> tuple[str, ...]:
        return tuple(service_key(word.strip(), pen.site) for word in words.split(",") if word.strip())

    said["what"] = ask("What does not apply? For example: No late fees and no shutoffs", what)
    said["service"] = said["service"] or ask("For which services? For example: water-bill, permits", keys)
    if said["until"] is None:
        question = "Until when? For example: 2024-06-30, or: online payment works again\n(Nothing: not known yet.)"
        said["until"] = ask(question, lambda words: words) or None
