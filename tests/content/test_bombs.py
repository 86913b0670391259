"""Content that would use up time or memory is reported as a mistake, or read, within a small limit."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.support.bombs import BOMBS, HARMLESS
from tests.support.paths import ROOT

SECONDS = 2  # of the processor, for each, on a slow machine
MEGABYTES = 200  # for all of them, one after another, Python and the libraries with them
PATIENCE = 300  # seconds until all of it is given up; no test waits for it to pass


# Of those that are refused, the ones that everybody has heard of.
REFUSED = {
    "merge keys that grow": "This file is too large",
    "aliases that grow": "This file is too large",
    "10,000 brackets": "nested more than 20 levels deep",
    "8,000 brackets": "more than 500 square brackets",
    "lists in lists": "nested too deeply",
    "numbered lists in lists": "nested too deeply",
    "quotes in quotes": "nested too deeply",
    "stars and letters": "too many marks",
    "code in lines of 9,900 characters": "too many marks",
    "entities, nearly": "too many marks",
    "references": "more than 500 square brackets",
    "references before a long paragraph": "defines more than 100 links",
    "a file of services": "limit of 2,000 is reached",
    "a table of 10,000 columns": "longer than 10,000 characters",
    "20,000 headings": "limit of 5,000",
    "a drawing of entities": "<!ENTITY>",
    "repeats: FREQ=SECONDLY": "more often than once a day",
}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.support.bombs"]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False)
    assert child.returncode == 0, child.stderr[-2000:]
    found: dict[str, Any] = json.loads(child.stdout)
    return found


def test_every_bomb_is_read_or_refused_in_two_seconds_and_two_hundred_megabytes(results: dict[str, Any]) -> None:
    assert list(results) == list(BOMBS)
    assert {name: found["seconds"] for name, found in results.items() if found["seconds"] > SECONDS} == {}
    assert max(found["memory"] for found in results.values()) <= MEGABYTES


def test_what_is_no_mistake_becomes_a_site_as_soon(results: dict[str, Any]) -> None:
    sound = {name: found for name, found in results.items() if not found["count"]}
    assert sound.keys() == HARMLESS
    assert all(found["files"] for found in sound.values())
    assert {name: found["making"] for name, found in sound.items() if found["making"] > SECONDS} == {}


@pytest.mark.parametrize(("name", "words"), REFUSED.items(), ids=REFUSED)
def test_what_is_too_much_is_told(results: dict[str, Any], name: str, words: str) -> None:
    assert words in results[name]["messages"][0]
    assert ".md:" in results[name]["messages"][0] or "services.yaml:" in results[name]["messages"][0]
