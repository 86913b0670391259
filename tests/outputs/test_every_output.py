"""Whatever a city writes, every published file stays well-formed, and all of them have the same words."""

import csv
import io
import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import icalendar
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from statusgen.board.board import make_board
from statusgen.content.format.values import parse_time
from statusgen.content.markdown import convert
from statusgen.content.reader import read_content
from statusgen.files import File, one_owner_each
from statusgen.model.contacts import AlertSettings
from statusgen.model.whole_site import Site
from statusgen.model.words import Words
from statusgen.outputs.registry import all_files
from statusgen.problems import ContentError, Place
from statusgen.theme.renderer import Renderer
from statusgen.wording.interface import available_languages

ATOM = "{http://www.w3.org/2005/Atom}"
NASTY = [
    "]]>", "<!--", "-->", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "{% raw %}",
    "&amp;", "&#0;", "'", '"', "\\", "\\n", "=1+1", "@SUM(A1)", ";", ",", "\r\n", "BEGIN:VEVENT", "\u202eevil\u202c",
    "\u200f", "\u2028", "\x00", "\x0b", "\x1b[31m", "\ufffe", "\ufeff", "\N{WOMAN}\u200d\N{GIRL}", "e\u0301", "أهلا",
    "%(name)s", "%s", "%", "$1", "`", "|", "# ", "ﷺ", "x" * 3000,
]  # fmt: skip
words = st.lists(
    st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=20)),
    min_size=1,
    max_size=6,
).map("".join)
POST = """\
---
title: Water bills
started: 2024-05-05 08:00
services: {water: {status: down, do: Call us.}}
known: [One thing]
next_update: 2024-05-05 16:00
waivers: [{id: fees, services: [water], what: No late fees}]
deadlines: [{id: appeal, on: 2024-06-01, what: Appeals are due, services: [water]}]
---
We are looking into it.

## 2024-05-05 12:00 Correction
corrects: 2024-05-05 08:00
wrong: This
right: That

More.
"""
WORK = """\
---
title: New pumps
kind: maintenance
starts: 2024-05-07 08:00
ends: 2024-05-07 10:00
services: [water]
---
Pumps.
"""
SERVICES = """\
site: {title: Springfield, url: 'https://springfield.example/', timezone: America/Chicago}
groups: [{id: bills, name: Bills}]
services:
  - {id: water, name: Pay a water bill, group: bills, channels: [{kind: online}, {kind: phone, phone: 555-0100}]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("springfield")
    (folder / "incidents").mkdir()
    (folder / "services.yaml").write_text(SERVICES, encoding="utf-8")
    (folder / "incidents" / "2024-05-05-water.md").write_text(POST, encoding="utf-8")
    (folder / "incidents" / "2024-05-06-pumps.md").write_text(WORK, encoding="utf-8")
    return folder


@cache
def assert_sound(folder: Path) -> Site:
    content = read_content(folder, available_languages())
    assert content.site
    assert content.problems == []
    return content.site


def with_words(folder: Path, title: str, name: str, do: str, text: str) -> Site:
    """Return the site with these words, even words that reading refuses: a second line of defense."""
    site = assert_sound(folder)

    def replace_words(text: str) -> Words:
        return Words((("en", text),))

    converted, _ = convert.convert_markdown(text, "en", Place("post.md"), lambda *_: "incidents/2024-05-05-water/")
    first, *later = site.incidents[0].updates
    reports = tuple(replace(report, do=replace_words(do)) for report in first.reports)
    waivers = tuple(replace(waiver, what=replace_words(do)) for waiver in first.waivers)
    deadlines = tuple(replace(deadline, what=replace_words(do)) for deadline in first.deadlines)
    texts = (converted,) if converted else ()
    first = replace(
        first, reports=reports, waivers=waivers, deadlines=deadlines, texts=texts, known=(replace_words(do),)
    )
    post = replace(site.incidents[0], title=replace_words(title), updates=(first, *later))
    work = replace(site.incidents[1], title=replace_words(title))
    service = replace(site.services[0], name=replace_words(name))
    alerts = AlertSettings("status@springfield.example", replace_words("Springfield"))
    return replace(site, incidents=(post, work), services=(service,), alerts=alerts)


def normalize(text: str) -> str:
    """Return a text without what some formats cannot contain: control characters, marks of direction, and spacing."""
    bare = re.sub(
        r"[^\t\n\r\x20-\ud7ff\ue000-\ufffc\U00010000-\U0010ffff]|[\u200e\u202a-\u202e\u2066-\u2069\ufeff]", "", text
    )
    return re.sub(r"[\s\x00-\x20\x7f-\x9f\u2028\u2029]+", "", bare)


@settings(max_examples=40)
@example("]]>\x00\x1b[31m", '<script>"', "=1+1\r\nBEGIN:VEVENT", "x" * 10_000)
@example("T", "\u202eevil\u202c", "d", "t")
@example("\u202eevil", "أهلا", "{{ 7*7 }}", "</script><!--")
@given(words, words, words, words)
def test_every_file_is_whole_and_all_say_the_same(folder: Path, title: str, name: str, do: str, text: str) -> None:
    if not normalize(title) or not normalize(name):
        return
    site = with_words(folder, title, name, do, text)
    now = make_board(site, parse_time("2024-05-05 13:00", site.zone).last_minute)
    files = {file.path: file.content for file in all_files(now, Renderer(folder))}
    for path, content in files.items():
        assert_well_formed(path, content)
    status = json.loads(files["status.json"])
    assert normalize(status["incidents"][0]["title"]) == normalize(title)
    assert normalize(status["services"][0]["name"]) == normalize(name)
    page = html.document_fromstring(files["incidents/2024-05-05-water/index.html"].decode())
    assert normalize(page.xpath("string(//h1)")) == normalize(title)
    titles = etree.fromstring(files["atom.xml"]).iterfind(f".//{ATOM}entry/{ATOM}title")
    assert normalize(title) in normalize([found.text or "" for found in titles][-1])
    assert normalize(title) in normalize(json.loads(files["feed.json"])["items"][-1]["title"])
    assert normalize(title) in normalize(json.loads(files["api/v2/incidents.json"])["incidents"][0]["name"])
    assert normalize(name) in normalize(files["status.txt"].decode())
    events = icalendar.Calendar.from_ical(files["calendar.ics"]).walk("VEVENT")
    assert any(normalize(title) in normalize(str(event["SUMMARY"])) for event in events)
    row = next(csv.DictReader(io.StringIO(files["services.csv"].decode("utf-8-sig"))))
    assert normalize(name) in normalize(row["name"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("services/trash/index.html", "services/trash/index.html"),
        ("services/trash/index.html", "services/Trash/index.html"),
        ("services/caf\u00e9/index.html", "services/cafe\u0301/index.html"),
    ],
)
def test_two_files_that_some_disk_would_take_for_one_are_refused(one: str, other: str) -> None:
    files = [File(one, b"1", Place("services.yaml", 4)), File(other, b"2", Place("services.yaml", 9))]
    passed = one_owner_each(files)
    assert next(passed) is files[0]
    with pytest.raises(ContentError, match=r"^services\.yaml:9: .* services\.yaml:4 already has"):
        next(passed)
    others = [files[0], File("services/water/index.html", b"1")]
    assert [*one_owner_each(others)] == others


def assert_well_formed(path: str, content: bytes) -> None:
    """Assert that a file can be parsed, and has nothing that could run or hide."""
    text = content.decode("utf-8")
    ending = path.rpartition(".")[2]
    if ending in ("xml", "svg", "opml"):
        root = etree.fromstring(content)
        assert not [element for element in root.iter() if str(element.tag).endswith("}script")]
    elif ending == "json":
        json.loads(text)
    elif ending == "html":
        assert_harmless(html.document_fromstring(text), path)
    elif ending == "ics":
        calendar = icalendar.Calendar.from_ical(content)
        assert not [error for part in calendar.walk() for error in part.errors]
        assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    elif ending == "csv":
        for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))):
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    elif ending == "txt":
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text), path


def assert_harmless(page: html.HtmlElement, path: str) -> None:
    """Assert that no script on a page runs but our own."""
    for script in page.xpath("//script"):
        own = re.fullmatch(
            r"(\.\./)*script-[0-9a-f]+\.js|/script-.*|https://springfield.example/script-.*", script.get("src", "")
        )
        assert own or script.get("type") == "application/ld+json", path
    for element in page.iter():
        if isinstance(element.tag, str):
            assert not [name for name in element.attrib if name.lower().startswith("on")], path
            for name in ("href", "src"):
                assert not re.match(r"\s*(javascript|data|vbscript):", element.get(name, ""), re.IGNORECASE), path
