"""The look before publishing says what residents will see change, and what is new besides, as it is true then."""

from pathlib import Path

import pytest

from tests.support.desk_forms import DeskUser
from tests.support.office import NOW, POST, Office
from tests.support.sample_sites import Page

PROMISED = POST.replace("---\nWe are", "next_update: 2024-05-05 12:00\n---\nWe are")
OF_A_COLLEAGUE = POST.replace("The network is down", "The elevator is stuck").replace("water-bill/online", "permits")
FOUR_HOURS = 4 * 3600


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "site").mkdir()
    office = Office(tmp_path / "site", PROMISED)
    office.say("build")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW + FOUR_HOURS))
    return office


def look(office: Office) -> str:
    """Keep the late promise by an update, and return the words of the look at it."""
    user = DeskUser(office.folder)
    writing = user.begin("update", "post-1").fill({"text": "We are still looking.", "next-own": "5 PM"})
    return Page(user.get(f"drafts/{writing.id}/look")).words


def test_a_late_promise_that_is_kept_now_is_not_called_late_then(office: Office) -> None:
    words = look(office)
    assert "We are still looking." in words
    assert "overdue" not in words
    assert "Published with it" not in words


def test_what_a_colleague_wrote_goes_with_it(office: Office) -> None:
    (office.folder / "incidents" / "post-2.md").write_text(OF_A_COLLEAGUE, encoding="utf-8")
    _, _, besides = look(office).partition("Published with it: new since the page was last built")
    assert "The elevator is stuck" in besides
