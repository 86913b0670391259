"""A bad night told at the desk alone, with the mouse, and once more with the keyboard; no file is touched by hand."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Locator

from statusgen.cli.main import main
from tests.support.desk_browser import TOWN, OpenDesk, open_desk
from tests.support.web_server import serve_folder

CHICAGO = ZoneInfo("America/Chicago")


@dataclass
class Night:
    """The night at the desk: `hand` presses what is to be pressed, and `actions` counts that."""

    desk: OpenDesk
    source: Path
    public: Path
    clock: pytest.MonkeyPatch
    by_keyboard: bool
    actions: int = 0

    def at(self, time: str) -> None:
        """Let it be a time of day."""
        moment = datetime.fromisoformat(f"2024-05-0{time}").replace(tzinfo=CHICAGO)
        self.clock.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))

    def do(self, element: Locator) -> None:
        """Click something, or reach it with the Tab key and press it."""
        self.actions += 1
        if self.by_keyboard:
            element.focus()
            element.press("Space" if element.evaluate("each => each.type") in ("radio", "checkbox") else "Enter")
        else:
            element.click()

    def begin(self, act: str, title: str = "") -> None:
        """Begin a form on the first screen, at the post with a title."""
        self.desk.go_home()
        page = self.desk.page
        place = page.locator("article", has_text=title) if title else page.locator("main")
        self.do(place.get_by_role("button", name=act).first)
        page.wait_for_url("**/drafts/*")

    def fill(self, label: str, words: str) -> None:
        """Type into a field."""
        self.actions += 1
        field = self.desk.page.get_by_label(label, exact=True).first
        field.focus()
        field.press_sequentially(words) if self.by_keyboard else field.fill(words)

    def choose(self, words: str) -> None:
        """Choose an answer."""
        choice = self.desk.page.locator("label", has_text=words).locator("input").first
        if self.by_keyboard:
            self.do(choice)
        else:
            self.do(self.desk.page.locator("label", has_text=words).first)

    def say_status(self, key: str, status: str) -> None:
        """Say how a service, or a way, stands."""
        self.actions += 1
        field = self.desk.page.locator(f"[id='status/{key}']")
        field.evaluate(
            "each => { for (let up = each; up; up = up.parentElement) if (up.open === false) up.open = true }"
        )
        field.select_option(status)

    def put_right(self, wrong: str, right: str) -> None:
        """Tick a sentence that is wrong, and say what is right."""
        row = self.desk.page.locator(".sentences > li", has_text=wrong).first
        self.do(row.get_by_role("checkbox") if self.by_keyboard else row.locator("label").first)
        row.locator("[name^='right/']").fill(right)
        self.actions += 1

    def publish(self) -> None:
        """Look, publish, and wait until residents see it."""
        page = self.desk.page
        if not page.url.endswith("/look"):
            self.desk.await_kept()
            self.do(page.get_by_role("button", name="Look and publish"))
            page.wait_for_url("**/look")
        self.do(page.get_by_role("button", name="Publish now"))
        page.get_by_text("Residents see it.").wait_for()
        checked = CliRunner().invoke(main, ["check", "--source", str(self.source)], catch_exceptions=False)
        assert checked.exit_code == 0, checked.output

    def read(self, path: str) -> str:
        """Return a file as residents get it."""
        return (self.public / path).read_text(encoding="utf-8")


@contextmanager
def open_night(browser: Browser, folder: Path, clock: pytest.MonkeyPatch, by_keyboard: bool) -> Iterator[Night]:
    source, place = folder / "town", folder / "www"
    (source / "incidents").mkdir(parents=True)
    with serve_folder(place / "current") as url:
        (source / "services.yaml").write_text(TOWN.format(url=url, place=place), encoding="utf-8")
        clock.setenv("SOURCE_DATE_EPOCH", "1715065800")  # 2:10 AM on May 7
        with open_desk(browser, source) as desk:
            yield Night(desk, source, place / "current", clock, by_keyboard)


@pytest.mark.parametrize("by_keyboard", [False, True], ids=["mouse", "keyboard"])
def test_a_bad_night(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_keyboard: bool) -> None:
    with open_night(browser, tmp_path, monkeypatch, by_keyboard) as night:
        title = "Payments online and by phone do not work"
        page = night.desk.page
        night.begin("Report a problem")
        night.fill("What happened?", title)
        night.choose("30 minutes ago")
        night.do(page.get_by_role("button", name="Online (2)"))
        night.say_status("water-bill/phone", "down")
        night.choose("In 2 hours")
        night.fill("What can people do meanwhile?", "Do not pay twice.")
        night.publish()
        assert night.actions <= 12
        assert "Payments online and by phone do not work" in night.read("feed.xml")
        assert "Do not pay twice." in night.read("status.txt")
        assert re.search(r"4:1[05]\sAM", night.read("index.html")), "the promise"

        night.at("7 03:05")
        night.begin("Post an update", title)
        night.fill("What is new?", "The phones work again. The counter opens at 9.")
        night.say_status("water-bill/phone", "working")
        night.choose("8 AM today")
        night.publish()
        assert "The counter opens at 9." in night.read("feed.xml")

        # A wrong word, and its correction.
        night.at("7 03:30")
        night.begin("Correct an update", title)
        night.put_right("The counter opens at 9.", "The counter opens at 8.")
        night.publish()
        assert "The counter opens at 8." in night.read("feed.xml")
        assert "The counter opens at 9." in night.read("feed.xml"), "what was said stays in the record"

        night.at("7 04:00")
        night.begin("Waive a fee or deadline", title)
        night.choose("No late fees and no shutoffs")
        night.choose("Two weeks")
        night.choose("No, it is automatic")
        night.fill("Who decided it?", "Town Council")
        night.publish()
        assert "No late fees and no shutoffs" in night.read("status.txt")

        # The promise of 8 AM is missed; the first screen says so first, and one button answers it.
        night.at("7 09:40")
        night.desk.go_home()
        assert "1 promise is late." in page.locator("h1").inner_text()
        night.do(page.locator("article", has_text=title).get_by_role("button", name="Tomorrow, 8 AM"))
        page.wait_for_url("**/look")
        night.publish()
        assert "There is nothing new yet." in night.read("feed.xml")

        night.at("7 13:00")
        night.begin("Post an update", title)
        night.fill("What is new?", "Water bills can be paid online again.")
        night.say_status("water-bill/online", "working")
        night.publish()
        assert "Water bills can be paid online again." in night.read("feed.xml")

        night.at("7 16:00")
        night.begin("Close", title)
        night.do(page.get_by_role("button", name="All of it works: I checked each one"))
        night.fill("The last update", "Nobody has to pay twice.")
        night.publish()
        assert "not working as usual" not in night.read("index.html")
        assert "Nobody has to pay twice." in night.read("feed.xml")
        night.desk.go_home()
        assert "Nothing is open." in page.locator("h1").inner_text()
