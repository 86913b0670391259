"""What residents see in a drill: the page at an address of this computer, and each publication of it, with its moment.

Everything that is published in a drill is a commit in its own repository, dated by the drill's clock.
"""

import json
import re
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from io import BytesIO
from typing import Any

from flask import Flask, Response
from werkzeug.exceptions import NotFound

from statusgen import addresses
from statusgen.drill.folder import BRANCH, Drill, DrillError
from statusgen.git_network import GitRefusal, NetworkGit
from statusgen.outputs.host import media_type
from statusgen.preview.web_server import listen, make_local_app

Document = Mapping[str, Any]
"""A JSON document of the site."""


@dataclass(frozen=True)
class Publication:
    """What was published at a moment of the drill: its status.json, and the incident.json of each incident, by id."""

    at: datetime
    status: Document
    incidents: Mapping[str, Document]


def make_pages(drill: Drill) -> None:
    """Make the repository that has what is published."""
    drill.pages.mkdir()
    NetworkGit(drill.pages).create()


def has_publications(drill: Drill) -> bool:
    """Return whether anything was published in a drill, as the page is before the news."""
    return bool(_read_last_commit(drill))


def read_publications(drill: Drill, ended: datetime) -> list[Publication]:
    """Return what was published in a drill before it ended, oldest first; the first is the page before the news."""
    git = NetworkGit(drill.pages)
    read = cache(lambda blob: json.loads(git.read(blob)))  # most documents are the same from one to the next
    found: list[Publication] = []
    try:
        for line in git.run_text("log", "--reverse", "--format=%H %cI", BRANCH).splitlines():
            commit, at = line.split(" ")
            if found and datetime.fromisoformat(at) > ended:
                break
            names = {path: blob.name for path, blob in git.read_tree(commit).items()}
            status: Document = read(names[addresses.status_data()])
            ids = [path.split("/")[1] for path in names if re.fullmatch(r"incidents/[^/]+/incident\.json", path)]
            incidents = {id: read(names[addresses.incident_data(id)]) for id in ids}
            found.append(Publication(datetime.fromisoformat(at) if found else drill.clock.begins, status, incidents))
    except GitRefusal as error:
        raise DrillError(f"What was published in the drill cannot be read. Git said: {error}") from None
    return found


def pick_port() -> int:
    """Return a port of this computer that nothing uses now."""
    with listen(make_local_app(), "127.0.0.1", 0) as server:
        return int(server.url.rpartition(":")[2])


@contextmanager
def show_pages(drill: Drill, policy: str) -> Iterator[None]:
    """Show what is published at the drill's address, to this computer alone, until the end of the block.

    `policy` says what a page may load.
    """
    with listen(_make_app(drill, policy), "127.0.0.1", drill.port, what="page of the drill") as server:
        server.start()
        yield


def _make_app(drill: Drill, policy: str) -> Flask:
    app = make_local_app()

    @lru_cache(maxsize=1)
    def read_files(commit: str) -> Mapping[str, bytes]:
        return _read_files(drill, commit)

    def send(path: str) -> Response:
        file = addresses.file_path(path)
        content = read_files(_read_last_commit(drill)).get(file)
        if content is None:
            raise NotFound
        return Response(content, headers={"Content-Security-Policy": policy}, content_type=media_type(file))

    app.add_url_rule("/", "front", lambda: send(""))
    app.add_url_rule("/<path:path>", "page", send)
    return app


def _read_last_commit(drill: Drill) -> str:
    """Return the name of the last publication, "" for none: each request asks for it, so no git is run for that."""
    try:
        return (drill.pages / "refs" / "heads" / BRANCH).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def _read_files(drill: Drill, commit: str) -> dict[str, bytes]:
    """Return all files of a publication, by their paths."""
    if not commit:
        return {}
    files = {}
    with tarfile.open(fileobj=BytesIO(NetworkGit(drill.pages).run("archive", "--format=tar", commit))) as archive:
        for entry in archive:
            if content := archive.extractfile(entry):
                files[entry.name] = content.read()
    return files
