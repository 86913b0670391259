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
from statusgen.diff.validators import INCIDENT_LIST_VALIDATOR, INCIDENT_VALIDATOR, STATUS_VALIDATOR, Validator
from statusgen.files import File
from statusgen.git import CONTENT_PATHS, run_git
from statusgen.problems import StatusgenError, TrustError
from statusgen.text import printable
from statusgen.trust import copies

_MAX_BYTES = 32 * 1024 * 1024  # bytes of one document


@dataclass(frozen=True)
class PublishedData:
    """What a site says: its `status.json`, and each `incident.json` by the id of the incident."""

    status: dict[str, Any]
    incidents: Mapping[str, dict[str, Any]]

    @property
    def other_languages(self) -> list[str]:
        """The other languages of the site, each with an edition below its code."""
        return [edition["language"] for edition in self.status["languages"][1:]]


class BaselineError(StatusgenError):
    """What a site is to be compared with cannot be read; the message says why."""


def load_from_files(files: Iterable[File], language_prefix: str = "") -> PublishedData:
    """What the files of a site say; `edition` is the beginning of their paths in another language than the first."""
    found = {file.path: file.content for file in files}
    status = json.loads(found[language_prefix + addresses.status_data()])
    begin = language_prefix + addresses.incident("")[:-1]
    documents = (json.loads(content) for path, content in found.items() if path.startswith(begin))
    return PublishedData(status, {document["incident"]["id"]: document for document in documents})


def load_from_folder(folder: Path, language_prefix: str = "") -> PublishedData:
    """What a built site says."""
    return _load_from_copy(copies.FolderCopy(folder), f"{printable(str(folder))}/", language_prefix)


def load_from_url(url: str, language_prefix: str = "") -> PublishedData:
    """What a live site says (HTTP or HTTPS); it may lead on to addresses of its own, and to no others."""
    try:
        return _load_from_copy(copies.WebCopy(url), printable(url if url.endswith("/") else f"{url}/"), language_prefix)
    except TrustError as error:  # it is no address of a site
        raise BaselineError(str(error)) from None


def _load_from_copy(copy: copies.Copy, name: str, language_prefix: str) -> PublishedData:
    def read_document(path: str, validator: Validator) -> dict[str, Any]:
        try:
            content = copy.read(path, _MAX_BYTES)
            if len(content) > _MAX_BYTES:
                raise copies.UnreadableFileError("is too long")
            return _parse_document(content, validator)
        except copies.MissingFileError:
            raise BaselineError(f"{name}{printable(path)} is not there.") from None
        except copies.UnreadableFileError as error:
            raise BaselineError(f"{name}{printable(path)} {error}.") from None

    listed = read_document(language_prefix + addresses.history_data(), INCIDENT_LIST_VALIDATOR)
    ids = [incident["id"] for incident in listed["incidents"]]
    incidents = {id: read_document(language_prefix + addresses.incident_data(id), INCIDENT_VALIDATOR) for id in ids}
    return PublishedData(read_document(language_prefix + addresses.status_data(), STATUS_VALIDATOR), incidents)


def _parse_document(content: bytes, validator: Validator) -> dict[str, Any]:
    try:
        validator.validate_json(content)
        document: dict[str, Any] = json.loads(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        why = f"{where}: {first['msg']}" if where else first["msg"]
        raise copies.UnreadableFileError(f"is not what statusgen publishes there ({printable(why)})") from None
    except (ValueError, RecursionError):
        raise copies.UnreadableFileError("is not what statusgen publishes there") from None
    return document


def extract_revision(folder: Path, revision: str, target: Path) -> Path:
    """Lay the content out in `into` as it was at a revision of git, to be read from there."""
    if revision.startswith("-"):
        raise BaselineError(f'"{revision}" is no revision.')
    there = run_git(folder, "ls-tree", "--name-only", revision, "--", *CONTENT_PATHS)
    if there is None:
        raise BaselineError(f'There is no revision "{revision}" here, or this folder is not kept in git.')
    names = there.decode().split("\n")
    archive = run_git(folder, "archive", "--format=tar", revision, "--", *(name for name in names if name))
    if not archive:
        raise BaselineError(f'The revision "{revision}" cannot be laid out from here.')
    with tarfile.open(fileobj=BytesIO(archive)) as packed:
        packed.extractall(target, filter="data")
    return target
