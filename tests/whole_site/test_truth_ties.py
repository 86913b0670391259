"""Statements that meet: on a service and on its ways, in two updates, in two posts, by the clock."""

from pathlib import Path

import pytest

from statusgen.board.model.services import ChannelStatus
from statusgen.model.statuses import Status
from tests.support.telling import Telling, Town, make_town

STATES = {status.value: status for status in Status}


def post(head: str, *updates: str, title: str = "The network is down", not_known: str = "[When]") -> str:
    """Write a post from its first facts and later updates, each a heading and facts in flow style."""
    begin = f"---\ntitle: {title}\n{head}\nnot_known: {not_known}\n---\n"
    return begin + "\n".join(f"## {update}" for update in updates)


def statuses(told: Telling) -> dict[str, str]:
    return {service.id: service.status.value for service in told.board.services}


def ways(told: Telling, id: str) -> dict[str, ChannelStatus]:
    return {each.channel.id: each for each in told.service(id).channels}


def way_statuses(told: Telling, id: str) -> dict[str, str]:
    return {id: each.status.value for id, each in ways(told, id).items()}


class TestOthers:
    """`others` are the rest, never what was said."""

    SERVICES = """
        services:
          - {id: a, name: 911 calls, essential: true}
          - {id: b, name: Permits}
          - {id: c, name: Licenses}
          - {id: d, name: Parks}
          - {id: e, name: Pools}
    """

    @pytest.mark.parametrize(
        "update", ["services: {d: unknown}\nothers: working", "others: working\nservices: {d: unknown}"]
    )
    def test_others_are_what_no_open_post_spoke_of(self, tmp_path: Path, update: str) -> None:
        town = make_town(
            tmp_path,
            self.SERVICES,
            x=post(
                "started: 2024-05-05 08:00\nservices: {a: working, b: down}",
                f"2024-05-06 08:00\n{update}",
                "2024-05-07 08:00\nothers: unknown",
            ),
            y=post("started: 2024-05-04 08:00\nservices: {e: down}", title="Pools are closed"),
        )
        told = town.at("2024-05-06 09:00")
        assert statuses(told) == {"a": "working", "b": "down", "c": "working", "d": "unknown", "e": "down"}
        told.assert_told(
            "Licenses: Working, said Mon, May 6",
            "911 calls: Working, said Sun, May 5",
            page=["Permits Not available Since Sun, May 5", "Parks Not known yet Said Mon, May 6"],
            text=["Not available, since Sun, May 5", "Not known yet, said Mon, May 6"],
        )
        told.assert_never("Restored: Permits", "911 calls: Working, said Mon, May 6", "Back since")
        later = town.at("2024-05-07 09:00")
        assert statuses(later) == statuses(told)
        assert [line for line, _ in later.advice_named("empty-others")] == [11]


class TestWordOnAService:
    """A word on a service, after its channels were singled out."""

    SERVICES = """
        services:
          - {id: rates, name: Rates, channels: [{id: dd, kind: automatic}, {kind: online}, {kind: phone}]}
          - {id: catalog, name: Catalog, channels: [{id: home, kind: online}, {id: desk, kind: in_person}]}
          - {id: line, name: Line, channels: [{id: office, kind: in_person}, {id: night, kind: phone, name: Night}]}
          - {id: court, name: Court, channels: [{kind: online}, {kind: in_person}]}
    """
    FIRST = (
        "services: {rates/dd: working, rates/online: down, rates/phone: down, catalog/home: working, "
        "catalog/desk: down, line/night: working, court/online: down}"
    )

    def town(self, folder: Path, line: str = "line: down") -> Town:
        second = (
            f"services: {{rates: catching_up, catalog: working, {line}, court: {{status: limited, do: Bring cash.}}}}"
        )
        return make_town(
            folder, self.SERVICES, x=post(f"started: 2024-05-05 08:00\n{self.FIRST}", f"2024-05-09 08:00\n{second}")
        )

    def test_it_takes_the_ways_along_as_far_as_it_can(self, tmp_path: Path) -> None:
        told = self.town(tmp_path).at("2024-05-09 12:00")
        assert way_statuses(told, "rates") == {"dd": "working", "online": "catching_up", "phone": "catching_up"}
        assert "AutomaticWorking, said Sun, May 5" in told.told("rates")
        assert way_statuses(told, "catalog") == {"home": "working", "desk": "working"}
        assert statuses(told)["catalog"] == "working"
        told.assert_never("Catalog: Partly working", "(before: Not available) Court")
        assert "Restored: Catalog" in told.forms["index.html"]
        assert statuses(told)["line"] == "partly_down"
        assert "Night: Not confirmed, said to work Sun, May 5" in told.told("line")
        assert ["line/night" in what for _, what in told.advice_named("takes-back")] == [True]
        assert statuses(told)["court"] == "limited"
        assert way_statuses(told, "court") == {"online": "down", "in_person": "not_said"}
        assert "Court: Partly working (before" not in told.text

    def test_a_word_on_every_way_leaves_none_out(self, tmp_path: Path) -> None:
        told = self.town(tmp_path, "line/*: down").at("2024-05-09 12:00")
        assert way_statuses(told, "line") == {"office": "down", "night": "down"}
        assert statuses(told)["line"] == "down"


class TestWordInPlaceOfAnother:
    SERVICES = """
        services:
          - {id: permits, name: Permits, channels: [{kind: online}, {kind: phone}, {kind: in_person}]}
    """

    def test_a_later_word_on_a_service_takes_the_place_of_an_earlier_one(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            self.SERVICES,
            x=post(
                "started: 2024-05-05 08:00\nservices: {permits: {status: down, do: Wait.}}",
                "2024-05-06 08:00\nservices: {permits: limited, permits/phone: working}",
            ),
        ).at("2024-05-06 09:00")
        told.assert_told(page=["Partly working Since Mon, May 6"], text=["Partly working, since Mon, May 6"])
        assert way_statuses(told, "permits") == {"online": "not_said", "phone": "working", "in_person": "not_said"}
        told.assert_never("Not available,", "Wait.")

    def test_what_was_singled_out_stays(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            self.SERVICES,
            x=post(
                "started: 2024-05-05 08:00\nservices: {permits: down, permits/online: down}",
                "2024-05-06 08:00\nservices: {permits: limited}",
            ),
        ).at("2024-05-06 09:00")
        assert way_statuses(told, "permits") == {"online": "down", "phone": "not_said", "in_person": "not_said"}

    def test_ways_said_to_work_are_told_as_such(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            self.SERVICES,
            x=post("started: 2024-05-05 08:00\nscope: wider\nservices: {permits/online: working}"),
        )
        told = town.at("2024-05-05 09:00")
        told.assert_told("Permits: Working: Online, said Sun, May 5")
        told.assert_never("Nothing said yet", "Permits: Working,")
        town.at("2024-05-20 09:00").assert_told("Permits: Working: Online when last checked, Sun, May 5")


class TestAgain:
    def test_what_came_back_as_a_whole_does_not_work_where_a_way_is_shut_again(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            "services: [{id: court, name: Court, channels: [{kind: online}, {kind: phone}]}]",
            x=post(
                "started: 2024-05-04 08:00\nservices: {court: limited}",
                "2024-05-05 08:00 Resolved",
                "2024-05-06 08:00\nservices: {court/online: down}",
            ),
        ).at("2024-05-06 09:00")
        assert statuses(told) == {"court": "partly_down"}
        told.assert_told(
            page=["Court: Not available: Online"], text=["Not available: Online", "1 service is not working as usual."]
        )
        told.assert_never("Still working", "Back since")


class TestOneWay:
    """One way is shut; of the others nobody spoke."""

    def test_what_nobody_spoke_of_is_not_confirmed(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            """
            services:
              - id: bill
                name: Pay a bill
                channels: [{kind: online}, {kind: automatic}, {kind: mail}, {kind: in_person}]
              - {id: sewer, name: Sewer bill, channels: [{kind: online}]}
            """,
            x=post(
                "started: 2024-05-05 08:00\nservices: {bill/online: down, sewer/online: down}",
                "2024-05-05 10:00\nservices: {bill/mail: working}",
                "2024-05-05 11:00\nservices: {bill: {channels: [{id: desk, kind: in_person, name: Desk, "
                "address: 5 Oak Street}]}}",
            ),
        )
        told = town.at("2024-05-05 09:00")
        assert statuses(told) == {"bill": "partly_down", "sewer": "down"}
        told.assert_told("Not available: Online")
        told.assert_never("Partly working", "What works By", "What works now By", "2 of 2")
        assert "By mail: Not confirmed" in told.forms["call-sheet/index.html"]
        assert told.advice_named("no-autopay")
        later = town.at("2024-05-05 10:30")
        assert statuses(later)["bill"] == "limited"
        assert "What works now By mail" in later.told("bill")
        desk = town.at("2024-05-05 11:30")
        assert (
            "Desk, 5 Oak Street" in desk.told("bill").partition("What works now")[2].partition("What does not work")[0]
        )


class TestPostedLater:
    """Posted days after it began."""

    SERVICES = (
        "services: [{id: a, name: Aa}, {id: b, name: Bb}, {id: c, name: Cc}, {id: d, name: Dd}, {id: e, name: Ee}]"
    )

    def town(self, folder: Path, posted: str) -> Town:
        first = (
            "services: {a: down, b: {status: down, since: incident}, c: {status: down, since: 2024-05-09}, d: unknown}"
        )
        head = f"started: 2024-05-05 08:00\nposted: {posted}\n{first}"
        update = "2024-05-10 09:00\nservices: {a: limited, e: {status: down, since: incident}}"
        return make_town(folder, self.SERVICES, x=post(head, update))

    def test_since_is_only_what_somebody_said(self, tmp_path: Path) -> None:
        town = self.town(tmp_path, "2024-05-09 14:00")
        told = town.at("2024-05-10 10:00")
        assert "Partly working Since Fri, May 10" in told.told("a")
        assert "Since Sun, May 5" in told.told("b")
        assert "Day 6" in told.told("b")
        assert "Since Thu, May 9" in told.told("c")
        assert "Day 2" in told.told("c")
        assert "Not known yet Said Thu, May 9" in told.told("d")
        assert "Since Sun, May 5" in told.told("e")
        assert "Day 6" in told.told("e")
        told.assert_told("Day 6 since")
        for id in ("a", "d"):
            assert "Day " not in told.told(id).partition("What happened")[0]
        told.assert_never("(before: Working)")
        told.assert_told("Aa: Partly working (before: Not available)")
        earlier = town.at("2024-05-09 15:00")
        assert "Reported Thu, May 9" in earlier.told("a")
        assert "ince Sun, May 5" not in earlier.told("a")
        assert "Day " not in earlier.told("a").partition("What happened")[0]

    def test_posted_on_the_day_it_began(self, tmp_path: Path) -> None:
        told = self.town(tmp_path, "2024-05-05 18:00").at("2024-05-09 15:00")
        for id in ("a", "b"):
            assert "Since Sun, May 5" in told.told(id)


class TestAdviceLapses:
    """Advice, when a way gets worse and when one comes back."""

    def test_only_what_gets_better_lets_go(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            """
            services:
              - {id: lend, name: Lend, channels: [{id: desk, kind: in_person}, {id: self, kind: automatic}]}
              - {id: bill, name: Bill, channels: [{kind: online}, {kind: phone}, {kind: mail}]}
              - {id: titles, name: Titles, channels: [{id: office, kind: in_person}, {id: remote, kind: online}]}
              - {id: crews, name: Crews}
            """,
            x="""
            ---
            title: The network is down
            started: 2024-05-05 08:00
            services:
              lend: {status: differently, do: Bring your card number.}
              bill/online: down
              bill: {do: Pay by mail.}
              titles: {status: down, do: There is no other way yet., expected: unknown}
              crews: {status: degraded, do: Call 911 as always.}
            not_known: [When]
            ---
            ## 2024-05-08 08:00
            services: {lend/self: down, bill/phone: limited, crews: {status: limited, do: Call 911 as always.}}

            ## 2024-05-12 08:00
            services: {bill/online: working, titles/office: degraded, titles/remote: down}

            ## 2024-05-13 08:00
            services: {lend: differently}

            ## 2024-05-14 08:00
            services: {lend: limited}

            ## 2024-05-15 08:00
            services: {lend: catching_up}
            """,
        )
        advice = ("Bring your card number.", "Pay by mail.", "There is no other way yet.", "Call 911 as always.")
        told = town.at("2024-05-08 09:00")
        told.assert_told(*advice)
        assert not told.advice_named("lapsed")
        told = town.at("2024-05-12 09:00")
        told.assert_never("Pay by mail.", "no other way yet")
        assert [line for line, _ in told.advice_named("lapsed")] == [7, 8]
        assert statuses(told)["bill"] != "working"
        told.assert_told("Bring your card number. (as of Sun, May 5", "Call 911 as always.")
        assert "Bring your card number." in town.at("2024-05-13 09:00").told("lend")
        told = town.at("2024-05-14 09:00")
        assert "Bring your card number. (as of Sun, May 5" in told.told("lend")
        assert [line for line, _ in told.advice_named("old-do")] == [5]
        town.at("2024-05-15 09:00").assert_never("Bring your card number.")


class TestTwoIncidents:
    SERVICES = "services: [{id: court, name: Court}]"

    def test_the_worse_word_counts_with_its_own_dates(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            self.SERVICES,
            site="",
            post_a=post(
                "started: 2024-05-03 08:00\nservices: {court: {status: down, do: Do not come.}}", title="A flood"
            ),
            post_b=post(
                "started: 2024-05-10 09:00\nservices: {court: {status: down, do: Come back on Friday.}}",
                "2024-05-10 16:00 Resolved\nunrelated_to: [post-a]",
                title="A fire",
            ),
        )
        told = town.at("2024-05-10 10:00")
        told.assert_told("Do not come.", "Come back on Friday.")
        assert len(told.advice_named("two-answers")) == 2
        assert "A flood" in told.told("court").partition("What happened")[0]
        told = town.at("2024-05-10 17:00")
        told.assert_told("Not available when last checked, Fri, May 3")
        told.assert_never("Restored: Court", "Back since", "Come back on Friday")
        assert "last checked, Fri, May 10" not in told.text

    def test_a_better_word_elsewhere_ends_nothing(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            self.SERVICES,
            post_a=post("started: 2024-05-03 08:00\nservices: {court: down}", title="A flood"),
            post_b=post("started: 2024-05-10 09:00\nservices: {court: working}", title="A fire"),
        ).at("2024-05-10 10:00")
        assert statuses(told) == {"court": "down"}
        told.assert_told("Said to work on Fri, May 10", "A fire")
        assert len(told.advice_named("two-statuses")) == 2


class TestPlannedWork:
    SERVICES = "services: [{id: court, name: Court}]"
    WORK = """
        ---
        title: Work on the building
        kind: maintenance
        posted: 2024-05-01
        starts: 2024-05-06 00:00
        ends: 2024-05-10
        services: [court]
        ---
    """

    def test_it_never_outranks_an_incident(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            self.SERVICES,
            x=post("started: 2024-05-03 08:00\nservices: {court: {status: down, expected: unknown}}"),
            work=self.WORK,
        )
        told = town.at("2024-05-07 09:00")
        told.assert_told(
            "Planned work until Fri, May 10.",
            page=["Not available Since Fri, May 3", "Expected backNot known."],
            text=["Not available, since Fri, May 3", "We don't know yet when it will be back."],
        )
        told.assert_never("Expected back on May 10", "Expected back on Fri, May 10", "Expected backOn Fri, May 10")
        assert statuses(told) == {"court": "down"}
        told = town.at("2024-05-11 09:00")
        told.assert_told("Not available when last checked, Fri, May 3")
        told.assert_never("Back since", "Restored")

    def test_after_a_good_word_only_the_work_is_left(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            self.SERVICES,
            x=post(
                "started: 2024-05-03 08:00\nservices: {court: down}", "2024-05-08 08:00\nservices: {court: working}"
            ),
            work=self.WORK,
        )
        told = town.at("2024-05-08 09:00")
        assert statuses(told) == {"court": "maintenance"}
        told.assert_told("Planned work until Fri, May 10.")
        told.assert_never("Not available, since", "Not available Since")
        assert statuses(town.at("2024-05-11 09:00")) == {"court": "working"}

    def test_its_end_says_nothing(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            self.SERVICES,
            work=self.WORK,
            x=post("started: 2024-05-09 08:00\nscope: wider"),
        ).at("2024-05-11 09:00")
        told.assert_told("Nothing said yet")
        told.assert_never("Back since", "Court: Working")


class TestResolved:
    SERVICES = """
        services:
          - {id: a, name: Aa}
          - {id: b, name: Bb}
          - {id: c, name: Cc}
          - {id: d, name: Dd}
          - {id: e, name: Ee}
          - {id: f, name: Ff, channels: [{kind: online}, {kind: mail}]}
    """
    FIRST = "started: 2024-05-05 08:00\nservices: {a: down, b: limited, c: unknown, f/online: down}\nothers: unknown"

    def test_only_what_was_said_not_to_work_works_again(self, tmp_path: Path) -> None:
        told = make_town(tmp_path, self.SERVICES, x=post(self.FIRST, "2024-05-17 09:00 Resolved")).at(
            "2024-05-17 12:00"
        )
        assert statuses(told) == {
            "a": "working",
            "b": "working",
            "c": "not_said",
            "d": "not_said",
            "e": "not_said",
            "f": "not_said",
        }
        assert way_statuses(told, "f") == {"online": "working", "mail": "not_said"}
        told.assert_told("Aa: Back since Fri, May 17", "Bb: Back since Fri, May 17")
        assert "Back since Fri, May 17" in told.told("f")
        told.assert_never("6 services are back", "Cc: Working", "Dd: Working")
        (advice,) = told.advice_named("unconfirmed-end")
        assert all(name in advice[1] for name in ('"a"', '"b"', '"f/online"'))
        assert '"c"' not in advice[1]

    def test_what_is_not_known_at_the_end_is_not_back(self, tmp_path: Path) -> None:
        end = "2024-05-17 09:00 Resolved\nservices: {a: working, b: unknown}"
        told = make_town(tmp_path, self.SERVICES, x=post(self.FIRST, end)).at("2024-05-17 12:00")
        assert statuses(told)["a"] == "working"
        assert statuses(told)["b"] == "not_said"
        assert "to Fri, May 17, 9 AM" in told.told("b")
        assert not told.board.open_incidents

    def test_a_problem_at_the_end_keeps_it_open(self, tmp_path: Path) -> None:
        end = "2024-05-17 09:00 Resolved\nservices: {b: down}"
        told = make_town(tmp_path, self.SERVICES, x=post(self.FIRST, end)).at("2024-05-17 12:00")
        assert told.board.open_incidents
        assert statuses(told)["b"] == "down"


class TestFourteenDays:
    SERVICES = "services: [{id: a, name: Permits}, {id: b, name: E-mail}, {id: c, name: Parks}]"
    A = post("started: 2024-05-05 08:00\nservices: {a: down}", "2024-05-17 09:00 Resolved\nservices: {a: working}")
    B = post("started: 2024-05-05 08:00\nservices: {b: down}", "2024-07-01 09:00\nservices: {b: down}", title="Mail")
    C = post("started: 2024-07-02 08:00\nservices: {c: down}\nscope: wider", title="Parks are closed")

    def test_back_is_news_while_an_older_incident_is_open(self, tmp_path: Path) -> None:
        town = make_town(tmp_path, self.SERVICES, post_a=self.A, post_b=self.B, post_c=self.C)
        for at in ("2024-06-10 09:00", "2024-07-03 09:00"):
            told = town.at(at)
            told.assert_told("Permits: Back since Fri, May 17, 9 AM, nothing said since")
            assert "Permits" not in told.text.partition("Still working")[2].partition("\n\n")[0]

    def test_otherwise_for_fourteen_days(self, tmp_path: Path) -> None:
        town = make_town(tmp_path, self.SERVICES, post_a=self.A, post_c=self.C)
        town.at("2024-05-30 09:00").assert_told("Permits: Back since Fri, May 17")
        later = town.at("2024-06-01 09:00")
        assert statuses(later)["a"] == "not_said"
        assert "back since" not in later.text.casefold()
        assert "Nothing said yet:\nPermits" in town.at("2024-07-03 09:00").text

    def test_a_new_incident_may_reach_what_came_back(self, tmp_path: Path) -> None:
        first = self.A.replace("2024-05-17", "2024-07-01")
        told = make_town(tmp_path, self.SERVICES, post_a=first, post_c=self.C).at("2024-07-02 09:00")
        told.assert_told("Permits: Back since Mon, July 1, 9 AM, nothing said since")
        assert "Still working" not in told.text


class TestCorrections:
    SERVICES = "services: [{id: a, name: Aa}, {id: b, name: Bb}, {id: c, name: Cc}]"
    FIRST = "started: 2024-05-05 08:00\nservices: {a: down, b: down}"

    def test_a_correction_is_no_event(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            self.SERVICES,
            x=post(
                self.FIRST,
                "2024-05-06 08:00 Correction\ncorrects: 2024-05-05 08:00\nwrong: Aa is down.\n"
                "right: Aa was never down.\nservices: {a: working, c: {status: down}}",
                "2024-05-07 08:00 Correction\ncorrects: 2024-05-05 08:00\nright: Nobody knows of Bb.\n"
                "services: {b: unknown}",
            ),
        )
        told = town.at("2024-05-06 12:00")
        told.assert_told(
            "Aa: Working, said Mon, May 6",
            "corrected on Mon, May 6",
            page=["Cc Not available Reported Mon, May 6"],
            text=["reported Mon, May 6"],
        )
        told.assert_never("Restored: Aa", "Back since", "Aa: Working (before: Not available)")
        assert [each.status for each in told.service("a").timeline] == [Status.NOT_SAID, Status.WORKING]
        later = town.at("2024-05-07 12:00")
        assert "Not known yet Said Tue, May 7" in later.told("b")
        assert "ince Sun, May 5" not in later.told("b").partition("Timeline")[0]

    def test_a_correction_that_names_no_service_is_about_those_of_the_corrected(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            self.SERVICES,
            x=post(self.FIRST, "2024-05-06 08:00 Correction\ncorrects: 2024-05-05 08:00\nright: It began at 7 AM."),
        )
        feed = town.city.files("2024-05-06 12:00")["services/a/feed.xml"].decode()
        assert "It began at 7 AM." in feed
        confirmed = town.at("2024-05-06 12:00").service("a").confirmed_at
        assert confirmed is not None
        assert f"{confirmed.start:%Y-%m-%d}" == "2024-05-05"


class TestTranslations:
    SERVICES = "services: [{id: a, name: Aa}, {id: b, name: Bb}]"
    POST = post(
        "started: 2024-05-05 08:00\nservices:\n  a: {status: down, do: Bring cash.}",
        "2024-05-06 08:00\nservices:\n  a: {status: limited, do: Bring cash.}",
        "2024-05-07 08:00\nservices: {a: catching_up}",
        "2024-05-08 08:00\nothers: unknown",
    )

    def test_words_said_again_keep_their_translation(self, tmp_path: Path) -> None:
        es = "---\ntitle: La red no funciona\nservices:\n  a: {do: Lleve efectivo.}\n---\n"
        town = make_town(
            tmp_path, self.SERVICES, site="languages: [en, es]", x=self.POST, files={"incidents/x.es.md": es}
        )
        told = town.at("2024-05-06 12:00")
        assert "Lleve efectivo." in told.forms["es/services/a/index.html"]
        assert "Bring cash." not in told.forms["es/services/a/index.html"].partition("Qué pasó")[0]
        town.at("2024-05-07 12:00").assert_never("Lleve efectivo.", "Bring cash.")


class TestSmallIncident:
    """A small incident is not a silent city."""

    SERVICES = """
        services:
          - {id: bill, name: Pay a bill, channels: [{kind: online}, {kind: phone}]}
          - {id: water, name: Tap water, essential: true}
          - {id: leaks, name: Leaks}
          - {id: meters, name: Meters}
    """
    FIRST = "started: 2024-05-05 15:00\nservices: {bill/phone: down}"

    def test_it_leaves_the_other_services_alone(self, tmp_path: Path) -> None:
        told = make_town(tmp_path, self.SERVICES, x=post(self.FIRST)).at("2024-05-05 16:00")
        told.assert_told("Not available: By phone", "No problem reported")
        told.assert_never("Nothing has been said yet", "No problems", "Tap water: Working")
        assert way_statuses(told, "bill")["online"] == "not_said"

    def test_with_a_wider_scope_it_may_reach_them(self, tmp_path: Path) -> None:
        wide = post(f"{self.FIRST}\nscope: wider")
        told = make_town(tmp_path, self.SERVICES, x=wide).at("2024-05-05 16:00")
        told.assert_told("Nothing has been said yet about Tap water and 2 other services.")
        told.assert_never("No problem reported")

    def test_estimates_keep_their_subject(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            self.SERVICES,
            x=post(
                f"{self.FIRST}\nexpected: {{by: 2024-05-06}}",
                "2024-05-05 18:00\nservices: {leaks: down}",
                "2024-05-05 19:00\nexpected: {by: 2024-05-08}",
                "2024-05-05 20:00\nexpected: unknown",
            ),
        )
        assert "Expected backBy Mon, May 6." in town.at("2024-05-05 16:00").told("bill")
        told = town.at("2024-05-05 18:30")
        assert "Expected backBy Mon, May 6." in told.told("bill")
        assert "May 6" not in told.told("leaks")
        told = town.at("2024-05-05 19:30")
        for id in ("bill", "leaks"):
            assert "For the outage as a whole" in told.told(id)
            assert "by Wed, May 8" in told.told(id)
        told = town.at("2024-05-05 20:30")
        assert "Expected backNot known" not in told.told("leaks")


class TestLongAndQuiet:
    SERVICES = (
        "services: [{id: a, name: 911 calls, essential: true}, {id: b, name: Bb}, {id: c, name: Cc}, {id: d, name: Dd}]"
    )

    def town(self, folder: Path, last: str) -> Town:
        return make_town(
            folder,
            self.SERVICES,
            x=post(
                "started: 2024-05-05 08:00\nservices: {a: working, b: down, c: down}",
                "2024-05-10 08:00\nservices: {c: working, d: {status: down, do: Ask us.}}",
                f"2024-06-20 08:00\n{last}",
            ),
        )

    def test_old_words_are_told_as_past_each_with_its_date(self, tmp_path: Path) -> None:
        told = self.town(tmp_path, "\nWe are working on it.").at("2024-06-20 12:00")
        told.assert_told(
            "911 calls: Working when last checked, Sun, May 5",
            "Cc: Back since Fri, May 10",
            "Ask us. (as of Fri, May 10",
            page=["2 services were not working as usual when last checked Last checked between May 5 and 10."],
            text=["When last checked, between May 5 and 10, 2 services were not working as usual."],
        )
        told.assert_never("2 of 4", "911 calls: Working, said")

    def test_unchanged_confirms_it_all(self, tmp_path: Path) -> None:
        told = self.town(tmp_path, "unchanged: true").at("2024-06-20 12:00")
        told.assert_told("2 services are not working as usual", "911 calls: Working, said Thu, June 20")
        told.assert_told(
            "Cc: Back since Fri, May 10",
            "Last checked on Thu, June 20",
            page=["Bb Not available Since Sun, May 5"],
            text=["since Sun, May 5"],
        )
        told.assert_never("when last checked")

    def test_what_was_not_known_stays_so(self, tmp_path: Path) -> None:
        town = make_town(tmp_path, self.SERVICES, x=post("started: 2024-05-05 08:00\nservices: {b: unknown}"))
        told = town.at("2024-06-20 12:00")
        told.assert_told("Not known when last checked, Sun, May 5")
        told.assert_never("eported Sun, May 5")
