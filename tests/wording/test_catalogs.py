"""Every language has all messages, and they fit where the English ones are."""

import gettext
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from statusgen.wording.interface import CATALOGS, DOMAIN, InterfaceLanguage, available_languages
from tests.support.built_sites import language_folder
from tests.support.paths import ROOT

LANGUAGES = ("ar", "es", "fr", "vi")
# Their words are drafts. Remove a language when a person has checked its catalog and signed as Last-Translator.
MACHINE_MADE = {"ar", "es", "fr", "vi"}

in_every_language = pytest.mark.parametrize("language", LANGUAGES)


@cache
def read_catalog(language: str) -> Catalog:
    with catalog_file(language).open("rb") as po:
        return read_po(po, locale=language, abort_invalid=True)


def catalog_file(language: str) -> Path:
    return CATALOGS / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def messages(language: str) -> list[Message]:
    return [message for message in read_catalog(language) if message.id]


def forms(text: object) -> tuple[str, ...]:
    """Return a message's text, or each of its plural forms."""
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text),)


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\((\w+)\)s", text))


def test_these_languages_are_available() -> None:
    assert available_languages() == ("en", *LANGUAGES)


@pytest.fixture
def extracted_messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """The messages of the code and the templates, as `make catalogs` finds them."""
    monkeypatch.chdir(ROOT)
    template = tmp_path / "statusgen.pot"
    options = ["-F", "pyproject.toml", "--add-comments=Translators:", "--add-location=file", "--sort-by-file"]
    CommandLineInterface().run(  # type: ignore[no-untyped-call]
        ["pybabel", "-q", "extract", *options, "-o", str(template), "statusgen"]
    )
    with template.open("rb") as pot:
        return read_po(pot)


def test_no_message_is_lacking_and_none_is_left_over(extracted_messages: Catalog) -> None:
    """If this fails, run `make catalogs` and translate what is new."""
    wanted = {(message.context, forms(message.id)) for message in extracted_messages if message.id}
    assert len(wanted) > 150
    for language in LANGUAGES:
        found = {(message.context, forms(message.id)) for message in messages(language)}
        assert (language, wanted - found, found - wanted) == (language, set(), set())


@in_every_language
def test_every_message_is_translated(language: str) -> None:
    lacking = [message.id for message in messages(language) if not all(forms(message.string))]
    assert (lacking, [message.id for message in messages(language) if message.fuzzy]) == ([], [])
    assert read_catalog(language).obsolete == {}


@in_every_language
def test_every_number_has_its_form(language: str) -> None:
    number, expression = get_plural(language)[:2]
    header = dict(read_catalog(language).mime_headers)["Plural-Forms"]
    assert header == f"nplurals={number}; plural={expression};"
    for message in messages(language):
        assert len(forms(message.string)) == (number if message.pluralizable else 1), message.id


@in_every_language
def test_every_placeholder_stays(language: str) -> None:
    """A form that stands for one number alone ("two services", in Arabic) may leave the number out."""
    index = gettext.c2py(read_catalog(language).plural_expr)
    stands_for = [index(number) for number in range(1000)]
    for message in messages(language):
        wanted = placeholders(forms(message.id)[-1])
        without_number = [name for name in wanted if name not in ("count", "number")]
        for form, text in enumerate(forms(message.string)):
            alone = message.pluralizable and stands_for.count(form) == 1
            assert placeholders(text) in ([wanted, without_number] if alone else [wanted]), text


@in_every_language
def test_no_message_brings_marks_of_its_own(language: str) -> None:
    """Translated words go onto the page, and into attributes, as they are."""
    for message in messages(language):
        source = " ".join(forms(message.id))
        for text in forms(message.string):
            plain = re.sub(r"%\(\w+\)s", "", text)
            assert not [mark for mark in '<>&"{}%' if mark in plain and mark not in source], text
            assert re.findall(r"^[ \n]+|[ \n]+$", text) == re.findall(r"^[ \n]+|[ \n]+$", source), text


@in_every_language
def test_a_sentence_stays_a_sentence(language: str) -> None:
    """Where the pages put a full stop or a colon, or none, after the English words, they do after these too."""
    for message in messages(language):
        ends = {text[-1] for text in forms(message.string)} & set(".:")
        assert ends == {forms(message.id)[-1][-1]} & set(".:"), message.id


def test_french_marks_stay_with_their_words() -> None:
    """A space before a colon or inside quotation marks does not break: otherwise a colon begins a line on a phone."""
    loose = re.compile("[ '](?=[:;!?»])|(?<=«) |(?<=[^\u00a0]):(?!//)|(?<=\\w)'")
    texts = [text for message in messages("fr") for text in forms(message.string)]
    assert [text for text in texts if loose.search(text)] == []


def test_eleven_to_ninety_nine_have_their_own_form_in_arabic() -> None:
    """The catalog's rule for plural forms has 11 to 99 last; tools with another rule exchange the last two."""
    index = gettext.c2py(read_catalog("ar").plural_expr)
    assert (index(15), index(100)) == (5, 4)
    days = next(message for message in messages("ar") if forms(message.id)[0] == "%(days)s day")
    assert "يومًا" in forms(days.string)[5]
    assert "يومًا" not in forms(days.string)[4]


@in_every_language
def test_the_header_names_the_language_and_who_translated_it(language: str) -> None:
    headers = dict(read_catalog(language).mime_headers)
    assert headers["Language"] == language
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "FULL NAME" not in headers["Last-Translator"]
    assert "EMAIL@ADDRESS" not in catalog_file(language).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_a_machine_s_words_are_called_so(language: str) -> None:
    assert InterfaceLanguage(language, "America/Chicago").is_machine_translated == (language in MACHINE_MADE)


class Lines(HTMLParser):
    """A parser that collects the words of a page, also of attributes, block by block, in its own language."""

    NOT_WORDS = ("script", "style")
    INLINE = ("a", "del", "em", "ins", "span", "strong", "time")

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.lines = [""]
        self.inside: list[tuple[str, bool]] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.lines += [values[name] or "" for name in ("aria-label", "alt", "title") if name in values]
        self.lines += [value or "" for name, value in attrs if name.startswith("data-")]
        if tag not in self.INLINE:
            self.lines.append("")
        if tag not in ("meta", "link", "img", "input", "br"):
            foreign = tag != "html" and "lang" in values
            self.inside.append((tag, tag in self.NOT_WORDS or foreign))

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(skipped for _, skipped in self.inside):
            self.lines[-1] += data.replace("\n", " ")


def test_the_spanish_front_page_has_no_english_words_left() -> None:
    lines = Lines(language_folder("kansas-city", "es") / "index.html").lines
    pairs = [
        pair for m in messages("es") for pair in zip(forms(m.id), forms(m.string), strict=True) if len(set(pair)) == 2
    ]
    # A month alone is no words of ours: "%(month)s" would be found everywhere.
    pairs = [pair for pair in pairs if re.search(r"\w", re.sub(r"%\(\w+\)s", "", pair[0]))]
    english = {line: source for source, _ in pairs for line in lines if pattern(source).search(line)}
    spanish = [text for _, text in pairs if any(pattern(text).search(line) for line in lines)]
    assert english == {}
    assert len(spanish) > 50


def pattern(message: str) -> re.Pattern[str]:
    """Return a pattern that finds a message in a line, whatever fills its placeholders."""
    parts = re.split(r"%\(\w+\)s", message)
    return re.compile(r"(?<!\w)" + r"\S.{0,200}?".join(map(re.escape, parts)) + r"(?!\w)")
