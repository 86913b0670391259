"""Every mistake that a city can make is told with its line and in plain words, and nothing is published.

Each folder in `broken/` is a small site with one kind of mistake; its README says how to add one.
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statusgen.cli.main import main
from statusgen.files import File
from statusgen.folder.write import write

BROKEN = Path(__file__).parent / "broken"
SITES = sorted(folder for folder in BROKEN.iterdir() if folder.is_dir())
COUNT = re.compile(r"Mistakes: \d+\. Advice: 0\.|\d+ mistakes?\. Nothing was written\.")

every_site = pytest.mark.parametrize("broken", SITES, ids=lambda folder: folder.name)


def run(*words: str) -> Result:
    """Run the command line; what it could not explain comes out as it is."""
    result = CliRunner().invoke(main, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def mistakes(result: Result) -> list[str]:
    """What was said, without the line that counts."""
    return [line for line in result.output.splitlines() if not COUNT.fullmatch(line)]


def expected_messages(broken: Path) -> list[str]:
    return (broken / "expected.txt").read_text(encoding="utf-8").splitlines()


def has_its_place(message: str, folder: Path) -> bool:
    """Whether a message says a file, a line that it has (a file that is missing has one) and what is the matter."""
    place = re.match(r"(?P<file>.+?):(?P<line>\d+): (?P<what>[^ ].*[.!?:\w])", message)
    if not place:
        return False
    file = folder / place["file"]
    content = file.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n") if file.is_file() else b""
    return 1 <= int(place["line"]) <= content.count(b"\n") + 1


def are_in_templates(lines: list[str]) -> bool:
    """Whether the mistakes are those of templates, which only show when pages are made."""
    return all(line.startswith(("templates/", "theme/")) for line in lines)


def publish_before(city: Path) -> Path:
    """A site that was built before, when all was well."""
    write([File("index.html", b"<p>All is well.</p>"), File("feed.xml", b"<rss/>")], city / "site", source=city)
    return city / "site"


def folder_state(folder: Path) -> dict[str, tuple[int, int, bytes] | None]:
    """Every folder and file below `folder`; of files all that a web server could notice."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes())
        if path.is_file()
        else None
        for path in folder.rglob("*")
    }


@every_site
def test_the_mistake_is_told_and_nothing_is_published(broken: Path, tmp_path: Path) -> None:
    city = tmp_path / "city"
    shutil.copytree(broken, city)
    publish_before(city)
    before = folder_state(tmp_path)

    result = run("build", "--source", str(city))

    if os.environ.get("RENEW"):
        text = "".join(f"{line}\n" for line in mistakes(result))
        (broken / "expected.txt").write_text(text, encoding="utf-8", newline="\n")
    assert result.exit_code == 1
    assert mistakes(result) == expected_messages(broken)
    assert folder_state(tmp_path) == before


@every_site
def test_check_tells_the_same(broken: Path) -> None:
    result = run("check", "--source", str(broken))
    if are_in_templates(expected_messages(broken)):
        assert result.exit_code == 0
    else:
        assert result.exit_code == 1
        assert mistakes(result) == expected_messages(broken)


@every_site
def test_every_message_has_a_line_that_is_there_and_says_what_to_write(broken: Path) -> None:
    for message in expected_messages(broken):
        assert has_its_place(message, broken), message


def test_there_is_a_site_for_every_kind_of_mistake() -> None:
    assert len(SITES) >= 500
