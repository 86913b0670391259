"""Questions to git about the content's own repository, none of which runs anything that the repository names."""

import os
import subprocess
from pathlib import Path

CONTENT = ("services.yaml", "incidents", "templates", "static")
_PATIENCE = 10  # seconds


def ask(folder: Path, *arguments: str, input: bytes = b"") -> bytes | None:
    """What git prints; None outside of git, without git, and where it fails or takes too long."""
    # A repository's own settings could name programs to run (core.fsmonitor), or hide commits (log.*, grafts).
    command = ["git", "-c", "core.fsmonitor=false", "-C", str(folder), "--no-optional-locks", "--no-pager"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            [*command, *arguments], capture_output=True, timeout=_PATIENCE, env=environment, check=True, input=input
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def tell(folder: Path, *arguments: str) -> str | None:
    """The same as text, without the newline at its end."""
    told = ask(folder, *arguments)
    return told.decode(errors="replace").strip() if told is not None else None
