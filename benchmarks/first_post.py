"""How long it takes from opening the desk until residents see the first post: at the desk, by command, in a CMS's form.

    .venv/bin/python -m benchmarks.first_post

takes about five minutes and prints a table in Markdown; with `--write` it replaces the one in
docs/developers/performance-writers.md. A scripted person types 40 words a minute, which is 200 characters. Before
each action they think, point and press, as long as people do: 1.35, 1.1 and 0.2 seconds in the keystroke-level model
(Card, Moran, Newell, 1980). A click, a chord, an answer from a list and a field or line that is filled in are one
action each, and so is what opens the program. All of it is waited for, with the ten seconds before anything leaves
the desk, until a resident's browser gets the post.

What is said is always the same: since when, three ways that do not work, what to do, and when more comes. cState's form
is counted and not run, from static/admin/config.yml of its example: a title, a date, a list of systems, of which each
is added and typed, a severity, and a text, whose first words have to be taken out. It has no field for what to do and
for when more comes, so both are in the text. Where there are two ways, the shorter is counted. What is left out makes
it look faster: signing in, and the minute or so in which a host makes the page.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

import pexpect
from playwright.sync_api import Browser, Locator

from tests.support.checkers import start_chromium
from tests.support.desk_browser import TOWN
from tests.support.web_server import serve_folder

REPORT = Path(__file__).parent.parent / "docs" / "developers" / "performance-writers.md"
MARKS = ("<!-- first post: what follows is the output of benchmarks/first_post.py -->\n", "<!-- end of first post -->")
GOAL_SECONDS, GOAL_ACTIONS = 90, 12

THINK, POINT, PRESS = 1.35, 1.1, 0.2  # seconds
KEY = 60 / 200  # seconds for each character
PATIENCE = 120  # seconds until it is given up

TITLE = "Payments online and by phone do not work"
ADVICE = "Do not pay twice."
SERVICES = "water-bill/online down, water-bill/phone down, tax/online down"
# What somebody types into cState's form: a title, a date, the systems by their exact names, and a text.
CSTATE_FIELDS = (
    TITLE,
    "05/07/2024 01:40 AM",
    "Pay a water bill online",
    "Pay a water bill by phone",
    "Pay property tax online",
    f"{ADVICE} We will say more by 4:10 AM.",
)
# Open the page, New Incident; add a system, three times; severity; take out the first words; Publish, Publish now.
CSTATE_CLICKS = 9


@dataclass
class Person:
    """Somebody who acts at the pace of people; counts what they do."""

    actions: int = 0
    characters: int = 0
    begun: float = field(default_factory=time.monotonic)

    def act(self) -> None:
        """Think, point and press."""
        self.actions += 1
        time.sleep(THINK + POINT + PRESS)  # the pace of a person is what is measured

    def click(self, element: Locator) -> None:
        """Click something."""
        self.act()
        element.click()

    def fill(self, element: Locator, words: str) -> None:
        """Click into a field, and type."""
        self.click(element)
        self.characters += len(words)
        element.press_sequentially(words, delay=KEY * 1000)

    def type_line(self, terminal: "pexpect.spawn[str]", words: str) -> None:
        """Think, type a line into a terminal, and press Enter."""
        self.actions += 1
        self.characters += len(words) + 1
        time.sleep(THINK)  # likewise
        for each in f"{words}\r":
            time.sleep(KEY)  # likewise
            terminal.send(each)


@dataclass(frozen=True)
class Row:
    """A way to say it: how many seconds until residents saw it, and what was done for that."""

    way: str
    seconds: float
    actions: int
    characters: int


@contextmanager
def open_town() -> Iterator[tuple[Path, str]]:
    """Give a folder with a site, which is published in a folder that a server sends to residents, and its address."""
    with TemporaryDirectory() as folder, serve_folder(Path(folder) / "www" / "current") as url:
        source = Path(folder) / "town"
        (source / "incidents").mkdir(parents=True)
        (source / "services.yaml").write_text(TOWN.format(url=url, place=Path(folder) / "www"), encoding="utf-8")
        os.environ["XDG_STATE_HOME"] = str(Path(folder) / "state")
        yield source, url


def await_resident(url: str, person: Person) -> float:
    """Return how many seconds after the start a resident gets the post."""
    while time.monotonic() < person.begun + PATIENCE:
        try:
            with urlopen(f"{url}feed.xml", timeout=PATIENCE) as answer:
                if TITLE in answer.read().decode():
                    return time.monotonic() - person.begun
        except OSError:
            pass  # nothing is published yet
        time.sleep(0.05)  # nobody tells a resident that there is something new
    raise TimeoutError(f"Residents do not see it after {PATIENCE} s.")


class Resident:
    """Somebody who reloads the feed all the time, until it has the post."""

    def __init__(self, url: str, person: Person) -> None:
        self._seconds: list[float] = []
        self._thread = threading.Thread(target=lambda: self._seconds.append(await_resident(url, person)))
        self._thread.start()

    def wait(self) -> float:
        """Return how many seconds after the start they got it."""
        self._thread.join()
        return self._seconds[0]


def at_the_desk(browser: Browser) -> Row:
    """Start the desk as its shortcut does, and write with the mouse."""
    with open_town() as (source, url):
        person = Person(actions=1)  # the double click on the shortcut
        command = [sys.executable, "-m", "statusgen", "desk", "--no-open", "--port", "0", "--source", str(source)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as desk:
            try:
                assert desk.stdout
                found = re.search(r"http\S+", desk.stdout.readline())
                assert found
                page = browser.new_page()
                page.goto(found[0])
                resident = Resident(url, person)
                person.click(page.get_by_role("button", name="Report a problem"))
                person.fill(page.get_by_label("What happened?", exact=True), TITLE)
                person.click(page.locator("label", has_text="30 minutes ago"))
                person.click(page.get_by_role("button", name="Online (2)"))
                person.click(page.locator("summary", has_text="3 ways to use it").first)
                person.act()
                page.locator("[id='status/water-bill/phone']").select_option("down")
                person.fill(page.get_by_label("What can people do meanwhile?", exact=True).first, ADVICE)
                person.click(page.locator("label", has_text="In 2 hours"))
                person.click(page.get_by_role("button", name="Look and publish"))
                person.click(page.get_by_role("button", name="Publish now"))
                seconds = resident.wait()
                page.close()
            finally:
                desk.terminate()
    return Row("the desk", seconds, person.actions, person.characters)


@contextmanager
def open_terminal(source: Path) -> Iterator["pexpect.spawn[str]"]:
    """Open a terminal in the folder of the site, in which `statusgen` is a command."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PS1": "$ ", "TERM": "dumb"}
    with pexpect.spawn(
        "/bin/sh", cwd=str(source), env=environment, encoding="utf-8", timeout=PATIENCE, dimensions=(50, 150)
    ) as terminal:
        terminal.expect_exact("$ ")
        yield terminal


def by_questions() -> Row:
    """Answer the questions of `statusgen new`, and publish."""
    answers = {
        "What happened?": TITLE,
        "Since when?": "30 minutes ago",
        "Which services": SERVICES,
        "another time?": "",
        "anything else?": "",
        "What can people do": ADVICE,
        "say more?": "in 2 hours",
    }
    with open_town() as (source, url), open_terminal(source) as terminal:
        person = Person(actions=1)  # the terminal
        resident = Resident(url, person)
        person.type_line(terminal, "statusgen new")
        for question, words in answers.items():
            terminal.expect_exact(question)
            terminal.expect_exact("> ")
            person.type_line(terminal, words)
        terminal.expect_exact("[Y/n]: ")
        person.type_line(terminal, "")
        terminal.expect_exact("$ ")
        person.type_line(terminal, "statusgen publish")
        return Row(
            "`statusgen new` and its questions, `statusgen publish`", resident.wait(), person.actions, person.characters
        )


def by_flags() -> Row:
    """Type all of it in one line, as somebody does who knows the flags by heart, and publish."""
    services = " ".join(f"--service {key}=down" for key in ("water-bill/online", "water-bill/phone", "tax/online"))
    line = (
        f'statusgen new --title "{TITLE}" --since "30 minutes ago" {services} --do "{ADVICE}" --next "in 2 hours" --yes'
    )
    with open_town() as (source, url), open_terminal(source) as terminal:
        person = Person(actions=1)
        resident = Resident(url, person)
        for words in (line, "statusgen publish"):
            person.type_line(terminal, words)
            terminal.expect_exact("$ ")
        return Row(
            "`statusgen new` with flags, `statusgen publish`", resident.wait(), person.actions, person.characters
        )


def in_cstate() -> Row:
    """Count cState's form, by the same pace."""
    actions, characters = CSTATE_CLICKS + len(CSTATE_FIELDS), sum(map(len, CSTATE_FIELDS))
    seconds = actions * (THINK + POINT + PRESS) + characters * KEY
    return Row("cState's form, counted; without the sign-in and the host's build", seconds, actions, characters)


def make_table(rows: list[Row]) -> str:
    """The rows as Markdown, with the ratios to the first."""
    now, desk = datetime.now(UTC), rows[0]
    lines = [
        f"Measured on {now:%B %-d, %Y}, Python {platform.python_version()}. "
        f"The goals for the desk: {GOAL_SECONDS} s and {GOAL_ACTIONS} actions.\n",
        "| way | s until residents see it | : desk | actions | : desk | characters typed |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        ratios = row.seconds / desk.seconds, row.actions / desk.actions
        lines.append(
            f"| {row.way} | {row.seconds:.0f} | {ratios[0]:.2f} | {row.actions} | {ratios[1]:.2f} | {row.characters} |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure each way once; fail if the desk misses its goals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the table into the documentation")
    asked = parser.parse_args()
    with start_chromium() as browser:
        desk = at_the_desk(browser)
    table = make_table([desk, by_questions(), by_flags(), in_cstate()])
    print(table)
    if asked.write:
        page = REPORT.read_text(encoding="utf-8")
        before, rest = page.split(MARKS[0])
        REPORT.write_text(f"{before}{MARKS[0]}{table}{MARKS[1]}{rest.split(MARKS[1])[1]}", encoding="utf-8")
    return desk.seconds > GOAL_SECONDS or desk.actions > GOAL_ACTIONS


if __name__ == "__main__":
    sys.exit(main())
