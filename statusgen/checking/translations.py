"""Advice about what is missing in the other languages."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from statusgen.checking.case import Case, Rule, advice, translated
from statusgen.errors import Place, Problem
from statusgen.model import Incident, Words


def untranslated(case: Case) -> Iterator[Problem]:
    """Posts, updates and words that residents will read in a language that is not theirs."""
    for incident in case.site.incidents:
        for language in case.site.languages[1:]:
            if language not in incident.translated:
                hint = f"Write {translated(incident.place.file, language)}."
                yield advice(incident.place, f'This post is not translated to "{language}".', hint)
            else:
                yield from _updates(incident, language)
                yield from _words(incident, language, case)


def outdated(case: Case) -> Iterator[Problem]:
    """Translations that still say what the original has taken back."""
    for standing in case.board.incidents:
        for update in standing.updates:
            for language in update.outdated:
                what = f'The original was changed after this was translated to "{language}".'
                hint = "See whether it still says the same; then commit it with any change."
                yield advice(case.begin(update, language), what, hint)


def _updates(incident: Incident, language: str) -> Iterator[Problem]:
    for update in incident.updates:
        if update.texts and language not in {text.language for text in update.texts}:
            what = f'This update is not translated to "{language}".'
            yield advice(update.place, what, "Readers see the original, marked as such.")


def _words(incident: Incident, language: str, case: Case) -> Iterator[Problem]:
    """Words of the facts that a translated update leaves in the original."""
    for update in incident.updates:
        if update.texts and language not in {text.language for text in update.texts}:
            continue
        said = (getattr(update, field.name) for field in fields(update) if field.name != "texts")
        missing = [words for value in said for words in _within(value) if language not in dict(words.texts)]
        if missing:
            first = missing[0].texts[0][1]
            more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            what = f'"{first if len(first) <= 40 else first[:39] + "…"}"{more} is not translated to "{language}".'
            hint = f"Add it to {translated(incident.place.file, language)}."
            yield advice(case.line(update.place, first), what, hint)


def _within(value: Any) -> Iterator[Words]:
    """The words in a value; streets keep their names, and "automatic" is a word of the format."""
    if isinstance(value, Words):
        yield from () if value.texts[0][1].strip(" .").casefold() == "automatic" else [value]
    elif isinstance(value, tuple):
        for one in value:
            yield from _within(one)
    elif is_dataclass(value) and not isinstance(value, Place):
        for field in fields(value):
            if field.name == "address":
                continue
            yield from _within(getattr(value, field.name))


RULES = (
    Rule("untranslated", "Those who need the other language most are those who cannot read this one.", untranslated),
    Rule("outdated", "A translation that was left behind says something else than the original.", outdated),
)
