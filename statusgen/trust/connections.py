"""Connections to servers that nobody vouches for: limited in time, without proxies, cookies or passwords."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPSConnection
from ipaddress import ip_address
from smtplib import SMTP
from socket import SHUT_RDWR
from threading import Timer
from urllib.parse import SplitResult

_SOCKET_TIMEOUT = 20.0  # seconds that a server may be silent


def make_connection(address: SplitResult) -> HTTPConnection:
    """Return a connection to the server of an address, not opened yet."""
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    assert address.hostname
    return kind(address.hostname, address.port, timeout=_SOCKET_TIMEOUT)


def is_this_computer(host: str) -> bool:
    """Return whether a host is this computer, so that nothing leaves it on the way there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def limit_time(seconds: float, get_connection: Callable[[], HTTPConnection | SMTP | None]) -> Iterator[None]:
    """Hang up after so many seconds, also on a server that sends a byte now and then."""
    timer = Timer(seconds, _hang_up, [get_connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(get_connection: Callable[[], HTTPConnection | SMTP | None]) -> None:
    """Close the connection of another thread, which then finds it closed."""
    connection = get_connection()
    if connection and connection.sock:
        with suppress(OSError):
            connection.sock.shutdown(SHUT_RDWR)
