"""Whole sites, built once for each test process by the command itself."""

import atexit
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

from click.testing import CliRunner

from statusgen.cli.main import main
from tests.support.paths import FINDER, ROOT, SITES

# Kansas City's example is shown at two moments: in the middle of the outage, and at its end.
MOMENTS = {
    "kansas-city": "2024-05-15",
    "kansas-city-later": None,
    "quiet": None,
    "small": None,
    "worst-week": None,
    "long-tail": None,
    "storm": None,
    "day-one": None,
    "vendor": None,
    "baltimore": None,
    "new-orleans": None,
}


def sample_folder(name: str) -> Path:
    """Return the folder that a sample site is built from."""
    if name.startswith("kansas-city"):
        return ROOT
    return FINDER / name if (FINDER / name).is_dir() else SITES / name


@cache
def build_sample(name: str) -> Path:
    """Build a sample site at its moment, once; return the folder of its pages."""
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    moment = MOMENTS.get(name)
    # A copy has no revision, so the pages are the same before and after a commit.
    for part in ("services.yaml", "incidents", "templates", "static"):
        original = sample_folder(name) / part
        if original.is_dir():
            shutil.copytree(original, folder / part)
        elif original.exists():
            shutil.copy(original, folder / part)
    at = ["--at", moment] if moment else []
    result = CliRunner().invoke(main, ["build", "--source", str(folder), "--output", str(folder / "site"), *at])
    assert result.exit_code == 0, result.output
    return folder / "site"


def sample_languages(name: str) -> list[str]:
    """Return the languages of a sample site, as its front page offers them."""
    html = (build_sample(name) / "index.html").read_text(encoding="utf-8")
    return re.findall(r'hreflang="([a-z]+)" href="https', html) or ["en"]


def language_folder(name: str, language: str) -> Path:
    """Return the folder of a sample site in one of its languages."""
    return build_sample(name) if language == sample_languages(name)[0] else build_sample(name) / language


def pages_of_each_kind(name: str, language: str) -> list[Path]:
    """Return a page or two of every kind: of services and incidents, the largest and the smallest."""
    root = language_folder(name, language)
    pages = [root / "index.html", *sorted(root.glob("*/index.html"))]
    pages = [page for page in pages if page.parent == root or page.parent.name not in sample_languages(name)]
    for folder in ("services", "incidents"):
        by_size = sorted(root.glob(f"{folder}/*/index.html"), key=lambda page: page.stat().st_size)
        pages += {by_size[0]: None, by_size[-1]: None} if by_size else {}
    pages += sorted(root.glob("archive/*/index.html"))[:1]
    pages += sorted(root.glob("archive/*/*/index.html"))[:1]
    return [*pages, build_sample(name) / "404.html"]
