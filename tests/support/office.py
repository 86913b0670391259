"""A city's folder, and the command line run in it."""

import shlex
from pathlib import Path
from zoneinfo import ZoneInfo

from click.testing import CliRunner, Result

from statusgen.cli.main import main
from statusgen.model.posts import Incident
from tests.support.sample_sites import make_city, read_site

SERVICES = """\
  - {id: trash, name: Trash pickup}
  - {id: water-bill, name: Pay a water bill, channels: [{kind: online}, {kind: phone}]}
  - {id: permits, name: Building permits}
"""
POST = """\
---
title: The network is down
started: 2024-05-05 08:00
services:
  water-bill/online: down
---
We are looking into it.
"""
CHICAGO = ZoneInfo("America/Chicago")
# A quarter to ten in Springfield, on 5 May 2024, and some seconds.
NOW = 1714920312


class Office:
    """A city's office: its folder, and the commands that its writer types."""

    def __init__(self, folder: Path, *posts: str) -> None:
        self.folder = folder
        make_city(folder, SERVICES, *posts)

    def run(self, command: str, *words: str, text: str | None = None, now: int = NOW) -> Result:
        """Run a command line as a shell would split it; `words` are further arguments, taken as they are."""
        name, *arguments = [*shlex.split(command), *words]
        environment = {"SOURCE_DATE_EPOCH": str(now)}
        arguments = [name, "--source", str(self.folder), *arguments]
        return CliRunner().invoke(main, arguments, input=text, env=environment, catch_exceptions=False)

    def say(self, command: str, *words: str, text: str | None = None, now: int = NOW) -> str:
        """Run a command that must succeed, and leave a site without mistakes; return its output."""
        result = self.run(command, *words, text=text, now=now)
        assert result.exit_code == 0, result.output
        checked = self.run("check", now=now)
        assert checked.exit_code == 0, checked.output
        return result.output

    def refuse(self, command: str, *words: str, text: str | None = None, now: int = NOW) -> str:
        """Run a command that must fail, and change nothing; return its messages."""
        before = self.files()
        result = self.run(command, *words, text=text, now=now)
        assert result.exit_code in (1, 2), result.output
        assert self.files() == before
        return result.stderr

    def files(self) -> dict[str, bytes]:
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}

    def post(self, id: str = "post-1") -> Incident:
        read_site.cache_clear()
        return next(post for post in read_site(self.folder).incidents if post.id == id)

    def text(self, id: str = "post-1") -> str:
        return (self.folder / "incidents" / f"{id}.md").read_text(encoding="utf-8")
