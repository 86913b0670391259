"""What residents ask, and whether the page answers; for the sample sites, against what their authors expect."""

import html
import json
import re
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from statusgen.cli import main
from statusgen.reading.documents import read_yaml
from tests.built import SITES, built

SAMPLES = ["quiet", "small", "worst-week", "long-tail"]


def expected(name: str) -> dict[str, Any]:
    document, problems = read_yaml((SITES / name / "expected.yaml").read_text(encoding="utf-8"), name)
    assert problems == []
    assert isinstance(document.value, dict)
    return document.value


def status(name: str) -> dict[str, Any]:
    result = CliRunner().invoke(main, ["status", "--json", "--source", str(SITES / name)])
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.output)
    return document


def one_spaced(text: str) -> str:
    return " ".join(text.split())


def words_of(page: str) -> str:
    return one_spaced(html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?(?:time|span|a|strong)[^>]*>", "", page))))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_sentence_says_how_bad_it_is(name: str) -> None:
    front = words_of((built(name) / "index.html").read_text(encoding="utf-8"))
    for words in expected(name)["sentence_contains"]:
        assert words in front


@pytest.mark.parametrize("name", SAMPLES)
def test_each_service_stands_as_its_author_expects(name: str) -> None:
    services = {service["id"]: service for service in status(name)["services"]}
    wanted = expected(name)
    assert len(services) == int(wanted["services"])
    unusual = {id: service["status"] for id, service in services.items() if service["status"] != "working"}
    in_maintenance = dict.fromkeys(wanted["maintenance"], "maintenance")
    assert unusual == {**wanted.get("statuses", {}), **in_maintenance}
    assert {id for id, service in services.items() if service["stale"]} == set(wanted["stale"])
    for id, ways in wanted.get("open_channels", {}).items():
        shut = ("down", "maintenance", "unknown")
        found = [way for way in services[id]["channels"] if way["status"] not in shut and way["kind"] != "automatic"]
        assert [way["id"] for way in found] == ways


@pytest.mark.parametrize("name", SAMPLES)
def test_the_facts_are_found_where_a_reader_looks(name: str) -> None:
    for find in expected(name)["finds"]:
        text = words_of((built(name) / find["page"] / "index.html").read_text(encoding="utf-8"))
        html_text = (built(name) / find["page"] / "index.html").read_text(encoding="utf-8")
        for words in find["contains"]:
            assert words in text or words in html_text, find["page"]


@pytest.mark.parametrize("question", expected("worst-week")["questions"], ids=lambda question: question["ask"])
def test_the_answer_stands_in_the_section_of_the_service(browser: Browser, question: dict[str, Any]) -> None:
    page = browser.new_page(timezone_id="America/Chicago")
    page.goto((built("worst-week") / "index.html").as_uri())
    heard = one_spaced(page.locator(f"#service-{question['service']}").aria_snapshot())
    heard = one_spaced(re.sub(r"- (?:text|time|term|definition|strong|listitem|list|link|paragraph)\b:?", " ", heard))
    for words in question["contains"]:
        assert words in heard.replace('"', "")
    page.close()


def test_a_quiet_day_is_calm() -> None:
    front = (built("quiet") / "index.html").read_text(encoding="utf-8")
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", front)
    assert "Not working as usual" not in headings
    assert "Still working" not in headings
    assert "Statements" not in headings
    assert words_of(front).count("No problems are reported.") == 1
