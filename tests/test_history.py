"""The days and stretches that the charts show."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from statusgen import history
from statusgen.board.board import make_board
from statusgen.board.incident import replay_incident
from statusgen.board.model.spans import Interval
from statusgen.board.model.whole_board import Board
from statusgen.board.outages import Outages
from statusgen.board.service import service_status
from statusgen.board.status import worst_status
from statusgen.content.format.values import parse_time
from statusgen.history import BurnUp, Day, Stretch, bars, burn_up, last_days, stretches
from statusgen.model.posts import Incident, Update
from statusgen.model.reports import ServiceReport
from statusgen.model.services import Channel, ChannelKind, Service
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import midnight
from statusgen.model.whole_site import Site
from tests.support.generated_sites import CHICAGO, HERE, Case, sites, words

WAYS = {"email": (), "website": (), "permits": (), "water-bill": ("online", "counter")}
DOWN, LIMITED, WORKING, NOT_SAID = Status.DOWN, Status.LIMITED, Status.WORKING, Status.NOT_SAID


def city(*incidents: Incident) -> Site:
    return Site(
        title=words("Springfield"),
        publisher=words("Springfield"),
        url="https://springfield.example/",
        zone=CHICAGO,
        languages=("en",),
        services=tuple(Service(id, words(id), HERE, channels=channels(ways)) for id, ways in WAYS.items()),
        incidents=incidents,
    )


def channels(ways: Iterable[str]) -> tuple[Channel, ...]:
    return tuple(Channel(way, ChannelKind.OTHER, HERE) for way in ways)


def incident(id: str, *updates: Update, kind: Kind = Kind.INCIDENT) -> Incident:
    return Incident(id, kind, words(id), updates[0].time, updates, HERE)


def make_update(time: str, state: State = State.UPDATE, before: str | None = None, **statuses: Status) -> Update:
    """`make_update("2024-05-04", water_bill__online=DOWN)`; two underscores separate a service and its channel."""
    reports = []
    for key, status in statuses.items():
        service, _, way = key.partition("__")
        since = parse_time(before, CHICAGO) if before else None
        reports.append(ServiceReport(service.replace("_", "-"), way or None, HERE, status=status, started_before=since))
    return Update(time, parse_time(time, CHICAGO), state, HERE, reports=tuple(reports))


def board_at(time: str, *incidents: Incident) -> Board:
    return make_board(city(*incidents), parse_time(time, CHICAGO).last_minute)


def counts(numbers: BurnUp | None) -> list[tuple[int, int]]:
    assert numbers
    return [(count.restored, count.affected) for count in numbers.days]


def describe(found: Iterable[Stretch]) -> list[tuple[Status, str, str]]:
    return [(each.status, f"{each.first:%m-%d}", f"{each.last:%m-%d}") for each in found]


NETWORK = incident(
    "network",
    make_update("2024-05-04", email=DOWN, website=DOWN),
    make_update("2024-05-05 16:00", permits=DOWN),
    make_update("2024-05-07", website=LIMITED),
    make_update("2024-05-08 10:00", email=WORKING),
    make_update("2024-05-09", website=WORKING, email=DOWN),
)


class TestBurnUp:
    def test_each_day_counts_what_it_ended_with(self) -> None:
        now = board_at("2024-05-10", NETWORK)
        numbers = burn_up(now.incident_by_id["network"], now)
        assert numbers
        assert numbers.total == 3
        assert [count.day.day for count in numbers.days] == [4, 5, 6, 7, 8, 9, 10]
        assert counts(numbers) == [(0, 2), (0, 3), (0, 3), (0, 3), (1, 2), (1, 2), (1, 2)]

    def test_the_changes_are_the_first_day_each_that_differs_and_the_last(self) -> None:
        now = board_at("2024-05-10", NETWORK)
        numbers = burn_up(now.incident_by_id["network"], now)
        assert numbers
        assert [count.day.day for count in numbers.changes] == [4, 5, 8, 10]

    def test_it_stops_with_the_incident(self) -> None:
        ended = replace(NETWORK, updates=(*NETWORK.updates, make_update("2024-05-11", State.RESOLVED)))
        now = board_at("2024-06-30", ended)
        numbers = burn_up(now.incident_by_id["network"], now)
        assert numbers
        assert numbers.days[-1].day == date(2024, 5, 11)
        assert counts(numbers)[-1] == (3, 0)

    def test_two_services_or_two_days_are_no_story(self) -> None:
        assert (
            burn_up(board_at("2024-05-05", NETWORK).incident_by_id["network"], board_at("2024-05-05", NETWORK)) is None
        )
        two = incident("two", make_update("2024-05-04", email=DOWN, website=DOWN))
        assert burn_up(board_at("2024-05-10", two).incident_by_id["two"], board_at("2024-05-10", two)) is None

    def test_what_is_not_known_is_counted_apart_and_does_not_work_again(self) -> None:
        post = incident(
            "network",
            make_update("2024-05-04", email=DOWN, website=Status.UNKNOWN, permits=Status.UNKNOWN),
            make_update("2024-05-05", website=WORKING, email=Status.UNKNOWN),
            make_update("2024-05-06", email=WORKING),
        )
        now = board_at("2024-05-07", post)
        numbers = burn_up(now.incident_by_id["network"], now)
        assert numbers
        assert (numbers.total, numbers.affected) == (3, 1)
        assert [count.counts for count in numbers.days] == [(0, 1, 2, 0), (0, 0, 2, 0), (1, 0, 1, 0), (1, 0, 1, 0)]
        last = bars(now.incident_by_id["network"], now).last_count
        assert last.counts == (1, 0, 1, 0)

    def test_what_was_withdrawn_is_not_counted_when_the_post_speaks_again(self) -> None:
        post = incident(
            "network",
            make_update("2024-05-04", email=DOWN, website=DOWN, permits=DOWN),
            make_update("2024-05-05 10:00", State.WITHDRAWN),
            make_update("2024-05-06 10:00", email=DOWN, website=DOWN, permits=DOWN),
            make_update("2024-05-07 10:00", permits=WORKING),
        )
        now = board_at("2024-05-07", post)
        assert now.incident_by_id["network"].is_open
        assert counts(burn_up(now.incident_by_id["network"], now)) == [(0, 0), (0, 0), (0, 3), (1, 2)]

    def test_planned_work_is_no_story(self) -> None:
        start = make_update("2024-05-04", State.SCHEDULED, email=DOWN, website=DOWN, permits=DOWN)
        start = replace(start, starts=parse_time("2024-05-04", CHICAGO), ends=parse_time("2024-05-09", CHICAGO))
        now = board_at("2024-05-08", incident("work", start, kind=Kind.MAINTENANCE))
        assert burn_up(now.incident_by_id["work"], now) is None


class TestBars:
    def test_each_service_has_its_stretches_the_earliest_first(self) -> None:
        now = board_at("2024-05-10", NETWORK)
        rows = bars(now.incident_by_id["network"], now).rows
        assert [(row.service.id, row.status) for row in rows] == [
            ("website", WORKING),
            ("email", DOWN),
            ("permits", DOWN),
        ]
        assert [describe(row.stretches) for row in rows] == [
            [(DOWN, "05-04", "05-07"), (LIMITED, "05-08", "05-09"), (WORKING, "05-10", "05-10")],
            [(DOWN, "05-04", "05-10")],
            [(DOWN, "05-05", "05-10")],
        ]

    def test_the_exact_times_are_kept(self) -> None:
        now = board_at("2024-05-10", NETWORK)
        website = bars(now.incident_by_id["network"], now).rows[0]
        down, limited, _ = (stretch.interval for stretch in website.stretches)
        assert down.until == parse_time("2024-05-07", CHICAGO)
        assert limited.since
        assert limited.since.when == parse_time("2024-05-07", CHICAGO)

    def test_where_some_ways_are_open_a_service_is_partly_working(self) -> None:
        now = board_at("2024-05-06", incident("bills", make_update("2024-05-04", water_bill__online=DOWN)))
        assert describe(bars(now.incident_by_id["bills"], now).rows[0].stretches) == [
            (Status.PARTLY_DOWN, "05-04", "05-06")
        ]

    def test_what_began_on_an_unknown_day_before_says_so(self) -> None:
        now = board_at("2024-05-06", incident("bills", make_update("2024-05-04", before="2024-05-03", email=DOWN)))
        numbers = bars(now.incident_by_id["bills"], now)
        assert numbers.rows[0].has_unknown_start
        assert numbers.first == date(2024, 5, 3)

    def test_other_incidents_do_not_show(self) -> None:
        other = incident("other", make_update("2024-05-01", website=DOWN))
        now = board_at("2024-05-10", NETWORK, other)
        alone = board_at("2024-05-10", NETWORK)
        assert bars(now.incident_by_id["network"], now) == bars(alone.incident_by_id["network"], alone)

    def test_what_got_better_today_is_still_held(self) -> None:
        better = incident(
            "short", make_update("2024-05-04", email=DOWN), make_update("2024-05-06 10:00", email=LIMITED)
        )
        now = board_at("2024-05-06", better)
        row = bars(now.incident_by_id["short"], now).rows[0]
        assert describe(row.stretches) == [(DOWN, "05-04", "05-06")]
        assert row.status is LIMITED

    def test_an_incident_that_held_nothing_has_no_rows(self) -> None:
        now = board_at("2024-05-06", incident("news", make_update("2024-05-04", email=WORKING)))
        assert bars(now.incident_by_id["news"], now).rows == ()


class TestLastDays:
    def test_they_are_ninety_and_the_last_is_today(self) -> None:
        now = board_at("2024-05-10", NETWORK)
        days = last_days(now.service_by_id["website"], now)
        assert len(days) == 90
        assert days[-1].day == date(2024, 5, 10)
        assert describe(stretches(days)) == [
            (NOT_SAID, "02-11", "05-03"),
            (DOWN, "05-04", "05-07"),
            (LIMITED, "05-08", "05-09"),
            (WORKING, "05-10", "05-10"),
        ]

    def test_a_day_has_its_worst_hour(self) -> None:
        hour = incident(
            "hour", make_update("2024-05-04 10:00", email=DOWN), make_update("2024-05-04 11:00", State.RESOLVED)
        )
        now = board_at("2024-05-05", hour)
        assert [day.status for day in last_days(now.service_by_id["email"], now, 3)] == [NOT_SAID, DOWN, WORKING]

    def test_what_ended_at_midnight_leaves_the_next_day_alone(self) -> None:
        night = incident(
            "night", make_update("2024-05-04 10:00", email=DOWN), make_update("2024-05-05 00:00", State.RESOLVED)
        )
        now = board_at("2024-05-05", night)
        assert [day.status for day in last_days(now.service_by_id["email"], now, 2)] == [DOWN, WORKING]

    def test_planned_work_ends_with_its_last_day(self) -> None:
        start = make_update("2024-05-01", State.SCHEDULED, email=Status.MAINTENANCE)
        start = replace(start, starts=parse_time("2024-05-04", CHICAGO), ends=parse_time("2024-05-05", CHICAGO))
        now = board_at("2024-05-06", incident("work", start, kind=Kind.MAINTENANCE))
        days = last_days(now.service_by_id["email"], now, 4)
        assert [day.status for day in days] == [NOT_SAID, Status.MAINTENANCE, Status.MAINTENANCE, NOT_SAID]


# What is true of every site.


@given(sites(), st.integers(1, 120))
def test_the_last_days_follow_each_other_and_none_looks_better_than_it_was(case: Case, number: int) -> None:
    site, moment = case.site, case.moment
    now = make_board(site, moment)
    for service in now.services:
        days = last_days(service, now, number)
        assert [day.day for day in days] == [site.local_day(moment) - timedelta(days=n) for n in range(number)][::-1]
        for day in days:
            overlapping = worst_status(each.status for each in service.timeline if overlaps(each, day.day, site))
            # A day on which something came back at an unknown hour is the one that looks worse.
            is_worse = day.status.severity > overlapping.severity and is_restored(day, site)
            # What was said of the day counts before what was said too long before it.
            was_said = any(
                each.status is day.status and overlaps(each, day.day, site) and is_said_lately(each, day.day, site)
                for each in service.timeline
            )
            assert day.status is overlapping or is_worse or was_said


def overlaps(interval: Interval, day: date, site: Site) -> bool:
    begin, end = midnight(day, site.zone), midnight(day + timedelta(days=1), site.zone)
    starts = interval.since is None or interval.since.when.start < end
    return starts and (interval.until is None or interval.until.start > begin)


def is_said_lately(interval: Interval, day: date, site: Site) -> bool:
    begin, end = midnight(day, site.zone), midnight(day + timedelta(days=1), site.zone)
    return any(when.start < end and when.end + site.stale_after > begin for when in interval.said)


def is_restored(day: Day, site: Site) -> bool:
    until = day.interval.until
    return until is not None and until.is_whole_day and site.local_day(until.start) == day.day


@given(st.lists(st.sampled_from(list(Status)), min_size=1, max_size=60))
def test_stretches_cover_the_days_once(statuses: list[Status]) -> None:
    first = date(2024, 2, 1)
    days = [
        Day(first + timedelta(days=n), Interval(status, None, None, None, None)) for n, status in enumerate(statuses)
    ]
    found = stretches(days)
    assert [stretch.status for stretch in found for _ in range(stretch.days)] == statuses
    assert found[0].first == first
    assert all(one.status is not two.status for one, two in pairwise(found))
    assert all(two.first - one.last == timedelta(days=1) for one, two in pairwise(found))


@given(sites())
def test_the_rows_are_what_an_incident_held_back(case: Case) -> None:
    now = make_board(case.site, case.moment)
    for standing in now.incidents:
        numbers = bars(standing, now)
        assert {row.service.id for row in numbers.rows} <= {hold.key[0] for hold in standing.effects}
        for row in numbers.rows:
            assert numbers.first <= row.stretches[0].first
            assert row.stretches[-1].last <= numbers.last
            assert all(one.last < two.first for one, two in pairwise(row.stretches))
            assert row.stretches[0].status.is_stated_problem
            assert NOT_SAID not in {stretch.status for stretch in row.stretches}


@given(sites(kinds=(Kind.INCIDENT,), late=False))
def test_each_count_is_what_was_shown_on_that_evening(case: Case) -> None:
    site, moment = case.site, case.moment
    now = make_board(site, moment)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "MIN_SERVICES", 1)
        patch.setattr(history, "MIN_DAYS", 1)
        found = [(standing, burn_up(standing, now)) for standing in now.incidents]
    # A correction takes back what was shown, in the chart too.
    assume(not any(update.correction for post in site.incidents for update in post.updates))
    assume(any(numbers for _, numbers in found))
    for standing, numbers in found:
        taken_back = [each.time.start for each in standing.updates if each.state is State.WITHDRAWN]
        ever: set[str] = set()
        for count in numbers.days if numbers else ():
            evening = midnight(count.day + timedelta(days=1), site.zone) - timedelta(microseconds=1)
            then = min(moment, evening)
            if any(then < time for time in taken_back):
                assert not any(count.counts)
                continue
            told_by_then = replay_incident(standing.incident, site, then)
            assert told_by_then
            outages = Outages.among((told_by_then,), site, then)
            alone = [service_status(service, (told_by_then,), outages) for service in site.services]
            held = [each for each in alone if each.is_unusual]
            unknown = [each for each in held if each.status is Status.UNKNOWN]
            ever |= {each.id for each in alone if any(map(is_affected, each.timeline))}
            back = {each.id for each in alone if each.is_working}
            assert count.restored == len(ever & back)
            assert count.affected + count.unknown + count.unchecked == len(held)
            assert count.unknown <= len(unknown)
            assert count.affected <= len(held) - len(unknown)


def is_affected(interval: Interval) -> bool:
    return interval.status.is_stated_problem and interval.status is not Status.UNKNOWN
