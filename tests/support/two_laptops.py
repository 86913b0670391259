"""A server with a bare repository, and the laptops of people who write on one site."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from statusgen.colleagues.share import Shared, share

SERVICES = """\
site: {title: Springfield, url: 'https://springfield.example/', timezone: America/Chicago, languages: [en, es]}
services:
  - {id: trash, name: Trash}
  - {id: water-bill, name: Pay a water bill, channels: [{kind: online}, {kind: phone}]}
"""
POST = """\
---
title: Trash is late
started: 2024-05-05 08:00
services: {trash: degraded}
---
A day late.
"""
FILE = "incidents/2024-05-05-trash.md"


class Laptop:
    """The folder of one person, and what they do in it; `heard` is what they were told."""

    def __init__(self, folder: Path, name: str, site: str = "") -> None:
        self.folder, self.name, self.site = folder, name, folder / site
        self.heard: list[str] = []

    def git(self, *arguments: str) -> str:
        command = ["git", "-c", "core.hooksPath=/dev/null", "-C", str(self.folder), *arguments]
        done = subprocess.run(command, env=clean_environment(), check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def write(self, file: str, text: str) -> None:
        path = self.site / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())

    def read(self, file: str = FILE) -> str:
        return (self.site / file).read_bytes().decode()

    def add(self, heading: str, text: str, file: str = FILE) -> None:
        self.write(file, f"{self.read(file)}\n## {heading}\n{text}\n")

    def share(self) -> Shared:
        self.heard = []
        return share(self.site, self.heard.append)

    def messages(self) -> list[str]:
        return self.git("log", "--format=%an: %s").splitlines()


class Server:
    """A bare repository, and the laptops that were cloned from it."""

    def __init__(self, folder: Path, site: str = "") -> None:
        self.folder, self.site = folder, site
        self.origin = folder / "origin.git"
        self._git("init", "--quiet", "--bare", "--initial-branch=main", str(self.origin))
        first = self.laptop("Setup")
        first.git("switch", "--quiet", "--create", "main")
        first.write("services.yaml", SERVICES)
        first.write(FILE, POST)
        first.git("add", "--all")
        first.git("commit", "--quiet", "--message=The site")
        first.git("push", "--quiet", "--set-upstream", "origin", "main")

    def laptop(self, name: str) -> Laptop:
        """Clone the site for another person."""
        folder = self.folder / name
        self._git("clone", "--quiet", str(self.origin), str(folder))
        laptop = Laptop(folder, name, self.site)
        laptop.git("config", "user.name", name)
        laptop.git("config", "user.email", f"{name.lower().replace(' ', '.')}@springfield.example")
        return laptop

    def _git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], env=clean_environment(), check=True, capture_output=True)


def clean_environment() -> dict[str, str]:
    """Return the environment without settings of this computer, as the tests of git need it."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return ours | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


@contextmanager
def home(folder: Path, config: str = "") -> Iterator[Path]:
    """Let a folder be the home of the person at the keyboard, with their settings of git."""
    folder.mkdir(exist_ok=True)
    (folder / ".gitconfig").write_text(config, encoding="utf-8")
    before = {name: os.environ.get(name) for name in ("HOME", "XDG_CONFIG_HOME")}
    os.environ |= {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    try:
        yield folder
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
