"""Ways for the time being: changed by their ids, ended, and opened again."""

from pathlib import Path

import pytest

from tests.support.telling import Telling, Town, make_town

SERVICES = """
    services:
      - {id: fees, name: Court fees, channels: [{kind: online}]}
"""
OPENED = """
    ---
    title: Court fees cannot be paid online
    started: 2024-05-05 08:00
    services:
      fees/online: down
      fees: {channels: [{id: desk, kind: in_person, name: The desk, address: City Hall, hours: 9 to 4}]}
    ---
"""


def court(folder: Path, *updates: str) -> Town:
    return make_town(folder, SERVICES, x=OPENED + "".join(f"    ## {update}\n" for update in updates))


def desk(told: Telling) -> tuple[str, str | None] | None:
    """Return the kind and the hours of the desk, if it is there."""
    for each in told.service("fees").channels:
        if each.channel.id == "desk":
            return each.channel.kind.value, str(each.channel.hours.in_language("en")) if each.channel.hours else None
    return None


@pytest.mark.parametrize("entry", ["{id: desk, hours: 10 to 2}", "{hours: 10 to 2, id: desk}"])
def test_a_later_entry_changes_the_way_with_its_id_and_need_not_name_its_kind(tmp_path: Path, entry: str) -> None:
    town = court(tmp_path, f"2024-05-06 08:00\n    services: {{fees: {{channels: [{entry}]}}}}")
    assert desk(town.at("2024-05-05 12:00")) == ("in_person", "9 to 4")
    told = town.at("2024-05-06 12:00")
    assert desk(told) == ("in_person", "10 to 2")
    told.assert_told("City Hall")
    told.assert_never("9 to 4")


def test_a_way_that_ended_by_the_clock_is_opened_again(tmp_path: Path) -> None:
    town = court(
        tmp_path,
        "2024-05-06 08:00\n    services: {fees: {channels: [{id: desk, until: 2024-05-06 16:00}]}}",
        "2024-05-08 08:00\n    services: {fees: {channels: [{id: desk, until: 2024-05-09 16:00}]}}",
    )
    moments = ["05-06 12:00", "05-06 17:00", "05-08 07:00", "05-08 09:00", "05-09 17:00"]
    found = [desk(town.at(f"2024-{moment}")) is not None for moment in moments]
    assert found == [True, False, False, True, False]


def test_a_way_that_ended_because_all_worked_again_is_opened_again(tmp_path: Path) -> None:
    town = court(
        tmp_path,
        "2024-05-06 08:00\n    services: {fees: working}",
        "2024-05-08 08:00\n    services: {fees/online: down, fees: {channels: [{id: desk, bring: Your notice}]}}",
    )
    assert desk(town.at("2024-05-07 12:00")) is None
    told = town.at("2024-05-08 12:00")
    assert desk(told) == ("in_person", "9 to 4")
    told.assert_told("City Hall", "Your notice")


def test_an_end_that_is_put_in_the_past_opens_nothing(tmp_path: Path) -> None:
    town = court(
        tmp_path,
        "2024-05-06 08:00\n    services: {fees: {channels: [{id: desk, until: 2024-05-06 16:00}]}}",
        "2024-05-07 08:00\n    services: {fees: {channels: [{id: desk, until: 2024-05-06 12:00}]}}",
    )
    assert desk(town.at("2024-05-07 12:00")) is None


def test_what_is_so_at_a_usual_way_for_now_ends_at_its_time(tmp_path: Path) -> None:
    services = SERVICES.replace("{kind: online}", "{kind: in_person, address: City Hall, hours: 9 to 4}")
    change = "fees/in_person: {status: differently, hours: 10 to 2, until: 2024-05-06 12:00}"
    town = make_town(tmp_path, services, x=OPENED.split("fees/online")[0] + change + "\n    ---\n")
    town.at("2024-05-06 11:00").assert_told("10 to 2")
    after = town.at("2024-05-06 13:00").service("fees").channels[0]
    assert str(after.channel.hours.in_language("en") if after.channel.hours else "") == "9 to 4"
