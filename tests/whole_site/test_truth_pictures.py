"""What the pictures say of a day on which something changed."""

import re
from pathlib import Path

from statusgen.history import last_days
from tests.support.telling import make_town
from tests.whole_site.test_truth_ties import post

SERVICES = "services: [{id: parks, name: Parks}, {id: bill, name: Bills}]"


def table(page: str) -> list[list[str]]:
    """Return the rows of the first table below the picture of a page."""
    rows = re.findall(r"<tr><td>(.*?)</tr>", page, re.DOTALL)
    return [[" ".join(re.sub(r"<[^>]*>", "", cell).split()) for cell in row.split("</td>")[:3]] for row in rows]


def test_the_day_on_which_a_service_came_back_was_checked(tmp_path: Path) -> None:
    first = "started: 2024-05-05 08:00\nservices: {parks: down}"
    town = make_town(tmp_path, SERVICES, x=post(first, "2024-05-20 15:00\nservices: {parks: working}"))
    page = town.city.files("2024-05-21 09:00")["services/parks/index.html"].decode()
    assert table(page) == [
        ["Not available", "May 5 to 12", "8"],
        ["Not checked", "May 13 to 19", "7"],
    ]
    told = town.at("2024-05-21 09:00")
    days = {each.day.day: each.mark.name for each in last_days(told.service("parks"), told.board, days=3)}
    assert days == {19: "unchecked", 20: "working", 21: "working"}


def test_a_day_on_which_it_got_better_in_part_says_so(tmp_path: Path) -> None:
    first = "started: 2024-05-05 08:00\nservices: {parks: down}"
    town = make_town(tmp_path, SERVICES, x=post(first, "2024-05-20 15:00\nservices: {parks: limited}"))
    rows = table(town.city.files("2024-05-21 09:00")["services/parks/index.html"].decode())
    assert [row[0] for row in rows] == ["Not available", "Not checked", "Partly working"]
    assert [row[2] for row in rows] == ["8", "7", "2"]


def test_a_day_on_which_somebody_had_said_that_it_is_down_stays_one(tmp_path: Path) -> None:
    first = "started: 2024-05-05 08:00\nservices: {parks: down}"
    town = make_town(tmp_path, SERVICES, x=post(first, "2024-05-08 15:00\nservices: {parks: working}"))
    rows = table(town.city.files("2024-05-09 09:00")["services/parks/index.html"].decode())
    assert [(row[0], row[2]) for row in rows] == [("Not available", "4")]


def test_nobody_said_anything_on_the_day_on_which_a_notice_ran_out(tmp_path: Path) -> None:
    notice = """
        ---
        title: The pool is closed
        kind: notice
        topic: closure
        started: 2024-05-05 08:00
        ends: 2024-05-20 15:00
        services: {parks: down}
        ---
    """
    town = make_town(tmp_path, SERVICES, x=notice)
    rows = table(town.city.files("2024-05-21 09:00")["services/parks/index.html"].decode())
    assert ["Not checked", "May 13 to 20", "8"] in rows
