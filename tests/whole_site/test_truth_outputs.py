"""Small sites, and what the forms for programs must and must not say of them: nothing that nobody said."""

import json
from pathlib import Path

from tests.support.telling import Town, make_town

SERVICES = """
    services:
      - {id: a, name: 911 calls, essential: true}
      - {id: bill, name: Pay a bill, channels: [{kind: online}, {kind: mail}]}
"""
ALERTS = "alerts: {sender: status@t.example, area: Town, codes: {SAME: '017167'}}"


def files_of(town: Town, moment: str) -> dict[str, str]:
    return {
        path: content.decode()
        for path, content in town.city.files(moment).items()
        if path.endswith((".html", ".txt", ".json", ".xml", ".rss", ".atom", ".svg", ".csv"))
    }


def storm(folder: Path, services: str, more: str = "", updates: str = "", site: str = "") -> Town:
    post = f"""---
title: Many city systems are switched off
started: 2024-05-05 08:00
services: {services}
not_known: [When]
{more}---
{updates}"""
    (folder / "incidents").mkdir(parents=True, exist_ok=True)
    town = make_town(folder, SERVICES, site)
    (folder / "incidents" / "x.md").write_text(post, encoding="utf-8")
    return town


class TestStatuspage:
    def test_an_open_incident_is_never_all_operational(self, tmp_path: Path) -> None:
        files = files_of(storm(tmp_path, "{a: working}"), "2024-05-05 09:00")
        status = json.loads(files["api/v2/status.json"])["status"]
        assert status == {"indicator": "minor", "description": "Many city systems are switched off"}
        (incident,) = json.loads(files["api/v2/incidents/unresolved.json"])["incidents"]
        assert incident["impact"] == "minor"
        assert incident["incident_updates"][0]["affected_components"] is None

    def test_a_way_that_is_shut_says_not_that_all_is(self, tmp_path: Path) -> None:
        files = files_of(storm(tmp_path, "{bill/online: down}"), "2024-05-05 09:00")
        components = json.loads(files["api/v2/components.json"])["components"]
        assert [each["status"] for each in components] == ["operational", "partial_outage"]

    def test_what_no_status_of_a_component_says_stands_in_its_description(self, tmp_path: Path) -> None:
        town = storm(tmp_path, "{bill/online: down}")
        for moment, words in (
            ("2024-05-05 09:00", [None, "No problem reported."]),
            ("2024-06-05 09:00", ["Not available: Online when last checked, May 5, 2024, 8 AM CDT."]),
        ):
            components = json.loads(files_of(town, moment)["api/v2/components.json"])["components"]
            told = [each["description"] for each in components]
            assert [each for each in words if each not in told] == [], told

    def test_all_is_operational_only_if_somebody_said_so(self, tmp_path: Path) -> None:
        over = "\n## 2024-05-06 09:00 resolved\n\nAll is well.\n"
        files = files_of(storm(tmp_path, "{bill: down}", updates=over), "2024-05-06 10:00")
        status = json.loads(files["api/v2/status.json"])["status"]
        assert status == {"indicator": "none", "description": "No problems reported"}


class TestBadges:
    def test_what_was_said_long_ago_is_neither_green_nor_red(self, tmp_path: Path) -> None:
        files = files_of(storm(tmp_path, "{a: working, bill: down}"), "2024-06-05 09:00")
        for id in ("a", "bill"):
            badge = json.loads(files[f"services/{id}/badge.json"])
            assert badge["color"] == "#4a5058"
            assert "when last checked, May 5, 2024" in badge["message"]
        assert json.loads(files["badge.json"])["color"] != "#1a6b35"

    def test_an_open_incident_is_not_green(self, tmp_path: Path) -> None:
        files = files_of(storm(tmp_path, "{a: working, bill: catching_up}"), "2024-05-05 09:00")
        assert json.loads(files["badge.json"])["color"] == "#7a4a00"


class TestAlerts:
    def test_nobody_said_how_bad_it_is(self, tmp_path: Path) -> None:
        files = files_of(storm(tmp_path, "{a: working}", site=ALERTS), "2024-05-05 09:00")
        (alert,) = [text for path, text in files.items() if path.startswith("alerts/")]
        assert "<severity>Unknown</severity>" in alert
        assert "<certainty>Unknown</certainty>" in alert

    def test_advice_for_everybody_comes_first(self, tmp_path: Path) -> None:
        town = storm(tmp_path, "{bill: {status: down, do: Wait.}}", "do: Boil tap water for one minute.\n", site=ALERTS)
        files = files_of(town, "2024-05-05 09:00")
        (alert,) = [text for path, text in files.items() if path.startswith("alerts/")]
        assert "<instruction>Boil tap water for one minute." in alert
        for path in ("feed.json", "incidents/x/sms.txt", "status.json", "incidents/x/incident.json"):
            assert "Boil tap water for one minute." in files[path], path

    def test_advice_that_is_older_than_the_last_word_has_its_date(self, tmp_path: Path) -> None:
        town = storm(
            tmp_path,
            "{bill: {status: limited, do: Bring cash.}}",
            updates="\n## 2024-05-06 09:00\nservices:\n  bill: down\n\nWorse.\n",
            site=ALERTS,
        )
        files = files_of(town, "2024-05-06 10:00")
        first, second = sorted(text for path, text in files.items() if path.startswith("alerts/"))
        assert "Bring cash. (as of May" in second or "Bring cash. (as of May" in first
        assert ("Bring cash. (as of May" in second) != ("Bring cash. (as of May" in first)

    def test_what_an_update_does_not_say_again_has_its_date_whatever_it_is_about(self, tmp_path: Path) -> None:
        town = storm(
            tmp_path,
            "{bill: {status: limited, do: Bring cash., where: City Hall}}",
            "do: Boil tap water.\n",
            updates="\n## 2024-05-06 09:00\n\nStill looking.\n\n## 2024-05-07 09:00\nunchanged: true\n\nStill so.\n",
            site=ALERTS,
        )
        files = files_of(town, "2024-05-07 10:00")
        told = {path[-19:]: text for path, text in files.items() if path.startswith("alerts/")}
        for words in ("Bring cash.", "City Hall.", "Boil tap water."):
            dated = [path for path, text in sorted(told.items()) if f"{words} (as of May 5, 2024" in text]
            assert dated == ["2024-05-06-0900.xml"], words


class TestFeeds:
    def test_an_update_that_names_no_service_concerns_all_that_its_incident_holds(self, tmp_path: Path) -> None:
        town = storm(
            tmp_path,
            "{bill/online: down}",
            updates="\n## 2024-05-06 09:00\n\nCard numbers may have been taken.\n",
        )
        items = json.loads(files_of(town, "2024-05-06 10:00")["services/bill/feed.json"])["items"]
        assert "Card numbers may have been taken." in items[0]["content_text"]
        assert items[0]["tags"] == ["Pay a bill"]

    def test_a_promise_that_was_kept_late_is_marked(self, tmp_path: Path) -> None:
        town = storm(
            tmp_path,
            "{bill: down}",
            "next_update: 2024-05-05 12:00\n",
            updates="\n## 2024-05-06 09:00\n\nStill looking.\n",
        )
        files = files_of(town, "2024-05-06 10:00")
        late = "It came late."
        assert late in files["incidents/x/index.html"]
        assert late in json.loads(files["feed.json"])["items"][0]["content_text"]
        updates = json.loads(files["incidents/x/incident.json"])["updates"]
        assert [each["late_for"] for each in updates] == [None, "2024-05-05T12:00:00-05:00"]


class TestData:
    def test_what_was_only_reported_says_so(self, tmp_path: Path) -> None:
        town = storm(tmp_path, "{bill: down}", updates="\n## 2024-05-08 09:00\nservices:\n  a: down\n\nThis, too.\n")
        files = files_of(town, "2024-05-08 10:00")
        a, bill = json.loads(files["status.json"])["services"]
        assert [each["since_reported"] for each in (a, bill)] == [True, False]
        assert [each["day"] for each in (a, bill)] == [None, 4]
        last = json.loads(files["history.json"])["services"][0]["timeline"][-1]
        assert last["from_reported"] is True
        assert last["said"] == ["2024-05-08T09:00:00-05:00"]

    def test_the_four_things(self, tmp_path: Path) -> None:
        files = files_of(storm(tmp_path, "{bill/online: down}"), "2024-05-05 09:00")
        document = json.loads(files["status.json"])
        assert [document[key] for key in ("problems", "unknown", "not_said")] == [1, 0, 1]
        a, bill = document["services"]
        assert (a["status"], a["standing"], a["checked"]) == ("not_said", "No problem reported", None)
        assert (bill["status"], bill["status_channels"]) == ("partly_down", ["online"])
        assert [each["open"] for each in bill["channels"]] == [False, False]
        assert [each["standing"] for each in bill["channels"]][1] == "Not confirmed"


class TestWaivers:
    def test_one_that_has_ended_stays_on_the_page_of_its_service(self, tmp_path: Path) -> None:
        waiver = "waivers: [{id: fees, services: [bill], what: No late fees, from: 2024-05-06, until: 2024-05-17}]\n"
        files = files_of(storm(tmp_path, "{bill: down}", waiver), "2024-06-05 09:00")
        for path in ("services/bill/index.html", "deadlines/index.html"):
            assert "Waivers that have ended" in files[path], path
            assert "No late fees." in files[path], path
        assert "No late fees" not in files["index.html"] + files["services/a/index.html"]
