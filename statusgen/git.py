"""Questions to git about the content's own repository, none of which runs anything that the repository names."""

import os
import subprocess
from pathlib import Path

from statusgen.problems import GitError

CONTENT_PATHS = ("services.yaml", "incidents", "templates", "static")
_TIMEOUT = 60  # seconds


def run_git(folder: Path, *arguments: str, input: bytes = b"") -> bytes | None:
    """What git prints; None outside of git, without git, and where it fails. Raises GitError if it takes too long."""
    if not _is_in_repository(folder):
        return None
    # A repository's own settings could name programs to run (core.fsmonitor), or hide commits (log.*, grafts).
    settings = ("-c", "core.fsmonitor=false", "-c", "log.showSignature=false")
    command = ["git", *settings, "-C", str(folder), "--no-optional-locks", "--no-pager"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    # A repository can also say where to fetch what it lacks, and by which program.
    environment |= {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
    if arguments[0] in ("status", "archive"):
        environment |= _filter_overrides(folder)
    try:
        done = subprocess.run(
            [*command, *arguments], capture_output=True, timeout=_TIMEOUT, env=environment, check=True, input=input
        )
    except subprocess.TimeoutExpired:
        # To go on as if there were no history would quietly take the record of changes off the pages.
        hint = "Build again, or build a copy of the folder without .git."
        raise GitError(f"Git has not answered for {_TIMEOUT} seconds. {hint}") from None
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _is_in_repository(folder: Path) -> bool:
    """Whether git has anything to say of a folder; most often it has not, and to start it takes milliseconds."""
    whole = folder.resolve()
    return any((place / ".git").exists() for place in (whole, *whole.parents))


def shallow_commits(folder: Path) -> set[str]:
    """The commits before which a shallow copy has nothing; none where it is whole."""
    path = run_git_text(folder, "rev-parse", "--git-path", "shallow")
    try:
        return set((folder / path).read_text(encoding="ascii").split()) if path else set()
    except OSError:
        return set()


def _filter_overrides(folder: Path) -> dict[str, str]:
    """Variables that disarm each filter of the repository: git runs those on what it compares or lays out."""
    told = run_git_text(folder, "config", "--show-scope", "--null", "--name-only", "--get-regexp", r"^filter\.")
    scopes, keys = (told or "").split("\0")[::2], (told or "").split("\0")[1::2]
    # Those of whoever builds, such as Git LFS, stay.
    names = {key.rpartition(".")[0] for scope, key in zip(scopes, keys, strict=False) if scope in ("local", "worktree")}
    powerless = {"clean": "", "smudge": "", "process": "", "required": "false"}
    settings = [(f"{name}.{key}", value) for name in sorted(names) for key, value in powerless.items()]
    variables = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return variables


def run_git_text(folder: Path, *arguments: str) -> str | None:
    """The same as text, without the newline at its end."""
    told = run_git(folder, *arguments)
    return told.decode(errors="replace").strip() if told is not None else None


def read_revision(folder: Path) -> str | None:
    """The short name of the last commit that changed the content, with a "+" where files have changed since.

    None outside of git, without git, and before the first commit.
    """
    last = _last_commit(folder, "%h")
    if not last:
        return None
    return last + ("+" if run_git_text(folder, "status", "--porcelain", "--", *CONTENT_PATHS) else "")


def read_full_revision(folder: Path, short_revision: str | None) -> str | None:
    """The revision that `revision` has found, with the whole name of the commit, for programs that look it up."""
    last = _last_commit(folder, "%H") if short_revision else None
    return f"{last}+" if last and short_revision and short_revision.endswith("+") else last


def _last_commit(folder: Path, placeholder: str) -> str | None:
    return run_git_text(folder, "log", "-1", f"--format={placeholder}", "--abbrev=10", "--", *CONTENT_PATHS) or None
