"""Takes back what was published: out of the folder if nobody could read it, otherwise by what is said next."""

from collections.abc import Iterator
from pathlib import Path

from statusgen import addresses
from statusgen.colleagues.published import may_be_read
from statusgen.colleagues.work_tree import NotSharedError, open_work_tree
from statusgen.desk.drafts import DraftStore
from statusgen.desk.publishing.job import Job, JobState, StepKind, StepState
from statusgen.desk.publishing.jobs import JobStore
from statusgen.desk.publishing.keep import is_written, restore_post
from statusgen.desk.publishing.sharing import has_shared_copy
from statusgen.desk.words import DeskWords, show_address
from statusgen.git import run_git_text
from statusgen.notify.ledger import Event
from statusgen.problems import ShareError


def may_be_public(source: Path, job: Job) -> bool:
    """Return whether anybody but this computer may have read it: colleagues, a host or residents."""
    share = job.entry(StepKind.SHARE)
    if share and share.state is StepState.DONE and not share.more.get("here"):
        return True
    if any(entry.step.kind is StepKind.SEND for entry in job.entries) or job.live_since:
        return True
    # A command, or a colleague at this computer, may have shared or published it since.
    commit = run_git_text(source, "log", "-1", "--format=%H", "--", job.plan.file)
    if not commit:
        return False
    try:
        with open_work_tree(source) as tree:
            return may_be_read(tree, commit)
    except (NotSharedError, ShareError):
        return True


def take_out(source: Path, jobs: JobStore, drafts: DraftStore, job: Job) -> bool:
    """Let the folder be as it was, and the post a draft again; return False if someone has changed it since."""
    with jobs.hold_site() as is_ours:
        if not is_ours or not is_written(source, job.plan):
            return False
        restore_post(source, job.plan)
    jobs.end(job.id, JobState.CLOSED)
    drafts.bring_back(job.plan.draft)
    return True


def list_places(source: Path, job: Job, words: DeskWords) -> Iterator[str]:
    """Yield where words are that were published, and must be taken out by somebody who knows how."""
    _ = words.gettext
    for url in dict.fromkeys(job.plan.places.values()):
        where, page = show_address(url), addresses.incident(job.plan.post)
        yield _("the page %s, and the record of changes beside it") % f"{where}/{page}"
    if has_shared_copy(source):
        yield _("the copy that colleagues share, with its history, and each computer that has it")
    else:
        yield _("the folder of the site on this computer, with its history")
    yield _("caches and archives of others, such as search engines: ask them to take it out")


def told_channels(job: Job) -> int:
    """Return how many messages went out, or may have."""
    return sum(each.get("event") != Event.NOT_SENT.value for each in job.tellings)
