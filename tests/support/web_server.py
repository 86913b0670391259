"""Small web servers on loopback, for clients that read by HTTP."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


class QuietHandler(BaseHTTPRequestHandler):
    """Answers requests without a word in the tests' output."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class FolderHandler(QuietHandler, SimpleHTTPRequestHandler):
    """Sends the files of a folder."""


@contextmanager
def serve(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    """Run a server until the end of the block; its address, with a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
    """Serve the files of a folder until the end of the block; the address, with a slash at its end."""
    with serve(partial(FolderHandler, directory=str(folder))) as address:
        yield address


def request_paths(paths: Iterable[str]) -> list[str]:
    """Return the addresses at which a browser asks for files: of a page, its folder."""
    return sorted({"/" + re.sub(r"(^|/)index\.html$", r"\1", path) for path in paths if path != "_headers"})
