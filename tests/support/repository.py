"""A city's folder in git."""

import os
import subprocess
from pathlib import Path

SERVICES = """\
site: {title: Springfield, url: 'https://springfield.example/', timezone: America/Chicago, languages: [en, es]}
services:
  - name: Trash
"""


class Repository:
    """A city's folder in git, whose commits have times of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "incidents").mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("2024-05-01 08:00", {"services.yaml": SERVICES})

    def git(self, *arguments: str, at: str = "2024-05-01 08:00", authored: str | None = None) -> str:
        times = {"GIT_AUTHOR_DATE": f"{authored or at} -0500", "GIT_COMMITTER_DATE": f"{at} -0500"}
        mine = {**times, "GIT_CONFIG_GLOBAL": os.devnull}
        who = ["-c", "user.name=Clerk", "-c", "user.email=clerk@springfield.example", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", *who, "-C", str(self.folder), *arguments],
            env={**os.environ, **mine},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def commit(self, at: str, files: dict[str, str | None], authored: str | None = None) -> None:
        """Write these files, or delete those that are None, and commit; `authored` is when that was done first."""
        for name, text in files.items():
            path = self.folder / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=More", at=at, authored=authored)
