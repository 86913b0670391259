"""What is corrected in a post of two languages: the other language is corrected beside it, or stays as it is."""

from pathlib import Path

import pytest

from tests.support.desk_forms import DeskUser, Writing
from tests.support.office import NOW, Office

ORIGINAL = """\
---
title: The netwrok is down
started: 2024-05-05 08:00
services:
  water-bill/online:
    status: down
    do: Pay at Citty Hall.
known:
  - A cabel broke
  - It is old
---
We are looking into it. Bring your bill to 18 Mill Street.
"""
SPANISH = """\
---
title: La red no funciona
services:
  water-bill/online:
    do: Pague en el ayuntamiento.
known:
  - Se rompió un cable
  - Es viejo
---
Lo buscamos. Traiga su factura a la calle Mill, 18.
"""
PAGE = "es/incidents/post-1/"
DO = "services.water-bill/online.do"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "site").mkdir()
    office = Office(tmp_path / "site", ORIGINAL)
    services = office.folder / "services.yaml"
    services.write_text(services.read_text().replace("site: {", "site: {languages: [en, es], "))
    (office.folder / "incidents" / "post-1.es.md").write_text(SPANISH)
    return office


@pytest.fixture
def user(office: Office) -> DeskUser:
    return DeskUser(office.folder)


def correct(user: DeskUser, **right: str) -> Writing:
    """Tick sentences as wrong, by their names, and say what holds instead."""
    writing = user.begin("correction", "post-1")
    said: dict[str, str] = {}
    for name, words in right.items():
        key = DO if name == "do" else name.replace("__", ".")
        (box,) = writing.form.root.xpath("//input[@name=$name]", name=f"wrong/{key}")
        said |= {f"wrong/{key}": box.get("value"), f"right/{key}": words}
    return writing.fill(said)


def keep_the_same(writing: Writing, *keys: str) -> Writing:
    """Tick that what residents read in Spanish still says the same."""
    said: dict[str, str] = {}
    for key in keys:
        (label,) = writing.form.root.xpath("//label[@data-same=$name]", name=f"in/es/right/{key}")
        assert label.get("hidden") is None
        said[f"same/in/es/right/{key}"] = label.find("input").get("value")
    return writing.fill(said)


def spanish(writing: Writing) -> str:
    return writing.written().get("incidents/post-1.es.md", b"").decode()


def assert_nothing_is_left_to_translate(office: Office, writing: Writing) -> None:
    for path, content in writing.written().items():
        (office.folder / path).write_bytes(content)
    assert office.run("translate post-1 es").output.startswith("Nothing was added")
    advice = office.say("check").splitlines()
    assert not [line for line in advice if "incidents/" in line and "[untranslated]" in line]


def test_a_typo_in_a_headline_leaves_the_other_language_as_it_is(office: Office, user: DeskUser) -> None:
    writing = correct(user, rename="The network is down")
    assert writing.form.find("in/es/right/rename-hint") == "Residents read now: La red no funciona"
    assert writing.form.find("in/es/right/rename-mark") == "missing: residents read the original"
    assert "Residents read the original there." in writing.form.find("finds")
    keep_the_same(writing, "rename")
    assert writing.form.find("in/es/right/rename-mark") == "stays as residents read it now"
    assert "Español" not in writing.form.find("finds")
    assert spanish(writing).startswith(SPANISH)
    for page in (writing.preview(PAGE), writing.preview("es/")):
        assert "La red no funciona" in page
        for words in ("The network is down", "netwrok"):
            assert words not in page
    assert "The network is down" in writing.preview("incidents/post-1/")
    # Another change has to be looked at again.
    writing.fill({"right/rename": "The whole network is down"})
    assert spanish(writing) == ""
    keep_the_same(writing, "rename")
    assert_nothing_is_left_to_translate(office, writing)


def test_what_is_corrected_is_said_in_both_languages(office: Office, user: DeskUser) -> None:
    writing = correct(user, text__1__2="Bring your bill to 81 Mill Street.")
    assert writing.form.find("in/es/right/text.1.2-hint").endswith("Traiga su factura a la calle Mill, 18.")
    writing.fill({"in/es/right/text.1.2": "Traiga su factura a la calle Mill, 81."})
    assert writing.form.find("in/es/right/text.1.2-mark") == "written by a person"
    assert spanish(writing).endswith(
        "wrong: Traiga su factura a la calle Mill, 18.\nright: Traiga su factura a la calle Mill, 81.\n"
    )
    assert "Traiga su factura a la calle Mill, 81." in writing.preview(PAGE)
    assert "81 Mill Street" not in writing.preview(PAGE)
    assert_nothing_is_left_to_translate(office, writing)


def test_several_facts_are_corrected_in_both_languages(office: Office, user: DeskUser) -> None:
    writing = correct(user, do="Pay at City Hall.", known__1="A cable broke", rename="The network is slow")
    keep_the_same(writing, DO, "known.1").fill({"in/es/right/rename": "La red va lenta"})
    page = writing.preview(PAGE)
    for words in ("Pague en el ayuntamiento.", "Se rompió un cable", "Es viejo", "La red va lenta"):
        assert words in page
    for words in ("City Hall", "A cable broke", "It is old", "The network", "Citty", "netwrok"):
        assert words not in page
    assert writing.mistakes() == []
    assert_nothing_is_left_to_translate(office, writing)


def test_a_text_that_is_parted_otherwise_shows_no_sentence_of_it(office: Office) -> None:
    file = office.folder / "incidents" / "post-1.es.md"
    file.write_text(SPANISH.replace("Lo buscamos. ", "Lo buscamos. Espere. "))
    writing = correct(DeskUser(office.folder), text__1__2="Bring your bill to 81 Mill Street.")
    assert writing.form.find("in/es/right/text.1.2-hint") == ""
    (label,) = writing.form.root.xpath("//label[@data-same='in/es/right/text.1.2']")
    assert label.get("hidden") is not None
    writing.fill({"in/es/right/text.1.2": "Calle Mill, 81."})
    assert writing.form.find("in/es/wrong-mark") == "missing: residents read the original"
    assert "Residents read the original there." in writing.form.find("finds")
    writing.fill({"in/es/wrong": "Calle Mill, 18."})
    assert "Español" not in writing.form.find("finds")
    assert spanish(writing).endswith("wrong: Calle Mill, 18.\nright: Calle Mill, 81.\n")


def test_a_status_has_no_words_to_translate(user: DeskUser) -> None:
    form = user.begin("correction", "post-1").form
    fields = [name for name in form.values if name.startswith("in/es/right/")]
    assert f"in/es/right/{DO}" in fields
    assert not [name for name in fields if name.endswith((".status", ".since"))]
