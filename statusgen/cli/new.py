"""`statusgen new`: a new post, from five answers at most."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import click

from statusgen.cli import completion, flags, write_session
from statusgen.cli.questions import FLAG_ALTERNATIVES, FLAGS, QUESTIONS, REJECT_EMPTY, Question, option_name
from statusgen.cli.shared import SOURCE, handle_errors, read_flag
from statusgen.content.format.values import parse_id
from statusgen.model import Kind, Status, When
from statusgen.problems import InvalidValue, StatusgenError

KIND = click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Default: incident.")


@click.command()
@SOURCE
@flags.apply_options(
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
@handle_errors
def new(source: Path, at: str | None, edit: bool, yes: bool, build: bool, **options: Any) -> None:
    """Write a new post, asking for what the flags leave out."""
    write_post(write_session.WriteSession(source, at, yes, build), edit, options)


def write_post(session: write_session.WriteSession, edit: bool, options: dict[str, Any]) -> None:
    """Write a new post of what the flags say, and of answers."""
    template = _load_template(session, options["template"])
    kind = Kind(options["kind"] or template.fixed_values.get("kind") or "incident")
    answers = _collect_answers(session, kind, options, template)
    text = session.read_text(options["text"]) or answers.get("text", "")
    front = _make_front_matter(session, kind, options, answers, template)
    id = (
        read_flag("--id", parse_id, options["id_"])
        if options["id_"]
        else _make_id(session, answers, options["template"])
    )
    session.create_post(id, _make_post(template.text, front, text), edit, may_have_blanks=template.text is not None)


@dataclass(frozen=True)
class TemplateParts:
    """What a template brings: its text, the keys that it settles, and what it says of a service it does not name."""

    text: str | None = None
    fixed_values: Mapping[str, str] = field(default_factory=dict)
    blank_entry: Mapping[str, Any] = field(default_factory=dict)


def _load_template(session: write_session.WriteSession, name: str | None) -> TemplateParts:
    from statusgen.editor.templates import read_blank_entry, read_fixed_values, read_template

    if not name:
        return TemplateParts()
    text = read_flag("--template", partial(read_template, session.workspace.folder), name)
    try:
        return TemplateParts(text, read_fixed_values(text), read_blank_entry(text))
    except InvalidValue as wrong:
        raise StatusgenError(f"{wrong.what} {wrong.hint}") from None


def _collect_answers(
    session: write_session.WriteSession, kind: Kind, options: dict[str, Any], template: TemplateParts
) -> dict[str, Any]:
    """What is known of each question, by its key: from its flag, or else by asking, where a template leaves it open."""
    _refuse_stray_flags(kind, options)
    found: dict[str, Any] = {}
    missing = []
    for question in QUESTIONS[kind]:
        words = options[question.flag]
        if question.key == "text" and (words or template.text is not None):
            continue  # `write` takes it from where the flag says, or it is the template's
        if question.key == "do":
            found["do"] = list(words) or _ask_do(session, question, found, template)
        elif words:
            whole = ", ".join(words) if isinstance(words, tuple) else words
            found[question.key] = read_flag(question.option_name, partial(question.parse, session), whole)
        elif question.key in template.fixed_values:
            continue
        elif session.can_ask and question.is_asked:
            found[question.key] = _ask_question(session, question)
        elif session.can_ask and question.default:
            found[question.key] = question.parse(session, question.default)
        elif question.is_required and template.text is None:
            missing.append(question.option_name)
    if missing:
        raise click.UsageError(f"These are missing: {', '.join(missing)}.")
    return {key: value for key, value in found.items() if value}


def _refuse_stray_flags(kind: Kind, options: dict[str, Any]) -> None:
    stray = [flag for flag in FLAGS if options[flag] and flag not in [question.flag for question in QUESTIONS[kind]]]
    if stray:
        kind_name = {Kind.INCIDENT: "An incident", Kind.MAINTENANCE: "Planned work", Kind.NOTICE: "A notice"}[kind]
        hint = FLAG_ALTERNATIVES.get((kind, stray[0]), "")
        raise click.UsageError(f"{kind_name} has no {option_name(stray[0])}. {hint}".rstrip())


def _ask_question(session: write_session.WriteSession, question: Question) -> Any:
    from statusgen.cli.prompts import ask

    session.has_asked = True
    words = f"{question.prompt}\n{_list_services(session)}" if question.key == "services" else question.prompt

    def read(words: str) -> Any:
        return question.parse(session, words) if words or question.parse in REJECT_EMPTY else None

    return ask(words, read, question.default)


def _ask_do(
    session: write_session.WriteSession, question: Question, found: dict[str, Any], template: TemplateParts
) -> list[str]:
    """What people can do instead, if there is anything that they cannot do."""
    status_by_key: dict[str, Status] = found.get("services") or {}
    is_answered = "services" in template.fixed_values or "do" in template.blank_entry
    if (
        not (session.can_ask and question.is_asked)
        or is_answered
        or all(status is Status.WORKING for status in status_by_key.values())
    ):
        return []
    words = _ask_question(session, question)
    return [words] if words else []


def _list_services(session: write_session.WriteSession) -> str:
    """Every service and channel with its number, and how the answer looks."""
    from statusgen.editor.statuses import service_keys

    names = {service.id: service.name.texts[0][1] for service in session.site.services}
    keys = service_keys(session.site)
    width = max(len(key) for key in keys)
    rows = [f"{number:4} {key:{width}}  {names.get(key, '')}".rstrip() for number, key in enumerate(keys, 1)]
    kinds = ", ".join(status.value for status in reversed(Status))
    example = f"For example: {keys[-1]} down" + (f", {keys[0]} limited" if len(keys) > 1 else "")
    return "\n".join([*rows, f"How bad: {kinds}", f"{example} (a number does, too)"])


def _make_front_matter(
    session: write_session.WriteSession,
    kind: Kind,
    options: dict[str, Any],
    answers: dict[str, Any],
    template: TemplateParts,
) -> dict[str, Any]:
    """The front matter, in the order in which people read it."""
    from statusgen.editor import statuses

    status_by_key: dict[str, Status] = answers.get("services", {})
    entries = read_flag(
        "--do",
        lambda _: statuses.make_service_entries(
            status_by_key, answers.get("do", ()), session.site, extra=template.blank_entry
        ),
        "",
    )
    others = flags.make_facts(session, {**options, "service": (), "do": (), "next_": None, "title": None})
    needs_estimate = kind is Kind.INCIDENT and "expected" not in template.fixed_values
    if needs_estimate and any(status is not Status.WORKING for status in status_by_key.values()):
        others.setdefault("expected", "unknown")
    times = {
        key: session.format_time(answers[key]) for key in ("started", "starts", "ends", "next_update") if key in answers
    }
    posted = _posted_time(session, kind, answers)
    front = {
        "title": answers.get("title"),
        "kind": kind.value if kind is not Kind.INCIDENT and "kind" not in template.fixed_values else None,
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


def _posted_time(session: write_session.WriteSession, kind: Kind, answers: dict[str, Any]) -> str | None:
    """When the post is published; None where a template leaves open when all began."""
    from statusgen.editor.times import update_time

    began: When | None = answers.get("started")
    if began is None and kind is not Kind.MAINTENANCE:
        return None
    posted = session.at or update_time(session.now)
    # Rounded down, it may come before what began a minute ago.
    is_too_soon = kind is Kind.INCIDENT and not session.at and began is not None and posted.start < began.start
    return session.format_time(began if began and is_too_soon else posted)


def _make_id(session: write_session.WriteSession, answers: dict[str, Any], template: str | None) -> str:
    from statusgen.editor.posts import make_post_id

    return make_post_id(
        answers.get("title") or template or "", f"{session.time_parser.now.astimezone(session.site.zone):%Y-%m-%d}"
    )


def _make_post(template: str | None, front: dict[str, Any], text: str) -> str:
    from statusgen.editor.posts import format_post
    from statusgen.editor.templates import fill_template

    return fill_template(template, front, text) if template is not None else format_post(front, text)
