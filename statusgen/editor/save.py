"""One file, written completely or not at all."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from statusgen.problems import OutputError


def save_file(path: Path, content: bytes, old: bytes | None) -> None:
    """Write `content` to a file that still contains `old`, or that does not exist yet if `old` is None.

    At every moment, the file on disk is either the old one or the new one. Raises OutputError, and changes nothing, if
    somebody else has changed the file since it was read, or if it cannot be written.
    """
    path = Path(os.path.realpath(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if _read_if_exists(path) != old:
            raise OutputError(f"Someone else has changed {path.name} in the meantime. Nothing was written. Try again.")
        _replace(path, content)
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}). Nothing was written.") from None


def _read_if_exists(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _replace(path: Path, content: bytes) -> None:
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask()
    # The name starts with a dot, so that a build that runs now does not take it for a post.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        # Also after Ctrl-C, which is not an Exception.
        with suppress(OSError):
            Path(name).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
