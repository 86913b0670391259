"""Take it back: what was published, out of the folder or by another update, and what to do if it must not be public."""

from datetime import timedelta

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from statusgen.cli.moments import current_time
from statusgen.desk.desk import Desk
from statusgen.desk.guard import Guard
from statusgen.desk.kinds import FormKind
from statusgen.desk.publishing.job import Job, JobState
from statusgen.desk.screens.job import require_job
from statusgen.desk.screens.screen import Screen
from statusgen.desk.take_back import list_places, may_be_public, take_out, told_channels

_SHORT = timedelta(minutes=1)
_KINDS = {"one": FormKind.CORRECTION, "all": FormKind.END}


def add_take_back(pages: Blueprint, desk: Desk, guard: Guard) -> None:
    """Add the question what was wrong, and what its answers do."""

    @pages.get("/undo/<id>")
    def ask_take_back(id: str) -> str:
        return _show(Screen.begin(desk, guard), _require_written(desk, id))

    @pages.post("/undo/<id>")
    def take_back(id: str) -> Response | str:
        here, job = Screen.begin(desk, guard), _require_written(desk, id)
        how = request.form.get("how", "")
        if how == "out":
            return _take_out(here, job)
        if how in _KINDS:
            return _begin(here, job, how)
        return _show(here, job, is_refused=how != "secret", is_secret=how == "secret")


def _require_written(desk: Desk, id: str) -> Job:
    job = require_job(desk, id)
    if not job.is_written or job.is_closed:
        abort(404)
    return job


def _show(here: Screen, job: Job, is_refused: bool = False, is_secret: bool = False) -> str:
    now = current_time()
    since = job.live_since
    return here.render(
        "take_back.html",
        here.words.gettext("Take it back"),
        job=job,
        is_public=may_be_public(here.desk.source, job),
        since=here.words.moment(since, now) if since else "",
        length=here.words.length((now - since).total_seconds()) if since and now - since > _SHORT else "",
        told=told_channels(job),
        places=list(list_places(here.desk.source, job, here.words)),
        is_readable=job.plan.post in here.now.board.incident_by_id,
        is_refused=is_refused,
        is_secret=is_secret,
    )


def _take_out(here: Screen, job: Job) -> Response | str:
    """Take a post out that nobody could read; say what is left to do if it has gone out, or was changed, meanwhile."""
    desk = here.desk
    if job.state is JobState.RUNNING or may_be_public(desk.source, job):
        return _show(here, job)
    if not take_out(desk.source, desk.jobs, desk.drafts, job):
        return _show(here, job, is_refused=True)
    return redirect(url_for(".show_draft", id=job.plan.draft), 303)


def _begin(here: Screen, job: Job, how: str) -> Response:
    """Open the form that puts one thing right, or that says that the whole post was an error."""
    kind = _KINDS[how]
    if job.plan.post not in here.now.board.incident_by_id:
        abort(404)
    draft = here.desk.open_draft(kind, job.plan.post)
    if how == "all":
        here.desk.drafts.change(draft, {"withdraw": ("yes",)}, current_time())
    return redirect(url_for(".show_draft", id=draft.id), 303)
