"""The other languages beside a form: how each of its fields stands in them, and what residents would read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from statusgen import addresses
from statusgen.content.languages import native_name
from statusgen.desk.desk import Outcome
from statusgen.desk.drafts import Draft
from statusgen.desk.findings import Finding
from statusgen.desk.forms.form import FormContext
from statusgen.desk.forms.languages import (
    SIDE_BY_SIDE,
    TranslationState,
    digest_of,
    find_states,
    in_language,
    original_of,
)
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
    """How a field stands in a language, in words; `same` is what to send if a changed original says the same."""

    words: str
    same: str = ""


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
    _, draft = context.words.gettext, context.draft
    words = {
        TranslationState.MISSING: _("missing: residents read the original"),
        TranslationState.TRANSLATED: _("written by a person"),
        TranslationState.CHANGED: _("the original has changed: not published until you look at it"),
    }
    return {
        in_language(language.code, name): Mark(
            words[state], digest_of(original_of(draft.answers, name)) if state is TranslationState.CHANGED else ""
        )
        for language in list_languages(context)
        for name, state in find_states(draft, language.code).items()
    }


def find_language_findings(context: FormContext) -> Iterator[Finding]:
    """Yield what is not in a language yet, once for each; it keeps nothing from being published."""
    _, draft = context.words.gettext, context.draft
    for language in list_languages(context):
        states = find_states(draft, language.code)
        for wanted, said in (
            (TranslationState.CHANGED, _("%s: the original has changed since it was translated.")),
            (TranslationState.MISSING, _("%s: not all of it is translated. Residents read the original there.")),
        ):
            names = [name for name, state in states.items() if state is wanted]
            if names:
                shown = in_language(language.code, names[0]) if draft.first(SIDE_BY_SIDE) else SIDE_BY_SIDE
                yield Finding(said % language.name, shown, must=False)


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
