"""A later version of statusgen: a copy of this one in which something is another."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support.paths import PACKAGE


@dataclass(frozen=True)
class LaterVersion:
    """A copy of the package in a folder, which can be changed and run."""

    folder: Path

    @property
    def package(self) -> Path:
        """The copy."""
        return self.folder / "statusgen"

    def copy(self) -> "LaterVersion":
        """Make the copy."""
        shutil.copytree(PACKAGE, self.package, ignore=shutil.ignore_patterns("__pycache__"))
        return self

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text in a file of it."""
        edit(self.package / name, old, new)

    def run(self, *words: str) -> tuple[int, str]:
        """Run a command of it; return its exit code, and all that it says."""
        ran = subprocess.run(
            [sys.executable, "-m", "statusgen", *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return ran.returncode, ran.stdout


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text in a file, which has to have it."""
    text = path.read_text(encoding="utf-8")
    assert old in text, path
    path.write_text(text.replace(old, new), encoding="utf-8")
