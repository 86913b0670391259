"""An Upptime page becomes a site of ours that says the same at each moment."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.importing import SAMPLES, import_whole, read_files, read_post, read_report, read_statuses, run_import
from tests.support.sample_sites import City

CITY, BIBLIO = SAMPLES / "upptime-city", SAMPLES / "upptime-biblio"
ZONE = ("--timezone", "America/Chicago")
CHICAGO = ZoneInfo("America/Chicago")
SITES = {
    "city-website": "City website",
    "city-web-site": "City website",
    "permits-and-licenses": "Permits & licenses",
    "staff-portal": "Staff portal",
    "catalogo": "Catálogo",
}
FINE = ("working", "not_said")


def read_all(path: Path) -> Iterator[Any]:
    """Yield the objects of a file of GitHub's API, whatever wrote it."""
    content = path.read_bytes()
    text, decoder = content.decode("utf-16" if content[:2] == b"\xff\xfe" else "utf-8"), json.JSONDecoder()
    while text.strip():
        value, end = decoder.raw_decode(text.lstrip())
        text = text.lstrip()[end:]
        for each in value:
            yield from each if isinstance(each, list) else [each]


def tell(folder: Path, at: str) -> dict[str, str]:
    """Return what was not well at a moment: of sites whose issue was open, and of those in planned work."""
    moment = datetime.fromisoformat(at).replace(tzinfo=CHICAGO)
    found: dict[str, str] = {}
    for issue in read_all(folder / "issues.json"):
        labels = [label["name"] for label in issue["labels"]]
        times = re.findall(r"(start|end): (\S+Z|\S+\+00:00)", issue["body"])
        if "maintenance" in labels and len(times) == 2:
            starts, ends = (read_moment(time) for _, time in times)
            closed = read_moment(issue["closed_at"]) if issue["closed_at"] else ends
            if starts <= moment < min(ends, closed):
                slugs = re.findall(r"(expectedDown|expectedDegraded): ([\w-]+)", issue["body"])
                found |= {SITES[slug]: "maintenance" if key == "expectedDown" else "degraded" for key, slug in slugs}
        elif is_open(issue, moment) and (how := re.search("is (down)$|(degraded) performance$", issue["title"])):
            found[SITES[labels[1]]] = how[1] or how[2]
    return found


def read_moment(written: str) -> datetime:
    return datetime.fromisoformat(written.replace("Z", "+00:00")).replace(second=0)


def is_open(issue: Mapping[str, Any], moment: datetime) -> bool:
    if not issue["created_at"] or moment < read_moment(issue["created_at"]):
        return False
    return not issue["closed_at"] or moment < read_moment(issue["closed_at"])


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A page of its own address, with everything odd; its comments are in one file."""
    return import_whole("upptime", CITY, tmp_path_factory.mktemp("city") / "page", *ZONE, questions=True)


@pytest.fixture(scope="module")
def biblio(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A page below github.io in another language; its comments are in a file for each issue, saved by PowerShell."""
    return import_whole("upptime", BIBLIO, tmp_path_factory.mktemp("biblio") / "page", *ZONE, questions=True)


@pytest.mark.parametrize(
    "at",
    [
        "2024-02-01 02:59",
        "2024-02-01 03:30",
        "2024-02-01 05:30",
        "2024-03-10 07:03",
        "2024-03-10 07:20",
        "2024-03-10 07:33",
        "2024-03-10 09:00",
        "2024-03-10 10:10",
        "2024-03-10 10:33",
        "2024-04-02 08:00",
        "2024-05-04 07:59",
        "2024-05-04 08:00",
        "2024-05-04 12:00",
        "2024-05-31 22:30",
        "2024-05-31 23:30",
        "2024-06-20 06:00",
        "2024-06-21 06:00",
    ],
)
def test_the_page_says_the_same_at_each_moment(city: City, at: str) -> None:
    assert_same(city, at, tell(CITY, at))


@pytest.mark.parametrize(
    "at", ["2024-01-05 15:59", "2024-01-05 16:00", "2024-01-05 19:00", "2024-01-08 16:00", "2024-01-09 12:00"]
)
def test_a_page_in_another_language_says_the_same_at_each_moment(biblio: City, at: str) -> None:
    assert_same(biblio, at, tell(BIBLIO, at))


def assert_same(city: City, at: str, told: Mapping[str, str]) -> None:
    assert {name: status for name, status in read_statuses(city, at).items() if status not in FINE} == told


def test_sites_become_services_that_people_use_online(city: City) -> None:
    channels = {service.id: [channel.url for channel in service.channels] for service in city.site.services}
    assert channels == {
        "city-website": ["https://www.springdale.example"],
        "permits-licenses": ["https://permits.springdale.example/apply"],
        "staff-portal": [],
        "mail-server": [],
    }
    assert city.site.title.texts[0][1] == "City of Springdale"
    assert city.site.url == "https://status.springdale.example/"


def test_nothing_secret_is_imported(city: City, biblio: City) -> None:
    services = [(each.folder / "services.yaml").read_text(encoding="utf-8") for each in (city, biblio)]
    whole = b"".join([*read_files(city.folder).values(), *read_files(biblio.folder).values()])
    assert "$STAFF_URL" not in services[0]
    for secret in (b"STAFF_TOKEN", b"user:secret", b"dana", b"passerby"):
        assert secret not in whole


def test_comments_of_colleagues_become_updates_and_others_do_not(city: City) -> None:
    text = read_post(city, "2024-02-01-city-website-is-down")
    assert "## 2024-02-01 03:20\n\nWe look into it. The **host** has a problem." in text
    assert "spam" not in text
    assert "stale" not in text
    assert re.findall("^## (.+)$", text, re.MULTILINE) == ["2024-02-01 03:20", "2024-02-01 05:30 Resolved"]
    report = read_report(city)
    assert "A comment of someone who does not belong to the repository was left out." in report
    assert "A comment of another program was left out." in report


def test_an_outage_that_comes_again_soon_after_a_short_one_goes_on_in_its_post(city: City) -> None:
    text = read_post(city, "2024-03-10-permits-licenses-is-down")
    assert re.findall("^## 2024-03-10 (.+)$", text, re.MULTILINE) == [
        "07:06 Resolved",
        "07:31",
        "07:35 Resolved",
        "08:20",
        "10:02 Resolved",
    ]
    assert "title: Permits & licenses has degraded performance" in text
    # What follows on a long one is another matter.
    assert "started: 2024-03-10 10:30" in read_post(city, "permits-licenses-is-down-2")
    assert "they are one post: #4, #5, #6." in read_report(city)
    assert "was:\n  - /incident/4\n  - /incident/5\n  - /incident/6\n" in text


def test_a_comment_that_closes_an_issue_is_its_end(city: City) -> None:
    text = read_post(city, "phone-lines-are-overloaded")
    assert "## 2024-04-02 11:30 Resolved\nservices:\n  city-website: working\n\nLines are free again." in text
    assert "[A map](https://user-images.example/map.png)" in text
    assert read_statuses(city, "2024-04-02 08:00")["City website"] == "not_said"


def test_planned_work_is_announced_from_its_issue_and_ends_when_it_is_closed(city: City) -> None:
    text = read_post(city, "the-permit-system-moves")
    assert "starts: 2024-05-04 08:00\nends: 2024-05-04 12:00\nservices:\n  - permits-licenses\n" in text
    assert "---\nApply before Saturday, please.\n" in text
    assert "<!--" not in text
    assert "## 2024-05-31 23:09 Completed\n\nWe are done early." in read_post(city, "new-certificates")
    for name in ("someday", "moved-away"):
        assert "draft: true" in read_post(city, name)


def test_what_is_not_about_the_page_is_named_in_the_report(city: City) -> None:
    report = read_report(city)
    assert "were left out: #13." in report
    assert "were left out: #14." in report
    assert '"staf-portal"' in report
    assert '"City web site" was taken for "City website"' in report
    assert "closed as not planned" in report


def test_what_is_missing_is_asked_for(biblio: City) -> None:
    questions = read_report(biblio).partition("## Guesses")[0]
    assert "2 comments on this are not in the folder." in questions
    assert "When was this?" in questions
    assert 'The old page is in "es"' in questions
    assert biblio.site.url == "https://biblio.github.io/estado/"
    assert "was:\n  - /estado/incident/1\n" in read_post(biblio, "catalogo-is-down")


@pytest.mark.parametrize("source", [CITY, BIBLIO])
def test_the_same_import_again_changes_nothing(tmp_path: Path, source: Path) -> None:
    folder = tmp_path / "page"
    import_whole("upptime", source, folder, *ZONE, questions=True)
    before = read_files(folder)
    assert "Nothing is new." in run_import("upptime", source, folder).output
    assert read_files(folder) == before


@pytest.mark.parametrize("newest", [3, 4, 5, 6, 7])
def test_a_later_import_only_adds(tmp_path: Path, newest: int) -> None:
    """Whichever outage of a series was the last that the earlier import knew."""
    source, folder, whole = tmp_path / "saved", tmp_path / "page", tmp_path / "whole"
    shutil.copytree(CITY, source)
    issues = [issue for issue in read_all(CITY / "issues.json") if issue["number"] <= newest]
    (source / "issues.json").write_text(json.dumps(issues), encoding="utf-8")
    import_whole("upptime", source, folder, *ZONE)
    before = {path: text for path, text in read_files(folder).items() if path.startswith("incidents/")}
    shutil.copy(CITY / "issues.json", source / "issues.json")
    result = run_import("upptime", source, folder)
    assert "left alone" not in read_report(City(folder)), result.output
    after = read_files(folder)
    # Besides old addresses, which are in its front matter, a post has more at its end alone.
    assert all(without_was(after[path]).startswith(without_was(text)) for path, text in before.items())
    run_import("upptime", source, whole, *ZONE)
    posts = {path: text for path, text in read_files(whole).items() if path.startswith("incidents/")}
    assert {path: text for path, text in after.items() if path.startswith("incidents/")} == posts


def without_was(text: bytes) -> bytes:
    return re.sub(rb"^was:\n(  - .+\n)+", b"", text, flags=re.MULTILINE)


def test_a_folder_without_issues_is_refused_in_words(tmp_path: Path) -> None:
    result = run_import("upptime", tmp_path, tmp_path / "page", *ZONE)
    assert "has no .upptimerc.yml" in result.output
    shutil.copy(CITY / ".upptimerc.yml", tmp_path)
    result = run_import("upptime", tmp_path, tmp_path / "page", *ZONE)
    assert "There is no issues.json" in result.output
    assert result.exit_code == 1
