"""Takes back the last change, without rewriting what happened.

What is not committed goes back to what is, and is kept beside the site. A commit that nobody has read is taken back by
another commit. What residents may have read is not taken out: an update corrects it.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from statusgen.colleagues.check import find_new_mistakes
from statusgen.colleagues.describe import describe_changes
from statusgen.colleagues.merge import is_original, is_post, merge_commits, read_zone
from statusgen.colleagues.move import move_branch, restore_files
from statusgen.colleagues.post_merge import ConflictError
from statusgen.colleagues.post_parts import NotTakenApartError, Part, decode, take_apart
from statusgen.colleagues.published import list_published, may_be_read
from statusgen.colleagues.set_aside import set_aside
from statusgen.colleagues.trees import (
    SHARED_PATHS,
    Changes,
    content_tree,
    diff_commits,
    make_commit,
    read_blobs,
)
from statusgen.colleagues.work_tree import WorkTree
from statusgen.content.posts.update_ids import heading_time
from statusgen.content.yaml.documents import read_yaml
from statusgen.model.states import State
from statusgen.problems import ShareError
from statusgen.text import printable

TAKEN_BACK = "Take back: "
"""How the message begins of a commit that takes another one back."""
_MAX_LINES = 20


@dataclass(frozen=True)
class Correction:
    """What is to be corrected: an update of a post by its time as headings have it, or a whole new post (`is_new`)."""

    post: str
    time: str | None
    is_new: bool


@dataclass(frozen=True)
class LastChange:
    """The last commit that changed the content, with who made it and when, as messages show them.

    `is_public` says whether residents may have read it. `corrections` are the updates in it that stand for themselves:
    what is public of them can be corrected.
    """

    commit: str
    parent: str
    author: str
    when: str
    subject: str
    is_public: bool
    corrections: tuple[Correction, ...]


def find_uncommitted(tree: WorkTree) -> Changes:
    """Return what was changed in the content since the last commit, by paths from the top."""
    head = tree.head
    if head is None:
        raise ShareError("Nothing was committed in this folder yet, so there is nothing to go back to.")
    tree.git.run("read-tree", "--reset", head)
    return diff_commits(tree.git, head, content_tree(tree, tree.git.index))


def find_published(tree: WorkTree, changes: Changes) -> tuple[Correction, ...]:
    """Return what is to be corrected of changes that are not committed: what residents may have read all the same."""
    return tuple(_find_corrections(tree, list_published(tree, changes), tree.head or ""))


def describe_lines(tree: WorkTree, changes: Changes) -> Iterator[str]:
    """Yield what was changed, and the lines that are new and gone, for content that cannot be read."""
    yield from describe_changes(tree, changes)
    contents = read_blobs(tree.git, (blob.name for pair in changes.values() for blob in pair if blob and blob.is_file))
    for path, pair in changes.items():
        old, new = (_lines(contents.get(blob.name, b"") if blob else b"") for blob in pair)
        found = [line for line in difflib.ndiff(old, new) if line[:2] in ("+ ", "- ") and line[2:].strip()]
        yield from (
            f"  {path.removeprefix(tree.prefix)}: {'new' if line[0] == '+' else 'gone'}: {printable(line[2:])}"
            for line in found[:_MAX_LINES]
        )


def _lines(content: bytes) -> list[str]:
    return [] if b"\0" in content else content.decode(errors="replace").splitlines()


def take_back_uncommitted(tree: WorkTree, changes: Changes) -> Path:
    """Restore what was committed, and return the folder in which what was taken back is kept."""
    taken = {
        path.removeprefix(tree.prefix): (tree.top / path).read_bytes()
        for path, (_, new) in changes.items()
        if new is not None and new.is_file
    }
    place = set_aside(tree.site, taken, datetime.now(UTC).astimezone())
    restore_files(tree, {path: (new, old) for path, (old, new) in changes.items()})
    return place


def find_last_change(tree: WorkTree) -> LastChange | None:
    """Return the last change of the content; None if there is none that can be taken back.

    All that colleagues have, and all that was published from here, counts as public.
    """
    head = tree.head
    if head is None:
        return None
    form = "--format=%H%x00%P%x00%an%x00%ad%x00%s"
    paths = [f"{tree.prefix}{name}" for name in SHARED_PATHS]
    command = ("log", "-1", "--no-merges", form, "--date=format:%Y-%m-%d %H:%M", head, "--", *paths)
    commit, _, rest = tree.git.run_text(*command).partition("\0")
    if not commit:
        return None
    parent, author, when, subject = (printable(field) for field in rest.split("\0"))
    if not parent:
        return None
    changes = diff_commits(tree.git, parent, commit)
    is_public = may_be_read(tree, commit) or bool(list_published(tree, changes))
    corrections = tuple(_find_corrections(tree, changes, commit))
    return LastChange(commit, parent, author, when, subject, is_public, corrections)


def _find_corrections(tree: WorkTree, changes: Changes, commit: str) -> Iterator[Correction]:
    posts = {path: pair for path, pair in changes.items() if is_post(tree, path) and is_original(path)}
    contents = read_blobs(tree.git, (blob.name for pair in posts.values() for blob in pair if blob and blob.is_file))
    zone = read_zone(tree, commit)
    for path, (old, new) in posts.items():
        post = PurePosixPath(path).stem
        if new is None:
            continue  # what is gone comes back
        if old is None:
            yield Correction(post, None, is_new=True)
            continue
        before, after = (_take_apart(contents.get(blob.name, b""), zone) for blob in (old, new))
        for id, part in after.items():
            if before.get(id) != part and part.state is not State.WITHDRAWN:
                yield Correction(post, heading_time(id) if id else _first_time(part), is_new=False)


def _take_apart(content: bytes, zone: ZoneInfo) -> dict[str | None, Part]:
    try:
        return take_apart(decode(content), zone)
    except NotTakenApartError:
        return {}


def _first_time(part: Part) -> str | None:
    """Return the time of the first update, which is in the front matter."""
    value = read_yaml(part.text.split("\n---")[0].removeprefix("---"), "")[0].value
    time = (value.get("posted") or value.get("started")) if isinstance(value, dict) else None
    return str(time) if time else None


def take_back_commit(tree: WorkTree, change: LastChange) -> list[str]:
    """Take back a commit by another one, and return what that changes, in words; raise ShareError if it cannot be."""
    head = tree.head
    assert head  # there is a commit to take back
    try:
        files = merge_commits(tree, change.commit, head, change.parent).files
    except ConflictError as error:
        places = ", ".join(sorted({each.file for each in error.conflicts}))
        what = f'"{change.subject}" cannot be taken back alone: {printable(places)} was changed again since.'
        raise ShareError(f"{what} Change that file as it should be, and publish it.") from None
    changes = diff_commits(tree.git, head, files)
    if not changes:
        raise ShareError(f'"{change.subject}" is taken back already.')
    if mistakes := find_new_mistakes(tree, files, (head,), changes):
        what = f'"{change.subject}" cannot be taken back alone, because that would make these mistakes:'
        raise ShareError("\n".join([what, *(f"  {each}" for each in mistakes[:_MAX_LINES])]))
    lines = describe_changes(tree, changes)
    move_branch(tree, head, make_commit(tree, files, [head], f"{TAKEN_BACK}{change.subject}\n"))
    return lines
