"""Whatever is in the files, reading them ends soon, with a site or with problems that have a file and a line.

More examples: HYPOTHESIS_PROFILE=search .venv/bin/pytest tests/content/test_never_crashes.py
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from statusgen.content.format.validation import MAX_MISTAKES
from statusgen.content.reader import read_content
from statusgen.lint.mistakes import find_mistakes
from statusgen.text import MAX_TEXT_BYTES
from statusgen.wording.interface import available_languages

SERVICES = b"""site:
  title: {en: Springfield service status, es: Servicios de Springfield}
  url: https://status.springfield.example/
  timezone: America/Chicago
  languages: [en, es]
  contacts: [{name: 311, phone: 311}]
operators:
  water: {name: Water department, kind: city}
groups:
  - {id: home, name: Home}
services:
  - {name: Trash pickup, id: trash, group: home}
  - name: Water bills
    id: water-bill
    operator: water
    channels:
      - {id: online, kind: online, url: https://pay.springfield.example/}
      - {id: counter, kind: in_person, accepts: [cash, check]}
"""
POST = b"""---
title: Water bills cannot be paid online
started: 2024-05-05 08:00
services:
  water-bill/online: {status: down, do: "Pay at the counter."}
  trash: working
expected: {not_before: 2024-05-10, words: in some days}
waivers:
  - {id: late-fees, services: [water-bill], what: No late fees, until: payment works}
---
We are looking into it: see [the page](https://springfield.example/).

- first
  - inner

## 2024-05-06 09:00 Identified
by: Maria Lopez
known: [The page does not open]

Found.

## 2024-05-07 09:00 Correction
corrects: 2024-05-06 09:00
right: The page opens slowly.

## 2024-05-08 Resolved
"""
SPANISH = b"""---
title: No se pueden pagar facturas
translated: human
services:
  water-bill/online: {do: Pague en la oficina.}
---
Lo estamos investigando.

## 2024-05-06 09:00
known: [No abre]
"""
FILES = {
    "services.yaml": SERVICES,
    "incidents/2024-05-05-water.md": POST,
    "incidents/2024-05-05-water.es.md": SPANISH,
}
# What YAML, Markdown and the format itself take for a sign of something.
SIGNS = b"""--- ## ### 2024-05-06 2024-02-30 09:00 -05:00 Resolved : ? - { } [ ] , " ' # | > % @ ` & * ! \\ ~ null true
&a *a << !!str kind: maintenance notice starts: ends: repeats: FREQ=DAILY topic: draft: id: services: channels:
expected: unknown waivers: deadlines: on: corrects: ![](x.png) [a](b.md) <b> ** &#0; 1. |- \\x00 \\ud800
""".split()
SIGNS += [
    b"\n",
    b"\n\n",
    b"  ",
    b"\t",
    b"\r",
    b"\0",
    b"\xff",
    b"\xc2\xa0",
    b"\xe2\x80\xa8",
    b"\xef\xbb\xbf",
    b"\xcc\x81",
]
PATIENCE = 60  # seconds on a busy machine; a quiet one takes one or two for the slowest


def find_problems(**changed: bytes) -> list[str]:
    """Return the problems of the site in which these files have other content."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "incidents").mkdir()
        for file, content in (FILES | changed).items():
            (folder / file).write_bytes(content)
        found = read_content(folder, available_languages())
        told = found.problems or list(find_mistakes(found.site, found.texts) if found.site else [])
        assert found.site or told
        for problem in told:
            assert problem.what
            assert problem.hint
            assert str(problem).replace("\N{REPLACEMENT CHARACTER}", "").isprintable()
            lines = (FILES | changed)[problem.place.file].replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")
            assert 1 <= problem.place.line <= lines + 1
        return [str(problem) for problem in told]


def change_bytes(content: bytes) -> st.SearchStrategy[bytes]:
    """Generate `content` with some lines, words and letters removed, repeated, moved or replaced."""
    lines = content.split(b"\n")
    places = st.integers(0, len(content))
    cuts = st.tuples(places, st.integers(0, 30), st.lists(st.sampled_from(SIGNS), max_size=3).map(b"".join))
    cut = st.lists(cuts, min_size=1, max_size=4).map(lambda found: _cut(content, found))
    moved = st.lists(st.sampled_from(lines), max_size=len(lines)).map(b"\n".join)
    swapped = st.tuples(st.integers(0, len(lines) - 1), st.sampled_from(lines + SIGNS)).map(
        lambda found: b"\n".join([*lines[: found[0]], found[1], *lines[found[0] + 1 :]])
    )
    return st.one_of(cut, swapped, moved)


def _cut(content: bytes, cuts: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, sign in cuts:
        content = content[:place] + sign + content[place + length :]
    return content


anything = st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(SIGNS), max_size=30).map(b" ".join))


def test_the_files_as_they_are_have_no_mistake() -> None:
    assert find_problems() == []


@given(anything)
@example(b"")
@example(b"\xff\xfe")
@example(b"- &a [*a]")
@example(b"? {a: b}\n: c")
@example(b"%YAML 9.9\n---\na: b")
@example(b"services: [{id: [], name: {}}]\nsite: {timezone: [], languages: {}}")
def test_services_of_any_bytes(content: bytes) -> None:
    find_problems(**{"services.yaml": content})


@given(change_bytes(SERVICES))
def test_services_with_any_slip(content: bytes) -> None:
    find_problems(**{"services.yaml": content})


@given(anything)
@example(b"---\n---\n")
@example(b"---\ntitle: T\nstarted: 2024-05-05\n---\n## 9999-99-99\n")
def test_a_post_of_any_bytes(content: bytes) -> None:
    find_problems(**{"incidents/2024-05-05-water.md": content})


@given(change_bytes(POST))
def test_a_post_with_any_slip(content: bytes) -> None:
    find_problems(**{"incidents/2024-05-05-water.md": content})


@given(change_bytes(SPANISH))
def test_a_translation_with_any_slip(content: bytes) -> None:
    find_problems(**{"incidents/2024-05-05-water.es.md": content})


@given(st.lists(st.sampled_from([*SIGNS, b"words", b"https://a.example"]), max_size=60).map(b"".join))
@example(b"&#27;[31m")
@example(b"[a]: b\n\n[a]")
@example(b"> " * 15 + b"deep")
def test_a_text_of_any_signs(text: bytes) -> None:
    find_problems(**{"incidents/2024-05-05-water.md": POST.replace(b"We are looking", text)})


# Content that is made to take long


@contextmanager
def time_limit() -> Iterator[None]:
    began = time.perf_counter()
    yield
    assert time.perf_counter() - began < PATIENCE


def fill(unit: bytes, before: bytes = b"", size: int = MAX_TEXT_BYTES) -> bytes:
    """Repeat a unit as often as a file of this size can hold it."""
    return before + unit * ((size - len(before)) // len(unit))


def test_many_names_that_nobody_knows() -> None:
    services = SERVICES + b"".join(b"  - name: service number %d\n" % number for number in range(300))
    entries = b"".join(b"  service-numbr-%d: down\n" % number for number in range(2_000))
    post = b"---\ntitle: T\nstarted: 2024-05-05\nservices:\n" + entries + b"---\n"
    with time_limit():
        told = find_problems(**{"services.yaml": services, "incidents/2024-05-05-water.md": post})
    assert MAX_MISTAKES < len(told) <= MAX_MISTAKES + 5


@pytest.mark.parametrize(
    "unit",
    [
        b"## 2024-05-06 09:00\n",
        b"## 2024-05-06 09:00\na: b\n\nx\n\n",
        b"services: \n\n",
        b"-\n",
        b"a ",
        b"#",
        b"**a ",
        b"> ",
        b"`a",
        b"[a](",
        b"\\*\n",
        b"|a\n",
    ],
    ids=repr,
)
def test_a_large_post(unit: bytes) -> None:
    post = POST.partition(b"We are")[0]
    with time_limit():
        told = find_problems(**{"incidents/2024-05-05-water.md": fill(unit, post, 500_000)})
    assert 1 <= len(told) <= MAX_MISTAKES + 5


@pytest.mark.parametrize(
    "unit", [b"*a_ ", b"\\* ", b"<a ", b"&#1", b"`a ", b"www.", b"a@b.", b"a|", b"1. ", b"=\n", b"-\n"], ids=repr
)
def test_a_text_as_long_as_it_may_be(unit: bytes) -> None:
    """Just below the bounds, where the Markdown library is slowest."""
    line = unit * (99 // len(unit))
    text = b"\n".join([line.replace(b"|", b"") if line.count(b"|") > 50 else line] * 450)
    with time_limit():
        find_problems(**{"incidents/2024-05-05-water.md": POST.replace(b"We are", text)})
