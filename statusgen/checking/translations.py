"""Advice about what is missing in the other languages."""

from collections.abc import Iterator

from statusgen.checking.case import Case, Rule, advice, translated, words_in
from statusgen.errors import Problem
from statusgen.model import Incident
from statusgen.reading.services import FILE


def untranslated(case: Case) -> Iterator[Problem]:
    """Services, posts, updates and words that residents will read in a language that is not theirs."""
    yield from _services(case)
    for incident in case.site.incidents:
        for language in case.site.languages[1:]:
            if language not in incident.translated:
                hint = f"Write {translated(incident.place.file, language)}."
                yield advice(incident.place, f'This post is not translated to "{language}".', hint)
            else:
                yield from _updates(incident, language)
                yield from _words(incident, language, case)


def _services(case: Case) -> Iterator[Problem]:
    """Names by which people would not know a service."""
    for service in case.site.services if FILE in case.texts else ():
        name = dict(service.name.texts)
        for language in case.site.languages[1:]:
            if language not in name:
                first = case.site.languages[0]
                what = f'The name of the service "{service.id}" is not translated to "{language}".'
                yield advice(service.place, what, f"Write name: {{{first}: …, {language}: …}}.")


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
        missing = [words for words in words_in(update) if language not in dict(words.texts)]
        if missing:
            first = missing[0].texts[0][1]
            more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            what = f'"{first if len(first) <= 40 else first[:39] + "…"}"{more} is not translated to "{language}".'
            hint = f"Add it to {translated(incident.place.file, language)}."
            yield advice(case.line(update.place, first), what, hint)


RULES = (
    Rule("untranslated", "Those who need the other language most are those who cannot read this one.", untranslated),
    Rule("outdated", "A translation that was left behind says something else than the original.", outdated),
)
