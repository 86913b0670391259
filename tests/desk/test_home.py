"""The first screen says no more of the posts than they say themselves."""

from pathlib import Path

import pytest

from tests.support.desk_browser import TOWN
from tests.support.desk_forms import DeskUser
from tests.support.office import NOW, Office
from tests.support.sample_sites import Page

POST = """\
---
title: Bills cannot be paid
started: 2024-05-04
services: {water-bill/online: down}
not_known: [Why]
next_update: 2024-05-06
---
We look into it.
"""
WORK = """\
---
title: The pool is painted
kind: maintenance
posted: 2024-05-04 09:00
starts: 2024-06-05 07:00
ends: 2024-06-05 20:00
services: [trash]
---
"""
DRAFT = "---\ntitle: Not yet\ndraft: true\nstarted: 2024-05-05 08:00\nservices: {trash: down}\n"
DRAFT += "next_update: 2024-05-05 09:00\n---\nWe wait.\n"


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW))
    (tmp_path / "site").mkdir()


def read_home(folder: Path, *posts: str) -> Page:
    Office(folder / "site", *posts)
    return Page(DeskUser(folder / "site").get())


def test_of_a_day_no_hours_are_counted(tmp_path: Path) -> None:
    home = read_home(tmp_path, POST)
    assert "Last updateSaturday, May 4" in home.words
    assert "By Monday, May 6" in home.words
    assert "ago" not in home.words
    assert "hours" not in home.words


def test_what_is_planned_is_not_open(tmp_path: Path) -> None:
    home = read_home(tmp_path, WORK)
    assert home.headline() == "Nothing is open."
    assert "Open now: 0" in home.words
    assert "Coming up The pool is painted" in home.words
    assert home.words.count("Nothing is open.") == 1


def test_what_was_said_this_minute_was_said_just_now(tmp_path: Path) -> None:
    home = read_home(tmp_path, POST.replace("started: 2024-05-04", "started: 2024-05-05 09:45"))
    assert "Last updateJust now" in home.words


def test_the_desk_calls_the_site_by_its_name_in_the_language_of_the_desk(tmp_path: Path) -> None:
    services = TOWN.format(url="https://status.example/", place=tmp_path / "www")
    (tmp_path / "site" / "services.yaml").write_text(services, encoding="utf-8")
    (tmp_path / "site" / "incidents").mkdir()
    user = DeskUser(tmp_path / "site")
    assert "The desk of Marlow Bend status" in Page(user.get()).words
    spanish = user.client.get(user.home, headers={"Accept-Language": "es"}).text
    assert "El escritorio de Estado de los servicios de Marlow Bend" in Page(spanish).words


def test_a_draft_is_told_to_nobody(tmp_path: Path) -> None:
    home = read_home(tmp_path, DRAFT)
    assert "Open now: 0" in home.words
    assert "A draft: it is not published." in home.words
    assert "The page says so" not in home.words


def test_what_cannot_be_read_may_be_open(tmp_path: Path) -> None:
    office = Office(tmp_path / "site")
    (office.folder / "incidents" / "late.md").write_text("---\ntitle: Late\n---\n", encoding="utf-8")
    home = Page(DeskUser(office.folder).get())
    assert home.headline() == "1 file cannot be read."
    assert "No post that can be read is open." in home.words
    assert "Nothing is open." not in home.words
    assert "Nothing here counts what it says." in home.words


def test_a_late_promise_says_nothing_of_pages_that_nobody_looked_at(tmp_path: Path) -> None:
    home = read_home(tmp_path, POST.replace("next_update: 2024-05-06", "next_update: 2024-05-05 09:00"))
    assert home.headline() == "1 promise is late."
    assert "45 minutes late. The page says so as soon as it is built again." in home.words
