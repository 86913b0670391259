"""A command that tells people, killed at any line: nobody is told twice, and nothing is lost without being named."""

import os
import re
import shutil
import signal
import smtplib
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from click.testing import CliRunner

from statusgen.cli.main import main
from statusgen.notify.git_ledger import BRANCH
from statusgen.notify.local_ledger import FOLDER
from tests.faults.forked import work_and_end
from tests.faults.score import Score, first_cases, format_share
from tests.support.notifying import BILL, LIST, NotifyingTown, moment
from tests.support.paths import ROOT

_AT, _LATER = "2024-05-05 08:40", ("2024-05-05 10:00", "2024-05-05 12:00")
_UPDATES = 4
_TRIALS = 1_000
_TRACED = (str(ROOT / "statusgen" / "notify"), smtplib.__file__)


def measure_notified(scratch: Path, every: int) -> Score:
    """Kill the command at lines spread over all that it runs, with a ledger in a folder and with one on a branch."""
    trials, bad = 0, list[str]()
    with _MailServer(scratch) as server:
        for scene in (_Scene(scratch / "alone", server, shared=False), _Scene(scratch / "shared", server, shared=True)):
            lines = scene.count_lines()
            number = max(1, _TRIALS // 2 // every)
            for trial in range(number):
                at = 1 + trial * lines // number
                fault = scene.run_trial(at)
                trials += 1
                bad += [f"{scene.folder.name}, killed at line {at} of {lines}: {fault}"] if fault else []
    return Score(
        "`notify` killed at lines spread over all that it runs",
        "no one is notified twice, and what was not sent for certain is named",
        format_share(trials - len(bad), trials),
        first_cases(bad),
    )


class _MailServer:
    """A mail server in a process of its own, which notes the Message-ID of each mail before it says that it took it."""

    def __init__(self, scratch: Path) -> None:
        scratch.mkdir(parents=True, exist_ok=True)
        self.taken = scratch / "taken"

    def __enter__(self) -> "_MailServer":
        command = [sys.executable, "-m", "tests.support.mail_server", str(self.taken)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def clear(self) -> None:
        """Forget what was taken."""
        self.taken.write_bytes(b"")

    def list_taken(self) -> list[str]:
        """Return the ids of what was taken, in order."""
        return self.taken.read_text(encoding="ascii").split()


class _Scene:
    """A town with four updates to tell, alone or with a repository that it shares."""

    def __init__(self, folder: Path, server: _MailServer, shared: bool) -> None:
        self.folder, self.server = folder, server
        self.town = NotifyingTown(folder / "town", {"STATUSGEN_SMTP": server.address})
        self.town.set_up(LIST, LIST.replace("water-list", "other").replace("water@", "other@"))
        self.town.write("bill", BILL)
        self.town.add("bill", "## 2024-05-05 08:30\n\nStill so.\n")
        self.town.publish(_AT)
        self.origin = folder / "origin.git" if shared else None
        if self.origin:
            self.town.share(self.origin)

    def reset(self) -> None:
        """Forget what was sent."""
        self.server.clear()
        shutil.rmtree(self.town.folder / FOLDER, ignore_errors=True)
        if self.origin:
            command = ["git", "-C", str(self.origin), "update-ref", "-d", f"refs/heads/{BRANCH}"]
            subprocess.run(command, check=True, capture_output=True)

    def count_lines(self) -> int:
        """Return how many lines run when nothing goes wrong."""
        self.reset()
        output, code = self.run(_AT, lambda: _trace(0))
        assert code == 0, output
        return int(output.rpartition("lines: ")[2])

    def run_trial(self, at: int) -> str:
        """Kill the command at a line, and run it twice again; return what is wrong then."""
        self.reset()
        self.run(_AT, lambda: _trace(at))
        outputs = [self.run(later, lambda: None) for later in _LATER]
        taken = self.server.list_taken()
        unsent = set(re.findall(r"^(\S+ to \S+): it may or may not have been sent", outputs[-1][0], re.MULTILINE))
        if twice := [id for id, number in Counter(taken).items() if number > 1]:
            return f"{len(twice)} were sent twice"
        if len(taken) + len(unsent) < _UPDATES:
            return f"{_UPDATES - len(taken) - len(unsent)} got lost: {outputs[-1][0]}"
        if any("Traceback" in output or code not in (0, 4) for output, code in outputs):
            return f"the next run fails: {outputs}"
        return ""

    def run(self, at: str, prepare: Callable[[], None]) -> tuple[str, int]:
        """Run the command in a process of its own; return what it says, and its exit code."""
        said = self.folder / "said"
        child = os.fork()
        if child == 0:
            work_and_end(lambda: self._work(at, prepare), said)
        _, status = os.waitpid(child, 0)
        return said.read_text(encoding="utf-8"), os.waitstatus_to_exitcode(status)

    def _work(self, at: str, prepare: Callable[[], None]) -> int:
        environment = {"SOURCE_DATE_EPOCH": str(int(moment(at).timestamp())), **self.town.environment}
        os.environ.update(environment)
        prepare()
        result = CliRunner().invoke(main, ["notify", "--source", str(self.town.folder)])
        sys.settrace(None)
        sys.stdout.write(f"{result.output}\nlines: {_count[0]}")
        return result.exit_code


_count = [0]


def _trace(at: int) -> None:
    """Count the lines of what sends, and kill this process at one of them; at 0, at none."""

    def count(_frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line":
            _count[0] += 1
            if _count[0] == at:
                os.kill(os.getpid(), signal.SIGKILL)
        return count

    def enter(frame: FrameType, _event: str, _argument: Any) -> Any:
        return count if frame.f_code.co_filename.startswith(_TRACED) else None

    sys.settrace(enter)
