"""The forms of updates that say little: that nothing is new, and that everything is still true."""

from typing import Any

from statusgen.cli.confirm import ConfirmFlags, confirm
from statusgen.cli.new import MissingFlagsError
from statusgen.cli.update import UpdateFlags, update
from statusgen.desk.drafts import Draft
from statusgen.desk.forms import form
from statusgen.desk.forms.form import Form, FormContext
from statusgen.desk.forms.said import list_said, require_post
from statusgen.desk.questions import Field, FormPage, Question, Shape
from statusgen.desk.rehearse import DeskSession, function_of
from statusgen.desk.words import DeskWords
from statusgen.model.whole_site import Site


def nothing_new(site: Site) -> str:
    """Return what the button "Nothing new yet" says, and no more, in the language of the posts.

    That is "" if the desk does not have that language.
    """
    words = DeskWords.for_residents(site)
    return words.gettext("There is nothing new yet.") if words else ""


def _promise_page(context: FormContext) -> FormPage:
    _ = context.words.gettext
    return FormPage(
        _("Nothing new yet: %s") % context.say(require_post(context).incident.title),
        _("The shortest honest update: it keeps the promise that was made, and makes the next one."),
        (
            Question(_("What do you say?"), (form.text_field(context, "", _("Change it as you like.")),)),
            form.promise_question(context),
        ),
    )


def _promise_flags(draft: Draft) -> UpdateFlags:
    return UpdateFlags(text=draft.first("text") or None, next_=form.chosen_time(draft, "next") or None)


def _write_promise(session: DeskSession, draft: Draft, flags: Any) -> None:
    missing = [] if form.chosen_time(draft, "next") else ["--next"]
    if missing and not flags.text:
        raise MissingFlagsError(["--text", *missing])
    function_of(update)(session, session.find_incident(draft.post), flags)
    if missing:
        raise MissingFlagsError(missing)


def _confirm_page(context: FormContext) -> FormPage:
    _ = context.words.gettext
    said = Field("said", Shape.SAID, choices=tuple(list_said(context)))
    return FormPage(
        _("All of this is still true: %s") % context.say(require_post(context).incident.title),
        _("The page then says that all of it was checked now. If something changed, post an update instead."),
        (
            Question(_("This is what residents read, and what you confirm"), (said,)),
            form.promise_question(context),
            Question(
                _("More (optional)"),
                (form.text_field(context, _("A sentence or two")), *form.more_fields(context, "by")),
                is_optional=True,
            ),
        ),
    )


def _confirm_flags(draft: Draft) -> ConfirmFlags:
    return ConfirmFlags(
        text=draft.first("text") or None, next_=form.chosen_time(draft, "next") or None, by=draft.first("by") or None
    )


def _write_confirm(session: DeskSession, draft: Draft, flags: Any) -> None:
    function_of(confirm)(session, session.find_incident(draft.post), flags)


PROMISE = Form(_promise_page, _promise_flags, _write_promise)
CONFIRM = Form(_confirm_page, _confirm_flags, _write_confirm)
