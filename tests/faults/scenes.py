"""The kinds of folder that a site can be, and what each of them promises."""

import shutil
import stat
import subprocess
from collections.abc import Collection
from contextlib import AbstractContextManager, redirect_stdout
from pathlib import Path
from unittest import mock

from statusgen.cli.main import main
from statusgen.folder import filesystem
from statusgen.folder.filesystem import is_mounted
from tests.faults.scene import Scene, State, folder_state
from tests.support.paths import SITES


class RealCommand(Scene):
    """`statusgen build` itself, for a sample site and its next day."""

    def begin(self) -> None:
        first = self.scratch / "first"
        if first.exists():
            shutil.copytree(first, self.output)
        else:
            super().begin()
            shutil.copytree(self.output, first)

    def publish(self, number: int) -> None:
        source = SITES / "quiet"
        at = f"2024-05-{10 + number}"
        with redirect_stdout(None):
            main(["build", "--source", str(source), "--output", str(self.output), "--at", at], standalone_mode=False)


class FirstBuild(Scene):
    """There is no site yet, nor the folders above it."""

    @property
    def output(self) -> Path:
        return self.public / "www" / "status" / "site"

    def begin(self) -> None:
        pass

    def is_whole(self, editions: Collection[State], was_killed: bool) -> bool:
        return super().is_whole(editions, was_killed) and (was_killed or self.site.exists() or self._is_untouched())

    def _is_untouched(self) -> bool:
        return not any(self.public.iterdir())


class Linked(Scene):
    """The site is a link to a folder elsewhere."""

    def begin(self) -> None:
        self.output.symlink_to("disk/www")
        super().begin()

    @property
    def site(self) -> Path:
        return self.public / "disk" / "www"

    def is_whole(self, editions: Collection[State], was_killed: bool) -> bool:
        return super().is_whole(editions, was_killed) and self.output.is_symlink()


class Clone(Scene):
    """The site is a clone, as for a host that publishes a branch: it has a folder `.git`."""

    def begin(self) -> None:
        (self.output / ".git").mkdir(parents=True)
        (self.output / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
        super().begin()

    def is_whole(self, editions: Collection[State], was_killed: bool) -> bool:  # noqa: ARG002 (as in other scenes)
        """Also check that Git finds its folder at every moment: in its place, or where a file says that it is."""
        git = self.site / ".git"
        if git.is_file():
            git = Path(git.read_text().removeprefix("gitdir: ").strip())
        pages = [_pages(whole) for whole in editions]
        return _pages(folder_state(self.site)) in pages and (git / "HEAD").read_text() == "ref: refs/heads/main\n"


class WorkTree(Scene):
    """The site is a work tree as `git worktree` makes them: `.git` is a file."""

    def begin(self) -> None:
        self.output.mkdir()
        (self.output / ".git").write_text("gitdir: /srv/city/.git/worktrees/site\n")
        super().begin()


class TwoRenames(Scene):
    """A system that has neither renameat2 nor syncfs: killed between two renames, the site is aside."""

    def limits(self) -> AbstractContextManager[object]:
        return mock.patch.object(filesystem, "_LIBC", None)

    def is_whole(self, editions: Collection[State], was_killed: bool) -> bool:
        aside = self.public / ".site.statusgen" / "old"
        return super().is_whole(editions, was_killed) or (
            was_killed and not self.site.exists() and folder_state(aside) in editions
        )


class Mounted(Scene):
    """The site is a disk of its own: each page is whole; killed in the middle, they may be of two editions."""

    def prepare(self) -> None:
        if is_mounted(self.output):
            subprocess.run(["umount", self.output], check=True)
        super().prepare()

    def begin(self) -> None:
        # A folder of the same disk, for those look like no mounted disk at all.
        elsewhere = self.scratch / "elsewhere"
        shutil.rmtree(elsewhere, ignore_errors=True)
        for folder in (elsewhere, self.output):
            folder.mkdir()
        subprocess.run(["mount", "--bind", elsewhere, self.output], check=True)
        super().begin()

    def is_whole(self, editions: Collection[State], was_killed: bool) -> bool:
        now = _pages(folder_state(self.site))
        if not was_killed:
            return now in [_pages(whole) for whole in editions]
        files = {path: file for path, file in now.items() if stat.S_ISREG(file[0]) and path[0] != "."}
        always = set.intersection(*(set(whole) for whole in editions)) - {".statusgen", "."}
        return always <= set(now) and all(any(e.get(path) == file for e in editions) for path, file in files.items())

    def leftovers(self) -> list[str]:
        return [*super().leftovers(), *(str(path) for path in self.site.glob(".*") if path.name != ".statusgen")]


def _pages(whole: State) -> State:
    return {path: file for path, file in whole.items() if not path.startswith((".git", ".site.statusgen"))}


SCENES: dict[str, type[Scene]] = {
    "a folder": Scene,
    "no folder yet": FirstBuild,
    "a link": Linked,
    "a work tree of Git": WorkTree,
    "a clone of Git": Clone,
    "two renames": TwoRenames,
    "a mounted disk": Mounted,
}
