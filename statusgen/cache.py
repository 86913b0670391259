"""What was worked out before and would come out the same: bytes, each with a name and the key that it was made from.

The key is a digest of everything that the bytes depend on, of the program and the libraries too, so the outcome is the
same with a cache and without. An entry that was cut off or changed is not used: it begins with a digest of itself.
Nothing in it is ever run; whoever reads one checks its form. All of it can be deleted at any time.

It lies in the user's own folder for caches, not with the content: content may come from strangers, and what they had
put into a cache would be published without being looked at.
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

_PACKAGE = Path(__file__).parent


class Cache:
    """The entries that belong to the content in `source`; without a source it keeps nothing."""

    def __init__(self, source: Path | None = None) -> None:
        self.folder = _cache_root() / digest([str(source.resolve())])[:16] if source else None

    def get(self, kind: str, name: str, key: str) -> bytes | None:
        """What was kept, if it was made from the same and is whole."""
        if self.folder is None:
            return None
        try:
            head, _, content = _read(self._path(self.folder, kind, name)).partition(b"\n")
        except OSError:
            return None
        return content if head == _make_header(key, content) else None

    def put(self, kind: str, name: str, key: str, content: bytes) -> None:
        """Keep something in place of what had its name; where that cannot be done, nothing is kept."""
        if self.folder is None:
            return
        path = Path(self._path(self.folder, kind, name))
        new = path.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            new.write_bytes(_make_header(key, content) + b"\n" + content)
            new.replace(path)

    def prune(self, kind: str, keep: Iterable[str]) -> None:
        """Delete the entries of other names."""
        if self.folder is None:
            return
        kept = {self._path(self.folder, kind, name) for name in keep}
        with suppress(OSError), os.scandir(f"{self.folder}/{kind}") as entries:
            for entry in entries:
                if f"{self.folder}/{kind}/{entry.name}" not in kept:
                    os.unlink(entry)  # noqa: PTH108 - it is no Path, and there may be thousands

    def _path(self, folder: Path, kind: str, name: str) -> str:
        return f"{folder}/{kind}/{digest([name])[:32]}"


def _make_header(key: str, content: bytes) -> bytes:
    return f"{key} {hashlib.sha256(content).hexdigest()}".encode()


def digest(parts: Iterable[str]) -> str:
    """A digest (SHA-256) of texts, of which one cannot run into the next."""
    whole = hashlib.sha256()
    for part in parts:
        content = part.encode(errors="surrogatepass")
        whole.update(b"%d:" % len(content))
        whole.update(content)
    return whole.hexdigest()


@cache
def program_digest() -> str:
    """What tells this program from any other that could write other bytes: its files, its libraries, its Python."""
    files = sorted(_program_files())
    own = (hashlib.sha256(_read(f"{_PACKAGE}/{file}")).hexdigest() for file in files)
    # The name of a folder with the facts of an installed library ends in its version.
    libraries = sorted(path.name for folder in _library_folders() for path in folder.glob("*-info"))
    return digest([*files, *own, *libraries, sys.version])


def _program_files() -> Iterator[str]:
    """All files of the program, but what Python makes of them."""
    for folder, folders, names in os.walk(_PACKAGE):
        folders[:] = [name for name in folders if name != "__pycache__"]
        inside = folder[len(str(_PACKAGE)) :].lstrip(os.sep)
        for name in names:
            if os.path.isfile(f"{folder}/{name}"):  # noqa: PTH113 - an editor may leave a link that leads nowhere
                yield f"{inside}/{name}" if inside else name


def _read(path: str) -> bytes:
    # Hundreds of files for each command: buffers, and a Path for each, take longer than to read them.
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - therefore
        return file.read()


def _library_folders() -> Iterable[Path]:
    """Where libraries are installed, one of those that we cannot do without among them."""
    for name in ("babel", "jinja2"):
        spec = find_spec(name)
        if spec and spec.origin:
            yield Path(spec.origin).parent.parent


def time_zone_digest(zone: str) -> str:
    """A digest of what the system knows of a time zone: governments change them, even for the past."""
    for folder in TZPATH:
        with suppress(OSError):
            return hashlib.sha256((Path(folder) / zone).read_bytes()).hexdigest()
    return ""


def _cache_root() -> Path:
    """The user's folder for caches, as each system has it."""
    home = Path("~").expanduser()
    if sys.platform == "darwin":
        usual = home / "Library" / "Caches"
    elif sys.platform == "win32":
        usual = Path(os.environ.get("LOCALAPPDATA") or home)
    else:
        usual = home / ".cache"
    # https://specifications.freedesktop.org/basedir-spec/latest/
    return Path(os.environ.get("XDG_CACHE_HOME") or usual) / "statusgen"
