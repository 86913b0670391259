"""What colleagues wrote comes in, and what was written here goes to them."""

from collections.abc import Mapping
from pathlib import Path

from statusgen.cli.moments import drill_time
from statusgen.colleagues.review import format_reader
from statusgen.colleagues.share import Shared, ShareState, share
from statusgen.desk.publishing.job import Decision, Job, Trouble
from statusgen.desk.publishing.troubles import StoppedError, explain_share
from statusgen.git import repository_top, run_git_text
from statusgen.problems import TwoTextsError
from statusgen.text import Json


def has_shared_copy(source: Path) -> bool:
    """Return whether this folder's branch has one that colleagues share; in a drill, it has none."""
    if repository_top(source) is None or drill_time():
        return False
    branch = run_git_text(source, "symbolic-ref", "--short", "--quiet", "HEAD")
    remote = run_git_text(source, "config", "--get", f"branch.{branch}.remote") if branch else None
    return bool(remote) and remote != "."


def join_colleagues(source: Path, job: Job) -> Mapping[str, Json]:
    """Bring in what colleagues wrote; raise StoppedError if that cannot be now."""
    if Decision.WITHOUT_SHARED_COPY in job.decisions:
        return {"skipped": True}
    try:
        shared = share(source, print, drill_time=drill_time())
    except TwoTextsError as error:
        # It is about what was kept here before, not about this post: nothing of it is in the folder yet.
        raise StoppedError(Trouble.NOT_SHARED, str(error)) from None
    _require_shared(shared)
    return {"authors": shared.authors}


def share_post(source: Path, job: Job) -> Mapping[str, Json]:
    """Keep the post in git, and let colleagues have it; raise StoppedError if that cannot be now."""
    try:
        shared = share(source, print, format_reader(job.plan.reader), drill_time())
    except TwoTextsError as error:
        raise StoppedError(Trouble.TWO_TEXTS, str(error)) from None
    is_local = not has_shared_copy(source)
    if not is_local and Decision.WITHOUT_SHARED_COPY not in job.decisions:
        _require_shared(shared)
    moves = [[move.old, move.new] for move in shared.moves if job.plan.file.endswith(move.file.rpartition("/")[2])]
    return {"here": is_local or shared.state is not ShareState.SHARED, "authors": shared.authors, "moves": moves}


def _require_shared(shared: Shared) -> None:
    if shared.state is not ShareState.SHARED:
        raise StoppedError(explain_share(shared.explanation), shared.explanation)
