"""Nobody but the browser that was given the first address can read a draft, or send a form."""

import os
import re
import socket
import sys
from pathlib import Path

import pytest

from statusgen.desk.guard import COOKIE
from statusgen.desk.kinds import FormKind
from statusgen.preview.web_server import listen
from tests.support.desk import BROWSER, Visitor
from tests.support.office import NOW, POST, Office


@pytest.fixture
def visitor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW))
    folder = tmp_path / "site"
    folder.mkdir()
    Office(folder, POST)
    return Visitor(folder)


def test_a_ticket_opens_the_desk_once(visitor: Visitor) -> None:
    ticket = visitor.guard.issue_ticket()
    other = visitor.stranger()
    answer = other.get("/enter", query_string={"t": ticket})
    assert answer.status_code == 200
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert f"Path={visitor.home}" in cookie
    assert other.get(visitor.home).status_code == 200
    again = visitor.stranger().get("/enter", query_string={"t": ticket})
    assert again.status_code == 404
    assert "This address opens the desk once" in again.text
    assert visitor.guard.key not in again.text


@pytest.mark.skipif(sys.platform != "linux" or os.getuid() != 0, reason="only root can be two users")
def test_a_ticket_opens_nothing_for_another_user_of_the_computer(visitor: Visitor) -> None:
    def enter(user: int) -> bytes:
        with socket.socket() as connection:
            os.fchown(connection.fileno(), user, -1)
            connection.connect(("127.0.0.1", int(port)))
            connection.sendall(f"GET /enter?t={ticket} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            return connection.recv(12)

    ticket = visitor.guard.issue_ticket()
    with listen(visitor.app, "127.0.0.1", 0) as server:
        port = server.url.rpartition(":")[2]
        server.start()
        assert enter(65534).endswith(b" 404")
        assert enter(os.getuid()).endswith(b" 200")


@pytest.mark.parametrize("ticket", ["", "x", "é", "0" * 5000])
def test_a_guessed_ticket_opens_nothing(visitor: Visitor, ticket: str) -> None:
    answer = visitor.stranger().get("/enter", query_string={"t": ticket})
    assert answer.status_code == 404
    assert "desk" not in answer.text


def test_neither_secret_alone_opens_anything(visitor: Visitor) -> None:
    draft = visitor.desk.open_draft(FormKind.PROBLEM, "")
    for path in ("", f"drafts/{draft.id}", "drafts/0123456789abcdef", "static/desk.css"):
        answer = visitor.stranger().get(visitor.home + path)
        assert answer.status_code == 404
        assert "close the window in which the desk was started" in answer.text
        assert "Springfield" not in answer.text
        assert visitor.guard.key not in answer.text
    elsewhere = visitor.stranger().get(visitor.home, headers={"Sec-Fetch-Site": "cross-site"})
    assert "desk" not in elsewhere.text
    with_cookie_alone = visitor.client.get("/k/guess/", headers={"Cookie": f"{COOKIE}=x"})
    assert with_cookie_alone.status_code == 404
    assert visitor.client.get("/").status_code == 404


def test_a_page_elsewhere_can_send_no_form(visitor: Visitor) -> None:
    draft = visitor.desk.open_draft(FormKind.PROBLEM, "")
    address = f"{visitor.home}drafts/{draft.id}"
    said = {"form-token": visitor.guard.form_token, "title": "Stolen"}
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:8123"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "same-site"},
    ):
        assert visitor.client.post(address, data=said, headers=headers).status_code in (403, 404), headers
    wrong = {**said, "form-token": "guess"}
    assert visitor.client.post(address, data=wrong, headers=BROWSER).status_code == 403
    kept = visitor.desk.drafts.read(draft.id)
    assert kept
    assert not kept.answers
    assert visitor.client.post(address, data=said, headers=BROWSER).status_code == 303
    kept = visitor.desk.drafts.read(draft.id)
    assert kept
    assert kept.first("title") == "Stolen"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "status.springfield.example:80", ""])
def test_another_name_for_this_computer_opens_nothing(visitor: Visitor, host: str) -> None:
    assert visitor.client.get(visitor.home, headers={"Host": host}).status_code in (403, 404)


def test_a_link_elsewhere_opens_no_screen(visitor: Visitor) -> None:
    assert visitor.client.get(visitor.home, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 404


def test_the_preview_is_read_only_and_opens_nothing_else(visitor: Visitor) -> None:
    draft = visitor.desk.open_draft(FormKind.UPDATE, "post-1")
    draft = visitor.desk.drafts.change(draft, {"text": ("We found <script>alert(1)</script> it.",)}, draft.opened)
    revision = visitor.desk.rehearse(draft).revision
    address = f"/p/{visitor.guard.preview_key}/{revision}/incidents/post-1/"
    page = visitor.stranger().get(address)
    assert page.status_code == 200
    assert "We found" in page.text
    assert "sandbox" in page.headers.getlist("Content-Security-Policy")
    assert visitor.guard.key not in page.text
    assert visitor.guard.form_token not in page.text
    assert visitor.stranger().post(address).status_code in (404, 405)
    assert visitor.stranger().get(f"/p/guess/{revision}/").status_code == 404
    assert visitor.stranger().get(f"/p/{visitor.guard.preview_key}/{'0' * 24}/").status_code == 404


def test_no_screen_may_run_or_load_anything_from_elsewhere(visitor: Visitor) -> None:
    answer = visitor.client.get(visitor.home)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", answer.text)
    assert "style=" not in answer.text


def test_a_form_that_is_too_long_is_refused(visitor: Visitor) -> None:
    draft = visitor.desk.open_draft(FormKind.PROBLEM, "")
    said = {"form-token": visitor.guard.form_token, "text": "x" * 400_000}
    answer = visitor.client.post(f"{visitor.home}drafts/{draft.id}", data=said, headers=BROWSER)
    assert answer.status_code == 413


def test_nothing_is_written_into_the_site(visitor: Visitor) -> None:
    def files() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in visitor.desk.source.rglob("*") if path.is_file()}

    before = files()
    draft = visitor.desk.open_draft(FormKind.PROBLEM, "")
    said = {"title": "Trash is late", "since": "now", "status/trash": "down", "form-token": visitor.guard.form_token}
    headers = {"X-Form-Token": visitor.guard.form_token, **BROWSER}
    visitor.client.post(f"{visitor.home}drafts/{draft.id}", data=said, headers=BROWSER)
    keys = {"answers": {"title": ["Trash is very late"], "../../x": ["y"]}}
    answer = visitor.client.post(f"{visitor.home}drafts/{draft.id}/keys", json=keys, headers=headers)
    assert answer.json == {"kept": "9:45:12 AM"}
    answer = visitor.client.get(f"{visitor.home}drafts/{draft.id}/outcome.json")
    assert answer.json
    assert answer.json["editions"][0]["message"].startswith("Springfield: Trash is very late.")
    assert files() == before
