"""What is done about something that others report: write about it, or put it aside."""

from contextlib import suppress

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from statusgen.cli.moments import current_time
from statusgen.desk.desk import Desk
from statusgen.desk.guard import Guard
from statusgen.desk.kinds import FormKind
from statusgen.desk.screens.languages import first_choice
from statusgen.desk.screens.screen import Screen
from statusgen.desk.suggestions import find_suggestion, is_new_post, write_about
from statusgen.follow.following import Following
from statusgen.follow.suggest import Suggestion
from statusgen.problems import OutputError


def add_suggestions(pages: Blueprint, desk: Desk, guard: Guard) -> None:
    """Add the buttons of the cards of the first screen that say what others report."""

    @pages.post("/suggestions/<id>")
    def decide_suggestion(id: str) -> Response:
        here = Screen.begin(desk, guard)
        act = request.form.get("act")
        if act not in ("write", "aside", "again"):
            abort(400)
        found = find_suggestion(here.suggestions, id)
        if found and act == "write" and is_new_post(found):
            return _write(here, found)
        if found and act != "write":
            following = Following(desk.source, here.now.workspace.site, current_time())
            with suppress(OutputError):  # the card stays, and the button with it
                following.put_aside(found, act == "aside")
        return redirect(url_for(".home"), 303)


def _write(here: Screen, suggestion: Suggestion) -> Response:
    """Open the form that says what others report."""
    chosen = first_choice(here.desk.folder, FormKind.PROBLEM, len(here.now.site.languages))
    draft = write_about(here.desk, here.now, suggestion, chosen)
    return redirect(url_for(".show_draft", id=draft.id), 303)
