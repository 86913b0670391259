"""The first screen, and what can be begun on it."""

from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from statusgen.cli.moments import current_time
from statusgen.desk import begun, outbox, suggestions
from statusgen.desk.desk import Desk
from statusgen.desk.drafts import Draft
from statusgen.desk.forms.small_updates import nothing_new
from statusgen.desk.guard import Guard
from statusgen.desk.home import Waiting, make_home
from statusgen.desk.kinds import FormKind
from statusgen.desk.look import explain_lacking_key, lacks_key
from statusgen.desk.screens.languages import first_choice
from statusgen.desk.screens.screen import LANGUAGE_COOKIE, Screen
from statusgen.desk.words import LANGUAGES


def add_home(pages: Blueprint, desk: Desk, guard: Guard) -> None:
    """Add the first screen."""

    @pages.get("/")
    def home() -> str:
        return _show_home(Screen.begin(desk, guard))

    @pages.get("/state.json")
    def state() -> dict[str, str | bool]:
        here = Screen.begin(desk, guard)
        return {"is_off": here.is_off, "words": here.describe_outside()}

    @pages.get("/language/<language>")
    def choose_language(language: str) -> Response:
        if language not in LANGUAGES:
            abort(404)
        response = redirect(url_for(".home"))
        response.set_cookie(LANGUAGE_COOKIE, language, httponly=True, samesite="Strict", path=f"/k/{guard.key}/")
        return response

    @pages.post("/drafts")
    def open_draft() -> Response:
        here = Screen.begin(desk, guard)
        if id := request.form.get("begun"):
            return _go_on(here, id)
        names = {kind.value: kind for kind in FormKind}
        kind = names.get(request.form.get("kind", ""))
        post = request.form.get("post", "")
        if kind is None or not (kind.is_new_post or post in here.now.board.incident_by_id):
            abort(404)
        draft = desk.open_draft(kind, post)
        chosen = first_choice(desk.folder, kind, len(here.now.site.languages))
        draft = desk.drafts.change(draft, chosen, current_time())
        if kind is FormKind.PROMISE:
            _say_nothing_new(here, draft, request.form.get("next", ""))
            return redirect(url_for(".look", id=draft.id), 303)
        return redirect(url_for(".show_draft", id=draft.id), 303)


def _show_home(here: Screen) -> str:
    desk, words = here.desk, here.words
    outside = desk.watcher.show_interest()
    jobs, moment = desk.jobs.list_all(), desk.now(here.now.site)
    # A form that was opened and left as it was says nothing.
    said = [draft for draft in desk.drafts.list_all() if draft.answers]
    drafts = [draft for draft in said if not outbox.hides_draft(jobs, draft.id)]
    by_command = [*begun.list_waiting(begun.list_begun(desk, here.now), here.now, moment, words)]
    suggested = suggestions.count_waiting(here.suggestions)
    shown = make_home(here.now, drafts, by_command, suggested, outside, moment, words)
    headline = outbox.find_headline(jobs, words) or shown.headline
    unreadable = suggestions.list_unreadable(here.suggestions, words)
    waiting = (*outbox.list_waiting(jobs, moment, words), *_list_lacking_key(here), *shown.waiting, *unreadable)
    shown = replace(shown, headline=headline, waiting=waiting)
    recent = outbox.list_recent(jobs, moment, words)
    cards = suggestions.list_cards(here.suggestions, said, here.now.workspace.site, moment, words)
    title = words.gettext("What is open now")
    return here.render("home.html", title, home=shown, kinds=FormKind, recent=recent, suggested=cards)


def _go_on(here: Screen, id: str) -> Response:
    """Open the form that goes on with what was begun with a command; go home if that is not there anymore."""
    desk = here.desk
    found = next((each for each in begun.list_begun(desk, here.now) if each.draft.id == id), None)
    if found is None or found.kind is None:
        return redirect(url_for(".home"), 303)
    draft = begun.take_over(desk, found, first_choice(desk.folder, found.kind, len(here.now.site.languages)))
    return redirect(url_for(".show_draft", id=draft.id), 303)


def _list_lacking_key(here: Screen) -> Iterator[Waiting]:
    """Yield that the page is signed and the desk has no key, before somebody has written something."""
    if lacks_key(here.desk, here.now.site):
        yield Waiting(explain_lacking_key(here.words))


def _say_nothing_new(here: Screen, draft: Draft, next_time: str) -> None:
    """Say in a draft that nothing is new, and when there will be more to say: the button that was pressed says so."""
    said = {"text": nothing_new(here.now.site), "next": next_time}
    answers = {name: (words,) for name, words in said.items() if words}
    here.desk.drafts.change(draft, answers, current_time())
