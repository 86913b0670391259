"""A repository as it lies on the disk, and another that has the same objects and nothing else of it."""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from statusgen.problems import TrustError
from statusgen.text import printable

OBJECT_NAME = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
"""The whole name of an object: its SHA-1 or its SHA-256."""

# Whoever builds may have settings that are right for daily work and wrong for this.
_GIT_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
}


@dataclass(frozen=True)
class Repository:
    """Where a repository is: its `.git`, the top of its work tree, and the way from there to the site's folder."""

    git_dir: Path
    work_tree: Path
    prefix: tuple[str, ...]

    @classmethod
    def find(cls, source: Path) -> "Repository":
        """The repository that a folder lies in; git is not asked, for the repository's settings can move it."""
        source = source.resolve()
        for top in (source, *source.parents):
            git = top / ".git"
            if git.is_file():
                git = top / git.read_text(encoding="utf-8", errors="replace").removeprefix("gitdir:").strip()
            if git.is_dir():
                return cls(git.resolve(), top, source.relative_to(top).parts)
        raise TrustError(f"{source} is not kept in git, so nobody can have signed it.")

    @property
    def common_dir(self) -> Path:
        """Where the objects are: a second work tree shares them with the first."""
        file = self.git_dir / "commondir"
        return self.git_dir / file.read_text(encoding="utf-8").strip() if file.is_file() else self.git_dir

    def contains(self, file: Path) -> bool:
        """Whether a file lies in the work tree, or in `.git`."""
        real = file.resolve()
        return any(real.is_relative_to(place.resolve()) for place in (self.work_tree, self.git_dir, self.common_dir))

    def resolve(self, revision: str) -> str:
        """The whole name of a commit; a whole name stands for itself."""
        if OBJECT_NAME.fullmatch(revision):
            return revision
        # A tag stands for its commit. What is checked out is one, and is not read before it is held to its name.
        named = revision if revision == "HEAD" else f"{revision}^{{commit}}"
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", named)
        name = run_git(["git", f"--git-dir={self.git_dir}", "-c", "core.fsmonitor=false", *asked]).decode().strip()
        if not OBJECT_NAME.fullmatch(name):
            raise TrustError(f'There is no commit "{printable(revision)}" in {self.work_tree}.')
        return name

    def clone_sharing_objects(self, folder: Path, head: str) -> None:
        """Make a repository in `folder` that has the same objects, `head` checked out, and nothing else of this one."""
        form = "sha1" if len(head) == 40 else "sha256"
        run_git(["git", "init", "--quiet", "--template=", f"--object-format={form}", str(folder)])
        info = folder / ".git" / "objects" / "info"
        info.mkdir(parents=True, exist_ok=True)
        (info / "alternates").write_text(f"{(self.common_dir / 'objects').resolve()}\n", encoding="utf-8")
        (folder / ".git" / "HEAD").write_text(f"{head}\n", encoding="ascii")
        shallow = self.common_dir / "shallow"
        if shallow.is_file():  # what is missing is missing here too
            (folder / ".git" / "shallow").write_bytes(shallow.read_bytes())


def run_git(command: list[str]) -> bytes:
    """What git prints, in an environment without settings; nothing where it fails."""
    try:
        return subprocess.run(command, capture_output=True, env=git_environment(), check=False).stdout
    except FileNotFoundError:
        raise TrustError("There is no git on this computer.") from None


def git_environment() -> Mapping[str, str]:
    """What git may know of this computer."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | _GIT_ENVIRONMENT
