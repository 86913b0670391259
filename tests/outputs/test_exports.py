"""What `statusgen export` prints of the history: only what someone said, and no time that nobody did."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statusgen.cli.main import main
from tests.support.paths import ROOT
from tests.support.telling import Town, make_town

AT = "2024-06-20 12:00"
SERVICES = """
services:
  - {name: Pay a water bill, id: water, channels: [{kind: online}, {kind: phone, phone: 816-555-0199}]}
  - {name: Trash pickup, id: trash}
  - {name: Permits, id: permits}
  - {name: The library, id: library}
"""
NETWORK = """
---
title: The *network* <b>is</b> down
started: 2024-05-05 08:00
services:
  water: down
  trash: {status: limited, since: 2024-05-04}
waivers:
  - {id: fees, what: No late fees, services: [water], from: 2024-05-05, until: 2024-05-31}
deadlines:
  - {id: appeal, what: Last day to appeal, on: 2024-05-20, services: [water]}
not_known: [Whether data was taken]
---
Text.

## 2024-05-07 10:00
services:
  water: limited
  permits: {status: down, started_before: 2024-05-06}

Text.

## 2024-05-09 Resolved
services: {water: working, trash: working}

Text.

## 2024-05-10 09:00
services: {library: down}

Text.
"""
FIRE = """
---
title: =HYPERLINK("https://evil.example")
started: 2024-06-01
services: {library: {status: unknown}}
not_known: [When the library opens again]
---
Text.
"""
WINTER = """
---
title: A storm at the turn of the year
started: 2023-12-31 22:00
services: {trash: down}
---
Text.

## 2024-01-02 07:00 Resolved
services: {trash: working}

Text.
"""
WORK = """
---
title: New pumps
kind: maintenance
posted: 2024-04-01
starts: 2024-04-10 06:00
ends: 2024-04-10 18:00
services: [water]
---
Text.
"""
RUMOR = """
---
title: No checks at the door
kind: notice
topic: rumor
posted: 2024-03-01
ends: 2024-03-08
claim: The city collects checks at the door.
fact: It does not.
---
Text.
"""
MISTAKEN = """
---
title: Reported by mistake
started: 2024-02-01 08:00
services: {trash: down}
waivers:
  - {id: none, what: Nothing is due, from: 2024-02-01, until: 2024-02-02}
---
Text.

## 2024-02-01 09:00 Withdrawn
Text.
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("town")
    return make_town(
        folder, SERVICES, network=NETWORK, fire=FIRE, winter=WINTER, work=WORK, rumor=RUMOR, mistaken=MISTAKEN
    )


def export(town: Town, *words: str, at: str = AT) -> Result:
    return CliRunner().invoke(main, ["export", *words, "--at", at, "--source", str(town.city.folder)])


def rows(town: Town, at: str = AT) -> list[dict[str, str]]:
    result = export(town, "history", at=at)
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout.removeprefix("\ufeff"), newline="")))


def spells(town: Town, incident: str, at: str = AT) -> list[tuple[str, ...]]:
    keys = ("service", "status", "from", "from_before", "reported", "to", "days")
    return [tuple(row[key] for key in keys) for row in rows(town, at) if row["incident"] == incident]


def test_each_status_of_each_service_has_a_line_with_what_was_said_of_its_time(town: Town) -> None:
    assert spells(town, "network") == [
        ("water", "down", "2024-05-05T08:00:00-05:00", "", "", "2024-05-07T10:00:00-05:00", "3"),
        ("water", "limited", "2024-05-07T10:00:00-05:00", "", "", "2024-05-09", "3"),
        ("trash", "limited", "2024-05-04", "", "", "2024-05-09", "6"),
        ("permits", "down", "", "2024-05-06", "", "2024-05-09", ""),
        ("library", "down", "", "", "2024-05-10T09:00:00-05:00", "", ""),
    ]


def test_what_lasts_has_no_end_and_no_length(town: Town) -> None:
    before = spells(town, "network", at="2024-05-08 12:00")
    assert before[1] == ("water", "limited", "2024-05-07T10:00:00-05:00", "", "", "", "")
    assert before[2] == ("trash", "limited", "2024-05-04", "", "", "", "")


def test_nothing_says_that_anything_worked(town: Town) -> None:
    assert {row["status"] for row in rows(town)}.isdisjoint({"working", "not_said"})


def test_the_oldest_incident_comes_first_with_its_name_kind_and_page(town: Town) -> None:
    found = rows(town)
    order = list(dict.fromkeys(row["incident"] for row in found))
    assert order == ["winter", "work", "network", "fire"], "what was withdrawn affected nothing"
    work = next(row for row in found if row["incident"] == "work")
    assert (work["kind"], work["title"], work["service_name"]) == ("maintenance", "New pumps", "Pay a water bill")
    assert work["page"] == "https://t.example/incidents/work/"


def test_no_cell_becomes_a_formula(town: Town) -> None:
    titles = {row["title"] for row in rows(town) if row["incident"] == "fire"}
    assert titles == {'\'=HYPERLINK("https://evil.example")'}


def test_a_table_in_a_file_has_the_same_bytes(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    assert export(town, "history", "--output", str(file)).output == ""
    assert file.read_bytes() == export(town, "history").stdout_bytes
    missing = export(town, "history", "--output", str(tmp_path / "none" / "history.csv"))
    assert missing.exit_code == 1
    assert "history.csv" in missing.output


def report(town: Town, year: str = "2024", at: str = AT) -> str:
    result = export(town, "report", year, at=at)
    assert result.exit_code == 0, result.output
    return result.output.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2011", "-")


def test_a_report_has_each_incident_with_its_services_waivers_and_dates(town: Town) -> None:
    told = report(town)
    assert told.startswith("# T, 2024\n")
    assert "This report shows what was known on Thu, June 20, 2024, noon CDT." in told
    section = told.partition("](https://t.example/incidents/network/)")[2].partition("###")[0]
    for words in (
        "It began on May 5, 2024, 8 AM CDT.",
        "- Trash pickup: Partly working, May 4 to 9, 2024.",
        "- The library: Not available, reported May 10, 2024, 9 AM CDT.",
        "- Pay a water bill: Not available, May 5, 2024, 8 AM CDT to May 7, 2024, 10 AM CDT.",
        "- Permits: Not available, before May 6, 2024, until May 9, 2024.",
        "- Waiver: No late fees. From May 5 to 31, 2024.",
        "- May 20, 2024: Last day to appeal.",
    ):
        assert words in section, section


def test_a_report_says_what_is_not_known_and_that_it_has_only_what_was_said(town: Town) -> None:
    told = report(town)
    assert "This report has only what was said. A service that is not named here may still have had problems." in told
    assert "- Not known yet: When the library opens again." in told


def test_a_report_counts_incidents_alone_and_none_that_was_withdrawn(town: Town) -> None:
    assert "## Incidents\n\n3 incidents.\n" in report(town)
    assert report(town).index("A storm at the turn") < report(town).index("network")


def test_an_incident_over_the_turn_of_the_year_is_in_both(town: Town) -> None:
    assert "A storm at the turn of the year" in report(town, "2023")
    assert "1 incident." in report(town, "2023")
    assert "It took 1 day 9 hours." in report(town, "2023")
    assert export(town, "report", "2022").exit_code == 1


def test_planned_work_and_notices_have_their_own_place(town: Town) -> None:
    told = report(town)
    planned, notices = told.partition("## Planned work")[2], told.partition("## Notices")[2]
    assert "New pumps" in planned.partition("## Notices")[0]
    assert "Work completed. April 10, 2024, 6 AM to 6 PM CDT." in planned
    assert "- Not true: The city collects checks at the door.\n- True: It does not." in notices
    assert "## Notices" not in report(town, "2023")


def test_what_was_withdrawn_grants_nothing(town: Town) -> None:
    section = report(town).partition("Reported by mistake")[2].partition("###")[0]
    assert "Withdrawn. " in section
    assert "It took" not in section
    assert "Nothing is due" not in section


def test_nothing_in_a_title_becomes_markup(town: Town) -> None:
    assert r"[The \*network\* \<b\>is\</b\> down](" in report(town)


def test_the_same_bytes_again(town: Town) -> None:
    assert export(town, "report", "2024").stdout_bytes == export(town, "report", "2024").stdout_bytes


def test_the_example_is_exported_whole() -> None:
    for words in (["history"], ["report", "2024"]):
        result = CliRunner().invoke(main, ["export", *words, "--source", str(ROOT)])
        assert result.exit_code == 0, result.output
        assert "This is a demonstration" in result.output


def test_a_year_of_which_nobody_can_have_said_anything_has_no_report(town: Town, tmp_path: Path) -> None:
    for year, words in {
        "2031": "2031 has not begun, so there is nothing to report of it.",
        "2019": "No post is so old: the first is of",
    }.items():
        refused = export(town, "report", year, "--output", str(tmp_path / "report.md"))
        assert refused.exit_code == 1
        assert words in refused.output
    assert not (tmp_path / "report.md").exists()
    nobody = make_town(tmp_path / "new", SERVICES)
    assert "There is no post yet" in export(nobody, "report", "2024").output


def test_a_year_that_is_none_and_a_server_that_is_unknown_are_refused(town: Town) -> None:
    for year in ("24", "abc", ""):
        refused = export(town, "report", year)
        assert refused.exit_code == 2
        assert "is not a year. Write a year such as 2025." in refused.output
    assert export(town, "redirects", "--for", "iis").exit_code == 2
    assert export(town, "redirects").exit_code == 2
