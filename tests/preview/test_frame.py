"""What the writer sees around the page, in a real browser: news, findings, moments, and a phone's view."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.support.checkers import check_accessibility, check_colors
from tests.support.preview import PATIENCE, RunningPreview, Writer, run_preview
from tests.support.sample_sites import KANSAS_CITY, make_city

SERVICES = """\
  - {id: trash, name: Trash pickup}
  - id: water
    name: Pay a water bill
    channels:
      - {id: online, kind: online, url: "https://pay.springfield.example/"}
      - {id: desk, kind: in_person, address: 12 Main Street, hours: 9 a.m. to 4 p.m.}
"""
BILL = """\
---
title: Water bills cannot be paid online
started: 2024-05-05 08:00
services:
  water/online: down
next_update: 2024-05-05 12:00
---
We are looking into it.

## 2024-05-05 11:00 Resolved

It works again.
"""
TRASH = """\
---
title: No trash pickup
started: 2024-05-06 08:00
services:
  trash: down
---
The trucks do not start.

""" + "\n\n".join(f"Line {number} of what we know." for number in range(80))
BILL_FILE, TRASH_FILE = "incidents/post-1.md", "incidents/post-2.md"
TRASH_PAGE = "/incidents/post-2/index.html"


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    folder = tmp_path / "city"
    folder.mkdir()
    make_city(folder, SERVICES, BILL, TRASH)
    return Writer(folder)


@pytest.fixture
def preview(writer: Writer) -> Iterator[RunningPreview]:
    with run_preview(writer) as preview:
        yield preview


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test when the browser complains, about a policy broken, say."""
    expect.set_options(timeout=PATIENCE * 1000)
    context = browser.new_context(viewport={"width": 1280, "height": 800}, timezone_id="America/Chicago")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    # That a page is not there, or not yet, is part of a test, and said by the browser too.
    assert [said for said in complaints if "Failed to load resource: the server responded" not in said] == []


@pytest.fixture
def open_page(page: Page, preview: RunningPreview) -> Iterator[Callable[[str], FrameLocator]]:
    """Opens the frame with a page of the site in it, and returns that page."""

    def open_(path: str = "") -> FrameLocator:
        page.goto(f"{preview.frame}#{path}" if path else preview.frame)
        wait_for_page(page)
        return page.frame_locator("iframe:not(.coming)")

    yield open_
    page.close()  # before the preview ends, of which it would complain


Opened = Callable[[str], FrameLocator]


def wait_for_page(page: Page) -> None:
    """Wait until a page is there."""
    expect(page.locator("iframe:not(.coming)")).to_have_count(1)


def headline(site: FrameLocator) -> str:
    return site.locator("h1").inner_text()


def news_text(page: Page) -> str:
    return (page.locator("#told").text_content() or "").replace("\u202f", " ")


def stop_text(page: Page) -> str:
    return page.locator("#when").inner_text().replace("\u202f", " ")


def test_the_address_shows_the_front_page_with_the_tools(page: Page, preview: RunningPreview) -> None:
    page.goto(f"{preview.address}/")
    site = page.frame_locator("iframe")
    expect(site.locator("h1")).to_contain_text("Trash pickup: Not available")
    assert page.url.startswith(preview.frame)
    expect(page).to_have_title("Preview: Trash pickup: Not available, Springfield, May 6, 2024, noon CDT")
    expect(page.get_by_role("heading", level=1)).to_have_text("Preview: Springfield")


SCROLLED = "() => { scrollTo({top: 900, behavior: 'instant'}); return scrollY }"
WATCH = """() => {
  window.fewest = 1;
  const look = () => { window.fewest = Math.min(fewest, document.querySelectorAll("iframe:not(.coming)").length) };
  new MutationObserver(look).observe(document, {subtree: true, childList: true, attributes: true});
}"""


def test_a_change_is_shown_at_the_same_place_and_without_a_gap(page: Page, writer: Writer, open_page: Opened) -> None:
    site = open_page(TRASH_PAGE)
    expect(site.get_by_text("Line 40 of")).to_be_attached()
    assert page.frames[-1].evaluate(SCROLLED) == 900
    page.evaluate(WATCH)
    writer.save(TRASH_FILE, TRASH.replace("Line 79", "The last line"))
    expect(site.get_by_text("The last line of")).to_be_attached()
    assert page.frames[-1].evaluate("scrollY") == 900
    assert page.evaluate("window.fewest") == 1
    assert page.locator("iframe").count() == 1


def test_findings_are_beside_the_page_those_of_its_own_post_first(
    page: Page, writer: Writer, open_page: Opened
) -> None:
    site = open_page(TRASH_PAGE)
    here, elsewhere = page.locator("#here li"), page.locator("#elsewhere li")
    expect(here.first).to_contain_text(f"Advice {TRASH_FILE}:")
    assert BILL_FILE not in " ".join(here.all_inner_texts())
    expect(here.filter(has_text="no-promise")).to_have_count(1)
    before = here.count()
    writer.save(TRASH_FILE, TRASH.replace("started:", "next_update: 2024-05-06 18:00\nstarted:"))
    expect(here.filter(has_text="no-promise")).to_have_count(0)
    expect(here).to_have_count(before - 1)

    site.get_by_role("link", name="Springfield").click()
    expect(elsewhere.filter(has_text=TRASH_FILE)).to_have_count(before - 1)
    expect(page.locator("#here")).to_be_hidden()


def test_a_mistake_is_told_as_text_and_the_last_good_page_stays(page: Page, writer: Writer, open_page: Opened) -> None:
    site = open_page(TRASH_PAGE)
    image = "<img src=x onerror=alert(1)>"
    writer.save(TRASH_FILE, TRASH.replace("trash: down", f'"{image}": down').replace("trucks", "lorries"))
    assert stop_text(page).endswith("statusgen build would make just this.")
    warning = page.get_by_role("alert")
    expect(warning).to_contain_text("The site cannot be built.")
    expect(warning).to_contain_text("The published site stays as it is until this is fixed.")
    assert "statusgen build" not in stop_text(page)
    expect(page.locator("#count")).to_have_text("1 mistake.")
    finding = page.locator("#here .mistake")
    expect(finding).to_contain_text(f"Mistake {TRASH_FILE}:5")
    expect(finding).to_contain_text(image)
    assert page.locator("aside img").count() == 0
    expect(site.get_by_text("The trucks do not start.")).to_be_attached()

    writer.save(TRASH_FILE, TRASH.replace("trucks", "lorries"))
    expect(site.get_by_text("The lorries do not start.")).to_be_attached()
    expect(warning).to_be_empty()


def test_before_there_is_a_site_the_mistakes_are_there(page: Page, writer: Writer) -> None:
    writer.save(TRASH_FILE, TRASH.replace("down", "dwon"))
    with run_preview(writer) as preview:
        page.goto(preview.frame)
        site = page.frame_locator("iframe:not(.coming)")
        expect(page.locator(".mistake")).to_contain_text(f"{TRASH_FILE}:5")
        expect(site.locator("h1")).to_have_text("There is no site yet.")
        expect(page.get_by_role("slider")).to_be_hidden()
        writer.save(TRASH_FILE, TRASH)
        expect(site.locator("h1")).to_contain_text("Trash pickup: Not available")
        expect(page.locator(".mistake")).to_have_count(0)
        page.close()


def test_the_slider_goes_through_the_past_and_back_to_now(page: Page, open_page: Opened) -> None:
    site = open_page("")
    slider = page.get_by_role("slider", name="Moment")
    expect(slider).to_have_attribute("aria-valuetext", "Now: May 6, 2024, noon CDT")
    now = headline(site)
    slider.press("Home")
    expect(site.locator("h1")).to_have_text("No problems reported")
    assert stop_text(page).startswith("Before the first update: May 5, 2024, 7:59 AM CDT")
    slider.press("ArrowRight")
    expect(site.locator("h1")).to_contain_text("Pay a water bill: Not available: Online")
    assert stop_text(page).split("\n") == [
        "Past: May 5, 2024, 8 AM CDT",
        "Water bills cannot be paid online: First update",
    ]
    title = "Pay a water bill: Not available: Online, Springfield, May 5, 2024, 8 AM CDT"
    assert news_text(page) == f"Shown: {title}. Past: May 5, 2024, 8 AM CDT"
    page.get_by_role("button", name="Later moment").click()
    expect(site.locator("h1")).to_have_text("No problems reported")
    expect(page.locator("#what")).to_have_text("Water bills cannot be paid online: Resolved")
    page.get_by_role("button", name="Now").click()
    expect(site.locator("h1")).to_have_text(now)
    expect(page.locator("#kind")).to_have_text("Now:")
    page.get_by_role("button", name="Earlier moment").click()
    expect(page.locator("#what")).to_have_text("No trash pickup: First update")


def test_links_keep_the_moment_and_the_moment_keeps_the_page(page: Page, open_page: Opened) -> None:
    site = open_page("")
    slider = page.get_by_role("slider")
    slider.press("Home")
    slider.press("ArrowRight")
    expect(page.locator("#told")).to_contain_text("8 AM")
    site.get_by_role("link", name="Water bills cannot be paid online").first.click()
    expect(site.locator("h1")).to_have_text("Water bills cannot be paid online")
    expect(site.get_by_text("It works again.")).to_have_count(0)
    assert "/at/20240505T130000Z/incidents/post-1/index.html" in page.url

    slider.press("ArrowRight")
    expect(site.get_by_text("It works again.")).to_have_count(1)
    expect(page.get_by_role("link", name="This page alone")).to_have_attribute(
        "href", "/~preview/at/20240505T160000Z/incidents/post-1/index.html"
    )
    page.go_back()
    expect(site.locator("h1")).to_contain_text("Pay a water bill: Not available: Online")
    page.reload()
    expect(site.locator("h1")).to_contain_text("Pay a water bill: Not available: Online")
    assert stop_text(page).startswith("Past: May 5, 2024, 8 AM CDT")


def test_a_page_that_was_not_there_yet_is_said_to_be_missing(page: Page, open_page: Opened) -> None:
    site = open_page(TRASH_PAGE)
    slider = page.get_by_role("slider")
    slider.press("Home")
    note = page.get_by_text("This page did not exist at this moment.")
    expect(note).to_be_visible()
    page.get_by_role("button", name="Now").click()
    expect(site.locator("h1")).to_have_text("No trash pickup")
    expect(note).to_be_hidden()


def test_the_missing_page_s_links_lead_to_the_preview_and_not_to_the_published_site(
    page: Page, open_page: Opened
) -> None:
    site = open_page("/nothing/")
    site.get_by_role("link", name="Springfield").click()
    expect(site.locator("h1")).to_contain_text("Trash pickup: Not available")
    assert page.url.endswith("#/index.html")


def test_links_to_elsewhere_open_elsewhere(page: Page, open_page: Opened) -> None:
    site = open_page("/services/water/index.html")
    with page.expect_popup() as popup:
        site.get_by_role("link", name="pay.springfield.example").first.click()
    popup.value.close()
    expect(site.locator("h1")).to_have_text("Pay a water bill")


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/~preview/"])
def test_the_frame_shows_nothing_but_the_site(page: Page, open_page: Opened, path: str) -> None:
    open_page(path)
    assert {frame.url.split("/~")[0] for frame in page.frames[1:]} == {page.frames[1].url}
    assert page.frames[1].url.endswith("/index.html")
    assert page.frames[1].url.startswith(page.url.partition("/~preview/")[0])


def test_a_moment_that_the_clock_brings_is_shown(page: Page, tmp_path: Path) -> None:
    folder = tmp_path / "city"
    folder.mkdir()
    make_city(folder, SERVICES, BILL.partition("\n## ")[0] + "\n")
    writer = Writer(folder, datetime(2024, 5, 5, 16, tzinfo=UTC))
    with run_preview(writer) as preview:
        page.goto(preview.frame)
        site = page.frame_locator("iframe:not(.coming)")
        expect(site.locator(".stamp")).to_contain_text("Next update by")
        writer.now += timedelta(hours=1)
        expect(site.locator(".stamp")).to_contain_text("It is overdue.")
        assert stop_text(page).startswith("Now: May 5, 2024, noon CDT")
        page.close()


def test_drafts_are_named_and_marked(page: Page, writer: Writer, open_page: Opened) -> None:
    site = open_page("")
    expect(page.locator("#drafts")).to_be_hidden()
    writer.save(TRASH_FILE, TRASH.replace("started:", "draft: true\nstarted:"))
    link = page.locator("#drafts").get_by_role("link", name="No trash pickup")
    expect(link).to_be_visible()
    expect(site.locator("#incident-post-2")).to_contain_text("Draft: not published.")
    assert stop_text(page).endswith("statusgen build would make this without the drafts.")
    link.click()
    expect(site.locator("h1")).to_have_text("No trash pickup")
    expect(site.locator(".draft")).to_have_text("Draft: not published.")


def test_a_phone_is_390_pixels_wide(page: Page, open_page: Opened) -> None:
    open_page("")
    full = page.frames[-1].evaluate("innerWidth")
    page.get_by_label("Phone, 390 px").check()
    assert page.frames[-1].evaluate("innerWidth") == 390
    box = page.locator("iframe").bounding_box()
    assert box is not None
    assert box["width"] == 390
    page.get_by_label("Full").check()
    assert page.frames[-1].evaluate("innerWidth") == full > 800


def test_everybody_can_use_the_frame(page: Page, writer: Writer, open_page: Opened) -> None:
    writer.save(BILL_FILE, BILL.replace("started:", "draft: true\nstarted:"))
    site = open_page(TRASH_PAGE)
    expect(page.locator("#drafts li")).to_have_count(1)
    found = []
    for mistaken in (False, True):
        for width, height in ((1280, 800), (700, 800), (320, 640)):
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme="light")
            found += [f"{width}: {rule}" for rule in check_accessibility(page)]
            page.emulate_media(color_scheme="dark")
            found += [f"{width} dark: {rule}" for rule in check_colors(page)]
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        if not mistaken:
            page.get_by_role("slider").press("Home")
            expect(page.locator("#note")).to_be_visible()
            writer.save(TRASH_FILE, TRASH.replace("down", "dwon"))
            expect(page.locator(".mistake")).to_be_attached()
    assert found == []
    expect(site.locator("body")).to_be_attached()


def test_the_keyboard_reaches_the_tools_and_then_the_page(page: Page, open_page: Opened) -> None:
    open_page("")
    names = []
    for _ in range(8):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate("document.activeElement.id || document.activeElement.name || document.activeElement.tagName")
        )
    assert names[:8] == ["width", "alone", "earlier", "moment", "later", "now", "IFRAME", "IFRAME"]


def test_a_preview_that_has_ended_is_said_to_have(page: Page, writer: Writer) -> None:
    with run_preview(writer) as preview:
        page.goto(preview.frame)
        wait_for_page(page)
    expect(page.locator("#note")).to_contain_text("The preview does not answer.")
    page.close()


def test_the_example_can_be_walked_through(page: Page) -> None:
    writer = Writer(KANSAS_CITY.folder, KANSAS_CITY.moment("2024-05-15"))
    with run_preview(writer) as preview:
        page.goto(preview.frame)
        site = page.frame_locator("iframe:not(.coming)")
        expect(site.locator("h1")).to_have_text("7 services are not working as usual")
        expect(site.locator(".lead")).to_contain_text("Day 12 since this began: City computer network shut down.")
        page.get_by_role("slider").press("Home")
        seen = []
        for _ in range(6):
            told = rf"^Shown: .*, Kansas City service status, .*\. {re.escape(slider_text(page))}$"
            expect(page.locator("#told")).to_have_text(re.compile(told))
            lead = " ".join(site.locator(".lead").all_inner_texts())
            seen.append((headline(site).partition(" services")[0], lead.partition(".")[0]))
            page.get_by_role("button", name="Later moment").click()
        page.close()
    scout = "KC Scout traffic system shut down after a cyberattack"
    assert seen == [
        ("No problems reported", ""),
        ("5", scout),
        ("5", f"Day 8 since this began: {scout}"),
        ("3", f"Day 9 since this began: {scout}"),
        ("5", f"Day 10 since this began: {scout}"),
        ("7", "Day 2 since this began: City computer network shut down"),
    ]


def slider_text(page: Page) -> str:
    return page.get_by_role("slider").get_attribute("aria-valuetext") or ""
