"""What every screen needs: the desk, the site now, and the words of the person's language."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import abort, redirect, render_template, request, url_for

from statusgen.desk.desk import Desk, SiteNow
from statusgen.desk.drafts import Draft
from statusgen.desk.guard import Guard
from statusgen.desk.home import count_suggestions
from statusgen.desk.outside import describe_outside
from statusgen.desk.person import find_person
from statusgen.desk.suggestions import count_waiting, list_suggestions
from statusgen.desk.words import LANGUAGES, DeskWords
from statusgen.follow.suggest import Suggestion

LANGUAGE_COOKIE = "statusgen-desk-language"


@dataclass(frozen=True)
class Screen:
    """One answer to the browser."""

    desk: Desk
    guard: Guard
    now: SiteNow
    words: DeskWords

    @classmethod
    def begin(cls, desk: Desk, guard: Guard) -> "Screen":
        """Read the site, and choose the words."""
        now = desk.read_site()
        return cls(desk, guard, now, DeskWords(choose_language(), now.site.zone))

    def require_draft(self, id: str, is_readable: bool = True) -> Draft:
        """Return a draft; answer 404 if there is none.

        With `is_readable`, lead to the screen that says so if what it is about cannot be read now.
        """
        draft = self.desk.drafts.read(id)
        if draft is None:
            abort(404)
        if is_readable and not draft.kind.is_new_post and draft.post not in self.now.board.incident_by_id:
            abort(redirect(url_for(".show_two_texts", id=id), 303))
        return draft

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        """What a person may want to do because of what others say."""
        return list_suggestions(self.desk, self.now)

    @property
    def is_off(self) -> bool:
        """Whether the network, or the page that residents know, was asked and did not answer."""
        outside = self.desk.watcher.show_interest()
        return outside.asked_at is not None and (not outside.is_reached or self.now.site.url in outside.silent)

    def describe_outside(self) -> str:
        """Return what is known of the network, of what residents see, and of others; "" as long as nothing is."""
        outside, now = self.desk.watcher.show_interest(), self.desk.now(self.now.site)
        known = [] if outside.asked_at is None else [*describe_outside(outside, self.now.site, now, self.words)]
        waiting = count_waiting(self.suggestions)
        return " ".join([*known, count_suggestions(waiting, self.words)] if waiting else known)

    def render(self, template: str, title: str, **values: Any) -> str:
        """Return a page of the desk."""
        moment = self.desk.now(self.now.site)
        return render_template(
            template,
            title=title,
            site_title=self.words.vocabulary(self.now.site).say(self.now.site.title),
            person=find_person(self.desk.source),
            words=self.words,
            _=self.words.gettext,
            ngettext=lambda one, many, number: self.words.ngettext(one, many, number) % {"num": number},
            day=self.words.day(moment),
            clock=self.words.clock(moment),
            is_off=self.is_off,
            outside_words=self.describe_outside(),
            preview_key=self.guard.preview_key,
            form_token=self.guard.form_token,
            other_languages=[language for language in LANGUAGES if language != self.words.language],
            **values,
        )


def choose_language() -> str:
    """Return the language that was chosen, or else the one that the browser asks for."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
