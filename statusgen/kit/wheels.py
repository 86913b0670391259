"""Which of the wheels that are there a computer needs, and which are not there.

pip chooses for another system too, but asks the computer that it runs on whether a library needs another, so that it
leaves out what only Windows needs.
"""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from email.parser import HeaderParser
from functools import cached_property
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from statusgen.kit.systems import Target
from statusgen.problems import StatusgenError


class KitError(StatusgenError):
    """A kit cannot be made or read; the message says why, and what to do."""


@dataclass(frozen=True)
class Wheel:
    """A library, or a program, as it is installed. `name` is in the form in which names are compared (PEP 503)."""

    path: Path
    name: str
    version: Version
    tags: frozenset[Tag]

    @cached_property
    def requirements(self) -> Sequence[Requirement]:
        """What it needs."""
        return [Requirement(text) for text in self._metadata.get_all("Requires-Dist", [])]

    @cached_property
    def pythons(self) -> SpecifierSet:
        """The versions of Python that it works with."""
        return SpecifierSet(self._metadata.get("Requires-Python", ""))

    @cached_property
    def _metadata(self):  # type: ignore[no-untyped-def]  # the type that the parser returns has another name in each Python
        with zipfile.ZipFile(self.path) as opened:
            name = next(name for name in opened.namelist() if name.endswith(".dist-info/METADATA"))
            return HeaderParser().parsestr(opened.read(name).decode())

    def fits(self, target: Target) -> bool:
        """Return whether it can be installed on this computer."""
        return not self.tags.isdisjoint(target.tags) and target.full_python in self.pythons

    def preference(self, target: Target) -> tuple[Version, int]:
        """Return a value that is greatest for the wheel that pip would choose among those that fit."""
        return self.version, -min(target.tags[tag] for tag in self.tags if tag in target.tags)


def read_wheels(folder: Path) -> list[Wheel]:
    """Return every wheel in a folder; raise KitError for a file that only has the name of one."""
    wheels = []
    for path in sorted(folder.glob("*.whl")):
        try:
            name, version, _, tags = parse_wheel_filename(path.name)
            wheel = Wheel(path, name, version, tags)
            _ = wheel.requirements, wheel.pythons
        except (InvalidWheelFilename, zipfile.BadZipFile, StopIteration, ValueError) as error:
            hint = "Delete it, or get it again."
            raise KitError(f"{path} is not a wheel that can be read ({error}). {hint}") from None
        wheels.append(wheel)
    return wheels


@dataclass
class Choice:
    """What a computer gets: each library once; and what it needs that is not there."""

    chosen: dict[str, Wheel] = field(default_factory=dict)
    missing: dict[str, Requirement] = field(default_factory=dict)


def choose_wheels(roots: Iterable[str], wheels: Iterable[Wheel], target: Target) -> Choice:
    """Return what a computer gets of these wheels for what `roots` name, like "statusgen[publish]"."""
    by_name: dict[str, list[Wheel]] = {}
    for wheel in wheels:
        if wheel.fits(target):
            by_name.setdefault(wheel.name, []).append(wheel)
    choice = Choice()
    waiting = [Requirement(root) for root in roots]
    seen = set()
    while waiting:
        requirement = waiting.pop()
        if (key := str(requirement)) in seen:
            continue
        seen.add(key)
        name = canonicalize_name(requirement.name)
        # Of what two libraries need, each has to be content with the one that is chosen.
        candidates = [choice.chosen[name]] if name in choice.chosen else by_name.get(name, [])
        fitting = [each for each in candidates if requirement.specifier.contains(each.version, prereleases=True)]
        if not fitting:
            choice.missing[name] = requirement
            continue
        best = max(fitting, key=lambda wheel: wheel.preference(target))
        choice.chosen[name] = best
        waiting += _needs(best, requirement.extras, target)
    return choice


def _needs(wheel: Wheel, extras: Iterable[str], target: Target) -> Iterator[Requirement]:
    """Yield what a wheel needs on a computer, for itself and for these of its extras."""
    for requirement in wheel.requirements:
        marker = requirement.marker
        if not marker or any(marker.evaluate({**target.markers, "extra": extra}) for extra in ("", *extras)):
            yield requirement
