"""What a release brings is what the project says: its version, its Pythons and languages, and how it is published."""

import re
import tomllib
from datetime import date
from typing import Any

import pytest
import yaml
from packaging.version import Version

from statusgen import __version__
from statusgen.wording.interface import available_languages
from tests.support.documentation import code_blocks
from tests.support.paths import DOCS, PACKAGE, ROOT
from tests.support.workflows import assert_fits_schema

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
PAGE = DOCS / "hosts" / "upgrading.md"
WORKFLOWS = ROOT / ".github" / "workflows"
ENGLISH_NAMES = {"ar": "Arabic", "en": "English", "es": "Spanish", "fr": "French", "vi": "Vietnamese"}


def read(name: str) -> Any:
    return yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))


def classifiers(prefix: str) -> list[str]:
    return [line.removeprefix(prefix) for line in PROJECT["classifiers"] if line.startswith(prefix)]


def test_the_workflows_are_what_github_accepts() -> None:
    assert_fits_schema("github-workflows", *sorted(WORKFLOWS.glob("*.yml")))


def test_each_python_of_the_classifiers_is_tested() -> None:
    pythons = [each for each in classifiers("Programming Language :: Python :: ") if re.fullmatch(r"3\.\d+", each)]
    job = read("test.yml")["jobs"]["test"]
    assert job["strategy"]["matrix"]["python"] == pythons
    assert PROJECT["requires-python"] == f">={pythons[0]}"
    assert job["steps"][-1]["run"] == "make test PYTHON=python${{ matrix.python }}"
    page = PAGE.read_text(encoding="utf-8").partition("## Which Python")[2]
    assert [each for each in pythons if each in page] == pythons


def test_the_languages_and_types_of_the_classifiers_are_there() -> None:
    assert classifiers("Natural Language :: ") == sorted(ENGLISH_NAMES[code] for code in available_languages())
    assert "Typing :: Typed" in PROJECT["classifiers"]
    assert (PACKAGE / "py.typed").is_file()


def test_only_the_job_that_publishes_can_sign_and_runs_nothing_of_ours() -> None:
    workflow = read("release.yml")
    jobs = workflow["jobs"]
    assert workflow["permissions"] == {"contents": "read"}
    rights = {name: job["permissions"] for name, job in jobs.items() if "permissions" in job}
    assert rights == {"publish": {"id-token": "write", "attestations": "write"}, "release": {"contents": "write"}}
    assert [job.get("needs") for job in jobs.values()] == [None, "test", "build", "publish"]
    assert jobs["test"]["uses"] == "./.github/workflows/test.yml"
    assert not any("run" in step for step in jobs["publish"]["steps"])
    assert jobs["publish"]["environment"]["name"] == "pypi"
    assert "secrets." not in (WORKFLOWS / "release.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["release.yml", "test.yml"])
def test_actions_are_of_those_whom_we_trust_already_or_publish_with(name: str) -> None:
    text = (WORKFLOWS / name).read_text(encoding="utf-8")
    for action in re.findall(r"uses: (?!\./)(\S+?)/", text):
        assert action in ("actions", "pypa")
    fixed = dict(re.findall(r"uses: (\S+)@(\S+)", (ROOT / "action.yml").read_text(encoding="utf-8")))
    for action, commit in fixed.items():
        assert re.findall(rf"uses: {action}@(\S+)", text) in ([commit], [])


def test_what_the_workflow_takes_is_what_make_makes() -> None:
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\ndist: sbom\n")[2].partition("\n\n")[0]
    taken = "".join(step.get("with", {}).get("path", "") for step in read("release.yml")["jobs"]["build"]["steps"])
    assert "sha256sum *.whl *.tar.gz *.cdx.json > SHA256SUMS" in recipe
    assert set(taken.split()) == {"dist/*.whl", "dist/*.tar.gz", "dist/SHA256SUMS", "dist/statusgen.cdx.json"}


def test_the_changelog_begins_with_this_version() -> None:
    version, day = re.findall(r"^## (\S+) \((\d{4}-\d\d-\d\d)\)$", CHANGELOG, re.MULTILINE)[0]
    assert Version(version) == Version(__version__)
    assert f"`{__version__}`" in CHANGELOG
    assert str(date.fromisoformat(day)) == day


def test_the_changelog_is_short_enough_to_be_read() -> None:
    assert len(CHANGELOG.split("\n## ")[1].split()) < 1300


def test_the_page_has_no_other_commands_than_those_that_are_played() -> None:
    """They are in cli/test_upgrade.py."""
    assert sum(len(block.splitlines()) for block in code_blocks(PAGE, "bash")) == 9


def test_each_page_names_this_version() -> None:
    named = re.compile(
        r"\bstatusgen-(\d[\w.]*)-py3|\bversion (\d+\.\d[\w.]*\w)|^\| statusgen \| (\d[\w.]+) \|", re.MULTILINE
    )
    pages = [ROOT / "README.md", *(DOCS / "buyers").glob("*.md")]
    found = {(page.name, *filter(None, each)) for page in pages for each in named.findall(page.read_text("utf-8"))}
    assert len(found) > 3
    assert {version for _, version in found} == {__version__}, found
