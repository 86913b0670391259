"""Dates, hours and numbers, as people in the city read them in each language."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from statusgen.model.times import When
from statusgen.wording.interface import InterfaceLanguage, protect_phone_numbers
from statusgen.wording.times import Times

MARK = "\u200e"
MINUTE = timedelta(minutes=1)
NOW = datetime(2026, 6, 17, tzinfo=UTC)
AROUND_MIDNIGHT = ("2026-06-18 00:00", "2026-06-18 00:01")


def make_times(language: str, zone: str = "America/Chicago", plain: bool = False) -> Times:
    return Times(InterfaceLanguage(language, zone), ZoneInfo(zone), plain=plain)


def make_short_times(language: str, zone: str = "America/Chicago", year: int = 2026) -> Times:
    return Times(
        InterfaceLanguage(language, zone), ZoneInfo(zone), datetime(year, 6, 17, tzinfo=ZoneInfo(zone)), plain=True
    )


def at(time: str, zone: str = "America/Chicago") -> When:
    """Return a moment ("2026-06-17 16:00") or a day on the clocks of a zone."""
    local = datetime.fromisoformat(time).replace(tzinfo=ZoneInfo(zone))
    return When.moment(local) if ":" in time else When.day(local.date(), ZoneInfo(zone))


def noon(zone: str) -> datetime:
    return datetime(2024, 5, 15, 16, 0, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "May 15, 2024, 4 PM CDT"),
        ("es", "15 de mayo de 2024, 4 p.m. CDT"),
        ("ar", "15 مايو 2024، الساعة 4 م CDT"),
        ("vi", "15 tháng 5, 2024 lúc 16:00 CDT"),
        ("fr", "15 mai 2024 à 16 h CDT"),
    ],
)
def test_a_moment_has_its_year_and_its_zone(language: str, words: str) -> None:
    said = make_times(language).moment(noon("America/Chicago"))
    assert " ".join(said.split()) == words  # CLDR has spaces of several kinds there


@pytest.mark.parametrize(
    ("language", "zone", "clock"),
    [
        ("es", "America/Toronto", "EDT"),
        ("fr", "America/Toronto", "HAE"),
        ("fr", "America/New_York", "EDT"),
        ("ar", "America/Phoenix", "MST"),
        ("en", "Europe/Paris", "CEST"),
        ("es", "Asia/Riyadh", "GMT+03:00"),
    ],
)
def test_a_zone_is_called_what_it_is_called_in_the_city(language: str, zone: str, clock: str) -> None:
    assert make_times(language, zone).zone_name(noon(zone)) == clock


def test_the_first_of_a_month_is_an_ordinal_number_in_french() -> None:
    french = make_times("fr", plain=True)
    assert french.day(date(2026, 6, 1)) == "1er juin 2026"
    assert french.day(date(2026, 6, 11)) == "11 juin 2026"
    assert make_times("es", plain=True).day(date(2026, 6, 1)) == "1 de junio de 2026"
    first, last = (When.day(date(2026, month, 1), ZoneInfo("America/Chicago")) for month in (5, 6))
    assert french.days_between(first, last) == ("1er mai", "1er juin 2026")
    assert french.ends(first, When.day(date(2026, 5, 12), ZoneInfo("America/Chicago"))) == ("", "1er", "12 mai 2026")


def test_a_month_is_a_heading() -> None:
    assert make_times("es").month(2024, 5) == "Mayo de 2024"
    assert make_times("ar").month(2024, 5) == "مايو 2024"


@pytest.mark.parametrize("number", ["555-0100", "816-513-1313", "1-888-275-6636", "+1-888-275-6636"])
def test_a_phone_number_does_not_turn_round_in_arabic(number: str) -> None:
    assert protect_phone_numbers(f"اتصل بالرقم {number}.", "ar") == f"اتصل بالرقم {MARK}{number}."
    assert protect_phone_numbers(f"Llame al {number}.", "es") == f"Llame al {number}."


@pytest.mark.parametrize("text", ["من 8-19 يونيو", "من 2024-2025", "2024-05-15", f"رقم {MARK}555-0100"])
def test_ranges_dates_and_marked_numbers_stay_in_arabic(text: str) -> None:
    assert protect_phone_numbers(text, "ar") == text


def test_links_stay_as_they_are_in_arabic() -> None:
    html = '<a href="tel:555-0100" title="a>555-0100">555-0100</a>'
    assert protect_phone_numbers(html, "ar") == html.replace(">555-0100</a>", f">{MARK}555-0100</a>")


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ("2026-06-17 16:00", "Wed, June 17, 4 PM"),
        ("2026-06-17 16:30", "Wed, June 17, 4:30 PM"),
        ("2026-06-17 12:00", "Wed, June 17, noon"),
        ("2026-06-17 12:30", "Wed, June 17, 12:30 PM"),
        ("2026-06-17 00:00", "Wed, June 17, midnight (start of the day)"),
        ("2026-06-17 00:30", "Wed, June 17, 12:30 AM"),
        ("2026-06-17", "Wed, June 17"),
        ("2027-01-02 09:00", "Sat, January 2, 2027, 9 AM"),
        ("2025-12-31", "Wed, December 31, 2025"),
    ],
)
def test_a_page_with_its_moment_writes_times_as_people_say_them(time: str, words: str) -> None:
    assert make_short_times("en").when(at(time)) == words


@pytest.mark.parametrize(
    ("language", "day", "full_hour", "hour"),
    [
        ("es", "mié, 17 de junio", "4 p.m.", "4:30 p.m."),
        ("fr", "mer. 17 juin", "16 h", "16 h 30"),
        ("vi", "Th 4, 17 tháng 6", "16:00", "16:30"),
        ("ar", "الأربعاء، 17 يونيو", "4 م", "4:30 م"),
    ],
)
def test_each_language_has_its_own_short_form(language: str, day: str, full_hour: str, hour: str) -> None:
    times, zone = make_short_times(language), ZoneInfo("America/Chicago")
    assert times.day(date(2026, 6, 17)) == day
    assert times.hour(datetime(2026, 6, 17, 16, 0, tzinfo=zone)) == full_hour
    assert times.hour(datetime(2026, 6, 17, 16, 30, tzinfo=zone)) == hour


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("America/Toronto", ["0 h", "8 h", "8 h 05", "12 h", "16 h", "16 h 30"]),
        ("America/Chicago", ["0 h", "8 h", "8 h 05", "12 h", "16 h", "16 h 30"]),
        ("Europe/Paris", ["00:00", "08:00", "08:05", "12:00", "16:00", "16:30"]),
        ("America/Port-au-Prince", ["00:00", "08:00", "08:05", "12:00", "16:00", "16:30"]),
    ],
)
def test_in_north_america_french_has_hours_as_in_quebec(zone: str, hours: list[str]) -> None:
    times = make_short_times("fr", zone)
    clocks = [(0, 0), (8, 0), (8, 5), (12, 0), (16, 0), (16, 30)]
    assert [times.hour(datetime(2026, 6, 17, *clock, tzinfo=ZoneInfo(zone))) for clock in clocks] == hours


def test_a_french_span_of_hours_and_its_zone_in_chicago() -> None:
    times = make_short_times("fr")
    assert times.ends(at("2026-06-17 08:30"), at("2026-06-17 18:00")) == ("mer. 17 juin", "8 h 30", "18 h")
    # Only the hours are those of Quebec: in Chicago nobody says HAC for CDT.
    assert make_times("fr", plain=True).moment(noon("America/Chicago")) == "15 mai 2024 à 16 h CDT"
    assert make_times("fr").moment(noon("America/Chicago")) == "15\xa0mai\xa02024 à 16\xa0h CDT"


def test_a_month_of_this_year_has_no_year() -> None:
    month = When.month(date(2026, 6, 1), ZoneInfo("America/Chicago"))
    assert make_short_times("en").when(month) == "June"
    assert make_short_times("en", year=2027).when(month) == "June 2026"


@pytest.mark.parametrize(
    ("first", "last", "ends"),
    [
        ("2026-06-17 16:00", "2026-06-17 18:00", ("Wed, June 17", "4", "6 PM")),
        ("2026-06-17 16:30", "2026-06-17 18:00", ("Wed, June 17", "4:30", "6 PM")),
        ("2026-06-17 10:00", "2026-06-17 14:00", ("Wed, June 17", "10 AM", "2 PM")),
        ("2026-06-17 10:00", "2026-06-17 12:00", ("Wed, June 17", "10 AM", "noon")),
        ("2026-06-17 12:00", "2026-06-17 14:00", ("Wed, June 17", "noon", "2 PM")),
        ("2026-06-17 00:00", "2026-06-17 04:00", ("Wed, June 17", "midnight", "4 AM")),
        ("2026-06-17 20:00", "2026-06-18 00:00", ("Wed, June 17", "8 PM", "midnight")),
        ("2026-06-17 20:00", "2026-06-18 04:00", ("", "Wed, June 17, 8 PM", "Thu, June 18, 4 AM")),
        ("2026-06-17 09:00", "2026-06-20", ("", "Wed, June 17, 9 AM", "Sat, June 20")),
        ("2026-06-08", "2026-06-12", ("", "June 8", "12")),
        ("2026-06-08", "2026-07-12", ("", "June 8", "July 12")),
        ("2025-06-08", "2025-06-12", ("", "June 8", "12, 2025")),
        ("2026-12-28", "2027-01-03", ("", "December 28, 2026", "January 3, 2027")),
        ("2026-06-08", "2026-06-08", ("", "Mon, June 8", "Mon, June 8")),
        ("2026-10-31 23:00", "2026-11-01 00:30", ("", "Sat, October 31, 11 PM", "Sun, November 1, 12:30 AM")),
        ("2026-11-01 00:30", "2026-11-01 04:00", ("Sun, November 1", "12:30 AM", "4 AM")),
    ],
)
def test_a_span_says_once_what_both_ends_share(first: str, last: str, ends: tuple[str, str, str]) -> None:
    assert make_short_times("en").ends(at(first), at(last)) == ends


@pytest.mark.parametrize(
    ("language", "ends"),
    [("es", ("8", "12 de junio")), ("fr", ("8", "12 juin")), ("vi", ("8", "12 tháng 6")), ("ar", ("8", "12 يونيو"))],
)
def test_a_span_of_days_names_its_month_where_the_language_does(language: str, ends: tuple[str, str]) -> None:
    assert make_short_times(language).days_between(at("2026-06-08"), at("2026-06-12")) == ends


def test_a_span_over_the_change_of_the_clocks_names_both_zones() -> None:
    assert make_times("en", plain=True).ends(at("2026-11-01 00:30"), at("2026-11-01 04:00")) == (
        "November 1, 2026",
        "12:30 AM CDT",
        "4 AM CST",
    )


def test_only_an_hour_that_the_clocks_show_twice_has_its_zone() -> None:
    times = make_short_times("en")
    first = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert [times.moment(first + timedelta(hours=hours)) for hours in range(3)] == [
        "Sun, November 1, 1:30 AM CDT",
        "Sun, November 1, 1:30 AM CST",
        "Sun, November 1, 2:30 AM",
    ]


def test_a_line_does_not_end_inside_a_date_or_an_hour() -> None:
    times = Times(
        InterfaceLanguage("en", "America/Chicago"), ZoneInfo("America/Chicago"), datetime(2026, 6, 1, tzinfo=UTC)
    )
    assert times.when(at("2026-06-17 16:00")) == "Wed, June\xa017, 4\xa0PM"
    assert make_times("es").day(date(2026, 6, 17)) == "17\xa0de junio de\xa02026"


@pytest.mark.parametrize(
    ("language", "zone", "name"),
    [
        ("en", "America/Chicago", "Central Time"),
        ("en", "America/Phoenix", "Mountain Time"),
        ("es", "America/New_York", "hora oriental"),
        ("fr", "America/Toronto", "heure de l\u2019Est"),
        ("vi", "America/Chicago", "Giờ miền Trung"),
        ("ar", "America/Chicago", "التوقيت المركزي لأمريكا الشمالية"),
        ("en", "UTC", "Coordinated Universal Time"),
    ],
)
def test_the_clocks_have_one_name_all_year(language: str, zone: str, name: str) -> None:
    times = make_times(language, zone)
    assert {times.clocks(datetime(2026, month, 1, tzinfo=UTC)) for month in (1, 7)} == {name}


ZONES = ["America/Chicago", "America/New_York", "America/Phoenix", "Europe/Paris", "Pacific/Apia", "Asia/Kathmandu"]
LANGUAGES = ["en", "es", "fr", "vi", "ar"]
MINUTES = st.integers(0, 5 * 366 * 24 * 60).map(lambda minutes: datetime(2023, 1, 1, tzinfo=UTC) + minutes * MINUTE)
# Near enough that two times are often of one day, of one month, or of the hour that comes twice.
STEPS = st.sampled_from([0, 1, 30, 60, 120, 720, 1440, 20 * 1440, 400 * 1440]).map(lambda minutes: minutes * MINUTE)


@st.composite
def spans(draw: st.DrawFn) -> tuple[ZoneInfo, list[tuple[When, When]]]:
    """Draw a zone and two spans that are near each other, of moments or of days."""
    zone, start, of_days = ZoneInfo(draw(st.sampled_from(ZONES))), draw(MINUTES), draw(st.booleans())
    pairs = []
    for _ in range(2):
        first = start + draw(STEPS)
        ends = (first, first + draw(STEPS))
        pairs.append([When.day(e.astimezone(zone).date(), zone) if of_days else When.moment(e) for e in ends])
    return zone, [(first, last) for first, last in pairs]


@given(st.sampled_from(LANGUAGES), spans(), MINUTES, st.booleans())
@example("en", (ZoneInfo("America/Chicago"), [(at("2026-06-17 20:00"), at(end)) for end in AROUND_MIDNIGHT]), NOW, True)
def test_two_spans_are_never_told_alike(
    language: str, drawn: tuple[ZoneInfo, list[tuple[When, When]]], moment: datetime, is_short: bool
) -> None:
    zone, (one, other) = drawn
    times = Times(InterfaceLanguage(language, zone.key), zone, moment if is_short else None, plain=True)
    assert (times.ends(*one) == times.ends(*other)) is (one == other)
    assert (times.when(one[0]) == times.when(other[0])) is (one[0] == other[0])


@given(st.sampled_from(LANGUAGES), st.sampled_from(ZONES), MINUTES, MINUTES)
def test_a_year_is_left_out_only_where_it_is_that_of_the_page(
    language: str, zone: str, moment: datetime, time: datetime
) -> None:
    times = Times(InterfaceLanguage(language, zone), ZoneInfo(zone), moment, plain=True)
    year = time.astimezone(ZoneInfo(zone)).year
    assert (str(year) in times.moment(time)) is (year != moment.astimezone(ZoneInfo(zone)).year)
    assert str(year) in times.dated(When.moment(time))
    assert str(year) in make_times(language, zone).moment(time)
