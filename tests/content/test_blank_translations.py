"""Blanks in a translation are what has no translation yet: the original is shown, and nothing is held up."""

from pathlib import Path

from statusgen.content.reader import read_content
from tests.support.telling import Town, make_town

SERVICES = """
    services:
      - {id: bill, name: {en: Water bills, es: Facturas}, channels: [{kind: online}]}
      - {id: trash, name: {en: Trash, es: Basura}}
"""
POST = """
    ---
    title: Bills cannot be paid
    started: 2024-05-05 08:00
    services: {bill/online: {status: down, do: Pay at the desk.}}
    known: [A cable broke, It is old]
    not_known: [When it works]
    ---
    We are looking for it.

    ## 2024-05-05 09:00
    We found it.
"""


def town(folder: Path, spanish: str) -> Town:
    files = {"incidents/fees.es.md": spanish}
    return make_town(folder, SERVICES, "languages: [en, es]", files, fees=POST)


def test_what_is_blank_is_shown_in_the_original_and_named(tmp_path: Path) -> None:
    told = town(
        tmp_path,
        """
        ---
        title: "[[Bills cannot be paid]]"
        translated: machine
        services: {bill/online: {do: Pague en la oficina.}, "[[servicio]]": {do: Espere.}}
        known: [Un cable se rompió, "[[It is old]]"]
        ---
        [[We are looking for it.]]

        ## 2024-05-05 09:00
        [[We found it.]]
        """,
    ).at("2024-05-05 12:00")
    spanish = told.city.files("2024-05-05 12:00")["es/incidents/fees/index.html"].decode()
    for words in ("Bills cannot be paid", "Pague en la oficina.", "Un cable se rompió", "It is old", "We found it."):
        assert words in spanish
    assert "[[" not in spanish
    assert "servicio]]" not in spanish
    [incident] = told.city.board("2024-05-05 12:00").incidents
    assert [update.translations for update in incident.updates] == [(("es", "machine"),), ()]
    advice = [what for _, what in told.advice_named("untranslated")]
    assert advice.count("Not all of this update is translated into Spanish yet.") == 2
    places = [str(each.place) for each in told.advice if each.rule == "untranslated"]
    assert "incidents/fees.es.md:2" in places
    assert "incidents/fees.es.md:10" in places


def test_a_blank_in_the_original_is_still_a_mistake(tmp_path: Path) -> None:
    make_town(tmp_path, SERVICES, "languages: [en, es]", fees=POST.replace("A cable broke", '"[[why]]"'))
    [problem] = read_content(tmp_path, ("en", "es")).problems
    assert "This blank still has to be filled in" in problem.what
