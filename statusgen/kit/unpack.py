"""Takes the site out of a kit; the zip can come from anybody, so nothing in it is believed before it is checked."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from statusgen.kit.make import FOLDER
from statusgen.kit.plain_paths import is_plain_path
from statusgen.kit.wheels import KitError
from statusgen.text import printable

_MAX_BYTES = 500_000_000
"""How large the site and its history can be, which are read at once."""
_SUMS, _ABOUT, _HISTORY = "SHA256SUMS", "kit.json", "history.bundle"
_UNLISTED = frozenset({_SUMS, "CARD.txt", "CARD.html"})
# What Python's zipfile raises for a zip that is damaged, encrypted, or made to hurt.
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, RuntimeError, OSError)


@dataclass(frozen=True)
class UnpackedSite:
    """The site in a kit: its `files` by their paths in its repository, and `folder`, where services.yaml is in that.

    `history` is a bundle of git with the branch `branch`, both empty for none.
    """

    files: Mapping[str, bytes]
    folder: str
    history: bytes
    branch: str


def unpack_site(kit: Path) -> UnpackedSite:
    """Return the site in a kit; raise KitError for what is no whole kit, or leads out of its folder."""
    try:
        with zipfile.ZipFile(kit) as archive:
            files = _read(archive, kit)
        about = json.loads(files[_ABOUT])
        where, branch = about["site"], about["branch"]
    except (*_BROKEN, TypeError):
        raise KitError(f"{kit} is not a kit. Name a zip that was made by: statusgen kit") from None
    if not (isinstance(where, str) and isinstance(branch, str)):
        raise KitError(f"{kit} is not a kit: its {_ABOUT} does not say where the site is. Take another copy of it.")
    _refuse_unsafe([where, *files], kit)
    top, _, folder = where.partition("/")
    if top != "site":
        raise KitError(f"{kit} is not a kit: its site is in {printable(where)}, not in site. Take another copy of it.")
    site = {path.removeprefix("site/"): files[path] for path in files if path.startswith("site/")}
    history = files.get(_HISTORY, b"") if branch else b""
    return UnpackedSite(site, folder, history, branch if history else "")


def _read(archive: zipfile.ZipFile, kit: Path) -> dict[str, bytes]:
    """Return the files of the site and those about it, by their paths in the kit, when their sums are right."""
    entries = {each.filename.removeprefix(f"{FOLDER}/"): each for each in archive.infolist() if not each.is_dir()}
    wanted = [path for path in entries if path in (_SUMS, _ABOUT, _HISTORY) or path.startswith("site/")]
    # No more of an entry is read than it says that it has.
    if sum(entries[path].file_size for path in wanted) > _MAX_BYTES:
        raise KitError(f"The site in {kit} is larger than {_MAX_BYTES // 1_000_000} MB. Take another kit.")
    files = {path: archive.read(entries[path]) for path in wanted}
    lines = (line.partition("  ") for line in files[_SUMS].decode().splitlines())
    sums = {path: digest for digest, _, path in lines}
    wrong = [path for path in files if path != _SUMS and sums.get(path) != hashlib.sha256(files[path]).hexdigest()]
    _refuse_damaged({*wrong, *(({*entries} - _UNLISTED) ^ {*sums})}, kit)
    return files


def _refuse_damaged(paths: Iterable[str], kit: Path) -> None:
    if wrong := ", ".join(printable(path) for path in sorted(paths)):
        raise KitError(f"{kit} is damaged, or someone has changed it: {wrong}. Take another copy of it.")


def _refuse_unsafe(paths: Iterable[str], kit: Path) -> None:
    if wrong := ", ".join(printable(path) for path in paths if not is_plain_path(path)):
        raise KitError(f"A file in {kit} leads out of its folder, or into that of git: {wrong}. Take another copy.")
