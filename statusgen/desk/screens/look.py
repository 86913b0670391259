"""Look and publish: what changes for residents, where it goes, and the button that publishes it."""

from threading import Lock

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from statusgen.desk.desk import Desk
from statusgen.desk.drafts import Draft
from statusgen.desk.guard import Guard
from statusgen.desk.look import explain_lacking_key, list_pauses, make_look, make_plan, make_stamp, refuse_reader
from statusgen.desk.publishing.job import Job, JobState
from statusgen.desk.screens.form import FormView
from statusgen.desk.screens.screen import Screen

_LOCK = Lock()
_MAX_READER = 100


def add_look(pages: Blueprint, desk: Desk, guard: Guard) -> None:
    """Add the look, and what publishes."""

    @pages.get("/drafts/<id>/look")
    def look(id: str) -> Response | str:
        here = Screen.begin(desk, guard)
        if going := _find_going(desk, id):
            return redirect(url_for(".show_job", id=going.id), 303)
        draft = here.require_draft(id)
        return _show_look(here, draft)

    @pages.post("/drafts/<id>/publish")
    def publish(id: str) -> Response | str:
        here = Screen.begin(desk, guard)
        with _LOCK:  # a button that is pressed twice publishes once
            if going := _find_going(desk, id):
                return redirect(url_for(".show_job", id=going.id), 303)
            draft = here.require_draft(id)
            return _publish(here, draft, request.form.get("stamp", ""))


def _find_going(desk: Desk, draft: str) -> Job | None:
    """Return the publication of a draft that was begun, unless the draft can be written again."""
    jobs = [job for job in desk.jobs.list_all() if job.plan.draft == draft]
    is_put_away = desk.drafts.read(draft) is None
    done = (job for job in jobs if is_put_away and job.is_written and not job.is_closed)
    return desk.jobs.find_running(draft) or next(done, None)


def _show_look(here: Screen, draft: Draft, is_other: bool = False, refusal: str = "") -> Response | str:
    if here.desk.is_behind(here.now, draft):
        return redirect(url_for(".show_two_texts", id=draft.id), 303)
    view = FormView.make(here, draft)
    if any(finding.must for finding in view.findings) or not view.outcome.rehearsal.file:
        return redirect(url_for(".show_draft", id=draft.id), 303)
    title = here.words.gettext("Look and publish")
    return here.render(
        "look.html",
        here.words.gettext("Problem: %s") % title if refusal else title,
        draft=draft,
        view=view,
        look=make_look(here.desk, here.now, draft, view.outcome, here.words),
        no_key=explain_lacking_key(here.words),
        is_other=is_other,
        refusal=refusal,
        reader=request.form.get("reader", ""),
        is_read=bool(request.form.get("read")),
        pauses=list_pauses(here.desk),
        pause=_choose_pause(here.desk),
    )


def _publish(here: Screen, draft: Draft, stamp: str) -> Response | str:
    view = FormView.make(here, draft)
    outcome = view.outcome
    if any(finding.must for finding in view.findings) or here.desk.is_behind(here.now, draft):
        return _show_look(here, draft)
    if make_stamp(draft, outcome) != stamp:
        return _show_look(here, draft, is_other=True)
    reader = _read_reader()
    if refusal := refuse_reader(here.desk, here.now.site, reader, here.words):
        return _show_look(here, draft, refusal=refusal)
    for job in here.desk.jobs.list_all():
        is_before = job.plan.draft == draft.id and not job.is_over
        if is_before and not here.desk.jobs.end_idle(job.id, JobState.CLOSED):
            return redirect(url_for(".show_job", id=job.id), 303)
    plan = make_plan(here.desk, here.now, draft, outcome, reader, _choose_pause(here.desk))
    job = here.desk.jobs.create(plan)
    here.desk.jobs.start(here.desk.source, job.id)
    return redirect(url_for(".show_job", id=job.id), 303)


def _read_reader() -> str:
    """Return who else has read it; "" if nobody is said to have."""
    return " ".join(request.form.get("reader", "").split())[:_MAX_READER] if request.form.get("read") else ""


def _choose_pause(desk: Desk) -> int:
    chosen = request.form.get("pause", "")
    return next((each for each in list_pauses(desk) if str(each) == chosen), desk.pause)
