"""`statusgen status --json`: the Board's facts for programs, as Kansas City stood on 15 May 2024."""

import json
from typing import Any

import pytest

from statusgen.outputs import summary
from tests.cities import KANSAS_CITY


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(summary.as_json(KANSAS_CITY.board("2024-05-15")))
    return found


def entry(entries: list[dict[str, Any]], id: str) -> dict[str, Any]:
    (found,) = [each for each in entries if each["id"] == id]
    return found


def test_it_says_what_it_is_and_when_it_was_true(document: dict[str, Any]) -> None:
    assert document["version"] == 1
    assert document["demonstration"] is True
    assert document["at"] == "2024-05-15T23:59:00-05:00"
    assert document["next_change"] == "2024-05-16T00:00:00-05:00"
    assert (document["day"], document["problems"], document["total"]) == (12, 14, 21)
    assert document["sentence"].startswith("Day 12. 14 of 21 services")


def test_every_way_to_pay_a_water_bill_has_its_status(document: dict[str, Any]) -> None:
    water = entry(document["services"], "water-bill")
    assert (water["status"], water["since"], water["since_before"]) == ("limited", "2024-05-06", False)
    assert {way["id"]: way["status"] for way in water["channels"]} == {
        "online": "down",
        "phone": "down",
        "autopay": "down",
        "kiosk": "down",
        "counter": "working",
    }
    assert water["waivers"] == ["water-late-penalties", "water-shutoffs", "water-grace"]


def test_what_is_not_known_is_null_or_marked(document: dict[str, Any]) -> None:
    permits = entry(document["services"], "permits")
    assert (permits["since"], permits["since_before"], permits["day"]) == ("2024-05-15", True, None)
    assert [said["unknown"] for said in permits["expected"]] == [True]
    assert entry(document["services"], "emergency-response")["since"] is None


def test_waivers_have_dates_or_words_for_their_end(document: dict[str, Any]) -> None:
    assert entry(document["waivers"], "water-grace")["until"] == "2024-06-14"
    assert entry(document["waivers"], "water-shutoffs")["until"] == "online payment works again"


def test_incidents_say_what_is_known_and_what_is_not(document: dict[str, Any]) -> None:
    network = entry(document["incidents"], "2024-05-04-city-network")
    assert (network["state"], network["phase"], network["ended"]) == ("investigating", "open", None)
    assert "Whether data on city servers was affected" in network["not_known"]
