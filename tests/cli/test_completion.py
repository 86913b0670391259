"""Completion with the Tab key in each shell, with the script that `statusgen` prints for it."""

import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from tests.support.checkers import find_program
from tests.support.office import POST, SERVICES
from tests.support.sample_sites import make_city

COMMAND = Path(sys.executable).with_name("statusgen")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A city's folder with two posts."""
    make_city(tmp_path, SERVICES, POST, POST)
    (tmp_path / ".home").mkdir()
    return tmp_path


def make_environment(folder: Path) -> dict[str, str]:
    """Return the environment of a user who has set up nothing else."""
    path = f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(folder / ".home"), "TERM": "dumb", "LC_ALL": "C.UTF-8"}


def run(folder: Path, *command: str) -> list[str]:
    ran = subprocess.run(
        command, env=make_environment(folder), cwd=folder, capture_output=True, encoding="utf-8", check=True
    )
    assert ran.stderr == ""
    return ran.stdout.splitlines()


def test_bash_completes_posts_services_templates_and_flags(folder: Path) -> None:
    script = """
        eval "$(_STATUSGEN_COMPLETE=bash_source statusgen)"
        function=$(complete -p statusgen | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
        for line; do
            COMPREPLY=() COMP_WORDS=(statusgen $line)
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            $function statusgen
            echo "$line: ${COMPREPLY[*]}"
        done
    """
    lines = ["update po", "set water", "new --template cyb", "init --starter li"]
    assert run(folder, find_program("bash"), "--norc", "-c", script, "bash", *lines) == [
        "update po: post-2 post-1",
        "set water: water-bill water-bill/online water-bill/phone",
        "new --template cyb: cyberattack",
        "init --starter li: library",
    ]


def test_fish_completes_the_same(folder: Path) -> None:
    script = """
        _STATUSGEN_COMPLETE=fish_source statusgen | source
        for line in $argv
            set offered (complete --do-complete "statusgen $line" | string replace --regex "\\t.*" "")
            echo "$line: $offered"
        end
    """
    lines = ["update po", "set water", "init --starter li"]
    assert run(folder, find_program("fish"), "--no-config", "--command", script, "--", *lines) == [
        "update po: post-1 post-2",
        "set water: water-bill water-bill/online water-bill/phone",
        "init --starter li: library",
    ]


def test_zsh_completes_the_same(folder: Path) -> None:
    shell = pexpect.spawn(
        find_program("zsh"),
        ["--no-rcs", "--interactive"],
        env={**make_environment(folder), "PS1": "ready> "},
        cwd=str(folder),
        encoding="utf-8",
        timeout=30,
        dimensions=(40, 200),
    )
    try:
        shell.expect_exact("ready> ")
        shell.sendline(
            'autoload -Uz compinit; compinit -D; eval "$(_STATUSGEN_COMPLETE=zsh_source statusgen)"; echo set up'
        )
        shell.expect("\nset up")
        shell.expect_exact("ready> ")
        # One that is clear without more is typed out.
        shell.send("echo done; statusgen init --starter li\t")
        shell.expect_exact("library")
        shell.sendcontrol("u")
        shell.send("statusgen set water-bill/p\t")
        shell.expect_exact("water-bill/phone")
    finally:
        shell.close(force=True)
