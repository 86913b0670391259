"""Whether what was fixed can be published now: no mistake, and still true as far as the clock can tell."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from statusgen.cli.moments import current_time, machine_clock
from statusgen.cli.site_clock import read_site_clock
from statusgen.content.services import SERVICES_FILE
from statusgen.desk.publishing.job import Decision, Job, StepKind, Trouble
from statusgen.desk.publishing.keep import is_written, read_post, to_bytes
from statusgen.desk.publishing.more_files import read_files
from statusgen.desk.publishing.signing import require_signing
from statusgen.desk.publishing.troubles import StoppedError
from statusgen.editor.private_folder import private_folder
from statusgen.editor.workspace import Workspace
from statusgen.model.whole_site import Site
from statusgen.problems import ContentError
from statusgen.speed.cache import Cache
from statusgen.text import Json
from statusgen.wording.interface import available_languages

_LONG = timedelta(minutes=15)
_CLOCK_TOLERANCE = timedelta(minutes=2)


def check_plan(source: Path, job: Job, keys: Sequence[Path]) -> Mapping[str, Json]:
    """Raise StoppedError if it cannot, or should not, be published as it was fixed; `keys` sign the page."""
    plan = job.plan
    workspace = Workspace(source, available_languages(), Cache(source))
    if not is_written(source, plan):
        _check_text(workspace, job)
        _check_clock(workspace.site, job)
    if job.kinds(StepKind.BUILD):
        require_signing(source, plan.places.values(), keys)
    waited = current_time() - plan.at
    if plan.promised and plan.promised <= current_time():
        raise StoppedError(Trouble.PROMISE_PASSED)
    if waited > _LONG and Decision.STILL_TRUE not in job.decisions:
        raise StoppedError(Trouble.WAITED_LONG, minutes=int(waited.total_seconds() // 60))
    return {}


def _check_text(workspace: Workspace, job: Job) -> None:
    """Raise StoppedError if there is a mistake in the post, or in another one without which the page is not made."""
    plan = job.plan
    if read_post(workspace.folder, plan.file) != to_bytes(plan.old):
        return  # the step that writes it tells who changed it
    try:
        workspace = replace(workspace, unsaved=read_files(private_folder(workspace.folder), plan))
        found = workspace.dry_run(plan.file, to_bytes(plan.new) or b"", to_bytes(plan.old))
    except ContentError as error:
        raise StoppedError(Trouble.MISTAKE, str(error)) from None
    words, files = "\n".join(map(str, found.other_mistakes)), {each.place.file for each in found.other_mistakes}
    makes_page = bool(job.kinds(StepKind.BUILD))
    if makes_page and SERVICES_FILE in files:
        raise StoppedError(Trouble.SERVICES_MISTAKE, words)
    if makes_page and files and Decision.WITHOUT_BROKEN_POSTS not in job.decisions:
        raise StoppedError(Trouble.OTHER_MISTAKE, words, files=sorted(files))


def _check_clock(site: Site, job: Job) -> None:
    """Raise StoppedError if this computer's clock is not that of the site's server, as far as that can be asked."""
    if Decision.CLOCK_IS_RIGHT in job.decisions or site.demonstration or machine_clock(None, site) is None:
        return
    theirs, ours = read_site_clock(site.url), current_time()
    if theirs and abs(theirs - ours) > _CLOCK_TOLERANCE:
        raise StoppedError(Trouble.CLOCK, ours=ours.isoformat(), theirs=theirs.isoformat())
