"""In a browser: what stands beside a form, and at its fields, follows what someone types."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.desk_browser import open_desk
from tests.support.office import NOW, SERVICES
from tests.support.sample_sites import make_city

_PATIENCE = 60_000  # milliseconds, before a test gives up


@pytest.fixture
def page(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A problem that is being reported at the desk of a city with two languages."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW))
    expect.set_options(timeout=_PATIENCE)
    (tmp_path / "site").mkdir()
    city = make_city(tmp_path / "site", SERVICES)
    services = city.folder / "services.yaml"
    services.write_text(services.read_text().replace("site: {", "site: {languages: [en, es], "))
    with open_desk(browser, city.folder) as desk:
        desk.press("Report a problem")
        yield desk.page


def test_the_box_of_a_prepared_text_follows_what_is_typed(page: Page) -> None:
    page.get_by_role("button", name="Payments do not work", exact=True).focus()
    page.keyboard.press("Enter")
    box = page.locator("#prepared")
    expect(box).to_be_focused()
    box.get_by_role("link", name="What fails").press("Enter")
    expect(page.get_by_role("textbox", name="What fails", exact=True)).to_be_focused()
    page.keyboard.type("The page shows an error")
    expect(box.get_by_role("link", name="What fails")).to_be_hidden()
    expect(box.get_by_role("link", name="What happened?")).to_be_visible()


def test_the_languages_are_side_by_side_when_somebody_wants_that(page: Page) -> None:
    spanish = page.get_by_label("Español: What happened?")
    expect(spanish).to_be_hidden()
    page.get_by_label("Write English and Spanish side by side").check()
    expect(spanish).to_be_visible()
    mark = page.locator("[id='in/es/title-mark']")
    page.get_by_label("What happened?", exact=True).fill("Bills cannot be paid")
    expect(mark).to_have_text("missing: residents read the original")
    spanish.fill("No se puede pagar")
    expect(mark).to_have_text("written by a person")
    page.get_by_label("What happened?", exact=True).fill("Bills cannot be paid online")
    expect(mark).to_have_text("the original has changed: not published until you look at it")
    page.get_by_label("I looked at it: it still says the same: What happened?").check()
    expect(mark).to_have_text("written by a person")


def test_the_page_that_was_chosen_stays_chosen(page: Page) -> None:
    page.get_by_label("Write English and Spanish side by side").check()
    page.get_by_label("What happened?", exact=True).fill("Bills cannot be paid")
    page.get_by_label("Español: What happened?").fill("No se puede pagar")
    page.get_by_label("Or another time").first.fill("8:00")
    page.get_by_label("Building permits", exact=True).select_option("down")
    page.locator("#views a[data-page^='es/incidents']").click()
    headline = page.frame_locator("#page").locator("h1")
    expect(headline).to_have_text("No se puede pagar")
    page.get_by_label("What happened?", exact=True).fill("Bills cannot be paid at all")
    page.get_by_label("Español: What happened?").fill("No se puede pagar nada")
    expect(headline).to_have_text("No se puede pagar nada")
    expect(page.locator("#views a[data-page^='es/incidents']")).to_have_attribute("aria-current", "true")
    expect(page.locator("#messages")).to_contain_text("No se puede pagar nada")


def test_a_text_of_many_pages_is_kept(page: Page) -> None:
    page.get_by_text("More (optional)").click()
    page.locator("#text").fill("A long text. " * 6000)
    page.locator("#draft:not([data-changed])").wait_for()
    expect(page.locator("#kept")).not_to_have_class("bad")
    page.reload()
    expect(page.locator("#text")).to_have_value("A long text. " * 6000)
