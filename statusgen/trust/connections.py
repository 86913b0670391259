"""Connections to servers that nobody vouches for: limited in time, without proxies, cookies or passwords.

Nothing is asked of the addresses that only the computer's own link has (RFC 3927; RFC 4291, section 2.5.6): there the
computers of a cloud find their keys, and no site.
"""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from smtplib import SMTP
from socket import SHUT_RDWR, socket
from threading import Timer
from urllib.parse import SplitResult

# By which a network without IPv4 reaches addresses of it (RFC 6052).
_TRANSLATED = IPv6Network("64:ff9b::/96")
_SOCKET_TIMEOUT = 20.0  # seconds that a server may be silent


def make_connection(address: SplitResult, *, must_be_public: bool = False) -> HTTPConnection:
    """Return a connection to the server of an address, not opened yet; it is refused in a network that must not be."""
    kind = _SecureConnection if address.scheme == "https" else _PlainConnection
    assert address.hostname
    connection = kind(address.hostname, address.port, timeout=_SOCKET_TIMEOUT)
    connection.must_be_public = must_be_public
    return connection


class _PlainConnection(HTTPConnection):
    """A connection in the open."""

    must_be_public = False

    def connect(self) -> None:
        """Connect; raise OSError."""
        super().connect()
        _refuse(self.sock, self.must_be_public)

    def __del__(self) -> None:
        # Each thread that reads a copy has one, and a server may keep it open for another request that never comes.
        self.close()


class _SecureConnection(HTTPSConnection):
    """An encrypted connection."""

    must_be_public = False

    def connect(self) -> None:
        """Connect; raise OSError."""
        super().connect()
        _refuse(self.sock, self.must_be_public)

    def __del__(self) -> None:
        # Each thread that reads a copy has one, and a server may keep it open for another request that never comes.
        self.close()


def _refuse(connected: socket, must_be_public: bool) -> None:
    """Raise OSError if the other end is where it must not be. Only now is it certain where a name leads."""
    there = connected.getpeername()[0]
    if is_on_link(there):
        connected.close()
        raise OSError(errno.EADDRNOTAVAIL, "its address is one that no site has")
    if must_be_public and is_private(there):
        connected.close()
        raise OSError(errno.EADDRNOTAVAIL, "it leads into a private network")


def is_on_link(address: str) -> bool:
    """Return whether an address in numbers is one that only the computer's own link has."""
    found = ip_address(address)
    return (getattr(found, "ipv4_mapped", None) or found).is_link_local


def is_private(address: str) -> bool:
    """Return whether an address in numbers is one of a private network, or of this computer, in any form."""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        if found in _TRANSLATED:
            found = IPv4Address(int(found) & 0xFFFFFFFF)
        else:
            found = found.ipv4_mapped or found.sixtofour or found
    return not found.is_global or found.is_multicast


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
