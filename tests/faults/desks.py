"""The desk, killed while someone types and while it publishes: nothing that it said it kept is lost, or told twice."""

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
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from urllib.parse import SplitResult, urlsplit

from statusgen.desk.desk import Desk
from statusgen.desk.publishing.job import Job, JobState
from tests.faults.forked import work_and_end
from tests.faults.score import Score, first_cases, format_share
from tests.support.checkers import start_chromium
from tests.support.paths import ROOT
from tests.support.two_laptops import Laptop, Server
from tests.support.web_server import serve_folder
from tests.support.writer import Writer, at_the_desk, make_services

_TRIALS = 100
_PATIENCE = 60.0  # seconds
_LONGEST = 1.5  # seconds of typing before the desk is killed
_MAY_BE_LOST = 1.0  # seconds of typing in a browser
_WORDS = "Water bills cannot be paid online since the storm and nobody at the counter can look up what is due today"


class _DeskProgram:
    """A desk that runs as a program of its own; `address` is its first one, and `killed_at` seconds of the clock."""

    def __init__(self, source: Path) -> None:
        command = [sys.executable, "-m", "statusgen", "desk", "--no-open", "--port", "0", "--source", str(source)]
        self._program = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
        assert self._program.stdout
        found = re.search(r"http\S+", self._program.stdout.readline())
        assert found
        self.address = found[0]
        self.killed_at = 0.0

    def kill(self) -> None:
        """Kill the desk, and all that it started, as a power cut would."""
        self.killed_at = time.time()
        os.killpg(self._program.pid, signal.SIGKILL)
        self._program.wait()


class _Typist:
    """Someone who types as fast as the desk answers; `kept` is the last title that it said it kept."""

    def __init__(self, address: str) -> None:
        self._address: SplitResult = urlsplit(address)
        self.typed: list[str] = []
        self.kept = ""

    def type_until_killed(self) -> None:
        """Open a form, and type a longer and longer title until nobody answers any more."""
        try:
            connection = http.client.HTTPConnection(self._address.netloc, timeout=_PATIENCE)
            self._type(connection)
        except (OSError, http.client.HTTPException):
            return

    def _type(self, connection: http.client.HTTPConnection) -> None:
        answer = _ask(connection, "GET", f"{self._address.path}?{self._address.query}")
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
    """Kill the desk at a moment while someone types, and look at what a new one finds."""
    luck, bad, trials = random.Random(7), list[str](), max(2, _TRIALS // every)
    with own_state(scratch):
        source = _make_town(scratch, "https://status.springfield.example/")
        for trial in range(trials):
            desk = _DeskProgram(source)
            typist = _Typist(desk.address)
            hands = threading.Thread(target=typist.type_until_killed, daemon=True)
            hands.start()
            _wait_for_kept(typist)
            time.sleep(luck.random() * _LONGEST)
            desk.kill()
            hands.join(_PATIENCE)
            bad += [f"trial {trial}: {fault}" for fault in _find_loss(source, typist)]
    return Score(
        "the desk killed while someone types",
        "what it said it kept is there when it is opened again, and no post was written",
        format_share(trials - len(bad), trials),
        first_cases(bad),
    )


def _find_loss(source: Path, typist: _Typist) -> Iterator[str]:
    title = _take_title(source)
    if title not in typist.typed[typist.typed.index(typist.kept) :]:
        yield f"{title!r} is there, and {typist.kept!r} was kept"
    if any((source / "incidents").glob("*.md")):
        yield "a post was written"


def _take_title(source: Path) -> str:
    """Return the title that a new desk finds in the only draft, and put that away; "" if there is none."""
    drafts = Desk(source).drafts
    found = drafts.list_all()
    for draft in found:
        drafts.discard(draft.id)
    return found[0].first("title") if len(found) == 1 else ""


def _wait_for_kept(typist: _Typist) -> None:
    gives_up = time.monotonic() + _PATIENCE
    while not typist.kept:
        assert time.monotonic() < gives_up
        time.sleep(0.01)


# When each letter came into the field, on the clock of the computer.
_NOTE_LETTERS = """field => {
  window.letters = [];
  field.addEventListener("input", () => letters.push([Date.now() / 1000, field.value]));
}"""


def measure_keys(scratch: Path, every: int) -> Score:
    """Let someone type in a browser, at the pace of a person; kill the desk, and see how much of it is lost."""
    luck, bad, ages, trials = random.Random(13), list[str](), list[float](), max(2, _TRIALS // every)
    os.environ.pop("LD_PRELOAD", None)  # the shim is no part of a browser
    with own_state(scratch), start_chromium() as browser:
        source = _make_town(scratch, "https://status.springfield.example/")
        for trial in range(trials):
            desk = _DeskProgram(source)
            page = browser.new_page()
            page.goto(desk.address)
            page.get_by_role("button", name="Report a problem").click()
            field = page.get_by_label("What happened?", exact=True)
            field.evaluate(_NOTE_LETTERS)
            field.focus()
            power_cut = threading.Timer(0.2 + luck.random() * 3, desk.kill)
            power_cut.start()
            for word in _WORDS.split():
                if not desk.killed_at:
                    page.keyboard.type(f"{word} ", delay=luck.uniform(30, 180))
            power_cut.join()
            letters: list[tuple[float, str]] = page.evaluate("letters")
            page.close()
            ages.append(_find_age_of_loss(letters, desk.killed_at, _take_title(source)))
            if ages[-1] > _MAY_BE_LOST:
                bad.append(f"trial {trial}: {ages[-1]:.2f} s of typing are lost")
    return Score(
        "the desk killed while someone types in a browser, as fast as people do",
        "nothing is lost that was typed longer than a second before",
        f"{format_share(trials - len(bad), trials)}; at most the last {max(ages):.2f} s",
        first_cases(bad),
    )


def _find_age_of_loss(letters: list[tuple[float, str]], killed: float, kept: str) -> float:
    """Return for how many seconds the first letter that is lost had been there when the desk was killed."""
    lost = [at for at, value in letters if len(value) > len(kept) or not kept.startswith(value)]
    return max(0.0, killed - lost[0]) if lost else 0.0


def measure_publishing(scratch: Path, every: int) -> Score:
    """Kill the desk and what publishes at moments all over a publication; a new desk goes on with it."""
    luck, bad, trials, hit = random.Random(11), list[str](), max(2, _TRIALS // every), 0
    with own_state(scratch), serve_folder(scratch / "www" / "current") as url:
        server = Server(scratch)
        town = server.laptop("Dana Whitfield")
        town.write("services.yaml", make_services(url, {"main": scratch / "www"}))
        (town.site / "incidents" / "2024-05-05-trash.md").unlink()
        town.share()
        _publish_whole(town, "Trash comes late today")  # the first time, programs are read from the disk
        long = _publish_whole(town, "Trash comes very late today")
        for trial in range(trials):
            title = f"Trash is late, {trial} times"
            with at_the_desk(town.site) as writer:
                draft = writer.report(title)
                hit += _kill_meanwhile(writer, draft, luck.random() * long * 1.1, scratch)
            with at_the_desk(town.site) as writer:
                faults = [*_find_half(writer, draft, title)]
                faults += _find_faults(_go_on(writer, draft), town, server, title, scratch)
            bad += [f"trial {trial}: {'; '.join(faults)}"] if faults else []
    return Score(
        "the desk, and what publishes for it, killed at moments all over a publication: git, colleagues, a place",
        "a new desk goes on where it stopped: one post, not half of one and not two; colleagues and residents have it",
        f"{format_share(trials - len(bad), trials)}, {hit} of them hit",
        first_cases(bad),
    )


def _publish_whole(town: Laptop, title: str) -> float:
    """Publish something undisturbed, and return how long that took, in seconds."""
    with at_the_desk(town.site) as writer:
        draft = writer.report(title)
        begun = time.monotonic()
        done = writer.await_job(writer.publish(draft).id)
        assert done.state is JobState.PUBLISHED, done.entries
        return time.monotonic() - begun


def _kill_meanwhile(writer: Writer, draft: str, seconds: float, scratch: Path) -> bool:
    """Let someone press "Publish now", kill all that runs so many seconds later; return whether it was going on."""
    child = os.fork()
    if not child:
        os.setsid()
        work_and_end(lambda: _press_and_stay(writer, draft), scratch / "said")
    time.sleep(seconds)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    programs = [*_find_programs(writer.desk.source)]
    for program in programs:
        with suppress(ProcessLookupError):
            os.killpg(program, signal.SIGKILL)
    gives_up = time.monotonic() + _PATIENCE
    while [*_find_programs(writer.desk.source)]:
        assert time.monotonic() < gives_up
        time.sleep(0.01)
    jobs = [job for job in writer.desk.jobs.list_all() if job.plan.draft == draft]
    return not any(job.is_over for job in jobs)


def _press_and_stay(writer: Writer, draft: str) -> int:
    writer.publish(draft)
    signal.pause()  # as the desk goes on to serve
    return 0


def _find_programs(source: Path) -> Iterator[int]:
    """Yield the programs that publish something from a folder; each leads a group."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (process / "cmdline").read_bytes()
            if b"statusgen.desk.publishing" in command and str(source.resolve()).encode() in command:
                yield int(process.name)


def _find_half(writer: Writer, draft: str, title: str) -> Iterator[str]:
    """Yield what is wrong with what is in the folder when all that ran was killed."""
    jobs = [job for job in writer.desk.jobs.list_all() if job.plan.draft == draft]
    posts = _find_posts(writer.desk.source, title)
    if len(jobs) > 1:
        yield f"{len(jobs)} publications"
    if posts not in ([], [job.plan.new for job in jobs]):
        yield f"half a post, or two: {posts}"
    if not posts and not jobs and writer.desk.drafts.read(draft) is None:
        yield "neither a draft nor a post"


def _find_posts(source: Path, title: str) -> list[str]:
    texts = [post.read_text(encoding="utf-8") for post in (source / "incidents").glob("*.md")]
    return [text for text in texts if title in text]


def _go_on(writer: Writer, draft: str) -> Job:
    """Do what the desk's first screen offers until it is published."""
    jobs = [job for job in writer.desk.jobs.list_all() if job.plan.draft == draft]
    if not jobs:
        writer.open(f"drafts/{draft}/look")
        return writer.await_job(writer.publish(draft).id)
    if not jobs[0].is_over:
        writer.press(f"jobs/{jobs[0].id}/retry")
    return writer.await_job(jobs[0].id)


def _find_faults(job: Job, town: Laptop, server: Server, title: str, scratch: Path) -> Iterator[str]:
    """Yield what is wrong at the end; then take the post away, for residents and colleagues too."""
    if job.state is not JobState.PUBLISHED:
        yield f"{job.state}, {job.trouble}: {job.technical}"
    if _find_posts(town.site, title) != [job.plan.new]:
        yield f"posts: {_find_posts(town.site, title)}"
    if len(re.findall(rf"<title[^>]*>[^<]*{title}", _read_feed(scratch))) != 1:
        yield "residents do not see it once"
    if left := [path.name for path in (town.site / "incidents").glob(".*")]:
        yield f"{left} is left"
    colleague = server.laptop("colleague")
    if _find_posts(colleague.site, title) != [job.plan.new]:
        yield f"colleagues have {_find_posts(colleague.site, title)}"
    rmtree(colleague.folder)
    if job.plan.file and (town.site / job.plan.file).exists():
        (town.site / job.plan.file).unlink()
        town.share()


def _read_feed(scratch: Path) -> str:
    return (scratch / "www" / "current" / "feed.xml").read_text(encoding="utf-8")


def _make_town(scratch: Path, url: str) -> Path:
    source = scratch / "town"
    (source / "incidents").mkdir(parents=True)
    (source / "services.yaml").write_text(make_services(url), encoding="utf-8")
    return source


@contextmanager
def own_state(scratch: Path) -> Iterator[None]:
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
