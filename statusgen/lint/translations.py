"""Advises on what is missing in the other languages."""

import re
from collections.abc import Iterator

from statusgen.content.languages import english_name
from statusgen.content.services import SERVICES_FILE
from statusgen.lint.rule import LintContext, Rule, make_advice, translation_file, words_in
from statusgen.model.posts import Incident
from statusgen.model.words import Words
from statusgen.problems import Problem

_CHANNEL_WORDS = ("address", "hours", "bring", "fee")
# What says how to find a place, and is not its name.
_WORDS_IN_ADDRESS = re.compile(
    r"\b(?:floor|entrance|door|behind|beside|next to|across|between|corner|near|room|level|ground)\b", re.IGNORECASE
)


def find_untranslated_content(context: LintContext) -> Iterator[Problem]:
    """Find services, posts, updates, and words that have no translation."""
    yield from _find_untranslated_service_names(context)
    yield from _find_untranslated_channels(context)
    for incident in context.site.incidents:
        for language in context.site.languages[1:]:
            if language not in incident.translation_languages:
                file = translation_file(incident.place.file, language)
                hint = f"Write {file}, or lay it out: statusgen translate {incident.id} {language}"
                yield make_advice(
                    incident.place, f"There is no {english_name(language)} translation of this post.", hint
                )
            else:
                yield from _find_untranslated_updates(incident, language, context)
                yield from _find_untranslated_words(incident, language, context)


def _find_untranslated_service_names(context: LintContext) -> Iterator[Problem]:
    """Yield services whose name is missing in a language."""
    for service in context.site.services if SERVICES_FILE in context.texts else ():
        name = dict(service.name.texts)
        for language in context.site.languages[1:]:
            if language not in name:
                first = context.site.languages[0]
                what = f'The service "{service.id}" has no {english_name(language)} name.'
                yield make_advice(service.place, what, f"Write name: {{{first}: …, {language}: …}}.")


def _find_untranslated_channels(context: LintContext) -> Iterator[Problem]:
    """Yield ways whose words are translated only in part: in a language that others of their words have."""
    for service in context.site.services if SERVICES_FILE in context.texts else ():
        for channel in service.channels:
            for language in context.site.languages[1:]:
                said = {key: getattr(channel, key) for key in _CHANNEL_WORDS}
                # An address alone is the same in every language; one with words in it is written in each.
                missing = [key for key, words in said.items() if words and _lacks(words, language, key == "address")]
                if missing:
                    first = context.site.languages[0]
                    what = f'{", ".join(missing)} of "{service.id}/{channel.id}": no {english_name(language)} words.'
                    yield make_advice(channel.place, what, f"Write {missing[0]}: {{{first}: …, {language}: …}}.")


def _lacks(words: Words, language: str, is_address: bool) -> bool:
    texts = dict(words.texts)
    first = words.texts[0][1]
    if language in texts or not any(char.isalpha() for char in first):
        return False
    return not is_address or len(texts) > 1 or bool(_WORDS_IN_ADDRESS.search(first))


def find_outdated_translations(context: LintContext) -> Iterator[Problem]:
    """Find translations that are older than the last change of the original."""
    for incident in context.board.incidents:
        for update in incident.updates:
            for language in update.outdated_languages:
                what = f"The original was changed after this {english_name(language)} translation was made."
                hint = "Check that it still says the same, then commit it with any change."
                yield make_advice(context.update_place(update, language), what, hint)


def _find_untranslated_updates(incident: Incident, language: str, context: LintContext) -> Iterator[Problem]:
    for update in incident.updates:
        if update.texts and language not in {text.language for text in update.texts}:
            until_then = "Until then, readers see the original, marked as such."
            if blank := context.find_blank(update, language):
                what = f"Not all of this update is translated into {english_name(language)} yet."
                yield make_advice(blank, what, f"Replace the brackets and what is in them. {until_then}")
            else:
                what = f"There is no {english_name(language)} translation of this update."
                yield make_advice(update.place, what, f"Add one. {until_then}")


def _find_untranslated_words(incident: Incident, language: str, context: LintContext) -> Iterator[Problem]:
    """Yield the words of facts that a translated update does not translate."""
    translated: set[str] = set()  # words said again letter for letter keep their translation
    for update in incident.updates:
        words_of_update = words_in(update)
        translated |= {words.texts[0][1] for words in words_of_update if language in dict(words.texts)}
        if update.texts and language not in {text.language for text in update.texts}:
            continue
        missing = [words for words in words_of_update if words.texts[0][1] not in translated]
        if missing:
            first = missing[0].texts[0][1]
            more = f" and {len(missing) - 1} more have" if len(missing) > 1 else " has"
            shown = first if len(first) <= 40 else f"{first[:39]}…"
            what = f'"{shown}"{more} no {english_name(language)} translation.'
            hint = f"Add it to {translation_file(incident.place.file, language)}."
            place = context.find_blank(update, language) or context.find_line(update.place, first)
            yield make_advice(place, what, hint)


RULES = (
    Rule("untranslated", "The people who need a translation most cannot read the original.", find_untranslated_content),
    Rule("outdated", "An outdated translation says something different from the original.", find_outdated_translations),
)
