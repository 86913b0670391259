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
from statusgen.board.site_changes import SiteChange, SiteChangeKind
from statusgen.model import Site, Words
from statusgen.preview.snapshot import Snapshots
from statusgen.problems import Problem
from statusgen.wording.interface import SOURCE_LANGUAGE
from statusgen.wording.vocabulary import Vocabulary

_CLOCK_EVENTS = {
    SiteChangeKind.OVERDUE: "the promised update is overdue",
    SiteChangeKind.WORK_BEGINS: "the work begins",
    SiteChangeKind.WORK_ENDS: "the work ends",
    SiteChangeKind.NOTICE_ENDS: "the notice ends",
    SiteChangeKind.CHANNEL_OPENS: "a way that was set up for a while opens",
    SiteChangeKind.CHANNEL_CLOSES: "a way that was set up for a while closes",
    SiteChangeKind.WAIVER_BEGINS: "a waiver begins",
    SiteChangeKind.WAIVER_ENDS: "a waiver is over",
    SiteChangeKind.DEADLINE_PASSES: "a deadline has passed",
    SiteChangeKind.STALE: "not checked for long",
}


@dataclass(frozen=True)
class SliderStop:
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


def make_frame_data(
    snapshots: Snapshots | None, stops: Iterable[SliderStop], problems: Iterable[Problem], failure: str
) -> dict[str, Any]:
    """All that the frame shows besides the pages; `trouble` is what keeps them from being made, if it is in no line."""
    data: dict[str, Any] = {"findings": [_finding_data(problem) for problem in problems], "trouble": failure}
    if snapshots:
        site = snapshots.site
        data["site"] = {"title": _english_vocabulary(site).say(site.title), "url": site.url, "accent": site.accent}
        data["stops"] = [{"name": stop.name, "kind": stop.kind, "when": stop.when, "what": stop.what} for stop in stops]
        data["drafts"] = list(_list_drafts(snapshots))
    return data


def list_stops(snapshots: Snapshots) -> Sequence[SliderStop]:
    """The moments of a site from before its first word on, with the present one among them."""
    present, speech = snapshots.current.board.moment, _english_vocabulary(snapshots.site)
    what = {
        at: tuple(dict.fromkeys(_describe_event(turn, speech) for turn in together))
        for at, together in groupby(snapshots.turns, key=lambda turn: turn.at)
    }
    first = min(what, default=present)
    what.setdefault(present, ())
    found = [SliderStop(at, _stop_kind(at, present), speech.time_of(at), what[at]) for at in sorted(what)]
    if first <= present and len(found) > 1:
        before = first - timedelta(minutes=1)
        found.insert(0, SliderStop(before, "before", speech.time_of(before), ()))
    return found


def _stop_kind(at: datetime, present: datetime) -> str:
    return "now" if at == present else "past" if at < present else "future"


def _describe_event(turn: SiteChange, speech: Vocabulary) -> str:
    """What a turn brings, like "Water bills cannot be paid: Resolved", or what the clock does."""
    site, update = speech.site, turn.update
    title = (
        site.service_by_id[turn.subject_id].name
        if turn.kind is SiteChangeKind.STALE
        else _find_title(turn.subject_id, site)
    )
    if update is None:
        return f"{speech.say(title)}: {_CLOCK_EVENTS[turn.kind]}"
    first = any(update is incident.updates[0] for incident in site.incidents if incident.id == turn.subject_id)
    said = "First report" if first else speech.state(update.state)
    return f"{speech.say(title)}: {said}{' (no hour is given)' if update.time.is_whole_day else ''}"


def _find_title(id: str, site: Site) -> Words:
    return next(incident.title for incident in site.incidents if incident.id == id)


def _english_vocabulary(site: Site) -> Vocabulary:
    """The interface is for writers, and in English like the commands; titles are in the site's first language."""
    return Vocabulary(site, SOURCE_LANGUAGE, plain=True)


def _list_drafts(snapshots: Snapshots) -> Iterable[dict[str, str]]:
    speech = _english_vocabulary(snapshots.site)
    for incident in snapshots.site.incidents:
        if incident.draft:
            yield {"title": speech.say(incident.title), "page": addresses.file_path(addresses.incident(incident.id))}


def _finding_data(problem: Problem) -> dict[str, Any]:
    return {
        "place": str(problem.place),
        "page": _page_path(problem.place.file),
        "advice": problem.is_advice,
        "what": problem.what,
        "hint": problem.hint,
        "rule": problem.rule,
    }


def _page_path(file: str) -> str:
    """The page of the post in a file, or of the post that it translates; "" for other files."""
    path = PurePosixPath(file)
    posts = path.suffix == ".md" and path.parts[0] == "incidents"
    return addresses.file_path(addresses.incident(path.name.partition(".")[0])) if posts else ""
