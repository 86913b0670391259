"""What the desk keeps does not grow without end, and nothing goes that someone may need: a draft, or to take back."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from threading import Event

import pytest
from werkzeug.datastructures import FileStorage

from statusgen.desk.contents import Contents
from statusgen.desk.desk import Desk
from statusgen.desk.drafts import Draft, DraftStore
from statusgen.desk.kinds import FormKind
from statusgen.desk.pictures import Picture, PictureStore
from statusgen.desk.publishing.job import JobState, MoreFile, Plan, Step, StepKind, StepState
from statusgen.desk.publishing.jobs import JobStore
from statusgen.desk.run import run_desk
from statusgen.desk.tidy import tidy
from statusgen.editor.private_folder import private_folder
from tests.support.pictures import make_png
from tests.support.writer import Writer, at_the_desk, make_services

LONG, SHORT = timedelta(days=31), timedelta(days=29)


class Room:
    """A site's private folder, in which time passes as a test says."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, datetime(2024, 5, 5, 7, 10, tzinfo=UTC)
        self.drafts, self.jobs = DraftStore(folder), JobStore(folder)
        self.pictures, self.contents = PictureStore(folder), Contents(folder)
        self._dated: dict[Path, float] = {}

    def files(self) -> set[str]:
        """Return the files that are there, by their paths, without those by which a publication is held."""
        files = (path for path in self._paths() if path.is_file() and path.name != "lock")
        return {path.relative_to(self.folder).as_posix() for path in files}

    def pass_time(self, length: timedelta) -> None:
        """Let time pass: what was written in the meantime was written before that."""
        for path in sorted(self._paths(), reverse=True):
            moment = path.stat().st_mtime
            if self._dated.get(path) != moment:
                os.utime(path, (self.now.timestamp(), self.now.timestamp()))
                self._dated[path] = path.stat().st_mtime
        self.now += length

    def _paths(self) -> Iterator[Path]:
        return self.folder.rglob("*")

    def write(self, number: int) -> Draft:
        """Write a draft with a picture about a post of which the text is kept."""
        base = self.contents.keep(f"post {number}".encode())
        draft = self.drafts.create(FormKind.UPDATE, "post-1", base, self.now)
        name = f"bin-{number}.png"
        self.pictures.keep(draft.id, name, Picture.read(make_png()))
        return self.drafts.change(draft, {"text": ("Found it.",), "pictures": (name,)}, self.now)

    def publish(self, draft: Draft, number: int, end: JobState | None) -> str:
        """Publish a draft with what belongs to it; return the id of the publication. Without `end` it is not over."""
        more = (MoreFile("incidents/files/bin.png", "", self.contents.keep(f"picture {number}".encode())),)
        plan = Plan(
            draft=draft.id,
            kind="update",
            post="post-1",
            title="T",
            file="incidents/post-1.md",
            old=None,
            new="x",
            at=self.now,
            leaves=None,
            pause=0,
            reader="",
            steps=(Step(StepKind.KEEP),),
            places={"": "https://status.springfield.example/"},
            promised=None,
            more=more,
        )
        job = self.jobs.create(plan)
        self.jobs.note(job.id, Step(StepKind.KEEP), StepState.DONE, self.now)
        self.drafts.discard(draft.id)
        if end:
            self.jobs.end(job.id, end)
        return job.id


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "private")


def test_a_year_of_posts_takes_no_more_room_than_a_month_of_them(room: Room) -> None:
    sizes = []
    for number in range(60):
        room.publish(room.write(number), number, JobState.PUBLISHED)
        room.drafts.discard(room.write(1000 + number).id)  # someone changed their mind
        room.drafts.create(FormKind.PROBLEM, "", "", room.now)  # and opened a form, and closed it
        room.pass_time(timedelta(days=6))
        tidy(room.folder, room.now)
        sizes.append(len(room.files()))
    assert max(sizes[10:]) == max(sizes[:10])


def test_what_somebody_writes_stays_however_old(room: Room) -> None:
    draft = room.write(1)
    room.pass_time(20 * LONG)
    tidy(room.folder, room.now)
    found = room.drafts.read(draft.id)
    assert found == draft
    assert room.pictures.read(draft.id, found.first("pictures"))
    assert room.contents.find(draft.base) == b"post 1"


@pytest.mark.parametrize("end", [None, JobState.PUBLISHED])
def test_a_publication_that_is_not_over_and_the_last_one_keep_all_that_is_theirs(
    room: Room, end: JobState | None
) -> None:
    draft = room.write(1)
    job = room.publish(draft, 1, end)
    if end is None:  # a later one is the last
        room.pass_time(timedelta(days=1))
        room.publish(room.write(2), 2, JobState.PUBLISHED)
    room.pass_time(20 * LONG)
    tidy(room.folder, room.now)
    found = room.jobs.read(job)
    assert found
    assert room.contents.find(found.plan.more[0].new) == b"picture 1"
    room.drafts.bring_back(draft.id)
    assert room.drafts.read(draft.id) == draft
    assert room.pictures.read(draft.id, draft.first("pictures"))


def test_what_is_over_goes_after_a_month_with_all_that_belongs_to_it(room: Room) -> None:
    before = room.publish(room.write(1), 1, JobState.PUBLISHED)
    room.pass_time(timedelta(hours=1))
    room.publish(room.write(2), 2, JobState.PUBLISHED)
    room.pass_time(SHORT)
    kept = room.files()
    tidy(room.folder, room.now)
    assert room.files() == kept
    room.pass_time(LONG - SHORT)
    tidy(room.folder, room.now)
    left = room.files()
    assert not any(before in path for path in left)
    assert len([path for path in left if path.startswith("drafts/")]) == 1
    assert len([path for path in left if path.startswith("pictures/")]) == 1
    assert len([path for path in left if path.startswith("contents/")]) == 2  # a post, and a picture


def test_a_publication_that_somebody_goes_on_with_is_not_deleted(room: Room) -> None:
    job = room.publish(room.write(1), 1, JobState.PUBLISHED)
    room.pass_time(timedelta(days=1))
    room.publish(room.write(2), 2, JobState.PUBLISHED)
    room.pass_time(LONG)
    with room.jobs.hold(job) as is_ours:
        assert is_ours
        tidy(room.folder, room.now)
    assert room.jobs.read(job)


def test_what_another_version_wrote_may_need_anything(room: Room) -> None:
    room.contents.keep(b"nobody knows")
    job = room.publish(room.write(1), 1, JobState.PUBLISHED)
    journal = room.folder / "jobs" / job / "journal.jsonl"
    journal.write_text(journal.read_text(encoding="utf-8").replace('"keep"', '"teleport"'), encoding="utf-8")
    room.pass_time(SHORT)
    before = room.files()
    tidy(room.folder, room.now)
    assert room.files() == before
    room.pass_time(LONG)
    tidy(room.folder, room.now)
    assert room.files() == set()


def test_what_was_cut_off_in_the_middle_goes_too(room: Room) -> None:
    for path in (f"contents/{'a' * 64}.part", f"pictures/{'0' * 16}/bin.png", f"jobs/{'0' * 16}/log"):
        (room.folder / path).parent.mkdir(parents=True)
        (room.folder / path).write_bytes(b"x")
    room.pass_time(timedelta(hours=1))
    tidy(room.folder, room.now)
    assert len(room.files()) == 3
    room.pass_time(LONG)
    tidy(room.folder, room.now)
    tidy(room.folder, room.now)
    assert room.files() == set()


def test_a_folder_of_which_nothing_is_there_yet_is_in_nobodys_way(tmp_path: Path) -> None:
    tidy(tmp_path / "private", datetime(2024, 5, 5, tzinfo=UTC))
    assert not (tmp_path / "private").exists()


def test_a_post_with_a_picture_is_taken_out_after_the_desk_was_tidied(tmp_path: Path) -> None:
    city = tmp_path / "city"
    (city / "incidents").mkdir(parents=True)
    (city / "services.yaml").write_text(make_services("http://127.0.0.1:1/"), encoding="utf-8")
    with at_the_desk(city) as writer:
        draft = writer.report()
        picture = {"picture": FileStorage(BytesIO(make_png()), "a.png"), "new-shows": "A full bin"}
        writer.press(f"drafts/{draft}/pictures", **{**_said(writer, draft), **picture})  # type: ignore[arg-type] # a file is a field, too
        writer.press(f"drafts/{draft}", act="look", **_said(writer, draft))
        job = writer.publish(draft)
        writer.await_job(job.id)
        assert len([*(city / "incidents").rglob("*.*")]) == 2
        tidy(writer.desk.folder, datetime.now(UTC) + SHORT)
        writer.press(f"undo/{job.id}", how="out")
        assert writer.address == f"drafts/{draft}"
        assert "A full bin" in writer.page
        assert [*(city / "incidents").rglob("*.*")] == []
        picture_name = _said(writer, draft)["pictures"]
        assert writer.client.get(f"{writer.home}drafts/{draft}/pictures/{picture_name}").status_code == 200


def _said(writer: Writer, draft: str) -> dict[str, str]:
    found = writer.desk.drafts.read(draft)
    assert found
    return {name: values[0] for name, values in found.answers.items()}


def test_the_desk_tidies_when_it_is_opened(tmp_path: Path) -> None:
    (tmp_path / "services.yaml").write_text(make_services("http://127.0.0.1:1/"), encoding="utf-8")
    (tmp_path / "incidents").mkdir()
    old, stop = private_folder(tmp_path) / "drafts" / f"{'0' * 16}.done", Event()
    old.parent.mkdir(parents=True)
    old.write_text('{"command": "new"}\n', encoding="utf-8")
    os.utime(old, (1, 1))
    stop.set()
    run_desk(Desk(tmp_path), 0, lambda _address: None, opens=False, stop=stop)
    assert not old.exists()
