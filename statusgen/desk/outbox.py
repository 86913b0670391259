"""What the first screen says of publications: those that are not out yet, and the last ones, to take back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from statusgen.cli.moments import current_time
from statusgen.desk.desk import Desk
from statusgen.desk.home import Waiting, kind_name
from statusgen.desk.kinds import FormKind
from statusgen.desk.progress import Progress
from statusgen.desk.publishing.job import Job, JobState, Trouble
from statusgen.desk.words import DeskWords

RETRY_AFTER = timedelta(seconds=30)
_RECENT = timedelta(days=1)
_MAX_RECENT = 3


@dataclass(frozen=True)
class Recent:
    """A publication of the last day: its id, what was done, about what, and since when residents see it, in words."""

    id: str
    act: str
    title: str
    words: str


def list_waiting(jobs: Sequence[Job], now: datetime, words: DeskWords) -> Iterator[Waiting]:
    """Yield the publications that are not out yet, the newest first."""
    _ = words.gettext
    for job in jobs:
        title, link = words.quote(job.plan.title), f"jobs/{job.id}"
        if job.is_over:
            continue
        if job.state is JobState.RUNNING:
            yield Waiting(_("%s is on its way.") % title, _("See its progress"), link)
            continue
        failure = Progress(job, words, now).failure
        why = failure.what if failure else ""
        said = _("%s is public, but not everywhere.") if job.live_since else _("%s is not out yet.")
        yield Waiting(f"{said % title} {why}", _("See what to do"), link)


def find_headline(jobs: Sequence[Job], words: DeskWords) -> str:
    """Return the worst that holds of publications; "" if all went well."""
    waiting = [job for job in jobs if not job.is_over and job.state is not JobState.RUNNING]
    if any(job.state is JobState.HALF_WAY for job in waiting):
        return words.gettext("Publishing stopped halfway.")
    for_network = [job for job in waiting if job.trouble is Trouble.NO_NETWORK]
    if for_network and len(for_network) == len(waiting):
        count = len(for_network)
        return words.ngettext("%d post waits for the network.", "%d posts wait for the network.", count) % count
    ngettext, count = words.ngettext, len(waiting)
    if waiting and all(job.live_since for job in waiting):
        said = ngettext("%d post is public, but not everywhere.", "%d posts are public, but not everywhere.", count)
        return said % count
    if waiting:
        return ngettext("%d post is not out yet.", "%d posts are not out yet.", count) % count
    return ""


def list_recent(jobs: Sequence[Job], now: datetime, words: DeskWords) -> list[Recent]:
    """Return the last publications of the last day, the newest first."""
    _ = words.gettext
    found = []
    for job in jobs:
        if job.is_written and not job.is_closed and now - job.plan.at < _RECENT:
            since = job.live_since
            said = _("live since %s") % words.moment(since, now) if since else _("not public yet")
            found.append(Recent(job.id, kind_name(FormKind(job.plan.kind), words), job.plan.title, said))
    return found[:_MAX_RECENT]


def hides_draft(jobs: Sequence[Job], draft: str) -> bool:
    """Return whether a draft is on its way, so that it does not wait for anybody to write it."""
    return any(job.plan.draft == draft and not job.is_over for job in jobs)


def go_on_waiting(desk: Desk) -> None:
    """Go on with what waits for something that passes by itself, if its last attempt is a while ago."""
    for job in desk.jobs.list_all():
        if job.state is JobState.WAITING and current_time() - job.entries[-1].at >= RETRY_AFTER:
            desk.jobs.start(desk.source, job.id)
