"""The desk, killed while somebody types and while it publishes: nothing that it said it kept is lost, or told twice."""

import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from statusgen.desk.desk import Desk
from statusgen.desk.publishing.job import JobState
from tests.faults.score import Score, first_cases, format_share
from tests.support.paths import ROOT
from tests.support.web_server import serve_folder
from tests.support.writer import at_the_desk, make_services

_TRIALS = 100
_PATIENCE = 60.0  # seconds
_LONGEST = 1.5  # seconds of typing before the desk is killed


class _Typist:
    """Somebody who types at a desk that runs as a program of its own; `kept` is the last title that it said it kept."""

    def __init__(self, source: Path) -> None:
        command = [sys.executable, "-m", "statusgen", "desk", "--no-open", "--port", "0", "--source", str(source)]
        self.program = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
        assert self.program.stdout
        found = re.search(r"http\S+", self.program.stdout.readline())
        assert found
        self.address = urlsplit(found[0])
        self.typed: list[str] = []
        self.kept = ""

    def type_until_killed(self) -> None:
        """Open a form, and type a longer and longer title until nobody answers any more."""
        try:
            connection = http.client.HTTPConnection(self.address.netloc, timeout=_PATIENCE)
            self._type(connection)
        except (OSError, http.client.HTTPException):
            return

    def _type(self, connection: http.client.HTTPConnection) -> None:
        answer = _ask(connection, "GET", f"{self.address.path}?{self.address.query}")
        page, cookie = answer.read().decode(), answer.headers["Set-Cookie"].partition(";")[0]
        found = re.search(r'href="(/k/[^/]+/)"', page)
        assert found
        headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
        home = _ask(connection, "GET", found[1], headers).read().decode()
        token = re.search(r'name="form-token" value="([^"]+)"', home)
        assert token
        form = f"kind=problem&post=&form-token={token[1]}"
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        draft = _ask(connection, "POST", f"{found[1]}drafts", headers | kind, form)
        draft.read()
        where = urlsplit(draft.headers["Location"]).path
        headers |= {"Content-Type": "application/json", "X-Form-Token": token[1]}
        for number in range(100_000):
            title = f"Trash is late, {number} times"
            self.typed.append(title)
            answer = _ask(connection, "POST", f"{where}/keys", headers, json.dumps({"answers": {"title": [title]}}))
            if answer.status == 200 and b"kept" in answer.read():
                self.kept = title

    def kill(self) -> None:
        """Kill the desk, and all that it started, as a power cut would."""
        os.killpg(self.program.pid, signal.SIGKILL)
        self.program.wait()


def _ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: dict[str, str] | None = None,
    body: str = "",
) -> http.client.HTTPResponse:
    connection.request(method, path, body or None, headers or {})
    return connection.getresponse()


def measure_typing(scratch: Path, every: int) -> Score:
    """Kill the desk at a moment while somebody types, and look at what a new one finds."""
    luck, bad, trials = random.Random(7), list[str](), max(2, _TRIALS // every)
    with _own_state(scratch):
        source = _make_town(scratch, "https://status.springfield.example/")
        for trial in range(trials):
            typist = _Typist(source)
            hands = threading.Thread(target=typist.type_until_killed, daemon=True)
            hands.start()
            _wait_for_kept(typist)
            time.sleep(luck.random() * _LONGEST)
            typist.kill()
            hands.join(_PATIENCE)
            bad += [f"trial {trial}: {fault}" for fault in _find_loss(source, typist)]
    return Score(
        "the desk killed while somebody types",
        "what it said it kept is there when it is opened again, and no post was written",
        format_share(trials - len(bad), trials),
        first_cases(bad),
    )


def _find_loss(source: Path, typist: _Typist) -> Iterator[str]:
    desk = Desk(source)
    drafts = desk.drafts.list_all()
    title = drafts[0].first("title") if drafts else ""
    if title not in typist.typed[typist.typed.index(typist.kept) :]:
        yield f"{title!r} is there, and {typist.kept!r} was kept"
    if any((source / "incidents").glob("*.md")):
        yield "a post was written"
    for draft in drafts:
        desk.drafts.discard(draft.id)


def measure_publishing(scratch: Path, every: int) -> Score:
    """Kill the program that publishes at moments all over it, and go on: the post is there once, and public."""
    luck, bad, trials = random.Random(11), list[str](), max(2, _TRIALS // every)
    with _own_state(scratch), serve_folder(scratch / "www" / "current") as url:
        source = _make_town(scratch, url, scratch / "www")
        with at_the_desk(source) as writer:
            for trial in range(trials):
                title = f"Trash is late, {trial} times"
                job = writer.publish(writer.report(title))
                time.sleep(luck.random() * 4)
                writer.kill(job.id)
                if writer.job(job.id).state is not JobState.PUBLISHED:
                    writer.press(f"jobs/{job.id}/retry")
                done = writer.await_job(job.id)
                posts = [post for post in (source / "incidents").glob("*.md") if title in post.read_text()]
                shown = (scratch / "www" / "current" / "feed.xml").read_text(encoding="utf-8")
                if done.state is not JobState.PUBLISHED or len(posts) != 1 or title not in shown:
                    bad.append(f"trial {trial}: {done.state}, {len(posts)} posts, public: {title in shown}")
                for post in posts:
                    post.unlink()
    return Score(
        "a publication of the desk killed at moments all over it",
        "it goes on where it stopped: one post, not half of one and not two, and residents see it",
        format_share(trials - len(bad), trials),
        first_cases(bad),
    )


def _make_town(scratch: Path, url: str, place: Path | None = None) -> Path:
    source = scratch / "town"
    (source / "incidents").mkdir(parents=True)
    services = make_services(url, {"main": place} if place else None)
    (source / "services.yaml").write_text(services, encoding="utf-8")
    return source


@contextmanager
def _own_state(scratch: Path) -> Iterator[None]:
    """Keep drafts and publications in the folder of the measure."""
    before = os.environ.get("XDG_STATE_HOME")
    os.environ["XDG_STATE_HOME"] = str(scratch / "state")
    try:
        yield
    finally:
        if before is None:
            del os.environ["XDG_STATE_HOME"]
        else:
            os.environ["XDG_STATE_HOME"] = before


def _wait_for_kept(typist: _Typist) -> None:
    gives_up = time.monotonic() + _PATIENCE
    while not typist.kept:
        assert time.monotonic() < gives_up
        time.sleep(0.01)
