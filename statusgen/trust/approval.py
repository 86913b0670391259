"""Whether a commit may be published, and its content if so."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from statusgen import addresses
from statusgen.git import CONTENT_PATHS
from statusgen.problems import TrustError
from statusgen.text import printable
from statusgen.trust.git_objects import Commit, GitObjects, parse_commit
from statusgen.trust.repository import OBJECT_NAME, Repository, run_git
from statusgen.trust.signatures import AllowedSigners

_SSH_SIGNATURE_START = b"-----BEGIN SSH SIGNATURE-----"
_MAX_LISTED = 5
_FOLDER_MODE, _LINK_MODE, _SUBMODULE_MODE = b"40000", b"120000", b"160000"  # modes in a tree of git


@dataclass(frozen=True)
class ApprovedCheckout:
    """The content of a commit in a folder of its own: it has a `.git`, so that its history can be asked.

    `signer` signed the commit. `left_out` are files of the work tree that are not as the commit has them.
    """

    folder: Path
    commit: str
    signer: str
    uncommitted_files: tuple[str, ...]


def published_revision(site: Path) -> str | None:
    """The whole name of the commit that a built site was made from; None where there is no site, or it names none."""
    try:
        revision = json.loads((site / addresses.manifest()).read_bytes())["revision"] or ""
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        hint = "Name the revision that was published last with --since."
        raise TrustError(f"{site / addresses.manifest()} cannot be read: {error}. {hint}") from error
    name = str(revision).removesuffix("+")
    return name if OBJECT_NAME.fullmatch(name) else None


@contextmanager
def checkout_approved(source: Path, allowed: Path, last: str | None, now: datetime) -> Iterator[ApprovedCheckout]:
    """The content of the checked-out commit, until the end of the block; raises NotGenuine unless it may be published.

    `allowed` is a file of allowed signers (ssh-keygen(1)) and `last` the revision that was published last: the commit
    has to descend from it, and it and all that came since have to be signed. Where there was none, the whole history.
    """
    repository = Repository.find(source)
    if repository.contains(allowed):
        what = f"{allowed} lies in the repository that it is to judge."
        raise TrustError(f"{what} Keep it elsewhere, where only those can change it who decide who may publish.")
    head = repository.resolve("HEAD")
    since = repository.resolve(last) if last else None
    with tempfile.TemporaryDirectory(prefix="statusgen-") as name:
        folder = Path(name)
        repository.clone_sharing_objects(folder, head)
        with GitObjects.open(folder) as objects:
            commit = objects.read_commit(head)
            signer = _verify_commits(
                commit, _find_unpublished(objects, head, since), AllowedSigners(allowed, "git"), now
            )
            files = dict(_read_content(objects, commit, repository.prefix))
        for path, content in files.items():
            target = folder.joinpath(*repository.prefix, *path.split("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        run_git(["git", "-C", str(folder), "read-tree", "HEAD"])  # so that git finds nothing changed here
        left_out = tuple(_find_uncommitted(source, files))
        yield ApprovedCheckout(folder.joinpath(*repository.prefix), head, signer, left_out)


# Whether it may be published


def _find_unpublished(objects: GitObjects, head: str, last: str | None) -> list[Commit]:
    """Every commit since the last publication, newest first; NotGenuine where `head` does not descend from it."""
    known = set(_ancestors(objects, last)) if last else set()
    if last and head != last and head in known:
        what = f"Commit {head[:10]} is older than what is published, which is {last[:10]}."
        hint = "To take something back, commit the change that does so (git revert) and have it signed."
        raise TrustError(f"{what} {hint}")
    found: dict[str, Commit] = {}
    waiting, descends = [head], head == last
    while waiting:
        name = waiting.pop()
        descends = descends or name == last
        if name not in known and name not in found:
            found[name] = objects.read_commit(name)
            waiting += found[name].parents
    if last and not descends:
        what = f"Commit {head[:10]} does not descend from what is published, which is {last[:10]}."
        hint = f"Merge that, or name a revision that both know with --since, if {head[:10]} is right nevertheless."
        raise TrustError(f"{what} {hint}")
    return sorted(found.values(), key=lambda commit: (commit.time, commit.name), reverse=True)


def _ancestors(objects: GitObjects, name: str) -> Iterator[str]:
    """A commit and all before it, as far as this copy goes back."""
    waiting, seen = [name], set()
    while waiting:
        name = waiting.pop()
        content = None if name in seen else objects.read(name, "commit")
        seen.add(name)
        if content is not None:
            yield name
            waiting += parse_commit(name, content).parents


def _verify_commits(head: Commit, new: Iterable[Commit], signers: AllowedSigners, now: datetime) -> str:
    """Who signed `head`; raises NotGenuine unless it and all new commits are signed.

    A key has to count at the time that its commit names and, since anybody can write any time into a commit, also at
    the moment at which it is published first.
    """
    wrong = []
    signer = ""
    commits: dict[str, tuple[Commit, tuple[datetime, ...]]] = {
        commit.name: (commit, (commit.time, now)) for commit in new
    }
    commits.setdefault(head.name, (head, (head.time,)))
    for commit, moments in commits.values():
        try:
            who = _verify_commit(commit, signers, moments)
            signer = who if commit.name == head.name else signer
        except TrustError as error:
            wrong.append(f"{commit} {error}.")
    if not wrong:
        return signer
    more = f"And {len(wrong) - _MAX_LISTED} more." if len(wrong) > _MAX_LISTED else ""
    hint = (
        f"Nothing was published. Have it looked at and signed by somebody whom {signers.file} lists (git commit "
        "--amend --no-edit -S, or git rebase --exec with it), or name the revision up to which all is well with "
        "--since."
    )
    raise TrustError("\n".join(filter(None, [*wrong[:_MAX_LISTED], more, hint])))


def _verify_commit(commit: Commit, signers: AllowedSigners, moments: Iterable[datetime]) -> str:
    if not commit.signature:
        raise TrustError("is not signed")
    if not commit.signature.startswith(_SSH_SIGNATURE_START):
        raise TrustError("is signed, but not with an SSH key")
    *_, signer = (signers.find_signer(commit.signed_content, commit.signature, moment) for moment in moments)
    return signer


# Its content


def _read_content(objects: GitObjects, commit: Commit, prefix: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Every file of the site's content as the commit has it, by its path within the site's folder."""
    tree = commit.tree
    for name in prefix:
        tree = next((id for mode, there, id in objects.read_tree(tree) if (mode, there) == (_FOLDER_MODE, name)), "")
        if not tree:
            raise TrustError(f"{commit} has no folder {'/'.join(prefix)}.")
    for entry in objects.read_tree(tree):
        if entry[1] in CONTENT_PATHS:
            yield from _read_entry(objects, commit, entry, "")


def _read_entry(
    objects: GitObjects, commit: Commit, entry: tuple[bytes, str, str], above: str
) -> Iterator[tuple[str, bytes]]:
    mode, name, id = entry
    path = f"{above}{name}"
    if name.casefold() in ("", ".", "..", ".git") or "/" in name or "\\" in name or not name.isprintable():
        raise TrustError(f"{commit} has a file whose name cannot be used: {printable(path)}.")
    if mode in (_LINK_MODE, _SUBMODULE_MODE):
        what = "a link" if mode == _LINK_MODE else "another repository"
        raise TrustError(f"{commit} has {what} at {path}, which could lead anywhere. Put the file itself in its place.")
    if mode == _FOLDER_MODE:
        for inner in objects.read_tree(id):
            yield from _read_entry(objects, commit, inner, f"{path}/")
        return
    content = objects.read(id, "blob")
    if content is None:
        raise TrustError(f"{commit} has {path}, but this copy of the repository does not. Fetch all of it.")
    yield path, content


def _find_uncommitted(source: Path, files: Mapping[str, bytes]) -> Iterator[str]:
    """What somebody might expect to be published and is not: files of the work tree that no commit has."""
    there = (
        path for name in CONTENT_PATHS for path in (source / name, *(source / name).rglob("[!.]*")) if path.is_file()
    )
    for path in sorted({path.relative_to(source).as_posix() for path in there} | set(files)):
        file, content = source / path, files.get(path)
        is_same = content is not None and file.is_file() and file.stat().st_size == len(content)
        if not is_same or file.is_symlink() or file.read_bytes() != content:
            yield path
