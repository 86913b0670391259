"""The pictures in the documentation show what the pages and the desk look like now.

After a change that can be seen: RENEW=1 .venv/bin/pytest -n0 tests/whole_site/test_docs_pictures.py
"""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.doc_pictures import DESK, PAGES, PICTURES, Picture, describe, read_note, show_desk, show_page, take
from tests.support.paths import DOCS, PACKAGE, README

NINE = int(datetime(2024, 5, 6, 14, 10, tzinfo=UTC).timestamp())


def compare(name: str, page: Page, *styles: Path) -> None:
    """Fail if a picture shows something older than the page; with RENEW, take it again."""
    shown = describe(page, *styles)
    if os.environ.get("RENEW") and read_note(name) != shown:
        take(name, page, shown)
    assert read_note(name) == shown, "This picture is old. The first lines of this file say how to take it again."


@pytest.mark.parametrize("picture", PAGES, ids=lambda picture: picture.name)
def test_a_picture_shows_the_page_as_it_is(browser: Browser, picture: Picture) -> None:
    with show_page(browser, picture) as page:
        compare(picture.name, page, PACKAGE / "theme/static/style.css")


def test_a_picture_shows_the_desk_as_it_is(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NINE))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)  # the desk names whom git knows
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with show_desk(browser, tmp_path) as page:
        compare(DESK, page, PACKAGE / "desk/static/desk.css")


def test_each_picture_is_made_here_and_shown_somewhere() -> None:
    there = {path.stem for path in PICTURES.iterdir()}
    texts = "".join(page.read_text(encoding="utf-8") for page in (README, *DOCS.glob("*.md")))
    assert there == {DESK, *(picture.name for picture in PAGES)}
    assert there == set(re.findall(r"\]\((?:docs/)?pictures/(.+?)\.png\)", texts))
