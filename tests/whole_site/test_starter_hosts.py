"""What publishes a new site on each host works: the steps of the workflows run here, in the shell of the hosts."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import yaml

from statusgen import scaffold
from tests.support.checkers import find_program
from tests.support.paths import ROOT
from tests.support.publications import CATALOG_IS_DOWN
from tests.support.web_server import QuietHandler, serve, serve_folder
from tests.support.workflows import (
    HOSTS,
    TOOLS,
    Runner,
    assert_fits_schema,
    make_environment,
    read_pipeline,
    read_unit,
    steps,
)

SERVICES = """\
site: {title: Springfield, url: "https://springfield.example/", timezone: America/Chicago}
services:
  - id: catalog
    name: Catalog
"""


WORKFLOWS = [HOSTS / name for name in ("github.yml", "github-post.yml", "github-follow.yml", "rebuild.yml")]


def test_workflows_are_what_their_hosts_accept(tmp_path: Path) -> None:
    assert_fits_schema("github-workflows", *WORKFLOWS)
    assert_fits_schema("github-actions", ROOT / "action.yml")
    header, jobs = yaml.safe_load_all((HOSTS / "gitlab.yml").read_text(encoding="utf-8"))
    (tmp_path / "gitlab.yml").write_text(yaml.safe_dump({**header, **jobs}))
    assert_fits_schema("gitlab-ci", tmp_path / "gitlab.yml")


def test_a_workflow_with_a_slip_is_not_accepted(tmp_path: Path) -> None:
    slip = tmp_path / "slip.yml"
    slip.write_text((HOSTS / "github.yml").read_text().replace("runs-on:", "run-on:"))
    with pytest.raises(subprocess.CalledProcessError):
        assert_fits_schema("github-workflows", slip)


def test_actions_are_fixed_by_commit_and_everywhere_the_same() -> None:
    fixed: dict[str, str] = {}
    for path in (*WORKFLOWS, ROOT / "action.yml"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if found := re.match(r"\s*(?:- )?uses: (\S+)@(.*)", line):
                assert re.fullmatch(r"[0-9a-f]{40} # v\d+\.\d+\.\d+", found[2]), line
                assert fixed.setdefault(found[1], found[2]) == found[2]
    assert set(fixed) == {
        "actions/cache",
        "actions/checkout",
        "actions/setup-python",
        "actions/upload-pages-artifact",
        "actions/deploy-pages",
    }


def test_no_step_pastes_what_strangers_write_into_its_script() -> None:
    for path in (*WORKFLOWS, ROOT / "action.yml"):
        text = path.read_text(encoding="utf-8")
        for script in re.findall(r"run: (?:\|\n((?:\s{10,}.*\n|\n)+)|(.*))", text):
            assert "${{" not in "".join(script), path


# GitHub.


BUILD = steps(HOSTS / "github.yml", "build")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A new site with what each host needs, and a single service, so that it builds quickly."""
    files = scaffold.make_files("library", [*scaffold.HOSTS], "statusgen==0.1.0")
    scaffold.write_files({**files, "services.yaml": SERVICES.encode()}, tmp_path / "page")
    return tmp_path / "page"


@pytest.fixture
def publish_status(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Publishes a status.json with these times; the address of its page."""
    with serve_folder(tmp_path / "published") as address:

        def publish(**times: datetime | None) -> str:
            (tmp_path / "published").mkdir(exist_ok=True)
            told = {name: time.isoformat() if time else None for name, time in times.items()}
            (tmp_path / "published" / "status.json").write_text(json.dumps(told))
            return address

        yield publish


NOW = datetime.now(UTC).astimezone()
HOUR = timedelta(hours=1)


def test_on_github_what_is_pushed_is_checked_built_and_handed_over(site: Path) -> None:
    runner = Runner(site, settings={"${{ github.token }}": "none"})
    assert runner.run(BUILD) == 0, runner.output
    assert runner.outputs["publish"] == "yes"
    assert runner.actions == ["actions/checkout", "actions/setup-python", "actions/upload-pages-artifact"]
    assert (site / "site" / "index.html").exists()
    assert not (site / "site" / "_headers").exists()
    assert "--requirement requirements.txt" in (site.parent / "bin" / "pip.log").read_text()
    data = json.loads((site / "site" / "status.json").read_text())
    assert {"at", "next_change"} <= data.keys(), "the schedule asks for both"
    assert datetime.fromisoformat(data["at"]).tzinfo


def test_on_github_a_pull_request_is_checked_and_not_published(site: Path) -> None:
    runner = Runner(site, "pull_request")
    assert runner.run(BUILD) == 0, runner.output
    assert runner.outputs["publish"] == "no"
    assert "actions/upload-pages-artifact" not in runner.actions
    (site / "services.yaml").write_text((site / "services.yaml").read_text() + "    chanels: []\n")
    broken = Runner(site, "pull_request")
    assert broken.run(BUILD) == 1
    assert re.search(r"^::error file=services.yaml,line=\d+::", broken.output, re.MULTILINE), broken.output


DUE = pytest.mark.parametrize(
    ("times", "publish"),
    [
        ({"at": NOW, "next_change": NOW + HOUR}, "no"),
        ({"at": NOW, "next_change": None}, "no"),
        ({"at": NOW - HOUR / 2, "next_change": NOW - HOUR / 60}, "yes"),
        ({"at": NOW - HOUR, "next_change": None}, "yes"),
        (None, "yes"),
    ],
    ids=["nothing is due", "nothing will be", "a change is due", "the page is old", "there is no page"],
)


@DUE
def test_on_github_the_schedule_publishes_only_what_is_due(
    times: dict[str, datetime | None] | None, publish: str, site: Path, publish_status: Callable[..., str]
) -> None:
    runner = Runner(site, "schedule", publish_status(**times) if times else Runner.page)
    due, *others = BUILD
    assert runner.run([due]) == 0, runner.output
    assert runner.outputs["publish"] == publish
    wanted = [step["name"] for step in others if runner.holds(step.get("if", "true"))]
    assert wanted == ([step["name"] for step in others if step["name"] != "Check"] if publish == "yes" else [])


# Netlify and Cloudflare Pages.


@pytest.fixture
def hook() -> Iterator[tuple[str, list[str]]]:
    """The address of a build hook, and how it was called."""
    calls: list[str] = []

    class Hook(QuietHandler, BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            calls.append(f"{self.command} {self.path}")
            self.send_response(200)
            self.end_headers()

    with serve(Hook) as address:
        yield f"{address}hook", calls


def run_rebuild(folder: Path, page: str, hook: str) -> tuple[int, str]:
    folder.mkdir()
    settings = {"${{ vars.PAGE }}": page, "${{ secrets.BUILD_HOOK }}": hook}
    runner = Runner(folder, "schedule", settings=settings)
    return runner.run(steps(HOSTS / "rebuild.yml", "rebuild")), runner.output


@pytest.mark.parametrize(("change", "called"), [(NOW + HOUR, 0), (None, 0), (NOW - HOUR / 60, 1)])
def test_other_hosts_are_asked_to_build_only_when_a_change_is_due(
    change: datetime | None,
    called: int,
    tmp_path: Path,
    publish_status: Callable[..., str],
    hook: tuple[str, list[str]],
) -> None:
    address, calls = hook
    code, said = run_rebuild(tmp_path / "runner", publish_status(at=NOW, next_change=change), address)
    assert code == 0, said
    assert calls == ["POST /hook"] * called
    assert address not in said


def test_other_hosts_tell_when_the_page_cannot_be_reached_and_when_nothing_is_set_up(
    tmp_path: Path, hook: tuple[str, list[str]]
) -> None:
    code, _ = run_rebuild(tmp_path / "gone", "http://127.0.0.1:1/", hook[0])
    assert code != 0
    code, said = run_rebuild(tmp_path / "new", "", "")
    assert code == 0
    assert said.startswith("::warning::")
    assert hook[1] == []


# GitLab.


def test_on_gitlab_what_is_pushed_is_built_and_a_merge_request_gets_a_report(site: Path) -> None:
    jobs = read_pipeline(site / ".gitlab-ci.yml")
    environment = make_environment(site.parent, pip="true")

    def run(*lines: str) -> int:
        command = [find_program("bash"), "-eo", "pipefail", "-c", "\n".join(lines)]
        return subprocess.run(command, cwd=site, env=environment, capture_output=True).returncode

    before = jobs["default"]["before_script"]
    assert run(*jobs["pages"]["before_script"], *jobs["pages"]["script"]) == 0
    assert jobs["pages"]["artifacts"]["paths"] == ["public"]
    assert (site / "public" / "index.html").exists()
    assert not (site / "public" / ".statusgen").exists()

    shutil.rmtree(site / "public")
    (site / "services.yaml").write_text((site / "services.yaml").read_text() + "    chanels: []\n")
    assert run(*before, *jobs["check"]["script"]) == 1
    assert run(*jobs["check"]["after_script"]) == 0
    [finding] = json.loads((site / jobs["check"]["artifacts"]["reports"]["codequality"]).read_text())
    assert finding["location"]["path"] == "services.yaml"


@DUE
def test_on_gitlab_the_schedule_publishes_only_what_is_due(
    times: dict[str, datetime | None] | None, publish: str, site: Path, publish_status: Callable[..., str]
) -> None:
    pages = read_pipeline(site / ".gitlab-ci.yml")["pages"]
    environment = make_environment(site.parent, pip="true")
    environment |= {"CI_PIPELINE_SOURCE": "schedule"}
    environment["CI_PAGES_URL"] = publish_status(**times) if times else "http://127.0.0.1:9"
    command = [find_program("bash"), "-eo", "pipefail", "-c", "\n".join([*pages["before_script"], *pages["script"]])]
    ran = subprocess.run(command, cwd=site, env=environment, capture_output=True, encoding="utf-8")
    assert (ran.returncode in pages["allow_failure"]["exit_codes"]) == (publish == "no"), ran.stderr
    assert (site / "public").exists() == (publish == "yes")


# A web server of one's own.


@pytest.fixture
def server(site: Path, tmp_path: Path) -> Iterator[Callable[[Path], subprocess.CompletedProcess[str]]]:
    """Runs what the service, or the line for cron, runs; its site is served from `srv` as `publish` asks for it."""
    (site / ".venv" / "bin").mkdir(parents=True)
    (site / ".venv" / "bin" / "statusgen").symlink_to(TOOLS / "statusgen")
    with serve_folder(tmp_path / "srv" / "current") as address:
        (site / "services.yaml").write_text(SERVICES.replace("https://springfield.example/", address))

        def run(folder: Path, line: str = "") -> subprocess.CompletedProcess[str]:
            unit = read_unit(folder / "statusgen.service")["Service"]
            line = line or f"cd {unit['WorkingDirectory'][0]} && {unit['ExecStart'][0]}"
            line = line.replace("ssh://status@web.example.org/srv/status", f"file://{tmp_path}/srv")
            line = line.replace("cd /home/status/site", f"cd {folder}").replace("/home/status/site", str(site))
            environment = {**make_environment(tmp_path), "GIT_CONFIG_GLOBAL": os.devnull}
            return subprocess.run(["sh", "-c", line], env=environment, capture_output=True, encoding="utf-8")

        yield run


def test_on_a_server_of_ones_own_the_service_publishes_and_cron_does_the_same(
    site: Path, tmp_path: Path, server: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    ran = server(site)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    shown = tmp_path / "srv" / "current"
    there = {path.relative_to(shown) for path in shown.rglob("*") if path.is_file()}
    made = {path.relative_to(site / "site") for path in (site / "site").rglob("*") if path.is_file()}
    assert made - there == {Path(".statusgen"), Path("_headers")}
    assert there - made == {Path("statusgen-publish.json")}
    before = shown.resolve()
    (site / "incidents" / "2024-05-05-catalog.md").write_text(CATALOG_IS_DOWN)  # else both could be of one second
    [line] = re.findall(r"^\*/5 \* \* \* \* (cd .*)$", (site / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    ran = server(site, line)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert shown.resolve() != before


def test_on_a_server_of_ones_own_a_mistake_leaves_the_page_as_it_was(
    site: Path, tmp_path: Path, server: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    assert server(site).returncode == 0
    before = (tmp_path / "srv" / "current").resolve()
    (site / "services.yaml").write_text("services: [")
    assert server(site).returncode != 0
    assert (tmp_path / "srv" / "current").resolve() == before


def test_systemd_takes_the_service_and_the_timer(site: Path, tmp_path: Path) -> None:
    assert read_unit(site / "statusgen.timer")["Timer"]["OnCalendar"] == ["*:0/5"]
    for name in ("statusgen.service", "statusgen.timer"):
        text = (site / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("/home/status/site/.venv/bin/statusgen", str(TOOLS / "statusgen")))
    units = [str(tmp_path / "statusgen.service"), str(tmp_path / "statusgen.timer")]
    command = [find_program("systemd-analyze"), "verify", *units]
    judged = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert (judged.returncode, judged.stderr) == (0, "")


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@springfield.example"]
    command = [find_program("git"), *identity, "-C", str(folder), *words]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(command, env=environment, check=True, capture_output=True, encoding="utf-8").stdout


def test_on_a_server_of_ones_own_what_colleagues_pushed_is_published(
    site: Path, tmp_path: Path, server: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    git(site, "init", "--quiet", "--initial-branch", "main")
    git(site, "add", "--all")
    git(site, "commit", "--quiet", "--message", "Begin")
    git(tmp_path, "clone", "--quiet", "--bare", str(site), "central.git")
    git(tmp_path, "clone", "--quiet", "central.git", "server")
    (site / "incidents" / "2024-05-05-catalog.md").write_text(CATALOG_IS_DOWN)
    git(site, "add", "--all")
    git(site, "commit", "--quiet", "--message", "The catalog is down")
    git(site, "push", "--quiet", str(tmp_path / "central.git"), "main")
    ran = server(tmp_path / "server")
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "srv" / "current" / "incidents" / "2024-05-05-catalog" / "index.html").exists()


# For other repositories.


def test_the_action_checks_builds_and_tells_when_the_page_next_changes(site: Path) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    settings = {f"${{{{ inputs.{name} }}}}": told["default"] for name, told in action["inputs"].items()}
    runner = Runner(site, settings=settings)
    assert runner.run(action["runs"]["steps"]) == 0, runner.output
    assert runner.actions == ["actions/setup-python"]
    assert runner.outputs["folder"] == "site"
    told = json.loads((site / "site" / "status.json").read_text())["next_change"] or ""
    assert runner.outputs["next-change"] == told
    late = "---\ntitle: Late\nstarted: 2024-05-05\nservices: {catalog: down}\n---\nCall us.\n"
    (site / "incidents" / "2024-05-05-late.md").write_text(late)
    assert Runner(site, settings=settings).run(action["runs"]["steps"]) == 0
    strict = Runner(site, settings={**settings, "${{ inputs.strict }}": "true"})
    assert strict.run(action["runs"]["steps"]) == 1
    assert "::warning file=incidents/2024-05-05-late.md" in strict.output


def test_a_commit_is_checked_before_it_is_made(site: Path) -> None:
    git(site, "init", "--quiet")
    git(site, "add", "--all")
    environment = {**make_environment(site.parent), "PREK_HOME": str(site.parent / "prek")}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [str(TOOLS / "prek"), *words]
        return subprocess.run(command, cwd=site, env=environment, capture_output=True, encoding="utf-8")

    assert run("validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")).returncode == 0
    assert run("run", "--all-files").returncode == 0
    (site / "services.yaml").write_text((site / "services.yaml").read_text() + "    chanels: []\n")
    git(site, "add", "--all")
    failed = run("run")
    assert failed.returncode == 1
    assert 'Did you mean "channels"?' in failed.stdout


def test_the_hook_for_other_repositories_is_the_one_that_new_sites_have() -> None:
    [offered] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    text = (scaffold.STARTER_FOLDER / "common" / "pre-commit-config.yaml").read_text(encoding="utf-8")
    [laid_out] = yaml.safe_load(text)["repos"][0]["hooks"]
    for key in ("id", "entry", "files", "pass_filenames"):
        assert offered[key] == laid_out[key]
    assert re.match(offered["files"], "incidents/2024-05-05-network.md")
    assert re.match(offered["files"], "services.yaml")
    assert not re.match(offered["files"], "README.md")
