"""`statusgen waive`: a fee, a penalty or a deadline that does not apply for a while."""

from itertools import chain, count
from pathlib import Path
from typing import Any

import click

from statusgen.cli import completion, flags, write_session
from statusgen.cli.shared import SOURCE, handle_errors, read_flag
from statusgen.model import Incident, When


@click.command()
@flags.INCIDENT
@SOURCE
@flags.apply_options(
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
@handle_errors
def waive(
    incident: str | None,
    source: Path,
    text: str | None,
    at: str | None,
    edit: bool,
    yes: bool,
    build: bool,
    **options: Any,
) -> None:
    """Say in INCIDENT that a fee, a penalty or a deadline does not apply for a while."""
    from statusgen.model import State

    session = write_session.WriteSession(source, at, yes, build)
    post = session.find_incident(incident)
    if not options["what"] and not options["id_"]:
        if not session.can_ask:
            raise click.UsageError("Say what does not apply with --what; or name a waiver that is there with --id.")
        _ask_details(session, options)
    session.append_update(
        post,
        State.UPDATE,
        {"waivers": [_make_waiver(session, post, options)]},
        session.read_text(text),
        edit,
        keep_promise=True,
    )


def _make_waiver(session: write_session.WriteSession, post: Incident, options: dict[str, Any]) -> dict[str, Any]:
    from statusgen.editor.statuses import parse_service_key

    services = [read_flag("--service", lambda id: parse_service_key(id, session.site), id) for id in options["service"]]
    service_ids = list(dict.fromkeys(key.partition("/")[0] for key in services))
    id = options["id_"] or _make_id(post, options["what"], service_ids)
    begins = read_flag("--from", session.time_parser.parse_future, options["begins"]) if options["begins"] else None
    found = {
        "id": id,
        "what": options["what"],
        "services": service_ids,
        "from": session.format_time(begins) if begins else None,
        "until": _parse_until(session, options["until"], begins or _default_begin(session, post, id))
        if options["until"]
        else None,
        "by": options["by"],
        "how": options["how"],
    }
    return {key: value for key, value in found.items() if value}


def _make_id(post: Incident, what: str, services: list[str]) -> str:
    """An id made of the words: that of the same waiver if the post has it, and never that of another one."""
    from statusgen.text import slugify

    first = slugify(what)[:40].rstrip("-")
    for id in chain([first], (f"{first}-{number}" for number in count(2))):
        existing = _existing_waiver(post, id)
        words = str(existing.get("what", what)).casefold()
        if not existing or (words == what.casefold() and services in ([], existing["services"])):
            break
    return id


def _existing_waiver(post: Incident, id: str) -> dict[str, Any]:
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


def _default_begin(session: write_session.WriteSession, post: Incident, id: str) -> When:
    """From when the waiver is in force, where --from does not say it."""
    begins: When | None = _existing_waiver(post, id).get("begins")
    return begins or session.time_parser.parse_future("today")


def _parse_until(session: write_session.WriteSession, words: str, begins: When) -> str:
    """A date where it is one, or else words."""
    from statusgen.content.format.date_hints import is_date_like
    from statusgen.problems import InvalidValue

    try:
        until = session.time_parser.parse_future(words)
    except InvalidValue:
        if is_date_like(words):
            raise click.BadParameter(f"{words} is no day. Write it like 2024-06-30.", param_hint="--until") from None
        return words
    if until.last_minute < begins.start:
        what = f"{session.format_time(until)} is before the waiver begins ({session.format_time(begins)})."
        raise click.BadParameter(f"{what} Look at --from and --until again.", param_hint="--until")
    return session.format_time(until)


def _ask_details(session: write_session.WriteSession, options: dict[str, Any]) -> None:
    from statusgen.cli.prompts import ask
    from statusgen.editor.statuses import parse_service_key
    from statusgen.problems import InvalidValue

    def what(words: str) -> str:
        if not words:
            raise InvalidValue("A waiver has to say what does not apply.", "Write it in a few words.")
        return words

    def keys(words: str) -> tuple[str, ...]:
        return tuple(parse_service_key(word.strip(), session.site) for word in words.split(",") if word.strip())

    options["what"] = ask("What does not apply? For example: No late fees and no shutoffs", what)
    options["service"] = options["service"] or ask("For which services? For example: water-bill, permits", keys)
    if options["until"] is None:
        question = "Until when? For example: 2024-06-30, or: online payment works again\n(Nothing: not known yet.)"
        options["until"] = ask(question, lambda words: words) or None
