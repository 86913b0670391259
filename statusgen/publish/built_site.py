"""A built site, as it lies in its folder, ready to be sent."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from statusgen import addresses
from statusgen.outputs.compression import ENCODINGS
from statusgen.outputs.host import CACHE_FOREVER, HeaderRule, headers_for, media_type
from statusgen.problems import PublishError, TrustError
from statusgen.trust.copies import CopyError, FolderCopy
from statusgen.trust.manifest import MAX_BYTES, UNLISTED_PATHS, Manifest, read_manifest

NOT_SERVED = addresses.for_hosts()
"""What only some hosts read, and nobody else: a host that would serve it does not get it."""
_STORE_HEADERS = ("Content-Type", "Cache-Control")


@dataclass(frozen=True)
class BuiltSite:
    """The files that a manifest lists, the manifest, and its signatures.

    `manifest_bytes` are the bytes of `manifest.json`, and `rules` the headers that its files are to be sent with.
    """

    folder: Path
    manifest: Manifest
    manifest_bytes: bytes
    rules: tuple[HeaderRule, ...]

    @classmethod
    def open(cls, folder: Path, rules: Iterable[HeaderRule]) -> "BuiltSite":
        """Return the site that was built into a folder; raise PublishError if there is none."""
        name = addresses.manifest()
        try:
            content: bytes = FolderCopy(folder).read(name, MAX_BYTES)
            return cls(folder, read_manifest(content, str(folder / name)), content, tuple(rules))
        except (CopyError, TrustError) as error:
            raise PublishError(f"{folder} has no whole site in it: {error}. Build it again.") from None

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """The SHA-256 of each file by its path, the manifest and its signatures included."""
        unlisted = {path: hashlib.sha256(content).hexdigest() for path, content in self._unlisted_files().items()}
        return {path: entry.sha256 for path, entry in self.manifest.files.items()} | unlisted

    @property
    def signatures(self) -> tuple[str, ...]:
        """The paths of the manifest's signatures."""
        return tuple(path for path in UNLISTED_PATHS[1:] if path in self.digests)

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raise PublishError if it is not, or no longer, what the manifest lists."""
        try:
            content: bytes = FolderCopy(self.folder).read(path, MAX_BYTES)
        except CopyError as error:
            raise PublishError(f"{self.folder / path} cannot be sent: {error}. Publish again.") from None
        if hashlib.sha256(content).hexdigest() != self.digests[path]:
            raise PublishError(f"{self.folder / path} was changed while the site was being sent. Publish again.")
        return content

    def refuse_changes(self) -> None:
        """Raise PublishError unless the folder holds what the manifest lists, and nothing else."""
        for path in self.digests:
            self.read(path)
        for path in FolderCopy(self.folder).list_files():
            if path not in self.digests:
                raise PublishError(f"{self.folder / path} is no part of the site. Move it away, and publish again.")

    def headers(self, path: str) -> dict[str, str]:
        """Return the headers that a store has to keep with a file: its type, how long it is kept, its compression.

        A compressed copy is of the same type as the file that it stands in for (RFC 9110, section 8.4).
        """
        for encoding, (suffix, _) in ENCODINGS.items():
            original = path.removesuffix(suffix)
            if original != path and original in self.digests:
                token = {"gzip": "gzip", "brotli": "br"}[encoding]
                return {**self.headers(original), "Content-Encoding": token}
        found = {"Content-Type": media_type(path), **headers_for(path, self.rules)}
        return {name: found[name] for name in _STORE_HEADERS if name in found}

    def is_kept_forever(self, path: str) -> bool:
        """Return whether a file's name changes with its content: pages that were loaded before still ask for it."""
        return self.headers(path).get("Cache-Control") == CACHE_FOREVER

    def _unlisted_files(self) -> dict[str, bytes]:
        found = {addresses.manifest(): self.manifest_bytes}
        for path in UNLISTED_PATHS[1:]:
            if (self.folder / path).is_file():
                found[path] = FolderCopy(self.folder).read(path, MAX_BYTES)
        return found
