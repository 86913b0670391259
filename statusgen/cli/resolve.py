"""`statusgen resolve`: the update that ends an incident, planned work or a notice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import click

from statusgen.board.model.dates import WaiverStatus
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.spans import ChannelKey, Phase, Word
from statusgen.cli import completion
from statusgen.cli.drafts import note_post
from statusgen.cli.errors import NOTHING_WRITTEN, parse_flag, parse_flag_value
from statusgen.cli.fact_flags import BY, KEEP, TEXT, TITLE
from statusgen.cli.flags import flag
from statusgen.cli.moments import format_moment
from statusgen.cli.prompts import ask
from statusgen.cli.write_command import write_command
from statusgen.editor.fact_values import Facts, drop_empty
from statusgen.editor.find_incident import unfinished_incidents
from statusgen.editor.last_words import describe_elsewhere, describe_word, find_last_words, format_key
from statusgen.editor.statuses import parse_service_keys, parse_statuses
from statusgen.english import English, SeveralTexts
from statusgen.model.posts import Incident
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.problems import InvalidValue, StatusgenError

if TYPE_CHECKING:
    from statusgen.cli.write_session import WriteSession


@dataclass(frozen=True)
class ResolveFlags:
    """What the arguments and the flags of `resolve` say."""

    incident: str | None = flag(None, click.argument("incident", required=False, shell_complete=completion.incidents))
    text: str | None = flag(None, TEXT)
    only: tuple[str, ...] = flag(
        (),
        "--only",
        metavar="ID[/CHANNEL]",
        shell_complete=completion.services,
        help="What works again; the rest is not known. Can be repeated.",
    )
    service: tuple[str, ...] = flag(
        (),
        "--service",
        metavar="ID[/CHANNEL]=STATUS",
        shell_complete=completion.service_statuses,
        help="The status of a service now; the rest is not known. If one does not work, the post stays open. "
        "Can be repeated.",
    )
    waiver: tuple[str, ...] = flag(
        (), "--waiver", metavar="ID=TIME", help="The last day of a waiver that ends in words. Can be repeated."
    )
    cancel: bool = flag(False, "--cancel", help="The planned work will not take place.")
    withdraw: bool = flag(False, "--withdraw", help="The whole post was an error.")
    if_open: bool = flag(False, "--if-open", help="Do nothing if no such post is open. For machines.")
    by: str | None = flag(None, BY)
    title: str | None = flag(None, TITLE)
    keep: bool = flag(False, KEEP)


@write_command(ResolveFlags)
def resolve(session: "WriteSession", flags: ResolveFlags) -> None:
    """End INCIDENT: everything that does not work, by what it says, works again. Planned work is completed."""
    if flags.cancel and flags.withdraw:
        raise click.BadParameter("Use either --cancel or --withdraw, not both.", param_hint="--cancel")
    if flags.if_open and not _is_open(session, flags.incident or ""):
        click.echo("No such post is open. Nothing was written.")
        return
    post = session.find_incident(flags.incident)
    note_post(post.id)
    incident = session.board.incident_by_id.get(post.id)
    state = State.WITHDRAWN if flags.withdraw else _end_state(session, post, flags.cancel)
    facts: Facts = {"title": flags.title, "by": flags.by}
    statuses = _parse_statuses(session, flags, state)
    if any(status.is_broken for status in statuses.values()):
        click.echo("Not everything works again, so the post stays open.")
        state = State.UPDATE
    if incident and statuses:
        facts["services"] = _make_said_services(incident, statuses, is_end=state is State.RESOLVED)
    elif incident and state is State.RESOLVED:
        facts["services"] = _choose_restored(session, incident, flags.only)
    elif flags.only:
        what = "Only the end of an incident can say what works again with --only."
        raise click.BadParameter(what, param_hint="--only")
    if incident and not flags.withdraw:
        facts["waivers"] = _end_waivers(session, incident, flags.waiver)
    session.should_confirm = session.can_ask
    session.append_update(post, state, drop_empty(facts), session.read_text(flags.text), flags.keep)


def _is_open(session: "WriteSession", words: str) -> bool:
    """Return whether a part of the name or the title of a post that is not over has these words."""
    names = [(each.id, each.incident.title.texts[0][1]) for each in unfinished_incidents(session.board_now)]
    return any(words.casefold() in name.casefold() for pair in names for name in pair)


def _choose_restored(session: "WriteSession", incident: IncidentStatus, only: Sequence[str]) -> Facts:
    """Show what will turn to working, and on whose word; return what the end says of each service, if not of all."""
    words = {word.key: word for word in find_last_words(incident) if word.status.is_broken}
    if not words:
        return {}
    if only:
        chosen = parse_flag("--only", _parse_only, ", ".join(only), session, words)
        _list_words(
            "This says that these work again:", [words[key] for key in words if key in chosen], incident, session
        )
        rest = [words[key] for key in words if key not in chosen]
        _list_words("This says that these are not known:", rest, incident, session)
        return _make_services(words, chosen)
    _list_words("This says that these work again:", words.values(), incident, session)
    elsewhere = describe_elsewhere(words, incident, session.board)
    if elsewhere:
        click.echo(
            "\n".join(
                ["These stay as they are, because another post affects them:", *(f"  {each}" for each in elsewhere)]
            )
        )
    if session.can_ask:
        question = "Do all of these work again? If not, name those that do; the rest will be shown as not known."
        question = f"{question}\n(Press Enter for: all of them.)"
        chosen = ask(question, lambda text: _parse_only(text, session, words), flag="--only")
    else:
        return {}
    return _make_services(words, chosen) if chosen else {}


def _parse_statuses(session: "WriteSession", flags: ResolveFlags, state: State) -> dict[str, Status]:
    """Return what --service says, for the end of an incident."""
    statuses = parse_flag("--service", parse_statuses, ", ".join(flags.service), session.site)
    if statuses and state is not State.RESOLVED:
        what = "Only the end of an incident can give the final status of its services."
        raise click.BadParameter(what, param_hint="--service")
    if statuses and flags.only:
        raise click.UsageError("Use either --only or --service, not both.")
    return statuses


def _make_said_services(incident: IncidentStatus, statuses: Mapping[str, Status], *, is_end: bool) -> Facts:
    """Return `services:` with what was said of each; what an end leaves out is not known.

    A word on a service is about each of its ways, too, unless one has a word of its own.
    """
    found: dict[str, Status] = {}
    for word in find_last_words(incident):
        said = statuses.get(format_key(word.key)) or statuses.get(word.key[0])
        if word.status.is_broken and (said or is_end):
            found[format_key(word.key)] = said or Status.UNKNOWN
    return {key: status.value for key, status in {**found, **statuses}.items()}


def _list_words(heading: str, words: Iterable[Word], incident: IncidentStatus, session: "WriteSession") -> None:
    """Show what was said, and on whose word."""
    lines = [f"  {describe_word(word, incident, session.site)}" for word in words]
    if lines:
        click.echo("\n".join([heading, *lines]))


def _parse_only(text: str, session: "WriteSession", words: Mapping[ChannelKey, Word]) -> set[ChannelKey]:
    """Return which of the services and channels of the incident a text names; raises InvalidValue."""
    chosen: set[ChannelKey] = set()
    for part in filter(None, (part.strip() for part in text.split(","))):
        for name in parse_service_keys(part, session.site):
            service, _, channel = name.partition("/")
            found = {key for key in words if key == (service, channel or None) or (key[0] == service and not channel)}
            if not found:
                known = ", ".join(map(format_key, words))
                raise InvalidValue(
                    English('This post does not say that "%(name)s" is not working.', name=name),
                    English("Choose from: %(choices)s.", choices=known),
                )
            chosen |= found
    return chosen


def _make_services(words: Mapping[ChannelKey, Word], chosen: set[ChannelKey]) -> Facts:
    """Return `services:` of an end after which only the chosen ones work."""
    statuses = {key: Status.WORKING if key in chosen else Status.UNKNOWN for key in words}
    return {format_key(key): status.value for key, status in statuses.items()}


def _end_waivers(session: "WriteSession", incident: IncidentStatus, flags: Sequence[str]) -> list[Facts]:
    """Return the last days of the waivers that end in words, as flags or answers say."""
    ending = {
        each.waiver.id: each for each in incident.waivers if each.phase is Phase.OPEN and each.waiver.until is None
    }
    ends = dict(_parse_waiver_end(words, ending) for words in flags)
    found: list[Facts] = []
    for id, waiver in ending.items():
        if id in ends:
            when = parse_flag_value("--waiver", f"{id}={ends[id]}", partial(_parse_last_day, session))
            day = session.format_time(when)
        elif session.can_ask:
            day = _ask_waiver_end(session, waiver)
        else:
            command = f"statusgen waive {incident.id} --id {id} --until 2026-12-31"
            click.echo(f"{_describe_waiver(waiver)} stays in force. To set its last day: {command}")
            continue
        found += [{"id": id, "until": day}] if day else []
    return found


def _parse_waiver_end(words: str, ending: Mapping[str, WaiverStatus]) -> tuple[str, str]:
    id, _, time = words.partition("=")
    if id.strip() not in ending:
        known = (
            English("Choose from: %(choices)s.", choices=", ".join(ending))
            if ending
            else English("Every waiver has one.")
        )
        raise click.BadParameter(
            SeveralTexts(English('There is no waiver "%(id)s" without a last day.', id=id), known),
            param_hint="--waiver",
        )
    return id.strip(), time.strip()


def _parse_last_day(session: "WriteSession", words: str) -> When:
    return session.time_parser.parse_future(words.partition("=")[2])


def _ask_waiver_end(session: "WriteSession", waiver: WaiverStatus) -> str:
    question = f"{_describe_waiver(waiver)}. What is its last day? For example: today, 2026-12-31"
    return ask(
        f"{question}\n(Press Enter for: it stays in force.)",
        lambda words: session.format_time(session.time_parser.parse_future(words)) if words else "",
        flag=f"--waiver {waiver.waiver.id}=",
    )


def _describe_waiver(status: WaiverStatus) -> str:
    waiver = status.waiver
    what = waiver.what.texts[0][1] if waiver.what else waiver.id
    ends = f' (until: "{waiver.until_words.texts[0][1]}")' if waiver.until_words else ""
    return f'The waiver "{what}"{ends}'


def _end_state(session: "WriteSession", post: Incident, cancel: bool) -> State:
    """Return the state that ends a post of its kind; raises an error if it has ended, or cannot end like that."""
    incident = session.board_now.incident_by_id.get(post.id)
    is_planned = post.kind is Kind.MAINTENANCE
    if cancel and not is_planned:
        what = English("Only planned work can be canceled. If the post was an error: --withdraw.")
        raise click.BadParameter(what, param_hint="--cancel")
    if incident and incident.phase is Phase.PAST:
        since = (
            English(" since %(time)s", time=format_moment(incident.ended.start, session.site)) if incident.ended else ""
        )
        raise StatusgenError(
            SeveralTexts(
                English("%(id)s is over already%(since)s.", id=post.id, since=since),
                English("To add something: statusgen update %(id)s", id=post.id),
            )
        )
    if is_planned and not cancel and incident and incident.phase is Phase.PLANNED:
        raise StatusgenError(
            SeveralTexts(
                English("%(id)s has not begun yet. If it will not take place: --cancel.", id=post.id), NOTHING_WRITTEN
            )
        )
    return State.CANCELLED if cancel else State.COMPLETED if is_planned else State.RESOLVED
