"""The pages in a real browser, for everyone: screen readers, keyboards, phones, printers, no script."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.support.built_sites import MOMENTS, build_sample, language_folder, pages_of_each_kind, sample_languages
from tests.support.checkers import check_accessibility, check_colors, check_spacing, open_page
from tests.support.paths import EXPECTED, PACKAGE

PHONE: ViewportSize = {"width": 320, "height": 640}
DESK: ViewportSize = {"width": 1280, "height": 900}
# What narrows DejaVu Sans, the widest of fonts and the one that Debian brings, to no less than the fonts of phones.
AS_WIDE_AS_ON_PHONES = "*{letter-spacing:-.05em}"
EDITIONS = [("kansas-city", "en"), ("kansas-city", "es"), ("quiet", "en"), ("long-tail", "en")]
EDITIONS += [("small", "en"), ("small", "es"), ("worst-week", "en"), ("worst-week", "es"), ("worst-week", "ar")]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desk's page."""
    with open_page(browser, 1280, 900) as page:
        yield page


def test_the_editions_are_those_of_the_sites() -> None:
    assert {language for name, language in EDITIONS if name == "worst-week"} == set(sample_languages("worst-week"))


@dataclass
class Looks:
    """What is wrong with the pages of an edition: rules of accessibility that are broken, and pages that run off."""

    broken: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)


@cache
def look_at(browser: Browser, name: str, language: str) -> Looks:
    """Open a page or two of every kind on a phone, and widen it to a desk's, each in light and in dark."""
    looks = Looks()
    with open_page(browser, **PHONE) as page:
        for path in pages_of_each_kind(name, language):
            where = path.relative_to(build_sample(name)).as_posix()
            page.set_viewport_size(PHONE)  # its width is also what 400% of 1280 pixels leaves
            page.goto(path.as_uri())
            if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
                looks.too_wide.append(where)
            for size in (PHONE, DESK):
                page.set_viewport_size(size)
                page.emulate_media(color_scheme="light")
                looks.broken += [f"{where} {size['width']}: {rule}" for rule in check_accessibility(page)]
                page.emulate_media(color_scheme="dark")
                looks.broken += [f"{where} {size['width']} dark: {rule}" for rule in check_colors(page)]
    return looks


@pytest.mark.parametrize(("name", "language"), EDITIONS)
def test_everybody_can_use_every_kind_of_page(browser: Browser, name: str, language: str) -> None:
    assert look_at(browser, name, language).broken == []


@pytest.mark.parametrize(("name", "language"), EDITIONS)
def test_nothing_runs_off_a_small_screen(browser: Browser, name: str, language: str) -> None:
    assert look_at(browser, name, language).too_wide == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_text_that_a_reader_spaces_is_not_cut_off(browser: Browser, language: str) -> None:
    context = browser.new_context(viewport=PHONE, bypass_csp=True)
    page = context.new_page()
    for path in pages_of_each_kind("worst-week", language):
        page.goto(path.as_uri())
        assert check_spacing(page) == [], path
    context.close()


def test_the_dark_style_changes_nothing_but_colors() -> None:
    for sheet in (PACKAGE / "theme/static/style.css", PACKAGE / "preview/frame/frame.css"):
        css = sheet.read_text(encoding="utf-8")
        assert css.count("prefers-color-scheme") == 1
        assert re.search(r"@media \(prefers-color-scheme:dark\)\{:root\{(--\w+:#[0-9a-f]{6};?)+\}\}", css), sheet


@pytest.mark.parametrize(("language", "number"), [("en", 5), ("es", 2), ("ar", 4)])
def test_the_worst_problems_stand_on_the_first_screen_of_a_phone(browser: Browser, language: str, number: int) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, bypass_csp=True)
    page = context.new_page()
    page.goto((language_folder("worst-week", language) / "index.html").as_uri())
    page.add_style_tag(content=AS_WIDE_AS_ON_PHONES)
    assert page.locator(".bar").is_visible()  # the sample says that it is one, and that takes room
    boxes = [row.bounding_box() for row in page.locator(".overview > li").all()]
    shown = [box for box in boxes if box and box["y"] + box["height"] <= 740]
    assert len(shown) >= number
    context.close()


@pytest.mark.parametrize("name", ["quiet", "small", "worst-week", "long-tail", "kansas-city"])
def test_what_a_screen_reader_gets(page: Page, name: str) -> None:
    page.goto((build_sample(name) / "index.html").as_uri())
    heard = page.locator("body").aria_snapshot() + "\n"
    expected = EXPECTED / f"{name}.aria.yaml"
    if os.environ.get("RENEW"):
        expected.write_text(heard, encoding="utf-8")
    assert heard == expected.read_text(encoding="utf-8")


def test_the_keyboard_reaches_everything_and_shows_where_it_is(page: Page) -> None:
    page.goto((build_sample("worst-week") / "index.html").as_uri())
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.text_content() == "Skip to content"
    assert skip.bounding_box() is not None
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    links = page.locator("main a:visible, main summary, main input").count()
    seen = set()
    for _ in range(links):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        seen.add(focus.evaluate("element => element.getBoundingClientRect().y + scrollY + element.textContent"))
        outline = focus.evaluate("element => getComputedStyle(element).outlineStyle")
        assert outline == "solid", focus.text_content()
    assert len(seen) == links


def test_a_reader_elsewhere_sees_both_times(browser: Browser) -> None:
    context = browser.new_context(timezone_id="America/New_York", locale="en-US")
    page = context.new_page()
    page.goto((build_sample("kansas-city") / "index.html").as_uri())
    made = " ".join((page.locator("#made").text_content() or "").split())
    assert "Wed, May 15, 2024, 11:59 PM CDT. All times are Central Time." in made
    assert re.search(r"On your clock: May 16, 2024.{2,4} 12:59 AM EDT\.$", made)
    context.close()


def test_the_time_of_a_reader_elsewhere_moves_nothing(browser: Browser) -> None:
    context = browser.new_context(timezone_id="America/New_York", locale="en-US")
    page, bare = context.new_page(), context.new_page()
    bare.route("**/script-*.js", lambda route: route.abort())
    tops = []
    for each in (page, bare):
        each.goto((build_sample("kansas-city") / "planned/index.html").as_uri())
        tops.append(each.evaluate("[...document.querySelectorAll('body *')].map((e) => e.getBoundingClientRect().top)"))
    assert "On your clock" in (page.locator("#made").text_content() or "")
    assert "On your clock" not in (bare.locator("#made").text_content() or "")
    assert tops[0] == tops[1]
    context.close()


def test_a_reader_in_the_city_sees_one_time(page: Page) -> None:
    page.goto((build_sample("kansas-city") / "index.html").as_uri())
    assert "EDT" not in (page.locator("#made").text_content() or "")


def test_on_paper_the_page_is_one_column_with_its_address(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto((build_sample("worst-week") / "index.html").as_uri())
    page.emulate_media(media="print")
    assert page.locator("footer nav").is_hidden()
    assert page.locator(".print-only").is_visible()
    assert page.locator(".print-only").text_content() == "https://status.quillhaven.example/"
    page.pdf(path=tmp_path / "page.pdf", format="Letter")
    assert (tmp_path / "page.pdf").stat().st_size > 10_000
    context.close()


def test_with_forced_colors_every_status_keeps_its_shape(browser: Browser) -> None:
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto((build_sample("worst-week") / "index.html").as_uri())
    shapes = page.locator(".status .shape")
    for number in range(shapes.count()):
        box = shapes.nth(number).bounding_box()
        assert box is not None
        assert box["width"] > 5
    drawn, behind = shapes.first.evaluate(
        "element => [getComputedStyle(element).fill, getComputedStyle(document.body).backgroundColor]"
    )
    assert drawn != behind
    context.close()


@pytest.mark.parametrize("name", MOMENTS)
def test_the_front_page_opens_from_a_folder_with_one_request(page: Page, name: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((language_folder(name, "en") / "index.html").as_uri())
    # Neither the script nor how it looks on paper is waited for.
    needed = [url for url in asked if not any(part in url for part in ("/script-", "/print-", "/static/"))]
    assert len(needed) == 1
