"""The facts of an update: the flags that state them, and the YAML that they become."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from statusgen.cli import completion
from statusgen.cli.errors import parse_flag
from statusgen.cli.flags import flag
from statusgen.content.format.date_hints import is_date_like
from statusgen.editor.fact_values import Facts, FactValue, drop_empty
from statusgen.editor.statuses import make_service_entries, parse_statuses
from statusgen.problems import InvalidValue

if TYPE_CHECKING:
    from statusgen.cli.write_session import WriteSession

TEXT = click.option("--text", help="The text of the update, in Markdown; - reads it from standard input.")
TITLE = click.option("--title", help="A headline for this update.")
BY = click.option("--by", metavar="WHO", help='Who says it, like "Ada Quimby, Mayor".')
SERVICE = click.option(
    "--service",
    multiple=True,
    metavar="ID[/CHANNEL]=STATUS",
    shell_complete=completion.service_statuses,
    help="The status of a service, like water-bill/online=down. Can be repeated.",
)
DO = click.option(
    "--do",
    multiple=True,
    metavar="[ID=]TEXT",
    help="What people can do instead, for one service or for all that are not working. Can be repeated.",
)
EXPECTED = click.option(
    "--expected",
    metavar="TIME",
    help='When it is expected back: unknown, a time, "by TIME", "not before TIME", or words.',
)
BASIS = click.option("--basis", metavar="TEXT", help='Where that estimate comes from, like "vendor estimate".')
NEXT = click.option("--next", "next_", metavar="TIME", help='When the next update comes, like 16:00 or "in 2 hours".')


@dataclass(frozen=True)
class FactFlags:
    """The flags of each command that can state any fact."""

    service: tuple[str, ...] = flag((), SERVICE)
    do: tuple[str, ...] = flag((), DO)
    known: tuple[str, ...] = flag((), "--known", metavar="TEXT", help="What is known. Can be repeated.")
    not_known: tuple[str, ...] = flag((), "--not-known", metavar="TEXT", help="What is not known yet. Can be repeated.")
    doing: tuple[str, ...] = flag((), "--doing", metavar="TEXT", help="What is being done about it. Can be repeated.")
    expected: str | None = flag(None, EXPECTED)
    basis: str | None = flag(None, BASIS)
    by: str | None = flag(None, BY)


def make_facts(session: "WriteSession", flags: FactFlags, affected: Sequence[str] = ()) -> Facts:
    """Return the facts that the flags state, in the order in which people read them.

    `affected` are the services that --do can be about if --service names none.
    """
    status_by_key = parse_flag("--service", parse_statuses, ", ".join(flags.service), session.site)
    return drop_empty(
        {
            "by": flags.by,
            "known": flags.known,
            "not_known": flags.not_known,
            "doing": flags.doing,
            "services": parse_flag("--do", make_service_entries, status_by_key, flags.do, session.site, affected),
            "expected": _parse_expected(session, flags.expected, flags.basis),
        }
    )


def _parse_expected(session: "WriteSession", words: str | None, basis: str | None) -> FactValue | None:
    """Return `expected:` as the flags state it: a word, a date, or a mapping."""
    if not words:
        return {"basis": basis} if basis else None
    estimate = _parse_estimate(session, " ".join(words.split()))
    if not basis:
        return estimate
    if estimate == "unknown":
        return {"unknown": True, "basis": basis}
    return {**({"on": estimate} if isinstance(estimate, str) else estimate), "basis": basis}


def _parse_estimate(session: "WriteSession", words: str) -> str | dict[str, str]:
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
    found = session.read_future_time("--expected", time)
    return {starts[start]: found} if start else found
