"""What is known of a language: its name in itself, its direction, how it writes dates, and its plural forms.

That is what Babel has from the Unicode CLDR. Of some languages that cities ask for it has nothing (Hmong), or only what
another language has (the months of Haitian Creole are the French ones): those have their name from here, and the dates
of the language that they fall back on.
"""

from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.plural import PluralRule

CATALOGS_FOLDER = "languages"
CATALOG_ENDING = ".po"
"""Where in a site's folder the words of its own languages are: languages/so.po."""

# The names in themselves of languages that the CLDR lacks.
_OWN_NAMES = {"hmn": "Hmoob", "mww": "Hmoob Dawb", "ht": "Kreyòl ayisyen", "kar": "Karen", "ksw": "ကညီကျိာ်"}
# Plural forms are compared, and looked for, with numbers up to this one; some languages have one of their own for
# millions, which no page counts.
_MAX_COUNT = 1000
_PLURAL_NAMES = ("zero", "one", "two", "few", "many", "other")


@cache
def find_locale(language: str) -> Locale | None:
    """Return what the CLDR has of a language (BCP 47); None if it has nothing, or not even an order of its own."""
    tag = language.replace("-", "_")
    try:
        locale = Locale.parse(tag)
    except (UnknownLocaleError, ValueError):
        return None
    # "fr_HT" for Haitian Creole: all that is asked for would come in another language.
    parent = str(get_global("parent_exceptions").get(tag, ""))
    return None if parent and parent.partition("_")[0] not in ("root", locale.language) else locale


@cache
def text_direction(language: str) -> str:
    """Return `ltr` or `rtl`: in which direction a language is written."""
    locale = find_locale(language)
    return locale.text_direction if locale else "ltr"


@cache
def native_name(language: str) -> str:
    """Return a language's name in itself, with a capital letter where it has them: "Español"."""
    locale = find_locale(language)
    name = (locale.get_display_name() if locale else None) or _OWN_NAMES.get(language) or english_name(language)
    return name[:1].upper() + name[1:]


def is_language(code: str) -> bool:
    """Return whether a code is that of a language, as far as the CLDR or we know."""
    return find_locale(code) is not None or code in _OWN_NAMES or code in Locale("en").languages


@cache
def english_name(language: str) -> str:
    """Return a language's name in English, for the people who run the site; its code if it is not known."""
    locale = find_locale(language)
    return (locale.get_display_name("en") if locale else None) or Locale("en").languages.get(language) or language


@cache
def plural_rule(language: str) -> PluralRule:
    """Return which form of a message goes with a number: those of the CLDR that a count of services can have."""
    tag = language.replace("-", "_")
    try:
        rule = Locale.parse(tag).plural_form
    except (UnknownLocaleError, ValueError):
        return PluralRule({"one": "n is 1"})
    counted = {rule(number) for number in range(_MAX_COUNT)}
    used = [name for name in _PLURAL_NAMES if name in counted]
    # The last one is what is left: in Russian, CLDR's "other" is for fractions alone, and "many" takes its place.
    return PluralRule({name: text for name, text in rule.rules.items() if name in used[:-1]})


def plural_names(language: str) -> tuple[str, ...]:
    """Return the plural forms of a language in the order of a catalog: ("one", "other")."""
    return (*(name for name in _PLURAL_NAMES if name in plural_rule(language).tags), "other")


@cache
def plural_indexes(language: str) -> tuple[int, ...]:
    """Return the number of the form for each count, from 0 on."""
    rule, names = plural_rule(language), plural_names(language)
    return tuple(names.index(rule(number)) for number in range(_MAX_COUNT))
