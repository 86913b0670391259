"""The finder of the front page in a real browser: questions as people type them, in every language."""

from collections.abc import Iterator

import pytest
import yaml
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.built_sites import build_sample, language_folder
from tests.support.checkers import check_accessibility, open_page
from tests.support.paths import FINDER

SETS = yaml.safe_load((FINDER / "questions.yaml").read_text(encoding="utf-8"))
# Each movement of what stands on the page, by how much of it moves, also of those that follow a key.
WATCH = """
globalThis.moves = [];
const watch = (list) => globalThis.moves.push(...list.getEntries().map((entry) => entry.value));
new PerformanceObserver(watch).observe({ type: "layout-shift", buffered: true });
"""
# Puts each question into the field, and returns the service that comes first: all in the page, for there are hundreds.
ASK = """
(field, questions) => questions.map((question) => {
    field.value = question;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    const first = document.querySelector(".hits li a");
    return first ? first.hash.slice(9) : null;
})
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone's page."""
    with open_page(browser, 360, 740) as page:
        yield page


def open_finder(page: Page, name: str, language: str) -> Locator:
    """Open a front page from its folder, go to the field as a reader does, and wait until the index is there."""
    page.goto((language_folder(name, language) / "index.html").as_uri())
    field = page.get_by_role("searchbox")
    field.focus()
    page.wait_for_function("() => globalThis.finderIndex")
    return field


def hits(page: Page) -> Locator:
    return page.locator(".hits li")


@pytest.mark.parametrize("asked", SETS, ids=lambda asked: f"{asked['site']}-{asked['language']}")
def test_each_question_finds_its_service_first(page: Page, asked: dict[str, dict[str, str]]) -> None:
    field = open_finder(page, str(asked["site"]), str(asked["language"]))
    questions = list(asked["questions"])
    found = field.evaluate(ASK, [str(question) for question in questions])
    assert dict(zip(questions, found, strict=True)) == asked["questions"]


def test_there_are_enough_questions_in_each_language() -> None:
    counts = dict.fromkeys(("en", "es", "fr", "vi", "ar"), 0)
    for asked in SETS:
        counts[asked["language"]] += len(asked["questions"])
    assert counts.pop("en") >= 40
    assert min(counts.values()) >= 15


def test_a_hit_has_its_status_and_what_to_do_and_leads_to_its_card(page: Page) -> None:
    open_finder(page, "worst-week", "en").press_sequentially("building permit")
    hit = hits(page).first
    expect(hit).to_contain_text("Building permits: Not available when last checked")
    expect(hit).to_contain_text("Go on building with a permit that you have.")
    hit.get_by_role("link").click()
    assert page.url.endswith("#service-building-permits")
    expect(page.locator(".hits")).to_be_hidden()
    expect(page.locator("#service-building-permits")).to_be_in_viewport()


def test_the_first_working_way_stands_for_missing_advice(page: Page) -> None:
    open_finder(page, "worst-week", "en").fill("pay my water bill")
    expect(hits(page).first).to_contain_text("Quillhaven Water counter, 12 Millrace Street")


def test_an_answer_in_another_language_is_marked(page: Page) -> None:
    open_finder(page, "worst-week", "ar").fill("فاتورة المياه")
    answer = hits(page).first.locator(".answer [lang=en]").first
    assert answer.get_attribute("dir") == "ltr"


def test_what_is_not_listed_has_a_number_to_call_and_the_list(page: Page) -> None:
    open_finder(page, "worst-week", "en").fill("pizza delivery")
    expect(hits(page)).to_have_count(0)
    note = page.locator(".unlisted")
    expect(note).to_contain_text("Not listed? Call 555-0100 (City information line).")
    assert note.get_by_role("link", name="555-0100").get_attribute("href") == "tel:555-0100"
    expect(page.get_by_role("status")).to_have_text("Services found: 0")
    note.get_by_role("link", name="A to Z").click()
    expect(page.get_by_role("link", name="Tap water").first).to_be_visible()
    assert page.locator("#a-to-z").evaluate("list => list.open")


def test_a_question_that_is_answered_in_part_has_the_number_too(page: Page) -> None:
    field = open_finder(page, "worst-week", "en")
    field.fill("business license")
    expect(page.locator(".unlisted")).to_be_hidden()
    field.fill("marriage license")
    expect(hits(page).first).to_contain_text("Business licenses")
    expect(page.locator(".unlisted")).to_be_visible()


def test_how_many_are_found_is_told_once_and_nothing_else(page: Page) -> None:
    field = open_finder(page, "worst-week", "en")
    page.evaluate("""() => {
        const told = document.querySelector(".find output");
        globalThis.told = [];
        const listen = () => globalThis.told.push(told.textContent);
        new MutationObserver(listen).observe(told, { childList: true });
    }""")
    field.press_sequentially("trash day")
    expect(page.get_by_role("status")).to_have_text("Services found: 1")
    assert page.evaluate("globalThis.told") == ["Services found: 1"]


def test_the_keyboard_reaches_the_hits_and_escape_clears_them(page: Page) -> None:
    field = open_finder(page, "worst-week", "en")
    page.keyboard.type("permit")
    page.keyboard.press("Tab")
    expect(hits(page).first.get_by_role("link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    expect(page.locator(".hits")).to_be_hidden()
    page.keyboard.type("permit")
    page.keyboard.press("Enter")
    expect(hits(page).first.get_by_role("link")).to_be_focused()


def test_the_hits_never_lie_over_what_has_the_focus(page: Page) -> None:
    open_finder(page, "worst-week", "en").fill("permit")
    page.locator("#a-to-z summary").focus()
    expect(page.locator(".hits")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_when_the_script_runs_and_one_types(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.add_init_script(WATCH)
    field = open_finder(page, "worst-week", "en")
    height = "list => list.getBoundingClientRect().top + scrollY"
    before = page.locator("#a-to-z").evaluate(height)
    field.press_sequentially("pay my water bill")
    expect(hits(page).first).to_be_visible()
    assert page.locator("#a-to-z").evaluate(height) == before
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert page.evaluate("globalThis.moves") == []


@pytest.mark.parametrize(("language", "question"), [("en", "permit for a pizza"), ("ar", "تصريح بيتزا")])
def test_open_hits_can_be_used_by_everybody(page: Page, language: str, question: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    open_finder(page, "worst-week", language).fill(question)
    expect(hits(page).first).to_be_visible()
    expect(page.locator(".unlisted")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert check_accessibility(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_script_the_list_of_services_is_there(browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((build_sample("kansas-city") / "index.html").as_uri())
    assert page.get_by_role("searchbox").count() == 0
    page.locator(".find summary").click()
    page.locator(".find").get_by_role("link", name="Pay a water bill").click()
    assert page.url.endswith("#service-water-bill")
    context.close()


def test_without_the_index_the_names_are_searched(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/find-*", lambda route: route.abort())
    page.goto((build_sample("worst-week") / "index.html").as_uri())
    with page.expect_event("requestfailed"):
        page.get_by_role("searchbox").focus()
    page.get_by_role("searchbox").fill("pay my water bill")
    expect(hits(page).first).to_contain_text("Pay a water bill: Partly working")
    context.close()


def test_the_index_is_loaded_once_when_it_is_used_and_not_before(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((build_sample("quiet") / "index.html").as_uri())
    assert not any("/find-" in url for url in asked)
    field = page.get_by_role("searchbox")
    for _ in range(2):
        field.focus()
        field.fill("ebook")
        expect(hits(page).first).to_contain_text("E-books and audiobooks")
        field.blur()
    page.wait_for_function("() => globalThis.finderIndex")
    assert sum("/find-" in url for url in asked) == 1
