"""The other languages beside a form: how each of its fields stands in them, and what residents would read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from statusgen import addresses
from statusgen.content.languages import native_name
from statusgen.desk.desk import Outcome
from statusgen.desk.drafts import Draft
from statusgen.desk.findings import Finding
from statusgen.desk.forms.form import RIGHT, SIDE_BY_SIDE, FormContext, in_language
from statusgen.desk.forms.languages import TranslationState, digest_of, find_states, original_of
from statusgen.desk.forms.prepared_languages import PreparedTranslation
from statusgen.desk.forms.ticked import find_standing, lacks_wrong, list_ticked
from statusgen.desk.kinds import FormKind
from statusgen.desk.text_messages import describe_length
from statusgen.desk.words import DeskWords
from statusgen.wording.phrasing import Phrasing
from statusgen.wording.short_forms import incident_message


@dataclass(frozen=True)
class Language:
    """A language besides that of the posts: its code, and its name in itself."""

    code: str
    name: str


@dataclass(frozen=True)
class Mark:
    """How a field stands in a language, in words.

    `same` is what to send if somebody has looked at it and says that it is right, and `confirm` is how to say so.
    """

    words: str
    same: str = ""
    confirm: str = ""


@dataclass(frozen=True)
class Edition:
    """What residents read in one language: where its front page and the page of the post are, and its message.

    `length` says how long the message is.
    """

    language: Language
    front: str
    post: str
    message: str
    length: str


def list_languages(context: FormContext) -> list[Language]:
    """Return the languages that a form can be written in besides the first."""
    codes = context.board.site.languages[1:] if context.draft.kind is not FormKind.TRANSLATION else ()
    return [Language(code, native_name(code)) for code in codes]


def make_marks(context: FormContext) -> dict[str, Mark]:
    """Return how each field stands in each language, by the name of the field in that language."""
    return {
        in_language(language.code, name): _make_mark(context, name, state, language.code)
        for language in list_languages(context)
        for name, state in _find_states(context, language.code).items()
    }


def _find_states(context: FormContext, language: str) -> Mapping[str, TranslationState]:
    states = find_states(context.draft, language, context.folder)
    is_lacking = context.post and lacks_wrong(context.draft, context.post, language)
    return {**states, "wrong": TranslationState.MISSING} if is_lacking else states


def _make_mark(context: FormContext, name: str, state: TranslationState, language: str) -> Mark:
    _, draft = context.words.gettext, context.draft
    match state:
        case TranslationState.MISSING:
            same = digest_of(original_of(draft.answers, name)) if _is_standing(context, name, language) else ""
            return Mark(_("missing: residents read the original"), same)
        case TranslationState.KEPT:
            return Mark(_("stays as residents read it now"))
        case TranslationState.TRANSLATED:
            return Mark(_("written by a person"))
        case TranslationState.CHANGED:
            same = digest_of(original_of(draft.answers, name))
            return Mark(_("the original has changed: not published until you look at it"), same)
        case TranslationState.NOT_NEEDED:
            return Mark(_("nothing to translate"))
        case TranslationState.INCOMPLETE:
            return Mark(_("a blank is still open: not published until it is filled in"))
        case TranslationState.UNREAD:
            said = _("prepared, and nobody has read it: not published until you have")
            return Mark(said, digest_of(draft.first(name)), _("I have read it: it says the same"))
    prepared = PreparedTranslation.of_draft(context.folder, draft, language)
    reader = prepared.reviewed if prepared else ""
    return Mark(_("prepared; read by %s") % reader if reader else _("prepared, and read by a person"))


def _is_standing(context: FormContext, name: str, language: str) -> bool:
    """Return whether residents read something there that can stay although the original is corrected."""
    ticked = [each for each in list_ticked(context.draft) if name == RIGHT + each.name]
    return any(context.post and find_standing(context.post, each.name, each.said, language) for each in ticked)


def find_translated_blanks(context: FormContext) -> set[str]:
    """Return the fields of the blanks of a prepared text that are blank in another language, too."""
    found = (PreparedTranslation.of_draft(context.folder, context.draft, each.code) for each in list_languages(context))
    return {name for each in found if each for name in each.list_blanks(context.draft)}


def find_language_findings(context: FormContext) -> Iterator[Finding]:
    """Yield what is not in a language yet, once for each; it keeps nothing from being published."""
    _, draft = context.words.gettext, context.draft
    said = {
        TranslationState.CHANGED: _("%s: the original has changed since it was translated."),
        TranslationState.UNREAD: _(
            "%s: nobody has read the prepared text. Residents read the original until you have."
        ),
        TranslationState.INCOMPLETE: _("%s: a blank of the prepared text is still open."),
        TranslationState.MISSING: _("%s: not all of it is translated. Residents read the original there."),
    }
    for language in list_languages(context):
        states = _find_states(context, language.code)
        for wanted, words in said.items():
            names = [name for name, state in states.items() if state is wanted]
            if names:
                shown = in_language(language.code, names[0]) if draft.first(SIDE_BY_SIDE) else SIDE_BY_SIDE
                yield Finding(words % language.name, shown, must=False)


def list_editions(outcome: Outcome, words: DeskWords) -> list[Edition]:
    """Return what residents would read in each language; nothing if nothing would be written."""
    report = outcome.rehearsal.report
    incident = report.board.incident_by_id.get(report.id) if report else None
    if report is None or incident is None:
        return []
    site, editions = report.dry_run.site, []
    for code in site.languages:
        front = addresses.in_language(addresses.front(), code, site)
        page = addresses.in_language(addresses.incident(incident.id), code, site)
        message = incident_message(incident, report.board, Phrasing(site, code, plain=True))
        length = describe_length(message, words)
        editions.append(Edition(Language(code, native_name(code)), front, page, message, length))
    return editions


def remember_choice(folder: Path, before: Draft, after: Draft) -> None:
    """Keep for the next form whether somebody writes the languages side by side."""
    if before.first(SIDE_BY_SIDE) != after.first(SIDE_BY_SIDE):
        (folder / SIDE_BY_SIDE).write_text(after.first(SIDE_BY_SIDE), encoding="utf-8")


def first_choice(folder: Path, kind: FormKind, languages: int) -> Mapping[str, tuple[str, ...]]:
    """Return what a new form says of that: what was chosen last, or else nothing for a new post."""
    if languages < 2 or kind is FormKind.TRANSLATION:
        return {}
    try:
        chosen = (folder / SIDE_BY_SIDE).read_text(encoding="utf-8")
    except OSError:
        chosen = "" if kind.is_new_post else "yes"
    return {SIDE_BY_SIDE: ("yes",)} if chosen == "yes" else {}
