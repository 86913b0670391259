"""Sharing writes and uses the network, and yet nothing that the repository names is run, and nothing waits for ever."""

import json
import os
import shlex
import socket
import stat
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cli.main import main
from statusgen.colleagues import remote
from statusgen.colleagues.share import ShareState
from statusgen.problems import ShareError
from tests.support.two_laptops import FILE, SERVICES, Laptop, Server
from tests.test_git_safety import HOOKS, KEYS

SERVER_HOOKS = (
    "pre-receive", "update", "post-receive", "post-update", "reference-transaction", "proc-receive",
    "push-to-checkout", "pre-auto-gc",
)  # fmt: skip
PUSH_HOOKS = ("pre-push", "pre-merge-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-merge")
MORE_KEYS = (
    "core.gitProxy", "credential.http://127.0.0.1.helper", "gpg.program", "merge.evil.driver", "merge.default",
    "remote.origin.receivepack", "remote.origin.uploadpack", "remote.origin.vcs", "remote.origin.proxy",
    "protocol.ext.allow", "push.gpgSign", "commit.gpgSign", "user.signingKey", "http.proxy",
    "merge.x.driver", "core.alternateRefsCommand", "uploadpack.packObjectsHook",
)  # fmt: skip


@pytest.fixture
def trap(tmp_path: Path) -> tuple[Path, Path]:
    """A program, and the file that is there if it ran."""
    program, ran = tmp_path / "trap", tmp_path / "ran"
    write_program(program, f'#!/bin/sh\necho "$0 $*" >> {ran}\ncat\n')
    return program, ran


def write_program(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def set_traps(laptop: Laptop, program: Path) -> None:
    for key in (*KEYS, *MORE_KEYS):
        value = "true" if key.lower().endswith("gpgsign") else "always" if "allow" in key else str(program)
        laptop.git("config", key, value)
    laptop.git("config", f"url.ext::{program}.insteadOf", str(laptop.folder.parent / "origin.git"))
    for name in (*HOOKS, *PUSH_HOOKS):
        write_program(laptop.folder / ".git" / "hooks" / name, f"#!/bin/sh\n{program} {name}\n")
    laptop.git("config", "core.hooksPath", str(laptop.folder / ".git" / "hooks"))


def test_no_setting_and_no_hook_of_the_repository_runs(server: Server, trap: tuple[Path, Path]) -> None:
    ann, ben = server.laptop("Ann"), server.laptop("Ben")
    ann.write(".gitattributes", "* merge=evil diff=x\n")
    ann.git("add", ".gitattributes")
    ann.git("commit", "--quiet", "--message=Attributes")
    ann.add("2024-05-05 09:00", "From Ann.")
    ann.share()
    ben.add("2024-05-05 09:00", "From Ben.")
    set_traps(ben, trap[0])
    trap[1].unlink(missing_ok=True)
    assert ben.share().state is ShareState.SHARED
    assert not trap[1].exists(), trap[1].read_text()
    assert "From Ann." in ben.read()


def test_the_traps_work(server: Server, trap: tuple[Path, Path]) -> None:
    ann = server.laptop("Ann")
    write_program(ann.folder / ".git" / "hooks" / "pre-push", f"#!/bin/sh\n{trap[0]}\n")
    os.system(f"git -C {ann.folder} push --quiet </dev/null")
    assert trap[1].exists()


@pytest.mark.parametrize("file", [".git/config", "../home/.gitconfig", "../of-the-user"])
def test_a_filter_does_not_run_and_its_files_are_named(
    file: str, server: Server, trap: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = server.laptop("Ann")
    if file.endswith("of-the-user"):
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(server.folder / "of-the-user"))
    for key in ("clean", "smudge", "process"):
        ann.git("config", "--file", str(ann.folder / file), f"filter.evil.{key}", str(trap[0]))
    (ann.folder / ".git" / "info").mkdir(exist_ok=True)
    ann.write(".gitattributes", "*.md filter=evil\n")
    ann.add("2024-05-05 09:00", "From Ann.")
    with pytest.raises(ShareError, match=f"{FILE} goes through the filter evil, which is not run from here"):
        ann.share()
    assert not trap[1].exists()


def test_a_repository_on_this_computer_runs_nothing_either(server: Server, trap: tuple[Path, Path]) -> None:
    ann = server.laptop("Ann")
    for name in SERVER_HOOKS:
        write_program(server.origin / "hooks" / name, f"#!/bin/sh\n{trap[0]} {name}\n")
    (server.origin / "objects" / "info").mkdir(exist_ok=True)
    (server.origin / "objects" / "info" / "alternates").write_text(f"{ann.folder}/.git/objects\n")
    for key in ("core.alternateRefsCommand", "uploadpack.packObjectsHook", "core.fsmonitor"):
        ann.git("config", "--file", str(server.origin / "config"), key, str(trap[0]))
    ann.add("2024-05-05 09:00", "From Ann.")
    assert ann.share().state is ShareState.SHARED
    assert not trap[1].exists(), trap[1].read_text()


@pytest.mark.parametrize("url", ["ext::{trap}", "ext::sh -c {trap}", "--upload-pack={trap}", "-oProxyCommand={trap}:x"])
def test_no_address_runs_anything(url: str, server: Server, trap: tuple[Path, Path]) -> None:
    ann = server.laptop("Ann")
    ann.git("config", "remote.origin.url", url.format(trap=trap[0]))
    ann.add("2024-05-05 09:00", "From Ann.")
    assert ann.share().state is ShareState.COMMITTED
    assert not trap[1].exists()


def test_a_link_in_the_place_of_a_folder_leads_nowhere(server: Server, tmp_path: Path) -> None:
    ann, ben = server.laptop("Ann"), server.laptop("Ben")
    ann.add("2024-05-05 09:00", "From Ann.")
    ann.share()
    outside = tmp_path / "outside"
    (ben.folder / "incidents").rename(outside)
    (ben.folder / "incidents").symlink_to(outside)
    before = (outside / Path(FILE).name).read_text()
    with pytest.raises(ShareError):
        ben.share()
    assert (outside / Path(FILE).name).read_text() == before


def make_object(repository: Path, kind: str, content: bytes) -> str:
    """Store an object that git itself would not make."""
    command = ["git", "-C", str(repository), "hash-object", "-t", kind, "-w", "--stdin", "--literally"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode().strip()


def make_commit(repository: Path, parent: str, path: str, content: bytes) -> str:
    """Store a commit whose only file has this path, whatever that is."""
    mode, object = "100644", make_object(repository, "blob", content)
    for name in reversed(path.split("/")):
        object = make_object(repository, "tree", f"{mode} {name}\0".encode() + bytes.fromhex(object))
        mode = "40000"
    person = "Eve <eve@springfield.example> 1714900000 +0000"
    text = f"tree {object}\nparent {parent}\nauthor {person}\ncommitter {person}\n\nx\n"
    return make_object(repository, "commit", text.encode())


def test_what_is_put_aside_stays_in_its_folder(server: Server, tmp_path: Path) -> None:
    ann = server.laptop("Ann")
    parent = ann.git("rev-parse", "HEAD")
    evil = make_commit(server.origin, parent, f"{FILE}/../../../../../stolen.txt", b"Not yours.")
    (server.origin / "refs" / "heads" / "main").write_text(f"{evil}\n")
    ann.add("2024-05-05 09:00", "From Ann.")
    with pytest.raises(ShareError, match="leads out of the folder"):
        ann.share()
    assert not [*tmp_path.rglob("stolen.txt")]
    assert "From Ann." in ann.read()


@pytest.mark.parametrize("path", ["../outside.txt", "incidents/../../outside.txt", ".GIT/description"])
def test_the_note_of_a_dead_run_leads_to_no_file_elsewhere(path: str, server: Server) -> None:
    ann = server.laptop("Ann")
    outside = ann.folder / path.lower()
    outside.write_text("As I know it.")
    old = ann.git("rev-parse", "HEAD")
    new = make_commit(ann.folder, old, path, b"As I know it.")
    (ann.folder / ".git" / "statusgen-share.json").write_text(json.dumps({"branch": "main", "from": old, "to": new}))
    with pytest.raises(ShareError, match="leads out of the folder"):
        ann.share()
    assert outside.exists()


@pytest.mark.parametrize("link", ["set-aside", "set-aside/.gitignore"])
def test_nothing_is_put_aside_through_a_link(link: str, server: Server, tmp_path: Path) -> None:
    ann = server.laptop("Ann")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ".gitignore").write_text("mine\n")
    (ann.folder / link).parent.mkdir(exist_ok=True)
    (ann.folder / link).symlink_to(elsewhere / ".gitignore" if "/" in link else elsewhere)
    ann.add("2024-05-05 09:00", "A wrong word.")
    CliRunner().invoke(main, ["undo", "--source", str(ann.folder), "--yes"])
    assert [each.name for each in elsewhere.iterdir()] == [".gitignore"]
    assert (elsewhere / ".gitignore").read_text() == "mine\n"


@pytest.mark.parametrize("is_link", [False, True])
def test_a_folder_cannot_name_another_repository(is_link: bool, server: Server, tmp_path: Path) -> None:
    ann, stranger = server.laptop("Ann"), Laptop(tmp_path / "stranger", "Eve")
    stranger.write("services.yaml", SERVICES.replace("Springfield", "Shelbyville"))
    if is_link:
        (stranger.folder / ".git").symlink_to(ann.folder / ".git")
    else:
        stranger.write(".git", f"gitdir: {ann.folder}/.git\n")
    assert stranger.share().state is ShareState.NOT_SHARED
    assert "does not know of this folder" in stranger.heard[0]
    assert ann.messages() == ["Setup: The site"]


def test_a_work_tree_beside_another_is_shared(server: Server, tmp_path: Path) -> None:
    ann = server.laptop("Ann")
    ann.git("worktree", "add", "--quiet", "--track", "-b", "more", str(tmp_path / "more"), "origin/main")
    more = Laptop(tmp_path / "more", "Ann")
    more.add("2024-05-05 09:00", "From Ann.")
    assert more.share().state is ShareState.SHARED


def test_a_repository_kept_elsewhere_is_shared_once_it_knows_the_folder(server: Server, tmp_path: Path) -> None:
    ann = server.laptop("Ann")
    (ann.folder / ".git").rename(tmp_path / "kept")
    ann.write(".git", f"gitdir: {tmp_path}/kept\n")
    ann.add("2024-05-05 09:00", "From Ann.")
    assert ann.share().state is ShareState.NOT_SHARED
    ann.git("config", "core.worktree", str(ann.folder))
    assert ann.share().state is ShareState.SHARED


def test_the_name_of_a_branch_is_neither_an_escape_nor_a_command(server: Server) -> None:
    ann = server.laptop("Ann")
    ann.git("checkout", "--quiet", "--no-track", "-b", "x\u009b31m;reboot")
    ann.share()
    (said,) = ann.heard
    assert "\u009b" not in said
    assert shlex.split(said)[-1].endswith(";reboot")


def test_a_server_that_never_answers(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "NETWORK_TIMEOUT", 0.5)
    ann = server.laptop("Ann")
    ann.add("2024-05-05 09:00", "From Ann.")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ann.git("config", "remote.origin.url", f"http://127.0.0.1:{listening.getsockname()[1]}/status.git")
        shared = ann.share()
    assert shared.state is ShareState.COMMITTED
    assert "cannot be reached now" in shared.explanation


def test_a_password_in_an_address_is_not_repeated(server: Server) -> None:
    ann = server.laptop("Ann")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    ann.git("config", "remote.origin.url", f"http://ann:hunter2@127.0.0.1:{port}/status.git")
    ann.add("2024-05-05 09:00", "From Ann.")
    ann.share()
    assert "hunter2" not in "".join(ann.heard)


def test_a_server_that_does_not_take_it(server: Server) -> None:
    ann, ben = server.laptop("Ann"), server.laptop("Ben")
    ben.add("2024-05-05 09:05", "From Ben.")
    ben.share()
    ann.git("config", "--file", str(server.origin / "config"), "receive.maxInputSize", "1")
    ann.add("2024-05-05 09:00", "From Ann.")
    shared = ann.share()
    assert shared.state is ShareState.COMMITTED
    assert "The server does not accept what you wrote" in shared.explanation
    assert "From Ben." in ann.read()
    ann.git("config", "--file", str(server.origin / "config"), "receive.maxInputSize", "0")
    assert ann.share().state is ShareState.SHARED
    assert ben.share().state is ShareState.SHARED
    assert ben.read() == ann.read()
