"""The interface in one language: its message catalog (gettext) and how it writes dates and lists (Babel, CLDR)."""

import gettext
import re
from collections.abc import Callable, Sequence
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from babel import Locale
from babel.core import get_global
from babel.lists import format_list

from statusgen.content.languages import find_locale, native_name, plural_names, plural_rule, text_direction
from statusgen.model.catalogs import Catalog
from statusgen.wording.foreign_text import mark_message, mark_words

CATALOGS = Path(__file__).parent.parent / "theme" / "locale"
DOMAIN = "statusgen"
# The messages in the source code are English.
SOURCE_LANGUAGE = "en"
# A phone number, a number before Latin letters, or an HTML tag, which may contain one that must stay as it is.
_PHONE_NUMBER = re.compile(
    r"""<(?:[^>"]|"[^"]*")*>|(?<![\w\u200e-])(\+?(?:\d{1,4}-)*\d{3}-\d{4}(?![\w-])|\d+(?=[ ]?[A-Za-z]))"""
)
# Spanish has "e" for "y" before the sound of i ("agua e impuestos", but "agua y hielo"), and "u" for "o" before the
# sound of o. In HTML a word may begin with a tag.
_SPANISH_CONJUNCTIONS = (
    ("y", "e", re.compile(r"(?:<[^>]*>|\W)*(?:[ií]|h[ií](?![aeo]))", re.IGNORECASE)),
    ("o", "u", re.compile(r"(?:<[^>]*>|\W)*h?[oó]", re.IGNORECASE)),
)
_LEFT_TO_RIGHT_MARK = "\u200e"


@cache
def available_languages() -> tuple[str, ...]:
    """Return the languages that pages can be made in: English, and those that have a catalog."""
    return (SOURCE_LANGUAGE, *sorted(path.parent.parent.name for path in CATALOGS.glob(f"*/LC_MESSAGES/{DOMAIN}.po")))


class InterfaceLanguage:
    """The messages and conventions of `language`, as used in the country of the time zone `zone`.

    That country chooses between conventions: Spanish in Chicago writes dates as `es_US` does. Messages that a catalog
    of the site lacks (`own`) are those of the language `fallback`, or English ones; with `marks`, they carry signs that
    say so (wording/foreign_text.py).
    """

    def __init__(
        self, language: str, zone: str, own: Catalog | None = None, fallback: str = SOURCE_LANGUAGE, marks: bool = False
    ) -> None:
        self.language, self.marks = language, marks
        names = dict.fromkeys((language, fallback, SOURCE_LANGUAGE) if own else (language, SOURCE_LANGUAGE))
        found = (_locale(name, zone) for name in names)
        # Dates are in the first language of which it is known how it writes them.
        self.locale = next(filter(None, found))
        self.clock_locale = _clock_locale(self.locale, zone)
        # Where nothing has to be looked for elsewhere, nothing stands between a page and its catalog: it asks often.
        is_alone = own is None and not marks
        catalog = _catalog(language) if is_alone else _Messages(language, own, [*names], marks)
        self.translator = own.translator if own else _catalog(language).info().get("last-translator", "")
        self.gettext = catalog.gettext
        self.ngettext = catalog.ngettext
        self.pgettext = catalog.pgettext

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return text_direction(self.language)

    @property
    def borrows_dates(self) -> bool:
        """Whether dates are in another language, because it is not known how this one writes them."""
        return self.locale.language != self.language.partition("-")[0]

    @property
    def is_machine_translated(self) -> bool:
        """Whether a machine translated the catalog and no person has checked it yet.

        The header Last-Translator says so, because Pybabel keeps it (it drops headers of our own) and catalog editors
        put their user there.
        """
        return self.translator == "machine"

    def join_with_and(self, things: list[str]) -> str:
        """Return a list in words: "a, b and c"."""
        if self.borrows_dates:
            return ", ".join(things)
        return self._with_spanish_conjunction(format_list(things, locale=self.locale), things)

    def join_with_or(self, things: list[str]) -> str:
        """Return a choice in words: "a, b or c"."""
        if self.borrows_dates:
            return ", ".join(things)
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

    def name_language(self, language: str) -> str:
        """Return the name of a language in this one; in itself, if this one's words for languages are not known."""
        name = None if self.borrows_dates else self.locale.languages.get(language.replace("-", "_"))
        # CLDR has names as they begin a line of a menu; in a sentence, Vietnamese has them in lower case.
        return name.replace("Tiếng ", "tiếng ") if name else native_name(language)

    def mark_date(self, words: str) -> str:
        """Return a date with signs around it, if it is in another language."""
        return mark_words(words, self.locale.language) if self.borrows_dates and self.marks else words


class _Messages:
    """The messages of a language: of the catalog that the site brings, or of the package. What that lacks is in others.

    The site's catalog is in its folder, and anybody may have written it, so nothing in it is markup.
    """

    def __init__(self, language: str, own: Catalog | None, names: Sequence[str], marks: bool) -> None:
        self.language, self.marks = language, marks
        self.catalogs = [(name, _catalog(name)) for name in names if _has_catalog(name)]
        self.forms = {(message.context, message.id): forms for message, forms in own.translations} if own else {}
        self.rule, self.names = plural_rule(language), plural_names(language)

    def gettext(self, message: str) -> str:
        """Return a message, translated if it is."""
        forms = self.forms.get((None, message))
        return _without_markup(forms[0]) if forms else self.fall_back(lambda catalog: catalog.gettext(message), message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return a message that depends on a number."""
        forms = self.forms.get((None, one))
        if forms and len(forms) == len(self.names):
            return _without_markup(forms[self.names.index(self.rule(number))])
        return self.fall_back(lambda catalog: catalog.ngettext(one, many, number), one if number == 1 else many)

    def pgettext(self, context: str, message: str) -> str:
        """Return a message that is translated differently in different contexts."""
        forms = self.forms.get((context, message))
        if forms:
            return _without_markup(forms[0])
        return self.fall_back(lambda catalog: catalog.pgettext(context, message), message)

    def fall_back(self, translate: Callable[[NullTranslations], str], english: str) -> str:
        """Return a message in the first language that has it. What a catalog lacks, it returns as it came."""
        translated = ((language, translate(catalog)) for language, catalog in self.catalogs)
        found = next((each for each in translated if each[1] is not english), (SOURCE_LANGUAGE, english))
        language, text = found
        return mark_message(text, language, self.language) if self.marks and language != self.language else text


def _without_markup(text: str) -> str:
    return text.translate(_ESCAPES)


_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;"})


def _has_catalog(language: str) -> bool:
    return bool({language, language.partition("-")[0]} & {*available_languages()})


@cache
def _catalog(language: str) -> NullTranslations:
    general = language.partition("-")[0]
    if SOURCE_LANGUAGE in (language, general):
        return NullTranslations()
    # Spanish as it is written in Mexico (es-MX) falls back on Spanish.
    return gettext.translation(DOMAIN, CATALOGS, [language, general])


@cache
def _locale(language: str, zone: str) -> Locale | None:
    known = find_locale(language)
    country = get_global("zone_territories").get(zone)
    return known and (find_locale(f"{language}-{country}") or known)


def _clock_locale(locale: Locale, zone: str) -> Locale:
    """Return how hours are written: in French in North America as in Quebec ("16 h 30", and not "16:30").

    CLDR has no French of the United States, so the locale of French there is that of France, with no country.
    """
    is_american = locale.language == "fr" and not locale.territory and zone.startswith("America/")
    return Locale("fr", "CA") if is_american else locale


def protect_phone_numbers(text: str, language: str) -> str:
    """Return text or HTML with marks that keep numbers in order where the language is written from right to left.

    Between Arabic letters "555-0100" would be shown as "0100-555", and "9 Bell Square" as "Bell Square 9" (UAX #9,
    rules W2 and W4); a mark before it prevents that. Ranges ("8-19") are left alone: they do run from right to left.
    """
    if text_direction(language) == "ltr":
        return text
    return _PHONE_NUMBER.sub(lambda found: f"{_LEFT_TO_RIGHT_MARK * bool(found[1])}{found[0]}", text)
