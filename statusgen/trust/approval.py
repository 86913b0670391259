"""Whether a commit may be published, and its content if so."""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from statusgen import addresses
from statusgen.content.disk import walk_files
from statusgen.files import unsafe_path_reason
from statusgen.git import CONTENT_PATHS, run_git
from statusgen.problems import TrustError
from statusgen.text import printable
from statusgen.trust.git_objects import Commit, GitObjects, TreeEntry
from statusgen.trust.repository import OBJECT_NAME, Repository, keep_own_objects
from statusgen.trust.signatures import SSH_SUFFIX, AllowedSigners, SignatureError

_MAX_LISTED = 5
_FOLDER_MODE, _LINK_MODE, _SUBMODULE_MODE = b"40000", b"120000", b"160000"  # modes in a tree of git


@dataclass(frozen=True)
class ApprovedCheckout:
    """The content of a commit in a folder of its own, which has a `.git` so that its history can be asked.

    `signer` signed the commit. `uncommitted_files` are those of the work tree that differ from the commit.
    """

    folder: Path
    commit: str
    signer: str
    uncommitted_files: tuple[str, ...]


@dataclass(frozen=True)
class PublishedRevision:
    """What was published last: the whole name of a commit, or a name that the user gave.

    Unless it `is_proven`, anybody who can write to the output folder may have made it up. Then nothing is taken for
    approved because of it.
    """

    name: str
    is_proven: bool = True


def published_revision(site: Path, allowed: Path, now: datetime) -> PublishedRevision | None:
    """Return the commit that a built site was made from; None if there is no site, or no commit.

    It is proven where someone whom `allowed` lists signed the manifest; raise TrustError if the signature is wrong.
    """
    file = site / addresses.manifest()
    hint = "Name the revision that was published last with --since."
    try:
        content = file.read_bytes()
        revision = json.loads(content)["revision"] or ""
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrustError(f"{file} cannot be read: {error}. {hint}") from error
    name = str(revision).removesuffix("+")
    if not OBJECT_NAME.fullmatch(name):
        return None
    try:
        signature = file.with_name(file.name + SSH_SUFFIX).read_bytes()
        AllowedSigners(allowed).find_signer(content, signature, now)
    except FileNotFoundError:
        return PublishedRevision(name, is_proven=False)
    except OSError as error:
        raise TrustError(f"{file}{SSH_SUFFIX} cannot be read: {error.strerror}. {hint}") from error
    except SignatureError as error:
        raise TrustError(f"{file} {error}, so it does not say what was published last. {hint}") from None
    return PublishedRevision(name)


@contextmanager
def checkout_approved(
    source: Path, allowed: Path, last: PublishedRevision | None, now: datetime
) -> Iterator[ApprovedCheckout]:
    """Yield the content of the checked-out commit; raise TrustError unless it may be published.

    `allowed` is a file of allowed signers (ssh-keygen(1)) and `last` the revision that was published last: the commit
    has to descend from it, and it and everything since have to be signed. Without `last`, and where that is not proven,
    that is the whole history.
    """
    repository = Repository.find(source)
    if repository.contains(allowed):
        what = f"{allowed} is in the repository that it is meant to judge."
        raise TrustError(f"{what} Keep it elsewhere, where only the people who decide who may publish can change it.")
    head = repository.resolve("HEAD")
    since = repository.resolve(last.name) if last else None
    with tempfile.TemporaryDirectory(prefix="statusgen-") as name:
        folder = Path(name)
        repository.clone_sharing_objects(folder, head)
        with GitObjects.open(folder) as objects:
            commit = objects.read_commit(head)
            unpublished = _find_unpublished(objects, head, since)
            if last and not last.is_proven:
                unpublished = _find_unpublished(objects, head, None)
            signers = AllowedSigners(allowed, "git")
            signer = _verify_commits(commit, unpublished, signers, now, _explain_unproven(last, allowed))
            files = dict(_read_content(objects, commit, repository.prefix))
        keep_own_objects(folder)
        content = folder.joinpath(*repository.prefix)
        for path, content_of_file in files.items():
            target = content.joinpath(*path.split("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content_of_file)
        run_git(folder, "read-tree", "HEAD", isolated=True)  # so that git finds nothing changed here
        yield ApprovedCheckout(content, head, signer, tuple(_find_uncommitted(source, files)))


# Whether it may be published


def _find_unpublished(objects: GitObjects, head: str, last: str | None) -> list[Commit]:
    """Return every commit since the last publication, newest first; raise TrustError unless `head` descends from it."""
    known = {commit.name for commit in _walk(objects.find_commit, last)} if last else set()
    if last and head != last and head in known:
        what = f"Commit {head[:10]} is older than what is published, which is {last[:10]}."
        hint = "To take something back, commit the change that does so (git revert) and have it signed."
        raise TrustError(f"{what} {hint}")
    found = [*_walk(objects.read_commit, head, known)]
    if last and head != last and not any(last in commit.parents for commit in found):
        what = f"Commit {head[:10]} does not descend from what is published, which is {last[:10]}."
        hint = f"Merge that, or if {head[:10]} is right nevertheless, name a revision that both have with --since."
        raise TrustError(f"{what} {hint}")
    return sorted(found, key=lambda commit: (commit.time, commit.name), reverse=True)


def _walk(read: Callable[[str], Commit | None], name: str, known: Iterable[str] = ()) -> Iterator[Commit]:
    """Yield a commit and all before it, except those that are known and what comes before what cannot be read."""
    waiting, seen = [name], {*known}
    while waiting:
        name = waiting.pop()
        if name not in seen and (commit := read(name)):
            yield commit
            waiting += commit.parents
        seen.add(name)


def _explain_unproven(last: PublishedRevision | None, allowed: Path) -> str:
    """Return why the whole history has to be signed although a site is there; nothing where it does not."""
    if last is None or last.is_proven:
        return ""
    what = "The manifest of the published site has no signature (.sig), so the whole history has to be signed."
    return f"{what} Build with --sign, and list that key in {allowed}."


def _verify_commits(
    head: Commit, new: Iterable[Commit], signers: AllowedSigners, now: datetime, explanation: str
) -> str:
    """Return who signed `head`; raise TrustError unless it and all new commits are signed.

    A key has to count at the time that its commit names and, since anybody can write any time into a commit, also at
    the moment at which it is published first.
    """
    moments = {head: (head.time,)} | {commit: (commit.time, now) for commit in new}
    found: dict[Commit, str] = {}
    wrong = []
    for commit, times in moments.items():
        try:
            found[commit] = _verify_commit(commit, signers, times)
        except SignatureError as error:
            wrong.append(f"{commit} {error}.")
    if not wrong:
        return found[head]
    more = f"And {len(wrong) - _MAX_LISTED} more." if len(wrong) > _MAX_LISTED else ""
    hint = (
        f"Nothing was published. Have it reviewed and signed by someone listed in {signers.file} (git commit --amend "
        "--no-edit -S, or git rebase --exec with it), or name the last revision that is fine with --since."
    )
    raise TrustError("\n".join(filter(None, [*wrong[:_MAX_LISTED], more, explanation, hint])))


def _verify_commit(commit: Commit, signers: AllowedSigners, moments: Iterable[datetime]) -> str:
    if not commit.signature:
        raise SignatureError("is not signed")
    *_, signer = (signers.find_signer(commit.signed_content, commit.signature, moment) for moment in moments)
    return signer


# Its content


def _read_content(objects: GitObjects, commit: Commit, prefix: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the site's content as the commit has it, by its path within the site's folder."""
    tree = commit.tree
    for name in prefix:
        folders = {entry.name: entry.object_name for entry in objects.read_tree(tree) if entry.mode == _FOLDER_MODE}
        if name not in folders:
            raise TrustError(f"{commit} has no folder {'/'.join(prefix)}.")
        tree = folders[name]
    for entry in objects.read_tree(tree):
        if entry.name in CONTENT_PATHS:
            yield from _read_entry(objects, commit, entry, entry.name)


def _read_entry(objects: GitObjects, commit: Commit, entry: TreeEntry, path: str) -> Iterator[tuple[str, bytes]]:
    """Yield the file at a path, or every file in the folder there."""
    if "/" in entry.name or entry.name.casefold() == ".git" or unsafe_path_reason(entry.name):
        raise TrustError(f"{commit} has a file whose name cannot be used: {printable(path)}.")
    if entry.mode in (_LINK_MODE, _SUBMODULE_MODE):
        what = "a link" if entry.mode == _LINK_MODE else "another repository"
        raise TrustError(f"{commit} has {what} at {path}, which could lead anywhere. Put the file itself in its place.")
    if entry.mode == _FOLDER_MODE:
        for inner in objects.read_tree(entry.object_name):
            yield from _read_entry(objects, commit, inner, f"{path}/{inner.name}")
        return
    content = objects.read(entry.object_name, "blob")
    if content is None:
        raise TrustError(f"{commit} has {path}, but this copy of the repository does not. Fetch all of it.")
    yield path, content


def _find_uncommitted(source: Path, files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what somebody might expect to be published and is not: files of the work tree that differ from `files`."""
    inner = (path for name in CONTENT_PATHS for path in walk_files(source / name) if not path.name.startswith("."))
    there = (path for path in (*(source / name for name in CONTENT_PATHS), *inner) if path.is_file())
    for path in sorted({path.relative_to(source).as_posix() for path in there} | set(files)):
        file, content = source / path, files.get(path)
        is_same = content is not None and file.is_file() and file.stat().st_size == len(content)
        if not is_same or file.is_symlink() or file.read_bytes() != content:
            yield path
