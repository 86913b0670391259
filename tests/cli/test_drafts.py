"""Answers are kept until they are written: after Ctrl-C, and after the terminal was closed."""

import stat
from pathlib import Path

import pytest

from statusgen.editor.private_folder import private_folder
from tests.support.office import NOW, Office
from tests.support.terminal import OpenTerminal

_HOUR = 3600
# What drafts may say that are damaged.
_DAMAGED = ["", "[]", "{}", '{"command": "new"}', '{"command": "new", "flags": [], "opened": "2024-05-05"}']
_DAMAGED += ['{"command": "new", "flags": {}, "opened": "2024-05-05"}\n{"post": "", "after": 0, "said": 1}']


@pytest.fixture(autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's own that programs keep their state in, apart from the site's folder."""
    folder = tmp_path_factory.mktemp("user") / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder


def drafts(office: Office) -> list[Path]:
    return sorted((private_folder(office.folder) / "drafts").glob("*.jsonl"))


def test_after_ctrl_c_the_same_command_goes_on_from_there(office: Office, open_terminal: OpenTerminal) -> None:
    before = office.files()
    terminal = open_terminal("new --service permits=down")
    terminal.answer("What happened?", "Permits: closed")
    terminal.answer("Since when?", "now")
    said = terminal.interrupt()
    assert len(drafts(office)) == 1
    assert "Your answers are kept in your own folder. To continue from there: statusgen new." in said
    # Nothing of it is with the content, which is committed and published.
    assert office.files() == before

    terminal = open_terminal("new", now=NOW + _HOUR)
    terminal.child.expect_exact("was left with 2 answers.")
    terminal.child.expect_exact("Continue from there? [Y/n]: ")
    terminal.child.sendline("")
    again = terminal.answer("Could it affect anything else?", "no")
    assert "What happened?" in again
    assert "> Permits: closed" in again
    assert "Which services" not in again
    terminal.answer("What can people do instead?", "")
    terminal.answer("When will you say more?", "in 2 hours")
    terminal.confirm()
    assert "Wrote " in terminal.rest()
    # "now" was typed an hour before "in 2 hours".
    assert office.text("2024-05-05-permits-closed") == (
        "---\ntitle: 'Permits: closed'\nstarted: 2024-05-05 09:45\nposted: 2024-05-05 10:45\n"
        "services:\n  permits: down\nscope: named\nnext_update: 2024-05-05 12:50\n---\n"
    )
    assert drafts(office) == []


def test_a_terminal_that_is_closed_loses_no_answer(office: Office, open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("update network")
    terminal.answer("What is new?", "We found the cable.")
    terminal.answer("Has any service's status changed?")
    terminal.child.close(force=True)
    [draft] = drafts(office)
    assert "We found the cable." in draft.read_text(encoding="utf-8")
    assert stat.S_IMODE(draft.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(draft.stat().st_mode) == 0o600
    terminal = open_terminal("update")
    terminal.child.expect_exact("Continue from there? [Y/n]: ")
    terminal.child.sendline("")
    terminal.answer("Has any service's status changed?", "")
    terminal.answer("When will you say more?", "")
    terminal.answer("Say that their status is not known?", "")
    terminal.confirm()
    assert "Wrote " in terminal.rest()
    assert office.text().endswith("\n## 2024-05-05 09:45\n\nWe found the cable.\n")


def test_a_promise_that_has_passed_meanwhile_is_asked_for_again(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("new --title T --since 8:00 --service permits=down --scope named --do Wait.")
    terminal.answer("When will you say more?", "in 10 minutes")
    terminal.confirm("n")
    assert "Your answers are kept in your own folder." in terminal.rest()
    terminal = open_terminal("new", now=NOW + _HOUR)
    terminal.child.expect_exact("Continue from there? [Y/n]: ")
    terminal.child.sendline("y")
    terminal.child.expect_exact("2024-05-05 10:00 comes before this update (2024-05-05 10:45).")
    terminal.child.expect_exact("> ")
    terminal.child.sendline("")
    assert "next_update" not in terminal.confirm()
    assert "Wrote " in terminal.rest()


def test_a_draft_that_nobody_wants_is_offered_once(office: Office, open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("new")
    terminal.answer("What happened?", "Permits")
    terminal.answer("Since when?")
    terminal.interrupt()
    [draft] = drafts(office)
    terminal = open_terminal("new")
    terminal.child.expect_exact("Continue from there? [Y/n]: ")
    terminal.child.sendline("n")
    terminal.answer(f"{draft.stem}.done")
    terminal.answer("What happened?")
    assert "kept" not in terminal.interrupt()
    assert "Permits" in draft.with_suffix(".done").read_text(encoding="utf-8")
    terminal = open_terminal("new")
    assert "Go on" not in terminal.answer("What happened?")


def test_a_draft_of_another_post_is_not_offered(office: Office, open_terminal: OpenTerminal) -> None:
    office.say("new --title Permits --since 8:00 --service permits=down --text 'We look.'")
    terminal = open_terminal("update network")
    terminal.answer("What is new?", "We found the cable.")
    terminal.answer("changed?")
    terminal.interrupt()
    assert "Go on" not in open_terminal("update permits").answer("What is new?")


def test_an_answer_that_changes_what_is_asked_replaces_those_after_it(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("new --title T --since 8:00 --do Wait.")
    terminal.answer("Which services", "permits down")
    terminal.answer("Could it affect anything else?", "no")
    terminal.answer("When will you say more?")
    terminal.interrupt()
    terminal = open_terminal("new --service trash=limited")  # other flags: nothing to go on from
    assert "Go on" not in terminal.answer("What happened?")
    terminal.interrupt()
    terminal = open_terminal("new")
    terminal.child.expect_exact("was left with 2 answers.")
    terminal.child.expect_exact("Continue from there? [Y/n]: ")
    terminal.child.sendline("")
    terminal.answer("When will you say more?")
    terminal.interrupt()
    # Run after run it is one draft, with as many answers as were given.
    terminal = open_terminal("new")
    terminal.child.expect_exact("was left with 2 answers.")


def test_a_draft_that_cannot_be_read_or_kept_is_in_nobodys_way(
    office: Office, open_terminal: OpenTerminal, own_state: Path
) -> None:
    folder = private_folder(office.folder) / "drafts"
    folder.mkdir(parents=True)
    for number, content in enumerate(_DAMAGED):
        (folder / f"{number:016}.jsonl").write_text(f"{content}\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in drafts(office)}
    assert "Go on" not in open_terminal("new").answer("What happened?")
    assert {path: path.read_bytes() for path in drafts(office)} == before
    own_state.rename(own_state.with_name("away"))
    own_state.write_text("no folder", encoding="utf-8")
    terminal = open_terminal("new")
    terminal.answer("What happened?", "Permits")
    assert "Your answers cannot be kept" in terminal.answer("Since when?", "8:00") + terminal.answer("Which services")
    assert "kept in" not in terminal.interrupt()
