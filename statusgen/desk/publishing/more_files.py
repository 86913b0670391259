"""What is published with a post: its translations and its pictures, fixed at "Publish now" as the post is.

A job names them by their digests (SHA-256); their bytes are in a folder beside the drafts.
"""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from statusgen.desk.contents import Contents
from statusgen.desk.publishing.job import MoreFile, Plan, Trouble
from statusgen.desk.publishing.troubles import StoppedError
from statusgen.desk.rehearse import WrittenFile
from statusgen.editor.save import save_file
from statusgen.problems import OutputError


def _require(contents: Contents, digest: str) -> bytes:
    content = contents.find(digest)
    if content is None:
        raise OutputError("What was kept of this publication is gone. Open its form again.")
    return content


def _read_old(contents: Contents, file: MoreFile) -> bytes | None:
    """Return what a file replaces; None if there was none."""
    return _require(contents, file.old) if file.old else None


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
    return {file.path: _require(contents, file.new) for file in plan.more}


def are_written(source: Path, plan: Plan) -> bool:
    """Return whether what belongs to a post is in the site's folder as the plan has it."""
    return all(_digest(source, file) == file.new for file in plan.more)


def keep_files(source: Path, folder: Path, files: Iterable[MoreFile]) -> None:
    """Write files that belong to a post."""
    contents = Contents(folder)
    for file in files:
        (source / file.path).parent.mkdir(parents=True, exist_ok=True)
        save_file(source / file.path, _require(contents, file.new), _read_old(contents, file))


def find_missing(source: Path, plan: Plan) -> list[MoreFile]:
    """Return what has to be written; raise StoppedError if somebody else has changed any of it meanwhile."""
    missing = [file for file in plan.more if _digest(source, file) != file.new]
    for file in missing:
        if not (source / file.path).resolve().is_relative_to(source.resolve()):
            raise OutputError(f"{file.path} is outside this site, behind a link. Nothing was written.")
        if _digest(source, file) != file.old:
            what = f"{file.path} was changed by someone else meanwhile. Open the form again, and look at it."
            raise StoppedError(Trouble.MISTAKE, what)
    return missing


def restore_files(source: Path, folder: Path, plan: Plan) -> None:
    """Let what belongs to a post be as it was, as far as it is still ours."""
    contents = Contents(folder)
    for file in plan.more:
        if _digest(source, file) != file.new:
            continue
        if file.old:
            save_file(source / file.path, _require(contents, file.old), _require(contents, file.new))
        else:
            (source / file.path).unlink()


def _digest(source: Path, file: MoreFile) -> str:
    """Return the digest of a file as it is; "" if there is none."""
    try:
        return sha256((source / file.path).read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
