"""Prepared texts: their blanks are asked for, and their Spanish is used once someone has confirmed having read it."""

from pathlib import Path

import pytest

from statusgen.scaffold import STARTER_FOLDER
from tests.support.office import Office
from tests.support.terminal import OpenTerminal

POST = "2024-05-05-boil-your-water"
NEW = "new --template boil-water --title 'Boil your water' --since 8:00 --service water-bill=limited --next 12:00"


@pytest.fixture
def bilingual(office: Office) -> Office:
    services = office.folder / "services.yaml"
    services.write_text(services.read_text().replace("site: {", "site: {languages: [en, es], "))
    return office


def lay_out_templates(office: Office, reviewed: str | None) -> Path:
    """Lay out the templates as `init` does; with a text in Spanish that someone has read."""
    folder = office.folder / "templates" / "posts"
    folder.mkdir(parents=True)
    for path in (STARTER_FOLDER / "posts").rglob("boil-water*.md"):
        (folder / path.name).write_bytes(path.read_bytes())
    spanish = folder / "boil-water.es.md"
    if reviewed is not None:
        lines = spanish.read_text(encoding="utf-8").split("\n")
        lines = [f"reviewed: {reviewed}" if line.startswith("reviewed:") else line for line in lines]
        spanish.write_text("\n".join(lines), encoding="utf-8")
    return spanish


@pytest.mark.parametrize("reviewed", [None, "", "yes", "Ada Quimby", "2024-05-05", "[[who]] 2024-05-05"])
def test_a_text_that_nobody_has_read_is_not_used(reviewed: str | None, bilingual: Office) -> None:
    lay_out_templates(bilingual, reviewed)
    result = bilingual.run(NEW)
    assert result.exit_code == 0
    assert (
        "The Spanish text of this template is not used, because nobody has confirmed having read it. By day, have "
        "someone who knows Spanish read templates/posts/boil-water.es.md, and write their name and the day in its "
        "line reviewed: (like: Ada Quimby, 2024-05-05)."
    ) in result.output
    assert f"Wrote incidents/{POST}.md." in result.output
    assert not (bilingual.folder / "incidents" / f"{POST}.es.md").exists()


def test_a_site_without_its_own_templates_is_told_where_the_text_is(bilingual: Office) -> None:
    said = bilingual.run(NEW).output
    assert f"copy boil-water.md and boil-water.es.md from {STARTER_FOLDER / 'posts/water'} to templates/posts/" in said


def test_a_text_that_somebody_has_read_is_written_beside_the_post(bilingual: Office) -> None:
    lay_out_templates(bilingual, "Ada Quimby, 2024-05-05")
    said = bilingual.run(NEW).output
    assert f"Wrote incidents/{POST}.md.\nWrote incidents/{POST}.es.md.\n" in said
    spanish = bilingual.text(f"{POST}.es")
    assert spanish.startswith('---\ntitle: "[[Dónde, como título')
    assert "reviewed" not in spanish
    assert "services:\n  water-bill:\n    do: Hierva el agua a borbotones" in spanish
    assert "Hierva el agua un minuto y déjela enfriar." in spanish
    # Its blanks hold nothing up; those of the post do.
    lines = bilingual.run("check").output.splitlines()
    assert not [line for line in lines if ".es.md" in line and "advice" not in line]


def test_what_the_post_says_otherwise_is_not_taken_from_the_prepared_text(bilingual: Office) -> None:
    lay_out_templates(bilingual, "Ada Quimby, 2024-05-05")
    bilingual.run(f"{NEW} --do 'Drink bottled water.' --known 'A pipe burst' --text 'All homes.'")
    spanish = bilingual.text(f"{POST}.es")
    assert "Hierva" not in spanish.replace("Hierva el agua al norte", "")
    assert '  - "[[Por qué' not in spanish
    assert "not_known:\n  - Cuándo ya no habrá que hervir el agua\n" in spanish
    assert "Drink" not in spanish


def test_blanks_are_filled_by_flags(bilingual: Office) -> None:
    lay_out_templates(bilingual, "Ada Quimby, 2024-05-05")
    said = bilingual.say(
        f"{NEW} --fill 'bottled water=-' --fill 'Why=A main broke: at Oak' --fill 'being done=Testing' "
        "--fill 'Who this is for=It is for all.' --fill 'Por qué=Se rompió un tubo' "
        "--fill 'título=Hierva el agua' --fill 'Qué se está=Análisis' --fill 'Para quién=Es para todos.'"
    )
    assert "blank" not in said
    english, spanish = bilingual.text(POST), bilingual.text(f"{POST}.es")
    assert "[[" not in english + spanish
    assert "where:" not in english + spanish
    assert "known:\n  - 'A main broke: at Oak'\n" in english
    assert spanish.startswith("---\ntitle: Hierva el agua\nservices:\n  water-bill:\n    do: Hierva")
    assert "known:\n  - Se rompió un tubo\n" in spanish
    assert not [
        line for line in bilingual.run("check").output.splitlines() if line.startswith(f"incidents/{POST}.es.md")
    ]


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ("--fill 'Whom=x'", 'No blank asks for "Whom". There are: "'),
        ("--fill 'like=x'", 'Several blanks ask for "like": "'),
        ("--fill 'Why='", "Nothing is said about"),
    ],
)
def test_a_flag_that_fills_no_blank_is_refused(flags: str, message: str, office: Office) -> None:
    said = office.refuse(f"{NEW} {flags}")
    assert message in said
    assert "--fill" in said


def test_without_a_template_there_is_nothing_to_fill(office: Office) -> None:
    assert "Only a template has blanks: add --template." in office.refuse(
        "new --title T --since 8:00 --service permits=down --fill a=b"
    )


def test_blanks_are_asked_for_in_each_language(bilingual: Office, open_terminal: OpenTerminal) -> None:
    lay_out_templates(bilingual, "Ada Quimby, 2024-05-05")
    terminal = open_terminal(NEW)
    terminal.answer("Where there is bottled water, and when, like:", "-")
    terminal.answer("Why, like: A water main broke", "A pipe burst")
    terminal.answer("What is being done, like:", "")
    terminal.answer("Who this is for, and who not, like:", "This is for all homes.")
    terminal.answer("Dónde, como título, por ejemplo:", "Hierva el agua")
    assert "(In Spanish. Press Enter for: later.)" in terminal.answer("Por qué, por ejemplo:", "Se rompió un tubo")
    terminal.answer("Para quién es este aviso", "Es para todas las casas.")
    shown = terminal.confirm()
    assert f"incidents/{POST}.es.md:" in shown
    assert "title: Hierva el agua" in shown
    assert f"Wrote incidents/{POST}.es.md." in terminal.rest()
    spanish = bilingual.text(f"{POST}.es")
    assert "where" not in spanish
    assert 'doing:\n  - "[[Qué se está haciendo' in spanish
    assert "\nEs para todas las casas.\n\nHierva el agua un minuto" in spanish
