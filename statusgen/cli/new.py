"""`statusgen new`: a new post, from five answers at most."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import click

from statusgen.cli import completion, flags, writers
from statusgen.cli.questions import FLAGS, IN_PLACE, QUESTIONS, REFUSE_NOTHING, Question, written
from statusgen.cli.shared import SOURCE, explained, read_flag
from statusgen.errors import StatusgenError
from statusgen.model import Kind, Status, When
from statusgen.reading.values import Wrong, identifier

KIND = click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Default: incident.")


@click.command()
@SOURCE
@flags.listed(
    click.option("--title", help="What happened, as a headline."),
    click.option("--since", metavar="TIME", help='Since when, like now, 8:00, yesterday or "2024-05-05 08:00".'),
    flags.SERVICE,
    flags.DO,
    flags.NEXT,
    flags.TEXT,
    KIND,
    click.option("--topic", metavar="TOPIC", help="What a notice is about: fraud, data, health, closure or other."),
    click.option("--starts", metavar="TIME", help="When planned work starts."),
    click.option("--ends", metavar="TIME", help="When planned work, or a notice, ends."),
    flags.KNOWN,
    flags.NOT_KNOWN,
    flags.DOING,
    flags.EXPECTED,
    flags.BASIS,
    flags.BY,
    click.option("--template", metavar="NAME", shell_complete=completion.templates, help="Begin with this template."),
    click.option("--id", "id_", metavar="ID", help="The name of the file. Default: today's date and the title."),
    flags.AT,
    flags.EDIT,
    flags.YES,
    flags.BUILD,
)
@explained
def new(source: Path, at: str | None, edit: bool, yes: bool, build: bool, **said: Any) -> None:
    """Write a new post, asking for what the flags leave out."""
    write(writers.Pen(source, at, yes, build), edit, said)


def write(pen: writers.Pen, edit: bool, said: dict[str, Any]) -> None:
    """Write a new post of what the flags say, and of answers."""
    begun = _begun_with(pen, said["template"])
    kind = Kind(said["kind"] or begun.settled.get("kind") or "incident")
    answers = _answers(pen, kind, said, begun)
    text = pen.text(said["text"]) or answers.get("text", "")
    front = _front(pen, kind, said, answers, begun)
    id = read_flag("--id", identifier, said["id_"]) if said["id_"] else _id(pen, answers, said["template"])
    pen.create(id, _whole(begun.template, front, text), edit, may_have_blanks=begun.template is not None)


@dataclass(frozen=True)
class Begun:
    """What a template brings: its text, the keys that it settles, and what it says of a service it does not name."""

    template: str | None = None
    settled: Mapping[str, str] = field(default_factory=dict)
    entry: Mapping[str, Any] = field(default_factory=dict)


def _begun_with(pen: writers.Pen, name: str | None) -> Begun:
    from statusgen.writing.templates import open_entry, settled, template

    if not name:
        return Begun()
    text = read_flag("--template", partial(template, pen.desk.folder), name)
    try:
        return Begun(text, settled(text), open_entry(text))
    except Wrong as wrong:
        raise StatusgenError(f"{wrong.what} {wrong.hint}") from None


def _answers(pen: writers.Pen, kind: Kind, said: dict[str, Any], begun: Begun) -> dict[str, Any]:
    """What is known of each question, by its key: from its flag, or else by asking, where a template leaves it open."""
    _refuse_stray(kind, said)
    found: dict[str, Any] = {}
    missing = []
    for question in QUESTIONS[kind]:
        words = said[question.flag]
        if question.key == "text" and (words or begun.template is not None):
            continue  # `write` takes it from where the flag says, or it is the template's
        if question.key == "do":
            found["do"] = list(words) or _asked_do(pen, question, found, begun)
        elif words:
            whole = ", ".join(words) if isinstance(words, tuple) else words
            found[question.key] = read_flag(question.written, partial(question.read, pen), whole)
        elif question.key in begun.settled:
            continue
        elif pen.asks and question.asked:
            found[question.key] = _asked(pen, question)
        elif pen.asks and question.default:
            found[question.key] = question.read(pen, question.default)
        elif question.needed and begun.template is None:
            missing.append(question.written)
    if missing:
        raise click.UsageError(f"These are missing: {', '.join(missing)}.")
    return {key: value for key, value in found.items() if value}


def _refuse_stray(kind: Kind, said: dict[str, Any]) -> None:
    stray = [flag for flag in FLAGS if said[flag] and flag not in [question.flag for question in QUESTIONS[kind]]]
    if stray:
        named = {Kind.INCIDENT: "An incident", Kind.MAINTENANCE: "Planned work", Kind.NOTICE: "A notice"}[kind]
        hint = IN_PLACE.get((kind, stray[0]), "")
        raise click.UsageError(f"{named} has no {written(stray[0])}. {hint}".rstrip())


def _asked(pen: writers.Pen, question: Question) -> Any:
    from statusgen.cli.prompts import ask

    pen.asked = True
    words = f"{question.words}\n{_listed(pen)}" if question.key == "services" else question.words

    def read(words: str) -> Any:
        return question.read(pen, words) if words or question.read in REFUSE_NOTHING else None

    return ask(words, read, question.default)


def _asked_do(pen: writers.Pen, question: Question, found: dict[str, Any], begun: Begun) -> list[str]:
    """What people can do instead, if there is anything that they cannot do."""
    stand: dict[str, Status] = found.get("services") or {}
    told = "services" in begun.settled or "do" in begun.entry
    if not (pen.asks and question.asked) or told or all(status is Status.WORKING for status in stand.values()):
        return []
    words = _asked(pen, question)
    return [words] if words else []


def _listed(pen: writers.Pen) -> str:
    """Every service and channel with its number, and how the answer looks."""
    from statusgen.writing.reports import choices

    names = {service.id: service.name.texts[0][1] for service in pen.site.services}
    keys = choices(pen.site)
    width = max(len(key) for key in keys)
    rows = [f"{number:4} {key:{width}}  {names.get(key, '')}".rstrip() for number, key in enumerate(keys, 1)]
    kinds = ", ".join(status.value for status in reversed(Status))
    example = f"For example: {keys[-1]} down" + (f", {keys[0]} limited" if len(keys) > 1 else "")
    return "\n".join([*rows, f"How bad: {kinds}", f"{example} (a number does, too)"])


def _front(pen: writers.Pen, kind: Kind, said: dict[str, Any], answers: dict[str, Any], begun: Begun) -> dict[str, Any]:
    """The front matter, in the order in which people read it."""
    from statusgen.writing import reports

    stand: dict[str, Status] = answers.get("services", {})
    entries = read_flag(
        "--do", lambda _: reports.entries(stand, answers.get("do", ()), pen.site, besides=begun.entry), ""
    )
    others = flags.facts(pen, {**said, "service": (), "do": (), "next_": None, "title": None})
    open_ = kind is Kind.INCIDENT and "expected" not in begun.settled
    if open_ and any(status is not Status.WORKING for status in stand.values()):
        others.setdefault("expected", "unknown")
    times = {key: pen.written(answers[key]) for key in ("started", "starts", "ends", "next_update") if key in answers}
    posted = _posted(pen, kind, answers)
    front = {
        "title": answers.get("title"),
        "kind": kind.value if kind is not Kind.INCIDENT and "kind" not in begun.settled else None,
        "topic": answers.get("topic"),
        "started": times.get("started"),
        "posted": posted if posted != times.get("started") else None,
        "starts": times.get("starts"),
        "ends": times.get("ends"),
        "services": entries,
        **others,
        "next_update": times.get("next_update"),
    }
    return {key: value for key, value in front.items() if value}


def _posted(pen: writers.Pen, kind: Kind, answers: dict[str, Any]) -> str | None:
    """When the post is published; None where a template leaves open when all began."""
    from statusgen.writing.times import heading

    began: When | None = answers.get("started")
    if began is None and kind is not Kind.MAINTENANCE:
        return None
    posted = pen.at or heading(pen.now)
    # Rounded down, it may come before what began a minute ago.
    too_soon = kind is Kind.INCIDENT and not pen.at and began is not None and posted.start < began.start
    return pen.written(began if began and too_soon else posted)


def _id(pen: writers.Pen, answers: dict[str, Any], template: str | None) -> str:
    from statusgen.writing.posts import id_of

    return id_of(answers.get("title") or template or "", f"{pen.clock.now.astimezone(pen.site.zone):%Y-%m-%d}")


def _whole(template: str | None, front: dict[str, Any], text: str) -> str:
    from statusgen.writing.posts import post
    from statusgen.writing.templates import filled

    return filled(template, front, text) if template is not None else post(front, text)
