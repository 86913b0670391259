"""Two texts: what somebody else wrote about a post meanwhile, beside the draft, and what residents should read."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from statusgen.cli.moments import current_time
from statusgen.desk.desk import Desk
from statusgen.desk.drafts import Draft
from statusgen.desk.guard import Guard
from statusgen.desk.screens.screen import Screen
from statusgen.desk.two_texts import TwoTexts, compare

_CLEARED = {"next": ("next", "next-own")}
"""The fields of a form that say a fact, where they are not called like it."""


def add_two_texts(pages: Blueprint, desk: Desk, guard: Guard) -> None:
    """Add the screen with two texts."""

    @pages.get("/two-texts/<id>")
    def show_two_texts(id: str) -> Response | str:
        here = Screen.begin(desk, guard)
        draft = here.require_draft(id, is_readable=False)
        if not desk.is_behind(here.now, draft):
            return redirect(url_for(".show_draft", id=id), 303)
        return _show(here, draft)

    @pages.post("/two-texts/<id>")
    def choose_text(id: str) -> Response | str:
        here = Screen.begin(desk, guard)
        draft = here.require_draft(id, is_readable=False)
        what = request.form.get("what", "")
        if what == "theirs":
            return redirect(url_for(".home"), 303)
        if draft.post not in here.now.board.incident_by_id:
            return _show(here, draft)
        if request.form.get("seen", "") != desk.post_digest(here.now, draft.post) or what not in ("both", "again"):
            return _show(here, draft, is_refused=True)
        if what == "both" and not _settle(here, draft):
            return _show(here, draft, is_refused=True)
        desk.drafts.rebase(draft, desk.keep_text(here.now, draft.post), current_time())
        return redirect(url_for(".look" if what == "both" else ".show_draft", id=id), 303)


def _compare(here: Screen, draft: Draft) -> TwoTexts:
    return compare(here.desk, here.now, draft, here.desk.rehearse(draft), here.words)


def _settle(here: Screen, draft: Draft) -> bool:
    """Take out of the draft what is left to the other one; return whether each such thing was decided."""
    chosen = {each.field: request.form.get(f"fact/{each.field}", "") for each in _compare(here, draft).disputes}
    if any(side not in ("mine", "theirs") for side in chosen.values()):
        return False
    left = [field for field, side in chosen.items() if side == "theirs"]
    names = [name for field in left for name in _CLEARED.get(field, (field,))]
    here.desk.drafts.change(draft, dict.fromkeys(names, ()), current_time())
    return True


def _show(here: Screen, draft: Draft, is_refused: bool = False) -> Response | str:
    post = here.now.board.incident_by_id.get(draft.post)
    if post is None:
        return here.render("two_texts_gone.html", here.words.gettext("Two texts"), draft=draft)
    context = here.desk.context(draft, here.words.language, here.now)
    return here.render(
        "two_texts.html",
        here.words.gettext("Two texts"),
        draft=draft,
        about=context.say(post.incident.title),
        both=_compare(here, draft),
        seen=here.desk.post_digest(here.now, draft.post),
        chosen=request.form if is_refused else {},
        is_refused=is_refused,
        now_moment=here.desk.now(here.now.site),
    )
