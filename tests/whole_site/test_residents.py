"""What residents ask, and whether the page answers; for the sample sites, against what their authors expect."""

import html
import json
import re
from functools import cache
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser
from playwright.sync_api import Page as BrowserPage

from statusgen.cli.main import main
from statusgen.content.yaml.documents import read_yaml
from tests.support.built_sites import build_sample
from tests.support.paths import SITES
from tests.support.sample_sites import Page

SAMPLES = ["quiet", "small", "worst-week", "long-tail", "storm", "day-one", "vendor"]
# How the line of a service begins that has a status.
STATUS_WORDS = {
    "down": "Not available",
    "partly_down": "Not available: ",
    "limited": "Partly working",
    "degraded": "Slow or unreliable",
    "differently": "Working, but differently",
    "catching_up": "Back, catching up",
    "unknown": "Not known ",
    "maintenance": "Closed for planned work",
}


def expected(name: str) -> dict[str, Any]:
    document, problems = read_yaml((SITES / name / "expected.yaml").read_text(encoding="utf-8"), name)
    assert problems == []
    assert isinstance(document.value, dict)
    return document.value


def front_page(name: str) -> Page:
    return Page((build_sample(name) / "index.html").read_text(encoding="utf-8"))


def status_json(name: str) -> dict[str, Any]:
    result = CliRunner().invoke(main, ["status", "--json", "--source", str(SITES / name)])
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.output)
    return document


def never_said(name: str) -> list[str]:
    return [str(words) for words in expected(name).get("never", ())]


def normalize_spaces(text: str) -> str:
    return " ".join(text.split())


def text_of(page: str) -> str:
    return normalize_spaces(
        html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?(?:time|span|a|strong)[^>]*>", "", page)))
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_the_sentence_says_how_bad_it_is(name: str) -> None:
    text = normalize_spaces((build_sample(name) / "status.txt").read_text(encoding="utf-8"))
    for words in expected(name)["sentence_contains"]:
        assert words in text
    front, wanted = front_page(name), expected(name)["first_screen"]
    assert front.headline() == wanted["headline"]
    for words in wanted["contains"]:
        assert words in front.first_screen()


@pytest.mark.parametrize("name", SAMPLES)
def test_every_service_that_needs_a_word_has_its_line_at_the_top(name: str) -> None:
    front, wanted = front_page(name), expected(name)
    lines = front.overview()
    if ": " in front.headline():
        service, _, status = front.headline().partition(": ")
        lines[service] = status
    names = {service["id"]: service["name"] for service in status_json(name)["services"]}
    unusual = {**wanted.get("statuses", {}), **dict.fromkeys(wanted["maintenance"], "maintenance")}
    for id, status in unusual.items():
        line = lines.pop(names[id])
        assert line.startswith(STATUS_WORDS[status]), id
        assert ("when last checked" in line) is (id in wanted["stale"]), id
    assert {*lines} <= {names[id] for id in wanted["working"]}


@pytest.mark.parametrize("name", SAMPLES)
def test_each_service_stands_as_its_author_expects(name: str) -> None:
    services = {service["id"]: service for service in status_json(name)["services"]}
    wanted = expected(name)
    assert len(services) == int(wanted["services"])
    unusual = {
        id: service["status"] for id, service in services.items() if service["status"] not in ("working", "not_said")
    }
    in_maintenance = dict.fromkeys(wanted["maintenance"], "maintenance")
    assert unusual == {**wanted.get("statuses", {}), **in_maintenance}
    assert {id for id, service in services.items() if service["status"] == "working"} == set(wanted["working"])
    assert {id for id, service in services.items() if service["stale"]} == set(wanted["stale"])
    for id, ways in wanted.get("open_channels", {}).items():
        shut = ("down", "maintenance", "unknown", "not_said")
        found = [way for way in services[id]["channels"] if way["status"] not in shut and way["kind"] != "automatic"]
        assert [way["id"] for way in found] == ways


@pytest.mark.parametrize("name", SAMPLES)
def test_the_facts_are_found_where_a_reader_looks(name: str) -> None:
    for find in expected(name)["finds"]:
        text = text_of((build_sample(name) / find["page"] / "index.html").read_text(encoding="utf-8"))
        html_text = (build_sample(name) / find["page"] / "index.html").read_text(encoding="utf-8")
        for words in find["contains"]:
            assert words in text or words in html_text, find["page"]


@pytest.mark.parametrize("name", [name for name in SAMPLES if never_said(name)])
def test_nothing_is_said_that_nobody_said(name: str) -> None:
    for path in ("index.html", "status.txt", "sms.txt", "call-sheet/index.html", "poster/index.html"):
        text = text_of((build_sample(name) / path).read_text(encoding="utf-8"))
        assert [words for words in never_said(name) if words in text] == [], path


# Each asks what a resident of that place asks: the site, the service, and words of the answer in its section.
QUESTIONS: dict[str, tuple[str, str, list[str]]] = {
    question["ask"]: (name, question["service"], question["contains"])
    for name in SAMPLES
    for question in expected(name).get("questions", ())
} | {
    "Can I borrow an e-book tonight?": ("quiet", "ebooks", ["E-books and audiobooks", "No problem reported"]),
    "Where can I pay in person, with a card?": ("small", "pay-bill", ["7 Pump House Lane", "8:30 a.m.", "or card"]),
    "Will Dripwell charge me a late fee?": ("small", "pay-bill", ["No late fee", "From February 9 to 16"]),
    "When is Dripwell's next word?": ("small", "pay-bill", ["Wed, February 11, 3 PM"]),
    "How do I get a permit?": ("long-tail", "permits", ["1 Anchor Square, second floor", "two paper copies"]),
    "When are permits back online?": ("long-tail", "permits", ["Expected back", "Not before Mon, February 2"]),
    "Can I pay water in cash?": (
        "kansas-city",
        "water-bill",
        ["4800 E. 63rd Street", "cash or check"],
    ),
    "Will KC Water cut me off?": ("kansas-city", "water-bill", ["No water shutoffs", "No late penalties"]),
    "Is my autopay running?": ("kansas-city", "water-bill", ["Automatic payment (autopay)", "Do not count on it."]),
    "Who has the video of my crash?": ("kansas-city", "crash-video", ["KC Scout", "run by the state", "888-275-6636"]),
    "Is the trash picked up?": ("kansas-city", "trash", ["Trash pickup", "Working", "Wed, May 15"]),
}


@cache
def open_front_page(browser: Browser, name: str) -> BrowserPage:
    """Open it once for all questions, which only read it."""
    page = browser.new_page(timezone_id="America/Chicago")
    page.goto((build_sample(name) / "index.html").as_uri())
    return page


@pytest.mark.parametrize("ask", QUESTIONS)
def test_the_answer_stands_in_the_section_of_the_service(browser: Browser, ask: str) -> None:
    name, service, answer = QUESTIONS[ask]
    section = open_front_page(browser, name).locator(f"#service-{service}")
    # A list has its status as its heading, and several services have who runs them in one line above the first.
    above = section.locator(
        "xpath=self::li/ancestor::section/h2 | self::article/preceding-sibling::h3[1]/following-sibling::*[1][self::p]"
    )
    heard = normalize_spaces(" ".join([*above.all_inner_texts(), section.aria_snapshot()]))
    heard = normalize_spaces(
        re.sub(r"- (?:text|time|term|definition|strong|listitem|list|link|paragraph)\b:?", " ", heard)
    )
    for words in answer:
        assert words in heard.replace('"', "")


def test_a_quiet_day_is_calm() -> None:
    front = (build_sample("quiet") / "index.html").read_text(encoding="utf-8")
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", front)
    assert "Not working as usual" not in headings
    assert "Still working" not in headings
    assert "Statements" not in headings
    assert "Every service in short" not in headings
    assert Page(front).headline() == "No problems reported"
    assert Page(front).lead() == ""
