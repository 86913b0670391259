"""A later import: what is new in its report, what people answered, and what they merged."""

import re
from pathlib import Path

import pytest

from tests.support.importing import import_whole, read_files, read_post, read_report, read_statuses, run_import
from tests.support.sample_sites import City

ZONE = ("--timezone", "America/Chicago")
CONFIG = "title: Mill\nbaseURL: https://status.mill.example/\nparams:\n  systems: [{name: Trash}, {name: Water}]\n"
ISSUE = "---\ntitle: {title}\ndate: 2025-03-08 09:00:00\nseverity: down\n{more}affected: [{affected}]\n---\nText.\n"
RESOLVED = "resolved: true\nresolvedWhen: 2025-03-08 10:00:00\n"
QUESTION = "It does not say whether it is resolved, so the old page did not count it. Is it over? Its post is a draft."


class OldPage:
    """The folder of a cState page, and the site that comes of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.page = folder / "old", folder / "page"
        (self.folder / "content" / "issues").mkdir(parents=True)
        (self.folder / "config.yml").write_text(CONFIG, encoding="utf-8")

    def write(self, name: str, more: str = "", affected: str = "Trash") -> None:
        """Write an issue, of which nobody says whether it is over unless `more` does."""
        text = ISSUE.format(title=name.title(), more=more, affected=affected)
        (self.folder / "content" / "issues" / f"{name}.md").write_text(text, encoding="utf-8")

    def import_it(self, questions: bool = False) -> City:
        """Import it; `questions` is whether the exit code says that there are new ones."""
        return import_whole("cstate", self.folder, self.page, *ZONE, questions=questions)

    def edit(self, path: str, before: str, after: str) -> None:
        """Change a file of the site as a person does."""
        file = self.page / path
        text = file.read_text(encoding="utf-8")
        assert before in text
        file.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture
def old(tmp_path: Path) -> OldPage:
    """A page with one issue that leaves a question open."""
    page = OldPage(tmp_path)
    page.write("flood")
    return page


def find_sections(city: City) -> dict[str, str]:
    """Return what stands under each heading of the report."""
    parts = re.split(r"^## (.+)\n", read_report(city), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_a_question_is_new_once(old: OldPage) -> None:
    first = find_sections(old.import_it(questions=True))
    assert f"- [ ] `content/issues/flood.md:4`: {QUESTION}\n" in first["Questions"]
    before = read_files(old.page)
    again = run_import("cstate", old.folder, old.page)
    assert (again.exit_code, read_files(old.page)) == (0, before)
    assert "Nothing in it is new." in again.output


def test_a_ticked_question_stays_ticked(old: OldPage) -> None:
    old.import_it(questions=True)
    old.edit("import-report.md", "- [ ] `content/issues/flood.md", "- [x] `content/issues/flood.md")
    before = read_files(old.page)
    again = run_import("cstate", old.folder, old.page)
    assert (again.exit_code, read_files(old.page)) == (0, before)
    assert "Checked off: 1." in again.output


def test_the_report_begins_with_what_is_new(old: OldPage) -> None:
    old.import_it(questions=True)
    old.edit("import-report.md", "- [ ] `content/issues/flood.md", "- [x] `content/issues/flood.md")
    old.write("storm")
    city = old.import_it(questions=True)
    sections = find_sections(city)
    assert next(iter(sections)) == "New questions"
    assert f"- [ ] `content/issues/storm.md:4`: {QUESTION}\n" in sections["New questions"]
    assert "flood" not in sections["New questions"]
    assert f"- [x] `content/issues/flood.md:4`: {QUESTION}\n" in sections["Questions"]
    before = read_files(old.page)
    assert (run_import("cstate", old.folder, old.page).exit_code, read_files(old.page)) == (0, before)
    old.write("wind", RESOLVED)  # nothing is new in the report then, but for the number of posts
    assert "New questions" not in find_sections(old.import_it())


def test_lines_that_move_are_not_new(old: OldPage) -> None:
    old.import_it(questions=True)
    old.edit("import-report.md", "- [ ] `content/issues/flood.md", "- [x] `content/issues/flood.md")
    file = old.folder / "content" / "issues" / "flood.md"
    file.write_text(file.read_text(encoding="utf-8").replace("severity", "# Soon.\nseverity"), encoding="utf-8")
    city = old.import_it()
    assert f"- [x] `content/issues/flood.md:5`: {QUESTION}\n" in find_sections(city)["Questions"]


def test_what_was_deleted_from_the_report_is_new(old: OldPage) -> None:
    old.import_it(questions=True)
    (old.page / "import-report.md").unlink()
    assert "New questions" not in find_sections(old.import_it(questions=True))


def test_many_places_of_one_loss_are_not_new_again(old: OldPage) -> None:
    for number in range(60):
        old.write(f"day {number}", f"{RESOLVED}weather: bad\n")
    old.import_it(questions=True)
    before = read_files(old.page)
    assert " and 10 more: What the front matter says" in before["import-report.md"].decode()
    assert run_import("cstate", old.folder, old.page).exit_code == 0
    assert read_files(old.page) == before
    old.write("day 60", f"{RESOLVED}weather: bad\n")
    assert "New losses" in find_sections(old.import_it())


def test_a_service_that_was_merged_into_another_does_not_come_back(old: OldPage) -> None:
    old.write("wind", RESOLVED, "Rubbish")
    city = old.import_it(questions=True)
    assert 'There is no service "Rubbish" in the configuration' in read_report(city)
    old.edit("services.yaml", "  - id: rubbish\n    name: Rubbish\n", "")
    old.edit("services.yaml", "    name: Trash\n", "    name: Trash\n    keywords: [garbage, Rubbish]\n")
    old.edit("incidents/2025-03-08-wind.md", "rubbish: down", "trash: down")
    old.edit("incidents/2025-03-08-wind.md", "rubbish: working", "trash: working")
    old.edit("services.yaml", "/services/rubbish/", "/services/trash/")
    old.write("snow", RESOLVED, "Rubbish")
    city = old.import_it()
    assert [service.id for service in city.site.services] == ["trash", "water"]
    assert "trash: down" in read_post(city, "snow")
    assert read_statuses(city, "2025-03-08 09:30")["Trash"] == "down"
    assert "Rubbish" not in read_report(city)
