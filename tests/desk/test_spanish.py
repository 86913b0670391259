"""Someone at a Spanish desk reads Spanish: mistakes, what residents will see change, and what waits for them."""

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest

import statusgen
from statusgen.desk.words import DeskWords
from statusgen.english import English, SeveralTexts
from tests.support.desk_forms import DeskUser, Writing
from tests.support.office import CHICAGO, POST, Office
from tests.support.plain_english import find_plain_english

ROOT = Path(statusgen.__file__).parent
# Modules whose mistakes the desk can meet, and what in them it cannot: it has no such flag, or asks in another way.
PLAYED: Mapping[str, set[str]] = {
    "cli/confirm.py": set(),
    "cli/correct.py": {
        "Give the correct information with --right.",
        "There is no such choice.",
        "Enter numbers from 1 to …, or none.",
    },
    "cli/fact_flags.py": {
        "--everybody-until needs --everybody.",
        "--short needs --do: it is the same in fewer words.",
        "Only one --expected can leave out the service. Write the others like --expected ID=…",
    },
    "cli/new.py": {"Only a template has blanks: add --template."},
    "cli/questions.py": {
        "It is not clear which service … is about.",
        "Write it like …=….",
        "Choose from: ….",
        'This post does not say that "…" is not working.',
    },
    "cli/resolve.py": {
        "Use either --cancel or --withdraw, not both.",
        "Only the end of an incident can say what works again with --only.",
        "Only the end of an incident can give the final status of its services.",
    },
    "cli/update.py": set(),
    "cli/waive.py": {"Give what does not apply with --what, or name an existing waiver with --id."},
    "cli/write_session.py": {
        "The text is empty. Nothing was written.",
        "Name the post, or a part of its name. …",
        "Standard input was empty. Nothing was written.",
        "Standard input is not in UTF-8. Nothing was written.",
        "The post is written, but the site was not built.",
    },
    "editor/find_incident.py": set(),
    "editor/find_update.py": set(),
    "editor/patterns.py": {"… matches no service.", "See services.yaml."},
    "editor/posts.py": set(),
    "editor/statements.py": set(),
    "editor/statuses.py": {"The status of … is missing.", 'Write it like "… down".'},
    "editor/times.py": set(),
    "content/format/date_hints.py": set(),
    "content/markdown/convert.py": set(),
    "content/markdown/hosts.py": set(),
    "content/markdown/link_text.py": set(),
    "content/posts/blanks.py": set(),
    "content/posts/comments.py": set(),
    "content/posts/links.py": set(),
    "lint/private.py": set(),
}

NEW = {
    "title": "No se puede pagar",
    "since-own": "8:00",
    "status/water-bill/online": "down",
    "do": "Pague en la oficina.",
    "next-own": "12:00",
}
WORK = {"title": "Trabajos", "starts": "mañana 9 PM", "ends": "mañana 11 PM", "status/permits": "maintenance"}
NOTICE = {"title": "Aviso", "topic": "fraud", "text": "Cuelgue.", "since": "now"}
UPDATE = {"text": "Lo encontramos."}
# Each kind of mistake: the form, what is said in it, and some of the words that it leads to.
MISTAKES: Mapping[str, tuple[str, Mapping[str, str], str]] = {
    "no time": ("problem", {**NEW, "since-own": "nunca"}, "«nunca» no es una hora."),
    "not yet": ("problem", {**NEW, "since-own": "2024-05-06 10:00"}, "aún no ha llegado"),
    "no such day": ("problem", {**NEW, "since-own": "2024-02-31"}, "No existe la hora"),
    "day and month swapped": ("problem", {**NEW, "since-own": "2024-31-01"}, "¿Quiso decir 2024-01-31?"),
    "skipped hour": ("problem", {**NEW, "since-own": "2024-03-10 02:30"}, "los relojes se adelantan"),
    "hour that comes twice": ("problem", {**NEW, "since-own": "2023-11-05 01:30"}, "ocurre dos veces"),
    "promise that has passed": ("problem", {**NEW, "next-own": "2024-05-05 09:00"}, "antes de esta actualización"),
    "noon or midnight": ("problem", {**NEW, "next-own": "tonight 12:00"}, "mediodía o medianoche"),
    "estimate": ("problem", {**NEW, "expected": "31/12"}, "No existe la hora"),
    "headline too long": ("problem", {**NEW, "title": "a" * 2100}, "caracteres"),
    "heading in a text": ("problem", {**NEW, "text": "## 2024-05-05 09:00 Resolved"}, "comenzaría otra actualización"),
    "three dashes": ("problem", {**NEW, "text": "uno\n\n---\n\ndos"}, "tres guiones"),
    "script in a link": ("problem", {**NEW, "text": "[aquí](javascript:alert(1))"}, "No se puede enlazar"),
    "no address": ("problem", {**NEW, "text": "[aquí](https://)"}, "no es una dirección"),
    "misleading link": (
        "problem",
        {**NEW, "text": "[www.springfield.gov](https://evil.example/)"},
        "lleva a",
    ),
    "link to no post": ("problem", {**NEW, "text": "[aquí](nada.md)"}, "No hay ningún aviso"),
    "link to nowhere": ("problem", {**NEW, "text": "[aquí](nada)"}, "no lleva a ninguna parte"),
    "picture from elsewhere": ("problem", {**NEW, "text": "![x](https://a.example/b.png)"}, "no se puede mostrar"),
    "blank": ("problem", {**NEW, "text": "Llame al [[número]]."}, "Aún falta llenar"),
    "note": ("problem", {**NEW, "text": "Hola <!-- llamar a Ana -->"}, "Aquí hay una nota"),
    "password": ("problem", {**NEW, "text": "Wi-Fi password: hunter2x9"}, "una contraseña"),
    "card number": ("problem", {**NEW, "text": "Tarjeta 4111 1111 1111 1111"}, "un número de tarjeta de pago"),
    "invisible character": ("problem", {**NEW, "text": "Hola \u202eodnum"}, "carácter invisible"),
    "line too long": ("problem", {**NEW, "text": "a" * 30_000}, "Esta línea tiene más de"),
    "work ends first": ("planned-work", {**WORK, "ends": "mañana 8 PM"}, "terminarían antes de comenzar"),
    "notice ends first": ("notice", {**NOTICE, "ends": "2024-05-01"}, "terminaría antes de comenzar"),
    "rumor without the truth": (
        "notice",
        {**NOTICE, "topic": "rumor", "claim": "El agua es mala"},
        "Una noticia sobre un rumor necesita",
    ),
    "empty update": ("update", {}, ""),
    "update of no service": ("update", {"do": "Llame.", "status/water-bill": "", **UPDATE}, ""),
    "waiver ends first": ("waiver", {"what-own": "Sin recargos", "until-own": "2024-05-01"}, "antes de que comience"),
    "waiver until no day": ("waiver", {"what-own": "Sin recargos", "until-own": "31/12"}, "no es una fecha"),
}


@pytest.fixture
def user(office: Office) -> DeskUser:
    found = DeskUser(office.folder)
    found.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "es"
    return found


def in_english_alone(said: str) -> bool:
    """Return whether a part of what was said has no pattern that a catalog could have."""
    if isinstance(said, SeveralTexts):
        return any(map(in_english_alone, said.parts))
    return not isinstance(said, English)


def mistakes_of(writing: Writing) -> list[str]:
    rehearsal = writing.user.desk.rehearse(writing.draft).rehearsal
    return [mistake.words for mistake in rehearsal.mistakes if mistake.words]


@pytest.mark.parametrize("kind", MISTAKES)
def test_each_kind_of_mistake_is_told_in_spanish(user: DeskUser, kind: str) -> None:
    form, said, expected = MISTAKES[kind]
    writing = user.begin(form, "" if form in ("problem", "planned-work", "notice") else "post-1").fill(said)
    for mistake in mistakes_of(writing):
        assert not in_english_alone(mistake), mistake
    told = writing.form.find("finds")
    assert "El programa dice" not in told
    assert expected.replace("«", '"').replace("»", '"') in told.replace("«", '"').replace("»", '"'), told


@pytest.mark.parametrize("module", PLAYED)
def test_no_mistake_that_the_desk_can_meet_is_in_english_alone(module: str) -> None:
    assert set(find_plain_english(ROOT / module)) == PLAYED[module]


def test_what_is_in_english_alone_is_quoted_as_such() -> None:
    words = DeskWords("es", CHICAGO)
    assert words.say("The disk is full.") == "El programa dice, en inglés: “The disk is full.”"
    assert DeskWords("en", CHICAGO).say("The disk is full.") == "The disk is full."


def test_every_sentence_about_a_change_has_its_pattern() -> None:
    """Sentences of the comparison are written as patterns: no f-string in that room has words of its own."""
    for path in (ROOT / "diff").glob("*changes.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                words = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
                assert not any(char.isalpha() for char in words), (path.name, words)


def look(user: DeskUser, writing: Writing) -> str:
    return user.get(f"drafts/{writing.id}/look")


def test_what_residents_will_see_change_is_told_in_spanish(user: DeskUser) -> None:
    page = look(user, user.begin("problem").fill({**NEW, "text": "Lo buscamos."}))
    assert "<li>Aviso nuevo: No se puede pagar.</li>" in page
    assert "<li>Pay a water bill: lo que se puede hacer es ahora" in page
    for english in ("New post", "before:", "what to do", "Not available", "The page begins"):
        assert english not in page.partition("<aside")[0]


def test_a_correction_and_a_waiver_are_told_in_spanish(user: DeskUser) -> None:
    page = look(user, user.begin("waiver", "post-1").fill({"what-own": "Sin recargos", "until-own": "2024-06-30"}))
    assert "Exención nueva: " in page
    page = look(user, user.begin("update", "post-1").fill({**UPDATE, "next-own": "12:00"}))
    assert "actualización nueva de 2024-05-05 09:45" in page
    assert "la próxima actualización se promete ahora" in page


def test_the_blanks_of_a_prepared_text_are_asked_for_in_spanish(user: DeskUser) -> None:
    writing = user.begin("problem").press("prepared:ask:payment-outage")
    assert "Qué falla" in writing.form.links("prepared")
    assert "What fails" not in writing.form.links("prepared")
    assert writing.form.hint("title").startswith("Qué no se puede pagar y cómo, como título.")


def test_what_waits_is_told_in_spanish(office: Office, user: DeskUser) -> None:
    text = POST.replace("  water-bill/online: down", "  water-bill/online: {status: down, expected: 2024-05-05 09:00}")
    (office.folder / "incidents" / "post-1.md").write_text(text)
    page = user.get()
    assert "dice de Pay a water bill" in page
    assert "Esa hora ya pasó" in page
    assert "That time has passed" not in page
