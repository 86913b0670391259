"""Settings and fixtures that all tests share."""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from tests.support.checkers import start_chromium
from tests.support.documentation import copy_example


def _temporary_folder(prefix: str) -> str:
    folder = tempfile.mkdtemp(prefix=prefix)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


# Builds share a cache; the tests have one of their own, apart from the cache of the person who runs them.
os.environ["XDG_CACHE_HOME"] = _temporary_folder("statusgen-cache-")

# So are the drafts: what a test leaves unwritten is no draft of that person.
os.environ["XDG_STATE_HOME"] = _temporary_folder("statusgen-state-")

# Where Python may keep nothing that it compiled, as in many containers, hundreds of programs that the tests start and
# each site's templates would be compiled again and again. It is kept for this run, apart from the checkout; the
# processes of pytest inherit where.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    sys.dont_write_bytecode = False
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = _temporary_folder("statusgen-bytecode-")

# No test needs a network.
os.environ["STATUSGEN_OFFLINE"] = "1"

# The examples are the same in every run, so that a change is judged and not the luck of the day. To look for more:
# HYPOTHESIS_PROFILE=search .venv/bin/pytest tests/board/test_properties.py
settings.register_profile("same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "5000"))
settings.register_profile("search", settings.get_profile("same"), derandomize=False, max_examples=EXAMPLES)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once for each test process: Playwright does not run twice in one."""
    with start_chromium() as browser:
        yield browser


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example, in which the test runs."""
    copy_example(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path
