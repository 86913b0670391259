"""Small sites, and what every form of them must and must not say: nothing that nobody said."""

from pathlib import Path

from statusgen.model.statuses import Status
from tests.support.telling import Town, make_town

ONE_SILENT_CITY = """
    services:
      - {id: a, name: 911 calls, essential: true}
      - {id: b, name: Permits}
      - {id: c, name: Pay a bill, channels: [{kind: online}, {kind: automatic}, {kind: mail}]}
"""


def silent_city(folder: Path, services: str) -> Town:
    post = f"""
        ---
        title: Many city systems are switched off
        started: 2024-05-05 08:00
        services: {services}
        not_known: [When]
        next_update: 2024-05-05 12:00
        ---
    """
    return make_town(folder, ONE_SILENT_CITY, x=post)


class TestNothingSaid:
    """Nothing said is not "Working"."""

    def test_an_incident_without_a_broken_service_leaves_the_others_open(self, tmp_path: Path) -> None:
        told = silent_city(tmp_path, "{a: working}").at("2024-05-05 09:00")
        told.assert_told(
            "Many city systems are switched off",
            page=["2 with nothing said yetPermits and Pay a bill"],
            text=["Nothing has been said yet about 2 services."],
        )
        assert "911 calls: Working, said Sun, May 5" in told.text
        told.assert_never("No problems", "All Systems Operational", "Permits: Working", "Pay a bill: Working")
        assert "#1a6b35" not in told.forms["badge.svg"] + told.forms["services/b/badge.svg"]
        assert "No problem" not in told.text
        assert [service.status for service in told.board.services] == [
            Status.WORKING,
            Status.NOT_SAID,
            Status.NOT_SAID,
        ]

    def test_not_known_is_counted_apart_from_what_does_not_work(self, tmp_path: Path) -> None:
        told = silent_city(tmp_path, "{a: working, b: unknown, c: unknown}").at("2024-05-05 09:00")
        told.assert_told(page=["PermitsNot known yet", "Pay a billNot known yet"], text=["2 not known yet"])
        told.assert_never("2 of 3", "not working as usual")

    def test_one_way_down_says_nothing_of_the_others(self, tmp_path: Path) -> None:
        told = silent_city(tmp_path, "{a: working, c/online: down}").at("2024-05-05 09:00")
        page = told.told("c")
        assert "Not confirmed By mail" in page
        assert "AutomaticNot confirmed" in page
        told.assert_never("What works By", "What works now By", "Partly working")
        assert told.advice_named("no-autopay")


class TestNamedLater:
    SERVICES = "services: [{id: a, name: Permits}, {id: b, name: Screens}]"
    POST = """
        ---
        title: The network is down
        started: 2024-05-05 08:00
        services:
          a: {status: down, do: Wait.}
        not_known: [When]
        ---
        ## 2024-06-12 11:00
        services:
          b: %s
    """

    def test_what_is_named_later_was_reported_then(self, tmp_path: Path) -> None:
        town = make_town(tmp_path, self.SERVICES, x=self.POST % "{status: down, do: Ask.}")
        told = town.at("2024-06-13 09:00")
        told.assert_told(page=["Reported Wed, June 12"], text=["reported Wed, June 12"])
        told.assert_never("ince June 12", "ince Wed, June 12", "Day 2 of", "(before: Working)")

    def test_since_the_incident(self, tmp_path: Path) -> None:
        told = make_town(tmp_path, self.SERVICES, x=self.POST % "{status: down, do: Ask., since: incident}").at(
            "2024-06-13 09:00"
        )
        assert "since Sun, May 5" in told.told("b")
        assert "Day 40 of this problem" in told.told("b")


class TestAdvice:
    def test_advice_ends_with_the_status_that_it_was_for(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            """
            services:
              - {id: returns, name: Returns}
              - {id: titles, name: Titles, channels: [{id: office, kind: in_person}, {id: remote, kind: online}]}
              - {id: rates, name: Rates, channels: [{id: dd, kind: automatic}, {kind: online}]}
            """,
            x="""
            ---
            title: The network is down
            started: 2024-05-05 08:00
            services:
              returns: {status: down, do: Keep your items. We cannot check anything in.}
              titles: {status: down, do: Wait. We have no other way yet.}
              rates/online: down
              rates/dd: working
            not_known: [When]
            ---
            ## 2024-05-06 08:00
            services:
              returns: catching_up
              titles/office: working
              rates: catching_up
            """,
        )
        told = town.at("2024-05-06 09:00")
        told.assert_never("Keep your items", "no other way yet")
        assert "AutomaticWorking, said Sun, May 5" in told.told("rates")
        assert "Online: Back, catching up" in told.told("rates")
        lapsed = told.advice_named("lapsed")
        assert [line for line, _ in lapsed] == [5, 6]
        assert "Keep your items" in lapsed[0][1]
        assert "no other way yet" in lapsed[1][1]

    def test_advice_at_a_service_that_works_is_shown(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            "services: [{id: shelters, name: Shelters}]",
            x="""
            ---
            title: A storm
            started: 2024-05-05 08:00
            services:
              shelters:
                status: working
                do: Go only when it is safe.
                channels: [{id: arena, kind: in_person, name: Canada Street Arena, address: 40 Canada Street}]
            not_known: [When]
            ---
            """,
        )
        told = town.at("2024-05-05 09:00")
        told.assert_told("Go only when it is safe.", "Canada Street Arena", "40 Canada Street")
        for path in ("services/shelters/index.html", "call-sheet/index.html", "status.json", "services.csv"):
            text = told.forms[path]
            assert "Go only when it is safe." in text, path
            assert "40 Canada Street" in text, path


class TestEstimates:
    def test_a_time_that_has_passed_says_so(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            "services: [{id: a, name: Permits}]",
            x="""
            ---
            title: The network is down
            started: 2024-05-05 08:00
            services:
              a: {status: down, do: Wait., expected: {not_before: 2024-05-10}}
            not_known: [When]
            ---
            """,
        )
        town.at("2024-05-11 09:00").assert_never("Not expected back before", "Not before Fri, May 10. (as of")
        assert "That time has passed." in town.at("2024-05-11 09:00").told("a")
        assert "Expected backNot before Fri, May 10. (as of" in town.at("2024-05-09 09:00").told("a")

    def test_what_was_said_in_words_stays_words(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            "services: [{id: a, name: Permits}, {id: b, name: Bills}]",
            x="""
            ---
            title: The network is down
            started: 2024-05-05 08:00
            services:
              a: {status: down, expected: mid-August}
              b: {status: down, expected: 2024-08}
            not_known: [When]
            ---
            """,
        )
        told = town.at("2024-05-06 09:00")
        assert "As announced: mid-August." in told.told("a")
        assert "Not known." not in told.told("a")
        assert "Expected backIn August." in told.told("b")
        assert "That time has passed." not in town.at("2024-08-31 09:00").told("b")
        assert "That time has passed." in town.at("2024-09-01 09:00").told("b")

    def test_an_estimate_for_one_service_is_not_another_ones(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            "services: [{id: power, name: Power}, {id: buses, name: Buses}]",
            x="""
            ---
            title: A storm
            started: 2024-05-05 08:00
            services: {power: down, buses: down}
            not_known: [When]
            ---
            ## 2024-05-05 10:00
            services:
              power: {status: limited, expected: {not_before: 2024-05-08}}
            """,
        ).at("2024-05-05 11:00")
        assert "May 8" not in told.told("buses")

    def test_planned_work_ends_nothing_else(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            "services: [{id: court, name: Court}]",
            x="""
            ---
            title: The network is down
            started: 2024-05-03 08:00
            services:
              court: {status: down, expected: unknown}
            not_known: [When]
            ---
            """,
            work="""
            ---
            title: Work on the building
            kind: maintenance
            posted: 2024-05-01
            starts: 2024-05-06
            ends: 2024-05-10
            services: [court]
            ---
            """,
        ).at("2024-05-07 09:00")
        told.assert_never("Expected back on May 10", "Expected back on Fri, May 10", "Expected backOn Fri, May 10")
        assert "Planned work until Fri, May 10." in told.told("court")
        assert "Expected backNot known." in told.told("court")
        assert "We don't know yet when it will be back." in told.text

    def test_what_is_back_is_not_waited_for(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            "services: [{id: x, name: Records}]",
            x="""
            ---
            title: The network is down
            started: 2024-05-05 08:00
            services:
              x: {status: catching_up, expected: unknown}
            not_known: [When]
            ---
            """,
        ).at("2024-05-05 09:00")
        told.assert_never("know yet when it will be back", "Expected back", "Back to normalNot known")


class TestBefore:
    def test_what_one_way_was_the_service_was_not(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            "services: [{id: court, name: Court, channels: [{kind: online}, {kind: in_person}]}]",
            x="""
            ---
            title: The network is down
            started: 2024-05-05 08:00
            services: {court/online: down}
            not_known: [When]
            ---
            ## 2024-05-06 08:00
            services:
              court: {status: limited, do: Bring cash.}
            """,
        ).at("2024-05-06 09:00")
        told.assert_never("(before: Not available)")
        told.assert_told("Court: Partly working", "Bring cash.")


class TestStale:
    def test_an_old_problem_is_told_as_past(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            "services: [{id: a, name: 911 calls, essential: true}, {id: b, name: Permits}]",
            x="""
            ---
            title: The network is down
            started: 2024-05-05 08:00
            services: {b: down, a: working}
            not_known: [When]
            ---
            """,
        ).at("2024-07-26 09:00")
        told.assert_told("Not available when last checked, Sun, May 5", "Working when last checked, Sun, May 5")
        told.assert_never("Day 83", "Day 84", "is not working as usual")
