"""The same content at the same moment, built on computers that differ in everything that should not matter."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.scene import State, folder_state
from tests.faults.score import Score
from tests.support.paths import ROOT, SITES

CITY = SITES / "small"
AT = "2024-05-15 12:00"


@dataclass(frozen=True)
class Computer:
    """What differs. `set` are variables of the environment, and `unset` those that are missing."""

    set: Mapping[str, str] = field(default_factory=dict)
    unset: tuple[str, ...] = ()
    umask: int = 0o022
    folder: str = "city"
    backwards: bool = False
    from_inside: bool = False
    other_user: bool = False


COMPUTERS = {
    "UTC": Computer({"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}),
    "Nepal": Computer({"TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "1"}),
    "the day after": Computer({"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "4711"}),
    "the C locale": Computer({"LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "2"}),
    "a locale that is not installed": Computer({"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}),
    "no locale": Computer(unset=("LANG", "LC_ALL", "LC_CTYPE", "LANGUAGE", "TZ")),
    "another language": Computer({"LANGUAGE": "ar:vi:fr", "LANG": "ar_EG.UTF-8"}),
    "umask 0": Computer(umask=0),
    "umask 077": Computer(umask=0o077),
    "umask 777": Computer(umask=0o777),
    "another folder": Computer(folder="stadt Köln (neu) 市"),
    "a deep folder": Computer(folder="a/" * 20 + "city"),
    "from inside": Computer(from_inside=True),
    "files made backwards": Computer(backwards=True),
    "another clock": Computer({"SOURCE_DATE_EPOCH": "1000000000"}),
    "no home": Computer(unset=("HOME", "USER", "LOGNAME")),
    "a home that is not there": Computer({"HOME": "/nonexistent"}),
    "optimised Python": Computer({"PYTHONOPTIMIZE": "1", "PYTHONDONTWRITEBYTECODE": "1"}),
    "another user": Computer(other_user=True),
}


# Python itself may lie where only root can read.
_OTHER_USER = ["setpriv", "--reuid=65534", "--clear-groups"]
_OTHER_USER += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]


def _can_change_user() -> bool:
    return os.geteuid() == 0 and shutil.which("setpriv") is not None


def measure_same_bytes(scratch: Path, every: int) -> Score:
    """Build with the real command on each computer, and compare every byte and mode."""
    computers = {
        name: computer
        for number, (name, computer) in enumerate(COMPUTERS.items())
        if number % max(1, every // 2) == 0 and (not computer.other_user or _can_change_user())
    }
    usual: State = {}
    bad = list[str]()
    files = 0
    for number, (name, computer) in enumerate(computers.items()):
        try:
            made = _build(scratch / str(number), computer)
        except subprocess.CalledProcessError as error:
            bad.append(f"{name}: {error.stderr}")
            continue
        usual = usual or made
        files = len([path for path, (mode, _) in made.items() if stat.S_ISREG(mode)])
        differing = sorted(path for path in usual.keys() | made.keys() if usual.get(path) != made.get(path))
        bad += [f"{name}: {len(differing)} differ, {', '.join(differing[:3])}"] if differing else []
    return Score(
        "the same bytes and modes on computers that differ",
        "identical",
        f"{len(computers) - len(bad)} of {len(computers)} computers, {files} files each, identical",
        tuple(bad),
    )


def _build(scratch: Path, computer: Computer) -> State:
    source = scratch / computer.folder
    _copy(source, computer.backwards)
    site = scratch / "out" / "site"
    (scratch / "out").mkdir()
    (scratch / "out").chmod(0o777)
    variables = {name: value for name, value in os.environ.items() if name not in computer.unset}
    variables |= {"PYTHONPATH": str(ROOT), **computer.set}
    variables.pop("LD_PRELOAD", None)
    where = "." if computer.from_inside else str(source)
    command = [sys.executable, "-m", "statusgen", "build", "--source", where, "--output", str(site), "--at", AT]
    if computer.other_user:
        command = [*_OTHER_USER, *command]
    subprocess.run(
        command,
        cwd=source if computer.from_inside else scratch,
        env=variables,
        umask=computer.umask,
        check=True,
        capture_output=True,
        text=True,
    )
    return folder_state(site)


def _copy(folder: Path, backwards: bool) -> None:
    """Copy the city's files, in order or backwards."""
    for file in sorted((path for path in CITY.rglob("*") if path.is_file()), reverse=backwards):
        target = folder / file.relative_to(CITY)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
