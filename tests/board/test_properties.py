"""What is true of the Board of every site, at every moment."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from statusgen.board.board import make_board
from statusgen.board.model.spans import Interval, Source
from statusgen.board.model.whole_board import Board
from statusgen.model.states import Kind
from statusgen.model.statuses import Status
from statusgen.model.whole_site import Site
from tests.support.generated_sites import Case, sites

PLAIN = (Kind.INCIDENT,)
NO_PROBLEM = (Status.WORKING, Status.NOT_SAID, Status.MAINTENANCE)


def without_times(now: Board) -> Board:
    """Return a Board without its moment and without its next change."""
    return replace(now, moment=datetime(1970, 1, 1, tzinfo=UTC), next_change=None)


def as_of(site: Site, moment: datetime) -> Site:
    """Return the site as if nothing had been written after `moment`."""
    posts = (
        replace(post, updates=tuple(update for update in post.updates if update.time.start <= moment))
        for post in site.incidents
    )
    return replace(site, incidents=tuple(post for post in posts if post.updates))


def timelines(now: Board) -> Iterator[tuple[str, tuple[Interval, ...]]]:
    for standing in now.services:
        yield standing.id, standing.timeline
        for way in standing.channels:
            yield standing.id, way.timeline


@given(sites(), st.randoms(use_true_random=False))
def test_the_order_of_the_posts_is_irrelevant(case: Case, random: Random) -> None:
    site, moment = case.site, case.moment
    shuffled = list(site.incidents)
    random.shuffle(shuffled)
    one, other = make_board(site, moment), make_board(replace(site, incidents=tuple(shuffled)), moment)
    assert replace(other, site=one.site) == one


@given(sites())
def test_nothing_depends_on_what_is_published_later(case: Case) -> None:
    site, moment = case.site, case.moment
    assert without_times(make_board(as_of(site, moment), moment)) == without_times(make_board(site, moment))


@given(sites(channels=False))
def test_where_several_posts_speak_of_one_thing_the_worst_word_wins(case: Case) -> None:
    site, moment = case.site, case.moment
    # What `others` stands for follows from what the other posts say.
    assume(not any(update.others for post in site.incidents for update in post.updates))
    now = make_board(site, moment)
    alone = [make_board(replace(site, incidents=(post,)), moment) for post in site.incidents]
    for standing in now.services:
        if not standing.channels:
            each = [one.service_by_id[standing.id].status for one in alone]
            assert is_worst(standing.status, each)
        for index, way in enumerate(standing.channels):
            each = [one.service_by_id[standing.id].channels[index].status for one in alone]
            assert is_worst(way.status, each)


def is_worst(status: Status, alone: list[Status]) -> bool:
    problems = [each for each in alone if each.is_stated_problem]
    return status is max(problems, key=lambda each: each.severity) if problems else not status.is_stated_problem


@given(sites())
def test_a_timeline_has_no_gaps_no_overlaps_and_no_two_equal_neighbors(case: Case) -> None:
    now = make_board(case.site, case.moment)
    for _, timeline in timelines(now):
        first, last = timeline[0], timeline[-1]
        assert (first.status, first.since, first.opened_by) == (Status.NOT_SAID, None, None)
        assert (last.until, last.closed_by) == (None, None)
        for before, after in pairwise(timeline):
            assert after.since is not None
            assert before.until == after.since.when
            assert before.status is not after.status
            assert before.since is None or before.since.when.start < after.since.when.start
        assert last.since is None or last.since.when.start <= now.moment


@given(sites())
def test_whatever_changes_a_status_is_one_update_that_is_about_the_service(case: Case) -> None:
    now = make_board(case.site, case.moment)
    posts = {Source(post.incident.id, post.update.id): post for post in now.updates}
    for service, timeline in timelines(now):
        for before, after in pairwise(timeline):
            assert before.closed_by == after.opened_by
            if after.opened_by:
                assert service in posts[after.opened_by].services


@given(sites(kinds=PLAIN, channels=False))
def test_every_problem_was_begun_and_ended_by_an_update_and_not_by_the_clock(case: Case) -> None:
    now = make_board(case.site, case.moment)
    posts = {Source(post.incident.id, post.update.id): post for post in now.updates}
    for _, timeline in timelines(now):
        for interval in timeline:
            if interval.status not in NO_PROBLEM:
                assert interval.opened_by
                assert interval.until is None or interval.closed_by
            if interval.until and interval.status not in NO_PROBLEM and interval.closed_by:
                assert posts[interval.closed_by].update.time.start >= interval.until.start


@given(sites(kinds=PLAIN, late=False), st.data())
def test_the_timeline_tells_what_the_page_showed_then(case: Case, data: st.DataObject) -> None:
    site, moment = case.site, case.moment
    earlier = moment - timedelta(minutes=data.draw(st.integers(0, 14 * 24 * 60)))
    # A correction takes back what the page showed.
    assume(not any(update.correction for post in site.incidents for update in post.updates))
    now, then = make_board(site, moment), make_board(site, earlier)
    for standing in now.services:
        shown = then.service_by_id[standing.id].status
        assert at(standing.timeline, earlier) is shown


def at(timeline: tuple[Interval, ...], moment: datetime) -> Status:
    return [one.status for one in timeline if one.since is None or one.since.when.start <= moment][-1]


@given(sites(), st.data())
def test_nothing_changes_before_the_next_change_and_something_does_then(case: Case, data: st.DataObject) -> None:
    site, moment = case.site, case.moment
    now = make_board(site, moment)
    until = now.next_change or moment + timedelta(days=4000)
    between = int((until - moment) / timedelta(microseconds=1)) - 1
    for passed in (between, *data.draw(st.lists(st.integers(0, max(between, 0)), max_size=3))):
        if passed >= 0:
            assert without_times(make_board(site, moment + timedelta(microseconds=passed))) == without_times(now)
    if now.next_change:
        assert without_times(make_board(site, now.next_change)) != without_times(now)


@given(sites())
def test_the_headline_counts_what_the_page_lists(case: Case) -> None:
    now = make_board(case.site, case.moment)
    facts = now.headline
    assert {*facts.broken, *facts.stale} == {each.id for each in now.disrupted_services if each.has_problem}
    assert facts.service_count == len(now.services)
    long_unknown = [each.id for each in now.services if each.status is Status.UNKNOWN and each.stale]
    counted = [*facts.broken, *facts.stale, *facts.unknown, *long_unknown]
    assert len(counted) == len(set(counted))
    closed_in_part = [each for each in now.services if each.status is Status.MAINTENANCE and each.standing.ways]
    assert len(counted) + facts.maintenance_count + len(closed_in_part) == len(now.disrupted_services)
    shown = [*now.disrupted_services, *now.working_services, *now.formerly_working_services, *now.not_said_services]
    assert sorted(each.id for each in shown) == sorted(each.id for each in now.services)
    assert {standing.id for standing in now.open_incidents} == {
        standing.id for standing in now.incidents if standing.incident.kind is Kind.INCIDENT and not standing.ended
    }
