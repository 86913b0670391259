"""What the frame around the pages is told: the moments in words, the drafts, and the findings.

It goes out as JSON, whose texts the frame shows as text alone: posts and findings may hold anything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any

from statusgen import addresses
from statusgen.errors import Problem
from statusgen.languages.interface import SOURCE
from statusgen.languages.vocabulary import Vocabulary
from statusgen.model import Site, Words
from statusgen.preview.edition import Editions
from statusgen.status.turns import Turn, Turning

_BY_CLOCK = {
    Turning.OVERDUE: "the promised update is overdue",
    Turning.WORK_BEGINS: "the work begins",
    Turning.WORK_ENDS: "the work ends",
    Turning.NOTICE_ENDS: "the notice ends",
    Turning.CHANNEL_OPENS: "a way that was set up for a while opens",
    Turning.CHANNEL_CLOSES: "a way that was set up for a while closes",
    Turning.WAIVER_BEGINS: "a waiver begins",
    Turning.WAIVER_ENDS: "a waiver is over",
    Turning.DEADLINE_PASSES: "a deadline has passed",
    Turning.STALE: "not checked for long",
}


@dataclass(frozen=True)
class Stop:
    """A moment at which the slider stops.

    `kind` is "before" (the first word), "past", "now" or "future". `when` are its date, time and zone in words, and
    `what` tells what it brings.
    """

    at: datetime
    kind: str
    when: str
    what: tuple[str, ...]

    @property
    def name(self) -> str:
        """How it stands in addresses: "20240506T170000Z" (ISO 8601, basic format). Names sort as the moments do."""
        return self.at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def news(editions: Editions | None, stops: Iterable[Stop], problems: Iterable[Problem], trouble: str) -> dict[str, Any]:
    """All that the frame shows besides the pages; `trouble` is what keeps them from being made, if it is in no line."""
    told: dict[str, Any] = {"findings": [_finding(problem) for problem in problems], "trouble": trouble}
    if editions:
        site = editions.site
        told["site"] = {"title": _plain(site).say(site.title), "url": site.url, "accent": site.accent}
        told["stops"] = [{"name": stop.name, "kind": stop.kind, "when": stop.when, "what": stop.what} for stop in stops]
        told["drafts"] = list(_drafts(editions))
    return told


def stops(editions: Editions) -> Sequence[Stop]:
    """The moments of a site from before its first word on, with the present one among them."""
    present, speech = editions.present.board.moment, _plain(editions.site)
    what = {
        at: tuple(dict.fromkeys(_what(turn, speech) for turn in together))
        for at, together in groupby(editions.turns, key=lambda turn: turn.at)
    }
    first = min(what, default=present)
    what.setdefault(present, ())
    found = [Stop(at, _kind(at, present), speech.time_of(at), what[at]) for at in sorted(what)]
    if first <= present and len(found) > 1:
        before = first - timedelta(minutes=1)
        found.insert(0, Stop(before, "before", speech.time_of(before), ()))
    return found


def _kind(at: datetime, present: datetime) -> str:
    return "now" if at == present else "past" if at < present else "future"


def _what(turn: Turn, speech: Vocabulary) -> str:
    """What a turn brings, like "Water bills cannot be paid: Resolved", or what the clock does."""
    site, update = speech.site, turn.update
    title = site.by_id[turn.about].name if turn.turning is Turning.STALE else _title(turn.about, site)
    if update is None:
        return f"{speech.say(title)}: {_BY_CLOCK[turn.turning]}"
    first = any(update is incident.updates[0] for incident in site.incidents if incident.id == turn.about)
    said = "First report" if first else speech.state(update.state)
    return f"{speech.say(title)}: {said}{' (no hour is given)' if update.time.whole_day else ''}"


def _title(id: str, site: Site) -> Words:
    return next(incident.title for incident in site.incidents if incident.id == id)


def _plain(site: Site) -> Vocabulary:
    """The interface is for writers, and in English like the commands; titles are in the site's first language."""
    return Vocabulary(site, SOURCE, plain=True)


def _drafts(editions: Editions) -> Iterable[dict[str, str]]:
    speech = _plain(editions.site)
    for incident in editions.site.incidents:
        if incident.draft:
            yield {"title": speech.say(incident.title), "page": addresses.file(addresses.incident(incident.id))}


def _finding(problem: Problem) -> dict[str, Any]:
    return {
        "place": str(problem.place),
        "page": _page(problem.place.file),
        "advice": problem.advice,
        "what": problem.what,
        "hint": problem.hint,
        "rule": problem.rule,
    }


def _page(file: str) -> str:
    """The page of the post in a file, or of the post that it translates; "" for other files."""
    path = PurePosixPath(file)
    posts = path.suffix == ".md" and path.parts[0] == "incidents"
    return addresses.file(addresses.incident(path.name.partition(".")[0])) if posts else ""
