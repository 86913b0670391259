"""The data for programs: what the pages of Kansas City said on 15 May 2024 and later, and the same for every site."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import assume, given
from hypothesis import strategies as st

from statusgen.board.board import make_board
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.spans import Phase
from statusgen.board.model.whole_board import Board
from statusgen.cli.main import main
from statusgen.model.words import Markup, Words
from statusgen.outputs.open_data import services_table, status
from tests.support.generated_sites import Case, sites
from tests.support.json_documents import incident_files, json_documents
from tests.support.paths import ROOT, SITES
from tests.support.sample_sites import BALTIMORE, KANSAS_CITY, NEW_ORLEANS, City

NETWORK = "2024-05-04-city-network"
HOSTILE = '</script><script>alert(1)</script> "quoted" \\ =1+1 \u202eback\u202c \x00\x07\x1b\x85\u2028 \U0001f6b0'


def document(city: City, at: str, path: str) -> Any:
    return json_documents(city.board(at))[path]


def entry(entries: Iterable[dict[str, Any]], id: str) -> dict[str, Any]:
    (found,) = [each for each in entries if each["id"] == id]
    return found


@pytest.fixture(scope="module")
def may_15() -> dict[str, Any]:
    return json_documents(KANSAS_CITY.board("2024-05-15"))


def test_the_status_says_what_it_is_and_when_it_was_true(may_15: dict[str, Any]) -> None:
    now = may_15["status.json"]
    assert now["$schema"] == "https://kansas-city.status.example/schema/v1/status.json"
    assert (now["version"], now["url"]) == (1, "https://kansas-city.status.example/status.json")
    assert now["demonstration"].startswith("This is a demonstration")
    assert (now["at"], now["next_change"]) == ("2024-05-15T23:59:00-05:00", "2024-05-16T00:00:00-05:00")
    assert (now["day"], now["problems"], now["total"]) == (12, 14, 21)
    assert (now["stale"], now["may_reach_further"]) == (7, True)
    assert now["sentence"].startswith("Day 12 since this began: City computer network shut down. 7 services are not")


def test_every_way_to_pay_a_water_bill_has_its_status(may_15: dict[str, Any]) -> None:
    water = entry(may_15["status.json"]["services"], "water-bill")
    assert (water["status"], water["status_words"]) == ("limited", "Partly working")
    assert (water["since"], water["since_before"], water["since_reported"]) == ("2024-05-06", False, True)
    assert {way["id"]: way["status"] for way in water["channels"]} == {
        "online": "down",
        "phone": "down",
        "autopay": "down",
        "kiosk": "down",
        "counter": "working",
        "envelope": "working",
    }
    assert entry(water["channels"], "counter")["accepts_words"] == "cash or check"
    assert water["waivers"] == ["water-late-penalties", "water-shutoffs", "water-grace"]


def test_what_is_not_known_is_null_or_marked(may_15: dict[str, Any]) -> None:
    permits = entry(may_15["status.json"]["services"], "permits")
    assert (permits["since"], permits["since_before"], permits["day"]) == ("2024-05-15", True, None)
    # That nobody knows when all is back is said of the outage as a whole, and stands there alone.
    assert permits["expected"] == []
    assert entry(may_15["status.json"]["services"], "emergency-response")["since"] is None


def test_waivers_have_dates_or_words_for_their_end(may_15: dict[str, Any]) -> None:
    waivers = may_15["status.json"]["waivers"]
    assert entry(waivers, "water-grace")["until"] == "2024-06-14"
    shutoffs = entry(waivers, "water-shutoffs")
    assert (shutoffs["until"], shutoffs["until_words"]) == (None, "online payment works again")
    assert {waiver["phase"] for waiver in waivers} == {"open"}


def test_incidents_say_what_is_known_and_what_is_not(may_15: dict[str, Any]) -> None:
    network = entry(may_15["status.json"]["incidents"], NETWORK)
    assert (network["state"], network["phase"], network["ended"]) == ("investigating", "open", None)
    assert "Whether data on city servers was affected" in network["not_known"]
    assert "water-bill" in network["holds_back"]


def test_the_same_is_there_in_every_language(may_15: dict[str, Any]) -> None:
    english, spanish = may_15["status.json"], may_15["es/status.json"]
    assert [each["url"] for each in english["languages"]] == [english["url"], spanish["url"]]
    assert english["languages"] == spanish["languages"]
    assert english["$schema"] == spanish["$schema"]
    one, other = (entry(document["services"], "water-bill") for document in (english, spanish))
    assert (one["status"], one["since"]) == (other["status"], other["since"])
    assert other["page"] == "https://kansas-city.status.example/es/services/water-bill/"
    assert other["status_words"] == "Servicio parcial"


def test_an_incident_has_all_its_updates(may_15: dict[str, Any]) -> None:
    network = may_15[f"incidents/{NETWORK}/incident.json"]
    times = [update["time"] for update in network["updates"]]
    assert times == sorted(times)
    assert len(times) == network["incident"]["number_of_updates"]
    first = network["updates"][0]
    assert first["state_words"] == "Investigating"
    assert first["text"]
    assert first["html"].startswith("<p>")
    assert "city-website" in first["services"]
    assert network["at"] == "2024-05-15T23:59:00-05:00"


def test_a_correction_and_what_it_corrects_name_each_other() -> None:
    everything = json_documents(KANSAS_CITY.board("2024-07-26"))
    updates = {
        (update["url"]): update
        for path, document in everything.items()
        if path.startswith("incidents/")
        for update in document["updates"]
    }
    corrections = [update for update in updates.values() if update["correction"]]
    assert corrections
    for update in corrections:
        wrong = updates[update["correction"]["corrects"]["url"]]
        assert update["url"] in [source["url"] for source in wrong["corrected_by"]]


def test_the_history_tells_how_long_each_outage_was_and_who_said_so() -> None:
    past = document(KANSAS_CITY, "2024-07-26", "history.json")
    before, down, *_ = entry(past["services"], "city-website")["timeline"]
    assert (before["status"], before["from"], before["opened_by"]) == ("not_said", None, None)
    assert before["until"] == down["from"]
    assert before["closed_by"] == down["opened_by"]
    assert down["opened_by"]["incident"] == NETWORK
    assert down["opened_by"]["url"].startswith(f"https://kansas-city.status.example/incidents/{NETWORK}/#update-")


@pytest.mark.parametrize("city", [KANSAS_CITY, BALTIMORE, NEW_ORLEANS])
def test_the_history_lists_every_incident_with_where_all_of_it_is(city: City) -> None:
    now = make_board(city.site, city.site.last_update_at or city.moment("2024-01-01"))
    documents = json_documents(now)
    listed = documents["history.json"]["incidents"]
    assert {each["id"] for each in listed} == set(now.incident_by_id)
    for each in listed:
        whole = documents[each["data"].removeprefix(city.site.url)]
        assert each.items() <= whole["incident"].items()
        assert each["opened_by"]["update"] == whole["updates"][0]["id"]
        if each["closed_by"]:
            closing = entry(whole["updates"], each["closed_by"]["update"])
            assert closing["time"] == each["ended"]
            assert closing["state"] in ("resolved", "completed", "cancelled", "withdrawn")
    said = [each["id"] for each in listed if each["state"] == "resolved"]
    assert said == [each["id"] for each in listed if each["kind"] == "incident" and each["closed_by"]]


@pytest.mark.parametrize("city", [BALTIMORE, NEW_ORLEANS, City(SITES / "quiet")])
def test_what_is_past_keeps_its_bytes(city: City) -> None:
    now = make_board(city.site, city.site.last_update_at or city.moment("2024-01-01"))
    later = make_board(city.site, now.moment + timedelta(days=100))
    first, second = ({f.path: f.content for f in incident_files(each)} for each in (now, later))
    kept = [standing.id for standing in now.past_incidents]
    assert kept
    for id in kept:
        assert json.loads(first[f"incidents/{id}/incident.json"])["at"] is None
        assert first[f"incidents/{id}/incident.json"] == second[f"incidents/{id}/incident.json"]


def test_the_command_prints_what_the_site_publishes() -> None:
    result = CliRunner().invoke(main, ["status", "--json", "--source", str(ROOT), "--at", "2024-05-15"])
    assert result.output.encode() == status.status_json(KANSAS_CITY.board("2024-05-15"), "en")


@given(sites())
def test_every_form_has_the_facts_of_the_board(case: Case) -> None:
    now = make_board(case.site, case.moment)
    documents = json_documents(now)
    rows = csv.DictReader(io.StringIO(services_table.make_csv(now, "en").decode("utf-8-sig"), newline=""))
    facts = {standing.id: standing.status.value for standing in now.services}
    assert {each["id"]: each["status"] for each in documents["status.json"]["services"]} == facts
    assert {each["id"]: each["timeline"][-1]["status"] for each in documents["history.json"]["services"]} == facts
    assert {row["id"]: row["status"] for row in rows} == facts
    for standing in now.incidents:
        whole = documents[f"incidents/{standing.id}/incident.json"]
        assert [update["id"] for update in whole["updates"]] == [update.id for update in standing.updates]
        assert (whole["at"] is None) is (standing.phase is Phase.PAST)
        holding = {service.id for service in now.services if standing.id in service.incidents}
        assert set(whole["incident"]["holds_back"]) == holding
        assert holding <= set(whole["incident"]["services"])


@given(sites(), st.integers(0, 20))
def test_time_alone_does_not_change_what_is_past(case: Case, days: int) -> None:
    now, later = make_board(case.site, case.moment), make_board(case.site, case.moment + timedelta(days=days))
    # An update of another post can end something in the past; then it is not the time alone.
    assume([each.updates for each in sorted_by_id(now)] == [each.updates for each in sorted_by_id(later)])
    first, second = json_documents(now), json_documents(later)
    for past in now.past_incidents:
        path = f"incidents/{past.id}/incident.json"
        if later.incident_by_id[past.id].phase is Phase.PAST:
            assert first[path] == second[path]


def sorted_by_id(board: Board) -> list[IncidentStatus]:
    """The incidents of a Board in an order that no update changes."""
    return sorted(board.incidents, key=lambda incident: incident.id)


@given(st.text() | st.just(HOSTILE))
def test_no_text_is_lost_or_breaks_out(text: str) -> None:
    documents = json_documents(hostile(text))
    for each in documents.values():
        if each.get("site"):
            assert each["site"]["title"] == text
            assert each["demonstration"] == text
    updates = documents["incidents/2024-05-05-fraud/incident.json"]["updates"]
    assert {update["text"] for update in updates} == {text}


def hostile(text: str) -> Board:
    """Return a small Board with the same text wherever a city can write one."""
    words = Words((("en", text),))
    now = KANSAS_CITY.board("2024-05-08")
    services = tuple(replace(service, name=words, summary=words) for service in now.site.services)
    incident = replace(
        now.incidents[0].incident,
        id="2024-05-05-fraud",
        title=words,
        updates=tuple(
            replace(update, texts=(Markup("<p>safe</p>", text, "en"),), by=words, known=(words,))
            for update in now.incidents[0].updates
        ),
    )
    site = replace(
        now.site, title=words, publisher=words, demonstration=words, languages=("en",), services=services,
        incidents=(incident,),
    )  # fmt: skip
    return make_board(site, now.moment)
