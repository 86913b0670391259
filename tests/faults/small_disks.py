"""Disks that are full or read-only, and limits that the system sets for a process."""

import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.faults.one_by_one import can_mount
from tests.faults.scene import Outcome, Scene, State, folder_state
from tests.faults.score import Score, first_cases, format_share

_PAGE = 4096  # what tmpfs gives out at a time
_ROOM = 24  # more than these pages, or files and folders, the next edition does not need

NO_MOUNTS = "not run: this system lets no process mount a disk of its own"


class SmallDisk(Scene):
    """`public/` is a small disk in memory."""

    def prepare(self) -> None:
        self.mount("size=4m")
        self.begin()

    def mount(self, options: str) -> None:
        """Mount an empty disk with these options."""
        self.public.mkdir(parents=True, exist_ok=True)
        (self.scratch / "city").mkdir(exist_ok=True)
        if self.public.is_mount():
            subprocess.run(["umount", "--lazy", self.public], check=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "small", self.public], check=True)

    def remount(self, options: str) -> None:
        """Mount the same disk with other options."""
        subprocess.run(["mount", "-o", f"remount,{options}", self.public], check=True)

    def leftovers(self) -> list[str]:
        return [name for name in super().leftovers() if not name.endswith("ballast")]


def measure_full(scratch: Path, every: int) -> Score:
    """Leave room for 0, 1, 2 … pages beside the old site."""
    scene = SmallDisk(scratch / "small")
    found = _Trials(scene)
    for room in range(0, _ROOM, every) if can_mount() else ():
        scene.prepare()
        free = os.statvfs(scene.public).f_bavail
        (scene.public / "ballast").write_bytes(bytes(_PAGE * (free - room)))
        outcome = scene.build(2)
        (scene.public / "ballast").unlink()
        found.take(f"room for {room} pages", outcome)
    return found.score("a full disk, with space for 0 to 23 pages")


def measure_hogged(scratch: Path, every: int) -> Score:
    """Fill the disk, and let another program take whatever becomes free."""
    scene = SmallDisk(scratch / "small")
    found = _Trials(scene)
    for room in range(0, _ROOM, every) if can_mount() else ():
        scene.prepare()
        free = os.statvfs(scene.public).f_bavail
        (scene.public / "ballast").write_bytes(bytes(_PAGE * (free - room)))
        child = scene.start(2)
        hog = _hog(scene.public / "hog-ballast")
        outcome = scene.end(child)
        os.kill(hog, 9)
        os.waitpid(hog, 0)
        for name in ("ballast", "hog-ballast"):
            (scene.public / name).unlink(missing_ok=True)
        found.take(f"a hog, and room for {room} pages", outcome)
    return found.score("a program that takes what becomes free")


def _hog(path: Path) -> int:
    child = os.fork()
    if child:
        return child
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    while True:
        try:
            os.write(descriptor, bytes(_PAGE))
        except OSError:
            os.sched_yield()


def measure_inodes(scratch: Path, every: int) -> Score:
    """Leave room for 0, 1, 2 … files and folders beside the old site."""
    scene = SmallDisk(scratch / "small")
    found = _Trials(scene)
    for room in range(0, _ROOM, every) if can_mount() else ():
        scene.prepare()
        status = os.statvfs(scene.public)
        scene.remount(f"nr_inodes={status.f_files - status.f_ffree + room}")
        outcome = scene.build(2)
        scene.remount("nr_inodes=10000")
        found.take(f"room for {room} inodes", outcome)
    return found.score("no inodes, with space for 0 to 23")


def measure_read_only(scratch: Path, every: int) -> Score:  # noqa: ARG001 - it is one trial
    """Make the disk read-only, as happens after an error."""
    scene = SmallDisk(scratch / "small")
    found = _Trials(scene)
    if can_mount():
        scene.prepare()
        scene.remount("ro")
        outcome = scene.build(2)
        scene.remount("rw")
        found.take("read-only", outcome)
    return found.score("a disk that can only be read")


def measure_limits(scratch: Path, every: int) -> Score:
    """Limit the open files, or the length of files."""
    scene = Scene(scratch / "limits")
    found = _Trials(scene)
    kinds = {"open files": (resource.RLIMIT_NOFILE, range(12)), "bytes": (resource.RLIMIT_FSIZE, range(0, 24_000, 600))}
    for name, (kind, limits_) in kinds.items():
        for limit in list(limits_)[::every]:
            scene.prepare()
            found.take(f"{limit} {name}", scene.end(scene.start(2, limit=(kind, limit))))
    return found.score("limits of a process: open files (0 to 11), length of a file")


class _Trials:
    """The results of the trials."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.trials, self.published, self.bad = 0, 0, list[str]()
        self.editions: dict[int, State] = {}
        if can_mount() or not isinstance(scene, SmallDisk):
            for number in (1, 2):
                scene.prepare()
                scene.write(number)
                self.editions[number] = folder_state(scene.site)

    def take(self, case: str, outcome: Outcome) -> None:
        """Check what a build left, and whether the next one repairs it."""
        self.trials += 1
        self.published += outcome.code == 0
        faults = list(self._faults(outcome))
        self.bad += [f"{case}: {'; '.join(faults)}"] if faults else []

    def _faults(self, outcome: Outcome) -> Iterator[str]:
        now = folder_state(self.scene.site)
        if now not in self.editions.values():
            yield f"not whole after {outcome}"
        if outcome.code == 0 and now != self.editions[2]:
            yield "exit 0, but the old site"
        if outcome.code and not outcome.is_refusal:
            yield f"no plain refusal, {outcome}"
        healing = self.scene.build(2)
        if healing.code or folder_state(self.scene.site) != self.editions[2] or self.scene.leftovers():
            yield f"not healed, {healing}, {self.scene.leftovers()} left"

    def score(self, measure: str) -> Score:
        """Return the row of the scoreboard."""
        found = NO_MOUNTS
        if self.trials:
            whole = format_share(self.trials - len(self.bad), self.trials)
            found = f"{whole}; {self.published} had enough space and were published"
        return Score(
            measure, "the complete old or new site, exit 1 and a sentence, healed", found, first_cases(self.bad)
        )
