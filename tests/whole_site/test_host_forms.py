"""The forms that hosts show on a phone: what is typed is written, checked and shared, and nothing of it ever runs."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import markdown
import pytest
import yaml
from click.testing import CliRunner
from lxml import html

from statusgen import scaffold
from statusgen.cli.main import main
from statusgen.cli.read_form import CHOOSE, FIELDS, NEW, NEWS, ONLY_PUBLISH, OVER
from statusgen.forms import NOT_SAID
from statusgen.model.statuses import WRITTEN_STATUSES
from tests.support.checkers import find_program
from tests.support.git_server import PASSWORD, serve_repositories
from tests.support.notifying import moment
from tests.support.two_laptops import clean_environment
from tests.support.workflows import HOSTS, Runner, make_environment, read_pipeline, steps

SERVICES = """\
site: {title: Springfield, url: "https://status.springfield.example/", timezone: America/Chicago}
groups:
  - {id: bills, name: Bills}
services:
  - {id: water-bill, name: Pay a water bill, group: bills, channels: [{kind: online}, {kind: phone}]}
  - {id: trash, name: Trash}
  - {id: permits, name: Permits, channels: [{kind: online}]}
"""
NOW = "2024-05-05 09:40"
WRITE = "Write it, check it and share it"
PROBLEM = {
    "what": NEW,
    "happened": "Water bills cannot be paid online",
    "service": "Pay a water bill: online",
    "status": "down (not available)",
    "since": "8:00",
    "do": "Pay at the counter, 12 Main Street.",
    "next": "16:00",
    "text": "The bank is looking into it.",
}
SENTENCE = "The page says: "


@dataclass
class Host:
    """A host with the repository of a city; each form that is sent is written in a fresh clone of it."""

    folder: Path
    sent: int = 0

    @property
    def origin(self) -> Path:
        """The repository that everybody shares."""
        return self.folder / "origin.git"

    def git(self, *words: str, folder: Path | None = None) -> str:
        command = ["git", "-C", str(folder or self.origin), *words]
        return subprocess.run(command, env=clean_environment(), check=True, capture_output=True, text=True).stdout

    def clone(self) -> Path:
        self.sent += 1
        there = self.folder / f"run-{self.sent}" / "clone"
        there.parent.mkdir()
        self.git("clone", "--quiet", str(self.origin), str(there), folder=self.folder)
        return there

    def send(self, typed: Mapping[str, str], clone: Path | None = None, at: str = NOW) -> "Run":
        """Send GitHub's form, with what a person typed and every other field as it was."""
        clone = clone or self.clone()
        inputs = yaml.safe_load((HOSTS / "github-post.yml").read_text())[True]["workflow_dispatch"]["inputs"]
        untouched = {name: told.get("options", [""])[0] for name, told in inputs.items()}
        settings = {f"${{{{ inputs.{name} }}}}": words for name, words in {**untouched, **typed}.items()}
        summary = clone.parent / "summary.md"
        environment = {
            **environment_at(at),
            "GITHUB_REF": "refs/heads/main",
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_ACTOR": "ada-quimby",
            "GITHUB_ACTOR_ID": "7",
        }
        runner = Runner(clone, "workflow_dispatch", settings=settings, environment=environment)
        code = runner.run(steps(HOSTS / "github-post.yml", "write"))
        return Run(code, runner.output, summary.read_text() if summary.exists() else "", clone)

    def commit(self, file: str, text: str) -> None:
        """Have a colleague change a file."""
        there = self.clone()
        (there / file).write_text(text)
        self.git("add", "--all", folder=there)
        who = ("-c", "user.name=Bob", "-c", "user.email=bob@springfield.example")
        self.git(*who, "commit", "--quiet", "--message=By hand", folder=there)
        self.git("push", "--quiet", folder=there)

    def posts(self) -> dict[str, str]:
        """Return the posts that everybody has, by their names."""
        names = self.git("ls-tree", "-z", "-r", "--name-only", "main", "incidents").split("\0")
        return {Path(name).stem: self.git("show", f"main:{name}") for name in names if name.endswith(".md")}


@dataclass(frozen=True)
class Run:
    """How a run ended: its exit code, its log, and its summary in Markdown."""

    code: int
    log: str
    summary: str
    clone: Path

    @property
    def shown(self) -> str:
        """What the host shows of the summary, as HTML."""
        return markdown.markdown(self.summary, extensions=["extra"])

    @property
    def words(self) -> str:
        """What a person reads in the summary."""
        return str(html.fromstring(f"<div>{self.shown}</div>").text_content())


def environment_at(at: str) -> dict[str, str]:
    return {"SOURCE_DATE_EPOCH": str(int(moment(at).timestamp()))}


@pytest.fixture
def host(tmp_path: Path) -> Host:
    first = tmp_path / "first"
    scaffold.write_files(scaffold.make_files("library", ["github", "gitlab"], "statusgen==0.1.0"), first)
    (first / "services.yaml").write_text(SERVICES)
    assert CliRunner().invoke(main, ["forms", "--source", str(first)]).exit_code == 0
    host = Host(tmp_path)
    host.git("init", "--quiet", "--initial-branch=main", folder=first)
    host.git("add", "--all", folder=first)
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@springfield.example")
    host.git(*who, "commit", "--quiet", "--message=Begin", folder=first)
    host.git("clone", "--quiet", "--bare", str(first), str(host.origin), folder=tmp_path)
    return host


# What is sent.


def test_a_new_problem_is_written_as_by_the_command_and_shared_in_the_name_of_the_person(host: Host) -> None:
    run = host.send(PROBLEM)
    assert run.code == 0, run.log
    copy = host.clone()
    host.git("reset", "--quiet", "--hard", "HEAD~1", folder=copy)
    flags = ["--title", PROBLEM["happened"], "--since", "8:00", "--service", "water-bill/online=down"]
    flags += ["--do", PROBLEM["do"], "--next", "16:00", "--text", PROBLEM["text"], "--yes", "--source", str(copy)]
    assert CliRunner().invoke(main, ["new", *flags], env=environment_at(NOW)).exit_code == 0
    [by_command] = (copy / "incidents").glob("*.md")
    assert host.posts() == {by_command.stem: by_command.read_text()}
    author = host.git("log", "-1", "--format=%an <%ae>", "main").strip()
    assert author == "ada-quimby <7+ada-quimby@users.noreply.github.com>"
    again = host.send(PROBLEM, at="2024-05-05 09:50")
    assert (again.code, "already exists" in again.words, len(host.posts())) == (1, True, 1), again.log


def test_the_answer_has_the_sentence_the_message_the_promise_the_advice_and_the_address(host: Host) -> None:
    run = host.send(PROBLEM | {"service": "All services: online", "more": "trash=unknown", "do": "-"})
    assert run.words.startswith("It is written and checked. Once all of this has ended well, residents see it.")
    for words in (
        "The page says: ",
        "In one message: ",
        "You promised the next update by Sunday, May 5, 2024, 4 PM CDT.",
        ": advice: ",
        "https://status.springfield.example/incidents/2024-05-05-water-bills-cannot-be-paid-online/",
    ):
        assert words in run.words, run.words
        assert words in run.log
    assert "statusgen serve" not in run.words
    [post] = host.posts().values()
    assert all(f"{key}: " in post for key in ("water-bill/online", "permits/online", "trash")), post


BILL = """\
---
title: Water bills cannot be paid online
started: 2024-05-05 08:00
services:
  water-bill/online: {status: down, do: Pay at the counter.}
next_update: 2024-05-05 16:00
---
The bank is looking into it.
"""
TRASH = "---\ntitle: Trash is late\nstarted: 2024-05-05 08:00\nservices: {trash: degraded}\n---\nA day late.\n"


def test_news_go_once_to_the_only_open_problem_and_the_end_closes_it(host: Host) -> None:
    host.commit("incidents/2024-05-05-bill.md", BILL)
    news = {"what": NEWS, "happened": "The bank found the cause.", "text": "It needs a day.", "next": "tomorrow 9:00"}
    run = host.send(news, at="2024-05-05 12:00")
    assert run.code == 0, run.log
    [post] = host.posts().values()
    update = "## 2024-05-05 12:00\nnext_update: 2024-05-06 09:00\n\nThe bank found the cause.\n\nIt needs a day.\n"
    assert post == f"{BILL}\n{update}"
    again = host.send(news, at="2024-05-05 12:10")
    assert (again.code, "says just this already" in again.words) == (1, True), again.log
    assert host.posts() == {"2024-05-05-bill": post}
    run = host.send({"what": OVER, "happened": "Bills can be paid online again."}, at="2024-05-05 15:00")
    assert run.code == 0, run.log
    assert "This says that these work again:" in run.words
    end = "## 2024-05-05 15:00 Resolved\n\nBills can be paid online again.\n"
    assert host.posts() == {"2024-05-05-bill": f"{post}\n{end}"}


def test_what_a_colleague_pushed_meanwhile_stays(host: Host) -> None:
    early = host.clone()
    host.commit("incidents/2024-05-05-trash.md", TRASH)
    run = host.send(PROBLEM, early)
    assert run.code == 0, run.log
    assert host.posts().keys() == {"2024-05-05-trash", "2024-05-05-water-bills-cannot-be-paid-online"}
    assert "From Bob: By hand" in run.words


# What is wrong.


MISTAKES: dict[str, tuple[dict[str, str], list[str]]] = {
    "nothing is chosen": (
        {"happened": "Water bills cannot be paid online"},
        ["What do you want to say? Nothing was chosen.", NEW],
    ),
    "all at once": (
        {"what": NEW, "which": "x", "status": "down (not available)", "since": "soon", "next": "8:00 yesterday"},
        [
            "About which open problem? A new problem is no open one.",
            "What happened, or what is new? Without this, the post has no title.",
            "Which service? It is not said what this status is about.",
            'Since when? "soon" is not a time.',
            "When will you say more?",
        ],
    ),
    "no service": (
        {"what": NEW, "happened": "Something is wrong"},
        ["Which service? Without a service, the page would still say that everything works."],
    ),
    "no status": (
        {"what": NEW, "happened": "Something is wrong", "service": "Trash"},
        ["How is it? This is missing for the service."],
    ),
    "a service that is gone": (
        {**PROBLEM, "service": "Library card"},
        ['Which service? services.yaml does not have "Library card".', "statusgen forms"],
    ),
    "a service twice": (
        {**PROBLEM, "more": "water-bill/online=limited"},
        ['Other services, each with its status: "water-bill/online" is listed above already.'],
    ),
    "a service with a slip": ({**PROBLEM, "more": "permit=down"}, ['Did you mean "permits"?']),
    "nothing is open": (
        {"what": NEWS, "happened": "We found the cause."},
        ["About which open problem? No problem is open.", NEW],
    ),
    "too much for an end": (
        {"what": OVER, "status": "working", "next": "16:00"},
        ["How is it? What is over has none of this", "When will you say more? What is over has none of this"],
    ),
    "a heading": (
        {**PROBLEM, "text": "## 2024-05-05 09:00"},
        ["More about it: The line", "would start another update"],
    ),
    "a mistake of the format": ({**PROBLEM, "text": "See [us](javascript:alert)."}, ["javascript"]),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_each_mistake_is_answered_with_what_to_write_and_nothing_is_shared(case: str, host: Host) -> None:
    typed, expected = MISTAKES[case]
    run = host.send(typed)
    assert run.code == 1
    assert run.words.startswith("Nothing was published. Residents see the page as it was.")
    for words in (*expected, "This was typed:", *typed.values()):
        assert words in run.words, run.words
    assert host.git("rev-list", "--count", "main").strip() == "1"


def test_of_several_open_problems_the_form_asks_for_one(host: Host) -> None:
    host.commit("incidents/2024-05-05-bill.md", BILL)
    host.commit("incidents/2024-05-05-trash.md", TRASH)
    unclear = host.send({"what": NEWS, "happened": "The trucks are back."})
    assert unclear.code == 1
    assert '"Water bills cannot be paid online"' in unclear.words
    clear = {"what": NEWS, "which": "trash", "happened": "The trucks are back."}
    assert host.send(clear, at="2024-05-05 10:00").code == 0
    assert host.posts()["2024-05-05-trash"].endswith("The trucks are back.\n")


def test_a_mistake_elsewhere_keeps_the_page_as_it_was_and_is_named(host: Host) -> None:
    host.commit(
        "incidents/2024-05-04-old.md", "---\ntitle: Old\nstarted: 2024-05-04\nservices: {trsh: down}\n---\nOld.\n"
    )
    run = host.send(PROBLEM)
    assert run.code == 1
    assert 'incidents/2024-05-04-old.md:4: There is no service "trsh". Did you mean "trash"?' in run.words
    assert len(host.posts()) == 1


def test_another_branch_is_refused_before_anything_is_read(host: Host) -> None:
    clone = host.clone()
    [step] = [each for each in steps(HOSTS / "github-post.yml", "write") if "branch" in each["name"]]
    runner = Runner(clone, environment={"GITHUB_REF": "refs/heads/x", "GITHUB_STEP_SUMMARY": str(clone / "summary")})
    assert runner.run([step]) == 1
    assert "Use workflow from" in (clone / "summary").read_text()


# What must not run.

HOSTILE = [
    "$(touch pwned)`touch pwned`; touch pwned #",
    "'; touch pwned; '\" && touch pwned",
    "${{ secrets.TOKEN }} $CI_JOB_TOKEN ${CI_JOB_TOKEN} %PATH% $[[ inputs.what ]]",
    "::set-output name=x::y ::error::no ##[error]no",
    "--help",
    "<img src=x onerror=alert(1)> <b>bold</b> &amp; &#60;",
    "[a](https://evil.example) ![b](https://evil.example/x.png) https://evil.example @ada #1",
    "*bold* _it_ ~~no~~ | a | b | ``` # head > quote",
    "key: value # no comment, {a: b}, [c], !!python/object:os.system, &a *a",
    "\u202eright to left \u2066x\u2069",
    "~",
    "ünï çödé ⚡ 水",
]


@pytest.mark.parametrize("start", range(0, len(HOSTILE), 3))
def test_nothing_that_is_typed_runs_or_becomes_markup(start: int, host: Host) -> None:
    title, do, text = typed = HOSTILE[start : start + 3]
    run = host.send(PROBLEM | {"happened": title, "do": do, "text": text})
    assert not list(host.folder.rglob("pwned"))
    root = html.fromstring(f"<div>{run.shown}</div>")
    assert {element.tag for element in root.iter()} <= {"div", "h2", "ul", "li", "p", "a"}, run.shown
    assert all(url.startswith("https://status.springfield.example/incidents/") for url in root.xpath("//a/@href"))
    lines = run.log.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("::stop-commands::"))
    token = lines[first].removeprefix("::stop-commands::")
    assert (len(token), lines[-1]) == (32, f"::{token}::"), "nothing in between is a command"
    assert not [line for line in lines[:first] if line.startswith("::")]
    if run.code == 0:
        [post] = host.posts().values()
        _, front, body = post.split("---\n", 2)
        facts = yaml.safe_load(front)
        assert [facts["title"], facts["services"]["water-bill/online"]["do"], body.rstrip("\n")] == typed
    else:
        assert host.posts() == {}
        assert [words for words in typed if words.isprintable() and words not in run.words] == [], run.words


@pytest.mark.parametrize("words", [*HOSTILE, "  spaces before", "- list", "%tag", "---", "123", "true", "a: |", ""])
def test_gitlab_gives_the_job_what_was_typed_and_nothing_else_of_the_pipeline_changes(words: str) -> None:
    typed = {name: words for name, told in gitlab_inputs().items() if "regex" in told}
    jobs, untouched = read_pipeline(HOSTS / "gitlab.yml", **typed), read_pipeline(HOSTS / "gitlab.yml")
    for name, told in jobs["post"]["variables"].items():
        assert told == {
            "expand": False,
            "value": words if name.removeprefix("FORM_").lower() in typed else told["value"],
        }
    del jobs["post"]["variables"], untouched["post"]["variables"]
    assert jobs == untouched


@pytest.mark.parametrize("words", ["a\nb: c", "a\r  x", "a\x85b", "a\u2028b", "a\u2029b", "a\tb", "a\x00b"])
def test_gitlab_takes_one_line_alone(words: str) -> None:
    with pytest.raises(ValueError, match="text does not take"):
        read_pipeline(HOSTS / "gitlab.yml", text=words)


def gitlab_inputs() -> dict[str, Any]:
    header, _ = yaml.safe_load_all((HOSTS / "gitlab.yml").read_text(encoding="utf-8"))
    found: dict[str, Any] = header["spec"]["inputs"]
    return found


# GitLab.


@pytest.fixture
def gitlab(host: Host) -> Iterator[dict[str, str]]:
    """What GitLab tells its jobs; it serves the repository to those that know their token."""
    certificate = host.folder / "certificate"
    host.git("config", "http.receivepack", "true")
    with serve_repositories(host.folder, certificate, "gitlab-ci-token") as server:
        yield {
            "GIT_SSL_CAINFO": str(certificate),
            "CI_JOB_TOKEN": PASSWORD,
            "CI_SERVER_PROTOCOL": "https",
            "CI_SERVER_FQDN": server.removeprefix("https://").strip("/"),
            "CI_PROJECT_PATH": "origin",
            "CI_PIPELINE_SOURCE": "web",
            "CI_COMMIT_BRANCH": "main",
            "CI_DEFAULT_BRANCH": "main",
            "GITLAB_USER_NAME": "Ada Quimby",
            "GITLAB_USER_EMAIL": "ada@springfield.example",
        }


def run_job(host: Host, clone: Path, job: str, variables: dict[str, str], **typed: str) -> tuple[int, str]:
    """Run a job of the pipeline in a clone, which is on a commit and no branch."""
    jobs = read_pipeline(clone / ".gitlab-ci.yml", **typed)
    host.git("checkout", "--quiet", "--detach", folder=clone)
    lines = [*jobs[job].get("before_script", jobs["default"]["before_script"]), *jobs[job]["script"]]
    environment = make_environment(clone.parent, pip="true") | environment_at(NOW) | variables
    environment |= {name: told["value"] for name, told in jobs[job].get("variables", {}).items()}
    command = [find_program("bash"), "-eo", "pipefail", "-c", "\n".join(lines)]
    ran = subprocess.run(command, cwd=clone, env=environment, capture_output=True, encoding="utf-8")
    return ran.returncode, ran.stdout + ran.stderr


def test_on_gitlab_the_form_is_written_and_the_same_pipeline_publishes_it(host: Host, gitlab: dict[str, str]) -> None:
    text = "It costs $CI_JOB_TOKEN, \"or\" '$(touch pwned)' `more`. # yes"
    clone, later = host.clone(), host.clone()
    code, said = run_job(host, clone, "post", gitlab, **PROBLEM | {"text": text})
    assert code == 0, said
    assert all(words in said for words in ("The page says: ", "In one message: ", "\nhttps://status."))
    assert PASSWORD not in said
    [(id, post)] = host.posts().items()
    assert post.endswith(f"{text}\n"), post
    assert host.git("log", "-1", "--format=%an", "main").strip() == "Ada Quimby"
    code, said = run_job(host, later, "pages", gitlab)
    assert code == 0, said
    assert (later / "public" / "incidents" / id / "index.html").exists()
    assert not list(host.folder.rglob("pwned"))


def test_on_gitlab_a_mistake_ends_the_pipeline(host: Host, gitlab: dict[str, str]) -> None:
    code, said = run_job(host, host.clone(), "post", gitlab, what=NEW, happened="Something is wrong")
    assert (code, "Without a service" in said, "This was typed:" in said) == (1, True, True), said
    assert host.posts() == {}
    forgotten = run_job(host, host.clone(), "post", gitlab, happened="Something is wrong")
    assert (forgotten[0], "Nothing was chosen." in forgotten[1]) == (1, True)


def test_on_gitlab_a_form_that_was_left_as_it_was_only_publishes(host: Host, gitlab: dict[str, str]) -> None:
    code, said = run_job(host, host.clone(), "post", gitlab)
    assert (code, said.strip()) == (0, "Nothing was written. The page is published again.")
    assert host.git("rev-list", "--count", "main").strip() == "1"


def test_on_gitlab_a_branch_that_refuses_the_commit_says_so(host: Host, gitlab: dict[str, str]) -> None:
    hook = host.origin / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'You are not allowed to push to protected branches.' >&2\nexit 1\n")
    hook.chmod(0o755)
    code, said = run_job(host, host.clone(), "post", gitlab, **PROBLEM)
    assert (code, "You are not allowed to push to protected branches" in said) == (1, True), said
    assert said.startswith("Nothing was published.")
    assert host.posts() == {}


# The files.


def test_the_forms_have_the_fields_and_the_choices_that_are_understood() -> None:
    github = yaml.safe_load((HOSTS / "github-post.yml").read_text())[True]["workflow_dispatch"]["inputs"]
    for inputs, first in ((github, CHOOSE), (gitlab_inputs(), ONLY_PUBLISH)):
        assert list(inputs) == list(FIELDS)
        assert len(inputs) <= 10, "more do not fit into older servers of GitHub"
        assert inputs["what"]["options"] == [first, NEW, NEWS, OVER]
        assert inputs["service"]["options"] == [NOT_SAID]
        unsaid, *statuses = (words.partition(" (")[0] or words for words in inputs["status"]["options"])
        assert unsaid == NOT_SAID
        assert set(statuses) == {status.value for status in WRITTEN_STATUSES}
        assert [words for told in inputs.values() if (words := told.get("default"))] in (
            [],
            [ONLY_PUBLISH, NOT_SAID, NOT_SAID],
        ), "nothing that says something is chosen beforehand"
    variables = read_pipeline(HOSTS / "gitlab.yml")["post"]["variables"]
    [write] = [step for step in steps(HOSTS / "github-post.yml", "write") if step["name"] == WRITE]
    assert list(write["env"]) == list(variables) == [f"FORM_{name.upper()}" for name in FIELDS]


def test_the_workflow_writes_and_then_publishes_with_no_more_rights_than_that_takes() -> None:
    workflow = yaml.safe_load((HOSTS / "github-post.yml").read_text(encoding="utf-8"))
    called = yaml.safe_load((HOSTS / "github.yml").read_text(encoding="utf-8"))
    write, publish = workflow["jobs"]["write"], workflow["jobs"]["publish"]
    assert workflow["permissions"] == {}
    assert write["permissions"] == {"contents": "write"}
    assert "secrets" not in str(write)
    needed = {key: level for job in called["jobs"].values() for key, level in job["permissions"].items()}
    assert publish["permissions"].items() >= {key: level for key, level in needed.items() if level == "write"}.items()
    assert (publish["needs"], publish["uses"]) == ("write", "./.github/workflows/publish.yml")
    assert "workflow_call" in called[True]
    assert "github.workflow" not in str(called["concurrency"]), "it names the workflow that calls"
    assert "concurrency" not in workflow, "a form that waits would be dropped"
    for job in ("build", "notify"):
        [checkout] = [step for step in steps(HOSTS / "github.yml", job) if "checkout@" in step.get("uses", "")]
        assert "github.ref" in checkout["with"]["ref"], "not the commit before that of the form"


# What goes out of date.


def run_forms(site: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, [*words, "--source", str(site)], env=environment_at(NOW))
    return result.exit_code, result.output


def test_a_service_that_is_new_or_gone_is_named_and_the_forms_are_renewed(host: Host) -> None:
    site = host.clone()
    github, gitlab = site / ".github" / "workflows" / "post.yml", site / ".gitlab-ci.yml"
    github.write_bytes(github.read_bytes().replace(b"Which service?", b"\xc2\xbfCu\xc3\xa1l?").replace(b"\n", b"\r\n"))
    assert run_forms(site, "check")[1].endswith("Mistakes: 0. Advice: 0.\n")
    services = (site / "services.yaml").read_text().replace("name: Trash", "name: 'Trash: \"now\" ${{ x }} $[[ y ]]'")
    (site / "services.yaml").write_text(services + "  - {id: pool, name: Pool}\n")
    code, said = run_forms(site, "check")
    assert code == 0
    label = r'"Trash: \"now\" $ {{ x }} $ [[ y ]]"'
    for file in (".github/workflows/post.yml", ".gitlab-ci.yml"):
        assert re.search(
            rf"^{re.escape(file)}:\d+: advice: .*It lacks {re.escape(label)}, \"Pool\"\. "
            r"It has and should not \"Trash\"\. Renew it: statusgen forms \[stale-form\]$",
            said,
            re.MULTILINE,
        ), said
    code, said = run_forms(site, "forms")
    assert (code, said.count("added"), said.count("removed")) == (0, 4, 2), said
    assert run_forms(site, "check")[1].endswith("Mistakes: 0. Advice: 0.\n")
    assert "has the services of services.yaml." in run_forms(site, "forms")[1]
    renewed = github.read_bytes()
    assert renewed.count(b"\n") == renewed.count(b"\r\n")
    inputs = yaml.safe_load(renewed)[True]["workflow_dispatch"]["inputs"]
    assert inputs["service"]["description"] == "¿Cuál?"
    header, _ = yaml.safe_load_all(gitlab.read_text(encoding="utf-8"))
    assert inputs["service"]["options"] == header["spec"]["inputs"]["service"]["options"]
    assert 'Trash: "now" $ {{ x }} $ [[ y ]]' in inputs["service"]["options"]
    host.git("add", "--all", folder=site)
    run = host.send(PROBLEM | {"service": 'Trash: "now" $ {{ x }} $ [[ y ]]'}, site)
    assert run.code == 0, run.log


@pytest.mark.parametrize(
    ("services", "shown", "hidden"),
    [
        (14, ["All services: online", "Service 13", "Service 13: phone"], []),
        (16, ["Service 15", "Service 15: phone"], ["All of: Bills"]),
        (40, ["All services: online", "All of: Bills", "Service 39"], ["Service 39: phone"]),
        (47, ["Service 46"], ["All of: Bills", "Service 46: phone"]),
        (90, ["All services: online", "All of: Bills"], ["Service 1"]),
    ],
)
def test_gitlab_gets_no_more_choices_than_it_takes(
    services: int, shown: list[str], hidden: list[str], host: Host
) -> None:
    site = host.clone()
    head = SERVICES.partition("services:\n")[0]
    entries = (
        f"  - {{id: s{number}, name: Service {number}, group: bills, channels: [{{kind: online}}, {{kind: phone}}]}}\n"
        for number in range(services)
    )
    (site / "services.yaml").write_text(f"{head}services:\n{''.join(entries)}")
    assert run_forms(site, "forms")[0] == 0
    header, _ = yaml.safe_load_all((site / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    options = header["spec"]["inputs"]["service"]["options"]
    assert len(options) <= 50
    assert {*shown} <= {*options}
    assert not {*hidden} & {*options}
    assert run_forms(site, "check")[1].count("stale-form") == 0


@pytest.mark.parametrize("starter", scaffold.STARTERS)
def test_each_starter_has_forms_that_their_hosts_take(starter: str) -> None:
    files = scaffold.make_files(starter, ["github", "gitlab"], "statusgen==0.1.0")
    header, _ = yaml.safe_load_all(files[".gitlab-ci.yml"])
    workflow = yaml.safe_load(files[".github/workflows/post.yml"])
    assert 5 < len(header["spec"]["inputs"]["service"]["options"]) <= 50
    assert len(workflow[True]["workflow_dispatch"]["inputs"]["service"]["options"]) > 5


def test_a_mistake_in_a_post_keeps_no_form_from_being_renewed(host: Host) -> None:
    site = host.clone()
    (site / "incidents" / "2024-05-05-x.md").write_text("---\n")
    assert run_forms(site, "forms")[0] == 0
    (site / "services.yaml").write_text("services: [")
    code, said = run_forms(site, "forms")
    assert (code, "services.yaml:1: " in said) == (1, True), said


def test_names_that_two_services_share_are_told_apart(host: Host) -> None:
    site = host.clone()
    (site / "services.yaml").write_text(
        SERVICES + f"  - {{id: trash-north, name: Trash}}\n  - {{id: x, name: {NOT_SAID}}}\n"
    )
    run_forms(site, "forms")
    text = (site / ".gitlab-ci.yml").read_text()
    for name in ('"Trash (trash)"', '"Trash (trash-north)"', f'"{NOT_SAID} (x)"'):
        assert f"- {name}\n" in text
    run = host.send({"what": NEW, "happened": "Trash is late", "service": "Trash (trash-north)"}, site)
    assert "Which service?" not in run.words.partition("This was typed:")[0], "it is known"


def test_without_a_form_it_is_said_where_one_comes_from(tmp_path: Path) -> None:
    (tmp_path / "services.yaml").write_text(SERVICES)
    code, said = run_forms(tmp_path, "forms")
    assert code == 1
    assert "There is no form here" in said
    assert "statusgen init --host github" in said
    assert [path.name for path in tmp_path.iterdir()] == ["services.yaml"]
