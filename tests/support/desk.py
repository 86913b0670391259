"""A desk, and the browser that has been let in, without a server between them."""

from collections.abc import Sequence
from pathlib import Path

from flask.testing import FlaskClient

from statusgen.desk.desk import Desk
from statusgen.desk.guard import Guard
from statusgen.desk.run import make_app

# What a browser says of a form that a page sends to its own site.
BROWSER = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}


class Visitor:
    """A desk, and a browser that has been let in; `home` is the path of its first screen."""

    def __init__(self, folder: Path, pause: int = 10, keys: Sequence[Path] = ()) -> None:
        self.desk, self.guard = Desk(folder, pause, keys), Guard()
        self.app = make_app(self.desk, self.guard)
        self.client: FlaskClient = self.app.test_client()
        self.home = f"/k/{self.guard.key}/"
        assert self.client.get("/enter", query_string={"t": self.guard.issue_ticket()}).status_code == 200

    def stranger(self) -> FlaskClient:
        """Return a browser that has not been let in."""
        return self.app.test_client()


def end_programs(desk: Desk) -> None:
    """End the programs that were started to publish something."""
    for program in desk.jobs.programs.values():
        program.kill()
        program.wait()
