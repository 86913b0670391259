"""A fault at each file operation of a build, one after the other."""

import errno
import os
import signal
from collections.abc import Collection, Iterator
from pathlib import Path

from statusgen.files import MARKER
from statusgen.folder.ownership import staging_name
from statusgen.problems import StatusgenError
from tests.faults.scene import Scene, State, folder_state
from tests.faults.scenes import SCENES, RealCommand
from tests.faults.score import Score, first_cases, format_share
from tests.faults.shim import Fault

# What a disk, a kernel or an administrator may answer.
ERRORS = (errno.EIO, errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EMFILE)


def measure_kills(scratch: Path, every: int) -> Score:
    """Send SIGKILL at each operation, in every kind of folder."""
    trials, healed, bad = 0, 0, list[str]()
    for name, scene in _scenes(scratch):
        editions = _editions(scene, 1, 2)
        for at in _operation_numbers(scene, every):
            scene.prepare()
            outcome = scene.build(2, Fault(at, -signal.SIGKILL))
            case = f"{name}, killed at operation {at}"
            trials += 1
            if outcome.code != -signal.SIGKILL:
                bad.append(f"{case}: it was not, {outcome}")
            if not scene.is_whole(editions.values(), was_killed=True):
                bad.append(f"{case}: the site is not whole")
            fault = _find_unhealed(scene, 2, editions)
            healed += not fault
            bad += [f"{case}: {fault}"] if fault else []
    return Score(
        "killed at each file operation of a build, one by one",
        "complete, healed by the next build, nothing left",
        f"{format_share(trials - _cases(bad), trials)} complete, {format_share(healed, trials)} healed",
        first_cases(bad),
    )


def measure_errors(scratch: Path, every: int) -> Score:
    """Fail at each operation, once and from there on: with every error in a plain folder, with EIO in every kind."""
    trials, harmless, bad = 0, 0, list[str]()
    for name, scene in _scenes(scratch):
        editions = _editions(scene, 1, 2)
        kinds = [line.split()[1] for line in scene.operations()]
        for fault in _list_faults(kinds, every, ERRORS if name == "a folder" else ERRORS[:1]):
            scene.prepare()
            outcome = scene.build(2, fault)
            kind = kinds[fault.at - 1]
            lasts = " and from there on" if fault.lasts else ""
            case = f"{name}, {errno.errorcode[fault.what]} at operation {fault.at}, {kind}{lasts}"
            trials += 1
            # A mounted disk that fails and goes on failing cannot be given back what was taken out of it.
            if not scene.is_whole(editions.values(), was_killed=fault.lasts):
                bad.append(f"{case}: the site is not whole after {outcome}")
            if outcome.code == 0:
                harmless += 1
                if kind not in _LOOKING or folder_state(scene.site) != editions[2] or scene.leftovers():
                    bad.append(f"{case}: exit 0")
            elif not outcome.is_refusal:
                bad.append(f"{case}: no plain refusal, {outcome}")
            unhealed = _find_unhealed(scene, 2, editions)
            bad += [f"{case}: {unhealed}"] if unhealed else []
    return Score(
        "EIO, ENOSPC, EACCES, EROFS, EMFILE at each file operation, once and lasting (EIO in all kinds of folder)",
        "the complete old or new site, exit 1 and a sentence, healed by the next build",
        f"{format_share(trials - _cases(bad), trials)}; {harmless:,} of them did no harm, exit 0",
        first_cases(bad),
    )


# What can fail without harm: it changes nothing, and what it would have returned is asked again.
_LOOKING = {"stat64", "lstat64", "fstat64", "fstatat64", "lseek64", "close", "closedir"}


def _list_faults(kinds: list[str], every: int, errors: tuple[int, ...]) -> Iterator[Fault]:
    """Yield each error at each operation; or at one of `every`, and one error at the first operation of each kind."""
    for at in range(1, len(kinds) + 1, every):
        for error in errors:
            yield from (Fault(at, error), Fault(at, error, lasts=True))
    if every > 1:
        yield from (Fault(kinds.index(kind) + 1, errno.EIO) for kind in sorted(set(kinds) - _LOOKING))


def measure_command(scratch: Path, every: int) -> Score:
    """Kill the real command, and let it fail, at 40 of its operations on the site's folder."""
    scene = RealCommand(scratch / "command")
    editions = _editions(scene, 1, 2)
    assert editions[1] != editions[2]
    operations = len(scene.operations())
    step = max(1, operations * every // 40)
    numbers = range(step, operations + 1, step)
    kinds = [(-signal.SIGKILL, False), (errno.EIO, False), (errno.ENOSPC, True)]
    trials, bad = 0, list[str]()
    for at in numbers:
        for fault in [Fault(at, *kind) for kind in (kinds if every == 1 else kinds[:1])]:
            scene.prepare()
            outcome = scene.build(2, fault)
            case = f"{fault} of {operations}"
            trials += 1
            if not scene.is_whole(editions.values(), was_killed=True):
                bad.append(f"{case}: the site is not whole after {outcome}")
            if outcome.code >= 0 and not outcome.is_refusal and folder_state(scene.site) != editions[2]:
                bad.append(f"{case}: neither a plain refusal nor the new site, {outcome}")
            unhealed = _find_unhealed(scene, 2, editions)
            bad += [f"{case}: {unhealed}"] if unhealed else []
    return Score(
        f"the complete command `statusgen build`, killed and failing at {len(numbers)} of {operations:,} operations",
        "the complete old or new site, a sentence, healed by the next build",
        format_share(trials - _cases(bad), trials),
        first_cases(bad),
    )


def measure_stops(scratch: Path, every: int) -> Score:
    """Stop a build at each operation, run another meanwhile, then let the first go on."""
    trials, waited, bad = 0, 0, list[str]()
    for name, scene in _scenes(scratch, "a folder", "a clone of Git", "no folder yet"):
        editions = _editions(scene, 1, 2, 3)
        for at in _operation_numbers(scene, every):
            scene.prepare()
            case = f"{name}, frozen at operation {at}"
            trials += 1
            child = scene.start(2, Fault(at, -signal.SIGSTOP))
            os.waitpid(child, os.WUNTRACED)
            if not scene.is_whole(editions.values(), was_killed=True):
                bad.append(f"{case}: the site is not whole meanwhile")
            other = scene.build(3, patience=0.03)
            waited += other.code != 0
            if other.code and not other.is_refusal:
                bad.append(f"{case}: the other did not refuse in words, {other}")
            if not scene.is_whole(editions.values(), was_killed=True):
                bad.append(f"{case}: the site is not whole after the other build")
            os.kill(child, signal.SIGCONT)
            outcome = scene.end(child)
            if outcome.code and not outcome.is_refusal:
                bad.append(f"{case}: it did not go on, {outcome}")
            newest = 2 if outcome.code == 0 else 3 if other.code == 0 else 1
            if folder_state(scene.site) != editions[newest]:
                bad.append(f"{case}: edition {newest} is not what is there")
            if scene.leftovers():
                bad.append(f"{case}: {scene.leftovers()} is left")
    return Score(
        "one build frozen at each file operation while another runs",
        "complete, both end or refuse in words, nothing left",
        f"{format_share(trials - _cases(bad), trials)}; the other refused {waited} times",
        first_cases(bad),
    )


def measure_twins(scratch: Path, every: int) -> Score:
    """Start two builds at the same moment."""
    trials, bad = 0, list[str]()
    for name, scene in _scenes(scratch, "a folder", "no folder yet"):
        editions = _editions(scene, 2, 3)
        for trial in range(max(2, 50 // every)):
            scene.prepare()
            children = [scene.start(2), scene.start(3)]
            outcomes = [scene.end(child) for child in children]
            trials += 1
            if [outcome.code for outcome in outcomes] != [0, 0]:
                bad.append(f"{name}, {trial}: {outcomes}")
            if folder_state(scene.site) not in editions.values() or scene.leftovers():
                bad.append(f"{name}, {trial}: not one whole edition, or {scene.leftovers()}")
    return Score(
        "two builds begun at once",
        "both published, one after the other",
        format_share(trials - _cases(bad), trials),
        first_cases(bad),
    )


def measure_order(scratch: Path, every: int) -> Score:  # noqa: ARG001 - it takes a moment
    """Check the order of operations: all is on the disk before the swap, and the swap before anything is removed."""
    trials, bad = 0, list[str]()
    for name, scene in _scenes(scratch, "a folder", "no folder yet", "a link", "a clone of Git", "two renames"):
        trials += 1
        steps = [(line.split(" ", 2)[1], Path(line.split(" ", 2)[2])) for line in scene.operations()]
        bad += [f"{name}: {fault}" for fault in _find_late_steps(steps, scene)]
    return Score(
        "what a power cut would find: the order of writes, flushes, swap and removals",
        "flushed before the swap, the swap flushed before removals",
        format_share(trials - _cases(bad), trials),
        first_cases(bad),
    )


def _find_late_steps(steps: list[tuple[str, Path]], scene: Scene) -> Iterator[str]:
    new = scene.site.parent / staging_name(scene.site) / "new"
    trades = [n for n, step in enumerate(steps) if step in (("renameat2", new), ("rename", scene.site))]
    if not trades:
        yield "no swap was seen"
        return
    swap = min(trades)
    made = {path: n for n, (name, path) in enumerate(steps[:swap]) if name in ("write", "mkdir", "link", "rename")}
    flushes = [n for n, (name, _) in enumerate(steps[:swap]) if name == "syncfs"]
    for path, when in made.items():
        flushed = [n for n, step in enumerate(steps[:swap]) if step[0] == "fsync" and step[1] in (path, path.parent)]
        if when > max(flushes + flushed, default=-1) and "new" in path.parts:
            yield f"{path} may not be on the disk at the swap"
    removals = [n for n, (name, _) in enumerate(steps) if n > swap and name in ("unlink", "unlinkat", "rmdir")]
    if ("fsync", scene.site.parent) not in steps[swap : min(removals)]:
        yield "the old site goes before the new one is sure to stay"
    bench = new.parent
    if [steps[n] for n in removals[-2:]] != [("unlink", bench / MARKER), ("rmdir", bench)]:
        yield "what says that the bench is ours does not go last"


def _scenes(scratch: Path, *names: str) -> Iterator[tuple[str, Scene]]:
    for name, kind in SCENES.items():
        if names and name not in names:
            continue
        if name == "a mounted disk" and not can_mount():
            continue
        yield name, kind(scratch / name)


def can_mount() -> bool:
    """Return whether this process may mount disks."""
    return "FAULTS_MAY_MOUNT" in os.environ


def _editions(scene: Scene, *numbers: int) -> dict[int, State]:
    """Return what is published after a good build of each edition; 1 is what is there before any."""
    scene.prepare()
    found = {1: folder_state(scene.site)} if 1 in numbers else {}
    for number in numbers:
        if number != 1:
            scene.prepare()
            scene.write(number)
            found[number] = folder_state(scene.site)
    return found


def _operation_numbers(scene: Scene, every: int) -> Collection[int]:
    return range(1, len(scene.operations()) + 1, every)


def _find_unhealed(scene: Scene, number: int, editions: dict[int, State]) -> str:
    """Return what the next good build did not repair; empty if all is well."""
    try:
        scene.write(number)
    except (StatusgenError, OSError) as error:
        return f"the next build failed, {error!r}"
    if folder_state(scene.site) != editions[number]:
        return "the next build did not heal it"
    return f"{scene.leftovers()} is left" if scene.leftovers() else ""


def _cases(bad: Collection[str]) -> int:
    return len({case.partition(":")[0] for case in bad})
