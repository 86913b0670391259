"""A city's office, and terminals in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.office import NOW, POST, Office
from tests.support.terminal import OpenTerminal, Terminal


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, POST)


@pytest.fixture
def open_terminal(office: Office) -> Iterator[OpenTerminal]:
    terminals: list[Terminal] = []

    def open_(command: str, now: int = NOW) -> Terminal:
        terminals.append(Terminal(office.folder, command, now))
        return terminals[-1]

    yield open_
    for terminal in terminals:
        terminal.child.close(force=True)
