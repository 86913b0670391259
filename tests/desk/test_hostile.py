"""Whatever is typed, or is written by others meanwhile, no screen breaks, and nothing that was typed is dropped."""

import io
import subprocess
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from statusgen.desk.drafts import Draft
from statusgen.desk.guard import MAX_FIELDS
from statusgen.desk.kinds import FormKind
from tests.support.desk import BROWSER, Visitor
from tests.support.full_disk import full_disk, needs_a_full_disk
from tests.support.office import NOW, POST, Office
from tests.support.pictures import make_png
from tests.support.sample_sites import make_city

SAID = {"title": "Trash is late", "since": "now", "status/trash": "down"}


@pytest.fixture(autouse=True)
def _surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW))


@pytest.fixture
def visitor(tmp_path: Path) -> Visitor:
    folder = tmp_path / "site"
    folder.mkdir()
    Office(folder, POST)
    return Visitor(folder)


def send_keys(visitor: Visitor, draft: Draft, body: str) -> TestResponse:
    headers = {"X-Form-Token": visitor.guard.form_token, **BROWSER}
    address = f"{visitor.home}drafts/{draft.id}/keys"
    client: FlaskClient = visitor.client
    return client.post(address, data=body, content_type="application/json", headers=headers)


def send_form(visitor: Visitor, draft: Draft, path: str = "", **more: object) -> TestResponse:
    said = {"form-token": visitor.guard.form_token, **SAID, **more}
    return visitor.client.post(f"{visitor.home}drafts/{draft.id}{path}", data=said, headers=BROWSER)


@pytest.mark.parametrize("field", ["title", "text", "do/trash", "side-by-side", "prepared", "pictures"])
def test_half_a_character_breaks_no_screen(visitor: Visitor, field: str) -> None:
    draft = visitor.desk.open_draft(FormKind.PROBLEM, "")
    said = '"title": ["Trash"], "since": ["now"], "status/trash": ["down"]'
    answer = send_keys(visitor, draft, f'{{"answers": {{{said}, "{field}": ["a \\ud83d b"]}}}}')
    assert answer.status_code == 200
    for page in (f"drafts/{draft.id}", f"drafts/{draft.id}/outcome.json", f"drafts/{draft.id}/look", ""):
        assert visitor.client.get(visitor.home + page).status_code in (200, 303), page


@pytest.mark.parametrize("answers", ["5", '{"title": 5}', '{"title": "Trash"}', '{"title": [{"a": 1}]}', "[]", "null"])
def test_what_no_form_sends_is_refused(visitor: Visitor, answers: str) -> None:
    draft = visitor.desk.open_draft(FormKind.PROBLEM, "")
    assert send_keys(visitor, draft, f'{{"answers": {answers}}}').status_code == 400
    assert visitor.desk.drafts.read(draft.id) == draft


def test_a_long_text_is_kept_whole_and_too_many_fields_are_refused(visitor: Visitor) -> None:
    draft = visitor.desk.open_draft(FormKind.PROBLEM, "")
    text = "All of this was pasted. " * 2000
    assert send_form(visitor, draft, text=text).status_code == 303
    kept = visitor.desk.drafts.read(draft.id)
    assert kept
    assert kept.first("text") == text
    assert send_form(visitor, draft, **{f"x{number}": "" for number in range(MAX_FIELDS)}).status_code == 413
    assert visitor.desk.drafts.read(draft.id) == kept


def test_a_picture_can_be_added_where_there_are_hundreds_of_services(tmp_path: Path) -> None:
    folder = tmp_path / "large"
    folder.mkdir()
    make_city(folder, "".join(f"  - {{id: service-{number}, name: Service {number}}}\n" for number in range(400)))
    visitor = Visitor(folder)
    draft = visitor.desk.open_draft(FormKind.PROBLEM, "")
    fields = {f"{name}/service-{number}": "" for number in range(400) for name in ("status", "do", "where", "expected")}
    picture = (io.BytesIO(make_png()), "x.png")
    assert send_form(visitor, draft, "/pictures", **fields, picture=picture).status_code == 303
    kept = visitor.desk.drafts.read(draft.id)
    assert kept
    assert kept.first("pictures")


@pytest.mark.parametrize("time", ["1714920312 +9999", "99999999999999 +0000", "-1 +0000"])
def test_a_commit_of_no_day_of_the_calendar_breaks_no_screen(visitor: Visitor, time: str) -> None:
    def git(*words: str, text: str = "") -> str:
        command = ["git", "-C", str(visitor.desk.source), *words]
        return subprocess.run(command, input=text, check=True, capture_output=True, text=True).stdout.strip()

    draft = visitor.desk.open_draft(FormKind.UPDATE, "post-1")
    post = visitor.desk.source / "incidents" / "post-1.md"
    post.write_text(post.read_text(encoding="utf-8") + "More.\n", encoding="utf-8")
    git("init", "--quiet")
    git("add", ".")
    commit = f"tree {git('write-tree')}\nauthor Ana <a@x> {time}\ncommitter Ana <a@x> {time}\n\nMore\n"
    git("update-ref", "HEAD", git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", text=commit))
    for page in (f"drafts/{draft.id}", f"two-texts/{draft.id}"):
        answer = visitor.client.get(visitor.home + page)
        assert answer.status_code == 200
        assert "Ana" in answer.text


def test_settings_that_cannot_be_read_are_explained_and_lose_nothing(visitor: Visitor) -> None:
    draft = visitor.desk.open_draft(FormKind.PROBLEM, "")
    send_form(visitor, draft)
    (visitor.desk.source / "services.yaml").write_text("site: [", encoding="utf-8")
    for page in ("", f"drafts/{draft.id}", f"drafts/{draft.id}/look"):
        answer = visitor.client.get(visitor.home + page)
        assert answer.status_code == 500
        assert "The settings of this site cannot be read." in answer.text
        assert "services.yaml:1" in answer.text
    assert send_keys(visitor, draft, '{"answers": {"title": ["Trash is very late"]}}').status_code == 200
    kept = visitor.desk.drafts.read(draft.id)
    assert kept
    assert kept.first("title") == "Trash is very late"


@needs_a_full_disk
def test_a_disk_without_room_is_explained(visitor: Visitor) -> None:
    draft = visitor.desk.open_draft(FormKind.PROBLEM, "")
    with full_disk(100):
        answer = send_form(visitor, draft)
    assert answer.status_code == 500
    assert "This could not be kept on this computer." in answer.text
