"""Wheels for tests: small ones that are made up, and those of the libraries that run here, without a network."""

import base64
import ensurepip
import hashlib
import platform
import re
import shutil
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

from statusgen import __version__
from statusgen.kit.gather import EXTRAS
from statusgen.kit.own_wheel import rebuild_wheel
from tests.support.paths import PACKAGE, ROOT

MOMENT = datetime(2024, 5, 5, tzinfo=UTC)
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def write_wheel(
    folder: Path,
    name: str,
    version: str = "1.0",
    requires: Iterable[str] = (),
    tag: str = "py3-none-any",
    files: Mapping[str, bytes] | None = None,
    about: Mapping[str, str] | None = None,
) -> Path:
    """Write a wheel with these files; `about` is what its folder .dist-info has besides, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    inner = f"{name.replace('-', '_')}-{version}.dist-info"
    requires = [*requires]
    extras = dict.fromkeys(re.findall(r'extra == "(\w+)"', " ".join(requires)))
    needs = "".join(
        [f"Provides-Extra: {extra}\n" for extra in extras] + [f"Requires-Dist: {each}\n" for each in requires]
    )
    contents = {
        **(files or {}),
        f"{inner}/METADATA": f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{needs}".encode(),
        f"{inner}/WHEEL": f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n".encode(),
        **{f"{inner}/{each}": text.encode() for each, text in (about or {}).items()},
    }
    record = "".join(f"{path},sha256={_hash(content)},{len(content)}\n" for path, content in contents.items())
    path = folder / f"{name.replace('-', '_')}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for each, content in {**contents, f"{inner}/RECORD": f"{record}{inner}/RECORD,,\n".encode()}.items():
            wheel.writestr(each, content)
    return path


def _hash(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def write_own_wheel(folder: Path) -> Path:
    """Write the wheel of statusgen as it is here: what would build it comes from an index."""
    paths = (path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    files = {path.relative_to(PACKAGE.parent).as_posix(): path.read_bytes() for path in sorted(paths)}
    entry_points = "[console_scripts]\nstatusgen = statusgen.cli.main:run\n"
    about = {"entry_points.txt": entry_points}
    return write_wheel(folder, "statusgen", __version__, _own_requirements(), files=files, about=about)


def _own_requirements() -> list[str]:
    extras = _PROJECT["optional-dependencies"].items()
    optional = [f'{needed}; extra == "{extra}"' for extra, needs in extras for needed in needs]
    return [*_PROJECT["dependencies"], *optional]


def write_wheelhouse(folder: Path) -> None:
    """Write the wheels of all that a kit for this computer needs, besides statusgen itself."""
    folder.mkdir(parents=True, exist_ok=True)
    waiting = [Requirement(text) for text in _own_requirements()]
    done = set()
    while waiting:
        requirement = waiting.pop()
        markers = [{"extra": extra} for extra in ("", *EXTRAS, *requirement.extras)]
        key = (requirement.name.lower(), *sorted(requirement.extras))
        if key in done or (requirement.marker and not any(requirement.marker.evaluate(each) for each in markers)):
            continue
        done.add(key)
        installed = distribution(requirement.name)
        if not list(folder.glob(f"{requirement.name.replace('-', '_').lower()}-*")):
            rebuild_wheel(installed, folder, MOMENT)
        wanted = [Requirement(text) for text in installed.requires or ()]
        extras = ("", *requirement.extras)
        waiting += [
            each
            for each in wanted
            if not each.marker or any(each.marker.evaluate({"extra": extra}) for extra in extras)
        ]
    for bundled in (Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"):
        shutil.copy(bundled, folder)


def this_system() -> str:
    """Return what a kit calls this computer."""
    name = {"linux": "linux", "darwin": "macos", "win32": "windows"}[sys.platform]
    machine = {"amd64": "x86_64", "aarch64": "arm64"}.get(platform.machine().lower(), platform.machine().lower())
    return f"{name}-{machine}"
