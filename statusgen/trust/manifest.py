"""A manifest as its readers have to take it: as untrusted as the copy that it may come from."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from statusgen import addresses
from statusgen.files import unsafe_path_reason
from statusgen.problems import TrustError
from statusgen.text import printable
from statusgen.trust.signatures import MINISIGN_SUFFIX, SSH_SUFFIX

MAX_BYTES = 100_000_000
"""What a manifest, and each file in it, may have at most."""
UNLISTED_PATHS = tuple(addresses.manifest() + suffix for suffix in ("", SSH_SUFFIX, MINISIGN_SUFFIX))
"""The files of a site that no manifest can list: itself and its signatures."""
_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class ManifestEntry:
    """What a file has to be: how many bytes, and their SHA-256 as 64 hexadecimal digits.

    A page at an old address may be answered with the page that it leads to, which has `moved_sha256`.
    """

    size: int
    sha256: str
    moved_sha256: str | None = None


@dataclass(frozen=True)
class Manifest:
    """Every file of a site by its path, and from when to when the site is the newest there can be.

    `moment` is what the site shows. From `next_change` on there has to be a newer one; None if never.
    """

    files: Mapping[str, ManifestEntry]
    moment: datetime
    next_change: datetime | None
    revision: str | None
    zone: ZoneInfo

    def format_time(self, moment: datetime) -> str:
        """Return a moment on the clocks of the site."""
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M %Z}"


def read_manifest(content: bytes, origin: str) -> Manifest:
    """Return the manifest in `content`, which came from `origin`; raise TrustError if it is none, or a trap."""
    try:
        document = json.loads(content)
        if document["version"] != 1:
            raise ValueError(f"its version is {document['version']!r}, and this statusgen knows version 1")
        files: dict[str, ManifestEntry] = {}
        for file in document["files"]:
            path, entry = _parse_entry(file)
            if path in files:
                raise ValueError(f"it lists {path} twice")
            files[path] = entry
        for moved in document.get("moved", ()):  # an older release has none
            there = files[moved["to"]]
            files[moved["path"]] = replace(files[moved["path"]], moved_sha256=there.sha256)
        return Manifest(
            files,
            _parse_moment(document["at"]),
            _parse_moment(document["next_change"]) if document["next_change"] is not None else None,
            printable(str(document["revision"])) if document["revision"] is not None else None,
            ZoneInfo(document["site"]["timezone"]),
        )
    except KeyError as error:
        raise TrustError(f"{origin} is not a valid manifest: it has no {printable(str(error))}.") from None
    except (ValueError, TypeError, AttributeError, LookupError, OSError, RecursionError) as error:
        raise TrustError(f"{origin} is not a valid manifest: {printable(str(error))[:200]}.") from None


def _parse_entry(file: Mapping[str, object]) -> tuple[str, ManifestEntry]:
    path, size, sha256 = file["path"], file["size"], file["sha256"]
    if not isinstance(path, str) or path in UNLISTED_PATHS or unsafe_path_reason(path):
        raise ValueError(f"{path!r} is not a path of a site")
    if type(size) is not int or not 0 <= size <= MAX_BYTES:
        raise ValueError(f"{path} cannot have {size!r} bytes")
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        raise ValueError(f"{path} has no SHA-256")
    return path, ManifestEntry(size, sha256)


def _parse_moment(words: str) -> datetime:
    moment = datetime.fromisoformat(words)
    if moment.tzinfo is None or not 1970 <= moment.year <= 2200:
        raise ValueError(f"{words!r} is not a moment")
    return moment
