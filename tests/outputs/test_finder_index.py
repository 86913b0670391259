"""What the finder searches: a script that can do nothing but hold words, with all that people may look for."""

import json
from pathlib import Path

import pytest

from statusgen.audit.checkers import check_file
from tests.support.paths import FINDER, SITES
from tests.support.sample_sites import KANSAS_CITY, City, make_city

URL = "https://springfield.example/"
START, END = "globalThis.finderIndex=", ";\n"


def read_index(city: City, at: str, language: str) -> dict[str, dict[str, str]]:
    """Return what the finder knows of each service, by the service's id."""
    [script] = [text for path, text in city.files(at).items() if path.startswith(f"find-{language}-")]
    index = json.loads(script.decode().removeprefix(START).removesuffix(END))
    return {service["id"].removeprefix("service-"): service for service in index["services"]}


def test_it_has_every_word_that_somebody_may_look_for() -> None:
    water_bill = read_index(KANSAS_CITY, "2024-05-15", "en")["water-bill"]
    assert water_bill["name"] == "Pay a water bill"
    assert "grace period" in water_bill["keywords"]
    for words in ("Online", "KC Water customer portal", "4800 E. 63rd Street", "cash", "Automatic"):
        assert words in water_bill["ways"]
    for words in ("Bills and payments", "KC Water (City of Kansas City)"):
        assert words in water_bill["about"]
    assert "recibo del agua" in water_bill["elsewhere"]
    for words in ("Do not count on it.", "late penalties on water bills"):  # what to do, and what is waived
        assert words in water_bill["advice"]


def test_an_answer_says_its_language_where_it_is_not_that_of_the_page() -> None:
    services = read_index(City(SITES / "worst-week"), "2026-06-17 15:30", "ar")
    assert services["water-bill"]["answer"] == "Quillhaven Water counter، 12 Millrace Street"
    assert services["water-bill"]["language"] == "en"
    port = read_index(City(FINDER / "port-lucille"), "2026-03-02 12:00", "vi")
    assert port["water-bill"]["answer"] == "Xin trả tại quầy, 8 Quay Street."
    assert "language" not in port["water-bill"]


def test_nothing_is_said_of_a_way_that_nobody_called_working() -> None:
    services = read_index(City(SITES / "worst-week"), "2026-06-17 15:30", "en")
    assert "answer" not in services["police-reports"]  # of which nothing was said, though its counter has an address


def test_a_site_of_a_few_services_has_no_finder(tmp_path: Path) -> None:
    services = "".join(f"  - name: Service {number}\n" for number in range(5))
    city = make_city(tmp_path, services)
    assert not [path for path in city.files("2024-05-06") if path.startswith("find-")]
    assert b'type="search"' not in city.files("2024-05-06")["index.html"]


@pytest.mark.parametrize(
    ("contacts", "words"),
    [
        ("contacts: [{name: Desk}, {name: City line, phone: 555-0100}]", "Not listed? Call 555-0100 (City line)."),
        ("contacts: [{name: Desk, url: 'https://springfield.example/'}]", "Not listed? Contact, Find my service"),
        ("", "Not listed? About this page, Find my service"),
    ],
)
def test_who_to_ask_about_what_is_not_listed(tmp_path: Path, contacts: str, words: str) -> None:
    services = "".join(f"  - name: Service {number}\n" for number in range(6))
    city = make_city(tmp_path, services)
    file = tmp_path / "services.yaml"
    file.write_text(file.read_text().replace("site: {", f"site: {{{contacts}, " if contacts else "site: {"))
    assert words in city.page("2024-05-06").words


def test_the_name_changes_with_the_content() -> None:
    def names(at: str) -> set[str]:
        return {path for path in KANSAS_CITY.files(at) if path.startswith("find-")}

    assert len(names("2024-05-15")) == 2
    assert names("2024-05-15").isdisjoint(names("2024-05-04"))


@pytest.mark.parametrize(
    ("index", "is_sound"),
    [
        ('{"stop":"a the","services":[]}', True),
        ('{"stop":alert(1)}', False),
        ("{};alert(1)", False),
        ("NaN", False),
        ("alert(1)//", False),
        ("`${alert(1)}`", False),
    ],
)
def test_the_audit_passes_words_and_nothing_that_runs(index: str, is_sound: bool) -> None:
    result = check_file("find-en-0123456789ab.js", f"{START}{index}{END}".encode(), URL)
    assert (result.faults == ()) == is_sound


def test_the_audit_looks_for_the_file_that_the_page_will_load() -> None:
    page = KANSAS_CITY.files("2024-05-15")["index.html"]
    result = check_file("index.html", page, KANSAS_CITY.site.url)
    assert any(path.startswith("find-en-") for path in result.links)
    foreign = page.replace(b'data-index="', b'data-index="https://evil.example/')
    assert check_file("index.html", foreign, KANSAS_CITY.site.url).faults
