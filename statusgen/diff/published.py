"""What a site says, taken from its published data (`status.json` and each `incident.json`).

So a built folder, a live site, an earlier revision and what is being written now can all be compared with each other.
"""

import os
import tarfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import JsonValue
from pydantic_core import from_json

from statusgen import addresses, git_lfs
from statusgen.content.disk import walk_files
from statusgen.files import File
from statusgen.git import CONTENT_PATHS, repository_top, run_git
from statusgen.git_files import find_common_dir, find_git_dir
from statusgen.outputs.open_data.history import DOCUMENT_TYPE as HISTORY
from statusgen.outputs.open_data.incidents import DOCUMENT_TYPE as INCIDENT
from statusgen.outputs.open_data.incidents import IncidentDocument
from statusgen.outputs.open_data.schemas import D, DocumentType
from statusgen.outputs.open_data.status import DOCUMENT_TYPE as STATUS
from statusgen.outputs.open_data.status import StatusDocument
from statusgen.problems import InvalidValue, StatusgenError, TrustError
from statusgen.text import printable
from statusgen.trust import copies

T = TypeVar("T")
_MAX_BYTES = 32 * 1024 * 1024  # bytes of one document


@dataclass(frozen=True)
class PublishedDocument(Generic[D]):
    """A document: its `facts`, and the `raw` JSON, which also has the keys that this release does not know."""

    facts: D
    raw: JsonValue


@dataclass(frozen=True)
class PublishedData:
    """What a site says: its `status.json`, and each `incident.json` by the id of the incident."""

    status: PublishedDocument[StatusDocument]
    incidents: Mapping[str, PublishedDocument[IncidentDocument]]

    @property
    def other_languages(self) -> list[str]:
        """The other languages of the site, each with an edition below its code."""
        return [edition.language for edition in self.status.facts.languages[1:]]


class BaselineError(StatusgenError):
    """What a site is to be compared with cannot be read; the message says why."""


def load_from_files(files: Iterable[File], language_prefix: str = "") -> PublishedData:
    """Return what the files of a site say; in another language than the first, their paths begin with a prefix."""
    found = {file.path: file.content for file in files}
    begin = language_prefix + addresses.incident("")[:-1]
    contents = (content for path, content in found.items() if path.startswith(begin))
    documents = [_parse(INCIDENT, content) for content in contents]
    return PublishedData(
        _parse(STATUS, found[language_prefix + addresses.status_data()]),
        {document.facts.incident.id: document for document in documents},
    )


def load_from_folder(folder: Path, language_prefix: str = "") -> PublishedData:
    """Return what a built site says."""
    return _load_from_copy(copies.FolderCopy(folder), f"{printable(str(folder))}/", language_prefix)


def load_from_url(url: str, language_prefix: str = "") -> PublishedData:
    """Return what a live site says (HTTP or HTTPS); it may redirect to addresses of its own, and to no others."""
    try:
        return _load_from_copy(copies.WebCopy(url), printable(url if url.endswith("/") else f"{url}/"), language_prefix)
    except TrustError as error:  # it is not the address of a site
        raise BaselineError(str(error)) from None


def _load_from_copy(copy: copies.Copy, name: str, language_prefix: str) -> PublishedData:
    def read(address: str, parse: Callable[[bytes], T]) -> T:
        path = language_prefix + address
        try:
            content = copy.read(path, _MAX_BYTES)
            if len(content) > _MAX_BYTES:
                raise copies.UnreadableFileError("is too long")
            return parse(content)
        except copies.MissingFileError:
            why = "is not there"
        except copies.UnreadableFileError as error:
            why = str(error)
        except InvalidValue as error:
            why = f"is not what statusgen publishes there ({printable(error.what)})"
        raise BaselineError(f"{name}{printable(path)} {why}.")

    listed = read(addresses.history_data(), HISTORY.parse).incidents
    parse_incident = partial(_parse, INCIDENT)
    documents = {one.id: read(addresses.incident_data(one.id), parse_incident) for one in listed}
    return PublishedData(read(addresses.status_data(), partial(_parse, STATUS)), documents)


def _parse(kind: DocumentType[D], content: bytes) -> PublishedDocument[D]:
    return PublishedDocument(kind.parse(content), from_json(content))


def extract_revision(folder: Path, revision: str, target: Path) -> Path:
    """Write the content as it was at a revision of git into `target`, to be read from there."""
    if revision.startswith("-"):
        raise BaselineError(f'"{revision}" is not a revision.')
    there = run_git(folder, "ls-tree", "--name-only", revision, "--", *CONTENT_PATHS)
    if there is None:
        raise BaselineError(f'There is no revision "{revision}" here, or this folder is not kept in git.')
    names = os.fsdecode(there).split("\n")
    archive = run_git(folder, "archive", "--format=tar", revision, "--", *(name for name in names if name))
    if not archive:
        raise BaselineError(f'The content of the revision "{revision}" cannot be read from here.')
    try:
        with tarfile.open(fileobj=BytesIO(archive)) as packed:
            packed.extractall(target, filter="data")
    except (tarfile.TarError, OSError, ValueError) as error:
        what = f'The revision "{revision}" has a file that cannot be written ({printable(str(error))}).'
        raise BaselineError(f"{what} Compare with another revision.") from None
    git_lfs.fill_pointers(walk_files(target), find_common_dir(find_git_dir(repository_top(folder) or folder)))
    return target
