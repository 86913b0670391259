"""What is published with a post: its translations and its pictures, fixed at "Publish now" as the post is.

A job names them by their digests (SHA-256); their bytes are in a folder beside the drafts.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from statusgen.desk.publishing.job import MoreFile, Plan, Trouble
from statusgen.desk.publishing.troubles import StoppedError
from statusgen.desk.rehearse import WrittenFile
from statusgen.editor.save import save_file
from statusgen.problems import OutputError

_CONTENTS = "contents"


@dataclass(frozen=True)
class Contents:
    """Bytes by their digests, in the user's own folder."""

    folder: Path

    def keep(self, content: bytes) -> str:
        """Keep bytes, which are on the disk when this returns, and return their digest."""
        digest = sha256(content).hexdigest()
        path = self.folder / _CONTENTS / digest
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            unfinished = path.with_suffix(".part")
            handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        return digest

    def read(self, digest: str) -> bytes | None:
        """Return the bytes of a digest; None for "", which is no file. Raise OutputError if they are gone."""
        if not digest:
            return None
        try:
            content = (self.folder / _CONTENTS / digest).read_bytes()
        except OSError:
            content = b""
        if sha256(content).hexdigest() != digest:
            raise OutputError("What was kept of this publication is gone. Open its form again.")
        return content


def fix_files(folder: Path, files: Iterable[WrittenFile]) -> tuple[MoreFile, ...]:
    """Fix what is published with a post, byte for byte."""
    contents = Contents(folder)
    return tuple(
        MoreFile(file.path, "" if file.old is None else contents.keep(file.old), contents.keep(file.new))
        for file in files
    )


def read_files(folder: Path, plan: Plan) -> dict[str, bytes]:
    """Return what is published with a post, by its paths in the site's folder."""
    contents = Contents(folder)
    return {file.path: contents.read(file.new) or b"" for file in plan.more}


def are_written(source: Path, plan: Plan) -> bool:
    """Return whether what belongs to a post is in the site's folder as the plan has it."""
    return all(_digest(source, file) == file.new for file in plan.more)


def keep_files(source: Path, folder: Path, files: Iterable[MoreFile]) -> None:
    """Write files that belong to a post."""
    contents = Contents(folder)
    for file in files:
        (source / file.path).parent.mkdir(parents=True, exist_ok=True)
        save_file(source / file.path, contents.read(file.new) or b"", contents.read(file.old))


def find_missing(source: Path, plan: Plan) -> list[MoreFile]:
    """Return what has to be written; raise StoppedError if somebody else has changed any of it meanwhile."""
    missing = [file for file in plan.more if _digest(source, file) != file.new]
    for file in missing:
        if not (source / file.path).resolve().is_relative_to(source.resolve()):
            raise OutputError(f"{file.path} is outside this site, behind a link. Nothing was written.")
        if _digest(source, file) != file.old:
            what = f"{file.path} was changed by somebody else meanwhile. Open the form again, and look at it."
            raise StoppedError(Trouble.MISTAKE, what)
    return missing


def restore_files(source: Path, folder: Path, plan: Plan) -> None:
    """Let what belongs to a post be as it was, as far as it is still ours."""
    contents = Contents(folder)
    for file in plan.more:
        if _digest(source, file) != file.new:
            continue
        if file.old:
            save_file(source / file.path, contents.read(file.old) or b"", contents.read(file.new))
        else:
            (source / file.path).unlink()


def _digest(source: Path, file: MoreFile) -> str:
    """Return the digest of a file as it is; "" if there is none."""
    try:
        return sha256((source / file.path).read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
