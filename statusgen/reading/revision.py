"""The revision of the content, where the folder is kept in git."""

import os
import subprocess
from pathlib import Path

CONTENT = ("services.yaml", "incidents", "templates", "static")
_PATIENCE = 10  # seconds


def revision(folder: Path) -> str | None:
    """The short name of the last commit that changed the content, with a "+" where files have changed since.

    None outside of git, without git, and before the first commit. Nothing that a repository's own settings
    name is run (`core.fsmonitor` would be).
    """
    last = _git(folder, "log", "-1", "--format=%h", "--abbrev=10", "--", *CONTENT)
    if not last:
        return None
    return last + ("+" if _git(folder, "status", "--porcelain", "--", *CONTENT) else "")


def _git(folder: Path, *arguments: str) -> str | None:
    command = ["git", "-c", "core.fsmonitor=false", "-C", str(folder), "--no-optional-locks", "--no-pager", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            env=environment,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return done.stdout.strip()
