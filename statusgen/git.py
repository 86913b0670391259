"""Questions to git, none of which runs anything that the repository names."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from statusgen import git_lfs
from statusgen.git_files import refuse_endless_files
from statusgen.problems import GitError

CONTENT_PATHS = ("services.yaml", "incidents", "templates", "static")
TIMEOUT = 60  # seconds

_MIN_VERSION = (2, 31)
"""The first git that takes settings from variables, by which the filters of a repository are disarmed."""

# A repository's settings can name a program to run, where to fetch what it lacks, and by which program. What one in a
# nested repository names cannot be overridden from here, so git must not look into those.
_OVERRIDES = {
    "core.attributesFile": os.devnull,
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.sshCommand": "false",
    "credential.helper": "",
    "diff.ignoreSubmodules": "all",
    "diff.orderFile": os.devnull,
    "gpg.program": os.devnull,
    "gpg.openpgp.program": os.devnull,
    "gpg.ssh.program": os.devnull,
    "gpg.x509.program": os.devnull,
    "i18n.logOutputEncoding": "UTF-8",
    "log.mailmap": "false",
    "log.showSignature": "false",
    "safe.bareRepository": "explicit",
    "status.submoduleSummary": "false",
    "submodule.recurse": "false",
}
_SETTINGS = (
    *(word for name, value in _OVERRIDES.items() for word in ("-c", f"{name}={value}")),
    "--no-optional-locks",
    "--no-pager",
)
_OFFLINE = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
# Replacements and grafts show other commits than those that were published.
_AS_COMMITTED = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": os.devnull}
# What is right for daily work on this computer.
_ISOLATED = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
}


def run_git(folder: Path, *arguments: str, input: bytes = b"", isolated: bool = False) -> bytes | None:
    """Return what git prints; None outside of git, without git, and where it fails.

    `isolated` is for judging a repository rather than describing one's own: see `git_environment`. Raise GitError if
    git takes too long.
    """
    if not isolated and (not _is_in_repository(folder) or _is_too_old()):
        return None
    if top := repository_top(folder):
        refuse_endless_files(top)
    environment = git_environment(isolated)
    if not isolated and arguments[0] in ("status", "archive"):
        overrides = _filter_overrides(folder)
        if overrides is None:
            return None
        environment |= overrides
    command = git_command(folder, *arguments)
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT, env=environment, check=True, input=input)
    except subprocess.TimeoutExpired:
        # To go on as if there were no history would quietly take the record of changes off the pages.
        hint = "Build again, or build a copy of the folder without .git."
        raise GitError(f"Git has not answered for {TIMEOUT} seconds. {hint}") from None
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def git_command(folder: Path, *arguments: str) -> list[str]:
    """Return the command that asks git about a folder."""
    return [find_program("git") or "git-is-not-installed", *_SETTINGS, "-C", str(folder), *arguments]


def find_program(name: str) -> str | None:
    """Return where a program is; None where it is not.

    Windows looks in the current folder first, and everywhere `PATH` can name it. That folder can be anyone's.
    """
    return _search_path(name, os.environ.get("PATH", os.defpath))


@cache
def _search_path(name: str, path: str) -> str | None:
    ending = ".exe" if sys.platform == "win32" else ""
    folders = (Path(folder) for folder in path.split(os.pathsep))
    files = (folder / f"{name}{ending}" for folder in folders if folder.is_absolute())
    return next((str(file) for file in files if file.is_file() and os.access(file, os.X_OK)), None)


def _is_too_old() -> bool:
    """Return whether there is no git, or one that cannot be kept from running what a repository names."""
    program = find_program("git")
    return program is None or _read_version(program) < _MIN_VERSION


@cache
def _read_version(program: str) -> tuple[int, int]:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, timeout=TIMEOUT, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return 0, 0
    numbers = re.match(rb"git version (\d{1,4})\.(\d{1,4})", said)
    return (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)


def explain_missing_history(folder: Path) -> tuple[str, str] | None:
    """Return why git does not tell what was public before in a folder that is kept in it, and how to fix that."""
    if not _is_in_repository(folder):
        return None
    needed = ".".join(map(str, _MIN_VERSION))
    if not find_program("git"):
        return "There is no git on this computer", "Install git, and build again."
    if _is_too_old():
        return f"The git on this computer is older than {needed}", f"Install git {needed} or newer, and build again."
    done = _ask(folder, "rev-parse", "--show-toplevel")
    if done is None:
        return "Git does not answer", "Try git log in this folder, and fix what it says."
    if b"dubious ownership" in done.stderr or b"unsafe repository" in done.stderr:
        hint = f"If you trust it, run: git config --global --add safe.directory {repository_top(folder)}"
        return "This folder belongs to another user, so git does not read its history", hint
    if done.returncode:
        return "Git cannot read the history of this folder", "Try git log in this folder, and fix what it says."
    if Path(os.fsdecode(done.stdout).strip()).resolve() != repository_top(folder):
        hint = "Run git config --unset core.worktree in this folder."
        return "The setting core.worktree leads git to another folder than this", hint
    # It refuses settings that it does not understand, but not before it needs them.
    if _answers(folder, "rev-parse", "--verify", "HEAD") and not _answers(
        folder, "log", "-1", "--raw", "--diff-merges=first-parent"
    ):
        hint = "Try git log --raw in this folder, and fix what it says, which may be a setting in .git/config."
        return "Git cannot read the history of this folder", hint
    if shallow_commits(folder):
        hint = "Run git fetch --unshallow, or fetch all of it from the start (fetch-depth: 0 in GitHub Actions)."
        return "This is a shallow clone, which lacks the older part of the history", hint
    return None


def _answers(folder: Path, *arguments: str) -> bool:
    done = _ask(folder, *arguments)
    return done is not None and done.returncode == 0


def _ask(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    """Return what git says in English, complaints included; None if it says nothing in time."""
    environment = git_environment() | {"LC_ALL": "C", "LANGUAGE": "C"}
    command = git_command(folder, *arguments)
    try:
        return subprocess.run(command, capture_output=True, timeout=TIMEOUT, env=environment, check=False)
    except (OSError, subprocess.SubprocessError):
        return None


def git_environment(isolated: bool = False) -> dict[str, str]:
    """Return the environment in which git runs: no variables of git's own, no network, no prompts, no replacements.

    `isolated` leaves out the settings of this computer and its user too. Otherwise those stay: they say whose
    repositories are safe, and which files are not for git.
    """
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return ours | _OFFLINE | _AS_COMMITTED | (_ISOLATED if isolated else {})


def run_git_text(folder: Path, *arguments: str) -> str | None:
    """Return what `run_git` does as text, without the newline at its end."""
    answer = run_git(folder, *arguments)
    return answer.decode(errors="replace").strip() if answer is not None else None


def _is_in_repository(folder: Path) -> bool:
    """Return whether git knows anything about a folder; most often it does not, and to start it takes milliseconds."""
    return repository_top(folder) is not None


def repository_top(folder: Path) -> Path | None:
    """Return the top of the work tree that a folder is in; None outside of git."""
    whole = folder.resolve()
    return next((place for place in (whole, *whole.parents) if (place / ".git").exists()), None)


def _filter_overrides(folder: Path) -> dict[str, str] | None:
    """Return variables that disarm every filter: git runs those on what it compares or exports.

    The user's own, such as Git LFS, ask the repository what to run and where to fetch from, so `git_lfs` stands in for
    that one. None where git does not say which filters there are.
    """
    answer = run_git(folder, "config", "--show-scope", "--null", "--name-only", "--list")
    if answer is None:
        return None
    try:
        # A name is any bytes but \0 and a newline, and git has to be given the same ones.
        fields = os.fsdecode(answer).split("\0")
    except UnicodeDecodeError:
        return None
    scopes, keys = fields[::2], fields[1::2]
    settings = disarm_filters(keys)
    # What the user never wants in git is not news, but what a repository names can be a pipe.
    if {("local", "core.excludesfile"), ("worktree", "core.excludesfile")} & {*zip(scopes, keys, strict=False)}:
        settings.append(("core.excludesFile", os.devnull))
    return setting_variables(settings)


def disarm_filters(keys: Iterable[str]) -> list[tuple[str, str]]:
    """Return the settings by which no filter does anything that has one of these keys; others are passed over."""
    names = {key.rpartition(".")[0] for key in keys if key.startswith("filter.")}
    powerless = {"clean": "", "smudge": "", "process": "", "required": "false"}
    return [(f"{name}.{key}", value) for name in sorted(names) for key, value in powerless.items()]


def setting_variables(settings: Sequence[tuple[str, str]], first: int = 0) -> dict[str, str]:
    """Return the variables that give git these settings, behind the `first` ones that others have given it so."""
    variables = {"GIT_CONFIG_COUNT": str(first + len(settings))}
    for number, (key, value) in enumerate(settings, first):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return variables


def shallow_commits(folder: Path) -> set[str]:
    """Return the commits before which a shallow copy has nothing; none where it is whole."""
    path = run_git_text(folder, "rev-parse", "--git-path", "shallow")
    try:
        return set((folder / path).read_text(encoding="ascii", errors="replace").split()) if path else set()
    except OSError:
        return set()


def read_revision(folder: Path) -> str | None:
    """Return the short name of the last commit that changed the content, with a "+" where files have changed since.

    None outside of git, without git, and before the first commit.
    """
    last = _last_commit(folder, "%h")
    if not last:
        return None
    return last + ("+" if list_uncommitted(folder) else "")


def list_uncommitted(folder: Path) -> list[str]:
    """Return the files of the content that differ from the last commit, by their paths within the folder."""
    question = ("status", "--porcelain", "--no-renames", "--ignore-submodules=all", "-z", "--", *CONTENT_PATHS)
    answer = run_git(folder, *question) or b""
    entries = [os.fsdecode(entry) for entry in answer.split(b"\0") if entry]
    top = repository_top(folder)
    if top is None:
        return []
    # Git names them from the top of its work tree.
    changed = {entry[3:] for entry in entries if entry[:2] == " M"}
    same = _find_unchanged_pointers(folder, top, changed) if changed else set()
    prefix = f"{folder.resolve().relative_to(top).as_posix()}/"
    return [entry[3:].removeprefix(prefix) for entry in entries if entry[3:] not in same]


def _find_unchanged_pointers(folder: Path, top: Path, changed: set[str]) -> set[str]:
    """Return those of the changed files that git has as pointers of Git LFS to what they are."""
    answer = run_git(folder, "ls-files", "--stage", "--full-name", "-z", "--", *CONTENT_PATHS) or b""
    # Each is "MODE BLOB STAGE\tPATH" (git-ls-files, "output").
    stored = [os.fsdecode(entry).partition("\t") for entry in answer.split(b"\0") if entry]
    return {path for head, _, path in stored if path in changed and git_lfs.is_pointer_to(head.split()[1], top / path)}


def read_full_revision(folder: Path, short_revision: str | None) -> str | None:
    """Return what `read_revision` found with the whole name of the commit, for programs that look it up."""
    last = _last_commit(folder, "%H") if short_revision else None
    return f"{last}+" if last and short_revision and short_revision.endswith("+") else last


def read_last_commit_time(folder: Path) -> datetime | None:
    """Return when the last commit that changed the content was made, by its own clock; None without one."""
    seconds = _last_commit(folder, "%ct")
    return datetime.fromtimestamp(int(seconds), UTC) if seconds and seconds.isdigit() else None


def _last_commit(folder: Path, placeholder: str) -> str | None:
    return run_git_text(folder, "log", "-1", f"--format={placeholder}", "--abbrev=10", "--", *CONTENT_PATHS) or None
