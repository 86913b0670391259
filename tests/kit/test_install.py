"""A kit installs itself and publishes on a computer that has Python and nothing else, and no network."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cli.main import main
from statusgen.git import find_program
from tests.support.repository import SERVICES, Repository
from tests.support.wheels import this_system, write_own_wheel, write_wheelhouse

POST = """\
---
title: No trash pickup
started: 2024-05-05 08:00
services:
  trash: down
---
Trucks are waiting.

## 2024-05-05 09:00
Still waiting.
"""
PYTHON = Path(sys.executable).resolve()
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"


@cache
def without_network() -> Sequence[str]:
    """Return what starts a program without any network; nothing where the system does not let us."""
    command = ("unshare", "--map-root-user", "--net")
    try:
        done = subprocess.run([*command, "true"], capture_output=True, check=False)
    except OSError:
        return ()
    return command if done.returncode == 0 else ()


@dataclass(frozen=True)
class Laptop:
    """A computer whose home is empty; `bin` has its programs, and Python alone at first."""

    folder: Path

    @property
    def kit(self) -> Path:
        return self.folder / "status-kit"

    def give(self, name: str, program: Path) -> None:
        (self.folder / "bin" / name).symlink_to(program)

    def run(self, *command: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a command in a folder."""
        # A proxy that refuses stands in where the network cannot be taken away.
        refusing = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")
        environment = {"PATH": str(self.folder / "bin"), "HOME": str(self.folder / "home"), **refusing}
        whole = [*without_network(), *command]
        # `unshare` is not one of the laptop's programs.
        whole[0] = shutil.which(whole[0]) or whole[0]
        return subprocess.run(whole, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    def install(self) -> subprocess.CompletedProcess[str]:
        return self.run("/bin/sh", "install.sh", folder=self.kit)

    def say(self, *words: str) -> str:
        """Run statusgen in the site, as the card says, and return what it prints."""
        done = self.run("../venv/bin/statusgen", *words, folder=self.kit / "site")
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    write_wheelhouse(folder)
    return folder


@pytest.fixture(scope="module")
def kit(wheelhouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kit of a small site in git, for this computer."""
    folder = tmp_path_factory.mktemp("kit")
    repository = Repository(folder / "town")
    repository.commit("2024-05-05 09:00", {"incidents/2024-05-05-trash.md": POST})
    repository.commit("2024-05-05 11:00", {"incidents/2024-05-05-trash.md": POST.replace("Still", "They are still")})
    output = folder / "kit.zip"
    flags = ["--system", this_system(), "--python", VERSION, "--statusgen", str(write_own_wheel(folder))]
    places = ["--source", str(repository.folder), "--output", str(output), "--wheels", str(wheelhouse)]
    made = CliRunner().invoke(main, ["kit", *places, *flags])
    assert made.exit_code == 0, made.output
    assert "Not in it" not in made.output
    return output


@pytest.fixture
def laptop(kit: Path, tmp_path: Path) -> Laptop:
    """A laptop on which the kit is unpacked."""
    for name in ("bin", "home"):
        (tmp_path / name).mkdir()
    with zipfile.ZipFile(kit) as archive:
        archive.extractall(tmp_path)
    laptop = Laptop(tmp_path)
    laptop.give("python3", PYTHON)
    return laptop


pytestmark = pytest.mark.skipif(os.name != "posix", reason="install.sh is for macOS and Linux")


def test_a_laptop_with_python_alone_builds_the_site_without_a_network(laptop: Laptop) -> None:
    installed = laptop.install()
    assert installed.returncode == 0, installed.stderr
    assert "Installed: statusgen" in installed.stdout
    assert "Without" not in installed.stdout
    assert "There is no git on this computer" in installed.stdout
    assert "Mistakes: 0" in laptop.say("check", "--at", "2024-05-05 12:00")
    laptop.say("build", "--at", "2024-05-05 12:00")
    assert "No trash pickup" in (laptop.kit / "site" / "site" / "index.html").read_text(encoding="utf-8")
    assert "Write and publish in a browser" in laptop.say("desk", "--help")
    assert "publish" in laptop.say("publish", "--help")
    assert not [*(laptop.folder / "home").glob("[!.]*")]
    for module in ("obstore", "minisign", "brotli", "apprise", "feedparser"):
        found = laptop.run("venv/bin/python", "-c", f"import {module}", folder=laptop.kit)
        assert found.returncode == 0, found.stderr


def test_with_git_the_site_has_its_history_again(laptop: Laptop) -> None:
    laptop.give("git", Path(find_program("git") or "git"))
    installed = laptop.install()
    assert installed.returncode == 0, installed.stderr
    log = laptop.run("git", "log", "--oneline", folder=laptop.kit / "site").stdout
    assert len(log.splitlines()) == 3
    assert laptop.run("git", "status", "--porcelain", folder=laptop.kit / "site").stdout == ""
    assert laptop.run("git", "branch", "--show-current", folder=laptop.kit / "site").stdout == "main\n"
    laptop.say("build", "--at", "2024-05-05 12:00")
    [page] = (laptop.kit / "site" / "site" / "incidents").glob("*trash/index.html")
    assert "They are still" in page.read_text(encoding="utf-8")
    # Someone who has begun to write can install again.
    (laptop.kit / "site" / "services.yaml").write_text(SERVICES + "# More\n", encoding="utf-8")
    again = laptop.install()
    assert again.returncode == 0, again.stderr


def test_an_installed_statusgen_makes_the_next_kit_of_itself(laptop: Laptop, wheelhouse: Path) -> None:
    assert laptop.install().returncode == 0
    flags = ("--system", this_system(), "--python", VERSION, "--wheels", str(wheelhouse), "--output", "../next.zip")
    assert "Wrote ../next.zip" in laptop.say("kit", *flags)
    with zipfile.ZipFile(laptop.kit / "next.zip") as following:
        [name] = [name for name in following.namelist() if "/statusgen-" in name]
        following.extract(name, laptop.folder / "next")
    own = read_zip(next((laptop.kit / "wheels").glob("statusgen-*")))
    rebuilt = read_zip(laptop.folder / "next" / name)
    assert own.keys() == rebuilt.keys()
    assert {path for path in own if own[path] != rebuilt[path]} <= {path for path in own if path.endswith("/RECORD")}


def read_zip(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_file_that_was_changed_stops_it(laptop: Laptop) -> None:
    (laptop.kit / "site" / "services.yaml").write_text("site: {}", encoding="utf-8")
    wheel = next((laptop.kit / "wheels").glob("click-*"))
    wheel.unlink()
    stopped = laptop.install()
    assert stopped.returncode == 1
    said = f"Not as they were when the kit was made, or not there: site/services.yaml, wheels/{wheel.name}."
    assert said in stopped.stderr
    assert not (laptop.kit / "venv").exists()


def test_without_the_right_python_it_says_which_one_to_get(laptop: Laptop) -> None:
    (laptop.folder / "bin" / "python3").unlink()
    stopped = laptop.install()
    assert stopped.returncode == 1
    assert f"needs one of these versions of Python, which is not here: {VERSION}" in stopped.stderr
    assert "https://www.python.org/downloads/" in stopped.stderr
