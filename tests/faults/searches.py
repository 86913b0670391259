"""What the tests themselves measure: those of the approval, counted, and those that search, with more time."""

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.faults.score import Score, first_cases, format_share
from tests.support.paths import ROOT

EXAMPLES = 5_000  # for each property; what makes whole sites is asked for half of them
SECONDS = 120  # for each reader


def measure_mutated_sites(scratch: Path, every: int) -> Score:
    """Let Hypothesis change the files of whole sites, differently each time."""
    looking = {"HYPOTHESIS_PROFILE": "search", "HYPOTHESIS_EXAMPLES": str(max(4, EXAMPLES // every))}
    files = ("tests/whole_site/test_mutated_sites.py", "tests/content/test_never_crashes.py")
    tests = _tests(scratch, ["-nauto", *files, "-m", "hypothesis", "--hypothesis-show-statistics"], looking)
    counts = re.findall(r"([\d,]+) passing, ([\d,]+) failing", tests.said)
    examples = sum(int(count.replace(",", "")) for pair in counts for count in pair)
    return Score(
        "Hypothesis changes the files of complete sites, and of one site with everything in it",
        "mistakes with file and line, or a site that passes inspection; nothing uncaught",
        f"{examples:,} examples of {tests.count} properties, {len(tests.failed)} of these failed",
        first_cases(tests.failed or _report_empty(examples)),
    )


def measure_fuzzer(scratch: Path, every: int) -> Score:  # noqa: ARG001 - what it finds has to stay
    """Let a coverage-guided fuzzer feed the readers, each for some seconds."""
    measure = "a fuzzer that coverage steers (Atheris) feeds each reader"
    target = "mistakes that have a line; nothing uncaught"
    if not importlib.util.find_spec("atheris"):
        return Score(measure, target, "not run: Atheris is missing, which `make torture` installs on Linux")
    seconds = max(1, SECONDS // every)
    program = subprocess.run(
        [sys.executable, "benchmarks/fuzz.py"],
        cwd=ROOT, env=_environment({"FUZZ_SECONDS": str(seconds)}), capture_output=True, text=True, check=False,
    )  # fmt: skip
    readers = re.findall(r"^(\w+) +([\d,]+) executions, exit (-?\d+)", program.stdout, re.MULTILINE)
    executions = sum(int(count.replace(",", "")) for _, count, _ in readers)
    caught = [f"{reader}: exit {code}, see {program.stdout}" for reader, _, code in readers if code != "0"]
    return Score(
        measure,
        target,
        f"{executions:,} executions of {len(readers)} readers in {seconds} s each, {len(caught)} uncaught",
        first_cases(caught or _report_empty(executions)),
    )


def measure_approval(scratch: Path, every: int) -> Score:
    """Count the tests of what can be done to a repository before `build --require-signed` publishes it."""
    tests = _tests(scratch, ["tests/trust/test_approval.py"], {}, every)
    return Score(
        "situations before the gate `build --require-signed`: signatures, keys, histories, settings of the repository",
        "what was approved is published, all else refused in words, nothing run",
        format_share(tests.count - len(tests.failed), tests.count)
        + (f"; {tests.skipped} not run" if tests.skipped else ""),
        first_cases(tests.failed or _report_empty(tests.count)),
    )


@dataclass(frozen=True)
class _Tests:
    """How many tests were run, which of them failed, how many were skipped, and the output."""

    count: int
    failed: list[str]
    skipped: int
    said: str


def _tests(scratch: Path, words: list[str], variables: Mapping[str, str], every: int = 1) -> _Tests:
    """Run tests of this project, or one of `every`, in their own process."""
    command = [sys.executable, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider"]
    if every > 1:
        found = _run([*command, "--collect-only", *words], variables)
        words = [line for line in found.splitlines() if "::" in line][::every]
    report = scratch / "report.xml"
    said = _run([*command, f"--junitxml={report}", *words], variables)
    tests = list(ElementTree.parse(report).iter("testcase"))
    failed = [each for each in tests if each.find("failure") is not None or each.find("error") is not None]
    skipped = [each for each in tests if each.find("skipped") is not None]
    return _Tests(len(tests) - len(skipped), [f"{each.get('name')}: failed" for each in failed], len(skipped), said)


def _run(command: list[str], variables: Mapping[str, str]) -> str:
    environment = _environment(variables)
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False).stdout


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment, without the disk that fails on demand and without pytest's variables."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("LD_PRELOAD", "PYTEST_"))}
    return {**own, **variables}


def _report_empty(count: int) -> list[str]:
    """Report that nothing was measured: such a measure is worse than none."""
    return [] if count else ["nothing was run"]
