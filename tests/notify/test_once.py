"""Each update is sent once, whoever sends it."""

from pathlib import Path

from tests.support.mail_server import MailServer
from tests.support.notifying import BILL, NotifyingTown, shared_ledger

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
