"""What the pages docs/hosts/moving-*.md say to type works, with samples in place of what they have saved."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cli.main import main
from tests.support.documentation import code_blocks
from tests.support.importing import NOW, SAMPLES
from tests.support.paths import DOCS

SAVED = {"statuspage": "statuspage-owner", "incidentio": "incidentio-transit", "upptime": "upptime-city"}
PAGES = sorted((DOCS / "hosts").glob("moving*.md"))
TEXTS = "".join(page.read_text(encoding="utf-8") for page in PAGES)
COMMANDS = re.findall(rf"`(statusgen import (?:{'|'.join(SAVED)}) [^`]+)`", TEXTS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_makes_a_site(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _, name, kind, _, folder, *flags = shlex.split(command)
    words = [name, kind, str(SAMPLES / SAVED[kind]), folder, *flags]
    result = CliRunner().invoke(main, words, env={"SOURCE_DATE_EPOCH": str(NOW)}, catch_exceptions=False)
    assert result.exit_code == 3, result.output  # the samples have questions
    assert (tmp_path / "status-page" / "services.yaml").exists()


def test_what_is_saved_has_names_that_are_read() -> None:
    blocks = "".join(block for page in PAGES for block in code_blocks(page, "bash"))
    assert {"issues.json", "comments.json"} <= set(re.findall(r"> ([\w.]+)$", blocks, re.MULTILINE))
    assert "subscribers" not in blocks


def test_each_source_has_a_section_with_a_command() -> None:
    assert {shlex.split(command)[2] for command in COMMANDS} == {*SAVED}
