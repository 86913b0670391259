"""A moment, a day and a month stand in every sentence as the language has it: "antes del 5 de agosto", "en agosto"."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from statusgen.board.model.spans import Interval, StartTime
from statusgen.model.reports import Estimate
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.wording.phrasing import Phrasing
from tests.support.telling import make_town
from tests.wording.test_catalogs import LANGUAGES, forms, messages

ZONE = ZoneInfo("America/Chicago")
NOW = datetime(2024, 6, 1, tzinfo=UTC)
PRECISIONS = ("moment", "day", "month")
MONTHS = {
    "es": "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
    "fr": "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
    "ar": "يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر",
}
# What is never said: an article before a month alone, or one that has not run together with the word before it.
WRONG = {
    "en": r"\b(?:on|the) August\b(?! \d)|\bby August\b(?! \d)",
    "es": rf"\b(?:el|del|al) (?:{MONTHS['es']})\b|\b(?:de|a) el\b|\b(?:el|del|al) (?:el|del|al)\b|\ben el mes\b",
    "fr": rf"\b(?:le|du|au) (?:{MONTHS['fr']})\b|\b(?:de|à) les?\b|\b(?:le|du|au) (?:le|du|au)\b|\bde [ao]|\b1 [a-zé]",
    "vi": r"\bngày (?:Th|CN|ngày|tháng)\b|\b(\w+) \1\b",
    "ar": rf"يوم (?:{MONTHS['ar']})",
}


@pytest.fixture(scope="module")
def phrasings(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Phrasing]:
    """The wording of a page in each language."""
    town = make_town(tmp_path_factory.mktemp("town"), "services: [{id: bill, name: Bills}]")
    site = town.at("2024-06-01 10:00").city.site
    return {language: Phrasing(site, language, plain=True, moment=NOW) for language in ("en", *LANGUAGES)}


def at(month: int, precision: str, year: int = 2024, day: int = 5) -> When:
    if precision == "month":
        return When.month(date(year, month, 1), ZONE)
    return (
        When.day(date(year, month, day), ZONE)
        if precision == "day"
        else When.moment(datetime(year, month, day, 16, tzinfo=ZONE))
    )


def sentences(t: Phrasing, one: When, other: When) -> Iterator[str]:
    """Yield every sentence in which a month can stand where a day or a moment can."""
    for estimate in (
        Estimate(not_before=one),
        Estimate(by=one),
        Estimate(not_before=one, by=one),
        Estimate(not_before=one, by=other),
    ):
        yield t.bare_time(estimate)
        for late, is_back in product((False, True), repeat=2):
            yield t.estimate(estimate, late, is_back)
    yield from (t.since(StartTime(one)), t.since_before(one), t.span(one, other), t.span_sentence(one, other))
    yield from (t.span(one, one), t.format(t.interface.gettext("Back since %(time)s"), time=t.time(one)))
    before = Interval(Status.DOWN, StartTime(one, is_before=True), other, None, None)
    yield from map(t.interval, (before, Interval(Status.UNKNOWN, StartTime(one), None, None, None)))


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
@pytest.mark.parametrize(("first", "last"), [*product(PRECISIONS, repeat=2)])
def test_every_sentence_has_its_date_as_the_language_does(
    phrasings: Mapping[str, Phrasing], language: str, first: str, last: str
) -> None:
    for year, months in product((2024, 2025), ((8, 10), (1, 4))):
        one, other = at(months[0], first, year), at(months[1], last, year)
        said = [*sentences(phrasings[language], one, other)]
        assert [each for each in said if re.search(WRONG[language], each)] == []
        assert [each for each in said if "%" in each or "  " in each or not each] == []


@pytest.mark.parametrize("language", ["es", "fr"])
def test_no_message_has_an_article_that_a_month_does_not_go_with(
    phrasings: Mapping[str, Phrasing], language: str
) -> None:
    """The sentences above are those of today; a new message with a time in it is looked at here."""
    t = phrasings[language]
    whens = {name: at(8, name) for name in PRECISIONS}
    # The words for a month itself are put together with care ("mois d'août").
    texts = [form for each in messages(language) for form in forms(each.string) if each.id != "%(month)s"]
    dated = [text for text in texts if re.search(r"%\((?:time|first|last|month)\)s", text)]
    assert len(dated) > 50
    for text, when in product(dated, whens.values()):
        parts = dict.fromkeys(("time", "first", "last"), t.times.when(when))
        parts["month"] = t.times.bare_month(whens["month"])
        said = re.sub(r"%\((\w+)\)s", lambda name, parts=parts: parts.get(name[1], "…"), text)  # type: ignore[misc]
        assert not re.search(WRONG[language], said), said


@pytest.mark.parametrize(
    ("language", "not_before", "between", "by", "late", "since"),
    [
        (
            "en",
            "Not expected back before August.",
            "Expected back between August and October 2025.",
            "Expected back to normal by the end of August.",
            "It was expected back by the end of August. That time has passed.",
            "since August",
        ),
        (
            "es",
            "No se espera que vuelva a funcionar antes del mes de agosto.",
            "Se espera que vuelva a funcionar entre el mes de agosto y el mes de octubre de 2025.",
            "Se espera que vuelva a la normalidad a más tardar a fines de agosto.",
            "Se esperaba que volviera a funcionar a más tardar a fines de agosto. Ese plazo ya pasó.",
            "desde el mes de agosto",
        ),
        (
            "fr",
            "Pas de retour avant le mois d\u2019août.",
            "Retour prévu entre le mois d\u2019août et le mois d\u2019octobre 2025.",
            "Retour à la normale prévu au plus tard fin août.",
            "Le retour était prévu au plus tard fin août. Ce moment est passé.",
            "depuis le mois d\u2019août",
        ),
        (
            "vi",
            "Dự kiến sớm nhất là tháng 8 mới hoạt động lại.",
            "Dự kiến hoạt động lại trong khoảng từ tháng 8 đến tháng 10 năm 2025.",
            "Dự kiến trở lại bình thường chậm nhất là cuối tháng 8.",
            "Trước đó dự kiến hoạt động lại chậm nhất là cuối tháng 8. Thời điểm đó đã qua.",
            "từ tháng 8",
        ),
        (
            "ar",
            "من غير المتوقع أن تعود الخدمة قبل أغسطس.",
            "من المتوقع أن تعود الخدمة بين أغسطس وأكتوبر 2025.",
            "من المتوقع أن تعود الخدمة إلى طبيعتها بحلول نهاية أغسطس.",
            "كان من المتوقع أن تعود الخدمة بحلول نهاية أغسطس. وقد مضى هذا الموعد.",
            "منذ أغسطس",
        ),
    ],
)
def test_a_month_alone(
    phrasings: Mapping[str, Phrasing], language: str, not_before: str, between: str, by: str, late: str, since: str
) -> None:
    t, august, october = phrasings[language], at(8, "month"), at(10, "month", 2025)
    assert t.estimate(Estimate(not_before=august)) == not_before
    assert t.estimate(Estimate(not_before=august, by=october)) == between
    assert t.estimate(Estimate(by=august), is_back=True) == by
    assert t.estimate(Estimate(by=august), late=True) == late
    assert t.since(StartTime(august)) == since


def test_the_pages_say_a_month_so(tmp_path: Path) -> None:
    post = """
    ---
    title: The network is down
    started: 2024-06-01 08:00
    services:
      bill: {status: down, since: 2024-04, expected: {not_before: 2024-08, by: 2024-10-12}}
    ---
    """
    town = make_town(tmp_path, "services: [{id: bill, name: Bills}]", "languages: [en, es, fr]", post=post)
    forms = town.at("2024-06-01 10:00").forms
    assert "Between August and Sat, October 12." in forms["services/bill/index.html"]
    assert "Entre el mes de agosto y el sáb, 12 de octubre." in forms["es/services/bill/index.html"]
    assert "Entre le mois d\u2019août et le sam. 12 octobre." in forms["fr/services/bill/index.html"]
    assert "depuis le mois d\u2019avril" in forms["fr/services/bill/index.html"].casefold()


def test_a_correction_has_the_time_at_which_it_was_made(tmp_path: Path) -> None:
    """Since when it is so, which it may say as well, is long before."""
    post = """
    ---
    title: The network is down
    started: 2024-06-01 08:00
    services: {bill: unknown}
    ---

    ## 2024-06-01 09:00 Correction
    corrects: 2024-06-01 08:00
    services: {bill: {status: down, since: 2024-04}}
    wrong: We did not know.
    right: Bills are down since April.
    """
    told = make_town(tmp_path, "services: [{id: bill, name: Bills}]", post=post).at("2024-06-01 10:00")
    assert "since April, corrected on Sat, June 1, 9 AM" in told.told("bill").replace("Since", "since")


def test_what_is_to_be_as_before_on_a_day_is_not_told_as_by_that_day(phrasings: Mapping[str, Phrasing]) -> None:
    day = at(8, "day")
    words = {language: t.estimate(Estimate(not_before=day, by=day), is_back=True) for language, t in phrasings.items()}
    assert words["en"] == "Expected back to normal on Mon, August 5."
    assert words["es"] == "Se espera que vuelva a la normalidad el lun, 5 de agosto."
    assert words["fr"] == "Retour à la normale prévu le lun. 5 août."


def test_a_sentence_that_begins_with_a_day_has_a_capital_letter(tmp_path: Path) -> None:
    deadlines = "[{id: fee, on: 2024-06-05, what: The fee is due., services: [bill]}]"
    post = f"""
    ---
    title: The network is down
    started: 2024-06-01 08:00
    services: {{bill: {{status: down, do: Wait.}}}}
    deadlines: {deadlines}
    ---
    """
    town = make_town(tmp_path, "services: [{id: bill, name: Bills}]", "languages: [en, es]", post=post)
    assert "Mié, 5 de junio: " in town.at("2024-06-01 10:00").forms["es/call-sheet/index.html"]
