"""Programs that were written for Atlassian's pages read the Statuspage API of a whole site."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from tests.support.built_sites import build_sample
from tests.support.checkers import run_node
from tests.support.paths import CLIENTS_PYTHON
from tests.support.web_server import serve_folder

Document = Mapping[str, Any]

# What the clients ask the site that `built("worst-week")` makes: its pool is closed and its libraries will be.
STATUSCHECK = """
import json, sys
from statuscheck.services.bases._statuspageio import BaseStatusPageAPI

class Quillhaven(BaseStatusPageAPI):
    name = "Quillhaven"
    status_url = sys.argv[1]

    def _get_base_url(self):
        return sys.argv[1] + "api/v2/"

summary = Quillhaven().get_summary()
print(json.dumps({
    "status": [summary.status.code, summary.status.name, summary.status.is_ok],
    "components": {component.name: component.status for component in summary.components},
    "incidents": {incident.name: incident.status for incident in summary.incidents},
    "of_pool": [component.name for incident in summary.incidents for component in incident.components
                if incident.name == "Heron Park Pool gets new tiles"],
}))
"""

STATUSPAGE_IO = """
import statuspage from "statuspage.io";
const client = new statuspage.Statuspage("x");
client.setApiUrl(process.argv[1]);
const {components} = await client.api.getComponents();
const {page, status} = await client.api.getStatus();
const summary = await client.api.getSummary();
const every = await client.api.incidents.getAll();
const unresolved = await client.api.incidents.getUnresolved();
const upcoming = await client.api.scheduledMaintenances.getUpcoming();
console.log(JSON.stringify({
    page: page.name, status, components: components.length,
    summary: summary.scheduled_maintenances.map(one => one.name),
    all: every.incidents.map(one => one.name), unresolved: unresolved.incidents.map(one => one.name),
    upcoming: upcoming.scheduled_maintenances.map(one => [one.name, new Date(one.scheduled_for).toISOString()]),
}));
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serve_folder(build_sample("worst-week")) as address:
        yield address


@pytest.fixture(scope="module")
def summary() -> Document:
    path = build_sample("worst-week") / "api" / "v2" / "summary.json"
    return cast("Document", json.loads(path.read_text(encoding="utf-8")))


def by_name(things: list[Document]) -> dict[str, str]:
    return {thing["name"]: thing["status"] for thing in things}


def test_the_prometheus_exporter_reads_it(
    address: str, summary: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # it keeps what it read in a folder there
    from statuspage_prometheus_exporter.service_checker import check_status_page_service

    url = f"{address}api/v2/summary.json"
    found = check_status_page_service("quillhaven", {"type": "status_page", "url": url})
    assert (found["success"], found["status"], found["raw_status"]) == (True, 0, "critical")
    assert by_name(found["component_metadata"]) == by_name(summary["components"])
    network = next(one for one in found["incident_metadata"] if "network" in one["name"])
    assert "Pay a water bill" in network["affected_components"]
    assert network["shortlink"] == "https://status.quillhaven.example/incidents/2026-06-06-city-network/"
    assert by_name(found["maintenance_metadata"]) == {
        "Heron Park Pool gets new tiles": "in_progress",
        "Libraries close for one day to count books": "scheduled",
        "The license website rests on Sunday nights": "scheduled",
    }


def test_statuscheck_reads_it(address: str, summary: Document) -> None:
    ran = subprocess.run(
        [CLIENTS_PYTHON, "-c", STATUSCHECK, address], capture_output=True, check=True, encoding="utf-8"
    )
    found = json.loads(ran.stdout)
    assert found["status"] == ["major", "Major outage", False]
    assert found["components"].keys() == by_name(summary["components"]).keys()
    assert found["components"]["Heron Park Pool"] == "Under maintenance"
    assert found["incidents"]["Heron Park Pool gets new tiles"] == "in_progress"
    assert found["of_pool"] == ["Heron Park Pool"]


def test_statuspage_io_reads_it(address: str, summary: Document) -> None:
    found = json.loads(run_node(STATUSPAGE_IO, address))
    assert found["page"] == "Demonstration. Quillhaven service status"
    assert found["status"] == summary["status"]
    assert found["components"] == len(summary["components"])
    assert found["unresolved"] == [incident["name"] for incident in summary["incidents"]]
    assert "City computer network is shut down" in found["all"]
    assert found["summary"] == [
        "Heron Park Pool gets new tiles",
        "The license website rests on Sunday nights",
        "Libraries close for one day to count books",
    ]
    assert found["upcoming"] == [
        ["The license website rests on Sunday nights", "2026-06-22T03:00:00.000Z"],
        ["Libraries close for one day to count books", "2026-06-30T13:00:00.000Z"],
    ]
