"""A signed site, and everything that can be done to a copy of it, each of which `statusgen verify` must name."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from click.testing import CliRunner, Result

from statusgen.cli.main import main
from tests.support.sample_sites import make_city
from tests.support.signing_keys import private_key, signers_file

SERVICES = "  - {id: trash, name: Trash pickup}\n  - {id: water-bill, name: Pay a water bill}\n"
POST = (
    "---\ntitle: Water bills cannot be paid\nstarted: 2024-05-04 08:00\nservices: {water-bill: down}\n---\nWe look.\n"
)
THEN, LATER = "2024-05-05 09:00", "2024-05-05 10:00"
MANIFEST, SIGNATURE = "manifest.json", "manifest.json.sig"


def run(*words: str | Path) -> Result:
    environment = {"SOURCE_DATE_EPOCH": "1714921200"}  # 2024-05-05 10:00 in Chicago
    return CliRunner().invoke(main, [str(word) for word in words], env=environment, catch_exceptions=False)


def build(source: Path, site: Path, at: str, signer: str = "ada") -> None:
    result = run("build", "--source", source, "--output", site, "--at", at, "--sign", private_key(signer))
    assert result.exit_code == 0, result.output
    (site / ".statusgen").unlink()  # which is not published


@dataclass(frozen=True)
class Sites:
    """The same city built at nine, built at ten, and signed by someone else."""

    older: Path
    newer: Path
    others: Path

    def copy(self, into: Path) -> Path:
        return Path(shutil.copytree(self.newer, into / "mirror", dirs_exist_ok=True))

    def files(self) -> list[str]:
        listed = json.loads((self.newer / MANIFEST).read_bytes())["files"]
        return [file["path"] for file in listed]


def build_sites(folder: Path) -> Sites:
    """Build the three of them in a folder."""
    (folder / "city").mkdir(parents=True)
    city = make_city(folder / "city", SERVICES, POST)
    sites = Sites(folder / "older", folder / "newer", folder / "others")
    build(city.folder, sites.older, THEN)
    build(city.folder, sites.newer, LATER)
    build(city.folder, sites.others, LATER, signer="mallory")
    return sites


# What can be done to a copy: the kind, the change, and the paths that must be named.

Tampering = tuple[str, Callable[[Path], None], list[str]]


def flip_bits(path: str, content: bytes, luck: Random) -> Iterator[Tampering]:
    for place in (len(content) - 1, luck.randrange(len(content))):
        bit = 1 << luck.randrange(8)

        def flip(copy: Path, place: int = place, bit: int = bit) -> None:
            damaged = bytearray(content)
            damaged[place] ^= bit
            (copy / path).write_bytes(damaged)

        yield "bit", flip, [path]


def change_length(path: str, content: bytes) -> Iterator[Tampering]:
    yield "cut", lambda copy: _write(copy / path, content[: len(content) // 2]), [path]
    yield "grown", lambda copy: _write(copy / path, content + b" "), [path]


def change_file(path: str, content: bytes, sites: Sites, beside: str) -> Iterator[Tampering]:
    yield "missing", lambda copy: (copy / path).unlink(), [path]
    yield "link", lambda copy: _link(copy / path, sites.newer / path), [path]
    added = f"{path}.bak"
    yield "added", lambda copy: _write(copy / added, content), [added]
    if content != (sites.newer / beside).read_bytes():
        yield "swapped", lambda copy: swap(copy / path, copy / beside), [path, beside]
    if content != (sites.older / path).read_bytes():
        yield "older file", lambda copy: _write(copy / path, (sites.older / path).read_bytes()), [path]
    yield "manifest edited", lambda copy: _replace(copy, path, b"<p>All services work.</p>"), [MANIFEST]


def change_site(sites: Sites) -> Iterator[Tampering]:
    older, newer, others = ((each / SIGNATURE).read_bytes() for each in (sites.older, sites.newer, sites.others))
    yield "older site", lambda copy: _become(copy, sites.older), [MANIFEST]
    yield "other key", lambda copy: _become(copy, sites.others), [MANIFEST]
    yield "signature of another manifest", lambda copy: _write(copy / SIGNATURE, older), [MANIFEST]
    yield "signature by another key", lambda copy: _write(copy / SIGNATURE, others), [MANIFEST]
    yield "no signature", lambda copy: (copy / SIGNATURE).unlink(), [SIGNATURE]
    yield "no manifest", lambda copy: (copy / MANIFEST).unlink(), [MANIFEST]
    yield "signature cut", lambda copy: _write(copy / SIGNATURE, newer[:80]), [MANIFEST]
    yield "added deep below", lambda copy: _write(copy / "a/b/c/login.html", b"x"), ["a/b/c/login.html"]
    yield "added, hidden", lambda copy: _write(copy / ".htaccess", b"x"), [".htaccess"]
    yield "added link", lambda copy: (copy / "root").symlink_to("/"), ["root"]


def tamperings(sites: Sites) -> list[Tampering]:
    luck, paths = Random(20240504), sites.files()
    found = [*change_site(sites)]
    for path, beside in zip(paths, [*paths[1:], paths[0]], strict=True):
        content = (sites.newer / path).read_bytes()
        found += [
            *flip_bits(path, content, luck),
            *change_length(path, content),
            *change_file(path, content, sites, beside),
        ]
    return found


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _link(file: Path, target: Path) -> None:
    file.unlink()
    file.symlink_to(target)


def swap(one: Path, other: Path) -> None:
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def _replace(copy: Path, path: str, content: bytes) -> None:
    """Publish something else, and put it into the manifest as well."""
    old = (copy / path).read_bytes()
    manifest = (copy / MANIFEST).read_text()
    before = f'"size": {len(old)}, "sha256": "{hashlib.sha256(old).hexdigest()}"'
    after = f'"size": {len(content)}, "sha256": "{hashlib.sha256(content).hexdigest()}"'
    assert before in manifest
    (copy / MANIFEST).write_text(manifest.replace(before, after))
    (copy / path).write_bytes(content)


def _become(copy: Path, site: Path) -> None:
    shutil.rmtree(copy)
    shutil.copytree(site, copy)


@contextmanager
def tamper(copy: Path, tampering: Tampering, sites: Sites) -> Iterator[None]:
    """Tamper with the copy until the end of the block, then restore it."""
    kind, change, paths = tampering
    change(copy)
    yield
    if kind in ("older site", "other key"):
        _become(copy, sites.newer)
    for path in {*paths, MANIFEST, SIGNATURE, *(paths if kind != "manifest edited" else sites.files())}:
        original, there = sites.newer / path, copy / path
        if os.path.lexists(there) and not original.exists():
            there.unlink()
        elif original.exists() and (
            there.is_symlink() or not there.exists() or there.read_bytes() != original.read_bytes()
        ):
            there.unlink(missing_ok=True)
            there.write_bytes(original.read_bytes())


def find_unnamed(result: Result, paths: list[str]) -> list[str]:
    """Return the paths that a failing command did not name."""
    if result.exit_code != 1:
        return paths
    return [path for path in paths if not re.search(rf"(^|[ /]){re.escape(path)}[ ,]", result.output, re.MULTILINE)]


def proof_options(sites: Sites, kind: str) -> list[str | Path]:
    """Return the options of someone who expects Ada's signature; an older site only shows beside another build."""
    if kind == "older site":
        return ["--against", sites.newer]
    return ["--signers", signers_file("ada"), "--identity", "ada@city.example"]


def find_missed(sites: Sites, copy: Path, tamperings: list[Tampering]) -> list[str]:
    """Do each of these to a copy; return those that `verify` did not name, with the missing paths."""
    seen, found = set[str](), list[str]()
    for each in tamperings:
        kind, _, paths = each
        with tamper(copy, each, sites):
            # Asking for a signature starts programs: where a file was changed, the list alone has to tell.
            proof = proof_options(sites, kind) if kind not in seen or MANIFEST in paths else ()
            if left := find_unnamed(run("verify", copy, *proof), paths):
                found.append(f"{kind}: {', '.join(left)}")
        seen.add(kind)
    return found
