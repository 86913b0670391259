"""Posts as cities write them, in a hurry and in their own style: none is refused, and no word of them is lost.

The posts lie in `honest/`, a small site for each language. In them is what people type and paste: headlines in
capitals, hashes, prices, streets, mail headers, bullets of word processors, code, emoji, quotes of every kind.
"""

import re
from functools import cache
from pathlib import Path

import pytest

from statusgen.audit.audit import audit_files
from statusgen.board.board import make_board
from statusgen.content.reader import read_content
from statusgen.lint.mistakes import find_mistakes
from statusgen.model.posts import Incident
from statusgen.model.whole_site import Site
from statusgen.outputs.registry import all_files
from statusgen.theme.renderer import Renderer
from statusgen.wording.interface import available_languages
from tests.support.paths import HONEST

SITES = sorted(folder for folder in HONEST.iterdir() if folder.is_dir())
POSTS = sorted(HONEST.glob("*/incidents/*.md"))
# What Markdown takes for its own: the addresses of links, marks of emphasis, rules and the numbers of lists.
MARKS = re.compile(r"\]\([^\s()]*(?:\([^\s()]*\))?[^\s()]*\)|^\s*\d+[.)]|^##.*|^[|\s:-]+$", re.MULTILINE)


@cache
def read_site(folder: Path) -> tuple[Site | None, list[str]]:
    content = read_content(folder, available_languages())
    problems = content.problems + (list(find_mistakes(content.site, content.texts)) if content.site else [])
    return content.site, [str(problem) for problem in problems]


def incident(post: Path) -> Incident:
    site, _ = read_site(post.parent.parent)
    assert site
    return next(incident for incident in site.incidents if incident.id == post.stem)


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.replace("\u00ad", "")))


@pytest.mark.parametrize("folder", SITES, ids=lambda folder: folder.name)
def test_nothing_is_refused(folder: Path) -> None:
    site, problems = read_site(folder)
    assert problems == []
    assert site
    assert len(site.incidents) == len(list((folder / "incidents").glob("*.md")))


@pytest.mark.parametrize("post", POSTS, ids=lambda post: f"{post.parent.parent.name}-{post.stem}")
def test_no_word_of_a_text_is_lost(post: Path) -> None:
    """Each update's words come through Markdown and out of it again."""
    _, _, after = post.read_text(encoding="utf-8").partition("\n---\n")
    parts = re.split(r"^## \d.*\n(?:[a-z_]+:.*\n(?:[ -].*\n)*)*", after, flags=re.MULTILINE)
    shown = [text.text for update in incident(post).updates for text in update.texts]
    written = words(" ".join(MARKS.sub(" ", part) for part in parts))
    assert written - words(" ".join(shown)) == set()


@pytest.mark.parametrize("folder", SITES, ids=lambda folder: folder.name)
def test_the_site_that_they_make_passes_inspection(folder: Path) -> None:
    site, _ = read_site(folder)
    assert site
    assert site.last_update_at
    now = make_board(site, site.last_update_at)
    paths = {file.path for file in audit_files(all_files(now, Renderer(folder)), now, site)}
    assert {f"incidents/{incident.id}/index.html" for incident in site.incidents} <= paths


def test_there_are_enough_of_them() -> None:
    assert len(POSTS) >= 60
