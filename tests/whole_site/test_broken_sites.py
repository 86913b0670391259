"""Every mistake that a city can make is reported with its line and in plain words, and nothing is published.

Each folder in tests/broken/ is a small site with one kind of mistake; tests/README.md says how to add one.
"""

import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statusgen.cli.main import main
from tests.support.broken_sites import BROKEN_SITES, COUNT_LINE, folder_state, has_its_place, publish_before

every_site = pytest.mark.parametrize("broken", BROKEN_SITES, ids=lambda folder: folder.name)


def run(*words: str) -> Result:
    """Run the command line; raise what it could not explain."""
    result = CliRunner().invoke(main, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def mistakes(result: Result) -> list[str]:
    """Return the output, without the line that counts."""
    return [line for line in result.output.splitlines() if not COUNT_LINE.fullmatch(line)]


def expected_messages(broken: Path) -> list[str]:
    return (broken / "expected.txt").read_text(encoding="utf-8").splitlines()


def are_in_templates(lines: list[str]) -> bool:
    """Return whether the mistakes are those of templates, which only show when pages are made."""
    return all(line.startswith(("templates/", "theme/")) for line in lines)


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
    assert len(BROKEN_SITES) >= 500
