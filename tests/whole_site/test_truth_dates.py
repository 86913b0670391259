"""Waivers, deadlines, notices, promises, names and ways for a while: what is said of them, and until when."""

from pathlib import Path

from statusgen.model.statuses import Status
from tests.support.telling import make_town


class TestCashOnly:
    def test_for_the_time_being_it_takes_the_place_of_the_usual(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            """
            services:
              - id: landfill
                name: Landfill
                channels: [{kind: in_person, address: 1 Dump Road, accepts: [cash, card]}]
            """,
            x="""
            ---
            title: The network is down
            started: 2024-05-05 08:00
            services:
              landfill/in_person: {status: differently, accepts: [cash]}
            not_known: [When]
            ---
            """,
        ).at("2024-05-05 09:00")
        told.assert_told("cash only", "1 Dump Road")
        told.assert_never("cash or card")


class TestWaivers:
    SERVICES = "services: [{id: water, name: Water bill}, {id: trash, name: Trash}]"

    def test_without_services_it_is_for_those_that_the_post_holds(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            self.SERVICES,
            x="""
            ---
            title: Bills cannot be paid
            started: 2024-05-05 08:00
            services: {water: down}
            waivers: [{id: shutoffs, what: No shutoffs, until: 2099-06-30}]
            not_known: [When]
            ---
            """,
        ).at("2024-05-05 09:00")
        for path in ("index.html", "services/water/index.html", "call-sheet/index.html", "sms.txt", "status.txt"):
            assert "No shutoffs" in told.forms[path], path
        assert "No shutoffs" not in told.told("trash")

    def test_one_that_is_over_stays_on_the_page_of_its_service(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            self.SERVICES,
            x="""
            ---
            title: Bills cannot be paid
            started: 2024-05-06 08:00
            services: {water: down}
            waivers: [{id: fees, what: No late fees, until: online payment works again}]
            not_known: [When]
            ---
            ## 2024-05-17 09:00 Resolved
            services: {water: working}
            waivers: [{id: fees, until: 2024-05-17}]
            """,
        ).at("2024-07-17 12:00")
        for path in ("services/water/index.html", "deadlines/index.html"):
            assert "No late fees" in told.forms[path], path
            assert "From May 6 to 17." in told.forms[path], path
        assert "No late fees" not in told.forms["index.html"]

    def test_a_waiver_leaves_an_overdue_promise_overdue(self, tmp_path: Path) -> None:
        post = """
            ---
            title: Bills cannot be paid
            started: 2024-05-05 08:00
            services: {water: down}
            next_update: 2024-05-05 12:00
            not_known: [When]
            ---
            ## 2024-05-05 13:00
            waivers: [{id: fees, what: No late fees, until: 2024-06-30}]

            ## 2024-05-05 14:00

            Now we know more.
        """
        town = make_town(tmp_path, self.SERVICES, x=post)
        town.at("2024-05-05 13:30").assert_told("It is overdue.")
        later = town.at("2024-05-05 14:30")
        later.assert_never("It is overdue.")
        page = later.city.page("2024-05-05 14:30", "incidents/x/index.html").words
        assert "promised" in page
        assert "noon" in page


class TestDeadlines:
    def test_it_stands_with_its_service(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            "services: [{id: court, name: Court}, {id: trash, name: Trash}]",
            x="""
            ---
            title: The court is closed
            started: 2024-05-05 08:00
            services: {court: down}
            deadlines: [{id: appeal, on: 2024-07-20, what: Last day to appeal, services: [court]}]
            not_known: [When]
            ---
            """,
        ).at("2024-05-05 09:00")
        for path in ("index.html", "services/court/index.html", "call-sheet/index.html", "status.txt"):
            assert "Last day to appeal" in told.forms[path], path
        assert "Last day to appeal" not in told.told("trash")


class TestNotices:
    SERVICES = "services: [{id: a, name: Permits}]"

    def notice(self, topic: str) -> str:
        return f"""
            ---
            title: The bridge is closed
            kind: notice
            topic: {topic}
            started: 2024-01-15
            ---

            Take the other bridge.
        """

    def test_one_without_an_end_says_when_it_was_published(self, tmp_path: Path) -> None:
        told = make_town(tmp_path, self.SERVICES, x=self.notice("closure")).at("2026-11-20 09:00")
        told.assert_told("Published Mon, January 15, 2024, not checked since.")
        assert told.advice_named("endless-notice")

    def test_it_is_not_investigated(self, tmp_path: Path) -> None:
        told = make_town(tmp_path, self.SERVICES, x=self.notice("data")).at("2024-01-16 09:00")
        page = told.city.page("2024-01-16 09:00", "incidents/x/index.html").words
        for words in ("Investigating", "It began on"):
            assert words not in page
            told.assert_never(words)

    def test_a_rumor_is_told_with_what_is_true(self, tmp_path: Path) -> None:
        told = make_town(
            tmp_path,
            self.SERVICES,
            x="""
            ---
            title: Tap water is safe
            kind: notice
            topic: rumor
            claim: The water is poisoned.
            fact: The water is safe to drink.
            started: 2024-01-15 08:00
            ends: 2024-01-20
            ---
            """,
        ).at("2024-01-16 09:00")
        told.assert_told("Not true: The water is poisoned.", "The water is safe to drink.")
        files = told.city.files("2024-01-16 09:00")
        assert "Not true: The water is poisoned." in files["incidents/x/sms.txt"].decode()
        for path in ("feed.xml", "feed.json", "incidents/x/index.html", "incidents/x/incident.json"):
            assert "The water is poisoned." in files[path].decode(), path
            assert "The water is safe to drink." in files[path].decode(), path


class TestNames:
    def test_an_incident_may_get_another_name(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            "services: [{id: a, name: Permits}]",
            x="""
            ---
            title: Permits are slow
            started: 2024-05-05 08:00
            scope: wider
            not_known: [When]
            ---
            ## 2024-05-06 08:00
            rename: Many city systems are switched off
            services: {a: down}
            """,
        )
        town.at("2024-05-05 09:00").assert_told("Permits are slow")
        told = town.at("2024-05-06 09:00")
        assert "Many city systems are switched off" in told.forms["index.html"]
        assert "Permits are slow" not in told.forms["sms.txt"]
        page = town.city.page("2024-05-06 09:00", "incidents/x/index.html").words
        assert "Before: Permits are slow" in page


class TestForEverybody:
    def test_what_everybody_can_do_stands_first(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            "services: [{id: water, name: Tap water}]",
            site="alerts: {sender: t@t.example, area: Springfield}",
            x="""
            ---
            title: Tap water may not be safe
            started: 2024-05-05 08:00
            services: {water: limited}
            do: {words: Boil tap water for one minute., until: 2024-05-08}
            not_known: [When]
            ---
            ## 2024-05-09 08:00

            We are testing.
            """,
        )
        told = town.at("2024-05-05 09:00")
        words = "Boil tap water for one minute."
        for path in (
            "index.html",
            "status.txt",
            "sms.txt",
            "call-sheet/index.html",
            "poster/index.html",
            "status.json",
        ):
            assert words in told.forms[path], path
        files = town.city.files("2024-05-05 09:00")
        for path in ("feed.xml", "feed.json", "incidents/x/index.html"):
            assert words in files[path].decode(), path
        assert any(
            words in content.decode() for path, content in files.items() if "alert" in path and path.endswith(".xml")
        )
        town.at("2024-05-09 09:00").assert_never(words)


class TestSetUpForAWhile:
    SERVICES = "services: [{id: court, name: Court, channels: [{kind: online}]}]"

    def test_a_way_is_announced_before_it_opens(self, tmp_path: Path) -> None:
        town = make_town(
            tmp_path,
            self.SERVICES,
            x="""
            ---
            title: The network is down
            started: 2024-09-26 08:00
            services:
              court/online: down
              court: {channels: [{id: tent, kind: in_person, name: Tent, from: 2024-09-28, until: 2024-10-05}]}
            not_known: [When]
            ---
            """,
        )
        town.at("2024-09-26 09:00").assert_told("Tent", "From September 28")
        told = town.at("2024-09-29 09:00")
        assert "Tent" in told.told("court")
        assert "Tent" not in town.at("2024-10-06 09:00").told("court").partition("What happened")[0]


class TestTimeOfDayThatNobodyKnows:
    """An update of which only the day is known, below one of that day with a time."""

    TOWN = "services: [{id: water, name: Water bill}]"
    POST = """
        ---
        title: Bills cannot be paid
        started: 2024-05-05 09:10
        services: {water: down}
        ---
        We are looking into it.

        ## 2024-05-05 Resolved
        services: {water: working}

        It works again.
        """

    def test_it_is_over_some_time_that_day(self, tmp_path: Path) -> None:
        told = make_town(tmp_path, self.TOWN, x=self.POST).at("2024-05-06 10:00")
        assert told.service("water").status is Status.WORKING
        told.assert_never("12:00 AM", "midnight", "9:11", "09:11", "11:59")
        (incident,) = told.board.incidents
        assert incident.ended is not None
        assert incident.ended.is_whole_day

    def test_it_comes_after_what_is_above_it_in_every_form(self, tmp_path: Path) -> None:
        told = make_town(tmp_path, self.TOWN, x=self.POST).at("2024-05-06 12:00")
        newest_first = ["It works again.", "We are looking into it."]
        for path in ("incidents/x/index.html", "feed.xml", "feed.atom", "feed.json", "archive/2024-05/index.html"):
            if path in told.forms:
                places = [told.forms[path].find(words) for words in newest_first]
                assert -1 in places or places == sorted(places), path

    def test_before_the_one_above_it_nobody_knew_of_either(self, tmp_path: Path) -> None:
        told = make_town(tmp_path, self.TOWN, x=self.POST).at("2024-05-05 08:00")
        assert told.board.incidents == ()

    def test_a_time_behind_it_goes_on(self, tmp_path: Path) -> None:
        post = f"{self.POST.rstrip()}\n\n        ## 2024-05-05 18:00\n        That was all.\n        "
        told = make_town(tmp_path, self.TOWN, x=post).at("2024-05-05 19:00")
        assert [update.id for update in told.board.incidents[0].updates] == [
            "2024-05-05-0910",
            "2024-05-05",
            "2024-05-05-1800",
        ]
