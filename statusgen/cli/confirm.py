"""`statusgen confirm`: everything that a post last said still holds."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from statusgen.board.model.estimates import PublishedEstimate
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.spans import Phase
from statusgen.cli.errors import NOTHING_WRITTEN
from statusgen.cli.fact_flags import BY, NEXT, TEXT
from statusgen.cli.flags import flag
from statusgen.cli.moments import format_moment
from statusgen.cli.write_command import incident_command
from statusgen.editor.fact_values import drop_empty
from statusgen.editor.last_words import describe_word, find_last_words
from statusgen.english import English, SeveralTexts
from statusgen.model.posts import Incident
from statusgen.model.states import State
from statusgen.problems import StatusgenError
from statusgen.wording.phrasing import Phrasing

if TYPE_CHECKING:
    from statusgen.cli.write_session import WriteSession


@dataclass(frozen=True)
class ConfirmFlags:
    """What the flags of `confirm` say."""

    text: str | None = flag(None, TEXT)
    next_: str | None = flag(None, NEXT)
    by: str | None = flag(None, BY)


@incident_command(ConfirmFlags)
def confirm(session: "WriteSession", post: Incident, flags: ConfirmFlags) -> None:
    """Confirm that everything that INCIDENT last said is still true."""
    incident = session.board.incident_by_id.get(post.id)
    _require_open(session, post, incident)
    for line in _confirmed_lines(session, incident) if incident else ():
        click.echo(line)
    if session.can_ask:
        click.confirm("Is all of this still true?", default=True, abort=True)
    facts = drop_empty(
        {
            "by": flags.by,
            "unchanged": True,
            "next_update": session.read_future_time("--next", flags.next_) if flags.next_ else None,
        }
    )
    session.append_update(post, State.UPDATE, facts, session.read_text(flags.text))


def _require_open(session: "WriteSession", post: Incident, incident: IncidentStatus | None) -> None:
    if incident is None or incident.phase is Phase.OPEN:
        return
    if incident.phase is Phase.PLANNED:
        raise StatusgenError(
            SeveralTexts(
                English("%(id)s has not begun yet, so there is nothing to confirm.", id=post.id), NOTHING_WRITTEN
            )
        )
    since = English(" since %(time)s", time=format_moment(incident.ended.start, session.site)) if incident.ended else ""
    raise StatusgenError(
        SeveralTexts(
            English("%(id)s is over%(since)s, so there is nothing to confirm.", id=post.id, since=since),
            NOTHING_WRITTEN,
        )
    )


def _confirmed_lines(session: "WriteSession", incident: IncidentStatus) -> list[str]:
    """Return what the post last said, a line each, with when."""
    words = [describe_word(word, incident, session.site) for word in find_last_words(incident)]
    advice = [
        each.words.texts[0][1]
        for workaround in incident.workarounds
        for each in (workaround.do, workaround.where)
        if each
    ]
    advice += [incident.do.words.texts[0][1]] if incident.do else []
    advice += [each.channel.name.texts[0][1] for each in incident.temporary_channels if each.channel.name]
    standing = {(each.key, each.estimate.services): each for each in incident.estimates}
    phrasing = Phrasing(session.site, session.site.languages[0], plain=True)
    estimates = [_describe_estimate(each, phrasing) for each in standing.values()]
    lists = [(name, getattr(incident, name)) for name in ("known", "not_known", "doing")]
    lines = [*words, *dict.fromkeys(f'"{each}"' for each in advice), *estimates]
    lines += [f"{name}: {'; '.join(each.texts[0][1] for each in entries)}" for name, entries in lists if entries]
    return ["This confirms:", *(f"  {line}" for line in lines)] if lines else []


def _describe_estimate(published: PublishedEstimate, phrasing: Phrasing) -> str:
    """Return an estimate, and what it is about."""
    about = "/".join(filter(None, published.key)) if published.key else ", ".join(published.estimate.services)
    words = phrasing.estimate(published.estimate)
    return f"{about}: {words}" if about else words
