"""Copies of a site: one in a folder, or one on the web."""

import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from socket import gaierror
from ssl import SSLError
from threading import local
from time import monotonic
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from statusgen import addresses
from statusgen.content.disk import open_inside, walk_files
from statusgen.files import MARKER
from statusgen.problems import TrustError
from statusgen.text import printable
from statusgen.trust.connections import limit_time, make_connection

_MAX_REDIRECTS = 3
_ENCODINGS_OF_COPIES = {".gz": "gzip", ".br": "br"}


class CopyError(Exception):
    """A copy does not give a file; anyone who knows its path puts it into words."""


class MissingFileError(CopyError):
    """The copy does not have the file."""


class UnreadableFileError(CopyError):
    """What the copy has there is not a file of a site; the message ends a sentence that begins with its path."""


class UnreachableError(UnreadableFileError):
    """There is no way to the host, or no host of that name. One that only says nothing is not meant."""


@dataclass(frozen=True)
class FolderCopy:
    """A copy in a folder. Links in it are not followed."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder."""
        return str(self.folder)

    def read(self, path: str, max_bytes: int) -> bytes:
        """Return a file's bytes, at most `max_bytes` and one more; raise CopyError."""
        file = self.folder
        try:
            for part in path.split("/"):
                file = file / part
                mode = file.lstat().st_mode
                if stat.S_ISLNK(mode):
                    raise UnreadableFileError("is a link, or is behind one")
            if not stat.S_ISREG(mode):
                raise UnreadableFileError("is not a file")
            with open(open_inside(str(self.folder), path.split("/")), "rb") as opened:  # noqa: PTH123 - a descriptor
                if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                    raise UnreadableFileError("is not a file")
                return opened.read(max_bytes + 1)
        except (FileNotFoundError, NotADirectoryError):
            raise MissingFileError from None
        except OSError as error:
            raise UnreadableFileError(f"cannot be read: {error.strerror}") from None

    def list_files(self) -> Iterator[str]:
        """Yield every file and link in it, except those of git and statusgen's own list of what it may replace."""
        for file in walk_files(self.folder):
            path = file.relative_to(self.folder).as_posix()
            # The copy can be a branch of git, whose own files are not published.
            if path not in (MARKER, ".git") and not path.startswith(".git/"):
                yield path


@dataclass(frozen=True)
class Answer:
    """What a host answers: the status, the headers, and the body of an answer that has the file."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def location(self) -> str | None:
        """Where the answer leads, if it leads elsewhere."""
        found = (value for name, value in self.headers if name.lower() == "location")
        return next(found, None) if 300 <= self.status < 400 else None


class _Thread(local):
    """What belongs to one thread: the connection that its last request left open."""

    connection: HTTPConnection | None = None


@dataclass
class WebCopy:
    """A live copy. It is asked for each file as a browser would ask, without cookies, keys or passwords.

    A redirect is followed within the copy alone. A file may take `time_limit` seconds, however slowly it comes.
    """

    url: str
    time_limit: float = 60.0
    _base: SplitResult = field(init=False)
    _thread: _Thread = field(init=False, default_factory=_Thread)

    def __post_init__(self) -> None:
        try:
            self._base = urlsplit(self.url if self.url.endswith("/") else f"{self.url}/")
            is_plain = self._base.port != 0 and bool(self._base.hostname)
        except ValueError:
            is_plain = False
        if not is_plain or self._base.scheme not in ("http", "https") or self._base.query or self._base.fragment:
            example = "https://status.springfield.example/"
            raise TrustError(f"{printable(self.url)} is not the address of a site, like {example}.")
        if "@" in self._base.netloc:
            raise TrustError("The address has a password in it. Leave it out: what is public needs none.")

    @property
    def name(self) -> str:
        """The address."""
        return self.url

    def read(self, path: str, max_bytes: int) -> bytes:
        """Return a file's bytes, at most `max_bytes` and one more; raise CopyError.

        Pages are asked for by the addresses that people use.
        """
        return self.ask(path, max_bytes).body

    def ask(self, path: str, max_bytes: int) -> Answer:
        """Return the whole answer that has a file; raise CopyError."""
        address = path.removesuffix("index.html") if path.split("/")[-1] == "index.html" else path
        return self._follow(f"{self._base.path}{quote(address)}", max_bytes)

    def resolve_link(self, link: str, page: str) -> str | None:
        """Return the path of the file that a link on a page leads to; None if that is outside of the copy."""
        try:
            there = urlsplit(urljoin(urljoin(self._base.geturl(), quote(page)), link))
        except ValueError:
            return None
        if there[:2] != self._base[:2] or not there.path.startswith(self._base.path):
            return None
        path = unquote(there.path.removeprefix(self._base.path))
        return addresses.file_path(path) if path.isprintable() and ".." not in path.split("/") else None

    def fetch(self, target: str, max_bytes: int) -> bytes:
        """Return the body of what is at a path of the host; raise CopyError."""
        return self._follow(target, max_bytes).body

    def _follow(self, target: str, max_bytes: int) -> Answer:
        """Return the answer that has what is at a path of the host; raise CopyError."""
        for _ in range(_MAX_REDIRECTS + 1):
            answer = self._request(target, max_bytes)
            if answer.location is None:
                break
            there = urlsplit(urljoin(self._base._replace(path=target).geturl(), answer.location))
            if there[:2] != self._base[:2] or not there.path.startswith(self._base.path) or there.query:
                raise UnreadableFileError(f"redirects elsewhere, to {printable(answer.location)[:200]}")
            target = quote(unquote(there.path))
        else:
            raise UnreadableFileError("redirects without end")
        if answer.status in (404, 410):
            raise MissingFileError
        if answer.status != 200:
            raise UnreadableFileError(f"is answered with status {answer.status}")
        return answer

    def _request(self, target: str, max_bytes: int) -> Answer:
        is_new = self._thread.connection is None
        try:
            with self._limit_time():
                return self._send_request(target, max_bytes)
        except (OSError, HTTPException, ValueError, zlib.error) as error:
            self._close()
            if not is_new and isinstance(error, (ConnectionError, HTTPException)):
                return self._request(target, max_bytes)  # a server may hang up between two requests
            reason = "there is no such host" if isinstance(error, gaierror) else str(error) or type(error).__name__
            # Where a host refuses, hangs up, is silent or has a wrong certificate, there is a way to it.
            is_there = not isinstance(error, OSError) or isinstance(error, (ConnectionError, TimeoutError, SSLError))
            kind = UnreadableFileError if is_there else UnreachableError
            raise kind(f"cannot be fetched: {printable(reason)[:200]}") from None

    def _send_request(self, target: str, max_bytes: int) -> Answer:
        connection = self._thread.connection
        if connection is None:
            connection = self._thread.connection = make_connection(self._base)
        connection.request("GET", target, headers={"Accept-Encoding": "identity", "Cache-Control": "no-cache"})
        answer = connection.getresponse()
        body = _decode_body(answer, target, max_bytes) if answer.status == 200 else b""
        if not answer.isclosed():  # cut off, or not wanted: what is left would begin the next answer
            self._close()
        return Answer(answer.status, tuple(answer.getheaders()), body)

    @contextmanager
    def _limit_time(self) -> Iterator[None]:
        """Hang up on a server that takes longer than it may."""
        ends = monotonic() + self.time_limit
        attributes = self._thread.__dict__  # those of this thread, for another one
        with limit_time(self.time_limit, lambda: attributes.get("connection")):
            yield
            if monotonic() > ends:
                raise TimeoutError(f"it takes longer than {self.time_limit:.0f} seconds")

    def _close(self) -> None:
        if self._thread.connection:
            self._thread.connection.close()
        self._thread.connection = None


Copy = FolderCopy | WebCopy


def _decode_body(answer: HTTPResponse, target: str, max_bytes: int) -> bytes:
    """Return the body, at most `max_bytes` and one more, also if a host compresses what nobody asked it to.

    A compressed copy is a file of its own (`index.html.gz`), and its encoding is said by the store that has it.
    """
    body = answer.read(max_bytes + 1)
    encoding = (answer.getheader("Content-Encoding") or "identity").lower()
    if encoding == "identity" or encoding == _ENCODINGS_OF_COPIES.get(target[-3:]):
        return body
    if encoding not in ("gzip", "x-gzip"):
        raise ValueError(f"it is sent as {encoding}, which was not asked for")
    return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(body, max_bytes + 1)
