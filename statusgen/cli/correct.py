"""`statusgen correct`: what was wrong in an earlier update, and what is right."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from statusgen.cli.errors import parse_flag
from statusgen.cli.fact_flags import TEXT, Earlier, FactFlags, make_facts
from statusgen.cli.flags import flag
from statusgen.cli.prompts import ask, ask_for
from statusgen.cli.write_command import incident_command
from statusgen.editor.fact_values import drop_empty
from statusgen.editor.find_update import find_updates
from statusgen.editor.statuses import parse_statuses
from statusgen.model.posts import Incident, Update
from statusgen.model.states import State
from statusgen.text import decode_text

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
    text: str | None = flag(None, TEXT)


@incident_command(CorrectFlags)
def correct(session: "WriteSession", post: Incident, flags: CorrectFlags) -> None:
    """Correct an update of INCIDENT; the update itself stays as it was."""
    meant = _find_meant_updates(session, post, flags)
    if not flags.right:
        flags = _ask(session, post, flags)
        meant = _find_meant_updates(session, post, flags)
    corrected = session.format_time(meant[-1].time)
    more = f", the newest of {len(meant)} that say so; --update names another" if len(meant) > 1 else ""
    click.echo(f"This corrects the update of {corrected}{more}.")
    facts = drop_empty({"corrects": corrected, "wrong": flags.wrong, "right": flags.right})
    facts |= make_facts(session, flags, _without_wrong(session.earlier(post), flags.wrong))
    session.append_update(post, State.CORRECTION, facts, session.read_text(flags.text))


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
    raise click.BadParameter(f"No update has that time. Choose from: {times}.", param_hint="--update")


def _find_updates_with(words: str, session: "WriteSession", post: Incident) -> list[Update]:
    text, _ = decode_text(session.workspace.read_bytes(post), post.place.file)
    return find_updates(words, post, text)


def _ask(session: "WriteSession", post: Incident, flags: CorrectFlags) -> CorrectFlags:
    """Ask for what was wrong, unless a flag says it, and for what is right; return the answers as flags."""
    if not session.can_ask:
        raise click.UsageError("Give the correct information with --right.")

    def parse_wrong(words: str) -> str:
        if words and not flags.time:
            _find_updates_with(words, session, post)  # words that no update has are asked for again
        return words

    wrong = flags.wrong
    if wrong is None:
        example = "For example: The office is open until 6 p.m."
        wrong = ask(f"What was wrong? {example}\n(Press Enter to leave it out.)", parse_wrong)
    example = "For example: The office is open until 5 p.m."
    right = ask_for(
        f"What is right? {example}", "A correction needs the correct information.", "Write it in one sentence."
    )
    if not (flags.service or flags.do):
        example = "For example: permits working"
        question = f"Which status was wrong? Give the one that is right now. {example}\n(Press Enter for: none.)"
        services, _ = ask(question, lambda words: (words, parse_statuses(words, session.site)))
        flags = replace(flags, service=(services,) if services else ())
    return replace(flags, wrong=wrong or None, right=right)


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
