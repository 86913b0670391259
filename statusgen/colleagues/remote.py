"""The branch of colleagues on a server: fetched and pushed to, with what the user has set for servers and no more."""

import re
from dataclasses import dataclass
from pathlib import Path

from statusgen.colleagues.own_git import OwnGit, repeat_words
from statusgen.colleagues.work_tree import Upstream, WorkTree
from statusgen.git import run_git_text

NETWORK_TIMEOUT = 60.0
"""How many seconds a server may take."""
_SCHEME = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*)://")
# HOST:PATH, where no slash comes before the colon (git-clone, "Git URLs"); one letter alone is a drive of Windows.
_HOST_AND_PATH = re.compile(r"[^/:\\]{2,}:")
_THEIRS = "refs/heads/theirs"
# A repository on a disk of this computer is run by git as the user: it may not name programs either.
_LOCAL_SETTINGS = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.alternateRefsCommand": "true",
    "receive.autogc": "false",
    "receive.denyCurrentBranch": "refuse",
}


class UnreachableError(Exception):
    """The server does not answer, or not to this user; says what it said."""


@dataclass(frozen=True)
class Remote:
    """The branch of colleagues, as commands name it."""

    git: OwnGit
    url: str
    branch: str

    @classmethod
    def open(cls, tree: WorkTree, upstream: Upstream) -> "Remote":
        """Prepare to ask the server only for what is not here yet."""
        refs = tree.git.folder / "refs" / "heads"
        known = {"ours": tree.head, "known": read_known(tree, upstream)}
        for name, commit in known.items():
            if commit:
                (refs / name).write_text(f"{commit}\n", encoding="ascii")
        return cls(tree.git, _absolute(upstream.url, tree.top), upstream.branch)

    def fetch(self) -> str | None:
        """Return the commit that colleagues are at, with all that belongs to it here; None if they have none yet."""
        source = f"+refs/heads/{self.branch}:{_THEIRS}"
        command = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", *self._local("upload-pack")]
        done = self.git.try_run(*command, "--", self.url, source, timeout=NETWORK_TIMEOUT)
        if done.returncode == 0:
            return self.git.run_text("rev-parse", "--verify", f"{_THEIRS}^{{commit}}")
        if b"couldn't find remote ref" in done.stderr:
            return None
        raise UnreachableError(repeat_words(done.stderr))

    def push(self, commit: str) -> str | None:
        """Let colleagues have a commit that follows the one that they have; return why not, or None if they have it."""
        command = ["push", "--quiet", "--no-verify", *self._local("receive-pack")]
        target = f"{commit}:refs/heads/{self.branch}"
        done = self.git.try_run(*command, "--", self.url, target, timeout=NETWORK_TIMEOUT)
        return repeat_words(done.stderr) if done.returncode else None

    def _local(self, program: str) -> list[str]:
        """Return how to run the other side, if it is on this computer."""
        if not is_local(self.url):
            return []
        settings = " ".join(f"-c {key}={value}" for key, value in _LOCAL_SETTINGS.items())
        return [f"--{program}=git {settings} {program}"]


def is_local(url: str) -> bool:
    """Return whether an address is that of a repository on a disk of this computer."""
    scheme = _SCHEME.match(url)
    return scheme["scheme"].lower() == "file" if scheme else not _HOST_AND_PATH.match(url)


def _absolute(url: str, top: Path) -> str:
    """Return an address that does not depend on the current folder."""
    return str(top / url) if is_local(url) and not _SCHEME.match(url) else url


def read_known(tree: WorkTree, upstream: Upstream) -> str | None:
    """Return the commit that colleagues were at when they were last asked; None if they never were."""
    if not upstream.tracking:
        return None
    return run_git_text(tree.top, "rev-parse", "--verify", "--quiet", f"{upstream.tracking}^{{commit}}")
