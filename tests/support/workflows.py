"""What runs the workflows and units that `statusgen init` lays out: GitHub's runner, and what systemd is told."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from statusgen import scaffold
from tests.support.checkers import find_program
from tests.support.paths import ROOT

TOOLS = Path(sys.executable).parent
HOSTS = scaffold.STARTER_FOLDER / "hosts"


def assert_fits_schema(schema: str, *files: Path) -> None:
    """Validate files by the schema that the host itself publishes."""
    command = [str(TOOLS / "check-jsonschema"), "--builtin-schema", f"vendor.{schema}", *map(str, files)]
    subprocess.run(command, check=True, capture_output=True)


@dataclass
class Runner:
    """Runs the steps of a job in a folder as GitHub's own runner does, except the actions, which only GitHub has."""

    folder: Path
    event: str = "push"
    page: str = "http://127.0.0.1:1/"
    gh: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    output: str = ""
    actions: list[str] = field(default_factory=list)

    def run(self, steps: list[dict[str, Any]]) -> int:
        """Run them until one fails; return the exit code of the last."""
        for step in steps:
            if not self.holds(step.get("if", "true")):
                continue
            if "uses" in step:
                self.actions.append(step["uses"].partition("@")[0])
            elif code := self.bash(step):
                return code
        return 0

    def holds(self, condition: str) -> bool:
        """Return whether a condition is met, of the few forms in our workflows."""
        for part in condition.split(" || "):
            if part == "true":
                return True
            name, operator, value = part.split()
            known = {"github.event_name": self.event, "steps.due.outputs.publish": self.outputs.get("publish", "")}
            if (known[name] == value.strip("'")) == (operator == "=="):
                return True
        return False

    def bash(self, step: Mapping[str, Any]) -> int:
        told = self.folder.parent / "outputs"
        told.write_text("")
        values = {key: self.settings.get(str(value), str(value)) for key, value in step.get("env", {}).items()}
        gh = self.gh or f"echo {self.page}"
        environment = {
            **make_environment(self.folder.parent, gh=gh, pip='echo "$@" >>"$(dirname "$0")/pip.log"'),
            **self.environment,
            **values,
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_EVENT_NAME": self.event,
            "GITHUB_OUTPUT": str(told),
            "GITHUB_REPOSITORY": "springfield/status",
            "RUNNER_TEMP": str(self.folder.parent),
        }
        # https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax, "shell: bash"
        command = [find_program("bash"), "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        ran = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, encoding="utf-8")
        self.output += ran.stdout + ran.stderr
        self.outputs |= dict(line.split("=", 1) for line in told.read_text().splitlines())
        return ran.returncode


def make_environment(folder: Path, **stubs: str) -> dict[str, str]:
    """Return an environment with our statusgen, and with stubs for programs that only a host has."""
    bin = folder / "bin"
    bin.mkdir(exist_ok=True)
    for name, script in stubs.items():
        (bin / name).write_text(f"#!/bin/sh\n{script}\n")
        (bin / name).chmod(0o755)
    path = os.pathsep.join([str(bin), str(TOOLS), os.environ["PATH"]])
    return {"PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(folder), "LC_ALL": "C.UTF-8"}


def steps(path: Path, job: str) -> list[dict[str, Any]]:
    """Return the steps of one job of a workflow."""
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"][job]["steps"]
    return found


def read_pipeline(path: Path, **typed: str) -> dict[str, Any]:
    """Return the jobs of a pipeline as GitLab makes them of what someone typed into its form; raises ValueError.

    The answers take the place of their names in the text of the file before that is read
    (gitlab-org/gitlab, lib/gitlab/ci/config/interpolation/text_template.rb).
    """
    header, _, text = path.read_text(encoding="utf-8").partition("\n---\n")
    inputs = yaml.safe_load(header)["spec"]["inputs"]
    answers = {name: typed.get(name, told["default"]) for name, told in inputs.items()}
    for name, told in inputs.items():
        pattern = re.sub(r"\\x\{([0-9a-f]+)\}", lambda found: f"\\u{int(found[1], 16):04x}", told.get("regex", ""))
        pattern = pattern.replace("[:cntrl:]", r"\x00-\x1f\x7f").replace(r"\z", r"\Z")  # RE2's words in Python's
        if answers[name] not in told.get("options", [answers[name]]) or not re.search(pattern, answers[name]):
            raise ValueError(f"{name} does not take {answers[name]!r}")
    text = re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda found: answers[found[1]], text)
    jobs: dict[str, Any] = yaml.safe_load(text)
    return jobs


def read_unit(path: Path) -> dict[str, dict[str, list[str]]]:
    """Return what a file says to systemd: of each section, the values of each key, in order."""
    found: dict[str, dict[str, list[str]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            section.setdefault(key, []).append(value)
    return found
