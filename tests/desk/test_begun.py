"""What was begun with a command is gone on with at the desk: every answer is in a field, or the form is not opened."""

from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from statusgen.cli.drafts import Answer, list_drafts
from statusgen.cli.drafts import Draft as CommandDraft
from statusgen.editor.draft_folder import DraftFolder
from statusgen.editor.private_folder import private_folder
from tests.desk.test_drafts import NOW as AN_HOUR
from tests.support.desk_forms import DeskForm, DeskUser
from tests.support.office import NOW, POST, Office
from tests.support.sample_sites import text_of
from tests.support.terminal import Terminal

WAIVED = POST.replace("---\nWe", "waivers:\n  - id: fees\n    what: No late fees\n    until: it works again\n---\nWe")
BROKEN_OFF = AN_HOUR.replace(hour=14, minute=45)  # as long before the clock of the desk as `NOW` is after it


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW))
    folder = tmp_path / "site"
    folder.mkdir()
    return Office(folder, WAIVED)


@pytest.fixture
def user(office: Office) -> DeskUser:
    return DeskUser(office.folder)


def waiting(user: DeskUser) -> list[str]:
    """Return what waits for someone, as the first screen says it."""
    return [text_of(item) for item in html.document_fromstring(user.get()).xpath("//ul[@class='todo'][1]/li")]


def go_on(user: DeskUser) -> DeskForm:
    """Press "Continue writing" at what was begun with a command."""
    (form,) = html.document_fromstring(user.get()).xpath("//form[.//input[@name='begun']]")
    return DeskForm(user.post("drafts", dict(form.form_values())))


def break_off(office: Office, command: str, *answers: tuple[str, str], post: str = "", **flags: object) -> CommandDraft:
    """Leave the draft that a command leaves: for each answer the flag that says it, and the words."""
    folder = DraftFolder(private_folder(office.folder))
    draft = CommandDraft(folder, "", command, flags, BROKEN_OFF, BROKEN_OFF, post)
    for flag, words in answers:
        draft.keep(f"Question for {flag}?", words, flag)
    return draft


def test_a_post_begun_in_a_terminal_is_finished_at_the_desk(office: Office, user: DeskUser) -> None:
    terminal = Terminal(office.folder, "new --known 'A cable broke'")
    terminal.answer("What happened?", "Permits: closed")
    terminal.answer("Since when?", "8:00")
    terminal.answer("Which services", "permits down, 3 limited")
    terminal.answer("Did one of these begin at another time?", "")
    terminal.answer("Could it affect anything else?", "no")
    terminal.answer("What can people do instead?", "Call us.")
    terminal.answer("When will you say more?")
    terminal.interrupt()
    assert waiting(user)[0].startswith("Begun with a command, not published yet: “Permits: closed”, kept 9:45 AM.")
    form = go_on(user)
    said = {name: values for name, values in form.values.items() if any(values) and name != "form-token"}
    assert said == {
        "title": ["Permits: closed"],
        "since": ["2024-05-05 08:00"],
        "status/permits": ["down"],
        "status/water-bill/online": ["limited"],
        "scope": ["named"],
        "do": ["Call us."],
        "known": ["A cable broke"],
    }
    # It is one draft: the terminal does not offer it any more, and the desk has it as its own.
    assert list_drafts(DraftFolder(private_folder(office.folder)), BROKEN_OFF) == []
    (draft,) = user.desk.drafts.list_all()
    assert not any("Begun with a command" in each for each in waiting(user))
    written = next(iter(user.desk.rehearse(draft).rehearsal.files))
    assert written.path == "incidents/2024-05-05-permits-closed.md"
    assert b"A cable broke" in written.new


def test_times_count_from_when_they_were_typed(office: Office, user: DeskUser) -> None:
    earlier = break_off(office, "new", ("--title", "Permits"), ("--since", "before 30 minutes ago"))
    later = list_drafts(earlier.folder, BROKEN_OFF + timedelta(days=1))[0]
    for answer in earlier.answers:
        later.keep(answer.question, answer.words, answer.flag)
    later.keep("Question for --next?", "in 2 hours", "--next")
    form = go_on(user)
    assert form.values["since-own"] == ["before 2024-05-05 09:15"]
    assert form.values["next-own"] == ["2024-05-06 11:45"]


def test_an_update_and_an_end_go_on_at_their_post(office: Office, user: DeskUser) -> None:
    about = {"post": "post-1", "incident": "network"}
    break_off(office, "update", ("--text", "Found it."), ("--service", "2 working"), ("--others", "yes"), **about)
    form = go_on(user)
    assert "Post an update: The network is down" in form.text
    assert form.values["text"] == ["Found it."]
    assert form.values["status/water-bill"] == ["working"]
    assert form.values["others"] == ["unknown"]
    break_off(office, "resolve", ("--only", ""), ("--waiver fees=", "tomorrow"), **about)
    form = go_on(user)
    assert form.values["status/water-bill/online"] == ["working"]
    assert form.values["waiver/fees-own"] == ["2024-05-06"]
    break_off(office, "waive", ("--what", "No shutoffs"), ("--service", "water-bill"), ("--until", "May 9"), **about)
    form = go_on(user)
    assert form.values["what"] == ["No shutoffs"]
    assert form.values["services"] == ["water-bill"]
    assert form.values["until-own"] == ["2024-05-09"]


def test_planned_work_and_a_template_are_the_forms_of_their_kind(office: Office, user: DeskUser) -> None:
    break_off(
        office,
        "new",
        ("--title", "Painting"),
        ("--starts", "tomorrow 8:00"),
        ("--service", "trash"),
        kind="maintenance",
    )
    form = go_on(user)
    assert "It begins and ends by the clock" in form.text
    assert form.values["status/trash"] == ["maintenance"]
    break_off(office, "new", ("--since", "9:00"), template="phone-outage")
    form = go_on(user)
    assert form.values["since-own"] == ["2024-05-05 09:00"]
    assert "phone-outage" in [draft.first("prepared") for draft in user.desk.drafts.list_all()]


@pytest.mark.parametrize(
    ("command", "answers", "flags"),
    [
        ("translate", [("", "No se puede")], {"language": "es"}),
        ("update", [("--text", "Found it.")], {"at": "9:00"}),
        ("update", [("--text", "Found it.")], {"text": "-"}),
        ("new", [("--title", "T"), ("--since ID=TIME", "permits=8:00")], {}),
        ("new", [("--title", "T"), ("", "for a blank")], {"template": "phone-outage"}),
        ("new", [("--title", "T")], {"template": "none-of-that-name"}),
        ("new", [("--title", "T"), ("--service", "no-such-service down")], {}),
        ("correct", [("--wrong", "We"), ("--right", "They"), ("", "1")], {}),
    ],
)
def test_nothing_is_dropped_that_has_no_field(
    office: Office, user: DeskUser, command: str, answers: list[tuple[str, str]], flags: dict[str, object]
) -> None:
    draft = break_off(office, command, *answers, post="" if command == "new" else "post-1", **flags)
    assert "Begun with a command, and no form can show all of it" in waiting(user)[0]
    assert waiting(user)[0].endswith(f"Continue where you began: statusgen {command}")
    user.post("drafts", {"kind": "update", "post": "post-1", "begun": draft.id})
    assert user.desk.drafts.list_all() == []
    assert [each.id for each in list_drafts(draft.folder, BROKEN_OFF)] == [draft.id]


def test_a_command_says_what_was_begun_at_the_desk(office: Office, user: DeskUser) -> None:
    user.begin("problem")  # nothing is said in it
    assert "at the desk" not in Terminal(office.folder, "new").answer("What happened?")
    user.begin("problem").press(title="Permits: closed")
    assert "A new post was begun at the desk" in Terminal(office.folder, "new").answer("What happened?")
    assert "at the desk" not in Terminal(office.folder, "update network").answer("What is new?")
    user.begin("update", "post-1").press(text="Found it.")
    said = Terminal(office.folder, "update").answer("What is new?")
    assert "Something about post-1 was begun at the desk, and is not published." in said
    # Nobody is asked, and nothing said, where no person answers.
    assert "at the desk" not in office.say("update network --text 'We look again.'")


def test_a_command_that_goes_on_meanwhile_keeps_its_answers(office: Office, user: DeskUser) -> None:
    running = break_off(office, "new", ("--title", "Permits"))
    go_on(user)
    running.keep("Question for --do?", "Call us.", "--do")
    (kept,) = list_drafts(running.folder, BROKEN_OFF)
    assert [(each.flag, each.words) for each in kept.answers] == [("--title", "Permits"), ("--do", "Call us.")]
    assert isinstance(kept.answers[0], Answer)
