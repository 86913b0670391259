"""Results kept from one build to the next: bytes, each with a name and the key that it was made from.

The key is a digest of everything that the bytes depend on, including the program and its libraries, so builds come out
the same with and without a cache. Each entry begins with a digest of itself; one that was cut off or changed is not
used. Nothing in the cache is ever executed; the modules that read it check the form of what they get. It can be deleted
at any time.

It is kept in the user's own cache folder, not with the content: content may come from strangers, and a cache that they
prepared would be published unchecked.
"""

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import TZPATH

_PACKAGE = Path(__file__).parent.parent


class Cache:
    """The entries that belong to the content in `source`; without a source, nothing is kept."""

    def __init__(self, source: Path | None = None) -> None:
        self.folder = _cache_root() / digest([str(source.resolve())])[:16] if source else None

    def get(self, kind: str, name: str, key: str) -> bytes | None:
        """Return the entry, if it was made from the same key and is intact."""
        if self.folder is None:
            return None
        try:
            head, _, content = _read(self._path(self.folder, kind, name)).partition(b"\n")
        except OSError:
            return None
        return content if head == _make_header(key, content) else None

    def put(self, kind: str, name: str, key: str, content: bytes) -> None:
        """Keep an entry, replacing the one of the same name; if it cannot be written, do nothing."""
        if self.folder is None:
            return
        path = Path(self._path(self.folder, kind, name))
        new = path.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            new.write_bytes(_make_header(key, content) + b"\n" + content)
            new.replace(path)

    def prune(self, kind: str, keep: Iterable[str]) -> None:
        """Delete the entries of all other names."""
        if self.folder is None:
            return
        paths = {self._path(self.folder, kind, name) for name in keep}
        with suppress(OSError), os.scandir(f"{self.folder}/{kind}") as entries:
            for entry in entries:
                if f"{self.folder}/{kind}/{entry.name}" not in paths:
                    os.unlink(entry)  # noqa: PTH108 - it is not a Path, and there may be thousands

    def _path(self, folder: Path, kind: str, name: str) -> str:
        return f"{folder}/{kind}/{digest([name])[:32]}"


def _make_header(key: str, content: bytes) -> bytes:
    return f"{key} {hashlib.sha256(content).hexdigest()}".encode()


def digest(parts: Iterable[str]) -> str:
    """Return a digest (SHA-256) of several texts, each with its length, so that ("ab", "c") is not ("a", "bc")."""
    result = hashlib.sha256()
    for part in parts:
        content = part.encode(errors="surrogatepass")
        result.update(b"%d:" % len(content))
        result.update(content)
    return result.hexdigest()


@cache
def program_digest() -> str:
    """Return a digest of all that can change what this program writes: its files, libraries and Python version."""
    files = sorted(_program_files())
    own = (hashlib.sha256(_read(f"{_PACKAGE}/{file}")).hexdigest() for file in files)
    # The folder with the metadata of an installed library has the version in its name.
    libraries = sorted(path.name for folder in _library_folders() for path in folder.glob("*-info"))
    return digest([*files, *own, *libraries, sys.version])


def _program_files() -> Iterator[str]:
    """Yield all files of the program, except those that Python makes of them."""
    for folder, folders, names in os.walk(_PACKAGE):
        folders[:] = [name for name in folders if name != "__pycache__"]
        inside = folder[len(str(_PACKAGE)) :].lstrip(os.sep)
        for name in names:
            if os.path.isfile(f"{folder}/{name}"):  # noqa: PTH113 - an editor may leave a broken link
                yield f"{inside}/{name}" if inside else name


def _read(path: str) -> bytes:
    # Each command reads hundreds of files: buffers, and a Path for each, would take longer than reading them.
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - see above
        return file.read()


def _library_folders() -> Iterable[Path]:
    """Yield the folders with the installed libraries, found by two that are always there."""
    for name in ("babel", "jinja2"):
        spec = find_spec(name)
        if spec and spec.origin:
            yield Path(spec.origin).parent.parent


def time_zone_digest(zone: str) -> str:
    """Return a digest of the system's data about a time zone: governments change the rules, even for the past."""
    for folder in TZPATH:
        with suppress(OSError):
            return hashlib.sha256((Path(folder) / zone).read_bytes()).hexdigest()
    return ""


def _cache_root() -> Path:
    """Return the user's folder for caches, as is usual on each system."""
    home = Path("~").expanduser()
    if sys.platform == "darwin":
        usual = home / "Library" / "Caches"
    elif sys.platform == "win32":
        usual = Path(os.environ.get("LOCALAPPDATA") or home)
    else:
        usual = home / ".cache"
    # https://specifications.freedesktop.org/basedir-spec/latest/
    return Path(os.environ.get("XDG_CACHE_HOME") or usual) / "statusgen"
