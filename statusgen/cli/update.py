"""`statusgen update`: an update at the end of a post."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from statusgen.cli import completion
from statusgen.cli.errors import FlagValueError, parse_flag
from statusgen.cli.fact_flags import KEEP, NEXT, SINCE, TEXT, TITLE, FactFlags, make_facts, parse_since
from statusgen.cli.flags import flag
from statusgen.cli.prompts import ask
from statusgen.cli.write_command import incident_command
from statusgen.content.format.values import parse_enum
from statusgen.editor.earlier import Earlier
from statusgen.editor.fact_values import drop_empty
from statusgen.editor.statuses import EXAMPLE, parse_statuses
from statusgen.editor.times import EXAMPLES
from statusgen.english import English, SeveralTexts
from statusgen.model.posts import Incident
from statusgen.model.states import State
from statusgen.model.statuses import Status
from statusgen.text import did_you_mean

if TYPE_CHECKING:
    from statusgen.cli.write_session import WriteSession


@dataclass(frozen=True)
class UpdateFlags(FactFlags):
    """What the flags of `update` say."""

    text: str | None = flag(None, TEXT)
    state: str | None = flag(
        None,
        "--state",
        metavar="STATE",
        shell_complete=completion.states,
        help="The stage: investigating, identified, monitoring, …",
    )
    next_: str | None = flag(None, NEXT)
    starts: str | None = flag(None, "--starts", metavar="TIME", help="The new time at which planned work starts.")
    ends: str | None = flag(
        None, "--ends", metavar="TIME", help="The new time at which planned work, or a notice, ends."
    )
    title: str | None = flag(None, TITLE)
    rename: str | None = flag(None, "--rename", metavar="TEXT", help="The new name of the post, from now on.")
    service_since: tuple[str, ...] = flag((), SINCE)
    replace: bool = flag(
        False, "--replace", help="Replace what was known, not known and being done, instead of adding to it."
    )
    no_longer: tuple[str, ...] = flag(
        (),
        "--no-longer",
        metavar="TEXT",
        help="What was listed as known, not known or being done, and is no longer so. Can be repeated.",
    )
    keep: bool = flag(False, KEEP)


@incident_command(UpdateFlags)
def update(session: "WriteSession", post: Incident, flags: UpdateFlags) -> None:
    """Add an update to INCIDENT, which is the name or title of a post, or a part of it."""
    session.compare_clocks()
    state = parse_flag("--state", parse_enum, post.kind.states, flags.state, "state") if flags.state else None
    earlier = session.earlier(post)
    if not session.should_edit and not any(vars(flags).values()):
        flags = _ask(session, post, flags, earlier.affected)
    if flags.no_longer:
        flags, earlier = _drop_entries(flags, earlier)
    if flags.replace:
        _show_replaced(flags, earlier)
        earlier = replace(earlier, lists={})
    facts = drop_empty(
        {
            "title": flags.title,
            "rename": flags.rename,
            **make_facts(session, flags, earlier, flags.service_since),
            "next_update": session.read_future_time("--next", flags.next_) if flags.next_ else None,
            "starts": session.read_time("--starts", flags.starts) if flags.starts else None,
            "ends": session.read_time("--ends", flags.ends) if flags.ends else None,
        }
    )
    text = session.read_text(flags.text)
    if not (state or text or session.should_edit or facts.keys() - {"by"}):
        what = SeveralTexts(
            English("This update says nothing."), English("Write what is new with --text, or see the flags in --help.")
        )
        raise click.BadParameter(what, param_hint="--text")
    session.append_update(post, state or State.UPDATE, facts, text, flags.keep)


def _drop_entries(flags: UpdateFlags, earlier: Earlier) -> tuple[UpdateFlags, Earlier]:
    """Return the flags with what is left of each list that an entry is taken out of, and what was said without it."""
    gone, lists = {*flags.no_longer}, dict(earlier.lists)
    kept: dict[str, Any] = {}
    for entry in flags.no_longer:
        if not any(entry in entries for entries in lists.values()):
            near = did_you_mean(entry, [each for entries in lists.values() for each in entries])
            raise FlagValueError(
                SeveralTexts(English('The post does not list "%(entry)s".', entry=entry), near), "--no-longer", entry
            )
    for name, entries in earlier.lists.items():
        if gone & {*entries}:
            left = (*(entry for entry in entries if entry not in gone), *getattr(flags, name))
            if not left:
                entry = next(entry for entry in flags.no_longer if entry in entries)
                what = English(
                    'Nothing else is listed beside "%(entry)s", and people would still read it.', entry=entry
                )
                raise FlagValueError(SeveralTexts(what, English("Say what is true now instead.")), "--no-longer", entry)
            kept[name], lists[name] = left, ()
    return replace(flags, **kept), replace(earlier, lists=lists)


def _show_replaced(flags: UpdateFlags, earlier: Earlier) -> None:
    """Print what is no longer listed once the lists are replaced."""
    for name, entries in earlier.lists.items():
        said = getattr(flags, name)
        for entry in entries if said else ():
            if entry not in said:
                click.echo(f'No longer listed under {name}: "{entry}"')


def _ask(session: "WriteSession", post: Incident, flags: UpdateFlags, affected: Sequence[str]) -> UpdateFlags:
    """Ask for the text, for what changed, and for when the next update comes; return the answers as flags."""
    if not session.can_ask:
        what = English("Say what is new: --text, --service, --next, or others that --help lists.")
        raise click.BadParameter(what, param_hint="--text")
    session.should_confirm = True
    question = "What is new? For example: We found the broken cable and are replacing it."
    text = ask(question, session.require_text, flag="--text")
    example = f"{affected[0]} working" if affected else EXAMPLE
    question = f"Has any service's status changed? For example: {example}\n(Press Enter for: no change.)"
    services, _ = ask(question, lambda words: (words, parse_statuses(words, session.site)), flag="--service")
    since = _ask_since(session, services, affected)
    question = f"When will you say more? For example: {EXAMPLES}\n(Press Enter for: not known yet.)"
    due = ask(question, lambda words: session.time_parser.require_future(words) if words else None, flag="--next")
    named = [key.partition("/")[0] for key in parse_statuses(services, session.site)]
    return replace(
        flags,
        text=text,
        service=(services,) if services else (),
        next_=session.format_time(due) if due else None,
        others=session.ask_others(post, named),
        service_since=since,
    )


def _ask_since(session: "WriteSession", services: str, affected: Sequence[str]) -> tuple[str, ...]:
    """Ask since when services do not work that the post did not hold before; return the answer as flags."""
    statuses = parse_statuses(services, session.site)
    new = [key for key, status in statuses.items() if status is not Status.WORKING and key not in affected]
    if not new:
        return ()
    names = ", ".join(new)
    question = (
        f"Since when has this been so at {names}? For example: 8:00, yesterday, 2024-05-05, incident (when it began)"
    )
    since = ask(
        f"{question}\n(Press Enter for: not known.)", lambda words: parse_since(session, words) if words else None
    )
    return tuple(f"{key}={since}" for key in new) if since else ()
