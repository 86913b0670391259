"""What the pictures say of a day on which something changed."""

import re
from pathlib import Path

from statusgen.history import last_days
from tests.support.telling import make_town
from tests.whole_site.test_truth_ties import post

SERVICES = "services: [{id: parks, name: Parks}, {id: bill, name: Bills}]"


def table(page: str) -> list[list[str]]:
    """Return what the picture of a service says of it as a whole in words: each status, and when."""
    row = re.search(r"<th scope=\"row\">Service as a whole</th>.*?</tr>", page, re.DOTALL)
    assert row
    lines = row[0].split("</td>")[1].split("<br>")
    plain = (" ".join(re.sub(r" \(<a [^>]*>[^<]*</a>\)|<[^>]*>", "", line).split()) for line in lines)
    return [line.split(": ") for line in plain]


def test_the_day_on_which_a_service_came_back_was_checked(tmp_path: Path) -> None:
    first = "started: 2024-05-05 08:00\nservices: {parks: down}"
    town = make_town(tmp_path, SERVICES, x=post(first, "2024-05-20 15:00\nservices: {parks: working}"))
    page = town.city.files("2024-05-21 09:00")["services/parks/index.html"].decode()
    assert table(page) == [
        ["Not available", "May 5 to 12"],
        ["Not checked", "May 13 to 19"],
        ["Working", "since Mon, May 20, 3 PM"],
    ]
    told = town.at("2024-05-21 09:00")
    days = {each.day.day: each.mark.name for each in last_days(told.service("parks"), told.board, days=3)}
    assert days == {19: "unchecked", 20: "working", 21: "working"}


def test_a_day_on_which_it_got_better_in_part_says_so(tmp_path: Path) -> None:
    first = "started: 2024-05-05 08:00\nservices: {parks: down}"
    town = make_town(tmp_path, SERVICES, x=post(first, "2024-05-20 15:00\nservices: {parks: limited}"))
    rows = table(town.city.files("2024-05-21 09:00")["services/parks/index.html"].decode())
    assert [row[0] for row in rows] == ["Not available", "Not checked", "Partly working"]
    assert rows[0][1] == "May 5 to 12"


def test_a_day_on_which_somebody_had_said_that_it_is_down_stays_one(tmp_path: Path) -> None:
    first = "started: 2024-05-05 08:00\nservices: {parks: down}"
    town = make_town(tmp_path, SERVICES, x=post(first, "2024-05-08 15:00\nservices: {parks: working}"))
    rows = table(town.city.files("2024-05-09 09:00")["services/parks/index.html"].decode())
    assert rows == [
        ["Not available", "Sun, May 5, 8 AM to Wed, May 8, 3 PM"],
        ["Working", "since Wed, May 8, 3 PM"],
    ]


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
    assert ["Not checked", "May 13 to 20"] in rows


def test_on_the_day_of_a_change_the_words_of_a_picture_say_how_it_stands_now(tmp_path: Path) -> None:
    first = "started: 2024-05-05 08:00\nservices: {parks: down, bill: down}"
    last = "2024-05-07 10:00\nservices: {parks: limited, bill: working}"
    town = make_town(tmp_path, SERVICES, x=post(first, last))

    def words(at: str) -> list[str]:
        page = town.city.files(at)["incidents/x/index.html"].decode()
        cells = re.findall(r"<td>([^<].*?)</td></tr>", page[page.index('id="days"') :])
        return [" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in cells]

    until = "Not available: Sun, May 5, 8 AM to Tue, May 7, 10 AM"
    assert words("2024-05-07 09:00") == ["Not available: since Sun, May 5, 8 AM"] * 2
    assert words("2024-05-07 12:00") == [
        f"{until} Partly working, since Tue, May 7, 10 AM",
        f"{until} Back since Tue, May 7, 10 AM",
    ]
    assert sorted(words("2024-05-08 12:00")) == [
        f"{until} Partly working: since Tue, May 7, 10 AM",
        f"{until} Working: since Tue, May 7, 10 AM",
    ]
