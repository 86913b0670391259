"""A preview at work on a folder, for clients and for a browser. Nothing waits but for what is said, with a deadline."""

import http.client
import json
import queue
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

from statusgen.cli.load import read_site
from statusgen.content.reader import list_source_files
from statusgen.preview.server import serve
from statusgen.preview.state import PreviewSource

PATIENCE = 20  # seconds until a test gives up; no test waits for it to pass


class Desk:
    """A writer's folder and clock."""

    def __init__(self, folder: Path, now: datetime = datetime(2024, 5, 6, 17, tzinfo=UTC)) -> None:
        self.folder, self.now = folder, now

    def writing(self) -> PreviewSource:
        read, watched = partial(read_site, self.folder), partial(list_source_files, self.folder)
        return PreviewSource(self.folder, read, lambda _site: self.now, watched)

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def put(self, name: str, text: str) -> None:
        """Write a file in one step, as editors do, beside the folder first."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder.parent / f"{self.folder.name}.unfinished"
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)


class Running:
    """A preview at work, with what it said and its address."""

    def __init__(self, writing: PreviewSource, host: str) -> None:
        self.said: queue.Queue[str] = queue.Queue()
        self.stop = threading.Event()
        options = {"host": host, "port": 0, "say": self.said.put, "stop": self.stop}
        self.thread = threading.Thread(target=serve, args=(writing,), kwargs=options)
        self.thread.start()
        self.first_words = self.hear()
        words = self.first_words if "http" in self.first_words else self.hear()
        self.frame = words.split()[4]
        self.address = self.frame.removesuffix("/~preview/")
        self.port = int(self.address.rpartition(":")[2])

    def hear(self) -> str:
        return self.said.get(timeout=PATIENCE)

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
        """An answer with its headers, to a client that may call itself what it likes."""
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
    def listening(self) -> Iterator[Callable[[], dict[str, Any]]]:
        """What the frame is told: each call waits for the next news."""
        with urlopen(f"{self.address}/~preview/news", timeout=PATIENCE) as events:
            yield lambda: next_news(events)

    def news(self) -> dict[str, Any]:
        """What a frame that is opened now is told first."""
        with self.listening() as told:
            return told()


def next_news(events: http.client.HTTPResponse) -> dict[str, Any]:
    while line := events.readline():
        if line.startswith(b"data: "):
            news = json.loads(line.removeprefix(b"data: "))
            assert isinstance(news, dict)
            return news
    raise AssertionError("the stream has ended")


@contextmanager
def preview(desk: Desk, host: str = "127.0.0.1", **writing: Any) -> Iterator[Running]:
    """Preview what is on a desk until the end of the block; `writing` is what is different about it."""
    running = Running(replace(desk.writing(), **writing), host)
    try:
        yield running
    finally:
        running.stop.set()
        running.thread.join(PATIENCE)
        assert not running.thread.is_alive()
