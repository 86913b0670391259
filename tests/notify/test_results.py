"""What becomes of a message that was refused, and of one of which nobody can tell."""

from tests.support.mail_server import MailServer, agree
from tests.support.notifying import BILL, LIST, NotifyingTown

LATER = "## 2024-05-05 08:05\n\nStill so.\n"


def test_a_refused_mail_is_tried_again_later(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    town.publish("2024-05-05 08:10")
    post_office.on_recipient = lambda: "450 The list is busy"
    result = town.notify(at="2024-05-05 08:10")
    assert result.exit_code == 4
    assert "Not sent: bill/2024-05-05-0800 to water-list. The mail server refuses the RCPT command" in result.output
    assert "450 The list is busy" in result.output
    post_office.on_recipient = agree
    assert "it was not sent, and is tried again later" in town.notify(at="2024-05-05 08:14").output
    assert "1 message sent" in town.tell(at="2024-05-05 08:15")
    assert len(post_office.mails) == 1


def test_what_was_said_later_does_not_overtake(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    town.publish("2024-05-05 08:04")
    post_office.before_taking = lambda: "451 Not now"
    town.notify(at="2024-05-05 08:04")
    town.add("bill", LATER)
    town.publish("2024-05-05 08:06")
    post_office.before_taking = agree
    assert (
        "bill/2024-05-05-0805 to water-list: it waits until what was said before"
        in town.notify(at="2024-05-05 08:06").output
    )
    town.tell(at="2024-05-05 08:10")
    assert [subject.split(":")[0] for subject in post_office.subjects()] == ["New", "Update"]


def test_after_a_refusal_the_others_are_given_back(town: NotifyingTown, post_office: MailServer) -> None:
    for name in ("one", "two", "three"):
        town.write(name, BILL)
    town.publish("2024-05-05 08:10")
    post_office.before_taking = lambda: "550 Away with you"
    assert "0 messages sent, 2 not tried." in town.notify(at="2024-05-05 08:10").output
    post_office.before_taking = agree
    assert "2 messages sent." in town.notify(at="2024-05-05 08:11").output
    assert "1 message sent." in town.notify(at="2024-05-05 08:16").output


def test_what_is_refused_again_and_again_is_given_up_and_named(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    town.publish("2024-05-05 08:10")
    post_office.before_taking = lambda: "550 Away with you"
    for hour in range(9, 20):
        result = town.notify(at=f"2024-05-05 {hour:02}:10")
        assert result.exit_code == 4
    assert "it was not sent, although it was tried several times. To send it now:" in result.output
    assert len(town.ledger) == 16
    post_office.before_taking = agree
    again = town.notify("--again", "bill/2024-05-05-0800", at="2024-05-05 21:00")
    assert "1 message sent." in again.output
    assert len(post_office.mails) == 1


def test_a_connection_that_breaks_after_the_mail_leaves_it_unknown(
    town: NotifyingTown, post_office: MailServer
) -> None:
    town.write("bill", BILL)
    town.publish("2024-05-05 08:10")
    # The server takes the mail, and its answer never comes: 421 ends the connection as a crash would.
    post_office.after_taking = hang_up
    result = town.notify(at="2024-05-05 08:10")
    assert result.exit_code == 4
    assert "Not known whether it was sent: bill/2024-05-05-0800" in result.output
    post_office.after_taking = agree
    later = town.notify(at="2024-05-05 09:10")
    assert later.exit_code == 4
    assert "statusgen notify --again bill/2024-05-05-0800 --channel water-list" in later.output
    assert len(post_office.mails) == 1
    next_week = town.notify(at="2024-05-12 09:10")
    assert (next_week.exit_code, "may or may not have been sent" in next_week.output) == (0, True)
    town.tell("--again", "bill/2024-05-05-0800", "--channel", "water-list", at="2024-05-12 09:20")
    assert len(post_office.mails) == 2


def test_what_is_unknown_stays_so_when_the_post_gets_another_name(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    town.publish("2024-05-05 08:10")
    post_office.after_taking = hang_up
    town.notify(at="2024-05-05 08:10")
    post_office.after_taking = agree
    (town.folder / "incidents" / "bill.md").rename(town.folder / "incidents" / "water.md")
    town.publish("2024-05-05 08:20")
    words = "water/2024-05-05-0800 to water-list: it may or may not have been sent"
    assert f"{words}, as bill/2024-05-05-0800." in town.notify(at="2024-05-05 08:20").output
    later = town.notify(at="2024-05-05 08:30")
    assert (later.exit_code, words in later.output) == (4, True)
    assert len(post_office.mails) == 1
    town.tell("--again", "water/2024-05-05-0800", at="2024-05-05 08:40")
    assert len(post_office.mails) == 2


def hang_up() -> str:
    raise ConnectionResetError


def test_only_what_may_not_have_arrived_can_be_sent_again(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    town.tell(at="2024-05-05 08:10")
    result = town.notify("--again", "bill/2024-05-05-0800", at="2024-05-05 08:20")
    assert result.exit_code == 2
    assert "is not an update that was tried and may not have arrived. There is none." in result.output
    assert len(post_office.mails) == 1


def test_a_missing_setting_is_named_before_anything_is_claimed(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    town.publish("2024-05-05 08:10")
    town.environment = {}
    result = town.notify(at="2024-05-05 08:10")
    assert result.exit_code == 1
    assert 'The channel "water-list" needs a mail server, and STATUSGEN_SMTP is not set.' in result.output
    town.environment = {"STATUSGEN_SMTP": "smtp://clerk:hunter2@mail.example/x?y"}
    wrong = town.notify(at="2024-05-05 08:10")
    assert wrong.exit_code == 1
    assert "hunter2" not in wrong.output
    assert town.ledger == ()
    assert post_office.mails == []


def test_a_server_that_is_not_there(town: NotifyingTown) -> None:
    town.write("bill", BILL)
    town.publish("2024-05-05 08:10")
    town.environment = {"STATUSGEN_SMTP": "smtp://127.0.0.1:9"}
    result = town.notify(at="2024-05-05 08:10")
    assert result.exit_code == 4
    assert "The mail server cannot be reached (Connection refused)." in result.output


def test_one_channel_alone(town: NotifyingTown, post_office: MailServer) -> None:
    town.set_up(LIST, LIST.replace("water-list", "other-list").replace("water@", "other@"))
    town.write("bill", BILL)
    town.tell("--channel", "other-list", at="2024-05-05 08:10")
    assert [mail["To"] for mail in post_office.mails] == ["other@lists.springfield.example"]
    assert "There is no channel" in town.notify("--channel", "othr-list", at="2024-05-05 08:20").output


def test_without_channels_there_is_nothing_to_do(town: NotifyingTown) -> None:
    services = town.folder / "services.yaml"
    services.write_text(services.read_text().partition("notify:")[0])
    assert "no channel for updates under notify:" in town.notify(at="2024-05-05 08:10").output
