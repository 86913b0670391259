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

from statusgen import addresses, history
from statusgen.board.board import make_board
from statusgen.board.model.spans import Interval, StartTime
from statusgen.board.model.whole_board import Board
from statusgen.content.format.values import parse_time
from statusgen.content.reader import read_content
from statusgen.history import Bars, BurnUp, BusyMonth, Day, DayCount, ServiceRow, Stretch, WayRow
from statusgen.model.services import Channel, ChannelKind, Service
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


def pictures(name: str, language: str) -> Iterator[tuple[str, ET.Element]]:
    """Yield every picture of a sample site as it stands on a page, with its kind."""
    now = sample_board(name)
    for standing in now.incidents:
        rows, numbers = history.bars(standing, now), history.burn_up(standing, now)
        if rows.rows:
            yield "bars", render(name, "bars", rows, language=language)
        if numbers:
            yield "burn-up", render(name, "burn_up", numbers, language=language)
    for service in now.services:
        ways = history.last_days_of_ways(service, now)
        yield "last-days", render(name, "last_days", ways, language=language)
    yield "year", render(name, "year", history.busy_months(now.moment.year, now), [], language=language)


def render(name: str, kind: str, *numbers: object, language: str = "en") -> ET.Element:
    """Render numbers with a macro of pictures.html."""
    now = sample_board(name)
    look = Renderer(Path("nowhere"))
    speech = Phrasing(now.site, language)
    template = look.environment.from_string(
        '{% import "pictures.html" as pictures with context %}<div>{{ pictures[kind](*numbers) }}</div>'
    )
    values = {"charts": charts, "history": history, "site": now.site, "addresses": addresses, "link": str, "board": now}
    with look.in_language(speech.interface):
        html = template.render(kind=kind, numbers=numbers, t=speech, **values)
    return ET.fromstring(html.replace("<br>", "<br/>"))


def draw(kind: str, *numbers: object, language: str = "en") -> ET.Element:
    """Render numbers on a page of Kansas City."""
    return render("kansas-city", kind, *numbers, language=language)


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


def strips(picture: ET.Element) -> list[ET.Element]:
    """Return the strips of a picture's rows."""
    return picture.findall(".//tbody//svg[@class='strip']")


def blocks(svg: ET.Element) -> list[tuple[str, float, float]]:
    """Return the bars of a strip: class, start and width in percent."""
    return [
        (rect.get("class", ""), float(rect.get("x", "0").rstrip("%")), float(rect.get("width", "0").rstrip("%")))
        for rect in svg.findall("rect")
        if rect.get("class") != "track"
    ]


def cells(picture: ET.Element) -> list[list[str]]:
    """Return the rows of a table's bodies as text; lines within a cell are divided by a bar."""
    for line in picture.iter("br"):
        line.text = " | "
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in picture.findall(".//tbody/tr")]


def labels(picture: ET.Element, is_phone: bool = False) -> list[tuple[str, float]]:
    """Return the words on the axis, and where they begin."""
    return [
        (text.text or "", float(text.get("x", "").rstrip("%")))
        for text in picture.findall(".//svg[@class='axis']/text")
        if not (is_phone and text.get("class") == "spare")
    ]


def way(*statuses: Status, channel: Channel | None = None) -> WayRow:
    return WayRow(channel, days(*statuses))


@pytest.mark.parametrize("name", MOMENTS)
@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_every_picture_is_sound(name: str, language: str) -> None:
    for kind, picture in pictures(name, language):
        html = ET.tostring(picture, encoding="unicode")
        ids = [element.get("id", "") for element in picture.iter() if "id" in element.attrib]
        assert len(ids) == len(set(ids))
        assert all(id.startswith(kind) for id in ids)
        assert set(re.findall(r"url\(#([^)]*)\)", html)) <= set(ids)
        assert not {"style", "src", "fill-opacity", "stroke"} & {a for each in picture.iter() for a in each.attrib}
        assert "http" not in html
        assert "script" not in html
        # Whatever is drawn and not told in words beside it says what is seen.
        for svg in picture.iter("svg"):
            assert svg.get("aria-hidden") == "true" or svg.findtext("desc", "").endswith(".")
        assert all(row[0] and row[-1] for row in cells(picture)), kind


def test_the_words_beside_a_strip_say_the_same_as_its_bars() -> None:
    numbers = bars(50, row((Status.DOWN, 0, 9), (Status.LIMITED, 10, 29)), row((Status.DEGRADED, 5, 49)))
    picture = draw("bars", numbers)
    drawn = [[(name, width / 2) for name, _, width in blocks(svg)] for svg in strips(picture)]
    assert drawn == [[("down", 10), ("limited", 20)], [("degraded", 45)]]
    assert [row[2] for row in cells(picture)] == [
        "Not available: since May 4, 2024 | Partly working: since May 14, 2024",
        "Slow or unreliable: since May 9, 2024",
    ]


def test_each_way_has_its_strip() -> None:
    counter = Channel("counter", ChannelKind.IN_PERSON, HERE)
    rows = [way(Status.NOT_SAID, Status.DOWN, Status.DOWN), way(*[Status.NOT_SAID] * 3, channel=counter)]
    picture = draw("last_days", rows)
    assert [[name for name, _, _ in blocks(svg)] for svg in strips(picture)] == [["down"], []]
    assert [(row[0], row[2]) for row in cells(picture)] == [
        ("Service as a whole", "Not available: since May 4, 2024"),
        ("In person", "Nothing reported"),
    ]
    assert picture.findtext(".//caption") == "The last 3 days"


def test_steps_are_as_high_as_the_table_says() -> None:
    numbers = counts((0, 2), (0, 4), (1, 3), (1, 3), (4, 0))
    figure = draw("burn_up", numbers)
    assert [row[1:] for row in cells(figure)] == [["2", "0"], ["4", "0"], ["3", "1"], ["0", "4"]]
    affected, restored = (path.get("d") for path in figure.findall(".//clipPath/path"))
    assert affected == "M0 4V2H1V0H5V4z"
    assert restored == "M0 4V4H2V3H4V0H5V4z"
    assert figure.findtext(".//desc") == ("From May 4 to 8, 2024. 4 services were affected. All of them work again.")


def test_what_holds_is_told_in_numbers() -> None:
    numbers = counts((0, 1, 3), (1, 1, 2), (1, 0, 1, 2, 1), affected=2)
    assert draw("burn_up", numbers).findtext(".//desc") == (
        "From May 4 to 6, 2024. 2 services were affected. 1 of them works again. 1 not known yet. "
        "1 service not working as usual when last checked. Not checked: 1."
    )


def test_what_is_not_known_is_stacked_between_what_does_not_work_and_what_was_not_checked() -> None:
    figure = draw("burn_up", counts((0, 2, 2), (1, 1, 2), (1, 1, 1, 1)))
    headings = [heading.text for heading in figure.findall(".//thead//th")]
    assert headings == ["End of the day", "Not working as usual", "Working again", "Not known yet", "Not checked"]
    assert [row[1:] for row in cells(figure)] == [["2", "0", "2", "0"], ["1", "1", "2", "0"], ["1", "1", "1", "1"]]
    areas = {each.get("id"): each.findtext("path") or each[0].get("d") for each in figure.findall(".//clipPath")}
    assert areas["burn-up-held-area"] == "M0 4V2H3V4z"
    assert areas["burn-up-not_known-area"] == "M0 4V0H2V1H3V4zM0 4V2H3V4z"
    assert areas["burn-up-unchecked-area"] == "M0 4V0H3V4zM0 4V0H2V1H3V4z"


@given(st.lists(st.sampled_from(list(Status)), min_size=1, max_size=400))
def test_a_strip_shows_the_worst_and_nothing_twice(statuses: list[Status]) -> None:
    drawn = blocks(ET.fromstring(charts.strip(days(*statuses))))
    assert sum(width for _, _, width in drawn) <= 101
    assert all(one + width <= two + 0.02 for (_, one, width), (_, two, _) in pairwise(drawn))
    assert len(drawn) <= charts.MAX_COLUMNS
    highest = max(charts.BAR_HEIGHTS[each.value] for each in statuses)
    assert max((charts.BAR_HEIGHTS[name] for name, _, _ in drawn), default=0) == highest


@pytest.mark.parametrize("number", [1, 89, 90, 91, 180, 181, 300, 5000])
def test_a_long_time_has_no_more_columns_than_a_phone_can_show(number: int) -> None:
    scale = charts.Scale(FIRST, FIRST + timedelta(days=number - 1))
    assert min(number, 45) <= scale.column(scale.last) + 1 <= 90
    assert scale.position(scale.column(scale.last) + 1) == 100


def test_a_day_that_was_worse_than_its_column_shows() -> None:
    rows = [way(*[Status.WORKING] * 150, Status.DOWN, *[Status.WORKING] * 149)]
    picture = draw("last_days", rows)
    assert [name for name, _, _ in blocks(strips(picture)[0])] == ["working", "down", "working"]
    assert "In the chart, each column is 4 days." in "".join(picture.itertext())


def test_three_hundred_days_stay_small() -> None:
    steps = counts(*((number // 15, 20 - number // 15) for number in range(300)))
    assert len(charts.burn_up(steps, speech()).encode()) < 3000
    numbers = bars(300, *[row((Status.DOWN, 0, 100), (Status.LIMITED, 101, 250)) for _ in range(10)])
    scale = charts.scale_of(numbers)
    assert sum(len(charts.bar(each, scale).encode()) for each in numbers.rows) < 4000


def test_dots_lead_to_what_began_earlier() -> None:
    early = ServiceRow(Service("mail", words("Mail"), HERE), (stretch(Status.DOWN, 0, 3, before=True),), Status.DOWN)
    picture = draw("bars", bars(10, early))
    (svg,) = strips(picture)
    (dots,) = svg.findall("line[@class='before']")
    ((_, begin, _),) = blocks(svg)
    assert (dots.get("x1"), dots.get("x2")) == ("0%", f"{begin:g}%")
    assert "Began earlier; the day is not known" in "".join(picture.itertext())


def test_no_two_fills_look_alike_without_color() -> None:
    plain = {charts.BAR_HEIGHTS[status.value] for status in Status if status.value not in charts.PATTERNS}
    tiles = [charts.PATTERNS[status.value] for status in Status if status.value in charts.PATTERNS]
    # What has no tile is plain, but for "unknown", which is hollow.
    assert len(plain) == len(Status) - len(tiles)
    assert len(set(tiles)) == len(tiles)


def test_the_style_adds_no_color_of_its_own() -> None:
    css = "".join((STATIC / name).read_text(encoding="utf-8") for name in ("days.css", "pictures.css"))
    on_screen = css.partition("@media print")[0]
    assert not re.findall(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(", on_screen)
    known = set(re.findall(r"(--[a-z]+):", (STATIC / "style.css").read_text(encoding="utf-8")))
    assert set(re.findall(r"var\((--[a-z]+)\)", css)) <= known
    for status in Status:
        assert re.search(rf"\.{status.value}\b", css)


@pytest.mark.parametrize("language", sorted(available_languages()))
@pytest.mark.parametrize("number", [1, 2, 9, 12, 14, 15, 30, 44, 45, 46, 90, 140, 400, 4000])
def test_labels_of_days_never_touch(number: int, language: str) -> None:
    picture = draw("bars", bars(number, row((Status.DOWN, 0, number - 1))), language=language)
    for is_phone, rem in ((False, charts.DESK_WIDTH), (True, charts.PHONE_WIDTH)):
        found = sorted(labels(picture, is_phone), key=lambda label: label[1])
        assert found
        is_mirrored = language == "ar"
        ends = [(x - len(word) * 50 / rem, x) if is_mirrored else (x, x + len(word) * 50 / rem) for word, x in found]
        assert all(one[1] <= two[0] for one, two in pairwise(ends)), found
        if len(found) > 1:
            assert min(begin for begin, _ in ends) >= 0
            assert max(end for _, end in ends) <= 100


def test_two_weeks_are_labeled_every_second_day() -> None:
    picture = draw("bars", bars(14, row((Status.DOWN, 0, 13))))
    assert [word for word, _ in labels(picture)] == ["May 4", "6", "8", "10", "12", "14", "16"]
    assert [word for word, _ in labels(picture, is_phone=True)] == ["May 4", "8", "12", "16"]


def test_a_label_names_the_month_that_begins() -> None:
    picture = draw("bars", bars(40, row((Status.DOWN, 0, 39))))
    assert [word for word, _ in labels(picture)] == ["May 4", "11", "18", "25", "Jun 1", "8"]
    picture = draw("bars", bars(140, row((Status.DOWN, 0, 139))))
    assert [word for word, _ in labels(picture)] == ["May 4", "Jun", "Jul", "Aug", "Sep"]


def test_where_lines_begin_on_the_right_days_do_too() -> None:
    numbers = bars(12, row((Status.DOWN, 0, 11)))
    english, arabic = (labels(draw("bars", numbers, language=each)) for each in ("en", "ar"))
    assert [100 - x for _, x in arabic] == pytest.approx([x for _, x in english], abs=0.02)


def test_a_name_in_another_language_says_so() -> None:
    picture = draw("bars", bars(3, row((Status.DOWN, 0, 2), name=Words((("es", "Basura"),)))))
    name = picture.find(".//tbody/tr/th/span")
    assert name is not None
    assert (name.text, name.get("lang")) == ("Basura", "es")


def test_a_site_without_a_long_incident_draws_none() -> None:
    assert "".join(draw("burn_up", None).itertext()).strip() == ""
    assert "".join(draw("bars", bars(3)).itertext()).strip() == ""


def test_a_month_shows_the_days_with_an_incident() -> None:
    month = BusyMonth(date(2024, 2, 29), 2, ((date(2024, 2, 1), date(2024, 2, 3)), (date(2024, 2, 29),) * 2))
    svg = ET.fromstring(charts.month_strip(month))
    track = svg.find("rect[@class='track']")
    assert track is not None
    assert float(track.get("width", "").rstrip("%")) == pytest.approx(29 / 31 * 100, abs=0.01)
    assert [(round(x * 0.31), round(width * 0.31)) for _, x, width in blocks(svg)] == [(0, 3), (28, 1)]
