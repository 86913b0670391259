"""Gets wheels from a package index, by pip, for this computer and for others."""

import subprocess
import sys
import venv
from collections.abc import Iterable, Sequence
from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from statusgen.kit.systems import Target, format_python
from statusgen.kit.wheels import KitError, Wheel, read_wheels


class Index:
    """The index that pip is set up for (`PIP_INDEX_URL`, pip.conf); what it gives is kept in `folder`."""

    def __init__(self, folder: Path) -> None:
        """Set up a pip of its own: tools like uv and pipx install programs without one."""
        self.folder = folder / "wheels"
        self.folder.mkdir()
        self._constraints = folder / "constraints.txt"
        self._environment = folder / "pip"
        try:
            venv.create(self._environment, with_pip=True)
        except (OSError, subprocess.SubprocessError):
            hint = "Install Python's venv (on Debian and Ubuntu: python3-venv), or name a folder with --wheels."
            raise KitError(f"This Python cannot set up pip. {hint}") from None
        # What the kit brings is what runs here, and was tried here.
        installed = {each.metadata["Name"]: each.version for each in distributions()}
        installed.pop("statusgen", None)
        text = "".join(f"{name}=={version}\n" for name, version in sorted(installed.items()))
        self._constraints.write_text(text, encoding="utf-8")

    def build(self, checkout: Path) -> Path:
        """Return the wheel of what is written in a folder."""
        built = self.folder.parent / "built"
        self._require("wheel", "--no-deps", "--wheel-dir", str(built), str(checkout))
        return next(built.glob("*.whl"))

    def resolve(self, own: Path, extras: Iterable[str]) -> None:
        """Get all that this computer needs; what the index has only as source is built."""
        wanted = f"{own}[{','.join(extras)}]"
        places = ("--wheel-dir", str(self.folder), "--constraint", str(self._constraints))
        # The pip that comes with an older Python builds in another way, which needs what a new environment lacks.
        self._require("wheel", "--use-pep517", *places, wanted, "pip")

    def fetch(self, requirements: Sequence[Requirement], target: Target) -> None:
        """Get what another computer needs, as far as it is to be had."""
        known = {wheel.name: wheel for wheel in read_wheels(self.folder)}
        pinned = [_pin(requirement, known) for requirement in requirements]
        if self._download(pinned, target):
            return
        for requirement, same in zip(requirements, pinned, strict=True):
            # A library can have given up a system; an older version that is still right is better than none.
            if not self._download([same], target):
                self._download([f"{requirement.name}{requirement.specifier}"], target)

    def _download(self, wanted: Sequence[str], target: Target) -> bool:
        """Return whether pip could get all of these."""
        platforms = [word for name in target.system.asked_of_pip for word in ("--platform", name)]
        computer = ("--implementation", "cp", "--python-version", format_python(target.python), *platforms)
        alone = ("--no-deps", "--only-binary", ":all:", "--dest", str(self.folder))
        return self._run("download", *alone, *computer, *wanted).returncode == 0

    def _require(self, *arguments: str) -> None:
        done = self._run(*arguments)
        if done.returncode:
            lines = [line.strip() for line in done.stderr.splitlines()]
            said = [line for line in lines if line.startswith("ERROR")] or lines
            hint = "Try again where a package index can be reached, or name a folder of wheels with --wheels."
            raise KitError("\n".join(["pip could not get what statusgen needs:", *said[-5:], hint]))

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        programs = "Scripts" if sys.platform == "win32" else "bin"
        python = self._environment / programs / "python"
        settings = ("--quiet", "--disable-pip-version-check", "--no-input")
        return subprocess.run(
            [python, "-m", "pip", arguments[0], *settings, *arguments[1:]],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )


def _pin(requirement: Requirement, known: dict[str, Wheel]) -> str:
    """Return what asks pip for the version that this computer has; without one, for what is required."""
    same = known.get(canonicalize_name(requirement.name))
    return f"{same.name}=={same.version}" if same else f"{requirement.name}{requirement.specifier}"
