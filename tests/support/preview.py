"""A running preview of a folder, for clients and for a browser. Every wait is for a message, and has a deadline."""

import http.client
import json
import queue
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from statusgen.board.clock import ClockReading
from statusgen.cli.load import read_site
from statusgen.content.reader import list_source_files
from statusgen.preview.app import serve
from statusgen.preview.state import PreviewSource

PATIENCE = 20  # seconds until a test gives up; no test waits for it to pass


class Writer:
    """A writer, with a folder and a clock."""

    def __init__(self, folder: Path, now: datetime = datetime(2024, 5, 6, 17, tzinfo=UTC)) -> None:
        self.folder, self.now = folder, now

    def preview_source(self) -> PreviewSource:
        read, watched = partial(read_site, self.folder), partial(list_source_files, self.folder)
        return PreviewSource(self.folder, read, lambda site: ClockReading(site, self.now, self.now), watched)

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def save(self, name: str, text: str) -> None:
        """Write a file in one step, as editors do: beside the folder first."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder.parent / f"{self.folder.name}.unfinished"
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)


class RunningPreview:
    """A running preview, with its messages and its address."""

    def __init__(self, source: PreviewSource, host: str) -> None:
        self.messages: queue.Queue[str] = queue.Queue()
        self.stop = threading.Event()
        options = {"host": host, "port": 0, "say": self.messages.put, "stop": self.stop}
        self.thread = threading.Thread(target=serve, args=(source,), kwargs=options)
        self.thread.start()
        self.first_message = self.next_message()
        words = self.first_message if "http" in self.first_message else self.next_message()
        found = re.search(r"http\S+", words)
        assert found, words
        self.frame = found[0]
        self.address = self.frame.removesuffix("/~preview/")
        self.port = int(self.address.rpartition(":")[2])

    def next_message(self) -> str:
        return self.messages.get(timeout=PATIENCE)

    def page(self, path: str) -> tuple[int, str]:
        try:
            with urlopen(self.address + path, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as answer:
            with answer:
                return answer.code, answer.read().decode()

    def ask(
        self, address: str, method: str = "GET", host: str = "localhost:{port}", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Send a request with any headers; return the status, the headers and the content."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.putrequest(method, address, skip_host=True)
        connection.putheader("Host", host.format(port=self.port))
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.headers, content

    @contextmanager
    def listen(self) -> Iterator[Callable[[], dict[str, Any]]]:
        """Listen as the frame does; each call of the result waits for the next news."""
        with urlopen(f"{self.address}/~preview/news", timeout=PATIENCE) as events:
            yield lambda: next_news(events)

    def news(self) -> dict[str, Any]:
        """Return the news that a frame gets first when it is opened."""
        with self.listen() as next_event:
            return next_event()


def next_news(events: http.client.HTTPResponse) -> dict[str, Any]:
    while line := events.readline():
        if line.startswith(b"data: "):
            news = json.loads(line.removeprefix(b"data: "))
            assert isinstance(news, dict)
            return news
    raise AssertionError("the stream has ended")


@contextmanager
def run_preview(writer: Writer, host: str = "127.0.0.1", **changes: Any) -> Iterator[RunningPreview]:
    """Run a preview of a writer's folder until the end of the block; `changes` replace parts of its source."""
    running = RunningPreview(replace(writer.preview_source(), **changes), host)
    try:
        yield running
    finally:
        running.stop.set()
        running.thread.join(PATIENCE)
        assert not running.thread.is_alive()
