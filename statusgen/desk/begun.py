"""What somebody began with a command and broke off, or what a command would say, as the form that asks the same.

A form becomes the flags of a command, so flags are what both understand: what was said for a flag goes into the field
that becomes this flag. A draft with anything that has no field is not opened here: nothing is dropped in silence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from statusgen.cli.drafts import Draft as CommandDraft
from statusgen.cli.drafts import Values, list_drafts
from statusgen.cli.questions import SERVICE_SINCE
from statusgen.desk.desk import Desk, SiteNow
from statusgen.desk.drafts import Answers, Draft
from statusgen.desk.forms import form
from statusgen.desk.forms.prepared import choose_text
from statusgen.desk.forms.prepared_text import PreparedText
from statusgen.desk.forms.registry import FORMS
from statusgen.desk.home import Waiting, kind_name
from statusgen.desk.kinds import FormKind
from statusgen.desk.questions import Field, FormPage, Shape
from statusgen.desk.rehearse import flag_names
from statusgen.desk.words import DeskWords
from statusgen.editor.draft_folder import DraftFolder
from statusgen.editor.spoken_times import split_before
from statusgen.editor.statuses import parse_service_keys, parse_statuses, split_instruction
from statusgen.editor.times import TimeParser, format_time
from statusgen.model.states import Kind
from statusgen.model.statuses import Status
from statusgen.problems import InvalidValue

_KINDS = {
    "update": FormKind.UPDATE,
    "resolve": FormKind.END,
    "correct": FormKind.CORRECTION,
    "waive": FormKind.WAIVER,
    "confirm": FormKind.CONFIRM,
}
_NEW_KINDS = {
    Kind.INCIDENT.value: FormKind.PROBLEM,
    Kind.MAINTENANCE.value: FormKind.PLANNED_WORK,
    Kind.NOTICE.value: FormKind.NOTICE,
}
# Which form it is, from which text it begins, and what it is about: no field asks for these.
_ABOUT = ("kind", "template", "incident")
_TIMES = ("--next", "--starts", "--ends", "--until")
_PREFIXES = {"--do": form.DO, "--where": form.WHERE, "--expected": form.EXPECTED}
# What a command takes for an answer, and a form has as a choice.
_CHOICES = {"--scope": {"y": "wider", "yes": "wider", "n": "named", "no": "named"}}
_CHOICES["--others"] = {"y": "unknown", "yes": "unknown", "n": "", "no": ""}


@dataclass(frozen=True)
class Begun:
    """A command that was broken off: its draft, the form that asks the same, and what its fields say.

    `kind` is None, and there are no answers, if no form has a field for all that was said.
    """

    draft: CommandDraft
    kind: FormKind | None
    answers: Answers


def list_begun(desk: Desk, now: SiteNow) -> list[Begun]:
    """Return the commands that were broken off, the last one first."""
    drafts = list_drafts(DraftFolder(desk.folder), desk.now(now.site))
    return [_translate(desk, now, draft) for draft in drafts]


def fill_form(desk: Desk, now: SiteNow, command: str, values: Values) -> Begun:
    """Return the form that says the same as a command with these flags, which nobody has run."""
    moment = desk.now(now.site)
    return _translate(desk, now, CommandDraft(DraftFolder(desk.folder), "", command, values, moment, moment))


def take_over(desk: Desk, begun: Begun, more: Answers) -> Draft:
    """Return a form that says what was answered, and `more`; the command does not offer to go on anymore."""
    assert begun.kind
    draft = desk.open_draft(begun.kind, begun.draft.post)
    draft = desk.drafts.change(draft, {**more, **begun.answers}, draft.opened)
    begun.draft.folder.discard(begun.draft.id)
    return draft


def list_waiting(begun: Sequence[Begun], now: SiteNow, moment: datetime, words: DeskWords) -> Iterator[Waiting]:
    """Yield what was begun with a command, in one sentence each, and what goes on with it."""
    _ = words.gettext
    for each in begun:
        post = now.board.incident_by_id.get(each.draft.post)
        about = next((answer.words for answer in each.draft.answers if answer.flag == "--title"), "")
        about = about or str(each.draft.values.get("title") or "")
        about = about or (words.vocabulary(now.site).say(post.incident.title) if post else "")
        about = about or (kind_name(each.kind, words) if each.kind else each.draft.command)
        said = {"about": words.quote(about), "when": words.moment(each.draft.kept_at, moment)}
        if each.kind:
            sentence = _("Begun with a command, not published yet: %(about)s, kept %(when)s.")
            yield Waiting(
                sentence % said, _("Continue writing"), kind=each.kind, post=each.draft.post, begun=each.draft.id
            )
        else:
            sentence = _("Begun with a command, and no form can show all of it: %(about)s, kept %(when)s.")
            where = _("Continue where you began: %s") % f"statusgen {each.draft.command}"
            yield Waiting(f"{sentence % said} {where}")


def _translate(desk: Desk, now: SiteNow, draft: CommandDraft) -> Begun:
    template = str(draft.values.get("template") or "")
    text = PreparedText.read(desk.source, template) if template else None
    kind = _find_kind(draft, text)
    is_there = kind and (kind.is_new_post or draft.post in now.board.incident_by_id)
    if kind is None or not is_there or (template and text is None):
        return Begun(draft, None, {})
    empty = Draft("", kind, draft.post, "", draft.began)
    prepared = choose_text(desk.source, empty, template, keeps_own=False) if template else {}
    page = FORMS[kind].make_page(desk.context(empty, "en", now))
    answers = _Translator(now, page, kind).translate(draft)
    return Begun(draft, None, {}) if answers is None else Begun(draft, kind, {**prepared, **answers})


def _find_kind(draft: CommandDraft, text: PreparedText | None) -> FormKind | None:
    if draft.command == "new":
        kind = draft.values.get("kind") or (text.kind if text else Kind.INCIDENT.value)
        return _NEW_KINDS.get(str(kind))
    return _KINDS.get(draft.command)


@dataclass(frozen=True)
class _Said:
    """What was said for a flag, and when."""

    flag: str
    words: str
    at: datetime


class _NoFieldError(Exception):
    """What was said has no field in the form."""


@dataclass(frozen=True)
class _Translator:
    """Puts what was said for flags into the fields of a form."""

    now: SiteNow
    page: FormPage
    kind: FormKind

    @cached_property
    def fields(self) -> list[Field]:
        return [*self.page.fields()]

    def translate(self, draft: CommandDraft) -> Answers | None:
        """Return what each field says; None if something has no field."""
        answers: dict[str, tuple[str, ...]] = {}
        try:
            for said in self._list_said(draft):
                for name, values in self._place(said).items():
                    is_list = name in form.LISTS or self._is_many(name)
                    if name in answers and not is_list and not name.startswith(form.STATUS):
                        return None
                    answers[name] = (*answers.get(name, ()), *values) if is_list else values
        except (_NoFieldError, InvalidValue):
            return None
        return {name: ("\n".join(values),) if name in form.LISTS else values for name, values in answers.items()}

    def _is_many(self, name: str) -> bool:
        return any(field.name == name and field.shape is Shape.CHOICES for field in self.fields)

    def _list_said(self, draft: CommandDraft) -> Iterator[_Said]:
        flags = FORMS[self.kind].make_flags(Draft("", self.kind, draft.post, "", draft.began))
        names = {name: flag for flag, name in flag_names(flags.__class__).items()}
        for name, value in draft.values.items():
            if name not in _ABOUT:
                for words in value if isinstance(value, tuple) else (value,):
                    yield _Said(names.get(name, ""), "yes" if words is True else str(words), draft.began)
        for answer in draft.answers:
            if answer.flag == SERVICE_SINCE.flag and answer.words == SERVICE_SINCE.default:
                continue  # all began with the incident
            flag, _space, start = answer.flag.partition(" ")
            if (answer.words or flag == "--only") and flag != "INCIDENT":
                yield _Said(flag, start + answer.words, answer.typed_at)

    def _place(self, said: _Said) -> dict[str, tuple[str, ...]]:
        """Return what the fields say that become this flag; raise _NoFieldError if there are none."""
        fields = [field for field in self.fields if said.flag and said.flag in field.flags]
        if said.flag in ("--service", "--only"):
            return self._place_services(said, fields)
        if said.flag in _PREFIXES and (parts := split_instruction(said.words, self.now.site))[0]:
            if not any(field.shape is Shape.STATUSES for field in fields):
                raise _NoFieldError
            return {_PREFIXES[said.flag] + key: (parts[1],) for key in parts[0]}
        if said.flag == "--waiver" and self.kind is FormKind.END:
            id, _equals, time = said.words.partition("=")
            return {f"{form.WAIVER}{id}-own": (self._fix_time(time, said),)}
        if said.flag in ("--wrong", "--right"):
            return {said.flag.removeprefix("--"): (said.words,)}
        if said.flag in _CHOICES:
            chosen = _CHOICES[said.flag].get(said.words.casefold(), said.words)
            return {fields[0].name: (chosen,) if chosen else ()} if fields else {}
        if (said.flag == "--since" and "=" in said.words) or said.words == "-":
            raise _NoFieldError
        words = self._fix_time(said.words, said) if said.flag in ("--since", *_TIMES) else said.words
        found = next((name for field in fields if (name := _name_in(field, words))), None)
        if found is None:
            raise _NoFieldError
        return {found: (words,)}

    def _place_services(self, said: _Said, fields: Sequence[Field]) -> dict[str, tuple[str, ...]]:
        """Return what is said of services; `fields` are those that take it."""
        site = self.now.site
        field = next(iter(fields), None)
        if field is None:
            raise _NoFieldError
        if field.shape is Shape.CHOICES:  # the services that a waiver is for
            keys = [key for part in _split(said.words) for key in parse_service_keys(part, site)]
            return {field.name: tuple(dict.fromkeys(key.partition("/")[0] for key in keys))}
        if said.flag == "--only":  # what works again; of the rest it is not known
            named = [key for part in _split(said.words) for key in parse_service_keys(part, site)]
            works = {
                row.key: not named or any(row.key == key or row.key.startswith(f"{key}/") for key in named)
                for row in field.rows
            }
            return {
                form.STATUS + key: ((Status.WORKING if is_working else Status.UNKNOWN).value,)
                for key, is_working in works.items()
            }
        statuses = self._parse_statuses(said.words)
        return {form.STATUS + key: (status.value,) for key, status in statuses.items()}

    def _parse_statuses(self, words: str) -> dict[str, Status]:
        try:
            return parse_statuses(words, self.now.site)
        except InvalidValue:
            if self.kind is not FormKind.PLANNED_WORK:
                raise
            return parse_statuses(", ".join(f"{part} maintenance" for part in _split(words)), self.now.site)

    def _fix_time(self, words: str, said: _Said) -> str:
        """Return a time as it was meant when it was typed; what is no time stays as it is."""
        zone = self.now.site.zone
        parser = TimeParser(said.at, zone)
        is_before, time = split_before(words)
        try:
            when = parser.parse_past(time) if said.flag == "--since" else parser.parse_future(time)
        except InvalidValue:
            return words
        return f"before {format_time(when, zone)}" if is_before else format_time(when, zone)


def _split(words: str) -> list[str]:
    return [part.strip() for part in words.split(",") if part.strip()]


def _name_in(field: Field, words: str) -> str | None:
    """Return under which name a field takes words; None if it does not."""
    values = [choice.value for choice in field.choices]
    if field.shape in (Shape.LINE, Shape.TEXT, Shape.LIST):
        return field.name
    if field.shape is Shape.CHOICE_OR_LINE:
        return field.name if words in values else field.own_name
    return field.name if field.shape in (Shape.CHOICE, Shape.CHOICES) and words in values else None
