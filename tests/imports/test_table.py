"""A city's spreadsheet of outages becomes a site that says the same at each moment."""

import csv
from pathlib import Path
from time import process_time

import pytest

from statusgen.imports.names import ServiceNames
from statusgen.problems import Place
from tests.support.importing import SAMPLES, import_whole, read_files, read_post, read_report, read_statuses, run_import
from tests.support.sample_sites import City

TABLE = SAMPLES / "table" / "outages.csv"
ZONE = ("--timezone", "America/Chicago")
HEADINGS = {
    "incident": "No.",
    "title": "What happened",
    "started": "Began at",
    "ended": "Restored",
    "services": "Systems",
    "status": "How bad",
    "text": "Note",
    "end_text": "note  at the end",
    "group": "Area",
}


def name_columns(**headings: str) -> list[str]:
    return [word for name, heading in headings.items() for word in ("--column", f"{name}={heading}")]


COLUMNS = name_columns(**HEADINGS)


@pytest.fixture(scope="module")
def utility(tmp_path_factory: pytest.TempPathFactory) -> City:
    """The site of the table."""
    folder = tmp_path_factory.mktemp("utility") / "page"
    return import_whole("csv", TABLE, folder, *ZONE, *COLUMNS, questions=True)


MOMENTS = {
    "2024-05-13 06:39": {},
    "2024-05-13 06:40": {"Tap water": "down"},
    "2024-05-13 14:15": {},
    "2024-05-20 09:00": {"Pay a bill": "down", "Customer line": "down"},
    "2024-05-20 11:59": {"Pay a bill": "degraded", "Customer line": "down"},
    "2024-05-20 12:00": {},
    "2024-06-04 03:59": {"Tap water": "maintenance"},
    # A word that is no status gives none, and what was over before it began is not published.
    "2024-07-02 12:00": {},
    "2024-08-03 12:00": {},
}


@pytest.mark.parametrize("at", MOMENTS)
def test_a_table_says_the_same_at_each_moment(utility: City, at: str) -> None:
    statuses = read_statuses(utility, at)
    assert {name: each for name, each in statuses.items() if each not in ("working", "not_said")} == MOMENTS[at]


def test_a_cell_of_several_lines_is_one_text(utility: City) -> None:
    text = read_post(utility, "hill-street")
    assert "A main is broken.\nWater wagons are on the way.\n\n## 2024-05-13 14:15 Resolved" in text
    assert text.endswith("\nThe main is repaired.\n")


@pytest.mark.parametrize(
    "words",
    [
        '`outages.csv:10`: There is no status "wobbly"',
        '`outages.csv:11`: Is "Tap waters" the same service as "Tap water"?',
        "`outages.csv:11`: It was over before it began",
        '`outages.csv:12`: "some day" is not a time.',
        "`outages.csv:4`: Dates such as 5/6/2024 were read with the month first.",
        "What is the page called, and who publishes it?",
    ],
)
def test_every_guess_and_question_is_in_the_report(utility: City, words: str) -> None:
    assert words in read_report(utility)


def test_the_same_table_again_changes_nothing_and_more_rows_add_posts(tmp_path: Path) -> None:
    table, page = tmp_path / "outages.csv", tmp_path / "page"
    table.write_bytes(TABLE.read_bytes())
    import_whole("csv", table, page, *ZONE, *COLUMNS, questions=True)
    before = read_files(page)
    run_import("csv", table, page, *COLUMNS)
    assert read_files(page) == before
    with table.open("a", encoding="utf-8") as file:
        file.write("7,Printers,2024-09-01 10:00,2024-09-01 11:00,Print shop,down,,,Other\n")
    city = import_whole("csv", table, page, *COLUMNS)
    assert {path for path, content in read_files(page).items() if before.get(path) != content} == {
        "services.yaml",
        "import-report.md",
        "incidents/2024-09-01-printers.md",
    }
    assert city.site.services[-1].group == "other"


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_spreadsheets_save_in_many_ways(tmp_path: Path, delimiter: str, encoding: str) -> None:
    table = tmp_path / "outages.csv"
    with table.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerows([["Name", "Von"], ["Größere Störung, überall", "25.6.2024 14:30"]])
    columns = name_columns(title="name", started="Von", services="=Straßenbahn", status="=down")
    city = import_whole("csv", table, tmp_path / "page", "--timezone", "Europe/Berlin", *columns, questions=True)
    (post,) = city.site.incidents
    assert post.title.texts[0][1] == "Größere Störung, überall"
    assert read_statuses(city, "2024-06-25 15:00") == {"Straßenbahn": "down"}


def import_rows(folder: Path, *rows: str) -> City:
    """Import rows with when it began, when it was over and what it was."""
    table = folder / "outages.csv"
    table.write_text("\n".join(["From,To,What", *rows]) + "\n", encoding="utf-8")
    columns = name_columns(title="What", started="From", ended="To", services="=Phones", status="=down")
    return import_whole("csv", table, folder / "page", *ZONE, *columns, questions=True)


@pytest.mark.parametrize("end", ["11 AM", "11am", "11 a.m.", "11:00 AM"])
def test_a_time_without_minutes_is_a_time(tmp_path: Path, end: str) -> None:
    city = import_rows(tmp_path, f"8/2/2024 9am,8/2/2024 {end},Dead")
    assert read_statuses(city, "2024-08-02 08:59") == {"Phones": "not_said"}
    assert read_statuses(city, "2024-08-02 09:00") == {"Phones": "down"}
    assert read_statuses(city, "2024-08-02 10:59") == {"Phones": "down"}
    assert read_statuses(city, "2024-08-02 11:00") == {"Phones": "working"}


def test_noon_is_a_time(tmp_path: Path) -> None:
    city = import_rows(tmp_path, "8/2/2024 9:30 AM,8/2/2024 noon,Dead")
    assert "## 2024-08-02 12:00 Resolved" in read_post(city, "dead")


@pytest.mark.parametrize("end", ["", "still"])
def test_what_nobody_says_is_over_waits_as_a_draft(tmp_path: Path, end: str) -> None:
    city = import_rows(tmp_path, f"8/2/2024 9:00 AM,{end},Dead")
    assert read_statuses(city, "2024-08-03 12:00") == {"Phones": "not_said"}
    assert "draft: true\n" in read_post(city, "dead")
    assert "its post is a draft" in read_report(city)


def test_an_outage_without_a_title_waits_as_a_draft(tmp_path: Path) -> None:
    city = import_rows(tmp_path, "8/2/2024 9:00 AM,8/2/2024 10:00 AM,", "8/3/2024 9:00 AM,8/3/2024 10:00 AM,Dead")
    (file,) = (city.folder / "incidents").glob("2024-08-02*.md")
    assert "draft: true\n" in file.read_text(encoding="utf-8")
    assert "draft" not in read_post(city, "dead")
    assert "outages.csv:2`: This has no title. What is it about? Its post is called by its key" in read_report(city)
    assert not any("2024-08-02" in path for path in city.files("2024-09-01 12:00"))


REFUSED = {
    "no columns": ([*ZONE], "Which columns have these: title, started, services, status?"),
    "no zone": ([*COLUMNS], "In which time zone"),
    "no such heading": ([*ZONE, *name_columns(**{**HEADINGS, "status": "How bat"})], 'Did you mean "How bad"?'),
    "no such column": ([*ZONE, "--column", "titel=What happened"], 'Did you mean "title"?'),
    "no heading": ([*ZONE, "--column", "title"], "is not like title=Outage"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_table_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path, case: str) -> None:
    flags, words = REFUSED[case]
    result = run_import("csv", TABLE, tmp_path / "page", *flags)
    assert result.exit_code in (1, 2)
    assert words in result.stderr
    assert not (tmp_path / "page").exists()


def test_more_semicolons_between_services_than_commas_between_cells_are_no_matter(tmp_path: Path) -> None:
    table = tmp_path / "outages.csv"
    names = ";".join(chr(number) * 8 for number in range(ord("a"), ord("z")))
    table.write_text(f"What,Began,Systems,How\nAll is dark,2024-05-13 06:40,{names},down\n", encoding="utf-8")
    columns = name_columns(title="What", started="Began", services="Systems", status="How")
    city = import_whole("csv", table, tmp_path / "page", *ZONE, *columns, questions=True)
    assert len(read_statuses(city, "2024-05-13 07:00")) == 25


def test_many_names_are_not_all_compared_with_each_other() -> None:
    names = ServiceNames((), has_configuration=False)
    began = process_time()
    for number in range(3_000):
        names.find(f"Meter {number}", Place("outages.csv"))
    assert process_time() - began < 4


def test_an_end_of_which_only_the_day_is_known_is_that_day(tmp_path: Path) -> None:
    """Nobody makes up a time of day, and nobody has to answer a question for it."""
    table = tmp_path / "outages.csv"
    table.write_text(
        "What,Began,Ended,System\nBills cannot be paid,2024-05-05 09:10,2024-05-05,Water bill\n", encoding="utf-8"
    )
    columns = name_columns(title="What", started="Began", ended="Ended", services="System", status="=down")
    city = import_whole("csv", table, tmp_path / "page", *ZONE, *columns, questions=True)
    assert "## 2024-05-05 Resolved" in read_post(city, "bills-cannot-be-paid")
    assert "draft" not in read_post(city, "bills-cannot-be-paid")
    assert read_statuses(city, "2024-05-05 09:09") == {"Water bill": "not_said"}
    assert read_statuses(city, "2024-05-06 00:00") == {"Water bill": "working"}
