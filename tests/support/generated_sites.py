"""Small sites made up by hypothesis: whatever the format allows, on the days around a change of the clocks.

Times come from a coarse grid, so that several things often happen at the same moment; half of the days have no hour.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from statusgen.model import (
    Channel,
    ChannelKind,
    Correction,
    Deadline,
    Estimate,
    Incident,
    Kind,
    Service,
    ServiceReport,
    Site,
    State,
    Status,
    Topic,
    Update,
    Waiver,
    When,
    Words,
)
from statusgen.problems import Place

CHICAGO = ZoneInfo("America/Chicago")
# The clocks go forward on 10 March 2024 and back on 3 November.
FIRST_DAYS = (date(2024, 3, 7), date(2024, 10, 31))
DAYS = 8
HOURS = (0, 6, 7, 12, 18)
# The worst first: hypothesis shrinks towards what stands at the beginning.
STATUSES = tuple(reversed(Status))
HERE = Place("somewhere.md")
T = TypeVar("T")
RULES = ("FREQ=DAILY", "FREQ=DAILY;COUNT=3", "FREQ=WEEKLY;BYDAY=SU", "FREQ=DAILY;INTERVAL=2")

SAME = ("place", "zone", "url", "title", "publisher", "languages", "stale_after")

CHANNELS = {
    "trash": (),
    "permits": ("online",),
    "water-bill": ("online", "phone", "autopay"),
}


@dataclass(frozen=True)
class Grid:
    """The times that a made-up site speaks of, in order."""

    days: tuple[When, ...]
    moments: tuple[When, ...]

    @property
    def times(self) -> tuple[When, ...]:
        return (*self.days, *self.moments)


class Case:
    """A site, and a moment before, during or after all that it speaks of."""

    def __init__(self, site: Site, moment: datetime) -> None:
        self.site, self.moment = site, moment

    def __repr__(self) -> str:
        return f"at {self.moment.astimezone(CHICAGO):%Y-%m-%d %H:%M}: {summarize(self.site.incidents)}"


def summarize(value: Any) -> str:
    """A value without what is the same in all cases or left out, for a reader who looks for the reason of a failure."""
    if isinstance(value, When):
        return update_id(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return "[" + ", ".join(summarize(each) for each in value) + "]"
    if is_dataclass(value):
        named = {each.name: getattr(value, each.name) for each in fields(value) if each.name not in SAME}
        return "{" + ", ".join(f"{name}: {summarize(each)}" for name, each in named.items() if each) + "}"
    return str(value)


def make_grid(first: date) -> Grid:
    midnights = [When.day(first + timedelta(days=number), CHICAGO) for number in range(DAYS)]
    moments = [
        When.moment(datetime(day.year, day.month, day.day, hour, tzinfo=CHICAGO))
        for day in (first + timedelta(days=number) for number in range(DAYS))
        for hour in HOURS
    ]
    return Grid(tuple(midnights), tuple(moments))


GRIDS = tuple(make_grid(first) for first in FIRST_DAYS)


def words(text: str) -> Words:
    return Words((("en", text),))


def update_id(time: When) -> str:
    local = time.start.astimezone(CHICAGO)
    return f"{local:%Y-%m-%d}" if time.is_whole_day else f"{local:%Y-%m-%d-%H%M}"


class Dice:
    """What hypothesis decides. It shrinks a failing example towards the first of all choices."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def below(self, number: int) -> int:
        return self.draw(_below(number))

    def one(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]

    def maybe(self, choices: Sequence[T]) -> T | None:
        """One of the choices, or as often none of them."""
        return self.one(choices) if self.chance(2) else None

    def some(self, choices: Iterable[T], number: int) -> list[T]:
        """So many of the choices, each once."""
        left = list(choices)
        return [left.pop(self.below(len(left))) for _ in range(number)]

    def chance(self, of: int) -> bool:
        return self.below(of) == of - 1


@cache
def _below(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number - 1)


def estimate(dice: Dice, times: Sequence[When]) -> Estimate:
    services = tuple(dice.some(CHANNELS, dice.below(2)))
    by = dice.maybe(times)
    return Estimate(unknown=by is None, by=by, services=services)


def temporary_channel(dice: Dice, said: When, times: Sequence[When]) -> Channel:
    opens, closes = dice.maybe(times), dice.maybe([time for time in times if time.end > said.start])
    if opens and closes and closes.end <= opens.start:
        closes = None
    return Channel(dice.one(("tent", "bus")), ChannelKind.IN_PERSON, HERE, opens=opens, closes=closes)


def report(dice: Dice, key: tuple[str, str | None], time: When, times: Sequence[When], ending: bool) -> ServiceReport:
    service, way = key
    said = ServiceReport(service, way, HERE, status=Status.WORKING if ending else dice.one(STATUSES))
    if dice.chance(3):
        said = replace(
            said,
            do=dice.maybe((words("Call 311."), words("Wait."))),
            where=dice.maybe((words("City Hall"),)),
            started_before=dice.maybe(times),
            expected=estimate(dice, times) if dice.chance(2) else None,
        )
    if way is None and not ending and dice.chance(3):
        said = replace(said, channels=(temporary_channel(dice, time, times),))
    return said


def waiver(dice: Dice, times: Sequence[When]) -> Waiver:
    return Waiver(
        dice.one(("late-fees", "shutoffs")),
        HERE,
        services=tuple(dice.some(CHANNELS, dice.below(3))),
        what=words("Nothing to pay"),
        begins=dice.maybe(times),
        until=dice.maybe(times),
    )


def update(dice: Dice, kind: Kind, time: When, earlier: Sequence[str], times: Sequence[When]) -> Update:
    state = State.SCHEDULED if kind is Kind.MAINTENANCE else State.INVESTIGATING
    state = dice.one(kind.states) if earlier else state
    keys = dice.some(((service, way) for service, ways in CHANNELS.items() for way in (None, *ways)), 3 - dice.below(4))
    reports = tuple(report(dice, key, time, times, state.is_terminal) for key in keys)
    told = Update(update_id(time), time, state, HERE, reports=reports)
    if state is State.CORRECTION:
        told = replace(told, correction=Correction(dice.one(earlier), None, words("So it is.")))
    if dice.chance(3):
        told = replace(
            told,
            expected=estimate(dice, times) if dice.chance(2) else None,
            next_update=dice.maybe(times),
            waivers=(waiver(dice, times),) if dice.chance(2) else (),
            deadlines=(Deadline("court", HERE, dice.one(times)),) if dice.chance(2) else (),
            known=(words("Something"),) if dice.chance(2) else (),
        )
    return told


def has_room(updates: Sequence[Update]) -> bool:
    """Whether planned work is over before it could begin again the next day, as reading makes sure."""
    starts = ends = None
    for update in updates:
        starts, ends = update.starts or starts, update.ends or ends
        if starts and ends and ends.end - starts.start > timedelta(hours=22):
            return False
    return True


def incident(dice: Dice, id: str, kinds: Sequence[Kind], grid: Grid, late: bool) -> Incident:
    kind = dice.one(kinds)
    said = sorted(dice.some(grid.times, 1 + dice.below(5)), key=lambda time: (time.start, not time.is_whole_day))
    told: list[Update] = []
    for time in said:
        told.append(update(dice, kind, time, [update.id for update in told], grid.times))
    if kind is Kind.MAINTENANCE:
        told = move_windows(dice, told, grid)
    if kind is Kind.NOTICE:
        told = [replace(update, ends=dice.maybe(grid.times)) for update in told]
    return Incident(
        id=id,
        kind=kind,
        title=words(f"About {id}"),
        started=dice.one([time for time in grid.times if time.start <= said[0].start]) if late else said[0],
        updates=tuple(told),
        place=Place(f"incidents/{id}.md"),
        topic=Topic.OTHER if kind is Kind.NOTICE else None,
        repeats=dice.maybe(RULES) if kind is Kind.MAINTENANCE and has_room(told) else None,
        draft=dice.chance(10),
    )


def move_windows(dice: Dice, updates: Sequence[Update], grid: Grid) -> list[Update]:
    """Planned work has a window from the beginning on; later updates may move it."""
    moved: list[Update] = []
    for update in updates:
        if not moved or dice.chance(4):
            starts, ends = sorted(dice.some(grid.times, 2), key=lambda time: time.start)
            if starts.start < ends.start:
                update = replace(update, starts=starts, ends=ends)
            elif not moved:
                update = replace(update, starts=grid.days[0], ends=grid.days[1])
        moved.append(update)
    return moved


@st.composite
def sites(draw: st.DrawFn, *, kinds: tuple[Kind, ...] = tuple(Kind), late: bool = True, channels: bool = True) -> Case:
    """A site of up to four posts.

    `late`: posts may tell of what began earlier; `channels`: they may set up new ones.
    """
    dice = Dice(draw)
    grid = dice.one(GRIDS)
    posts = [incident(dice, f"post-{number}", kinds, grid, late) for number in range(4 - dice.below(5))]
    if not late:
        posts = [_without(post, started_before=None) for post in posts]
    if not channels:
        posts = [_without(post, channels=()) for post in posts]
    site = Site(
        title=words("Springfield"),
        publisher=words("Springfield"),
        url="https://springfield.example/",
        zone=CHICAGO,
        languages=("en",),
        services=tuple(
            Service(id, words(id), HERE, essential=id == "trash", channels=tuple(map(_channel, ways)))
            for id, ways in CHANNELS.items()
        ),
        incidents=tuple(posts),
        stale_after=timedelta(days=2),
    )
    return Case(site, moment(dice, grid))


def moment(dice: Dice, grid: Grid) -> datetime:
    """A moment of those that a site speaks of, or any minute around them."""
    if dice.chance(2):
        first, last = grid.days[0].start - timedelta(days=1), grid.days[-1].end + timedelta(days=20)
        return first + timedelta(minutes=dice.below(int((last - first) / timedelta(minutes=1))))
    time = dice.one(grid.times[::-1])
    return dice.one((time.start, time.end))


def _without(post: Incident, **empty: object) -> Incident:
    return replace(
        post,
        updates=tuple(
            replace(update, reports=tuple(replace(report, **empty) for report in update.reports))  # type: ignore[arg-type]
            for update in post.updates
        ),
    )


def _channel(id: str) -> Channel:
    kinds = {"online": ChannelKind.ONLINE, "phone": ChannelKind.PHONE, "autopay": ChannelKind.AUTOMATIC}
    return Channel(id, kinds[id], HERE)
