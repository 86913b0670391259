"""Mail to the address of a list, by SMTP. Who is on the list, only the list knows."""

import os
import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from hashlib import sha256
from typing import BinaryIO
from urllib.parse import SplitResult, unquote, urlsplit

from statusgen.model.channels import NotifyChannel
from statusgen.model.whole_site import Site
from statusgen.notify.message import Message, NotSentError, ResultUnknownError
from statusgen.problems import NotifyError
from statusgen.text import printable
from statusgen.trust.connections import is_this_computer, limit_time

VARIABLE = "STATUSGEN_SMTP"
_EXAMPLE = "smtp://user:password@mail.example.org:587"
_PORTS = {"smtp": 587, "smtps": 465}
_TIMEOUT = 60  # seconds
_TIME_LIMIT = 300.0  # seconds for one mail, however slowly a server answers
_MAX_SAID = 100_000  # bytes that a server may say to one mail


def make_mail(channel: NotifyChannel, site: Site, environment: Mapping[str, str]) -> "MailSender":
    """Return what sends to a list; raise NotifyError if the environment does not say by which server."""
    address = environment.get(VARIABLE, "").strip()
    if not address:
        what = f'The channel "{channel.id}" needs a mail server, and {VARIABLE} is not set.'
        raise NotifyError(f"{what} Set it in the environment, like {_EXAMPLE}.")
    return MailSender(channel, parse_server(address), urlsplit(site.url).hostname or "localhost")


@dataclass(frozen=True)
class MailServer:
    """A mail server: `is_tls` from the first byte (smtps), and who we are there, if it asks."""

    host: str
    port: int
    is_tls: bool
    user: str = ""
    password: str = ""

    @property
    def is_here(self) -> bool:
        """Whether it is on this computer, so that nobody can listen in between."""
        return is_this_computer(self.host)


def parse_server(address: str) -> MailServer:
    """Return the server that an address names, `smtp://` or `smtps://`; raise NotifyError, which never repeats it."""
    try:
        parts: SplitResult | None = urlsplit(address)
        port = parts.port if parts else None
    except ValueError:
        parts = port = None
    if not parts or parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise NotifyError(f"{VARIABLE} is not the address of a mail server. Write it like {_EXAMPLE}.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port or _PORTS[parts.scheme], parts.scheme == "smtps", user, password)


@dataclass(frozen=True)
class MailSender:
    """Sends each message as a mail to the address of the list; `host` is that of the site, for the ids of mails."""

    channel: NotifyChannel
    server: MailServer
    host: str

    def send(self, message: Message) -> None:
        """Send a mail; raise NotSentError or ResultUnknownError."""
        mail = make_mail_message(message, self.channel, self.host)
        _, sender = parseaddr(self.channel.sender or "")
        content = mail.as_bytes(policy=SMTP)
        with self.connect() as smtp:
            self._announce(smtp, sender)
            self._hand_over(smtp, content)

    @contextmanager
    def connect(self) -> Iterator[smtplib.SMTP]:
        """Give a connection over which nobody else can read; raise NotSentError."""
        server = self.server
        try:
            if server.is_tls:
                smtp: smtplib.SMTP = _TlsConnection(server.host, server.port, timeout=_TIMEOUT, context=_encryption())
            else:
                smtp = _Connection(server.host, server.port, timeout=_TIMEOUT)
        except (OSError, smtplib.SMTPException) as error:
            raise NotSentError(f"The mail server cannot be reached ({_describe(error)}).") from None
        try:
            with limit_time(_TIME_LIMIT, lambda: smtp):
                self._log_in(smtp)
                yield smtp
                with suppress(OSError, smtplib.SMTPException):  # what a server says to a goodbye changes nothing
                    smtp.quit()
        finally:
            smtp.close()

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        server = self.server
        try:
            smtp.ehlo()
            if not server.is_tls and not server.is_here:
                if not smtp.has_extn("starttls"):
                    what = "The mail server offers no encryption (STARTTLS), so others could read along."
                    raise NotSentError(f"{what} Use another port, or smtps://.")
                smtp.starttls(context=_encryption())
                smtp.ehlo()
            if server.user:
                smtp.login(server.user, server.password)
        except smtplib.SMTPAuthenticationError as error:
            # Its words could repeat what it was sent.
            what = f"The mail server does not accept the user and password in {VARIABLE} (status {error.smtp_code})."
            raise NotSentError(f"{what} Set them again.") from None
        except (OSError, smtplib.SMTPException) as error:
            raise NotSentError(f"The mail server does not let us in ({_describe(error)}).") from None

    def _announce(self, smtp: smtplib.SMTP, sender: str) -> None:
        """Say from whom and to whom; nothing has left before the server agrees to both."""
        to = self.channel.to or ""
        try:
            for command, reply in (("MAIL", smtp.mail(sender)), ("RCPT", smtp.rcpt(to))):
                if not 200 <= reply[0] < 300:
                    raise NotSentError(f"The mail server refuses the {command} command ({_describe_reply(*reply)}).")
        except (OSError, smtplib.SMTPException) as error:
            raise NotSentError(f"The mail server hung up ({_describe(error)}).") from None

    def _hand_over(self, smtp: smtplib.SMTP, content: bytes) -> None:
        """Give the server the mail. Until it answers to the last dot, nobody can tell (RFC 5321, section 4.5.3.2.6)."""
        try:
            code, words = smtp.docmd("DATA")
        except (OSError, smtplib.SMTPException) as error:
            raise NotSentError(f"The mail server hung up ({_describe(error)}).") from None
        if code != 354:
            raise NotSentError(f"The mail server does not accept the mail ({_describe_reply(code, words)}).")
        try:
            smtp.send(_escape_dots(content))
            code, words = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise ResultUnknownError(f"The mail server hung up before it answered ({_describe(error)}).") from None
        if not 200 <= code < 300:
            raise NotSentError(f"The mail server does not accept the mail ({_describe_reply(code, words)}).")


class _Replies:
    """What a server says, as long as it says not too much: a reply may have any number of lines."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._left = file, _MAX_SAID

    def readline(self, limit: int) -> bytes:
        """Return the next line; raise OSError if it was too much."""
        line = self._file.readline(limit)
        self._left -= len(line)
        if self._left < 0:
            raise OSError("it says too much")
        return line

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class _Connection(smtplib.SMTP):
    """A connection that listens only so long."""

    def getreply(self) -> tuple[int, bytes]:
        """Return the next reply of the server."""
        if self.file is None and self.sock:
            self.file = _Replies(self.sock.makefile("rb"))
        return super().getreply()


class _TlsConnection(_Connection, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


@cache
def _encryption() -> ssl.SSLContext:
    """The certificates that this computer trusts; to read them takes a tenth of a second."""
    return ssl.create_default_context()


def _escape_dots(content: bytes) -> bytes:
    """Return a mail as it is transferred: a dot alone on a line would end it (RFC 5321, section 4.5.2)."""
    lines = content.removesuffix(b"\r\n").split(b"\r\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"


def make_mail_message(message: Message, channel: NotifyChannel, host: str) -> EmailMessage:
    """Return a mail: text and HTML of the same words, and headers by which programs know what it is."""
    name, address = parseaddr(channel.sender or "")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(display_name=name, addr_spec=address)
    mail["To"] = Address(addr_spec=channel.to or "")
    # A header ends where a line ends, so nothing that somebody wrote may have one.
    mail["Subject"] = " ".join(message.subject.split())
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = message_id(message.update_id, channel.id, host)
    if message.incident_id != message.update_id:
        first = message_id(message.incident_id, channel.id, host)
        mail["In-Reply-To"] = first
        mail["References"] = first
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: answering machines stay silent
    if channel.list_id:
        mail["List-Id"] = f"<{channel.list_id}>"
    if channel.unsubscribe:
        mail["List-Unsubscribe"] = f"<{channel.unsubscribe}>"
        if channel.unsubscribe.startswith("https:"):
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    mail.set_content(f"{message.text}\n\n{message.url}\n", cte="quoted-printable")
    mail.add_alternative(_make_page(message), subtype="html", cte="quoted-printable")
    mail["Content-Language"] = message.language  # earlier, it would be taken for that of the text alone
    return mail


def _make_page(message: Message) -> str:
    direction = "rtl" if message.html.startswith(f'<div lang="{message.language}" dir="rtl">') else "ltr"
    link = f'<p><a href="{message.url}">{message.url}</a></p>'
    head = f'<!DOCTYPE html>\n<html lang="{message.language}" dir="{direction}">\n<meta charset="utf-8">\n'
    return f"{head}<body>\n{message.html}\n{link}\n</body>\n</html>\n"


def message_id(tag: str, channel: str, host: str) -> str:
    """Return the id of a mail: the same for an update each time, so that a copy is known as one (RFC 5322, 3.6.4)."""
    digest = sha256(f"{tag} {channel}".encode()).hexdigest()
    return f"<{digest[:24]}@{host}>"


def _describe_reply(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {printable(' '.join(text.split()))[:200]}".strip()


def _describe(error: OSError | smtplib.SMTPException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _describe_reply(error.smtp_code, error.smtp_error)
    if isinstance(error, socket.gaierror):
        return "there is no such host"
    if isinstance(error, TimeoutError):
        return "it does not answer"
    number = error.errno or 0
    reason = os.strerror(number) if number > 0 else str(error)
    return printable(" ".join(reason.split()))[:200]
