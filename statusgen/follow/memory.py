"""What was seen when, in a small file in the site's private folder, so that what flaps is told of once.

- A problem counts once it has lasted 5 minutes: by their own time, or because two looks that far apart saw it.
- That something is back counts once two looks 15 minutes apart saw that.
- What changes more than three times in an hour goes up and down.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from statusgen.editor.private_folder import private_folder
from statusgen.editor.save import save_file
from statusgen.follow.seen import Seen
from statusgen.model.statuses import Status

PROBLEM_LASTS = timedelta(minutes=5)
BACK_LASTS = timedelta(minutes=15)
UNREADABLE_LASTS = timedelta(hours=1)
UNSTEADY_PERIOD, UNSTEADY_CHANGES = timedelta(hours=1), 3
_FILE = "follow.json"
_MOST_CHANGES, _MOST_LETTERS, _MAX_BYTES = 10, 500, 5_000_000


@dataclass(frozen=True)
class Course:
    """What was seen of one component, one look after the other.

    `seen` is what it said last, at `last`; it has been a problem, or has been back, since the look of `first`.
    `changes` are the last times at which that changed. `counts` is the status that counts, `NOT_SAID` at first. `began`
    is the look at which the problem that counts, or counted last, was first seen; None once it is settled. `post` is
    the post that was drafted of it, and `aside` are the suggestions about it that a person has put aside, by the names
    that they have within an outage.
    """

    seen: Seen
    first: AwareDatetime
    last: AwareDatetime
    changes: tuple[AwareDatetime, ...] = ()
    counts: Status = Status.NOT_SAID
    began: AwareDatetime | None = None
    post: str = ""
    aside: tuple[str, ...] = ()

    @property
    def is_problem(self) -> bool:
        """Whether a problem counts, and was seen again at the last look."""
        return self.counts.is_stated_problem and self.seen.status.is_stated_problem

    @property
    def is_back(self) -> bool:
        """Whether a problem counted, and it counts by now that it is over."""
        return self.began is not None and self.counts is Status.WORKING and self.seen.status is Status.WORKING

    def is_unsteady(self, now: datetime) -> bool:
        """Whether it goes up and down."""
        return sum(now - change < UNSTEADY_PERIOD for change in self.changes) > UNSTEADY_CHANGES

    def until(self, now: datetime) -> "Course":
        """Return the course with nothing later than now: the clock was ahead when that was seen."""
        if self.last <= now:
            return self
        began = min(self.began, now) if self.began else None
        changes = tuple(change for change in self.changes if change <= now)
        return replace(self, first=min(self.first, now), last=now, changes=changes, began=began)

    def settle(self) -> "Course":
        """Return the course without what is over, and said."""
        return replace(self, began=None, post="", aside=())

    def put_aside(self, name: str, is_aside: bool) -> "Course":
        """Return the course with a suggestion put aside until the outage is over, or no longer put aside."""
        others = tuple(each for each in self.aside if each != name)
        return replace(self, aside=(*others, name) if is_aside else others)


@dataclass(frozen=True)
class Memory:
    """The courses of all components, and since when which cannot be read, by their keys."""

    version: int = 1
    courses: Mapping[str, Course] = field(default_factory=dict)
    failing: Mapping[str, tuple[AwareDatetime, str]] = field(default_factory=dict)

    def until(self, now: datetime) -> "Memory":
        """Return what is remembered with nothing later than now."""
        return replace(
            self,
            courses={key: course.until(now) for key, course in self.courses.items()},
            failing={key: (min(since, now), why) for key, (since, why) in self.failing.items()},
        )


def make_key(id: str, component: str | None) -> str:
    """Return what the memory calls a component of a page."""
    return f"{id}\n{component or ''}"


def note_look(course: Course | None, seen: Seen, now: datetime) -> Course | None:
    """Return the course of a component with one more look; one that says nothing changes nothing."""
    if seen.status is Status.NOT_SAID:
        return course
    seen = replace(seen, name=seen.name[:_MOST_LETTERS], url=seen.url if len(seen.url) <= _MOST_LETTERS else "")
    is_problem = seen.status.is_stated_problem
    if course is None:
        course = Course(seen, now, now)
    elif is_problem != course.seen.status.is_stated_problem:
        changes = (*course.changes, now)[-_MOST_CHANGES:]
        course = replace(course, seen=seen, first=now, last=now, changes=changes)
    else:
        course = replace(course, seen=seen, last=now)
    if is_problem and _has_lasted(course, now):
        if not course.counts.is_stated_problem:  # an outage begins
            course = course.settle() if course.counts is Status.WORKING else course  # it is the next one
            course = replace(course, began=course.first)
        course = replace(course, counts=seen.status)
    elif not is_problem and now - course.first >= BACK_LASTS:
        course = replace(course, counts=Status.WORKING)
    if course.began is None and course.is_unsteady(now):
        course = replace(course, began=min(change for change in course.changes if now - change < UNSTEADY_PERIOD))
    return course


def _has_lasted(course: Course, now: datetime) -> bool:
    """Return whether a problem has lasted long enough to count; one that was over for a moment only still does."""
    said = course.seen.since
    by_their_word = said is not None and now - said >= PROBLEM_LASTS
    return by_their_word or now - course.first >= PROBLEM_LASTS or course.counts.is_stated_problem


def load_memory(source: Path, now: datetime) -> Memory:
    """Return what is remembered of a site by now; nothing if there is no memory, or none that can be read."""
    try:
        path = _path(source)
        if path.stat().st_size > _MAX_BYTES:
            return Memory()
        memory = TypeAdapter(Memory).validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return Memory()
    return memory.until(now) if memory.version == 1 else Memory()


def save_memory(source: Path, memory: Memory, known: Iterable[str]) -> None:
    """Keep what is remembered of the `known` components alone; raise OutputError."""
    known = set(known)
    kept = replace(
        memory,
        courses={key: course for key, course in memory.courses.items() if key in known},
        failing={key: since for key, since in memory.failing.items() if key in known},
    )
    path = _path(source)
    content = TypeAdapter(Memory).dump_json(kept, indent=1)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    old = path.read_bytes() if path.exists() else None
    if content != old:
        save_file(path, content, old)


def _path(source: Path) -> Path:
    return private_folder(source) / _FILE
