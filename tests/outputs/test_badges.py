"""Badges: seen, heard and read by programs, in every language."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from lxml import etree
from playwright.sync_api import Browser, Page

from statusgen.board.model.whole_board import Board
from statusgen.content.format.colors import contrast_ratio
from statusgen.model.statuses import Status
from statusgen.model.words import Words
from statusgen.outputs import badges
from statusgen.theme.renderer import Renderer
from statusgen.wording.interface import available_languages
from statusgen.wording.phrasing import Phrasing
from statusgen.wording.short_forms import badge_headline, shorten
from tests.support.checkers import check_html
from tests.support.paths import SITES
from tests.support.sample_sites import KANSAS_CITY, City, make_city

SVG = "{http://www.w3.org/2000/svg}"
WORST_WEEK = City(SITES / "worst-week").board("2026-06-17 15:30")
# https://shields.io/badges/endpoint-badge; shields.io refuses keys that it does not know.
ENDPOINT = Draft202012Validator(
    {
        "type": "object",
        "properties": {
            "schemaVersion": {"const": 1},
            "label": {"type": "string"},
            "message": {"type": "string", "minLength": 1},
            "color": {"type": "string", "pattern": "^#[0-9a-f]{6}$"},
        },
        "required": ["schemaVersion", "label", "message"],
        "additionalProperties": False,
    }
)
# Of each picture: its box, that of its words, and how wide those would be if nothing fitted them.
MEASURE = """() => [...document.querySelectorAll("svg")].map((svg) => {
  const words = svg.querySelector("text");
  const boxes = [svg.getBoundingClientRect().toJSON(), words.getBoundingClientRect().toJSON()];
  words.removeAttribute("textLength");
  return [...boxes, words.getComputedTextLength()];
})"""
HOSTILE = ['</text></svg><script>alert("1")</script>', "a\" onload=\"alert('1')", "<!--]]>&amp;{{ 7 * 7 }}%(x)s"]


def in_languages(board: Board, *languages: str) -> Board:
    return replace(board, site=replace(board.site, languages=languages))


def rename(board: Board, name: str) -> Board:
    words = Words((("en", name),))
    services = tuple(replace(each, service=replace(each.service, name=words)) for each in board.services)
    return replace(board, site=replace(board.site, title=words), services=services)


def drop_demonstration(board: Board) -> Board:
    """Return the Board without its demonstration bar."""
    return replace(board, site=replace(board.site, demonstration=None))


def badge_files(board: Board) -> Mapping[str, str]:
    return {file.path: file.content.decode() for file in badges.files(board, Renderer(SITES / "worst-week"))}


def badge_pictures(board: Board) -> Mapping[str, str]:
    return {path: text for path, text in badge_files(board).items() if path.endswith(".svg")}


def visible_text(svg: str) -> str:
    return etree.fromstring(svg).findtext(f"{SVG}text") or ""


def spoken_text(svg: str) -> str:
    return etree.fromstring(svg).findtext(f"{SVG}title") or ""


@pytest.fixture(scope="module")
def all_pictures() -> Mapping[str, str]:
    return badge_pictures(in_languages(WORST_WEEK, *available_languages()))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test when the browser complains."""
    context = browser.new_context(viewport={"width": 800, "height": 600})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    yield page
    context.close()
    assert complaints == []


def test_the_site_has_one_and_each_service_has_one_in_every_language() -> None:
    files = badge_files(KANSAS_CITY.board("2024-05-15"))
    for edition in ("", "es/"):
        for of in ("", "services/water-bill/", "services/trash/"):
            assert f"{edition}{of}badge.svg" in files
            assert f"{edition}{of}badge.json" in files


def test_it_says_in_words_how_things_stand() -> None:
    files = badge_pictures(drop_demonstration(in_languages(KANSAS_CITY.board("2024-05-15"), "en", "es")))
    assert visible_text(files["badge.svg"]) == "7 services not working as usual, 7 more when last checked"
    assert (
        spoken_text(files["badge.svg"])
        == "Kansas City service status: 7 services not working as usual, 7 more when last checked"
    )
    assert visible_text(files["services/water-bill/badge.svg"]) == "Pay a water bill: Partly working"
    assert spoken_text(files["services/water-bill/badge.svg"]) == "Pay a water bill: Partly working"
    assert visible_text(files["es/services/permits/badge.svg"]).endswith(": Sin servicio")


def test_its_color_and_its_shape_are_those_of_how_things_stand() -> None:
    board = KANSAS_CITY.board("2024-05-15")
    files = badge_files(board)
    for standing in board.services:
        color, shape = badges.UNCHECKED_STYLE if standing.stale else badges.STATUS_STYLES[standing.status]
        svg = files[f"services/{standing.id}/badge.svg"]
        assert f'"{color}"' in svg, standing.id
        assert f'"{shape}"' in svg, standing.id
        assert json.loads(files[f"services/{standing.id}/badge.json"])["color"] == color
    assert len({standing.status for standing in board.services}) >= 3
    assert f'"{badges.STATUS_STYLES[Status.WORKING][1]}"' not in files["badge.svg"]


def test_on_quiet_days_it_says_so_and_tells_of_planned_work() -> None:
    quiet = KANSAS_CITY.board("2024-04-01")
    speech = Phrasing(quiet.site, "en", plain=True)
    assert badge_headline(quiet, speech) == "No problems reported"
    closed = replace(quiet, headline=replace(quiet.headline, maintenance_count=2))
    assert badge_headline(closed, speech) == "2 services closed for planned work"
    # Nobody said that everything works.
    assert badges.STATUS_STYLES[Status.NOT_SAID][0] in badge_pictures(quiet)["badge.svg"]
    assert badges.GREEN not in "".join(badge_files(quiet).values())


def test_a_demonstration_says_so_to_eyes_and_ears() -> None:
    for path, svg in badge_pictures(KANSAS_CITY.board("2024-05-15")).items():
        if not path.startswith("es/"):
            assert spoken_text(svg).startswith("Demonstration. "), path
            assert visible_text(svg).startswith("Demonstration. "), path
    assert json.loads(badge_files(KANSAS_CITY.board("2024-05-15"))["badge.json"])["label"].startswith("Demonstration. ")


def test_each_is_small_and_keeps_to_what_every_policy_allows(all_pictures: Mapping[str, str]) -> None:
    for path, svg in all_pictures.items():
        root = etree.fromstring(svg)
        assert len(svg.encode()) < 1500, path
        assert {str(each.tag).removeprefix(SVG) for each in root.iter()} == {"svg", "title", "rect", "path", "text"}
        attributes = {str(name) for each in root.iter() for name in each.attrib}
        assert not [name for name in attributes if name in ("style", "class") or name.startswith("on")]
        assert "url(" not in svg
        assert root.get("lang") == (path.split("/")[0] if path[:3] in ("ar/", "es/", "fr/", "vi/") else "en")
        assert root.get("direction") == ("rtl" if path.startswith("ar/") else "ltr")


def test_every_status_has_a_shape_of_its_own_and_can_be_read() -> None:
    assert set(badges.STATUS_STYLES) == set(Status)
    styles = [*badges.STATUS_STYLES.values(), badges.UNCHECKED_STYLE]
    assert len({shape for _, shape in styles}) == len(styles)
    assert {badges.STATUS_STYLES[Status.NOT_SAID][0], badges.UNCHECKED_STYLE[0]} == {badges.GRAY}
    for status, (color, _) in badges.STATUS_STYLES.items():
        assert contrast_ratio(color, "#ffffff") >= 4.5, status
    assert contrast_ratio("#1b1f24", "#ffffff") >= 4.5


def test_a_screen_reader_gets_the_words(page: Page, all_pictures: Mapping[str, str], tmp_path: Path) -> None:
    chosen = [svg for path, svg in all_pictures.items() if path.endswith("water-bill/badge.svg")]
    assert len(chosen) == len(available_languages())
    for svg in chosen:
        (tmp_path / "badge.svg").write_text(svg, encoding="utf-8")
        page.goto((tmp_path / "badge.svg").as_uri())
        spoken = " ".join(spoken_text(svg).split())  # Chromium has every space as a plain one
        assert yaml.safe_load(page.locator("svg").aria_snapshot()) == [f'img "{spoken}"']
        picture = '<img src="badge.svg" alt="How the water bill stands">'
        html = f'<!doctype html><meta charset="utf-8"><title>Bills</title><p>{svg}</p><p>{picture}</p>'
        (tmp_path / "page.html").write_text(html, encoding="utf-8")
        page.goto((tmp_path / "page.html").as_uri())
        assert yaml.safe_load(page.locator("body").aria_snapshot()) == [
            {"paragraph": [f'img "{spoken}"']},
            {"paragraph": ['img "How the water bill stands"']},
        ]
        drawn = page.locator("img").evaluate("picture => picture.naturalWidth")
        assert str(drawn) == etree.fromstring(svg).get("width")


def test_the_words_fit_the_picture_whatever_the_font(page: Page, all_pictures: Mapping[str, str]) -> None:
    page.set_content("<!doctype html><title>Bills</title>" + "".join(f"<p>{svg}</p>" for svg in all_pictures.values()))
    for path, measured in zip(all_pictures, page.evaluate(MEASURE), strict=True):
        box, words, natural = measured
        assert box["height"] >= 24  # to be touched (WCAG 2.2, 2.5.8)
        before, after = words["left"] - box["left"], box["right"] - words["right"]
        if path.startswith("ar/"):
            before, after = after, before
        assert before >= 30, path
        assert after >= 5, path
        assert 0.8 < words["width"] / natural < 1.25, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colors_leave_the_words_readable(browser: Browser, scheme: Any) -> None:
    context = browser.new_context(forced_colors="active", color_scheme=scheme)
    page = context.new_page()
    page.set_content(f"<!doctype html><title>Bills</title>{badge_pictures(WORST_WEEK)['badge.svg']}")
    fill = "element => getComputedStyle(element).fill"
    assert page.locator("text").evaluate(fill) == "rgb(27, 31, 36)"
    assert page.locator("rect").evaluate(fill) == "rgb(255, 255, 255)"
    context.close()


def test_html_with_badges_in_it_is_valid(tmp_path: Path) -> None:
    for language in available_languages():
        words = "".join(f"<p>{svg}</p>" for svg in badge_pictures(in_languages(WORST_WEEK, language)).values())
        html = f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Badges</title><body>{words}</html>'
        (tmp_path / f"{language}.html").write_text(html, encoding="utf-8")
    assert check_html(tmp_path) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_a_name(page: Page, name: str) -> None:
    made = badge_pictures(drop_demonstration(in_languages(rename(WORST_WEEK, name), "en", "ar"))).values()
    page.set_content("<!doctype html><title>Bills</title>" + "".join(f"<p>{svg}</p>" for svg in made))
    assert page.locator("script, [onload]").count() == 0
    titles = page.locator("svg title").all_text_contents()
    assert titles == [spoken_text(svg) for svg in made]
    assert all(name in title for title in titles)


def test_a_name_that_goes_on_for_ever_is_cut_between_words() -> None:
    board = drop_demonstration(in_languages(rename(WORST_WEEK, "Permits for very long bridges " * 60), "en"))
    for path, svg in badge_pictures(board).items():
        assert len(svg.encode()) < 1500
        assert path == "badge.svg" or visible_text(svg).startswith("Permits for very long bridges Permits for very…: ")
    assert shorten("Trash and recycling", 19) == "Trash and recycling"
    assert shorten("Trash and recycling", 18) == "Trash and…"
    assert shorten("Trash and recycling", 10) == "Trash and…"
    assert shorten("Müllabfuhr", 5) == "Müll…"


def test_characters_that_no_xml_can_carry_are_left_out() -> None:
    for svg in badge_pictures(
        in_languages(rename(WORST_WEEK, "Tra\x00sh\x1b \ud800pick\ufffeup\u202e"), "en")
    ).values():
        etree.fromstring(svg.encode())
        assert "\u202e" not in svg


def test_shields_io_can_draw_the_same(tmp_path: Path) -> None:
    boards = [in_languages(WORST_WEEK, *available_languages()), in_languages(rename(WORST_WEEK, HOSTILE[0]), "en")]
    boards.append(KANSAS_CITY.board("2024-04-01"))
    boards.append(make_city(tmp_path, "  - {name: Trash}\n").board("2024-05-05"))
    for board in boards:
        documents = {path: json.loads(text) for path, text in badge_files(board).items() if path.endswith(".json")}
        assert len(documents) == len(board.site.languages) * (1 + len(board.services))
        for document in documents.values():
            ENDPOINT.validate(document)
            assert contrast_ratio(document["color"], "#ffffff") >= 4.5
    assert documents["services/trash/badge.json"] == {
        "schemaVersion": 1,
        "label": "Trash",
        "message": "No problem reported",
        "color": "#4a5058",
    }


def test_a_site_may_draw_its_own(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    own = '<svg xmlns="http://www.w3.org/2000/svg"><title>{{ title }}</title><text>{{ words }}</text></svg>'
    (tmp_path / "templates" / "badge.svg").write_text(own, encoding="utf-8")
    files = {file.path: file.content.decode() for file in badges.files(WORST_WEEK, Renderer(tmp_path))}
    assert files["badge.svg"].startswith('<svg xmlns="http://www.w3.org/2000/svg"><title>Demonstration. Quillhaven')
