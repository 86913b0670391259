"""Someone at the desk who presses its buttons, in the browser of a small town with a place to publish at."""

import html
import os
import re
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from werkzeug.test import TestResponse

from statusgen.desk.outside import Outside, Watcher
from statusgen.desk.publishing.job import Job, JobState
from tests.support.desk import BROWSER, Visitor, end_programs

_PATIENCE = 120.0  # seconds, before a test gives up
_POLL_INTERVAL = 0.02
_OVER = (
    JobState.PUBLISHED,
    JobState.KEPT,
    JobState.FAILED,
    JobState.WAITING,
    JobState.HALF_WAY,
    JobState.STOPPED,
    JobState.CLOSED,
)


class Writer(Visitor):
    """A person with the desk open, whom no watcher disturbs; `page` is what they read last, and `address` its path."""

    def __init__(self, folder: Path, keys: Sequence[Path] = ()) -> None:
        super().__init__(folder, pause=0, keys=keys)
        self.desk.watcher = _NoWatcher(folder, lambda: self.desk.read_site().site)
        self.page = self.address = ""

    def open(self, address: str) -> str:
        """Open a page of the desk and go where it leads; return its words."""
        return self._read(self.client.get(self._whole(address), follow_redirects=True))

    def press(self, address: str, **fields: str) -> str:
        """Press a button whose form goes to an address; the field `act_` is called `act`, say."""
        data = {name.rstrip("_").replace("__", "/"): value for name, value in fields.items()}
        data["form-token"] = self.guard.form_token
        return self._read(self.client.post(self._whole(address), data=data, headers=BROWSER, follow_redirects=True))

    def _whole(self, address: str) -> str:
        return address if address.startswith("/") else self.home + address

    def _read(self, answer: TestResponse) -> str:
        assert answer.status_code == 200, (answer.status, answer.text)
        self.page, self.address = answer.text, answer.request.path.removeprefix(self.home)
        return self.words

    @property
    def words(self) -> str:
        """The words on the page."""
        plain = re.sub(r"<(?:script|style|select).*?</(?:script|style|select)>", " ", self.page, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", plain)).split())

    def hidden(self, name: str) -> str:
        """What a hidden field of the page says."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        assert found, self.words
        return found[1]

    def write(self, kind: str, post: str = "", **answers: str) -> str:
        """Fill in a form, look, and return the id of the draft."""
        self.press("drafts", kind=kind, post=post)
        id = self.address.rpartition("/")[2]
        self.press(f"drafts/{id}", act="look", **answers)
        return id

    def report(self, title: str = "Trash is not picked up", **answers: str) -> str:
        """Write a new post and look at it; return the id of the draft."""
        return self.write("problem", title=title, since="30 minutes ago", status__trash="down", **answers)

    def publish(self, draft: str, pause: int = 0, **fields: str) -> Job:
        """Press "Publish now", and return the publication."""
        self.press(f"drafts/{draft}/publish", stamp=self.hidden("stamp"), pause=str(pause), **fields)
        job = self.desk.jobs.read(self.address.rpartition("/")[2])
        assert job, self.words
        return job

    def job(self, id: str) -> Job:
        """Return a publication as it is now."""
        found = self.desk.jobs.read(id)
        assert found
        return found

    def await_job(self, id: str, until: Callable[[Job], bool] = lambda job: job.state in _OVER) -> Job:
        """Wait until a publication is so, at first until its program has nothing more to do."""
        gives_up = time.monotonic() + _PATIENCE
        while not until(job := self.job(id)):
            assert time.monotonic() < gives_up, (job.state, job.entries)
            time.sleep(_POLL_INTERVAL)
        return job

    def kill(self, id: str) -> None:
        """Kill the program that does a publication, as a power cut would."""
        child = self.desk.jobs.programs[id]
        os.killpg(child.pid, signal.SIGKILL)
        child.wait(_PATIENCE)


class _NoWatcher(Watcher):
    """Asks nobody: what colleagues wrote comes in when a test says so."""

    def show_interest(self) -> Outside:
        return self.outside


@contextmanager
def at_the_desk(source: Path, keys: Sequence[Path] = ()) -> Iterator[Writer]:
    """Give someone at the desk of a folder, with keys to sign with; what it keeps is under XDG_STATE_HOME."""
    writer = Writer(source, keys)
    try:
        yield writer
    finally:
        end_programs(writer.desk)


def make_services(url: str, publish: Mapping[str, Path] | None = None, more: str = "") -> str:
    """Return a services.yaml; `publish` are folders to publish in, by the ids of the places."""
    places = "".join(f"  - {{id: {id}, to: 'file://{folder}'}}\n" for id, folder in (publish or {}).items())
    return (
        f"site: {{title: Springfield, url: '{url}', timezone: America/Chicago}}\n"
        "services:\n  - {id: trash, name: Trash pickup}\n  - {id: permits, name: Building permits}\n"
        + (f"publish:\n{places}" if places else "")
        + more
    )
