"""The checkers find what they are there to find, and accept a page that is in order."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.checkers import (
    AXE_COLOR_RULES,
    AXE_TAGS,
    check_accessibility,
    check_colors,
    check_html,
    check_spacing,
    open_page,
)
from tests.support.printing import Print, print_page

GOOD = """\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>City services</title></head>
<body><main><h1>City services</h1><h2>Trash</h2><p>Working.</p></main></body>
</html>
"""


def test_vnu_accepts_a_page_in_order(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(GOOD, encoding="utf-8")
    assert check_html(tmp_path) == []


def test_vnu_finds_errors_and_warnings_in_pages_and_style_sheets(tmp_path: Path) -> None:
    folder = tmp_path / "all services"
    folder.mkdir()
    (tmp_path / "index.html").write_text(GOOD.replace("h2>", "h3>"), encoding="utf-8")
    page = GOOD.replace("<h2>", '<h2 id="trash">').replace("<p>", '<p id="trash">')
    (folder / "index.html").write_text(page, encoding="utf-8")
    (folder / "style.css").write_text("p { colour: red }\n", encoding="utf-8")

    messages = check_html(tmp_path)

    assert [message.partition(": ")[0] for message in messages] == [
        "all services/index.html:4",
        "all services/index.html:4",
        "all services/style.css:1",
        "index.html:4",
    ]
    assert "error: Duplicate ID" in messages[0]
    assert "warning: The first occurrence of ID" in messages[1]
    assert "colour" in messages[2]
    assert "skipping 1 heading level" in messages[3]


def test_vnu_wants_pages_to_check(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no pages"):
        check_html(tmp_path)


def test_axe_accepts_a_page_in_order_and_names_what_breaks_a_rule(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(GOOD)
    assert check_accessibility(page) == []
    page.set_content(GOOD.replace("Working.", '<img id="map" src="map.png">'))
    assert check_accessibility(page) == ["image-alt: Images must have alternative text: #map"]
    page.close()


def test_axe_checks_colors_alone_by_all_of_its_rules_about_them(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(GOOD.replace("Working.", '<img src="map.png"> <span id="pale" style="color:#ccc">Working.</span>'))
    (message,) = check_colors(page)
    assert message.startswith("color-contrast: ")
    assert message.endswith(": #pale")
    rules = page.evaluate("axe.getRules(['cat.color'])")
    assert [rule["ruleId"] for rule in rules if {*rule["tags"]} & {*AXE_TAGS}] == AXE_COLOR_RULES
    page.close()


def test_text_that_cannot_be_spaced_is_named(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.set_content(GOOD)
    assert check_spacing(page) == []
    tight = '<b style="display:block;width:4em;overflow:hidden">Working</b><i style="white-space:nowrap">'
    page.set_content(GOOD.replace("Working.", tight + "Working as usual " * 2 + "in each place</i>"))
    cut_off, wide = check_spacing(page)
    assert cut_off.endswith(">Working</b>")
    assert wide.endswith(" pixels wide at 320")
    page.close()


def test_printing_counts_sheets_and_the_lines_of_the_last_one(browser: Browser) -> None:
    page = browser.new_page()
    style = "<style>@page{margin:.5in}body{margin:0}p{height:1in;margin:0;break-inside:avoid}svg{height:5px}</style>"
    for number, sheets, lines in ((3, 1, 3), (10, 1, 10), (13, 2, 3)):
        page.set_content(
            style + "<p><svg><path d='M0 0h5v5z'/></svg> A line <small>of <sup>some</sup></small>" * number
        )
        assert print_page(page) == Print(sheets, lines)
    page.close()


def test_a_page_fails_the_test_when_the_browser_complains(browser: Browser) -> None:
    with open_page(browser, 360, 740) as page:
        page.set_content(GOOD)
        assert page.evaluate("innerWidth") == 360
    with pytest.raises(AssertionError, match="It is broken"), open_page(browser, 360, 740) as page:
        page.evaluate("console.error('It is broken')")
