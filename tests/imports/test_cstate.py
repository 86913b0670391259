"""A cState page becomes a site of ours that says the same at each moment."""

import json
import re
import shutil
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from tests.support.importing import (
    SAMPLES,
    copy_sample,
    import_whole,
    link_to,
    read_files,
    read_post,
    read_report,
    read_statuses,
    run_import,
)
from tests.support.repository import Repository
from tests.support.sample_sites import City

HARBOR, TOML = SAMPLES / "cstate-harbor", SAMPLES / "cstate-toml"
ZONE = "America/Chicago"
# What cState calls a system while an issue of this severity is open, in our words.
STATUSES = {"down": "down", "disrupted": "degraded", "notice": "maintenance"}
FINE = ("working", "not_said")


def read_front(path: Path) -> Mapping[str, Any]:
    """Read front matter as Hugo does, with libraries of its three languages."""
    text = path.read_text(encoding="utf-8")
    if text.startswith("{"):
        found = json.JSONDecoder().raw_decode(text)[0]
    elif text.startswith("---\n"):
        found = yaml.load(text.split("---\n")[1], Loader=yaml.BaseLoader)
    else:
        found = tomllib.loads(text.split("+++\n")[1])
    return {key.lower(): value for key, value in found.items()}


def read_moment(written: object, zone: ZoneInfo) -> datetime:
    moment = datetime.fromisoformat(str(written).replace("Z", "+00:00"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).replace(second=0)


def tell(folder: Path, at: str, zone: ZoneInfo) -> dict[str, str]:
    """Return how cState's systems stood at a moment: as the worst of the issues that were open then."""
    moment = datetime.fromisoformat(at).replace(tzinfo=zone)
    order = [*STATUSES.values(), "working"]
    found: dict[str, str] = {}
    for path in folder.rglob("issues/**/*.md"):
        front = read_front(path)
        if path.stem.endswith(".es") or "/es/" in path.as_posix() or front.get("severity") not in STATUSES:
            continue
        ends = read_moment(front["resolvedwhen"], zone) if "resolvedwhen" in front else None
        if path.name == "Fare Cards.md":  # its last message says when it was resolved
            ends = read_moment("2025-01-19T14:43:00.000Z", zone)
        if read_moment(front["date"], zone) <= moment and (ends is None or moment < ends):
            for system in front["affected"]:
                status = STATUSES[front["severity"]]
                found[system] = min(found.get(system, "working"), status, key=order.index)
    return found


@pytest.fixture(scope="module")
def harbor(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A page with labels and times, in English and partly in Spanish."""
    folder = tmp_path_factory.mktemp("harbor")
    return import_whole("cstate", copy_sample("cstate-harbor", folder), folder / "page", "--timezone", ZONE)


@pytest.fixture(scope="module")
def transit(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A page set up in TOML, which names its zone and has a folder for each language."""
    folder = tmp_path_factory.mktemp("transit")
    return import_whole("cstate", copy_sample("cstate-toml", folder), folder / "page")


@pytest.fixture(scope="module")
def quarry(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A page with labels in brackets, and one that a robot writes to."""
    folder = tmp_path_factory.mktemp("quarry")
    return import_whole("cstate", copy_sample("cstate-brackets", folder), folder / "page", "--timezone", "UTC")


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A page with everything that goes wrong."""
    folder = tmp_path_factory.mktemp("odd")
    source = copy_sample("cstate-odd", folder)
    return import_whole("cstate", source, folder / "page", "--timezone", ZONE, questions=True)


@pytest.mark.parametrize(
    "at",
    [
        "2025-02-11 09:19",
        "2025-02-11 11:00",
        "2025-03-02 16:00",
        "2025-03-08 09:00",
        "2025-03-08 16:00",
        "2025-03-21 08:00",
    ],
)
def test_a_page_with_labels_says_the_same_at_each_moment(harbor: City, at: str) -> None:
    assert_same(harbor, at, tell(HARBOR, at, ZoneInfo(ZONE)))


@pytest.mark.parametrize(
    "at",
    [
        "2025-01-19 06:22",
        "2025-01-19 06:23",
        "2025-01-19 09:42",
        "2025-01-19 09:43",
        "2025-02-03 12:00",
        "2025-04-02 03:59",
        "2025-04-02 04:00",
    ],
)
def test_a_page_in_toml_says_the_same_at_each_moment(transit: City, at: str) -> None:
    assert_same(transit, at, tell(TOML, at, ZoneInfo("America/New_York")))


@pytest.mark.parametrize(
    "at", ["2025-01-27 16:49", "2025-01-28 12:00", "2025-03-05 10:20", "2025-03-05 11:45", "2025-04-27 10:00"]
)
def test_a_page_with_labels_in_brackets_says_the_same_at_each_moment(quarry: City, at: str) -> None:
    """A notice without an end gives no status; the model takes every notice for planned work."""
    told = tell(SAMPLES / "cstate-brackets", at, ZoneInfo("UTC"))
    assert_same(quarry, at, {name: status for name, status in told.items() if status != "maintenance"})


def test_what_is_said_after_the_end_changes_no_state(quarry: City) -> None:
    text = read_post(quarry, "no-maps")
    assert "## 2025-03-05 10:50 Resolved\nservices:\n  maps-quarry-example: working\n" in text
    assert text.endswith("## 2025-03-05 11:54\n\n**Resolved**\n\nEverybody sees maps.\n")
    assert "This names another state than resolvedWhen gives for its time" in read_report(quarry)


def test_a_time_in_a_label_dates_its_message(quarry: City) -> None:
    text = read_post(quarry, "maps-load-slowly")
    assert text.index("take long.") < text.index("## 2025-02-11 15:20\n") < text.index("## 2025-02-11 19:00\n")


@pytest.mark.parametrize(
    ("date", "written", "heading", "text"),
    [
        ("2025-03-09", "**Update** (March 9, 3 pm): Half works.", "## 2025-03-09 15:00", "Half works."),
        ("2025-03-09", "**Update (March 9, 3 pm)**: Half works.", "## 2025-03-09 15:00", "Half works."),
        ("2024-12-30", "**Update** (Jan 2, 3:15 pm) - Half works.", "## 2025-01-02 15:15", "Half works."),
        ("2025-03-09", "**Update** (2025-03-10): Half works.", "## 2025-03-10", "Half works."),
        ("2025-03-09", "**Update** (it is about noon): Half works.", "", "(it is about noon): Half works."),
        ("2025-03-09", "**Update** (March 2, 3 pm): Half works.", "", "(March 2, 3 pm): Half works."),
        ("2025-03-09", "[Mensaje final] Works.", "## 2025-03-12 10:00 Resolved", "Works."),
    ],
)
def test_a_remark_behind_a_label_dates_its_message(
    tmp_path: Path, date: str, written: str, heading: str, text: str
) -> None:
    write_page(tmp_path / "old")
    issue = f"---\ntitle: Trash\ndate: {date} 08:00:00\nresolved: true\nresolvedWhen: 2025-03-12 10:00:00\n"
    issue += f"severity: down\naffected: [Trash]\n---\nNo pickup.\n\n{written}\n"
    (tmp_path / "old" / "content" / "issues").mkdir(parents=True)
    (tmp_path / "old" / ISSUE).write_text(issue, encoding="utf-8")
    post = read_post(import_whole("cstate", tmp_path / "old", tmp_path / "page", "--timezone", ZONE), "trash")
    assert f"{heading}\n" in post if heading else "## " not in post.partition("## 2025-03-12")[0]
    assert text in post
    assert ("names no year; 2025 was taken" in read_report(City(tmp_path / "page"))) == bool(
        heading and "2025-03-1" not in heading
    )


def assert_same(city: City, at: str, told: Mapping[str, str]) -> None:
    """Fail unless each service stands as the source says; of those that it calls well, ours says nothing else."""
    statuses = read_statuses(city, at)
    assert {name: status for name, status in statuses.items() if status not in FINE} == told
    assert {board.service.name.texts[0][1]: board.status.value for board in city.board(at).services} == dict(statuses)


def test_messages_become_updates_in_the_order_of_their_times(harbor: City) -> None:
    text = read_post(harbor, "tickets-cannot-be-paid")
    states = [line for line in text.split("\n") if line.startswith("## ")]
    assert states == [
        "## 2025-02-11 10:02 Identified",
        "## 2025-02-11 12:30 Monitoring",
        "## 2025-02-11 13:05 Resolved",
    ]
    assert text.index("Tickets can be paid again.") < text.index("A certificate had run out.")
    assert "track" not in text
    assert "*Resolved*" not in text


ON_ONE_CLOCK = """\
---
title: Fines cannot be paid
date: 2025-02-11T15:05:00.000Z
resolved: true
resolvedWhen: 2025-02-11T18:30:00.000Z
severity: down
affected: [Fines]
---
**Resolved** - They can be paid again. {{< track "%(end)s" >}}

**Investigating** - An error is shown. {{< track "%(start)s" >}}
"""


@pytest.mark.parametrize(
    "times",
    [
        {"start": "2025-02-11 15:05:00", "end": "2025-02-11 18:30:00"},
        # What someone wrote in local time would be before the beginning in UTC.
        {"start": "2025-02-11 09:05:00", "end": "2025-02-11 12:30:00"},
        {"start": "2025-02-11T15:05:00Z", "end": "2025-02-11T18:30:00Z"},
    ],
)
def test_messages_are_on_one_clock_with_the_date_of_their_issue(tmp_path: Path, times: Mapping[str, str]) -> None:
    issues = tmp_path / "old" / "content" / "issues"
    issues.mkdir(parents=True)
    (tmp_path / "old" / "config.yml").write_text("title: Old\nparams: {systems: [{name: Fines}]}\n")
    (issues / "fines.md").write_text(ON_ONE_CLOCK % times)
    city = import_whole("cstate", tmp_path / "old", tmp_path / "page", "--timezone", ZONE, questions=True)
    text = read_post(city, "fines-cannot-be-paid")
    assert "started: 2025-02-11 09:05\n" in text
    assert [line for line in text.split("\n") if line.startswith(("posted:", "## "))] == [
        "## 2025-02-11 12:30 Resolved"
    ]
    is_guessed = "it was read in UTC, as its issue is dated" in read_report(city)
    assert is_guessed == (times["start"] == "2025-02-11 15:05:00")


def test_translations_come_along(harbor: City) -> None:
    page = harbor.page("2025-02-11 11:00", "es/incidents/2025-02-11-tickets-cannot-be-paid/index.html").words
    assert "No se pueden pagar las multas" in page
    assert "El certificado de las páginas de pago ya no es válido." in page


def test_pictures_come_along(harbor: City) -> None:
    page = harbor.page("2025-03-02 16:00", "incidents/2025-03-02-the-ferry-lands-at-the-north-pier/index.html")
    (picture,) = page.root.xpath("//main//img[contains(@alt, 'Dock Street')]")
    assert picture.get("alt") == "The way from Dock Street to the north pier"
    assert any(path.endswith("-way.png") for path in harbor.files("2025-03-02 16:00"))


def test_headings_and_links_lead_where_they_did(harbor: City) -> None:
    text = read_post(harbor, "north-pier")
    assert "### What else to know" in text
    assert "(2025-02-11-tickets-cannot-be-paid.md)" in text


def test_systems_and_categories_become_services_and_groups(harbor: City) -> None:
    site = harbor.site
    assert [group.name.texts[0][1] for group in site.groups] == ["On the water", "Payments"]
    services = {service.id: service for service in site.services}
    assert [*services] == ["ferry", "drawbridge", "parking-tickets", "city-website"]
    assert services["parking-tickets"].channels[0].url == "https://pay.harborview.example/tickets"
    assert services["city-website"].group is None
    assert site.url == "https://status.harborview.example/"
    assert site.languages == ("en", "es")


def test_what_is_no_issue_is_named_in_the_report(harbor: City) -> None:
    report = read_report(harbor)
    assert "`content/pages/about.md:1`: This is a page, not an issue, so it was left out." in report
    assert "_index.md" not in report


def test_a_new_site_has_what_a_writer_needs(harbor: City) -> None:
    files = read_files(harbor.folder)
    assert {"README.md", ".gitignore", ".vscode/services.schema.json", ".github/workflows/publish.yml"} <= files.keys()
    assert not [path for path in files if path.startswith("templates/")]


ODD_INPUTS = {
    "an-hour-of-three-digits": ["started: 2024-08-13 15:00", "## 2024-08-13 17:30 Resolved"],
    # Both times are in one minute, and the word in quotes is a boolean.
    "an-hour-of-one-digit": ["started: 2023-12-04 08:00", "## 2023-12-04 08:01 Resolved", "online-payments: down"],
    "title": ["started: 2024-01-10 10:00", "trash-pickups: degraded", "snow-plows: degraded"],
    # Nobody says since when these are over, so nobody reads them yet.
    "resolved-before-it-started": ["draft: true", "permits: down"],
    "over-nobody-says-when": ["draft: true"],
    "resolved-or-not": ["draft: true"],
    "another-severity": ["kind: notice", "- permits"],
    "only-a-day": ["started: 2024-02-11\n", "## 2024-02-13 Resolved"],
    "in-one-minute": ["## 2024-03-04 10:01\n", "## 2024-03-04 10:30 Resolved", "It is the network.", "**Monitoring**"],
    "a-week": ["kind: notice", "ends: 2024-03-18"],
    "not-over": ["started: 2024-03-12\n", "permits: down"],
    "a-notice-of-two-lines": ["kind: notice", "- trash-pickup"],
}


@pytest.mark.parametrize("name", ODD_INPUTS)
def test_odd_inputs_are_understood_as_far_as_they_go(odd: City, name: str) -> None:
    text = read_post(odd, name)
    assert [part for part in ODD_INPUTS[name] if part not in text] == []


def test_texts_that_no_post_can_have_keep_their_words(odd: City) -> None:
    page = odd.page("2024-03-05 12:00", "incidents/2024-03-02-texts-that-no-post-can-have-x/index.html").words
    for words in (
        "services: none of them",
        "2024-03-02 10:30 Resolved",
        "A map: https://maps.millbrook.example/map.png",
        "www.millbrook.example: https://evil.example/",
        "# apt-get update",
        "permits: down",
        "A heading",
        '<div class="box">In a box</div>',
    ):
        assert words in page
    assert "Not said yet" not in page
    assert read_statuses(odd, "2024-03-02 13:00")["Permits"] == "not_said"


ODD_NOTES = [
    '"${ENDS_AT}" is not a time. Which time is meant by resolvedWhen?',
    'There is no service "Trash pickups" in the configuration, so one was made. Did you mean "Trash pickup"?',
    'There is no service "Snow plows" in the configuration, so one was made.',
    '"online Payments" was taken for "Online payments"',
    "It was resolved before it began, so its end was not taken. Which of the two times is right?",
    'There is no severity "major-outage"',
    'A part of the title "${TITLE}" was never filled in.',
    "`content/issues/2024-03-05-yaml.md:1`: This was left out, because it cannot be read",
    "`content/issues/2024-03-06-none.md:1`: This was left out, because it cannot be read: It has no front matter.",
    "`content/issues/undated.md:2`: This was left out, because nobody says when it was.",
    "`content/issues/2024-03-07-draft.md:4`: A draft was left out.",
    "`content/issues/2024-03-08-news.md:4`: This has another section than issue",
    "looks like a password",
    "A comment that the old page did not show was left out.",
    "A shortcode of Hugo",
    'The address of "Trash pickup" was left out',
    "At which address will the page be?",
    '"later" is not a time. Its message has no time.',
    "resolvedWhen was not taken, because this is not resolved.",
    'What the front matter says under "pin" was left out.',
    "`content/issues/2024-03-12.md:2`: It has no date that can be read; the one in its name was taken.",
    "Nobody says until when this notice holds, so it was taken to hold still, on the front page.",
]


@pytest.mark.parametrize("words", ODD_NOTES)
def test_every_guess_loss_and_question_is_in_the_report(odd: City, words: str) -> None:
    assert words in read_report(odd)


def test_what_has_a_question_is_not_stated(odd: City) -> None:
    """Of the draft, the notice and the one that was left out, no service has a status."""
    assert read_statuses(odd, "2024-02-10 12:00")["Permits"] == "not_said"
    assert "hunter2" not in " ".join(map(repr, read_files(odd.folder).values()))


@pytest.mark.parametrize("sample", ["cstate-harbor", "cstate-toml", "cstate-odd", "cstate-brackets"])
def test_the_same_import_again_changes_no_byte(tmp_path: Path, sample: str) -> None:
    source = copy_sample(sample, tmp_path)
    run_import("cstate", source, tmp_path / "page", "--timezone", ZONE)
    before = read_files(tmp_path / "page")
    again = run_import("cstate", source, tmp_path / "page", "--timezone", ZONE, now=NOW_LATER)
    assert again.output.startswith("Nothing is new.")
    assert read_files(tmp_path / "page") == before


NOW_LATER = 1780333200  # a year later


def test_line_ends_marks_and_tabs_change_nothing(tmp_path: Path) -> None:
    windows = tmp_path / "windows"
    shutil.copytree(HARBOR, windows)
    for path in windows.rglob("*.md"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    config = windows / "config.yml"
    config.write_bytes(re.sub(rb"^    ", b"\t", config.read_bytes(), flags=re.MULTILINE).replace(b"\n", b"\r\n"))
    plain = import_whole("cstate", copy_sample("cstate-harbor", tmp_path), tmp_path / "one", "--timezone", ZONE)
    other = import_whole("cstate", windows, tmp_path / "two", "--timezone", ZONE)
    assert read_files(plain.folder / "incidents") == read_files(other.folder / "incidents")


def test_a_later_import_adds_what_is_new_and_leaves_alone_what_people_changed(tmp_path: Path) -> None:
    source, page = tmp_path / "source", tmp_path / "page"
    shutil.copytree(HARBOR, source)
    city = import_whole("cstate", source, page, "--timezone", ZONE)
    services = page / "services.yaml"
    services.write_text(
        services.read_text(encoding="utf-8").replace("name: Ferry", "name: The ferry"), encoding="utf-8"
    )
    edited = page / "incidents" / "2025-03-08-painting-the-drawbridge.md"
    edited.write_text(edited.read_text(encoding="utf-8").replace("two coats", "three coats"), encoding="utf-8")
    config = source / "config.yml"
    text = config.read_text(encoding="utf-8").replace(
        "  systems:\n", "  systems:\n    - name: Tide gauge\n      category: On the water\n"
    )
    config.write_text(text, encoding="utf-8")
    issue = source / "content" / "issues" / "2025-03-20-website.md"
    text = issue.read_text(encoding="utf-8").replace(
        "resolved: false", "resolved: true\nresolvedWhen: 2025-03-20T23:00:00-05:00"
    )
    issue.write_text(text, encoding="utf-8")
    bridge = source / "content" / "issues" / "2025-03-08-bridge-work.md"
    bridge.write_text(bridge.read_text(encoding="utf-8").replace("two coats", "four coats"), encoding="utf-8")
    gauge = {"title": "No tide gauge", "date": "2025-05-01 10:00:00", "severity": "down", "resolved": "false"}
    front = "".join(f"{key}: {value}\n" for key, value in gauge.items())
    (source / "content" / "issues" / "gauge.md").write_text(
        f"---\n{front}affected: [Tide gauge]\n---\nText\n", encoding="utf-8"
    )
    before = read_files(page)

    city = import_whole("cstate", source, page)

    after = read_files(page)
    changed = {path for path in after if after[path] != before.get(path)}
    assert changed == {
        "services.yaml",
        "import-report.md",
        "incidents/2025-03-20-city-website-is-slow.md",
        "incidents/2025-05-01-no-tide-gauge.md",
    }
    assert after["services.yaml"].startswith(before["services.yaml"].rstrip())
    assert after["services.yaml"].endswith(b"  - id: tide-gauge\n    name: Tide gauge\n    group: on-the-water\n")
    name = "incidents/2025-03-20-city-website-is-slow.md"
    assert after[name].startswith(before[name])
    assert "three coats" in edited.read_text(encoding="utf-8")
    assert "2025-03-08-painting-the-drawbridge.md has been changed since it was imported" in read_report(city)
    assert read_statuses(city, "2025-03-21 00:30")["City website"] == "working"
    statuses = read_statuses(city, "2025-05-02 12:00")
    assert statuses["Tide gauge"] == "down"
    assert statuses["The ferry"] in FINE


def write_page(folder: Path) -> Repository:
    """Return the folder of a small page, kept in git."""
    repository = Repository(folder)
    config = "title: Mill\nbaseURL: https://status.mill.example/\nparams:\n  systems: [{name: Trash}, {name: Water}]\n"
    (folder / "config.yml").write_text(config, encoding="utf-8")
    return repository


TRASH = (
    "---\ntitle: No pickup\ndate: 2024-05-05 07:00:00\nresolved: {resolved}\nseverity: down\naffected: [Trash]\n---\n"
)
ISSUE = "content/issues/trash.md"


def test_git_says_when_an_update_was_written_and_when_it_was_over(tmp_path: Path) -> None:
    repository = write_page(tmp_path / "source")
    first = "The trucks do not start.\n"
    more = "\n**Update**: Two of them run.\n"
    repository.commit("2024-05-05 08:15", {ISSUE: TRASH.format(resolved="false") + first})
    repository.commit("2024-05-05 11:40", {ISSUE: TRASH.format(resolved="false") + first + more})
    repository.commit("2024-05-05 16:20", {ISSUE: TRASH.format(resolved="true") + first + more})
    city = import_whole("cstate", tmp_path / "source", tmp_path / "page", "--timezone", ZONE)
    text = read_post(city, "no-pickup")
    assert "## 2024-05-05 11:40\n\nTwo of them run.\n" in text
    assert "## 2024-05-05 16:20 Resolved\nservices:\n  trash: working\n" in text
    moments = ["2024-05-05 06:59", "2024-05-05 07:00", "2024-05-05 12:00", "2024-05-05 16:19", "2024-05-05 16:20"]
    assert [read_statuses(city, at)["Trash"] for at in moments] == ["not_said", "down", "down", "down", "working"]
    report = read_report(city)
    assert "it is dated by the commit that added it" in report
    assert "the time of the commit that says so was taken" in report


def test_git_says_when_planned_work_was_announced(tmp_path: Path) -> None:
    repository = write_page(tmp_path / "source")
    front = "title: Work at the plant\ndate: 2024-05-10 22:00:00\nresolvedWhen: 2024-05-11 04:00:00\nresolved: false\n"
    text = f"---\n{front}severity: notice\naffected: [Water]\n---\nThe pressure is low.\n"
    repository.commit("2024-05-03 09:00", {"content/issues/work.md": text})
    city = import_whole("cstate", tmp_path / "source", tmp_path / "page", "--timezone", ZONE)
    assert "posted: 2024-05-03 09:00\nstarts: 2024-05-10 22:00\nends: 2024-05-11 04:00\n" in read_post(city, "plant")
    moments = ["2024-05-03 10:00", "2024-05-10 22:00", "2024-05-11 03:59"]
    assert [read_statuses(city, at)["Water"] for at in moments] == ["not_said", "maintenance", "maintenance"]
    assert "Work at the plant" in city.page("2024-05-03 10:00").words


def test_planned_work_that_lies_ahead_is_announced_by_its_import(tmp_path: Path) -> None:
    write_page(tmp_path / "source")
    front = "title: Work at the plant\ndate: 2026-05-10 22:00:00\nresolvedWhen: 2026-05-11 04:00:00\nresolved: false\n"
    issue = tmp_path / "source" / "content" / "issues" / "work.md"
    issue.parent.mkdir(parents=True)
    issue.write_text(f"---\n{front}severity: notice\naffected: [Water]\n---\nThe pressure is low.\n", encoding="utf-8")
    city = import_whole("cstate", tmp_path / "source", tmp_path / "page", "--timezone", ZONE)
    assert "posted: 2025-06-01\n" in read_post(city, "plant")
    before = read_files(city.folder)
    run_import("cstate", tmp_path / "source", tmp_path / "page", now=NOW_LATER)
    assert read_files(city.folder) == before


def test_what_is_dated_in_the_future_is_asked_about(tmp_path: Path) -> None:
    repository = write_page(tmp_path / "source")
    repository.commit("2024-05-05 08:15", {ISSUE: TRASH.format(resolved="false").replace("2024-05-05", "2026-05-05")})
    city = import_whole("cstate", tmp_path / "source", tmp_path / "page", "--timezone", ZONE, questions=True)
    assert city.site.incidents == ()
    assert "cannot say it as it is: It is dated in the future. What should it say?" in read_report(city)


def test_mistakes_that_were_there_before_keep_nothing_from_being_imported(tmp_path: Path) -> None:
    source = copy_sample("cstate-harbor", tmp_path)
    import_whole("cstate", source, tmp_path / "page", "--timezone", ZONE)
    mistake = "---\ntitle: Not yet finished\nstarted: 2030-01-01\nservices: [no-such-service]\n---\n"
    (tmp_path / "page" / "incidents" / "own.md").write_text(mistake, encoding="utf-8")
    before = read_files(tmp_path / "page")
    assert run_import("cstate", source, tmp_path / "page").exit_code == 0
    assert read_files(tmp_path / "page") == before


def test_nothing_that_a_repository_names_is_run(tmp_path: Path) -> None:
    repository = write_page(tmp_path / "source")
    repository.commit("2024-05-05 08:15", {ISSUE: TRASH.format(resolved="false")})
    trap = tmp_path / "trap"
    for setting in ("core.fsmonitor", "core.pager", "core.sshCommand", "gpg.program"):
        repository.git("config", setting, f"touch {trap}")
    import_whole("cstate", tmp_path / "source", tmp_path / "page", "--timezone", ZONE)
    assert not trap.exists()


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    write_page(tmp_path / "source")
    secret = tmp_path / "secret.md"
    secret.write_text(TRASH.format(resolved="false") + "A secret.\n", encoding="utf-8")
    (tmp_path / "source" / "content" / "issues").mkdir(parents=True)
    if not link_to(secret, tmp_path / "source" / "content" / "issues" / "trash.md"):
        pytest.skip("this system makes no links")
    result = run_import("cstate", tmp_path / "source", tmp_path / "page", "--timezone", ZONE)
    assert result.exit_code == 3
    assert "A secret." not in " ".join(map(repr, read_files(tmp_path / "page").values()))
    assert "a link to a file outside" in (tmp_path / "page" / "import-report.md").read_text(encoding="utf-8")


REFUSED: dict[str, tuple[dict[str, str], list[str], str]] = {
    "no zone": ({"config.yml": "params: {systems: [{name: A}]}"}, [], "In which time zone"),
    "no configuration": ({"a.md": ""}, ["--timezone", ZONE], "it is not the folder of a cState page"),
    "a broken configuration": ({"config.yml": "a: [b"}, ["--timezone", ZONE], "config.yml cannot be read"),
    "no services": ({"config.yml": "title: A"}, ["--timezone", ZONE], "has no services"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_imported_leaves_nothing_behind(tmp_path: Path, case: str) -> None:
    files, flags, words = REFUSED[case]
    for name, text in files.items():
        (tmp_path / "source").mkdir(exist_ok=True)
        (tmp_path / "source" / name).write_text(text, encoding="utf-8")
    result = run_import("cstate", tmp_path / "source", tmp_path / "page", *flags)
    assert result.exit_code == 1
    assert words in result.stderr
    assert "Nothing was written." in result.stderr
    assert not (tmp_path / "page").exists()


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "README.md").write_text("Mine.", encoding="utf-8")
    result = run_import("cstate", HARBOR, tmp_path / "page", "--timezone", ZONE)
    assert result.exit_code == 1
    assert "README.md already exists." in result.stderr
    assert read_files(tmp_path / "page") == {"README.md": b"Mine."}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("nowhere", "There is no folder and no file nowhere."),
        ("ftp://a.example/", "does not begin with https://"),
        ("https://a.example/", "cState is imported from this computer: its folder"),
    ],
)
def test_there_must_be_something_to_read(tmp_path: Path, source: str, words: str) -> None:
    result = run_import("cstate", source, tmp_path / "page")
    assert result.exit_code == 1
    assert words in result.stderr
