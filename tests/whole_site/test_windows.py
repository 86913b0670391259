"""What can be tried of Windows on any system: its names and paths, encodings, line ends and time zones.

The rest is where it belongs: files in its encoding (tests/broken/not-utf-8-windows-1252), names that differ in capital
letters alone (tests/broken/post-names-case-colliding), its paths in posts (tests/broken/link-windows-path), ids that it
keeps for itself (tests/broken/service-ids-windows-devices, tests/content/test_disk.py), its line ends (tests/editor,
tests/colleagues/test_share.py) and its way to start the desk (tests/cli/test_init.py).
"""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path, PureWindowsPath

import pytest

from statusgen.content.format.values import parse_id
from statusgen.editor.private_folder import private_folder
from statusgen.scaffold import HOSTS, STARTERS, make_files
from statusgen.text import slugify
from tests.support.built_sites import build_sample
from tests.support.office import NOW, POST, Office
from tests.support.paths import ROOT
from tests.support.sample_sites import make_city

DEVICES = ["Con", "PRN", "aux.", "Nul", "COM1", "com\u00b9", "(Lpt9)", "\uff23\uff2f\uff2e"]
FORBIDDEN = set('<>:"|?*\\')
# 260 less what the folder of a site may need (https://learn.microsoft.com/windows/win32/fileio/maximum-file-path-limitation).
LONGEST = 200


def find_faults(paths: Iterable[str]) -> list[str]:
    """Return the paths that Windows would not take, or would take for each other."""
    found, seen = [], dict[str, str]()
    for path in paths:
        parts = PureWindowsPath(path).parts
        is_odd = any(FORBIDDEN & set(part) or part.endswith((".", " ")) or min(part) < " " for part in parts)
        is_device = any(is_device_name(part) for part in parts)
        if is_odd or is_device or len(path) > LONGEST or seen.setdefault(path.casefold(), path) != path:
            found.append(path)
    return found


def is_device_name(part: str) -> bool:
    """Return what Windows thinks of a name, as Python knows it."""
    if sys.version_info >= (3, 13):
        from ntpath import isreserved

        return isreserved(part)
    return PureWindowsPath(part).is_reserved()


def test_the_rules_find_what_windows_does_not_take() -> None:
    odd = ["con/a", "a/Aux.html", "a:b", "a/b.", "a/b ", "a\\b?", "w" * 201, "a/Way", "a/way"]
    assert find_faults(["a/b.html", "Console/a", *odd]) == [each for each in odd if each != "a/Way"]


@pytest.mark.parametrize("name", ["kansas-city", "worst-week", "long-tail"])
def test_every_file_of_a_site_can_be_there_on_windows(name: str) -> None:
    site = build_sample(name)
    paths = [path.relative_to(site).as_posix() for path in site.rglob("*")]
    assert len(paths) > 40
    assert find_faults(paths) == []


@pytest.mark.parametrize("starter", STARTERS)
def test_every_file_of_a_new_site_can_be_there_on_windows(starter: str) -> None:
    assert find_faults(make_files(starter, HOSTS, "statusgen")) == []


def test_every_file_of_the_program_can_be_there_on_windows() -> None:
    assert find_faults(path.relative_to(ROOT).as_posix() for path in (ROOT / "statusgen").rglob("*")) == []


@pytest.mark.parametrize("name", DEVICES)
def test_no_id_that_is_made_from_a_name_is_a_device_of_windows(name: str) -> None:
    assert slugify(name).endswith("-1")
    assert parse_id(slugify(name)) == slugify(name)
    assert not is_device_name(slugify(name))


def test_services_and_facts_that_are_called_like_a_device(tmp_path: Path) -> None:
    office = Office(tmp_path, POST)
    services = (tmp_path / "services.yaml").read_text(encoding="utf-8")
    (tmp_path / "services.yaml").write_text(f"{services}  - name: Con\n  - name: Aux.\n", encoding="utf-8")
    office.say("waive network --what Nul --until 2099-06-30 --service con-1")
    office.say("deadline network --what Prn --on 2099-06-30")
    office.say('new --title Con --since now --service aux-1=down --next "in 2 hours" --yes')
    office.say("build")
    paths = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")]
    assert "site/services/con-1/index.html" in paths
    assert find_faults(paths) == []


def test_drafts_lie_where_windows_keeps_the_data_of_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    assert private_folder(tmp_path / "city").is_relative_to(tmp_path / "Local" / "statusgen")


def run(folder: Path, *words: str, given: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own, with some variables of the environment."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(NOW), **variables}
    command = [sys.executable, "-m", "statusgen", words[0], "--source", str(folder), *words[1:]]
    return subprocess.run(command, cwd=ROOT, env=environment, input=given, capture_output=True, check=False)


@pytest.fixture
def arabic_city(tmp_path: Path) -> Path:
    folder = tmp_path / "city"
    folder.mkdir()
    make_city(
        folder, '  - {id: trash, name: "Müll → قمامة"}\n', "---\ntitle: Übel\nstarted: 2024-05-05 08:00\n---\nA.\n"
    )
    return folder


def test_what_a_pipe_of_windows_cannot_say_is_spelled_out(arabic_city: Path) -> None:
    done = run(arabic_city, "status", PYTHONIOENCODING="cp1252")
    assert done.returncode == 0, done.stderr
    assert "Müll \\u2192 \\u0642" in done.stdout.decode("cp1252")
    wrong = run(arabic_city, "set", "trash", "قمامة", PYTHONIOENCODING="cp1252")
    assert wrong.returncode == 2
    assert b"Traceback" not in wrong.stderr


def test_what_comes_from_a_pipe_is_utf_8_whatever_windows_thinks(arabic_city: Path) -> None:
    for given in ("Café", "\ufeffCafé"):  # PowerShell puts a mark before it
        assert (
            run(
                arabic_city, "update", "post-1", "--text", "-", given=given.encode(), PYTHONIOENCODING="cp1252"
            ).returncode
            == 0
        )
    post = (arabic_city / "incidents/post-1.md").read_bytes()
    assert post.decode().count("\nCafé") == 2
    refused = run(arabic_city, "update", "post-1", "--text", "-", given="Café".encode("cp1252"))
    assert refused.returncode == 2
    assert b"Standard input is not in UTF-8. Nothing was written." in refused.stderr
    assert (arabic_city / "incidents/post-1.md").read_bytes() == post


@pytest.mark.parametrize("command", ["check", "status", "build", "diff"])
def test_nothing_depends_on_the_encoding_of_the_system(arabic_city: Path, command: str) -> None:
    if command == "diff":
        run(arabic_city, "build")
    warnings = "error::EncodingWarning"
    done = run(arabic_city, command, PYTHONWARNDEFAULTENCODING="1", PYTHONWARNINGS=warnings)
    assert done.returncode == 0, done.stderr


def test_time_zones_come_along_where_the_system_has_none(arabic_city: Path) -> None:
    with_none = run(arabic_city, "status", PYTHONTZPATH="")
    assert with_none.returncode == 0, with_none.stderr
    assert with_none.stdout == run(arabic_city, "status").stdout
    assert b"CDT" in with_none.stdout
