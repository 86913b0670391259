"""The branch of colleagues on a server: fetched and pushed to."""

from dataclasses import dataclass, replace

from statusgen.colleagues.work_tree import Upstream, WorkTree
from statusgen.git import run_git_text
from statusgen.git_network import GitRefusal, NetworkGit, absolute_url

NETWORK_TIMEOUT = 60.0
"""How many seconds a server may take."""


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
        return cls(replace(tree.git, url=url, timeout=NETWORK_TIMEOUT), upstream.branch)

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


def read_known(tree: WorkTree, upstream: Upstream) -> str | None:
    """Return the commit that colleagues were at when they were last asked; None if they never were."""
    if not upstream.tracking:
        return None
    return run_git_text(tree.top, "rev-parse", "--verify", "--quiet", f"{upstream.tracking}^{{commit}}")
