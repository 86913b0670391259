"""The site as a kit takes it along: its files, its history in git, and what stays at home."""

import fnmatch
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from statusgen.content.languages import CATALOGS_FOLDER
from statusgen.git import (
    CONTENT_PATHS,
    explain_missing_history,
    list_uncommitted,
    repository_top,
    run_git,
    run_git_text,
)
from statusgen.kit.wheels import KitError
from statusgen.scaffold import HOSTS, list_sources

_SECRET_NAMES = (
    ".env",
    ".env.*",
    "*.env",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.kdbx",
    "*.jks",
    "*.keytab",
    "id_rsa",
    "id_dsa",
    "id_ecdsa*",
    "id_ed25519*",
    ".netrc",
    "_netrc",
    ".npmrc",
    ".pypirc",
    ".htpasswd",
    "credentials",
    "credentials.*",
)  # fmt: skip - a list of names, not of lines
_PUBLIC_NAMES = ("*.pub", "*.example", "*.sample")
# OpenSSH, PGP and TLS (RFC 7468); minisign and signify.
_SECRET_TEXTS = (b"PRIVATE KEY", b"minisign encrypted secret key", b"minisign secret key", b"signify secret key")


@dataclass(frozen=True)
class SiteFiles:
    """What a kit has of the site.

    `files` are bytes by path, as in its repository; `folder` is where services.yaml is among them, "" for the top.
    `history` is a bundle of git with the branch `branch`, "" for none; `origin` is where its repository is shared.
    `left_out` are the paths that the kit does not have.
    """

    files: dict[str, bytes]
    left_out: tuple[str, ...]
    folder: str = ""
    history: bytes = b""
    branch: str = ""
    origin: str = ""


def read_site_files(source: Path, with_history: bool) -> SiteFiles:
    """Return the files of the site in `source`, and its history if git has one.

    Raise KitError where something is not committed, or looks as if it were secret and is in the history.
    """
    top = repository_top(source)
    if top is None or not with_history:
        return _read_folder(source)
    if reason := explain_missing_history(source):
        raise KitError(f"{reason[0]}. {reason[1]} Without the history: statusgen kit --no-history")
    if changed := list_uncommitted(source):
        raise KitError(f"This is not committed: {', '.join(sorted(changed))}. Commit it first, and make the kit again.")
    if secret := sorted({path for path in _list_past_files(source) if _has_secret_name(path)}):
        raise KitError(_explain_secrets(secret))
    return _read_repository(source, top)


def _read_repository(source: Path, top: Path) -> SiteFiles:
    folder = source.resolve().relative_to(top).as_posix().removeprefix(".")
    tracked = sorted(_split(run_git(source, "ls-files", "-z")))
    files, left_out = _read(source, tracked)
    if secret := [path for path in left_out if _is_secret(source / path)]:
        raise KitError(_explain_secrets(secret))
    others = _split(run_git(source, "status", "--porcelain", "-z", "--no-renames", "--ignored", "--", "."))
    prefix = f"{folder}/" if folder else ""
    left_out += [entry[3:].removeprefix(prefix) for entry in others if entry[:2] in ("??", "!!")]
    branch = run_git_text(source, "symbolic-ref", "--short", "--quiet", "HEAD") or ""
    refs = ("HEAD", f"refs/heads/{branch}") if branch else ("HEAD",)
    # With one thread, git packs the same history into the same bytes.
    history = run_git(source, "-c", "pack.threads=1", "bundle", "create", "--quiet", "-", *refs)
    if not history:
        raise KitError(
            "Git cannot bundle the history. Commit what there is; or, without it: statusgen kit --no-history"
        )
    placed = {f"{prefix}{path}": content for path, content in files.items()}
    return SiteFiles(placed, tuple(sorted(left_out)), folder, history, branch, _read_origin(source))


def _read_folder(source: Path) -> SiteFiles:
    """Return what statusgen reads there, and what it placed beside that: anything else can be private."""
    placed = (name for name in list_sources(HOSTS) if "/" not in name)
    parts = (*CONTENT_PATHS, CATALOGS_FOLDER, *placed)
    files, left_out = _read(source, sorted(_walk(source, parts)))
    left_out += [path.name for path in source.iterdir() if path.name not in parts]
    return SiteFiles(files, tuple(sorted(left_out)))


def _walk(source: Path, parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        if (source / part).is_file():
            yield part
        for folder, inner, names in os.walk(source / part):
            links = [name for name in inner if (Path(folder) / name).is_symlink()]
            yield from ((Path(folder) / name).relative_to(source).as_posix() for name in (*names, *links))


def _read(source: Path, paths: Iterable[str]) -> tuple[dict[str, bytes], list[str]]:
    """Return the files with these paths that can be taken along, and the paths of the others."""
    files, left_out = {}, []
    for path in paths:
        place = source / path
        inner = (place, *place.parents[: len(PurePosixPath(path).parts) - 1])
        # A link can lead out of the site.
        if any(each.is_symlink() for each in inner) or not place.is_file() or _is_secret(place):
            left_out.append(path)
        else:
            files[path] = place.read_bytes()
    return files, left_out


def _is_secret(path: Path) -> bool:
    if _has_secret_name(path.name):
        return True
    return path.is_file() and any(text in path.read_bytes() for text in _SECRET_TEXTS)


def _has_secret_name(path: str) -> bool:
    name = PurePosixPath(path).name.lower()
    return any(fnmatch.fnmatchcase(name, each) for each in _SECRET_NAMES) and not any(
        fnmatch.fnmatchcase(name, each) for each in _PUBLIC_NAMES
    )


def _explain_secrets(paths: Iterable[str]) -> str:
    what = f"These look secret, and git has them or had them once: {', '.join(paths)}."
    hint = "Change what they open: everybody who has the repository knows it. Then make the kit with --no-history."
    return f"{what} {hint}"


def _list_past_files(source: Path) -> Iterable[str]:
    """Return every path that was ever in the history."""
    return _split(run_git(source, "log", "--format=", "--name-only", "--diff-filter=A", "--no-renames", "-z", "-m"))


def _split(answer: bytes | None) -> list[str]:
    return [os.fsdecode(each) for each in (answer or b"").split(b"\0") if each.strip()]


def _read_origin(source: Path) -> str:
    """Return the address that the repository is shared at, without any password in it."""
    origin = run_git_text(source, "config", "--get", "remote.origin.url") or ""
    parts = urlsplit(origin)
    if parts.scheme in ("http", "https") and "@" in parts.netloc:
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return origin
