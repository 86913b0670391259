"""Compares what residents saw in a drill with what was true, and with what the writers knew.

Every value here is a line of `Step`s: from each on, until the next, something is so.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import pairwise
from zoneinfo import ZoneInfo

from statusgen.drill.residents import Document, Publication
from statusgen.drill.story import Story
from statusgen.model.statuses import Status


@dataclass(frozen=True)
class Step:
    """From a moment on, a status; None means that nothing was said, so all is as it was before the drill."""

    at: datetime
    status: Status | None


Line = Sequence[Step]


class Wrong(Enum):
    """How a page is wrong about a service, as the report puts it."""

    SAID_WORKING = "the page said it was working, but it was not"
    SAID_NOTHING = "the page showed no problem, and there was one"
    SAID_PROBLEM = "the page showed a problem, and there was none"
    SAID_OTHER = "the page showed a different problem"


@dataclass(frozen=True)
class Comparison:
    """For how long a page was wrong about a service, and how.

    `known` is the time in which the writers knew better, and `unknown` that in which nobody had told them.
    """

    known: Mapping[Wrong, timedelta]
    unknown: Mapping[Wrong, timedelta]


def compare_service(truth: Line, news: Line, page: Line, begins: datetime, ends: datetime) -> Comparison:
    """Return for how long a page was wrong from `begins` to `ends`; its first step is the page before the drill."""
    before = page[0].status
    known: Counter[Wrong] = Counter()
    unknown: Counter[Wrong] = Counter()
    times = {step.at for line in (truth, news, page) for step in line if begins < step.at < ends}
    for start, end in pairwise(sorted({begins, ends} | times)):
        is_true, is_known, shown = (read_line(line, start) for line in (truth, news, page))
        if wrong := judge(is_true, shown, before):
            counted = known if _as_usual(is_true) == _as_usual(is_known) else unknown
            counted[wrong] += int((end - start).total_seconds())
    return Comparison(_to_times(known), _to_times(unknown))


def _to_times(seconds: Mapping[Wrong, int]) -> dict[Wrong, timedelta]:
    return {wrong: timedelta(seconds=seconds[wrong]) for wrong in Wrong if seconds.get(wrong)}


def read_line(line: Line, at: datetime) -> Status | None:
    """Return what is so at a moment."""
    return next((step.status for step in reversed(line) if step.at <= at), None)


def judge(truth: Status | None, page: Status | None, before: Status | None) -> Wrong | None:
    """Return how a page is wrong about a service that was `before` when the drill began; None if it is right."""
    says_problem = page is not None and page.is_stated_problem
    if _as_usual(truth) is None:
        return Wrong.SAID_PROBLEM if says_problem and page is not before else None
    if not says_problem:
        return Wrong.SAID_WORKING if page is Status.WORKING else Wrong.SAID_NOTHING
    return None if page is truth else Wrong.SAID_OTHER


def _as_usual(status: Status | None) -> Status | None:
    """Return a status; None if all is as usual, whether that was said or not."""
    return None if status is Status.WORKING else status


def list_truth(story: Story, part: str, begins: datetime) -> list[Step]:
    """Return what is true of a part of the story that begins at a moment."""
    steps: dict[datetime, Status | None] = {}
    for truth in sorted((each for each in story.truth if each.service == part), key=lambda each: each.begins):
        steps[begins + truth.begins] = truth.status
        if truth.until is not None:
            steps[begins + truth.until] = None
    return [Step(at, steps[at]) for at in sorted(steps)]


def list_news(story: Story, part: str, heard: Sequence[datetime]) -> list[Step]:
    """Return what the writers knew of a part of the story; `heard` are the moments of the news that they had."""
    told = zip(story.news, heard, strict=False)
    return [Step(at, news.says[part]) for news, at in told if part in news.says]


def list_shown(publications: Sequence[Publication], key: str) -> list[Step]:
    """Return what residents saw of a service, or of a way to use it."""
    return [Step(each.at, _read_status(each.status, key)) for each in publications]


def _read_status(status: Document, key: str) -> Status | None:
    id, _, way_id = key.partition("/")
    service = next((each for each in status["services"] if each["id"] == id), None)
    if service and way_id:
        service = next((each for each in service["channels"] if each["id"] == way_id), None)
    return Status(service["status"]) if service else None


@dataclass(frozen=True)
class Promise:
    """A promise of an incident that residents read, and when they read the next update; None if that did not come."""

    title: str
    due: datetime
    kept_at: datetime | None

    @property
    def is_kept(self) -> bool:
        """Whether the next update was there in time."""
        return self.kept_at is not None and self.kept_at <= self.due


def list_promises(publications: Sequence[Publication]) -> Iterator[Promise]:
    """Yield each promise that residents read first in the drill, and what came of it."""
    before = _list_update_ids(publications[0])
    incidents = {id: document for publication in publications for id, document in publication.incidents.items()}
    for id, document in incidents.items():
        for number, update in enumerate(document["updates"], 1):
            if update["next_update"] and (id, update["id"]) not in before:
                kept = (each.at for each in publications[1:] if len(_list_updates(each, id)) > number)
                zone = ZoneInfo(document["site"]["timezone"])
                yield Promise(document["incident"]["title"], _parse_due(update["next_update"], zone), next(kept, None))


def _parse_due(time: str, zone: ZoneInfo) -> datetime:
    """Return by when an update is due: of a day alone, by its end."""
    due = datetime.fromisoformat(time)
    return due if due.tzinfo else due.replace(tzinfo=zone) + timedelta(days=1)


def _list_updates(publication: Publication, id: str) -> Sequence[Document]:
    updates: Sequence[Document] = publication.incidents[id]["updates"] if id in publication.incidents else ()
    return updates


def _list_update_ids(publication: Publication) -> set[tuple[str, str]]:
    return {(id, update["id"]) for id in publication.incidents for update in _list_updates(publication, id)}


def list_updates(publications: Sequence[Publication]) -> list[datetime]:
    """Return the moments at which residents read something new: another update, of any incident."""
    return [new.at for old, new in pairwise(publications) if _list_update_ids(new) - _list_update_ids(old)]


def find_longest_silence(updates: Sequence[datetime], begins: datetime, ends: datetime) -> tuple[datetime, datetime]:
    """Return from when to when residents read nothing new for the longest time."""
    moments = [begins, *(at for at in updates if begins < at < ends), ends]
    return max(pairwise(moments), key=lambda pair: pair[1] - pair[0])
