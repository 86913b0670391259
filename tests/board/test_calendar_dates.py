"""The Board's calendar dates: which there are, how often each was moved, and which are canceled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.board.board import make_board
from statusgen.board.calendar_dates import CalendarDate, DateKind, calendar_dates
from statusgen.board.windows import LOOKBACK_PERIOD, MAX_WINDOWS_AHEAD
from statusgen.model.states import Kind
from statusgen.model.times import When
from tests.support.generated_sites import RULES, Case, sites
from tests.support.sample_sites import City, make_city

Post = Callable[[str], City]

SERVICES = """\
  - {id: permits, name: Permits}
  - {id: records, name: Records}
"""
WORK = """\
---
title: New computers
kind: maintenance
posted: 2024-05-01 12:00
starts: 2024-05-12 08:00
ends: 2024-05-12 12:00
services: {permits: {status: maintenance, do: Come on Monday., where: City Hall}}
---
Text.
"""
WEEKLY = WORK.replace("posted:", "repeats: FREQ=WEEKLY\nposted:")
OUTAGE = """\
---
title: The network is down
started: 2024-05-01 12:00
services: {permits: down}
next_update: 2024-05-01 18:00
waivers: [{id: fees, services: [permits], what: No late fees, until: 2024-05-31}]
deadlines: [{id: court, on: 2024-05-20 09:00, what: Go to court, services: [records]}]
---
Text.
"""


@pytest.fixture
def post(tmp_path_factory: pytest.TempPathFactory) -> Post:
    """Make a city with one post."""
    return lambda text: make_city(tmp_path_factory.mktemp("town"), SERVICES, text)


def add_updates(text: str, *updates: str) -> str:
    """Return a post with its later updates, each a heading and its keys."""
    return text + "".join(f"\n## 2024-{update}\n\nText.\n" for update in updates)


def dates(city: City, at: str) -> list[str]:
    """Return each date with its hours on the city's clocks, how often it was moved, and whether it is canceled."""
    return [describe(appointment, city) for appointment in calendar_dates(city.board(at))]


def describe(appointment: CalendarDate, city: City) -> str:
    def local(when: When) -> str:
        time = when.start.astimezone(city.site.zone)
        return f"{time:%d}" if when.is_whole_day else f"{time:%d %H:%M}"

    name = appointment.id.removeprefix("post-1/")
    end = f" to {local(appointment.end)}" if appointment.end else ""
    off = " (off)" if appointment.cancelled else ""
    return f"{name}: {local(appointment.start)}{end}, {appointment.revision}{off}"


# Planned work.


def test_work_that_is_moved_stays_the_same_date(post: Post) -> None:
    city = post(add_updates(WORK, "05-10 12:00 Update\nstarts: 2024-05-19 08:00\nends: 2024-05-19 12:00"))
    assert dates(city, "2024-05-09") == ["work/1: 12 08:00 to 12 12:00, 0"]
    assert dates(city, "2024-05-11") == ["work/1: 19 08:00 to 19 12:00, 1"]


def test_each_move_counts_and_other_updates_do_not(post: Post) -> None:
    city = post(
        add_updates(
            WORK,
            "05-02 12:00 Update",
            "05-03 12:00 Update\nends: 2024-05-12 13:00",
            "05-04 12:00 Update\nends: 2024-05-12 13:00",
            "05-12 08:00 In progress",
            "05-12 11:00 Completed",
        )
    )
    assert dates(city, "2024-05-02") == ["work/1: 12 08:00 to 12 12:00, 0"]
    assert dates(city, "2024-05-12 10:00") == ["work/1: 12 08:00 to 12 13:00, 1"]
    assert dates(city, "2024-05-13") == ["work/1: 12 08:00 to 12 11:00, 2"]


def test_work_that_is_canceled_stays_as_it_was_planned_but_is_off(post: Post) -> None:
    city = post(add_updates(WORK, "05-10 12:00 Cancelled"))
    (date,) = calendar_dates(city.board("2024-05-11"))
    assert describe(date, city) == "work/1: 12 08:00 to 12 12:00, 1 (off)"
    assert (date.announced_at.start, date.changed_at.start) == (
        city.moment("2024-05-01 12:00"),
        city.moment("2024-05-10 12:00"),
    )


def test_work_that_is_canceled_at_the_last_moment_is_off_as_well(post: Post) -> None:
    assert dates(post(add_updates(WORK, "05-12 08:00 Cancelled")), "2024-05-13") == [
        "work/1: 12 08:00 to 12 12:00, 1 (off)"
    ]


def test_work_that_ends_with_the_update_that_moves_it_did_not_take_place(post: Post) -> None:
    moved = "05-14 12:00 Completed\nstarts: 2024-05-14 12:00\nends: 2024-05-14 15:00"
    city = post(add_updates(WORK, moved))
    assert city.board("2024-05-15").incident_by_id["post-1"].windows == ()
    assert dates(city, "2024-05-15") == ["work/1: 12 08:00 to 12 12:00, 1 (off)"]


def test_work_may_be_planned_again_after_it_was_canceled(post: Post) -> None:
    again = "05-11 12:00 Scheduled\nstarts: 2024-05-19 08:00\nends: 2024-05-19 12:00"
    assert dates(post(add_updates(WORK, "05-10 12:00 Cancelled", again)), "2024-05-12") == [
        "work/1: 19 08:00 to 19 12:00, 2"
    ]


def test_a_post_that_is_withdrawn_takes_back_even_what_is_past(post: Post) -> None:
    assert dates(post(add_updates(WORK, "05-14 12:00 Withdrawn")), "2024-05-15") == [
        "work/1: 12 08:00 to 12 12:00, 1 (off)"
    ]


def test_what_is_left_of_work_that_had_begun_is_a_date_of_its_own(post: Post) -> None:
    city = post(add_updates(WORK, "05-12 10:00 Update\nstarts: 2024-05-19 08:00\nends: 2024-05-19 12:00"))
    assert dates(city, "2024-05-13") == ["work/1: 12 08:00 to 12 10:00, 1", "work/2: 19 08:00 to 19 12:00, 0"]


def test_work_without_a_known_end_goes_on_until_somebody_last_said_so(post: Post) -> None:
    city = post(add_updates(WORK, "05-12 12:30 In progress", "05-12 15:00 Update", "05-12 16:00 Completed"))
    (date,) = calendar_dates(city.board("2024-05-12 14:00"))
    assert date.is_open_ended
    assert describe(date, city) == "work/1: 12 08:00 to 12 12:30, 1"
    assert dates(city, "2024-05-12 15:30") == ["work/1: 12 08:00 to 12 15:00, 2"]
    assert dates(city, "2024-05-13") == ["work/1: 12 08:00 to 12 16:00, 3"]


def test_it_tells_whom_the_work_concerns_and_what_they_can_do(post: Post) -> None:
    (date,) = calendar_dates(post(WORK).board("2024-05-02"))
    assert date.services == ("permits",)
    assert [advice.do and advice.do.words.in_language("en").text for advice in date.workarounds] == ["Come on Monday."]


# Work that repeats.


def test_repeated_work_is_told_a_while_ahead(post: Post) -> None:
    city = post(WEEKLY)
    assert dates(city, "2024-05-02")[:2] == ["work/1: 12 08:00 to 12 12:00, 0", "work/2: 19 08:00 to 19 12:00, 0"]
    assert len(dates(city, "2024-05-02")) == MAX_WINDOWS_AHEAD
    assert len(dates(city, "2024-05-12 09:00")) == MAX_WINDOWS_AHEAD + 1
    assert len(dates(city, "2025-12-01")) == MAX_WINDOWS_AHEAD + 53


def test_all_that_is_to_come_moves_together_and_what_was_done_stays(post: Post) -> None:
    city = post(add_updates(WEEKLY, "05-20 12:00 Update\nstarts: 2024-05-27 20:00\nends: 2024-05-27 22:00"))
    assert dates(city, "2024-05-21")[:4] == [
        "work/1: 12 08:00 to 12 12:00, 0",
        "work/2: 19 08:00 to 19 12:00, 0",
        "work/3: 27 20:00 to 27 22:00, 1",
        "work/4: 03 20:00 to 03 22:00, 1",
    ]


def test_what_comes_into_sight_later_keeps_its_number(post: Post) -> None:
    city = post(add_updates(WEEKLY, "05-20 12:00 Update\nstarts: 2024-05-27 20:00\nends: 2024-05-27 22:00"))
    before, after = calendar_dates(city.board("2024-05-20 11:00")), calendar_dates(city.board("2024-05-20 13:00"))
    assert [date.id for date in before] == [date.id for date in after]
    assert [date.revision for date in after] == [0, 0, *(1 for _ in range(MAX_WINDOWS_AHEAD))]


def test_what_came_into_sight_with_time_is_not_dated_by_an_update_about_something_else(post: Post) -> None:
    city = post(add_updates(WEEKLY, "05-20 12:00 Update"))
    before, after = calendar_dates(city.board("2024-05-20 11:00")), calendar_dates(city.board("2024-05-20 13:00"))
    assert before == after
    assert {date.announced_at.start for date in after} == {city.moment("2024-05-01 12:00")}


def test_when_a_series_is_canceled_all_that_was_told_ahead_is_off(post: Post) -> None:
    city = post(add_updates(WEEKLY, "05-20 12:00 Cancelled"))
    found = dates(city, "2024-05-21")
    assert found[1:3] == ["work/2: 19 08:00 to 19 12:00, 0", "work/3: 26 08:00 to 26 12:00, 1 (off)"]
    assert [date.endswith("(off)") for date in found] == [False, False, *(True for _ in range(MAX_WINDOWS_AHEAD))]


def test_a_series_with_an_end_tells_no_more_than_that(post: Post) -> None:
    city = post(WEEKLY.replace("FREQ=WEEKLY", "FREQ=WEEKLY;COUNT=3"))
    assert [date.split(",")[0] for date in dates(city, "2024-05-20")] == [
        "work/1: 12 08:00 to 12 12:00",
        "work/2: 19 08:00 to 19 12:00",
        "work/3: 26 08:00 to 26 12:00",
    ]


# Deadlines, waivers, promises.


def test_an_incident_s_dates(post: Post) -> None:
    assert dates(post(OUTAGE), "2024-05-01 13:00") == [
        "promise: 01 18:00, 0",
        "deadline/court: 20 09:00, 0",
        "waiver/fees: 31, 0",
    ]


def test_deadlines_and_waivers_move_with_their_ids(post: Post) -> None:
    moved = "05-03 12:00 Update\ndeadlines: [{id: court, on: 2024-05-22}]\nwaivers: [{id: fees, until: 2024-05-25}]"
    assert dates(post(add_updates(OUTAGE, moved)), "2024-05-04") == [
        "deadline/court: 22, 1",
        "waiver/fees: 25, 1",
    ]


def test_a_waiver_without_a_date_any_more_has_no_last_day(post: Post) -> None:
    city = post(add_updates(OUTAGE, "05-03 12:00 Update\nwaivers: [{id: fees, until: until payment works again}]"))
    assert "waiver/fees: 31, 1 (off)" in dates(city, "2024-05-04")


def test_a_waiver_outlives_its_incident(post: Post) -> None:
    assert "waiver/fees: 31, 0" in dates(post(add_updates(OUTAGE, "05-03 12:00 Resolved")), "2024-05-04")


def test_a_withdrawn_incident_has_no_dates_left(post: Post) -> None:
    assert dates(post(add_updates(OUTAGE, "05-01 16:00 Withdrawn")), "2024-05-04") == [
        "promise: 01 18:00, 1 (off)",
        "deadline/court: 20 09:00, 1 (off)",
        "waiver/fees: 31, 1 (off)",
    ]


def test_the_next_promise_takes_the_place_of_the_one_that_was_kept(post: Post) -> None:
    city = post(add_updates(OUTAGE, "05-01 17:30 Update\nnext_update: 2024-05-02 12:00"))
    assert dates(city, "2024-05-01 18:00")[0] == "promise: 02 12:00, 1"


def test_nobody_waits_for_a_promise_that_was_kept_early(post: Post) -> None:
    assert (
        dates(post(add_updates(OUTAGE, "05-01 17:30 Resolved")), "2024-05-01 17:45")[0] == "promise: 01 18:00, 1 (off)"
    )


def test_a_promise_stands_while_it_is_overdue_and_goes_when_it_is_kept(post: Post) -> None:
    city = post(add_updates(OUTAGE, "05-01 19:00 Update"))
    assert dates(city, "2024-05-01 18:30")[0] == "promise: 01 18:00, 0"
    assert not [date for date in dates(city, "2024-05-01 19:00") if "promise" in date]


def test_a_promise_after_a_while_without_one_is_newer_than_the_last(post: Post) -> None:
    city = post(add_updates(OUTAGE, "05-01 19:00 Update", "05-01 20:00 Update\nnext_update: 2024-05-02 12:00"))
    assert "promise: 02 12:00, 1" in dates(city, "2024-05-01 21:00")


def test_dates_stay_for_a_year(post: Post) -> None:
    city = post(WORK)
    assert dates(city, "2025-05-12")
    assert dates(city, "2025-05-14") == []


# What is true of every site, at every moment.


def make_repeat(case: Case) -> Case:
    """Return the case with short work that repeats; chance alone seldom makes any that ends before it repeats."""
    posts = []
    for post, rule in zip(case.site.incidents, cycle(RULES)):
        updates = (replace(told, ends=told.starts and shorten(told.starts)) for told in post.updates)
        posts.append(replace(post, repeats=rule, updates=tuple(updates)))
    return Case(replace(case.site, incidents=tuple(posts)), case.moment)


def shorten(starts: When) -> When:
    return starts if starts.is_whole_day else When.moment(starts.start + timedelta(hours=2))


def cases() -> st.SearchStrategy[Case]:
    return sites() | sites(kinds=(Kind.MAINTENANCE,)).map(make_repeat)


@given(cases())
def test_they_are_the_dates_that_the_board_has(case: Case) -> None:
    now = make_board(case.site, case.moment)
    for standing in now.incidents:
        mine = [date for date in calendar_dates(now) if date.incident == standing.id and not date.cancelled]
        if standing.state.value == "withdrawn":
            assert mine == []
            continue
        assert {date.start for date in mine if date.kind is DateKind.DEADLINE} == {
            deadline.deadline.on for deadline in standing.deadlines if deadline.deadline.on
        }
        assert {date.start for date in mine if date.kind is DateKind.WAIVER} == {
            waiver.waiver.until for waiver in standing.waivers if waiver.waiver.until
        }
        promises = [date.start for date in mine if date.kind is DateKind.PROMISE]
        assert promises == ([standing.promise.due] if standing.promise else [])
        windows = {
            (date.start, None if date.is_open_ended else date.end) for date in mine if date.kind is DateKind.WORK
        }
        told = {(window.start, window.end) for window in standing.windows}
        assert windows >= {window for window in told if window[0].start > case.moment - LOOKBACK_PERIOD}
        assert all(standing.incident.repeats and start.start > case.moment for start, _ in windows - told)


@given(cases(), st.integers(0, 40 * 24))
def test_a_reader_of_an_earlier_edition_can_tell_what_has_changed(case: Case, hours: int) -> None:
    earlier = make_board(case.site, case.moment)
    later = make_board(case.site, case.moment + timedelta(hours=hours))
    read = {date.id: date for date in calendar_dates(earlier)}
    assert len(read) == len(calendar_dates(earlier))
    for date in calendar_dates(later):
        assert date.announced_at.start <= date.changed_at.start <= later.moment
        if (old := read.pop(date.id, None)) and date != old:
            same = (date.start, date.end, date.cancelled) == (old.start, old.end, old.cancelled)
            assert date.revision >= old.revision if same else date.revision > old.revision
            assert date.announced_at == old.announced_at
            assert date.changed_at.start >= old.changed_at.start
    gone = [date for date in read.values() if date.start.start > later.moment and not date.cancelled]
    assert all(date.kind is DateKind.PROMISE for date in gone), "what is off says so"
