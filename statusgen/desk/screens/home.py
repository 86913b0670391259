"""The first screen, and what can be begun on it."""

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from statusgen.cli.moments import current_time
from statusgen.desk.desk import Desk
from statusgen.desk.guard import Guard
from statusgen.desk.home import make_home
from statusgen.desk.kinds import FormKind
from statusgen.desk.screens.languages import first_choice
from statusgen.desk.screens.screen import LANGUAGE_COOKIE, Screen
from statusgen.desk.words import LANGUAGES


def add_home(pages: Blueprint, desk: Desk, guard: Guard) -> None:
    """Add the first screen."""

    @pages.get("/")
    def home() -> str:
        here = Screen.begin(desk, guard)
        shown = make_home(here.now, desk.drafts.list_all(), desk.now(here.now.site), here.words)
        return here.render("home.html", here.words.gettext("What is open now"), home=shown, kinds=FormKind)

    @pages.get("/language/<language>")
    def choose_language(language: str) -> Response:
        if language not in LANGUAGES:
            abort(404)
        response = redirect(url_for(".home"))
        response.set_cookie(LANGUAGE_COOKIE, language, httponly=True, samesite="Strict", path=f"/k/{guard.key}/")
        return response

    @pages.post("/drafts")
    def open_draft() -> Response:
        names = {kind.value: kind for kind in FormKind}
        kind = names.get(request.form.get("kind", ""))
        post = request.form.get("post", "")
        if kind is None or not (kind.is_new_post or post in desk.read_site().board.incident_by_id):
            abort(404)
        draft = desk.open_draft(kind, post)
        chosen = first_choice(desk.folder, kind, len(desk.read_site().site.languages))
        desk.drafts.change(draft, chosen, current_time())
        return redirect(url_for(".show_draft", id=draft.id), 303)
