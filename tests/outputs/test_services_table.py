"""services.csv: the facts of the Board, and no cell that a spreadsheet takes for a formula."""

import csv
import io
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from statusgen.board.board import make_board
from statusgen.model.words import Words
from statusgen.outputs import tables
from statusgen.outputs.open_data import services_table
from tests.support.paths import SITES
from tests.support.sample_sites import KANSAS_CITY, City

SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# What spreadsheets pass over, or may, before they look for one.
UNSEEN = ' "\ufeff\u200b\u200e\u200f\u202e'
HOSTILE = st.text(st.sampled_from([*SIGNS, *UNSEEN, *"\t\r\n", ";", ",", "'", "a", "\x00", "\u2028"]), max_size=12)


def parse_table(content: bytes, delimiter: str = ",") -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return [*csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]


def table_rows(city: City, at: str, language: str = "en") -> dict[str, dict[str, str]]:
    header, *lines = parse_table(services_table.make_csv(city.board(at), language))
    return {line[0]: dict(zip(header, line, strict=True)) for line in lines}


def test_one_line_says_all_of_a_service() -> None:
    water = table_rows(KANSAS_CITY, "2024-05-15")["water-bill"]
    assert (water["name"], water["group"]) == ("Pay a water bill", "Bills and payments")
    assert (water["status"], water["status_words"]) == ("limited", "Partly working")
    assert (water["since"], water["since_before"]) == ("2024-05-06", "FALSE")
    assert "4800 E. 63rd Street" in water["open_ways"]
    assert water["page"] == "https://kansas-city.status.example/services/water-bill/"
    assert water["at"] == "2024-05-15T23:59:00-05:00"
    assert water["demonstration"].startswith("This is a demonstration")


def test_every_service_has_its_line_in_every_language() -> None:
    now = KANSAS_CITY.board("2024-05-15")
    for language in now.site.languages:
        assert [*table_rows(KANSAS_CITY, "2024-05-15", language)] == [standing.id for standing in now.services]
    assert table_rows(KANSAS_CITY, "2024-05-15", "es")["water-bill"]["status_words"] == "Servicio parcial"


def test_excel_sees_that_it_is_utf_8() -> None:
    written = services_table.make_csv(KANSAS_CITY.board("2024-05-15"), "es")
    assert written.startswith(b"\xef\xbb\xbfid,name,")
    assert written.count(b"\xef\xbb\xbf") == 1
    assert written.count(b"\n") == written.count(b"\r\n") == 22


def test_an_overdue_word_is_marked() -> None:
    worst_week = City(SITES / "worst-week")
    before, after = (table_rows(worst_week, f"2026-06-17 {hour}") for hour in ("15:30", "23:59"))
    promised = [id for id, line in before.items() if line["next_update"]]
    assert promised
    assert {before[id]["overdue"] for id in promised} == {"FALSE"}
    assert "TRUE" in {line["overdue"] for line in after.values()}


@given(HOSTILE, HOSTILE)
@example("=1+1", "a;=1+1")
@example('";=HYPERLINK("https://example.org/")', ';"=1')
@example("\x00=1", "\ufeff=1")
def test_no_cell_is_a_formula_however_lists_are_written(one: str, other: str) -> None:
    content = make_table(one, other)
    for delimiter in ",;\t":
        for line in parse_table(content, delimiter):
            for cell in line:
                assert not cell.lstrip(UNSEEN).startswith(SIGNS), cell


@given(HOSTILE | st.text())
def test_nothing_is_lost_but_what_cannot_be_seen(text: str) -> None:
    shown = tables.clean_cell(text)
    assert "\n" not in shown
    visible = "".join(character for character in " ".join(text.split()) if character not in CONTROLS)
    assert shown.replace("'", "") == visible.replace("'", "")
    assert len(shown) - len(visible) <= 1 + text.count(";")


CONTROLS = {chr(number) for number in (*range(0x20), *range(0x7F, 0xA0))}


def make_table(name: str, title: str) -> bytes:
    """Return the table of a city with these names of services and groups."""
    now = KANSAS_CITY.board("2024-05-15")
    called, titled = Words((("en", name),)), Words((("en", title),))
    site = replace(
        now.site,
        languages=("en",),
        publisher=titled,
        demonstration=titled,
        services=tuple(replace(service, name=called) for service in now.site.services[:3]),
        groups=tuple(replace(group, name=titled) for group in now.site.groups),
        incidents=(),
    )
    return services_table.make_csv(make_board(site, now.moment), "en")
