"""Questions to git, none of which runs anything that the repository names."""

import os
import subprocess
from pathlib import Path

from statusgen.problems import GitError

CONTENT_PATHS = ("services.yaml", "incidents", "templates", "static")
_TIMEOUT = 60  # seconds

# A repository's settings can name a program to run, where to fetch what it lacks, and by which program.
_SETTINGS = ("-c", "core.fsmonitor=false", "-c", "log.showSignature=false", "--no-optional-locks", "--no-pager")
_OFFLINE = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
# What is right for daily work on this computer, and what shows other objects than those asked for.
_ISOLATED = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
}


def run_git(folder: Path, *arguments: str, input: bytes = b"", isolated: bool = False) -> bytes | None:
    """Return what git prints; None outside of git, without git, and where it fails.

    `isolated` is for judging a repository rather than describing one's own: see `git_environment`. Raise GitError if
    git takes too long.
    """
    if not isolated and not _is_in_repository(folder):
        return None
    environment = git_environment(isolated)
    if not isolated and arguments[0] in ("status", "archive"):
        environment |= _filter_overrides(folder)
    command = git_command(folder, *arguments)
    try:
        done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT, env=environment, check=True, input=input)
    except subprocess.TimeoutExpired:
        # To go on as if there were no history would quietly take the record of changes off the pages.
        hint = "Build again, or build a copy of the folder without .git."
        raise GitError(f"Git has not answered for {_TIMEOUT} seconds. {hint}") from None
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def git_command(folder: Path, *arguments: str) -> list[str]:
    """Return the command that asks git about a folder."""
    return ["git", *_SETTINGS, "-C", str(folder), *arguments]


def git_environment(isolated: bool = False) -> dict[str, str]:
    """Return the environment in which git runs: no variables of git's own, no network and no prompts.

    `isolated` leaves out the settings of this computer and its user too, and replacements and grafts of objects.
    Otherwise those settings stay: they say whose repositories are safe, and where Git LFS is.
    """
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return ours | _OFFLINE | (_ISOLATED if isolated else {})


def run_git_text(folder: Path, *arguments: str) -> str | None:
    """Return what `run_git` does as text, without the newline at its end."""
    answer = run_git(folder, *arguments)
    return answer.decode(errors="replace").strip() if answer is not None else None


def _is_in_repository(folder: Path) -> bool:
    """Return whether git knows anything about a folder; most often it does not, and to start it takes milliseconds."""
    whole = folder.resolve()
    return any((place / ".git").exists() for place in (whole, *whole.parents))


def _filter_overrides(folder: Path) -> dict[str, str]:
    """Return variables that disarm each filter of the repository: git runs those on what it compares or exports."""
    answer = run_git_text(folder, "config", "--show-scope", "--null", "--name-only", "--get-regexp", r"^filter\.") or ""
    scopes, keys = answer.split("\0")[::2], answer.split("\0")[1::2]
    # The user's own, such as Git LFS, stay.
    names = {key.rpartition(".")[0] for scope, key in zip(scopes, keys, strict=False) if scope in ("local", "worktree")}
    powerless = {"clean": "", "smudge": "", "process": "", "required": "false"}
    settings = [(f"{name}.{key}", value) for name in sorted(names) for key, value in powerless.items()]
    variables = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return variables


def shallow_commits(folder: Path) -> set[str]:
    """Return the commits before which a shallow copy has nothing; none where it is whole."""
    path = run_git_text(folder, "rev-parse", "--git-path", "shallow")
    try:
        return set((folder / path).read_text(encoding="ascii").split()) if path else set()
    except OSError:
        return set()


def read_revision(folder: Path) -> str | None:
    """Return the short name of the last commit that changed the content, with a "+" where files have changed since.

    None outside of git, without git, and before the first commit.
    """
    last = _last_commit(folder, "%h")
    if not last:
        return None
    return last + ("+" if run_git_text(folder, "status", "--porcelain", "--", *CONTENT_PATHS) else "")


def read_full_revision(folder: Path, short_revision: str | None) -> str | None:
    """Return what `read_revision` found with the whole name of the commit, for programs that look it up."""
    last = _last_commit(folder, "%H") if short_revision else None
    return f"{last}+" if last and short_revision and short_revision.endswith("+") else last


def _last_commit(folder: Path, placeholder: str) -> str | None:
    return run_git_text(folder, "log", "-1", f"--format={placeholder}", "--abbrev=10", "--", *CONTENT_PATHS) or None
