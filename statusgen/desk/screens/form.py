"""The form of a draft: what was said so far, and what that comes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from statusgen.cli.moments import current_time
from statusgen.desk.desk import Desk, Outcome
from statusgen.desk.drafts import Answers, Draft
from statusgen.desk.findings import Finding, find_findings
from statusgen.desk.forms.form import STATUS, FormContext
from statusgen.desk.forms.languages import has_words
from statusgen.desk.forms.prepared import PreparedView, choose_text, find_typed
from statusgen.desk.guard import MAX_FIELDS, Guard
from statusgen.desk.pictures import describe_removed
from statusgen.desk.questions import FormPage
from statusgen.desk.screens.languages import (
    Edition,
    Language,
    Mark,
    find_language_findings,
    find_translated_blanks,
    list_editions,
    list_languages,
    make_marks,
    remember_choice,
)
from statusgen.desk.screens.screen import Screen, choose_language
from statusgen.desk.two_texts import find_author
from statusgen.desk.words import DeskWords

# What the form sends besides its fields.
_OWN_FIELDS = ("form-token", "act", "set", "drop")


def add_form(pages: Blueprint, desk: Desk, guard: Guard) -> None:
    """Add the forms."""

    @pages.get("/drafts/<id>")
    def show_draft(id: str) -> Response | str:
        here = Screen.begin(desk, guard)
        if going := desk.jobs.find_running(id):  # what would be written now would not be published
            return redirect(url_for(".show_job", id=going.id), 303)
        return show_form(here, here.require_draft(id), asked_for=request.args.get("instead"))

    @pages.post("/drafts/<id>")
    def keep_draft(id: str) -> Response | str:
        here = Screen.begin(desk, guard)
        draft = keep_form(here, here.require_draft(id))
        return _act(here, draft, request.form.get("act", "keep"), request.form.get("set", ""))

    @pages.post("/drafts/<id>/keys")
    def keep_keys(id: str) -> Mapping[str, str]:
        # Nothing is read here but the draft: what is typed has to be on the disk at once, however large the site is.
        draft = desk.drafts.read(id)
        said = request.get_json()
        values = said.get("answers") if isinstance(said, dict) else None
        if draft is None or not _is_answers(values):
            abort(404 if draft is None else 400)
        fields = MultiDict((name, value) for name, each in values.items() for value in each or [""])
        before = draft
        draft = desk.drafts.change(draft, _read_answers(fields, draft, whole=False), current_time())
        remember_choice(desk.folder, before, draft)
        return {"kept": DeskWords(choose_language(), desk.zone).exact_clock(draft.kept_at)}

    @pages.get("/drafts/<id>/outcome.json")
    def show_outcome(id: str) -> Mapping[str, Any]:
        here = Screen.begin(desk, guard)
        return FormView.make(here, here.require_draft(id)).as_json()

    @pages.post("/drafts/<id>/discard")
    def discard_draft(id: str) -> Response:
        desk.drafts.discard(Screen.begin(desk, guard).require_draft(id).id)
        return redirect(url_for(".home"), 303)


def keep_form(here: Screen, draft: Draft) -> Draft:
    """Keep all that a form says which was sent, and return the draft with it."""
    kept = here.desk.drafts.change(draft, _read_answers(request.form, draft, whole=True), current_time())
    remember_choice(here.desk.folder, draft, kept)
    return kept


def _act(here: Screen, draft: Draft, act: str, bulk: str) -> Response | str:
    """Do what the pressed button says."""
    if bulk:
        _set_bulk(here, draft, bulk)
        return redirect(url_for(".show_draft", id=draft.id, _anchor="status"), 303)
    if act.startswith("prepared:"):
        return _choose_text(here, draft, *act.split(":", 2)[1:])
    if act == "undo":
        here.desk.drafts.undo(draft, current_time())
    if act == "look":
        view = FormView.make(here, draft)
        if any(finding.must for finding in view.findings):
            return show_form(here, draft, view)
        return redirect(url_for(".look", id=draft.id), 303)
    return redirect(url_for(".show_draft", id=draft.id), 303)


def _choose_text(here: Screen, draft: Draft, how: str, name: str) -> Response:
    """Begin with a prepared text, or with none (""); if it would replace somebody's words, ask first."""
    folder, languages = here.desk.source, here.now.site.languages[1:]
    if how == "ask" and find_typed(folder, draft, languages):
        return redirect(url_for(".show_draft", id=draft.id, instead=name, _anchor="prepared"), 303)
    said = choose_text(folder, draft, name, keeps_own=how == "keep", languages=languages)
    here.desk.drafts.change(draft, said, current_time())
    return redirect(url_for(".show_draft", id=draft.id, _anchor="prepared"), 303)


@dataclass(frozen=True)
class FormView:
    """A form with what was said in it so far, and what that comes to."""

    context: FormContext
    page: FormPage
    outcome: Outcome
    findings: list[Finding]
    prepared: PreparedView | None
    marks: Mapping[str, Mark]
    editions: list[Edition]

    @classmethod
    def make(cls, here: Screen, draft: Draft, asked_for: str | None = None) -> "FormView":
        """Rehearse a draft; `asked_for` is a prepared text that would replace words that somebody wrote."""
        context = here.desk.context(draft, here.words.language, here.now)
        page = here.desk.form_of(draft).make_page(context)
        outcome = here.desk.rehearse(draft)
        findings = find_findings(outcome.rehearsal, page, here.words)
        if outcome.rehearsal.files:
            in_each = [*find_language_findings(context)]
            findings = [*(each for each in findings if not (each.rule == "untranslated" and in_each)), *in_each]
        prepared = PreparedView.make(page, context, asked_for)
        editions = list_editions(outcome, here.words)
        return cls(context, page, outcome, findings, prepared, make_marks(context), editions)

    @property
    def draft(self) -> Draft:
        """The draft."""
        return self.context.draft

    @property
    def languages(self) -> list[Language]:
        """The languages that it can be written in besides the first."""
        return list_languages(self.context)

    @property
    def language_names(self) -> str:
        """All languages of the site: "English and Spanish"."""
        return self.context.vocabulary.language_names(self.context.board.site.languages)

    @property
    def first_language(self) -> str:
        """The language in which posts of the site are written."""
        return self.context.vocabulary.language_names(self.context.board.site.languages[:1])

    @property
    def time_kept(self) -> str:
        """When the last change came to the disk: "2:12:41 AM"."""
        return self.context.words.exact_clock(self.draft.kept_at)

    def as_json(self) -> Mapping[str, Any]:
        """Return what the page renews as somebody types."""
        return {
            "revision": self.outcome.revision,
            "marks": {name: {"words": mark.words, "same": mark.same} for name, mark in self.marks.items()},
            "editions": [
                {
                    "language": edition.language.code,
                    "name": edition.language.name,
                    "front": edition.front,
                    "post": edition.post,
                    "message": edition.message,
                    "length": edition.length,
                }
                for edition in self.editions
            ],
            "open": sorted(self.prepared.open) if self.prepared else [],
            "findings": [
                {"words": finding.words, "field": finding.field, "must": finding.must} for finding in self.findings
            ],
        }


def show_form(here: Screen, draft: Draft, view: FormView | None = None, asked_for: str | None = None) -> str:
    """Return the form; with the `view` of a form that was refused, its mistakes come first."""
    shown = view or FormView.make(here, draft, asked_for)
    refused = [finding for finding in shown.findings if finding.must] if view else []
    title = shown.page.title
    if refused:
        title = here.words.gettext("Problem: %s") % title
    errors = {finding.field: finding.words for finding in refused if finding.field}
    blanks = find_translated_blanks(shown.context)
    meanwhile = find_author(here.desk, here.now, draft) if here.desk.is_behind(here.now, draft) else None
    return here.render(
        "form.html",
        title,
        view=shown,
        draft=draft,
        refused=refused,
        errors=errors,
        meanwhile=meanwhile,
        answered={name.removesuffix("-own") for name, said in draft.answers.items() if any(said)},
        has_words=lambda name: has_words(name) or name in blanks,
        original_language=here.now.site.languages[0],
        removed=describe_removed(request.args.get("removed", ""), here.words),
    )


def _set_bulk(here: Screen, draft: Draft, number: str) -> Draft:
    """Say of several services at once what a button says."""
    page = here.desk.form_of(draft).make_page(here.desk.context(draft, here.words.language, here.now))
    bulks = [bulk for field in page.fields() for bulk in field.bulks]
    if not (number.isascii() and number.isdigit() and int(number) < len(bulks)):
        abort(404)
    bulk = bulks[int(number)]
    return here.desk.drafts.change(draft, {STATUS + key: (bulk.status,) for key in bulk.keys}, current_time())


def _is_answers(said: object) -> TypeGuard[dict[str, list[str]]]:
    """Return whether JSON says a list of values for each field."""
    lists = said.values() if isinstance(said, dict) else [None]
    return all(isinstance(each, list) and all(isinstance(value, str) for value in each) for each in lists)


def _read_answers(form: "MultiDict[str, str]", draft: Draft, whole: bool) -> Answers:
    """Return what a form says; with `whole` it is all of it, so what it leaves out says nothing."""
    if len(form) > MAX_FIELDS:
        abort(413)
    found = {
        _clean(name): tuple(_clean(value) for value in form.getlist(name) if value.strip())
        for name in form
        if name not in _OWN_FIELDS
    }
    left_out = {name: () for name in draft.answers if name not in found} if whole else {}
    return {**left_out, **found}


def _clean(words: str) -> str:
    """Return words with one kind of line end, and without halves of characters, which JSON can have and no file can."""
    return words.replace("\r\n", "\n").encode(errors="replace").decode()
