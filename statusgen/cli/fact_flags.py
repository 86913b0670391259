"""The facts of an update: the flags that state them, and the YAML that they become."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import click

from statusgen.cli import completion
from statusgen.cli.errors import parse_flag
from statusgen.cli.flags import flag
from statusgen.content.format.date_hints import is_date_like
from statusgen.content.format.fields import MAX_SHORT_LENGTH, check_short_length
from statusgen.content.format.values import TIME_PATTERN, VAGUE_TIME_PATTERN, parse_time_or_month
from statusgen.editor.earlier import Earlier
from statusgen.editor.fact_values import BEFORE, Facts, FactValue, drop_empty, name_start
from statusgen.editor.spoken_times import says_unknown, split_before
from statusgen.editor.statuses import Instructions, make_service_entries, parse_statuses, split_instruction
from statusgen.english import English, SeveralTexts
from statusgen.model.posts import Scope
from statusgen.model.statuses import Status
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
SHORT = click.option(
    "--short",
    multiple=True,
    metavar="[ID=]TEXT",
    help=f"The same as --do in at most {MAX_SHORT_LENGTH} letters, for the list at the top of the page.",
)
WHERE = click.option(
    "--where",
    multiple=True,
    metavar="[ID=]TEXT",
    help="Where people can go instead. It works like --do. Can be repeated.",
)
SINCE = click.option(
    "--since",
    "service_since",
    multiple=True,
    metavar="[ID=]TIME",
    help='Since when a service has this status: a time, a day, a month, "before TIME", or "incident" (its beginning).',
)
EXPECTED = click.option(
    "--expected",
    multiple=True,
    metavar="[ID=]TIME",
    help='When it is expected back: unknown, a time, "by TIME", "not before TIME", or words. Can be repeated.',
)
BASIS = click.option("--basis", metavar="TEXT", help='Where that estimate comes from, like "vendor estimate".')
NEXT = click.option("--next", "next_", metavar="TIME", help='When the next update comes, like 16:00 or "in 2 hours".')


KEEP = click.option(
    "--keep",
    is_flag=True,
    help="Keep showing what people can do for services that got better.",
)
_LISTS = ("known", "not_known", "doing")
# An estimate in English, as in posts, or in Spanish: its first words, the longer ones first, and the key for them.
_ESTIMATE_STARTS = {
    "not before ": "not_before",
    "by ": "by",
    "no antes del ": "not_before",
    "no antes de ": "not_before",
    "a más tardar el ": "by",
    "a más tardar ": "by",
}


@dataclass(frozen=True)
class FactFlags:
    """The flags of each command that can state any fact."""

    service: tuple[str, ...] = flag((), SERVICE)
    do: tuple[str, ...] = flag((), DO)
    where: tuple[str, ...] = flag((), WHERE)
    short: tuple[str, ...] = flag((), SHORT)
    everybody: str | None = flag(None, "--everybody", metavar="TEXT", help="What everybody can do.")
    everybody_until: str | None = flag(None, "--everybody-until", metavar="TIME", help="Until when that holds.")
    others: str | None = flag(
        None,
        "--others",
        type=click.Choice(["unknown", "working"]),
        help="The status of every service that nothing was said about.",
    )
    scope: str | None = flag(
        None,
        "--scope",
        type=click.Choice([scope.value for scope in Scope]),
        help="Whether it could affect more services.",
    )
    known: tuple[str, ...] = flag((), "--known", metavar="TEXT", help="What is known. Can be repeated.")
    not_known: tuple[str, ...] = flag((), "--not-known", metavar="TEXT", help="What is not known yet. Can be repeated.")
    doing: tuple[str, ...] = flag((), "--doing", metavar="TEXT", help="What is being done about it. Can be repeated.")
    expected: tuple[str, ...] = flag((), EXPECTED)
    basis: str | None = flag(None, BASIS)
    unrelated_to: tuple[str, ...] = flag(
        (),
        "--unrelated-to",
        metavar="POST",
        shell_complete=completion.incidents,
        help="Another post that people could confuse with it. Can be repeated.",
    )
    by: str | None = flag(None, BY)


def make_facts(
    session: "WriteSession", flags: FactFlags, earlier: Earlier, service_since: tuple[str, ...] = ()
) -> Facts:
    """Return the facts that the flags state, in the order in which people read them."""
    status_by_key = parse_flag("--service", parse_statuses, ", ".join(flags.service), session.site)
    estimate, estimates = _split_estimates(session, flags, status_by_key, earlier)
    entries = _make_entries(session, flags, status_by_key, earlier, estimates, service_since)
    lists = {name: _extend(earlier.lists.get(name, ()), getattr(flags, name)) for name in _LISTS}
    return drop_empty(
        {
            "by": flags.by,
            "do": _make_general_advice(session, flags),
            **lists,
            "services": entries,
            "others": flags.others,
            "scope": flags.scope,
            "expected": estimate,
            "unrelated_to": [session.find_incident(words).id for words in flags.unrelated_to],
        }
    )


def _make_general_advice(session: "WriteSession", flags: FactFlags) -> FactValue | None:
    """Return what everybody can do, and until when."""
    if not flags.everybody_until:
        return flags.everybody
    if not flags.everybody:
        raise click.BadParameter("--everybody-until needs --everybody.", param_hint="--everybody-until")
    until = session.read_future_time("--everybody-until", flags.everybody_until)
    return {"words": flags.everybody, "until": until}


def _make_entries(
    session: "WriteSession",
    flags: FactFlags,
    status_by_key: Mapping[str, Status],
    earlier: Earlier,
    estimates: tuple[str, ...],
    service_since: tuple[str, ...],
) -> Facts:
    """Return `services:` as the flags state it."""
    parts = {
        "--do": Instructions("do", flags.do),
        "--short": Instructions("short", flags.short, parse_short),
        "--where": Instructions("where", flags.where),
        "--since": Instructions("since", service_since, partial(parse_since, session)),
        "--expected": Instructions("expected", estimates, lambda words: parse_expected(session, words, flags.basis)),
    }
    for name, part in parts.items():  # so that the flag with the mistake is blamed
        parse_flag(name, make_service_entries, status_by_key, [part], session.site, earlier.affected)
    made = make_service_entries(status_by_key, parts.values(), session.site, earlier.affected, earlier.blank_entry)
    return {key: _name_start_of(_with_status(key, _join_short_form(entry), earlier)) for key, entry in made.items()}


def _join_short_form(entry: FactValue) -> FactValue:
    """Return an entry with what people can do and the short form of it under one key, as posts have it."""
    if not isinstance(entry, Mapping) or "short" not in entry:
        return entry
    if "do" not in entry:
        raise click.BadParameter("--short needs --do: it is the same in fewer words.", param_hint="--short")
    do: FactValue = {"words": entry["do"], "short": entry["short"]}
    return {key: do if key == "do" else value for key, value in entry.items() if key != "short"}


def _with_status(key: str, entry: FactValue, earlier: Earlier) -> FactValue:
    """Return the entry of a service with how it stands, if it only says since when."""
    if not isinstance(entry, Mapping) or "since" not in entry or "status" in entry:
        return entry
    if key not in earlier.standing:
        hint = English("Say how it is, too: --service %(key)s=down.", key=key)
        raise click.BadParameter(
            SeveralTexts(English("The status of %(key)s is not clear.", key=key), hint), param_hint="--since"
        )
    return {"status": earlier.standing[key].value, **entry}


def _name_start_of(entry: FactValue) -> FactValue:
    return name_start(entry) if isinstance(entry, Mapping) else entry


def _extend(before: Sequence[str], added: Sequence[str]) -> list[str]:
    """Return a list with what was added to it; nothing if nothing was, so that it stays as it is."""
    return [*dict.fromkeys((*before, *added))] if added else []


def _split_estimates(
    session: "WriteSession", flags: FactFlags, status_by_key: Mapping[str, Status], earlier: Earlier
) -> tuple[FactValue | None, tuple[str, ...]]:
    """Return the estimate for the post as a whole, and those for services.

    An estimate that names no service is about those that the same update says not to work. It is about the whole if
    there are none, or if the post is new, which holds no others.
    """
    has_broken = any(status is not Status.WORKING for status in status_by_key.values())
    if not flags.expected:
        return ({"basis": flags.basis} if flags.basis else None), ()
    named = [words for words in flags.expected if parse_flag("--expected", split_instruction, words, session.site)[0]]
    general = [words for words in flags.expected if words not in named]
    if len(general) > 1:
        what = "Only one --expected can leave out the service. Write the others like --expected ID=…"
        raise click.BadParameter(what, param_hint="--expected")
    if has_broken and not earlier.is_new:
        return None, flags.expected
    whole = parse_expected(session, general[-1], flags.basis) if general else None
    return whole, tuple(named)


def parse_short(words: str) -> str:
    """Return the short form of what people can do; raises InvalidValue if it is too long for one line."""
    check_short_length(words)
    return words


def parse_since(session: "WriteSession", words: str) -> str:
    """Return `since:` of a service as posts have it; "before TIME" if nobody knows more, which `name_start` reads."""
    if words.casefold() == "incident":
        return "incident"
    is_before, time = split_before(words)
    if is_before:
        return BEFORE + session.format_time(session.time_parser.parse_past(time))
    if VAGUE_TIME_PATTERN.fullmatch(words):
        return words
    return session.format_time(session.time_parser.parse_past(words))


def parse_expected(session: "WriteSession", words: str, basis: str | None) -> FactValue:
    """Return `expected:` as the flags state it: a word, a date, or a mapping."""
    estimate = _parse_estimate(session, " ".join(words.split()))
    if not basis:
        return estimate
    if estimate == "unknown":
        return {"unknown": True, "basis": basis}
    return {**({"on": estimate} if isinstance(estimate, str) else estimate), "basis": basis}


def _parse_estimate(session: "WriteSession", words: str) -> str | dict[str, str]:
    if says_unknown(words):
        return "unknown"
    starts = _ESTIMATE_STARTS
    start = next((start for start in starts if words.casefold().startswith(start)), "")
    time = words[len(start) :]
    if VAGUE_TIME_PATTERN.fullmatch(time) and not TIME_PATTERN.fullmatch(time):
        parse_flag("--expected", parse_time_or_month, time, session.site.zone)
        return {starts[start]: time} if start else time
    try:
        session.time_parser.parse_future(time)
    except InvalidValue:
        if is_date_like(time) or (time[:1].isdigit() and time[4:5] == "-"):
            raise click.BadParameter(
                English("There is no such time as %(time)s.", time=time), param_hint="--expected"
            ) from None
        return {"words": words}
    found = session.read_future_time("--expected", time)
    return {starts[start]: found} if start else found
