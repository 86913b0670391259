"""What is printed: the poster, the call sheet, and any page, on Letter and on A4."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from statusgen.board.model.whole_board import Board
from statusgen.wording.phrasing import Phrasing
from statusgen.wording.poster import SIZES, Entry, Poster, choose_size
from tests.support.built_sites import MOMENTS, language_folder, pages_of_each_kind, sample_languages
from tests.support.paths import SITES
from tests.support.printing import print_page
from tests.support.sample_sites import KANSAS_CITY, City
from tests.support.telling import make_town

WORST_WEEK = City(SITES / "worst-week").board("2026-06-17 15:30")
PAPERS = ("Letter", "A4")
# With fewer, a last sheet is paper for nothing.
MIN_LINES = 6
ONCE_SERVICES = """
services:
  - {id: bill, name: Pay a bill, channels: [{kind: online}, {id: auto, kind: automatic, name: Automatic payment},
     {id: counter, kind: in_person, name: Counter, address: 1 Oak Street}]}
  - {id: hotline, name: Hotline, channels: [{kind: phone, phone: 555-0101}]}
"""
ONCE_POST = """---
title: The network is down
started: 2024-05-05 09:00
services:
  bill/online: down
  bill/auto: {status: down, do: Do not pay twice.}
  bill/counter: working
  hotline/phone: {status: degraded, do: Say your name.}
---
We work on it.

## 2024-05-05 10:00 Update

services: {bill: limited}

We look on.
"""
# Moves all that stands below the header down by a number of pixels.
LOWER = """height => {
    const style = new CSSStyleSheet();
    style.replaceSync(`body > header { margin-bottom: ${height}px }`);
    document.adoptedStyleSheets = [style];
}"""


@pytest.fixture(scope="module")
def browser_page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def pages_named(name: str, site: str) -> list[Path]:
    """Return a page of a sample site in each of its languages."""
    return [language_folder(site, language) / name for language in sample_languages(site)]


def poster(board: Board, language: str = "en") -> Poster:
    return Poster(board, Phrasing(board.site, language))


# The poster


@pytest.mark.parametrize("site", MOMENTS)
def test_a_poster_is_one_sheet_on_any_paper_in_any_language(site: str, browser_page: Page) -> None:
    for path in pages_named("poster/index.html", site):
        browser_page.goto(path.as_uri())
        for paper in PAPERS:
            assert print_page(browser_page, paper).sheets == 1, (path, paper)


def test_type_steps_down_before_anything_is_left_out() -> None:
    def size_of(count: int) -> tuple[str, int]:
        return choose_size([Entry(f"Service {number}", "Call 311.") for number in range(count)], lambda size: 12 * size)

    sizes, counts = zip(*(size_of(count) for count in range(1, 40)), strict=True)
    names = [name for name, _ in SIZES]
    steps = [names.index(size) for size in sizes]
    assert steps == sorted(steps)
    assert set(sizes) == set(names)
    left_out = [count != shown for count, shown in enumerate(counts, 1)]
    assert all(size == names[-1] for size, is_short in zip(sizes, left_out, strict=True) if is_short)
    assert left_out[-1]
    assert not any(left_out[:9])


def test_eight_or_nine_problems_fit_on_a_real_poster() -> None:
    for board in (KANSAS_CITY.board("2024-05-15"), WORST_WEEK):
        assert len(poster(board).fitting_entries) >= 8


def test_a_poster_begins_with_what_weighs_most_and_counts_what_does_not_fit() -> None:
    found = poster(WORST_WEEK)
    assert [str(entry.name) for entry in found.fitting_entries][:2] == ["Tap water", "Pay a water bill"]
    problems = len(found.first.overview.problems)
    entries = problems + len(WORST_WEEK.notices) + len(WORST_WEEK.working_with_advice)
    assert len(found.fitting_entries) + found.more_count + found.more_notices == entries


@pytest.mark.parametrize("language", WORST_WEEK.site.languages)
def test_a_poster_shows_a_notice_or_counts_it_and_never_among_the_services(language: str) -> None:
    found = poster(WORST_WEEK, language)
    shown = [entry for entry in found.fitting_entries if not entry.standing]
    assert len(shown) + found.more_notices == len(WORST_WEEK.notices) == 2
    assert len(found.fitting_entries) - len(shown) + found.more_count == len(found.first.overview.problems)


def test_the_poster_of_the_worst_week_says_what_is_left_out_and_where_it_is() -> None:
    page = City(SITES / "worst-week").page("2026-06-17 15:30", "poster/index.html").words
    assert "Notice about personal data: Data of some water customers was copied. Published Mon, June 15, 9 AM." in page
    assert "1 notice is on the page." in page
    assert "more is on the page" not in page
    assert "more are on the page" not in page
    assert "status.quillhaven.example" in page


def test_what_only_staff_use_is_counted_but_not_shown() -> None:
    board = KANSAS_CITY.board("2024-05-15")
    found = poster(board)
    staff = {service.id for service in board.services if service.service.group == "staff" and service.is_unusual}
    names = {str(Phrasing(board.site, "en").say(board.service_by_id[id].service.name)) for id in staff}
    assert staff
    assert not names & {str(entry.name) for entry in found.entries}
    assert found.more_count >= len(staff)


def test_a_poster_says_what_to_do_in_the_words_of_the_front_page(tmp_path: Path) -> None:
    town = make_town(
        tmp_path,
        """
        services:
          - {id: bill, name: Pay a bill, channels: [{kind: online}, {id: counter, kind: in_person, name: Counter,
             address: 1 Oak Street}]}
          - {id: trash, name: Trash}
        """,
        x="""
            ---
            title: The network is down
            started: 2024-05-05 08:00
            services:
              bill/online: down
              bill/counter: working
              trash: {status: limited, do: {words: Bring it to the yard., short: Use the yard}}
            ---
            We work on it.
            """,
    )
    words = town.at("2024-05-05 09:00").forms["poster/index.html"]
    assert "Counter, 1 Oak Street." in words
    assert "Partly working. Use the yard." in words
    assert "t.example" in words


# The call sheet


@pytest.mark.parametrize("site", ["kansas-city", "worst-week"])
def test_twenty_five_services_fit_on_two_sheets_in_every_language(site: str, browser_page: Page) -> None:
    assert len(WORST_WEEK.services) == 25
    for path in pages_named("call-sheet/index.html", site):
        browser_page.goto(path.as_uri())
        for paper in PAPERS:
            assert print_page(browser_page, paper).sheets <= 2, (path, paper)


def test_the_call_sheet_and_the_plain_text_say_each_thing_once(tmp_path: Path) -> None:
    now = make_town(tmp_path, ONCE_SERVICES, x=ONCE_POST).at("2024-05-05 12:00")
    sheet = " ".join(now.forms["call-sheet/index.html"].split())
    text = now.forms["status.txt"]
    entries = text[text.index("Not working as usual:") : text.index("In the last 24 hours:")]
    for words in (sheet, entries):
        for fact in ("Do not pay twice.", "Counter", "Say your name.", "555-0101", "Automatic payment"):
            assert words.count(fact) == 1, fact
    said = "Automatic payment: Not available, since Sun, May 5, 9 AM. Do not pay twice. (as of Sun, May 5, 9 AM)"
    assert said in sheet
    assert said in text
    assert "Counter, 1 Oak Street. " in sheet
    assert "Online: Not available, since Sun, May 5, 9 AM." in sheet
    assert "- Online: Not available, since Sun, May 5, 9 AM." in text
    # A way stands as its service does, the only one of its ways: its status and its time stand there.
    assert "Slow or unreliable By phone, 555-0101. Say your name. Since Sun, May 5, 9 AM." in sheet
    assert "Slow or unreliable, since Sun, May 5, 9 AM." in text
    assert "+ By phone, 555-0101. Say your name." in text


def test_a_way_that_stands_otherwise_than_another_says_how(tmp_path: Path) -> None:
    post = ONCE_POST.replace(
        "hotline/phone: {status: degraded, ", "hotline/mail: working\n  hotline/phone: {status: degraded, "
    )
    town = make_town(tmp_path, ONCE_SERVICES.replace("phone: 555-0101}", "phone: 555-0101}, {kind: mail}"), x=post)
    now = town.at("2024-05-05 12:00")
    assert "By phone: Slow or unreliable" in " ".join(now.forms["call-sheet/index.html"].split())
    assert "+ By phone (Slow or unreliable" in now.forms["status.txt"]


def test_the_call_sheet_says_how_to_use_a_service_and_until_when() -> None:
    service = WORST_WEEK.service_by_id["water-bill"]
    said = str(Phrasing(WORST_WEEK.site, "en", plain=True).say_this(service, WORST_WEEK))
    parts = ["Quillhaven Water counter, 12 Millrace Street, ", "cash, check, or money order. ", "Bring: your bill"]
    parts += ["Do not pay a second time.", "Online and By phone: Not available", "No late fees and no shutoffs"]
    places = [said.index(part) for part in parts]
    assert places == sorted(places)


def test_the_call_sheet_has_the_text_of_a_notice_and_what_is_not_known() -> None:
    words = City(SITES / "worst-week").page("2026-06-17 15:30", "call-sheet/index.html").words
    assert "We do not call you for a card number" in words
    assert "Whether the street opens again tomorrow." in words


# Any page


def test_the_front_page_of_the_worst_week_is_five_sheets(browser_page: Page) -> None:
    browser_page.goto((language_folder("worst-week", "en") / "index.html").as_uri())
    for paper in PAPERS:
        assert print_page(browser_page, paper).sheets <= 5


@pytest.mark.parametrize("site", MOMENTS)
def test_no_page_ends_on_a_sheet_with_only_a_few_lines(site: str, browser_page: Page) -> None:
    is_thorough = site in ("kansas-city", "worst-week")
    languages = {"en", "es"} & {*sample_languages(site)} if is_thorough else {"en"}
    for path in (path for language in sorted(languages) for path in pages_of_each_kind(site, language)):
        browser_page.goto(path.as_uri())
        for paper in PAPERS if is_thorough else PAPERS[:1]:
            printed = print_page(browser_page, paper)
            assert printed.sheets == 1 or printed.last_lines >= MIN_LINES, (path, paper, printed)


@pytest.mark.parametrize(
    ("site", "name"),
    [("day-one", "incidents/2026-11-02-network"), ("storm", "."), ("worst-week", "subscribe"), ("worst-week", "about")],
)
def test_a_few_lines_are_never_alone_wherever_a_sheet_ends(site: str, name: str, browser_page: Page) -> None:
    browser_page.goto((language_folder(site, "en") / name / "index.html").as_uri())
    found = []
    for height in range(0, 960, 40):
        browser_page.evaluate(LOWER, height)
        found.append(print_page(browser_page))
    assert len({printed.last_lines for printed in found}) > 5
    assert all(printed.sheets == 1 or printed.last_lines >= MIN_LINES for printed in found), found
