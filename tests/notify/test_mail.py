"""Mail that lands, threads, and carries nothing that it should not."""

import re
import socket
from base64 import b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from statusgen.model.channels import NotifyChannel, NotifyKind
from statusgen.model.times import When
from statusgen.notify.mail import MailSender, make_mail_message, parse_server
from statusgen.notify.mail import MailServer as Server
from statusgen.notify.message import Message, NotSentError
from statusgen.problems import NotifyError
from tests.support.mail_server import MailServer, agree
from tests.support.notifying import BILL, LIST, NotifyingTown

UNSUBSCRIBE = "https://lists.springfield.example/unsubscribe"
SINCE = When.moment(datetime(2024, 5, 5, tzinfo=UTC))
CHANNEL = NotifyChannel("list", NotifyKind.MAIL, SINCE, to="a@b.example", sender="c@d.example")


def make_message(subject: str, text: str) -> Message:
    ids, at = ("tag:x,2024:/a/b", "tag:x,2024:/a/a"), datetime(2024, 5, 5, 8, tzinfo=UTC)
    return Message(*ids, "https://x.example/", "en", subject, text, "<p>x</p>", "", at)


def test_a_mail_says_what_it_is(town: NotifyingTown, post_office: MailServer) -> None:
    extra = f"kind: mail, list_id: water.springfield.example, unsubscribe: '{UNSUBSCRIBE}'"
    town.set_up(LIST.replace("kind: mail", extra))
    town.write("bill", BILL)
    town.tell(at="2024-05-05 08:10")
    (mail,) = post_office.mails
    assert mail["From"] == "Springfield <status@springfield.example>"
    assert mail["To"] == "water@lists.springfield.example"
    assert mail["Date"] == "Sun, 05 May 2024 13:00:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"] == "<water.springfield.example>"
    assert mail["List-Unsubscribe"] == f"<{UNSUBSCRIBE}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["In-Reply-To"] is None
    assert re.fullmatch(r"<[0-9a-f]{24}@status\.springfield\.example>", mail["Message-ID"])


def test_what_a_server_says_is_printed_on_one_line_and_not_at_length(
    town: NotifyingTown, post_office: MailServer
) -> None:
    town.write("bill", BILL)
    town.publish("2024-05-05 08:10")
    for step in ("on_recipient", "before_taking"):
        setattr(post_office, step, lambda: "550 No\x1b[31m \u202e" + "long " * 100)
        output = town.notify(at="2024-05-05 08:10" if step == "on_recipient" else "2024-05-05 12:00").output
        setattr(post_office, step, agree)
        (line,) = (line for line in output.splitlines() if line.startswith("Not sent: "))
        assert "(550 No\\x1b[31m " in line
        assert all(char.isprintable() for char in line)
        assert len(line) < 350


def test_updates_thread_under_their_incident(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    town.add("bill", "## 2024-05-05 08:05\n\nStill so.\n")
    town.tell(at="2024-05-05 08:10")
    first, second = post_office.mails
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert first["Message-ID"] != second["Message-ID"]


def test_text_and_html_say_the_same_and_nothing_is_loaded(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    town.tell(at="2024-05-05 08:10")
    mail, raw = post_office.mails[0], post_office.raw[0]
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text
    assert page
    for words in ("Pay a water bill (Online): Not available.", "We are looking into it."):
        assert words in text.get_content()
        assert words in page.get_content()
    assert not re.search(r"<(?:img|script|link|style|iframe)|src=", page.get_content())
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()


def test_the_same_update_makes_the_same_mail(town: NotifyingTown, post_office: MailServer) -> None:
    town.write("bill", BILL)
    town.tell(at="2024-05-05 08:10")
    (town.folder / ".statusgen-sent" / "sent.jsonl").unlink()
    town.tell(at="2024-05-05 09:10")
    first, second = post_office.mails
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize("subject", ["Down\r\nBcc: all@springfield.example", "Down\n\n<script>", "x" * 2000, "\u2028é"])
def test_no_words_can_add_a_header(subject: str) -> None:
    message = make_message(subject, f"{subject}\nFrom here\n" + "é" * 3000)
    content = make_mail_message(message, CHANNEL, "x.example").as_bytes()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    mail = message_from_bytes(content, policy=default)
    assert mail["Bcc"] is None
    assert mail["Subject"].split() == subject.split()
    body = mail.get_body(("plain",))
    assert body
    assert body.get_content().splitlines()[-2:] == ["", "https://x.example/"]


def test_a_dot_alone_on_a_line_ends_nothing(post_office: MailServer) -> None:
    server = parse_server(post_office.address)
    MailSender(CHANNEL, server, "x.example").send(make_message("Dots", ".\n..\n.hidden\n\nThe end."))
    text = post_office.mails[0].get_body(("plain",))
    assert text
    assert text.get_content().splitlines()[:5] == [".", "..", ".hidden", "", "The end."]


def test_the_address_of_a_server() -> None:
    assert parse_server("smtp://mail.example") == Server("mail.example", 587, False)
    assert parse_server("smtps://me%40x:p%2Fw@mail.example:4650/") == Server("mail.example", 4650, True, "me@x", "p/w")
    for wrong in ("mail.example", "https://mail.example", "smtp://", "smtp://x:y@z:port", "smtp://a/b", "smtp://[x"):
        with pytest.raises(NotifyError, match="is not the address of a mail server"):
            parse_server(wrong)


@contextmanager
def bad_server(answer: Callable[[bytes], bytes]) -> Iterator[MailSender]:
    """A mail server that answers each line as it pleases, and a sender who tries to send by it."""
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as pool:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection, connection.makefile("rwb", 0) as stream, suppress(OSError):
                stream.write(b"220 Hello\r\n")
                while line := stream.readline():
                    stream.write(answer(line))

        served = pool.submit(serve)
        server = Server("127.0.0.1", listening.getsockname()[1], False, "ann", "hunter2")
        yield MailSender(CHANNEL, server, "x.example")
        served.result(60)


@pytest.mark.parametrize("method", ["PLAIN", "LOGIN"])
def test_a_server_that_repeats_the_password_is_not_repeated(method: str) -> None:
    heard: list[str] = []

    def answer(line: bytes) -> bytes:
        if line.upper().startswith(b"EHLO"):
            return f"250-x\r\n250 AUTH {method}\r\n".encode()
        heard.append(line.decode().split()[-1])
        return b"334 VXNlcm5hbWU6\r\n" if line == b"AUTH LOGIN YW5u\r\n" else b"535 No: " + line

    with bad_server(answer) as sender, pytest.raises(NotSentError, match=r"STATUSGEN_SMTP \(status 535\)") as refused:
        sender.send(make_message("x", "x"))
    assert b"hunter2" in b64decode(heard[0] if method == "PLAIN" else heard[1])
    assert not any(word in str(refused.value) for word in heard)


def test_a_server_that_never_ends_its_reply_is_given_up() -> None:
    with bad_server(lambda _: b"250-x\r\n" * 20_000) as sender, pytest.raises(NotSentError, match="says too much"):
        sender.send(make_message("x", "x"))


def test_only_this_computer_is_spoken_to_in_the_open() -> None:
    assert Server("127.0.0.1", 25, False).is_here
    assert Server("localhost", 25, False).is_here
    assert not Server("192.0.2.1", 25, False).is_here
    assert not Server("localhost.example", 25, False).is_here
