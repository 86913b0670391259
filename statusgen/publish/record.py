"""What publishing leaves at a target for the next time: `statusgen-publish.json`."""

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, StringConstraints, TypeAdapter
from pydantic.dataclasses import dataclass as validated

from statusgen.files import unsafe_path_reason
from statusgen.problems import PublishError

RECORD_FILE = "statusgen-publish.json"
"""Its name at a target. It lies beside the site and is no part of it; there is no secret in it."""
GRACE_PERIOD = timedelta(days=1)
"""How long a file that pages may have asked for by its own name stays after no page asks for it anymore."""


def _check_path(path: str) -> str:
    """Return a path; raise ValueError if it leads out of the target. What a record names may be deleted."""
    if reason := unsafe_path_reason(path):
        raise ValueError(reason)
    return path


_Path = Annotated[str, AfterValidator(_check_path)]


@validated(frozen=True)
class Record:
    """What is known of a target besides its files.

    `manifest` is the SHA-256 of the `manifest.json` that was published last, and `at` when that was, by the publisher's
    clock; `signatures` are the paths of its signatures, which no manifest lists. `retired` are files that no page asks
    for anymore, each with when that began. `uncertain` are files that a publication which did not end may have sent or
    deleted. `holder` is who is publishing now, `turn` changes each time the holder says so again.
    """

    version: int = 1
    manifest: str = ""
    at: AwareDatetime | None = None
    signatures: tuple[_Path, ...] = ()
    retired: Mapping[_Path, AwareDatetime] = field(default_factory=dict)
    uncertain: tuple[_Path, ...] = ()
    holder: Annotated[str, StringConstraints(max_length=100)] = ""
    turn: int = 0


_ADAPTER = TypeAdapter(Record)


def read_record(content: bytes | None, target: str) -> Record:
    """Return the record of a target, an empty one if it has none; raise PublishError for one that cannot be used."""
    if content is None:
        return Record()
    try:
        record = _ADAPTER.validate_json(content)
    except ValueError:  # which Pydantic's own errors are, too
        hint = "Delete that file there, and publish again: every file is then sent."
        raise PublishError(f"{target} has a {RECORD_FILE} that is none. {hint}") from None
    if record.version != 1:
        raise PublishError(f"{target} was published by a newer statusgen. Install that one.")
    return record


def write_record(record: Record) -> bytes:
    """Return the bytes of a record."""
    return _ADAPTER.dump_json(record, indent=2) + b"\n"
