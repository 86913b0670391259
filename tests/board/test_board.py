"""The Board, rule by rule: what a few lines in a post mean for a resident."""

from collections.abc import Callable

import pytest

from statusgen.board.model.spans import Phase
from statusgen.board.model.whole_board import Board
from statusgen.model.statuses import Status
from statusgen.wording.phrasing import Phrasing
from tests.support.sample_sites import City, make_city

Town = Callable[..., City]

SERVICES = """\
  - {id: trash, name: Trash pickup, essential: true}
  - id: water-bill
    name: Pay a water bill
    channels:
      - {id: online, kind: online}
      - {id: phone, kind: phone}
      - {id: autopay, kind: automatic}
"""


@pytest.fixture
def springfield(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return lambda *posts: make_city(tmp_path_factory.mktemp("town"), SERVICES, *posts)


def post(front: str, *updates: str) -> str:
    """Return a post about an incident that began on 6 May 2024 at 8; an update is its heading and its keys."""
    head = f"---\ntitle: Something is wrong\nstarted: 2024-05-06 08:00\n{front}\n---\nText.\n"
    return head + "".join(f"\n## 2024-{update}\n\nText.\n" for update in updates)


def status(now: Board, service: str) -> str:
    return now.service_by_id[service].status.value


def channel_statuses(now: Board) -> dict[str, str]:
    return {way.channel.id: way.status.value for way in now.service_by_id["water-bill"].channels}


def advice(now: Board, service: str) -> list[str]:
    return [str(said.do.words.in_language("en")) for said in now.service_by_id[service].workarounds if said.do]


# A service and the ways to use it.


@pytest.mark.parametrize(
    ("said", "comes_to"),
    [
        ("water-bill: down", "down"),
        ("water-bill: maintenance", "maintenance"),
        ("water-bill/online: down", "partly_down"),
        ("water-bill/online: down, water-bill/phone: working", "limited"),
        ("water-bill/online: maintenance", "maintenance"),
        ("water-bill/online: working", "not_said"),
        ("water-bill/online: working, water-bill/phone: working, water-bill/autopay: working", "working"),
        ("water-bill: degraded, water-bill/online: down", "degraded"),
        ("water-bill/online: degraded", "degraded"),
        ("water-bill/online: degraded, water-bill/phone: differently", "degraded"),
        ("water-bill/online: unknown, water-bill/phone: catching_up", "unknown"),
        ("water-bill/online: down, water-bill/phone: down, water-bill/autopay: maintenance", "down"),
        ("water-bill/online: down, water-bill/phone: down, water-bill/autopay: unknown", "partly_down"),
    ],
)
def test_a_service_stands_as_its_channels_do(springfield: Town, said: str, comes_to: str) -> None:
    assert status(springfield(post(f"services: {{{said}}}")).board("2024-05-06"), "water-bill") == comes_to


def test_a_word_on_the_whole_service_holds_but_for_the_channels_that_are_named(springfield: Town) -> None:
    now = springfield(post("services: {water-bill: down, water-bill/phone: working}")).board("2024-05-06")
    assert channel_statuses(now) == {"online": "down", "phone": "working", "autopay": "down"}


def test_a_later_word_on_the_whole_service_is_about_all_of_its_channels(springfield: Town) -> None:
    first = "services: {water-bill/online: {status: down, do: Call us.}}"
    city = springfield(post(first, "05-07 08:00 Update\nservices: {water-bill: {status: down, do: Wait.}}"))
    assert advice(city.board("2024-05-06"), "water-bill") == ["Call us."]
    assert advice(city.board("2024-05-07"), "water-bill") == ["Wait.", "Call us."]
    assert set(channel_statuses(city.board("2024-05-07")).values()) == {"down"}


def test_an_update_changes_only_the_keys_that_it_names(springfield: Town) -> None:
    first = "services: {trash: {status: down, do: Keep your trash., where: The yard}}"
    first = first.replace("down", "limited")
    city = springfield(post(first, "05-07 08:00 Update\nservices: {trash: down}"))
    assert advice(city.board("2024-05-07"), "trash") == ["Keep your trash."]
    assert status(city.board("2024-05-07"), "trash") == "down"


def test_a_channel_that_works_again_keeps_no_advice(springfield: Town) -> None:
    first = "services: {water-bill/online: {status: down, do: Call us.}, water-bill/phone: {status: down, do: Wait.}}"
    city = springfield(post(first, "05-07 08:00 Update\nservices: {water-bill/online: working}"))
    assert advice(city.board("2024-05-07"), "water-bill") == ["Wait."]


def test_what_is_known_holds_until_something_else_is_said_of_it(springfield: Town) -> None:
    front = "services: {trash: down}\nknown: [It is the engine]\nnot_known: [When it is back]"
    city = springfield(post(front, "05-07 08:00 Update\nnot_known: [Who pays]"))
    (standing,) = city.board("2024-05-07").open_incidents
    assert [str(words.in_language("en")) for words in standing.known] == ["It is the engine"]
    assert [str(words.in_language("en")) for words in standing.not_known] == ["Who pays"]


def test_what_works_again_keeps_neither_advice_nor_estimate(springfield: Town) -> None:
    first = "services: {trash: {status: down, do: Keep your trash.}}\nexpected: 2024-06-01"
    back, again = "05-07 08:00 Update\nservices: {trash: working}", "05-08 08:00 Update\nservices: {trash: down}"
    city = springfield(post(first, back, again))
    assert city.board("2024-05-06").service_by_id["trash"].estimate
    for at in ("2024-05-07", "2024-05-08"):
        assert advice(city.board(at), "trash") == []
        assert city.board(at).service_by_id["trash"].estimates == ()


def test_an_estimate_that_has_passed_is_late(springfield: Town) -> None:
    city = springfield(post("services: {trash: down}\nexpected: {by: 2024-05-06 12:00}"))
    before, after = city.board("2024-05-06 11:59"), city.board("2024-05-06 12:00")
    assert before.next_change == after.moment
    assert (before.service_by_id["trash"].is_estimate_late, after.service_by_id["trash"].is_estimate_late) == (
        False,
        True,
    )
    speech = Phrasing(after.site, "en", plain=True)
    said = [speech.service_summary(now.service_by_id["trash"]) for now in (before, after)]
    assert said[0].endswith("Expected back by May 6, 2024, noon CDT.")
    assert said[1].endswith("It was expected back by May 6, 2024, noon CDT. That time has passed.")


def test_what_fails_later_was_not_meant_by_an_estimate_for_all(springfield: Town) -> None:
    later = "05-07 08:00 Update\nservices: {water-bill: down}"
    again = "05-08 08:00 Update\nexpected: 2024-07-01"
    city = springfield(post("services: {trash: down}\nexpected: 2024-06-01", later, again))
    estimates = {day: city.board(f"2024-05-{day} 12:00").service_by_id["water-bill"].estimates for day in ("07", "08")}
    assert [len(estimates[day]) for day in ("07", "08")] == [0, 0]
    services = city.board("2024-05-08 12:00").service_by_id
    assert len(services["trash"].estimates) == 1
    for id in ("trash", "water-bill"):
        outage = services[id].outage_estimate
        assert outage
        assert outage.estimate.by
        assert outage.estimate.by.start.month == 7


def test_an_estimate_for_one_service_counts_more_than_one_for_all(springfield: Town) -> None:
    front = "services: {trash: {status: down, expected: 2024-05-20}, water-bill: down}\nexpected: 2024-06-01"
    now = springfield(post(front)).board("2024-05-06")
    estimates = {id: standing.estimate.estimate.by for id, standing in now.service_by_id.items() if standing.estimate}
    dates = {id: now.site.local_day(by.start).isoformat() for id, by in estimates.items() if by}
    assert dates == {"trash": "2024-05-20"}


def test_earlier_estimates_stay_on_record_and_a_repeated_one_counts_once(springfield: Town) -> None:
    later = [f"05-{day} 08:00 Update\nexpected: {date}" for day, date in (("07", "2024-06-01"), ("08", "2024-07-01"))]
    now = springfield(post("services: {trash: down}\nexpected: 2024-06-01", *later)).board("2024-05-08")
    said = [now.site.local_day(estimate.published_at.start).day for estimate in now.service_by_id["trash"].estimates]
    assert said == [7, 8]


def test_of_two_posts_the_worse_word_counts_until_both_are_over(springfield: Town) -> None:
    city = springfield(
        post("services: {trash: limited}", "05-09 08:00 Resolved"),
        post("services: {trash: down}", "05-08 08:00 Resolved"),
    )
    assert [status(city.board(f"2024-05-0{day} 12:00"), "trash") for day in (6, 8, 9)] == ["down", "limited", "working"]


@pytest.mark.parametrize(("first", "second", "source"), [("limited", "down", "post-2"), ("down", "limited", "post-1")])
def test_of_two_words_at_one_moment_the_one_that_makes_the_difference_is_named(
    springfield: Town, first: str, second: str, source: str
) -> None:
    ends = post(f"services: {{trash: {first}}}", "05-08 12:00 Resolved")
    begins = post(f"services: {{trash: {second}}}").replace("2024-05-06 08:00", "2024-05-08 12:00")
    (change,) = springfield(ends, begins).board("2024-05-08").recent_changes
    assert (change.before.value, change.after.value) == (first, second)
    assert change.source
    assert change.source.incident == source


def test_a_word_that_shuts_a_channel_is_named_and_not_the_one_that_opens_another(springfield: Town) -> None:
    ends = post("services: {water-bill/phone: unknown}", "05-08 12:00 Resolved")
    begins = post("services: {water-bill/online: down}").replace("2024-05-06 08:00", "2024-05-08 12:00")
    timeline = springfield(ends, begins).board("2024-05-08").service_by_id["water-bill"].timeline
    assert [interval.status.value for interval in timeline] == ["not_said", "unknown", "partly_down"]
    assert timeline[-1].opened_by
    assert timeline[-1].opened_by.incident == "post-2"


# When it began, and what is not known about that.


def test_days_are_counted_from_the_day_it_began(springfield: Town) -> None:
    city = springfield(post("services: {trash: limited}", "05-08 12:00 Update\nservices: {trash: down}"))
    assert city.board("2024-05-06").service_by_id["trash"].day == 1
    assert city.board("2024-05-08").service_by_id["trash"].day == 3


def test_days_are_not_counted_where_nobody_knows_when_it_began(springfield: Town) -> None:
    city = springfield(post("services: {trash: {status: down, started_before: 2024-05-05}}"))
    trash = city.board("2024-05-07").service_by_id["trash"]
    assert trash.day is None
    assert trash.since
    assert trash.since.is_before


def test_a_later_word_may_say_that_it_began_earlier(springfield: Town) -> None:
    later = "05-08 12:00 Correction\ncorrects: 2024-05-06 08:00\nright: It began on Saturday.\n"
    later += "services: {trash: {status: down, started_before: 2024-05-04}}"
    trash = springfield(post("services: {trash: down}", later)).board("2024-05-08").service_by_id["trash"]
    assert trash.since
    assert trash.since.is_before
    assert trash.since.when.start.day == 4
    assert [interval.status for interval in trash.timeline] == [Status.NOT_SAID, Status.DOWN]


@pytest.mark.parametrize("said", ["since: 2024-05-07 10:00", "started_before: 2024-05-07 10:00"])
def test_another_status_began_when_its_update_says_so(springfield: Town, said: str) -> None:
    later = f"05-08 12:00 Update\nservices: {{trash: {{status: limited, {said}}}}}"
    trash = springfield(post("services: {trash: down}", later)).board("2024-05-08").service_by_id["trash"]
    assert trash.since
    assert trash.since.when.start.hour == 15  # in Chicago, 10 in the morning
    assert [interval.status for interval in trash.timeline] == [Status.NOT_SAID, Status.DOWN, Status.LIMITED]
    assert trash.timeline[1].until == trash.since.when
    assert trash.timeline[2].since == trash.since


def test_what_was_said_of_the_time_between_stays_in_the_history(springfield: Town) -> None:
    later = (
        "05-07 08:00 Update\nservices: {trash: down}",
        "05-08 12:00 Update\nservices: {trash: {status: limited, since: 2024-05-06}}",
    )
    trash = springfield(post("services: {trash: down}", *later)).board("2024-05-08").service_by_id["trash"]
    assert trash.since
    assert trash.since.when.is_whole_day
    assert trash.since.when.start.day == 6
    assert Status.DOWN in [interval.status for interval in trash.timeline]


def test_a_corrected_status_began_when_the_correction_says_so(springfield: Town) -> None:
    correction = "05-08 12:00 Correction\ncorrects: 2024-05-06 08:00\nright: It works in parts.\n"
    correction += "services: {trash: {status: limited, since: 2024-05-04 09:00}}"
    trash = springfield(post("services: {trash: down}", correction)).board("2024-05-08").service_by_id["trash"]
    assert trash.since
    assert trash.since.when.start.day == 4
    assert not trash.since.is_report
    assert [interval.status for interval in trash.timeline] == [Status.NOT_SAID, Status.LIMITED]


def test_a_post_may_tell_today_of_what_began_yesterday(springfield: Town) -> None:
    city = springfield(post("posted: 2024-05-07 08:00\nservices: {trash: down}"))
    assert city.board("2024-05-06").incidents == ()
    assert status(city.board("2024-05-06"), "trash") == "not_said"
    trash = city.board("2024-05-07").service_by_id["trash"]
    assert trash.day is None
    assert trash.since
    assert trash.since.is_report


# Temporary channels.

TENT = "{id: tent, kind: in_person, from: 2024-05-08, until: 2024-05-10}"


def test_a_temporary_channel_is_open_in_its_time_and_through_its_last_day(springfield: Town) -> None:
    city = springfield(post(f"services: {{water-bill: {{status: down, channels: [{TENT}]}}}}"))
    opened = [("tent" in channel_statuses(city.board(f"2024-05-{day}"))) for day in ("07", "08", "10", "11")]
    assert opened == [False, True, True, False]
    assert [status(city.board(f"2024-05-{day}"), "water-bill") for day in ("07", "08", "11")] == [
        "down",
        "limited",
        "down",
    ]


def test_a_temporary_channel_is_there_no_longer_once_all_works_again(springfield: Town) -> None:
    front = f"services: {{water-bill: {{status: down, channels: [{TENT}]}}}}"
    still_down = "05-09 08:00 Update\nservices: {water-bill: down}"
    city = springfield(post(front, still_down, "05-09 12:00 Update\nservices: {water-bill: working}"))
    assert "tent" in channel_statuses(city.board("2024-05-09 11:00"))
    assert "tent" not in channel_statuses(city.board("2024-05-09 12:00"))


def test_a_channel_that_comes_with_the_repair_stays(springfield: Town) -> None:
    repair = f"05-08 08:00 Update\nservices: {{water-bill: {{status: working, channels: [{TENT}]}}}}"
    city = springfield(post("services: {water-bill: down, trash: down}", repair))
    assert "tent" in channel_statuses(city.board("2024-05-09"))


def test_a_service_that_never_failed_may_have_another_way_for_a_while(springfield: Town) -> None:
    front = f"services: {{water-bill: {{status: working, channels: [{TENT}]}}, trash: down}}"
    city = springfield(post(front, "05-09 12:00 Resolved"))
    assert "tent" in channel_statuses(city.board("2024-05-08"))
    assert status(city.board("2024-05-08"), "water-bill") == "working"
    assert "tent" not in channel_statuses(city.board("2024-05-09"))


def test_a_temporary_channel_may_be_moved_to_a_later_time(springfield: Town) -> None:
    front = "services: {water-bill: {status: down, channels: [{id: tent, kind: in_person, hours: 8 to 9}]}}"
    moved = "05-08 08:00 Update\nservices: {water-bill: {channels: [{id: tent, kind: in_person, from: 2024-05-10}]}}"
    city = springfield(post(front, moved))
    for at in ("2024-05-07", "2024-05-09", "2024-05-10"):
        (tent,) = (way for way in city.board(at).service_by_id["water-bill"].channels if way.channel.id == "tent")
        assert str(tent.channel.hours and tent.channel.hours.in_language("en")) == "8 to 9"
    assert len(city.board("2024-05-10").service_by_id["water-bill"].timeline) == 2


# Promises.


def test_a_promise_is_overdue_once_its_time_has_passed(springfield: Town) -> None:
    city = springfield(post("services: {trash: down}\nnext_update: 2024-05-06 16:00"))
    before, after = (city.board(f"2024-05-06 {hour}").headline.promise for hour in ("15:59", "16:00"))
    assert before
    assert after
    assert (before.overdue, after.overdue) == (False, True)


def test_a_promise_for_a_day_is_overdue_when_the_day_is_over(springfield: Town) -> None:
    city = springfield(post("services: {trash: down}\nnext_update: 2024-05-07"))
    promises = [city.board(at).service_by_id["trash"].promise for at in ("2024-05-07 23:59", "2024-05-08 00:00")]
    assert [promise and promise.overdue for promise in promises] == [False, True]


def test_an_update_keeps_a_promise_and_a_correction_does_not(springfield: Town) -> None:
    correction = "05-06 09:00 Correction\ncorrects: 2024-05-06 08:00\nright: So it is."
    city = springfield(post("services: {trash: down}\nnext_update: 2024-05-06 16:00", correction, "05-06 10:00 Update"))
    assert city.board("2024-05-06 09:30").headline.promise
    assert city.board("2024-05-06 10:00").headline.promise
    late = springfield(post("services: {trash: down}\nnext_update: 2024-05-06 16:00", "05-06 17:00 Update\nknown: [A]"))
    assert late.board("2024-05-06 17:00").headline.promise is None
    (view, _) = late.board("2024-05-06 17:00").updates
    assert view.late_for


# Waivers and deadlines.


def waivers(now: Board) -> dict[str, Phase]:
    return {standing.waiver.id: standing.phase for standing in now.waivers}


def test_a_waiver_holds_after_its_incident_until_somebody_gives_it_an_end(springfield: Town) -> None:
    front = "services: {water-bill: down}\n"
    front += "waivers: [{id: fees, what: No fees, services: [water-bill], until: all is well}]"
    end = "05-09 12:00 Update\nwaivers: [{id: fees, until: 2024-05-31}]"
    city = springfield(post(front, "05-07 12:00 Resolved", end))
    assert waivers(city.board("2024-05-08")) == {"fees": Phase.OPEN}
    assert waivers(city.board("2024-05-31 23:59")) == {"fees": Phase.OPEN}
    assert waivers(city.board("2024-06-01 00:00")) == {}
    assert city.board("2024-05-20").service_by_id["water-bill"].waivers[0].waiver.id == "fees"


def test_a_waiver_begins_on_the_day_it_is_announced_or_on_the_day_it_names(springfield: Town) -> None:
    front = "services: {trash: down}\nwaivers: [{id: now, what: A}, {id: later, what: B, from: 2024-05-10}]"
    city = springfield(post(front))
    assert waivers(city.board("2024-05-06")) == {"now": Phase.OPEN, "later": Phase.PLANNED}
    assert waivers(city.board("2024-05-10")) == {"now": Phase.OPEN, "later": Phase.OPEN}
    (now,) = (standing.waiver for standing in city.board("2024-05-06").waivers if standing.waiver.id == "now")
    assert now.begins
    assert now.begins.is_whole_day


def test_a_deadline_that_moves_keeps_its_words(springfield: Town) -> None:
    front = "services: {trash: down}\ndeadlines: [{id: court, on: 2024-05-10, what: Court is closed}]"
    city = springfield(post(front, "05-08 08:00 Update\ndeadlines: [{id: court, on: 2024-05-20}]"))
    (action,) = city.board("2024-05-08").upcoming_dates
    assert (city.site.local_day(action.on.start).day, str(action.what.in_language("en"))) == (20, "Court is closed")
    assert len(city.board("2024-05-20").deadlines) == 1
    assert city.board("2024-05-21").deadlines == ()


def test_a_date_is_one_to_act_on_from_two_weeks_before(springfield: Town) -> None:
    front = "services: {trash: down}\ndeadlines: [{id: court, on: 2024-05-30, what: Court is closed}]\n"
    front += "waivers: [{id: fees, what: No fees, from: 2024-05-10, until: 2024-05-12}]"
    city = springfield(post(front))
    ends = [
        [action.is_waiver_end for action in city.board(f"2024-05-{day}").upcoming_dates]
        for day in ("09", "10", "15", "16")
    ]
    assert ends == [[], [True], [], [False]]


def test_a_waiver_keeps_its_end_until_another_is_given(springfield: Town) -> None:
    front = "services: {trash: down}\nwaivers: [{id: fees, what: No fees, until: 2024-05-12}]"
    city = springfield(post(front, "05-07 08:00 Update\nwaivers: [{id: fees, what: No fees at all}]"))
    assert waivers(city.board("2024-05-12")) == {"fees": Phase.OPEN}
    assert waivers(city.board("2024-05-13")) == {}


def test_what_is_withdrawn_promises_nothing_any_longer(springfield: Town) -> None:
    front = "services: {trash: down}\nwaivers: [{id: fees, what: No fees}]\n"
    front += "deadlines: [{id: court, on: 2024-05-20, what: Court is closed}]"
    now = springfield(post(front, "05-07 12:00 Withdrawn")).board("2024-05-07")
    assert status(now, "trash") == "not_said"
    assert now.waivers == ()
    assert now.deadlines == ()


# Silence, and good news.


def test_a_problem_that_nobody_speaks_of_for_a_week_is_stale_until_somebody_names_it(springfield: Town) -> None:
    named = "05-15 08:00 Update\nservices: {trash: {do: Keep your trash.}}"
    city = springfield(post("services: {trash: down, water-bill: down}", named))
    assert not city.board("2024-05-13 07:59").service_by_id["trash"].stale
    assert city.board("2024-05-13 08:00").service_by_id["trash"].stale
    assert not city.board("2024-05-15 08:00").service_by_id["trash"].stale
    assert city.board("2024-05-15 08:00").service_by_id["water-bill"].stale


def test_the_page_changes_when_a_problem_becomes_stale(springfield: Town) -> None:
    city = springfield(post("services: {trash: down}"))
    assert city.board("2024-05-13 07:00").next_change == city.moment("2024-05-13 08:00")


def test_good_news_is_news_for_two_weeks(springfield: Town) -> None:
    city = springfield(post("services: {trash: down}", "05-08 12:00 Resolved"))
    assert city.board("2024-05-22 11:59").service_by_id["trash"].restored_at
    assert city.board("2024-05-22 12:00").service_by_id["trash"].restored_at is None


def test_what_changed_is_told_for_a_day(springfield: Town) -> None:
    city = springfield(post("services: {trash: down}", "05-08 12:00 Resolved"))
    (change,) = city.board("2024-05-09 11:59").recent_changes
    assert (change.service, change.before, change.after) == ("trash", Status.DOWN, Status.WORKING)
    assert city.board("2024-05-09 12:00").recent_changes == ()
    assert city.board("2024-05-09 12:00").last_changes == (change,)


def test_channels_that_change_alike_are_told_as_one(springfield: Town) -> None:
    city = springfield(
        post("services: {water-bill: down}", "05-08 12:00 Update\nservices: {water-bill/phone: working}")
    )
    assert [change.channel for change in city.board("2024-05-06").recent_changes] == [None]
    assert [change.channel for change in city.board("2024-05-08").recent_changes] == ["phone"]


# The end of it.


def test_resolved_puts_all_back_to_working(springfield: Town) -> None:
    now = springfield(post("services: {trash: down, water-bill/online: down}", "05-08 Resolved")).board("2024-05-08")
    assert now.disrupted_services == ()
    assert now.open_incidents == ()
    assert [standing.id for standing in now.past_incidents] == ["post-1"]


def test_a_problem_named_after_the_end_opens_the_incident_again(springfield: Town) -> None:
    again = "05-09 08:00 Update\nservices: {trash: {status: down, do: Keep your trash.}}"
    now = springfield(post("services: {trash: down}", "05-08 12:00 Resolved", again)).board("2024-05-09")
    assert status(now, "trash") == "down"
    assert advice(now, "trash") == ["Keep your trash."]
    assert [standing.state.value for standing in now.open_incidents] == ["investigating"]


def test_a_report_after_the_end_opens_nothing_again(springfield: Town) -> None:
    now = springfield(post("services: {trash: down}", "05-08 12:00 Resolved", "05-20 Postmortem")).board("2024-05-20")
    assert now.open_incidents == ()
    assert now.past_incidents[0].state.value == "resolved"


# Notices.


def test_a_notice_with_an_end_is_over_by_the_clock(springfield: Town) -> None:
    front = "kind: notice\ntopic: closure\nends: 2024-05-07\nservices: {trash: down}"
    city = springfield(post(front))
    assert status(city.board("2024-05-07 23:59"), "trash") == "down"
    after = city.board("2024-05-08 00:00")
    assert status(after, "trash") == "not_said"
    assert after.notices == ()
    assert after.service_by_id["trash"].restored_at is None
    assert [interval.status.value for interval in after.service_by_id["trash"].timeline] == [
        "not_said",
        "down",
        "not_said",
    ]
    since = after.service_by_id["trash"].timeline[-1].since
    assert since
    assert (since.when.is_whole_day, city.site.local_day(since.when.start).day) == (True, 8)


def test_a_notice_that_is_over_promises_nothing(springfield: Town) -> None:
    city = springfield(post("kind: notice\ntopic: closure\nends: 2024-05-07\nnext_update: 2024-05-10"))
    promises = [city.board(f"2024-05-{day}").incident_by_id["post-1"].promise for day in ("07", "08")]
    assert [promise is not None for promise in promises] == [True, False]


# When the page changes next.


def test_a_quiet_page_never_changes(springfield: Town) -> None:
    assert springfield().board("2024-05-06").next_change is None


@pytest.mark.parametrize(
    ("at", "next_change"),
    [
        ("2024-05-06 07:00", "2024-05-06 08:00"),  # the post
        ("2024-05-06 08:00", "2024-05-06 16:00"),  # the promise falls due
        ("2024-05-06 16:00", "2024-05-07 00:00"),  # a day turns
        ("2024-05-08 10:00", "2024-05-08 12:00"),  # all is back
        ("2024-05-09 10:00", "2024-05-09 12:00"),  # that is no news of the day any longer
        ("2024-05-22 10:00", "2024-05-22 12:00"),  # nor is it news at all
        ("2024-06-01 12:00", "2024-06-02 00:00"),  # the picture of the last days moves on
    ],
)
def test_the_next_change_is_the_first_thing_to_happen(springfield: Town, at: str, next_change: str) -> None:
    city = springfield(
        post("services: {trash: down}\nnext_update: 2024-05-06 16:00", "05-07 08:00 Update", "05-08 12:00 Resolved")
    )
    assert city.board(at).next_change == city.moment(next_change)


# What works in spite of it all: said only where someone looked.


def test_while_there_are_problems_an_essential_service_works_if_somebody_said_so(springfield: Town) -> None:
    assert springfield().board("2024-05-06").headline.working == ()
    silent = "services: {water-bill: down}"
    assert springfield(post(silent)).board("2024-05-06").headline.working == ()
    said = post(silent, "05-07 08:00 Update\nservices: {trash: working}")
    assert springfield(said).board("2024-05-06").headline.working == ()
    assert springfield(said).board("2024-05-07").headline.working == ("trash",)
    # It is told as of now for a week only, and says nothing about the next incident.
    assert springfield(said).board("2024-06-07").headline.working == ()
    last_year = said.replace("2024-", "2023-") + "\n## 2023-05-08 08:00 Resolved\n\nText.\n"
    assert springfield(last_year, post(silent)).board("2024-05-06").headline.working == ()


def test_what_ended_and_holds_something_back_again_is_called_so(springfield: Town) -> None:
    back = "05-07 08:00 Resolved", "05-08 08:00 Update\nservices: {trash: down}", "05-09 08:00 Update"
    now = springfield(post("services: {trash: down}", *back)).board("2024-05-10")
    speech = Phrasing(now.site, "en", plain=True)
    assert [speech.news_title(each, now).partition(":")[0] for each in now.updates] == [
        "Update",
        "Again",
        "Resolved",
        "New",
    ]
