"""A local server that shows the site while it is being written, and builds again whenever a file changes.

The pages are kept in memory and shown to this computer alone. Each of them gains a small script, which
reloads it after a build (Server-Sent Events, WHATWG HTML section 9.2), and, while there is a mistake in the
files, a panel that says which.
"""

import errno
import html
import mimetypes
import os
import re
import secrets
import socketserver
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from socket import AF_INET6
from typing import Any
from urllib.parse import unquote

from statusgen.errors import OutputError, StatusgenError
from statusgen.files import File

_LOOK_EVERY = 0.3  # seconds
_SIGN_OF_LIFE_EVERY = 15.0  # seconds; writing to a closed page is what tells us that it was closed
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

# Only a visible page listens, for browsers allow about six open connections to a server and a seventh page
# would not load at all. Shown again, a page learns at once that it is out of date.
_SCRIPT = b"""\
const build = document.currentScript.dataset.build;
let events;
function listen() {
  events?.close();
  if (document.hidden) return;
  events = new EventSource("/-/events");
  events.onmessage = (event) => { if (event.data !== build) location.reload(); };
}
document.addEventListener("visibilitychange", listen);
listen();
"""

_PANEL = """
<section lang="en" dir="ltr" role="alert" style="all: initial; display: block; padding: 1rem; \
font: 1rem/1.5 system-ui, sans-serif; color: #fff; background: #8b0000">
<strong style="color: inherit">{heading}</strong>
<pre style="margin: .5rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit">{problem}</pre>
</section>
"""

_EMPTY_PAGE = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Preview</title></head>
<body><p>Nothing is at this address.</p></body></html>
"""

_SECURITY_POLICY = re.compile(
    rb"""<meta\b[^>]*\bhttp-equiv\s*=\s*["']?content-security-policy\b[^>]*>""", re.IGNORECASE
)
_BODY = re.compile(rb"<body\b[^>]*>", re.IGNORECASE)

_TYPES = {
    ".html": "text/html",
    ".ics": "text/calendar",
    ".js": "text/javascript",
    ".json": "application/json",
}
_TYPES |= {".webp": "image/webp", ".xml": "application/xml"}
_OTHER_TYPES = mimetypes.MimeTypes()  # what Python knows; what this computer says differs from the next


@dataclass(frozen=True)
class _Shown:
    """The last good pages, what is wrong now ("" if nothing), and a name for the two."""

    pages: Mapping[str, bytes] = field(default_factory=dict)
    problem: str = ""
    build: str = ""

    def page(self, content: bytes) -> bytes:
        """The HTML page as the preview shows it."""
        content = _SECURITY_POLICY.sub(b"", content)  # it forbids the panel's style and the script's connection
        if self.problem:
            heading = "The site cannot be built. This page is from before:" if self.pages else "There is no site yet:"
            panel = _PANEL.format(heading=heading, problem=html.escape(self.problem)).encode()
            body = _BODY.search(content)
            content = _insert(panel, content, body.end() if body else 0)
        script = f'<script src="/-/preview.js" data-build="{self.build}"></script>'.encode()
        end = content.lower().rfind(b"</body")
        return _insert(script, content, end if end >= 0 else len(content))


class Preview:
    """What the server shows. The watching thread changes it; the threads that answer requests read it."""

    def __init__(self, build: Callable[[], Iterable[File]], say: Callable[[str], None]) -> None:
        self._build, self._say = build, say
        self._changed = threading.Condition()
        self._number, self._start = 0, secrets.token_hex(4)  # a page may outlive the server that it came from
        self.shown = _Shown()
        self.is_closed = False

    def build(self) -> None:
        """Build; a mistake goes to `say` and to the pages, and the last good pages stay."""
        pages, problem = self.shown.pages, ""
        try:
            pages = {file.path: file.content for file in self._build()}
        except StatusgenError as error:
            problem = str(error)
        except OSError as error:  # some editors save by taking a file away for a moment
            problem = f"{error.filename or 'A file'} cannot be read: {error.strerror or error}."
        self._number += 1
        with self._changed:
            self.shown = _Shown(pages, problem, f"{self._start}-{self._number}")
            self._changed.notify_all()
        if problem or self._number > 1:
            self._say(problem or "Built again.")

    def wait(self, seen: str) -> str:
        """The name of the build that is shown, once that is not `seen`, or after a while in any case."""
        with self._changed:
            self._changed.wait_for(lambda: self.is_closed or self.shown.build != seen, _SIGN_OF_LIFE_EVERY)
            return self.shown.build

    def close(self) -> None:
        """Send all who wait home."""
        with self._changed:
            self.is_closed = True
            self._changed.notify_all()


class _Server(ThreadingHTTPServer):
    allow_reuse_address = os.name != "nt"  # there it would let two previews share a port
    daemon_threads = True

    def __init__(self, host: str, port: int, preview: Preview) -> None:
        self.preview = preview
        if ":" in host:
            self.address_family = AF_INET6
        super().__init__((host, port), _Handler)
        self.hosts = {f"{name}:{self.server_port}" for name in ("localhost", "127.0.0.1", "[::1]")}
        if self.server_port == 80:
            self.hosts |= {"localhost", "127.0.0.1", "[::1]"}

    def server_bind(self) -> None:
        """Bind; HTTPServer would ask the network for our name first, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """Answer with a page, the script, or the stream of events."""
        # A page of another site may have its own name lead here ("DNS rebinding"); drafts are not for it.
        if self.headers.get("Host", "").lower() not in self.server.hosts:
            return self._answer(HTTPStatus.FORBIDDEN, "text/plain", b"Only for this computer.\n")
        address = self.path.partition("?")[0]
        if address == "/-/events":
            return self._stream()
        if address == "/-/preview.js":
            return self._answer(HTTPStatus.OK, "text/javascript; charset=utf-8", _SCRIPT)
        return self._page(address)

    def _page(self, address: str) -> None:
        shown = self.server.preview.shown
        path = unquote(address).removeprefix("/")
        if not path or path.endswith("/"):
            path += "index.html"
        status = HTTPStatus.OK
        if path not in shown.pages:
            if f"{path}/index.html" in shown.pages:
                return self._head(HTTPStatus.FOUND, {"Location": f"{address}/", "Content-Length": "0"})
            status = HTTPStatus.NOT_FOUND if shown.pages else HTTPStatus.SERVICE_UNAVAILABLE
            path = "404.html"
        content = shown.pages.get(path, _EMPTY_PAGE)
        if path.endswith(".html"):
            content = shown.page(content)
        return self._answer(status, content_type(path), content)

    def _stream(self) -> None:
        preview, build = self.server.preview, self.server.preview.shown.build
        self._head(HTTPStatus.OK, {"Content-Type": "text/event-stream"})
        self.wfile.write(b"retry: 1000\n\n")
        while not preview.is_closed:
            self.wfile.write(f"data: {build}\n\n".encode())
            build = preview.wait(build)

    def _answer(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self._head(status, {"Content-Type": kind, "Content-Length": str(len(content))})
        self.wfile.write(content)

    def _head(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what the terminal shows is what the writer has to mend."""


def serve(
    build: Callable[[], Iterable[File]],
    watched: Callable[[], Iterable[Path]],
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    say: Callable[[str], None],
    stop: threading.Event | None = None,
) -> None:
    """Show what `build` makes, and build again when a `watched` file changes, until Ctrl-C or `stop`.

    The calling thread calls both anew each time, `watched` about three times a second. Port 0 takes any that
    is free; `say` is told the address. Raises OutputError if nothing can be served there.
    """
    stop = stop or threading.Event()
    preview = Preview(build, say)
    server = _listen(host, port, preview)
    with server, suppress(KeyboardInterrupt):
        seen = _look(watched)
        preview.build()
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        try:
            name = f"[{host}]" if ":" in host else host
            say(f"The preview is at http://{name}:{server.server_port}/ (Ctrl-C ends it).")
            while not stop.wait(_LOOK_EVERY):
                before, seen = seen, _look(watched)
                if seen != before:
                    preview.build()
        finally:
            preview.close()
            server.shutdown()


def content_type(path: str) -> str:
    """The media type of a file of the site, by the end of its name; all text is UTF-8."""
    suffix = PurePosixPath(path).suffix.lower()
    kind = _TYPES.get(suffix) or _OTHER_TYPES.guess_type(f"file{suffix}")[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _listen(host: str, port: int, preview: Preview) -> _Server:
    if host not in _LOOPBACK:
        raise OutputError(f"The preview is for this computer alone: choose from {', '.join(_LOOPBACK)}.")
    try:
        return _Server(host, port, preview)
    except OverflowError as error:
        raise OutputError(f"There is no port {port}: choose a number from 0 to 65535.") from error
    except OSError as error:
        reason = f"The preview cannot use port {port}: {error.strerror or error}."
        if error.errno == errno.EADDRINUSE:
            reason = f"Port {port} is in use already, perhaps by another preview."
        raise OutputError(f"{reason} Choose another, or 0 for any that is free.") from error


def _look(watched: Callable[[], Iterable[Path]]) -> frozenset[tuple[Path, int, int]]:
    """Every watched file with its time and size: two looks differ if a file has changed, come or gone."""
    found = set()
    with suppress(OSError, StatusgenError):  # the next build says what is wrong
        for path in watched():
            with suppress(OSError):
                status = path.stat()
                found.add((path, status.st_mtime_ns, status.st_size))
    return frozenset(found)


def _insert(what: bytes, content: bytes, at: int) -> bytes:
    return content[:at] + what + content[at:]
