"""A repository as it is on the disk, and another that has the same objects and nothing else of it."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from statusgen.git import find_program, run_git
from statusgen.git_files import find_common_dir, find_git_dir
from statusgen.problems import TrustError
from statusgen.text import printable

OBJECT_NAME = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
"""The whole name of an object: its SHA-1 or its SHA-256."""


def hash_name(object_name: str) -> str:
    """Return what git, and hashlib, call the hash that made an object's name."""
    return "sha1" if len(object_name) == 40 else "sha256"


@dataclass(frozen=True)
class Repository:
    """Where a repository is: its `.git`, the top of its work tree, and the way from there to the site's folder."""

    git_dir: Path
    work_tree: Path
    prefix: tuple[str, ...]

    @classmethod
    def find(cls, source: Path) -> "Repository":
        """Return the repository that a folder is in; git is not asked, for the repository's settings can move it."""
        if not find_program("git"):
            raise TrustError("There is no git on this computer. Install it and build again.")
        source = source.resolve()
        for top in (source, *source.parents):
            git = find_git_dir(top)
            if git.is_dir():
                return cls(git.resolve(), top, source.relative_to(top).parts)
        raise TrustError(f"{source} is not kept in git, so nobody can have signed it.")

    @property
    def common_dir(self) -> Path:
        """Where the objects are: a second work tree shares them with the first."""
        return find_common_dir(self.git_dir)

    def contains(self, file: Path) -> bool:
        """Return whether a file is in the work tree, or in `.git`."""
        real = file.resolve()
        return any(real.is_relative_to(place.resolve()) for place in (self.work_tree, self.git_dir, self.common_dir))

    def resolve(self, revision: str) -> str:
        """Return the whole name of a commit; a whole name stands for itself."""
        if OBJECT_NAME.fullmatch(revision):
            return revision
        # A tag stands for its commit. What is checked out is one, and is not read before its name is verified.
        wanted = revision if revision == "HEAD" else f"{revision}^{{commit}}"
        question = ("rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
        answer = run_git(self.work_tree, f"--git-dir={self.git_dir}", *question, isolated=True) or b""
        name = answer.decode().strip()
        if not OBJECT_NAME.fullmatch(name):
            raise TrustError(f'There is no commit "{printable(revision)}" in {self.work_tree}.')
        return name

    def clone_sharing_objects(self, folder: Path, head: str) -> None:
        """Make a repository in `folder` that has the same objects, `head` checked out, and nothing else of this one."""
        run_git(folder, "init", "--quiet", "--template=", f"--object-format={hash_name(head)}", isolated=True)
        git_dir = folder / ".git"
        alternates = git_dir / _ALTERNATES
        alternates.parent.mkdir(parents=True, exist_ok=True)
        alternates.write_bytes(os.fsencode((self.common_dir / "objects").resolve()) + b"\n")
        (git_dir / "HEAD").write_text(f"{head}\n", encoding="ascii")
        shallow = self.common_dir / "shallow"
        if shallow.is_file():  # what is missing is missing here too
            (git_dir / "shallow").write_bytes(shallow.read_bytes())


def keep_own_objects(folder: Path) -> None:
    """Copy the history into the repository that `clone_sharing_objects` made, which shares no objects from then on.

    Git believes what an object is called, but not when it makes the index of a pack: then each gets the name that its
    content has. So if all that the commit leads to is there under its name afterwards, nobody has changed any of it.
    """
    packs = folder / ".git" / "objects" / "pack"
    packs.mkdir(parents=True, exist_ok=True)
    pack = ("pack-objects", "--quiet", "--revs", "--window=0", "--no-use-bitmap-index", str(packs / "pack"))
    is_whole = run_git(folder, *pack, input=b"HEAD\n", isolated=True) is not None
    (folder / ".git" / _ALTERNATES).unlink()
    for index in (*packs.glob("*.idx"), *packs.glob("*.rev")):
        index.unlink()
    made = [run_git(folder, "index-pack", str(file), isolated=True) for file in packs.glob("*.pack")]
    if (
        not is_whole
        or None in made
        or run_git(folder, "rev-list", "--objects", "--quiet", "HEAD", isolated=True) is None
    ):
        what = "The history has an object that is not what its name says, or that is missing or damaged."
        raise TrustError(f"{what} Clone the whole repository again from a source that you trust.")


_ALTERNATES = Path("objects", "info", "alternates")
