"""A real list server: what its subscribers get of updates that two people tell it of at once."""

from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from smtplib import SMTP
from urllib.parse import urlsplit

from tests.faults.score import Score, first_cases, format_share
from tests.support.mailing_list import PROGRAM, MailingList, run_mailing_list
from tests.support.notifying import BILL, LIST, NotifyingTown

_ID = "water.lists.springfield.example"
_SUBSCRIBERS = [f"{name}@home.example" for name in ("ann", "bob", "cho", "dee", "eva")]
_ROUNDS, _UPDATES = 8, 5
_STRANGER = "stranger@home.example"


def measure_mailing_list(scratch: Path, every: int) -> Score:
    """Have two people tell a list of updates at the same moment, round after round, and a stranger write to it."""
    what = f"updates that two people send to a list of Mailman at once, with {len(_SUBSCRIBERS)} subscribers"
    target = "each gets each update once, under its incident, with the headers of the list; strangers reach nobody"
    if not PROGRAM.exists():
        return Score(what, target, "not run: make torture installs Mailman")
    rounds = max(2, _ROUNDS // every)
    with run_mailing_list(scratch / "mailman", _SUBSCRIBERS, "status@springfield.example") as mailing_list:
        town = NotifyingTown(scratch / "town", {"STATUSGEN_SMTP": mailing_list.address})
        town.set_up(LIST.replace("kind: mail", f"kind: mail, list_id: {_ID}"))
        for number in range(rounds):
            _tell_together(town, number)
        _write_as_a_stranger(mailing_list)
        mailing_list.wait_until_idle()
        bad = [*_find_faults(mailing_list, rounds * _UPDATES)]
    number = rounds * _UPDATES * len(_SUBSCRIBERS)
    return Score(what, target, f"{format_share(max(0, number - len(bad)), number)} mails", first_cases(bad))


def _tell_together(town: NotifyingTown, number: int) -> None:
    """Write updates, and run the command twice at once."""
    at = f"2024-05-05 {8 + number:02}:10"
    if number == 0:
        town.write("bill", BILL)
    for minute in range(number == 0, _UPDATES):
        town.add("bill", f"## 2024-05-05 {8 + number:02}:0{minute}\n\nNews of {number}, {minute}.\n")
    town.publish(at)
    for process in [town.start(at), town.start(at)]:
        output, _ = process.communicate(timeout=600)
        assert process.returncode in (0, 4), output


def _write_as_a_stranger(mailing_list: MailingList) -> None:
    server = urlsplit(mailing_list.address)
    with SMTP(server.hostname or "", server.port or 0, timeout=60) as smtp:
        text = f"From: {_STRANGER}\r\nSubject: Win\r\nMessage-ID: <1@home.example>\r\n\r\nClick here.\r\n"
        smtp.sendmail(_STRANGER, ["water@lists.springfield.example"], text)


def _find_faults(mailing_list: MailingList, number: int) -> Iterator[str]:
    """Yield what is wrong with what each subscriber got of so many updates."""
    mailbox = mailing_list.mailbox
    sent = [*zip(mailbox.mails, mailbox.recipients, strict=True)]
    for subscriber in _SUBSCRIBERS:
        mails = [mail for mail, recipients in sent if subscriber in recipients]
        counts = Counter(str(mail["Message-ID"]).strip() for mail in mails)
        yield from (f"{subscriber} has {id} {times} times" for id, times in counts.items() if times > 1)
        yield from (f"{subscriber} lacks an update" for _ in range(number - len(counts)))
        yield from (f"{subscriber} has one too many" for _ in range(len(counts) - number))
        begin = {str(mail["Message-ID"]).strip() for mail in mails if mail["In-Reply-To"] is None}
        if len(begin) != 1:
            yield f"{subscriber} has {len(begin)} that begin a thread"
        yield from (f"{subscriber}: {fault}" for mail in mails for fault in _find_faults_of(mail, begin))


def _find_faults_of(mail: EmailMessage, begin: set[str]) -> Iterator[str]:
    """Yield what is wrong with one mail; `begin` is the id of the one that begins its thread."""
    if mail["In-Reply-To"] and {str(mail[name]).strip() for name in ("In-Reply-To", "References")} != begin:
        yield f"it is under {mail['References']}"
    if mail["List-Id"] != f"<{_ID}>" or "water-leave@" not in str(mail["List-Unsubscribe"]):
        yield f"its list is {mail['List-Id']}, and leaving it {mail['List-Unsubscribe']}"
    if mail["Auto-Submitted"] != "auto-generated":
        yield "it does not say that a program sent it"
    text = mail.get_body(("plain",))
    if text is None or not any(words in text.get_content() for words in ("We are looking", "News of")):
        yield "its text is gone"
