"""A local server that shows the site while it is being written, and builds again whenever a file changes.

The pages are kept in memory, sent only to this computer, and byte for byte those that `build` would write. The frame
around them (in `frame/`) has the tools: it is told about every build (Server-Sent Events, WHATWG HTML section 9.2) and
then loads its page again. Below `/~preview/at/` is the site at its other moments.

The templates may be those of a stranger, whose change somebody looks at, and the drafts next to them are nobody's
business: each file comes with the policy of published pages, whatever it says itself, and only if the audit passes it.
"""

import errno
import html
import os
import socketserver
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import AF_INET6, socket
from urllib.parse import unquote

from statusgen.audit.checkers import check_file
from statusgen.model.whole_site import Site
from statusgen.outputs import host as hosting
from statusgen.preview.state import Preview, PreviewSource
from statusgen.problems import OutputError, StatusgenError

FRAME_PATH = "/~preview/"  # no page of a site begins like this
_MOMENTS_PATH = f"{FRAME_PATH}at/"
_FRAME_FILES = {f"{FRAME_PATH}{file.name}": file for file in (Path(__file__).parent / "frame").iterdir()}
_POLL_INTERVAL = 0.3  # seconds
_MAX_FAULTS = 5  # of a file that are shown in place of it
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

_ERROR_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Preview</title></head>
<body><h1>{heading}</h1><p>{words}</p></body></html>
"""

# No page may embed the frame, and only the frame may embed what it shows. No other site may read any of it.
_FRAME_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_COMMON_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class _Server(ThreadingHTTPServer):
    allow_reuse_address = os.name != "nt"  # on Windows it would let two previews share a port
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
        """Bind without asking the network for our name, as HTTPServer would: that can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """Report nothing about a browser that went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """Answer with a page of the site, a file of the frame, or the stream of events."""
        # A page of another site can make its own name lead here ("DNS rebinding"), but must not read drafts.
        if self.headers.get("Host", "").lower() not in self.server.hosts:
            return self._send_content(HTTPStatus.FORBIDDEN, "text/plain", b"Only for this computer.\n")
        address = self.path.partition("?")[0]
        if address == f"{FRAME_PATH}news":
            return self._stream_events()
        if address.startswith(_MOMENTS_PATH):
            moment, _, rest = address.removeprefix(_MOMENTS_PATH).partition("/")
            return self._send_page(f"/{rest}", moment)
        if address.startswith(FRAME_PATH):
            return self._send_frame_file(f"{FRAME_PATH}frame.html" if address == FRAME_PATH else address)
        # Someone who types the address wants the tools; the frame itself, and every program, gets the page.
        if address == "/" and self.headers.get("Sec-Fetch-Dest") == "document":
            return self._send_headers(HTTPStatus.FOUND, {"Location": FRAME_PATH, "Content-Length": "0"})
        return self._send_page(address)

    def do_HEAD(self) -> None:
        """Answer as to a GET, without the content."""
        self.do_GET()

    def _send_frame_file(self, address: str) -> None:
        if address not in _FRAME_FILES:
            return self._send_error_page(HTTPStatus.NOT_FOUND, "Nothing is at this address.")
        kind, content = hosting.media_type(address), _FRAME_FILES[address].read_bytes()
        return self._send_content(HTTPStatus.OK, kind, content, {"Content-Security-Policy": _FRAME_POLICY})

    def _send_page(self, address: str, moment: str | None = None) -> None:
        state = self.server.preview.state
        snapshot = state.snapshot(moment)
        if state.snapshots is None:
            return self._send_error_page(HTTPStatus.SERVICE_UNAVAILABLE, "There is no site yet.")
        if snapshot is None:
            return self._send_error_page(HTTPStatus.NOT_FOUND, "Nothing is at this address.")
        path = unquote(address).removeprefix("/")
        if not path or path.endswith("/"):
            path += "index.html"
        site = snapshot.board.site
        try:
            content = snapshot.get_file(path)
            if content is not None:
                return self._send_file(HTTPStatus.OK, path, content, site)
            if snapshot.get_file(f"{path}/index.html") is not None:
                return self._send_headers(
                    HTTPStatus.FOUND, {"Location": f"{self._safe_path()}/", "Content-Length": "0"}
                )
            not_found = snapshot.get_file("404.html")
        except StatusgenError as error:
            return self._send_error_page(HTTPStatus.INTERNAL_SERVER_ERROR, "This page cannot be made.", str(error))
        return self._send_file(HTTPStatus.NOT_FOUND, "404.html", not_found or b"", site)

    def _send_file(self, status: HTTPStatus, path: str, content: bytes, site: Site) -> None:
        """Send a file of the site, unless it could not be published."""
        if faults := check_file(path, content, site.url).faults:
            words = " ".join(f"{path}:{fault.line}: {fault.what}" for fault in faults[:_MAX_FAULTS])
            return self._send_error_page(HTTPStatus.INTERNAL_SERVER_ERROR, "This must not be published.", words)
        policy = f"{hosting.page_policy(site)}; frame-ancestors 'self'"
        return self._send_content(status, hosting.media_type(path), content, {"Content-Security-Policy": policy})

    def _safe_path(self) -> str:
        """Return the requested path in a form that cannot lead to another host."""
        return "/" + self.path.partition("?")[0].lstrip("/")

    def _send_error_page(self, status: HTTPStatus, heading: str, words: str = "") -> None:
        content = _ERROR_PAGE.format(heading=html.escape(heading), words=html.escape(words)).encode()
        self._send_content(status, hosting.media_type("no-page.html"), content)

    def _stream_events(self) -> None:
        preview = self.server.preview
        self._send_headers(HTTPStatus.OK, {"Content-Type": "text/event-stream"})
        if self.command == "HEAD":
            return
        self.wfile.write(b"retry: 1000\n\n")
        state, sent_version = preview.state, ""
        while not preview.is_closed:
            # A comment keeps the connection alive while there is nothing new.
            self.wfile.write(f"data: {state.frame_data}\n\n".encode() if state.version != sent_version else b":\n\n")
            sent_version = state.version
            state = preview.wait_for_change(sent_version)

    def _send_content(
        self, status: HTTPStatus, kind: str, content: bytes, headers: Mapping[str, str] = _COMMON_HEADERS
    ) -> None:
        self._send_headers(status, {**headers, "Content-Type": kind, "Content-Length": str(len(content))})
        if self.command != "HEAD":
            self.wfile.write(content)

    def _send_headers(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**_COMMON_HEADERS, **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the terminal shows only what the writer has to fix."""


def serve(
    source: PreviewSource,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    say: Callable[[str], None],
    stop: threading.Event | None = None,
) -> None:
    """Show what is being written, and build again when a file or the clock changes it, until Ctrl-C or `stop`.

    The calling thread checks the files and the clock about three times a second. Port 0 means any that is free; `say`
    is given the address. Raises OutputError if nothing can be served there.
    """
    stop = stop or threading.Event()
    preview = Preview(source, say)
    server = _listen(host, port, preview)
    with server, suppress(KeyboardInterrupt):
        seen = _scan_files(source.list_files)
        preview.build()
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        try:
            name = f"[{host}]" if ":" in host else host
            say(f"The preview is at http://{name}:{server.server_port}{FRAME_PATH} (Ctrl-C ends it).")
            while not stop.wait(_POLL_INTERVAL):
                before, seen = seen, _scan_files(source.list_files)
                if seen != before or preview.is_due():
                    preview.build()
        finally:
            preview.close()
            server.shutdown()


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


def _scan_files(list_files: Callable[[], Iterable[Path]]) -> frozenset[tuple[Path, int, int]]:
    """Return every watched file with its time and size: two scans differ if a file was changed, added or removed."""
    found = set()
    with suppress(OSError, StatusgenError):  # the next build says what is wrong
        for path in list_files():
            with suppress(OSError):
                status = path.stat()
                found.add((path, status.st_mtime_ns, status.st_size))
    return frozenset(found)
