"""The questions in a real terminal: wrong answers are explained and asked for again, and Ctrl-C writes nothing."""

import os
import sys
from pathlib import Path

import pytest

from tests.support.office import POST, Office
from tests.support.sample_sites import City
from tests.support.terminal import OpenTerminal


def test_six_questions_make_a_post(office: Office, open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("new")
    terminal.answer("What happened? For example:", "", "Permits: closed")
    terminal.answer("Since when? For example:", "lunchtime", "8:00")
    listed = terminal.answer("Which services, and how bad is it?", "permts down", "5 dwon", "permits down, 1 limited")
    assert "5 permits" in listed
    assert "Building permits" in listed
    assert "How bad: down, limited" in listed
    assert 'Did you mean "permits"?' in listed
    assert 'Did you mean "down"?' in listed
    terminal.answer("permits, trash: Did one of these begin at another time?")
    assert "It is not clear which service" in terminal.answer("began then.)", "7:00", "water-bill=7:00", "trash=7:00")
    assert "neither yes nor no" in terminal.answer("Could it affect anything else?", "perhaps", "no") + terminal.answer(
        "What can people do instead?"
    )
    assert "down is a status." in terminal.answer("For example:", "Down", "Call 311: it's open.") + terminal.answer(
        "When will you say more? For example:"
    )
    terminal.child.expect_exact("> ")
    terminal.child.sendline("in 2 hours")
    assert "?" not in str(terminal.child.before)
    assert "title: 'Permits: closed'" in terminal.confirm()
    said = terminal.rest()
    assert "Wrote incidents/2024-05-05-permits-closed.md." in said
    assert "The page says: 3 services are not working as usual." in said
    assert office.text("2024-05-05-permits-closed") == (
        "---\ntitle: 'Permits: closed'\nstarted: 2024-05-05 08:00\nposted: 2024-05-05 09:45\nservices:\n"
        "  permits:\n    status: down\n    do: 'Call 311: it''s open.'\n"
        "  trash:\n    status: limited\n    do: 'Call 311: it''s open.'\n    since: 2024-05-05 07:00\n"
        "scope: named\nnext_update: 2024-05-05 11:50\n---\n"
    )
    assert office.run("check").exit_code == 0


def test_what_a_flag_says_is_not_asked_and_an_empty_answer_means_not_known(
    office: Office, open_terminal: OpenTerminal
) -> None:
    terminal = open_terminal("new --title Permits --service permits=down")
    assert "What happened?" not in terminal.answer("Since when?", "")
    terminal.answer("Could it affect anything else?", "")
    terminal.answer("What can people do instead?", "")
    terminal.answer("When will you say more?", "")
    terminal.confirm()
    assert "Wrote " in terminal.rest()
    assert office.text("2024-05-05-permits") == (
        "---\ntitle: Permits\nstarted: 2024-05-05 09:45\nservices:\n  permits: down\nscope: wider\n---\n"
    )


def test_what_began_on_an_earlier_day_is_asked_since_when(office: Office, open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("new --title Permits --service permits=down,trash=unknown --scope named --do Wait.")
    terminal.answer("Since when?", "2024-05-03 14:00")
    terminal.answer("permits: Did one of these begin at another time?")
    terminal.answer("began then.)", "")
    terminal.answer("When will you say more?", "")
    terminal.confirm()
    assert "Wrote " in terminal.rest()
    assert "  permits:\n    status: down\n    do: Wait.\n    since: incident\n" in office.text("2024-05-05-permits")
    assert "trash:\n    status: unknown\n    do" in office.text("2024-05-05-permits")
    page = City(office.folder).files("2024-05-05 12:00")["services/permits/index.html"].decode()
    assert "May 3, 2024" in page


def test_planned_work_is_asked_for_its_times(office: Office, open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("new --kind maintenance")
    terminal.answer("What will be done?", "Painting")
    assert "Planned work needs its times." in terminal.answer(
        "When does it start?", "", "tomorrow 9:00"
    ) + terminal.answer("When does it end?", "tomorrow 17:00")
    terminal.answer("Which services are closed meanwhile?", "permits")
    terminal.answer("What can people do instead?", "")
    terminal.confirm()
    assert "Wrote " in terminal.rest()
    assert office.post("2024-05-05-painting").updates[0].reports[0].service == "permits"


def test_a_notice_is_asked_for_its_words(office: Office, open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("new --kind notice")
    terminal.answer("What should people know?", "Someone calls and asks for passwords")
    terminal.answer("What should they do?", "Hang up.")
    terminal.answer("What is it about:", "fraud")
    terminal.answer("Until when?", "")
    terminal.answer("When will you say more?", "")
    terminal.confirm()
    assert "Wrote " in terminal.rest()
    assert office.text("2024-05-05-someone-calls-and-asks-for-passwords") == (
        "---\ntitle: Someone calls and asks for passwords\nkind: notice\ntopic: fraud\nstarted: 2024-05-05 09:45\n"
        "---\nHang up.\n"
    )


def test_of_a_template_only_what_it_leaves_open_is_asked(office: Office, open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("new --template boil-water")
    terminal.answer("What happened?", "Boil your water")
    terminal.answer("Since when?", "8:00")
    terminal.answer("Which services, and how bad is it?", "water-bill limited")
    assert "instead" not in terminal.answer("When will you say more?", "")
    assert "when you will say more" not in terminal.answer("Where there is bottled water, and when, like:", "-")
    terminal.answer("Why, like: A water main broke", "A pipe burst: at Main and Oak")
    terminal.answer("What is being done, like:", "")
    terminal.answer("Who this is for, and who not, like:", "This is for all homes.")
    terminal.confirm()
    said = terminal.rest()
    assert 'to be filled in: "when you will say more' in said
    assert 'to be filled in: "What is being done' in said
    text = office.text("2024-05-05-boil-your-water")
    assert "    where:" not in text
    assert "known:\n  - 'A pipe burst: at Main and Oak'\n" in text
    assert "---\nThis is for all homes.\n\nBoil water for one minute" in text
    assert "Fill these in, then: statusgen check" in said
    assert "title: Boil your water\nstarted: 2024-05-05 08:00\n" in office.text("2024-05-05-boil-your-water")


def test_what_somebody_does_not_want_is_not_written(office: Office, open_terminal: OpenTerminal) -> None:
    before = office.files()
    terminal = open_terminal("new --title Permits --service permits=down --do Wait. --text 'We look.'")
    terminal.answer("Since when?", "")
    terminal.answer("Could it affect anything else?", "no")
    terminal.answer("When will you say more?", "")
    assert "\n  permits:\r\n    status: down\r\n    do: Wait." in terminal.confirm("n")
    assert "Aborted!" in terminal.rest()
    assert office.files() == before


@pytest.mark.parametrize("answers", [0, 2, 4])
def test_ctrl_c_writes_nothing_into_the_site(office: Office, open_terminal: OpenTerminal, answers: int) -> None:
    before = office.files()
    terminal = open_terminal("new")
    for words in ["Permits", "8:00", "permits down", "no"][:answers]:
        terminal.answer("?", words)
    terminal.answer("?")
    assert "Aborted!" in terminal.interrupt()
    assert terminal.child.exitstatus == 1
    assert office.files() == before


def test_the_end_of_the_input_leaves_nothing(office: Office, open_terminal: OpenTerminal) -> None:
    before = office.files()
    terminal = open_terminal("new")
    terminal.child.expect_exact("> ")
    terminal.child.sendeof()
    assert "Aborted!" in terminal.rest()
    assert office.files() == before


def test_yes_never_asks(office: Office, open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("new --yes --title T")
    assert "These are missing: --since, --service." in terminal.rest()
    assert list(office.files()) == ["services.yaml", "incidents/post-1.md"]


def test_an_update_is_asked_for(office: Office, open_terminal: OpenTerminal) -> None:
    office.say("new --title Permits --since 8:00 --service permits=down")
    terminal = open_terminal("update")
    which = terminal.answer("Which one?", "7", "network")
    assert "post-1  The network is down" in which
    assert "Enter a number from 1 to 2." in which
    wrong = terminal.answer("What is new? For example:", "", "## 2024-05-05 Resolved", "We found it.")
    assert "An update needs some text." in wrong
    assert "three number signs" in wrong
    terminal.answer("Has any service's status changed?", "water-bill/online limited, water-bill/phone down")
    terminal.answer("Since when has this been so at water-bill/phone?", "teatime", "incident")
    terminal.answer("When will you say more?", "16:00")
    terminal.answer("Nothing is said about trash. Say that their status is not known?", "maybe", "yes")
    assert "## 2024-05-05 09:45" in terminal.confirm()
    assert "Wrote " in terminal.rest()
    assert office.text().endswith(
        "\n## 2024-05-05 09:45\nservices:\n  water-bill/online: limited\n  water-bill/phone:\n"
        "    status: down\n    since: incident\nothers: unknown\n"
        "next_update: 2024-05-05 16:00\n\nWe found it.\n"
    )


def test_a_correction_and_a_waiver_are_asked_for(office: Office, open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("correct network")
    wrong = terminal.answer("What was wrong?", "We are lucking into it.", "we are LOOKING")
    assert 'The closest words are "We are looking into it."' in wrong
    terminal.answer("What is right?", "", "It is the cable.")
    listed = terminal.answer("Which of these were wrong?", "7", "1")
    assert "1 water-bill/online: down" in listed
    assert "2 water-bill/online, since: 2024-05-05 08:00" in listed
    assert "Enter numbers from 1 to 2, or none." in listed
    asked = terminal.answer("What is true now, instead of this?", "dwon", "limited")
    assert "water-bill/online: down" in asked
    assert "right: It is the cable." in terminal.confirm()
    assert "Wrote " in terminal.rest()
    assert "services:\n  water-bill/online: limited\n" in office.text()
    office.folder.joinpath("incidents", "post-1.md").write_text(POST)
    terminal = open_terminal("waive network")
    terminal.answer("What does not apply?", "No late fees")
    terminal.answer("For which services?", "watr-bill", "water-bill")
    terminal.answer("Until when?", "tomorrow")
    terminal.confirm()
    assert "Wrote " in terminal.rest()
    assert (
        "  - id: no-late-fees\n    what: No late fees\n    services:\n      - water-bill\n    until: 2024-05-06\n"
        in office.text()
    )


EVERYTHING = """
## 2024-05-05 09:00
do: {words: Stay at home., until: 2024-05-20}
known: [A cable broke, It is the vendor]
doing: [Digging]
services:
  water-bill/online: {status: down, do: Pay at the office., where: City Hall, expected: {by: 2024-05-08}}
expected: {by: 2024-05-09, services: [permits]}
waivers: [{id: fees, what: No late fees, until: 2024-06-30}, {id: shutoffs, what: No shutoffs, until: all works}]
deadlines: [{id: appeal, on: 2024-05-20, what: Last day to appeal}]
"""


def test_every_statement_of_an_update_can_be_corrected(office: Office, open_terminal: OpenTerminal) -> None:
    (office.folder / "incidents" / "post-1.md").write_text(POST + EVERYTHING)
    terminal = open_terminal("correct network --update 9:00")
    terminal.answer("What was wrong?", "")
    terminal.answer("What is right?", "Much was wrong.")
    listed = terminal.answer("Which of these were wrong?", "1, 2, 4, 6, 7, 8, 9, 10, 12, 13, 14, 15")
    rows = [line.strip() for line in listed.replace("\r", "").split("\n")]
    assert rows[rows.index("1 what everybody can do: Stay at home.") : -1] == [
        "1 what everybody can do: Stay at home.",
        "2 known: A cable broke",
        "3 known: It is the vendor",
        "4 doing: Digging",
        "5 water-bill/online: down",
        "6 water-bill/online, since: 2024-05-05 08:00",
        "7 water-bill/online, do: Pay at the office.",
        "8 water-bill/online, where: City Hall",
        "9 water-bill/online: Expected back by May 8, 2024.",
        "10 permits: Expected back by May 9, 2024.",
        "11 the waiver fees: No late fees",
        "12 the waiver fees, until: 2024-06-30",
        "13 the waiver shutoffs: No shutoffs",
        "14 the waiver shutoffs, until: all works",
        "15 the deadline appeal: Last day to appeal",
        "16 the deadline appeal, on: 2024-05-20",
        "(Press Enter for: none.)",
    ]
    for answers in (
        ["", "Boil it."],
        [""],
        ["", "Looking"],
        ["teatime", "7:00"],
        ["Pay at the desk."],
        ["The fifth floor"],
        ["by 2024-05-10"],
        ["unknown"],
        ["2024-07-31"],
        ["No shutoffs of water"],
        ["2024-08-31"],
        ["Last day to ask"],
    ):
        terminal.answer("What is true now, instead of this?", *answers)
    terminal.confirm()
    assert "Wrote " in terminal.rest()
    assert office.text().endswith(
        "\n## 2024-05-05 09:45 Correction\ncorrects: 2024-05-05 09:00\nright: Much was wrong.\n"
        "do:\n  words: Boil it.\n  until: 2024-05-20\nknown:\n  - It is the vendor\ndoing:\n  - Looking\nservices:\n"
        "  water-bill/online:\n    status: down\n    since: 2024-05-05 07:00\n    do: Pay at the desk.\n"
        "    where: The fifth floor\n    expected:\n      by: 2024-05-10\n"
        "expected:\n  unknown: true\n  services:\n    - permits\n"
        "waivers:\n  - id: fees\n    until: 2024-07-31\n  - id: shutoffs\n    what: No shutoffs of water\n"
        "    until: 2024-08-31\ndeadlines:\n  - id: appeal\n    what: Last day to ask\n"
    )
    assert office.run("check").exit_code == 0


def test_what_nobody_reads_any_more_needs_no_correction(office: Office, open_terminal: OpenTerminal) -> None:
    later = "\n## 2024-05-05 09:30\nknown: [It is fixed]\nservices: {water-bill/online: working}\nexpected: unknown\n"
    (office.folder / "incidents" / "post-1.md").write_text(POST + EVERYTHING + later)
    terminal = open_terminal("correct network --update 9:00")
    terminal.answer("What was wrong?", "")
    terminal.answer("What is right?", "Much was wrong.")
    listed = terminal.answer("Which of these were wrong?", "none")
    assert "what everybody can do: Stay at home." in listed
    assert "A cable broke" not in listed
    assert "water-bill/online: down" not in listed
    assert "Pay at the office." not in listed
    terminal.confirm()
    assert "Wrote " in terminal.rest()
    assert office.text().endswith("right: Much was wrong.\n")


def test_a_correction_suggests_what_has_the_wrong_words_and_can_be_left(
    office: Office, open_terminal: OpenTerminal
) -> None:
    (office.folder / "incidents" / "post-1.md").write_text(POST + EVERYTHING)
    before = office.files()
    terminal = open_terminal("correct network --wrong 'a cable broke' --known 'It is old'")
    terminal.answer("What is right?", "A switch broke.")
    assert "(Press Enter for: 2.)" in terminal.answer("Which of these were wrong?", "")
    terminal.answer("What is true now, instead of this?", "A switch broke")
    assert "known:\r\n  - It is the vendor\r\n  - It is old\r\n  - A switch broke\r\n" in terminal.confirm("n")
    assert "Aborted!" in terminal.rest()
    assert office.files() == before


def test_an_end_asks_what_works_again_and_about_waivers(office: Office, open_terminal: OpenTerminal) -> None:
    office.say("update network --at 9:00 --service permits=down")
    office.say("waive network --at 9:10 --what 'No late fees' --until 'payment works again'")
    terminal = open_terminal("resolve network")
    assert "permits: down (last said 2024-05-05 09:00)" in terminal.answer(
        "Do all of these work again?", "trash", "permits"
    )
    terminal.answer('The waiver "No late fees" (until: "payment works again"). What is its last day?', "today")
    shown = terminal.confirm()
    assert "## 2024-05-05 09:45 Resolved" in shown
    assert "until: 2024-05-05\r\n" in shown
    assert "Wrote " in terminal.rest()
    assert office.text().endswith(
        "\n## 2024-05-05 09:45 Resolved\nservices:\n  permits: working\n  water-bill/online: unknown\nwaivers:\n"
        "  - id: no-late-fees\n    until: 2024-05-05\n"
    )


def test_what_gets_better_is_asked_about(office: Office, open_terminal: OpenTerminal) -> None:
    office.say("update network --at 9:00 --service permits=down --do 'permits=Bring plans.'")
    terminal = open_terminal("set permits limited")
    terminal.child.expect_exact('  permits: "Bring plans."')
    terminal.child.expect_exact("Keep them? [y/N]: ")
    terminal.child.sendline("y")
    assert "Wrote " in terminal.rest()
    assert office.text().endswith("  permits:\n    status: limited\n    do: Bring plans.\n")


def test_a_confirmation_is_one_answer(office: Office, open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("confirm network")
    terminal.child.expect_exact("Is all of this still true? [Y/n]: ")
    assert "water-bill/online: down" in str(terminal.child.before)
    terminal.child.sendline("")
    assert "Wrote " in terminal.rest()
    assert office.text().endswith("\n## 2024-05-05 09:45\nunchanged: true\n")


def test_set_offers_a_new_post(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("set permits down")
    listed = terminal.answer('No open post affects "permits". To which one does it belong?', "2")
    assert "1 post-1  The network is down" in listed
    terminal.answer("What happened?", "Permits are closed")
    terminal.answer("Since when?", "")
    terminal.answer("Could it affect anything else?", "no")
    terminal.answer("What can people do instead?", "")
    terminal.answer("When will you say more?", "")
    terminal.confirm()
    assert "Wrote incidents/2024-05-05-permits-are-closed.md." in terminal.rest()


def test_set_puts_a_service_into_the_open_post_that_it_belongs_to(office: Office, open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("set permits down")
    terminal.answer("To which one does it belong?", "1")
    assert "Wrote incidents/post-1.md" in terminal.rest()
    assert office.text().endswith("\n## 2024-05-05 09:45\nservices:\n  permits: down\n")


def test_a_mistake_made_in_the_editor_can_be_fixed_there(
    office: Office, open_terminal: OpenTerminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "editor.py"
    script.write_text(
        "import sys, pathlib\npath = pathlib.Path(sys.argv[1])\ntext = path.read_text()\n"
        "path.write_text(text.replace('dwon', 'down') if 'dwon' in text else text.replace('limited', 'dwon'))\n"
    )
    monkeypatch.setattr(os, "environ", {**os.environ, "VISUAL": f"{sys.executable} {script}"})
    terminal = open_terminal("update network --edit --service permits=limited")
    terminal.child.expect_exact('There is no status "dwon". Did you mean "down"?')
    terminal.child.expect_exact("Fix it in the editor?")
    terminal.child.sendline("")
    assert "Wrote " in terminal.rest()
    assert office.text().endswith("  permits: down\n")


def test_the_only_open_post_is_taken_without_asking(office: Office, open_terminal: OpenTerminal) -> None:
    said = open_terminal("update --text 'We found it.'").rest()
    assert "This is about the only post that is open: post-1  The network is down" in said
    assert office.text().endswith("\n## 2024-05-05 09:45\n\nWe found it.\n")
    assert "Name the post" in office.refuse("update --text 'From a script.'")


def test_a_word_that_was_meant_is_accepted_with_enter(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("new --title Bills --since 8:00 --scope named --do Wait. --next 12:00")
    terminal.answer("Which services, and how bad is it?", "watr-bill/online dwon, permits down")
    terminal.answer("(Press Enter for: water-bill/online dwon, permits down.)", "")
    terminal.answer("(Press Enter for: water-bill/online down, permits down.)", "")
    terminal.answer("Did one of these begin at another time?", "")
    assert "  water-bill/online:\r\n    status: down\r\n" in terminal.confirm()
    assert "Wrote " in terminal.rest()


def test_a_flag_with_a_typing_mistake_is_corrected_with_enter(office: Office, open_terminal: OpenTerminal) -> None:
    terminal = open_terminal("update pst-1 --service watr-bill/phone=dwon --text 'The phones, too.'")
    for question in (
        'There is no post "pst-1". Did you mean "post-1"?',
        'There is no service "watr-bill/phone". Did you mean "water-bill/phone"?',
        'There is no status "dwon". Did you mean "down"?',
    ):
        terminal.child.expect_exact(f"{question} [Y/n]: ")
        terminal.child.sendline("")
    assert "Wrote " in terminal.rest()
    assert office.text().endswith("services:\n  water-bill/phone: down\n\nThe phones, too.\n")
    before = office.files()
    terminal = open_terminal("set watr-bill/phone working")
    terminal.child.expect_exact('Did you mean "water-bill/phone"? [Y/n]: ')
    terminal.child.sendline("n")
    assert 'There is no service "watr-bill/phone".' in terminal.rest()
    assert terminal.child.exitstatus == 2
    assert 'Did you mean "water-bill/phone"?' in open_terminal("set watr-bill/phone working --yes").rest()
    assert office.files() == before


@pytest.mark.parametrize("command", ["resolve network --text Over.", "correct network --right 'It is the cable.'"])
def test_an_end_and_a_correction_are_shown_before_they_are_written(
    command: str, office: Office, open_terminal: OpenTerminal
) -> None:
    before = office.files()
    for word in ("n", "y"):
        terminal = open_terminal(command)
        if command.startswith("resolve"):
            terminal.answer("Do all of these work again?", "")
        else:
            assert "## 2024-05-05 09:45 Correction" not in str(terminal.child.before)
        assert "## 2024-05-05 09:45" in terminal.confirm(word)
        said = terminal.rest()
        assert ("Aborted!" in said) is (word == "n")
        assert (office.files() == before) is (word == "n")
    office.folder.joinpath("incidents", "post-1.md").write_text(POST)
    assert "Wrote " in open_terminal(f"{command} --yes").rest()
