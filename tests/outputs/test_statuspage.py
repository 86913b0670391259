"""The Statuspage API: exactly the keys and values that Atlassian serves, with the facts of the Board."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from statusgen.board.board import make_board
from statusgen.board.model.spans import Phase
from statusgen.board.model.whole_board import Board
from statusgen.model.services import Group
from statusgen.model.states import Kind
from statusgen.model.statuses import Status
from statusgen.model.whole_site import Site
from statusgen.outputs.statuspage.documents import files
from statusgen.outputs.statuspage.terms import overall_status
from statusgen.theme.renderer import Renderer
from tests.support.generated_sites import Case, sites, words
from tests.support.paths import ROOT, SITES
from tests.support.sample_sites import City, make_city
from tests.support.statuspage_shapes import SHAPES, assert_fits

Document = Mapping[str, Any]


def read_documents(now: Board) -> dict[str, Any]:
    """Return the published documents, by name."""
    found = {file.path: json.loads(file.content.decode()) for file in files(now, Renderer(ROOT))}
    assert list(found) == [f"api/v2/{name}.json" for name in SHAPES]
    return {name: found[f"api/v2/{name}.json"] for name in SHAPES}


def documents_at(city: City, moment: str) -> dict[str, Any]:
    return read_documents(city.board(moment))


def moments(site: Site) -> Iterator[datetime]:
    """Yield a moment before all updates, at some of them, after the last, and a year later."""
    times = sorted({update.time.last_minute for incident in site.incidents for update in incident.updates})
    yield times[0] - timedelta(days=2)
    yield from times[:: max(1, len(times) // 4)]
    yield times[-1]
    yield times[-1] + timedelta(days=366)


CITIES = [ROOT, *sorted(path for path in SITES.iterdir() if path.is_dir())]


@pytest.mark.parametrize("folder", CITIES, ids=lambda folder: folder.name)
def test_every_document_of_every_city_has_atlassian_s_keys(folder: Path) -> None:
    site = City(folder).site
    for moment in moments(site):
        for name, document in read_documents(make_board(site, moment)).items():
            assert_fits(document, SHAPES[name], f"{folder.name} at {moment}: {name}")


WAYS = """\
  - id: water-bill
    name: Pay a water bill
    summary: Pay for your water.
    group: bills
    channels: [{id: online, kind: online}, {id: phone, kind: phone}]
  - {id: permits, name: Permits, group: other}
  - {id: trash, name: Trash pickup}
groups:
  - {id: bills, name: Bills}
  - {id: other, name: Other}
"""

NETWORK = """\
---
title: The network is down
started: 2024-05-04 08:00
posted: 2024-05-04 09:00
services:
  water-bill/online: {status: down, do: Pay by phone.}
  permits: down
  trash: working
expected: 2024-06-01
waivers:
  - {id: late-fees, services: [water-bill], what: No late fees, until: online payment works again}
---
We are <b>looking</b> into it.

## 2024-05-06 12:00 Identified

We found it.

## 2024-05-07 12:00 Correction
corrects: 2024-05-04 09:00
right: Pay by mail.

## 2024-05-08 12:00 Monitoring
services: {permits: working}

## 2024-05-09 12:00 Resolved

## 2024-05-20 12:00 Postmortem

This is our report.
"""

POOL = """\
---
title: The meters are read by hand
kind: maintenance
posted: 2024-05-01 10:00
starts: 2024-05-12 22:00
ends: 2024-05-13 04:00
services: [permits]
---
You can file again in the morning.
"""

FRAUD = """\
---
title: We never ask for your password by phone
kind: notice
topic: fraud
started: 2024-05-06
ends: 2024-05-20
---
Hang up, and call 311.
"""


@pytest.fixture
def springfield(tmp_path: Path) -> City:
    return make_city(tmp_path, WAYS, NETWORK, POOL, FRAUD)


def component_statuses(document: Document) -> dict[str, str]:
    return {component["name"]: component["status"] for component in document["components"]}


def test_services_are_components_and_groups_are_groups_of_them(springfield: City) -> None:
    components = documents_at(springfield, "2024-05-04 12:00")["components"]["components"]
    bills, water, other, permits, trash = components
    assert [one["name"] for one in components] == ["Bills", "Pay a water bill", "Other", "Permits", "Trash pickup"]
    assert [one["group"] for one in components] == [True, False, True, False, False]
    assert [one["position"] for one in components] == [1, 1, 2, 1, 3]
    assert (bills["components"], other["components"]) == ([water["id"]], [permits["id"]])
    assert (water["group_id"], permits["group_id"], trash["group_id"]) == (bills["id"], other["id"], None)
    assert water["description"] == "Pay for your water."
    # One of two ways to pay is shut.
    assert [one["status"] for one in components] == [
        "partial_outage",
        "partial_outage",
        "major_outage",
        "major_outage",
        "operational",
    ]


def test_a_component_was_updated_when_its_status_was_told(springfield: City) -> None:
    components = {one["name"]: one for one in documents_at(springfield, "2024-05-12 23:00")["components"]["components"]}
    assert components["Pay a water bill"]["updated_at"] == "2024-05-09T12:00:00.000-05:00"
    assert components["Permits"]["updated_at"] == "2024-05-12T22:00:00.000-05:00"
    # Nothing is said of it any more since the incident that it was said in is over.
    assert components["Trash pickup"]["updated_at"] == "2024-05-09T12:00:00.000-05:00"


def test_the_page_was_updated_by_the_last_word_or_by_the_clock(springfield: City) -> None:
    def updated_at(moment: str) -> object:
        return documents_at(springfield, moment)["status"]["page"]["updated_at"]

    assert updated_at("2024-05-07 11:59") == "2024-05-06T12:00:00.000-05:00"
    assert updated_at("2024-05-12 21:59") == "2024-05-09T12:00:00.000-05:00"
    assert updated_at("2024-05-13 03:59") == "2024-05-12T22:00:00.000-05:00"
    assert updated_at("2024-05-19 12:00") == "2024-05-13T04:00:00.000-05:00"
    assert updated_at("2024-05-20 12:00") == updated_at("2024-05-20 15:00") == "2024-05-20T12:00:00.000-05:00"
    # The notice ends with its day, and that permits are back is no news after 14 days.
    assert updated_at("2024-05-21 12:00") == "2024-05-21T00:00:00.000-05:00"
    assert updated_at("2025-05-20 12:00") == "2024-05-22T12:00:00.000-05:00"


def test_an_incident_goes_through_atlassian_s_states(springfield: City) -> None:
    def state(moment: str) -> tuple[str | None, ...]:
        incident = documents_at(springfield, moment)["incidents"]["incidents"][-1]
        assert incident["name"] == "The network is down"
        assert incident["status"] == incident["incident_updates"][0]["status"]
        return (incident["status"], incident["monitoring_at"], incident["resolved_at"], incident["impact"])

    monitoring, resolved = "2024-05-08T12:00:00.000-05:00", "2024-05-09T12:00:00.000-05:00"
    assert state("2024-05-05") == ("investigating", None, None, "critical")
    assert state("2024-05-07") == ("identified", None, None, "critical")
    assert state("2024-05-08 12:00") == ("monitoring", monitoring, None, "critical")
    assert state("2024-05-09 12:00") == ("resolved", monitoring, resolved, "critical")
    assert state("2024-05-20 12:00") == ("postmortem", monitoring, resolved, "critical")


def test_an_incident_tells_when_it_began_and_whom_it_affects(springfield: City) -> None:
    incident = documents_at(springfield, "2024-05-08 12:00")["incidents/unresolved"]["incidents"][-1]
    assert incident["started_at"] == "2024-05-04T08:00:00.000-05:00"
    assert incident["created_at"] == "2024-05-04T09:00:00.000-05:00"
    assert incident["updated_at"] == "2024-05-08T12:00:00.000-05:00"
    assert incident["shortlink"] == "https://springfield.example/incidents/post-1/"
    # Trash pickup was confirmed to work; permits came back, and stay listed with how they stand now.
    assert component_statuses(incident) == {"Pay a water bill": "partial_outage", "Permits": "operational"}


def test_an_update_tells_what_it_changed(springfield: City) -> None:
    updates = documents_at(springfield, "2024-05-21")["incidents"]["incidents"][-1]["incident_updates"]
    changes = [
        {one["name"]: (one["old_status"], one["new_status"]) for one in update["affected_components"]}
        for update in reversed(updates)
    ]
    water, permits = "Bills - Pay a water bill", "Other - Permits"
    fine, partly, down = "operational", "partial_outage", "major_outage"
    assert changes == [
        {water: (fine, partly), permits: (fine, down)},
        {water: (partly, partly), permits: (down, down)},
        {water: (partly, partly), permits: (down, down)},
        {water: (partly, partly), permits: (down, fine)},
        {water: (partly, fine), permits: (fine, fine)},
        {water: (fine, fine), permits: (fine, fine)},
    ]


def test_a_body_says_all_that_the_feed_says_as_plain_text(springfield: City) -> None:
    incident = documents_at(springfield, "2024-05-21")["incidents"]["incidents"][-1]
    bodies = [update["body"] for update in reversed(incident["incident_updates"])]
    assert bodies[0].split("\n\n") == [
        "May 4, 2024, 9 AM CDT",
        "- Pay a water bill (Online): Not available. Pay by phone.\n"
        "- Permits: Not available.\n"
        "- Trash pickup: Working.",
        # No program that puts it into a page as it is can take it for markup.
        "We are < b>looking< /b> into it.",
        "No late fees. From May 4, 2024 until online payment works again.",
        "Expected back on June 1, 2024.",
    ]
    assert bodies[1].startswith("Cause found: The network is down\n\n")
    assert bodies[2].startswith("Correction: The network is down\n\n")
    assert "Correct information: Pay by mail." in bodies[2]
    assert bodies[3].startswith("Restored: Permits\n\n")


def test_planned_work_goes_through_atlassian_s_states_by_the_clock(springfield: City) -> None:
    def lists(moment: str) -> tuple[int, int, list[str]]:
        now = documents_at(springfield, moment)
        upcoming, active, every, summary = (
            now[name]["scheduled_maintenances"]
            for name in (
                "scheduled-maintenances/upcoming",
                "scheduled-maintenances/active",
                "scheduled-maintenances",
                "summary",
            )
        )
        assert summary == active + upcoming
        return (len(upcoming), len(active), [one["status"] for one in every])

    assert lists("2024-04-30") == (0, 0, [])
    assert lists("2024-05-12 21:59") == (1, 0, ["scheduled"])
    assert lists("2024-05-12 22:00") == (0, 1, ["in_progress"])
    assert lists("2024-05-13 04:00") == (0, 0, ["completed"])


def test_planned_work_has_its_times(springfield: City) -> None:
    now = documents_at(springfield, "2024-05-13 04:00")
    (work,) = now["scheduled-maintenances"]["scheduled_maintenances"]
    assert work["created_at"] == work["started_at"] == "2024-05-01T10:00:00.000-05:00"
    assert work["scheduled_for"] == "2024-05-12T22:00:00.000-05:00"
    assert work["scheduled_until"] == work["resolved_at"] == work["updated_at"] == "2024-05-13T04:00:00.000-05:00"
    assert component_statuses(work) == {"Permits": "operational"}
    assert documents_at(springfield, "2024-05-13 03:59")["summary"]["status"] == {
        "indicator": "maintenance",
        "description": "Service Under Maintenance",
    }


def test_work_that_is_under_way_closes_what_it_was_announced_for(tmp_path: Path) -> None:
    more = "\n## 2024-05-12 23:00 Update\n\nIt goes well.\n\n## 2024-05-13 02:00 Completed\n\nAll done.\n"
    city = make_city(tmp_path, WAYS, POOL + more)
    (work,) = documents_at(city, "2024-05-14")["scheduled-maintenances"]["scheduled_maintenances"]
    assert [
        (update["status"], *(change[key] for key in ("old_status", "new_status")))
        for update in reversed(work["incident_updates"])
        for change in update["affected_components"]
    ] == [
        ("scheduled", "operational", "operational"),
        ("in_progress", "under_maintenance", "under_maintenance"),
        ("completed", "under_maintenance", "operational"),
    ]
    assert work["resolved_at"] == "2024-05-13T02:00:00.000-05:00"


def test_canceled_work_is_completed_at_the_time_that_it_was_announced_for(tmp_path: Path) -> None:
    city = make_city(tmp_path, WAYS, POOL + "\n## 2024-05-10 12:00 Cancelled\n\nNot now.\n")
    now = documents_at(city, "2024-05-11")
    (work,) = now["scheduled-maintenances"]["scheduled_maintenances"]
    assert now["summary"]["scheduled_maintenances"] == []
    assert (work["status"], work["resolved_at"]) == ("completed", "2024-05-10T12:00:00.000-05:00")
    assert work["scheduled_for"] == "2024-05-12T22:00:00.000-05:00"
    assert work["scheduled_until"] == "2024-05-13T04:00:00.000-05:00"
    assert work["incident_updates"][0]["body"].startswith("Canceled: The meters are read by hand")


def test_a_notice_is_an_incident_without_impact_until_it_ends(springfield: City) -> None:
    now = documents_at(springfield, "2024-05-20 23:59")
    (notice,) = now["incidents/unresolved"]["incidents"]
    assert (notice["name"], notice["status"]) == ("We never ask for your password by phone", "identified")
    assert (notice["impact"], notice["components"]) == ("none", [])
    assert notice["incident_updates"][0]["affected_components"] is None
    # Nobody said that everything works.
    assert now["status"]["status"] == {"indicator": "none", "description": "No problems reported"}
    later = documents_at(springfield, "2024-05-21 00:00")
    assert later["incidents/unresolved"]["incidents"] == []
    notice = later["incidents"]["incidents"][0]
    assert (notice["status"], notice["resolved_at"]) == ("resolved", "2024-05-21T00:00:00.000-05:00")


def test_what_was_withdrawn_has_no_impact(tmp_path: Path) -> None:
    city = make_city(tmp_path, WAYS, NETWORK.split("\n## ")[0] + "\n## 2024-05-05 12:00 Withdrawn\n\nIt was a drill.\n")
    (incident,) = documents_at(city, "2024-05-06")["incidents"]["incidents"]
    assert (incident["status"], incident["impact"]) == ("resolved", "none")
    assert incident["incident_updates"][0]["body"].startswith("Withdrawn: The network is down")


def test_an_incident_that_opens_again_is_unresolved_again(tmp_path: Path) -> None:
    city = make_city(tmp_path, WAYS, NETWORK + "\n## 2024-05-21 12:00\nservices: {permits: down}\n\nAgain.\n")
    (incident,) = documents_at(city, "2024-05-22")["incidents/unresolved"]["incidents"]
    assert (incident["status"], incident["resolved_at"]) == ("investigating", None)


@pytest.mark.parametrize(
    ("of_each", "indicator", "description"),
    [
        ("working working working", "none", "All Systems Operational"),
        ("working not_said working", "none", "No problems reported"),
        ("working maintenance working", "maintenance", "Service Under Maintenance"),
        ("catching_up maintenance working", "minor", "Partially Degraded Service"),
        ("unknown differently degraded", "minor", "Degraded System Service"),
        ("degraded limited working", "minor", "Minor Service Outage"),
        ("limited limited limited", "major", "Partial System Outage"),
        ("down degraded working", "major", "Partial System Outage"),
        ("down down down", "critical", "Major System Outage"),
        ("degraded", "minor", "Partially Degraded Service"),
        ("limited", "major", "Partial System Outage"),
        ("down", "critical", "Major System Outage"),
    ],
)
def test_statuses_are_blended_as_atlassian_does_it(of_each: str, indicator: str, description: str) -> None:
    assert overall_status([Status(word) for word in of_each.split()], str) == (indicator, description)


@pytest.mark.parametrize(
    ("of_each", "indicator"),
    [
        ("working working working", "minor"),
        ("working maintenance working", "minor"),
        ("unknown differently degraded", "minor"),
        ("down degraded working", "major"),
        ("down", "critical"),
    ],
)
def test_while_an_incident_is_open_its_title_is_the_description(tmp_path: Path, of_each: str, indicator: str) -> None:
    words = of_each.split()
    services = "".join(f"  - {{id: service-{number}, name: Service {number}}}\n" for number, _ in enumerate(words))
    held = "".join(f"  service-{number}: {word}\n" for number, word in enumerate(words))
    city = make_city(tmp_path, services, f"---\ntitle: Some\nstarted: 2024-05-04\nservices:\n{held}---\nWell.\n")
    now = documents_at(city, "2024-05-05")
    assert now["status"]["status"] == {"indicator": indicator, "description": "Some"}
    assert now["summary"]["status"] == now["status"]["status"]


def test_in_another_first_language_all_is_in_that(tmp_path: Path) -> None:
    city = make_city(tmp_path, "  - {id: trash, name: {es: Basura, en: Trash}}\n")
    services = tmp_path / "services.yaml"
    spanish = services.read_text(encoding="utf-8").replace("site: {", "site: {languages: [es, en], ")
    services.write_text(spanish, encoding="utf-8")
    assert [one["name"] for one in documents_at(city, "2024-05-04")["components"]["components"]] == ["Basura"]


def test_a_city_that_never_said_anything_has_no_present_in_it(tmp_path: Path) -> None:
    now = documents_at(make_city(tmp_path, "  - {id: trash, name: Trash}\n"), "2024-05-04")
    assert now["summary"]["page"]["updated_at"] == "1969-12-31T18:00:00.000-06:00"
    for name, document in now.items():
        assert_fits(document, SHAPES[name], name)


def test_the_documents_of_all_hold_the_newest_fifty(tmp_path: Path) -> None:
    days = [datetime(2023, 1, 1) + timedelta(days=number) for number in range(52)]  # noqa: DTZ001 (local days)
    posts = [
        f"---\ntitle: Of {day:%Y-%m-%d}\nstarted: {day:%Y-%m-%d}\nservices: {{trash: down}}\n---\nSo.\n" for day in days
    ]
    now = documents_at(make_city(tmp_path, WAYS, *posts), "2024-05-04")
    assert len(now["incidents/unresolved"]["incidents"]) == 52
    names = [incident["name"] for incident in now["incidents"]["incidents"]]
    assert names == [f"Of {day:%Y-%m-%d}" for day in reversed(days[2:])]


def find_ids(value: object) -> Iterator[str]:
    """Yield every id in a document, in order."""
    if isinstance(value, dict):
        yield from (value[key] for key in ("id", "code") if key in value)
        for one in value.values():
            yield from find_ids(one)
    elif isinstance(value, list):
        for one in value:
            yield from find_ids(one)


def copy_sample(folder: Path) -> City:
    for part in ("services.yaml", "incidents"):
        original = SITES / "worst-week" / part
        (shutil.copytree if original.is_dir() else shutil.copy)(original, folder / part)
    return City(folder)


def test_ids_are_the_same_in_another_folder_and_under_other_names(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    usual = documents_at(copy_sample(here), "2026-06-17 15:30")
    renamed = copy_sample(there)
    for file in (there / "services.yaml", *(there / "incidents").glob("*.md")):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"(?m)^(title: )(\w.*)$", r"\1Renamed", text), encoding="utf-8")
    other = documents_at(renamed, "2026-06-17 15:30")
    assert list(find_ids(usual)) == list(find_ids(other))
    assert [one["name"] for one in other["incidents"]["incidents"]].count("Renamed") > 3


def test_no_two_things_have_one_id() -> None:
    now = documents_at(City(SITES / "worst-week"), "2026-06-17 15:30")
    things = [*now["components"]["components"], *now["incidents"]["incidents"]]
    things += now["scheduled-maintenances"]["scheduled_maintenances"]
    things += [update for one in things for update in one.get("incident_updates", ())]
    found = [now["summary"]["page"]["id"], *(thing["id"] for thing in things)]
    assert len(found) == len(set(found)) > 40


def test_another_host_has_other_ids() -> None:
    site = City(SITES / "quiet").site
    moved = replace(site, url="https://elsewhere.example/")
    moment = City(SITES / "quiet").moment("2026-03-20")
    one, other = ({*find_ids(read_documents(make_board(each, moment)))} for each in (site, moved))
    assert one
    assert not one & other


@given(sites())
def test_documents_agree_with_the_board(case: Case) -> None:
    now = make_board(group_services(case.site), case.moment)
    found = read_documents(now)
    for name, document in found.items():
        assert_fits(document, SHAPES[name], name)
    named = component_statuses(found["components"])
    for standing in now.services:
        # It has no word for what nobody spoke of.
        good = standing.status in (Status.WORKING, Status.NOT_SAID)
        assert (named[standing.id] == "operational") == good
        assert (named[standing.id] == "under_maintenance") == (standing.status is Status.MAINTENANCE)
        assert (named[standing.id] == "major_outage") == (standing.status is Status.DOWN)
    usual = not now.open_incidents and not any(standing.is_unusual for standing in now.services)
    assert (found["status"]["status"]["indicator"] == "none") == usual
    assert incident_names(found["incidents/unresolved"]["incidents"]) == {
        one.id for one in now.incidents if one.phase is Phase.OPEN and one.incident.kind is not Kind.MAINTENANCE
    }
    for name, phase in (("upcoming", Phase.PLANNED), ("active", Phase.OPEN)):
        works = found[f"scheduled-maintenances/{name}"]["scheduled_maintenances"]
        assert incident_names(works) == {one.id for one in now.planned_work if one.phase is phase}
    assert all(datetime.fromisoformat(moment) <= now.moment for moment in find_moments(found))


def group_services(site: Site) -> Site:
    """Return the site with two services in a group and with a summary, and the third without either."""
    first, second, third = site.services
    grouped = (replace(each, group="all", summary=words("It does.")) for each in (first, second))
    return replace(site, groups=(Group("all", words("All")), Group("none", words("None"))), services=(*grouped, third))


def incident_names(incidents: list[Document]) -> set[str]:
    return {incident["name"].removeprefix("About ") for incident in incidents}


def find_moments(value: object) -> Iterator[str]:
    """Yield every moment in a document, except the times of planned work."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key.endswith("_at") and one:
                yield one
            yield from find_moments(one)
    elif isinstance(value, list):
        for one in value:
            yield from find_moments(one)


@given(sites(kinds=(Kind.INCIDENT,)))
def test_what_an_update_left_is_what_the_next_one_found(case: Case) -> None:
    for incident in read_documents(make_board(case.site, case.moment))["incidents"]["incidents"]:
        left: dict[str, str] = {}
        for update in reversed(incident["incident_updates"]):
            for change in update["affected_components"] or ():
                assert change["old_status"] == left.get(change["code"], "operational")
                left[change["code"]] = change["new_status"]
        if incident["status"] in ("resolved", "postmortem"):
            assert set(left.values()) <= {"operational"}
