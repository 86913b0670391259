"""Pictures of a draft: added to it, shown, and taken away again."""

from dataclasses import replace

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from statusgen.cli.moments import current_time
from statusgen.desk.desk import Desk
from statusgen.desk.drafts import Draft
from statusgen.desk.findings import Finding
from statusgen.desk.forms.pictures import NEW_SHOWS, PICTURES, SHOWS
from statusgen.desk.guard import MAX_UPLOAD_BYTES, Guard
from statusgen.desk.pictures import MAX_PICTURES, Picture
from statusgen.desk.screens.form import FormView, keep_form, show_form
from statusgen.desk.screens.screen import Screen
from statusgen.problems import InvalidValue

_TYPES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp"}


def add_pictures(pages: Blueprint, desk: Desk, guard: Guard) -> None:
    """Add what pictures are sent to, and shown from."""

    @pages.post("/drafts/<id>/pictures")
    def add_picture(id: str) -> AnyResponse | str:
        here = Screen.begin(desk, guard)
        draft = keep_form(here, here.require_draft(id))
        drop = request.form.get("drop", "")
        if drop:
            return _drop(here, draft, drop)
        return _add(here, draft)

    @pages.get("/drafts/<id>/pictures/<name>")
    def show_picture(id: str, name: str) -> Response:
        draft = Screen.begin(desk, guard).require_draft(id)
        content = desk.pictures.read(draft.id, name) if name in draft.answers.get(PICTURES, ()) else None
        if content is None:
            abort(404)
        return Response(content, content_type=_TYPES[name.rpartition(".")[2]])


def _add(here: Screen, draft: Draft) -> AnyResponse | str:
    """Keep a picture that was chosen, or say why it cannot be shown."""
    _, sent = here.words.gettext, request.files.get("picture")
    content = b""
    if sent:
        with sent.stream as opened:  # a large one is in a file of its own
            content = opened.read(MAX_UPLOAD_BYTES + 1)
    names, shows = draft.answers.get(PICTURES, ()), draft.first(NEW_SHOWS)
    if not content:
        return _refuse(here, draft, _("Choose a picture first."))
    if len(content) > MAX_UPLOAD_BYTES:
        return _refuse(here, draft, _("This file is larger than 10 MB. Make it smaller."))
    if len(names) >= MAX_PICTURES:
        return _refuse(here, draft, _("There are %d pictures already: that is as many as there can be.") % len(names))
    try:
        picture = Picture.read(content)
    except InvalidValue as error:
        return _refuse(here, draft, f"{error.what} {error.hint}")
    name = picture.name(shows, draft.opened.astimezone(here.now.site.zone))
    here.desk.pictures.keep(draft.id, name, picture)
    said = {PICTURES: tuple(dict.fromkeys((*names, name))), SHOWS + name: (shows,) if shows else (), NEW_SHOWS: ()}
    here.desk.drafts.change(draft, said, current_time())
    return redirect(url_for(".show_draft", id=draft.id, removed=picture.removed.value, _anchor=PICTURES), 303)


def _drop(here: Screen, draft: Draft, name: str) -> AnyResponse:
    left = tuple(each for each in draft.answers.get(PICTURES, ()) if each != name)
    here.desk.drafts.change(draft, {PICTURES: left, SHOWS + name: ()}, current_time())
    return redirect(url_for(".show_draft", id=draft.id, _anchor=PICTURES), 303)


def _refuse(here: Screen, draft: Draft, words: str) -> str:
    view = FormView.make(here, draft)
    return show_form(here, draft, replace(view, findings=[Finding(words, PICTURES, must=True)]))
