"""All wheels that a kit needs, and what could not be had."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from statusgen.kit.index import Index
from statusgen.kit.systems import SYSTEMS, System, Target, format_python
from statusgen.kit.wheels import Wheel, choose_wheels, read_wheels

CORE = ""
"""What takes the place of an extra where statusgen itself is meant."""
EXTRAS = {
    "publish": "publishing to buckets",
    "sign": "signing by minisign",
    "compress": "compressing by Brotli",
    "notify": "sending updates by Apprise",
    "follow": "following feeds",
}
"""What the kit installs beyond statusgen itself, and what for. To import another status page can wait."""


@dataclass(frozen=True, order=True)
class Gap:
    """What one computer does not get: an extra, or statusgen itself (`CORE`), for want of these libraries."""

    title: str
    python: str
    extra: str
    missing: tuple[str, ...]

    def __str__(self) -> str:
        names = ", ".join(self.missing)
        what = f"no {EXTRAS[self.extra]}" if self.extra else "statusgen cannot be installed"
        return f"{self.title}, Python {self.python}: {what}, because there is no wheel of {names}."


@dataclass(frozen=True)
class Gathered:
    """The wheels of a kit, and its gaps."""

    wheels: tuple[Wheel, ...]
    gaps: tuple[Gap, ...]

    def is_useless(self, system: System, pythons: Sequence[tuple[int, int]]) -> bool:
        """Return whether statusgen cannot be installed on a system with any of these versions of Python."""
        failing = {gap.python for gap in self.gaps if gap.title == system.title and gap.extra == CORE}
        return failing == {format_python(python) for python in pythons}


def list_targets(systems: Iterable[str], pythons: Iterable[tuple[int, int]]) -> list[Target]:
    """Return each system with each Python."""
    pythons = sorted(set(pythons))
    return [Target(SYSTEMS[name], python) for name in SYSTEMS if name in systems for python in pythons]


def gather_from_folder(folder: Path, own: Path, targets: Iterable[Target]) -> Gathered:
    """Return what a folder of wheels has for each computer; of statusgen itself, it is the wheel `own`."""
    return _choose(_with_own(folder, own), targets)


def gather_from_index(index: Index, own: Path, targets: Sequence[Target], report: Callable[[str], None]) -> Gathered:
    """Return what a package index has for each computer; `report` is told what is being looked for."""
    report("Getting what statusgen needs on this computer …")
    index.resolve(own, EXTRAS)
    for target in targets:
        report(f"Getting what {target.system.title} with Python {format_python(target.python)} needs …")
        tried: set[str] = set()
        # What a library needs is not known before it is there.
        while wanted := _find_missing(_with_own(index.folder, own), target, tried):
            tried.update(wanted)
            index.fetch([*wanted.values()], target)
    return gather_from_folder(index.folder, own, targets)


def _find_missing(wheels: Sequence[Wheel], target: Target, tried: set[str]) -> dict[str, Requirement]:
    choice = choose_wheels(_list_roots((CORE, *EXTRAS)), wheels, target)
    return {name: requirement for name, requirement in sorted(choice.missing.items()) if name not in tried}


def _with_own(folder: Path, own: Path) -> list[Wheel]:
    """Return the wheels of a folder, and of statusgen the one that is running: an index can have anyone's."""
    others = [wheel for wheel in read_wheels(folder) if wheel.name != "statusgen"]
    return [*others, *(wheel for wheel in read_wheels(own.parent) if wheel.path == own)]


def _list_roots(extras: Iterable[str]) -> list[str]:
    return ["pip", *(f"statusgen[{extra}]" if extra else "statusgen" for extra in extras)]


def _choose(wheels: Sequence[Wheel], targets: Iterable[Target]) -> Gathered:
    chosen: dict[str, Wheel] = {}
    gaps = []
    for target in targets:
        core = choose_wheels(_list_roots([CORE]), wheels, target)
        if core.missing:
            gaps.append(_describe_gap(target.system, target.python, CORE, core.missing))
            continue
        for extra in (CORE, *EXTRAS):
            choice = choose_wheels(_list_roots({CORE, extra}), wheels, target)
            if choice.missing:
                gaps.append(_describe_gap(target.system, target.python, extra, choice.missing))
            else:
                chosen |= {wheel.path.name: wheel for wheel in choice.chosen.values()}
    return Gathered(tuple(chosen[name] for name in sorted(chosen)), tuple(gaps))


def _describe_gap(system: System, python: tuple[int, int], extra: str, missing: Iterable[str]) -> Gap:
    return Gap(system.title, format_python(python), extra, tuple(sorted(missing)))
