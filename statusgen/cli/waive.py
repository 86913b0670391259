"""`statusgen waive`: a fee, a penalty or a deadline that does not apply for a while."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import TYPE_CHECKING

import click

from statusgen.cli import completion
from statusgen.cli.errors import parse_flag
from statusgen.cli.fact_flags import TEXT
from statusgen.cli.flags import flag
from statusgen.cli.prompts import ask, ask_for
from statusgen.cli.write_command import incident_command
from statusgen.content.format.date_hints import is_date_like
from statusgen.content.format.values import TIME_PATTERN
from statusgen.editor.fact_values import Facts, drop_empty
from statusgen.editor.statuses import parse_service_keys
from statusgen.english import English, SeveralTexts
from statusgen.model.posts import Incident
from statusgen.model.states import State
from statusgen.model.times import When
from statusgen.problems import InvalidValue
from statusgen.text import slugify

if TYPE_CHECKING:
    from statusgen.cli.write_session import WriteSession


@dataclass(frozen=True)
class WaiveFlags:
    """What the flags of `waive` say."""

    what: str | None = flag(None, "--what", metavar="TEXT", help='What does not apply, like "No late fees".')
    id_: str | None = flag(
        None,
        "--id",
        "id_",
        metavar="ID",
        help="Its id. The id of an existing waiver changes that one. Default: made from --what.",
    )
    service: tuple[str, ...] = flag(
        (),
        "--service",
        metavar="ID",
        shell_complete=completion.services,
        help="The service that it is for. Can be repeated.",
    )
    begins: str | None = flag(None, "--from", "begins", metavar="TIME", help="When it begins. Default: today.")
    until: str | None = flag(
        None, "--until", metavar="TIME", help='A date, or words like "online payment works again".'
    )
    how: str | None = flag(None, "--how", metavar="TEXT", help='How to get it, or "automatic".')
    by: str | None = flag(None, "--by", metavar="WHO", help="Who grants it.")
    text: str | None = flag(None, TEXT)


@incident_command(WaiveFlags)
def waive(session: "WriteSession", post: Incident, flags: WaiveFlags) -> None:
    """Say in INCIDENT that a fee, a penalty or a deadline does not apply for a while."""
    if not flags.what and not flags.id_:
        flags = _ask(session, flags)
    waiver = _make_waiver(session, post, flags)
    session.append_update(post, State.UPDATE, {"waivers": [waiver]}, session.read_text(flags.text))


def _make_waiver(session: "WriteSession", post: Incident, flags: WaiveFlags) -> Facts:
    keys = [key for id in flags.service for key in parse_flag("--service", parse_service_keys, id, session.site)]
    services = list(dict.fromkeys(key.partition("/")[0] for key in keys))
    if not services and not flags.id_:  # a waiver is for those that the post affects
        services = list(dict.fromkeys(key.partition("/")[0] for key in session.affected_keys(post)))
    id = flags.id_ or _make_id(post, flags.what or "", services)
    begins = parse_flag("--from", session.time_parser.parse_future, flags.begins) if flags.begins else None
    effective_begin = begins or _existing_waiver(post, id).begins or session.time_parser.parse_future("today")
    return drop_empty(
        {
            "id": id,
            "what": flags.what,
            "services": services,
            "from": session.format_time(begins) if begins else None,
            "until": parse_until(session, flags.until, effective_begin) if flags.until else None,
            "by": flags.by,
            "how": flags.how,
        }
    )


def _make_id(post: Incident, what: str, services: Sequence[str]) -> str:
    """Return an id made of the words: that of the same waiver if the post has it, and never that of another one."""
    base = slugify(what)[:40].rstrip("-")
    ids = chain([base], (f"{base}-{number}" for number in count(2)))
    return next(id for id in ids if _existing_waiver(post, id).is_same_as(what, services))


@dataclass(frozen=True)
class ExistingWaiver:
    """What a post says so far about the waiver with an id; nothing if it has none."""

    what: str | None = None
    services: tuple[str, ...] = ()
    begins: When | None = None

    def is_same_as(self, what: str, services: Sequence[str]) -> bool:
        """Return whether a waiver of these words, for these services or for none in particular, can be this one."""
        if self.begins is None:
            return True
        has_same_words = self.what is None or self.what.casefold() == what.casefold()
        return has_same_words and (not services or tuple(services) == self.services)


def _existing_waiver(post: Incident, id: str) -> ExistingWaiver:
    found = ExistingWaiver()
    for update in post.updates:
        for waiver in update.waivers:
            if waiver.id == id:
                found = ExistingWaiver(
                    what=waiver.what.texts[0][1] if waiver.what else found.what,
                    services=waiver.services or found.services,
                    begins=waiver.begins or found.begins or update.time,
                )
    return found


def parse_until(session: "WriteSession", words: str, begins: When | None = None) -> str:
    """Return a date if the words are one, or else the words; raises BadParameter if it is before the beginning."""
    try:
        until = session.time_parser.parse_future(words)
    except InvalidValue:
        if is_date_like(words) or TIME_PATTERN.match(words):
            what = SeveralTexts(
                English("%(words)s is not a date that can be read.", words=words),
                English("Write it like %(examples)s.", examples="2024-06-30"),
            )
            raise click.BadParameter(what, param_hint="--until") from None
        return words
    if begins and until.last_minute < begins.start:
        passed = English(
            "%(until)s is before the waiver begins (%(begins)s).",
            until=session.format_time(until),
            begins=session.format_time(begins),
        )
        raise click.BadParameter(SeveralTexts(passed, English("Check --from and --until.")), param_hint="--until")
    return session.format_time(until)


def _read_until(session: "WriteSession", words: str) -> str:
    """Return a date as posts have it if the words are one, or else the words, which are checked later."""
    try:
        return session.format_time(session.time_parser.parse_future(words))
    except InvalidValue:
        return words


def _ask(session: "WriteSession", flags: WaiveFlags) -> WaiveFlags:
    """Ask for what does not apply, for which services and until when; return the answers as flags."""
    if not session.can_ask:
        what = "Give what does not apply with --what, or name an existing waiver with --id."
        raise click.BadParameter(what, param_hint="--what")
    session.should_confirm = True

    def parse_services(words: str) -> tuple[str, ...]:
        return tuple(
            key for word in words.split(",") if word.strip() for key in parse_service_keys(word.strip(), session.site)
        )

    what = ask_for(
        "What does not apply? For example: No late fees and no shutoffs",
        "A waiver needs what does not apply.",
        "Write it in a few words.",
        "--what",
    )
    services = flags.service or ask(
        "For which services? For example: water-bill, permits\n(Press Enter for: those that the post affects.)",
        parse_services,
        flag="--service",
    )
    until = flags.until
    if until is None:
        examples = "For example: 2024-06-30, or: online payment works again"
        until = ask(
            f"Until when? {examples}\n(Press Enter for: not known yet.)",
            lambda words: _read_until(session, words),
            flag="--until",
        )
    return replace(flags, what=what, service=services, until=until or None)
