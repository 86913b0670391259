"""Publications that are killed, cut off and out of space, with real servers, while a resident reads."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from shutil import rmtree

from statusgen.content.format.target_addresses import parse_target_address
from statusgen.problems import PublishError
from statusgen.publish.targets import open_target
from tests.faults.forked import work_and_end
from tests.faults.one_by_one import can_mount
from tests.faults.score import Score, first_cases, format_share
from tests.faults.small_disks import NO_MOUNTS
from tests.support.editions import make_edition
from tests.support.paths import ROOT
from tests.support.publications import find_faults, find_leftovers, publish
from tests.support.real_servers import nginx, run_server
from tests.support.ssh_server import SshServer, run_sshd

_POINTS = 200
"""At how many moments of a publication something happens to it."""
_PAGE = 4096  # what tmpfs gives out at a time


@dataclass
class Stage:
    """A target and its editions; each publication is a process of its own."""

    scratch: Path
    editions: Path
    address: str
    base: Path
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    bad: list[str] = field(default_factory=list)
    newest: int = 0

    def start(self, number: int) -> int:
        """Start to publish an edition; return the number of the process, which leads a group."""
        make_edition(self.editions, number)
        rmtree(self.editions / f"edition-{number - 5}", ignore_errors=True)
        child = os.fork()
        if not child:
            os.setsid()
            work_and_end(lambda: self._publish(number), self.scratch / f"said-{os.getpid()}")
        return child

    def _publish(self, number: int) -> int:
        try:
            publish(self.address, self.editions, number)
        except PublishError as error:
            (self.scratch / f"refusal-{os.getpid()}").write_text(str(error))
            return 1
        return 0

    def end(self, child: int) -> tuple[int, str]:
        """Wait for a publication; return its exit code, or minus the signal that killed it, and how it refused."""
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        refusal = self.scratch / f"refusal-{child}"
        words = refusal.read_text() if refusal.exists() else ""
        refusal.unlink(missing_ok=True)
        (self.scratch / f"said-{child}").unlink(missing_ok=True)
        return code, words

    def publish_whole(self) -> float:
        """Publish the next edition undisturbed; return how long that took."""
        begun = time.monotonic()
        number = next(self.numbers)
        outcome = self.end(self.start(number))
        if outcome[0]:
            self.bad.append(f"edition {number} undisturbed: {outcome}")
        self.newest = number
        return time.monotonic() - begun

    def find_faults(self, *allowed: int) -> Iterator[str]:
        """Yield what is wrong with what is shown, which has to be one of these editions."""
        shown = self.base / "current"
        yield from find_faults(shown)
        edition = int(json.loads((shown / "manifest.json").read_bytes())["revision"])
        if edition not in allowed:
            yield f"edition {edition} is shown, and not one of {allowed}"
        self.newest = edition

    def judge(self, case: str, outcome: tuple[int, str], number: int) -> None:
        """Look at what a disturbed publication of an edition has left, and whether the next one repairs it."""
        faults = [*self.find_faults(number, self.newest)]
        if outcome[0] == 0 and self.newest != number:
            faults.append("it said that it is published, and it is not")
        if outcome[0] == 1 and not outcome[1].endswith("."):
            faults += [] if "It said:" in outcome[1] else [f"no sentence: {outcome[1]!r}"]
        if outcome[0] > 1:
            faults.append(f"exit code {outcome[0]}")
        healer = next(self.numbers)
        healed = self.end(self.start(healer))
        faults += self.find_faults(healer)
        if healed[0] or find_leftovers(self.base):
            faults.append(f"not healed: {healed}, {find_leftovers(self.base)} left")
        self.bad += [f"{case}: {'; '.join(faults)}"] if faults else []


def _wait(child: int, seconds: float) -> bool:
    """Wait for a process as long as that; return whether it still runs."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return False
        time.sleep(0.001)  # waitid has no time limit of its own
    return True


@contextmanager
def _reader(stage: Stage) -> Iterator[Callable[[], int]]:
    """Let a resident read what nginx serves; what was wrong is added to the stage at the end.

    The function says how often the whole site was read, once the block is left.
    """
    (stage.scratch / "nginx").mkdir()
    found = {"reads": 0}
    with run_server(nginx, stage.base / "current", stage.scratch / "nginx") as port:
        command = [sys.executable, "-m", "tests.support.site_reader", str(port)]
        reader = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            yield lambda: found["reads"]
        finally:
            told = json.loads(reader.communicate()[0])
            found["reads"] = told["reads"]
            stage.bad += [f"a reader: {fault}" for fault in told["faults"]]


@contextmanager
def _stages(scratch: Path) -> Iterator[tuple[dict[str, Stage], SshServer]]:
    """Set up a target on this computer and one by ssh, each with a first edition."""
    (scratch / "sshd").mkdir(parents=True)
    with run_sshd(scratch / "sshd") as server:
        before, os.environ["PATH"] = os.environ["PATH"], server.path
        try:
            found: dict[str, Stage] = {}
            for kind in ("file", "ssh"):
                folder = scratch / kind
                folder.mkdir()
                address = server.address(folder / "base") if kind == "ssh" else f"file://{folder}/base"
                found[kind] = Stage(folder, scratch / "editions", address, folder / "base")
                found[kind].publish_whole()
            yield found, server
        finally:
            os.environ["PATH"] = before


def measure_kills(scratch: Path, every: int) -> Score:
    """Kill the publisher, alone or with all that it started, or the server's side of its connections."""
    trials, hit, reads = 0, 0, 0
    bad: list[str] = []
    with _stages(scratch) as (stages, server):

        def kill_alone(child: int) -> None:
            os.kill(child, signal.SIGKILL)

        def kill_group(child: int) -> None:
            os.killpg(child, signal.SIGKILL)

        def cut(_: int) -> None:
            server.cut_connections()

        kinds = [("file", kill_alone), ("file", kill_group), ("ssh", kill_alone), ("ssh", kill_group), ("ssh", cut)]
        for kind, stage in stages.items():
            with _reader(stage) as count_reads:
                long = min(stage.publish_whole() for _ in range(2))
                for point in range(every // 2, _POINTS, every):
                    for disturb in (each for its, each in kinds if its == kind):
                        number = next(stage.numbers)
                        child = stage.start(number)
                        with suppress(ProcessLookupError):
                            if _wait(child, long * 1.1 * point / _POINTS):
                                disturb(child)
                                hit += 1
                        outcome = stage.end(child)
                        _wait_for_orphans(stage)
                        stage.judge(f"{kind}, {disturb.__name__} at {point} of {_POINTS}", outcome, number)
                        trials += 1
            reads += count_reads()
            bad += stage.bad
    return Score(
        "publishing in a folder and by ssh: the publisher killed, alone and with all that it started, and connections "
        "cut by the server, at moments all over it, while a resident reads what nginx serves",
        "the complete old or new site for each reader, and never an older one after it; "
        "the next publication heals, nothing left",
        f"{format_share(trials - len(bad), trials)}, {hit} of them hit; {reads:,} reads of pages and what they load",
        first_cases(bad),
    )


def _wait_for_orphans(stage: Stage) -> None:
    """Wait until what a killed publisher had started has ended too: it is in the folder, or names it."""
    deadline = time.monotonic() + 30
    while any(_is_at_work(process, str(stage.base)) for process in Path("/proc").glob("[0-9]*")):
        if time.monotonic() > deadline:
            stage.bad.append("what a killed publisher had started does not end")
            return


def _is_at_work(process: Path, base: str) -> bool:
    try:
        command = (process / "cmdline").read_bytes().decode(errors="replace")
        return "nginx" not in command and (base in command or str((process / "cwd").readlink()).startswith(base))
    except OSError:
        return False


def measure_twins(scratch: Path, every: int) -> Score:
    """Let two publish at once, an older and a newer edition, in both orders."""
    trials, refused = 0, 0
    bad: list[str] = []
    with _stages(scratch) as (stages, _):
        for kind, stage in stages.items():
            with _reader(stage):
                for trial in range(every // 2, 50, every):
                    older, newer = next(stage.numbers), next(stage.numbers)
                    pair = (older, newer) if trial // every % 2 else (newer, older)
                    outcomes = dict(
                        zip(pair, [stage.end(child) for child in [stage.start(n) for n in pair]], strict=True)
                    )
                    faults = [*stage.find_faults(older, newer)]
                    if not any(code == 0 for code, _ in outcomes.values()):
                        faults.append(f"neither is published: {outcomes}")
                    if outcomes[newer][0] == 0 and stage.newest != newer:
                        faults.append(f"the older one is shown: {outcomes}")
                    if find_leftovers(stage.base):
                        faults.append(f"{find_leftovers(stage.base)} left")
                    refused += sum(code == 1 for code, _ in outcomes.values())
                    stage.bad += [f"{kind}, {trial}: {'; '.join(faults)}"] if faults else []
                    trials += 1
            bad += stage.bad
    return Score(
        "two publish at once, one of them an older edition, in a folder and by ssh",
        "at least one is published, the newer one if it says so; the other is refused in words",
        f"{format_share(trials - len(bad), trials)}; {refused} publications refused",
        first_cases(bad),
    )


def measure_full(scratch: Path, every: int) -> Score:
    """Leave room for 0, 2, 4 … pages of the disk beside what is published."""
    measure, target = (
        "publishing on a full disk, with space for 0 to 120 pages",
        "the complete old or new site, a sentence, healed",
    )
    if not can_mount():
        return Score(measure, target, NO_MOUNTS)
    disk = scratch / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "small", disk], check=True)
    stage = Stage(scratch, scratch / "editions", f"file://{disk}/base", disk / "base")
    stage.publish_whole()
    trials, refused = 0, 0
    for room in range(0, 120, 2 * every):
        for _ in range(3):
            stage.publish_whole()  # until each publication removes as much as it adds
        number = next(stage.numbers)
        make_edition(stage.editions, number)
        (disk / "ballast").write_bytes(bytes(_PAGE * (os.statvfs(disk).f_bavail - room)))
        outcome = stage.end(stage.start(number))
        (disk / "ballast").unlink()
        refused += outcome[0] == 1
        if outcome[0] == 1 and "full" not in outcome[1] and "No space left" not in outcome[1]:
            stage.bad.append(f"room for {room}: {outcome[1]}")
        stage.judge(f"room for {room} pages", outcome, number)
        trials += 1
    found = f"{format_share(trials - len(stage.bad), trials)}; {trials - refused} had enough space and were published"
    return Score(measure, target, found, first_cases(stage.bad))


def measure_branch(scratch: Path, every: int) -> Score:
    """Kill a publication on a branch at moments all over it; colleagues push in between."""
    pages = scratch / "pages.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(pages)], check=True)
    stage = Stage(scratch, scratch / "editions", f"git+file://{pages}", pages)
    long = min(stage.publish_whole() for _ in range(2))
    trials, hit = 0, 0
    for point in range(every // 2, _POINTS, every):
        number, before = next(stage.numbers), stage.newest
        child = stage.start(number)
        if _wait(child, long * 1.1 * point / _POINTS):
            os.killpg(child, signal.SIGKILL)
            hit += 1
        outcome = stage.end(child)
        _wait_for_orphans(stage)
        healer = next(stage.numbers)
        shown = _read_branch(stage)
        if shown not in (before, number) or (outcome[0] == 0 and shown != number):
            stage.bad.append(f"at {point}: {outcome}, edition {shown} is on the branch")
        healed = stage.end(stage.start(healer))
        if healed[0] or _read_branch(stage) != healer:
            stage.bad.append(f"at {point}: not healed, {healed}")
        stage.newest = healer
        trials += 1
    checked = subprocess.run(["git", "-C", str(pages), "fsck", "--full"], capture_output=True, text=True, check=False)
    if checked.returncode:
        stage.bad.append(f"git fsck: {checked.stderr}")
    return Score(
        "publishing on a branch of git, killed at moments all over it",
        "one complete edition on the branch; the next publication heals",
        f"{format_share(trials - len(stage.bad), trials)}, {hit} of them hit",
        first_cases(stage.bad),
    )


def _read_branch(stage: Stage) -> int:
    published = open_target(parse_target_address(stage.address)).read_published()
    return int(json.loads(published.manifest or b"{}")["revision"])
