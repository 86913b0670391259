"""The systems that a kit is for: which wheels fit them, and what their Python says of itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms

NEWEST_GLIBC = 35
"""Linux of 2022 and later has glibc 2.35. Wheels for an older one fit too, and are preferred."""
_OLD_GLIBC_NAMES = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}  # PEP 600
_MACOS = (12, 0)


@dataclass(frozen=True)
class System:
    """A kind of computer. `title` is what people call it; `platforms` are the tags of wheels that fit (PEP 425).

    `markers` is what its Python says of it where a library asks (PEP 508). `asked_of_pip` are the platforms by which
    pip finds the same wheels: it adds the older ones of macOS by itself.
    """

    title: str
    platforms: tuple[str, ...]
    markers: Mapping[str, str]
    asked_of_pip: tuple[str, ...]


def _windows(title: str, tag: str, machine: str) -> System:
    markers = {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": machine}
    return System(title, (tag,), markers, (tag,))


def _macos(title: str, machine: str) -> System:
    markers = {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": machine}
    newest = f"macosx_{_MACOS[0]}_{_MACOS[1]}_{machine}"
    return System(title, tuple(mac_platforms(_MACOS, machine)), markers, (newest,))


def _linux(title: str, machine: str) -> System:
    markers = {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": machine}
    names = [
        name
        for minor in range(5, NEWEST_GLIBC + 1)
        for name in (f"manylinux_2_{minor}", _OLD_GLIBC_NAMES.get(minor, ""))
        if name
    ]
    platforms = tuple(f"{name}_{machine}" for name in names)
    return System(title, platforms, markers, platforms)


SYSTEMS = {
    "windows-x86_64": _windows("Windows", "win_amd64", "AMD64"),
    "windows-arm64": _windows("Windows on ARM", "win_arm64", "ARM64"),
    "macos-arm64": _macos("macOS", "arm64"),
    "macos-x86_64": _macos("macOS on Intel", "x86_64"),
    "linux-x86_64": _linux("Linux", "x86_64"),
    "linux-arm64": _linux("Linux on ARM", "aarch64"),
}
"""Each system by the name that the command line has for it."""


@dataclass(frozen=True)
class Target:
    """A system with one version of Python, like (3, 14)."""

    system: System
    python: tuple[int, int]

    @cached_property
    def tags(self) -> Mapping[Tag, int]:
        """The tags of wheels that fit, each with its place in the order of preference."""
        short = f"cp{self.python[0]}{self.python[1]}"
        platforms = self.system.platforms
        fitting = (
            *cpython_tags(self.python, [short], platforms),
            *compatible_tags(self.python, short, platforms),
        )
        return {tag: number for number, tag in reversed([*enumerate(fitting)])}

    @cached_property
    def markers(self) -> dict[str, str]:
        """What its Python answers where a library asks whether it needs another."""
        version = format_python(self.python)
        python = {
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "python_version": version,
            "python_full_version": self.full_python,
            "implementation_version": self.full_python,
            "platform_release": "",
            "platform_version": "",
        }
        return {**self.system.markers, **python}

    @property
    def full_python(self) -> str:
        """Its version as libraries compare it: the last corrections of this Python, which somebody installs today."""
        return f"{format_python(self.python)}.99"


def format_python(python: Sequence[int]) -> str:
    """Return a version of Python as people write it: "3.14"."""
    return ".".join(map(str, python))
