"""The forms that write a new post: a problem, planned work, and a notice."""

from dataclasses import replace
from typing import Any

from statusgen.cli.new import NewFlags, new
from statusgen.desk.drafts import Draft
from statusgen.desk.forms import form, prepared
from statusgen.desk.forms.form import Form, FormContext, MakeFlags, MakePage
from statusgen.desk.questions import Choice, Field, FormPage, Question, Shape
from statusgen.desk.rehearse import DeskSession, function_of
from statusgen.model.posts import Topic
from statusgen.model.states import Kind

_BEFORE_NOW = "before now"


def _title_field(hint: str) -> Field:
    return Field("title", Shape.LINE, hint=hint, flags=("--title",), keys=("title",))


def _problem_page(context: FormContext) -> FormPage:
    _ = context.words.gettext
    return FormPage(
        _("Report a problem"),
        _("Answer what you know. What you leave open, the page calls “nothing said yet”."),
        (
            Question(
                _("What happened?"),
                (_title_field(_("One line, in the words people use. It is the headline.")),),
            ),
            Question(_("Since when?"), (form.since_field(context),)),
            Question(
                _("What does not work?"),
                (
                    form.statuses_field(
                        context, hint=_("Press what you know. It sets the list below; you can change each one there.")
                    ),
                    form.others_field(context),
                ),
            ),
            form.do_question(
                context, _("For everybody affected. Ways that you marked as working are listed automatically.")
            ),
            form.promise_question(context),
            Question(
                _("More (optional)"),
                form.more_fields(context, "text", "not_known", "known", "doing", "expected", "basis", "scope", "by"),
                is_optional=True,
            ),
        ),
    )


def _problem_flags(draft: Draft) -> NewFlags:
    return NewFlags(
        title=form.line(draft, "title") or None,
        since=_said_since(draft),
        service=form.said_statuses(draft),
        do=form.about_all(draft, "do") + form.said_by_service(draft, form.DO),
        where=form.said_by_service(draft, form.WHERE),
        others=draft.first("others") or None,
        next_=form.chosen_time(draft, "next") or None,
        text=draft.first("text") or None,
        known=draft.lines("known"),
        not_known=draft.lines("not_known"),
        doing=draft.lines("doing"),
        expected=form.about_all(draft, "expected") + form.said_by_service(draft, form.EXPECTED),
        basis=draft.first("basis") or None,
        scope=draft.first("scope") or None,
        by=form.line(draft, "by") or None,
    )


def _said_since(draft: Draft) -> tuple[str, ...]:
    since = form.chosen_time(draft, "since")
    return (_BEFORE_NOW if since == form.NOT_KNOWN else since,) if since else ()


def _planned_page(context: FormContext) -> FormPage:
    _ = context.words.gettext
    hint = _("Like tomorrow 9 PM, Monday 7 AM, or 2026-12-05 22:00.")
    return FormPage(
        _("Planned work"),
        _("It begins and ends by the clock, as you say here."),
        (
            Question(_("What will be done?"), (_title_field(_("One line, in the words people use.")),)),
            Question(
                _("When does it begin, and when does it end?"),
                form.begin_and_end_fields(context, hint),
            ),
            Question(
                _("What is closed, or works differently, during that time?"),
                (form.statuses_field(context),),
            ),
            form.do_question(context),
            Question(_("More (optional)"), form.more_fields(context, "text", "by"), is_optional=True),
        ),
    )


def _planned_flags(draft: Draft) -> NewFlags:
    return NewFlags(
        kind=Kind.MAINTENANCE.value,
        title=form.line(draft, "title") or None,
        starts=draft.first("starts") or None,
        ends=draft.first("ends") or None,
        service=form.said_statuses(draft),
        do=form.about_all(draft, "do") + form.said_by_service(draft, form.DO),
        text=draft.first("text") or None,
        by=form.line(draft, "by") or None,
    )


def _notice_page(context: FormContext) -> FormPage:
    _ = context.words.gettext
    topics = tuple(Choice(topic.value, context.vocabulary.topic(topic)) for topic in Topic)
    return FormPage(
        _("Notice"),
        _("A warning of fraud, news about people's data, an office that is closed: what is not about a service."),
        (
            Question(_("What should people know?"), (_title_field(_("One line. It is the headline.")),)),
            Question(
                _("What is it about?"),
                (Field("topic", Shape.CHOICE, choices=topics, flags=("--topic",), keys=("topic",)),),
            ),
            Question(
                _("What should they do?"),
                (form.text_field(context, "", _("Like: Hang up. We never ask for passwords.")),),
            ),
            Question(_("When does it begin?"), (_notice_start_field(context),)),
            Question(
                _("When does it end?"),
                (
                    Field(
                        "ends",
                        Shape.LINE,
                        hint=_("Like Friday, in 2 weeks, or 2026-12-31. Leave it empty if nobody knows."),
                        flags=("--ends",),
                        keys=("ends",),
                    ),
                ),
            ),
            Question(_("If it is a rumor"), _rumor_fields(context), is_optional=True),
        ),
    )


def _notice_start_field(context: FormContext) -> Field:
    """Return the question since when, of what can be announced: the office that is closed tomorrow."""
    _ = context.words.gettext
    return replace(
        form.since_field(context),
        choices=(
            form.time_choice(context, "now", _("Now"), past=True),
            form.day_choice(context, "tomorrow", _("Tomorrow")),
        ),
        hint=_("Like yesterday 4 PM, tomorrow 8 AM, or 2026-12-05."),
    )


def _rumor_fields(context: FormContext) -> tuple[Field, ...]:
    _ = context.words.gettext
    return (
        Field("claim", Shape.LINE, _("What people say"), flags=("--claim",), keys=("claim",)),
        Field("fact", Shape.LINE, _("What is true"), flags=("--fact",), keys=("fact",)),
    )


def _notice_flags(draft: Draft) -> NewFlags:
    return NewFlags(
        kind=Kind.NOTICE.value,
        title=form.line(draft, "title") or None,
        topic=draft.first("topic") or None,
        since=_said_since(draft),
        ends=draft.first("ends") or None,
        text=draft.first("text") or None,
        claim=form.line(draft, "claim") or None,
        fact=form.line(draft, "fact") or None,
    )


def _write(session: DeskSession, _draft: Draft, flags: Any) -> None:
    function_of(new)(session, flags)


def _with_prepared_texts(make_page: MakePage, make_flags: MakeFlags) -> Form:
    return Form(prepared.offer(make_page), prepared.take_flags(make_flags), prepared.fill_in(_write))


PROBLEM = _with_prepared_texts(_problem_page, _problem_flags)
PLANNED_WORK = _with_prepared_texts(_planned_page, _planned_flags)
NOTICE = _with_prepared_texts(_notice_page, _notice_flags)
