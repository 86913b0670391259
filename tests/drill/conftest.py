"""A site, and the story that the page in docs/ has as its example."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from statusgen.cli import moments
from tests.drill.office import PAGE, SITE
from tests.support.documentation import code_blocks
from tests.support.repository import Repository


@pytest.fixture(autouse=True)
def usual_clock() -> Iterator[None]:
    """Let the computer's clock count again: a process that ran a command in a drill keeps the drill's."""
    yield
    moments.keep_time_of(Path("/"))


@pytest.fixture
def story(tmp_path: Path) -> Path:
    """The story that the page has as its example."""
    path = tmp_path / "our-story.yaml"
    path.write_text(next(code_blocks(PAGE, "yaml")), encoding="utf-8")
    return path


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A site that is not kept in git."""
    (tmp_path / "town" / "incidents").mkdir(parents=True)
    (tmp_path / "town" / "services.yaml").write_text(SITE, encoding="utf-8")
    return tmp_path / "town"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A site in git, with a remote."""
    repository = Repository(tmp_path / "town")
    repository.commit("2024-05-02 08:00", {"services.yaml": SITE, ".gitignore": "site/\n"})
    subprocess.run(["git", "init", "--quiet", "--bare", str(tmp_path / "origin.git")], check=True)
    repository.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    repository.git("push", "--quiet", "--set-upstream", "origin", "main")
    return repository
