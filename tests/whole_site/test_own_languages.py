"""A site in a language that the package does not have: its catalog, what it lacks, and how the pages mark that."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import html

from statusgen.cli.main import main
from statusgen.content.languages import plural_indexes, plural_names
from statusgen.content.reader import list_source_files
from statusgen.model.catalogs import Catalog, Message
from statusgen.wording.interface import InterfaceLanguage
from statusgen.wording.phrasing import Phrasing
from tests.support.telling import Town, make_town

AT = "2024-05-06 12:00"
SERVICES = """
    services:
      - name: NAME
        id: water
        summary: Pay for your water. Bring the bill.
        channels:
          - {kind: online}
          - {id: counter, kind: in_person, address: 12 Main Street, hours: Monday to Friday, accepts: [cash]}
      - {name: Dog licenses, id: dogs, keywords: [puppy]}
    """
NETWORK = """
    ---
    title: The network of the city is off
    started: 2024-05-05 09:00
    services:
      water/online: {status: down, do: ADVICE}
      dogs: unknown
    known: [A router burned.]
    waivers: [{id: fees, services: [water], what: No late fees, until: 2024-06-01}]
    deadlines: [{id: licenses, services: [dogs], on: 2024-05-20, what: Licenses are due}]
    next_update: 2024-05-07 09:00
    ---
    We are on it. More will follow.
    """


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command in the folder of the site."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, [*arguments])


def make_site(folder: Path, languages: str, more: str = "") -> Town:
    name = "{en: Pay a water bill, ar: دفع فاتورة المياه}" if "ar" in languages else "Pay a water bill"
    advice = "{en: Pay at the counter., es: Pague en la ventanilla.}" if "es" in languages else "Pay at the counter."
    services, post = SERVICES.replace("NAME", name), NETWORK.replace("ADVICE", advice)
    return make_town(folder, services, site=f"languages: [{languages}]{more}", network=post)


def catalog(folder: Path, language: str = "so") -> Path:
    return folder / "languages" / f"{language}.po"


def translate(file: Path, **messages: str) -> None:
    """Write translations into a catalog, each behind its English text; that of `_` for a space in it."""
    text = file.read_text(encoding="utf-8")
    for name, words in messages.items():
        empty = f'msgid "{name.replace("_", " ")}"\nmsgstr ""'
        assert text.count(empty) == 1, name
        text = text.replace(empty, empty[:-1] + f'{words}"')
    file.write_text(text, encoding="utf-8")


def unmarked_words(source: str, language: str) -> Iterator[str]:
    """Yield the Latin words on a page that count as words of its own language, which has other letters."""

    def visit(element: html.HtmlElement, spoken: str | None) -> Iterator[str]:
        # What is printed under a page is its address, and a title has no room for a mark.
        if element.tag in ("script", "style", "title", "code") or "print-only" in element.get("class", ""):
            return
        spoken = element.get("lang", spoken)
        yield from words(element.text, spoken)
        for child in element.iterchildren("*"):
            yield from visit(child, spoken)
            yield from words(child.tail, spoken)

    def words(text: str | None, spoken: str | None) -> list[str]:
        return re.findall(r"[A-Za-z]{2,}", text or "") if spoken == language else []

    yield from visit(html.document_fromstring(source), None)


def test_no_english_words_count_as_arabic(tmp_path: Path) -> None:
    files = make_site(tmp_path, "en, ar").city.files(AT)
    for path in ("index.html", "services/water/index.html", "services/dogs/index.html", "incidents/network/index.html"):
        names = {"RSS", "Atom", "JSON", "CDT", "iCalendar"}
        assert {*unmarked_words(files[f"ar/{path}"].decode(), "ar")} <= names, path


def test_an_english_sentence_has_the_name_of_its_language_after_it_and_a_name_has_not(tmp_path: Path) -> None:
    files = make_site(tmp_path, "en, ar").city.files(AT)
    page = html.document_fromstring(files["ar/services/water/index.html"].decode())
    framed = page.xpath("//*[@class='language']/preceding-sibling::*[1]//text()")
    assert "Pay at the counter." in framed
    assert "Pay for your water. Bring the bill." in framed
    assert {*page.xpath("//*[@class='language']/text()")} == {"الإنجليزية"}
    front = html.document_fromstring(files["ar/index.html"].decode())
    assert (
        front.xpath("//a[span[@lang='en' and @dir='ltr']='Dog licenses']/following-sibling::*[@class='language']") == []
    )
    assert len(front.find_class("untranslated")) >= 1
    assert "الإنجليزية" in front.xpath("//main/p[@class='untranslated'][last()]")[0].text_content()


def test_a_page_in_one_language_has_no_mark_and_no_note(tmp_path: Path) -> None:
    page = make_site(tmp_path, "en, ar").city.files(AT)["index.html"].decode()
    assert 'class="language"' not in page
    assert "not translated" not in page


def test_a_number_before_latin_letters_stays_before_them(tmp_path: Path) -> None:
    services = (
        "services: [{name: {en: Parks, ar: الحدائق}, id: dogs, summary: {en: Office, ar: المكتب، 9 Bell Square}}]"
    )
    post = "---\ntitle: The parks are closed\nstarted: 2024-05-05\nservices: {dogs: down}\n---\nThey are."
    town = make_town(tmp_path, services, site="languages: [en, ar]", network=post)
    assert "المكتب، \u200e9 Bell Square" in town.city.files(AT)["ar/services/dogs/index.html"].decode()


def test_a_language_without_a_catalog_is_a_mistake_that_says_what_to_run(
    tmp_path: Path, run: Callable[..., Result]
) -> None:
    make_site(tmp_path, "en, so")
    found = run("check")
    assert found.exit_code == 1
    assert 'services.yaml:1: Pages cannot be made in "so" yet. Run statusgen language so' in found.output


def test_the_catalog_has_every_message_and_the_forms_of_its_language(
    tmp_path: Path, run: Callable[..., Result]
) -> None:
    make_site(tmp_path, "en")
    found = run("language", "so")
    assert re.match(r"languages/so\.po: 0 of \d{3} texts are translated into Somali\.\n", found.output)
    assert "add so to languages: in services.yaml" in found.output
    text = catalog(tmp_path).read_text(encoding="utf-8")
    assert 'msgid "Not available"\nmsgstr ""\n' in text
    assert re.search(r'msgid ".*"\nmsgid_plural ".*"\nmsgstr\[0\] ""\nmsgstr\[1\] ""\n\n', text)
    assert '"Plural-Forms: nplurals=2; ' in text
    assert "so for Somali" not in text


@pytest.mark.parametrize(
    ("language", "names", "of_0_1_2_5_11_21"),
    [
        ("so", ("one", "other"), (1, 0, 1, 1, 1, 1)),
        ("ht", ("one", "other"), (0, 0, 1, 1, 1, 1)),
        ("hmn", ("one", "other"), (1, 0, 1, 1, 1, 1)),
        ("ru", ("one", "few", "other"), (2, 0, 1, 2, 2, 0)),
        ("zh", ("other",), (0, 0, 0, 0, 0, 0)),
        ("ar", ("zero", "one", "two", "few", "many", "other"), (0, 1, 2, 3, 4, 4)),
    ],
)
def test_forms_are_those_of_the_cldr(language: str, names: tuple[str, ...], of_0_1_2_5_11_21: tuple[int, ...]) -> None:
    assert plural_names(language) == names
    assert tuple(plural_indexes(language)[number] for number in (0, 1, 2, 5, 11, 21)) == of_0_1_2_5_11_21


def test_laying_it_out_again_keeps_and_adds_and_puts_what_is_gone_at_the_end(
    tmp_path: Path, run: Callable[..., Result]
) -> None:
    make_site(tmp_path, "en")
    run("language", "so")
    translate(catalog(tmp_path), Working="Way shaqaynaysaa", Not_available="Lama heli karo")
    text = catalog(tmp_path).read_text(encoding="utf-8")
    head, _, rest = text.partition("\n\n")
    first, _, others = rest.partition("\n\n")
    old = 'msgid "Of an earlier version"\nmsgstr "Hore"'
    catalog(tmp_path).write_text(f"{head}\n\n{old}\n\n{others}", encoding="utf-8")
    found = run("language", "so")
    assert "2 of" in found.output
    assert "New: 1. No longer used, and kept at the end: 1." in found.output
    again = catalog(tmp_path).read_text(encoding="utf-8")
    assert first.split("\n")[-2] in again
    assert 'msgstr "Lama heli karo"' in again
    assert again.rstrip().endswith('#~ msgid "Of an earlier version"\n#~ msgstr "Hore"')
    run("language", "so")
    assert catalog(tmp_path).read_text(encoding="utf-8") == again


@pytest.mark.parametrize(
    ("code", "words"), [("xx", "is not the code"), ("es", "own words for Spanish"), ("..", "code")]
)
def test_other_codes_are_refused(tmp_path: Path, run: Callable[..., Result], code: str, words: str) -> None:
    make_site(tmp_path, "en")
    found = run("language", code)
    assert (found.exit_code, words in found.output, catalog(tmp_path).parent.exists()) == (2, True, False)


def test_what_is_translated_is_on_the_page_and_the_rest_is_marked(tmp_path: Path, run: Callable[..., Result]) -> None:
    make_site(tmp_path, "en")
    run("language", "so")
    translate(catalog(tmp_path), Not_available="Lama heli karo", Language="Luqadda", All_services="Adeegyada oo dhan")
    files = make_site(tmp_path, "en, so").city.files(AT)
    page = files["so/index.html"].decode()
    assert "Lama heli karo" in page
    assert "Not available" not in page
    assert 'aria-label="Luqadda"' in page
    assert 'aria-label="This site"' in page  # no element can be in an attribute
    assert '<span lang="en">Skip to content</span>' in page
    assert "Soomaali</a>" in files["index.html"].decode()
    assert re.search(
        r'<span lang="en">What is not translated yet is shown in <span lang="so">Ingiriisi</span>\.</span>', page
    )
    assert "Lama heli karo" in files["so/status.txt"].decode()
    for path, content in files.items():
        assert not re.search("[\ufdd0-\ufdef]", content.decode(errors="ignore")), path


def test_what_is_not_translated_can_be_in_another_language_than_the_first(
    tmp_path: Path, run: Callable[..., Result]
) -> None:
    make_site(tmp_path, "en")
    run("language", "so")
    page = (
        make_site(tmp_path, "en, es, so", ", fallback: {so: es}")
        .city.files(AT)["so/services/water/index.html"]
        .decode()
    )
    assert '<span lang="es">Ir al contenido</span>' in page
    assert "Pague en la ventanilla." in page
    assert "Pay at the counter." not in page


def test_a_language_of_which_the_cldr_has_nothing_has_the_dates_of_its_fallback(
    tmp_path: Path, run: Callable[..., Result]
) -> None:
    make_site(tmp_path, "en")
    run("language", "hmn")
    files = make_site(tmp_path, "en, hmn").city.files(AT)
    page = files["hmn/incidents/network/index.html"].decode()
    assert '<html lang="hmn" dir="ltr">' in page
    assert ">Hmoob</a>" in files["incidents/network/index.html"].decode()
    assert re.search(r'<time datetime="2024-05-05T09:00-05:00"><span lang="en">Sun, May\s5</span>, ', page)


def test_a_template_of_the_site_may_have_english_words_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    words = '<p title="{{ _("Hello") }}">{{ _("Hello") }}</p>'
    template = f'{{% extends "theme/about.html" %}}{{% block footer %}}{words}{{% endblock %}}'
    (tmp_path / "templates" / "about.html").write_text(template, encoding="utf-8")
    page = make_site(tmp_path, "en, ar").city.files(AT)["ar/about/index.html"].decode()
    assert '<p title="Hello"><span lang="en" dir="ltr">Hello</span></p>' in page


MISTAKES = {
    "a placeholder is missing": (
        'msgid "Alerts: %(title)s"\nmsgstr ""',
        'msgid "Alerts: %(title)s"\nmsgstr "Digniin"',
        "lacks %(title)s",
    ),
    "a placeholder is unknown": (
        'msgid "Working"\nmsgstr ""',
        'msgid "Working"\nmsgstr "%(what)s"',
        "has %(what)s, which the message does not",
    ),
    "HTML": ('msgid "Working"\nmsgstr ""', 'msgid "Working"\nmsgstr "<b>W</b>"', "has < > in it"),
    "a quote": ('msgid "Working"\nmsgstr ""', 'msgid "Working"\nmsgstr "W \\"x\\""', 'has " in it'),
    "a form too many": ('msgstr[1] ""', 'msgstr[1] ""\nmsgstr[2] "x"', "Somali has no form msgstr[2]"),
    "a form too few": (
        'msgid "%(number)s service"\nmsgid_plural "%(number)s services"\nmsgstr[0] ""',
        'msgid "%(number)s service"\nmsgid_plural "%(number)s services"\nmsgstr[0] "%(number)s x"',
        "needs 2 forms, and some are empty",
    ),
    "other plural forms": (
        "nplurals=2; plural=(((n == 1)) ? 0 : 1)",
        "nplurals=2; plural=n>1",
        "not the plural forms of Somali",
    ),
    "a formula that is none": (
        "plural=(((n == 1)) ? 0 : 1)",
        "plural=__import__('os')",
        "not the plural forms of Somali",
    ),
    "no plural forms": (
        '"Plural-Forms: nplurals=2; plural=(((n == 1)) ? 0 : 1);\\n"\n',
        "",
        "does not say which plural forms",
    ),
    "a line without its quote": ('msgid "Working"\nmsgstr ""', 'msgid "Working"\nmsgstr "W', "not that of a catalog"),
    "a message twice": (
        'msgid "Working"\nmsgstr ""',
        'msgid "Working"\nmsgstr "W"\n\nmsgid "Working"\nmsgstr "V"',
        "in the catalog twice",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_check_names_what_is_wrong_and_where(tmp_path: Path, run: Callable[..., Result], name: str) -> None:
    make_site(tmp_path, "en, so")
    run("language", "so")
    before, after, words = MISTAKES[name]
    text = catalog(tmp_path).read_text(encoding="utf-8")
    assert before in text
    at = text.index(before)
    catalog(tmp_path).write_text(text[:at] + after + text[at + len(before) :], encoding="utf-8")
    found = run("check")
    assert found.exit_code == 1, found.output
    mistakes = [line for line in found.output.splitlines() if line.startswith("languages/so.po:")]
    assert len(mistakes) == 1, found.output
    assert words in mistakes[0]
    line = int(mistakes[0].split(":")[1])
    first = text.count("\n", 0, at) + 1
    assert name == "no plural forms" or first <= line <= first + after.count("\n") + 1
    # Nothing is lost when it is laid out again, and nothing is written that was not understood.
    assert run("language", "so").exit_code == 1


def test_a_catalog_in_another_encoding_is_a_mistake_on_its_line(tmp_path: Path, run: Callable[..., Result]) -> None:
    make_site(tmp_path, "en, so")
    run("language", "so")
    content = catalog(tmp_path).read_bytes()
    catalog(tmp_path).write_bytes(content.replace(b'msgid "Working"\nmsgstr ""', b'msgid "Working"\nmsgstr "caf\xe9"'))
    line = content[: content.index(b'msgid "Working"')].count(b"\n") + 2
    assert f"languages/so.po:{line}: This line is not in UTF-8." in run("check").output


def test_a_guess_that_nobody_confirmed_is_not_used(tmp_path: Path, run: Callable[..., Result]) -> None:
    make_site(tmp_path, "en")
    run("language", "so")
    translate(catalog(tmp_path), Not_available="Lama heli karo")
    text = catalog(tmp_path).read_text(encoding="utf-8")
    catalog(tmp_path).write_text(
        text.replace('msgid "Not available"', '#, fuzzy\nmsgid "Not available"'), encoding="utf-8"
    )
    files = make_site(tmp_path, "en, so").city.files(AT)
    assert "Lama heli karo" not in files["so/index.html"].decode()
    assert "0 of" in run("language", "so").output
    assert '#, fuzzy\nmsgid "Not available"\nmsgstr "Lama heli karo"' in catalog(tmp_path).read_text(encoding="utf-8")


def test_html_in_a_catalog_is_text_even_if_nobody_checked_it() -> None:
    own = Catalog("so", ((Message("Working"), ('<img src=x onerror="alert(1)">',)),))
    words = InterfaceLanguage("so", "America/Chicago", own, marks=True).gettext("Working")
    assert not {"<", ">", '"'} & {*words}


@pytest.mark.parametrize("name", ["readme.txt", "es.po", "klingon.po", "so/x.po"])
def test_other_files_among_the_catalogs_are_mistakes(tmp_path: Path, run: Callable[..., Result], name: str) -> None:
    make_site(tmp_path, "en")
    (tmp_path / "languages" / name).parent.mkdir(parents=True)
    (tmp_path / "languages" / name).write_text("x", encoding="utf-8")
    found = run("check")
    assert (found.exit_code, f"languages/{name}:1: " in found.output) == (1, True)


def test_a_catalog_that_is_not_published_yet_may_be_unfinished(tmp_path: Path, run: Callable[..., Result]) -> None:
    make_site(tmp_path, "en")
    catalog(tmp_path).parent.mkdir()
    catalog(tmp_path).write_text("not one yet", encoding="utf-8")
    (tmp_path / "languages" / "so.mo").write_bytes(b"\x00")
    assert run("check").exit_code == 0


def test_a_build_follows_the_catalog_and_nothing_else_of_it(tmp_path: Path, run: Callable[..., Result]) -> None:
    make_site(tmp_path, "en")
    run("language", "so")
    make_site(tmp_path, "en, so")
    build = ("build", "--at", AT)
    assert run(*build).exit_code == 0
    assert " 0 written" in run(*build).output
    translate(catalog(tmp_path), Not_available="Lama heli karo")
    assert " 0 written" not in run(*build).output
    assert "Lama heli karo" in (tmp_path / "site" / "so" / "index.html").read_text(encoding="utf-8")
    assert catalog(tmp_path) in [*list_source_files(tmp_path)]


def test_plain_words_have_no_marks(tmp_path: Path, run: Callable[..., Result]) -> None:
    make_site(tmp_path, "en")
    run("language", "so")
    site = make_site(tmp_path, "en, so").city.site
    assert Phrasing(site, "so", plain=True).interface.gettext("Not available") == "Not available"
    assert Phrasing(site, "so").interface.gettext("Not available") == "Not available"
