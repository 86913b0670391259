"""A web server for this computer alone, with which the preview and the desk show a site: Flask, served by waitress.

An app of `make_local_app` answers only under this computer's own names, and lets no other site read or frame anything.
`listen` serves it. `send_site_file` is the answer with a file of the site: its templates may be those of a stranger,
whose change somebody looks at, and the drafts next to them are nobody's business. So each file comes with the policy of
published pages, even if it has its own, and only if the audit passes it.
"""

import errno
import html
import logging
import socket
import sys
from collections.abc import Mapping
from http import HTTPStatus
from threading import Thread
from types import MappingProxyType, TracebackType
from typing import Any, Self
from urllib.parse import quote

from flask import Flask, Response, request
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ErrorTask
from waitress.utilities import RequestHeaderFieldsTooLarge
from werkzeug.exceptions import HTTPException

from statusgen.audit.checkers import check_file
from statusgen.outputs import host as hosting
from statusgen.preview.snapshot import Snapshot
from statusgen.problems import OutputError, StatusgenError

MAX_STREAMS = 32  # answers that go on for as long as a page is open
_THREADS = MAX_STREAMS + 16  # each answer takes one, so the last 16 are for pages
_MAX_CONNECTIONS = 200
# Cookies know no ports, so browsers send every cookie that any server on this computer has set: Chromium and Firefox
# keep 180 for a host, of 4096 bytes each.
_MAX_HEADERS = 1_048_576  # bytes
_MAX_BODY = 65_536  # bytes
_PATIENCE = 5  # seconds in which answers that were begun have to end

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_NAMES = ("localhost", "127.0.0.1", "[::1]")  # of this computer, in addresses
_MAX_FAULTS = 5  # of a file that are shown in place of it

_ERROR_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>{heading}</title></head>
<body><h1>{heading}</h1><p>{words}</p></body></html>
"""

# Only our own frame may embed what it shows. No other site may read any of it.
_COMMON_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# With these, a page of a site is shown in a frame that runs nothing and reaches nothing else of this server. What it
# loads, it asks for without a cookie, as a stranger would, so its address has to be one that nobody can guess.
SANDBOX_HEADERS: Mapping[str, str] = MappingProxyType(
    {"Content-Security-Policy": "sandbox", "Cross-Origin-Resource-Policy": "cross-origin"}
)


def make_local_app() -> Flask:
    """Return an app without routes that answers only this computer, each time with headers that keep others out."""
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    app.before_request(_refuse_other_names)
    app.after_request(_add_common_headers)
    app.register_error_handler(HTTPException, _explain_error)
    return app


def _refuse_other_names() -> Response | None:
    # A page of another site can make its own name lead here ("DNS rebinding"), but must not read drafts.
    port = request.environ["SERVER_PORT"]
    hosts = {f"{name}:{port}" for name in _NAMES} | ({*_NAMES} if port == "80" else set())
    if request.headers.get("Host", "").lower() not in hosts:
        return Response("Only for this computer.\n", HTTPStatus.FORBIDDEN, mimetype="text/plain")
    return None


def _add_common_headers(response: Response) -> Response:
    for name, value in _COMMON_HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _explain_error(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    answer = send_error_page(status, "Nothing is at this address." if status == 404 else f"{status.phrase}.")
    answer.headers.extend([header for header in error.get_headers() if header[0] != "Content-Type"])
    return answer


def send_error_page(status: HTTPStatus, heading: str, words: str = "", language: str = "en") -> Response:
    """Answer with a page that says what is wrong."""
    return Response(_make_error_page(heading, words, language), status)


def _make_error_page(heading: str, words: str, language: str = "en") -> str:
    return _ERROR_PAGE.format(heading=html.escape(heading), words=html.escape(words), language=language)


class _ErrorTask(ErrorTask):
    """What is answered to a request that is refused before the app sees it: why, if a person can do something."""

    def execute(self) -> None:
        request: Any = self.request  # waitress's types take it for the error
        if isinstance(request.error, RequestHeaderFieldsTooLarge):
            request.error = _TooManyCookiesError("")
        super().execute()


class _TooManyCookiesError(RequestHeaderFieldsTooLarge):
    def to_response(self, ident: str | None = None) -> Any:  # noqa: ARG002 - waitress's signature
        what = "Your browser sends more cookies than can be read here."
        do = (
            "Other programs on this computer have set them. Delete the cookies of 127.0.0.1 and of localhost in the "
            "settings of the browser, then start what you were using again. What you wrote is kept."
        )
        headers = {**_COMMON_HEADERS, "Content-Type": "text/html; charset=utf-8"}
        return f"{self.code} {self.reason}", [*headers.items()], _make_error_page(what, do).encode()


class _Channel(HTTPChannel):
    error_task_class = _ErrorTask


def send_site_file(snapshot: Snapshot, path: str, extra_headers: Mapping[str, str] = MappingProxyType({})) -> Response:
    """Answer with a file of a site as it would be published, or with a page that says why it cannot be.

    `path` is within the site and decoded; "" and a path that ends in a slash mean the index of that folder. It has to
    be the end of the requested address, so that links lead to other files of the same site. `extra_headers` replace
    ours, except for a policy, which holds in addition.
    """
    if not path or path.endswith("/"):
        path += "index.html"
    try:
        status, content = HTTPStatus.OK, snapshot.get_file(path)
        if content is None and snapshot.get_file(f"{path}/index.html") is not None:
            folder = f"{quote(path.rpartition('/')[2])}/"  # relative, so it cannot lead to another host
            return Response(status=HTTPStatus.FOUND, headers={**extra_headers, "Location": folder})
        if content is None:
            status, path, content = HTTPStatus.NOT_FOUND, "404.html", snapshot.get_file("404.html") or b""
    except StatusgenError as error:
        return send_error_page(HTTPStatus.INTERNAL_SERVER_ERROR, "This page cannot be made.", str(error))
    site = snapshot.board.site
    if faults := check_file(path, content, site.url).faults:
        words = " ".join(f"{path}:{fault.line}: {fault.what}" for fault in faults[:_MAX_FAULTS])
        return send_error_page(HTTPStatus.INTERNAL_SERVER_ERROR, "This must not be published.", words)
    policy = f"{hosting.page_policy(site)}; frame-ancestors 'self'"
    answer = Response(content, status, {"Content-Security-Policy": policy}, content_type=hosting.media_type(path))
    for name, value in extra_headers.items():
        add = answer.headers.add if name == "Content-Security-Policy" else answer.headers.set
        add(name, value)
    return answer


class LocalServer:
    """An app at an address of this computer, once it has been started, until the end of the block.

    What is asked for before waits. At the end, answers that were begun have a moment to end; those that go on for long
    must be told to before.
    """

    def __init__(self, app: Flask, listener: socket.socket, max_body: int) -> None:
        # Sockets by their numbers. waitress changes it, so it is no `Mapping` as its types say.
        self._connections: dict[int, Any] = {}
        host, port = listener.getsockname()[:2]
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        server = create_server(
            app,
            self._connections,
            sockets=[listener],
            threads=_THREADS,
            connection_limit=_MAX_CONNECTIONS,
            max_request_header_size=_MAX_HEADERS,
            max_request_body_size=max_body,
            ident="",
            log_socket_errors=False,  # a browser that went away is no error
        )
        assert isinstance(server, BaseWSGIServer), "it is another class only for several sockets"
        server.channel_class = _Channel
        self._server = server
        self._is_closed = False
        self._thread = Thread(target=self._answer_requests, daemon=True)

    def start(self) -> None:
        """Answer requests from now on."""
        self._thread.start()

    def _answer_requests(self) -> None:
        while not self._is_closed:
            wasyncore.loop(use_poll=True, map=self._connections, count=1)

    def __enter__(self) -> Self:
        """Return the server."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End all answers, then close all connections and the port."""
        self._server.task_dispatcher.shutdown(timeout=_PATIENCE)
        self._is_closed = True
        self._server.pull_trigger()
        if self._thread.ident:
            self._thread.join()
        wasyncore.close_all(self._connections)


def listen(app: Flask, host: str, port: int, *, what: str = "preview", max_body: int = _MAX_BODY) -> LocalServer:
    """Take a port of this computer for an app; 0 means any that is free. Raises OutputError if that cannot be.

    `what` is what messages call the app. Requests with `max_body` bytes or more are refused unread.
    """
    if host not in _LOOPBACK:
        raise OutputError(f"The {what} is for this computer alone: choose from {', '.join(_LOOPBACK)}.")
    # Its warnings are about a queue of requests, and browsers that went away: nothing that the writer has to fix.
    logging.getLogger("waitress").setLevel(logging.ERROR)
    try:
        return LocalServer(app, _bind(host, port), max_body)
    except OverflowError as error:
        raise OutputError(f"There is no port {port}: choose a number from 0 to 65535.") from error
    except OSError as error:
        reason = f"The {what} cannot use port {port}: {error.strerror or error}."
        if error.errno == errno.EADDRINUSE:
            reason = f"Port {port} is in use already, perhaps by another {what}."
        raise OutputError(f"{reason} Choose another, or 0 for any that is free.") from error


def _bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens, with a port to itself.

    On Windows, what allows a port to be used again at once elsewhere lets two programs share one. waitress would allow
    it there too; after this, Windows refuses it that.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except (OSError, OverflowError):
        listener.close()
        raise
    return listener
