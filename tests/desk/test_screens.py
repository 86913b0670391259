"""Each screen of the desk can be used by everybody: by its marks, on a phone, in the dark, in both languages."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.checkers import check_accessibility, check_html, check_spacing
from tests.support.desk_browser import TOWN, OpenDesk, open_desk

NOW = int(datetime(2024, 5, 7, 7, 10, tzinfo=UTC).timestamp())
POST = """\
---
title: The network is down
started: 2024-05-06 08:00
services: {water-bill/online: down, tax: limited}
not_known: [When it will be back]
next_update: 2024-05-06 12:00
---
We switched off parts of the network. Do not pay twice.
"""
ACTS = (
    "Report a problem",
    "Planned work",
    "Notice",
    "Post an update",
    "Correct an update",
    "Waive a fee or deadline",
    "Close",
    "All of this is still true",
)


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW))
    folder = tmp_path / "town"
    (folder / "incidents").mkdir(parents=True)
    services = TOWN.format(url="http://127.0.0.1:9/", place=tmp_path / "www")
    (folder / "services.yaml").write_text(services, encoding="utf-8")
    (folder / "incidents" / "2024-05-06-network.md").write_text(POST, encoding="utf-8")
    return folder


def visit_screens(desk: OpenDesk) -> Iterator[str]:
    """Open one screen after the other, and yield its name."""
    yield "first screen"
    for act in ACTS:
        desk.go_home()
        desk.page.locator("main form", has=desk.page.locator("button", has_text=act)).locator("button").first.click()
        desk.page.wait_for_load_state()
        desk.page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        yield act
        desk.press("Look and publish")
        yield f"{act}, with mistakes or looked at"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_can_be_used_with_a_screen_reader_and_on_a_phone(
    town: Path, browser: Browser, tmp_path: Path, scheme: str
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    faults: list[str] = []
    with open_desk(browser, town, color_scheme=scheme) as desk:
        for number, name in enumerate(visit_screens(desk)):
            faults += [f"{name}: {fault}" for fault in check_accessibility(desk.page)]
            (pages / f"{number}.html").write_text(desk.page.content(), encoding="utf-8")
            for width in (390, 320):
                desk.page.set_viewport_size({"width": width, "height": 740})
                needed = desk.page.evaluate("document.documentElement.scrollWidth")
                if needed > width:
                    faults.append(f"{name}: {needed} pixels wide at {width}")
            faults += [f"{name}, phone: {fault}" for fault in check_accessibility(desk.page)]
            desk.page.set_viewport_size({"width": 1280, "height": 900})
    assert faults == []
    if scheme == "light":
        assert check_html(pages) == []


WORDS_BY_LOCALE = {
    "en-US": ("Translate", "Report a problem", "Payments do not work"),
    "es-US": ("Traducir", "Informar de un problema", "No funcionan los pagos"),
}


def visit_words_of_others(desk: OpenDesk, translate: str, report: str, prepared: str) -> Iterator[str]:
    """Open the form that translates a post, and a form that begins with a prepared text; yield its name."""
    desk.press(translate)
    yield "a translation"
    desk.go_home()
    desk.press(report)
    desk.page.locator("#side-by-side").check()
    desk.press(prepared)
    desk.page.locator("#prepared").wait_for()
    yield "a prepared text"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", list(WORDS_BY_LOCALE))
def test_words_that_others_wrote_can_be_read_and_changed_by_everybody(
    town: Path, browser: Browser, locale: str, scheme: str
) -> None:
    faults: list[str] = []
    with open_desk(browser, town, locale=locale, color_scheme=scheme) as desk:
        for name in visit_words_of_others(desk, *WORDS_BY_LOCALE[locale]):
            for width in (1280, 390, 320):
                desk.page.set_viewport_size({"width": width, "height": 800})
                faults += [f"{name} at {width}: {fault}" for fault in check_accessibility(desk.page)]
                needed = desk.page.evaluate("document.documentElement.scrollWidth")
                if needed > width:
                    faults.append(f"{name}: {needed} pixels wide at {width}")
            desk.page.set_viewport_size({"width": 1280, "height": 900})
    assert faults == []


@pytest.mark.parametrize("locale", list(WORDS_BY_LOCALE))
def test_text_that_a_writer_spaces_is_not_cut_off(town: Path, browser: Browser, locale: str) -> None:
    faults: list[str] = []
    with open_desk(browser, town, locale=locale, bypass_csp=True) as desk:
        screens = visit_screens(desk) if locale == "en-US" else visit_words_of_others(desk, *WORDS_BY_LOCALE[locale])
        for name in screens:
            for width in (1280, 320):
                desk.page.set_viewport_size({"width": width, "height": 800})
                faults += [f"{name} at {width}: {fault}" for fault in check_spacing(desk.page)]
            desk.page.set_viewport_size({"width": 1280, "height": 900})
    assert faults == []


def test_nothing_that_residents_would_read_is_preselected(town: Path, browser: Browser) -> None:
    with open_desk(browser, town) as desk:
        for act in ACTS:
            desk.go_home()
            desk.page.locator("main form", has=desk.page.locator("button", has_text=act)).locator(
                "button"
            ).first.click()
            desk.page.wait_for_load_state()
            # Whether languages are side by side is how a form looks, and nothing that it says.
            chosen = desk.page.locator("#draft input:checked:not(#side-by-side), #draft select option:checked")
            values = [each.evaluate("each => each.value") for each in chosen.all()]
            assert not any(values), (act, values)


def test_what_is_in_no_language_of_the_desk_is_not_there_in_spanish(town: Path, browser: Browser) -> None:
    """Each word of the desk itself is Spanish once that is chosen."""
    with open_desk(browser, town, locale="es-US") as desk:
        assert desk.page.locator("html").get_attribute("lang") == "es"
        words = desk.page.locator("main").inner_text()
        for english in (*ACTS, "Open now", "Waiting for you", "ago"):
            assert english not in words
        desk.press("Informar de un problema")
        words = desk.page.locator("main").inner_text()
        for english in ("What happened", "Since when", "Nothing said", "Look and publish", "Kept"):
            assert english not in words
