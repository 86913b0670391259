"""What was found by reading outages page by page: small sites, and what they must and must not say."""

from pathlib import Path

from statusgen.board.model.spans import StartTime
from statusgen.model.statuses import Status
from tests.support.sample_sites import Page
from tests.support.telling import make_town

PAY = """
    services:
      - id: bill
        name: Pay a bill
        channels:
          - {id: online, kind: online}
          - {id: autopay, kind: automatic, name: Autopay}
          - {id: kiosk, kind: in_person, name: Kiosk, address: 5 Oak Street}
          - {id: desk, kind: in_person, name: Desk}
      - {id: b, name: Permits}
"""


class TestNotKnown:
    POST = """
        ---
        title: The network is down
        started: 2024-05-05 08:00
        services: {bill/online: down, bill/autopay: unknown, bill/kiosk: unknown, bill/desk: working}
        not_known: [When]
        ---
        ## 2024-05-06 08:00
        services:
          bill/online: working
          bill/autopay: %s
          bill/kiosk: unknown
    """

    def test_what_nobody_knows_does_not_stand_among_what_does_not_work(self, tmp_path: Path) -> None:
        told = make_town(tmp_path, PAY, x=self.POST % "unknown").at("2024-05-06 09:00")
        page = told.told("bill")
        assert "What does not work" not in page
        assert "Not confirmed Kiosk: Not known yet, said Mon, May 6" in page
        assert "? Kiosk: Not known yet, said Mon, May 6, 8 AM, 5 Oak Street." in told.text
        told.assert_told(page=["Pay a billNot known yet: Autopay, KioskOnline."], text=["1 not known yet"])
        assert "Not working as usual" not in told.text + told.forms["index.html"] + told.forms["poster/index.html"]
        assert told.text.index("Not known yet:") < told.text.index("Pay a bill")

    def test_long_ago_the_ways_are_still_named(self, tmp_path: Path) -> None:
        told = make_town(tmp_path, PAY, x=self.POST % "unknown").at("2024-06-20")
        words = "Not known when last checked, Mon, May 6, 8 AM: Autopay, Kiosk"
        assert words in told.text
        assert words in told.told("bill")

    def test_what_was_not_known_may_have_begun_earlier(self, tmp_path: Path) -> None:
        told = make_town(tmp_path, PAY, x=self.POST % "{status: down, started_before: 2024-05-06}").at("2024-05-06")
        assert "Autopay: Not available, since before Mon, May 6" in told.text

    def test_without_a_word_on_that_it_was_reported_then(self, tmp_path: Path) -> None:
        told = make_town(tmp_path, PAY, x=self.POST % "down").at("2024-05-06")
        since = next(way.since for way in told.service("bill").channels if way.channel.id == "autopay")
        assert isinstance(since, StartTime)
        assert since.is_report
        assert "Autopay: Not available, reported Mon, May 6" in told.text
        assert "(Autopay): Not available (before: Not known yet)" in told.text


class TestTheDay:
    def test_it_counts_what_was_spoken_of_lately(self, tmp_path: Path) -> None:
        services = "services: [{id: a, name: A}, {id: b, name: B}, {id: c, name: C}]"
        old = "---\ntitle: Old outage\nstarted: 2024-05-05\nservices: {a: down, b: down}\nnot_known: [When]\n---"
        new = "---\ntitle: New outage\nstarted: 2024-06-01\nservices: {c: down}\nnot_known: [When]\n---"
        told = make_town(tmp_path, services, old=old, new=new).at("2024-06-03")
        told.assert_told(
            page=["1 service is not working as usual Day 3 since this began: New outage."],
            text=["Day 3 since this began: New outage. 1 service is not working as usual."],
        )
        told.assert_never("Day 30")


class TestWaysForTheTimeBeing:
    POST = """
        ---
        title: The network is down
        started: 2024-05-05 08:00
        services:
          b:
            status: down
            channels:
              - {id: tent, kind: in_person, name: Tent, address: 9 Elm Street}
              - {id: bus, kind: other, name: Office bus, until: 2024-06-30}
              - {id: hall, kind: in_person, name: Town hall, from: 2024-05-20}
        not_known: [When]
        ---
    """

    def test_one_without_an_end_is_told_as_past_after_a_while(self, tmp_path: Path) -> None:
        told = make_town(tmp_path, PAY, x=self.POST).at("2024-05-14")
        assert "+ Office bus, Until Sun, June 30" in told.text
        assert "? Tent: Working when last checked, Sun, May 5" in told.text

    def test_one_that_opens_later_is_counted_from_then(self, tmp_path: Path) -> None:
        town = make_town(tmp_path, PAY, x=self.POST)
        assert "+ Town hall" in town.at("2024-05-22").text
        assert "? Town hall: Working when last checked" in town.at("2024-05-29").text
        change = town.at("2024-05-22").board.next_change
        assert change
        assert change <= town.city.moment("2024-05-28 00:00")

    def test_one_that_will_open_is_announced_where_a_service_works_too(self, tmp_path: Path) -> None:
        post = self.POST.replace("status: down", "status: working")
        told = make_town(tmp_path, PAY, x=post).at("2024-05-06")
        told.assert_told("Town hall: From Mon, May 20.")


class TestTheOnlyWay:
    SERVICES = """
        services:
          - {id: power, name: Power, channels: [{id: report, kind: phone, name: Report an outage, phone: 555-0171}]}
    """

    def test_a_word_on_it_takes_none_from_the_service(self, tmp_path: Path) -> None:
        post = """
            ---
            title: Power is out
            started: 2024-05-05 08:00
            services: {power: limited, power/report: working}
            not_known: [When]
            ---
            ## 2024-05-06 08:00
            services: {power: working}
        """
        town = make_town(tmp_path, self.SERVICES, x=post)
        told = town.at("2024-05-05 09:00")
        assert told.service("power").status is Status.LIMITED
        assert "+ Report an outage" in told.text
        told.assert_never("Power: Working")
        assert town.at("2024-05-06 09:00").service("power").status is Status.WORKING


class TestPartsOfAService:
    def test_that_it_works_in_parts_is_dated_by_the_word_that_made_it_so(self, tmp_path: Path) -> None:
        post = """
            ---
            title: The network is down
            started: 2024-05-05 08:00
            services: {bill: down}
            not_known: [When]
            ---
            ## 2024-05-09 08:00
            services: {bill/desk: working}
        """
        told = make_town(tmp_path, PAY, x=post).at("2024-06-20")
        assert "Partly working when last checked, Thu, May 9" in told.text
        assert "Partly working when last checked, Sun, May 5" not in told.text
        assert "- Kiosk: Not available when last checked, Sun, May 5" in told.text

    def test_the_ways_that_stayed_open_are_back_with_the_rest(self, tmp_path: Path) -> None:
        post = """
            ---
            title: The portal is down
            started: 2024-05-05 08:00
            services: {bill/online: down, bill/desk: working}
            not_known: [When]
            ---
            ## 2024-05-09 08:00 Resolved
            services: {bill: working}
        """
        other = "---\ntitle: Other\nstarted: 2024-05-04\nservices: {b: down}\nnot_known: [When]\n---"
        told = make_town(tmp_path, PAY, x=post, y=other).at("2024-06-01")
        assert "Pay a bill: Back since Thu, May 9, 8 AM, nothing said since." in told.text
        told.assert_never("Nothing said yet: Pay a bill")


class TestEstimateOfAWay:
    def test_it_names_the_way(self, tmp_path: Path) -> None:
        post = """
            ---
            title: The portal is down
            started: 2024-05-05 08:00
            services:
              bill/online: {status: down, expected: {by: 2024-05-08}}
            not_known: [When]
            ---
        """
        told = make_town(tmp_path, PAY, x=post).at("2024-05-06")
        assert "Online: Expected back by Wed, May 8." in told.text
        assert "Expected backOnline: By Wed, May 8." in told.told("bill")

    def test_once_it_is_back_nothing_is_made_of_it(self, tmp_path: Path) -> None:
        post = """
            ---
            title: The portal is down
            started: 2024-05-05 08:00
            services:
              b: {status: down, expected: {not_before: 2024-05-08}}
            not_known: [When]
            ---
            ## 2024-05-07 08:00
            services: {b: catching_up}
        """
        town = make_town(tmp_path, PAY, x=post)
        assert "Not expected back before Wed, May 8." in town.at("2024-05-06").text
        town.at("2024-05-07 09:00").assert_never("Not back to normal before", "efore Wed, May 8")


class TestTwoIncidents:
    def test_that_it_worked_before_the_problem_is_no_contrary_word(self, tmp_path: Path) -> None:
        first = (
            "---\ntitle: Network\nstarted: 2024-05-05 08:00\nservices: {a: down, b: working}\nnot_known: [When]\n---"
        )
        second = "---\ntitle: Flood\nstarted: 2024-05-07 08:00\nservices: {b: down}\nnot_known: [When]\n---"
        services = "services: [{id: a, name: A}, {id: b, name: B}]"
        town = make_town(tmp_path, services, network=first, flood=second)
        assert not town.at("2024-05-07 09:00").service("b").contrary_words


class TestWordsSaidAgain:
    def test_no_translation_is_asked_for_twice(self, tmp_path: Path) -> None:
        first = """
            ---
            title: {en: Court is closed, es: Cerrado}
            started: 2024-05-05 08:00
            services:
              b: {status: down, do: {en: Bring cash., es: Lleve efectivo.}}
            not_known: [{en: When, es: Cuándo}]
            ---
            ## 2024-05-06 08:00
            services:
              b: {status: limited, do: Bring cash.}
        """
        told = make_town(tmp_path, PAY, site="languages: [en, es]", x=first).at("2024-05-06 09:00")
        assert not [what for _, what in told.advice_named("untranslated") if "Bring cash" in what]
        assert "Lleve efectivo." in told.forms["es/index.html"]


class TestLists:
    def test_one_that_later_updates_left_as_it_was_carries_its_date(self, tmp_path: Path) -> None:
        post = """
            ---
            title: The network is down
            started: 2024-05-05 08:00
            services: {b: down}
            not_known: [When]
            doing: [We look into it]
            ---
            ## 2024-05-09 08:00
            services: {b: down}
            not_known: [When it is back]
        """
        told = make_town(tmp_path, PAY, x=post).at("2024-05-10")
        assert "What we know, what we do not know yet, and what we are doing" in told.forms["index.html"]
        page = Page(told.city.files(told.at)["incidents/x/index.html"].decode()).words
        assert "What we are doing (as of Sun, May 5, 8 AM) We look into it" in page
        assert "What we do not know yet When it is back" in page


class TestLapsedAdvice:
    def test_none_is_missed_where_the_whole_service_works_again(self, tmp_path: Path) -> None:
        post = """
            ---
            title: The network is down
            started: 2024-05-05 08:00
            services:
              b: {status: down, do: Call 311.}
              bill: {status: limited, do: Come to the desk.}
            not_known: [When]
            ---
            ## 2024-05-06 08:00
            services: {b: working, bill/online: down, bill: catching_up}
        """
        told = make_town(tmp_path, PAY, x=post).at("2024-05-06 09:00")
        told.assert_never("Call 311.", "Come to the desk.")
        assert [what for _, what in told.advice_named("lapsed") if "Call 311." in what] == []
        assert [what for _, what in told.advice_named("lapsed") if "Come to the desk." in what]
