"""The problems that `check` finds, in the format of each program that reads them."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cli.main import main
from statusgen.cli.problem_formats import FORMATS
from tests.support.checkers import find_program
from tests.support.paths import NODE_MODULES
from tests.support.sample_sites import make_city

POST = """\
---
title: It is down, 100% of it
started: 2024-05-05 08:00
services: {trash: down}
---
It will be back as soon as possible.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_city(tmp_path, "  - name: Trash\n", POST).folder


def check_in_format(folder: Path, form: str, *more: str, code: int = 0) -> str:
    result = CliRunner().invoke(
        main, ["check", "--source", str(folder), "--at", "2024-05-05 12:00", "--format", form, *more]
    )
    assert result.exit_code == code, result.output
    return result.stdout


def test_people_read_lines_that_name_the_rule(folder: Path) -> None:
    lines = check_in_format(folder, "text").splitlines()
    assert lines[-3].startswith('incidents/post-1.md:6: advice: "as soon as possible" tells people nothing')
    assert lines[-3].endswith("[empty-words]")
    assert "silence:" in lines[-2]
    assert lines[-1] == "Mistakes: 0. Advice: 4."


def test_strict_fails_on_advice(folder: Path) -> None:
    check_in_format(folder, "text", "--strict", code=1)


def test_github_annotates_lines(folder: Path) -> None:
    for line in check_in_format(folder, "github").splitlines():
        assert re.fullmatch(r"::warning file=incidents/post-1\.md,line=\d+,title=[a-z-]+::[^\n]+", line)


def test_gitlab_gets_its_fields(folder: Path) -> None:
    report = json.loads(check_in_format(folder, "gitlab"))
    assert len(report) == 4
    for finding in report:
        assert set(finding) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert finding["severity"] == "minor"
        assert finding["location"]["lines"]["begin"] >= 1
    assert len({finding["fingerprint"] for finding in report}) == 4


def test_a_finding_keeps_its_fingerprint_when_lines_move(folder: Path) -> None:
    before = {finding["fingerprint"] for finding in json.loads(check_in_format(folder, "gitlab"))}
    (folder / "incidents" / "post-1.md").write_text(POST.replace("started:", "# a note\nstarted:"), encoding="utf-8")
    assert {finding["fingerprint"] for finding in json.loads(check_in_format(folder, "gitlab"))} == before


def test_sarif_is_what_its_types_say(folder: Path, tmp_path: Path) -> None:
    log = check_in_format(folder, "sarif")
    program_text = f'import type {{ Log }} from "sarif";\nexport const log: Log = {log};\n'
    # TypeScript finds the types where they are installed, so the file has to lie there too.
    file = NODE_MODULES.parent / f"sarif-{tmp_path.name}.ts"
    file.write_text(program_text, encoding="utf-8")
    try:
        options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "node16", "--moduleResolution", "node16"]
        tsc = NODE_MODULES / "typescript" / "bin" / "tsc"
        checked = subprocess.run(
            [find_program("node"), str(tsc), *options, "--types", "sarif", file.name],
            capture_output=True,
            text=True,
            cwd=file.parent,
        )
    finally:
        file.unlink()
    assert checked.returncode == 0, checked.stdout
    results = json.loads(log)["runs"][0]["results"]
    assert {result["ruleId"] for result in results} == {"no-promise", "not-known", "nothing-to-do", "empty-words"}


def test_programs_read_json(folder: Path) -> None:
    rows = json.loads(check_in_format(folder, "json"))
    assert {row["rule"] for row in rows} == {"no-promise", "not-known", "nothing-to-do", "empty-words"}
    assert {row["kind"] for row in rows} == {"advice"}


@pytest.mark.parametrize("form", FORMATS)
def test_mistakes_are_told_in_every_form(form: str, folder: Path) -> None:
    (folder / "incidents" / "post-2.md").write_text("---\ntitle: A\n---\n", encoding="utf-8")
    assert "started" in check_in_format(folder, form, code=1)


def test_the_rules_tell_why_they_are_there() -> None:
    result = CliRunner().invoke(main, ["check", "--rules"])
    assert "no-promise: People who know when to look again do not have to call." in result.output
