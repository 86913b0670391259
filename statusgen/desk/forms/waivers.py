"""The form that waives a fee or a deadline, or changes what was waived."""

from typing import Any

from statusgen.board.model.spans import Phase
from statusgen.cli.new import MissingFlagsError
from statusgen.cli.waive import WaiveFlags, waive
from statusgen.desk.drafts import Draft
from statusgen.desk.forms import form
from statusgen.desk.forms.form import Form, FormContext, day_choice
from statusgen.desk.forms.said import require_post
from statusgen.desk.questions import Choice, Field, FormPage, Question, Shape
from statusgen.desk.rehearse import DeskSession, function_of
from statusgen.desk.words import DeskWords


def _page(context: FormContext) -> FormPage:
    _ = context.words.gettext
    return FormPage(
        _("Waive a fee or deadline: %s") % context.say(require_post(context).incident.title),
        _("A promise about money. Residents read all of it, and who made it."),
        (
            *_which_question(context),
            Question(_("What do people not have to fear?"), (_what_field(context),)),
            Question(
                _("For which services?"),
                (_services_field(context),),
                _("Leave all of them open if it is for everything that this post says not to work."),
            ),
            Question(_("Until when?"), (_until_field(context),)),
            Question(_("Do people have to ask for it?"), (_how_field(context),)),
            Question(_("Who decided it?"), (_by_field(context),)),
            Question(_("More (optional)"), (form.text_field(context, _("A sentence or two")),), is_optional=True),
        ),
    )


def _which_question(context: FormContext) -> tuple[Question, ...]:
    """Return the question whether it is a new one, if the post has others."""
    _ = context.words.gettext
    there = [each for each in require_post(context).waivers if each.phase is not Phase.PAST]
    if not there:
        return ()
    others = (
        Choice(each.waiver.id, context.say(each.waiver.what) if each.waiver.what else each.waiver.id) for each in there
    )
    which = Field("id", Shape.CHOICE, choices=(Choice("", _("A new one")), *others), flags=("--id",))
    hint = _("For an existing one, say only what changes.")
    return (Question(_("A new one, or a change?"), (which,), hint),)


def _what_field(context: FormContext) -> Field:
    _, residents = context.words.gettext, DeskWords.for_residents(context.board.site)
    choices = (
        (
            Choice(residents.gettext("No late fees"), _("No late fees")),
            Choice(residents.gettext("No shutoffs"), _("No shutoffs")),
            Choice(residents.gettext("No late fees and no shutoffs"), _("No late fees and no shutoffs")),
        )
        if residents
        else ()
    )
    return Field("what", Shape.CHOICE_OR_LINE, choices=choices, own_label=_("Or in your words"), flags=("--what",))


def _services_field(context: FormContext) -> Field:
    post = require_post(context)
    held = {word.key[0] for word in post.words if word.until is None and word.said}
    services = sorted(context.board.site.services, key=lambda service: service.id not in held)
    choices = tuple(Choice(service.id, context.say(service.name), _operator(context, service)) for service in services)
    return Field("services", Shape.CHOICES, choices=choices, flags=("--service",))


def _operator(context: FormContext, service: Any) -> str:
    """Return who runs a service that is not the city's, and so has to decide about its fees."""
    return context.say(service.operator.name) if service.operator else ""


def _until_field(context: FormContext) -> Field:
    _, residents = context.words.gettext, DeskWords.for_residents(context.board.site)
    days = (day_choice(context, "in 7 days", _("One week")), day_choice(context, "in 14 days", _("Two weeks")))
    after = residents.gettext("one week after it works again") if residents else ""
    words = (Choice(after, _("One week after it works again")),) if after else ()
    return Field(
        "until",
        Shape.CHOICE_OR_LINE,
        hint=_("Without a last day, or words for what ends it, people cannot count on it."),
        choices=(*days, *words),
        own_label=_("Or another last day, or what ends it"),
        flags=("--until",),
    )


def _how_field(context: FormContext) -> Field:
    _ = context.words.gettext
    choices = (Choice("automatic", _("No, it is automatic")),)
    return Field(
        "how", Shape.CHOICE_OR_LINE, choices=choices, own_label=_("Yes: how they ask for it"), flags=("--how",)
    )


def _by_field(context: FormContext) -> Field:
    _ = context.words.gettext
    return Field("by", Shape.LINE, hint=_("A name or an office. Residents read it."), flags=("--by",), keys=("by",))


def _flags(draft: Draft) -> WaiveFlags:
    return WaiveFlags(
        what=form.chosen_words(draft, "what") or None,
        id_=draft.first("id") or None,
        service=draft.answers.get("services", ()),
        until=form.chosen_words(draft, "until") or None,
        how=form.chosen_words(draft, "how") or None,
        by=form.line(draft, "by") or None,
        text=draft.first("text") or None,
    )


def _write(session: DeskSession, draft: Draft, flags: Any) -> None:
    post = session.find_incident(draft.post)
    is_missing = not (flags.what or flags.id_)
    # What is missing is told last, after all that is wrong; until then something stands in for it.
    run = WaiveFlags(**{**vars(flags), "what": "x"}) if is_missing else flags
    function_of(waive)(session, post, run)
    if is_missing:
        raise MissingFlagsError(["--what"])


WAIVER = Form(_page, _flags, _write)
