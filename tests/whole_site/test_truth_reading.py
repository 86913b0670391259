"""What other programs make of a post is read without complaint."""

import unicodedata
from pathlib import Path

import pytest

from statusgen.content.reader import read_content
from statusgen.model.posts import Incident
from statusgen.wording.interface import available_languages
from tests.support.telling import make_town

SERVICES = "services: [{id: a, name: Permits}, {id: b, name: Licenses}]"
POST = """\
---
title: Permits cannot be had
started: 2024-05-05 08:00
services: {a: down}
---
Words.
"""


def read(folder: Path, text: str, name: str = "x.md") -> tuple[Incident | None, list[str]]:
    make_town(folder, SERVICES)
    (folder / "incidents" / name).write_text(text, encoding="utf-8")
    content = read_content(folder, available_languages())
    assert content.site is not None
    return next(iter(content.site.incidents), None), [str(problem) for problem in content.problems]


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2024-05-05 08:00:41", "13:00"),
        ("2024-05-05T13:00:41.123Z", "13:00"),
        ("2024-05-05 13:00:00,5 Z", "13:00"),
        ("2024-05-05T14:00:00+01", "13:00"),
        ("2024-05-05 08:00 -0500", "13:00"),
    ],
)
def test_times_as_computers_write_them(tmp_path: Path, written: str, utc: str) -> None:
    incident, problems = read(
        tmp_path, POST.replace("2024-05-05 08:00", written) + f"\n## {written[:8]}06{written[10:]}\n\nMore.\n"
    )
    assert problems == []
    assert incident is not None
    assert f"{incident.started.start:%H:%M}" == utc
    assert f"{incident.updates[1].time.start:%d %H:%M}" == f"06 {utc}"


@pytest.mark.parametrize("name", ["x.md~", "x.md.orig", "~$x.docx", ".x.md.swp", "#x.md#", "x.bak"])
def test_what_editors_leave_is_no_post(tmp_path: Path, name: str) -> None:
    make_town(tmp_path, SERVICES)
    (tmp_path / "incidents" / name).write_text(POST)
    assert read(tmp_path, POST)[1] == []


@pytest.mark.parametrize("name", ["x (1).md", "x copy.md", "x - Copy.md"])
def test_a_copy_is_asked_about(tmp_path: Path, name: str) -> None:
    (problem,) = read(tmp_path, POST, name)[1]
    assert 'Is this a copy of "x.md"?' in problem


def test_a_name_as_macos_writes_it(tmp_path: Path) -> None:
    incident, problems = read(tmp_path, POST, unicodedata.normalize("NFD", "2024-05-05-caf\u00e9.md"))
    assert problems == []
    assert incident is not None
    assert incident.id == "2024-05-05-caf\u00e9"


def test_rules_of_many_dashes(tmp_path: Path) -> None:
    assert read(tmp_path, POST.replace("---", "-" * 60))[1] == []


FACTS = "services: {b: down}\ndo: Wait."


@pytest.mark.parametrize(
    "block", [FACTS, f"\n{FACTS}", f"```yaml\n{FACTS}\n```", f"\n~~~\n{FACTS}\n~~~", f"\n\n{FACTS}"]
)
def test_facts_where_editors_put_them(tmp_path: Path, block: str) -> None:
    incident, problems = read(tmp_path, f"{POST}\n## 2024-05-05 09:00\n{block}\n\nMore words.\n")
    assert problems == []
    assert incident is not None
    update = incident.updates[1]
    assert [report.service for report in update.reports] == ["b"]
    assert [text.text.strip() for text in update.texts] == ["More words."]


def test_a_mistake_in_a_fence_has_its_line(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, f"{POST}\n## 2024-05-05 09:00\n\n```yaml\nservices: {{c: down}}\n```\n")[1]
    assert problem.startswith("incidents/x.md:11:")


def test_words_below_an_empty_line_stay_words(tmp_path: Path) -> None:
    incident, problems = read(tmp_path, f"{POST}\n## 2024-05-05 09:00\n\nnote: bring cash\n")
    assert problems == []
    assert incident is not None
    assert incident.updates[1].texts[0].text.strip() == "note: bring cash"


def test_untranslated_words_of_a_way_are_named(tmp_path: Path) -> None:
    services = """
        services:
          - id: a
            name: {en: Permits, es: Permisos}
            channels:
              - kind: in_person
                address: 5 Oak Street
                hours: Weekdays, 9 to 4
                bring: {en: A card, es: Una tarjeta}
                fee: $5 in cash
    """
    town = make_town(tmp_path, services, "languages: [en, es]", None, x=POST)
    (advice,) = [what for _, what in town.at("2024-05-05 09:00").advice_named("untranslated") if "a/in" in what]
    assert advice == 'hours, fee of "a/in_person": no Spanish words.'
