"""Shares what was written with colleagues: commits it, takes in what they wrote, and pushes both.

What they have shared stays as it is, and its history too: what was written here is merged into that, and pushed if
nobody else was faster; otherwise it begins again. This computer's branch and files change last, when the result is
there. So in every case, each side has its own commits and whole files.
"""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from statusgen.colleagues.check import find_new_mistakes
from statusgen.colleagues.describe import describe_changes, describe_side, format_message
from statusgen.colleagues.merge import merge_commits
from statusgen.colleagues.move import move_branch, move_branch_alone, recover, refuse_obstacles
from statusgen.colleagues.post_merge import Conflict, ConflictError, Move
from statusgen.colleagues.remote import Remote, read_known
from statusgen.colleagues.set_aside import set_aside
from statusgen.colleagues.trees import (
    content_tree,
    diff_commits,
    is_content,
    make_commit,
    read_blobs,
    require_identity,
)
from statusgen.colleagues.work_tree import NotSharedError, Upstream, WorkTree, open_work_tree
from statusgen.git import repository_top
from statusgen.git_network import GitRefusal, NetworkGit
from statusgen.problems import ShareError, TwoTextsError
from statusgen.text import printable

Say = Callable[[str], None]
_MAX_ROUNDS = 8
"""How often others may be faster before we give up."""
_MAX_REFUSALS = 3
"""How often a server may refuse the same before we believe it."""
_MAX_NAMED = 5
"""How many changes of colleagues are named one by one."""
_MAX_MISTAKES = 20
_MAX_NAME = 100


class ShareState(Enum):
    """How far what was written has come."""

    NO_GIT = "the folder is not kept in git"
    NOT_SHARED = "it cannot be shared from this folder as it is"
    COMMITTED = "it is committed here, and colleagues do not have it yet"
    SHARED = "colleagues have it, and this folder has what they wrote"


@dataclass(frozen=True)
class Shared:
    """What became of it: `commit` is where the branch is now, `moves` are updates that have another time now.

    `explanation` says in one sentence why it is not shared; it is empty if it is, and outside of git. `authors` are
    those of whom something is new here.
    """

    state: ShareState
    commit: str | None = None
    moves: tuple[Move, ...] = ()
    explanation: str = ""
    authors: tuple[str, ...] = ()


def share(source: Path, say: Say, note: str = "", drill_time: datetime | None = None) -> Shared:
    """Commit the content in a folder, merge it with what colleagues have shared, and push it.

    `say` gets sentences for the writer, and `note` ends the message of the commit. In a drill, whose clock says
    `drill_time`, it is committed as of then, and pushed nowhere. Raise ShareError if a person has to
    decide something, TwoTextsError if that is what a post says; the folder is then as it was, and what was written is
    committed in it.
    """
    if repository_top(source) is None:
        return Shared(ShareState.NO_GIT)
    try:
        with open_work_tree(source, drill_time) as tree:
            recover(tree)
            commit_content(tree, say, note)
            if drill_time:
                return _keep(tree, say, "This is a drill, so nothing is shared with colleagues.")
            return _share_commits(tree, say)
    except NotSharedError as error:
        say(str(error))
        return Shared(ShareState.NOT_SHARED, explanation=str(error))


def commit_content(tree: WorkTree, say: Say, note: str = "") -> None:
    """Commit what was changed in the content, if anything was; `note` ends the message."""
    git, head = tree.git, tree.head
    index = tree.copy_index()
    files = content_tree(tree, index)
    changes = diff_commits(git, head, files)
    if not all(is_content(tree, path) for path in changes):
        # Somebody has prepared something else to be committed. It stays prepared.
        git.run("read-tree", *(["--reset", head] if head else ["--empty"]))
        files = content_tree(tree, git.index)
        changes = diff_commits(git, head, files)
    if not changes:
        return
    lines = describe_changes(tree, changes)
    message = format_message(lines) + (f"\n{printable(note)}\n" if note else "")
    commit = make_commit(tree, files, [head] if head else [], message)
    move_branch_alone(tree, head, commit, index)
    for line in lines[:_MAX_NAMED]:
        say(f"Kept in git: {line}")
    if len(lines) > _MAX_NAMED:
        say(f"Kept in git: {len(lines) - _MAX_NAMED} more changes")


def _share_commits(tree: WorkTree, say: Say) -> Shared:
    upstream = tree.upstream
    if upstream is None:
        shown = printable(tree.branch)
        why = f"Git does not know where your colleagues get {shown} from, so nothing is shared with them yet."
        return _keep(tree, say, f"{why} Set it once: git push --set-upstream origin {shlex.quote(shown)}")
    head = tree.head
    if head is None:
        raise ShareError("There is nothing in this folder that could be shared.")
    remote = Remote.open(tree, upstream, head)
    found: list[str | None] = []
    for _ in range(_MAX_ROUNDS):
        try:
            theirs = remote.fetch()
        except GitRefusal as error:
            why = f"Your colleagues' branch cannot be reached now ({error})."
            return _keep(tree, say, f"{why} What you wrote is kept here, and shared the next time.")
        together = _bring_together(tree, head, theirs)
        refusal = remote.push(together.commit) if together.commit != theirs else None
        found.append(theirs)
        # Somebody was faster, or is just pushing; if that is not so, the server does not take it.
        if refusal is None or found.count(theirs) == _MAX_REFUSALS:
            return _settle(tree, upstream, head, together, say, refusal)
    return _keep(
        tree, say, "Others were faster again and again. What you wrote is kept here, and shared the next time."
    )


@dataclass(frozen=True)
class _Together:
    """The commit that has both what is here and what colleagues have shared (`theirs`), which may be one of the two."""

    commit: str
    theirs: str | None
    moves: tuple[Move, ...] = ()


def _bring_together(tree: WorkTree, ours: str, theirs: str | None) -> _Together:
    """Return what both sides make together; raise ShareError, and change nothing, if a person has to decide."""
    if theirs in (ours, None):
        return _Together(ours, theirs)
    bases = tree.git.try_run("merge-base", "--all", ours, theirs).stdout.decode().split()
    if len(bases) != 1:
        what = "What is in this folder and what your colleagues have cannot be brought together by statusgen"
        why = "they have nothing in common" if not bases else "they were merged in more than one way before"
        raise ShareError(f"{what}: {why}. Nothing was changed. Ask someone who knows git.")
    if bases[0] in (ours, theirs):
        together = _Together(theirs if bases[0] == ours else ours, theirs)
    else:
        together = _merge(tree, bases[0], ours, theirs)
    refuse_obstacles(tree, diff_commits(tree.git, ours, together.commit))
    return together


def _merge(tree: WorkTree, base: str, ours: str, theirs: str) -> _Together:
    require_identity(tree)
    try:
        merged = merge_commits(tree, base, ours, theirs)
    except ConflictError as error:
        raise _explain_conflicts(tree, error.conflicts, base, ours, theirs) from None
    changed = [*diff_commits(tree.git, base, ours), *diff_commits(tree.git, base, theirs)]
    if mistakes := find_new_mistakes(tree, merged.files, (ours, theirs), changed):
        what = "What you wrote and what your colleagues wrote have these mistakes together, and neither has them alone:"
        hint = (
            "Nothing was merged, and what you wrote is as it was. Change yours so that both can be true, and try again."
        )
        raise ShareError("\n".join([what, *(f"  {each}" for each in mistakes[:_MAX_MISTAKES]), hint]))
    authors = sorted({change.author for change in list_changes(tree.git, base, theirs)})
    message = f"Merge with what {', '.join(authors[:_MAX_NAMED]) or 'colleagues'} wrote\n"
    # The record of a site follows the first parent: what was public already stays so from then on, and what is added
    # now is public from now on.
    return _Together(make_commit(tree, merged.files, [theirs, ours], message), theirs, merged.moves)


def _settle(
    tree: WorkTree, upstream: Upstream, head: str, together: _Together, say: Say, refusal: str | None
) -> Shared:
    """Let this folder have the result, and say what is new in it."""
    result = together.commit
    authors = _say_news(tree, head, together.theirs, say) if together.theirs not in (head, None) else ()
    if result != head:
        move_branch(tree, head, result)
    for move in together.moves:
        file = move.file.removeprefix(tree.prefix)
        say(f"{file}: your update of {move.old} is now dated {move.new}, because a colleague wrote one in that minute.")
    known = together.theirs if refusal else result
    if upstream.tracking and known and known != read_known(tree, upstream):
        tree.move_reference(upstream.tracking, known)
    if refusal:
        why = f"The server does not accept what you wrote ({refusal})."
        return _keep(tree, say, f"{why} It is kept here. Ask someone who knows git.", together.moves)
    if result != together.theirs:
        say("Your colleagues have it now.")
    return Shared(ShareState.SHARED, result, together.moves, authors=authors)


def _keep(tree: WorkTree, say: Say, why: str, moves: tuple[Move, ...] = ()) -> Shared:
    say(why)
    return Shared(ShareState.COMMITTED, tree.head, moves, why)


def _say_news(tree: WorkTree, head: str, theirs: str, say: Say) -> tuple[str, ...]:
    """Say what is new of colleagues, and return who they are."""
    changes = list_changes(tree.git, head, theirs)
    for change in changes[:_MAX_NAMED]:
        say(f"From {change.author}: {change.subject}")
    if len(changes) > _MAX_NAMED:
        say(f"From colleagues: {len(changes) - _MAX_NAMED} more changes")
    return tuple(sorted({change.author for change in changes}))


@dataclass(frozen=True)
class Change:
    """A commit of somebody, as messages name it."""

    author: str
    when: str
    subject: str


def list_changes(git: NetworkGit, old: str, new: str, *path: str) -> list[Change]:
    """Return the commits that `new` has and `old` does not, the newest first; of a path, if one is given."""
    form = "--format=%an%x00%ad%x00%s%x00"
    answer = git.run("log", "-z", "--no-merges", form, "--date=format:%Y-%m-%d %H:%M", f"{old}..{new}", "--", *path)
    fields = [printable(field)[:_MAX_NAME] for field in answer.decode(errors="replace").split("\0")]
    return [Change(*fields[start : start + 3]) for start in range(0, len(fields) - 3, 4)]


def _explain_conflicts(
    tree: WorkTree, conflicts: Sequence[Conflict], base: str, ours: str, theirs: str
) -> TwoTextsError:
    """Return both texts of each conflict, with who wrote them and when, and what to do."""
    files = tree.git.read_tree(theirs, sorted({each.file for each in conflicts}))
    files = {path: blob for path, blob in files.items() if blob.is_file}
    contents = read_blobs(tree.git, (blob.name for blob in files.values()))
    kept = {path.removeprefix(tree.prefix): contents[blob.name] for path, blob in files.items()}
    lines = []
    for each in conflicts:
        lines.append(f"{printable(each.file.removeprefix(tree.prefix))}: {each.what}.")
        for side, who, text in ((ours, "Yours", each.ours), (theirs, "Theirs", each.theirs)):
            last = next(iter(list_changes(tree.git, base, side, each.file)), None)
            if text.strip():
                lines += describe_side(f"{who} ({last.author}, {last.when})" if last else who, text)
        lines.append(f"  {each.hint}")
    if kept:
        lines.append(
            f"Their files are, for you to look at, in {set_aside(tree.site, kept, datetime.now(UTC).astimezone())}"
        )
    return TwoTextsError("\n".join([*lines, "Nothing was merged. What you wrote is as it was, and kept in git."]))
