"""What a resident finds on the pages behind the first: of an incident, a service, the archive, and all the others."""

from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement

from tests.support.telling import Telling, Town, make_town

SITE = """contacts: [{name: Town hall, phone: 555-0100, hours: weekdays}]"""
SERVICES = """
    services:
      - id: bill
        name: Pay a bill
        channels: [{id: online, kind: online}, {id: counter, kind: in_person, name: Counter, address: 12 Main Street}]
      - {id: pool, name: Pool}
      - {id: permits, name: Permits}
      - {id: parks, name: Parks}
"""
NETWORK = """
    ---
    title: The network is down
    started: 2024-05-05 08:00
    services:
      bill/online: down
      bill/counter: working
      pool: down
      permits: {status: down, do: Wait for news.}
    not_known: [When it will be back]
    waivers: [{id: fees, what: No late fees, services: [bill], from: 2024-05-05, until: 2024-05-09}]
    deadlines: [{id: forms, on: 2024-05-07, what: Last day for paper forms, services: [permits]}]
    ---

    The power failed at the data center. The rest is being looked into.

    ## 2024-05-06 09:00 Update
    by: Ada Moss, Mayor
    services: {pool: working}

    The pool is open again. Bring your own towel.

    ## 2024-05-07 09:00 Correction
    corrects: 2024-05-06 09:00
    wrong: Bring your own towel.
    right: Towels are there.
"""
OVER = "\n    ## 2024-05-10 12:00 Resolved\n\n    All is back."
SHORT = """
    ---
    title: Parks closed after a storm
    started: 2023-11-02 08:00
    services: {parks: down}
    ---

    A tree fell.

    ## 2023-11-02 10:30 Resolved

    It is open.
"""


def town(folder: Path, network: str = NETWORK, **more: str) -> Town:
    """Return a town with an incident of several days, and others."""
    return make_town(folder, SERVICES, SITE, None, network=network, **more)


def page(told: Telling, address: str) -> HtmlElement:
    """Return a page."""
    return html.fromstring(told.city.files(told.at)[f"{address}index.html"].decode())


def words(element: HtmlElement) -> str:
    """Return the text of an element in one line."""
    return " ".join(str(element.text_content()).split())


def headings(of: HtmlElement) -> list[str]:
    """Return the headings of a page's content in their order."""
    return [words(each) for each in of.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]


def lines(of: HtmlElement, kind: str = "dates") -> list[str]:
    """Return the lines of a page's lists."""
    for each in of.xpath("//br"):
        each.tail = f" / {each.tail or ''}"
    return [words(each) for each in of.xpath(f"//main//ul[contains(@class, '{kind}')]/li")]


class TestIncident:
    def test_it_begins_with_where_things_stand(self, tmp_path: Path) -> None:
        found = page(town(tmp_path).at("2024-05-07 10:00"), "incidents/network/")
        assert headings(found)[:6] == [
            "The network is down",
            "Current status",
            "What is known",
            "What we do not know yet (as of Sun, May 5, 8 AM)",
            "What did not work, and when",
            "Late fees and penalties",
        ]
        assert [words(row) for row in found.xpath("//ul[@class='overview']/li")] == [
            "Pay a billPartly workingCounter, 12 Main Street. No late fees.",
            "PermitsNot availableWait for news.",
            "PoolBack since Mon, May 6, 9 AM",
        ]
        assert [each.get("href") for each in found.xpath("//ul[@class='overview']/li/a")] == [
            "../../services/bill/index.html",
            "../../services/permits/index.html",
            "../../services/pool/index.html",
        ]

    def test_every_heading_is_there_once(self, tmp_path: Path) -> None:
        found = headings(page(town(tmp_path).at("2024-05-07 10:00"), "incidents/network/"))
        assert len(found) == len(set(found))

    def test_a_correction_is_marked_and_its_update_keeps_its_address(self, tmp_path: Path) -> None:
        found = page(town(tmp_path).at("2024-05-07 10:00"), "incidents/network/")
        assert [words(each) for each in found.xpath("//h3/span[@class='tag']")] == ["Correction"]
        assert [each.get("id") for each in found.xpath("//article")] == [
            "update-2024-05-07-0900",
            "update-2024-05-06-0900",
            "update-2024-05-05-0800",
        ]

    def test_one_that_is_over_says_how_long_it_took_and_what_it_hit(self, tmp_path: Path) -> None:
        found = page(town(tmp_path, NETWORK + OVER).at("2024-06-01 10:00"), "incidents/network/")
        (lead,) = found.xpath("//p[@class='lead']")
        assert words(lead) == (
            "Incident: Resolved. From May 5, 2024, 8 AM CDT to May 10, 2024, noon CDT. It took 5 days. "
            "3 services were affected. 2 of them work again."
        )
        assert "Current status" not in headings(found)
        rows = [[words(cell) for cell in row] for row in found.xpath("//table[@class='days']/tbody/tr")]
        assert [row[0] for row in rows] == ["Pool", "Pay a bill", "Permits"]
        assert [row[2] for row in rows] == [
            "Not available: May 5, 2024, 8 AM CDT to May 6, 2024, 9 AM CDTWorking: since May 6, 2024, 9 AM CDT",
            "Partly working: May 5, 2024, 8 AM CDT to May 10, 2024, noon CDT",
            "Not available: May 5, 2024, 8 AM CDT to May 10, 2024, noon CDT",
        ]
        (link,) = found.xpath("//table[@class='days']/tbody/tr[1]//a")
        assert link.get("href") == "../../services/pool/index.html"

    def test_advice_that_is_too_long_for_its_line_is_on_the_page_of_the_service(self, tmp_path: Path) -> None:
        long = NETWORK.replace("Wait for news.", f"Wait {'and wait ' * 15}.")
        found = page(town(tmp_path, long).at("2024-05-07 10:00"), "incidents/network/")
        assert "See what to do on its page." in words(found.xpath("//ul[@class='overview']")[0])


class TestArchive:
    def test_a_line_says_when_how_long_and_what_it_hit(self, tmp_path: Path) -> None:
        told = town(tmp_path, NETWORK + OVER, short=SHORT).at("2024-06-01 10:00")
        assert lines(page(told, "archive/2024/05/")) == [
            "May 5 to 10, 2024The network is down Corrected / Resolved. It took 5 days. Pay a bill, Pool, and Permits."
        ]
        assert lines(page(told, "archive/2023/11/")) == [
            "November 2, 2023Parks closed after a storm / Resolved. It took 2 hours 30 minutes. Parks."
        ]

    def test_it_shows_the_newest_year_and_leads_to_the_others(self, tmp_path: Path) -> None:
        told = town(tmp_path, NETWORK + OVER, short=SHORT).at("2024-06-01 10:00")
        found = page(told, "archive/")
        assert headings(found) == ["Archive 2024", "The year in one picture", "May 2024"]
        assert [each.get("href") for each in found.xpath("//nav[@class='years']//a")] == ["2023/index.html"]
        assert headings(page(told, "archive/2023/"))[-1] == "November 2023"

    def test_the_picture_of_a_year_says_how_many_there_were_in_each_month(self, tmp_path: Path) -> None:
        found = page(town(tmp_path, short=SHORT).at("2024-06-03 10:00"), "archive/")
        rows = [[words(cell) for cell in row] for row in found.xpath("//table[@class='days year']/tbody/tr")]
        assert [(row[0], row[-1]) for row in rows] == [
            *((month, "Nothing reported") for month in ("January", "February", "March", "April")),
            ("May", "1 incident"),
            ("June", "1 incident"),
        ]
        bars = [each.get("width") for each in found.xpath("//rect[@class='busy']")]
        assert bars == ["100%", "87.1%", "9.68%"]

    def test_one_night_is_no_two_days(self, tmp_path: Path) -> None:
        night = SHORT.replace("2023-11-02 08:00", "2023-11-01 22:00").replace("2023-11-02 10:30", "2023-11-02 08:00")
        (line,) = lines(
            page(make_town(tmp_path, SERVICES, SITE, None, x=night).at("2024-06-01 10:00"), "archive/2023/11/")
        )
        assert "It took 10 hours." in line

    def test_of_months_before_the_first_post_nothing_is_said(self, tmp_path: Path) -> None:
        found = page(town(tmp_path).at("2024-05-07 10:00"), "archive/")
        assert [words(row[0]) for row in found.xpath("//table[@class='days year']/tbody/tr")] == ["May"]

    def test_what_is_not_over_goes_on(self, tmp_path: Path) -> None:
        (line,) = lines(page(town(tmp_path).at("2024-05-07 10:00"), "archive/"))
        assert line.startswith("Sun, May 5, goes on")

    def test_a_year_of_hundreds_of_incidents_is_light(self, tmp_path: Path) -> None:
        posts = {f"storm_{n}": SHORT.replace("11-02", f"{n % 12 + 1:02}-{n % 28 + 1:02}") for n in range(120)}
        told = make_town(tmp_path, SERVICES, SITE, None, **posts).at("2024-01-01 10:00")
        page = told.city.files(told.at)["archive/2023/index.html"]
        assert len(page) < 60_000


def test_dates_that_have_passed_and_waivers_that_ended_stay_readable(tmp_path: Path) -> None:
    found = page(town(tmp_path).at("2024-05-12 10:00"), "deadlines/")
    assert headings(found) == [
        "Deadlines and waivers",
        "Important dates",
        "Waivers",
        "Waivers that have ended",
        "Dates that have passed",
    ]
    assert lines(found) == ["Tue, May 7Last day for paper forms. / Permits"]


def test_a_statement_has_its_name_and_its_first_sentence(tmp_path: Path) -> None:
    found = page(town(tmp_path).at("2024-05-07 10:00"), "statements/")
    assert lines(found) == [
        "May 6, 2024, 9 AM CDTAda Moss, Mayor / The pool is open again. / Full update: The network is down"
    ]


def test_the_front_page_lists_updates_with_their_first_sentence(tmp_path: Path) -> None:
    mayor = """
    ---
    title: The mayor speaks
    started: 2024-05-06 12:00
    services: {parks: down}
    ---

    ## 2024-05-07 09:30 Update
    by: Ada Moss, Mayor
    services: {parks: limited}

    We will pay nothing. The rest is said below.
    """
    found = page(make_town(tmp_path, SERVICES, SITE, network=NETWORK, mayor=mayor).at("2024-05-07 10:00"), "")
    listed = lines(found, "posts")
    updates, statements = listed[:5], listed[5:]
    assert updates[0] == "Tue, May 7, 9:30 AM: Statement by Ada Moss, Mayor: The mayor speaks / We will pay nothing."
    assert updates[3] == "Mon, May 6, 9 AM: Restored: Pool (Ada Moss, Mayor) / The pool is open again."
    assert updates[4].endswith("New: The network is down / The power failed at the data center.")
    assert statements == [updates[0], updates[3]]


def test_a_first_sentence_that_is_too_long_for_a_list_is_left_out_whole(tmp_path: Path) -> None:
    long = f"The power {'and the heat ' * 12}failed."
    network = NETWORK.replace("The power failed at the data center.", long)
    found = page(make_town(tmp_path, SERVICES, SITE, network=network).at("2024-05-05 10:00"), "")
    assert lines(found, "posts") == ["Sun, May 5, 8 AM: New: The network is down"]


def test_a_service_begins_with_how_it_stands_and_what_to_do(tmp_path: Path) -> None:
    found = page(town(tmp_path).at("2024-05-07 10:00"), "services/bill/")
    main = words(found.xpath("//main")[0])
    order = ["Pay a bill", "Partly working", "What works now", "Counter, 12 Main Street", "What does not work"]
    places = [main.index(each) for each in [*order, "Timeline", "Incidents", "Subscribe to this service"]]
    assert places == sorted(places)
    rows = [[words(cell) for cell in row] for row in found.xpath("//table[@class='days']/tbody/tr")]
    assert [row[0] for row in rows] == ["Service as a whole", "Online", "Counter"]
    assert rows[1][2] == "Not available: since Sun, May 5, 8 AM"
    # The picture says which update it was; what it says stands nowhere twice.
    assert rows[0][2].endswith("(update of Sun, May 5, 8 AM)")
    assert not found.xpath("//section[@aria-labelledby='timeline']//li[a]")


def test_about_tells_who_publishes_it_and_how_to_check_that(tmp_path: Path) -> None:
    found = page(town(tmp_path).at("2024-05-07 10:00"), "about/")
    main = words(found.xpath("//main")[0])
    for told in (
        "Published by T.",
        "Town hall: 555-0100",
        "WCAG",
        "https://t.example/",
        "statusgen verify https://t.example/",
    ):
        assert told in main
    # Each status with its shape.
    shapes = [each.get("href") for each in found.xpath("//dl//use")]
    assert len(shapes) == len(set(shapes)) == 10


@pytest.mark.parametrize(
    ("language", "ask", "statement"),
    [
        (
            "",
            "Let us know what does not work for you, or ask for the answer in another form:",
            "Accessibility statement:",
        ),
        ("es/", "Díganos qué no le funciona", "Declaración de accesibilidad:"),
        ("fr/", "Dites-nous ce qui ne fonctionne pas pour vous", "Déclaration d"),
        ("vi/", "Hãy cho chúng tôi biết", "Tuyên bố về khả năng tiếp cận:"),
        ("ar/", "أخبرونا", "بيان إمكانية الوصول:"),
    ],
)
def test_about_has_the_citys_own_accessibility_statement(
    tmp_path: Path, language: str, ask: str, statement: str
) -> None:
    access = (
        "{name: Access office, phone: 555-0103, url: 'mailto:access@t.example', statement: 'https://city.example/a11y'}"
    )
    site = f"languages: [en, es, fr, vi, ar], contacts: [{{name: Town hall}}], accessibility: {access}"
    told = make_town(tmp_path, "services: [{id: bill, name: Bills}]", site).at("2024-05-07 10:00")
    (section,) = page(told, f"{language}about/").xpath("//section[@aria-labelledby='access']")
    for part in (ask, "Access office", "555-0103", "access@t.example", statement, "city.example/a11y"):
        assert part in words(section).replace("\u200e", "")
    assert "mailto:" not in words(section)
    assert "see the contacts above" not in words(section)
    hrefs = ["tel:555-0103", "mailto:access@t.example", "https://city.example/a11y"]
    assert [each.get("href") for each in section.findall(".//a")] == hrefs


def test_a_page_brings_only_the_shapes_that_it_uses(tmp_path: Path) -> None:
    for address in ("services/bill/", "incidents/network/", "statements/", "about/", ""):
        found = page(town(tmp_path).at("2024-05-07 10:00"), address)
        used = {each.get("href").lstrip("#") for each in found.xpath("//use")}
        assert {each.get("id") for each in found.xpath("//symbol")} == used
