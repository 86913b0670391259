"""The same words at the same moment make the same bytes, on whatever computer, wherever it stands."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cities import ROOT

AT = "2024-05-15 12:00"


def copied(folder: Path, backwards: bool = False) -> Path:
    """Kansas City's own files in a new folder, put there from the first to the last or the other way round."""
    names = ("services.yaml", "incidents", "templates", "static")
    files = sorted(file for name in names for file in (ROOT / name, *(ROOT / name).rglob("*")) if file.is_file())
    for file in reversed(files) if backwards else files:
        target = folder / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    return folder


def built(source: Path, output: Path, at: str = AT, cwd: Path | None = None, setting: str = "") -> dict[str, bytes]:
    """Every file that the command makes, by its path."""
    command = [sys.executable, "-m", "statusgen", "build", "--source", str(source), "--output", str(output), "--at", at]
    name, _, value = setting.partition("=")
    environment = {**os.environ, **({name: value} if name else {})}
    subprocess.run(command, cwd=cwd, env=environment, check=True, capture_output=True)
    return {file.relative_to(output).as_posix(): file.read_bytes() for file in output.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("usual")
    return built(copied(folder / "city"), folder / "site")


@pytest.mark.parametrize(
    "setting", ["TZ=Asia/Kathmandu", "LC_ALL=tr_TR.UTF-8", "PYTHONHASHSEED=4711", "SOURCE_DATE_EPOCH=1000000000"]
)
def test_the_computer_s_settings_change_nothing(tmp_path: Path, usual: dict[str, bytes], setting: str) -> None:
    assert built(copied(tmp_path / "city"), tmp_path / "site", setting=setting) == usual


def test_the_order_of_the_folder_and_where_one_stands_change_nothing(tmp_path: Path, usual: dict[str, bytes]) -> None:
    source = copied(tmp_path / "elsewhere" / "town", backwards=True)
    assert built(Path("town"), tmp_path / "site", cwd=source.parent) == usual


def test_what_was_built_before_changes_nothing(tmp_path: Path, usual: dict[str, bytes]) -> None:
    source = copied(tmp_path / "city")
    earlier = built(source, tmp_path / "site", at="2024-05-08 12:00")
    assert earlier != usual
    assert built(source, tmp_path / "site") == usual
