"""What a site says, taken from its published data (`status.json` and each `incident.json`).

So a built folder, a live site, an earlier revision and what is being written now can all be compared with each other.
"""

import json
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from statusgen import addresses
from statusgen.comparing.sound import INCIDENT, LIST, STATUS, Sound
from statusgen.errors import NotGenuine, OutputError
from statusgen.files import File
from statusgen.reading.disk import shown
from statusgen.reading.git import CONTENT, ask
from statusgen.verifying import copies

_MOST = 32 * 1024 * 1024  # bytes of one document


@dataclass(frozen=True)
class Published:
    """What a site says: its `status.json`, and each `incident.json` by the id of the incident."""

    status: dict[str, Any]
    incidents: Mapping[str, dict[str, Any]]

    @property
    def translations(self) -> list[str]:
        """The other languages of the site, each with an edition below its code."""
        return [edition["language"] for edition in self.status["languages"][1:]]


class Missing(OutputError):
    """What something should be compared with cannot be read; the message says why."""


def of_files(files: Iterable[File], edition: str = "") -> Published:
    """What the files of a site say; `edition` is the beginning of their paths in another language than the first."""
    found = {file.path: file.content for file in files}
    status = json.loads(found[edition + addresses.status_data()])
    begin = edition + addresses.incident("")[:-1]
    documents = (json.loads(content) for path, content in found.items() if path.startswith(begin))
    return Published(status, {document["incident"]["id"]: document for document in documents})


def in_folder(folder: Path, edition: str = "") -> Published:
    """What a built site says."""
    return _of_copy(copies.InFolder(folder), f"{shown(str(folder))}/", edition)


def at_address(url: str, edition: str = "") -> Published:
    """What a live site says (HTTP or HTTPS); it may lead on to addresses of its own, and to no others."""
    try:
        return _of_copy(copies.OnTheWeb(url), shown(url if url.endswith("/") else f"{url}/"), edition)
    except NotGenuine as error:  # it is no address of a site
        raise Missing(str(error)) from None


def _of_copy(copy: copies.Copy, name: str, edition: str) -> Published:
    def document(path: str, sound: Sound) -> dict[str, Any]:
        try:
            content = copy.read(path, _MOST)
            if len(content) > _MOST:
                raise copies.Unreadable("is too long")
            return _document(content, sound)
        except copies.Missing:
            raise Missing(f"{name}{shown(path)} is not there.") from None
        except copies.Unreadable as error:
            raise Missing(f"{name}{shown(path)} {error}.") from None

    listed = document(edition + addresses.history_data(), LIST)
    ids = [incident["id"] for incident in listed["incidents"]]
    incidents = {id: document(edition + addresses.incident_data(id), INCIDENT) for id in ids}
    return Published(document(edition + addresses.status_data(), STATUS), incidents)


def _document(content: bytes, sound: Sound) -> dict[str, Any]:
    try:
        sound.validate_json(content)
        document: dict[str, Any] = json.loads(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        why = f"{where}: {first['msg']}" if where else first["msg"]
        raise copies.Unreadable(f"is not what statusgen publishes there ({shown(why)})") from None
    except (ValueError, RecursionError):
        raise copies.Unreadable("is not what statusgen publishes there") from None
    return document


def at_revision(folder: Path, revision: str, into: Path) -> Path:
    """Lay the content out in `into` as it was at a revision of git, to be read from there."""
    if revision.startswith("-"):
        raise Missing(f'"{revision}" is no revision.')
    there = ask(folder, "ls-tree", "--name-only", revision, "--", *CONTENT)
    if there is None:
        raise Missing(f'There is no revision "{revision}" here, or this folder is not kept in git.')
    names = there.decode().split("\n")
    archive = ask(folder, "archive", "--format=tar", revision, "--", *(name for name in names if name))
    if not archive:
        raise Missing(f'The revision "{revision}" cannot be laid out from here.')
    with tarfile.open(fileobj=BytesIO(archive)) as packed:
        packed.extractall(into, filter="data")
    return into
