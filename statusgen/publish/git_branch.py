"""Publishes on a branch of a git repository, from which a Pages host takes the site: one commit, pushed or refused.

The branch is what the site's files are, and besides those what people put there themselves, such as `CNAME`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from urllib.parse import quote
from weakref import finalize

from statusgen import addresses
from statusgen.git_network import FILE_MODE, NOBODY, Blob, GitRefusal, NetworkGit, dates_of
from statusgen.model.targets import TargetAddress
from statusgen.problems import PublishError, TrustError
from statusgen.publish.built_site import NOT_SERVED, BuiltSite
from statusgen.publish.complaints import find_hint
from statusgen.publish.plan import Plan
from statusgen.publish.record import RECORD_FILE, Record, read_record, write_record
from statusgen.publish.send import digest_of
from statusgen.publish.target import Progress, Published
from statusgen.text import printable
from statusgen.trust.manifest import UNLISTED_PATHS, read_manifest

_NO_JEKYLL = ".nojekyll"  # without it, GitHub drops what begins with a dot or an underscore
# A host that cannot leave out the files sends them.
_WITHOUT_FILES = ("--depth=1", "--filter=blob:none")
_OF_THE_HOST = frozenset({"CNAME", _NO_JEKYLL})
_TIMEOUT = 600  # seconds


@dataclass(frozen=True)
class BranchTarget:
    """A branch of a repository that can be pushed to."""

    address: TargetAddress

    @property
    def name(self) -> str:
        """Its address."""
        return printable(self.address.text)

    def read_published(self) -> Published:
        """Return the manifest and the record on the branch; the token is its last commit."""
        with self._explain():
            commit = self._repository.fetch(self.address.branch, *_WITHOUT_FILES)
            if commit is None:
                return Published(None, Record())
            entries = self._repository.read_tree(commit)
            record, manifest = (self._read(entries.get(path)) for path in (RECORD_FILE, addresses.manifest()))
        others = sorted({*entries} - _OF_THE_HOST)
        if others and record is None and not _list_own(manifest):
            hint = "Name a branch of its own in the address, behind a #; it need not exist."
            raise PublishError(f"{self.name}: this branch has files that are not a site of ours: {others[0]}. {hint}")
        return Published(manifest, read_record(record, self.name), commit)

    def send(self, site: BuiltSite, plan: Plan, published: Published, now: datetime, progress: Progress) -> None:
        """Push one commit with the whole site; it is refused if anybody pushed since `published`."""
        with self._explain():
            before = self._repository.read_tree(published.token) if published.token else {}
            tree = {path: before[path] for path in plan.retired if path in before}
            record = write_record(
                Record(manifest=digest_of(site), at=now, signatures=site.signatures, retired=plan.retired)
            )
            files = _read_files(site, {_NO_JEKYLL: b"", RECORD_FILE: record}, progress)
            _add_files(self._repository, _take_new(files, before, tree))
            tree |= self._keep_others(tree, before, published)
            if _is_same(tree, before) and published.record.manifest == digest_of(site):
                return
            # The files that the branch has already need not be here.
            new = self._repository.write_tree(tree, "--missing-ok")
            by = _identify(self._repository, now)
            commit = self._repository.commit(new, [published.token], _describe(site), by=by)
            self._repository.push(commit, self.address.branch)

    def _keep_others(
        self, tree: Mapping[str, Blob], before: Mapping[str, Blob], published: Published
    ) -> dict[str, Blob]:
        """Return what people put on the branch; raise PublishError if it is where the site has to be."""
        ours = {*_list_own(published.manifest), *published.record.retired, *tree}
        others = {path: entry for path, entry in before.items() if path not in ours}
        folders = {folder.as_posix() for path in tree for folder in Path(path).parents}
        for path in others:
            if path in folders or any(folder.as_posix() in tree for folder in Path(path).parents):
                raise PublishError(f"{self.name}: {printable(path)} is where the site has to be. Delete it there.")
        return others

    def _read(self, entry: Blob | None) -> bytes | None:
        return self._repository.read(entry.name) if entry and entry.mode.startswith("100") else None

    @cached_property
    def _repository(self) -> NetworkGit:
        folder = mkdtemp(prefix="statusgen-")
        finalize(self, rmtree, folder, ignore_errors=True)
        only = {"GIT_ALLOW_PROTOCOL": self.address.scheme.removeprefix("git+")}
        made = NetworkGit(Path(folder), _git_url(self.address), variables=only, timeout=_TIMEOUT)
        made.create()
        return made

    @contextmanager
    def _explain(self) -> Iterator[None]:
        """Put into words what git says."""
        try:
            yield
        except GitRefusal as refusal:
            hint = find_hint(refusal.said)
            what = f"Nothing was published there. {hint}" if hint else "Git stopped, perhaps too late. Publish again."
            raise PublishError(f"{self.name}: {what} Git said: {refusal}") from None


def _git_url(address: TargetAddress) -> str:
    user = f"{address.user}@" if address.user else ""
    port = f":{address.port}" if address.port else ""
    return f"{address.scheme.removeprefix('git+')}://{user}{address.host}{port}{quote(address.path)}"


def _list_own(manifest: bytes | None) -> set[str]:
    """Return the paths that a published manifest is responsible for; none if it is not one."""
    try:
        files = read_manifest(manifest or b"", "it").files
    except TrustError:
        return set()
    return {*files, *UNLISTED_PATHS, RECORD_FILE, _NO_JEKYLL}


def _read_files(site: BuiltSite, more: Mapping[str, bytes], progress: Progress) -> Iterator[tuple[str, bytes]]:
    paths = sorted({*site.digests} - NOT_SERVED)
    for number, path in enumerate(paths, 1):
        yield path, site.read(path)
        progress(number, len(paths))
    yield from more.items()


def _add_files(repository: NetworkGit, contents: Iterable[bytes]) -> None:
    """Take in files, all with one process."""
    incoming = repository.folder / "incoming"
    with incoming.open("wb") as stream:
        for content in contents:
            stream.writelines((b"blob\ndata %d\n" % len(content), content, b"\n"))
        stream.write(b"done\n")
    with incoming.open("rb") as stream:
        repository.run("fast-import", "--quiet", "--done", input=stream)
    incoming.unlink()


def _identify(repository: NetworkGit, now: datetime) -> dict[str, str]:
    """Return the variables by which a commit is of now, by the user whom git knows, or by nobody."""
    known = all(repository.knows_user(role) for role in ("AUTHOR", "COMMITTER"))
    return dates_of(now) | ({} if known else NOBODY)


def _take_new(files: Iterator[tuple[str, bytes]], before: Mapping[str, Blob], tree: dict[str, Blob]) -> Iterator[bytes]:
    """Put each file into the tree, and yield the content of those that the branch does not have."""
    known = {entry.name for entry in before.values()}
    for path, content in files:
        # How git names a file (gitformat-pack, "object").
        name = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
        tree[path] = Blob(FILE_MODE, name)
        if name not in known:
            known.add(name)
            yield content


def _is_same(tree: Mapping[str, Blob], before: Mapping[str, Blob]) -> bool:
    """Return whether two trees differ in the record at most, which says when it was written."""
    return {**tree, RECORD_FILE: None} == {**before, RECORD_FILE: None} and RECORD_FILE in before


def _describe(site: BuiltSite) -> str:
    manifest = site.manifest
    revision = f"\nRevision of the content: {manifest.revision}\n" if manifest.revision else ""
    return f"Publish the site of {manifest.format_time(manifest.moment)}\n{revision}"
