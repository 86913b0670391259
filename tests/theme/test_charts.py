"""The charts are well-formed, describe themselves, and show what the tables beside them say."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from statusgen import history
from statusgen.board.board import make_board
from statusgen.board.model.spans import Interval, StartTime
from statusgen.board.model.whole_board import Board
from statusgen.content.format.values import parse_time
from statusgen.content.reader import read_content
from statusgen.history import Bars, BurnUp, Day, DayCount, ServiceRow, Stretch
from statusgen.model.services import Service
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.words import Words
from statusgen.theme import charts
from statusgen.theme.renderer import STATIC, Renderer
from statusgen.wording.interface import available_languages
from statusgen.wording.phrasing import Phrasing
from tests.support.built_sites import MOMENTS, sample_folder
from tests.support.generated_sites import CHICAGO, HERE, words

FIRST = date(2024, 5, 4)
UNUSUAL = [status for status in Status if status is not Status.WORKING]


@cache
def sample_board(name: str) -> Board:
    """Return the Board of a sample site at its moment."""
    site = read_content(sample_folder(name), available_languages()).site
    assert site
    moment = MOMENTS[name]
    if moment:
        return make_board(site, parse_time(moment, site.zone).last_minute)
    last = site.last_update_at
    at = site.as_of.last_minute if isinstance(site.as_of, When) else last
    assert at
    return make_board(site, at)


def pictures(name: str, language: str) -> Iterator[tuple[str, Markup]]:
    """Yield every chart of a sample site, with its kind."""
    now = sample_board(name)
    speech = Phrasing(now.site, language)
    for standing in now.incidents:
        rows, numbers = history.bars(standing, now), history.burn_up(standing, now)
        if rows.rows:
            yield "bars", charts.bars(rows, speech)
        if numbers:
            yield "burn-up", charts.burn_up(numbers, speech)
    for service in now.services:
        yield "last-days", charts.last_days(history.last_days(service, now), speech)


def render(name: str, numbers: object, language: str = "en") -> ET.Element:
    """Render numbers with a macro of pictures.html."""
    now = sample_board("kansas-city")
    look = Renderer(Path("nowhere"))
    speech = Phrasing(now.site, language)
    template = look.environment.from_string(
        '{% import "pictures.html" as pictures with context %}<div>{{ pictures[name](numbers) }}</div>'
    )
    with look.in_language(speech.interface):
        return ET.fromstring(template.render(name=name, numbers=numbers, t=speech, charts=charts, history=history))


def row(*stretches: tuple[Status, int, int], name: Words | None = None) -> ServiceRow:
    """Return a service with these statuses from one day to another, counted from the first."""
    service = Service("service", name or words("Pay a water bill"), HERE)
    return ServiceRow(service, tuple(stretch(*each) for each in stretches), Status.DOWN)


def stretch(status: Status, first: int, last: int, before: bool = False) -> Stretch:
    since = StartTime(When.day(FIRST + timedelta(days=first), CHICAGO), before)
    return Stretch(
        FIRST + timedelta(days=first), FIRST + timedelta(days=last), Interval(status, since, None, None, None)
    )


def days(*statuses: Status) -> tuple[Day, ...]:
    since = StartTime(When.day(FIRST, CHICAGO))
    return tuple(
        Day(FIRST + timedelta(days=number), Interval(status, since, None, None, None))
        for number, status in enumerate(statuses)
    )


def bars(number: int, *rows: ServiceRow) -> Bars:
    return Bars(FIRST, FIRST + timedelta(days=number - 1), rows)


def counts(*each: tuple[int, ...], affected: int | None = None) -> BurnUp:
    found = tuple(DayCount(FIRST + timedelta(days=number), *count) for number, count in enumerate(each))
    total = sum(found[-1].counts)
    return BurnUp(found, total, total if affected is None else affected)


def speech(language: str = "en") -> Phrasing:
    return Phrasing(sample_board("kansas-city").site, language)


def blocks(svg: ET.Element) -> list[tuple[str, float, float]]:
    """Return the rectangles of a chart, except those inside patterns: class, start and width in percent."""
    return [
        (rect.get("class", ""), float(rect.get("x", "0").rstrip("%")), float(rect.get("width", "0").rstrip("%")))
        for rect in svg.findall("rect")
    ]


def cells(figure: ET.Element) -> list[list[str]]:
    """Return the rows of a table's bodies as text."""
    return [["".join(cell.itertext()) for cell in row] for row in figure.findall(".//tbody/tr")]


@pytest.mark.parametrize("name", MOMENTS)
@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_every_picture_is_sound(name: str, language: str) -> None:
    # A strip, a few bars and a burn-up stay well below 3 kB; an incident with dozens of bars cannot.
    for kind, picture in pictures(name, language):
        svg = ET.fromstring(picture)
        ids = [element.get("id", "") for element in svg.iter() if "id" in element.attrib]
        assert svg.get("role") == "img"
        assert svg.get("aria-labelledby") == f"{kind}-title {kind}-desc"
        assert svg.findtext("title")
        assert svg.findtext("desc", "").endswith(".")
        assert len(ids) == len(set(ids))
        assert all(id.startswith(kind) for id in ids)
        assert set(re.findall(r"url\(#([^)]*)\)", picture)) <= set(ids)
        assert not {"style", "href", "src", "fill-opacity", "stroke"} & {a for each in svg.iter() for a in each.attrib}
        assert "http" not in picture
        assert "script" not in picture
        named = len(svg.findall("text"))
        assert len(picture.encode()) < (800 + 330 * named if kind == "bars" else 3000), kind


@pytest.mark.parametrize("prefix", ["one", "two"])
def test_every_id_begins_with_the_prefix(prefix: str) -> None:
    drawn = (
        charts.bars(bars(9, row((Status.LIMITED, 0, 8))), speech(), prefix),
        charts.burn_up(counts((0, 3), (1, 2), (3, 0)), speech(), prefix),
        charts.last_days(days(*Status), speech(), prefix),
        charts.swatch("limited", prefix),
    )
    for picture in drawn:
        assert set(re.findall(r'\bid="([a-z]+)-|#([a-z]+)-', picture)) <= {(prefix, ""), ("", prefix)}


def test_what_holds_is_told_in_numbers() -> None:
    svg = ET.fromstring(charts.burn_up(counts((0, 3), (1, 3), (1, 3)), speech()))
    assert svg.findtext("desc") == (
        "From May 4 to 6, 2024. 4 services were affected. 1 of them works again. 3 do not work as usual."
    )
    numbers = counts((0, 1, 3), (1, 1, 2), (1, 0, 1, 2, 1), affected=2)
    assert ET.fromstring(charts.burn_up(numbers, speech())).findtext("desc") == (
        "From May 4 to 6, 2024. 2 services were affected. 1 of them works again. 1 not known yet. "
        "1 service not working as usual when last checked. Not checked: 1."
    )
    svg = ET.fromstring(charts.burn_up(counts((0, 3), (1, 2), (3, 0)), speech()))
    assert svg.findtext("desc") == ("From May 4 to 6, 2024. 3 services were affected. All of them work again.")
    svg = ET.fromstring(charts.last_days(days(Status.DOWN, Status.WORKING, Status.LIMITED, Status.DOWN), speech()))
    assert svg.findtext("desc") == ("From May 4 to 7, 2024. Not available: 2 days. Partly working: 1 day.")
    svg = ET.fromstring(charts.last_days(days(Status.WORKING, Status.WORKING), speech()))
    assert svg.findtext("desc") == "From May 4 to 5, 2024. No problem was reported."


def test_bars_are_as_long_as_the_table_says() -> None:
    numbers = bars(50, row((Status.DOWN, 0, 9), (Status.LIMITED, 10, 29)), row((Status.DEGRADED, 5, 49)))
    figure = render("bars", numbers)
    drawn = [(name, width / 2) for name, _, width in blocks(figure.find(".//svg[@role='img']") or figure)]
    assert drawn == [("down", 10), ("limited", 20), ("degraded", 45)]
    assert [(row[0], row[-1]) for row in cells(figure) if len(row) > 1] == [
        ("Not available", "10"),
        ("Partly working", "20"),
        ("Slow or unreliable", "45"),
    ]


def test_a_strip_is_as_long_as_the_table_says() -> None:
    numbers = days(*[Status.WORKING] * 10, *[Status.DOWN] * 5, *[Status.WORKING] * 20, *[Status.DIFFERENTLY] * 15)
    figure = render("last_days", numbers)
    svg = figure.find(".//svg[@role='img']")
    assert svg is not None
    drawn = [(name, width / 2) for name, _, width in blocks(svg)]
    assert drawn == [("working", 10), ("down", 5), ("working", 20), ("differently", 15)]
    assert [(row[0], row[-1]) for row in cells(figure)] == [("Not available", "5"), ("Working, but differently", "15")]


def test_steps_are_as_high_as_the_table_says() -> None:
    numbers = counts((0, 2), (0, 4), (1, 3), (1, 3), (4, 0))
    figure = render("burn_up", numbers)
    assert [row[1:] for row in cells(figure)] == [["2", "0"], ["4", "0"], ["3", "1"], ["0", "4"]]
    affected, restored = (path.get("d") for path in figure.findall(".//clipPath/path"))
    assert affected == "M0 4V2H1V0H5V4z"
    assert restored == "M0 4V4H2V3H4V0H5V4z"


def test_what_is_not_known_is_stacked_between_what_does_not_work_and_what_was_not_checked() -> None:
    figure = render("burn_up", counts((0, 2, 2), (1, 1, 2), (1, 1, 1, 1)))
    headings = [heading.text for heading in figure.findall(".//thead//th")]
    assert headings == ["End of the day", "Not working as usual", "Working again", "Not known yet", "Not checked"]
    assert [row[1:] for row in cells(figure)] == [["2", "0", "2", "0"], ["1", "1", "2", "0"], ["1", "1", "1", "1"]]
    areas = {each.get("id"): each.findtext("path") or each[0].get("d") for each in figure.findall(".//clipPath")}
    assert areas["burn-up-held-area"] == "M0 4V2H3V4z"
    assert areas["burn-up-not_known-area"] == "M0 4V0H2V1H3V4zM0 4V2H3V4z"
    assert areas["burn-up-unchecked-area"] == "M0 4V0H3V4zM0 4V0H2V1H3V4z"


@given(st.lists(st.sampled_from(list(Status)), min_size=1, max_size=400))
def test_a_strip_is_covered_once_and_shows_the_worst(statuses: list[Status]) -> None:
    drawn = blocks(ET.fromstring(charts.last_days(days(*statuses), speech())))
    assert drawn[0][1] == 0
    assert sum(width for _, _, width in drawn) == pytest.approx(100, abs=1)
    assert all(one + width == pytest.approx(two, abs=0.02) for (_, one, width), (_, two, _) in pairwise(drawn))
    assert len(drawn) <= charts.MAX_COLUMNS
    assert max(charts.BAR_HEIGHTS[name] for name, _, _ in drawn) == max(charts.BAR_HEIGHTS[s.value] for s in statuses)


@pytest.mark.parametrize("number", [1, 89, 90, 91, 180, 181, 300, 5000])
def test_a_long_time_has_no_more_columns_than_a_phone_can_show(number: int) -> None:
    scale = charts.Scale(FIRST, FIRST + timedelta(days=number - 1))
    assert min(number, 45) <= scale.column(scale.last) + 1 <= 90
    assert scale.position(scale.column(scale.last) + 1) == 100


def test_a_day_that_was_worse_than_its_column_shows() -> None:
    numbers = days(*[Status.WORKING] * 150, Status.DOWN, *[Status.WORKING] * 149)
    assert [name for name, _, _ in blocks(ET.fromstring(charts.last_days(numbers, speech())))] == [
        "working",
        "down",
        "working",
    ]
    figure = render("last_days", numbers)
    assert "In the chart, each column is 4 days." in "".join(figure.itertext())


def test_three_hundred_days_stay_small() -> None:
    steps = counts(*((number // 15, 20 - number // 15) for number in range(300)))
    assert len(charts.burn_up(steps, speech()).encode()) < 3000
    many = [row((Status.DOWN, 0, 100), (Status.LIMITED, 101, 250)) for _ in range(10)]
    assert len(charts.bars(bars(300, *many), speech()).encode()) < 5000


def test_dots_lead_to_what_began_earlier() -> None:
    early = ServiceRow(Service("mail", words("Mail"), HERE), (stretch(Status.DOWN, 0, 3, before=True),), Status.DOWN)
    svg = ET.fromstring(charts.bars(bars(10, early), speech()))
    (dots,) = svg.findall("line[@class='before']")
    ((_, begin, _),) = blocks(svg)
    assert (dots.get("x1"), dots.get("x2")) == ("0%", f"{begin:g}%")


def test_no_two_fills_look_alike_without_color() -> None:
    plain = {charts.BAR_HEIGHTS[status.value] for status in Status if status.value not in charts.PATTERNS}
    tiles = [charts.PATTERNS[status.value] for status in Status if status.value in charts.PATTERNS]
    # What has no tile is plain, but for "unknown", which is hollow.
    assert len(plain) == len(Status) - len(tiles)
    assert len(set(tiles)) == len(tiles)


def test_the_style_adds_no_color_of_its_own() -> None:
    css = (STATIC / "pictures.css").read_text(encoding="utf-8")
    assert not re.findall(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(", css)
    known = set(re.findall(r"(--[a-z]+):", (STATIC / "style.css").read_text(encoding="utf-8")))
    assert set(re.findall(r"var\((--[a-z]+)\)", css)) <= known
    for status in Status:
        assert f"rect.{status.value}" in css


def test_names_stand_where_lines_begin() -> None:
    numbers = bars(30, row((Status.DOWN, 0, 29)))
    english, arabic = (ET.fromstring(charts.bars(numbers, speech(each))) for each in ("en", "ar"))
    for svg, start in ((english, "0%"), (arabic, "100%")):
        name, first, last, *_ = svg.findall("text")
        assert (name.get("x"), name.get("text-anchor")) == (start, None)
        assert {first.get("x"), last.get("x")} == {"0%", "100%"}
    # The first day begins at the left in either; where lines begin on the right, its end is there.
    assert [text.get("text-anchor") for text in english.findall("text")][1:3] == [None, "end"]
    assert [text.get("text-anchor") for text in arabic.findall("text")][1:3] == ["end", None]


def test_a_name_in_another_language_says_so() -> None:
    numbers = bars(3, row((Status.DOWN, 0, 2), name=Words((("es", "Basura"),))))
    name = ET.fromstring(charts.bars(numbers, speech())).findall("text")[0]
    assert (name.text, name.get("lang")) == ("Basura", "es")


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Trash", ["Trash"]),
        ("Building permits, plans and inspections", ["Building permits, plans and", "inspections"]),
        ('<Parks> & "pools"', ['<Parks> & "pools"']),
        ("水道料金の支払いと水道の使用開始および中止の申し込み", None),
        ("Anything " * 40, None),
    ],
)
def test_names_have_at_most_two_lines(name: str, lines: list[str] | None) -> None:
    svg = ET.fromstring(charts.bars(bars(3, row((Status.DOWN, 0, 2), name=words(name))), speech()))
    found = [text.text or "" for text in svg.findall("text")[:-2]]
    assert lines in (None, found)
    assert len(found) <= 2
    assert all(len(line) <= charts.MAX_LETTERS for line in found)


def test_a_site_without_a_long_incident_draws_none() -> None:
    assert "".join(render("burn_up", None).itertext()).strip() == ""
    assert "".join(render("bars", bars(3)).itertext()).strip() == ""


def test_every_picture_is_named_in_every_language() -> None:
    names = {
        charts.bars(bars(3, row((Status.DOWN, 0, 2))), speech(each)).split("</title>")[0]
        for each in available_languages()
    }
    assert len(names) == len(available_languages())
