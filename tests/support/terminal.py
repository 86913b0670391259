"""A command in a real terminal, and a person who answers its questions."""

import os
import shlex
import signal
import sys
from pathlib import Path
from typing import Protocol

import pexpect

from tests.support.office import NOW


class Terminal:
    """A command in a terminal, and a person who answers."""

    def __init__(self, folder: Path, command: str, now: int = NOW) -> None:
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(now), "TERM": "dumb", "EDITOR": "false"}
        name, *words = shlex.split(command)
        arguments = ["-m", "statusgen", name, "--source", str(folder), *words]
        self.child = pexpect.spawn(
            sys.executable,
            arguments,
            env=environment,
            encoding="utf-8",
            timeout=60,
            dimensions=(50, 150),
            preexec_fn=_hear_interrupts,
        )

    def answer(self, question: str, *words: str) -> str:
        """Wait for a question and answer it; return the output until then."""
        self.child.expect_exact(question)
        before = str(self.child.before)
        for word in words:
            self.child.expect_exact("> ")
            before += str(self.child.before)
            self.child.sendline(word)
        return before

    def confirm(self, word: str = "") -> str:
        """Answer whether to write the post; return what was shown."""
        self.child.expect_exact("Write this? [Y/n]: ")
        shown = str(self.child.before)
        self.child.sendline(word)
        return shown

    def rest(self) -> str:
        """Return its output until it ends."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        return str(self.child.before).replace("\r\n", "\n")

    def interrupt(self) -> str:
        """Press Ctrl-C where the next answer belongs; return what is said then.

        Python misses a signal that comes after it has looked for one and before it reads: so people press it again.
        """
        self.child.expect_exact("> ")
        has_ended = False
        while not has_ended:
            self.child.sendintr()
            has_ended = self.child.expect([pexpect.TIMEOUT, pexpect.EOF], timeout=10) == 1
        self.child.close()
        return str(self.child.before).replace("\r\n", "\n")


class OpenTerminal(Protocol):
    """Opens a terminal in an office, and types a command into it, at a moment."""

    def __call__(self, command: str, now: int = NOW) -> Terminal: ...


def _hear_interrupts() -> None:
    """Let Ctrl-C interrupt a command even where the tests run in the background, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
