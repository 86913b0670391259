"""Planned work begins and ends by the clock unless an update says otherwise, and is no problem before it starts."""

from collections.abc import Callable
from datetime import datetime

import pytest

from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.whole_board import Board
from tests.support.sample_sites import City, make_city

Work = Callable[..., City]

SERVICES = """\
  - {id: permits, name: Permits}
  - {id: records, name: Records}
"""


@pytest.fixture
def work(tmp_path_factory: pytest.TempPathFactory) -> Work:
    """Make a city with work on the permits, announced on 1 May 2024; an update is its heading and its keys."""

    def make_work(front: str, *updates: str) -> City:
        head = f"---\ntitle: New computers\nkind: maintenance\nposted: 2024-05-01 12:00\n{front}\n---\nText.\n"
        later = "".join(f"\n## 2024-{update}\n\nText.\n" for update in updates)
        return make_city(tmp_path_factory.mktemp("town"), SERVICES, head + later)

    return make_work


MORNING = "services: [permits]\nstarts: 2024-05-12 08:00\nends: 2024-05-12 12:00"


def statuses(city: City, *moments: str, service: str = "permits") -> list[str]:
    return [city.board(moment).service_by_id[service].status.value for moment in moments]


def the_work(now: Board) -> IncidentStatus:
    return now.incident_by_id["post-1"]


def windows(city: City, at: str) -> list[str]:
    """Return its windows: from when to when it took place, takes place and will take place next."""

    def local(time: datetime | None) -> str:
        return f"{time.astimezone(city.site.zone):%d %H:%M}" if time else "?"

    found = the_work(city.board(at)).windows
    return [f"{local(window.start.start)} to {local(window.end.end if window.end else None)}" for window in found]


def test_it_begins_and_ends_by_the_clock(work: Work) -> None:
    city = work(MORNING)
    assert statuses(city, "2024-05-12 07:59", "2024-05-12 08:00", "2024-05-12 11:59", "2024-05-12 12:00") == [
        "not_said",
        "maintenance",
        "maintenance",
        "not_said",
    ]
    states = [the_work(city.board(f"2024-05-12 {hour}")).state.value for hour in ("07:59", "08:00", "12:00")]
    assert states == ["scheduled", "in_progress", "completed"]


def test_it_is_no_problem_and_its_end_no_news(work: Work) -> None:
    city = work(MORNING)
    during, after = city.board("2024-05-12 09:00"), city.board("2024-05-12 13:00")
    assert (len(during.headline.broken), during.headline.maintenance_count) == (0, 1)
    assert during.service_by_id["permits"].day is None
    assert after.service_by_id["permits"].restored_at is None


def test_that_it_has_begun_is_news_of_the_day_it_begins(work: Work) -> None:
    city = work(MORNING)
    assert city.board("2024-05-01").recent_changes == ()
    (change,) = city.board("2024-05-12 09:00").recent_changes
    assert change.published_at.start == city.moment("2024-05-12 08:00")
    assert change.source is None


def test_planned_work_is_never_called_unchecked(work: Work) -> None:
    city = work("services: {permits: down}\nstarts: 2024-05-12 08:00\nends: 2024-05-30 12:00")
    assert statuses(city, "2024-05-28") == ["down"]
    assert not city.board("2024-05-28").service_by_id["permits"].stale


def test_nor_is_it_where_somebody_checked_the_service_long_ago(work: Work) -> None:
    city = work("services: {permits: down}\nstarts: 2024-05-12 08:00\nends: 2024-05-30 12:00")
    checked = "---\ntitle: All is well\nstarted: 2024-05-01 08:00\nservices: {permits: working}\n---\n"
    (city.folder / "incidents" / "checked.md").write_text(checked, encoding="utf-8")
    assert not city.board("2024-05-28").service_by_id["permits"].stale


def test_whole_days_last_through_the_last_one(work: Work) -> None:
    city = work("services: [permits]\nstarts: 2024-05-12\nends: 2024-05-12")
    assert statuses(city, "2024-05-11 23:59", "2024-05-12 00:00", "2024-05-12 23:59", "2024-05-13 00:00") == [
        "not_said",
        "maintenance",
        "maintenance",
        "not_said",
    ]
    closed = city.board("2024-05-20").service_by_id["permits"].timeline[1]
    assert closed.since
    assert closed.until
    assert closed.since.when.is_whole_day
    assert city.site.local_day(closed.until.start).day == 13


def test_it_may_be_moved_before_it_begins(work: Work) -> None:
    city = work(MORNING, "05-10 12:00 Update\nstarts: 2024-05-19 08:00\nends: 2024-05-19 12:00")
    assert statuses(city, "2024-05-12 09:00", "2024-05-19 09:00") == ["not_said", "maintenance"]
    assert windows(city, "2024-05-09") == ["12 08:00 to 12 12:00"]
    assert windows(city, "2024-05-11") == ["19 08:00 to 19 12:00"]


def test_what_was_done_before_it_was_moved_stays_done(work: Work) -> None:
    moved = "05-12 10:00 Update\nstarts: 2024-05-19 08:00\nends: 2024-05-19 12:00"
    city = work(MORNING, "05-12 08:30 In progress", moved)
    assert statuses(city, "2024-05-12 09:00", "2024-05-12 10:00", "2024-05-19 09:00") == [
        "maintenance",
        "not_said",
        "maintenance",
    ]
    assert windows(city, "2024-05-20") == ["12 08:00 to 12 10:00", "19 08:00 to 19 12:00"]


def test_it_may_take_longer(work: Work) -> None:
    city = work(MORNING, "05-12 11:00 Update\nends: 2024-05-12 15:00")
    assert statuses(city, "2024-05-12 12:00", "2024-05-12 15:00") == ["maintenance", "not_said"]


def test_it_goes_on_where_somebody_says_so_after_its_time(work: Work) -> None:
    city = work(MORNING, "05-12 12:30 In progress", "05-12 16:00 Completed")
    assert statuses(city, "2024-05-12 12:29", "2024-05-12 12:30", "2024-05-12 15:59", "2024-05-12 16:00") == [
        "not_said",
        "maintenance",
        "maintenance",
        "not_said",
    ]
    assert windows(city, "2024-05-12 13:00") == ["12 08:00 to ?"]


def test_it_may_begin_and_end_early(work: Work) -> None:
    city = work(MORNING, "05-12 07:00 In progress", "05-12 09:00 Completed")
    assert statuses(city, "2024-05-12 06:59", "2024-05-12 07:00", "2024-05-12 09:00", "2024-05-12 10:00") == [
        "not_said",
        "maintenance",
        "not_said",
        "not_said",
    ]


def test_work_that_is_completed_on_a_day_is_over_when_that_day_begins(work: Work) -> None:
    city = work("services: [permits]\nstarts: 2024-05-11 08:00\nends: 2024-05-13 12:00", "05-12 Completed")
    assert statuses(city, "2024-05-11 23:59", "2024-05-12 00:00") == ["maintenance", "not_said"]
    assert city.board("2024-05-12 12:00").planned_work == ()


def test_canceled_work_never_takes_place(work: Work) -> None:
    city = work(MORNING, "05-10 12:00 Cancelled")
    assert statuses(city, "2024-05-12 09:00") == ["not_said"]
    now = city.board("2024-05-10 12:00")
    assert now.planned_work == ()
    assert the_work(now).state.value == "cancelled"


def test_canceled_work_may_be_planned_again(work: Work) -> None:
    again = "05-11 12:00 Scheduled\nstarts: 2024-05-26 08:00\nends: 2024-05-26 12:00"
    city = work(MORNING, "05-10 12:00 Cancelled", again)
    assert statuses(city, "2024-05-12 09:00", "2024-05-26 09:00") == ["not_said", "maintenance"]
    assert [standing.id for standing in city.board("2024-05-11 12:00").planned_work] == ["post-1"]


def test_one_of_its_services_may_be_back_before_the_others(work: Work) -> None:
    front = "services: [permits, records]\nstarts: 2024-05-12 08:00\nends: 2024-05-12 12:00"
    city = work(front, "05-12 10:00 Update\nservices: {permits: working}")
    assert statuses(city, "2024-05-12 11:00") == ["working"]
    assert statuses(city, "2024-05-12 11:00", service="records") == ["maintenance"]
    intervals = [interval.status.value for interval in city.board("2024-05-13").service_by_id["permits"].timeline]
    assert intervals == ["not_said", "maintenance", "working"]


EVERY_SUNDAY = "repeats: FREQ=WEEKLY;BYDAY=SU\nservices: [permits]\nstarts: 2024-05-05 01:00\nends: 2024-05-05 04:00"


def test_repeated_work_comes_back(work: Work) -> None:
    city = work(EVERY_SUNDAY)
    assert statuses(city, "2024-05-05 02:00", "2024-05-06 02:00", "2024-05-12 02:00", "2024-11-24 02:00") == [
        "maintenance",
        "not_said",
        "maintenance",
        "maintenance",
    ]
    assert windows(city, "2024-05-12 02:00") == ["05 01:00 to 05 04:00", "12 01:00 to 12 04:00"]
    assert the_work(city.board("2024-05-06")).phase.value == "planned"


def test_repeated_work_keeps_to_the_clock_on_the_wall_when_clocks_change(work: Work) -> None:
    front = "repeats: FREQ=DAILY\nservices: [permits]\nstarts: 2024-05-05 00:30\nends: 2024-05-05 04:00"
    city = work(front)
    # On 3 November the clocks go back at 2, so that night's work takes an hour more.
    assert statuses(city, "2024-11-03 00:29", "2024-11-03 00:30", "2024-11-03 03:59", "2024-11-03 04:00") == [
        "not_said",
        "maintenance",
        "maintenance",
        "not_said",
    ]


def test_repeated_work_that_moves_leaves_the_past_as_it_was(work: Work) -> None:
    city = work(EVERY_SUNDAY, "05-14 12:00 Update\nstarts: 2024-05-19 02:00\nends: 2024-05-19 03:00")
    assert windows(city, "2024-05-27") == [
        "05 01:00 to 05 04:00",
        "12 01:00 to 12 04:00",
        "19 02:00 to 19 03:00",
        "26 02:00 to 26 03:00",
        "02 02:00 to 02 03:00",
    ]


def test_repeated_work_that_moves_while_it_is_under_way_is_over_when_it_begins_again(work: Work) -> None:
    city = work(EVERY_SUNDAY, "05-12 02:00 Update\nstarts: 2024-05-12 03:00\nends: 2024-05-12 06:00")
    assert windows(city, "2024-05-12 07:00") == [
        "05 01:00 to 05 04:00",
        "12 01:00 to 12 03:00",
        "12 03:00 to 12 06:00",
        "19 03:00 to 19 06:00",
    ]
    assert statuses(city, "2024-05-12 03:30", "2024-05-12 06:00") == ["maintenance", "not_said"]


def test_a_moved_window_is_one_of_those_that_were_counted(work: Work) -> None:
    four = EVERY_SUNDAY.replace("BYDAY=SU", "COUNT=4")
    moved = "05-10 12:00 Update\nstarts: 2024-05-13 01:00\nends: 2024-05-13 04:00"
    on_mondays = [f"{day} 01:00 to {day} 04:00" for day in ("05", "13", "20", "27")]
    assert windows(work(four, moved), "2024-12-01") == on_mondays
    later = "05-21 12:00 Update\nends: 2024-05-13 05:00"
    assert windows(work(four, moved, later), "2024-12-01") == [*on_mondays[:3], "27 01:00 to 27 05:00"]


def test_counted_work_that_is_planned_again_after_its_end_is_counted_again(work: Work) -> None:
    twice = EVERY_SUNDAY.replace("BYDAY=SU", "COUNT=2")
    again = "06-01 12:00 Update\nstarts: 2024-06-02 01:00\nends: 2024-06-02 04:00"
    found = windows(work(twice, "05-13 12:00 Completed", again), "2024-12-01")
    assert [window[:2] for window in found] == ["05", "12", "02", "09"]


def test_repeated_work_ends_when_somebody_ends_it(work: Work) -> None:
    city = work(EVERY_SUNDAY, "05-12 02:00 Completed")
    assert statuses(city, "2024-05-12 01:59", "2024-05-12 02:00", "2024-05-19 02:00") == [
        "maintenance",
        "not_said",
        "not_said",
    ]
    assert city.board("2024-05-13").planned_work == ()


def test_work_at_an_hour_that_the_clocks_skip_keeps_its_length(work: Work) -> None:
    city = work("repeats: FREQ=DAILY\nservices: [permits]\nstarts: 2024-05-05 02:30\nends: 2024-05-05 03:15")
    assert windows(city, "2025-03-09 12:00")[-2:] == ["09 03:30 to 09 04:15", "10 02:30 to 10 03:15"]


def test_the_last_of_the_repeated_works_is_remembered_for_ever(work: Work) -> None:
    city = work(EVERY_SUNDAY.replace("BYDAY=SU", "BYDAY=SU;COUNT=2"))
    assert windows(city, "2026-01-01") == ["12 01:00 to 12 04:00"]
    assert the_work(city.board("2026-01-01")).state.value == "completed"


def test_repeated_work_is_remembered_for_a_year(work: Work) -> None:
    remembered = windows(work(EVERY_SUNDAY), "2026-05-04")
    assert len(remembered) == 54
    assert remembered[0] == "04 01:00 to 04 04:00"
