"""Lists in words, as each language joins them."""

import pytest

from statusgen.wording.interface import InterfaceLanguage
from statusgen.wording.vocabulary import Vocabulary
from tests.support.paths import ROOT
from tests.support.sample_sites import read_site


@pytest.mark.parametrize(
    ("things", "words"),
    [
        (["Permisos", "Inspecciones"], "Permisos e Inspecciones"),
        (["Permisos", "Multas", "Impuestos"], "Permisos, Multas e Impuestos"),
        (["Agua", '<a href="#hijos">Hijos</a>'], 'Agua e <a href="#hijos">Hijos</a>'),
        (["Agua", "Hielo"], "Agua y Hielo"),
        (["Inspecciones", "Agua"], "Inspecciones y Agua"),
    ],
)
def test_a_spanish_and_fits_the_sound_after_it(things: list[str], words: str) -> None:
    assert InterfaceLanguage("es", "America/Chicago").join_with_and(things) == words


def test_a_spanish_or_fits_the_sound_after_it() -> None:
    spanish = InterfaceLanguage("es", "America/Chicago")
    assert spanish.join_with_or(["cheque", "otro"]) == "cheque u otro"
    assert spanish.join_with_or(["otro", "cheque"]) == "otro o cheque"
    assert InterfaceLanguage("fr", "America/Chicago").join_with_or(["chèque", "or"]) == "chèque ou or"


def vocabulary(language: str) -> Vocabulary:
    return Vocabulary(read_site(ROOT), language, plain=True)


def test_arabic_names_with_an_and_of_their_own_do_not_run_together() -> None:
    arabic = vocabulary("ar")
    assert arabic.format_list(["الإطفاء والإسعاف", "الصرف الصحي"]) == "الإطفاء والإسعاف؛ الصرف الصحي"
    assert arabic.format_list(["المكتبات", "المسبح"]) == "المكتبات والمسبح"


def test_languages_are_named_as_inside_a_sentence() -> None:
    assert vocabulary("vi").language_names(["en", "es"]) == "tiếng Anh và tiếng Tây Ban Nha"
