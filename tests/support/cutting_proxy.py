"""A proxy before a store, which counts the requests and does to each what a test asks for."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR

PATIENCE = 60

Fault = str
"""What becomes of a request: "" passes it on, "slow" after a while; "cut" hangs up before it gets there, "lost" after
that, and "late" as if it were cut, but it gets there nevertheless; all else is answered by itself: "403 AccessDenied".
"""
Judge = Callable[[int, str], Fault]
"""Says of a request, by its number (the first is 0), its method and its path, what becomes of it."""
_ERROR = b"<Error><Code>%s</Code><Message>As the test wants it.</Message></Error>"


def pass_on(_number: int, _request: str) -> Fault:
    """Let everything pass."""
    return ""


def fail_at(path: str, fault: Fault) -> Judge:
    """Let what has to do with a path fail, each time."""
    return lambda _number, request: fault if path in request else ""


@dataclass
class Proxy:
    """Passes requests on to a port. `requests` are those that came, by method and path."""

    upstream: int
    judge: Judge = pass_on
    dropped: tuple[str, ...] = ()
    seconds: float = 0.3
    port: int = 0
    requests: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    late: list[threading.Event] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def count(self, request: str) -> Fault:
        """Note a request, and return what becomes of it."""
        with self.lock:
            self.requests.append(request)
            number = len(self.requests) - 1
        return self.judge(number, request)

    @contextmanager
    def hold_back(self) -> Iterator[None]:
        """Hold a request back until the end of the block."""
        arrived = threading.Event()
        self.late.append(arrived)
        try:
            yield
        finally:
            arrived.set()

    def wait_for_late(self) -> None:
        """Return when all that was held back has arrived."""
        for arrived in self.late:
            arrived.wait(PATIENCE)

    def restart(self, judge: Judge = pass_on) -> None:
        """Count from the beginning, and do something else."""
        with self.lock:
            self.requests.clear()
            self.judge = judge


@contextmanager
def run_proxy(upstream: int, dropped: tuple[str, ...] = ()) -> Iterator[Proxy]:
    """Run a proxy until the end of the block. It leaves out the headers that are to be dropped."""
    proxy = Proxy(upstream, dropped=dropped)

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 100

        def handle_error(self, request: object, client_address: object) -> None:
            """Ignore that clients hang up."""

    with Server(("127.0.0.1", 0), partial(_Handler, proxy)) as server:
        proxy.port = server.server_port
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield proxy
        finally:
            proxy.over.set()
            server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, proxy: Proxy, *arguments: object) -> None:
        self.proxy = proxy
        super().__init__(*arguments)  # type: ignore[arg-type] # the three that every handler gets

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def pass_request(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = self.proxy.count(f"{self.command} {self.path}")
        if fault in ("cut", "late"):
            self.cut()
        if fault == "late":
            with self.proxy.hold_back():
                self.proxy.over.wait(self.proxy.seconds)
                self.forward(body)
        if fault in ("cut", "late"):
            return
        if fault[:1].isdecimal():
            number, code = fault.split()
            self.answer(int(number), {"Content-Type": "application/xml"}, _ERROR % code.encode())
        else:
            if fault == "slow":
                self.proxy.over.wait(self.proxy.seconds)
            status, headers, content = self.forward(body)
            if fault == "lost":
                self.cut()
            else:
                self.answer(status, headers, content)

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Return what answers a request of any method."""
        if name.startswith("do_"):
            return self.pass_request
        raise AttributeError(name)

    def forward(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.proxy.upstream, timeout=PATIENCE)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.title() not in self.proxy.dropped:
                    connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response_only(status)
        dropped = ("transfer-encoding", "connection", "keep-alive", "content-length")
        for name, value in headers.items():
            if name.lower() not in dropped:
                self.send_header(name, value)
        length = headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(content))
        if status not in (204, 304):
            self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(content)

    def cut(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(SHUT_RDWR)
