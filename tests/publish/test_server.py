"""Folders on this computer and on servers: the whole site at once, whoever else publishes and whatever breaks."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from statusgen.content.format.target_addresses import parse_target_address
from statusgen.problems import PublishError
from statusgen.publish import server
from statusgen.publish.send import deliver, prepare_delivery
from statusgen.publish.server import ServerTarget
from tests.support.editions import make_edition, moment_of, script_of
from tests.support.publications import find_leftovers, publish, shown_edition
from tests.support.ssh_server import SshServer, run_sshd


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the editions are."""
    return tmp_path_factory.mktemp("editions")


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    with run_sshd(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture(params=["file", "ssh"])
def address(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A target in `tmp_path`, on this computer and by ssh."""
    if request.param == "file":
        return f"file://{tmp_path}/base"
    server: SshServer = request.getfixturevalue("sshd")
    monkeypatch.setenv("PATH", server.path)
    return server.address(tmp_path / "base")


@pytest.fixture
def folder_address(tmp_path: Path) -> str:
    """A target in `tmp_path` on this computer, where the way there makes no difference."""
    return f"file://{tmp_path}/base"


def copy_edition(scratch: Path, number: int, folder: Path) -> Path:
    """Return where a copy of an edition is, to be damaged."""
    return shutil.copytree(make_edition(scratch, number).folder, folder / "mine" / f"edition-{number}").parent


def refusal(address: str, scratch: Path, number: int) -> str:
    """Return the words with which a publication is refused."""
    with pytest.raises(PublishError) as caught:
        publish(address, scratch, number)
    return str(caught.value)


def test_each_edition_is_a_whole_release_and_what_has_not_changed_is_one_file(
    address: str, scratch: Path, tmp_path: Path
) -> None:
    base = tmp_path / "base"
    for number in (1, 2):
        publish(address, scratch, number)
        assert shown_edition(base / "current") == number
    assert str((base / "current").readlink()).startswith("releases/20240505T1403")
    old, new = sorted((base / "releases").iterdir())
    assert (old / "icon.svg").stat().st_ino == (new / "icon.svg").stat().st_ino
    assert (old / "index.html").stat().st_ino != (new / "index.html").stat().st_ino
    assert shown_edition(old) == 1
    assert not (new / "_headers").exists()
    assert not (new / ".statusgen").exists()
    assert find_leftovers(base) == []


def test_all_that_is_sent_goes_through_one_connection(
    sshd: SshServer, scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", sshd.path)
    log = sshd.programs.parent / "log"
    before = log.read_text().count("Accepted publickey")
    publish(sshd.address(tmp_path / "base"), scratch, 1)
    assert log.read_text().count("Accepted publickey") == before + 2  # the other one read what was there


def test_where_connections_cannot_be_shared_each_has_its_own(
    sshd: SshServer, scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", sshd.path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("long" * 30)))
    (tmp_path / ("long" * 30)).mkdir()
    publish(sshd.address(tmp_path / "base"), scratch, 1)
    assert shown_edition(tmp_path / "base" / "current") == 1


def test_what_is_published_already_is_not_sent(folder_address: str, scratch: Path, tmp_path: Path) -> None:
    publish(folder_address, scratch, 1)
    before = os.lstat(tmp_path / "base" / "current").st_ino
    assert publish(folder_address, scratch, 1, now=moment_of(5)) is None
    assert os.lstat(tmp_path / "base" / "current").st_ino == before


def test_pages_that_were_loaded_before_find_what_they_load_for_a_day(
    folder_address: str, scratch: Path, tmp_path: Path
) -> None:
    current = tmp_path / "base" / "current"
    for number in (1, 2, 4):
        publish(folder_address, scratch, number)
    assert all((current / script_of(number)).is_file() for number in (1, 2, 4))
    publish(folder_address, scratch, 5, now=moment_of(5) + timedelta(days=1))
    assert not (current / script_of(1)).exists()
    assert (current / script_of(4)).is_file()
    assert shown_edition(current) == 5


def test_the_newest_three_releases_stay_and_the_shown_one_always(
    folder_address: str, scratch: Path, tmp_path: Path
) -> None:
    base = tmp_path / "base"
    (base / "releases" / "notes").mkdir(parents=True)
    publish(folder_address, scratch, 9, now=moment_of(0))
    for number in (10, 11, 12, 13):
        publish(folder_address, scratch, number)
    kept = sorted(path.name[:15] for path in (base / "releases").iterdir())
    assert kept == ["20240505T141200", "20240505T141300", "20240505T141400", "notes"]
    publish(folder_address, scratch, 9, now=moment_of(-1), force=True)
    assert shown_edition(base / "current") == 9
    assert len([*(base / "releases").iterdir()]) == 5


def test_an_older_site_is_refused_unless_forced(folder_address: str, scratch: Path, tmp_path: Path) -> None:
    publish(folder_address, scratch, 2)
    assert "--force" in refusal(folder_address, scratch, 1)
    assert shown_edition(tmp_path / "base" / "current") == 2
    publish(folder_address, scratch, 1, force=True)
    assert shown_edition(tmp_path / "base" / "current") == 1


def test_of_two_who_publish_at_once_the_second_is_refused_in_words(
    folder_address: str, scratch: Path, tmp_path: Path
) -> None:
    publish(folder_address, scratch, 1)
    target, site = ServerTarget(parse_target_address(folder_address)), make_edition(scratch, 2)
    slow = prepare_delivery(target, site, moment_of(3), force=False, contains=lambda _, __: None)
    publish(folder_address, scratch, 3)
    with pytest.raises(PublishError, match="Someone else published there meanwhile"):
        deliver(slow, target, site, moment_of(3), lambda _, __: None)
    assert shown_edition(tmp_path / "base" / "current") == 3
    assert find_leftovers(tmp_path / "base") == []


def test_everybody_can_read_it_whatever_the_umask_and_the_modes_here(
    folder_address: str, scratch: Path, tmp_path: Path
) -> None:
    mine = copy_edition(scratch, 1, tmp_path)
    before = os.umask(0o077)
    try:
        (mine / "edition-1" / "index.html").chmod(0o600)
        (mine / "edition-1" / "services").chmod(0o700)
        publish(folder_address, mine, 1)
    finally:
        os.umask(before)
    for path in (tmp_path / "base" / "releases").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644), path
    assert stat.S_IMODE((tmp_path / "base").stat().st_mode) == 0o755


@pytest.mark.parametrize("what", ["changed", "added", "missing", "a link"])
def test_a_folder_that_is_not_what_was_built_is_not_published(
    what: str, folder_address: str, scratch: Path, tmp_path: Path
) -> None:
    publish(folder_address, scratch, 1)
    mine = copy_edition(scratch, 2, tmp_path)
    page = mine / "edition-2" / "services" / "catalog" / "index.html"
    if what == "added":
        (mine / "edition-2" / "passwords.txt").write_text("none")
    elif what == "changed":
        page.write_text("All is well.")
    else:
        page.unlink()
    if what == "a link":
        page.symlink_to("/etc/hostname")
    assert "ublish again" in refusal(folder_address, mine, 2)
    assert shown_edition(tmp_path / "base" / "current") == 1
    assert find_leftovers(tmp_path / "base") == []


def test_what_was_sent_in_vain_serves_the_next_attempt(folder_address: str, scratch: Path, tmp_path: Path) -> None:
    base = tmp_path / "base"
    publish(folder_address, scratch, 1)
    given_up = base / "releases" / ".20240505T140230Z-000000000000.00000000.partial"
    given_up.mkdir()
    shutil.copy(make_edition(scratch, 2).folder / "index.html", given_up)
    (given_up / "index.html").chmod(0o644)
    arrived = (given_up / "index.html").stat().st_ino
    publish(folder_address, scratch, 2)
    assert (base / "current" / "index.html").stat().st_ino == arrived
    assert find_leftovers(base) == []


def test_what_nobody_sends_any_more_is_removed_even_if_nothing_can_be_published(
    folder_address: str, scratch: Path, tmp_path: Path
) -> None:
    base = tmp_path / "base"
    publish(folder_address, scratch, 1)
    for hours in (1, 3):
        given_up = base / "releases" / f".2024050{hours}T140230Z-000000000000.00000000.partial"
        given_up.mkdir()
        hours_ago = given_up.stat().st_mtime - hours * 3600
        os.utime(given_up, (hours_ago, hours_ago))
    (base / "current").unlink()
    (base / "current").mkdir()
    assert "current there is no link" in refusal(folder_address, scratch, 2)
    assert len(find_leftovers(base)) == 2
    (base / "current").rmdir()
    mine = copy_edition(scratch, 2, tmp_path)
    (mine / "edition-2" / "notes.txt").write_text("no part of it")
    with pytest.raises(PublishError):
        publish(folder_address, mine, 2)
    assert find_leftovers(base) == [".20240501T140230Z-000000000000.00000000.partial"]


def test_a_lock_whose_holder_is_gone_holds_up_nobody(folder_address: str, scratch: Path, tmp_path: Path) -> None:
    base = tmp_path / "base"
    publish(folder_address, scratch, 1)
    lock = base / ".statusgen-publishing"
    lock.mkdir()
    child = os.spawnlp(os.P_NOWAIT, "true", "true")
    os.waitpid(child, 0)
    (lock / "holder").write_text(f"{os.uname().nodename} {child}\n")
    publish(folder_address, scratch, 2)
    lock.mkdir()
    eleven_minutes_ago = lock.stat().st_mtime - 660
    os.utime(lock, (eleven_minutes_ago, eleven_minutes_ago))
    publish(folder_address, scratch, 3)
    assert shown_edition(base / "current") == 3
    assert find_leftovers(base) == []


def test_a_target_in_the_site_itself_is_refused(scratch: Path) -> None:
    site = make_edition(scratch, 1).folder
    assert "another folder" in refusal(f"file://{site}", scratch, 1)
    assert "another folder" in refusal(f"file://{site}/base", scratch, 1)
    assert not (site / "releases").exists()


@pytest.mark.parametrize(
    "record",
    [
        "{",
        '{"retired": {"../../index.html": "2024-05-05T08:00:00Z"}}',
        '{"uncertain": ["a/../../../index.html"]}',
        '{"retired": {"assets/a.js": "2024-05-05T08:00:00"}}',
        f'{{"holder": "{"9" * 5_000}"}}',
    ],
)
def test_a_record_that_nobody_can_read_is_named(
    record: str, folder_address: str, scratch: Path, tmp_path: Path
) -> None:
    publish(folder_address, scratch, 1)
    (tmp_path / "base" / "current" / "statusgen-publish.json").write_text(record)
    assert "statusgen-publish.json" in refusal(folder_address, scratch, 2)


# What is missing or closed.


@pytest.mark.parametrize("program", ["rsync", "sh"])
def test_without_its_programs_it_says_which_to_install(
    program: str, folder_address: str, scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bin = tmp_path / "bin"
    bin.mkdir()
    for name in {"rsync", "sh", "readlink", "wc", "cat", "mkdir", "find", "rm"} - {program}:
        (bin / name).symlink_to(str(shutil.which(name)))
    monkeypatch.setenv("PATH", str(bin))
    assert f"There is no {program} on" in refusal(folder_address, scratch, 1)


def test_a_host_that_prints_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_MAX", 100_000)
    (tmp_path / "ssh").write_text("#!/bin/sh\nexec yes Welcome\n")
    (tmp_path / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(PublishError, match=r"does not answer\. Publish again\."):
        ServerTarget(parse_target_address("ssh://web@127.0.0.1/srv/status")).read_published()


def test_a_host_that_does_not_answer_or_does_not_know_the_user_is_put_into_words(
    sshd: SshServer, scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", sshd.path)
    assert "Connection refused" in refusal("ssh://127.0.0.1:9/srv/status", scratch, 1)
    assert "ssh-add" in refusal(f"ssh://nobody-here@127.0.0.1:{sshd.port}/srv/status", scratch, 1)
    known = sshd.programs.parent / "known_hosts"
    keys = known.read_text()
    try:
        known.write_text("")
        assert "Compare the key" in refusal(sshd.address(tmp_path / "base"), scratch, 1)
    finally:
        known.write_text(keys)
    assert not (tmp_path / "base").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_of_somebody_else_is_put_into_words(folder_address: str, scratch: Path, tmp_path: Path) -> None:
    (tmp_path / "base").mkdir(mode=0o555)
    assert "cannot be written" in refusal(folder_address, scratch, 1)


def test_a_file_where_the_folder_should_be_is_put_into_words(
    folder_address: str, scratch: Path, tmp_path: Path
) -> None:
    (tmp_path / "base").write_text("a file")
    assert "cannot be written" in refusal(folder_address, scratch, 1)
