"""Baltimore in 2019 and New Orleans in 2019: the Board says what was true, at every moment that is known."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.spans import Phase
from statusgen.content.format.values import parse_time
from statusgen.content.yaml.documents import read_yaml
from statusgen.model.reports import Estimate
from statusgen.model.states import Kind
from statusgen.model.statuses import Status
from statusgen.model.times import When
from tests.support.sample_sites import BALTIMORE, NEW_ORLEANS, City

CITIES = {"baltimore": BALTIMORE, "new-orleans": NEW_ORLEANS}
PROBLEMS = ("down", "partly_down", "limited", "degraded", "differently", "catching_up")


@cache
def expected(name: str) -> dict[str, dict[str, Any]]:
    """Return what is true at each moment; the keys are explained at the top of the file."""
    path = CITIES[name].folder / "expected.yaml"
    document, problems = read_yaml(path.read_text(encoding="utf-8"), path.name)
    assert not problems
    truths: Any = document.value
    return {truth["at"]: truth for truth in truths}


def moments() -> Iterator[Any]:
    for name, city in CITIES.items():
        for at in expected(name):
            yield pytest.param(city, at, expected(name)[at], id=f"{name} {at}")


every_moment = pytest.mark.parametrize(("city", "at", "truth"), [*moments()])


def service_ids(standings: Iterable[ServiceStatus], such: Callable[[ServiceStatus], object]) -> set[str]:
    return {standing.id for standing in standings if such(standing)}


@every_moment
def test_every_service_stands_as_it_did(city: City, at: str, truth: dict[str, Any]) -> None:
    now = city.board(at)
    status = dict.fromkeys(now.service_by_id, "not_said") | dict.fromkeys(truth["working_confirmed"], "working")
    status |= {id: word for word in PROBLEMS for id in truth.get(word, ())}
    assert {standing.id: standing.status.value for standing in now.services} == status


@every_moment
def test_what_works_for_sure_is_what_somebody_said_works(city: City, at: str, truth: dict[str, Any]) -> None:
    working = service_ids(city.board(at).services, lambda s: s.status is Status.WORKING)
    assert working == set(truth["working_confirmed"])
    assert all(city.board(at).service_by_id[id].confirmed_at for id in working)


@every_moment
def test_what_nobody_speaks_of_any_more_is_marked(city: City, at: str, truth: dict[str, Any]) -> None:
    assert service_ids(city.board(at).services, lambda s: s.stale) == set(truth["stale"])


@every_moment
def test_waivers_hold_until_the_day_that_was_said(city: City, at: str, truth: dict[str, Any]) -> None:
    holding = {standing.waiver.id for standing in city.board(at).waivers if standing.phase is Phase.OPEN}
    assert holding == set(truth["waivers"])


@every_moment
def test_deadlines_are_those_still_ahead(city: City, at: str, truth: dict[str, Any]) -> None:
    zone = city.site.zone
    ahead = {standing.deadline.id: standing.deadline.on for standing in city.board(at).deadlines}
    assert ahead == {id: parse_time(day, zone) for id, day in truth["deadlines"].items()}


@every_moment
def test_open_channels_are_the_ways_in_that_were_open(city: City, at: str, truth: dict[str, Any]) -> None:
    now = city.board(at)
    open_ = {
        id: {way.channel.id for way in now.service_by_id[id].usable_channels} for id in truth.get("open_channels", ())
    }
    assert open_ == {id: set(ways) for id, ways in truth.get("open_channels", {}).items()}


@every_moment
def test_estimates_are_the_last_that_were_given(city: City, at: str, truth: dict[str, Any]) -> None:
    now = city.board(at)
    estimates = {id: now.service_by_id[id].estimate for id in truth.get("expected", ())}
    assert {id: said and dates(said.estimate) for id, said in estimates.items()} == {
        id: parse_dates(said, city.site.zone) for id, said in truth.get("expected", {}).items()
    }


def dates(estimate: Estimate) -> tuple[bool, When | None, When | None]:
    return estimate.unknown, estimate.not_before, estimate.by


def parse_dates(said: str | dict[str, str], zone: ZoneInfo) -> tuple[bool, When | None, When | None]:
    if said == "unknown":
        return True, None, None
    if isinstance(said, str):
        return False, parse_time(said, zone), parse_time(said, zone)
    not_before, by = (parse_time(said[key], zone) if key in said else None for key in ("not_before", "by"))
    return False, not_before, by


@every_moment
def test_a_promised_update_is_still_promised(city: City, at: str, truth: dict[str, Any]) -> None:
    promise = city.board(at).headline.promise
    promised = truth.get("next_update")
    assert (promise and promise.due) == (parse_time(promised, city.site.zone) if promised else None)


@every_moment
def test_open_incidents_are_those_not_resolved(city: City, at: str, truth: dict[str, Any]) -> None:
    now = city.board(at)
    assert {standing.id for standing in now.open_incidents} == set(truth["open_incidents"])
    assert all(standing.incident.kind is Kind.INCIDENT for standing in now.open_incidents)
