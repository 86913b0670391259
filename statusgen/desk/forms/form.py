"""What all forms share: what they are made from, and the fields that several of them have."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.whole_board import Board
from statusgen.desk.drafts import Draft
from statusgen.desk.questions import Bulk, Choice, Field, FormPage, Question, Row, Shape
from statusgen.desk.rehearse import DeskSession
from statusgen.desk.words import DeskWords
from statusgen.editor.last_words import find_last_words
from statusgen.editor.times import TimeParser, format_time
from statusgen.model.services import Channel, Service
from statusgen.model.statuses import WRITTEN_STATUSES, Status
from statusgen.model.times import When
from statusgen.model.words import Words
from statusgen.wording.phrasing import Phrasing

LISTS = ("known", "not_known", "doing")
"""The fields that have one thing on each line."""
STATUS = "status/"
"""Before the key of a service: the name of the field with its status."""
DO, WHERE, EXPECTED = "do/", "where/", "expected/"
"""Before the key of a service: what people can do, where they can go, and when it is expected back."""
NOT_KNOWN = "unknown"
"""The choice that nobody knows since when."""
WRONG, RIGHT, WAIVER = "wrong/", "right/", "waiver/"
"""Before the name of a sentence: whether it is wrong, and what holds instead. Before a waiver: its last day."""
IN = "in/"
"""Before a language and the name of a field: the field with the same in that language."""
SIDE_BY_SIDE = "side-by-side"
"""The field that says whether the languages are shown beside the original."""


def in_language(language: str, name: str) -> str:
    """Return the name of the field that says the same in another language."""
    return f"{IN}{language}/{name}"


@dataclass(frozen=True)
class FormContext:
    """What a form is made from: the site now, the draft, and the desk's words. `post` is what the draft is about.

    `folder` is that of the site, whose own prepared texts are offered.
    """

    board: Board
    draft: Draft
    words: DeskWords
    post: IncidentStatus | None
    folder: Path

    @cached_property
    def vocabulary(self) -> Phrasing:
        """The words that residents read, in the desk's language if the site has it."""
        return self.words.vocabulary(self.board.site)

    def say(self, words: Words) -> str:
        """Return words of the city."""
        return self.vocabulary.say(words)

    @property
    def parser(self) -> TimeParser:
        """Reads times as they were meant when the form was opened."""
        return TimeParser(self.draft.opened, self.board.site.zone)

    def as_posts_have_it(self, when: When) -> str:
        """Return a time as posts have it."""
        return format_time(when, self.board.site.zone)


MakePage = Callable[[FormContext], FormPage]
MakeFlags = Callable[[Draft], Any]


@dataclass(frozen=True)
class Form:
    """One kind of form: what it asks, the flags of a command that its answers become, and that command."""

    make_page: MakePage
    make_flags: MakeFlags
    write: Callable[[DeskSession, Draft, Any], None]


def time_choice(context: FormContext, words: str, label: str, past: bool = False, detail: bool = True) -> Choice:
    """Return a time to choose, which is fixed when the form is opened: its words, and the clock time that they mean."""
    parse = context.parser.parse_past if past else context.parser.parse_future
    when = parse(words)
    shown = context.words.moment(when.start, context.draft.opened) if detail and not when.is_whole_day else ""
    return Choice(context.as_posts_have_it(when), label, shown)


def day_choice(context: FormContext, words: str, label: str) -> Choice:
    """Return a day to choose, which is fixed when the form is opened: its words, and the day that they mean."""
    when = context.parser.parse_future(words)
    return Choice(context.as_posts_have_it(when), label, context.words.day(when.start))


def since_field(context: FormContext) -> Field:
    """Return the question since when, with the times that are said most."""
    _ = context.words.gettext
    local = context.draft.opened.astimezone(context.board.site.zone)
    early = ("today 8:00", _("This morning, 8 AM")) if local.hour >= 9 else ("yesterday 20:00", _("Last evening, 8 PM"))
    return Field(
        "since",
        Shape.CHOICE_OR_LINE,
        choices=(
            time_choice(context, "now", _("Now"), past=True),
            time_choice(context, "30 minutes ago", _("30 minutes ago"), past=True),
            time_choice(context, early[0], early[1], past=True, detail=False),
            Choice(NOT_KNOWN, _("We do not know")),
        ),
        hint=_("Like 1:10 AM, yesterday 4 PM, 20 minutes ago."),
        flags=("--since",),
        keys=("started",),
    )


def next_times(words: DeskWords, parser: TimeParser) -> tuple[Choice, ...]:
    """Return the times at which there could be more to say."""
    _ = words.gettext
    morning = [("today 8:00", _("8 AM today"))] if parser.now.astimezone(parser.zone).hour < 7 else []
    said = [("in 1 hour", _("In 1 hour")), ("in 2 hours", _("In 2 hours")), *morning]
    said += [("tomorrow 8:00", _("Tomorrow, 8 AM"))]
    found = []
    for time, label in said:
        when = parser.parse_future(time)
        detail = words.moment(when.start, parser.now) if time.startswith("in ") else ""
        found.append(Choice(format_time(when, parser.zone), label, detail))
    return tuple(found)


def _promise_field(context: FormContext) -> Field:
    """Return the question when there is more to say."""
    _ = context.words.gettext
    return Field(
        "next",
        Shape.CHOICE_OR_LINE,
        choices=next_times(context.words, context.parser),
        hint=_("Like 4 PM, tomorrow 9 AM, in 3 hours."),
        flags=("--next",),
        keys=("next_update",),
    )


def promise_question(context: FormContext) -> Question:
    """Return the question when there is more to say, as a promise."""
    _ = context.words.gettext
    return Question(
        _("When will you say more?"),
        (_promise_field(context),),
        _("A promise. The page says it, and says so if it is not kept."),
    )


def do_question(context: FormContext, hint: str = "") -> Question:
    """Return the question what everybody who is affected can do."""
    _ = context.words.gettext
    field = Field("do", Shape.TEXT, flags=("--do",), keys=("do",), rows_high=2)
    return Question(_("What can people do meanwhile?"), (field,), hint)


def begin_and_end_fields(context: FormContext, hint: str) -> tuple[Field, Field]:
    """Return when something begins by the clock, and when it ends."""
    _ = context.words.gettext
    return (
        Field("starts", Shape.LINE, _("It begins"), hint, flags=("--starts",), keys=("starts",)),
        Field("ends", Shape.LINE, _("It ends"), hint, flags=("--ends",), keys=("ends",)),
    )


def keep_field(context: FormContext) -> Field:
    """Return whether what people can do is shown further although it got better."""
    _ = context.words.gettext
    keep = Choice("yes", _("Keep showing what people can do where it got better"))
    return Field("keep", Shape.CHOICES, choices=(keep,), flags=("--keep",))


def update_title_field(context: FormContext) -> Field:
    """Return the headline of an update, which has its own only if somebody writes one."""
    _ = context.words.gettext
    return Field("title", Shape.LINE, _("A headline for this update"), flags=("--title",), keys=("title",))


def chosen_time(draft: Draft, name: str) -> str:
    """Return the time that a field says: what was typed, or else what was chosen."""
    return draft.first(f"{name}-own") or draft.first(name)


def line(draft: Draft, name: str) -> str:
    """Return what a field says that has one line."""
    return " ".join(draft.first(name).split())


def chosen_words(draft: Draft, name: str) -> str:
    """Return the words that a field says: what was typed, or else what was chosen."""
    return line(draft, f"{name}-own") or line(draft, name)


def chosen_by_key(draft: Draft, prefix: str) -> dict[str, str]:
    """Return what was typed or chosen in each field whose name begins with the prefix, by the rest of the name."""
    names = {name.removesuffix("-own") for name in draft.answers if name.startswith(prefix)}
    return {name.removeprefix(prefix): words for name in sorted(names) if (words := chosen_words(draft, name))}


def status_choices(context: FormContext) -> tuple[Choice, ...]:
    """Return the statuses that can be said, the worst first, as residents read them."""
    return tuple(Choice(each.value, context.vocabulary.status(each)) for each in reversed(WRITTEN_STATUSES))


def statuses_field(context: FormContext, label: str = "", hint: str = "") -> Field:
    """Return the status of every service and every way to use one; those of the post come first."""
    held = _describe_held(context)
    rows = [_row(context, service, held) for service in context.board.site.services]
    return Field(
        "status",
        Shape.STATUSES,
        label=label,
        hint=hint,
        choices=status_choices(context),
        rows=tuple(sorted(rows, key=lambda row: not row.is_named)),
        bulks=tuple(_list_bulks(context)) if context.post is None else (),
        flags=("--service", "--do", "--where", "--expected", "--short"),
        keys=("services",),
    )


def _describe_held(context: FormContext) -> dict[str, str]:
    """Return what the post says of services and ways now, in words."""
    found: dict[str, str] = {}
    for word in find_last_words(context.post) if context.post else ():
        key = "/".join(filter(None, word.key))
        said = context.vocabulary.status(word.status)
        when = word.said_at and context.words.moment(word.said_at.start, context.draft.opened)
        found[key] = f"{said}, {when}" if when else said
    return found


def _row(context: FormContext, service: Service, held: dict[str, str]) -> Row:
    draft, name = context.draft, context.say(service.name)
    keys = [service.id, *(f"{service.id}/{channel.id}" for channel in service.channels)]
    is_named = any(key in held or draft.first(STATUS + key) for key in keys)
    search = [name, *([context.say(service.keywords)] if service.keywords else [])]
    ways = tuple(
        Row(
            f"{service.id}/{channel.id}",
            way_name(context, channel),
            held.get(f"{service.id}/{channel.id}", ""),
            advice=_advice_on(context, service.id, channel.id),
        )
        for channel in service.channels
    )
    now = held.get(service.id, "") or _elsewhere(context, service)
    return Row(service.id, name, now, " ".join(search).casefold(), ways, is_named, _advice_on(context, service.id))


def _advice_on(context: FormContext, service: str, way: str | None = None) -> str:
    """Return what the post says that people can do; it stays as long as the status does."""
    _ = context.words.gettext
    said = [
        context.words.quote(context.say(advice.words))
        for each in (context.post.workarounds if context.post else ())
        if (each.service, each.channel) == (service, way)
        for advice in (each.do, each.where)
        if advice
    ]
    return _("Residents read: %s It stays as long as its status.") % " ".join(said) if said else ""


def way_name(context: FormContext, channel: Channel) -> str:
    """Return what residents call a way to use a service."""
    return context.vocabulary.channel(channel)


def _elsewhere(context: FormContext, service: Service) -> str:
    """Return what another open post says of a service."""
    standing = context.board.service_by_id[service.id]
    if context.post or not standing.status.is_stated_problem:
        return ""
    _ = context.words.gettext
    return _("Open in another post: %s") % context.vocabulary.status(standing.status)


def _list_bulks(context: FormContext) -> Iterator[Bulk]:
    """Yield what can be said of several services at once: of the essential ones, of all ways of a kind, of groups.

    What others run is not among the last two.
    """
    site, _ = context.board.site, context.words.gettext
    essential = [service for service in site.services if service.essential]
    if essential:
        names = context.vocabulary.format_list(context.say(service.name) for service in essential)
        yield Bulk(_("%s: working, I checked") % names, Status.WORKING.value, tuple(each.id for each in essential))
    ways: dict[str, list[str]] = {}
    ours = [service for service in site.services if service.is_ours]
    for service in ours:
        for channel in service.channels:
            name = context.vocabulary.channel_kind(channel.kind)
            ways.setdefault(name, []).append(f"{service.id}/{channel.id}")
    down = context.vocabulary.status(Status.DOWN)
    for name, keys in ways.items():
        if len(keys) > 1:
            yield Bulk(f"{name} ({len(keys)}): {down}", Status.DOWN.value, tuple(keys))
    for group in site.groups:
        keys = [service.id for service in ours if service.group == group.id]
        if len(keys) > 1:
            yield Bulk(f"{context.say(group.name)} ({len(keys)}): {down}", Status.DOWN.value, tuple(keys))


def said_statuses(draft: Draft) -> tuple[str, ...]:
    """Return what --service says: each service or way with its status."""
    return tuple(f"{key}={values[0]}" for key, values in _by_key(draft, STATUS))


def said_by_service(draft: Draft, prefix: str) -> tuple[str, ...]:
    """Return what a flag says of single services, like "permits=Bring paper plans."."""
    return tuple(f"{key}={' '.join(values[0].split())}" for key, values in _by_key(draft, prefix))


def about_all(draft: Draft, name: str) -> tuple[str, ...]:
    """Return what a field says of all services that do not work, as a flag has it that can be repeated."""
    words = line(draft, name)
    return (words,) if words else ()


def _by_key(draft: Draft, prefix: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    found = ((name.removeprefix(prefix), values) for name, values in draft.answers.items() if name.startswith(prefix))
    return ((key, values) for key, values in sorted(found) if any(value.strip() for value in values))


def others_field(context: FormContext) -> Field:
    """Return the question what of those services that nobody named."""
    _ = context.words.gettext
    return Field(
        "others",
        Shape.CHOICE,
        _("And what you did not name?"),
        choices=(
            Choice("", _("Nothing said about it")),
            Choice("working", _("It works: someone checked")),
            Choice("unknown", _("We do not know yet")),
        ),
        flags=("--others",),
        keys=("others",),
    )


def _list_fields(context: FormContext) -> Iterator[Field]:
    """Yield the field of each of `LISTS`."""
    _ = context.words.gettext
    labels = (_("What we know"), _("What we do not know yet"), _("What is being done about it"))
    for name, label in zip(LISTS, labels, strict=True):
        flag = f"--{name.replace('_', '-')}"
        yield Field(name, Shape.LIST, label, _("One thing on each line."), flags=(flag,), keys=(name,))


def more_fields(context: FormContext, *names: str) -> tuple[Field, ...]:
    """Return fields that nobody needs at first, by their names."""
    _ = context.words.gettext
    known = {
        **{field.name: field for field in _list_fields(context)},
        "expected": Field(
            "expected",
            Shape.LINE,
            _("When it is expected back"),
            _("Like by May 15, not before tomorrow 9 AM, or unknown. Leave it empty if nobody said so."),
            flags=("--expected",),
            keys=("expected",),
        ),
        "basis": Field("basis", Shape.LINE, _("Who estimates that"), flags=("--basis",)),
        "scope": Field(
            "scope",
            Shape.CHOICE,
            _("Could it affect more than that?"),
            choices=(
                Choice("", _("Nothing said about it")),
                Choice("wider", _("It could")),
                Choice("named", _("No: only what is named")),
            ),
            flags=("--scope",),
            keys=("scope",),
        ),
        "by": Field("by", Shape.LINE, _("Who says it (for a statement)"), flags=("--by",), keys=("by",)),
        "text": Field("text", Shape.TEXT, _("More, in your own words"), flags=("--text",), keys=("text",)),
    }
    return tuple(known[name] for name in names)


def text_field(context: FormContext, label: str, hint: str = "") -> Field:
    """Return the text of an update."""
    return replace(more_fields(context, "text")[0], label=label, hint=hint)
