"""The form that adds an update to a post."""

from typing import Any

from statusgen.cli.update import UpdateFlags, update
from statusgen.desk.drafts import Draft
from statusgen.desk.forms import form
from statusgen.desk.forms.form import Form, FormContext
from statusgen.desk.questions import Choice, Field, FormPage, Question, Shape
from statusgen.desk.rehearse import DeskSession, function_of
from statusgen.model.states import Kind, State

_STAGES = {
    Kind.INCIDENT: (State.IDENTIFIED, State.MONITORING),
    Kind.MAINTENANCE: (State.IN_PROGRESS, State.VERIFYING),
    Kind.NOTICE: (),
}
LISTS = ("known", "not_known", "doing")


def _page(context: FormContext) -> FormPage:
    _ = context.words.gettext
    post = context.post
    assert post
    stages = tuple(Choice(state.value, context.vocabulary.state(state)) for state in _STAGES[post.incident.kind])
    stage = Field("state", Shape.CHOICE, choices=(Choice("", _("No change")), *stages), flags=("--state",), keys=())
    return FormPage(
        _("Post an update: %s") % context.say(post.incident.title),
        _("Say what is new. What you leave open stays as it was said."),
        (
            Question(_("What is new?"), (form.text_field(context, "", _("A sentence or two.")),)),
            *((Question(_("How far are you?"), (stage,)),) if stages else ()),
            Question(
                _("Is anything different now?"),
                (
                    form.statuses_field(context, hint=_("The services of this post come first.")),
                    Field(
                        "keep",
                        Shape.CHOICES,
                        choices=(Choice("yes", _("Go on showing what people can do where it got better")),),
                        flags=("--keep",),
                    ),
                ),
            ),
            Question(
                _("What can people do meanwhile?"),
                (Field("do", Shape.TEXT, flags=("--do",), keys=("do",), rows_high=2),),
                _("Only if it is different from what the page says now."),
            ),
            Question(
                _("When will you say more?"),
                (form.promise_field(context),),
                _("A promise. The page says it, and says so if it is not kept."),
            ),
            Question(_("More, none of it needed now"), _more(context), is_optional=True),
        ),
    )


def _more(context: FormContext) -> tuple[Field, ...]:
    """Return the fields that nobody needs at first; the lists begin as the page has them now."""
    _ = context.words.gettext
    title = Field("title", Shape.LINE, _("A headline for this update"), flags=("--title",), keys=("title",))
    return (*form.more_fields(context, *LISTS, "expected", "basis", "scope", "by"), title, form.others_field(context))


def first_answers(context: FormContext) -> dict[str, tuple[str, ...]]:
    """Return what the form says when it is opened: the lists as they are, so that what is settled can be taken out."""
    post = context.post
    assert post
    return {
        name: ("\n".join(words.texts[0][1] for words in entries),) for name in LISTS if (entries := getattr(post, name))
    }


def _flags(draft: Draft) -> UpdateFlags:
    changed = {change.field for change in draft.changes}
    known, not_known, doing = (draft.lines(name) if name in changed else () for name in LISTS)
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
        by=draft.first("by") or None,
        title=draft.first("title") or None,
        known=known,
        not_known=not_known,
        doing=doing,
        replace=any(name in changed for name in LISTS),
        keep=bool(draft.first("keep")),
    )


def _write(session: DeskSession, draft: Draft, flags: Any) -> None:
    function_of(update)(session, session.find_incident(draft.post), flags)


UPDATE = Form(_page, _flags, _write)
