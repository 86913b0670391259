"""A page of Statuspage or incident.io becomes a site of ours that says the same at each moment."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.importing import (
    NOW,
    SAMPLES,
    import_whole,
    read_files,
    read_post,
    read_report,
    read_statuses,
    run_import,
)
from tests.support.paths import ROOT
from tests.support.sample_sites import City

LIBRARY, OWNER, TRANSIT = SAMPLES / "statuspage-library", SAMPLES / "statuspage-owner", SAMPLES / "incidentio-transit"
CHICAGO = ZoneInfo("America/Chicago")
STATUSES = {
    "degraded_performance": "degraded",
    "partial_outage": "limited",
    "major_outage": "down",
    "full_outage": "down",
    "under_maintenance": "maintenance",
}
# As our statuses go, from the worst on.
ORDER = ["down", "limited", "unknown", "degraded", "maintenance", "working"]
FINE = ("working", "not_said")
# Of these, nobody knows when they ended, or when they are to take place.
DRAFTS = {"i5e6f7a8b9c0", "n4d5e6f7a8b9"}


def read_values(path: Path) -> Iterator[Any]:
    text, decoder = path.read_text(encoding="utf-8-sig"), json.JSONDecoder()
    while text.strip():
        value, end = decoder.raw_decode(text.lstrip())
        yield value
        text = text.lstrip()[end:]


def read_incidents(folder: Path) -> dict[str, Any]:
    """Return all incidents of a folder by their ids, whichever document has them."""
    found: dict[str, Any] = {}
    for path in folder.rglob("*.json"):
        if path.name in ("broken.json", "people.json", "subscribers.json"):
            continue
        for value in read_values(path):
            lists = [value] if isinstance(value, list) else [each for each in value.values() if isinstance(each, list)]
            things = [thing for each in lists for thing in each if isinstance(thing, dict)]
            found |= {thing["id"]: thing for thing in things if "incident_updates" in thing or "updates" in thing}
    return found


def read_moment(written: str) -> datetime:
    """Read a time of a document; three of them are not written as times are."""
    moment = datetime.fromisoformat(written.replace("T9:", "T09:").replace("Z", "+00:00"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=CHICAGO)).replace(second=0, microsecond=0)


def tell(folder: Path, at: str, zone: ZoneInfo, names: Mapping[str, str]) -> dict[str, str]:
    """Return what does not work at a moment, by the newest word of each incident on each component."""
    moment = datetime.fromisoformat(at).replace(tzinfo=zone)
    worst: dict[str, str] = {}
    for id, incident in read_incidents(folder).items():
        is_work = incident.get("impact") == "maintenance"
        for name, status in () if id in DRAFTS else tell_incident(incident, moment, names, is_work):
            worst[name] = min(worst.get(name, "working"), status, key=ORDER.index)
    return {name: status for name, status in worst.items() if status not in FINE}


def tell_incident(
    incident: Mapping[str, Any], moment: datetime, names: Mapping[str, str], is_work: bool
) -> Iterator[tuple[str, str]]:
    statuses: dict[str, str] = {}
    is_over = False
    updates = [*incident.get("incident_updates", ()), *incident.get("updates", ())]
    for update in sorted(updates, key=lambda update: str(update.get("display_at") or update.get("published_at"))):
        time = update.get("display_at") or update.get("published_at") or update["created_at"]
        if time.startswith("$") or read_moment(time) > moment:
            continue
        state = update.get("status") or update["incident_status"]
        affected = update.get("affected_components") or update.get("component_statuses") or ()
        said = {}
        for part in affected if state != "scheduled" else ():
            word = part.get("new_status") or part["component_status"]
            if word != "on_fire":
                id = part.get("code") or part["component_id"]
                said[names.get(id, part.get("name", ""))] = STATUSES.get(word, "working")
        statuses |= said
        if state in ("resolved", "completed"):
            # All that was affected works again; of what did not, by the same update, nobody knows how it was.
            is_over, statuses = True, {name: "working" for name in statuses if said.get(name, "working") == "working"}
    if incident["id"] == "n3c4d5e6f7a8" and moment >= read_moment(incident["created_at"]):
        statuses["Meter readings"] = "limited"  # as the component stands today
    if is_work and not is_over and moment >= read_moment(incident["scheduled_for"]):
        until = incident["scheduled_until"]
        if until.startswith("$") or moment < read_moment(until):
            parts = [names[part["id"]] for part in incident["components"]]
            statuses = dict.fromkeys(parts, "maintenance") | statuses
    yield from statuses.items()


LIBRARY_NAMES = {
    "c7h2k9m4p1qa": "Catalog",
    "c8r3t6y1u5wb": "Holds and renewals",
    "c9z4x7c2v6nd": "E-books",
    "d1q6w3e8r2tf": "Wi-Fi (Main Street branch)",
    "d2a7s4d9f3gh": "Wi-Fi (North branch)",
}
TICKETS = {"01HQ7Z4B1B2C3D4E5F6G7H8J9K": "Tickets"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> City:
    """The public documents of Statuspage, with groups and everything odd."""
    return import_whole("statuspage", LIBRARY, tmp_path_factory.mktemp("library") / "page", questions=True)


@pytest.fixture(scope="module")
def water(tmp_path_factory: pytest.TempPathFactory) -> City:
    """What Statuspage answers the owner of a page."""
    return import_whole("statuspage", OWNER, tmp_path_factory.mktemp("water") / "page", questions=True)


@pytest.fixture(scope="module")
def transit(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A page of incident.io, which names no zone: its public documents, and what it answers the owner."""
    zone = ("--timezone", CHICAGO.key)
    return import_whole("incidentio", TRANSIT, tmp_path_factory.mktemp("transit") / "page", *zone, questions=True)


@pytest.mark.parametrize(
    "at",
    [
        "2023-01-09 11:00",
        "2023-09-03 07:00",
        "2023-09-03 08:00",
        "2023-12-04 09:30",
        "2024-02-02 19:00",
        "2024-03-04 09:11",
        "2024-03-04 09:12",
        "2024-03-04 09:45",
        "2024-03-04 11:45",
        "2024-03-04 13:30",
        "2024-05-11 21:59",
        "2024-05-11 22:00",
        "2024-05-12 03:30",
        "2024-06-20 13:30",
        "2024-07-02 07:30",
        "2024-07-02 08:00",
    ],
)
def test_public_documents_say_the_same_at_each_moment(library: City, at: str) -> None:
    assert_same(library, at, tell(LIBRARY, at, CHICAGO, LIBRARY_NAMES))


@pytest.mark.parametrize(
    "at",
    [
        "2021-05-01 09:00",
        "2024-07-01 07:00",
        "2024-07-01 09:00",
        "2024-08-13 16:00",
        "2024-08-13 19:00",
        "2024-08-20 09:00",
    ],
)
def test_documents_of_the_owner_say_the_same_at_each_moment(water: City, at: str) -> None:
    assert_same(water, at, tell(OWNER, at, ZoneInfo("UTC"), {}))


@pytest.mark.parametrize(
    "at", ["2024-08-19 23:59", "2024-08-20 00:00", "2024-08-20 02:00", "2024-08-20 03:00", "2024-09-02 03:00"]
)
def test_incident_io_says_the_same_at_each_moment(transit: City, at: str) -> None:
    assert_same(transit, at, tell(TRANSIT, at, CHICAGO, TICKETS))


def assert_same(city: City, at: str, told: Mapping[str, str]) -> None:
    assert {name: status for name, status in read_statuses(city, at).items() if status not in FINE} == told


def test_components_become_services_and_groups(library: City) -> None:
    site = library.site
    assert [group.name.texts[0][1] for group in site.groups] == ["Your account", "Main Street branch", "North branch"]
    services = {service.id: service for service in site.services}
    assert [*services][:5] == [
        "catalog",
        "holds-and-renewals",
        "e-books",
        "wi-fi-main-street-branch",
        "wi-fi-north-branch",
    ]
    assert services["e-books"].group == "your-account"
    assert services["catalog"].summary
    assert services["catalog"].summary.texts[0][1] == "Search and hold books"
    assert site.zone.key == "America/Chicago"
    assert site.url == "https://status.rivertonlibrary.example/"


def test_old_addresses_lead_to_the_posts(library: City) -> None:
    old = library.page("2024-06-20 15:00", "incidents/i1a2b3c4d5e6/index.html")
    (target,) = old.root.xpath("//main//a/@href | //link[@rel='canonical']/@href")[:1]
    assert "2024-03-04-the-catalog-cannot-be-searched" in target


def test_two_texts_of_one_minute_are_one_minute_apart(library: City) -> None:
    text = read_post(library, "the-catalog-cannot-be-searched")
    assert re.findall("^## (.+)$", text, re.MULTILINE) == [
        "2024-03-04 09:40 Investigating",
        "2024-03-04 09:41 Identified",
        "2024-03-04 11:45 Monitoring",
        "2024-03-04 13:30 Resolved",
        "2024-03-08 15:00 Postmortem",
    ]
    assert "### What happened" in text
    assert "put a minute later" in read_report(library)


def test_html_becomes_markdown_and_nothing_of_it_runs(library: City) -> None:
    page = library.page("2024-03-04 14:00", "incidents/2024-03-04-the-catalog-cannot-be-searched/index.html")
    assert page.root.xpath("//main//strong[.='patience']")
    assert page.root.xpath("//main//a[.='this page']")
    text = read_post(library, "printing-copying")
    assert "[A printer](https://pics.example/printer.png) See here\n" in text
    for word in ("alert", "onerror", "javascript", "<script"):
        assert word not in text
    assert "5 * 3 is still 15, and a_b stays a_b." in read_post(library, "renewals-fail")


def test_only_what_the_source_said_of_how_things_stood(library: City, transit: City) -> None:
    """Where updates name no status, the incident gives none until it is over."""
    assert read_statuses(library, "2023-01-09 11:00")["Holds and renewals"] == "not_said"
    assert read_statuses(library, "2023-01-09 12:15")["Holds and renewals"] == "working"
    assert 'affected "Holds and renewals", but not how' in read_report(library)
    assert read_statuses(transit, "2024-09-10 12:00")["Tickets"] == "not_said"
    assert '"Tickets" is "partial_outage" now, and no post says so.' in read_report(transit)


def test_what_contradicts_itself_is_asked_and_not_published(library: City, water: City) -> None:
    assert "draft: true" in read_post(library, "power-failure-on-main-street")
    assert "draft: true" in read_post(water, "meters-are-exchanged")
    assert "services:\n  report-a-leak: unknown" in read_post(water, "leaks-cannot-be-reported-online")
    questions = read_report(library).partition("## Guesses")[0]
    for words in ("When did it end?", '"on_fire" is no status', "When was this written?", 'Did you mean "Catalog"?'):
        assert words in questions


def test_each_note_names_the_line_of_the_source(library: City, water: City) -> None:
    for city, folder in ((library, LIBRARY), (water, OWNER)):
        report = read_report(city)
        for file, line in re.findall(r"`([\w./-]+\.json):(\d+)`", report):
            assert int(line) <= (folder / file).read_text(encoding="utf-8-sig").count("\n") + 1
    lines = (LIBRARY / "api/v2/incidents.json").read_text(encoding="utf-8").split("\n")
    (line,) = re.findall(r"`api/v2/incidents\.json:(\d+)`: How was", read_report(library))
    assert "u2f7a8b9c0d1" in lines[int(line) - 1]


def test_where_all_of_a_file_is_one_line_each_note_names_its_incident(tmp_path: Path) -> None:
    """So servers send it, and so `curl` saves it."""
    source = tmp_path / "saved"
    source.mkdir()
    for path in LIBRARY.rglob("*.json"):
        (source / path.name).write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")
    report = read_report(import_whole("statuspage", source, tmp_path / "page", questions=True))
    assert '`incidents.json:1`: "Printing & copying": When was this written?' in report
    later = "The source has this at the same time as what is above it, or earlier; it was put a minute later."
    assert re.search(rf'`incidents.json:1`: "[^"]+": {re.escape(later)}', report)
    assert f"`incidents.json:1`: {later}" not in report
    assert '`incidents.json:1`: "Renewals fail": The source says that this affected "Holds and renewals"' in report


def test_a_report_that_was_never_published_stays_unpublished(water: City) -> None:
    whole = b"".join(read_files(water.folder).values())
    assert b"The intern did it" not in whole
    assert "## 2024-08-16 09:00 Postmortem\n\nThe bank changed an address." in read_post(water, "bills-cannot-be-paid")


def test_no_address_of_a_subscriber_is_imported(water: City) -> None:
    assert b"resident@mail.example" not in b"".join(read_files(water.folder).values())
    report = read_report(water)
    for name in ("subscribers.json", "people.json"):
        assert f"`{name}:1`" in report


@pytest.mark.parametrize(("kind", "source"), [("statuspage", LIBRARY), ("statuspage", OWNER), ("incidentio", TRANSIT)])
def test_the_same_import_again_changes_nothing(tmp_path: Path, kind: str, source: Path) -> None:
    folder = tmp_path / "page"
    import_whole(kind, source, folder, "--timezone", CHICAGO.key, questions=True)
    before = read_files(folder)
    again = run_import(kind, source, folder)
    assert "Nothing is new." in again.output
    assert read_files(folder) == before


def test_a_later_import_adds_what_is_new(tmp_path: Path) -> None:
    source, folder = tmp_path / "saved", tmp_path / "page"
    shutil.copytree(LIBRARY, source)
    path = source / "api" / "v2" / "incidents.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    whole = {incident["id"]: incident["incident_updates"] for incident in document["incidents"]}
    story = next(incident for incident in document["incidents"] if incident["id"] == "i1a2b3c4d5e6")
    story["incident_updates"], story["status"] = whole[story["id"]][3:], "identified"
    path.write_text(json.dumps(document), encoding="utf-8")
    import_whole("statuspage", source, folder, questions=True)
    begun = read_post(City(folder), "the-catalog-cannot-be-searched")
    assert "Resolved" not in begun
    shutil.copy(LIBRARY / "api" / "v2" / "incidents.json", path)
    run_import("statuspage", source, folder)
    later = read_post(City(folder), "the-catalog-cannot-be-searched")
    assert later.startswith(begun)
    assert "13:30 Resolved" in later


def test_planned_work_that_took_longer_ends_when_it_was_completed(tmp_path: Path) -> None:
    source, folder = tmp_path / "saved", tmp_path / "page"
    shutil.copytree(LIBRARY, source)
    path = source / "api" / "v2" / "scheduled-maintenances.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    (work,) = (each for each in document["scheduled_maintenances"] if each["id"] == "w2b3c4d5e6f7")
    for id, state, time in (("y1", "in_progress", "07:00"), ("y2", "completed", "09:30")):
        moment = f"2024-07-02T{time}:00.000-05:00"
        (said, *_) = work["incident_updates"]
        update = {**said, "id": id, "status": state, "body": "", "created_at": moment, "display_at": moment}
        work["incident_updates"] = [update, *work["incident_updates"]]
    work["status"], work["resolved_at"] = "completed", "2024-07-02T09:30:00.000-05:00"
    path.write_text(json.dumps(document), encoding="utf-8")
    city = import_whole("statuspage", source, folder, questions=True)
    assert "## 2024-07-02 09:30 Completed\nends: 2024-07-02 09:30\n" in read_post(city, "new-wi-fi-at-main-street")
    page = city.page("2024-07-03 12:00", "incidents/2024-06-18-new-wi-fi-at-main-street/index.html")
    assert "Work completed. July 2, 2024, 7 to 9:30 AM CDT." in page.words


def test_a_public_page_is_read_from_the_web(tmp_path: Path) -> None:
    """From its address alone, by the public documents."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            file = LIBRARY / self.path.lstrip("/")
            self.send_response(200 if file.is_file() else 404)
            self.end_headers()
            self.wfile.write(file.read_bytes() if file.is_file() else b"")

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            words = ["import", "statuspage", f"http://127.0.0.1:{server.server_port}/", str(tmp_path / "page")]
            code = f"from statusgen.cli.main import main; main({words!r})"
            result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
        finally:
            server.shutdown()
    assert result.returncode == 3, result.stderr
    assert "13:30 Resolved" in read_post(City(tmp_path / "page"), "the-catalog-cannot-be-searched")


def test_without_the_library_the_command_says_what_to_install(tmp_path: Path) -> None:
    words = ["import", "statuspage", str(LIBRARY), str(tmp_path / "page")]
    code = f"import sys; sys.modules['markdownify'] = None; from statusgen.cli.main import main; main({words!r})"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 1
    assert "pip install 'statusgen[import]'" in result.stderr
    assert not (tmp_path / "page").exists()


def test_a_page_without_a_zone_is_asked_for_it(tmp_path: Path) -> None:
    result = run_import("incidentio", TRANSIT, tmp_path / "page")
    assert result.exit_code == 1
    assert "--timezone America/Chicago" in result.output


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "<html>", "[" * 100_000, '{"incidents": [{"id": 7, "incident_updates": 5}]}']
)
def test_what_is_no_document_is_refused_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "incidents.json").write_text(text, encoding="utf-8")
    result = run_import("statuspage", tmp_path, tmp_path / "page", "--timezone", "UTC")
    assert result.exit_code == 1
    assert "has no document of Statuspage or incident.io" in result.output
    assert not (tmp_path / "page").exists()


def test_many_newest_incidents_may_not_be_all(tmp_path: Path) -> None:
    """The public documents have no more than 50."""
    incident = json.loads((LIBRARY / "api/v2/incidents.json").read_text(encoding="utf-8"))["incidents"][1]
    many = [{**incident, "id": f"id{number}"} for number in range(50)]
    document = {"page": {"name": "P", "time_zone": "UTC"}, "incidents": many}
    (tmp_path / "incidents.json").write_text(json.dumps(document), encoding="utf-8")
    city = import_whole("statuspage", tmp_path, tmp_path / "page", questions=True)
    assert "The public incidents are the newest 50." in read_report(city)


assert datetime(2024, 9, 11, tzinfo=CHICAGO).timestamp() < NOW
