"""`statusgen correct`: what was wrong in an earlier update, and what is right."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import click

from statusgen.cli.errors import parse_flag, parse_flag_value
from statusgen.cli.fact_flags import KEEP, SINCE, TEXT, FactFlags, make_facts, parse_expected, parse_since
from statusgen.cli.flags import flag
from statusgen.cli.prompts import ask, ask_for
from statusgen.cli.waive import parse_until
from statusgen.cli.write_command import incident_command
from statusgen.content.format.values import parse_enum
from statusgen.editor.earlier import Earlier
from statusgen.editor.fact_values import Facts, FactValue, drop_empty
from statusgen.editor.find_update import find_updates
from statusgen.editor.statements import Standing, Statement, Statements, correct_statement, find_statements
from statusgen.english import English, SeveralTexts
from statusgen.model.posts import Incident, Update
from statusgen.model.states import State
from statusgen.model.statuses import WRITTEN_STATUSES
from statusgen.problems import InvalidValue
from statusgen.text import decode_text, did_you_mean, quote_text
from statusgen.wording.phrasing import Phrasing

if TYPE_CHECKING:
    from statusgen.cli.write_session import WriteSession


@dataclass(frozen=True)
class CorrectFlags(FactFlags):
    """What the flags of `correct` say."""

    right: str | None = flag(None, "--right", metavar="TEXT", help="What is true.")
    wrong: str | None = flag(None, "--wrong", metavar="TEXT", help="What the update said.")
    time: str | None = flag(
        None,
        "--update",
        "time",
        metavar="TIME",
        help="The time of the update. Default: the one that has the words of --wrong.",
    )
    service_since: tuple[str, ...] = flag((), SINCE)
    waiver: tuple[str, ...] = flag(
        (), "--waiver", metavar="ID=TEXT", help="What a waiver of the post is about. Can be repeated."
    )
    waiver_until: tuple[str, ...] = flag(
        (), "--waiver-until", metavar="ID=TIME", help="Its last day, or words for what ends it. Can be repeated."
    )
    deadline: tuple[str, ...] = flag(
        (), "--deadline", metavar="ID=TEXT", help="What a deadline of the post is about. Can be repeated."
    )
    deadline_on: tuple[str, ...] = flag((), "--deadline-on", metavar="ID=DATE", help="Its date. Can be repeated.")
    holds: tuple[str, ...] = flag(
        (),
        "--holds",
        metavar="FACT=WORDS",
        help="What is true in place of any fact that people read now, named by its keys, like services.permits.do=…, "
        "known.2=…, rename=…; without words, an entry of a list goes. Can be repeated.",
    )
    text: str | None = flag(None, TEXT)
    keep: bool = flag(False, KEEP)

    @property
    def dated(self) -> Iterable[tuple[str, tuple[str, str], tuple[str, ...]]]:
        """Each flag about a waiver or a deadline, the keys that it fills, and what it says."""
        yield "--waiver", ("waivers", "what"), self.waiver
        yield "--waiver-until", ("waivers", "until"), self.waiver_until
        yield "--deadline", ("deadlines", "what"), self.deadline
        yield "--deadline-on", ("deadlines", "on"), self.deadline_on


@incident_command(CorrectFlags)
def correct(session: "WriteSession", post: Incident, flags: CorrectFlags) -> None:
    """Correct an update of INCIDENT; the update itself stays as it was."""
    meant = _find_meant_updates(session, post, flags)
    session.should_confirm = session.can_ask
    should_ask = not flags.right
    if should_ask:
        flags = _ask(session, post, flags)
        meant = _find_meant_updates(session, post, flags)
    corrected = session.format_time(meant[-1].time)
    more = f", the newest of {len(meant)} that say so; --update names another" if len(meant) > 1 else ""
    click.echo(f"This corrects the update of {corrected}{more}.")
    facts = _make_facts(session, post, flags)
    if should_ask:
        facts = _ask_what_holds(session, post, meant[-1], flags, facts)
    about = drop_empty({"corrects": corrected, "wrong": flags.wrong, "right": flags.right})
    session.append_update(post, State.CORRECTION, about | facts, session.read_text(flags.text), flags.keep)


def _make_facts(session: "WriteSession", post: Incident, flags: CorrectFlags) -> Facts:
    """Return what holds now, as far as flags say it."""
    facts = make_facts(session, flags, _without_wrong(session.earlier(post), flags.wrong), flags.service_since)
    for name, (first, key), texts in flags.dated:
        for words in texts:
            id, value = parse_flag(name, _parse_dated, words, session, post, first, key)
            facts = correct_statement(facts, Statement((first, id, key), ""), value, {})
    for words in flags.holds:
        facts = parse_flag_value("--holds", words, partial(_correct_named, session, post, facts))
    return facts


def _correct_named(session: "WriteSession", post: Incident, facts: Facts, words: str) -> Facts:
    """Return the facts with what `--holds` says of one that people read now; raises InvalidValue."""
    name, _, value = (part.strip() for part in words.partition("="))
    known = {each.name: each.statement for each in _list_statements(session, post)}
    if name not in known:
        raise InvalidValue(
            English("The post does not say %(name)s now.", name=quote_text(name)), did_you_mean(name, [*known])
        )
    return _correct(session, facts, known[name], session.earlier(post).lists, value)


def _list_statements(session: "WriteSession", post: Incident) -> list[Standing]:
    incident = session.board.incident_by_id.get(post.id)
    phrasing = Phrasing(session.site, session.site.languages[0], plain=True)
    return find_statements(incident, session.site, phrasing.estimate) if incident else []


def _parse_dated(words: str, session: "WriteSession", post: Incident, name: str, key: str) -> tuple[str, FactValue]:
    """Return the id of a waiver or of a deadline, and what a flag says of it; raises InvalidValue."""
    id, equals, value = (part.strip() for part in words.partition("="))
    ids = sorted({entry.id for update in post.updates for entry in getattr(update, name)})
    if id not in ids:
        what = English("%(post)s has no %(noun)s %(id)s.", post=post.id, noun=name.removesuffix("s"), id=quote_text(id))
        raise InvalidValue(what, did_you_mean(id, ids) if ids else English("It has none."))
    if not (equals and value):
        raise InvalidValue(
            English("Nothing is said about %(id)s.", id=quote_text(id)), English("Write it like %(id)s=… .", id=id)
        )
    return id, _parse_value(session, key, value)


def _parse_value(session: "WriteSession", kind: str, words: str) -> FactValue:
    """Return what holds now, as posts have it, for a key like `status` or `until`; raises InvalidValue."""
    parsers: dict[str, Callable[[], FactValue]] = {
        "status": lambda: parse_enum(WRITTEN_STATUSES, words, "status").value,
        "since": lambda: parse_since(session, words),
        "expected": lambda: parse_expected(session, words, None),
        "until": lambda: parse_until(session, words),
        **dict.fromkeys(("on", "starts", "ends"), lambda: session.format_time(session.time_parser.parse_future(words))),
        "next_update": lambda: session.format_time(session.time_parser.require_future(words)),
    }
    parse = parsers.get(kind)
    try:
        return parse() if parse else words
    except click.BadParameter as error:  # those of flags that can be asked for as well
        raise InvalidValue(error.message) from None


def _find_meant_updates(session: "WriteSession", post: Incident, flags: CorrectFlags) -> list[Update]:
    """Return the updates that the flags can mean, oldest first: without --update and --wrong, the last one."""
    if flags.time:
        return [_find_update_at(session, post, flags.time)]
    if flags.wrong:
        return parse_flag("--wrong", _find_updates_with, flags.wrong, session, post)
    return [next(update for update in reversed(post.updates) if update.state is not State.CORRECTION)]


def _find_update_at(session: "WriteSession", post: Incident, time: str) -> Update:
    when = parse_flag("--update", session.time_parser.parse_past, time)
    for update in post.updates:
        if update.time == when:
            return update
    times = ", ".join(session.format_time(update.time) for update in post.updates)
    raise click.BadParameter(
        SeveralTexts(English("No update has that time."), English("Choose from: %(choices)s.", choices=times)),
        param_hint="--update",
    )


def _find_updates_with(words: str, session: "WriteSession", post: Incident) -> list[Update]:
    text, _ = decode_text(session.workspace.read_bytes(post), post.place.file)
    return find_updates(words, post, text)


def _ask(session: "WriteSession", post: Incident, flags: CorrectFlags) -> CorrectFlags:
    """Ask for what was wrong, unless a flag says it, and for what is right; return the answers as flags."""
    if not session.can_ask:
        raise click.BadParameter("Give the correct information with --right.", param_hint="--right")

    def parse_wrong(words: str) -> str:
        if words and not flags.time:
            _find_updates_with(words, session, post)  # words that no update has are asked for again
        return words

    wrong = flags.wrong
    if wrong is None:
        example = "For example: The office is open until 6 p.m."
        wrong = ask(f"What was wrong? {example}\n(Press Enter to leave it out.)", parse_wrong, flag="--wrong")
    example = "For example: The office is open until 5 p.m."
    right = ask_for(
        f"What is right? {example}",
        "A correction needs the correct information.",
        "Write it in one sentence.",
        "--right",
    )
    return replace(flags, wrong=wrong or None, right=right)


def _ask_what_holds(
    session: "WriteSession", post: Incident, update: Update, flags: CorrectFlags, facts: Facts
) -> Facts:
    """Ask which statements of an update were wrong, and what holds now; return the facts with the answers."""
    incident = session.board.incident_by_id.get(post.id)
    if incident is None:
        return facts
    phrasing = Phrasing(session.site, session.site.languages[0], plain=True)
    statements = [*Statements(update, incident, session.site, phrasing.estimate)]
    wrong = (flags.wrong or "").casefold().strip(" .")
    likely = [each for each in statements if wrong and wrong in each.said.casefold()]
    lists = session.earlier(post).lists
    for statement in _ask_which(statements, likely) if statements else ():
        example = _EXAMPLES.get(statement.kind, "Write it in one sentence.")
        facts = ask(
            f"What is true now, instead of this? {example}\n  {statement}",
            partial(_correct, session, facts, statement, lists),
        )
    return facts


_EXAMPLES = {
    "status": "For example: working",
    "since": "For example: 8:00, yesterday, 2024-05-05, incident (when it began)",
    "expected": "For example: unknown, by 2024-05-15, not before tomorrow 9:00",
    "until": "For example: 2024-06-30, or: online payment works again",
    "on": "For example: 2024-06-30",
    **dict.fromkeys(("known", "not_known", "doing"), "(Press Enter to only take it from the list.)"),
}


def _correct(
    session: "WriteSession", facts: Facts, statement: Statement, lists: Mapping[str, tuple[str, ...]], words: str
) -> Facts:
    value = _parse_value(session, statement.kind, words) if words else None
    return correct_statement(facts, statement, value, lists)


def _ask_which(statements: Sequence[Statement], likely: Sequence[Statement]) -> list[Statement]:
    """Ask which of the statements were wrong; by default those that are `likely`."""
    numbers = [str(statements.index(each) + 1) for each in likely]

    def parse(words: str) -> list[Statement]:
        if words.casefold() in ("", "none"):
            return []
        chosen = words.replace(",", " ").split()
        if any(not word.isascii() or not word.isdigit() or not 0 < int(word) <= len(statements) for word in chosen):
            raise InvalidValue("There is no such choice.", f"Enter numbers from 1 to {len(statements)}, or none.")
        return [statements[number] for number in sorted({int(word) - 1 for word in chosen})]

    listed = "\n".join(f"{number:3} {statement}" for number, statement in enumerate(statements, 1))
    question = "Which of these were wrong? People read them until you say what is true now. "
    question += f"For example: 1, 2\n{listed}"
    return ask(f"{question}\n(Press Enter for: {', '.join(numbers) or 'none'}.)", parse, ", ".join(numbers))


def _without_wrong(earlier: Earlier, wrong: str | None) -> Earlier:
    """Return what was listed before, without the entries that have the wrong words."""
    if not wrong:
        return earlier
    folded = wrong.casefold().strip(" .")
    lists = {
        name: tuple(entry for entry in entries if folded not in entry.casefold())
        for name, entries in earlier.lists.items()
    }
    return replace(earlier, lists=lists)
