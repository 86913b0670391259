"""The flags of the writer's commands, and the facts that they make."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from statusgen.cli import completion
from statusgen.cli.shared import read_flag
from statusgen.cli.writers import Pen
from statusgen.model import Incident
from statusgen.reading.misdated import is_a_day
from statusgen.reading.values import Wrong

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
    shell_complete=completion.reports,
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


def listed(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options at once, in the order in which the help lists them."""

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def facts(pen: Pen, said: Mapping[str, Any], held: Sequence[str] = ()) -> dict[str, Any]:
    """The block of facts that the flags make, in the order in which people read it."""
    from statusgen.writing import reports

    stand = read_flag("--service", lambda words: reports.statuses(words, pen.site), ", ".join(said.get("service", ())))
    entries = read_flag("--do", lambda _: reports.entries(stand, said.get("do", ()), pen.site, held), "")
    found = {
        "title": said.get("title"),
        "by": said.get("by"),
        "known": [*said.get("known", ())],
        "not_known": [*said.get("not_known", ())],
        "doing": [*said.get("doing", ())],
        "services": entries,
        "expected": _expected(pen, said.get("expected"), said.get("basis")),
        "next_update": pen.later("--next", said["next_"]) if said.get("next_") else None,
    }
    return {key: value for key, value in found.items() if value}


def _expected(pen: Pen, words: str | None, basis: str | None) -> Any:
    """`expected:` as the flags say it: a word, a date, or a mapping."""
    if not words:
        return {"basis": basis} if basis else None
    estimate = _estimate(pen, " ".join(words.split()))
    if not basis:
        return estimate
    whole = {"on": estimate} if isinstance(estimate, str) else estimate
    return {**({"unknown": True} if estimate == "unknown" else whole), "basis": basis}


def _estimate(pen: Pen, words: str) -> Any:
    if words.casefold() == "unknown":
        return "unknown"
    starts = {"not before ": "not_before", "by ": "by"}
    start = next((start for start in starts if words.casefold().startswith(start)), "")
    time = words[len(start) :]
    try:
        pen.clock.coming(time)
    except Wrong:
        if is_a_day(time) or (time[:1].isdigit() and time[4:5] == "-"):
            raise click.BadParameter(f"There is no such time as {time}.", param_hint="--expected") from None
        return {"words": words}
    found = pen.later("--expected", time)
    return {starts[start]: found} if start else found


def held(pen: Pen, post: Incident) -> list[str]:
    """The services and channels that a post holds back now."""
    standing = pen.board.incident.get(post.id)
    holds = [hold for hold in standing.holds if hold.until is None] if standing else []
    return ["/".join(filter(None, hold.cell)) for hold in holds]
