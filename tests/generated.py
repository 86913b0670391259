"""Small sites made up by hypothesis: whatever the format allows, on the days around a change of the clocks.

Times come from a coarse grid, so that several things often happen at the same moment; half of the days have no hour.
"""

from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from statusgen.errors import Place
from statusgen.model import (
    Channel,
    ChannelKind,
    Correction,
    Deadline,
    Estimate,
    Incident,
    Kind,
    Report,
    Service,
    Site,
    State,
    Status,
    Topic,
    Update,
    Waiver,
    When,
    Words,
)

CHICAGO = ZoneInfo("America/Chicago")
# The clocks go forward on 10 March 2024 and back on 3 November.
FIRST_DAYS = (date(2024, 3, 7), date(2024, 10, 31))
DAYS = 8
HOURS = (0, 6, 7, 12, 18)
# The worst first: hypothesis favours what stands at the beginning.
STATUSES = tuple(reversed(Status))
HERE = Place("somewhere.md")
RULES = ("FREQ=DAILY", "FREQ=DAILY;COUNT=3", "FREQ=WEEKLY;BYDAY=SU", "FREQ=DAILY;INTERVAL=2")

SAME = ("place", "zone", "url", "title", "publisher", "languages", "stale_after")

WAYS = {
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
        return f"at {self.moment.astimezone(CHICAGO):%Y-%m-%d %H:%M}: {brief(self.site.incidents)}"


def brief(value: Any) -> str:
    """A value without what is the same in all cases or left out, for a reader who looks for the reason of a failure."""
    if isinstance(value, When):
        return update_id(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return "[" + ", ".join(brief(each) for each in value) + "]"
    if is_dataclass(value):
        named = {each.name: getattr(value, each.name) for each in fields(value) if each.name not in SAME}
        return "{" + ", ".join(f"{name}: {brief(each)}" for name, each in named.items() if each) + "}"
    return str(value)


def grid(first: date) -> Grid:
    midnights = [When.day(first + timedelta(days=number), CHICAGO) for number in range(DAYS)]
    moments = [
        When.moment(datetime(day.year, day.month, day.day, hour, tzinfo=CHICAGO))
        for day in (first + timedelta(days=number) for number in range(DAYS))
        for hour in HOURS
    ]
    return Grid(tuple(midnights), tuple(moments))


GRIDS = tuple(grid(first) for first in FIRST_DAYS)


def words(text: str) -> Words:
    return Words((("en", text),))


def update_id(time: When) -> str:
    local = time.start.astimezone(CHICAGO)
    return f"{local:%Y-%m-%d}" if time.whole_day else f"{local:%Y-%m-%d-%H%M}"


def estimates(times: st.SearchStrategy[When]) -> st.SearchStrategy[Estimate]:
    some = st.lists(st.sampled_from(sorted(WAYS)), max_size=1).map(tuple)
    return st.one_of(
        st.builds(Estimate, unknown=st.just(True), services=some), st.builds(Estimate, by=times, services=some)
    )


@st.composite
def temporary_channels(draw: st.DrawFn, times: st.SearchStrategy[When]) -> Channel:
    opens, closes = draw(st.none() | times), draw(st.none() | times)
    if opens and closes and closes.end <= opens.start:
        closes = None
    return Channel(draw(st.sampled_from(["tent", "bus"])), ChannelKind.IN_PERSON, HERE, opens=opens, closes=closes)


@st.composite
def reports(draw: st.DrawFn, times: st.SearchStrategy[When], ending: bool) -> tuple[Report, ...]:
    keys = [(service, way) for service, ways in WAYS.items() for way in (None, *ways)]
    found = []
    number = 3 - draw(st.integers(0, 3))
    for service, way in draw(st.lists(st.sampled_from(keys), min_size=number, max_size=number, unique=True)):
        status = st.just(Status.WORKING) if ending else st.sampled_from(STATUSES)
        report = Report(service, way, HERE, status=draw(status))
        if draw(st.booleans()):
            report = replace(
                report,
                do=draw(st.none() | st.sampled_from(["Call 311.", "Wait."]).map(words)),
                where=draw(st.none() | st.just(words("City Hall"))),
                started_before=draw(st.none() | times),
                expected=draw(st.none() | estimates(times)),
            )
        if way is None and not ending and draw(st.integers(0, 2)) == 0:
            report = replace(report, channels=(draw(temporary_channels(times)),))
        found.append(report)
    return tuple(found)


@st.composite
def waivers(draw: st.DrawFn, times: st.SearchStrategy[When]) -> tuple[Waiver, ...]:
    return (
        Waiver(
            draw(st.sampled_from(["late-fees", "shutoffs"])),
            HERE,
            services=draw(st.lists(st.sampled_from(sorted(WAYS)), max_size=2, unique=True).map(tuple)),
            what=words("Nothing to pay"),
            begins=draw(st.none() | times),
            until=draw(st.none() | times),
        ),
    )


@st.composite
def updates(
    draw: st.DrawFn, kind: Kind, time: When, first: bool, earlier: list[str], times: tuple[When, ...]
) -> Update:
    some = st.sampled_from(times)
    state = State.SCHEDULED if kind is Kind.MAINTENANCE else State.INVESTIGATING
    if not first:
        state = draw(st.sampled_from([state for state in kind.states if state is not State.CORRECTION or earlier]))
    update = Update(update_id(time), time, state, HERE, reports=draw(reports(some, state.ends)))
    if state is State.CORRECTION:
        update = replace(update, correction=Correction(draw(st.sampled_from(earlier)), None, words("So it is.")))
    if draw(st.booleans()):
        update = replace(
            update,
            expected=draw(st.none() | estimates(some)),
            next_update=draw(st.none() | some),
            waivers=draw(st.just(()) | waivers(some)),
            deadlines=draw(
                st.just(()) | st.builds(Deadline, st.just("court"), st.just(HERE), some).map(lambda d: (d,))
            ),
            known=draw(st.just(()) | st.just((words("Something"),))),
        )
    return update


@st.composite
def incidents(draw: st.DrawFn, id: str, kinds: tuple[Kind, ...], times: Grid, late: bool) -> Incident:
    kind = draw(st.sampled_from(kinds))
    said = draw(st.lists(st.sampled_from(times.times), min_size=1, max_size=5, unique_by=update_id))
    said.sort(key=lambda time: (time.start, not time.whole_day))
    told: list[Update] = []
    for time in said:
        earlier = [update.id for update in told]
        told.append(draw(updates(kind, time, not told, earlier, times.times)))
    if kind is Kind.MAINTENANCE:
        told = draw(planned(told, times))
    if kind is Kind.NOTICE:
        told = [replace(update, ends=draw(st.none() | st.sampled_from(times.times))) for update in told]
    started = draw(st.sampled_from([time for time in times.times if time.start <= said[0].start])) if late else said[0]
    return Incident(
        id=id,
        kind=kind,
        title=words(f"About {id}"),
        started=started,
        updates=tuple(told),
        place=Place(f"incidents/{id}.md"),
        topic=Topic.OTHER if kind is Kind.NOTICE else None,
        repeats=draw(st.none() | st.sampled_from(RULES)) if kind is Kind.MAINTENANCE else None,
        draft=draw(st.integers(0, 9)) == 0,
    )


@st.composite
def planned(draw: st.DrawFn, told: list[Update], times: Grid) -> list[Update]:
    """Planned work has a window from the beginning on; later updates may move it."""
    moved: list[Update] = []
    for update in told:
        if not moved or draw(st.integers(0, 3)) == 0:
            window = draw(st.lists(st.sampled_from(times.times), min_size=2, max_size=2, unique_by=lambda t: t.start))
            starts, ends = sorted(window, key=lambda time: time.start)
            update = replace(update, starts=starts, ends=ends)
        moved.append(update)
    return moved


@st.composite
def sites(draw: st.DrawFn, *, kinds: tuple[Kind, ...] = tuple(Kind), late: bool = True, channels: bool = True) -> Case:
    """A site of up to four posts.

    `late`: posts may tell of what began earlier; `channels`: they may set up new ones.
    """
    times = draw(st.sampled_from(GRIDS))
    number = 4 - draw(st.integers(0, 4))
    posts = [draw(incidents(f"post-{index}", kinds, times, late)) for index in range(number)]
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
            for id, ways in WAYS.items()
        ),
        incidents=tuple(posts),
        stale_after=timedelta(days=2),
    )
    return Case(site, draw(moments(times)))


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


def moments(times: Grid) -> st.SearchStrategy[datetime]:
    """Moments on the hours that a site speaks of, and at any minute around them."""
    on = {moment for time in times.times for moment in (time.start, time.end)}
    first, last = times.days[0].start - timedelta(days=1), times.days[-1].end + timedelta(days=20)
    minutes = int((last - first) / timedelta(minutes=1))
    return st.sampled_from(sorted(on)) | st.integers(0, minutes).map(lambda n: first + timedelta(minutes=n))
