"""Mailman, a real list server, on loopback: it gets mail by LMTP, and its list has subscribers."""

import asyncio
import json
import smtplib
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.mail_server import MailServer, mail_server
from tests.support.paths import ROOT
from tests.support.real_servers import accepts_connections, free_port

PROGRAM = ROOT / "benchmarks" / "mailman" / ".venv" / "bin" / "master"
"""What starts Mailman; `make torture` installs it, in an environment of its own."""
PATIENCE = 600  # seconds: each of its processes loads for several
# Its processes that no mail to a list passes on its way.
_NOT_STARTED = ("archive", "bounces", "command", "digest", "nntp", "retry", "task")
_HOST = "lists.springfield.example"
_SETTINGS = """\
[mailman]
site_owner: owner@{host}
layout: here
[paths.here]
var_dir: {folder}
[mta]
incoming: mailman.mta.null.NullMTA
lmtp_host: 127.0.0.1
lmtp_port: {lmtp}
smtp_host: 127.0.0.1
smtp_port: {outgoing}
[webservice]
hostname: 127.0.0.1
port: {rest}
admin_user: clerk
admin_pass: pass
"""


@dataclass(frozen=True)
class MailingList:
    """The list `water@lists.springfield.example`: `address` is where mail to it goes, `mailbox` what it sent on."""

    address: str
    mailbox: MailServer
    folder: Path

    def wait_until_idle(self) -> None:
        """Return when nothing is on its way any more."""
        queues = self.folder / "queue"
        wait_for(lambda: not any(path.is_file() for path in queues.glob("*/*")), "the list")


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


@contextmanager
def run_mailing_list(folder: Path, subscribers: list[str], poster: str) -> Iterator[MailingList]:
    """Run Mailman until the end of the block, set up as the documentation says: only `poster` may write to the list."""
    folder.mkdir(parents=True)
    with ExitStack() as stack:
        mailbox = stack.enter_context(mail_server())
        lmtp, rest = _free_ports()
        settings = folder / "mailman.cfg"
        ports = {"lmtp": lmtp, "outgoing": mailbox.port, "rest": rest}
        text = _SETTINGS.format(host=_HOST, folder=folder / "var", **ports)
        settings.write_text(text + "".join(f"[runner.{name}]\nstart: no\n" for name in _NOT_STARTED), encoding="utf-8")
        output = stack.enter_context((folder / "output").open("w+b"))
        master = subprocess.Popen([PROGRAM, "-C", settings], stdout=output, stderr=output)
        stack.callback(_stop, master)
        ask = _Rest(f"http://127.0.0.1:{rest}/3.1").ask
        wait_for(lambda: _is_running(master, folder) and ask("GET", "system/versions"), "Mailman")
        wait_for(lambda: accepts_connections(lmtp), "Mailman's LMTP")
        _set_up(ask, subscribers, poster)
        relay = Controller(_Relay(lmtp), hostname="127.0.0.1", port=free_port())
        relay.start()
        stack.callback(relay.stop)
        yield MailingList(f"smtp://127.0.0.1:{relay.port}", mailbox, folder / "var")


def _is_running(master: "subprocess.Popen[bytes]", folder: Path) -> bool:
    assert master.poll() is None, (folder / "output").read_text(encoding="utf-8")
    return True


def _stop(master: "subprocess.Popen[bytes]") -> None:
    master.terminate()  # and with it those that it has started
    master.wait(PATIENCE)


def wait_for(is_so: Callable[[], object], what: str) -> None:
    """Return as soon as something is so."""
    ends = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < ends, f"{what} took too long"
        time.sleep(0.1)  # it tells nobody


@dataclass(frozen=True)
class _Rest:
    """Mailman's interface for programs."""

    url: str

    def ask(self, method: str, path: str, **values: object) -> object:
        """Return what it answers, None if it cannot be reached."""
        headers = {"Authorization": f"Basic {b64encode(b'clerk:pass').decode()}"}
        body = urlencode(values, doseq=True).encode() if values else None
        try:
            with urlopen(Request(f"{self.url}/{path}", body, headers, method=method), timeout=PATIENCE) as answer:
                return json.loads(answer.read() or b"true")
        except URLError as error:
            if isinstance(error.reason, ConnectionError):
                return None
            raise


def _set_up(ask: Callable[..., object], subscribers: list[str], poster: str) -> None:
    ask("POST", "domains", mail_host=_HOST)
    ask("POST", "lists", fqdn_listname=f"water@{_HOST}", style_name="legacy-announce")
    rules = {
        "archive_policy": "never",
        "digests_enabled": "false",
        "accept_these_nonmembers": [poster],
        "default_nonmember_action": "reject",
    }
    ask("PATCH", f"lists/water.{_HOST}/config", **rules)
    for subscriber in subscribers:
        steps = dict.fromkeys(("pre_verified", "pre_confirmed", "pre_approved"), "true")
        member = {"list_id": f"water.{_HOST}", "subscriber": subscriber, "send_welcome_message": "false"}
        ask("POST", "members", **member, **steps)


@dataclass(frozen=True)
class _Relay:
    """Hands what it gets on to Mailman, as the mail server of a city does."""

    lmtp: int

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail if Mailman does."""
        del server, session
        return await asyncio.to_thread(self._hand_on, envelope)

    def _hand_on(self, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        with smtplib.LMTP("127.0.0.1", self.lmtp, timeout=PATIENCE) as mailman:
            mailman.sendmail(envelope.mail_from or "", envelope.rcpt_tos, envelope.content)
        return "250 Taken"
