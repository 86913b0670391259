"""Gets a document of others from the web, bounded in size and time, and from nowhere that nobody named.

Who runs a page could lead us into the city's own network, by a redirect or by the name of its host. So a redirect to
another server has to lead to a public address, and so has the name of somebody's page. Where the city itself wrote an
address in numbers, or where its own monitor is, that is meant.
"""

from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from time import monotonic
from urllib.parse import SplitResult, urljoin, urlsplit

from statusgen.content.format.values import parse_web_address
from statusgen.follow.seen import NotReadError
from statusgen.problems import InvalidValue
from statusgen.text import printable
from statusgen.trust.connections import is_this_computer, limit_time, make_connection

MAX_BYTES = 5_000_000
TIME_LIMIT = 20.0
"""Seconds that a document may take, with all redirects."""
_MAX_REDIRECTS = 3
_REDIRECTS = (301, 302, 303, 307, 308)


def fetch(
    url: str, *, may_be_private: bool, headers: Mapping[str, str] | None = None, time_limit: float = TIME_LIMIT
) -> bytes:
    """Return the document at an address; raise NotReadError with the reason.

    With `may_be_private`, its host may be in a private network. What `headers` say is only told to the server named.
    """
    ends = monotonic() + time_limit
    first = address = urlsplit(url)
    may_be_private = may_be_private or _is_in_numbers(first.hostname or "")
    for _ in range(_MAX_REDIRECTS + 1):
        is_named = address[:2] == first[:2]
        answer = _request(address, not (is_named and may_be_private), headers if is_named else None, ends)
        if isinstance(answer, bytes):
            return answer
        address = answer
    raise NotReadError("it redirects without end")


def _is_in_numbers(host: str) -> bool:
    """Return whether a host is written as an address, or is this computer, so that nobody else says where it leads."""
    try:
        return bool(ip_address(host))
    except ValueError:
        return is_this_computer(host)


def _request(
    address: SplitResult, must_be_public: bool, headers: Mapping[str, str] | None, ends: float
) -> bytes | SplitResult:
    """Return the body of an answer, or the address that it leads on to; raise NotReadError."""
    seconds = ends - monotonic()
    connection = make_connection(address, must_be_public=must_be_public)
    try:
        if seconds <= 0:
            raise TimeoutError
        connection.timeout = min(connection.timeout or seconds, seconds)
        with limit_time(seconds, lambda: connection):
            return _ask(connection, address, headers or {})
    except (OSError, HTTPException, ValueError) as error:
        is_late = isinstance(error, TimeoutError) or monotonic() > ends
        reason = "it takes too long" if is_late else printable(str(error) or type(error).__name__)[:200]
        raise NotReadError(f"{printable(address.netloc)[:200]} cannot be read: {reason}") from None
    finally:
        connection.close()


def _ask(connection: HTTPConnection, address: SplitResult, headers: Mapping[str, str]) -> bytes | SplitResult:
    target = address._replace(scheme="", netloc="", fragment="", path=address.path or "/").geturl()
    fixed = {"Accept-Encoding": "identity", "User-Agent": "statusgen"}
    connection.request("GET", target, headers={**fixed, **headers})
    answer = connection.getresponse()
    location = answer.getheader("Location")
    if answer.status in _REDIRECTS and location:
        return _follow(address, location)
    if answer.status != 200:
        raise NotReadError(f"{printable(address.netloc)[:200]} answers with status {answer.status}")
    if answer.getheader("Content-Encoding", "identity").lower() != "identity":
        raise NotReadError("it is sent compressed, which was not asked for")
    body = answer.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise NotReadError(f"it is larger than {MAX_BYTES:,} bytes")
    if answer.length:  # less came than was announced
        raise NotReadError("it ends in the middle")
    return body


def _follow(address: SplitResult, location: str) -> SplitResult:
    """Return where a redirect leads; raise NotReadError if that is no address on the web, or less safe than this."""
    try:
        there = urlsplit(parse_web_address(urljoin(address.geturl(), location)))
    except (InvalidValue, ValueError):
        raise NotReadError("it redirects to what is no address on the web") from None
    if address.scheme == "https" and there.scheme != "https":
        raise NotReadError("it redirects to an address without encryption")
    return there
