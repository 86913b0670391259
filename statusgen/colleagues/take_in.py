"""Takes in what colleagues have shared, without sharing anything: a site can be looked at while others write."""

from dataclasses import dataclass
from pathlib import Path

from statusgen.colleagues.move import move_branch, recover, refuse_obstacles
from statusgen.colleagues.remote import Remote
from statusgen.colleagues.share import Change, list_changes
from statusgen.colleagues.trees import diff_commits
from statusgen.colleagues.undo import find_uncommitted
from statusgen.colleagues.work_tree import NotSharedError, WorkTree, open_work_tree
from statusgen.git import repository_top
from statusgen.git_network import GitRefusal
from statusgen.problems import ShareError


@dataclass(frozen=True)
class News:
    """What colleagues have shared that this folder did not have.

    `is_here` says whether it is in the folder now; otherwise something that was written here has to be brought together
    with it first. `why` ends a sentence about colleagues who cannot be reached; it is empty if they were.
    """

    changes: tuple[Change, ...] = ()
    is_here: bool = True
    why: str = ""


def take_in(source: Path) -> News | None:
    """Ask for what colleagues have shared, and let the folder have it if nothing was written here; None without them.

    Nothing of what is here is changed, committed or sent.
    """
    if repository_top(source) is None:
        return None
    try:
        with open_work_tree(source) as tree:
            recover(tree)
            return _take_in(tree)
    except (NotSharedError, ShareError):
        return None


def _take_in(tree: WorkTree) -> News | None:
    upstream, head = tree.upstream, tree.head
    if upstream is None or head is None:
        return None
    try:
        theirs = Remote.open(tree, upstream, head).fetch()
    except GitRefusal as error:
        return News(why=str(error))
    if theirs in (head, None):
        return News()
    changes = tuple(list_changes(tree.git, head, theirs))
    if not changes or not tree.is_in(head, theirs) or find_uncommitted(tree):
        return News(changes, is_here=False)
    refuse_obstacles(tree, diff_commits(tree.git, head, theirs))
    move_branch(tree, head, theirs)
    if upstream.tracking:
        tree.move_reference(upstream.tracking, theirs)
    return News(changes)
