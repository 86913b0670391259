"""Files that git has as pointers of Git LFS, told and found without running Git LFS.

A pointer is a text that names the SHA-256 of a file and its size (git-lfs, docs/spec.md).
"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

_POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {size}\n"
_POINTER_DIGEST = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:ext-[^\n]{1,200}\n)*oid sha256:([0-9a-f]{64})\n"
)
_MAX_POINTER = 1024  # bytes, from the specification
_MAX_FILE = 100_000_000  # bytes; no file of a site is as large


def is_pointer_to(object_name: str, file: Path) -> bool:
    """Return whether an object of git is the pointer to what is in a file now."""
    if file.is_symlink() or not file.is_file():
        return False
    try:
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            pointer = _POINTER.format(digest=digest, size=opened.tell()).encode()
    except OSError:
        return False
    hash_name = "sha1" if len(object_name) == 40 else "sha256"
    return (
        hashlib.new(hash_name, b"blob %d\0" % len(pointer) + pointer, usedforsecurity=False).hexdigest() == object_name
    )


def fill_pointers(files: Iterable[Path], common_dir: Path) -> None:
    """Replace each of our files that is a pointer by its file, where the repository has that on this computer."""
    for file in files:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > _MAX_POINTER:
            continue
        if (found := _POINTER_DIGEST.match(file.read_bytes())) and (
            content := _find_content(found[1].decode(), common_dir)
        ):
            file.write_bytes(content)


def _find_content(digest: str, common_dir: Path) -> bytes | None:
    stored = common_dir / "lfs" / "objects" / digest[:2] / digest[2:4] / digest
    try:
        if not stored.is_file() or stored.stat().st_size > _MAX_FILE:
            return None
        content = stored.read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None
