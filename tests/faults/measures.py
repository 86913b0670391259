"""Every measure by its name, and how to run it.

A measure gets an empty folder and how much of it to run: 1 is all, 7 is a seventh. To add one, write the function
and put it on the list. Each runs in a process of its own, which imports what it needs and not what the others do.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.score import Score
from tests.faults.shim import compile_shim
from tests.support.paths import ROOT

MEASURES: Mapping[str, str] = {
    "reading": "readers.measure_readers",
    "killed": "one_by_one.measure_kills",
    "failing": "one_by_one.measure_errors",
    "command": "one_by_one.measure_command",
    "frozen": "one_by_one.measure_stops",
    "lasting": "one_by_one.measure_order",
    "twins": "one_by_one.measure_twins",
    "full": "small_disks.measure_full",
    "hogged": "small_disks.measure_hogged",
    "inodes": "small_disks.measure_inodes",
    "read-only": "small_disks.measure_read_only",
    "limits": "small_disks.measure_limits",
    "same-bytes": "environments.measure_same_bytes",
    "bad-inputs": "contents.measure_bad_inputs",
    "honest-posts": "contents.measure_honest_posts",
    "whole-sites": "searches.measure_mutated_sites",
    "fuzzer": "searches.measure_fuzzer",
    "edited": "edited.measure_edited",
    "mirror": "mirrors.measure_tampering",
    "gate": "searches.measure_approval",
    "colleagues": "colleagues.measure_rounds",
    "shared-killed": "colleagues.measure_kills",
    "publication-killed": "publications.measure_killed",
    "publication-failing": "publications.measure_faults",
    "server-killed": "servers_and_branches.measure_kills",
    "server-twins": "servers_and_branches.measure_twins",
    "server-full": "servers_and_branches.measure_full",
    "branch-killed": "servers_and_branches.measure_branch",
    "notified": "notified.measure_notified",
    "desk-typing": "desks.measure_typing",
    "desk-keys": "desks.measure_keys",
    "desk-publishing": "desks.measure_publishing",
    "desks-together": "desks_together.measure_together",
    "mailing-list": "mailing_lists.measure_mailing_list",
    "planted": "planted.measure_planted_bugs",
}
"""In which module of this folder each is, and its function."""


def find_measure(name: str) -> Callable[[Path, int], Score]:
    """Import a measure."""
    module, _, function = MEASURES[name].partition(".")
    measure: Callable[[Path, int], Score] = getattr(import_module(f"tests.faults.{module}"), function)
    return measure


@contextmanager
def scratch_folder(on: Path | None = None) -> Iterator[Path]:
    """Make an empty folder: on the disk of `on`, or in memory, if the system offers that as a disk."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=on or (memory if os.access(memory, os.W_OK) else None)) as folder:
        Path(folder).chmod(0o755)  # one measure builds as another user
        yield Path(folder)


def run_measure(name: str, scratch: Path, every: int = 1) -> Score:
    """Run one measure in a process of its own, with the shim and, where the system allows it, room to mount disks."""
    scratch.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "LD_PRELOAD": str(_shim())}
    command = [sys.executable, "-m", "tests.faults", name, str(every), str(scratch)]
    if _may_mount():
        command = [*_UNSHARED, *command]
        environment["FAULTS_MAY_MOUNT"] = "yes"
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(run.stderr)
    return Score.from_json(run.stdout)


_UNSHARED = ["unshare", "--mount", *(["--map-root-user"] if os.geteuid() else [])]


@cache
def _shim() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="statusgen-shim-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)  # one measure builds as another user
    return compile_shim(folder)


@cache
def _may_mount() -> bool:
    """Return whether a process may mount disks of its own, as most systems allow and most containers do not."""
    try:
        trial = [*_UNSHARED, "sh", "-c", "mount -t tmpfs trial /mnt"]
        return subprocess.run(trial, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
