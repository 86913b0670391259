"""Advises on links whose names people cannot tell from others: in letters that the languages of the site do not use."""

import re
import unicodedata
from collections.abc import Iterator

from babel import Locale
from babel.core import get_global

from statusgen.lint.rule import LintContext, Rule, make_advice
from statusgen.problems import Place, Problem
from statusgen.text import quote_text

_HOST = re.compile(
    r"(?:https?://(?:[^\s/@]{1,64}@)?|(?<![^\W_])www\.|@)(?P<host>[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})", re.IGNORECASE
)
# The letters besides a to z of languages that pages can be made in. In others that are written in Latin letters, all
# that are made of one of a to z and a mark are allowed.
_LETTERS = {
    "en": "",
    "es": "áéíóúüñ",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "vi": "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
}
_OTHER_LATIN_LETTERS = "ßæœøłđðþ"
# Scripts whose letters Unicode names otherwise than the script.
_EAST_ASIAN = dict.fromkeys(("Hans", "Hant", "Jpan", "Kore"), frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL"}))


def find_foreign_letters(context: LintContext) -> Iterator[Problem]:
    """Find names of sites in letters that the site's languages do not use, which may belong to someone else."""
    for file, text in context.texts.items():
        for number, line in enumerate(text.split("\n"), 1):
            if line.isascii() and "xn--" not in line.casefold():
                continue
            for found in _HOST.finditer(line):
                if any(_is_foreign(label, context.site.languages) for label in found["host"].casefold().split(".")):
                    what = f"The name {quote_text(found['host'])} is not in the letters of this site's languages."
                    hint = "Check that it is the right site: letters of other alphabets look alike."
                    yield make_advice(Place(file, number), what, hint)


def _is_foreign(label: str, languages: tuple[str, ...]) -> bool:
    """Return whether a part of a name has letters of none of the languages, or is written in a code for others."""
    if label.startswith("xn--"):
        return True
    return any(not any(_uses(language, char) for language in languages) for char in label if not char.isascii())


def _uses(language: str, char: str) -> bool:
    alphabet = unicodedata.name(char, "").partition(" ")[0]
    script = _script(language)
    if script != "Latn" or alphabet != "LATIN":
        return alphabet in _EAST_ASIAN.get(script, {str(Locale("en").scripts.get(script, "")).upper()})
    if language in _LETTERS:
        return char in _LETTERS[language]
    return unicodedata.normalize("NFD", char)[0].isascii() or char in _OTHER_LATIN_LETTERS


def _script(language: str) -> str:
    """Return the code of the script in which a language is written (CLDR, likely subtags)."""
    likely = str(get_global("likely_subtags").get(language.replace("-", "_"), ""))
    return next((part for part in likely.split("_") if len(part) == 4), "Latn")


RULES = (
    Rule(
        "foreign-letters",
        "A name in look-alike letters leads to someone else's site.",
        find_foreign_letters,
    ),
)
