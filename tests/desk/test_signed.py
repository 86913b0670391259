"""A page that is signed stays signed when the desk publishes it, or the desk says so and publishes nothing."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cli.main import main
from statusgen.desk.desk import Desk
from statusgen.desk.outside import Outside, look_outside
from statusgen.desk.publishing.job import Job, JobState, Trouble
from tests.support.publications import shown_by
from tests.support.signing_keys import private_key, signers_file
from tests.support.web_server import serve_folder
from tests.support.writer import Writer, at_the_desk, make_services

TITLE = "Trash is not picked up"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Path]:
    """A town that published a signed page from another computer: it was made there."""
    city = tmp_path / "city"
    (city / "incidents").mkdir(parents=True)
    with serve_folder(tmp_path / "main" / "current") as url:
        (city / "services.yaml").write_text(make_services(url, {"main": tmp_path / "main"}), encoding="utf-8")
        signed = ["--sign", str(private_key("page")), "--output", str(tmp_path / "elsewhere")]
        run("publish", "--source", str(city), *signed)
        yield city


def run(*arguments: str) -> None:
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output


def verify(job: Job) -> None:
    """Verify what residents read, as someone would who trusts the key."""
    run("verify", job.plan.url, "--signers", str(signers_file("page")))


def publish(writer: Writer) -> Job:
    return writer.await_job(writer.publish(writer.report()).id)


def test_a_desk_with_the_key_signs_what_it_publishes(city: Path) -> None:
    with at_the_desk(city, keys=[private_key("page")]) as writer:
        job = publish(writer)
        assert job.state is JobState.PUBLISHED, job.entries
    assert TITLE in shown_by(job.plan.url, "index.html")
    verify(job)


def test_a_desk_without_the_key_says_so_before_and_leaves_the_page_as_it_is(city: Path) -> None:
    with at_the_desk(city) as writer:
        job = publish(writer)
        assert (job.state, job.trouble) == (JobState.FAILED, Trouble.NO_KEY), job.entries
        words = writer.open(f"jobs/{job.id}")
        assert "This desk has no key for that" in words
        assert "Your post is kept on this computer. Nobody else has it yet." in words
        assert not list((city / "incidents").iterdir())
        assert TITLE not in shown_by(job.plan.url, "index.html")
        verify(job)
        # Someone opens the desk with the key.
        with at_the_desk(city, keys=[private_key("page")]) as other:
            other.press(f"jobs/{job.id}/retry")
            assert other.await_job(job.id).state is JobState.PUBLISHED, other.job(job.id).entries
    verify(job)


def test_the_first_screen_and_the_look_say_that_the_key_is_missing(city: Path) -> None:
    said = "The page is signed, and this desk has no key for that."
    with at_the_desk(city) as writer:
        assert said not in writer.open("")
        writer.desk.watcher.outside = look_outside(city, lambda: writer.desk.read_site().site, Outside())
        assert said in writer.open("")
        writer.report()
        assert said in writer.words
    # What was made here last says so without a network.
    run("build", "--source", str(city), "--sign", str(private_key("page")))
    with at_the_desk(city) as writer:
        assert said in writer.open("")
    with at_the_desk(city, keys=[private_key("page")]) as writer:
        assert said not in writer.open("")


def test_a_key_with_a_password_that_nobody_can_be_asked_for_stops_it_first(city: Path, tmp_path: Path) -> None:
    key = tmp_path / "locked"
    make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "a long password", "-f", str(key)]
    subprocess.run(make, check=True, capture_output=True)
    with at_the_desk(city, keys=[key]) as writer:
        job = publish(writer)
        assert job.trouble is Trouble.KEY_FAILS, job.entries
        assert "The key with which the page is signed cannot be used here." in writer.open(f"jobs/{job.id}")
        assert not list((city / "incidents").iterdir())
    verify(job)


def test_a_host_that_answers_every_address_with_a_page_has_no_signed_one(tmp_path: Path) -> None:
    (tmp_path / "page").mkdir()
    for name in ("manifest.json.sig", "manifest.json.minisig"):
        (tmp_path / "page" / name).write_text("<!doctype html><title>Welcome</title>", encoding="utf-8")
    with serve_folder(tmp_path / "page") as url:
        city = tmp_path / "city"
        (city / "incidents").mkdir(parents=True)
        (city / "services.yaml").write_text(make_services(url, {"main": tmp_path / "main"}), encoding="utf-8")
        desk = Desk(city)
        assert look_outside(city, lambda: desk.read_site().site, Outside()).signatures == frozenset()
