"""docs/hosts/genuine*.md: following them from the first line to the last proves what they say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.documentation import code_blocks
from tests.support.paths import DOCS, ROOT
from tests.support.web_server import serve_folder

PAGES = [DOCS / "hosts" / name for name in ("genuine.md", "genuine-commits.md")]
LIVE = "https://status.springfield.example/"
# The end of the day on which the example, whose moment is fixed, has its last word.
NOW = "1722056400"


@pytest.fixture
def environment(example: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a user with a home folder, whose city is kept in git."""
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text("[user]\n\tname = Ada\n\temail = ada@city.example\n")
    program = home / "bin" / "statusgen"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m statusgen "$@"\n')
    program.chmod(0o755)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    path = f"{program.parent}:{os.environ['PATH']}"
    environment = inherited | {"HOME": str(home), "PATH": path, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": NOW}
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "The example"]):
        subprocess.run(["git", *words], cwd=example, env=environment, check=True)
    (example / ".gitignore").write_text("/site/\n")
    return environment


def test_each_command_does_what_the_pages_say(example: Path, environment: dict[str, str]) -> None:
    with serve_folder(example / "site") as address:
        for block in (block for page in PAGES for block in code_blocks(page, "bash")):
            script = block.replace(LIVE, address)
            ran = subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", script],
                cwd=example, env=environment, capture_output=True, encoding="utf-8", check=False,
            )  # fmt: skip
            assert ran.returncode == 0, f"{block}\n{ran.stdout}{ran.stderr}"
