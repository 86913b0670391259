"""How a publication goes: its steps while they are done, then that residents see it, or what is true instead."""

import time
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from statusgen.cli.moments import current_time
from statusgen.desk.desk import Desk
from statusgen.desk.guard import Guard
from statusgen.desk.progress import Progress
from statusgen.desk.published import list_editions
from statusgen.desk.publishing.job import Decision, Job, JobState
from statusgen.desk.publishing.jobs import NOW, STOP
from statusgen.desk.screens.screen import Screen
from statusgen.notify.ledger import Event

_PATIENCE = 5.0  # seconds that the program may take to notice what somebody wishes
_POLL_INTERVAL = 0.05


def add_job(pages: Blueprint, desk: Desk, guard: Guard) -> None:
    """Add the screen of a publication, and what can be done on it."""
    _add_acts(pages, desk)

    @pages.get("/jobs/<id>")
    def show_job(id: str) -> Response | str:
        here = Screen.begin(desk, guard)
        job = require_job(desk, id)
        if job.is_closed:
            is_there = desk.drafts.read(job.plan.draft)
            return redirect(url_for(".show_draft", id=job.plan.draft) if is_there else url_for(".home"), 303)
        progress = _make_progress(here, job)
        promised = here.words.due_time(job.plan.promised, progress.now) if job.plan.promised else ""
        return here.render(
            "job.html",
            progress.title,
            job=job,
            progress=progress,
            promised=promised,
            editions=list_editions(desk.source, job, here.now.board, here.words),
            states=JobState,
        )

    @pages.get("/jobs/<id>.json")
    def tell_job(id: str) -> Mapping[str, Any]:
        here = Screen.begin(desk, guard)
        job = require_job(desk, id)
        lines = _make_progress(here, job).lines
        return {
            "state": job.state.value,
            "has_left": job.has_left,
            "steps": [
                {"state": each.state, "sign": each.sign, "hidden": each.hidden, "words": each.words, "time": each.time}
                for each in lines
            ],
        }


def _add_acts(pages: Blueprint, desk: Desk) -> None:
    @pages.post("/jobs/<id>/stop")
    def stop_job(id: str) -> Response:
        job = _ask_to_stop(desk, require_job(desk, id))
        return redirect(url_for(".show_job", id=job.id), 303)

    @pages.post("/jobs/<id>/now")
    def send_job(id: str) -> Response:
        desk.jobs.wish(require_job(desk, id).id, NOW)
        return redirect(url_for(".show_job", id=id), 303)

    @pages.post("/jobs/<id>/retry")
    def retry_job(id: str) -> Response:
        job = require_job(desk, id)
        if "reopen" in request.form:
            return _reopen(desk, job)
        if again := request.form.get("again"):
            _ask_again(desk, job, again)
            job = require_job(desk, id)
        if decision := request.form.get("decision"):
            known = {each.value: each for each in Decision}
            if decision not in known:
                abort(404)
            desk.jobs.decide(job.id, known[decision])
        # The program that noted why it does not go on, or that all is done, may need a moment to end.
        if not job.is_over and (not job.is_alive or job.trouble or job.again):
            desk.jobs.start(desk.source, job.id)
        return redirect(url_for(".show_job", id=id), 303)


def _make_progress(here: Screen, job: Job) -> Progress:
    site, say = here.now.site, here.words.vocabulary(here.now.site).say
    names = {channel.id: say(channel.name) for channel in site.notify.channels if channel.name}
    return Progress(job, here.words, current_time(), names)


def require_job(desk: Desk, id: str) -> Job:
    """Return a publication; answer 404 if there is none."""
    job = desk.jobs.read(id)
    if job is None:
        abort(404)
    return job


def _ask_to_stop(desk: Desk, job: Job) -> Job:
    """Let a publication stop that has not left yet, and return how it stands once that is decided."""
    if job.has_left or job.is_over:
        return job
    desk.jobs.wish(job.id, STOP)
    gives_up = time.monotonic() + _PATIENCE
    while time.monotonic() < gives_up:
        job = require_job(desk, job.id)
        if job.is_over or job.has_left:
            return job
        if not job.is_alive:
            desk.jobs.end_idle(job.id, JobState.STOPPED)
        time.sleep(_POLL_INTERVAL)  # the program that publishes answers by its journal, which tells nobody
    return job


def _ask_again(desk: Desk, job: Job, wanted: str) -> None:
    """Let an update go again to a channel that did not get it for certain; answer 404 if there is no such."""
    left = {
        f"{each['channel']} {each['update']}": each for each in job.tellings if each.get("event") != Event.SENT.value
    }
    if wanted not in left:
        abort(404)
    desk.jobs.send_again(job.id, str(left[wanted]["channel"]), str(left[wanted]["update"]))


def _reopen(desk: Desk, job: Job) -> Response:
    """Give a post that was not written back to its form."""
    if job.is_alive or job.is_written or not (job.is_over or desk.jobs.end_idle(job.id, JobState.CLOSED)):
        return redirect(url_for(".show_job", id=job.id), 303)
    desk.drafts.bring_back(job.plan.draft)
    page = ".look" if request.form["reopen"] == "both" else ".show_draft"
    return redirect(url_for(page, id=job.plan.draft), 303)
