"""Answers are kept until they are written: after Ctrl-C, and after the terminal was closed."""

import json
import stat
import subprocess
from pathlib import Path

from tests.support.office import NOW, Office
from tests.support.terminal import OpenTerminal

_HOUR = 3600


def drafts(office: Office) -> list[Path]:
    return sorted((office.folder / "drafts").glob("*.json"))


def test_after_ctrl_c_the_same_command_goes_on_from_there(office: Office, open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("new --service permits=down")
    terminal.answer("What happened?", "Permits: closed")
    terminal.answer("Since when?", "now")
    said = terminal.interrupt()
    [draft] = drafts(office)
    assert f"Your answers are kept in drafts/{draft.name}. To go on from there: statusgen new" in said
    assert office.run("check").exit_code == 0

    terminal = open_terminal("new", now=NOW + _HOUR)
    terminal.child.expect_exact(f"was left with 2 answers, in drafts/{draft.name}.")
    terminal.child.expect_exact("Go on from there? [Y/n]: ")
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
    assert json.loads(draft.read_text(encoding="utf-8"))["answers"][0][1] == "We found the cable."
    assert stat.S_IMODE(draft.parent.stat().st_mode) == 0o700
    terminal = open_terminal("update")
    terminal.child.expect_exact("Go on from there? [Y/n]: ")
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
    assert "Your answers are kept in drafts/" in terminal.rest()
    terminal = open_terminal("new", now=NOW + _HOUR)
    terminal.child.expect_exact("Go on from there? [Y/n]: ")
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
    terminal.child.expect_exact("Go on from there? [Y/n]: ")
    terminal.child.sendline("n")
    terminal.answer(f"It stays in drafts/{draft.stem}.old.")
    terminal.answer("What happened?")
    assert "kept" not in terminal.interrupt()
    assert "Permits" in draft.with_suffix(".old").read_text(encoding="utf-8")
    terminal = open_terminal("new")
    assert "Go on" not in terminal.answer("What happened?")


def test_a_draft_of_another_post_is_not_offered(office: Office, open_terminal: OpenTerminal) -> None:
    office.say("new --title Permits --since 8:00 --service permits=down --text 'We look.'")
    terminal = open_terminal("update network")
    terminal.answer("What is new?", "We found the cable.")
    terminal.answer("changed?")
    terminal.interrupt()
    assert "Go on" not in open_terminal("update permits").answer("What is new?")


def test_drafts_are_neither_committed_nor_published(office: Office, open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("new")
    terminal.answer("What happened?", "A secret of the draft")
    terminal.answer("Since when?")
    terminal.interrupt()
    subprocess.run(["git", "init", "--quiet"], cwd=office.folder, check=True)
    said = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all"],
        cwd=office.folder,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    assert "drafts" not in said.stdout
    assert office.run("build").exit_code == 0
    built = [content for path, content in office.files().items() if path.startswith("site/")]
    assert built
    assert not any(b"A secret of the draft" in content for content in built)


def test_a_draft_that_cannot_be_read_or_kept_is_in_nobodys_way(office: Office, open_terminal: OpenTerminal) -> None:
    folder = office.folder / "drafts"
    folder.mkdir()
    for number, content in enumerate(["", "[]", "{}", '{"flags": [], "answers": 1}', '{"flags": {}, "answers": [1]}']):
        (folder / f"new-2024010{number}-000000.json").write_text(content, encoding="utf-8")
    before = office.files()
    assert "Go on" not in open_terminal("new").answer("What happened?")
    assert office.files() == before
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.symlink_to(office.folder.parent)
    terminal = open_terminal("new")
    terminal.answer("What happened?", "Permits")
    assert "Your answers cannot be kept" in terminal.answer("Since when?", "8:00") + terminal.answer("Which services")
    assert "kept in" not in terminal.interrupt()
