"""Whom a waiver is for, if it does not say so."""

from pathlib import Path

from tests.support.telling import make_town
from tests.whole_site.test_truth_ties import post

SERVICES = "services: [{id: parks, name: Parks}, {id: bill, name: Bills}, {id: desk, name: Licenses}]"
FIRST = "started: 2024-05-05 08:00\nservices: {parks: down}"
WAIVER = "2024-05-06 08:00\nwaivers: [{id: fees, what: No late fees}]"


def test_a_waiver_is_not_for_what_is_named_later(tmp_path: Path) -> None:
    later = "2024-05-07 08:00\nservices: {bill: down}"
    told = make_town(tmp_path, SERVICES, x=post(FIRST, WAIVER, later)).at("2024-05-08 09:00")
    assert "No late fees" in told.told("parks")
    assert "No late fees" not in told.told("bill")
    assert "No late fees. From Mon, May 6. Parks" in told.forms["deadlines/index.html"]


def test_a_waiver_is_for_all_that_its_own_update_and_those_before_it_named(tmp_path: Path) -> None:
    back = "2024-05-05 12:00\nservices: {parks: working}"
    with_a_service = f"{WAIVER}\nservices: {{bill: down}}"
    told = make_town(tmp_path, SERVICES, x=post(FIRST, back, with_a_service)).at("2024-05-08 09:00")
    assert "No late fees" in told.told("parks")
    assert "No late fees" in told.told("bill")
    assert "No late fees" not in told.told("desk")


def test_a_new_date_of_a_waiver_makes_it_for_nobody_else(tmp_path: Path) -> None:
    later = "2024-05-07 08:00\nservices: {bill: down}\nwaivers: [{id: fees, until: 2024-06-30}]"
    told = make_town(tmp_path, SERVICES, x=post(FIRST, WAIVER, later)).at("2024-05-08 09:00")
    assert "From May 6 to June 30" in told.told("parks")
    assert "No late fees" not in told.told("bill")
    added = "2024-05-09 08:00\nwaivers: [{id: fees, services: [parks, bill]}]"
    told = make_town(tmp_path / "named", SERVICES, x=post(FIRST, WAIVER, later, added)).at("2024-05-09 09:00")
    assert "No late fees" in told.told("bill")


def test_a_waiver_from_before_any_service_was_named_stands_with_the_post(tmp_path: Path) -> None:
    first = "started: 2024-05-05 08:00\nscope: wider\nwaivers: [{id: fees, what: No late fees}]"
    town = make_town(tmp_path, SERVICES, x=post(first, "2024-05-07 08:00\nservices: {bill: down}"))
    told = town.at("2024-05-08 09:00")
    assert "No late fees" not in told.told("bill")
    assert "No late fees" in told.forms["deadlines/index.html"]
    assert "No late fees" in town.city.files("2024-05-08 09:00")["incidents/x/index.html"].decode()
