"""Two people at two computers: what each wrote survives, and nobody writes over what they have not read."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from statusgen.desk.outbox import go_on_waiting
from statusgen.desk.outside import Outside, look_outside
from statusgen.desk.publishing.job import Job, JobState, Step, StepKind, StepState, Trouble
from tests.support.publications import shown_by
from tests.support.two_laptops import FILE, Laptop, Server
from tests.support.web_server import serve_folder
from tests.support.writer import Writer, at_the_desk, make_services

POST = "2024-05-05-trash"
FIRST = "The second truck is repaired."
SECOND = "The streets north of Main come tomorrow."


class Town:
    """A town with a shared copy, Dana at the desk, and Ana, who writes on her own computer by command."""

    def __init__(self, folder: Path, url: str) -> None:
        self.server = Server(folder)
        self.ana, self.dana = self.server.laptop("Ana Reyes"), self.server.laptop("Dana Whitfield")
        self.ana.write("services.yaml", make_services(url, {"main": folder / "main"}))
        self.ana.share()
        self.dana.share()

    def publish(self, writer: Writer, draft: str, pause: int = 0) -> Job:
        return writer.await_job(writer.publish(draft, pause).id)

    def shared(self) -> Laptop:
        """A fresh copy of what is shared."""
        return self.server.laptop(f"copy {len(list(self.server.folder.iterdir()))}")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with serve_folder(tmp_path / "main" / "current") as url:
        yield Town(tmp_path, url)


@pytest.fixture
def dana(town: Town) -> Iterator[Writer]:
    with at_the_desk(town.dana.site) as writer:
        yield writer


def is_waiting(job: Job) -> bool:
    return job.state_of(Step(StepKind.WAIT)) is StepState.NOW


def test_a_colleague_who_wrote_of_something_else_is_joined_and_named(town: Town, dana: Writer) -> None:
    draft = dana.report("Permits are late", status__permits="degraded")
    town.ana.add("2024-05-05 10:00", FIRST)
    town.ana.share()
    job = town.publish(dana, draft)
    assert job.state is JobState.PUBLISHED, job.entries
    assert "Joined with a change by Ana Reyes to something else. Both are in." in dana.open(f"jobs/{job.id}")
    shared = town.shared()
    assert FIRST in shared.read(FILE)
    assert "Permits are late" in shared.read(job.plan.file)
    assert "Permits are late" in shown_by(job.plan.url, "index.html")
    assert shared.messages()[0].startswith("Dana Whitfield: ")


def test_a_form_says_that_a_colleague_wrote_and_nothing_is_chosen_for_its_writer(town: Town, dana: Writer) -> None:
    draft = dana.write("update", POST, text=SECOND, next="tomorrow 8:00", status__trash="down")
    town.ana.add("2024-05-05 10:00\nnext_update: 2099-05-06 09:00\nservices: {trash: working}\n", FIRST)
    town.ana.share()
    town.dana.share()
    assert "Ana Reyes wrote about this while you did." in dana.open(f"drafts/{draft}")
    dana.open(f"drafts/{draft}/look")
    assert dana.address == f"two-texts/{draft}"
    assert FIRST in dana.words
    assert SECOND in dana.words
    assert not re.search(r"<input[^>]* checked", dana.page)
    seen = dana.hidden("seen")
    assert "Please choose" in dana.press(f"two-texts/{draft}", seen=seen)
    assert "Please choose" in dana.press(f"two-texts/{draft}", seen=seen, what="both")
    assert "When you will say more?" in dana.words
    answers = {"fact/next": "theirs", "fact/status/trash": "mine"}
    dana.press(f"two-texts/{draft}", seen=seen, what="both", **answers)
    assert dana.address == f"drafts/{draft}/look"
    assert town.publish(dana, draft).state is JobState.PUBLISHED
    text = town.shared().read(FILE)
    assert 0 < text.index(FIRST) < text.index(SECOND)
    assert text.count("next_update") == 1
    assert text.index("trash: working") < text.index("trash: down")


def test_the_other_text_only_keeps_the_draft(town: Town, dana: Writer) -> None:
    draft = dana.write("update", POST, text=SECOND)
    town.ana.add("2024-05-05 10:00", FIRST)
    town.ana.share()
    town.dana.share()
    dana.open(f"drafts/{draft}/look")
    assert "Not published yet" in dana.press(f"two-texts/{draft}", seen=dana.hidden("seen"), what="theirs")
    assert SECOND not in town.dana.read(FILE)


def test_what_a_colleague_wrote_while_a_publication_waited_stops_it(town: Town, dana: Writer) -> None:
    job = dana.publish(dana.write("update", POST, text=SECOND), pause=-1)
    dana.await_job(job.id, is_waiting)
    town.ana.add("2024-05-05 10:00", FIRST)
    town.ana.share()
    dana.press(f"jobs/{job.id}/now")
    assert dana.await_job(job.id).trouble is Trouble.TWO_TEXTS
    assert "Neither text is lost, and nothing was overwritten." in dana.open(f"jobs/{job.id}")
    assert SECOND not in town.dana.read(FILE)
    dana.press(f"jobs/{job.id}/retry", reopen="both")
    assert "Ana Reyes wrote about this while you did." in dana.words
    dana.press(f"two-texts/{job.plan.draft}", seen=dana.hidden("seen"), what="both")
    assert town.publish(dana, job.plan.draft).state is JobState.PUBLISHED
    assert town.shared().read(FILE).count(FIRST) == town.shared().read(FILE).count(SECOND) == 1


def without_join(writer: Writer, job: Job) -> Job:
    """Publish the same without a look at what colleagues wrote before: someone is faster after that look."""
    writer.kill(job.id)
    writer.desk.jobs.end(job.id, JobState.CLOSED)
    steps = tuple(step for step in job.plan.steps if step.kind is not StepKind.JOIN)
    return writer.desk.jobs.create(replace(job.plan, steps=steps, leaves=0.0))


def test_both_texts_stay_if_a_colleague_is_faster_at_the_very_last_moment(town: Town, dana: Writer) -> None:
    job = dana.publish(dana.write("update", POST, text=SECOND), pause=-1)
    dana.await_job(job.id, is_waiting)
    town.ana.add("2024-05-05 10:00", FIRST)
    town.ana.share()
    late = without_join(dana, job)
    dana.desk.jobs.start(dana.desk.source, late.id)
    assert dana.await_job(late.id).state is JobState.PUBLISHED, dana.job(late.id).entries
    text = town.shared().read(FILE)
    assert text.count(FIRST) == text.count(SECOND) == 1


def test_two_texts_of_the_same_thing_at_the_last_moment_come_side_by_side(town: Town, dana: Writer) -> None:
    job = dana.publish(dana.write("update", POST, text=SECOND), pause=-1)
    dana.await_job(job.id, is_waiting)
    last = job.plan.new.rpartition("\n## ")
    heading, _, text = last[2].partition("\n")
    ended = f"{last[0]}\n## {heading} Resolved\n{text}".replace(SECOND, "All of it is picked up.")
    town.ana.add("2024-05-05 10:00", FIRST)
    town.ana.share()
    late = without_join(dana, replace(job, plan=replace(job.plan, new=ended)))
    dana.desk.jobs.start(dana.desk.source, late.id)
    found = dana.await_job(late.id)
    assert found.trouble is Trouble.TWO_TEXTS, found.entries
    assert FIRST in town.dana.read(FILE)
    assert "All of it is picked up." not in town.dana.read(FILE)
    assert "All of it is picked up." not in town.shared().read(FILE)
    dana.press(f"jobs/{late.id}/retry", reopen="both")
    assert dana.address == f"two-texts/{job.plan.draft}"


def test_without_a_network_it_waits_and_goes_out_by_itself(
    town: Town, dana: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1714920000
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(now))
    draft = dana.write("update", POST, text=SECOND)
    away = town.server.origin.rename(town.server.origin.with_name("away.git"))
    job = town.publish(dana, draft)
    assert (job.state, job.trouble) == (JobState.WAITING, Trouble.NO_NETWORK), job.entries
    assert "The shared copy cannot be reached. There may be no network." in dana.open(f"jobs/{job.id}")
    assert "Your post is kept on this computer." in dana.words
    assert "1 post waits for the network." in dana.open("")
    assert SECOND not in town.dana.read(FILE)
    go_on_waiting(dana.desk)
    assert not dana.job(job.id).is_alive
    away.rename(town.server.origin)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(now + 60))
    go_on_waiting(dana.desk)
    assert dana.await_job(job.id).state is JobState.PUBLISHED, dana.job(job.id).entries
    assert SECOND in town.shared().read(FILE)


def test_a_shared_copy_that_takes_nothing_can_be_left_out(town: Town, dana: Writer) -> None:
    town.dana.git("config", "--file", str(town.server.origin / "config"), "receive.maxInputSize", "1")
    job = town.publish(dana, dana.write("update", POST, text=SECOND))
    assert job.trouble is Trouble.SHARED_COPY_REFUSES, job.entries
    assert "Publish without the shared copy" in dana.open(f"jobs/{job.id}")
    dana.press(f"jobs/{job.id}/retry", decision="without-shared-copy")
    assert dana.await_job(job.id).state is JobState.PUBLISHED, dana.job(job.id).entries
    assert SECOND in shown_by(job.plan.url, f"incidents/{POST}/index.html")


def test_nothing_comes_in_while_something_is_published(town: Town, dana: Writer) -> None:
    town.ana.write("incidents/new.md", town.ana.read(FILE))
    town.ana.share()
    post = dana.desk.source / "incidents" / "new.md"
    before = Outside(asked_at=dana.desk.now(dana.desk.read_site().site), is_reached=True)

    def look() -> Outside:
        return look_outside(dana.desk.source, lambda: dana.desk.read_site().site, before)

    with dana.desk.jobs.hold_site():
        assert look().is_reached
        assert not post.exists()
    assert look().news
    assert post.exists()
