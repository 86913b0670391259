"""Sends a message to a web server, once, and tells what certainly did not arrive from what nobody knows.

No redirect is followed, no proxy and no password file of this computer is used, and what a server answers is never
repeated: it could give back what it was sent, keys and all.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from statusgen.model.channels import NotifyChannel
from statusgen.notify.environment import Environment, read_secret, variable_name
from statusgen.notify.message import NotSentError, ResultUnknownError
from statusgen.problems import NotifyError
from statusgen.text import printable
from statusgen.trust.connections import is_this_computer, limit_time, make_connection

TIME_LIMIT = 30.0
"""Seconds that one request may take, however slowly the answer comes."""
_MAX_ANSWER_BYTES = 100_000
_LONGEST_WAIT = 24 * 60 * 60  # seconds; who asks for a longer one is not believed
# The answers of a server that has not worked on the request. Behind any other that begins with 5, it may have.
_UNTOUCHED = (501, 503, 505)


@dataclass(frozen=True)
class Endpoint:
    """Where requests go. `name` is what messages call it: the address itself may be a secret."""

    address: SplitResult = field(repr=False)
    name: str

    def with_path(self, path: str) -> "Endpoint":
        """Return the endpoint at another path of the same server."""
        return Endpoint(self.address._replace(path=path, query=""), self.name)


def read_endpoint(channel: NotifyChannel, environment: Environment, example: str) -> Endpoint:
    """Return where a channel's requests go, as `to:` or its variable says; raise NotifyError."""
    variable = variable_name(channel)
    secret = read_secret(channel, environment)
    text = secret or channel.to
    if not text:
        raise NotifyError(
            f"The channel {channel.id} has no address. Write to: {example}, or set {variable} if it is a secret."
        )
    address = split_address(text)
    if address is None:
        what = f"{variable} is not" if secret else f"What to: of the channel {channel.id} says is not"
        hint = f"Write it like {example}; it has to begin with https://, and passwords are no part of it."
        raise NotifyError(f"{what} an address to send messages to. {hint}")
    return Endpoint(address, variable if secret else address.netloc)


def split_address(text: str) -> SplitResult | None:
    """Return the parts of an address that messages can be sent to; in the open, only to this computer."""
    try:
        parts = urlsplit(text)
        is_sound = bool(parts.hostname) and parts.port != 0 and all("!" <= char <= "~" for char in text)
    except ValueError:
        return None
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_this_computer(parts.hostname or ""))
    return parts if is_sound and is_safe and "@" not in parts.netloc and not parts.fragment else None


def post(endpoint: Endpoint, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Send a request, and return the body of the answer if the server took it.

    Raise NotSentError if the server cannot be reached or refuses it. Raise ResultUnknownError if the connection breaks
    after it was made, or if the server fails: it may have taken the message before.
    """
    connection = make_connection(endpoint.address)
    ends = monotonic() + TIME_LIMIT
    try:
        with limit_time(TIME_LIMIT, lambda: connection):
            _connect(connection, endpoint)
            with _send(connection, endpoint, body, headers, ends) as answer:
                _require_success(answer, endpoint)
                return _read_body(answer)
    finally:
        connection.close()


def _connect(connection: HTTPConnection, endpoint: Endpoint) -> None:
    try:
        connection.connect()
    except (OSError, HTTPException, ValueError) as error:
        raise NotSentError(f"{endpoint.name} cannot be reached: {_describe(error)}. Try again later.") from None


def _send(
    connection: HTTPConnection, endpoint: Endpoint, body: bytes, headers: Mapping[str, str], ends: float
) -> HTTPResponse:
    path = endpoint.address._replace(scheme="", netloc="", path=endpoint.address.path or "/").geturl()
    try:
        connection.request("POST", path, body, {"User-Agent": "statusgen", **headers})
        return connection.getresponse()
    except (OSError, HTTPException, ValueError) as error:
        # A server can have all of a request though sending it fails: it hung up on us in the same moment.
        reason = "it took too long" if monotonic() > ends else _describe(error)
        raise ResultUnknownError(f"{endpoint.name} did not say whether it has the message: {reason}.") from None


def _require_success(answer: HTTPResponse, endpoint: Endpoint) -> None:
    status = answer.status
    if 200 <= status < 300:
        return
    if status >= 500 and status not in _UNTOUCHED:
        raise ResultUnknownError(f"{endpoint.name} failed (status {status}), maybe after it took the message.")
    if status == 429 or (status == 503 and answer.getheader("Retry-After")):
        wait = _read_wait(answer.getheader("Retry-After"))
        when = f"in {wait} seconds" if wait else "later"
        raise NotSentError(f"{endpoint.name} takes no more messages for now (status {status}). Try again {when}.")
    if 300 <= status < 400:
        raise NotSentError(f"{endpoint.name} sends messages on to another address, which is not followed. Correct it.")
    hint = {
        401: "Set its key again.",
        403: "Set its key again, and check whether that may do this.",
        404: "Correct its address.",
        410: "Take the channel out of services.yaml, or correct its address.",
    }.get(status, "Try again later, or ask who runs it.")
    raise NotSentError(f"{endpoint.name} refused the message (status {status}). {hint}")


def _read_wait(header: str | None) -> int | None:
    """Return how many seconds a server asks to wait (RFC 9110, section 10.2.3), None if it does not say so sensibly."""
    seconds = 0
    if header and header.strip().isascii() and header.strip().isdigit():
        seconds = int(header[:10])
    elif header:
        with suppress(ValueError, TypeError, OverflowError):
            at = parsedate_to_datetime(header)
            seconds = int(((at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds())
    return seconds if 0 < seconds <= _LONGEST_WAIT else None


def _read_body(answer: HTTPResponse) -> bytes:
    """Return what comes of the body. The server has taken the message, even if the rest of its answer is lost."""
    try:
        return answer.read(_MAX_ANSWER_BYTES)
    except (OSError, HTTPException, ValueError):
        return b""


def _describe(error: Exception) -> str:
    """Return why a connection failed in the words of this computer's system; never in those of the server."""
    if isinstance(error, TimeoutError):
        return "it took too long"
    words = error.strerror if isinstance(error, OSError) and error.strerror else "it hung up"
    return printable(words)[:200]
