"""The interface in one language: its message catalog (gettext) and how it writes dates and lists (Babel, CLDR)."""

import gettext
import re
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.lists import format_list

CATALOGS = Path(__file__).parent.parent / "theme" / "locale"
DOMAIN = "statusgen"
# The messages in the source code are English.
SOURCE_LANGUAGE = "en"
# A phone number, or an HTML tag, which may contain one that must stay as it is.
_PHONE_NUMBER = re.compile(r"""<(?:[^>"]|"[^"]*")*>|(?<![\w\u200e-])(\+?(?:\d{1,4}-)*\d{3}-\d{4})(?![\w-])""")
# Spanish has "e" for "y" before the sound of i ("agua e impuestos", but "agua y hielo"), and "u" for "o" before the
# sound of o. In HTML a word may begin with a tag.
_SPANISH_CONJUNCTIONS = (
    ("y", "e", re.compile(r"(?:<[^>]*>|\W)*(?:[ií]|h[ií](?![aeo]))", re.IGNORECASE)),
    ("o", "u", re.compile(r"(?:<[^>]*>|\W)*h?[oó]", re.IGNORECASE)),
)
_LEFT_TO_RIGHT_MARK = "\u200e"


def available_languages() -> tuple[str, ...]:
    """Return the languages that pages can be made in: English, and those that have a catalog."""
    return (SOURCE_LANGUAGE, *sorted(path.parent.parent.name for path in CATALOGS.glob(f"*/LC_MESSAGES/{DOMAIN}.po")))


class InterfaceLanguage:
    """The messages and conventions of `language`, as used in the country of the time zone `zone`.

    That country chooses between conventions: Spanish in Chicago writes dates as `es_US` does.
    """

    def __init__(self, language: str, zone: str) -> None:
        self.language = language
        self.locale = _locale(language, zone)
        catalog = _catalog(language)
        self.info = catalog.info()
        self.gettext = catalog.gettext
        self.ngettext = catalog.ngettext
        self.pgettext = catalog.pgettext

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self.locale.text_direction

    @property
    def is_machine_translated(self) -> bool:
        """Whether a machine translated the catalog and no person has checked it yet.

        The header Last-Translator says so, because Pybabel keeps it (it drops headers of our own) and catalog editors
        put their user there.
        """
        return self.info.get("last-translator") == "machine"

    def join_with_and(self, things: list[str]) -> str:
        """Return a list in words: "a, b and c"."""
        return self._with_spanish_conjunction(format_list(things, locale=self.locale), things)

    def join_with_or(self, things: list[str]) -> str:
        """Return a choice in words: "a, b or c"."""
        return self._with_spanish_conjunction(format_list(things, style="or", locale=self.locale), things)

    def _with_spanish_conjunction(self, words: str, things: list[str]) -> str:
        """Return a list in which the word before the last thing fits its sound, which CLDR's patterns do not know."""
        if self.locale.language != "es" or len(things) < 2:
            return words
        for usual, other, sound in _SPANISH_CONJUNCTIONS:
            end = f" {usual} {things[-1]}"
            if words.endswith(end) and sound.match(things[-1]):
                return f"{words.removesuffix(end)} {other} {things[-1]}"
        return words


@cache
def _catalog(language: str) -> gettext.NullTranslations:
    general = language.partition("-")[0]
    if SOURCE_LANGUAGE in (language, general):
        return gettext.NullTranslations()
    # Spanish as it is written in Mexico (es-MX) falls back on Spanish.
    return gettext.translation(DOMAIN, CATALOGS, [language, general])


@cache
def _locale(language: str, zone: str) -> Locale:
    country = get_global("zone_territories").get(zone)
    tag = language.replace("-", "_")
    for name in (f"{tag}_{country}", tag):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):  # ValueError if the language has a country of its own: pt-BR
            continue
    return Locale.parse(SOURCE_LANGUAGE)


@cache
def text_direction(language: str) -> str:
    """Return `ltr` or `rtl`: in which direction a language is written."""
    return Locale.parse(language.replace("-", "_")).text_direction


def protect_phone_numbers(text: str, language: str) -> str:
    """Return text or HTML with marks that keep phone numbers in order where the language is written from right to left.

    Between Arabic letters "555-0100" would be shown as "0100-555" (UAX #9, rules W2 and W4); a mark before it prevents
    that. Ranges ("8-19") are left alone: they do run from right to left.
    """
    if text_direction(language) == "ltr":
        return text
    return _PHONE_NUMBER.sub(lambda found: f"{_LEFT_TO_RIGHT_MARK * bool(found[1])}{found[0]}", text)


@cache
def native_name(language: str) -> str:
    """Return a language's name in itself, with a capital letter where it has them: "Español"."""
    name = Locale.parse(language.replace("-", "_")).get_display_name() or language
    return name[:1].upper() + name[1:]
