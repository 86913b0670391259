"""The form that adds an update to a post."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from statusgen.cli.new import MissingFlagsError
from statusgen.cli.update import UpdateFlags, update
from statusgen.desk.drafts import Draft
from statusgen.desk.forms import form
from statusgen.desk.forms.form import Form, FormContext
from statusgen.desk.forms.said import require_post
from statusgen.desk.questions import Choice, Field, FormPage, Question, Shape
from statusgen.desk.rehearse import DeskSession, function_of
from statusgen.model.states import Kind, State

_STAGES = {
    Kind.INCIDENT: (State.IDENTIFIED, State.MONITORING),
    Kind.MAINTENANCE: (State.IN_PROGRESS, State.VERIFYING),
    Kind.NOTICE: (),
}
GONE = "gone/"
"""Before the name of a list: those of its entries that are no longer so."""


def _page(context: FormContext) -> FormPage:
    _ = context.words.gettext
    post = require_post(context)
    stages = tuple(Choice(state.value, context.vocabulary.state(state)) for state in _STAGES[post.incident.kind])
    stage = Field("state", Shape.CHOICE, choices=(Choice("", _("No change")), *stages), flags=("--state",), keys=())
    return FormPage(
        _("Post an update: %s") % context.say(post.incident.title),
        _("Say what is new. What you leave open stays as it was said."),
        (
            Question(_("What is new?"), (form.text_field(context, "", _("A sentence or two.")),)),
            *((Question(_("What stage is it at?"), (stage,)),) if stages else ()),
            Question(
                _("Is anything different now?"),
                (
                    form.statuses_field(context, hint=_("The services of this post come first.")),
                    form.keep_field(context),
                ),
            ),
            form.do_question(context, _("Only if it is different from what the page says now.")),
            _lists_question(context),
            *_times_question(context),
            form.promise_question(context),
            Question(_("More (optional)"), _more(context), is_optional=True),
        ),
    )


def _lists_question(context: FormContext) -> Question:
    """Return the question what is known, not known and being done: what is settled is ticked, what is new written."""
    _ = context.words.gettext
    return Question(
        _("What we know, what we do not know yet, and what is being done"),
        tuple(field for name in form.LISTS for field in _list_fields(context, name)),
        _("Select what is settled or no longer true: the page then drops it. What you leave open stays."),
    )


def _list_fields(context: FormContext, name: str) -> Iterator[Field]:
    # A tick takes an entry out, and does not keep it: so nothing is ticked at first, and an entry that a colleague adds
    # meanwhile stays.
    _ = context.words.gettext
    new = form.more_fields(context, name)[0]
    entries = [(words.texts[0][1], context.say(words)) for words in getattr(require_post(context), name)]
    if entries:
        choices = tuple(Choice(original, said) for original, said in entries)
        yield Field(GONE + name, Shape.CHOICES, new.label, choices=choices, flags=("--no-longer",))
        yield replace(new, label=_("New: %s") % new.label)
    else:
        yield new


def _times_question(context: FormContext) -> Iterator[Question]:
    """Yield the question for other times, of what begins or ends by the clock."""
    _ = context.words.gettext
    kind = require_post(context).incident.kind
    hint = _("Only if that is new. Like tomorrow 9 PM, Monday 7 AM, or 2026-12-05 22:00.")
    starts, ends = form.begin_and_end_fields(context, hint)
    if kind is Kind.MAINTENANCE:
        yield Question(_("Does it begin or end at another time?"), (starts, ends))
    elif kind is Kind.NOTICE:
        yield Question(_("Does it end at another time?"), (ends,))


def _more(context: FormContext) -> tuple[Field, ...]:
    """Return the fields that nobody needs at first."""
    more = form.more_fields(context, "expected", "basis", "scope", "by")
    return (*more, form.update_title_field(context), form.others_field(context))


def _flags(draft: Draft) -> UpdateFlags:
    return UpdateFlags(
        text=draft.first("text") or None,
        state=draft.first("state") or None,
        service=form.said_statuses(draft),
        do=form.about_all(draft, "do") + form.said_by_service(draft, form.DO),
        where=form.said_by_service(draft, form.WHERE),
        next_=form.chosen_time(draft, "next") or None,
        expected=form.about_all(draft, "expected") + form.said_by_service(draft, form.EXPECTED),
        basis=draft.first("basis") or None,
        scope=draft.first("scope") or None,
        others=draft.first("others") or None,
        by=form.line(draft, "by") or None,
        title=form.line(draft, "title") or None,
        known=draft.lines("known"),
        not_known=draft.lines("not_known"),
        doing=draft.lines("doing"),
        no_longer=tuple(entry for name in form.LISTS for entry in draft.answers.get(GONE + name, ())),
        starts=form.line(draft, "starts") or None,
        ends=form.line(draft, "ends") or None,
        keep=bool(draft.first("keep")),
    )


def _write(session: DeskSession, draft: Draft, flags: Any) -> None:
    if not _says_something(_flags(draft)):
        raise MissingFlagsError(["--text"])
    if _says_something(flags):  # it does not if all that was said was wrong, and left out
        function_of(update)(session, session.find_incident(draft.post), flags)


def _says_something(flags: UpdateFlags) -> bool:
    return any(value for name, value in vars(flags).items() if name not in ("by", "keep"))


UPDATE = Form(_page, _flags, _write)
