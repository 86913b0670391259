"""Staff are reminded at the right moment, once of each thing, and of nothing that someone has already answered."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given, settings
from hypothesis import strategies as st

from statusgen.board.board import make_board
from statusgen.cli.main import main
from statusgen.model.channels import NotifyChannel, NotifyKind
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.notify.ledger import Event
from statusgen.notify.local_ledger import LocalLedger
from statusgen.notify.message import Message, NotSentError, ResultUnknownError
from statusgen.notify.reminders import Reminder, list_reminders
from statusgen.notify.reminding import Reminding
from tests.support.mail_server import MailServer
from tests.support.notifying import BILL, NotifyingTown, moment, shared_ledger
from tests.support.receivers import Receiver, receive, verify_webhook
from tests.support.telling import Town, make_town
from tests.support.web_server import serve_folder

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ENVIRONMENT = {"STATUSGEN_DESK_SECRET": SECRET}
SERVICES = "services: [{id: bill, name: Pay a bill}, {id: trash, name: Trash pickup}]"
# Everything is in Chicago, where it is UTC-6 in winter.
BEGAN = datetime(2026, 11, 30, 16, 2, tzinfo=UTC)
DUE = datetime(2026, 11, 30, 22, 0, tzinfo=UTC)
EXPECTED = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
STALE = BEGAN + timedelta(days=2)
OVER = BEGAN + timedelta(days=3)
POST = """\
---
title: The network is down
started: 2026-11-30 10:02
services:
  bill: {status: down, expected: 2026-11-30 18:00}
next_update: 2026-11-30 16:00
---
A cable broke.

## 2026-12-03 10:02 Resolved
All is well.
"""
KINDS = ("An update is due", "An update is overdue", "An estimate has passed", "Nobody confirmed it lately")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return make_town(tmp_path_factory.mktemp("town"), SERVICES, "stale_after: 2 days", network=POST).city.site


def reminders_at(site: Site, moment: datetime, before: int = 30) -> list[Reminder]:
    return list_reminders(make_board(site, moment, with_next_change=False), timedelta(minutes=before))


def titles(reminders: list[Reminder]) -> set[str]:
    return {reminder.title.removesuffix(": The network is down") for reminder in reminders}


# At the right moment.


@given(minutes=st.integers(-60, 6000), before=st.integers(0, 600))
@example(minutes=327, before=30)
@example(minutes=328, before=30)
@example(minutes=358, before=30)
@example(minutes=478, before=0)
@example(minutes=2880, before=0)
@example(minutes=4320, before=0)
def test_each_reminder_comes_at_its_moment_and_ends_with_the_incident(site: Site, minutes: int, before: int) -> None:
    moment = BEGAN + timedelta(minutes=minutes)
    is_open = BEGAN <= moment < OVER
    is_due = is_open and DUE - timedelta(minutes=before) <= moment < DUE
    expected = [is_due, is_open and moment >= DUE, is_open and moment >= EXPECTED, is_open and moment >= STALE]
    found = reminders_at(site, moment, before)
    assert titles(found) == {kind for kind, is_there in zip(KINDS, expected, strict=True) if is_there}
    assert len({reminder.key for reminder in found}) == len(found)


def test_a_reminder_says_what_it_is_and_what_answers_it(site: Site) -> None:
    (due,) = reminders_at(site, DUE - timedelta(minutes=10))
    assert due.sentence == '"The network is down": an update was promised for November 30, 2026, 4 PM CST.'
    assert due.command == "statusgen update network"
    assert due.url == "https://t.example/incidents/network/"
    overdue, late, stale = reminders_at(site, STALE)
    assert "has not come" in overdue.sentence
    assert overdue.command == "statusgen promise network TIME"
    assert "Pay a bill" in late.sentence
    assert "That time has passed" in late.sentence
    assert late.command == "statusgen update network"
    assert "it last spoke of Pay a bill on November 30, 2026, 10:02 AM CST" in stale.sentence
    assert stale.command == "statusgen confirm network"


def test_an_update_for_a_day_is_due_on_that_whole_day(tmp_path: Path) -> None:
    post = POST.replace("next_update: 2026-11-30 16:00", "next_update: 2026-12-01")
    town = make_town(tmp_path, SERVICES, network=post)
    assert not find(town, "2026-11-30 23:59", KINDS[0])
    assert find(town, "2026-12-01 00:00", KINDS[0])
    assert find(town, "2026-12-01 23:59", KINDS[0])
    assert not find(town, "2026-12-02 00:00", KINDS[0])
    assert find(town, "2026-12-02 00:00", KINDS[1])


def find(town: Town, at: str, kind: str) -> list[Reminder]:
    reminders = list_reminders(town.at(at).board, timedelta(minutes=30))
    return [reminder for reminder in reminders if reminder.title.startswith(kind)]


@pytest.mark.parametrize(
    ("answer", "gone"),
    [
        ("## 2026-11-30 17:00\nnext_update: 2026-11-30 23:00\n\nNothing new.", KINDS[1]),
        ("## 2026-11-30 19:00\nservices:\n  bill: {expected: unknown}\n\nIt takes longer.", KINDS[2]),
        ("## 2026-12-02 09:00\nunchanged: true", KINDS[3]),
        ("## 2026-12-02 09:00\nservices:\n  bill: working\n\nIt works.", KINDS[3]),
    ],
)
def test_what_was_answered_is_no_reminder_any_more(answer: str, gone: str, tmp_path: Path) -> None:
    post = POST.partition("## ")[0]
    at = "2026-12-02 11:00" if gone == KINDS[3] else "2026-11-30 20:00"
    (tmp_path / "before").mkdir()
    assert find(make_town(tmp_path / "before", SERVICES, "stale_after: 2 days", network=post), at, gone)
    (tmp_path / "after").mkdir()
    assert not find(make_town(tmp_path / "after", SERVICES, "stale_after: 2 days", network=post + answer), at, gone)


def test_a_notice_and_what_everybody_can_do_grow_old(tmp_path: Path) -> None:
    notice = (
        "---\ntitle: Someone calls in our name\nkind: notice\ntopic: fraud\nposted: 2026-11-30 10:00\n---\nHang up.\n"
    )
    advice = POST.partition("## ")[0].replace("next_update", "do: Bring cash.\nnext_update")
    town = make_town(tmp_path, SERVICES, "stale_after: 2 days", fraud=notice, network=advice)
    assert not find(town, "2026-12-02 09:59", KINDS[3])
    assert [each.command for each in find(town, "2026-12-02 10:00", KINDS[3])] == ["statusgen confirm fraud"]
    (network,) = (each for each in find(town, "2026-12-02 10:02", KINDS[3]) if "network" in each.command)
    assert "Pay a bill and what everybody can do" in network.sentence


# Once.


class Desk:
    """A sender for staff that remembers what it was given; `troubles` are for its next messages."""

    def __init__(self, *troubles: Exception | None) -> None:
        self.troubles = [*troubles]
        self.messages: list[Message] = []

    def send(self, message: Message) -> None:
        trouble = self.troubles.pop(0) if self.troubles else None
        if not isinstance(trouble, NotSentError):
            self.messages.append(message)
        if trouble:
            raise trouble


DESK = NotifyChannel("desk", NotifyKind.WEBHOOK, When.moment(BEGAN), staff=True)


def run(site: Site, folder: Path, desk: Desk, moment: datetime, *channels: NotifyChannel) -> list[Event]:
    reminding, ledger = Reminding(site, channels or (DESK,), moment), LocalLedger(folder)
    senders = {channel.id: desk for channel in channels or (DESK,)}
    results = reminding.remind(reminders_at(site, moment), ledger.read(), ledger, senders)
    return [each.event for each in results]


@settings(max_examples=20)
@given(minutes=st.lists(st.integers(0, 5000), min_size=1, max_size=12).map(sorted))
def test_whenever_the_command_runs_each_thing_is_said_once(
    site: Site, minutes: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, desk = tmp_path_factory.mktemp("ledger"), Desk()
    wanted: dict[str, str] = {}
    for number in minutes:
        moment = BEGAN + timedelta(minutes=number)
        wanted |= {each.key: each.sentence for each in reminders_at(site, moment)}
        run(site, folder, desk, moment)
    said = "\n".join(message.text for message in desk.messages)
    assert [said.count(sentence) for sentence in wanted.values()] == [1] * len(wanted)
    assert said.count("Answer with:") == len(wanted)


def test_what_was_not_sent_is_tried_again_later_and_what_is_unknown_is_not(site: Site, tmp_path: Path) -> None:
    desk = Desk(NotSentError("No."), ResultUnknownError("Who knows."))
    assert run(site, tmp_path, desk, DUE) == [Event.NOT_SENT]
    assert run(site, tmp_path, desk, DUE + timedelta(minutes=1)) == []
    assert run(site, tmp_path, desk, DUE + timedelta(minutes=6)) == [Event.UNKNOWN]
    assert run(site, tmp_path, desk, DUE + timedelta(minutes=60)) == []
    assert len(desk.messages) == 1


def test_a_desk_that_fails_does_not_keep_another_from_hearing(site: Site, tmp_path: Path) -> None:
    other = NotifyChannel("night", NotifyKind.CHAT, When.moment(BEGAN), staff=True)
    desk = Desk(NotSentError("No."))
    assert run(site, tmp_path, desk, DUE, DESK, other) == [Event.NOT_SENT, Event.SENT]


def test_an_interrupted_run_gives_back_what_it_did_not_try(site: Site, tmp_path: Path) -> None:
    class Interrupted(Desk):
        def send(self, message: Message) -> None:  # noqa: ARG002 - nobody gets it
            raise KeyboardInterrupt

    other = NotifyChannel("night", NotifyKind.CHAT, When.moment(BEGAN), staff=True)
    with pytest.raises(KeyboardInterrupt):
        run(site, tmp_path, Interrupted(), DUE, DESK, other)
    desk = Desk()
    assert run(site, tmp_path, desk, DUE + timedelta(minutes=1), DESK, other) == [Event.SENT]  # the other one alone


def test_several_things_come_in_one_message(site: Site, tmp_path: Path) -> None:
    desk = Desk()
    assert run(site, tmp_path, desk, STALE) == [Event.SENT]
    (message,) = desk.messages
    assert message.subject == "3 things to look at on the status site"
    assert message.html.count("<code>statusgen") == message.text.count("Answer with:") == 3
    assert message.is_reminder
    assert message.alert is None


def test_the_ledger_does_not_tell_what_staff_were_reminded_of(site: Site, tmp_path: Path) -> None:
    run(site, tmp_path, Desk(), STALE)
    text = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.jsonl"))
    assert text
    assert "network" not in text
    assert "overdue" not in text


# The command.


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receive() as receiver:
        yield receiver


@pytest.fixture
def office(tmp_path: Path, receiver: Receiver) -> NotifyingTown:
    """A town with a desk for staff, and a post."""
    office = NotifyingTown(tmp_path / "office", ENVIRONMENT)
    office.set_up(f"{{id: desk, kind: webhook, since: 2026-11-01 00:00, staff: true, to: '{receiver.url}/in'}}")
    office.write("network", POST.replace("  bill:", "  trash:"))
    return office


def remind(town: NotifyingTown, *words: str, at: datetime = DUE) -> Result:
    environment = {"SOURCE_DATE_EPOCH": str(int(at.timestamp())), **town.environment}
    arguments = ["remind", "--source", str(town.folder), *words]
    return CliRunner().invoke(main, arguments, env=environment, catch_exceptions=False)


def test_staff_are_reminded_by_their_channel(office: NotifyingTown, receiver: Receiver) -> None:
    first = remind(office)
    assert (first.exit_code, first.output) == (0, "Sent to desk: An update is overdue: The network is down.\n")
    again = remind(office, at=DUE + timedelta(minutes=10))
    assert (again.exit_code, again.output) == (0, "")  # a cron mails what a job prints
    verify_webhook(receiver.only, SECRET, int(receiver.only.headers["webhook-timestamp"]))
    document = json.loads(receiver.only.body)
    assert document["type"] == "staff.reminder"
    assert "statusgen promise network TIME" in document["data"]["text"]


def test_who_wants_to_know_earlier_says_so(office: NotifyingTown, receiver: Receiver) -> None:
    early = DUE - timedelta(hours=3)
    assert remind(office, at=early).output == ""
    assert "An update is due" in remind(office, "--before", "200", at=early).output
    assert len(receiver.received) == 1


def test_of_two_colleagues_one_reminds(office: NotifyingTown, receiver: Receiver, tmp_path: Path) -> None:
    origin = tmp_path / "origin.git"
    office.share(origin)
    colleague = office.clone(origin, tmp_path / "colleague")
    assert remind(office).output.startswith("Sent to desk")
    assert remind(colleague, at=DUE + timedelta(minutes=1)).output == ""
    assert receiver.connections == 1
    assert [entry.event for entry in shared_ledger(origin)] == [Event.CLAIMED, Event.SENT]


def test_updates_do_not_go_to_staff(tmp_path: Path, receiver: Receiver) -> None:
    office = NotifyingTown(tmp_path / "office", ENVIRONMENT)
    office.set_up(f"{{id: desk, kind: webhook, since: 2024-05-01 00:00, staff: true, to: '{receiver.url}/in'}}")
    office.write("bill", BILL)
    office.tell(at="2024-05-05 09:00")
    assert receiver.connections == 0


def test_a_dry_run_prints_and_sends_nothing(office: NotifyingTown, receiver: Receiver) -> None:
    result = remind(office, "--dry-run")
    assert result.exit_code == 0
    assert result.output.startswith("To desk: An update is overdue: The network is down\n\n")
    assert "Answer with: statusgen promise network TIME" in result.output
    assert receiver.connections == 0
    assert office.ledger == ()
    remind(office)
    assert remind(office, "--dry-run").output == "To desk: nothing new.\n"
    assert remind(office, "--dry-run", at=OVER).output == "There is nothing to remind anyone of.\n"


@pytest.mark.parametrize(("trouble", "said"), [((403, {}, b""), "Not sent to desk"), ("cut", "Not known whether")])
def test_what_did_not_arrive_for_certain_is_named(
    trouble: str | tuple[int, dict[str, str], bytes], said: str, office: NotifyingTown, receiver: Receiver
) -> None:
    receiver.troubles = [trouble]
    result = remind(office)
    assert result.exit_code == 4
    assert said in result.output
    assert SECRET not in result.output
    again = remind(office, at=DUE + timedelta(minutes=1)).output
    assert ("It may not have reached desk" in again) == (trouble == "cut")
    assert receiver.connections == 1


def test_without_a_channel_what_there_is_to_do_is_printed(tmp_path: Path) -> None:
    office = NotifyingTown(tmp_path / "office")
    office.set_up("{id: water-list, kind: cap, since: 2026-11-01 00:00, to: 'https://t.example/'}")
    assert (remind(office).exit_code, remind(office).output) == (0, "")
    office.write("network", POST.replace("  bill:", "  trash:"))
    for _ in range(2):  # for as long as it is so
        result = remind(office)
        assert result.exit_code == 5
        assert result.output.count("\n") == 1
        assert "Answer with: statusgen promise network TIME" in result.output
    assert remind(office, at=OVER).exit_code == 0


def texts_of(mail: EmailMessage) -> list[str]:
    """Return the text of a mail, and its page."""
    return [str(part.get_content()) for part in mail.iter_parts() if isinstance(part, EmailMessage)]


def test_reminders_come_by_mail(tmp_path: Path, post_office: MailServer) -> None:
    office = NotifyingTown(tmp_path / "office", {"STATUSGEN_SMTP": post_office.address})
    staff = "{id: desk, kind: mail, since: 2026-11-01 00:00, staff: true, to: desk@t.example, from: status@t.example}"
    office.set_up(staff)
    office.write("network", POST.replace("  bill:", "  trash:"))
    assert remind(office).exit_code == 0
    (mail,) = post_office.mails
    assert "An update is overdue: The network is down" in str(mail["Subject"])
    text, page = texts_of(mail)
    assert text.count("/incidents/network/") == 1
    assert page.count(">https://status.springfield.example/incidents/network/<") == 1


def test_several_reminders_in_one_mail_have_their_addresses_once(tmp_path: Path, post_office: MailServer) -> None:
    office = NotifyingTown(tmp_path / "office", {"STATUSGEN_SMTP": post_office.address})
    office.set_up("{id: desk, kind: mail, since: 2026-11-01 00:00, staff: true, to: d@t.example, from: s@t.example}")
    for name in ("network", "phones"):
        office.write(name, POST.replace("  bill:", "  trash:"))
    assert remind(office).exit_code == 0
    (mail,) = post_office.mails
    text, page = texts_of(mail)
    for place in ("incidents/network/", "incidents/phones/", ""):
        url = f"https://status.springfield.example/{place}"
        assert (text.split().count(url), page.count(f">{url}<")) == (1, 1)


# Copies.


def publish(folder: Path, at: str, next_change: str = "2026-12-01 00:00", words: str = "") -> None:
    """Put the list of files of a build into a copy, as docs/hosts/genuine.md describes it."""
    digest = hashlib.sha256((words or at).encode()).hexdigest()
    keys = {
        "version": 1,
        "at": moment(at).isoformat(),
        "next_change": moment(next_change).isoformat(),
        "revision": None,
        "site": {"timezone": "America/Chicago"},
        "files": [{"path": "index.html", "size": 10, "sha256": digest}],
    }
    (folder / "manifest.json").write_text(json.dumps(keys), encoding="utf-8")


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[tuple[NotifyingTown, Path, Path]]:
    """A town with two copies of its site on the web, and the folders that they are in."""
    town, main_folder, mirror = NotifyingTown(tmp_path / "town"), tmp_path / "main", tmp_path / "mirror"
    main_folder.mkdir()
    mirror.mkdir()
    town.set_up("{id: water-list, kind: cap, since: 2026-11-01 00:00, to: 'https://t.example/'}")
    with serve_folder(main_folder) as first, serve_folder(mirror) as second:
        targets = (
            f"publish:\n- {{id: main, to: s3://a, url: '{first}'}}\n- {{id: second, to: s3://b, url: '{second}'}}\n"
        )
        file = town.folder / "services.yaml"
        file.write_text(targets + file.read_text(encoding="utf-8"), encoding="utf-8")
        yield town, main_folder, mirror


NOON = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)


def test_a_copy_that_is_behind_is_named_after_a_while(copies: tuple[NotifyingTown, Path, Path]) -> None:
    town, first, second = copies
    publish(first, "2026-11-30 12:00")
    publish(second, "2026-11-30 12:00")
    assert remind(town, at=NOON).exit_code == 0
    publish(first, "2026-11-30 12:10")
    assert remind(town, at=NOON + timedelta(minutes=20)).exit_code == 0  # it may be on its way
    result = remind(town, at=NOON + timedelta(minutes=30))
    assert result.exit_code == 5
    assert "shows the site as of 2026-11-30 12:00 CST, and http://" in result.output
    assert "as of 2026-11-30 12:10 CST: residents may read what is not true. Answer" in result.output
    assert "Answer with: statusgen publish second" in result.output
    publish(second, "2026-11-30 12:20")
    result = remind(town, at=NOON + timedelta(minutes=40))
    assert "Answer with: statusgen publish main" in result.output


def test_a_site_that_is_built_all_the_time_hides_no_copy_that_is_stuck(
    copies: tuple[NotifyingTown, Path, Path],
) -> None:
    town, first, second = copies
    publish(second, "2026-11-30 12:00", next_change="2026-11-30 12:30")
    publish(first, "2026-11-30 12:49")
    assert remind(town, at=NOON + timedelta(minutes=44)).exit_code == 0
    assert "Answer with: statusgen publish second" in remind(town, at=NOON + timedelta(minutes=50)).output


def test_a_later_build_of_the_same_words_is_not_behind(copies: tuple[NotifyingTown, Path, Path]) -> None:
    town, first, second = copies
    publish(first, "2026-11-30 12:00", words="same")
    publish(second, "2026-11-30 12:10", words="same")
    assert remind(town, at=NOON + timedelta(days=1)).exit_code == 0


def test_copies_of_one_moment_can_differ(copies: tuple[NotifyingTown, Path, Path]) -> None:
    town, first, second = copies
    publish(first, "2026-11-30 12:00")
    publish(second, "2026-11-30 12:00", words="tampered")
    assert "show different things, both as of 2026-11-30 12:00 CST" in remind(town, at=NOON + timedelta(days=1)).output


def test_a_copy_that_cannot_be_read_is_named(copies: tuple[NotifyingTown, Path, Path]) -> None:
    town, first, second = copies
    result = remind(town, at=NOON)
    assert "cannot be read" in result.output
    assert "Answer with: statusgen publish main" in result.output
    publish(first, "2026-11-30 12:00")
    (second / "manifest.json").write_text("[" * 10_000, encoding="utf-8")
    result = remind(town, at=NOON)
    assert result.exit_code == 5
    assert "Answer with: statusgen publish second" in result.output
