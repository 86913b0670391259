"""Statements that nobody made, looked for clause by clause: small sites, and what they must and must not say."""

import json
from pathlib import Path

import pytest

from statusgen.model.statuses import Status
from tests.support.telling import Telling, Town, make_town
from tests.whole_site.test_truth_ties import post, statuses, way_statuses

CITY = """
    services:
      - {id: a, name: 911 calls, essential: true}
      - {id: bill, name: Pay a bill, channels: [{kind: online}, {kind: phone, phone: 555-0100}, {kind: automatic}]}
      - {id: desk, name: Licenses, channels: [{kind: in_person, address: 5 Oak Street}]}
      - {id: parks, name: Parks}
"""
DAY_ONE = "started: 2024-05-05 08:00"
NOTICE = """
    ---
    title: The pool is closed
    kind: notice
    topic: closure
    started: 2024-05-05 08:00
    {more}
    services: {{parks: {{status: down, do: Swim elsewhere.}}}}
    ---
"""
WORK = """
    ---
    title: Work on the network
    kind: maintenance
    posted: 2024-05-01
    starts: 2024-05-06
    ends: 2024-05-08
    services: {desk: maintenance}
    ---
"""


def read(town: Town, moment: str, path: str) -> str:
    return town.city.files(moment)[path].decode()


def now_part(told: Telling, id: str) -> str:
    """Return what the page of a service says of now, without its history."""
    return told.told(id).partition("Timeline")[0]


class TestFourThings:
    """Rule 1: a problem, working, not known, or nothing said."""

    def test_each_form_has_four_different_words(self, tmp_path: Path) -> None:
        first = f"{DAY_ONE}\nservices: {{a: working, bill: down, desk: unknown}}\nscope: wider"
        town = make_town(tmp_path, CITY, x=post(first))
        told = town.at("2024-05-05 09:00")
        assert statuses(told) == {"a": "working", "bill": "down", "desk": "unknown", "parks": "not_said"}
        for path in ("index.html", "status.txt", "call-sheet/index.html", "status.json"):
            words = told.forms[path]
            assert "Nothing said yet" in words, path
            day = "May 5, 2024" if path == "status.json" else "Sun, May 5"
            # On the call sheet the date stands with what to say, in the column beside the status.
            on_sheet = path == "call-sheet/index.html"
            assert (f"911 calls Changed Working Said {day}" if on_sheet else f"Working, said {day}") in words, path
            desk = f"Not known yet In person: Not known yet, 5 Oak Street. Said {day}"
            assert (desk if on_sheet else f"Not known yet, said {day}") in words, path
        told.assert_never(
            "Parks: Working", "No problems", "No problem reported", "of 4 services", "2 services are not working"
        )
        badges = {id: json.loads(read(town, "2024-05-05 09:00", f"services/{id}/badge.json")) for id in statuses(told)}
        assert badges["parks"]["message"] == "Nothing said yet"
        assert len({each["color"] for each in badges.values()}) == 4

    @pytest.mark.parametrize("kind", ["notice", "work"])
    def test_notices_and_planned_work_silence_nobody(self, tmp_path: Path, kind: str) -> None:
        text = NOTICE.format(more="") if kind == "notice" else WORK
        told = make_town(tmp_path, CITY, x=text).at("2024-05-06 09:00")
        told.assert_never("Nothing said yet", "Nothing has been said yet")
        assert "No problem reported" in told.told("bill")

    def test_the_wider_of_two_counts_until_it_ends(self, tmp_path: Path) -> None:
        wide = post(f"{DAY_ONE}\nservices: {{a: down}}\nscope: wider", "2024-05-06 08:00 Resolved", title="Wide")
        narrow = post(f"{DAY_ONE}\nservices: {{desk: down}}", title="Narrow")
        town = make_town(tmp_path, CITY, wide=wide, narrow=narrow)
        assert "Nothing said yet" in town.at("2024-05-05 09:00").told("parks")
        later = town.at("2024-05-06 09:00")
        later.assert_never("Nothing said yet", "Nothing has been said yet")
        assert "No problem reported" in later.told("parks")

    def test_a_scope_may_be_taken_back(self, tmp_path: Path) -> None:
        first = f"{DAY_ONE}\nservices: {{a: down}}\nscope: wider"
        town = make_town(tmp_path, CITY, x=post(first, "2024-05-05 12:00\nscope: named"))
        assert town.at("2024-05-05 09:00").service("parks").standing.is_in_doubt
        town.at("2024-05-05 13:00").assert_never("Nothing said yet", "Nothing has been said yet")

    def test_what_was_said_to_work_may_have_been_reached_since(self, tmp_path: Path) -> None:
        early = post(f"{DAY_ONE}\nservices: {{a: working, desk: down}}", title="Early")
        late = post("started: 2024-05-06 08:00\nscope: wider", title="Late")
        told = make_town(tmp_path, CITY, early=early, late=late).at("2024-05-06 09:00")
        told.assert_told("911 calls: Working when last checked, Sun, May 5")
        told.assert_never("Working: 911 calls", "911 calls: Working, said")

    def test_an_incident_that_holds_nothing_is_no_good_news(self, tmp_path: Path) -> None:
        town = make_town(tmp_path, CITY, x=post(f"{DAY_ONE}\nscope: named", title="A data breach"))
        told = town.at("2024-05-05 09:00")
        told.assert_told("A data breach")
        told.assert_never("No problems", "All Systems Operational")
        status = json.loads(read(town, "2024-05-05 09:00", "api/v2/status.json"))["status"]
        assert status == {"indicator": "minor", "description": "A data breach"}

    def test_unchanged_confirms_only_what_the_post_said(self, tmp_path: Path) -> None:
        first = f"{DAY_ONE}\nservices: {{bill/online: down}}"
        told = make_town(tmp_path, CITY, x=post(first, "2024-06-20 08:00\nunchanged: true")).at("2024-06-20 09:00")
        assert way_statuses(told, "bill") == {"online": "down", "phone": "not_said", "automatic": "not_said"}
        assert statuses(told)["parks"] == "not_said"
        assert "since Sun, May 5" in told.told("bill")
        told.assert_never("when last checked", "Parks: Working")

    def test_unchanged_brings_no_advice_back_whose_time_is_over(self, tmp_path: Path) -> None:
        first = f"{DAY_ONE}\nservices: {{parks: {{status: down, do: {{words: Wait., until: 2024-05-10}}}}}}"
        told = make_town(tmp_path, CITY, x=post(first, "2024-05-12 08:00\nunchanged: true")).at("2024-05-12 09:00")
        told.assert_never("Wait.")

    def test_history_does_not_say_that_what_is_stale_lasts(self, tmp_path: Path) -> None:
        first = f"{DAY_ONE}\nservices: {{a: working, parks: down, desk: unknown}}"
        told = make_town(tmp_path, CITY, x=post(first)).at("2024-06-20 09:00")
        assert "Not available: since Sun, May 5, 8 AM (update" not in told.told("parks")
        assert "Not available when last checked, Sun, May 5, 8 AM (update" in told.told("parks")
        assert "Not checked" in told.told("parks")
        told.assert_never("Working: since", "Not known yet: since")


class TestServicesAndWays:
    """Rule 2: a word on a service, and a word on a way."""

    def test_a_service_with_one_way_has_its_status(self, tmp_path: Path) -> None:
        updates = ("2024-05-06 08:00\nservices: {desk: limited}", "2024-05-07 08:00\nservices: {desk: working}")
        town = make_town(tmp_path, CITY, x=post(f"{DAY_ONE}\nservices: {{desk/in_person: down}}", *updates))
        for day, status in ((5, "down"), (6, "limited"), (7, "working")):
            told = town.at(f"2024-05-0{day} 09:00")
            assert (statuses(told)["desk"], way_statuses(told, "desk")) == (status, {"in_person": status})
        assert "Back since May 7, 2024" in now_part(town.at("2024-05-07 09:00"), "desk")

    def test_all_ways_down_one_by_one_is_a_service_that_is_down(self, tmp_path: Path) -> None:
        first = f"{DAY_ONE}\nservices: {{bill/online: down, bill/phone: down}}"
        town = make_town(tmp_path, CITY, x=post(first, "2024-05-06 08:00\nservices: {bill/automatic: down}"))
        assert town.at("2024-05-05 09:00").service("bill").status is Status.PARTLY_DOWN
        later = town.at("2024-05-06 09:00")
        assert later.service("bill").status is Status.DOWN
        later.assert_never("What works:", "What works now", "Not confirmed:")

    def test_one_way_back_is_not_the_service_back(self, tmp_path: Path) -> None:
        first = f"{DAY_ONE}\nservices: {{bill: down}}"
        town = make_town(tmp_path, CITY, x=post(first, "2024-05-06 08:00\nservices: {bill/phone: working}"))
        told = town.at("2024-05-06 09:00")
        assert "Restored: Pay a bill (By phone)" in told.text
        assert "Partly working" in told.told("bill")
        titles = [each["title"] for each in json.loads(read(town, "2024-05-06 09:00", "feed.json"))["items"]]
        assert titles[0] == "Restored: Pay a bill (By phone)"

    def test_what_is_said_of_one_way_changes_no_other(self, tmp_path: Path) -> None:
        update = "2024-05-06 08:00\nservices: {bill/online: unknown}"
        town = make_town(tmp_path, CITY, x=post(f"{DAY_ONE}\nservices: {{bill/phone: working}}", update))
        told = town.at("2024-05-06 09:00")
        assert way_statuses(told, "bill") == {"online": "unknown", "phone": "working", "automatic": "not_said"}
        told.assert_never("Phone: Not known", "(before: Working)")

    def test_a_way_set_up_for_a_while_is_gone_after_its_last_day(self, tmp_path: Path) -> None:
        way = "{id: tent, kind: in_person, name: Tent, address: 9 Elm Street, until: 2024-05-07}"
        town = make_town(tmp_path, CITY, x=post(f"{DAY_ONE}\nservices: {{parks: {{status: down, channels: [{way}]}}}}"))
        assert "+ Tent, 9 Elm Street" in town.at("2024-05-07 23:00").text
        told = town.at("2024-05-08 09:00")
        told.assert_never("9 Elm Street")
        assert "Not available Since Sun, May 5" in now_part(told, "parks")
        # Nobody named the day after the last one.
        assert "Partly working: Sun, May 5, 8 AM to Tue, May 7" in told.told("parks")

    def test_planned_work_is_over_on_the_day_that_was_named(self, tmp_path: Path) -> None:
        told = make_town(tmp_path, CITY, x=WORK).at("2024-05-09 09:00")
        page = told.told("desk")
        assert "Closed for planned work: May 6 to 8" in page
        assert "No problem reported: since" not in page
        told.assert_never("Thu, May 9 (", "Back since", "Licenses: Working")

    def test_what_is_paid_otherwise_for_now_ends_when_it_works(self, tmp_path: Path) -> None:
        services = "services: [{id: dump, name: Dump, channels: [{kind: in_person, accepts: [cash, card]}]}]"
        first = f"{DAY_ONE}\nservices: {{dump/in_person: {{status: differently, accepts: [cash]}}}}"
        town = make_town(tmp_path, services, x=post(first, "2024-05-06 08:00\nservices: {dump: working}"))
        town.at("2024-05-05 09:00").assert_never("cash or card", "Cash or card")
        assert "for now" not in now_part(town.at("2024-05-06 09:00"), "dump").casefold()


class TestSince:
    """Rule 3: since when."""

    def test_that_it_works_says_not_since_when(self, tmp_path: Path) -> None:
        first = f"{DAY_ONE}\nposted: 2024-05-05 14:00\nservices: {{a: working, desk: unknown, parks: down}}"
        town = make_town(tmp_path, CITY, x=post(first))
        told = town.at("2024-05-05 15:00")
        assert "Working: said Sun, May 5, 2 PM" in told.told("a")
        assert "Not known yet: said Sun, May 5, 2 PM" in told.told("desk")
        assert "Not available: since Sun, May 5, 8 AM" in told.told("parks")
        document = json.loads(read(town, "2024-05-05 15:00", "history.json"))["services"]
        last = {each["id"]: each["timeline"][-1] for each in document}
        assert [last[id]["from_reported"] for id in ("a", "desk", "parks")] == [True, True, False]

    def test_a_month_is_told_as_a_month(self, tmp_path: Path) -> None:
        first = f"{DAY_ONE}\nservices: {{parks: {{status: down, since: 2024-03}}}}"
        told = make_town(tmp_path, CITY, x=post(first)).at("2024-05-05 09:00")
        told.assert_told(page=["Not available Since March."], text=["Not available, since March"])
        assert told.service("parks").day is None
        told.assert_never("March 1", "Day 66")

    def test_not_known_and_then_down_was_not_down_before(self, tmp_path: Path) -> None:
        first = f"{DAY_ONE}\nservices: {{parks: unknown}}"
        told = make_town(tmp_path, CITY, x=post(first, "2024-05-07 08:00\nservices: {parks: down}")).at("2024-05-08")
        told.assert_told(page=["Not available Reported Tue, May 7"], text=["Not available, reported Tue, May 7"])
        assert told.service("parks").day is None
        assert "since" not in now_part(told, "parks").casefold()

    def test_the_day_is_that_of_what_is_broken(self, tmp_path: Path) -> None:
        other = post("started: 2024-05-01 08:00\nservices: {parks: unknown, desk: unknown}", title="Elsewhere")
        told = make_town(tmp_path, CITY, x=post(f"{DAY_ONE}\nservices: {{desk: down}}"), other=other).at("2024-05-06")
        told.assert_told("Day 2 since this began: The network is down.")
        told.assert_never("since this began: Elsewhere")

    def test_a_correction_of_a_correction_is_no_event_either(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            CITY,
            x=post(
                f"{DAY_ONE}\nservices: {{parks: down}}",
                "2024-05-06 08:00 Correction\ncorrects: 2024-05-05 08:00\nright: It works.\nservices: {parks: working}",
                "2024-05-07 08:00 Correction\ncorrects: 2024-05-06 08:00\nright: It does not.\nservices: {parks: down}",
            ),
        )
        told = town.at("2024-05-07 09:00")
        told.assert_told(
            "corrected on Tue, May 7",
            page=["Not available Reported Tue, May 7"],
            text=["Not available, reported Tue, May 7"],
        )
        told.assert_never("Back since", "Restored: Parks", "(before: Working)", "ince May 5", "ince Sun, May 5")
        assert [each.status for each in told.service("parks").timeline] == [Status.NOT_SAID, Status.DOWN]

    def test_what_is_corrected_may_have_been_replaced_already(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            CITY,
            x=post(
                f"{DAY_ONE}\nservices: {{parks: down}}",
                "2024-05-06 08:00\nservices: {parks: limited}",
                "2024-05-07 08:00 Correction\ncorrects: 2024-05-05 08:00\nright: It was open.\n"
                "services: {parks: working}",
            ),
        )
        told = town.at("2024-05-07 09:00")
        timeline = [each.status for each in told.service("parks").timeline]
        assert timeline == [Status.NOT_SAID, Status.LIMITED, Status.WORKING]
        assert "Not available" not in told.told("parks")
        told.assert_never("Back since", "Restored: Parks")


class TestAdvice:
    """Rule 4: advice that ends."""

    def test_what_works_with_something_to_know_is_told_in_every_form(self, tmp_path: Path) -> None:
        way = "{id: arena, kind: in_person, name: Arena, address: 40 Canada Street}"
        first = f"{DAY_ONE}\nservices: {{parks: {{status: working, do: Go when it is safe., channels: [{way}]}}}}"
        town = make_town(tmp_path, CITY, x=post(f"{first}\nscope: named"))
        told = town.at("2024-05-05 09:00")
        for path in ("sms.txt", "incidents/x/sms.txt", "poster/index.html", "call-sheet/index.html", "index.html"):
            text = read(town, "2024-05-05 09:00", path) if path.startswith("inc") else told.forms[path]
            assert "Go when it is safe. Arena, 40 Canada Street" in text.replace("<br>", " "), path
        # Once that is long ago, a message does not send anyone there.
        assert "Go when it is safe" not in town.at("2024-06-05 09:00").forms["sms.txt"]

    def test_advice_for_everybody_is_dated_once_it_is_old(self, tmp_path: Path) -> None:
        town = make_town(tmp_path, CITY, x=post(f"{DAY_ONE}\nservices: {{parks: down}}\ndo: Boil water."))
        forms = ("index.html", "status.txt", "sms.txt", "call-sheet/index.html", "poster/index.html")
        for path in forms:
            assert "Boil water. (said" not in town.at("2024-05-12 07:59").forms[path], path
            assert "Boil water. (as of Sun, May 5, 8 AM)" in town.at("2024-05-12 08:00").forms[path], path
        assert "Boil water. (as of Sun, May 5" in read(town, "2024-05-12 08:00", "incidents/x/sms.txt")
        change = town.at("2024-05-12 07:00").board.next_change
        assert change == town.city.moment("2024-05-12 08:00")

    def test_planned_work_has_advice_for_everybody_too(self, tmp_path: Path) -> None:
        work = WORK.replace("services:", "do: Boil water.\n    services:")
        town = make_town(tmp_path, CITY, x=work)
        town.at("2024-05-07 09:00").assert_told("Boil water.")
        for moment in ("2024-05-05 09:00", "2024-05-09 09:00"):
            told = town.at(moment)
            assert "Boil water" not in told.text + told.forms["index.html"] + told.forms["sms.txt"]

    def test_the_end_ends_advice_and_a_new_start_brings_none_back(self, tmp_path: Path) -> None:
        first = f"{DAY_ONE}\nservices: {{parks: {{status: down, do: Wait.}}}}\ndo: Stay calm."
        again = "2024-05-08 08:00\nservices: {parks: down}"
        town = make_town(tmp_path, CITY, x=post(first, "2024-05-06 08:00 Resolved", again))
        for moment in ("2024-05-06 09:00", "2024-05-08 09:00"):
            town.at(moment).assert_never("Wait.", "Stay calm.")

    def test_advice_on_a_way_ends_with_that_way(self, tmp_path: Path) -> None:
        online, automatic = "{status: down, do: Call us.}", "{status: down, do: Check your bank.}"
        first = f"services: {{bill/online: {online}, bill/automatic: {automatic}}}"
        town = make_town(
            tmp_path, CITY, x=post(f"{DAY_ONE}\n{first}", "2024-05-06 08:00\nservices: {bill/online: working}")
        )
        told = town.at("2024-05-06 09:00")
        told.assert_never("Call us.")
        assert "Check your bank." in told.told("bill")
        assert [line for line, _ in told.advice_named("lapsed")]


class TestEstimates:
    """Rule 5: estimates have a subject."""

    def test_those_of_way_service_and_whole_stay_apart(self, tmp_path: Path) -> None:
        services = (
            "{bill/online: {status: down, expected: {by: 2024-05-07}}, "
            "desk: {status: down, expected: {by: 2024-05-08}}, parks: down}"
        )
        town = make_town(
            tmp_path, CITY, x=post(f"{DAY_ONE}\nservices: {services}\nexpected: {{not_before: 2024-05-09}}")
        )
        told = town.at("2024-05-05 09:00")
        assert "Online: Expected back by Tue, May 7." in told.text
        assert "y Wed, May 8" not in told.told("bill") + told.told("parks")
        assert "y Tue, May 7" not in told.told("desk") + told.told("parks")
        assert "For the outage as a whole" in told.told("parks")
        assert "Not expected back before Thu, May 9." in told.told("parks")

    def test_what_is_over_has_no_estimate_left_when_it_begins_again(self, tmp_path: Path) -> None:
        first = f"{DAY_ONE}\nservices: {{parks: down, desk: down}}\nexpected: {{by: 2024-05-06}}"
        again = "2024-05-08 08:00\nservices: {parks: down, a: down}"
        told = make_town(tmp_path, CITY, x=post(first, "2024-05-05 11:00 Resolved", again)).at("2024-05-08 09:00")
        told.assert_never("y Mon, May 6", "That time has passed")

    def test_a_window_that_has_passed_says_so(self, tmp_path: Path) -> None:
        expected = "{not_before: 2024-05-06, by: 2024-05-07}"
        town = make_town(
            tmp_path, CITY, x=post(f"{DAY_ONE}\nservices: {{parks: {{status: down, expected: {expected}}}}}")
        )
        town.at("2024-05-07 09:00").assert_told(
            page=["Expected backBetween May 6 and 7. (as of"], text=["Expected back between May 6 and 7."]
        )
        told = town.at("2024-05-08 09:00")
        told.assert_told(
            page=["Expected backBetween May 6 and 7. That time has passed."],
            text=["It was expected back by Tue, May 7. That time has passed."],
        )
        told.assert_never("Expected back between", "Between May 6 and 7. (as of")

    def test_a_month_is_no_day(self, tmp_path: Path) -> None:
        first = f"{DAY_ONE}\nservices: {{parks: {{status: down, expected: {{by: 2024-08}}}}}}"
        told = make_town(tmp_path, CITY, x=post(first)).at("2024-05-05 09:00")
        told.assert_told(page=["Expected backBy the end of August."], text=["Expected back by the end of August."])
        told.assert_never("August 1", "August 31")


class TestDatesAndTheEnd:
    """Rule 6: waivers, deadlines, notices, titles, the end."""

    def test_one_promise_is_not_kept_by_dates(self, tmp_path: Path) -> None:
        dates = (
            "2024-05-06 08:00\nwaivers: [{id: w, what: No late fees, until: 2024-05-30}]",
            "2024-05-06 09:00\ndeadlines: [{id: d, on: 2024-05-20, what: Pay your tax, services: [parks]}]",
        )
        first = f"{DAY_ONE}\nservices: {{parks: down}}\nnext_update: 2024-05-05 12:00"
        told = make_town(tmp_path, CITY, x=post(first, *dates)).at("2024-05-06 10:00")
        told.assert_told("The next update was due by Sun, May 5, noon. It is overdue.")
        told.assert_told("No late fees.", "Pay your tax.")

    def test_the_end_is_no_broken_promise(self, tmp_path: Path) -> None:
        first = f"{DAY_ONE}\nservices: {{parks: down}}\nnext_update: 2024-05-05 12:00"
        updates = ("2024-05-05 11:00 Resolved", "2024-05-07 08:00\nservices: {parks: down}")
        town = make_town(tmp_path, CITY, x=post(first, *updates))
        town.at("2024-05-06 09:00").assert_never("It is overdue", "Next update by")
        town.at("2024-05-07 09:00").assert_never("It is overdue", "Next update by")
        assert "It came late" not in read(town, "2024-05-07 09:00", "incidents/x/index.html")

    def test_a_withdrawn_post_says_nothing(self, tmp_path: Path) -> None:
        first = f"{DAY_ONE}\nservices: {{parks: {{status: down, do: Wait.}}, desk: down, a: working}}\ndo: Stay calm."
        updates = ("2024-05-06 08:00\nservices: {desk: working}", "2024-05-07 08:00 Withdrawn")
        told = make_town(tmp_path, CITY, x=post(first, *updates)).at("2024-05-07 09:00")
        assert set(statuses(told).values()) == {"not_said"}
        told.assert_never("Back since", "Wait.", "Stay calm.", "Working, said", "Working Said")
        assert "Not available" not in told.told("parks")

    def test_a_notice_is_not_investigated_once_it_is_over(self, tmp_path: Path) -> None:
        town = make_town(tmp_path, CITY, x=NOTICE.format(more="ends: 2024-05-08"))
        for path in ("incidents/x/index.html", "archive/2024/05/index.html", "status.json"):
            assert "Investigating" not in read(town, "2024-05-10 09:00", path), path
        told = town.at("2024-05-10 09:00")
        told.assert_never("Investigating", "Back since", "Thu, May 9", "Swim elsewhere.")
        assert statuses(told)["parks"] == "not_said"

    def test_a_notice_has_its_date_on_the_call_sheet(self, tmp_path: Path) -> None:
        town = make_town(tmp_path, CITY, x=NOTICE.format(more=""))
        sheet = "call-sheet/index.html"
        assert "The pool is closed Published Sun, May 5, 8 AM." in town.at("2024-05-06").forms[sheet]
        assert "Published Sun, May 5, 8 AM, not checked since." in town.at("2024-06-06").forms[sheet]

    def test_the_end_of_one_post_ends_no_other(self, tmp_path: Path) -> None:
        x = post(f"{DAY_ONE}\nservices: {{desk: down, parks: down}}", "2024-05-06 08:00 Resolved", title="Flood")
        y = post("started: 2024-05-04 08:00\nservices: {desk: unknown}", title="Fire")
        told = make_town(tmp_path, CITY, x=x, y=y).at("2024-05-06 09:00")
        assert statuses(told)["desk"] == "unknown"
        assert "Not known yet, said Sat, May 4" in now_part(told, "desk")
        told.assert_told("Parks: Back since Mon, May 6")
        assert "Restored: Licenses" not in told.text

    def test_a_new_name_holds_from_its_update_on(self, tmp_path: Path) -> None:
        rename = "2024-05-06 08:00\nrename: A ransomware attack"
        town = make_town(tmp_path, CITY, x=post(f"{DAY_ONE}\nservices: {{parks: down}}", rename, title="The network"))
        assert "ransomware" not in "".join(town.at("2024-05-05 09:00").forms.values())
        titles = [each["title"] for each in json.loads(read(town, "2024-05-06 09:00", "feed.json"))["items"]]
        assert "A ransomware attack" in titles[0]
        assert "ransomware" not in titles[-1]
        assert "A ransomware attack" in town.at("2024-05-06 09:00").forms["sms.txt"]


class TestEstimatesThatLast:
    SERVICES = """
        services:
          - {id: x, name: Records, channels: [{kind: online}, {kind: phone}]}
          - {id: y, name: Permits}
    """

    def test_a_confirmation_brings_no_estimate_back(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            self.SERVICES,
            x="""
            ---
            title: The network is down
            started: 2024-05-05 08:00
            services:
              y: {status: down, expected: {by: 2024-05-10}}
            not_known: [When]
            ---
            ## 2024-05-07 08:00
            services: {y: catching_up}

            ## 2024-05-09 08:00
            unchanged: true
            """,
        ).at("2024-05-09 09:00")
        assert "May 10" not in told.told("y").partition("Earlier estimates")[0]

    def test_each_way_keeps_its_own(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            self.SERVICES,
            x="""
            ---
            title: The network is down
            started: 2024-05-05 08:00
            services:
              x/online: {status: down, expected: {by: 2024-05-20}}
              x/phone: {status: down, expected: {by: 2024-05-08}}
              y: down
            expected: {by: 2024-06-01}
            not_known: [When]
            ---
            ## 2024-05-06 08:00
            services:
              x/online: {status: down, expected: {by: 2024-05-21}}
            """,
        ).at("2024-05-06 09:00")
        now = told.told("x").partition("Earlier estimates")[0]
        assert "Expected backOnline: By Tue, May 21." in now
        assert "Expected backBy phone: By Wed, May 8." in now
        assert "For the outage as a whole" in told.told("y")

    def test_a_deadline_stands_with_a_service_that_works(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            self.SERVICES,
            x="""
            ---
            title: The network is down
            started: 2024-05-05 08:00
            services: {x: down, y: working}
            deadlines: [{id: appeal, on: 2024-05-20, what: Last day to appeal, services: [y]}]
            not_known: [When]
            ---
            """,
        ).at("2024-05-05 09:00")
        assert "Last day to appeal" in told.told("y")
