"""The work tree of a site, opened to be shared: which branch it is on, where that goes, and one user at a time."""

import json
import os
import re
import shlex
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from statusgen.colleagues.own_git import last_value, make_git
from statusgen.folder.filesystem import lock_folder
from statusgen.git import explain_missing_history, repository_top, run_git, run_git_text
from statusgen.git_files import find_common_dir, find_git_dir
from statusgen.git_network import GitRefusal, NetworkGit, Setting, dates_of, read_settings
from statusgen.problems import OutputError, ShareError
from statusgen.text import printable

_PREFIX = "statusgen-"
_UNFINISHED = {
    "MERGE_HEAD": ("a merge", "git merge --abort"),
    "rebase-merge": ("a rebase", "git rebase --abort"),
    "rebase-apply": ("a rebase", "git rebase --abort"),
    "CHERRY_PICK_HEAD": ("a cherry-pick", "git cherry-pick --abort"),
    "REVERT_HEAD": ("a revert", "git revert --abort"),
}
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_LOCK_TIMEOUT = 5.0  # seconds
_POLL_INTERVAL = 0.05  # seconds


class NotSharedError(Exception):
    """What is in this folder cannot be shared as it is, and yet be published; says why, and what to do."""


@dataclass(frozen=True)
class Upstream:
    """The branch of colleagues: where it is, what it is called there, and which reference here says how it was last."""

    url: str
    branch: str
    tracking: str | None


@dataclass(frozen=True)
class WorkTree:
    """A work tree on a branch; `site` is the folder with services.yaml in it, and `prefix` where that is in the tree.

    `git_dir` is the repository's own folder, `scratch` a folder on the same disk for as long as this is open.
    `settings` are those that count in it.
    """

    site: Path
    top: Path
    git_dir: Path
    branch: str
    scratch: Path
    settings: Sequence[Setting]
    git: NetworkGit

    @property
    def prefix(self) -> str:
        """The path of the site in the tree, with a slash at its end; empty at the top."""
        path = self.site.resolve().relative_to(self.top).as_posix()
        return "" if path == "." else f"{path}/"

    @property
    def head(self) -> str | None:
        """The commit that the branch is at; None before the first."""
        return run_git_text(self.top, "rev-parse", "--verify", "--quiet", f"refs/heads/{self.branch}^{{commit}}")

    @property
    def journal(self) -> Path:
        """What is being changed, for the next run if this one does not come to its end."""
        return self.git_dir / "statusgen-share.json"

    @property
    def upstream(self) -> Upstream | None:
        """The branch of colleagues; None if none is set."""
        settings = self.settings
        remote = last_value(settings, f"branch.{self.branch}.remote")
        merge = last_value(settings, f"branch.{self.branch}.merge") or ""
        if not remote or remote == "." or not merge.startswith("refs/heads/"):
            return None
        branch = merge.removeprefix("refs/heads/")
        url = last_value(settings, f"remote.{remote}.url")
        tracking = f"refs/remotes/{remote}/{branch}" if url else None
        return Upstream(url or remote, branch, tracking)

    def is_in(self, commit: str, later: str) -> bool:
        """Return whether a commit is a later one, or in its history."""
        return self.git.try_run("merge-base", "--is-ancestor", commit, later).returncode == 0

    def move_reference(self, name: str, new: str, old: str | None = None) -> None:
        """Let a reference of the repository name another commit; of a branch, only if it still names `old`."""
        before = [old or "0" * len(new)] if name.startswith("refs/heads/") else []
        # A git that was begun by a program that ended may still be writing: wait for it, for seconds.
        patience = ("-c", "core.filesRefLockTimeout=5000")
        if run_git(self.top, *patience, "update-ref", "-m", "statusgen", name, new, *before) is None:
            lock = self.git_dir / f"{name}.lock"
            hint = f"If no other program uses git in this folder, delete {lock}, and try again."
            raise ShareError(f"Git could not change {name}; another program may have changed it meanwhile. {hint}")

    def copy_index(self) -> Path:
        """Return a copy of the repository's index, to be changed."""
        copy = self.scratch / "index"
        if (self.git_dir / "index").exists():
            shutil.copyfile(self.git_dir / "index", copy)
        else:
            copy.unlink(missing_ok=True)
        return copy

    def replace_index(self, new: Path) -> None:
        """Put another index in place of the repository's, by git's own protocol: nobody sees a part of one."""
        lock = self.git_dir / "index.lock"
        give_up = time.monotonic() + _LOCK_TIMEOUT
        while True:
            try:
                descriptor = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
                break
            except FileExistsError:
                if time.monotonic() > give_up:
                    hint = f"Close it and try again; if none is open, delete {lock}."
                    raise ShareError(f"Another program is using git in this folder. {hint}") from None
                time.sleep(_POLL_INTERVAL)  # git tells nobody when it takes its lock away
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(new.read_bytes())
            opened.flush()
            os.fsync(opened.fileno())
        lock.replace(self.git_dir / "index")

    def write_journal(self, old: str, new: str) -> None:
        """Note from which commit to which one the branch is being moved."""
        draft = self.scratch / "journal"
        draft.write_text(json.dumps({"branch": self.branch, "from": old, "to": new}), encoding="utf-8")
        draft.replace(self.journal)

    def read_journal(self) -> tuple[str, str] | None:
        """Return what a run that died was changing on this branch, if one did."""
        if self.journal.is_symlink() or not self.journal.is_file() or self.journal.stat().st_size > 1_000:
            return None
        try:
            noted = json.loads(self.journal.read_text(encoding="utf-8"))
            old, new = noted["from"], noted["to"]
        except (ValueError, TypeError, KeyError):
            return None
        is_usable = all(isinstance(each, str) and _COMMIT.fullmatch(each) for each in (old, new))
        return (old, new) if is_usable and noted.get("branch") == self.branch else None


def in_git(source: Path) -> bool:
    """Return whether a folder is in a work tree of git."""
    return repository_top(source) is not None


@contextmanager
def open_work_tree(source: Path, at: datetime | None = None) -> Iterator[WorkTree]:
    """Open the work tree that a site is in, for as long as nobody else does; `at` is the moment of commits, if not now.

    Raise NotSharedError if what is there can be published but not shared, and ShareError if it must be finished first.
    """
    top = repository_top(source)
    if top is None:
        raise NotSharedError("This folder is not kept in git.")
    if missing := explain_missing_history(source):
        raise NotSharedError(f"{missing[0]}, so nothing is shared with colleagues. {missing[1]}")
    git_dir = find_git_dir(top)
    settings = read_settings(top)
    _refuse_borrowed(top, git_dir, settings)
    _refuse_unfinished(git_dir)
    if last_value(settings, "core.sparsecheckout") == "true":
        hint = "Run git sparse-checkout disable, and try again."
        raise NotSharedError(f"This folder has only a part of its repository, so nothing is shared. {hint}")
    branch = (run_git_text(top, "symbolic-ref", "--quiet", "HEAD") or "").removeprefix("refs/heads/")
    if not branch:
        hint = "Go back to your branch, for example with: git switch main"
        raise NotSharedError(f"This folder is on no branch (a detached HEAD), so nothing is shared. {hint}")
    with ExitStack() as stack:
        try:
            stack.enter_context(lock_folder(git_dir))
        except OutputError:
            hint = "Wait for it to end, and try again."
            raise ShareError(f"Another statusgen is sharing from this folder. {hint}") from None
        _clear_leftovers(git_dir)
        scratch = stack.enter_context(TemporaryDirectory(prefix=_PREFIX, dir=git_dir))
        objects = (find_common_dir(git_dir) / "objects").resolve()
        git = make_git(Path(scratch, "git"), top, objects, settings)
        if at:
            git = replace(git, variables={**git.variables, **dates_of(at)})
        try:
            yield WorkTree(source, top, git_dir, branch, Path(scratch), settings, git)
        except GitRefusal as refusal:
            hint = "Nothing that you wrote is lost. Ask someone who knows git."
            raise ShareError(f"Git could not do its part: {refusal}. {hint}") from None


def _refuse_borrowed(top: Path, git_dir: Path, settings: list[Setting]) -> None:
    """Raise NotSharedError if a folder names a repository that does not name the folder.

    A stranger's folder could name any repository of the user, and what is in it would be committed and pushed there.
    """
    link = top / ".git"
    if link.is_dir() and not link.is_symlink():
        return
    known = [setting for setting in settings if setting.is_of_repository and setting.key == "core.worktree"]
    if known:  # it leads here, or git was not asked further
        return
    with suppress(OSError, ValueError):
        named = (git_dir / "gitdir").read_text(encoding="utf-8").strip()
        if (git_dir / named).parent.resolve() == top.resolve():
            return
    what = f"The repository of this folder is elsewhere, in {printable(str(git_dir))}, and does not know of this folder"
    hint = f"If both are yours, run: git config core.worktree {shlex.quote(printable(str(top)))}"
    raise NotSharedError(f"{what}, so nothing is shared. {hint}")


def _refuse_unfinished(git_dir: Path) -> None:
    for name, (noun, command) in _UNFINISHED.items():
        if (git_dir / name).exists():
            hint = f"Finish it, or give it up with: {command}"
            raise ShareError(f"Git is in the middle of {noun} in this folder. {hint}")


def _clear_leftovers(git_dir: Path) -> None:
    """Delete what a run that died has left: nobody else is here."""
    for leftover in git_dir.glob(f"{_PREFIX}*"):
        if leftover.is_dir() and not leftover.is_symlink():
            with suppress(OSError):
                shutil.rmtree(leftover)
