"""The same content at the same moment makes the same bytes, on any computer, anywhere."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

AT = "2024-05-15 12:00"


def copy_example(folder: Path, backwards: bool = False) -> Path:
    """Copy Kansas City's files into a new folder, in order or backwards."""
    names = ("services.yaml", "incidents", "templates", "static")
    files = sorted(file for name in names for file in (ROOT / name, *(ROOT / name).rglob("*")) if file.is_file())
    for file in reversed(files) if backwards else files:
        target = folder / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    return folder


def build(source: Path, output: Path, cwd: Path | None = None, **environment: str) -> dict[str, bytes]:
    """Run the command; return every file that it makes, by path."""
    command = [sys.executable, "-m", "statusgen", "build", "--source", str(source), "--output", str(output), "--at", AT]
    subprocess.run(command, cwd=cwd, env={**os.environ, **environment}, check=True, capture_output=True)
    return {file.relative_to(output).as_posix(): file.read_bytes() for file in output.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def usual_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("usual")
    files = build(
        copy_example(folder / "city"), folder / "site", TZ="America/Chicago", LC_ALL="C.UTF-8", PYTHONHASHSEED="1"
    )
    assert len(files) > 100
    return files


def test_the_computer_s_settings_change_nothing(tmp_path: Path, usual_files: dict[str, bytes]) -> None:
    files = build(
        copy_example(tmp_path / "city"),
        tmp_path / "site",
        TZ="Asia/Kathmandu",
        LC_ALL="tr_TR.UTF-8",
        PYTHONHASHSEED="4711",
        SOURCE_DATE_EPOCH="1000000000",
    )
    assert find_differences(files, usual_files) == []


def test_the_order_of_the_folder_and_where_one_stands_change_nothing(
    tmp_path: Path, usual_files: dict[str, bytes]
) -> None:
    source = copy_example(tmp_path / "elsewhere" / "town", backwards=True)
    assert find_differences(build(Path("town"), tmp_path / "site", cwd=source.parent), usual_files) == []


def find_differences(files: dict[str, bytes], usual_files: dict[str, bytes]) -> list[str]:
    return sorted(path for path in files.keys() | usual_files.keys() if files.get(path) != usual_files.get(path))
