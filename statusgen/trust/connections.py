"""Connections to servers that nobody vouches for: limited in time, without proxies, cookies or passwords.

Nothing is asked of the addresses that only the computer's own link has (RFC 3927; RFC 4291, section 2.5.6): there the
computers of a cloud find their keys, and no site.
"""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPSConnection
from ipaddress import ip_address
from smtplib import SMTP
from socket import SHUT_RDWR, socket
from threading import Timer
from urllib.parse import SplitResult

_SOCKET_TIMEOUT = 20.0  # seconds that a server may be silent


def make_connection(address: SplitResult) -> HTTPConnection:
    """Return a connection to the server of an address, not opened yet."""
    kind = _SecureConnection if address.scheme == "https" else _PlainConnection
    assert address.hostname
    return kind(address.hostname, address.port, timeout=_SOCKET_TIMEOUT)


class _PlainConnection(HTTPConnection):
    """A connection in the open."""

    def connect(self) -> None:
        """Connect; raise OSError."""
        super().connect()
        _refuse_link(self.sock)


class _SecureConnection(HTTPSConnection):
    """An encrypted connection."""

    def connect(self) -> None:
        """Connect; raise OSError."""
        super().connect()
        _refuse_link(self.sock)


def _refuse_link(connected: socket) -> None:
    """Raise OSError if the other end is on the computer's own link. Only now is it certain where a name leads."""
    if is_on_link(connected.getpeername()[0]):
        connected.close()
        raise OSError(errno.EADDRNOTAVAIL, "its address is one that no site has")


def is_on_link(address: str) -> bool:
    """Return whether an address in numbers is one that only the computer's own link has."""
    found = ip_address(address)
    return (getattr(found, "ipv4_mapped", None) or found).is_link_local


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
