"""Dates and times as people say them, on pages that show their moment; whole everywhere else."""

import re
from pathlib import Path

from tests.support.sample_sites import Page
from tests.support.telling import Town, make_town

SERVICES = """
services:
  - {id: bill, name: Pay a bill, channels: [{id: desk, kind: in_person}, {id: web, kind: online}]}
  - {id: trash, name: Trash}
"""
OUTAGE = """
---
title: The network is down
started: 2024-12-27 08:00
services: {bill: down}
expected: {not_before: 2024-12-30, by: 2025-01-03}
next_update: 2024-12-28 12:00
---
"""
WORK = """
---
title: New trucks
kind: maintenance
posted: 2024-12-20 10:00
services: [trash]
starts: 2024-12-29 16:00
ends: 2024-12-29 18:00
---
"""
# What says once of which day a page is, and which clocks it goes by.
DATED = re.compile(r"\w{3}, \w+ \d+, \d{4}, [^.]*? C[SD]T")


def town_at_new_year(folder: Path) -> Town:
    return make_town(folder, SERVICES, outage=OUTAGE, work=WORK)


def words_of(town: Town, at: str, path: str) -> str:
    """Return the words of a file, without its title and those inside pictures, which are read by themselves."""
    content = re.sub(r"<title>.*?</title>|<svg.*?</svg>", "", town.city.files(at)[path].decode(), flags=re.DOTALL)
    return " ".join((Page(content).words if path.endswith(".html") else content).split())


class TestPagesThatShowTheirMoment:
    def test_a_date_has_its_weekday_and_no_year_and_an_hour_no_zone(self, tmp_path: Path) -> None:
        now = town_at_new_year(tmp_path).at("2024-12-27 09:00")
        now.assert_told("Next update by Sat, December 28, noon.", "Sun, December 29, 4 to 6 PM")
        assert "Since Fri, December 27, 8 AM." in now.forms["index.html"]

    def test_the_year_and_the_zone_are_said_in_the_dated_lines_alone(self, tmp_path: Path) -> None:
        town = town_at_new_year(tmp_path)
        pages = ("index.html", "planned/index.html", "services/bill/index.html", "incidents/outage/index.html")
        for path in (*pages, "status.txt"):
            words = words_of(town, "2024-12-27 09:00", path)
            assert "Fri, December 27, 2024, 9 AM CST" in words
            assert "All times are Central Time." in words
            rest, found = DATED.subn("", words)
            assert found == 1, (path, words)
            assert "2024" not in rest.replace("December 30, 2024 and January 3, 2025", ""), (path, rest)
            assert "CST" not in rest, (path, rest)

    def test_the_machine_readable_time_is_whole(self, tmp_path: Path) -> None:
        html = town_at_new_year(tmp_path).city.files("2024-12-27 09:00")["index.html"].decode()
        assert '<time datetime="2024-12-28T12:00-06:00">Sat, December\xa028, noon</time>' in html
        assert (
            'Sun, December\xa029, <time datetime="2024-12-29T16:00-06:00">4</time> to '
            '<time datetime="2024-12-29T18:00-06:00">6\xa0PM</time>.'
        ) in html

    def test_a_span_over_two_years_has_both(self, tmp_path: Path) -> None:
        now = town_at_new_year(tmp_path).at("2024-12-27 09:00")
        assert "Between December 30, 2024 and January 3, 2025." in now.forms["index.html"]

    def test_the_turn_of_the_year_changes_the_pages_and_is_announced(self, tmp_path: Path) -> None:
        town = make_town(tmp_path, SERVICES, outage=OUTAGE)
        before = town.at("2024-12-31 23:59")
        assert before.board.next_change == town.city.moment("2025-01-01 00:00")
        assert "Since Fri, December 27, 8 AM." in before.forms["index.html"]
        assert "Since Fri, December 27, 2024, 8 AM." in town.at("2025-01-01").forms["index.html"]

    def test_a_year_that_no_page_depends_on_turns_without_a_change(self, tmp_path: Path) -> None:
        post = """
        ---
        title: No water in the fountain
        started: 2024-12-27 08:00
        ---

        ## 2024-12-28 10:00 Resolved
        """
        town = make_town(tmp_path, SERVICES, post=post)
        assert town.at("2024-12-31 12:00").board.next_change == town.city.moment("2025-01-01 00:00")
        assert town.at("2025-03-28 11:00").board.next_change is None, "its feeds ended then, too"


class TestWhatIsReadAnywhereAndAtAnyTime:
    def test_it_has_every_date_whole(self, tmp_path: Path) -> None:
        past = OUTAGE + "\n## 2024-12-28 10:00 Resolved\n"
        town = make_town(tmp_path, SERVICES, outage=past, work=WORK)
        span = "From December 27, 2024, 8 AM CST to December 28, 2024, 10 AM CST."
        assert span in words_of(town, "2024-12-28 12:00", "incidents/outage/index.html")
        # The pages of the archive have the year in their headings.
        archive = words_of(town, "2024-12-28 12:00", "archive/2024/12/index.html")
        assert "December 2024" in archive
        assert "December 27 to 28" in archive
        assert "December 28, 2024, 10 AM CST" in words_of(town, "2024-12-28 12:00", "incidents/outage/index.html")
        assert "December 29, 2024, 4 to 6 PM CST" in words_of(town, "2024-12-28 12:00", "calendar.ics").replace(
            "\\,", ","
        )

    def test_a_title_that_is_passed_on_has_the_whole_date(self, tmp_path: Path) -> None:
        html = town_at_new_year(tmp_path).city.files("2024-12-27 09:00")["index.html"].decode()
        title = re.search(r"<title>(.*?)</title>", html)
        assert title
        assert title[1].endswith("December 27, 2024, 9 AM CST")
