"""Advice about what is missing in the other languages."""

from collections.abc import Iterator

from statusgen.content.services import SERVICES_FILE
from statusgen.lint.rule import LintContext, Rule, make_advice, translation_file, words_in
from statusgen.model import Incident
from statusgen.problems import Problem


def untranslated(context: LintContext) -> Iterator[Problem]:
    """Services, posts, updates and words that residents will read in a language that is not theirs."""
    yield from _find_untranslated_service_names(context)
    for incident in context.site.incidents:
        for language in context.site.languages[1:]:
            if language not in incident.translation_languages:
                hint = f"Write {translation_file(incident.place.file, language)}."
                yield make_advice(incident.place, f'This post is not translated to "{language}".', hint)
            else:
                yield from _find_untranslated_updates(incident, language)
                yield from _find_untranslated_words(incident, language, context)


def _find_untranslated_service_names(context: LintContext) -> Iterator[Problem]:
    """Names by which people would not know a service."""
    for service in context.site.services if SERVICES_FILE in context.texts else ():
        name = dict(service.name.texts)
        for language in context.site.languages[1:]:
            if language not in name:
                first = context.site.languages[0]
                what = f'The name of the service "{service.id}" is not translated to "{language}".'
                yield make_advice(service.place, what, f"Write name: {{{first}: …, {language}: …}}.")


def outdated(context: LintContext) -> Iterator[Problem]:
    """Translations that still say what the original has taken back."""
    for incident in context.board.incidents:
        for update in incident.updates:
            for language in update.outdated_languages:
                what = f'The original was changed after this was translated to "{language}".'
                hint = "See whether it still says the same; then commit it with any change."
                yield make_advice(context.update_place(update, language), what, hint)


def _find_untranslated_updates(incident: Incident, language: str) -> Iterator[Problem]:
    for update in incident.updates:
        if update.texts and language not in {text.language for text in update.texts}:
            what = f'This update is not translated to "{language}".'
            yield make_advice(update.place, what, "Readers see the original, marked as such.")


def _find_untranslated_words(incident: Incident, language: str, context: LintContext) -> Iterator[Problem]:
    """Words of the facts that a translated update leaves in the original."""
    for update in incident.updates:
        if update.texts and language not in {text.language for text in update.texts}:
            continue
        missing = [words for words in words_in(update) if language not in dict(words.texts)]
        if missing:
            first = missing[0].texts[0][1]
            more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            what = f'"{first if len(first) <= 40 else first[:39] + "…"}"{more} is not translated to "{language}".'
            hint = f"Add it to {translation_file(incident.place.file, language)}."
            yield make_advice(context.find_line(update.place, first), what, hint)


RULES = (
    Rule("untranslated", "Those who need the other language most are those who cannot read this one.", untranslated),
    Rule("outdated", "A translation that was left behind says something else than the original.", outdated),
)
