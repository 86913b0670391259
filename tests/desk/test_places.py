"""Where a publication goes: a first place that does not answer, a copy that does, and a host that takes its time."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from statusgen.cli.site_clock import OFF
from statusgen.desk.publishing.job import Job, JobState, Step, StepKind, StepState, Trouble
from statusgen.desk.publishing.jobs import NOW
from statusgen.desk.publishing.places import Patience
from statusgen.desk.publishing.worker import go_on
from statusgen.desk.words import show_address
from tests.support.publications import shown_by
from tests.support.receivers import receive
from tests.support.two_laptops import Laptop, Server, run_git
from tests.support.web_server import FolderHandler, serve, serve_folder
from tests.support.writer import Writer, at_the_desk, make_services

TITLE = "Trash is not picked up"
# Nothing listens there.
SILENT = "ssh://web@127.0.0.1:9/srv"


class City:
    """A town whose page has a first place and a copy: where both are sent, and their addresses."""

    def __init__(self, folder: Path, url: str, copy: str) -> None:
        self.folder, self.url, self.copy = folder / "city", url, copy
        self.first, self.second = f"file://{folder / 'main'}", f"file://{folder / 'spare'}"
        self.more = ""
        (self.folder / "incidents").mkdir(parents=True)

    def set_places(self, first: str, second: str) -> None:
        """Say where the page is sent."""
        places = f"publish: [{{id: main, to: '{first}'}}, {{id: spare, to: '{second}', url: '{self.copy}'}}]\n"
        (self.folder / "services.yaml").write_text(make_services(self.url) + places + self.more, encoding="utf-8")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with serve_folder(tmp_path / "main" / "current") as url, serve_folder(tmp_path / "spare" / "current") as copy:
        yield City(tmp_path, url, copy)


def publish(writer: Writer) -> Job:
    return writer.await_job(writer.publish(writer.report()).id)


def test_a_copy_has_it_while_the_first_place_does_not_answer(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATUSGEN_TEAM_SECRET", "whsec_" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    with receive() as receiver, at_the_desk(city.folder) as writer:
        channel = f"{{id: team, kind: webhook, since: '2024-01-01 00:00', to: '{receiver.url}/in'}}"
        city.more = f"notify: {{channels: [{channel}]}}\n"
        city.set_places(SILENT, city.second)
        job = publish(writer)
        assert (job.state, job.trouble) == (JobState.WAITING, Trouble.HOST_SILENT), job.entries
        assert TITLE in shown_by(city.copy, "index.html")
        words = writer.open(f"jobs/{job.id}")
        assert f"Residents see it at {show_address(city.copy)} only. Live there since " in words
        assert f"{show_address(city.url)} does not answer. Safe:" in words
        assert "no network" not in words
        assert f"Nobody was notified yet, because messages link to {show_address(city.url)}." in words
        assert f'href="{city.copy}' in writer.page
        assert f"{city.copy}incidents/{job.plan.post}/</p>" in writer.page  # the message to copy
        assert receiver.received == []
        words = writer.open("")
        assert "1 post is public, but not everywhere." in words
        assert "not out yet" not in words
        # The host is back.
        city.set_places(city.first, city.second)
        writer.press(f"jobs/{job.id}/retry")
        done = writer.await_job(job.id)
        assert done.state is JobState.PUBLISHED, done.entries
        assert TITLE in shown_by(city.url, "index.html")
        assert len(receiver.received) == 1
        assert "Residents see it. Live since " in writer.open(f"jobs/{job.id}")
        reads = [each.step.id for each in done.entries if each.step.kind is StepKind.READ and done.is_done(each.step)]
        assert reads.count("spare") == 4  # begun and done, each time that it was sent
        assert shown_by(city.url, "manifest.json") == shown_by(city.copy, "manifest.json")


def test_a_copy_that_takes_nothing_keeps_nobody_from_reading_it(city: City, tmp_path: Path) -> None:
    city.set_places(city.first, city.second)
    (tmp_path / "spare").write_text("In the way.", encoding="utf-8")
    with at_the_desk(city.folder) as writer:
        job = publish(writer)
        assert job.state in (JobState.FAILED, JobState.WAITING), job.entries
        words = writer.open(f"jobs/{job.id}")
    assert "Published, but not everywhere" in words
    assert "Residents see it. Live since " in words
    assert TITLE in shown_by(city.url, "index.html")


def test_if_no_place_answers_there_may_be_no_network(city: City) -> None:
    city.set_places(SILENT, SILENT)
    with at_the_desk(city.folder) as writer:
        job = publish(writer)
        assert (job.state, job.trouble) == (JobState.WAITING, Trouble.HOST_SILENT), job.entries
        words = writer.open(f"jobs/{job.id}")
    assert "No place answers to which the page is sent. There may be no network." in words
    assert "Residents do not see it yet." in words


class Host(FolderHandler):
    """A host that makes the page from the shared copy by itself, once it has been asked for it often enough."""

    def __init__(self, *arguments: object, town: "Town") -> None:
        self.town = town
        super().__init__(*arguments, directory=str(town.public))  # type: ignore[arg-type] # what the server passes on

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        """Answer, and make the page before if it is time."""
        self.town.asked += 1
        if self.town.asked == self.town.builds_at:
            self.town.build()
        super().do_GET()


class Town:
    """A town whose host makes the page; Dana writes at the desk."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.public = folder, folder / "public"
        self.asked, self.builds_at = 0, 0
        self.public.mkdir()
        self.server = Server(folder)
        self.dana: Laptop = self.server.laptop("Dana Whitfield")

    def build(self) -> None:
        """Make the page from what is shared, as the host's own job does."""
        run_git("clone", "--quiet", str(self.server.origin), str(self.folder / "checkout"))
        command = [sys.executable, "-m", "statusgen", "build", "--source", str(self.folder / "checkout")]
        subprocess.run([*command, "--output", str(self.public)], check=True, capture_output=True)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    with serve(partial(Host, town=town)) as url:
        town.dana.write("services.yaml", make_services(url))
        town.dana.share()
        yield town


def send(writer: Writer, patience: Patience) -> Job:
    """Publish with another patience than usual."""
    job = writer.publish(writer.report(), pause=-1)
    writer.await_job(job.id, lambda found: found.state_of(Step(StepKind.WAIT)) is StepState.NOW)
    writer.kill(job.id)
    writer.desk.jobs.wish(job.id, NOW)
    go_on(writer.desk.source, writer.desk.jobs, writer.job(job.id), patience=patience)
    return writer.job(job.id)


def test_the_desk_looks_until_the_host_has_made_the_page(town: Town) -> None:
    town.builds_at = 4
    with at_the_desk(town.dana.site) as writer:
        job = send(writer, Patience(host=60, pause=0.01))
        assert job.state is JobState.PUBLISHED, job.entries
        assert town.asked >= town.builds_at
        assert "Residents see it. Live since " in writer.open(f"jobs/{job.id}")
    assert TITLE in shown_by(job.plan.url, "index.html")


def test_a_host_that_takes_too_long_is_looked_at_again(town: Town) -> None:
    with at_the_desk(town.dana.site) as writer:
        job = send(writer, Patience(host=0.05, pause=0.01))
        assert (job.state, job.trouble) == (JobState.WAITING, Trouble.NOT_YET), job.entries
        words = writer.open(f"jobs/{job.id}")
        assert "has it, and has not made the page yet." in words
        assert "in the shared copy, so colleagues have it." in words
        town.build()
        writer.press(f"jobs/{job.id}/retry")
        assert writer.await_job(job.id).state is JobState.PUBLISHED, writer.job(job.id).entries


class LateClock(FolderHandler):
    """A host whose clock is two hours ahead."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return a time, as headers have it."""
        return super().date_time_string(timestamp or time.time() + 7200)


def test_a_clock_that_is_not_that_of_the_host_is_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(OFF, raising=False)
    city = tmp_path / "city"
    (city / "incidents").mkdir(parents=True)
    with serve(partial(LateClock, directory=str(tmp_path / "main" / "current"))) as url:
        (city / "services.yaml").write_text(make_services(url, {"main": tmp_path / "main"}), encoding="utf-8")
        with at_the_desk(city) as writer:
            job = publish(writer)
            assert (job.state, job.trouble) == (JobState.FAILED, Trouble.CLOCK), job.entries
            words = writer.open(f"jobs/{job.id}")
            assert re.search(r"This computer's clock says \S+ [AP]M, and that of the host .*\d [AP]M\.", words)
            assert "Date & Time" in words
            assert not list((city / "incidents").iterdir())
            writer.press(f"jobs/{job.id}/retry", reopen="")
            assert writer.address == f"drafts/{job.plan.draft}"
            writer.open(f"{writer.address}/look")
            job = writer.await_job(writer.publish(job.plan.draft).id)
            writer.press(f"jobs/{job.id}/retry", decision="clock-is-right")
            assert writer.await_job(job.id).state is JobState.PUBLISHED, writer.job(job.id).entries
