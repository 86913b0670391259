"""The folder of a drill: what is in it, and how a command that runs in its site knows that it is in a drill.

The copy of the site has a repository of its own with a mark in it. Git commits, sends and unpacks nothing of its own
folder, so no content can pretend to be a drill. `drill.json` is beside the copy.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from statusgen.drill.clock import DrillClock
from statusgen.git import repository_top
from statusgen.model.targets import TargetAddress
from statusgen.problems import StatusgenError

STATE_FILE = "drill.json"
COPY = "site"
"""The folder with the copy of the site; where the site was in a folder of its repository, it is in this one's."""
_MARK = "statusgen-drill"
"""The file in the copy's own git folder by which it is known as that of a drill."""
BRANCH = "pages"
"""The branch of the drill's own repository with what is published: a commit for each publication."""
_VERSION = 1


class DrillError(StatusgenError):
    """A drill cannot be held, or something must not be done in one; the message says what to do."""


@dataclass(frozen=True)
class Drill:
    """A drill.

    `folder` has all of it. `site` is the folder of its services.yaml, and `source` that of the site which it is a copy
    of; None for a copy from a kit. `story` is the name of what is told. `cast` names the service, or the way to use
    one, that plays each part of it. `heard` are the moments at which the writers were told the first pieces of news,
    and `ended` is when it ended, both by its own clock.
    """

    folder: Path
    site: Path
    story: str
    clock: DrillClock
    cast: Mapping[str, str]
    port: int
    source: Path | None = None
    heard: Sequence[datetime] = ()
    ended: datetime | None = None

    @property
    def story_file(self) -> Path:
        """The story that is told."""
        return self.folder / "story.yaml"

    @property
    def report_file(self) -> Path:
        """What is written at the end."""
        return self.folder / "drill-report.md"

    @property
    def pages(self) -> Path:
        """The repository with what residents see."""
        return self.folder / "pages.git"

    @property
    def place(self) -> TargetAddress:
        """Where everything is published that is published in the drill."""
        path = self.pages.as_posix()
        # A drive of Windows comes after the slash that begins the path of an address.
        return TargetAddress("git+file", "", path if path.startswith("/") else f"/{path}", "this drill", branch=BRANCH)

    @property
    def url(self) -> str:
        """Where residents see it, as long as the drill is told."""
        return f"http://127.0.0.1:{self.port}/"

    def save(self) -> None:
        """Write down how far the drill is."""
        state = {
            "drill": _VERSION,
            "site": self.site.relative_to(self.folder).as_posix(),
            "story": self.story,
            "settings": [[computer.isoformat(), moment.isoformat()] for computer, moment in self.clock.settings],
            "speed": self.clock.speed,
            "cast": dict(self.cast),
            "port": self.port,
            "source": str(self.source) if self.source else None,
            "heard": [moment.isoformat() for moment in self.heard],
            "ended": self.ended.isoformat() if self.ended else None,
        }
        part = self.folder / f".{STATE_FILE}.{os.getpid()}"
        part.write_text(json.dumps(state, indent=2), encoding="utf-8")
        part.replace(self.folder / STATE_FILE)  # who asks for the time meanwhile reads a whole file

    def put_forward(self, computer_time: datetime, moment: datetime) -> "Drill":
        """Return the drill with its clock put forward to a moment."""
        return replace(self, clock=self.clock.put_forward(computer_time, moment))


def mark_copy(copy: Path) -> None:
    """Let a copy be that of a drill, before anything is in it: one that is never finished publishes nothing, either."""
    (copy / ".git" / _MARK).touch()


def has_drill(folder: Path) -> bool:
    """Return whether a folder has a drill in it, or one that was never finished."""
    return (folder / COPY / ".git" / _MARK).is_file()


def read_drill(folder: Path) -> Drill:
    """Return the drill in a folder; raise DrillError if there is none."""
    folder = folder.resolve()
    if not has_drill(folder):
        raise DrillError(f"There is no drill in {folder}.")
    try:
        state = json.loads((folder / STATE_FILE).read_text(encoding="utf-8"))
        if state["drill"] != _VERSION:
            raise DrillError(f"The drill in {folder} was begun by another version of statusgen. Begin a new one.")
        settings = [(datetime.fromisoformat(set_at), datetime.fromisoformat(to)) for set_at, to in state["settings"]]
        site = folder / state["site"]
        if find_drill_folder(site) != folder:
            raise ValueError
        return Drill(
            folder,
            site,
            str(state["story"]),
            DrillClock(settings, float(state["speed"])),
            dict(state["cast"]),
            int(state["port"]),
            Path(state["source"]) if state["source"] else None,
            [datetime.fromisoformat(moment) for moment in state["heard"]],
            datetime.fromisoformat(state["ended"]) if state["ended"] else None,
        )
    except FileNotFoundError:
        what = f"The drill in {folder} was stopped while it was made."
        raise DrillError(f"{what} Delete this folder, and begin again.") from None
    except (ValueError, KeyError, TypeError, IndexError):
        raise DrillError(f"{folder / STATE_FILE} cannot be read. Begin a new drill in another folder.") from None


def find_drill_folder(source: Path) -> Path | None:
    """Return the folder of the drill that a site belongs to; None for a site that is in none."""
    top = repository_top(source)
    return top.parent if top and top.name == COPY and has_drill(top.parent) else None


def find_drill(source: Path) -> Drill | None:
    """Return the drill that a site belongs to, if it does; raise DrillError."""
    folder = find_drill_folder(source)
    return read_drill(folder) if folder else None


def refuse_in_drill(source: Path, what: str) -> None:
    """Raise DrillError in the site of a drill; `what` would reach people outside of it."""
    if find_drill_folder(source):
        raise DrillError(f"{what}, but this is the site of a drill, from which nothing is sent to anyone.")
