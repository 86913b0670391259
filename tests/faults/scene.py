"""A city's folder with a built site, and builds of its next edition in which a fault occurs.

A build is a process of its own, forked from this one, so that it can be killed and takes milliseconds. It is a
command of statusgen as far as exit codes and messages go.
"""

import os
import re
import resource
import shutil
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

import click

from statusgen.cli.shared import handle_errors
from statusgen.files import File
from statusgen.folder import filesystem
from statusgen.folder.write import write
from tests.faults.forked import work_and_end
from tests.faults.shim import Fault, arm

State = Mapping[str, tuple[int, bytes]]
"""Every file, folder and link below a folder: its mode, and its bytes or where it leads."""


def make_page(number: int) -> bytes:
    """Return a page with the number of its edition on each line."""
    return f"{number}\n".encode() * 10_000


def make_edition(number: int) -> list[File]:
    """Return a site in which each kind of change occurs from one edition to the next."""
    return [
        File("index.html", make_page(number)),
        File("404.html", b"nothing here"),
        File("static/style.css", b"body {}"),
        File("services/trash/index.html", make_page(number)),
        File(f"posts/{number}/index.html", make_page(number)),
    ]


def folder_state(folder: Path) -> State:
    """Return everything that a web server could notice of a folder, and whether it could read it."""
    found: dict[str, tuple[int, bytes]] = {}
    for path in [folder, *folder.rglob("*")]:
        with suppress(FileNotFoundError):
            status = path.lstat()
            content = b""
            if stat.S_ISREG(status.st_mode):
                content = path.read_bytes()
            elif stat.S_ISLNK(status.st_mode):
                content = os.fsencode(path.readlink())
            found[path.relative_to(folder).as_posix()] = (status.st_mode, content)
    return found


@dataclass(frozen=True)
class Outcome:
    """How a build ended: its exit code, or minus the signal that killed it, and its output."""

    code: int
    said: str

    @property
    def is_refusal(self) -> bool:
        """Whether it failed with a message: one or a few sentences, and no traceback."""
        return self.code == 1 and re.fullmatch(r".*[.]\s*", self.said) is not None


@dataclass(frozen=True)
class Scene:
    """The folder `public/`, in which faults occur, with the site in it, and beside it the city's own folder."""

    scratch: Path

    @property
    def public(self) -> Path:
        """Where files are counted."""
        return self.scratch / "public"

    @property
    def output(self) -> Path:
        """The folder that is asked for."""
        return self.public / "site"

    @property
    def site(self) -> Path:
        """The folder itself, where that is a link."""
        return self.output

    def prepare(self) -> None:
        """Clear everything, and publish the first edition."""
        shutil.rmtree(self.public, ignore_errors=True)
        (self.scratch / "city").mkdir(parents=True, exist_ok=True)
        self.public.mkdir()
        self.begin()

    def begin(self) -> None:
        """Publish the first edition in an empty folder."""
        self.write(1)

    def write(self, number: int) -> None:
        """Build an edition here and now."""
        with self.limits():
            self.publish(number)

    def publish(self, number: int) -> None:
        """Do what a build does."""
        write(make_edition(number), self.output, source=self.scratch / "city")

    def limits(self) -> AbstractContextManager[object]:
        """Take away what this system cannot do."""
        return nullcontext()

    def is_whole(self, editions: Collection[State], was_killed: bool) -> bool:  # noqa: ARG002 - of some scenes
        """Return whether one whole edition is published; some folders promise less for a killed build."""
        return folder_state(self.site) in editions

    def leftovers(self) -> list[str]:
        """Return what is in `public/` beside the site."""
        expected = {self.output, self.site, *self.output.parents, *self.site.parents}
        return [
            str(path)
            for path in sorted(self.public.rglob("*"))
            if path not in expected and self.site not in path.parents and self.output not in path.parents
        ]

    # Builds

    def start(
        self,
        number: int,
        fault: Fault | None = None,
        log: Path | None = None,
        patience: float = 60,
        limit: tuple[int, int] | None = None,
    ) -> int:
        """Start to build an edition, with a limit of the system; return the number of the process."""

        def work() -> int:
            with self.limits():
                filesystem.LOCK_TIMEOUT = patience
                return self._command(number, fault, log, limit)

        child = os.fork()
        if not child:
            work_and_end(work, Path(self._messages(os.getpid())))
        return child

    def _command(self, number: int, fault: Fault | None, log: Path | None, limit: tuple[int, int] | None) -> int:
        @click.command()
        @handle_errors
        def build() -> None:
            with _limit(*limit) if limit else nullcontext():
                self.publish(number)

        if fault:
            arm(fault, self.public, log)
        with suppress(SystemExit):
            build.main([], standalone_mode=False)
            return 0
        return 1

    def end(self, child: int) -> Outcome:
        """Wait for a build; return how it ended."""
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said = self._messages(child)
        text = said.read_text() if said.exists() else ""
        said.unlink(missing_ok=True)
        return Outcome(code, text)

    def build(self, number: int, fault: Fault | None = None, patience: float = 60) -> Outcome:
        """Build an edition in a process of its own."""
        return self.end(self.start(number, fault, patience=patience))

    def _messages(self, child: int) -> Path:
        return self.scratch / f"said-{child}"

    def operations(self) -> list[str]:
        """Return every file operation of a build of the second edition."""
        self.prepare()
        log = self.scratch / "log"
        outcome = self.end(self.start(2, Fault(), log))
        assert outcome.code == 0, outcome
        return log.read_text().splitlines()


@contextmanager
def _limit(kind: int, limit: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(kind, (soft, hard))
