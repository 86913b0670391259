"""Branches of git repositories, as a Pages host takes a site from them."""

import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cli.main import main
from statusgen.content.format.target_addresses import parse_target_address
from statusgen.problems import PublishError
from statusgen.publish.git_branch import BranchTarget
from statusgen.publish.send import deliver, prepare_delivery
from tests.support.editions import make_edition, moment_of, script_of
from tests.support.git_server import PASSWORD, serve_repositories
from tests.support.publications import publish, shown_edition
from tests.support.ssh_server import run_sshd


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the editions are."""
    return tmp_path_factory.mktemp("editions")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without settings."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in [name for name in os.environ if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER", "GIT_CONFIG_G"))]:
        monkeypatch.delenv(name)
    return tmp_path / "home"


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@springfield.example", "-c", "commit.gpgsign=false"]
    command = ["git", *who, "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout.strip()


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """An empty repository."""
    git(tmp_path, "init", "--quiet", "--bare", "pages.git")
    return tmp_path / "pages.git"


def address_of(pages: Path, branch: str = "gh-pages") -> str:
    return f"git+file://{pages}#{branch}"


def take(pages: Path, folder: Path, branch: str = "gh-pages") -> Path:
    """Return what a Pages host would serve."""
    git(folder, "clone", "--quiet", "--branch", branch, str(pages), "served")
    return folder / "served"


def push_file(pages: Path, folder: Path, path: str, branch: str = "gh-pages") -> None:
    """Let a colleague add a file to the branch."""
    git(folder, "clone", "--quiet", str(pages), f"clone-{path.strip('.').replace('/', '-')}")
    clone = folder / f"clone-{path.strip('.').replace('/', '-')}"
    git(clone, "checkout", "--quiet", *([branch] if branch in git(clone, "branch", "-r") else ["--orphan", branch]))
    (clone / path).parent.mkdir(parents=True, exist_ok=True)
    (clone / path).write_text("mine\n")
    git(clone, "add", path)
    git(clone, "commit", "--quiet", "--message", f"Add {path}")
    git(clone, "push", "--quiet", "origin", branch)


def refusal(address: str, scratch: Path, number: int) -> str:
    """Return the words with which a publication is refused."""
    with pytest.raises(PublishError) as caught:
        publish(address, scratch, number)
    return str(caught.value)


def test_each_edition_is_a_commit_that_a_pages_host_can_serve(pages: Path, scratch: Path, tmp_path: Path) -> None:
    for number in (1, 2, 4):
        publish(address_of(pages), scratch, number)
    served = take(pages, tmp_path)
    assert (served / ".nojekyll").read_bytes() == b""
    assert not (served / "_headers").exists()
    assert not (served / ".statusgen").exists()
    assert all((served / script_of(number)).is_file() for number in (1, 2, 4))
    ignored = ["_headers", ".nojekyll", "statusgen-publish.json", script_of(1), script_of(2)]
    words = ["verify", str(served), *(word for path in ignored for word in ("--ignore", path))]
    verified = CliRunner().invoke(main, [*words, "--at", f"{moment_of(4):%Y-%m-%dT%H:%MZ}"])
    assert verified.exit_code == 0, verified.output
    assert shown_edition(served) == 4
    assert git(pages, "rev-list", "--count", "gh-pages") == "3"
    assert git(pages, "log", "-1", "--format=%an <%ae> %aI%n%B", "gh-pages").splitlines() == [
        "statusgen <statusgen@publisher.invalid> 2024-05-05T14:05:00+00:00",
        "Publish the site of 2024-05-05 09:04 CDT",
        "",
        "Revision of the content: 0000000004",
    ]


def test_only_what_changed_travels(pages: Path, scratch: Path, home: Path) -> None:
    (home / ".gitconfig").write_text("[pack]\nwindow = 0\n")  # a file is counted as a file, not as two parts of one
    git(pages, "config", "receive.unpackLimit", "1")  # each push stays one pack
    for number in (2, 3):
        publish(address_of(pages), scratch, number)
    packs = sorted((pages / "objects" / "pack").glob("*.idx"), key=lambda pack: pack.stat().st_mtime_ns)
    first, second = (git(pages, "verify-pack", "--verbose", str(pack)).count(" blob ") for pack in packs)
    old, new = (make_edition(scratch, number).digests for number in (2, 3))
    changed = len({*new.values()} - {*old.values()})
    assert first > 40
    assert second == changed + 1, "and the record"


def test_what_is_published_already_makes_no_commit(pages: Path, scratch: Path) -> None:
    publish(address_of(pages), scratch, 1)
    assert publish(address_of(pages), scratch, 1, now=moment_of(9)) is None
    assert git(pages, "rev-list", "--count", "gh-pages") == "1"


def test_what_pages_loaded_goes_after_a_day(pages: Path, scratch: Path) -> None:
    publish(address_of(pages), scratch, 1)
    publish(address_of(pages), scratch, 2)
    publish(address_of(pages), scratch, 3, now=moment_of(3) + timedelta(days=1))
    there = git(pages, "ls-tree", "--name-only", "gh-pages").splitlines()
    assert script_of(1) not in there
    assert script_of(3) in there


def test_commits_are_by_the_user_whom_git_knows(pages: Path, scratch: Path, home: Path) -> None:
    (home / ".gitconfig").write_text("[user]\nname = Ben Okafor\nemail = ben@springfield.example\n")
    publish(address_of(pages), scratch, 1)
    who = git(pages, "log", "-1", "--format=%an <%ae>, %cn <%ce>", "gh-pages")
    assert who == "Ben Okafor <ben@springfield.example>, Ben Okafor <ben@springfield.example>"


def test_what_people_put_on_the_branch_stays(pages: Path, scratch: Path, tmp_path: Path) -> None:
    push_file(pages, tmp_path, "CNAME")
    publish(address_of(pages), scratch, 1)
    push_file(pages, tmp_path, ".well-known/acme")
    publish(address_of(pages), scratch, 2)
    served = take(pages, tmp_path)
    assert (served / "CNAME").read_text() == (served / ".well-known" / "acme").read_text() == "mine\n"
    assert '"0000000002"' in (served / "manifest.json").read_text()
    assert git(pages, "rev-list", "--count", "gh-pages") == "4"


def test_a_branch_with_anything_else_is_refused(pages: Path, scratch: Path, tmp_path: Path) -> None:
    push_file(pages, tmp_path, "src/main.c", "main")
    assert "src/main.c" in refusal(address_of(pages, "main"), scratch, 1)
    publish(address_of(pages), scratch, 1)
    assert git(pages, "rev-list", "--max-parents=0", "--count", "--all") == "2"


def test_a_file_of_somebody_where_a_page_has_to_be_is_named(pages: Path, scratch: Path, tmp_path: Path) -> None:
    make_edition(scratch, 1)
    publish(address_of(pages), scratch, 1)
    push_file(pages, tmp_path, f"{script_of(2)}/mine.txt")
    assert f"{script_of(2)}/mine.txt is where the site has to be" in refusal(address_of(pages), scratch, 2)


def test_a_push_of_a_colleague_in_between_is_the_one_that_counts(pages: Path, scratch: Path, tmp_path: Path) -> None:
    publish(address_of(pages), scratch, 1)
    target, site = BranchTarget(parse_target_address(address_of(pages))), make_edition(scratch, 2)
    slow = prepare_delivery(target, site, moment_of(3), force=False, contains=lambda _, __: None)
    push_file(pages, tmp_path, "CNAME")
    with pytest.raises(PublishError, match="Someone else pushed to it meanwhile"):
        deliver(slow, target, site, moment_of(3), lambda _, __: None)
    publish(address_of(pages), scratch, 2)
    assert (take(pages, tmp_path) / "CNAME").exists()


def test_of_two_who_begin_the_branch_the_second_is_refused(pages: Path, scratch: Path) -> None:
    target, site = BranchTarget(parse_target_address(address_of(pages))), make_edition(scratch, 1)
    slow = prepare_delivery(target, site, moment_of(1), force=False, contains=lambda _, __: None)
    publish(address_of(pages), scratch, 2)
    with pytest.raises(PublishError, match="Someone else pushed to it meanwhile"):
        deliver(slow, target, site, moment_of(1), lambda _, __: None)
    assert git(pages, "log", "--format=%s", "gh-pages") == "Publish the site of 2024-05-05 09:02 CDT"


def test_an_older_site_is_one_more_commit_if_it_is_forced(pages: Path, scratch: Path) -> None:
    publish(address_of(pages), scratch, 2)
    assert "--force" in refusal(address_of(pages), scratch, 1)
    publish(address_of(pages), scratch, 1, force=True)
    assert git(pages, "rev-list", "--count", "gh-pages") == "2"


def test_a_host_that_can_leave_out_files_sends_none(pages: Path, scratch: Path, tmp_path: Path) -> None:
    git(pages, "config", "uploadpack.allowFilter", "true")
    for number in (1, 2):
        publish(address_of(pages), scratch, number)
    target = BranchTarget(parse_target_address(address_of(pages)))
    target.read_published()
    packed = git(target._repository.folder, "cat-file", "--batch-all-objects", "--batch-check")
    assert packed.count(" blob ") == 2, "only the manifest and the record"
    assert shown_edition(take(pages, tmp_path)) == 2


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("protected", "Allow it in the settings of the branch. Git said: .*hidden ref"),
        ("none", "git init --bare"),
        ("broken record", "statusgen-publish.json"),
    ],
)
def test_what_the_host_refuses_is_put_into_words(
    what: str, words: str, pages: Path, scratch: Path, tmp_path: Path
) -> None:
    if what == "protected":
        git(pages, "config", "receive.hideRefs", "refs/heads/gh-pages")
    elif what == "none":
        pages = tmp_path / "nowhere.git"
    else:
        publish(address_of(pages), scratch, 1)
        push_file(pages, tmp_path, "statusgen-publish.json")
    with pytest.raises(PublishError, match=words):
        publish(address_of(pages), scratch, 2)


def test_nothing_that_a_repository_or_its_branch_names_is_run(
    pages: Path, scratch: Path, tmp_path: Path, home: Path
) -> None:
    ran = tmp_path / "ran"
    hooks = home / "hooks"
    hooks.mkdir()
    for name in ("pre-push", "reference-transaction", "post-checkout", "pre-commit"):
        (hooks / name).write_text(f"#!/bin/sh\npwd -P >>{ran}\n")
        (hooks / name).chmod(0o755)
    (home / ".gitconfig").write_text(
        f'[core]\nhooksPath = {hooks}\nfsmonitor = touch {ran}\n[filter "x"]\nclean = touch {ran}\n'
        f"[init]\ntemplateDir = {home}\n[commit]\ngpgSign = true\n[gpg]\nprogram = touch {ran}\n"
    )
    for key, value in (("core.fsmonitor", f"touch {ran}"), ("core.sshCommand", f"touch {ran}")):
        git(pages, "config", key, value)
    for name in ("pre-receive", "update", "post-receive", "post-update", "reference-transaction"):
        (pages / "hooks" / name).write_text(f"#!/bin/sh\npwd -P >>{ran}\n")
        (pages / "hooks" / name).chmod(0o755)
    publish(address_of(pages), scratch, 1)
    push_file(pages, tmp_path, ".gitattributes")
    ran.write_text("")
    publish(address_of(pages), scratch, 2)
    assert ran.read_text() == ""


@pytest.fixture
def by_ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: Path) -> Iterator[str]:
    """The address of the repository by ssh."""
    (tmp_path / "sshd").mkdir()
    with run_sshd(tmp_path / "sshd") as server:
        monkeypatch.setenv("PATH", server.path)
        yield server.address(pages, "git+ssh")


def test_by_ssh_it_is_the_same(by_ssh: str, pages: Path, scratch: Path, tmp_path: Path) -> None:
    publish(by_ssh, scratch, 1)
    publish(by_ssh, scratch, 2)
    assert shown_edition(take(pages, tmp_path)) == 2
    (tmp_path / "sshd" / "known_hosts").write_text("")
    assert "Compare the key" in refusal(by_ssh, scratch, 3)


def test_by_https_the_credential_helper_says_who_it_is(
    pages: Path, scratch: Path, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(pages, "config", "http.receivepack", "true")
    certificate = tmp_path / "certificate"
    with serve_repositories(tmp_path, certificate) as server:
        address = f"git+{server}pages.git"
        assert "does not trust the host's certificate" in refusal(address, scratch, 1)
        monkeypatch.setenv("GIT_SSL_CAINFO", str(certificate))
        assert "Set up a credential helper" in refusal(address, scratch, 1)
        helper = home / "helper"
        helper.write_text(f"#!/bin/sh\necho username=git\necho password={PASSWORD}\n")
        helper.chmod(0o755)
        (home / ".gitconfig").write_text(f"[credential]\nhelper = {helper}\n")
        publish(address, scratch, 1)
        publish(address, scratch, 2)
        helper.write_text("#!/bin/sh\necho username=git\necho password=old-token\n")
        refused = refusal(address, scratch, 3)
    assert "Renew the one in your credential helper" in refused
    assert "old-token" not in refused
    assert shown_edition(take(pages, tmp_path)) == 2
