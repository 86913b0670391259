"""Git reaches other repositories as the user does, and is ended if it hangs."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from statusgen.git_network import FILE_MODE, NOBODY, Blob, GitRefusal, NetworkGit, Settings, find_tokens, read_settings
from tests.support.two_laptops import home, run_git
from tests.support.web_server import QuietHandler, serve

PATIENCE = 20.0  # seconds until the test gives up; it does not wait for them to pass


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path) -> Iterator[None]:
    with home(tmp_path / "home"):
        yield


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """An empty repository, which others fetch from and push to."""
    run_git("init", "--quiet", "--bare", str(tmp_path / "origin.git"))
    return tmp_path / "origin.git"


def make_git(folder: Path, url: str, settings: Settings = ()) -> NetworkGit:
    folder.mkdir()
    git = NetworkGit(folder, url, settings)
    git.create()
    return git


def commit(git: NetworkGit, text: bytes, parent: str | None = None) -> str:
    return git.commit(git.write_tree({"a file": Blob(FILE_MODE, git.write_blob(text))}), [parent], "Text", by=NOBODY)


def test_of_two_who_push_the_second_is_refused(origin: Path, tmp_path: Path) -> None:
    ann, ben = (make_git(tmp_path / name, str(origin)) for name in ("ann", "ben"))
    assert ann.fetch("main") is None
    ann.push(commit(ann, b"Ann's"), "main")
    with pytest.raises(GitRefusal, match="rejected"):
        ben.push(commit(ben, b"Ben's"), "main")
    theirs = ben.fetch("main", "--depth=1")
    assert theirs
    assert ben.read(f"{theirs}:a file") == b"Ann's"
    ben.push(commit(ben, b"Both's", theirs), "main")
    assert ann.read(f"{ann.fetch('main')}:a file") == b"Both's"


def test_what_the_user_sets_by_variables_counts_too(
    origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{origin.parent}/.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "city:")
    git = make_git(tmp_path / "git", "city:origin.git")
    git.push(commit(git, b"Text"), "main")
    assert git.fetch("main")


def test_a_git_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = tmp_path / "started"
    os.mkfifo(started)
    ssh = tmp_path / "ssh"
    # What hangs keeps the pipe open for as long as it lives.
    ssh.write_text(f"#!/bin/sh\nexec 3>{started}\nsleep 1000\n")
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    pipe = os.open(started, os.O_RDONLY | os.O_NONBLOCK)
    git = make_git(tmp_path / "git", "ssh://git.springfield.example/site.git")
    with pytest.raises(GitRefusal, match="no answer for 1 seconds"):
        replace(git, timeout=1).fetch("main")
    give_up = time.monotonic() + PATIENCE
    while not is_closed(pipe):
        assert time.monotonic() < give_up, "what git started is running still"
    os.close(pipe)


def is_closed(pipe: int) -> bool:
    """Return whether nobody has the other end of a pipe that nothing is written to."""
    with suppress(BlockingIOError):
        return os.read(pipe, 1) == b""
    return False


def test_the_token_of_a_workflow_goes_to_its_address_once(tmp_path: Path) -> None:
    received: list[list[str]] = []

    class Server(QuietHandler):
        def do_GET(self) -> None:  # noqa: N802 (the name that http.server looks for)
            received.append(self.headers.get_all("Authorization", []))
            self.send_error(404)

    repository = tmp_path / "repository"
    run_git("init", "--quiet", str(repository))
    with serve(partial(Server)) as address:
        for file in (".git/config", "../home/.gitconfig"):
            header = "Authorization: basic of-the-workflow" if file == ".git/config" else "X-Of-The-User: yes"
            run_git("config", "--file", str(repository / file), f"http.{address}.extraheader", header)
        settings = find_tokens(read_settings(repository))
        git = make_git(tmp_path / "git", f"{address}site.git", settings)
        with pytest.raises(GitRefusal, match="not found") as raised:
            git.fetch("main")
    assert received == [["basic of-the-workflow"]]
    assert "of-the-workflow" not in str(raised.value)


def test_what_git_says_is_repeated_without_passwords_and_not_at_length(tmp_path: Path) -> None:
    nowhere = tmp_path / ("far/" * 100) / "\x1b[31mnowhere.git"
    with pytest.raises(GitRefusal) as raised:
        make_git(tmp_path / "git", f"file://ann:hunter2@{nowhere}").fetch("main")
    assert len(str(raised.value)) < 310
    assert "hunter2" not in str(raised.value)
    assert "\x1b" not in str(raised.value)
