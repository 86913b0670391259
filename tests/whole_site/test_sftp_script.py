"""The script in docs/hosts/setups that copies a site with rclone: what it sends, in which order, and what it deletes.

A folder stands for the host. rclone is the system's own.
"""

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen import addresses
from statusgen.cli.main import main
from statusgen.files import MARKER
from statusgen.trust.manifest import UNLISTED_PATHS
from tests.support.checkers import find_program
from tests.support.paths import DOCS

SCRIPT = DOCS / "hosts" / "setups" / "sftp.sh"
NOT_SENT = {MARKER, *addresses.for_hosts()}
SIGNATURE = UNLISTED_PATHS[1]
OLD_SCRIPT = "script-0123456789ab.js"
AT = "2024-05-05 09:00"
SERVICES = """\
site:
  title: Springfield
  url: https://status.springfield.example/
  timezone: America/Chicago
  languages: [en, es]
  security: {contact: ['mailto:security@springfield.example'], expires: 2030-01-01}
  alerts: {sender: status@springfield.example, area: Springfield}
services:
  - {id: water, name: {en: Pay a water bill, es: Pagar el agua}}
"""
POST = """\
---
title: Water bills cannot be paid online
started: 2024-05-05 08:00
services: {water: down}
---
We are looking into it.
"""


@dataclass(frozen=True)
class Copier:
    """The script, a site, and the folder that stands for the host; `log` is what rclone did."""

    site: Path
    host: Path
    log: Path
    environment: dict[str, str]

    def run(self, *words: str) -> None:
        """Run it as the documentation says."""
        command = ["sh", str(SCRIPT), str(self.site), f"host:{self.host}", *words]
        subprocess.run(command, env=self.environment, check=True, capture_output=True)

    def sent(self) -> list[str]:
        """Return the files that were sent, in the order."""
        return re.findall(r"INFO +: (.+): Copied \(", self.log.read_text(encoding="utf-8"))

    def expected(self) -> set[str]:
        """Return the files that have to be at the host."""
        return list_files(self.site) - NOT_SENT


def list_files(folder: Path) -> set[str]:
    """Return the paths of all files in a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small city whose site is built in `site/`, with a signature."""
    city = tmp_path_factory.mktemp("city")
    (city / "incidents").mkdir()
    (city / "services.yaml").write_text(SERVICES, encoding="utf-8")
    (city / "incidents" / "bill.md").write_text(POST, encoding="utf-8")
    built = CliRunner().invoke(main, ["build", "--source", str(city), "--at", AT])
    assert built.exit_code == 0, built.output
    (city / "site" / SIGNATURE).write_text("signed")
    return city


@pytest.fixture
def copier(city: Path, tmp_path: Path) -> Copier:
    """An rclone that notes what it does, and sends one file after the other."""
    site = shutil.copytree(city / "site", tmp_path / "site", copy_function=shutil.copy2)
    log, programs = tmp_path / "log", tmp_path / "programs"
    programs.mkdir()
    real = shlex.quote(find_program("rclone"))
    noting = f'#!/bin/sh\nexec {real} "$@" -v --transfers 1 2>>"$LOG"\n'
    (programs / "rclone").write_text(noting)
    (programs / "rclone").chmod(0o755)
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "LOG": str(log),
        "RCLONE_CONFIG_HOST_TYPE": "local",
    }
    return Copier(site, tmp_path / "host", log, environment)


def test_a_copy_is_complete_in_a_safe_order_and_the_next_one_sends_only_what_changed(copier: Copier) -> None:
    copier.run()
    assert list_files(copier.host) == copier.expected()
    assert_safe(copier.sent())

    copier.log.unlink()
    for path in (".htaccess", ".well-known/acme-challenge/token", OLD_SCRIPT, "incidents/gone/index.html"):
        (copier.host / path).parent.mkdir(parents=True, exist_ok=True)
        (copier.host / path).write_text("theirs")
    (copier.site / "about" / "index.html").write_text("About this page, changed.")
    copier.run()
    assert copier.sent() == ["about/index.html"]
    kept = {OLD_SCRIPT, ".htaccess", ".well-known/acme-challenge/token"}
    assert list_files(copier.host) == copier.expected() | kept


def assert_safe(order: list[str]) -> None:
    """Assert that no page comes before what it loads, and that what says that all is there comes last."""
    assert order[-3:] == ["index.html", SIGNATURE, "manifest.json"]
    pages = [number for number, path in enumerate(order) if path.endswith(".html") and path != "index.html"]
    loaded = [number for number, path in enumerate(order) if path.endswith((".js", ".css", ".svg", ".png"))]
    data = [number for number, path in enumerate(order) if path.endswith((".xml", ".ics", ".csv", "status.json"))]
    assert max(loaded) < min(pages)
    assert max(pages) < min(data)


def test_a_dry_run_sends_nothing(copier: Copier) -> None:
    copier.run("--dry-run")
    assert not copier.host.exists()
