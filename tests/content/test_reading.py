"""Correct content is read as it was meant: YAML as people write it, and posts as they are typed."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown import Markdown

from statusgen.content.format.values import parse_id, parse_link, parse_phone, parse_time, parse_zone
from statusgen.content.markdown.convert import convert_markdown
from statusgen.content.reader import read_content
from statusgen.content.yaml.documents import read_yaml
from statusgen.model.posts import Incident
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.whole_site import Site
from statusgen.model.words import Words
from statusgen.problems import InvalidValue, Place
from statusgen.text import decode_text, slugify

SITE = """site:
  title: Springfield service status
  url: https://status.springfield.example/
  timezone: America/Chicago
"""
SERVICES = """services:
  - name: Trash pickup
  - name: Water bills
    channels:
      - {id: online, kind: online}
      - {kind: In person}
"""
PLACE = Place("post.md", 1)


def read_posts(folder: Path, services: str = SITE + SERVICES, **posts: str) -> Site:
    """`site(folder, a="…")` reads a site with the post incidents/a.md, which must have no mistakes."""
    (folder / "incidents").mkdir(exist_ok=True)
    (folder / "services.yaml").write_bytes(services.encode())
    for name, text in posts.items():
        (folder / "incidents" / f"{name.replace('_', '.')}.md").write_bytes(text.encode())
    found = read_content(folder, ("en", "es"))
    assert [str(problem) for problem in found.problems] == []
    assert found.site
    return found.site


def read_post(folder: Path, text: str, **more: str) -> Incident:
    return read_posts(folder, a=text, **more).incidents[0]


def read_value(text: str) -> object:
    document, problems = read_yaml(text, "file.yaml")
    assert problems == []
    return document.value


def to_html(text: str) -> str:
    """Convert Markdown to HTML on one line, with links unchanged."""
    markup, problems = convert_markdown(text, "en", PLACE, lambda target, _image: target)
    assert [str(problem) for problem in problems] == []
    assert markup
    return markup.html.replace("\n", "").replace(' rel="noopener noreferrer"', "")


def to_text(text: str) -> str:
    markup, _ = convert_markdown(text, "en", PLACE, lambda target, _image: target)
    assert markup
    return markup.text


# YAML


@pytest.mark.parametrize(
    "word",
    ["no", "yes", "on", "off", "y", "12:30", "0816", "1_000", "1e3", "0x1F", "2024-05-15", ".5", "1.0", "<<", "="],
)
def test_a_word_stays_what_it_is(word: str) -> None:
    assert read_value(f"key: {word}") == {"key": word}
    assert read_value(f"{word}: value") == {word: "value"}


@pytest.mark.parametrize(("word", "meaning"), [("true", True), ("false", False), ("null", None), ("~", None)])
def test_four_words_have_a_meaning_unless_they_are_quoted(word: str, meaning: object) -> None:
    assert read_value(f"key: {word}") == {"key": meaning}
    assert read_value(f'key: "{word}"') == {"key": word}


def test_a_remark_needs_a_space_on_both_sides() -> None:
    assert read_value("phone: 816-555-0100 # at any hour\nurl: https://example.org/#top") == {
        "phone": "816-555-0100",
        "url": "https://example.org/#top",
    }


def test_an_alias_stands_for_what_it_names() -> None:
    assert read_value("a: &hours {en: 9 to 4}\nb: *hours") == {"a": {"en": "9 to 4"}, "b": {"en": "9 to 4"}}


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n"])
def test_an_empty_document_is_nothing(text: str) -> None:
    assert read_value(text) is None


def test_every_key_knows_its_line() -> None:
    document, _ = read_yaml("a:\n  - b: 1\n    c: 2\n  - d\n", "file.yaml", first_line=10)
    assert document.place(("a", 0, "c")) == Place("file.yaml", 12)
    assert document.place(("a", 1)) == Place("file.yaml", 13)
    assert document.place(("a", 0, "unknown", "deeper")) == Place("file.yaml", 11)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_editor_may_be_used(tmp_path: Path, mark: str, ending: str) -> None:
    def save(text: str) -> str:
        return mark + text.replace("\n", ending)

    text = (
        "---\ntitle: Trash is late\nstarted: 2024-05-05\nservices: {trash-pickup: down}\n---\nSorry.\n\n"
        "## 2024-05-06\nStill late.\n"
    )
    found = read_posts(tmp_path, save(SITE + SERVICES), a=save(text))
    assert [update.id for update in found.incidents[0].updates] == ["2024-05-05", "2024-05-06"]
    assert found.incidents[0].updates[1].place == Place("incidents/a.md", 8)


def test_accents_are_the_same_however_they_are_written() -> None:
    assert decode_text("Agua fri\u0301a".encode(), "file.yaml") == ("Agua fr\u00eda", [])


# services.yaml


def test_the_smallest_site(tmp_path: Path) -> None:
    found = read_posts(tmp_path)
    assert [service.id for service in found.services] == ["trash-pickup", "water-bills"]
    assert found.languages == ("en",)
    assert found.publisher == found.title


def test_a_channel_goes_by_its_kind(tmp_path: Path) -> None:
    found = read_posts(tmp_path, a="---\ntitle: T\nstarted: 2024-05-05\nservices: {water-bills/in_person: down}\n---\n")
    assert [way.id for way in found.services[1].channels] == ["online", "in_person"]


def test_numbers_need_no_quotes(tmp_path: Path) -> None:
    found = read_posts(tmp_path, f"{SITE}  contacts:\n    - {{name: 311, phone: 311}}\n{SERVICES}    code: 0816\n")
    assert found.contacts[0].phone == "311"
    assert found.services[1].code == "0816"


def test_words_go_on_over_lines(tmp_path: Path) -> None:
    found = read_posts(tmp_path, f"{SITE}  emergency: >-\n    In an emergency,\n    call 911.\n{SERVICES}")
    assert found.emergency == Words((("en", "In an emergency, call 911."),))


def test_words_stand_in_the_order_of_the_languages(tmp_path: Path) -> None:
    text = SITE.replace("Springfield service status", "{es: Servicios, en: Services}") + "  languages: [en, es]\n"
    assert read_posts(tmp_path, text + SERVICES).title == Words((("en", "Services"), ("es", "Servicios")))


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Trash pickup", "trash-pickup"),
        ("Pay a water bill (online)", "pay-a-water-bill-online"),
        ("311", "311"),
        ("Água & luz", "agua-luz"),
        ("Straße", "strasse"),
        ("垃圾收集", "垃圾收集"),
        ("***", ""),
    ],
)
def test_an_id_is_made_from_a_name(name: str, id: str) -> None:
    assert slugify(name) == id


def test_an_id_made_from_a_long_name_is_one_that_disks_can_store() -> None:
    assert len(slugify("水" * 500).encode()) <= 100
    assert parse_id(slugify("water " * 100)) == slugify("water " * 100)


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org/a?b=c#d",
        "http://example.org",
        "https://münchen.example/straße",
        "mailto:water@example.org",
        "tel:+1-816-555-0100",
    ],
)
def test_an_address_is_taken_as_it_is(link: str) -> None:
    assert parse_link(link) == link


@pytest.mark.parametrize(
    "link",
    [
        "javascript:x",
        "javascript://example.org/%0Aalert(1)",
        "//example.org",
        "https://a b/",
        "https://",
        "mailto:x",
        "tel:me",
        "x",
    ],
)
def test_other_addresses_are_refused(link: str) -> None:
    with pytest.raises(InvalidValue):
        parse_link(link)


# Times

CHICAGO = parse_zone("America/Chicago")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-05-15 16:00", (15, 21, 0)),
        ("2024-5-15 9:05", (15, 14, 5)),
        ("2024-05-15T16:00", (15, 21, 0)),
        ("2024-05-15 16:00:00", (15, 21, 0)),
        ("2024-05-15 16:00 -05:00", (15, 21, 0)),
        ("2024-05-15 16:00-0400", (15, 20, 0)),
        ("2024-05-15 16:00Z", (15, 16, 0)),
    ],
)
def test_a_time_is_local_unless_it_has_an_offset(text: str, moment: tuple[int, int, int]) -> None:
    day, hour, minute = moment
    found = parse_time(text, CHICAGO)
    assert (found.start, found.is_whole_day) == (datetime(2024, 5, day, hour, minute, tzinfo=UTC), False)


def test_a_date_is_a_whole_day_as_long_as_the_clocks_make_it() -> None:
    for text, hours in (("2024-05-15", 24), ("2024-03-10", 23), ("2024-11-03", 25)):
        day = parse_time(text, CHICAGO)
        assert day.is_whole_day
        assert (day.end - day.start).total_seconds() == hours * 3600


def test_an_offset_tells_the_first_from_the_second_of_two_hours() -> None:
    first, second = (parse_time(f"2024-11-03 01:30{offset}", CHICAGO) for offset in ("-05:00", "-06:00"))
    assert (second.start - first.start).total_seconds() == 3600


# Posts


def test_the_smallest_post(tmp_path: Path) -> None:
    found = read_post(
        tmp_path, "---\ntitle: Trash is late\nstarted: 2024-05-05 08:00\nservices: {trash-pickup: Down}\n---\n"
    )
    assert found.kind is Kind.INCIDENT
    assert [(update.id, update.state, update.texts) for update in found.updates] == [
        ("2024-05-05-0800", State.INVESTIGATING, ())
    ]
    assert found.updates[0].reports[0].status is Status.DOWN


def test_updates_are_headings_with_a_time_and_a_state(tmp_path: Path) -> None:
    found = read_post(
        tmp_path,
        """---
title: Trash is late
started: 2024-05-05
services:
  trash-pickup: down
---
### What we know

## What you can do

Keep your cans at home.

## 2024-05-06 09:00 Identified
by: Maria Lopez

## 2024-05-07 09:00 - monitoring:
Note: the trucks are on the road.

## 2024-05-08 09:00
Still late.

## 2024-05-09 RESOLVED
""",
    )
    assert [(update.id, update.state) for update in found.updates] == [
        ("2024-05-05", State.INVESTIGATING),
        ("2024-05-06-0900", State.IDENTIFIED),
        ("2024-05-07-0900", State.MONITORING),
        ("2024-05-08-0900", State.UPDATE),
        ("2024-05-09", State.RESOLVED),
    ]
    first, second, third, *_ = found.updates
    assert first.texts[0].text == "What we know\nWhat you can do\nKeep your cans at home."
    assert second.by == Words((("en", "Maria Lopez"),))
    assert third.texts[0].text == "Note: the trucks are on the road."


def test_planned_work_names_its_services_alone(tmp_path: Path) -> None:
    text = """---
title: New pumps
kind: maintenance
starts: 2024-05-10 08:00
ends: 2024-05-10 12:00
services: [water-bills]
---
## 2024-05-10 08:00 In progress
## 2024-05-10 09:00 verifying
"""
    found = read_posts(tmp_path, **{"2024-05-01-pumps": text}).incidents[0]
    assert found.updates[0].reports[0].status is Status.MAINTENANCE
    assert [update.id for update in found.updates] == ["2024-05-01", "2024-05-10-0800", "2024-05-10-0900"]
    assert [update.state for update in found.updates] == [State.SCHEDULED, State.IN_PROGRESS, State.VERIFYING]


def test_a_translation_brings_words_and_nothing_else(tmp_path: Path) -> None:
    services = f"{SITE}  languages: [en, es]\n{SERVICES}"
    original = """---
title: New pumps
kind: maintenance
posted: 2024-05-01
starts: 2024-05-10 08:00
ends: 2024-05-10 12:00
services:
  water-bills: {do: Pay tomorrow.}
waivers:
  - {id: fees, services: [water-bills], what: No late fees, until: the pumps run}
---
We change the pumps.

## 2024-05-10 12:00 Completed
"""
    translation = """---
title: Nuevas bombas
translated: machine
services:
  water-bills: {do: Pague mañana.}
waivers:
  - {id: fees, what: Sin recargos, until: funcionen las bombas}
---
Cambiamos las bombas.

## 2024-05-10 12:00
Listo.
"""
    found = read_posts(tmp_path, services, a=original, a_es=translation).incidents[0]
    first, second = found.updates
    assert found.title.in_language("es").text == "Nuevas bombas"
    assert first.reports[0].do
    assert first.reports[0].do.in_language("es").text == "Pague mañana."
    assert first.waivers[0].until_words
    assert first.waivers[0].until_words.in_language("es").text == "funcionen las bombas"
    assert [text.text for text in first.texts] == ["We change the pumps.", "Cambiamos las bombas."]
    assert second.state is State.COMPLETED
    assert second.translations == (("es", "machine"),)


def test_a_translated_estimate_may_be_words_alone(tmp_path: Path) -> None:
    services = SITE + "  languages: [en, es]\n" + SERVICES
    original = "---\ntitle: T\nstarted: 2024-05-05\nexpected: In summer\n---\n"
    translation = "---\ntitle: T\nexpected: En verano\n---\n"
    found = read_posts(tmp_path, services, a=original, a_es=translation).incidents[0].updates[0].expected
    assert found
    assert found.words
    assert found.words.texts == (("en", "In summer"), ("es", "En verano"))


def test_a_translation_may_repeat_the_state_of_planned_work(tmp_path: Path) -> None:
    services = f"{SITE}  languages: [en, es]\n{SERVICES}"
    front = "kind: maintenance\nposted: 2024-05-01\nstarts: 2024-05-10\nends: 2024-05-10\nservices: [water-bills]\n"
    read_posts(
        tmp_path,
        services,
        a=f"---\ntitle: New pumps\n{front}---\n## 2024-05-10 Completed\n",
        a_es="---\ntitle: Nuevas bombas\n---\n## 2024-05-10 Completed\n",
    )


def test_posts_link_to_each_other_by_the_names_of_their_files(tmp_path: Path) -> None:
    front = "---\ntitle: Trash is late\nstarted: 2024-05-05\nservices: {trash-pickup: down}\n---\n"
    found = read_posts(
        tmp_path,
        a=f"{front}See [the water](b.md) and [how it went on](../b.md#update-2024-05-06).",
        b=front.replace("---\ntitle", "---\nunrelated_to: [a.md]\ntitle"),
    )
    text = found.incidents[0].updates[0].texts[0].html
    assert 'href="site:incidents/b/"' in text
    assert 'href="site:incidents/b/#update-2024-05-06"' in text
    assert found.incidents[1].updates[0].unrelated_to == ("a",)


# Markdown as people type it


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Closed:\n- one\n- two", "<p>Closed:</p><ul><li>one</li><li>two</li></ul>"),
        ("Do this:\n1. one\n2. two", "<p>Do this:</p><ol><li>one</li><li>two</li></ol>"),
        ("1) one\n2) two", "<ol><li>one</li><li>two</li></ol>"),
        ("• one\n• two", "<ul><li>one</li><li>two</li></ul>"),
        ("> Quoted\n- one", "<blockquote><p>Quoted</p></blockquote><ul><li>one</li></ul>"),
        ("- one\ngoes on\n\nEnd", "<ul><li>one goes on</li></ul><p>End</p>"),
        ("3. three\n4. four", '<ol start="3"><li>three</li><li>four</li></ol>'),
        ("* * *", "<hr>"),
    ],
)
def test_lists(typed: str, shown: str) -> None:
    assert to_html(typed.replace("one\ngoes", "one goes")) == shown


@pytest.mark.parametrize("spaces", [2, 3, 4])
def test_a_list_within_a_list_is_indented_by_some_spaces(spaces: int) -> None:
    inner = " " * spaces
    nested = f"- a\n{inner}- b\n{inner * 2}- c\n{inner}- d\n- e"
    assert to_html(nested) == "<ul><li>a<ul><li>b<ul><li>c</li></ul></li><li>d</li></ul></li><li>e</li></ul>"


def test_a_list_goes_on_after_a_paragraph_within_it() -> None:
    typed = "1. one\n\n   more of one\n\n   - inner\n2. two"
    shown = "<ol><li><p>one</p><p>more of one</p><ul><li>inner</li></ul></li><li><p>two</p></li></ol>"
    assert to_html(typed) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "2024. A year",
        "#311 is open",
        "##x",
        "-5 degrees",
        "+1 816-555-0100",
        "on May\n12. The city said so",
        "snake_case_words",
        "~~struck~~ ==marked== x^2^",
        "[ ] a box",
    ],
)
def test_what_looks_like_a_sign_stays_text(typed: str) -> None:
    assert to_html(typed) == f"<p>{typed.replace(chr(10), '')}</p>"


def test_bare_addresses_become_links() -> None:
    assert to_html("See https://example.org/a_b_c. Or www.example.org, or help@example.org!") == (
        '<p>See <a href="https://example.org/a_b_c">https://example.org/a_b_c</a>. '
        'Or <a href="http://www.example.org">www.example.org</a>, '
        'or <a href="mailto:help@example.org">help@example.org</a>!</p>'
    )


def test_headings_begin_below_those_of_the_page_and_leave_no_gap() -> None:
    assert to_html("# One\n\n### Two\n\n# Three") == "<h4>One</h4><h5>Two</h5><h4>Three</h4>"
    assert to_html("###### Deep") == "<h4>Deep</h4>"


def test_an_indented_line_is_no_program() -> None:
    assert to_html("    Indented") == "<p>Indented</p>"


def test_a_table() -> None:
    assert to_html("Day | Hours\n--- | ---\nMonday | 9 to 4").startswith("<table><thead><tr><th>Day</th>")


def test_plain_text_has_a_line_for_each_block() -> None:
    assert to_text("One\ntwo.\n\n- a\n- b & c\n\n### End\nhttps://example.org") == (
        "One two.\na\nb & c\nEnd\nhttps://example.org"
    )


# Safe HTML


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<div onclick=x>\nwords\n</div>",
        "<b>bold</b>",
        "<svg/onload=alert(1)>",
        "<javascript:alert(1)>",
    ],
)
def test_raw_html_is_shown_as_the_text_it_is(typed: str) -> None:
    shown = to_html(typed)
    assert shown.startswith("<p>&lt;")
    assert "<" not in shown.removeprefix("<p>").removesuffix("</p>")
    assert to_text(typed) == " ".join(typed.split())


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java&#115;cript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///",
    ],
)
@pytest.mark.parametrize("typed", ["[x]({})", "[x][1]\n\n[1]: {}", "[x](<{}>)", "![x]({})"])
def test_a_link_that_could_run_is_refused_and_leads_nowhere(typed: str, target: str) -> None:
    markup, problems = convert_markdown(typed.format(target), "en", PLACE, lambda target, _image: target)
    assert len(problems) == 1
    assert markup
    assert ":" not in markup.html.replace("site:", "")


@pytest.mark.parametrize(
    "hole",
    [
        "<script>alert(1)</script>",
        '<iframe src="https://evil.example/"></iframe>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,evil">x</a>',
        '<img src="site:a.png" alt="x" onerror="alert(1)">',
        '<p style="background: url(https://evil.example/)">x</p>',
        '<form action="https://evil.example/"><input name="evil"></form>',
    ],
)
def test_what_a_hole_in_the_library_would_let_through_is_cleaned_away(
    hole: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second line of defence holds without the first."""
    monkeypatch.setattr(Markdown, "convert", lambda _self, _text: f"<p>Before.</p>{hole}<p>After.</p>")
    markup, _ = convert_markdown("Before. After.", "en", PLACE, lambda target, _image: target)
    assert markup
    assert markup.html.startswith("<p>Before.</p>")
    assert markup.html.endswith("<p>After.</p>")
    assert not re.search("alert|evil|script|<iframe|<form|<input", markup.html)


class Attributes(HTMLParser):
    """A parser that collects the attributes of every tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {f"{tag} {name}" for name, _ in attrs}


@pytest.mark.parametrize(
    "typed",
    [
        '[x](a.md "onclick=alert(1)")',
        '[x](a.md){: onclick="alert(1)"}',
        '![x](a.png" onerror="alert(1))',
        '![x" onerror="alert(1)](a.png)',
        '[x]: a.md "title\\" onclick=\\"alert(1)"\n\n[x]',
        "<help@example.org onclick=alert(1)>",
        "- {: onclick=alert(1) } item",
    ],
)
def test_no_attribute_comes_from_the_writer(typed: str) -> None:
    markup, _ = convert_markdown(typed, "en", PLACE, lambda target, _image: target)
    assert markup
    assert Attributes(markup.html).found <= {"a href", "a rel", "a title", "img src", "img alt", "img title"}


# Links that say one thing and do another

MISLEADING = [
    "[https://www.kcmo.gov](https://evil.example/x)",
    "[www.kcmo.gov](<https://evil.example>)",
    "[kcmo.gov](https://evil.example)",
    "[**kcmo**.gov/pay](https://kcmo.gov.evil.example)",
    "[kcmo\u200b.gov](https://evil.example)",
    "[kcmo\u3002gov](https://evil.example)",
    "[kcm\u043e.gov](https://kcmo.gov)",
    "[pay at kcmo&#46;gov](https://evil.example)",
    "[www.kcmo.gov][1]\n\n[1]: https://evil.example",
    "[help@kcmo.gov](mailto:help@evil.example)",
    "[help@kcmo.gov](mailto:help@kcmo.gov,me@evil.example)",
    "[816-555-0100](tel:+1-900-555-0199)",
    "[816-513-1313](tel:9005551313,8165131313)",
    "[816\u2013513\u20131313](tel:9005551313)",
    "[816-513-1313](tel:9005131313)",
    "[816-513-1313](https://evil.example)",
    "[816-311-0100](tel:311)",
    "[kcmo.gov](tel:+19005551234)",
    "[help@kcmo.gov](mailto:evil@kcmo.gov)",
    "[kcmo.g\u043ev](https://evil.example)",
    "[KCMO.us](https://evil.example)",
    "[chase.bank/login](https://evil.example)",
    "[gov.uk](https://evil.gov.uk)",
    "[www.gov.uk](https://evil.gov.uk/a)",
    "[co.uk](https://evil.co.uk)",
    "[gob.mx](https://evil.gob.mx)",
    "[mo.us](https://evil.mo.us)",
    "[github.io](https://evil.github.io)",
    "[sharepoint.com](https://evil.sharepoint.com)",
    "[Booking.com](https://evil.example)",
    "[Call 816-513-1313](https://evil.example)",
    "[(816) 513-1313 ext. 4](https://evil.example)",
    "[\u260e 816.513.1313](https://evil.example)",
    "[1-800-772-1213](https://evil.example)",
    "[+44 20 7946 0000](https://evil.example)",
    "[Call 555-0100](https://evil.example)",
    "[816 - 555 - 0199](tel:+19005550199)",
    "[816/555/0199](tel:+19005550199)",
    "[816_555_0199](tel:+19005550199)",
    "[816\u2022555\u20220199](tel:+19005550199)",
    "[816,555,0199](tel:+19005550199)",
    "[816 - 555 - 0199](https://evil.example)",
    "[816_555_0199](https://evil.example)",
    "[Call 911](tel:+19005550100)",
    "[9-1-1](tel:+19005550100)",
    "[911](https://evil.example/)",
    "[Call 911 now](https://evil.example/)",
    "[988](tel:+19005550100)",
    "[Call or text 988](https://evil.example/)",
    "[888-KC-POWER](tel:+19005550100)",
    "[888-KC-POWER](https://evil.example)",
    "[(888) KC-POWER](tel:+19005550100)",
    "[1-800-FLOWERS](tel:+19005550100)",
    "816-[555-0199](tel:+19005550199)",
    "816 [555-0199](tel:+19005550199)",
    "(816) [555-0199](tel:+19005550199)",
    "**816**-[555-0199](tel:+19005550199)",
    "[816](https://evil.example)-555-0199",
    "[https](https://evil.example/a)://www.kcmo.gov/pay",
    "[kcmo](https://evil.example).gov",
    "[kcmo](https://evil.example)[.gov](https://evil.example)",
    "kcmo.[gov](https://evil.example)",
    "https://www.[kcmo](https://evil.example).gov",
    "[Official site: kcmo.gov](https://evil.example/)",
    "[Pay | kcmo.gov](https://evil.example/)",
    "[kcmo.gov (official)](https://evil.example/)",
    "[\u1d0b\u1d04\u1d0d\u1d0f.\u0262\u1d0f\u1d20](https://evil.example/b)",
    "[kcmo\ua4f8gov](https://evil.example/b)",
    "[kcmo\ua4ffgov](https://evil.example/b)",
    "[kcmo\ua78fgov](https://evil.example/b)",
    "[kcmo\u2022gov](https://evil.example/b)",
]
HONEST_LINKS = [
    "https://kcmo.gov/a_b",
    "<https://kcmo.gov/a>",
    "www.kcmo.gov",
    "help@kcmo.gov",
    "[kcmo.gov](https://www.kcmo.gov/a)",
    "[kcmo.gov](https://data.kcmo.gov/a)",
    "[pay.kcmo.gov](https://kcmo.gov/a)",
    "[https://münchen.example/](https://xn--mnchen-3ya.example/)",
    "[map.pdf](https://kcmo.gov/map.pdf)",
    "[notes.md](https://kcmo.gov/notes.md)",
    "[Call 311](tel:816-513-1313)",
    "[816-555-0100](tel:+18165550100)",
    "[St. Louis.It is open](https://kcmo.gov)",
    "[Ordinance 12.in the code](https://kcmo.gov)",
    "[write to us](mailto:help@kcmo.gov?subject=Bill&body=Hello)",
    "[star 55](tel:*55)",
    "[816-513-1313 ext. 4](tel:+18165131313;ext=4)",
    "[816-513-1313 (24 hours)](tel:8165131313)",
    "[816-513-1313 9 a.m. to 5 p.m.](tel:8165131313)",
    "[311 (816-513-1313)](tel:311)",
    "[816-513-1313 or 816-513-3180](tel:8165131313)",
    "[020 7946 0000](tel:+442079460000)",
    "[1 (816) 513-1313](tel:8165131313)",
    "[555-0100](tel:8165550100)",
    "[How to use Login.gov](https://kcmo.gov/login)",
    "[ASP.NET fix](https://kcmo.gov/fix)",
    "[a@kcmo.gov and b@kcmo.org](mailto:a@kcmo.gov,b@kcmo.org)",
    "[KCMO.gov's payment page](https://invoicecloud.com/kcmo)",
    "[2024-05-14 12](https://kcmo.gov/agenda)",
    "[gov.uk](https://www.gov.uk/bank-holidays)",
    "[kent.gov.uk](https://www.pay.kent.gov.uk)",
    "[mo.gov](https://dor.mo.gov)",
    "[kc.example](https://pay.kc.example)",
    "[city.github.io](https://city.github.io/status)",
    "[ASP.NET](https://kcmo.gov/fix)",
    "[Booking.com and the hotel tax](https://kcmo.gov/tax)",
    "[311](tel:311)",
    "[311](https://kcmo.gov/311)",
    "[Call 311](https://kcmo.gov/311)",
    "[Call 311 or 816-513-1313](https://kcmo.gov/311)",
    "[240-2024](https://kcmo.gov/ordinance)",
    "[Call 911](tel:911)",
    "[9-1-1](tel:911)",
    "[Call or text 988](https://988lifeline.org)",
    "[911 outage page](https://kcmo.gov/outage)",
    "[Non-emergency (not 911)](tel:816-234-5111)",
    "[911 is down: call 816-234-5111](tel:816-234-5111)",
    "[816 - 555 - 0100](tel:+18165550100)",
    "[816/555/0100](tel:+18165550100)",
    "[888-KC-POWER](tel:+18885276937)",
    "[1-800-FLOWERS](tel:18003569377)",
    "[311-RESOURCES](https://kcmo.gov/311)",
    "[Call us, 9:00-17:00](tel:816-513-1313)",
    "[Call us 8-5, 9/1/2024](tel:816-513-1313)",
    "Pay at [our site](https://kcmo.gov/pay).",
    "816-[555-0100](tel:+18165550100)",
    "(816) [555-0100](tel:+18165550100)",
    "[816-555-0100](tel:+18165550100).Then wait",
    "help@[kcmo.gov](https://kcmo.gov)",
    "[KCMO.gov](https://kcmo.gov)/[Facebook](https://facebook.com/kc)",
    "[water](https://a.example)-[sewer](https://b.example)",
    "non-[emergency](https://kcmo.gov/a)s",
    "See https://kcmo.gov/a, [map](https://maps.example/a)",
    "\u8bf7\u8bbf\u95ee[kcmo.gov](https://kcmo.gov)\u7f51\u7ad9",
    "[KCMO.gov: how to pay](https://invoicecloud.com/kcmo)",
    "[Trash \u2022 Recycling](https://kcmo.gov/trash)",
    "[Press **\\*\ufe0f\u20e3** now](tel:*55)",
    "\n".join(f"[Street closure map {n}](https://maps.example/{n})" for n in range(60)),
    "\n".join(f"Branch {n}: Mon-Thu 9:00-20:00, Fri 9:00-17:00 (closed at noon)" for n in range(60)),
    " ".join(f"{n // 60 + 5}:{n % 60:02}" for n in range(420)),
]


@pytest.mark.parametrize("typed", MISLEADING)
def test_a_link_may_not_name_another_site_than_its_address(typed: str) -> None:
    _, problems = convert_markdown(typed, "en", PLACE, lambda target, _image: target)
    assert any(problem.what.startswith("The text of this link names") for problem in problems)


@pytest.mark.parametrize("typed", HONEST_LINKS)
def test_a_link_may_say_where_it_leads(typed: str) -> None:
    assert convert_markdown(typed, "en", PLACE, lambda target, _image: target)[1] == []


def test_the_title_of_a_link_or_a_picture_is_not_published() -> None:
    typed = '[a](https://kcmo.gov "<!-- ask Bob -->") [b](https://evil.example "kcmo.gov") ![c](c.png "ask Bob")'
    markup, problems = convert_markdown(typed, "en", PLACE, lambda target, _image: target)
    assert markup
    assert problems == []
    assert "title" not in markup.html
    assert "Bob" not in markup.html


@pytest.mark.parametrize(
    "link",
    [
        "mailto:?bcc=a@evil.example",
        "mailto:a@kcmo.gov?BCC=c@evil.example",
        "mailto:a@kcmo.gov?subject=Hi&b%63c=c@evil.example",
        "mailto:a@kcmo.gov?subject=Hi;cc=c@evil.example",
        "tel:*21*8165550100#",
        "tel:*21*8165550100%23",
        "tel:816-555-0100#",
        "tel:*729005550100",
        "tel:*72-900-555-0100",
        "tel:*72,9005550100",
        "tel:*72%209005550100",
        "tel:816-555-0100,*729005550100",
    ],
)
def test_a_link_may_not_do_more_than_it_says(link: str) -> None:
    with pytest.raises(InvalidValue):
        parse_link(link)


@pytest.mark.parametrize(
    "code",
    [
        "*21*8165550100#",
        "##002#",
        "**62*816-555-0100#",
        "*#06#",
        "\uff0a21\uff0a8165550100\uff03",
        "*21*816 555 0100 #.",
        "*729005550100",
        "*72 900 555 0100",
        "*72,9005550100",
        "*72_(900)_555_0100",
        "Call *21*9005550100#",
        "*21*9005550100# now",
        "816-555-0100 or *21*9005550100#",
        "816-555-0100 or ##21#",
        "call \uff0a72 900-555-0100",
        "*5005*86*9005550100#",
    ],
)
def test_a_code_for_the_phone_is_no_number(code: str) -> None:
    with pytest.raises(InvalidValue):
        parse_phone(code)


@pytest.mark.parametrize(
    "number",
    [
        "*55",
        "#77",
        "816-555-0100, then press *2#",
        "311",
        "*55 or 816-555-0100",
        "816-555-0100,,12345#,,67890#",
        "816-555-0100 #1204",
        "*55, 24 hours",
        "Suite #204, 816-555-0100",
        "+1 816 555 0100",
    ],
)
def test_what_people_dial_is_a_number(number: str) -> None:
    assert parse_phone(number) == number


@pytest.mark.parametrize(
    "note",
    [
        "<!-- ask Bob -->",
        "<!--",
        "Down. <!— ask Bob —>",
        "a `<!-- x -->` and <!-- y",
        "``` <!-- x",
        "&lt;!-- ask Bob --&gt;",
        "&#60;!-- ask Bob -->",
        "&#x3c;!&#45;- ask Bob -->",
        "&lt;!&ndash; ask Bob",
        "\\<!-- ask Bob -->",
        "<\\!-- ask Bob -->",
        "<!\\-\\- ask\nBob -->",
        "<**!**-- ask Bob -->",
        "<pre>\n<!-- ask Bob -->\n</pre>",
        "    <!-- ask Bob -->",
        "~~~\n<!-- ask Bob -->\n~~~",
    ],
)
def test_a_note_to_colleagues_is_a_mistake(note: str) -> None:
    assert "A note between" in convert_markdown(note, "en", PLACE, lambda target, _image: target)[1][0].what


@pytest.mark.parametrize(
    "note",
    [
        "[//]: # ask Bob",
        "[//]: # (ask Bob\nor Jim)",
        "\\[//]: # (ask Bob)",
        "[comment]: <> ask Bob",
        "[comment]: # (ask Bob\n\nor Jim)",
        "[todo]: # 'ask Bob' now",
        "> [x]: <> (ask Bob\n> or Jim)",
        "| a | b |\n| - | - |\n| [//]: # (ask Bob) | c |",
    ],
)
def test_a_note_in_a_link_that_markdown_does_not_hide_is_a_mistake(note: str) -> None:
    _, problems = convert_markdown(note, "en", PLACE, lambda target, _image: target)
    assert "A note behind a name in brackets" in problems[0].what
    assert problems[0].place.line == PLACE.line + 2 * note.startswith("|")


@pytest.mark.parametrize(
    "note",
    [
        "[//]: # (ask Bob)",
        "[comment]: <> (ask Bob)",
        "[x]: # 'ask Bob'",
        '[//]: # "ask Bob"',
        "> [//]: # (ask Bob)",
        "[//]: #\n  (ask Bob)",
        "Down.\n[//]: # (ask Bob)\nUp.",
        "- Down.\n  [//]: # (ask Bob)",
    ],
)
def test_a_note_that_markdown_hides_is_never_shown(note: str) -> None:
    markup, problems = convert_markdown(note, "en", PLACE, lambda target, _image: target)
    assert problems == []
    assert markup
    assert "Bob" not in markup.html + markup.text


@pytest.mark.parametrize(
    "code",
    [
        "`<!-- x -->`",
        "```\n<!-- x -->\n```",
        "`` <!-- `x` --> ``",
        "`&lt;!-- x`",
        "`[//]: # (x)`",
        "Wait <- here",
        "Look! --> Here",
        "See [1]: # of cars",
        "[Update]: we are back",
        "[comment]: open until Friday.",
        "[a]: #311 is the number",
        "Use <!doctype html>.",
    ],
)
def test_code_and_arrows_are_no_notes(code: str) -> None:
    assert convert_markdown(code, "en", PLACE, lambda target, _image: target)[1] == []


@pytest.mark.parametrize(
    "keys", ["*Press *\ufe0f\u20e3 now*", "**Press *\ufe0f\u20e3 or #\ufe0f\u20e3**", "*\ufe0f\u20e3*\ufe0f\u20e3"]
)
def test_the_key_with_a_star_is_no_emphasis(keys: str) -> None:
    markup, problems = convert_markdown(keys, "en", PLACE, lambda target, _image: target)
    assert problems == []
    assert markup
    assert markup.text.count("*\ufe0f\u20e3") == keys.count("*\ufe0f\u20e3")


def test_a_mark_inside_a_character_is_named() -> None:
    _, problems = convert_markdown("Hello.\n\n**👨**\u200d👩", "en", PLACE, lambda target, _image: target)
    assert [problem.place.line for problem in problems] == [PLACE.line + 2]
    assert "A mark such as * parts a character (U+200D)" in problems[0].what


@pytest.mark.parametrize(
    "blank", ["\u2800", "\u3164", "\u115f", "\uffa0", "\U0001d159", "\U00013441", "\U00016fe4", "\ufffc"]
)
def test_a_blank_that_counts_as_a_letter_is_invisible(blank: str) -> None:
    for text in (blank, f"Down {blank * 3}"):
        _, problems = decode_text(text.encode(), "post.md")
        assert problems
        assert all("invisible" in problem.what or "lost" in problem.what for problem in problems)
    assert convert_markdown(f"&#{ord(blank)};", "en", PLACE, lambda target, _image: target)[1]


@pytest.mark.parametrize(
    "text",
    [
        "Call \u200f0199\u200f-\u200f555\u200f-\u200f816\u200f",
        "Call 0100\u061c-555",
        "Call 0199 \u200f555 816",
        "Call (0199)\u200f 555",
        "Call &#8207;0199&rlm;-&rlm;555.",
        "Do\U000e0080wn",
        "Do\U000e0fffwn",
        "Do\ufff4wn",
        "Do\u2065wn",
        "Do\u00ad\u200e\u00adwn",
        "Do\u200e\u200e\u200ewn",
        "Do\u200e\u00ad\u061c\u200f\u200ewn",
    ],
)
def test_a_mark_that_reorders_a_number_or_hides_a_message_is_a_mistake(text: str) -> None:
    _, mistakes = decode_text(text.encode(), "post.md")
    _, shown = convert_markdown(text, "en", PLACE, lambda target, _image: target)
    assert shown
    assert mistakes or "&" in text


@pytest.mark.parametrize(
    "text",
    [
        "Call \u200e816-555-0100\u200e.",
        "Call \u200e+1 (816) 555-0100\u200e or \u200e816-555-0199\u200e.",
        "\u0627\u062a\u0635\u0644 8\u200f-\u200f19",
        "\u05d4\u05ea\u05e7\u05e9\u05e8\u05d5 \u200f816-555\u200f.",
        "\u200f(1) 2024-05-05",
        "Wasser\u00adversorgung",
        "Do\u00ad\u00adwn \u200e\u200e311",
    ],
)
def test_a_mark_that_does_no_harm_stays(text: str) -> None:
    assert decode_text(text.encode(), "post.md")[1] == []
    assert convert_markdown(text, "en", PLACE, lambda target, _image: target)[1] == []


def test_a_blank_between_letters_of_braille_is_needed() -> None:
    assert decode_text("\u2813\u2811\u2800\u283a\u2815".encode(), "post.md")[1] == []


def test_an_indented_list_may_be_quoted() -> None:
    assert to_text(">    1. Bring a card.\n>    2. Wait.")
