"""Bugs planted in our own code, one at a time, to see that the tests notice each. They are listed in planted.toml.

A bug is planted in a copy of this checkout, in which the tests that are named for it are run: one of them must fail.
The same tests must pass in the copy as it is; and the copy must be what they try, also in programs that they start.
"""

import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.score import Score, first_cases, format_share
from tests.support.paths import ROOT

LIST = Path(__file__).with_name("planted.toml")

_PATIENCE = 600  # seconds; the slowest of them take twenty, and all of them together a minute
_AT_ONCE = 2  # many of the tests wait for something
_PASSED, _FAILED = 0, 1  # what pytest exits with; anything else means that nothing was tried
# What git does not have, and the tests need: the programs that they start, and the catalogs.
_INSTALLED = (".venv", "tests/clients/.venv", "tests/node/node_modules")
_CATALOGS = "statusgen/theme/locale/*/LC_MESSAGES/*.mo"


@dataclass(frozen=True)
class Bug:
    """What it would do to a city, the place in a file of statusgen/ that it changes, and tests that must notice it."""

    hurts: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def plant(self, text: str) -> str:
        """Return the file with the bug in it; raise ValueError unless its place is there once."""
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file} has {text.count(self.old)} times what is to be changed: {self.old!r}")
        return text.replace(self.old, self.new)


def read_bugs() -> tuple[Bug, ...]:
    """Read all of them, in the order of the list."""
    rows = tomllib.loads(LIST.read_text(encoding="utf-8"))["bug"]
    return tuple(Bug(**{**row, "tests": tuple(row["tests"])}) for row in rows)


def measure_planted_bugs(scratch: Path, every: int) -> Score:
    """Plant each bug, run its tests, and take it out again; two at a time, in two copies."""
    chosen = read_bugs()[::every]
    parts = [part for number in range(_AT_ONCE) if (part := chosen[number::_AT_ONCE])]
    copies = [Copy.make(scratch / str(number) / "copy") for number, _ in enumerate(parts)]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = [fault for faults in pool.map(_find_missed, parts, copies) for fault in faults]
    missed = [fault for bug in chosen for name, fault in found if name == bug.hurts]
    return Score(
        "bugs planted in our own code, one at a time",
        "at least 95 % caught by the tests",
        format_share(len(chosen) - len(missed), len(chosen)),
        first_cases(missed),
    )


def _find_missed(chosen: Sequence[Bug], copy: "Copy") -> list[tuple[str, str]]:
    """Return the bugs that no test noticed, each by what it does, with the reason."""
    code, said = copy.run_tests(dict.fromkeys(test for bug in chosen for test in bug.tests))
    if code != _PASSED:
        return [(bug.hurts, f"{bug.hurts}: without any bug, too, the tests do not pass: {said}") for bug in chosen]
    missed = []
    for bug in chosen:
        with copy.plant(bug):
            code, said = copy.run_tests(bug.tests)
        if code != _FAILED:
            what = "the tests pass" if code == _PASSED else f"the tests did not come to a failure: {said}"
            missed.append((bug.hurts, f"{bug.hurts} ({bug.file}): {what}"))
    return missed


@dataclass
class Copy:
    """A copy of this checkout, as it is on the disk now."""

    folder: Path
    plantings: int = 0

    @classmethod
    def make(cls, folder: Path) -> "Copy":
        """Copy all that git has or would add, and what else the tests need."""
        listed = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split("\0")
        for path in (*(ROOT / name for name in names if name), *ROOT.glob(_CATALOGS)):
            if path.is_file():
                target = folder / path.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())
        for name in _INSTALLED:
            if (ROOT / name).exists():
                (folder / name).symlink_to((ROOT / name).resolve())
        copy = cls(folder)
        copy.check()
        return copy

    def check(self) -> None:
        """Raise RuntimeError unless programs that the tests start, wherever they do, use the copy."""
        for started in (["-c", "import statusgen; print(statusgen.__file__)"], ["-m", "statusgen", "--help"]):
            elsewhere = self.folder.parent
            command = [sys.executable, "-v", *started]
            ran = subprocess.run(command, cwd=elsewhere, env=self.environment(), capture_output=True, text=True)
            if str(self.folder / "statusgen" / "__init__.py") not in ran.stderr or ran.returncode:
                raise RuntimeError(f"This does not use the copy in {self.folder}: {' '.join(command)}")

    def environment(self) -> dict[str, str]:
        """Return the environment of the tests: the copy comes before the installed one, nothing is left elsewhere."""
        own = ("LD_PRELOAD", "FAULTS_MAY_MOUNT")
        inherited = {name: value for name, value in os.environ.items() if name not in own and name[:6] != "PYTEST"}
        home, temporary = self.folder.parent / "home", self.folder.parent / "tmp"
        for path in (home, temporary):
            path.mkdir(exist_ok=True)
        return inherited | {"PYTHONPATH": str(self.folder), "HOME": str(home), "TMPDIR": str(temporary)}

    @contextmanager
    def plant(self, bug: Bug) -> Iterator[None]:
        """Plant a bug in the copy until the end of the block."""
        file = self.folder / "statusgen" / bug.file
        text = file.read_text(encoding="utf-8")
        try:
            self.write(file, bug.plant(text))
            yield
        finally:
            self.write(file, text)

    def write(self, file: Path, text: str) -> None:
        """Write a file with a time that it never had: by its time and its length Python knows what it compiled."""
        self.plantings += 1
        file.write_text(text, encoding="utf-8")
        os.utime(file, (self.plantings, self.plantings))

    def run_tests(self, tests: Iterable[str]) -> tuple[int, str]:
        """Run these tests; return pytest's exit code and its last lines."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", "--tb=line"]
        with subprocess.Popen(
            [*command, *(f"tests/{test}" for test in tests)],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as run:
            try:
                said, _ = run.communicate(timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(run.pid, signal.SIGKILL)
                return -signal.SIGKILL, f"it took longer than {_PATIENCE} seconds"
        return run.returncode, " / ".join(said.split("\n")[-5:])
