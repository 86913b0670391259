"""Small sites, and what the data says of times: what was said, no more exactly than it was said."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from statusgen.history import last_days
from tests.support.sample_sites import Page
from tests.support.telling import Town, make_town

SERVICES = """
    services:
      - {id: parks, name: Parks}
      - {id: bill, name: Pay a bill, channels: [{kind: online}, {kind: mail}]}
"""
MONTHS = """
    ---
    title: Many city systems are switched off
    started: 2024-10-01 08:00
    services:
      parks: {status: down, since: 2024-08, expected: 2024-12}
      bill/online: {status: down, since: 2024-08}
    expected: {not_before: 2024-11, by: 2025-01}
    ---
    We are looking into it.
"""
WORK = """
    ---
    title: Pipes are renewed
    kind: maintenance
    posted: 2024-06-10 09:00
    starts: 2024-06-18
    ends: 2024-06-20
    services: {parks: maintenance}
    ---
    New pipes.
"""


def data(town: Town, moment: str, path: str) -> Any:
    return json.loads(town.city.files(moment)[path])


def days_down(town: Town, at: str) -> int:
    """Return on how many days the chart of the parks shows that they are not available."""
    told = town.at(at)
    return [day.mark.name for day in last_days(told.service("parks"), told.board)].count("down")


class TestMonths:
    """Of "since August", nobody said the first of August."""

    NOW = "2024-10-02 10:00"

    @pytest.fixture
    def town(self, tmp_path: Path) -> Town:
        return make_town(tmp_path, SERVICES, net=MONTHS)

    def test_no_form_has_a_day_for_it(self, town: Town) -> None:
        files = town.city.files(self.NOW)
        texts = {path: content.decode(errors="replace") for path, content in files.items()}
        days = ("2024-08-01", "2024-11-01", "2024-12-01", "2025-01-01", "August 1, 2024", "Aug 1, 2024")
        assert [(path, day) for path, text in texts.items() for day in days if day in text] == []

    def test_the_status_has_the_month(self, town: Town) -> None:
        parks, bill = data(town, self.NOW, "status.json")["services"]
        assert [parks["since"], bill["since"], bill["channels"][0]["since"]] == ["2024-08"] * 3
        assert [(each["not_before"], each["by"]) for each in parks["expected"]] == [("2024-12", "2024-12")]
        assert (parks["outage_expected"]["not_before"], parks["outage_expected"]["by"]) == ("2024-11", "2025-01")
        rows = csv.DictReader(io.StringIO(town.city.files(self.NOW)["services.csv"].decode("utf-8-sig")))
        assert [row["since"] for row in rows] == ["2024-08", "2024-08"]

    def test_the_incident_and_the_history_have_the_month(self, town: Town) -> None:
        incident = data(town, self.NOW, "incidents/net/incident.json")
        assert [each["since"] for each in incident["updates"][0]["reports"]] == ["2024-08", "2024-08"]
        assert [each["from"] for each in incident["holds"]] == ["2024-08", "2024-08"]
        assert {each["by"] for each in incident["estimates"]} == {"2024-12", "2025-01"}
        before, down = data(town, self.NOW, "history.json")["services"][0]["timeline"]
        assert (before["until"], down["from"]) == ("2024-08", "2024-08")

    def test_charts_count_from_when_it_was_sure_to_have_begun(self, town: Town) -> None:
        page = Page(town.city.files(self.NOW)["services/parks/index.html"].decode()).words
        assert "since August" in page
        assert days_down(town, self.NOW) == 33  # from the last day of August on
        assert "Began earlier; the day is not known" in town.city.page(self.NOW, "incidents/net/index.html").words

    def test_charts_count_from_the_report_in_the_month_itself(self, tmp_path: Path) -> None:
        town = make_town(tmp_path, SERVICES, net=MONTHS.replace("since: 2024-08", "since: 2024-10"))
        page = town.city.page("2024-10-03 10:00", "services/parks/index.html").words
        assert "since October" in page
        assert days_down(town, "2024-10-03 10:00") == 3


class TestDays:
    def test_nobody_counts_the_days_of_what_was_said_long_ago(self, tmp_path: Path) -> None:
        town = make_town(tmp_path, SERVICES, net=MONTHS.replace("since: 2024-08", "since: incident"))
        days = {}
        for moment in ("2024-10-02 10:00", "2024-12-02 10:00"):
            document = data(town, moment, "status.json")
            days[moment] = [document["day"], *(each["day"] for each in document["services"])]
        assert days == {"2024-10-02 10:00": [2, 2, 2], "2024-12-02 10:00": [None, None, None]}
        assert "Day " not in town.city.page("2024-12-02 10:00").words


class TestCharts:
    """What nobody spoke of for long is no day of trouble in a chart, and no service that does not work."""

    @pytest.fixture
    def town(self, tmp_path: Path) -> Town:
        services = "services: [{id: a, name: A}, {id: b, name: B}, {id: c, name: C}]"
        post = """
            ---
            title: Network
            started: 2024-05-01 08:00
            services: {a: down, b: down, c: down}
            ---
            All three.

            ## 2024-05-03 09:00
            services: {a: working}

            One is back.
        """
        return make_town(tmp_path, services, network=post)

    def test_they_count_what_was_said_lately(self, town: Town) -> None:
        page = town.city.page("2024-05-04 10:00", "incidents/network/index.html").words
        assert page.count("1 of them works again. 2 do not work as usual.") == 3
        assert "Not checked" not in page

    def test_they_count_apart_what_was_said_long_ago(self, town: Town) -> None:
        page = town.city.page("2024-06-04 10:00", "incidents/network/index.html").words
        assert page.count("1 of them works again. 2 services not working as usual when last checked.") == 3
        assert "do not work as usual" not in page
        assert "Not working as usual: 0 Working again: 1 Not checked: 2" in page

    def test_what_came_back_came_back_however_long_ago(self, tmp_path: Path) -> None:
        post = """
            ---
            title: Parks are closed
            started: 2024-05-01
            services: {parks: down}
            ---
            Closed.

            ## 2024-05-02 resolved

            Open again.
        """
        town = make_town(tmp_path, SERVICES, storm=post)
        assert "All of them work again." in town.city.page("2024-12-01", "incidents/storm/index.html").words


class TestCalendars:
    def test_advice_on_one_way_names_the_way(self, tmp_path: Path) -> None:
        post = """
            ---
            title: The payment site is down
            started: 2024-05-01
            services: {bill/online: {status: unknown, do: Do not pay a second time.}}
            next_update: 2024-05-03
            ---
            We are looking into it.
        """
        town = make_town(tmp_path, SERVICES, pay=post)
        text = town.city.files("2024-05-02")["calendar.ics"].decode().replace("\r\n ", "")
        assert "Pay a bill (Online): Do not pay a second time. (as of May 1\\, 2024)" in text

    def test_a_promise_that_was_kept_on_its_day_was_not_called_off(self, tmp_path: Path) -> None:
        post = """
            ---
            title: Parks are closed
            started: 2024-05-01
            services: {parks: down}
            next_update: 2024-05-03
            ---
            Closed.

            ## 2024-05-03

            Still closed.
        """
        town = make_town(tmp_path, SERVICES, storm=post)
        assert b"Next update" in town.city.files("2024-05-02")["calendar.ics"]
        assert b"Next update" not in town.city.files("2024-05-03")["calendar.ics"]


class TestLastDays:
    """Work that was said to last until June 20 lasted until June 20, in every form."""

    AFTER = "2024-06-22 10:00"

    @pytest.fixture
    def town(self, tmp_path: Path) -> Town:
        return make_town(tmp_path, SERVICES, repairs=WORK)

    def test_the_data_has_the_day_that_was_said(self, town: Town) -> None:
        before, work, after = data(town, self.AFTER, "history.json")["services"][0]["timeline"]
        assert (work["from"], work["until"], work["closed_by"]) == ("2024-06-18", "2024-06-20", None)
        assert (before["until"], after["from"]) == ("2024-06-17", "2024-06-21")
        (incident,) = data(town, self.AFTER, "history.json")["incidents"]
        assert (incident["started"], incident["ended"]) == ("2024-06-18", "2024-06-20")
        document = data(town, self.AFTER, "incidents/repairs/incident.json")
        for stretch in (*document["holds"], *document["windows"]):
            assert (stretch["from"], stretch["until"]) == ("2024-06-18", "2024-06-20")

    def test_the_charts_end_with_it(self, town: Town) -> None:
        for path in ("incidents/repairs/index.html", "services/parks/index.html"):
            page = town.city.page("2024-06-21 10:00", path).words
            assert "June 18 to 20" in page, path
        assert "June 21" not in town.city.page(self.AFTER, "incidents/repairs/index.html").words

    def test_nobody_said_that_it_works_again(self, town: Town) -> None:
        page = town.city.page(self.AFTER, "incidents/repairs/index.html").words
        assert "1 service was affected." in page
        assert "work again" not in page
        assert "works again" not in page

    def test_a_day_on_which_an_update_ended_it_is_that_day(self, tmp_path: Path) -> None:
        post = """
            ---
            title: Parks are closed
            started: 2024-06-18
            services: {parks: down}
            ---
            Closed.

            ## 2024-06-20 resolved

            Open again.
        """
        town = make_town(tmp_path, SERVICES, storm=post)
        _, down, working = data(town, self.AFTER, "history.json")["services"][0]["timeline"]
        assert (down["until"], working["from"]) == ("2024-06-20", "2024-06-20")
        assert down["closed_by"]["update"] == "2024-06-20"


class TestStartsKnownOnlyAsBefore:
    """Of "before 8 AM on Monday", nobody said that it began then: each form says so as its standard can."""

    POST = """
        ---
        title: Bills cannot be paid
        started: 2024-05-06 08:00
        posted: 2024-05-06 09:00
        services: {bill/online: {status: down, started_before: 2024-05-06 08:00}}
        not_known: [Why]
        ---
        We are looking.
    """
    ALERTS = "alerts: {sender: city@t.example, area: T}"
    NOW = "2024-05-09 10:00"

    @pytest.fixture
    def town(self, tmp_path: Path) -> Town:
        return make_town(tmp_path, SERVICES, self.ALERTS, net=self.POST)

    def test_the_data_says_before(self, town: Town) -> None:
        for path, name in (("status.json", "incidents"), ("history.json", "incidents")):
            (incident,) = data(town, self.NOW, path)[name]
            assert (incident["started"], incident["began_before"]) == ("2024-05-06T08:00:00-05:00", True)
        assert data(town, self.NOW, "incidents/net/incident.json")["incident"]["began_before"] is True
        assert data(town, self.NOW, "status.json")["day"] is None
        rows = csv.DictReader(io.StringIO(town.city.files(self.NOW)["services.csv"].decode("utf-8-sig")))
        row = next(each for each in rows if each["id"] == "bill")
        assert row["since_before"] == "TRUE"

    def test_the_statuspage_api_has_the_time_of_the_first_update(self, town: Town) -> None:
        (incident,) = data(town, self.NOW, "api/v2/incidents.json")["incidents"]
        assert incident["started_at"] == incident["created_at"] == "2024-05-06T09:00:00.000-05:00"

    def test_alerts_have_no_onset(self, town: Town) -> None:
        alerts = {path: text for path, text in town.city.files(self.NOW).items() if path.startswith("alerts/")}
        assert alerts
        assert [path for path, text in alerts.items() if b"<onset>" in text] == []

    def test_no_page_counts_days_or_names_a_first_day(self, town: Town) -> None:
        told = town.at(self.NOW)
        told.assert_never("Day 4", "since Mon, May 6, 8 AM", "It began on")
        told.assert_told("since before Mon, May 6, 8 AM")
        archive = Page(town.city.files(self.NOW)["archive/2024/05/index.html"].decode()).words
        assert "Since before Mon, May 6, 8 AM" in archive

    def test_the_archive_says_until_when(self, tmp_path: Path) -> None:
        town = make_town(tmp_path, SERVICES, net=f"{self.POST}\n        ## 2024-05-08 12:00 Resolved\n")
        archive = Page(town.city.files(self.NOW)["archive/2024/05/index.html"].decode()).words
        assert "Before May 6, 2024, 8 AM CDT, until May 8, 2024" in archive
