"""The documentation as a site: it is built without a warning, and asks nothing of anybody else."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.paths import DOCS, ROOT

MADE = {"writers/format.md", "programmers/data-reference.md", "developers/measurements.md", "developers/scoreboard.md"}
"""References and tables that a program writes."""
MOST_WORDS = 1_500


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build it as `make docs` does."""
    folder = tmp_path_factory.mktemp("docs")
    options = ["-q", "-W", "--keep-going", "-d", str(folder / "read")]
    command = [sys.executable, "-m", "sphinx", *options, str(DOCS), str(folder / "site")]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return folder / "site"


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in site.rglob("*") if path.suffix in (".html", ".css")}
    assert len(texts) > 50
    for path, text in texts.items():
        loaded = re.findall(r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["'](?:https?:)?//[^"']+""", text)
        loaded += re.findall(r"""<link\b[^>]*\bhref=["'](?:https?:)?//[^"']+""", text)
        loaded += re.findall(r"""(?:url\(|@import\s)\s*["']?(?:https?:)?//[^"')]+""", text)
        assert not loaded, path


def test_a_search_works_in_a_folder(site: Path, browser: Browser) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "index.html").as_uri())
    page.get_by_label("Search").first.fill("waiver")
    page.keyboard.press("Enter")
    page.locator("#search-results li").first.wait_for()
    assert all(address.startswith("file:") for address in asked)
    page.close()


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(DOCS)))
def test_no_page_is_long(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.split()) <= MOST_WORDS or str(page.relative_to(DOCS)) in MADE


def test_no_page_links_to_a_file_outside_the_documentation() -> None:
    for page in DOCS.rglob("*.md"):
        for target in re.findall(r"\]\((?!https?:)([^)#\s]+)", re.sub(r"`[^`\n]+`", "", page.read_text("utf-8"))):
            assert (page.parent / target).resolve().is_relative_to(DOCS), f"{page}: {target}"
