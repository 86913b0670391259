"""What the starters run after a publication tells subscribers once, and its end says whether someone has to look."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from statusgen.cli.main import main
from statusgen.cli.remind import EXIT_REMINDERS
from statusgen.notify.git_ledger import BRANCH
from tests.support.checkers import find_program
from tests.support.git_server import PASSWORD, make_header, serve_repositories
from tests.support.mail_server import MailServer, mail_server
from tests.support.notifying import BILL, LIST, NotifyingTown, moment, shared_ledger
from tests.support.web_server import serve_folder
from tests.support.workflows import HOSTS, TOOLS, Runner, make_environment, read_pipeline, read_unit, steps

SMTP = "${{ secrets.STATUSGEN_SMTP }}"
WAIT = {
    "github.yml": "${{ needs.publish.result == 'success' && 'wait' || '' }}",
    "rebuild.yml": "${{ github.event_name == 'push' && 'wait' || '' }}",
}
PROMISE = BILL.replace("---\nWe", "next_update: 2024-05-05 08:05\n---\nWe")
STAFF = "{id: desk, kind: mail, since: 2024-05-01 00:00, staff: true, to: desk@city.example, from: status@city.example}"
LAST_WEEK, NOW = "2024-05-04 08:00", "2024-05-05 08:10"


@dataclass
class Host:
    """A host that has the town's repository, shows its page, and runs its workflow in a fresh clone each time."""

    town: NotifyingTown
    scratch: Path
    post_office: MailServer
    address: str
    origin: Path
    runs: int = 0
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def live(self) -> Path:
        """The folder that residents see."""
        return self.scratch / "live"

    def begin(self, *channels: str, settings: str = "", is_published: bool = False) -> None:
        """Lay out the town, with nothing said yet, and publish it if that matters."""
        self.town.set_up(*channels, settings=settings)
        services = self.town.folder / "services.yaml"
        services.write_text(services.read_text().replace("https://status.springfield.example/", self.address))
        shutil.copy(HOSTS / "notify.sh", self.town.folder)
        if is_published:
            self.publish(LAST_WEEK)
        self.town.share(self.origin)

    def push(self, text: str) -> None:
        """Push a post."""
        self.town.write("bill", text)
        self.town.git("add", "--all")
        self.town.git("commit", "--quiet", "--message=A post")
        self.town.git("push", "--quiet")

    def publish(self, at: str = NOW, where: Path | None = None) -> None:
        """Put what the town says now into the folder that residents see."""
        words = ["build", "--source", str(self.town.folder), "--output", str(where or self.live)]
        built = CliRunner().invoke(main, words, env={"SOURCE_DATE_EPOCH": str(int(moment(at).timestamp()))})
        assert built.exit_code == 0, built.output

    def check_out(self) -> Path:
        """Return a fresh clone, whose remote still is the folder."""
        self.runs += 1
        there = self.scratch / f"run-{self.runs}" / "clone"
        there.parent.mkdir()
        return self.town.clone(self.origin, there).folder

    def run(self, wait: str = "", smtp: str | None = None) -> tuple[int, str]:
        """Run the job `notify` of GitHub; return its exit code and what it said."""
        clone = self.check_out()
        settings = {SMTP: self.post_office.address if smtp is None else smtp, WAIT["github.yml"]: wait}
        runner = Runner(clone, settings=settings, environment=self.variables())
        make_environment(clone.parent, sleep=self._sleep())
        return runner.run(steps(HOSTS / "github.yml", "notify")), runner.output

    def run_on_gitlab(self, source: str, variables: Mapping[str, str]) -> tuple[int, str]:
        """Run the job `notify` of GitLab, on a commit and no branch; return its exit code and what it said."""
        clone = self.check_out()
        subprocess.run(["git", "-C", str(clone), "checkout", "--quiet", "--detach"], check=True)
        jobs = read_pipeline(HOSTS / "gitlab.yml")
        lines = [*jobs["default"]["before_script"], *jobs["notify"]["script"]]
        environment = make_environment(clone.parent, pip="true", sleep=self._sleep())
        environment |= {**self.variables(), "CI_PIPELINE_SOURCE": source, **variables}
        environment["STATUSGEN_SMTP"] = self.post_office.address
        command = [find_program("bash"), "-eo", "pipefail", "-c", "\n".join(lines)]
        ran = subprocess.run(command, cwd=clone, env=environment, capture_output=True, encoding="utf-8")
        return ran.returncode, ran.stdout + ran.stderr

    def variables(self) -> dict[str, str]:
        """Return the environment of each run."""
        return {"SOURCE_DATE_EPOCH": str(int(moment(NOW).timestamp())), **self.environment}

    def _sleep(self) -> str:
        """Return what stands in for `sleep`: meanwhile the host shows what it was given last."""
        later = self.scratch / "later"
        show = f'if [ "$1" != 0 ] && [ -d {later} ]; then cp -r {later}/. {self.live}; fi'
        return f'echo "$1" >>{self.scratch}/slept; {show}'


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """A host whose repository is a folder."""
    with mail_server() as post_office, serve_folder(tmp_path / "live") as address:
        yield Host(NotifyingTown(tmp_path / "town"), tmp_path, post_office, address, tmp_path / "origin.git")


@pytest.fixture
def told_host(host: Host) -> Host:
    """A host with one list, and a post that is published and that nobody was told of."""
    host.begin(LIST)
    host.push(BILL)
    host.publish()
    return host


# Who is told.


def test_a_job_tells_of_what_is_new_and_the_next_one_of_nothing(told_host: Host) -> None:
    code, said = told_host.run("wait")
    assert (code, "Sent: bill/2024-05-05-0800 to water-list." in said) == (0, True), said
    code, said = told_host.run()
    assert (code, "There is nothing to send." in said) == (0, True), said
    assert len(told_host.post_office.mails) == 1
    assert [entry.event.value for entry in shared_ledger(told_host.origin)] == ["claimed", "sent"]


def test_the_branch_of_what_was_sent_starts_no_workflow_and_no_build(told_host: Host) -> None:
    assert told_host.run()[0] == 0
    title = subprocess.run(
        ["git", "-C", str(told_host.origin), "log", "-1", "--format=%s", BRANCH],
        check=True, capture_output=True, encoding="utf-8",
    ).stdout  # fmt: skip
    # https://developers.cloudflare.com/pages/configuration/git-integration/: it has to come first.
    assert title.startswith("[skip ci] ")
    for name in WAIT:
        workflow = yaml.safe_load((HOSTS / name).read_text(encoding="utf-8"))
        assert workflow[True]["push"]["branches"] == ["main"]  # "on" is true in YAML 1.1
    for job in read_pipeline(HOSTS / "gitlab.yml")["workflow"]["rules"]:
        assert "$CI_DEFAULT_BRANCH" in job["if"] or "merge_request_event" in job["if"]


@pytest.mark.parametrize("layout", ["in .git/config", "in a file of the runner"])
def test_on_github_the_token_of_the_workflow_opens_the_repository(told_host: Host, layout: str) -> None:
    """As actions/checkout leaves it: until version 5 in .git/config, from 6 on in a file that is included."""
    certificate = told_host.scratch / "certificate"
    git(told_host.origin, "config", "http.receivepack", "true")
    with serve_repositories(told_host.scratch, certificate, "x-access-token") as server:
        told_host.environment["GIT_SSL_CAINFO"] = str(certificate)
        check_out = told_host.check_out

        def check_out_like_github() -> Path:
            clone = check_out()
            git(clone, "remote", "set-url", "origin", f"{server}origin.git")
            file = clone / ".git" / "config"
            if layout != "in .git/config":
                git(clone, "config", f"includeIf.gitdir:{clone}/.git.path", str(clone.parent / "credentials.config"))
                file = clone.parent / "credentials.config"
            header = make_header("x-access-token").replace("Basic", "basic")
            git(clone, "config", "--file", str(file), f"http.{server}.extraheader", f"AUTHORIZATION: {header}")
            return clone

        told_host.check_out = check_out_like_github  # type: ignore[method-assign] # another way to do the same
        code, said = told_host.run()
        assert (code, "Sent: " in said) == (0, True), said
        assert PASSWORD not in said
    assert len(told_host.post_office.mails) == 1
    assert len(shared_ledger(told_host.origin)) == 2


@contextmanager
def serve_by_gitlab(host: Host) -> Iterator[dict[str, str]]:
    """Serve the repository to jobs, which say by their token who they are; give what GitLab tells them."""
    certificate = host.scratch / "certificate"
    git(host.origin, "config", "http.receivepack", "true")
    with serve_repositories(host.scratch, certificate, "gitlab-ci-token") as server:
        host.environment["GIT_SSL_CAINFO"] = str(certificate)
        yield {
            "CI_JOB_TOKEN": PASSWORD,
            "CI_SERVER_PROTOCOL": "https",
            "CI_SERVER_FQDN": server.removeprefix("https://").strip("/"),
            "CI_PROJECT_PATH": "origin",
        }


def test_on_gitlab_the_token_of_the_job_opens_the_repository(told_host: Host) -> None:
    with serve_by_gitlab(told_host) as variables:
        code, said = told_host.run_on_gitlab("push", variables)
    assert (code, "Sent: " in said) == (0, True), said
    assert PASSWORD not in said
    assert len(told_host.post_office.mails) == 1


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True)


# How a job ends.


def test_what_residents_cannot_see_yet_is_waited_for(host: Host) -> None:
    host.begin(LIST, is_published=True)
    host.push(BILL)
    host.publish(where=host.scratch / "later")
    code, said = host.run(wait="wait")
    assert code == 0, said
    assert (host.scratch / "slept").read_text().split() == ["0", "20"]
    assert len(host.post_office.mails) == 1


def test_a_page_that_does_not_come_is_given_up_after_minutes(host: Host) -> None:
    host.begin(LIST, is_published=True)
    host.push(BILL)
    assert host.run(wait="wait")[0] == 4
    assert (host.scratch / "slept").read_text().split() == ["0", "20", "60", "180"]


def test_a_mail_that_is_refused_fails_the_job(told_host: Host) -> None:
    told_host.post_office.on_recipient = lambda: "451 Later"
    code, said = told_host.run()
    assert (code, "Not sent: bill/2024-05-05-0800" in said) == (4, True), said
    assert (told_host.scratch / "slept").read_text().split() == ["0"]


def test_a_missing_secret_fails_the_job(told_host: Host) -> None:
    code, said = told_host.run(smtp="")
    assert (code, "STATUSGEN_SMTP" in said) == (1, True), said


def test_a_mistake_fails_the_job(told_host: Host) -> None:
    told_host.push(BILL.replace("down", "dwon"))
    code, said = told_host.run()
    assert (code, "dwon" in said) == (1, True), said


def test_a_mirror_that_is_gone_fails_the_job_and_keeps_nobody_from_being_told(told_host: Host) -> None:
    services = told_host.town.folder / "services.yaml"
    places = "publish:\n  - {id: main, to: 'file:///srv/status'}\n"
    gone = f"  - {{id: spare, to: 'file:///srv/spare', url: {told_host.address}gone/}}\n"
    services.write_text(f"{services.read_text()}{places}{gone}")
    told_host.push(BILL)
    code, said = told_host.run()
    assert code == 4
    assert f"{told_host.address}gone/ cannot be judged" in said
    assert len(told_host.post_office.mails) == 1


def test_what_staff_have_to_do_fails_no_job(host: Host) -> None:
    host.begin(LIST)
    host.push(PROMISE)
    host.publish()
    code, said = host.run()
    assert (code, "::warning::Staff have something to do" in said) == (0, True), said
    with serve_by_gitlab(host) as variables:
        code, said = host.run_on_gitlab("schedule", variables)
    job = read_pipeline(HOSTS / "gitlab.yml")["notify"]
    assert code in job["allow_failure"]["exit_codes"], said


def test_staff_are_told_by_their_channel(host: Host) -> None:
    host.begin(LIST, STAFF)
    host.push(PROMISE)
    host.publish()
    code, said = host.run()
    assert (code, "::warning::" in said) == (0, False), said
    assert sorted(mail["To"] for mail in host.post_office.mails) == [
        "desk@city.example",
        "water@lists.springfield.example",
    ]


def test_where_github_only_rebuilds_the_job_is_the_same() -> None:
    first, second = (str(steps(HOSTS / name, "notify")).replace(wait, "") for name, wait in WAIT.items())
    assert first == second


def test_only_the_job_that_tells_may_write_and_only_its_last_step_has_secrets() -> None:
    for name in WAIT:
        text = (HOSTS / name).read_text(encoding="utf-8")
        workflow = yaml.safe_load(text)
        writers = [
            job for job, told in workflow["jobs"].items() if told.get("permissions", {}).get("contents") == "write"
        ]
        assert writers == ["notify"]
        assert workflow["jobs"]["notify"]["permissions"] == {"contents": "write"}
        assert {*workflow["permissions"].values()} <= {"read"}
        assert "vars.NOTIFY == 'yes'" in workflow["jobs"]["notify"]["if"]
        *others, last = steps(HOSTS / name, "notify")
        assert "secrets." not in str(others)
        assert SMTP in str(last)


# A server of one's own.


@pytest.fixture
def server(told_host: Host) -> Path:
    """The folder of a user whose server publishes the town: `site`, and beside it what opens its channels."""
    home = told_host.scratch / "home"
    home.mkdir()
    folder = told_host.town.clone(told_host.origin, home / "site").folder
    for name in ("statusgen.service", "server.md"):
        shutil.copy(HOSTS / name, home)
    (home / "statusgen.env").write_text(f"# By mail.\nSTATUSGEN_SMTP='{told_host.post_office.address}'\n")
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "statusgen").symlink_to(TOOLS / "statusgen")
    return home


def run_line(line: str, host: Host, home: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """Run a line of a unit or of crontab in the folder of the site."""
    there = {"https://status.example.org/": host.address, "/home/status": str(home)}
    for path, ours in there.items():
        line = line.replace(path, ours)
    variables = {**make_environment(home, logger=f"cat >>{home}/log"), **host.variables(), **environment}
    ran = subprocess.run(["sh", "-c", line], cwd=home / "site", env=variables, capture_output=True, encoding="utf-8")
    return ran.returncode, ran.stdout + ran.stderr


def test_on_a_server_the_service_tells_whatever_came_of_the_publication(told_host: Host, server: Path) -> None:
    service = read_unit(server / "statusgen.service")["Service"]
    [file] = service["EnvironmentFile"]
    secrets = (server / Path(file.removeprefix("-")).name).read_text()
    [secret] = re.findall(r"(?m)^(STATUSGEN_SMTP)='(.*)'$", secrets)
    assert "--mode 600" in (server / "statusgen.service").read_text()
    for expected in ("Sent: bill/2024-05-05-0800", "There is nothing to send."):
        said = ""
        for line in service["ExecStopPost"]:
            assert line.startswith("-"), "a failure keeps nothing else from being run"
            code, words = run_line(line.removeprefix("-"), told_host, server, dict([secret]))
            assert code in (0, EXIT_REMINDERS), words
            said += words
        assert expected in said
    assert len(told_host.post_office.mails) == 1


def test_on_a_server_cron_does_the_same_and_the_log_has_it(told_host: Host, server: Path) -> None:
    [line] = re.findall(r"(?m)^2-59/5 \* \* \* \* (.*)$", (server / "server.md").read_text())
    assert run_line(line, told_host, server, {}) == (0, "")
    assert run_line(line, told_host, server, {}) == (0, "")
    assert "Sent: bill/2024-05-05-0800" in (server / "log").read_text()
    assert len(told_host.post_office.mails) == 1


def test_on_a_server_nobody_is_told_of_what_was_built_and_did_not_arrive(told_host: Host, server: Path) -> None:
    told_host.push(f"{BILL}\n## 2024-05-05 08:08 identified\n\nIt is a cable.\n")
    git(server / "site", "pull", "--quiet")
    told_host.publish(where=server / "site" / "site")
    notify, _ = read_unit(server / "statusgen.service")["Service"]["ExecStopPost"]
    environment = {"STATUSGEN_SMTP": told_host.post_office.address}
    code, said = run_line(notify.removeprefix("-"), told_host, server, environment)
    assert (code, "bill/2024-05-05-0808 to water-list: it waits until residents can see it" in said) == (4, True), said
