"""Files in the user's own folder that only its owner can read: each is on the disk as a whole, or not at all."""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


def write_private(path: Path, content: bytes) -> None:
    """Write a file, which is on the disk when this returns; raise OSError if there is no room."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_name(f"{path.name}.part")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


@dataclass(frozen=True)
class Contents:
    """Bytes by their digests (SHA-256), below the folder of a site's drafts."""

    folder: Path

    def keep(self, content: bytes) -> str:
        """Keep bytes, which are on the disk when this returns, and return their digest."""
        digest = sha256(content).hexdigest()
        try:
            os.utime(self._path(digest))  # needed from now on
        except FileNotFoundError:
            write_private(self._path(digest), content)
        return digest

    def list_files(self) -> list[Path]:
        """Return the file of each that is kept: its name is the digest, unless it is unfinished."""
        return [path for path in self._folder.iterdir() if path.is_file()] if self._folder.is_dir() else []

    def find(self, digest: str) -> bytes | None:
        """Return the bytes of a digest; None if they are gone, or are no longer those."""
        try:
            content = self._path(digest).read_bytes() if digest else b""
        except OSError:
            return None
        return content if sha256(content).hexdigest() == digest else None

    @property
    def _folder(self) -> Path:
        return self.folder / "contents"

    def _path(self, digest: str) -> Path:
        return self._folder / digest
