"""Each update is sent once, whoever sends it, and nothing is lost without being named."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from signal import SIGTERM
from threading import Event

from tests.support.mail_server import MailServer
from tests.support.notifying import BILL, LIST, NotifyingTown, shared_ledger
from tests.support.web_server import serve_folder

FIRST, SECOND = "New: Water bills cannot be paid online", "Cause found: Water bills cannot be paid online"
LATER = """
## 2024-05-05 10:00 identified

It is a cable.
"""


def test_an_update_is_sent_once(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    assert "Sent: bill/2024-05-05-0800 to water-list." in town.tell(at="2024-05-05 08:10")
    assert "nothing to send" in town.tell(at="2024-05-05 08:20")
    town.add("bill", LATER)
    assert "Sent: bill/2024-05-05-1000 to water-list." in town.tell(at="2024-05-05 10:10")
    assert post_office.subjects() == [FIRST, SECOND]


def test_a_typo_that_is_fixed_sends_nothing(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL.replace("looking", "loking"))
    town.tell(at="2024-05-05 08:10")
    town.write("bill", BILL)
    assert "nothing to send" in town.tell(at="2024-05-05 08:20")
    assert len(post_office.mails) == 1


def test_a_clock_that_was_wrong_sends_nothing_again(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    town.tell(at="2024-05-08 08:10")
    assert "nothing to send" in town.tell(at="2024-05-05 08:20")
    assert "nothing to send" in town.tell(at="2024-05-12 08:20")
    assert len(post_office.mails) == 1


def test_a_site_that_moves_sends_nothing_again(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    town.tell(at="2024-05-05 08:10")
    services = town.folder / "services.yaml"
    services.write_text(services.read_text().replace("status.springfield.example", "city.example/status"))
    assert "nothing to send" in town.tell(at="2024-05-05 08:20")
    assert len(post_office.mails) == 1


def test_a_post_that_gets_another_name_sends_nothing_again(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    town.tell(at="2024-05-05 08:10")
    (town.folder / "incidents" / "bill.md").rename(town.folder / "incidents" / "water.md")
    moved = "water/2024-05-05-0800 to water-list: it was sent already, as bill/2024-05-05-0800."
    assert moved in town.tell(at="2024-05-05 08:20")
    assert town.tell(at="2024-05-05 08:30") == "There is nothing to send.\n"
    assert len(post_office.mails) == 1


def test_what_is_older_than_the_channel_is_not_sent(town: NotifyingTown, post_office: MailServer) -> None:
    town.set_up(LIST.replace("2024-05-01 00:00", "2024-05-05 09:00"))
    town.write("bill", BILL)
    town.add("bill", LATER)
    town.tell(at="2024-05-05 10:10")
    assert post_office.subjects() == [SECOND]


def test_what_may_be_older_than_the_channel_is_named_for_a_day_and_not_sent(
    town: NotifyingTown, post_office: MailServer
) -> None:
    town.set_up(LIST.replace("2024-05-01 00:00", "2024-05-05 09:00"))
    dateless = BILL.replace("2024-05-05 08:00", "2024-05-05")
    town.write("bill", dateless)
    town.write("day-before", BILL.replace("2024-05-05 08:00", "2024-05-04"))
    town.publish("2024-05-05 10:10")
    result = town.notify(at="2024-05-05 10:10")
    named = "bill/2024-05-05 to water-list: it is not sent: it has only a date, and the channel was added on that day."
    assert f"{named} To have it sent, write its time of day." in result.output
    assert result.exit_code == 4
    assert "day-before" not in result.output
    assert town.tell(at="2024-05-06 09:00") == "There is nothing to send.\n"
    assert post_office.mails == []
    town.write("bill", dateless.replace("2024-05-05", "2024-05-05 09:30"))
    town.tell(at="2024-05-06 09:10")
    assert post_office.subjects() == [FIRST]


def test_what_was_dated_to_five_minutes_just_before_the_channel_was_added_is_named(
    town: NotifyingTown, post_office: MailServer
) -> None:
    town.set_up(LIST.replace("2024-05-01 00:00", "2024-05-05 08:03"))
    town.write("bill", BILL)
    output = town.tell(at="2024-05-05 08:10")
    named = (
        "bill/2024-05-05-0800 to water-list: it is not sent: it is dated a few minutes before the channel was added."
    )
    assert f"{named} To have it sent, write an earlier since: in services.yaml." in output
    assert town.tell(at="2024-05-06 08:10") == "There is nothing to send.\n"
    assert post_office.mails == []
    town.set_up(LIST.replace("2024-05-01 00:00", "2024-05-05 08:00"))
    town.tell(at="2024-05-06 08:20")
    assert post_office.subjects() == [FIRST]


def test_what_has_only_a_date_later_than_the_channel_is_sent(town: NotifyingTown, post_office: MailServer) -> None:
    town.set_up(LIST.replace("2024-05-01 00:00", "2024-05-04 09:00"))
    town.write("bill", BILL.replace("2024-05-05 08:00", "2024-05-05"))
    town.tell(at="2024-05-05 10:10")
    assert post_office.subjects() == [FIRST]


def test_a_channel_says_the_time_at_which_it_was_added(town: NotifyingTown) -> None:
    town.set_up(LIST.replace("2024-05-01 00:00", "2024-05-01"))
    town.write("bill", BILL)
    result = town.notify(at="2024-05-05 08:10")
    assert result.exit_code == 1
    assert '"2024-05-01" has no time of day, so it is not known which updates are older.' in result.output
    assert "like 2024-05-01 09:00" in result.output


def test_what_is_not_public_is_not_sent(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("draft", BILL.replace("---\ntitle", "---\ndraft: true\ntitle"))
    town.write("kept", BILL.replace("---\ntitle", "---\nembargo: true\ntitle").replace("2024-05-05", "2024-05-06"))
    town.write("gone", f"{BILL}\n## 2024-05-05 08:05 withdrawn\n\nThis was a mistake.\n")
    assert "nothing to send" in town.tell(at="2024-05-05 08:10")
    assert post_office.mails == []


def test_who_was_told_of_a_post_is_told_that_it_was_withdrawn(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    town.tell(at="2024-05-05 08:02")
    town.add("bill", "## 2024-05-05 08:05 withdrawn\n\nThis was a mistake.\n")
    town.tell(at="2024-05-05 08:10")
    assert post_office.subjects() == [FIRST, "Withdrawn: Water bills cannot be paid online"]


def test_what_residents_cannot_see_yet_waits(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    town.publish("2024-05-05 08:00")
    town.add("bill", LATER)
    result = town.notify(at="2024-05-05 10:10")
    assert result.exit_code == 4
    assert "bill/2024-05-05-1000 to water-list: it waits until residents can see it" in result.output
    town.write("bill", BILL.replace("looking", "loking"))
    town.publish("2024-05-05 10:15")
    town.write("other", BILL.replace("looking", "loking"))
    town.publish("2024-05-05 10:15")
    town.write("other", BILL)
    assert "other/2024-05-05-0800 to water-list: it waits" in town.notify(at="2024-05-05 10:20").output
    assert post_office.subjects() == [FIRST]


def test_without_a_published_site_nothing_is_sent(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    result = town.notify("--published", str(town.folder), at="2024-05-05 08:10")
    assert result.exit_code == 1
    assert "has no site that residents can see" in result.output
    assert post_office.mails == []


def test_what_was_built_here_and_not_sent_to_its_place_is_not_told(
    town: NotifyingTown, post_office: MailServer, tmp_path: Path
) -> None:
    services = town.folder / "services.yaml"
    live = services.read_text().replace("https://status.springfield.example/", "http://127.0.0.1:1/")
    services.write_text(f"{live}publish:\n  - {{id: main, to: 'file://{tmp_path}/www'}}\n")
    town.write("bill", BILL)
    town.publish("2024-05-05 08:10")
    result = town.notify(at="2024-05-05 08:10")
    assert result.exit_code == 1
    assert "http://127.0.0.1:1/ has no site that residents can see" in result.output
    assert post_office.mails == []


def test_the_live_site_is_what_residents_see_where_nothing_was_built(
    town: NotifyingTown, post_office: MailServer, tmp_path: Path
) -> None:
    town.write("bill", BILL)
    town.publish("2024-05-05 08:10")
    (town.folder / "site").rename(tmp_path / "live")
    with serve_folder(tmp_path / "live") as address:
        services = town.folder / "services.yaml"
        services.write_text(services.read_text().replace("https://status.springfield.example/", address))
        town.add("bill", LATER)
        result = town.notify(at="2024-05-05 10:10")
    assert "Sent: bill/2024-05-05-0800" in result.output
    assert "bill/2024-05-05-1000 to water-list: it waits until residents can see it" in result.output
    assert post_office.subjects() == [FIRST]


def test_an_import_of_old_posts_is_not_mailed(town: NotifyingTown, post_office: MailServer) -> None:
    for number in range(300):
        town.write(f"old-{number}", BILL)
    town.publish("2024-05-05 08:10")
    result = town.notify(at="2024-05-05 08:10")
    assert result.exit_code == 1
    assert "300 messages would be sent, and at_most in services.yaml is 20. Nothing was sent." in result.output
    assert post_office.mails == []
    assert town.ledger == ()


def test_many_are_sent_if_somebody_says_yes(town: NotifyingTown, post_office: MailServer) -> None:
    for number in range(21):
        town.write(f"bill-{number}", BILL)
    assert "21 messages sent." in town.tell("--yes", at="2024-05-05 08:10")
    assert len(post_office.mails) == 21


def test_a_dry_run_prints_each_message_and_sends_none(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    shown = town.tell("--dry-run", at="2024-05-05 08:10")
    assert f"To water-list: bill/2024-05-05-0800, of 2024-05-05 08:00 CDT\n  Language: en\n  Subject: {FIRST}" in shown
    assert "  We are looking into it." in shown
    assert "1 message would be sent." in shown
    assert post_office.mails == []
    assert town.ledger == ()


def test_a_colleague_knows_what_was_sent(town: NotifyingTown, post_office: MailServer, tmp_path: Path) -> None:
    town.write("bill", BILL)
    town.share(tmp_path / "origin.git")
    colleague = town.clone(tmp_path / "origin.git", tmp_path / "colleague")
    town.tell(at="2024-05-05 08:10")
    assert "nothing to send" in colleague.tell(at="2024-05-05 08:20")
    assert post_office.subjects() == [FIRST]
    assert [entry.event.value for entry in shared_ledger(tmp_path / "origin.git")] == ["claimed", "sent"]


def test_the_work_tree_and_its_branches_stay_as_they_are(
    town: NotifyingTown, post_office: MailServer, tmp_path: Path
) -> None:
    town.write("bill", BILL)
    town.share(tmp_path / "origin.git")
    questions = (["status", "--porcelain"], ["for-each-ref"], ["ls-files", "--stage"], ["config", "--list", "--local"])
    before = [town.git(*question) for question in questions]
    main = town.git("ls-remote", "origin", "main")
    town.tell(at="2024-05-05 08:10")
    assert [town.git(*question) for question in questions] == before
    assert town.git("ls-remote", "origin", "main") == main
    assert len(post_office.mails) == 1


def test_what_was_sent_before_there_was_a_remote_stays_known(
    town: NotifyingTown, post_office: MailServer, tmp_path: Path
) -> None:
    town.write("bill", BILL)
    town.tell(at="2024-05-05 08:10")
    town.share(tmp_path / "origin.git")
    town.add("bill", LATER)
    town.tell(at="2024-05-05 10:10")
    assert post_office.subjects() == [FIRST, SECOND]
    assert len(shared_ledger(tmp_path / "origin.git")) == 4


def test_two_senders_at_once_share_the_work(town: NotifyingTown, post_office: MailServer, tmp_path: Path) -> None:
    for number in range(4):
        town.write(f"bill-{number}", BILL)
    town.share(tmp_path / "origin.git")
    towns = [town, town.clone(tmp_path / "origin.git", tmp_path / "colleague")]
    for each in towns:
        each.publish("2024-05-05 08:10")
    with ThreadPoolExecutor() as pool:
        processes = [*pool.map(lambda each: each.start("2024-05-05 08:10"), towns)]
        outputs = [*pool.map(lambda process: process.communicate(timeout=120)[0], processes)]
    assert len(post_office.mails) == 4, outputs
    assert len({mail["Message-ID"] for mail in post_office.mails}) == 4
    assert "".join(outputs).count("Sent: ") == 4


def test_a_remote_that_takes_no_push_keeps_everything_from_being_sent(
    town: NotifyingTown, post_office: MailServer, tmp_path: Path
) -> None:
    town.write("bill", BILL)
    town.share(tmp_path / "origin.git")
    town.git("-C", str(tmp_path / "origin.git"), "config", "receive.hideRefs", "refs/heads/statusgen-sent")
    town.publish("2024-05-05 08:10")
    result = town.notify(at="2024-05-05 08:10")
    assert result.exit_code == 1
    assert "The remote origin does not accept the record of what was sent" in result.output
    assert "hidden ref" in result.output
    assert post_office.mails == []


def test_a_git_that_does_not_answer_keeps_everything_from_being_sent(
    town: NotifyingTown, post_office: MailServer, tmp_path: Path
) -> None:
    town.write("bill", BILL)
    town.share(tmp_path / "origin.git")
    (town.folder / ".git" / "config").write_text("[core\n")
    town.publish("2024-05-05 08:10")
    result = town.notify(at="2024-05-05 08:10")
    assert result.exit_code == 1
    assert "so it is not known what was sent already" in result.output
    assert post_office.mails == []


def test_of_several_remotes_one_has_to_be_chosen(town: NotifyingTown, post_office: MailServer, tmp_path: Path) -> None:
    town.write("bill", BILL)
    town.share(tmp_path / "origin.git")
    town.git("remote", "rename", "origin", "city")
    town.git("remote", "add", "copy", str(tmp_path / "copy.git"))
    assert "1 message sent." in town.tell(at="2024-05-05 08:10")  # the branch follows one of them
    town.git("branch", "--unset-upstream")
    result = town.notify(at="2024-05-05 08:20")
    assert "several remotes (city, copy), and its branch follows none." in result.output
    assert len(post_office.mails) == 1


def test_a_command_that_is_told_to_end_writes_down_what_it_did(
    town: NotifyingTown, post_office: MailServer, tmp_path: Path
) -> None:
    for name in ("one", "two", "three"):
        town.write(name, BILL)
    town.share(tmp_path / "origin.git")
    town.publish("2024-05-05 08:10")
    asked, may_answer = Event(), Event()

    def wait_at_the_second() -> str | None:
        if not post_office.mails:
            return None
        asked.set()
        may_answer.wait(60)
        return "451 Too late"

    post_office.before_taking = wait_at_the_second
    process = town.start("2024-05-05 08:10")
    assert asked.wait(60)
    process.terminate()
    output, _ = process.communicate(timeout=60)
    may_answer.set()
    assert process.returncode == 128 + SIGTERM, output
    events = Counter(entry.event.value for entry in shared_ledger(tmp_path / "origin.git"))
    assert events == {"claimed": 3, "sent": 1, "released": 1}


def test_hooks_and_programs_that_a_repository_names_do_not_run(
    town: NotifyingTown, post_office: MailServer, tmp_path: Path
) -> None:
    town.write("bill", BILL)
    town.share(tmp_path / "origin.git")
    trap = tmp_path / "ran"
    for name in ("pre-push", "reference-transaction", "post-checkout"):
        hook = town.folder / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {trap}\n")
        hook.chmod(0o755)
    for name in ("pre-receive", "update", "post-receive", "post-update", "reference-transaction"):
        hook = tmp_path / "origin.git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {trap}\n")
        hook.chmod(0o755)
    for key in ("core.sshCommand", "credential.helper", "core.fsmonitor", "remote.origin.receivepack"):
        town.git("config", key, f"touch {trap};")
    trap.unlink(missing_ok=True)
    town.tell(at="2024-05-05 08:10")
    assert not trap.exists()
    assert len(post_office.mails) == 1


def test_a_record_that_somebody_committed_is_not_believed(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    town.publish("2024-05-05 08:10")
    (town.folder / ".statusgen-sent").mkdir()
    (town.folder / ".statusgen-sent" / "sent.jsonl").write_bytes(b"")
    town.git("init", "--quiet")
    town.git("add", "--force", ".statusgen-sent/sent.jsonl")
    result = town.notify(at="2024-05-05 08:10")
    assert result.exit_code == 1
    assert ".statusgen-sent/sent.jsonl is kept in git" in result.output
    assert post_office.mails == []
