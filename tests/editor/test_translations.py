"""`statusgen translate`: what is missing is laid out beside the original, and what is written stays."""

import subprocess
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from statusgen.content.format.fields import Names
from statusgen.editor.translations import lay_out_translation
from tests.support.office import NOW, Office
from tests.support.terminal import Terminal

NAMES = Names(languages=("en", "es"), zone=ZoneInfo("America/Chicago"), is_known=True)
POST = """\
---
title: Bills cannot be paid
started: 2024-05-05 08:00
services:
  water-bill/online: {status: down, do: {words: Pay at the desk., short: Pay at the desk}}
  permits: unknown
known: [A cable broke, It is old]
by: {en: The mayor, es: La alcaldía}
waivers: [{id: fees, what: No late fees, until: it works again}, {id: shutoffs, what: No shutoffs, until: 2024-06-30}]
---
We are looking for it,
and see [the map](https://example.org/map).

- First
- Second thing,
  on two lines

## 2024-05-05 09:00 Identified
known: [A cable broke, We found it]
expected: {by: 2024-05-08, basis: vendor estimate}

It is the cable.
"""
LAID_OUT = """\
---
title: '[[Bills cannot be paid]]'
known:
  - '[[A cable broke]]'
  - '[[It is old]]'
services:
  water-bill/online:
    do:
      words: '[[Pay at the desk.]]'
      short: '[[Pay at the desk]]'
waivers:
  - id: fees
    what: '[[No late fees]]'
    until: '[[it works again]]'
  - id: shutoffs
    what: '[[No shutoffs]]'
---
[[We are looking for it, and see [the map](https://example.org/map).]]

- [[First]]
- [[Second thing, on two lines]]

## 2024-05-05 09:00
known:
  - '[[A cable broke]]'
  - '[[We found it]]'
expected:
  basis: '[[vendor estimate]]'

[[It is the cable.]]
"""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path, POST)
    services = tmp_path / "services.yaml"
    services.write_text(services.read_text().replace("site: {", "site: {languages: [en, es], "))
    return office


def spanish(office: Office) -> Path:
    return office.folder / "incidents" / "post-1.es.md"


def test_everything_is_laid_out_and_nothing_of_it_is_published(office: Office) -> None:
    said = office.say("translate bills es")
    assert "Wrote incidents/post-1.es.md.\n15 texts are still to be written in Spanish." in said
    assert spanish(office).read_text() == LAID_OUT
    [advice] = [line for line in office.run("check").output.splitlines() if "post-1.es.md:2:" in line]
    assert "Not all of this update is translated into Spanish yet." in advice
    assert office.run("build").exit_code == 0
    page = (office.folder / "site" / "es" / "incidents" / "post-1" / "index.html").read_text(encoding="utf-8")
    assert "Bills cannot be paid" in page
    assert "[[" not in page
    before = office.files()
    assert "Nothing was added to incidents/post-1.es.md." in office.run("translate bills").output
    assert office.files() == before


def test_what_is_written_stays_byte_for_byte_when_the_original_grew(office: Office) -> None:
    written = (
        b"\xef\xbb\xbf---\r\n# the desk: la ventanilla\r\ntitle: 'No se puede pagar'   # ok\r\n"
        b"known: [Se rompi\xc3\xb3 un cable, Es viejo]\n"
        b"services: {water-bill/online: {do: Pague en la ventanilla.}}\r\n"
        b"waivers:\r\n- {id: fees, what: Sin recargos}\r\n\r\n# fin\r\n---\r\nLo buscamos.\r\n\r\n\r\n"
    )
    spanish(office).write_bytes(written)
    said = office.say("translate bills es")
    assert "Wrote incidents/post-1.es.md." in said
    assert "Write this into" in said
    assert "water-bill/online/do/short: Pay at the desk" in said
    now = spanish(office).read_bytes()
    for line in written.splitlines(keepends=True):
        if b"waivers" not in line and b"fees" not in line:
            assert line in now
    assert b'- {id: fees, what: Sin recargos, "until": "[[it works again]]"}\r\n' in now
    assert b"- id: shutoffs\r\n  what: '[[No shutoffs]]'\r\n" in now
    # Words that are said again have their translation already.
    assert "## 2024-05-05 09:00\r\nknown:\r\n  - Se rompió un cable\r\n  - '[[We found it]]'\r\n".encode() in now
    assert now.endswith(b"[[It is the cable.]]\r\n")
    assert "Nothing was added" in office.say("translate bills es")


@pytest.mark.parametrize(
    ("written", "grown"),
    [
        # what goes with words alone
        (
            "services:\n  water-bill/online:\n    do: Pague, hoy.  # sí\n  permits: {}\n",
            "services:\n  water-bill/online:\n    do:\n      words: Pague, hoy.\n"
            "      short: '[[Pay at the desk]]'  # sí\n",
        ),
        ("known: [Uno]\n", 'known: [Uno, "[[It is old]]"]\n'),
        ("known:\n- Uno\n", "known:\n- Uno\n- '[[It is old]]'\n"),
        ("known:\n  - >-\n    Uno\n    dos\n\n", "known:\n  - >-\n    Uno\n    dos\n  - '[[It is old]]'\n"),
        ("waivers: []\n", 'waivers: [{"id": "fees", "what": "[[No late fees]]", "until": "[[it works again]]"}, '),
    ],
)
def test_what_is_missing_goes_where_it_belongs(written: str, grown: str) -> None:
    laid_out = lay_out_translation(POST, f"---\n{written}---\nLo buscamos.\n", "es", NAMES)
    assert laid_out.text.startswith(f"---\n{grown}")
    assert laid_out.by_hand == ()
    again = lay_out_translation(POST, laid_out.text, "es", NAMES)
    assert again == laid_out


def test_an_update_between_others_goes_between_them() -> None:
    three = f"{POST}\n## 2024-05-05 10:00\nThree.\n\n## 2024-05-05 11:00 Resolved\nFour.\n"
    for missing in ("09:00", "10:00", "11:00"):
        times = [time for time in ("09:00", "10:00", "11:00") if time != missing]
        before = "---\ntitle: X\n---\nUno.\n" + "".join(f"\n## 2024-05-05 {time}\nOtro {time}.\n" for time in times)
        text = lay_out_translation(three, before, "es", NAMES).text
        found = [line[-5:] for line in text.splitlines() if line.startswith("## ")]
        assert found == ["09:00", "10:00", "11:00"]
        assert all(f"\nOtro {time}.\n" in text for time in times)


def test_what_a_correction_quotes_is_written_again() -> None:
    original = (
        "---\ntitle: Offices are closed\nstarted: 2024-05-05 08:00\n---\nNews.\n\n"
        "## 2024-05-05 09:00 Correction\nwrong: Offices are closed\nright: Offices are open\nrename: Offices are open\n"
    )
    written = "---\ntitle: Las oficinas están cerradas\n---\nNoticias.\n"
    assert lay_out_translation(original, written, "es", NAMES).text == (
        f"{written}\n## 2024-05-05 09:00\nrename: '[[Offices are open]]'\n"
        "wrong: Las oficinas están cerradas\nright: '[[Offices are open]]'\n"
    )


def test_a_text_that_is_missing_goes_below_the_facts() -> None:
    before = "---\ntitle: X\n---\n\n## 2024-05-05 09:00\nknown: [A, B]\n\n\n"
    text = lay_out_translation(POST, before, "es", NAMES).text
    assert "---\n[[We are looking for it, and see" in text
    assert "known: [A, B]\nexpected:\n  basis: '[[vendor estimate]]'\n\n[[It is the cable.]]\n" in text


def test_facts_that_are_missing_are_not_taken_for_text() -> None:
    before = "---\ntitle: X\n---\nUno.\n\n## 2024-05-05 09:00\nEs el cable.\n"
    text = lay_out_translation(POST, before, "es", NAMES).text
    assert text.endswith("expected:\n  basis: '[[vendor estimate]]'\n\nEs el cable.\n")


def test_who_translated_it_is_said(office: Office) -> None:
    said = office.say("translate bills es --translated machine")
    assert "The page says that a machine translated it." in said
    assert spanish(office).read_text() == LAID_OUT.replace(
        "title: '[[Bills cannot be paid]]'\n", "title: '[[Bills cannot be paid]]'\ntranslated: machine\n"
    )
    assert "machine" not in office.say("translate bills es --translated human")
    assert spanish(office).read_text() == LAID_OUT


def test_a_language_that_the_site_does_not_have_is_refused(office: Office) -> None:
    assert 'This site is not published in "fr". Choose from: es.' in office.refuse("translate bills fr")
    assert "Posts are written in English." in office.refuse("translate bills en")
    spanish(office).write_text("title: Sin guiones\n")
    assert "post-1.es.md:1: A post must begin with a line of three dashes." in office.refuse("translate bills es")


def test_originals_that_were_changed_since_are_named(office: Office) -> None:
    spanish(office).write_text("---\ntitle: No se puede pagar\nknown: [Uno, Dos]\n---\nLo buscamos.\n")

    def commit(time: str) -> None:
        words = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
        when = {"GIT_AUTHOR_DATE": time, "GIT_COMMITTER_DATE": time, "PATH": "/usr/bin:/bin"}
        subprocess.run([*words, "add", "--all"], cwd=office.folder, check=True)
        subprocess.run([*words, "commit", "--quiet", "-m", "x"], cwd=office.folder, check=True, env=when)

    subprocess.run(["git", "init", "--quiet"], cwd=office.folder, check=True)
    commit("2024-05-05T13:30:00Z")
    post = office.folder / "incidents" / "post-1.md"
    post.write_text(POST.replace("We are looking for it", "We are searching for it"))
    commit("2024-05-05T14:10:00Z")
    said = office.run("translate bills es").output
    assert "incidents/post-1.md:2: the original of 2024-05-05 08:00 was changed after it was translated." in said


def test_each_text_is_asked_for_with_its_original(office: Office) -> None:
    terminal = Terminal(office.folder, "translate bills es", NOW)
    terminal.answer("title:\r\nBills cannot be paid", "No se puede pagar")
    terminal.answer("known:\r\nA cable broke", "Se rompió un cable: el 5")
    terminal.answer("known:\r\nIt is old", "")
    terminal.answer("services water-bill/online do words:\r\nPay at the desk.", "")
    terminal.answer("short:\r\nPay at the desk", "Pague " * 20)
    terminal.answer("a short answer has at most 60", "Pague en la ventanilla")
    terminal.answer("fees")
    said = terminal.interrupt()
    assert "Your answers are kept in your own folder." in said
    assert not spanish(office).exists()
    terminal = Terminal(office.folder, "translate bills es", NOW)
    terminal.child.expect_exact("Continue from there? [Y/n]: ")
    terminal.child.sendline("")
    terminal.answer("waivers what:\r\nNo late fees", "")
    for _ in range(8):
        terminal.child.expect_exact("> ")
        terminal.child.sendline("")
    assert "title: No se puede pagar" in terminal.confirm()
    assert "11 texts are still to be written in Spanish." in terminal.rest()
    assert "  - 'Se rompió un cable: el 5'\n  - '[[It is old]]'\n" in spanish(office).read_text(encoding="utf-8")
    assert office.run("check").exit_code == 0
