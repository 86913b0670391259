"""The publications from this computer: each has a folder with its journal, what people wish, and what was printed."""

import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from statusgen.desk.publishing.alone import hold
from statusgen.desk.publishing.job import JOB_ID, Decision, Job, JobState, Plan, Step, StepState
from statusgen.editor.journal import append_line, read_lines
from statusgen.text import Json

_MAX_BYTES = 16 * 1024 * 1024
_PATIENCE = 5.0  # seconds
_ATTEMPTS, _POLL_INTERVAL = 10, 0.05
STOP, NOW = "stop", "now"
"""What somebody may wish while a publication waits."""


class JobStore:
    """The publications of one site, in a folder that only its owner can read.

    `programs` are those that were started from here, by the publication that they do; they sign with `keys`.
    """

    def __init__(self, folder: Path, keys: Sequence[Path] = ()) -> None:
        self._folder, self._keys = folder / "jobs", keys
        self.programs: dict[str, subprocess.Popen[bytes]] = {}

    def create(self, plan: Plan) -> Job:
        """Fix what is to be published."""
        id = secrets.token_hex(8)
        self._append(id, plan.as_json())
        return Job(id, plan, ())

    def list_all(self) -> list[Job]:
        """Return the publications that can be read, the newest first."""
        names = [path.name for path in self._folder.iterdir()] if self._folder.is_dir() else []
        found = [job for name in names if (job := self.read(name))]
        return sorted(found, key=lambda job: (job.plan.at, job.id), reverse=True)

    def read(self, id: str) -> Job | None:
        """Return a publication; None if there is none of that name."""
        if not JOB_ID.fullmatch(id):
            return None
        # First, so that a publication that ends meanwhile is not taken for one that died.
        is_alive = self._is_alive(id)
        try:
            head, *lines = read_lines(self._journal(id))
            job = Job(id, Plan.parse(head), lines, is_alive)
            return job if job.is_readable else None
        except (OSError, KeyError, TypeError, ValueError):
            return None

    def list_folders(self) -> list[Path]:
        """Return the folder of each publication, those included that cannot be read."""
        return [path for path in self._folder.iterdir() if path.is_dir()] if self._folder.is_dir() else []

    def forget(self, id: str) -> None:
        """Delete what is kept of a publication, unless somebody goes on with it just now."""
        with self.hold(id) as is_free:
            if not is_free:
                return
            self._journal(id).unlink(missing_ok=True)  # first, so that there is never half of it
        shutil.rmtree(self._folder / id, ignore_errors=True)

    def note(self, id: str, step: Step, state: StepState, at: datetime, **more: Json) -> None:
        """Note how a step stands."""
        self._append(id, {"step": str(step), "state": state.value, "at": at.isoformat(), **more})

    def decide(self, id: str, decision: Decision) -> None:
        """Note what somebody has decided."""
        self._append(id, {"decision": decision.value})

    def send_again(self, id: str, channel: str, update: str) -> None:
        """Note that somebody wants an update sent again that was not sent, or of which nobody can tell."""
        self._append(id, {"again": [channel, update]})

    def end(self, id: str, state: JobState) -> None:
        """Note that nothing more will happen."""
        self._append(id, {"end": state.value})

    def end_idle(self, id: str, state: JobState) -> bool:
        """Note that nothing more will happen, and return True, unless somebody goes on with it just now."""
        for _ in range(_ATTEMPTS):
            with self.hold(id) as is_free:
                if is_free:
                    self.end(id, state)
                    return True
            time.sleep(_POLL_INTERVAL)  # another look at whether it is alive holds it for a moment
        return False

    def find_running(self, draft: str) -> Job | None:
        """Return the publication of a draft that is on its way; None if none is."""
        jobs = (job for job in self.list_all() if job.plan.draft == draft)
        return next((job for job in jobs if job.state is JobState.RUNNING), None)

    def wish(self, id: str, wish: str) -> None:
        """Let the program that waits know what somebody wishes."""
        (self._folder / id / wish).touch(mode=0o600)

    def is_wished(self, id: str, wish: str) -> bool:
        """Return whether somebody wishes that."""
        return (self._folder / id / wish).exists()

    def hold(self, id: str) -> AbstractContextManager[bool]:
        """Let nobody else go on with a publication."""
        return hold(self._folder / id / "lock")

    def hold_site(self) -> AbstractContextManager[bool]:
        """Let no other publication from here write in the site's folder, or send it."""
        return hold(self._folder / "lock")

    def start(self, source: Path, id: str) -> None:
        """Go on with a publication in a program of its own, which nobody has to wait for.

        One that is there already gets a moment to end; if it does not, it goes on itself.
        """
        if not self._has_ended(id):
            return
        log = self._folder / id / "log"
        with log.open("ab") as output:
            log.chmod(0o600)
            # -P: the folder that the desk was started in may be somebody else's, and is not where modules come from.
            command = [sys.executable, "-P", "-m", "statusgen.desk.publishing", str(source.resolve()), id]
            command += [str(key.resolve()) for key in self._keys]
            self.programs[id] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # Windows ends what belongs to a console when that is closed.
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )

    def _has_ended(self, id: str) -> bool:
        before = self.programs.get(id)
        try:
            return before is None or before.wait(_PATIENCE) is not None
        except subprocess.TimeoutExpired:
            return False

    def _is_alive(self, id: str) -> bool:
        child = self.programs.get(id)
        if child is not None and child.poll() is None:
            return True
        if not self._journal(id).exists():
            return False
        with self.hold(id) as is_free:
            return not is_free

    def _journal(self, id: str) -> Path:
        return self._folder / id / "journal.jsonl"

    def _append(self, id: str, entry: Json) -> None:
        append_line(self._journal(id), entry, _MAX_BYTES)
