"""A mail server on this computer, which keeps what it gets and can fail at any step."""

import email
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.real_servers import free_port

Step = Callable[[], str | None]
"""Is called at a step of a mail, and returns what to answer instead, if not the usual."""


def agree() -> None:
    """Answer as usual."""


@dataclass
class MailServer:
    """A mail server: `mails` are those that it took, and the steps are called before each of its answers.

    `recipients` are those of each mail.
    """

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    on_recipient: Step = agree
    before_taking: Step = agree
    after_taking: Step = agree

    @property
    def address(self) -> str:
        """What STATUSGEN_SMTP says of it."""
        return f"smtp://127.0.0.1:{self.port}"

    def subjects(self) -> list[str]:
        """Return the subjects of what it took, in order."""
        return [str(mail["Subject"]) for mail in self.mails]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or not."""
        del server, session, options
        envelope.rcpt_tos.append(address)
        return self.on_recipient() or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        """Take a mail, or not."""
        del server, session
        if refusal := self.before_taking():
            return refusal
        content = envelope.content
        assert isinstance(content, bytes)
        self.recipients.append([*envelope.rcpt_tos])
        self.raw.append(content)
        self.mails.append(email.message_from_bytes(content, policy=default))
        return self.after_taking() or "250 Taken"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Give a mail server that runs until the end of the block."""
    server = MailServer()
    server.port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def _serve_alone(taken: Path) -> None:
    """Serve until killed: print the address, and write down the id of each mail that is taken."""
    with mail_server() as server, taken.open("a", encoding="ascii") as ids:

        def note() -> None:
            ids.write(f"{str(server.mails.pop()['Message-ID']).strip()}\n")
            ids.flush()

        server.after_taking = note
        print(server.address, flush=True)
        Event().wait()


if __name__ == "__main__":
    _serve_alone(Path(sys.argv[1]))
