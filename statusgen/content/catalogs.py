"""languages/so.po → the fixed words of the pages in a language that the package does not have.

A catalog is in gettext's format for translators (https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html),
as `statusgen language so` lays it out. It may come from anybody: it is text, and every sign of HTML in it is a mistake.
"""

import gettext
import re
from collections.abc import Iterator
from functools import lru_cache
from io import StringIO

from babel.messages import catalog as babel_catalog
from babel.messages.pofile import PoFileError, read_po
from babel.plural import to_gettext

from statusgen.content.languages import english_name, plural_indexes, plural_names, plural_rule
from statusgen.model.catalogs import Catalog, Message
from statusgen.problems import Place, Problem
from statusgen.text import quote_text

_LINE = re.compile(
    r"""\s*(?:\#.*|(?:(?P<word>msgctxt|msgid|msgid_plural|msgstr)(?:\[(?P<form>\d{1,3})\])?\s+)?"""
    r"""(?P<text>"(?:[^"\\]|\\[\\"ntr])*"))?\s*"""
)
# Python takes no longer formula, and a file that strangers wrote must not take long to search.
_PLURAL_HEADER = re.compile(
    r'Plural-Forms:\s{0,9}nplurals\s{0,9}=\s{0,9}(\d{1,3})\s{0,9};\s{0,9}plural\s{0,9}=([^"\n;]{1,1000});?\s{0,9}(?:\\n|"|$)'
)
_PLACEHOLDER = re.compile(r"%\(\w+\)s")
_LINE_HINT = 'Write each text between quotes, msgstr "…", and a quote in it as “…”.'


def plural_forms(language: str) -> str:
    """Return the header Plural-Forms that a language has."""
    return to_gettext(plural_rule(language))


@lru_cache(maxsize=32)
def parse_catalog(text: str, language: str, file: str) -> tuple[Catalog, tuple[Problem, ...]]:
    """Return what is translated in a catalog, and every mistake in it.

    What is marked as fuzzy is not translated: it is a guess that nobody has confirmed.
    """
    empty = Catalog(language, ())
    if problems := [*_find_broken_lines(text, language, file), *_find_header_mistakes(text, language, file)]:
        return empty, tuple(problems)
    try:
        found = read_catalog(text)
    except (PoFileError, ValueError, UnicodeError) as error:
        what = f"This catalog cannot be read ({getattr(error, 'line', '') or error})."
        return empty, (Problem(Place(file, getattr(error, "lineno", 0) or 1), what, _LINE_HINT),)
    messages = [message for message in found if message.id]
    problems += _find_twins(text, found, file)
    for message in messages:
        problems += _find_mistakes(message, language, Place(file, message.lineno or 1))
    translations = tuple((_to_message(message), forms_of(message)) for message in messages if is_translated(message))
    translator = dict(found.mime_headers).get("Last-Translator", "")
    return Catalog(language, translations, translator), tuple(problems)


def read_catalog(text: str) -> babel_catalog.Catalog:
    """Return a catalog as Babel reads it; raises PoFileError."""
    return read_po(StringIO(text), abort_invalid=True)


def ids_of(message: babel_catalog.Message) -> tuple[str, ...]:
    """Return a message in English: for one, and for many if it depends on a number."""
    return tuple(message.id) if isinstance(message.id, list | tuple) else (message.id,)


def forms_of(message: babel_catalog.Message) -> tuple[str, ...]:
    """Return the translation of a message, in each of its forms."""
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string or "",)


def is_translated(message: babel_catalog.Message) -> bool:
    """Return whether a translation can be used: whole, and confirmed."""
    return not message.fuzzy and all(forms_of(message))


def _to_message(message: babel_catalog.Message) -> Message:
    ids = ids_of(message)
    return Message(ids[0], ids[1] if len(ids) > 1 else None, message.context or None)


def _find_broken_lines(text: str, language: str, file: str) -> Iterator[Problem]:
    names = plural_names(language)
    for number, line in enumerate(text.split("\n"), 1):
        found = _LINE.fullmatch(line)
        if not found or (found["form"] and found["word"] != "msgstr"):
            yield Problem(Place(file, number), f"This line is not that of a catalog: {quote_text(line)}.", _LINE_HINT)
        elif found["form"] and int(found["form"]) >= len(names):
            forms = ", ".join(f"msgstr[{index}]" for index in range(len(names)))
            what = f"{english_name(language)} has no form msgstr[{found['form']}]."
            yield Problem(Place(file, number), what, f"It has {forms}, for {', '.join(names)}.")


def _find_header_mistakes(text: str, language: str, file: str) -> Iterator[Problem]:
    found = _PLURAL_HEADER.search(text)
    line = text.count("\n", 0, found.start()) + 1 if found else 1
    hint = f'Write "Plural-Forms: {plural_forms(language)}\\n" there.'
    if not found:
        yield Problem(Place(file, line), "The head of this catalog does not say which plural forms it has.", hint)
    elif not _has_forms(found, language):
        yield Problem(Place(file, line), f"These are not the plural forms of {english_name(language)}.", hint)


def _has_forms(found: re.Match[str], language: str) -> bool:
    """Return whether the head gives the forms of a language, in any words."""
    try:
        choose = gettext.c2py(found[2].strip())
        indexes = tuple(choose(number) for number in range(len(plural_indexes(language))))
    except (ValueError, ArithmeticError, RecursionError):
        return False
    return int(found[1]) == len(plural_names(language)) and indexes == plural_indexes(language)


def _find_twins(text: str, found: babel_catalog.Catalog, file: str) -> Iterator[Problem]:
    """Yield messages that stand there twice: which of the two is meant, nobody knows."""
    known = {message.lineno for message in (*found, *found.obsolete.values())}
    lines = [number for number, line in enumerate(text.split("\n"), 1) if re.match(r'msgid\s+"', line)]
    # The first is the head of the catalog, which Babel does not count as a message.
    for number in lines[1:]:
        if number not in known:
            what = "The message on this line is in the catalog twice."
            yield Problem(Place(file, number), what, "Keep only one of the two.")


def _find_mistakes(message: babel_catalog.Message, language: str, place: Place) -> Iterator[Problem]:
    """Yield what is wrong in the translation of one message."""
    forms, ids = forms_of(message), ids_of(message)
    if message.fuzzy or not any(forms):
        return
    shown, wanted = quote_text(str(ids[0])), len(plural_names(language)) if len(ids) > 1 else 1
    if len(forms) != wanted or not all(forms):
        what = (
            f"The message {shown} needs {wanted} {'form' if wanted == 1 else 'forms'}, and some are empty or missing."
        )
        names = ", ".join(f"msgstr[{index}]" for index in range(wanted)) if len(ids) > 1 else "msgstr"
        yield Problem(place, what, f"Fill in {names}, or leave all of it empty.")
    for form in filter(None, forms):
        yield from _find_wrong_parts(form, ids, place)


def _find_wrong_parts(form: str, ids: tuple[str, ...], place: Place) -> Iterator[Problem]:
    shown, needed = quote_text(ids[0]), set(_PLACEHOLDER.findall(ids[-1]))
    given, source = set(_PLACEHOLDER.findall(form)), " ".join(ids)
    # A form for one number alone ("one service") may leave the number out.
    optional = {"%(number)s", "%(count)s", "%(num)s"} if len(ids) > 1 else set()
    for part in sorted(needed - given - optional):
        yield Problem(place, f"The translation of {shown} lacks {part}.", "Put it where it belongs in the sentence.")
    for part in sorted(given - needed):
        yield Problem(place, f"The translation of {shown} has {part}, which the message does not.", "Delete it.")
    if "%" in _PLACEHOLDER.sub("", form):
        yield Problem(place, f"The translation of {shown} has a % that begins no placeholder.", "Write it in words.")
    if marks := sorted({mark for mark in '<>&"{}' if mark in form and mark not in source}):
        hint = "Write words only: “ and ” for quotes, and no HTML."
        yield Problem(place, f"The translation of {shown} has {' '.join(marks)} in it.", hint)
    if form.strip() != form and form.strip() and source.strip() == source:
        yield Problem(place, f"The translation of {shown} begins or ends with a space.", "Delete the space.")
