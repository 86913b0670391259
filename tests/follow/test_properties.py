"""Whatever is sent and however it goes up and down: nothing crashes, and nothing counts before its time."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.follow.memory import BACK_LASTS, PROBLEM_LASTS, Course, note_look
from statusgen.follow.seen import NotReadError, Seen
from statusgen.follow.sources.registry import SOURCES
from statusgen.model.following import FollowKind
from statusgen.model.statuses import Status
from tests.support import published_status as published

KUMA = published.uptime_kuma({"Cards": [1, 0]})
SOUND: dict[FollowKind, list[Any]] = {
    FollowKind.STATUSPAGE: [published.statuspage({"Cards": "major_outage"}, incident="Cards", about=["Cards"])],
    FollowKind.INSTATUS: [published.instatus("HASISSUES", ("Cards", "MAJOROUTAGE"))],
    FollowKind.BETTER_STACK: [published.better_stack("downtime", {"Cards": "downtime"}, ("Cards", ["Cards"]))],
    FollowKind.GATUS: [published.gatus({"Cards": [True, False]})],
    FollowKind.UPTIME_KUMA: [*KUMA],
    FollowKind.ALERTMANAGER: [published.alertmanager(("Cards", "firing", "critical"))],
    FollowKind.GRAFANA: [published.grafana(("Cards", "firing", "critical"))],
    FollowKind.HEALTHCHECKS: [published.healthchecks({"Cards": "down"})],
}
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20), st.just([]), st.just({})
)


def paths(value: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to each value in a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [before, *(path for key, below in items for path in paths(below, (*before, key)))]


def replace_at(value: Any, path: tuple[Any, ...], other: object) -> Any:
    """Return a document with another value at one place."""
    if not path:
        return other
    first, *rest = path
    if isinstance(value, dict):
        return {key: replace_at(each, tuple(rest), other) if key == first else each for key, each in value.items()}
    return [replace_at(each, tuple(rest), other) if key == first else each for key, each in enumerate(value)]


@pytest.mark.parametrize("kind", SOUND)
@given(data=st.data())
def test_an_odd_value_anywhere_is_read_or_refused(kind: FollowKind, data: st.DataObject) -> None:
    documents = list(SOUND[kind])
    number = data.draw(st.integers(0, len(documents) - 1))
    path = data.draw(st.sampled_from(paths(documents[number])))
    documents[number] = replace_at(documents[number], path, data.draw(ODD))
    try:
        seen = SOURCES[kind].read([json.dumps(each).encode() for each in documents])
    except NotReadError:
        return
    assert all(each.since is None or each.since.tzinfo for each in seen)


BEGAN = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
LOOKS = st.lists(
    st.tuples(st.integers(1, 30), st.sampled_from([Status.WORKING, Status.DOWN, Status.LIMITED, Status.NOT_SAID])),
    min_size=1,
    max_size=20,
)


@given(looks=LOOKS)
def test_nothing_counts_before_it_has_lasted(looks: list[tuple[int, Status]]) -> None:
    course: Course | None = None
    now, runs = BEGAN, list[tuple[bool, datetime, datetime]]()  # whether it was a problem, from which look to which
    for minutes, status in looks:
        now += timedelta(minutes=minutes)
        course = note_look(course, Seen("Cards", status), now)
        if status is Status.NOT_SAID:
            continue
        is_problem = status is not Status.WORKING
        first = runs.pop()[1] if runs and runs[-1][0] == is_problem else now
        runs.append((is_problem, first, now))
    lasted = [(is_problem, last - first) for is_problem, first, last in runs]
    if course and course.counts.is_stated_problem:
        assert any(is_problem and length >= PROBLEM_LASTS for is_problem, length in lasted)
    if course and course.counts is Status.WORKING:
        assert any(not is_problem and length >= BACK_LASTS for is_problem, length in lasted)
    if lasted and lasted[-1][0] and lasted[-1][1] >= PROBLEM_LASTS:
        assert course
        assert course.is_problem
    if lasted and not lasted[-1][0] and lasted[-1][1] >= BACK_LASTS:
        assert course
        assert not course.is_problem
