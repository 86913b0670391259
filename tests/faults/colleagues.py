"""Several people write on one site, and one of their computers dies at any step: nothing that anyone wrote is lost."""

import os
import random
import re
import shutil
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from statusgen.cli.load import read_site
from statusgen.colleagues.share import ShareState, share
from tests.faults.score import Score, first_cases, format_share
from tests.support.two_laptops import Laptop, Server, home

_ROUNDS = 200
_PEOPLE = ("Ann", "Ben", "Cyd")
_HEADING = re.compile(r"^## (\S+ \S+)", re.MULTILINE)


def measure_rounds(scratch: Path, every: int) -> Score:
    """Let three people write and share in any order, again and again."""
    rounds, bad = _ROUNDS // every, list[str]()
    with home(scratch / "home"):
        for seed in range(rounds):
            folder = scratch / f"round-{seed}"
            folder.mkdir()
            bad += [f"round {seed}: {fault}" for fault in _play_round(folder, random.Random(seed))]
            shutil.rmtree(folder)
    return Score(
        "three people write updates of one post in any order, many in the same minute, and share them",
        "every update is there, once, in the order of the times, without a mistake",
        f"{format_share(rounds - len({case.partition(':')[0] for case in bad}), rounds)} rounds",
        first_cases(bad),
    )


def _play_round(folder: Path, luck: random.Random) -> list[str]:
    server = Server(folder)
    people = [server.laptop(name) for name in _PEOPLE]
    last, said = dict.fromkeys(_PEOPLE, 0), list[str]()
    for number in range(luck.randint(6, 12)):
        person = luck.choice(people)
        if luck.random() < 0.6:
            shown = _HEADING.findall(person.read())
            begin = max([last[person.name], *(int(time[-2:]) for time in shown)])
            last[person.name] = begin + luck.choice((1, 1, 2))
            said.append(f"{person.name} says {number}.")
            person.add(f"2024-05-05 09:{last[person.name]:02}", said[-1])
        else:
            person.share()
    for person in (*people, *people):
        person.share()
    return [fault for person in people for fault in _find_faults(person, people[0], said)]


def _find_faults(person: Laptop, other: Laptop, said: list[str]) -> list[str]:
    text, faults = person.read(), []
    if text != other.read():
        faults.append(f"{person.name} and {other.name} have different posts")
    faults += [f'"{words}" stands {text.count(words)} times' for words in said if text.count(words) != 1]
    headings = _HEADING.findall(text)
    if headings != sorted(set(headings)):
        faults.append(f"out of order: {headings}")
    for name in _PEOPLE:
        own = [int(number) for number in re.findall(rf"{name} says (\d+)\.", text)]
        if own != sorted(own):
            faults.append(f"what {name} said is out of order: {own}")
    faults += [str(problem) for problem in read_site(person.site)[1]]
    if changed := person.git("status", "--porcelain"):
        faults.append(f"{person.name} has changes left: {changed}")
    return faults


def measure_kills(scratch: Path, every: int) -> Score:
    """Kill the one who shares at each call of git and each change of a file, before and after it."""
    with home(scratch / "home"):
        scene = scratch / "scene"
        scene.mkdir()
        _set_scene(scene)
        steps = _share_and_die(_copy(scene, scratch / "counted"), 0)
        killed = range(1, steps + 1, every)
        bad = [f"killed at step {at}: {fault}" for at in killed for fault in _try_kill(scene, scratch / "trial", at)]
    return Score(
        "killed at each step of sharing, one by one",
        "the next run goes on: every update is there once, on the server too, and nothing is left over",
        format_share(len(killed) - len({case.partition(":")[0] for case in bad}), len(killed)),
        first_cases(bad),
    )


def _set_scene(folder: Path) -> None:
    """Let Ann share an update, while Ben has one of the same minute."""
    server = Server(folder)
    ann, ben = server.laptop("Ann"), server.laptop("Ben")
    for laptop in (ann, ben):
        laptop.git("config", "remote.origin.url", "../origin.git")
    ann.add("2024-05-05 09:00", "From Ann.")
    ann.write("incidents/2024-05-06-new.md", ann.read().replace("Trash", "New"))
    ann.share()
    ben.add("2024-05-05 09:00", "From Ben.")


def _copy(scene: Path, place: Path) -> Path:
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(scene, place, symlinks=True)
    return place


def _try_kill(scene: Path, place: Path, at: int) -> list[str]:
    """Return what is wrong after Ben's computer died at a step, and he shared again."""
    _share_and_die(_copy(scene, place), at)
    ann, ben = Laptop(place / "Ann", "Ann"), Laptop(place / "Ben", "Ben")
    if ben.read().count("From Ben.") != 1:
        return ["Ben's update is gone"]
    try:
        states = [laptop.share().state for laptop in (ben, ann)]
    except Exception as error:  # whatever it is, it must not be
        return [f"the next run fails: {error}"]
    left = [path.name for path in (ben.folder / ".git").iterdir() if path.name.startswith(("statusgen", "index."))]
    faults = [f"left over: {left}"] if left else []
    if states != [ShareState.SHARED, ShareState.SHARED]:
        faults.append(f"not shared: {states}")
    updates = "## 2024-05-05 09:00\nFrom Ann.\n\n## 2024-05-05 09:01\nFrom Ben.\n"
    faults += [f"{each.name} has {each.read()!r}" for each in (ann, ben) if not each.read().endswith(updates)]
    return faults + [f"{each.name}: {changed}" for each in (ann, ben) if (changed := each.git("status", "--porcelain"))]


def _share_and_die(folder: Path, at: int) -> int:
    """Share from Ben's folder in another process, which is killed at a step; return how many steps it made."""
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        with suppress(BaseException):
            _count_steps(at, writing)
            share(folder / "Ben", lambda _: None)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        steps = len(pipe.read())
    os.waitpid(process, 0)
    return steps


def _count_steps(at: int, counter: int) -> None:
    """Make this process count what it does to the repository and to files, and die at a step."""
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        os.write(counter, b".")
        if done == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **more: Any) -> Any:
            step()
            result = function(*arguments, **more)
            step()
            return result

        return run

    # What a child of this process does is done by git: it goes on to its end, as on a computer that is not shut down.
    subprocess.Popen.communicate = around(subprocess.Popen.communicate)  # type: ignore[method-assign]  # to the end
    for owner, name in ((Path, "replace"), (Path, "unlink"), (os, "fsync"), (shutil, "copyfile")):
        setattr(owner, name, around(getattr(owner, name)))
