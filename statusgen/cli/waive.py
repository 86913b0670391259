"""`statusgen waive`: a fee, a penalty or a deadline that does not apply for a while."""

from itertools import chain, count
from pathlib import Path
from typing import Any

import click

from statusgen.cli import completion, flags, writers
from statusgen.cli.shared import SOURCE, explained, read_flag
from statusgen.model import Incident, When


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
    flags.BUILD,
)
@explained
def waive(
    incident: str | None,
    source: Path,
    text: str | None,
    at: str | None,
    edit: bool,
    yes: bool,
    build: bool,
    **said: Any,
) -> None:
    """Say in INCIDENT that a fee, a penalty or a deadline does not apply for a while."""
    from statusgen.model import State

    pen = writers.Pen(source, at, yes, build)
    post = pen.incident(incident)
    if not said["what"] and not said["id_"]:
        if not pen.asks:
            raise click.UsageError("Say what does not apply with --what; or name a waiver that is there with --id.")
        _ask(pen, said)
    pen.append(post, State.UPDATE, {"waivers": [_waiver(pen, post, said)]}, pen.text(text), edit, keep=True)


def _waiver(pen: writers.Pen, post: Incident, said: dict[str, Any]) -> dict[str, Any]:
    from statusgen.writing.reports import service_key

    services = [read_flag("--service", lambda id: service_key(id, pen.site), id) for id in said["service"]]
    named = list(dict.fromkeys(key.partition("/")[0] for key in services))
    id = said["id_"] or _id(post, said["what"], named)
    begins = read_flag("--from", pen.clock.coming, said["begins"]) if said["begins"] else None
    found = {
        "id": id,
        "what": said["what"],
        "services": named,
        "from": pen.written(begins) if begins else None,
        "until": _end(pen, said["until"], begins or _begins(pen, post, id)) if said["until"] else None,
        "by": said["by"],
        "how": said["how"],
    }
    return {key: value for key, value in found.items() if value}


def _id(post: Incident, what: str, services: list[str]) -> str:
    """An id made of the words: that of the same waiver if the post has it, and never that of another one."""
    from statusgen.reading.values import slug

    first = slug(what)[:40].rstrip("-")
    for id in chain([first], (f"{first}-{number}" for number in count(2))):
        there = _there(post, id)
        words = str(there.get("what", what)).casefold()
        if not there or (words == what.casefold() and services in ([], there["services"])):
            break
    return id


def _there(post: Incident, id: str) -> dict[str, Any]:
    """What a post says so far of the waiver with an id; nothing where it has none."""
    found: dict[str, Any] = {}
    for update in post.updates:
        for waiver in update.waivers:
            if waiver.id == id:
                found.setdefault("begins", update.time)
                found |= {"what": waiver.what.texts[0][1]} if waiver.what else {}
                found["services"] = [*waiver.services] or found.get("services", [])
                found |= {"begins": waiver.begins} if waiver.begins else {}
    return found


def _begins(pen: writers.Pen, post: Incident, id: str) -> When:
    """From when the waiver is in force, where --from does not say it."""
    begins: When | None = _there(post, id).get("begins")
    return begins or pen.clock.coming("today")


def _end(pen: writers.Pen, words: str, begins: When) -> str:
    """A date where it is one, or else words."""
    from statusgen.reading.misdated import is_a_day
    from statusgen.reading.values import Wrong

    try:
        until = pen.clock.coming(words)
    except Wrong:
        if is_a_day(words):
            raise click.BadParameter(f"{words} is no day. Write it like 2024-06-30.", param_hint="--until") from None
        return words
    if until.last_minute < begins.start:
        what = f"{pen.written(until)} is before the waiver begins ({pen.written(begins)})."
        raise click.BadParameter(f"{what} Look at --from and --until again.", param_hint="--until")
    return pen.written(until)


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
