"""What the README promises to someone who has never seen statusgen: few commands, played on an empty computer."""

import os
import re
import shlex
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest

from statusgen import __version__
from tests.support.documentation import code_blocks
from tests.support.paths import README, ROOT
from tests.support.web_server import serve_folder
from tests.support.workflows import TOOLS

MOST_COMMANDS = 6
WHEEL = f"statusgen-{__version__}-py3-none-any.whl"
NEXT_TO_OURS = {"PYTHONPATH": str(ROOT), "STATUSGEN_OFFLINE": "1", "LC_ALL": "C.UTF-8"}


def readme_commands() -> tuple[list[str], list[str]]:
    """Return the ways to install on Linux, and the commands from nothing to a page."""
    ways, whole = code_blocks(README, "bash")
    return ways.splitlines(), whole.splitlines()


class Laptop:
    """A computer with an empty home folder, git, and what the first command of the README installs."""

    def __init__(self, folder: Path) -> None:
        self.home, self.place = folder / "home", folder / "home"
        programs = self.home / ".local" / "bin"
        programs.mkdir(parents=True)
        (programs / "statusgen").symlink_to(TOOLS / "statusgen")
        self.environment = {**NEXT_TO_OURS, "HOME": str(self.home), "PATH": f"{programs}{os.pathsep}{os.defpath}"}

    def type(self, command: str) -> str:
        """Type a command, which has to succeed; return all that it says."""
        if command.startswith("cd "):
            self.place /= shlex.split(command)[1]
            return ""
        done = self._start(command)
        said, _ = done.communicate(timeout=300)
        assert done.returncode == 0, (command, said)
        return said

    def look(self, command: str) -> str:
        """Type a command that shows the page until Ctrl-C, and return the page."""
        serving = self._start(f"{command} --port 0")
        assert serving.stdout
        said = iter(serving.stdout.readline, "")
        address = next(found[0] for line in said if (found := re.search(r"http://[\w.:]+/", line)))
        with urlopen(address, timeout=60) as answer:
            page: str = answer.read().decode()
        serving.send_signal(signal.SIGINT)
        serving.communicate(timeout=60)
        return page

    def _start(self, command: str) -> subprocess.Popen[str]:
        name, *words = shlex.split(command)
        program = shutil.which(name, path=self.environment["PATH"])
        assert program, f"{name} is not on this laptop"
        return subprocess.Popen(
            [program, *words],
            cwd=self.place,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


@pytest.fixture
def laptop(tmp_path: Path) -> Laptop:
    return Laptop(tmp_path)


def test_from_an_empty_laptop_to_a_published_page(laptop: Laptop, tmp_path: Path) -> None:
    ways, (install, *commands) = readme_commands()
    assert install in ways
    assert 1 + len(commands) <= MOST_COMMANDS
    looked = published = ""
    with serve_folder(tmp_path / "status" / "current") as url:
        for command in commands:
            if command == "statusgen check":  # before that, the README says, someone changes the lines marked CHANGE
                services = laptop.place / "services.yaml"
                text, changed = re.subn(r"url: \S+(?=  # CHANGE: where)", f"url: {url}", services.read_text("utf-8"))
                assert changed == 1
                services.write_text(text, encoding="utf-8")
            if command == "statusgen serve":
                looked = laptop.look(command)
            else:
                published = laptop.type(command.replace("ssh://web@www.example.org/srv", f"file://{tmp_path}"))
        with urlopen(url, timeout=60) as answer:
            page = answer.read().decode()
    assert "Springfield service status" in looked
    assert f"Residents see it at {url}" in published
    assert "Springfield service status" in page
    assert "This page is being set up." in page, "until someone says that all of it is true"


def test_each_way_to_install_is_of_this_version() -> None:
    ways, _ = readme_commands()
    [windows] = code_blocks(README, "powershell")
    for line in (*ways, *windows.splitlines()):
        assert line.endswith(WHEEL), line
    assert {line.split()[0] for line in ways} >= {"uv", "pipx"}


def test_the_readme_is_short() -> None:
    assert len(README.read_text(encoding="utf-8").split()) < 1500
