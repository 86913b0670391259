"""Dates, hours and numbers, as people in the city read them in each language."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from statusgen.model.times import When
from statusgen.wording.interface import InterfaceLanguage, protect_phone_numbers
from statusgen.wording.times import Times

MARK = "\u200e"


def make_times(language: str, zone: str = "America/Chicago") -> Times:
    return Times(InterfaceLanguage(language, zone), ZoneInfo(zone))


def noon(zone: str) -> datetime:
    return datetime(2024, 5, 15, 16, 0, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "May 15, 2024, 4:00 PM CDT"),
        ("es", "15 de mayo de 2024, 4:00 p.m. CDT"),
        ("ar", "15 مايو 2024، الساعة 4:00 م CDT"),
        ("vi", "15 tháng 5, 2024 lúc 16:00 CDT"),
        ("fr", "15 mai 2024 à 16:00 CDT"),
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
    assert make_times("fr").day(date(2026, 6, 1)) == "1er juin 2026"
    assert make_times("fr").day(date(2026, 6, 11)) == "11 juin 2026"
    assert make_times("es").day(date(2026, 6, 1)) == "1 de junio de 2026"
    first, last = (When.day(date(2026, month, 1), ZoneInfo("America/Chicago")) for month in (5, 6))
    assert make_times("fr").days_between(first, last) == ("1er mai", "1er juin 2026")


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
