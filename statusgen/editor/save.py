"""One file, written whole or not at all."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from statusgen.problems import OutputError


def save_file(path: Path, content: bytes, old: bytes | None) -> None:
    """Put `content` into a file that holds `before`, or that is not there yet if that is None.

    Whoever reads the file meanwhile meets the old one or the new one. Raises OutputError, and leaves all as it
    was, where somebody else has changed the file since it was read, or where it cannot be written.
    """
    path = Path(os.path.realpath(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if _read_if_exists(path) != old:
            raise OutputError(f"{path.name} was changed by somebody else meanwhile. Nothing was written. Try again.")
        _replace(path, content)
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}). Nothing was written.") from None


def _read_if_exists(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _replace(path: Path, content: bytes) -> None:
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask()
    # The name begins with a dot, so that reading takes no notice of it.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        # Ctrl-C is none of the exceptions that others catch.
        with suppress(OSError):
            Path(name).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
