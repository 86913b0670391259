"""docs/buyers/: what people who choose are told is complete, and each claim names a test that there is."""

import ast
import json
import os
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from playwright.sync_api import Browser, expect

from tests.support.built_sites import build_sample
from tests.support.checkers import AXE_TAGS, run_node
from tests.support.paths import DOCS, ROOT
from tests.support.web_server import serve_folder

BUYERS = DOCS / "buyers"
ACCESSIBILITY, LICENSE = BUYERS / "accessibility.md", BUYERS / "license.md"
LEVELS = {"A": BUYERS / "wcag-a.md", "AA": BUYERS / "wcag-aa.md"}
# The success criteria of WCAG 2.2 (https://www.w3.org/TR/WCAG22/), by level.
CRITERIA = {
    "A": """1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3
        2.4.4 2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7 4.1.2""",
    "AA": """1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7 2.4.11 2.5.7 2.5.8
        3.1.2 3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3""",
}
RESULTS = {"Supports", "Partially supports", "Not applicable"}
_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def rows(page: Path) -> Iterator[list[str]]:
    """Yield the cells of each row of a page's tables, without heads."""
    for line in re.findall(r"(?m)^\|(?!-)(.*)\|$(?!\n\|-)", read(page)):
        yield [cell.strip() for cell in line.split(" | ")]


@cache
def criteria(level: str) -> dict[str, list[str]]:
    """Return of each criterion its name, how pages and desk meet it, and how that was tested, from below its table."""
    how = dict(re.findall(r"(?m)^- (\d[\d.]+): (.*)\.$", read(LEVELS[level])))
    found = {cells[0].split()[0]: cells for cells in rows(LEVELS[level]) if cells[0][0].isdigit()}
    assert {*how} <= {*found}
    return {number: [*cells, how.get(number, "")] for number, cells in found.items()}


@pytest.mark.parametrize("level", CRITERIA)
def test_each_criterion_has_its_row(level: str) -> None:
    assert list(criteria(level)) == CRITERIA[level].split()
    for number, (_, pages, desk, _) in criteria(level).items():
        assert {pages, desk} <= RESULTS, number


def test_each_criterion_that_is_met_says_how_it_was_tested() -> None:
    methods = {*re.findall(r"(?m)^- \*\*([a-z-]+)\*\*: ", read(ACCESSIBILITY))}
    assert {"axe", "desk-axe", "tab", "reading"} <= methods
    for level in CRITERIA:
        for number, (_, pages, desk, how) in criteria(level).items():
            named = {each for each in re.findall(r"[a-z-]+", how.partition(":")[0]) if each in methods}
            assert named or {pages, desk} == {"Not applicable"}, number
    remarks = " ".join(cells[3] for level in CRITERIA for cells in criteria(level).values())
    assert methods - set(re.findall("[a-z-]+", remarks)) == {"nu"}, "valid HTML is no criterion any more"


def test_axe_is_named_only_where_it_has_a_rule() -> None:
    script = """import axe from "axe-core";
        const rules = axe.getRules(JSON.parse(process.argv[1]));
        process.stdout.write(JSON.stringify(rules.map((rule) => rule.tags)));"""
    unused = {"experimental", "deprecated"}  # which it does not run unless it is asked to
    tags = [
        tag for tags in json.loads(run_node(script, json.dumps(AXE_TAGS))) if not unused & set(tags) for tag in tags
    ]
    for level in CRITERIA:
        for number, cells in criteria(level).items():
            if re.search(r"(?<!desk-)\baxe\b", cells[3]):
                assert f"wcag{number.replace('.', '')}" in tags, number


def test_what_does_not_fully_meet_the_criteria_is_listed() -> None:
    partly = {number for level in CRITERIA for number, row in criteria(level).items() if "Partially supports" in row}
    listed = {cells[1] for cells in rows(ACCESSIBILITY) if re.fullmatch(r"\d\.\d\.\d+", cells[1])}
    assert listed == partly
    assert "No person has tested it with a screen reader." in read(ACCESSIBILITY)


@pytest.mark.parametrize("page", sorted(BUYERS.glob("*.md")), ids=lambda page: page.name)
def test_each_test_that_a_page_names_is_there(page: Path) -> None:
    for file, function in _TEST.findall(read(page)):
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert not function or function in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}, file


def test_each_outage_has_an_example() -> None:
    places = [cells[0].partition(" (")[0].partition(",")[0] for cells in rows(BUYERS / "outages.md") if len(cells) == 3]
    assert len(places) == 19
    examples = read(BUYERS / "outage-reports.md").partition("## Sources")[0]
    assert [place for place in places if place.partition(" and ")[0] not in examples] == []


def test_pages_keep_nothing_and_ask_nobody_else(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    with serve_folder(build_sample("worst-week")) as address:
        page.goto(address)
        page.get_by_role("searchbox").press_sequentially("my secret water bill")
        expect(page.locator(".hits li").first).to_be_visible()
        assert all(each.startswith(f"GET {address}") for each in asked)
        assert not [each for each in asked if "secret" in each]
        assert context.cookies() == []
        kept = "localStorage.length + sessionStorage.length + (await indexedDB.databases()).length"
        assert page.evaluate(f"(async () => {kept})()") == 0
    context.close()


def test_the_table_of_licenses_is_what_is_installed() -> None:
    by_hand, mark, shown = read(LICENSE).partition(" -k license -->\n")
    made = "\n| library | license | needed for |\n|---|---|---|\n" + "".join(license_rows())
    if os.environ.get("RENEW"):
        LICENSE.write_text(by_hand + mark + made, encoding="utf-8")
        return
    assert shown == made


def license_rows() -> Iterator[str]:
    """Yield a row for each library that statusgen needs here, or an extra of it, with those that they bring."""
    # uv.lock has several versions of a library where systems or Pythons need others; then what needs it names one.
    locked: list[dict[str, Any]] = tomllib.loads(read(ROOT / "uv.lock"))["package"]
    packages = {(each["name"], version): each for each in locked for version in (each.get("version"), None)}

    def brought(needed: list[Any]) -> Iterator[str]:
        """Yield the names of libraries, and of all that they need."""
        for each in needed:
            if "marker" in each and not Marker(each["marker"]).evaluate():
                continue
            package = packages[each["name"], each.get("version")]
            extras = [package["optional-dependencies"][extra] for extra in each.get("extra", ())]
            yield each["name"]
            yield from brought([*package.get("dependencies", ()), *chain.from_iterable(extras)])

    ours = packages["statusgen", None]
    listed: set[str] = set()
    for what, needed in {"always": ours["dependencies"], **ours["optional-dependencies"]}.items():
        found = {*brought(needed)} - listed
        yield from (f"| {name} | {license_of(name)} | {what} |\n" for name in sorted(found))
        listed |= found


def license_of(name: str) -> str:
    """Return what a library says of its license: as an expression (PEP 639), in a few words, or by a classifier."""
    about = metadata.metadata(name).json
    words = str(about.get("license_expression") or about.get("license") or "")
    if not words or len(words) > 40:
        classifiers = [each for each in about["classifier"] if each.startswith("License :: ")]
        words = ", ".join(each.rpartition(" :: ")[2] for each in classifiers)
    return words
