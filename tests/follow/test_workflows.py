"""The workflows that look at others every 15 minutes open one issue, and publish nothing."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from statusgen.cli.follow import TITLE
from tests.support import published_status as published
from tests.support.checkers import find_program
from tests.support.published_status import StatusServer, serve_status
from tests.support.telling import make_town
from tests.support.web_server import QuietHandler, serve
from tests.support.workflows import HOSTS, Runner, make_environment, read_pipeline, steps

SERVICES = """\
services: [{{id: permits, name: Permits}}]
follow:
  - id: paygov
    kind: statuspage
    from: {source}
    name: the payment company
    for: [{{component: Cards, services: [permits]}}]
"""
WORKING, DOWN = "operational", "major_outage"
MOMENT = "1796052600"  # 30 November 2026, 9:30 AM in Chicago


@pytest.fixture
def vendor(tmp_path: Path) -> Iterator[StatusServer]:
    with serve_status() as server:
        (tmp_path / "runner").mkdir()
        make_town(tmp_path / "runner" / "site", SERVICES.format(source=server.url))
        yield server


def say(vendor: StatusServer, status: str) -> None:
    document = published.statuspage({"Cards": status}, incident="Cards fail" * (status != WORKING), about=["Cards"])
    vendor.documents = {"/api/v2/summary.json": document}


def run_on_github(tmp_path: Path, titles: str = "") -> tuple[int, str, str]:
    """Run the job; return its exit code, what it asked of GitHub, and what it said."""
    folder = tmp_path / "runner"
    log = folder / "gh.log"
    log.write_text("")
    settings = {"${{ runner.temp }}/follow": str(folder / "follow"), "${{ github.token }}": "none"}
    settings["${{ github.repository }}"] = "springfield/status"
    environment = {"SOURCE_DATE_EPOCH": MOMENT, "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    gh = f'echo "$@" >>{log}; if [ "$2" = list ]; then printf "%s" "{titles}"; fi'
    runner = Runner(folder / "site", event="schedule", settings=settings, environment=environment, gh=gh)
    code = runner.run(steps(HOSTS / "github-follow.yml", "follow"))
    return code, log.read_text(), runner.output


def test_on_github_an_outage_opens_an_issue(vendor: StatusServer, tmp_path: Path) -> None:
    say(vendor, DOWN)
    code, asked, output = run_on_github(tmp_path)
    assert code == 0, output
    body = tmp_path / "runner" / "suggestions.md"
    assert f"issue create --title {TITLE} --body-file {body}\n" in asked
    assert "title: 'Permits: the payment company reports an outage'" in body.read_text()
    assert (tmp_path / "runner" / "summary.md").read_text() == body.read_text()
    assert list((tmp_path / "runner" / "site" / "incidents").iterdir()) == []


def test_on_github_one_issue_is_open_at_a_time(vendor: StatusServer, tmp_path: Path) -> None:
    say(vendor, DOWN)
    code, asked, output = run_on_github(tmp_path, f"Another\n{TITLE}")
    assert (code, "issue create" in asked) == (0, False), output
    _, asked, _ = run_on_github(tmp_path, f"{TITLE}, and more")
    assert "issue create" in asked


def test_on_github_all_well_opens_nothing(vendor: StatusServer, tmp_path: Path) -> None:
    say(vendor, WORKING)
    code, asked, output = run_on_github(tmp_path)
    assert (code, asked) == (0, ""), output


def test_on_github_a_mistake_fails_the_job(vendor: StatusServer, tmp_path: Path) -> None:
    services = tmp_path / "runner" / "site" / "services.yaml"
    services.write_text(services.read_text().replace("kind: statuspage", "kind: statuspag"))
    code, asked, output = run_on_github(tmp_path)
    assert (code, asked) == (1, "")
    assert 'Did you mean "statuspage"?' in output
    assert vendor.asked == []


def run_on_gitlab(tmp_path: Path, api: str) -> tuple[int, str]:
    """Run the job; return its exit code, and what it said."""
    folder = tmp_path / "runner"
    jobs = read_pipeline(HOSTS / "gitlab.yml")
    lines = [*jobs["default"]["before_script"], *jobs["follow"]["script"]]
    environment = make_environment(folder, pip="true") | {
        "SOURCE_DATE_EPOCH": MOMENT,
        "XDG_STATE_HOME": str(folder / "site" / ".follow"),
        "TITLE": jobs["follow"]["variables"]["TITLE"],
        "CI_API_V4_URL": api.rstrip("/"),
        "CI_PROJECT_ID": "7",
        "FOLLOW_TOKEN": "a-token",
    }
    command = [find_program("bash"), "-eo", "pipefail", "-c", "\n".join(lines)]
    ran = subprocess.run(command, cwd=folder / "site", env=environment, capture_output=True, encoding="utf-8")
    return ran.returncode, ran.stdout + ran.stderr


@pytest.mark.parametrize("is_open", [False, True])
def test_on_gitlab_one_issue_is_opened(vendor: StatusServer, tmp_path: Path, is_open: bool) -> None:
    """The stand-in keeps to https://docs.gitlab.com/api/issues/."""
    said: list[tuple[str, str | None, str]] = []

    class GitLab(QuietHandler):
        def answer(self, body: str, content: object) -> None:
            said.append((self.path, self.headers["PRIVATE-TOKEN"], body))
            sent = json.dumps(content, separators=(",", ":")).encode()
            self.send_response(200 if self.command == "GET" else 201)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def do_GET(self) -> None:  # noqa: N802 (the name that http.server looks for)
            self.answer("", [{"iid": 1, "title": TITLE}] if is_open else [])

        def do_POST(self) -> None:  # noqa: N802 (likewise)
            self.answer(self.rfile.read(int(self.headers["Content-Length"])).decode(), {"iid": 2})

    say(vendor, DOWN)
    with serve(GitLab) as api:
        code, output = run_on_gitlab(tmp_path, api)
    assert code == 0, output
    assert all(token == "a-token" for _, token, _ in said)
    assert said[0][0].startswith("/projects/7/issues?state=opened&in=title&search=Others")
    assert len(said) == (1 if is_open else 2)
    if not is_open:
        sent = parse_qs(said[1][2])
        assert sent["title"] == [TITLE]
        assert "Permits&#58; the payment company reports an outage since" in sent["description"][0]


def test_the_title_is_the_same_on_both_hosts() -> None:
    (step,) = [each for each in steps(HOSTS / "github-follow.yml", "follow") if "TITLE" in each.get("env", {})]
    assert step["env"]["TITLE"] == read_pipeline(HOSTS / "gitlab.yml")["follow"]["variables"]["TITLE"] == TITLE
