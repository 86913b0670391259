"""The form that closes a post."""

from collections.abc import Iterator
from typing import Any

from statusgen.board.model.dates import WaiverStatus
from statusgen.board.model.spans import Phase, Word
from statusgen.cli.new import MissingFlagsError
from statusgen.cli.resolve import ResolveFlags, resolve
from statusgen.desk.drafts import Draft
from statusgen.desk.forms import form
from statusgen.desk.forms.form import WAIVER, Form, FormContext, day_choice
from statusgen.desk.forms.said import describe_last_word, key_name, require_post
from statusgen.desk.questions import Bulk, Choice, Field, FormPage, Question, Row, Shape
from statusgen.desk.rehearse import DeskSession, function_of
from statusgen.editor.last_words import find_last_words, format_key
from statusgen.model.states import Kind
from statusgen.model.statuses import WRITTEN_STATUSES, Status

_COMPLETED, _CANCELED = "completed", "canceled"


def _page(context: FormContext) -> FormPage:
    _ = context.words.gettext
    post = require_post(context)
    first = {
        Kind.INCIDENT: _services_question,
        Kind.MAINTENANCE: _work_question,
        Kind.NOTICE: _notice_question,
    }[post.incident.kind]
    return FormPage(
        _("Close: %s") % context.say(post.incident.title),
        _("The whole post was an error: the page says so, and everybody who got it is notified.")
        if context.draft.first("withdraw")
        else _("If it is not over yet, post an update instead."),
        (
            *first(context),
            *(Question(_("When does this end?"), (field,)) for field in _waiver_fields(context)),
            Question(
                _("The last update"),
                (form.text_field(context, "", _("What should people do who were affected in the meantime?")),),
            ),
            Question(_("More (optional)"), _more(context), is_optional=True),
        ),
    )


def _more(context: FormContext) -> tuple[Field, ...]:
    _ = context.words.gettext
    error = Choice("yes", _("The whole post was an error: the page says so"))
    return (
        form.update_title_field(context),
        *form.more_fields(context, "by"),
        Field("withdraw", Shape.CHOICES, _("If it was never true"), choices=(error,), flags=("--withdraw",)),
    )


def _services_question(context: FormContext) -> Iterator[Question]:
    """Yield the question how each service stands that the post says not to work; those spoken of longest ago first."""
    _ = context.words.gettext
    words = [word for word in find_last_words(require_post(context)) if word.status.is_stated_problem]
    words.sort(key=lambda word: word.said_at.start if word.said_at else context.draft.opened)
    others = tuple(_elsewhere(context, words))
    fields: tuple[Field, ...] = (_statuses_field(context, words), form.keep_field(context)) if words else ()
    fields += (Field("elsewhere", Shape.SAID, _("Another post says this, and goes on to"), choices=others),) * bool(
        others
    )
    if fields:
        yield Question(
            _("What is the status of each of these now?"),
            fields,
            _("What you leave open, the page calls “not known”. If one of them does not work, the post stays open."),
        )


def _statuses_field(context: FormContext, words: list[Word]) -> Field:
    _ = context.words.gettext
    said = {Status.WORKING: _("Works: I checked"), Status.UNKNOWN: _("We do not know yet")}
    choices = tuple(Choice(each.value, said.get(each) or context.vocabulary.status(each)) for each in _ORDER)
    rows = tuple(
        Row(format_key(word.key), key_name(context, word.key), describe_last_word(context, word)) for word in words
    )
    everything = Bulk(_("All of it works: I checked each one"), Status.WORKING.value, tuple(row.key for row in rows))
    return Field("status", Shape.ROWS, choices=choices, rows=rows, bulks=(everything,), flags=("--only", "--service"))


_FIRST = (Status.WORKING, Status.CATCHING_UP, Status.UNKNOWN)
_ORDER = (*_FIRST, *(status for status in reversed(WRITTEN_STATUSES) if status not in _FIRST))


def _elsewhere(context: FormContext, words: list[Word]) -> Iterator[Choice]:
    """Yield what other open posts say does not work, of the same services."""
    board, services = context.board, {word.key[0] for word in words}
    for other in (*board.open_incidents, *board.planned_work, *board.notices):
        for word in other.effects if other.id != context.draft.post else ():
            if word.key[0] in services and word.until is None:
                said = f"{key_name(context, word.key)}: {context.vocabulary.status(word.status)}"
                yield Choice("", said, context.words.quote(context.say(other.incident.title)))


def _work_question(context: FormContext) -> Iterator[Question]:
    _ = context.words.gettext
    done, canceled = Choice(_COMPLETED, _("It is done")), Choice(_CANCELED, _("It will not take place"))
    has_begun = require_post(context).phase is not Phase.PLANNED
    choices = (done, canceled) if has_begun else (canceled,)
    field = Field("outcome", Shape.CHOICE, choices=choices, flags=("--cancel",))
    yield Question(_("How did the work end?"), (field,))


def _notice_question(_context: FormContext) -> Iterator[Question]:
    """Yield nothing: a notice that ends has no more to say."""
    yield from ()


def _waiver_fields(context: FormContext) -> Iterator[Field]:
    """Yield the question until when each waiver without a last day holds."""
    _ = context.words.gettext
    open_ended = _("Left open, it stays in force, and people cannot count on it.")
    for each in require_post(context).waivers:
        if each.phase is Phase.OPEN and each.waiver.until is None:
            yield Field(
                WAIVER + each.waiver.id,
                Shape.CHOICE_OR_LINE,
                hint=f"{_describe(context, each)} {open_ended}",
                choices=(
                    day_choice(context, "today", _("To the end of today")),
                    day_choice(context, "in 7 days", _("One more week")),
                ),
                own_label=_("Or another last day"),
            )


def _describe(context: FormContext, status: WaiverStatus) -> str:
    """Return a waiver in the words in which residents read it."""
    _, waiver = context.words.gettext, status.waiver
    what = context.say(waiver.what) if waiver.what else waiver.id
    if not waiver.until_words:
        return _("You said: %s.") % context.words.quote(what)
    until = context.say(waiver.until_words)
    return _("You said: %(what)s, until: %(until)s.") % {
        "what": context.words.quote(what),
        "until": context.words.quote(until),
    }


def _flags(draft: Draft) -> ResolveFlags:
    return ResolveFlags(
        text=draft.first("text") or None,
        service=form.said_statuses(draft),
        waiver=tuple(f"{id}={time}" for id, time in form.chosen_by_key(draft, WAIVER).items()),
        cancel=draft.first("outcome") == _CANCELED,
        withdraw=bool(draft.first("withdraw")),
        by=form.line(draft, "by") or None,
        title=form.line(draft, "title") or None,
        keep=bool(draft.first("keep")),
    )


def _write(session: DeskSession, draft: Draft, flags: Any) -> None:
    post = session.find_incident(draft.post)
    if flags.withdraw and draft.first("outcome"):
        raise MissingFlagsError(["--withdraw"])
    # Said here, for the command would name its flag.
    if post.kind is Kind.MAINTENANCE and not (draft.first("outcome") or flags.withdraw):
        raise MissingFlagsError(["--cancel"])
    function_of(resolve)(session, ResolveFlags(**{**vars(flags), "incident": post.id}))
    if flags.withdraw:
        return
    # Without a word on any of them, the command would take all of them to work again, which nobody said.
    incident = session.board.incident_by_id.get(post.id)
    is_broken = incident and any(word.status.is_broken for word in find_last_words(incident))
    if post.kind is Kind.INCIDENT and is_broken and not flags.service:
        raise MissingFlagsError(["--only"])


END = Form(_page, _flags, _write)
