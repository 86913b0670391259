"""The flags of the writer's commands, and the facts that they make."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from statusgen.cli import completion
from statusgen.cli.shared import read_flag
from statusgen.cli.write_session import WriteSession
from statusgen.content.format.date_hints import is_date_like
from statusgen.model import Incident
from statusgen.problems import InvalidValue

F = TypeVar("F", bound=Callable[..., Any])

INCIDENT = click.argument("incident", required=False, shell_complete=completion.incidents)
AT = click.option("--at", metavar="TIME", help='When it is said, like "9:40" or "2024-05-15 16:00". Default: now.')
TEXT = click.option("--text", help="The text of the update, in Markdown; - reads it from standard input.")
EDIT = click.option("--edit", is_flag=True, help="Open it in your editor ($EDITOR) before it is written.")
YES = click.option("--yes", "-y", is_flag=True, help="Never ask; say which flag is missing.")
BUILD = click.option("--build", is_flag=True, help="Build the site when it is written, as statusgen build does.")
BY = click.option("--by", metavar="WHO", help='Who says it, like "Ada Quimby, Mayor".')
SERVICE = click.option(
    "--service",
    multiple=True,
    metavar="ID[/CHANNEL]=STATUS",
    shell_complete=completion.service_statuses,
    help="How a service stands, like water-bill/online=down. Can be given several times.",
)
DO = click.option(
    "--do",
    multiple=True,
    metavar="[ID=]TEXT",
    help="What people can do instead: of one service, or of all that do not work.",
)
EXPECTED = click.option(
    "--expected", metavar="TIME", help='When things are back: unknown, a time, "by TIME", "not before TIME", or words.'
)
BASIS = click.option("--basis", metavar="TEXT", help='How that is known, like "vendor estimate".')
NEXT = click.option("--next", "next_", metavar="TIME", help='When you will say more, like 16:00 or "in 2 hours".')
KNOWN = click.option("--known", multiple=True, metavar="TEXT", help="What is known. Can be given several times.")
NOT_KNOWN = click.option("--not-known", multiple=True, metavar="TEXT", help="What is not known yet. Several, too.")
DOING = click.option("--doing", multiple=True, metavar="TEXT", help="What is being done about it. Several, too.")


def apply_options(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options at once, in the order in which the help lists them."""

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def make_facts(session: WriteSession, options: Mapping[str, Any], affected: Sequence[str] = ()) -> dict[str, Any]:
    """The block of facts that the flags make, in the order in which people read it."""
    from statusgen.editor import statuses

    status_by_key = read_flag(
        "--service", lambda words: statuses.parse_statuses(words, session.site), ", ".join(options.get("service", ()))
    )
    entries = read_flag(
        "--do",
        lambda _: statuses.make_service_entries(status_by_key, options.get("do", ()), session.site, affected),
        "",
    )
    found = {
        "title": options.get("title"),
        "by": options.get("by"),
        "known": [*options.get("known", ())],
        "not_known": [*options.get("not_known", ())],
        "doing": [*options.get("doing", ())],
        "services": entries,
        "expected": _parse_expected(session, options.get("expected"), options.get("basis")),
        "next_update": session.require_future_time("--next", options["next_"]) if options.get("next_") else None,
    }
    return {key: value for key, value in found.items() if value}


def _parse_expected(session: WriteSession, words: str | None, basis: str | None) -> Any:
    """`expected:` as the flags say it: a word, a date, or a mapping."""
    if not words:
        return {"basis": basis} if basis else None
    estimate = _parse_estimate(session, " ".join(words.split()))
    if not basis:
        return estimate
    whole = {"on": estimate} if isinstance(estimate, str) else estimate
    return {**({"unknown": True} if estimate == "unknown" else whole), "basis": basis}


def _parse_estimate(session: WriteSession, words: str) -> Any:
    if words.casefold() == "unknown":
        return "unknown"
    starts = {"not before ": "not_before", "by ": "by"}
    start = next((start for start in starts if words.casefold().startswith(start)), "")
    time = words[len(start) :]
    try:
        session.time_parser.parse_future(time)
    except InvalidValue:
        if is_date_like(time) or (time[:1].isdigit() and time[4:5] == "-"):
            raise click.BadParameter(f"There is no such time as {time}.", param_hint="--expected") from None
        return {"words": words}
    found = session.require_future_time("--expected", time)
    return {starts[start]: found} if start else found


def affected_keys(session: WriteSession, post: Incident) -> list[str]:
    """The services and channels that a post holds back now."""
    incident = session.board.incident_by_id.get(post.id)
    effects = [effect for effect in incident.effects if effect.until is None] if incident else []
    return ["/".join(filter(None, effect.key)) for effect in effects]
