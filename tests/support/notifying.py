"""A town that tells people of updates: its folder, what residents see of it, and the command that tells them."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from click.testing import CliRunner, Result

from statusgen.board.board import make_board
from statusgen.cli.load import load_site
from statusgen.cli.main import main
from statusgen.notify.git_ledger import BRANCH
from statusgen.notify.ledger import Entry, parse_record
from statusgen.notify.local_ledger import FILE, FOLDER
from statusgen.outputs.open_data import incidents, status
from statusgen.theme.renderer import Renderer

CHICAGO = ZoneInfo("America/Chicago")
SERVICES = """\
site: {{title: Springfield, url: 'https://status.springfield.example/', timezone: America/Chicago{site}}}
groups:
  - {{id: water, name: Water}}
services:
  - {{id: trash, name: Trash pickup}}
  - {{id: water-bill, name: Pay a water bill, group: water, channels: [{{kind: online}}, {{kind: phone}}]}}
  - {{id: permits, name: Building permits}}
notify:
{settings}
  channels:
{channels}
"""
LIST = (
    "{id: water-list, kind: mail, since: 2024-05-01 00:00, name: the water-bill list, "
    "to: water@lists.springfield.example, from: Springfield <status@springfield.example>}"
)
BILL = """\
---
title: Water bills cannot be paid online
started: 2024-05-05 08:00
services:
  water-bill/online: down
---
We are looking into it.
"""
GIT = ["git", "-c", "user.name=Clerk", "-c", "user.email=clerk@springfield.example", "-c", "commit.gpgsign=false"]


@dataclass
class NotifyingTown:
    """A town with channels under `notify:`; moments are local, like "2024-05-05 09:00"."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def set_up(self, *channels: str, settings: str = "", site: str = "") -> None:
        """Write services.yaml with these channels (each a mapping in braces) and other keys of `notify:`."""
        (self.folder / "incidents").mkdir(parents=True, exist_ok=True)
        lines = "\n".join(f"    - {channel}" for channel in channels)
        indented = textwrap.indent(textwrap.dedent(settings), "  ")
        text = SERVICES.format(channels=lines, settings=indented, site=f", {site}" if site else "")
        (self.folder / "services.yaml").write_text(text, encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        """Write a post."""
        (self.folder / "incidents" / f"{name}.md").write_text(text, encoding="utf-8")

    def add(self, name: str, text: str) -> None:
        """Add an update to a post."""
        path = self.folder / "incidents" / f"{name}.md"
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{textwrap.dedent(text).strip()}\n", encoding="utf-8")

    def publish(self, at: str) -> None:
        """Put what residents see into site/: the data alone, which says the same as the pages."""
        site, renderer = load_site(self.folder), Renderer(self.folder)
        board = make_board(site, moment(at))
        write_incident = incidents.incident_writer(board, renderer)
        files = [*status.files(board, renderer), *(file for each in board.incidents for file in write_incident(each))]
        for file in files:
            path = self.folder / "site" / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)

    def notify(self, *words: str, at: str) -> Result:
        """Run the command at a moment."""
        environment = {"SOURCE_DATE_EPOCH": str(int(moment(at).timestamp())), **self.environment}
        arguments = ["notify", "--source", str(self.folder), *words]
        return CliRunner().invoke(main, arguments, env=environment, catch_exceptions=False)

    def tell(self, *words: str, at: str) -> str:
        """Publish, run the command, which must end well, and return what it says."""
        self.publish(at)
        result = self.notify(*words, at=at)
        assert result.exit_code == 0, result.output
        return result.output

    def start(self, at: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start the command as a process of its own, which can be killed."""
        own = {"SOURCE_DATE_EPOCH": str(int(moment(at).timestamp())), **self.environment, **(environment or {})}
        return subprocess.Popen(
            [sys.executable, "-m", "statusgen", "notify", "--source", str(self.folder)],
            env={**os.environ, **own},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def git(self, *arguments: str) -> str:
        """Run git in the folder, and return what it prints."""
        command = [*GIT, "-C", str(self.folder), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def share(self, origin: Path) -> None:
        """Put the folder into git, with a bare repository as its remote."""
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(origin)], check=True)
        self.git("init", "--quiet", "--initial-branch=main")
        (self.folder / ".gitignore").write_text("site/\n", encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=Begin")
        self.git("remote", "add", "origin", str(origin))
        self.git("push", "--quiet", "--set-upstream", "origin", "main")

    def clone(self, origin: Path, folder: Path) -> "NotifyingTown":
        """Return the town as a colleague has it, who cloned it."""
        subprocess.run(["git", "clone", "--quiet", str(origin), str(folder)], check=True)
        return NotifyingTown(folder, self.environment)

    @property
    def ledger(self) -> tuple[Entry, ...]:
        """The lines of the ledger that is kept in the folder."""
        path = self.folder / FOLDER / FILE
        return parse_record(path.read_bytes(), FILE).entries if path.exists() else ()


def shared_ledger(origin: Path) -> tuple[Entry, ...]:
    """Return the lines of the ledger on its branch."""
    command = ["git", "-C", str(origin), "cat-file", "blob", f"{BRANCH}:{FILE}"]
    return parse_record(subprocess.run(command, check=True, capture_output=True).stdout, BRANCH).entries


def moment(at: str) -> datetime:
    """Return a local time as a moment."""
    return datetime.fromisoformat(at).replace(tzinfo=CHICAGO)
