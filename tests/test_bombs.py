"""Content that is made to take long or to fill the memory is told as a mistake, or read, before anybody notices."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bombs import BOMBS

SECONDS = 2  # of the processor, for each, on a slow machine
MEGABYTES = 200  # for all of them, one after another, Python and the libraries with them
PATIENCE = 300  # seconds until all of it is given up; no test waits for it to pass


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    here = Path(__file__).parent.parent
    command = [sys.executable, "-m", "tests.bombs"]
    child = subprocess.run(command, cwd=here, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False)
    assert child.returncode == 0, child.stderr[-2000:]
    found: dict[str, Any] = json.loads(child.stdout)
    assert tmp_path_factory.getbasetemp().exists()
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_every_bomb_is_read_or_refused_in_two_seconds_and_two_hundred_megabytes(results: dict[str, Any]) -> None:
    assert list(results) == list(BOMBS)
    assert {name: found["seconds"] for name, found in results.items() if found["seconds"] > SECONDS} == {}
    assert max(found["memory"] for found in results.values()) <= MEGABYTES
