"""What was published from this folder: residents may have read it, whether it was committed or not."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from statusgen.colleagues.remote import read_known
from statusgen.colleagues.trees import Changes, content_tree, read_blobs
from statusgen.colleagues.work_tree import NotSharedError, WorkTree, open_work_tree
from statusgen.git import run_git, run_git_text
from statusgen.git_network import NOBODY, Blob
from statusgen.problems import ShareError

_PUBLISHED = "refs/statusgen/published"
"""What was published from this folder last. It is not pushed with branches."""


def note_published(source: Path, revision: str | None, at: datetime | None = None) -> None:
    """Note in the repository what is published from here.

    `revision` is that of the site, with + at its end if not all is committed; that is noted as a commit on no branch,
    of the moment `at`, if not of now.
    """
    commit = (revision or "").removesuffix("+")
    if revision and revision.endswith("+"):
        # Where nothing can be shared, nothing can be taken back either.
        with suppress(NotSharedError, ShareError), open_work_tree(source, at) as tree:
            files = content_tree(tree, tree.copy_index())
            commit = tree.git.commit(files, [tree.head], "Published before it was committed\n", by=NOBODY)
    if commit.isalnum():
        run_git(source, "update-ref", "-m", "statusgen", _PUBLISHED, commit)


def may_be_read(tree: WorkTree, commit: str) -> bool:
    """Return whether colleagues have a commit, from whom a host may have it, or it was published here."""
    upstream = tree.upstream
    known = (read_known(tree, upstream) if upstream else None, _read_published(tree))
    return any(each and tree.is_in(commit, each) for each in known)


def list_published(tree: WorkTree, changes: Changes) -> Changes:
    """Return those of some changes that brought lines which were published before they were committed."""
    published, head = _read_published(tree), tree.head
    if published is None or head is None or tree.is_in(published, head):
        return {}
    there = tree.git.read_tree(published, [*changes])
    pairs = [(path, *pair, there.get(path)) for path, pair in changes.items()]
    blobs = (blob for _, *three in pairs for blob in three if isinstance(blob, Blob) and blob.is_file)
    contents = read_blobs(tree.git, (blob.name for blob in blobs))

    def read_lines(blob: Blob | None) -> set[bytes]:
        return {line for line in contents.get(blob.name if blob else "", b"").splitlines() if line.strip()}

    return {
        path: (old, new) for path, old, new, shown in pairs if (read_lines(new) & read_lines(shown)) - read_lines(old)
    }


def _read_published(tree: WorkTree) -> str | None:
    return run_git_text(tree.top, "rev-parse", "--verify", "--quiet", f"{_PUBLISHED}^{{commit}}")
