"""What is written in two languages goes into two files; what nobody translated is shown as it was written."""

import pytest

from tests.support.desk_forms import DeskUser, Writing
from tests.support.office import POST, Office
from tests.support.pictures import make_png

NEW = {
    "title": "Bills cannot be paid online",
    "in/es/title": "No se pueden pagar las facturas por internet",
    "since-own": "8:00",
    "status/water-bill/online": "down",
    "do": "Pay at City Hall.",
    "in/es/do": "Pague en el ayuntamiento.",
    "next-own": "12:00",
}
PATH = "incidents/2024-05-05-bills-cannot-be-paid-online"


@pytest.fixture
def user(office: Office) -> DeskUser:
    return DeskUser(office.folder)


def spanish(writing: Writing) -> str:
    files = {path: content.decode() for path, content in writing.written().items() if path.endswith(".es.md")}
    return "".join(files.values())


def save(office: Office, writing: Writing) -> None:
    for path, content in writing.written().items():
        (office.folder / path).write_bytes(content)


def test_both_languages_are_written_in_one_go(office: Office, user: DeskUser) -> None:
    text = {"text": "We look into it.\n\nDo not pay twice.", "in/es/text": "Lo buscamos.\n\nNo pague dos veces."}
    known = {"known": "A cable broke\nIt is old", "in/es/known": "Se rompió un cable\nEs viejo"}
    writing = user.begin("problem").fill({**NEW, **text, **known})
    assert list(writing.written()) == [f"{PATH}.md", f"{PATH}.es.md"]
    assert spanish(writing) == (
        "---\ntitle: No se pueden pagar las facturas por internet\nknown:\n  - Se rompió un cable\n  - Es viejo\n"
        "services:\n  water-bill/online:\n    do: Pague en el ayuntamiento.\n---\nLo buscamos.\n\nNo pague dos veces.\n"
    )
    assert "in/es" not in writing.written()[f"{PATH}.md"].decode()
    page = writing.preview("es/")
    assert "No se pueden pagar las facturas por internet" in page
    assert "Pague en el ayuntamiento." in page
    save(office, writing)
    advice = office.say("check").splitlines()
    assert not [line for line in advice if PATH in line and "[untranslated]" in line]
    assert office.run("translate 2024-05-05-bills-cannot-be-paid-online es").output.startswith("Nothing was added")


def test_what_the_command_would_lay_out_is_what_is_written(office: Office, user: DeskUser) -> None:
    writing = user.begin("problem").fill({**NEW, "known": "A cable broke\nIt is old", "in/es/known": "Un cable"})
    written = spanish(writing)
    assert "known:\n  - Un cable\n  - '[[It is old]]'\n" in written
    save(office, writing)
    assert office.run("translate 2024-05-05-bills-cannot-be-paid-online es").output.startswith("Nothing was added")
    page = writing.user.desk.read_site()
    assert not page.workspace.problems


def test_a_missing_language_keeps_nothing_from_being_published(user: DeskUser) -> None:
    writing = user.begin("problem").fill({name: words for name, words in NEW.items() if not name.startswith("in/")})
    assert list(writing.written()) == [f"{PATH}.md"]
    assert writing.mistakes() == []
    assert "Español: not all of it is translated. Residents read the original there." in writing.form.find("finds")
    writing.fill(NEW)
    assert "Español" not in writing.form.find("finds")


def test_each_field_says_how_it_stands(user: DeskUser) -> None:
    writing = user.begin("problem").fill(NEW)
    assert writing.form.find("in/es/title-mark") == "written by a person"
    assert writing.form.find("in/es/text-mark") == ""
    writing.fill({"text": "Pay at the counter."})
    assert writing.form.find("in/es/text-mark") == "missing: residents read the original"
    assert writing.form.labels["in/es/title"] == "Español: What happened?"


def test_what_was_translated_before_the_original_changed_waits_until_it_is_looked_at(user: DeskUser) -> None:
    writing = user.begin("problem").fill(NEW)
    writing.fill({"title": "Bills cannot be paid online or by phone"})
    assert writing.form.find("in/es/title-mark").startswith("the original has changed")
    assert "Español: the original has changed since it was translated." in writing.form.find("finds")
    assert "No se pueden pagar" not in spanish(writing)
    assert "Pague en el ayuntamiento." in spanish(writing)
    assert writing.form.values["in/es/title"] == [NEW["in/es/title"]]
    assert writing.mistakes() == []
    (box,) = writing.form.root.xpath("//input[@name='same/in/es/title']")
    writing.fill({"same/in/es/title": box.get("value")})
    assert "No se pueden pagar" in spanish(writing)
    assert writing.form.find("in/es/title-mark") == "written by a person"
    # Another change has to be looked at again; a change back need not.
    writing.fill({"title": "Bills"})
    assert "No se pueden pagar" not in spanish(writing)
    writing.fill({"title": NEW["title"]})
    assert "No se pueden pagar" in spanish(writing)


def test_an_update_is_added_to_the_translation_that_is_there(office: Office, user: DeskUser) -> None:
    file = office.folder / "incidents" / "post-1.es.md"
    file.write_bytes(b"---\r\ntitle: La red no funciona # ok\r\n---\r\nLo buscamos.\r\n")
    writing = user.begin("update", "post-1").fill({"text": "We found it.", "in/es/text": "Lo encontramos."})
    assert spanish(writing) == (
        "---\r\ntitle: La red no funciona # ok\r\n---\r\nLo buscamos.\r\n\r\n## 2024-05-05 09:45\r\n\r\n"
        "Lo encontramos.\r\n"
    )
    assert "Lo encontramos." in writing.preview("es/incidents/post-1/")


def test_words_about_one_service_and_of_pictures(user: DeskUser) -> None:
    writing = user.begin("problem").fill({**NEW, "do": "", "in/es/do": "", "do/water-bill": "Wait.", "text": "A line."})
    writing.fill({"in/es/do/water-bill": "Espere.", "in/es/text": "Una fila."})
    writing.attach("a.png", make_png(), **{"new-shows": "A line"})
    name = writing.form.values["pictures"][0]
    writing.fill({f"in/es/shows/{name}": "Una fila de gente"})
    assert "do: Espere." in spanish(writing)
    assert spanish(writing).endswith(f"---\nUna fila.\n\n![Una fila de gente](files/{name})\n")


def test_a_translation_that_cannot_be_written_is_named_at_its_field(user: DeskUser) -> None:
    writing = user.begin("problem").fill({**NEW, "text": "A line.", "in/es/text": "## 2024-05-05 09:00 Resuelto"})
    assert list(writing.written()) == [f"{PATH}.md"]
    assert any("would start another update" in words for words in writing.mistakes())
    writing.press("look")
    assert "would start another update" in writing.form.find("in/es/text-error")
    writing.fill({"in/es/text": "Ok.", "known": "One", "in/es/known": "Uno\nDos"})
    assert "There are more lines here than in the original." in writing.form.find("finds")


def test_the_blanks_of_a_prepared_text_are_translated_as_they_were_filled_in(user: DeskUser) -> None:
    writing = user.begin("problem").press("prepared:ask:payment-outage").fill(NEW)
    writing.fill({"What fails": "The page shows an error", "text": "", "doing": ""})
    writing.fill({"in/es/known": "La página da un error"})
    assert "known:\n  - La página da un error\n" in spanish(writing)
    writing.fill({"What fails": "The page is blank"})
    assert "La página da un error" not in spanish(writing)


def test_side_by_side_is_kept_for_the_next_form(user: DeskUser) -> None:
    assert "side-by-side" not in user.begin("problem").form.values
    assert user.begin("update", "post-1").form.values["side-by-side"] == ["yes"]
    user.begin("problem").press(**{"side-by-side": "yes"})
    assert user.begin("problem").form.values["side-by-side"] == ["yes"]
    assert "side-by-side" in DeskUser(user.desk.source).begin("problem").form.values


def test_a_site_of_one_language_asks_for_no_other(office: Office) -> None:
    services = office.folder / "services.yaml"
    services.write_text(services.read_text().replace("languages: [en, es], ", ""))
    writing = DeskUser(office.folder).begin("update", "post-1")
    assert not [name for name in writing.form.values if name.startswith(("in/", "side"))]


def test_a_post_is_translated_later(office: Office, user: DeskUser) -> None:
    home = user.get()
    assert "Not all of it is in Spanish yet." in home
    writing = user.begin("translation", "post-1")
    assert "2 texts are missing." in writing.form.text
    assert "The network is down" in writing.form.text
    assert writing.press("look").form.find("problems").endswith("All you typed is kept below.")
    writing.fill({"Headline: The network is down": "La red no funciona"})
    assert list(writing.written()) == ["incidents/post-1.es.md"]
    assert spanish(writing) == "---\ntitle: La red no funciona\n---\n[[We are looking into it.]]\n"
    assert "La red no funciona" in writing.preview("es/")
    assert "[[" not in writing.preview("es/incidents/post-1/")
    save(office, writing)
    writing = user.begin("translation", "post-1")
    assert "1 text is missing." in writing.form.text
    writing.fill({"Text: We are looking into it.": "Lo buscamos."})
    save(office, writing)
    assert "Not all of it is in Spanish yet." not in user.get()


def test_a_machine_translation_is_marked_until_somebody_has_read_it(office: Office, user: DeskUser) -> None:
    file = office.folder / "incidents" / "post-1.es.md"
    file.write_text("---\ntitle: La red no funciona\ntranslated: machine\n---\nLo buscamos.\n")
    writing = user.begin("translation", "post-1")
    assert "The page says that a machine translated it" in writing.form.text
    writing.fill({"read/es": "yes"})
    assert spanish(writing) == "---\ntitle: La red no funciona\n---\nLo buscamos.\n"


def test_the_words_of_a_machine_can_be_changed(office: Office, user: DeskUser) -> None:
    file = office.folder / "incidents" / "post-1.es.md"
    file.write_text("---\ntitle: La malla no trabaja # mal\ntranslated: machine\n---\nLo miramos.\n")
    writing = user.begin("translation", "post-1")
    title, text = "Headline: The network is down", "Text: We are looking into it."
    assert writing.form.values[writing.form.field_of(title)] == ["La malla no trabaja"]
    assert writing.form.values[writing.form.field_of(text)] == ["Lo miramos."]
    # Nothing was changed yet, so there is nothing to publish.
    assert writing.press().mistakes() == ["read/"]
    # The sentences that nobody has looked at stay the machine's.
    writing.fill({title: "La red no funciona: todo"})
    assert spanish(writing) == "---\ntitle: 'La red no funciona: todo' # mal\ntranslated: machine\n---\nLo miramos.\n"
    writing.fill({"read/es": "yes"})
    assert spanish(writing) == "---\ntitle: 'La red no funciona: todo' # mal\n---\nLo miramos.\n"


def test_what_somebody_has_rewritten_as_a_whole_is_by_a_person(office: Office, user: DeskUser) -> None:
    post = office.folder / "incidents" / "post-1.md"
    post.write_text(f"{POST}\n## 2024-05-05 09:00 Identified\n\nWe found it.\n\n- One\n- Two\n")
    file = office.folder / "incidents" / "post-1.es.md"
    file.write_text(
        "---\ntitle: La malla\ntranslated: machine\n---\nMiramos.\n\n## 2024-05-05 09:00\n\nLo vemos.\n\n- Uno\n- Doz\n"
    )
    writing = user.begin("translation", "post-1")
    named = {label: name for name, label in writing.form.labels.items()}
    said = {"The network is down": "La red", "We are looking into it.": "Lo vemos.", "We found it.": "Ya está."}
    said |= {"One": "Primero", "Two": "Segundo"}
    for original, words in said.items():
        assert "translated: machine" in (spanish(writing) or file.read_text())
        writing.fill({next(name for label, name in named.items() if label.endswith(f": {original}")): words})
    assert spanish(writing) == (
        "---\ntitle: La red\n---\nLo vemos.\n\n## 2024-05-05 09:00\n\nYa está.\n\n- Primero\n- Segundo\n"
    )


def test_a_text_that_a_machine_parted_otherwise_is_not_shown_in_pieces(office: Office, user: DeskUser) -> None:
    file = office.folder / "incidents" / "post-1.es.md"
    file.write_text("---\ntitle: La malla\ntranslated: machine\n---\nLo miramos.\n\nGracias.\n")
    writing = user.begin("translation", "post-1")
    assert "Text: We are looking into it." not in writing.form.labels.values()
    writing.fill({"Headline: The network is down": "La red"})
    assert spanish(writing) == "---\ntitle: La red\ntranslated: machine\n---\nLo miramos.\n\nGracias.\n"


def test_the_words_of_a_waiver_are_translated(user: DeskUser) -> None:
    writing = user.begin("waiver", "post-1").fill(
        {"what-own": "No fees", "until-own": "the bill is right", "how": "automatic"}
    )
    assert writing.form.find("in/es/what-mark") == "missing: residents read the original"
    assert writing.form.find("in/es/how-mark") == "nothing to translate"
    writing.fill({"in/es/what": "Sin cargos", "in/es/until": "que la factura esté bien"})
    assert writing.form.find("in/es/what-mark") == "written by a person"
    assert "    what: Sin cargos\n    until: que la factura esté bien\n" in spanish(writing)
    assert "Sin cargos" in writing.preview("es/incidents/post-1/")
    writing.fill({"until-own": "2024-06-30", "in/es/until": ""})
    assert writing.form.find("in/es/until-mark") == "nothing to translate"


def test_each_language_has_its_page_and_its_message(user: DeskUser) -> None:
    writing = user.begin("problem").fill(NEW)
    pages = [link.get("data-page") for link in writing.form.root.xpath("//*[@id='views']//a")]
    assert pages == ["", f"{PATH}/", "es/", f"es/{PATH}/"]
    for page in pages:
        assert "<h1" in writing.preview(page)
    assert "No se pueden pagar las facturas" in writing.form.find("messages")
