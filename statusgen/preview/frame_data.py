"""What the frame around the pages shows: the moments in words, the drafts, the mistakes and the advice.

It is sent as JSON, whose texts the frame shows only as text: posts and problems may contain anything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import PurePosixPath

from statusgen import addresses
from statusgen.board.site_changes import SiteChange, SiteChangeKind
from statusgen.model.whole_site import Site
from statusgen.model.words import Words
from statusgen.preview.snapshot import Snapshots
from statusgen.problems import Problem
from statusgen.text import Json
from statusgen.wording.interface import SOURCE_LANGUAGE
from statusgen.wording.vocabulary import Vocabulary

_CLOCK_EVENTS = {
    SiteChangeKind.OVERDUE: "the promised update is overdue",
    SiteChangeKind.WORK_BEGINS: "the work begins",
    SiteChangeKind.WORK_ENDS: "the work ends",
    SiteChangeKind.NOTICE_ENDS: "the notice ends",
    SiteChangeKind.CHANNEL_OPENS: "a temporary channel opens",
    SiteChangeKind.CHANNEL_CLOSES: "a temporary channel closes",
    SiteChangeKind.WAIVER_BEGINS: "a waiver begins",
    SiteChangeKind.WAIVER_ENDS: "a waiver is over",
    SiteChangeKind.DEADLINE_PASSES: "a deadline has passed",
    SiteChangeKind.STALE: "not checked for a long time",
}


@dataclass(frozen=True)
class SliderStop:
    """A moment at which the slider stops.

    `kind` is "before" (the first update), "past", "now" or "future". `when` is its date, time and zone in words, and
    `what` is what happens then.
    """

    at: datetime
    kind: str
    when: str
    what: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name in addresses: "20240506T170000Z" (ISO 8601, basic format). Names sort as the moments do."""
        return self.at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def make_frame_data(
    snapshots: Snapshots | None, stops: Iterable[SliderStop], problems: Iterable[Problem], failure: str
) -> dict[str, Json]:
    """Return all that the frame shows besides the pages; `failure` is why there are none, if no problem says so."""
    data: dict[str, Json] = {"findings": [_problem_data(problem) for problem in problems], "trouble": failure}
    if snapshots:
        site = snapshots.site
        data["site"] = {"title": _english_vocabulary(site).say(site.title), "url": site.url, "accent": site.accent}
        data["stops"] = [{"name": stop.name, "kind": stop.kind, "when": stop.when, "what": stop.what} for stop in stops]
        data["drafts"] = list(_list_drafts(snapshots))
    return data


def list_stops(snapshots: Snapshots) -> Sequence[SliderStop]:
    """Return the moments of a site, from just before its first update on, including the present one."""
    present, vocabulary = snapshots.current.board.moment, _english_vocabulary(snapshots.site)
    what = {
        at: tuple(dict.fromkeys(_describe_event(change, vocabulary) for change in changes))
        for at, changes in groupby(snapshots.changes, key=lambda change: change.at)
    }
    first = min(what, default=present)
    what.setdefault(present, ())
    found = [SliderStop(at, _stop_kind(at, present), vocabulary.time_of(at), what[at]) for at in sorted(what)]
    if first <= present and len(found) > 1:
        before = first - timedelta(minutes=1)
        found.insert(0, SliderStop(before, "before", vocabulary.time_of(before), ()))
    return found


def _stop_kind(at: datetime, present: datetime) -> str:
    return "now" if at == present else "past" if at < present else "future"


def _describe_event(change: SiteChange, vocabulary: Vocabulary) -> str:
    """Return what a change brings, like "Water bills cannot be paid: Resolved", or what the clock does."""
    site, update = vocabulary.site, change.update
    title = (
        site.service_by_id[change.subject_id].name
        if change.kind is SiteChangeKind.STALE
        else _find_title(change.subject_id, site)
    )
    if update is None:
        return f"{vocabulary.say(title)}: {_CLOCK_EVENTS[change.kind]}"
    first = any(update is incident.updates[0] for incident in site.incidents if incident.id == change.subject_id)
    state = "First update" if first else vocabulary.state(update.state)
    return f"{vocabulary.say(title)}: {state}{' (no time is given)' if update.time.is_whole_day else ''}"


def _find_title(id: str, site: Site) -> Words:
    return next(incident.title for incident in site.incidents if incident.id == id)


def _english_vocabulary(site: Site) -> Vocabulary:
    """Return English words: the frame is for writers, like the commands. Titles are in the site's first language."""
    return Vocabulary(site, SOURCE_LANGUAGE, plain=True)


def _list_drafts(snapshots: Snapshots) -> Iterable[dict[str, str]]:
    vocabulary = _english_vocabulary(snapshots.site)
    for incident in snapshots.site.incidents:
        if incident.draft:
            yield {
                "title": vocabulary.say(incident.title),
                "page": addresses.file_path(addresses.incident(incident.id)),
            }


def _problem_data(problem: Problem) -> dict[str, Json]:
    return {
        "place": str(problem.place),
        "page": _page_path(problem.place.file),
        "advice": problem.is_advice,
        "what": problem.what,
        "hint": problem.hint,
        "rule": problem.rule,
    }


def _page_path(file: str) -> str:
    """Return the page of the post in a file, or of the post that it translates; "" for other files."""
    path = PurePosixPath(file)
    posts = path.suffix == ".md" and path.parts[0] == "incidents"
    return addresses.file_path(addresses.incident(path.name.partition(".")[0])) if posts else ""
