"""Moves a branch and its work tree from one commit to the next, so that a run that dies can be taken up.

First it is noted what is going to be done (the journal). Each file of the work tree is put in place whole, then the
branch is moved, then the index. A run that finds the note of one that died before the branch was moved puts the files
back: otherwise what colleagues wrote would look like changes of one's own.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp

from statusgen import git_lfs
from statusgen.colleagues.own_git import with_index
from statusgen.colleagues.trees import Changes, blobs_on_disk, content_tree, diff_commits
from statusgen.colleagues.work_tree import WorkTree
from statusgen.git_network import Blob
from statusgen.problems import ShareError
from statusgen.text import printable


def refuse_obstacles(tree: WorkTree, changes: Changes) -> None:
    """Raise ShareError if a file that is going to change is not what was committed."""
    there = blobs_on_disk(tree, changes)
    in_the_way = [path for path, (old, new) in changes.items() if not _may_change(tree, path, there[path], old, new)]
    if in_the_way:
        names = ", ".join(printable(path) for path in in_the_way[:5])
        hint = "Commit it or move it elsewhere, and try again."
        raise ShareError(f"{names}: a colleague has changed this, and it was changed here without a commit. {hint}")


def _may_change(tree: WorkTree, path: str, there: Blob | None, old: Blob | None, new: Blob | None) -> bool:
    if _is_behind_a_link(tree.top, path):
        return False
    same = _same_content(there, old) or _same_content(there, new)
    return same or (old is not None and git_lfs.is_pointer_to(old.name, tree.top / path))


def _same_content(one: Blob | None, other: Blob | None) -> bool:
    """Return whether two files have the same content; some disks do not know which files are programs."""
    return one.name == other.name if one and other else one is other


def _is_behind_a_link(top: Path, path: str) -> bool:
    parents = [*PurePosixPath(path).parents][:-1]
    return any((top / parent).is_symlink() for parent in parents)


def move_branch(tree: WorkTree, old: str, new: str) -> None:
    """Let the branch and the work tree be at `new` instead of `old`; raise ShareError, and change nothing, if not."""
    changes = diff_commits(tree.git, old, new)
    refuse_obstacles(tree, changes)
    tree.write_journal(old, new)
    _put_in_place(tree, new, changes)
    tree.move_reference(f"refs/heads/{tree.branch}", new, old)
    _finish(tree, old, new)


def move_branch_alone(tree: WorkTree, old: str | None, new: str, index: Path) -> None:
    """Let the branch be at `new`, whose content is what is on the disk already, and put its index in place."""
    # No file is put in place, so none must be put back.
    tree.write_journal(new, new)
    tree.move_reference(f"refs/heads/{tree.branch}", new, old)
    tree.replace_index(index)
    tree.journal.unlink()


def restore_files(tree: WorkTree, changes: Changes) -> None:
    """Put files of the work tree back to what was committed, and bring the index up to that."""
    head = tree.head
    assert head  # there is a commit to go back to
    refuse_obstacles(tree, changes)
    tree.write_journal(head, head)
    _put_in_place(tree, head, changes)
    index = tree.copy_index()
    content_tree(tree, index)
    tree.replace_index(index)
    tree.journal.unlink()


def recover(tree: WorkTree) -> None:
    """Take up what a run that died has left."""
    noted = tree.read_journal()
    if noted is None:
        tree.journal.unlink(missing_ok=True)
        return
    old, new = noted
    # Only a run with a note takes it, and that one is dead.
    (tree.git_dir / "index.lock").unlink(missing_ok=True)
    if tree.head == new:
        _finish(tree, old, new)
        index = tree.copy_index()
        content_tree(tree, index)
        tree.replace_index(index)
    elif tree.head == old:
        changes = diff_commits(tree.git, old, new)
        there = blobs_on_disk(tree, changes)
        half_done = {
            path: (new_blob, old_blob)
            for path, (old_blob, new_blob) in changes.items()
            if _same_content(there[path], new_blob) and not _is_behind_a_link(tree.top, path)
        }
        _put_in_place(tree, old, half_done)
    tree.journal.unlink(missing_ok=True)


def _finish(tree: WorkTree, old: str, new: str) -> None:
    index = tree.copy_index()
    if tree.git.try_run("read-tree", "-i", "-m", old, new, variables=with_index(index)).returncode:
        # What was staged by hand stands in the way; it is still in the work tree.
        tree.git.run("read-tree", "--reset", new, variables=with_index(index))
    tree.git.try_run("update-index", "-q", "--refresh", variables=with_index(index))
    tree.replace_index(index)
    tree.journal.unlink()


def _put_in_place(tree: WorkTree, commit: str, changes: Changes) -> None:
    """Write the files that a commit has, and delete those that it does not have."""
    staged = Path(mkdtemp(dir=tree.scratch))
    wanted = [path for path, (_, new) in changes.items() if new is not None]
    tree.git.run("read-tree", "--reset", commit)
    paths = b"".join(os.fsencode(path) + b"\0" for path in wanted)
    tree.git.run("checkout-index", "-f", "-z", "--stdin", f"--prefix={staged}/", input=paths)
    for path, (_, new) in changes.items():
        if new is None:
            _delete(tree, path)
    for path in wanted:
        file = staged / path
        if not file.is_symlink() and file.is_file():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
        if file.is_symlink() or file.exists():  # a repository within this one is no file
            (tree.top / path).parent.mkdir(parents=True, exist_ok=True)
            file.replace(tree.top / path)
    shutil.rmtree(staged)


def _delete(tree: WorkTree, path: str) -> None:
    place = tree.top / path
    place.unlink(missing_ok=True)
    for folder in _parents_below(tree, place):
        try:
            folder.rmdir()
        except OSError:  # something else is in it
            return


def _parents_below(tree: WorkTree, place: Path) -> Iterator[Path]:
    """Yield the folders that a file was in, the innermost first; the site's own folder stays."""
    keep = {tree.top, *tree.site.resolve().parents, tree.site.resolve()}
    yield from (folder for folder in place.parents if tree.top in folder.parents and folder not in keep)
