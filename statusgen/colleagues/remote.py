"""The branch of colleagues on a server: fetched and pushed to."""

from dataclasses import dataclass, replace

from statusgen.colleagues.work_tree import Upstream, WorkTree
from statusgen.git import run_git_text
from statusgen.git_network import REMOTE, GitRefusal, NetworkGit, Settings, absolute_url, is_local

NETWORK_TIMEOUT = 60.0
"""How many seconds a server may take."""
# A repository on a disk of this computer is run by git as the user: it may not name programs either.
_LOCAL_SETTINGS = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.alternateRefsCommand": "true",
    "receive.autogc": "false",
    "receive.denyCurrentBranch": "refuse",
}


@dataclass(frozen=True)
class Remote:
    """The branch of colleagues, as commands name it."""

    git: NetworkGit
    branch: str

    @classmethod
    def open(cls, tree: WorkTree, upstream: Upstream, head: str) -> "Remote":
        """Prepare to ask the server only for what is not here yet."""
        refs = tree.git.folder / "refs" / "heads"
        known = {"ours": head, "known": read_known(tree, upstream)}
        for name, commit in known.items():
            if commit:
                (refs / name).write_text(f"{commit}\n", encoding="ascii")
        url = absolute_url(upstream.url, tree.top)
        settings = [*tree.git.settings, *(_disarm_other_side() if is_local(url) else ())]
        return cls(replace(tree.git, url=url, settings=settings, timeout=NETWORK_TIMEOUT), upstream.branch)

    def fetch(self) -> str | None:
        """Return the commit that colleagues are at, with all that belongs to it here; None if they have none yet."""
        return self.git.fetch(self.branch)

    def push(self, commit: str) -> str | None:
        """Let colleagues have a commit that follows the one that they have; return why not, or None if they have it."""
        try:
            self.git.push(commit, self.branch)
        except GitRefusal as refusal:
            return str(refusal)
        return None


def _disarm_other_side() -> Settings:
    """Return how to run the other side, which is on this computer."""
    words = " ".join(f"-c {key}={value}" for key, value in _LOCAL_SETTINGS.items())
    return [
        (f"remote.{REMOTE}.{side.replace('-', '')}", f"git {words} {side}") for side in ("upload-pack", "receive-pack")
    ]


def read_known(tree: WorkTree, upstream: Upstream) -> str | None:
    """Return the commit that colleagues were at when they were last asked; None if they never were."""
    if not upstream.tracking:
        return None
    return run_git_text(tree.top, "rev-parse", "--verify", "--quiet", f"{upstream.tracking}^{{commit}}")
