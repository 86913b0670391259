"""Other status pages, imported by the command line, and what the site that comes of it says."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from statusgen.cli.main import main
from tests.support.paths import TESTS
from tests.support.sample_sites import City

SAMPLES = TESTS / "imports" / "samples"
"""What other status pages have on their disks, in their structure and in words of ours."""
# Noon in Chicago on 1 June 2025, by when all that the samples tell has happened.
NOW = 1748797200


def run_import(kind: str, source: Path | str, folder: Path, *flags: str, now: int = NOW) -> Result:
    """Run the command."""
    words = ["import", kind, str(source), str(folder), *flags]
    return CliRunner().invoke(main, words, env={"SOURCE_DATE_EPOCH": str(now)}, catch_exceptions=False)


def copy_sample(name: str, folder: Path) -> Path:
    """Copy a sample out of the repository, whose history would date what is in it."""
    return Path(shutil.copytree(SAMPLES / name, folder / name))


def import_whole(kind: str, source: Path, folder: Path, *flags: str, questions: bool = False) -> City:
    """Return the site that comes of a source; it has no mistakes."""
    result = run_import(kind, source, folder, *flags)
    assert result.exit_code == (3 if questions else 0), result.output
    checked = CliRunner().invoke(main, ["check", "--source", str(folder)], env={"SOURCE_DATE_EPOCH": str(NOW)})
    assert checked.exit_code == 0, checked.output
    return City(folder)


def read_statuses(city: City, at: str) -> Mapping[str, str]:
    """Return the status of each service by its name, as status.json had it then."""
    document = json.loads(city.files(at)["status.json"])
    return {service["name"]: service["status"] for service in document["services"]}


def read_files(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder by their paths; nothing of git's."""
    paths = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def read_report(city: City) -> str:
    """Return what is said about how the source was understood."""
    return (city.folder / "import-report.md").read_text(encoding="utf-8")


def read_post(city: City, name: str) -> str:
    """Return the one post whose name ends so."""
    (file,) = [path for path in (city.folder / "incidents").glob("*.md") if path.stem.endswith(name)]
    return file.read_text(encoding="utf-8")


def link_to(target: Path, link: Path) -> bool:
    """Make a link, where that can be done."""
    try:
        link.symlink_to(target)
    except OSError:
        return False
    return True
