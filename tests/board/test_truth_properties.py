"""Whatever was published, the Board says only what an update said."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from statusgen.board.board import make_board
from statusgen.board.model.spans import ChannelKey, Word
from statusgen.board.model.whole_board import Board
from statusgen.board.others import expand_others
from statusgen.model.posts import Incident, Update
from statusgen.model.reports import ServiceReport
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from tests.support.generated_sites import Case, sites


def said_updates(case: Case) -> Iterator[tuple[Incident, Update]]:
    """Every update that was published, with `others` written out."""
    published = tuple(incident for incident in case.site.incidents if not incident.draft)
    for incident in expand_others(replace(case.site, incidents=published)).incidents:
        for update in incident.updates:
            if update.time.start <= case.moment:
                yield incident, update


def is_said_to_work(case: Case, service: str) -> bool:
    """Whether an update said that the service, or one of its ways, works, or ended an incident that held it."""
    for incident, update in said_updates(case):
        if any(report.service == service and report.status is Status.WORKING for report in update.reports):
            return True
        spoken = {report.service for each in incident.updates for report in each.reports}
        if update.state.is_terminal and service in spoken:
            return True
    return False


@given(sites())
def test_nothing_works_unless_an_update_said_so(case: Case) -> None:
    now = make_board(case.site, case.moment)
    for service in now.services:
        ways = [channel.status for channel in service.channels if not channel.temporary]
        if Status.WORKING in (service.status, *ways):
            assert is_said_to_work(case, service.id)


@given(sites())
def test_every_problem_is_one_that_an_update_named(case: Case) -> None:
    now = make_board(case.site, case.moment)
    named = {
        (report.service, report.status)
        for _, update in said_updates(case)
        for report in update.reports
        if report.status
    }
    for service in now.services:
        for each in service.channels:
            if each.status.is_stated_problem:
                assert (service.id, each.status) in named
        if service.status.is_stated_problem and service.status not in (Status.LIMITED, Status.PARTLY_DOWN):
            assert (service.id, service.status) in named


@given(sites())
def test_no_date_is_one_that_nobody_gave(case: Case) -> None:
    now = make_board(case.site, case.moment)
    updates = list(said_updates(case))
    times = {update.time for _, update in updates} | {incident.started for incident, _ in updates}
    given_times: set[When | str | None] = {*times}
    for _, update in updates:
        given_times |= {report.since for report in update.reports}
        given_times |= {report.started_before for report in update.reports}
    windows = {window.start for incident in now.incidents for window in incident.windows}
    for service in now.services:
        for standing in (service.standing, *(channel.standing for channel in service.channels)):
            assert standing.said_at is None or standing.said_at in times
            assert standing.restored_at is None or standing.restored_at in times
            if standing.since and not service.planned_work:
                assert standing.since.when in given_times | windows | closing_times(now)


def closing_times(now: Board) -> set[When]:
    """When ways that were set up for a while closed: a service stands worse from then on."""
    channels = [channel for incident in now.incidents for channel in incident.temporary_channels]
    ends = {channel.ended for channel in channels if channel.ended}
    zone = now.site.zone
    closed = {channel.channel.closes for channel in channels if channel.channel.closes}
    return ends | {When.day(each.end.astimezone(zone).date(), zone) if each.is_whole_day else each for each in closed}


@given(sites())
def test_advice_and_estimates_are_in_the_words_of_an_update(case: Case) -> None:
    now = make_board(case.site, case.moment)
    reports = [report for _, update in said_updates(case) for report in update.reports]
    estimates = {report.expected for report in reports} | {update.expected for _, update in said_updates(case)}
    for service in now.services:
        for workaround in service.workarounds:
            assert workaround.do is None or workaround.do.words in {report.do for report in reports}
            assert workaround.where is None or workaround.where.words in {report.where for report in reports}
        assert {each.estimate for each in service.estimates} <= estimates
        assert service.outage_estimate is None or service.outage_estimate.estimate in estimates


@given(sites(kinds=(Kind.INCIDENT,)), st.randoms(use_true_random=False))
def test_the_order_in_an_update_never_counts(case: Case, random: Random) -> None:
    def shuffle(update: Update) -> Update:
        reports = list(update.reports)
        random.shuffle(reports)
        return replace(update, reports=tuple(reports))

    mixed = tuple(
        replace(incident, updates=tuple(shuffle(update) for update in incident.updates))
        for incident in case.site.incidents
    )
    one, other = make_board(case.site, case.moment), make_board(replace(case.site, incidents=mixed), case.moment)
    assert [each.standing for each in other.services] == [each.standing for each in one.services]
    assert [[c.standing for c in s.channels] for s in other.services] == [
        [c.standing for c in s.channels] for s in one.services
    ]
    assert [sorted(map(repr, each.workarounds)) for each in other.services] == [
        sorted(map(repr, each.workarounds)) for each in one.services
    ]
    assert other.headline == one.headline


@given(sites(kinds=(Kind.INCIDENT,)), st.sampled_from(["online", "phone", "autopay"]), st.sampled_from(list(Status)))
def test_what_is_said_of_one_way_changes_no_other(case: Case, way: str, status: Status) -> None:
    if status in (Status.NOT_SAID, Status.PARTLY_DOWN):
        return
    now = make_board(case.site, case.moment)
    more = tuple(_say(incident, way, status, case) for incident in case.site.incidents)
    after = make_board(replace(case.site, incidents=more), case.moment)
    for service in after.services:
        for before, channel in zip(now.service_by_id[service.id].channels, service.channels, strict=False):
            if (service.id, channel.channel.id) != ("water-bill", way) and not channel.temporary:
                assert channel.status is before.status or before.standing.restored_at


def _say(incident: Incident, way: str, status: Status, case: Case) -> Incident:
    """Return an incident in which the last word at the moment is one on a single way."""
    published = tuple(update for update in incident.updates if update.time.start <= case.moment)
    if not published or published[-1].state.is_terminal or any(update.others for update in incident.updates):
        return incident
    last = published[-1]
    report = ServiceReport("water-bill", way, last.place, status)
    said = Update("said", When.moment(case.moment), State.UPDATE, last.place, reports=(report,))
    return replace(incident, updates=(*published, said))


@given(sites(kinds=(Kind.INCIDENT,)))
def test_after_a_better_word_no_advice_of_the_worse_one_is_left(case: Case) -> None:
    now = make_board(case.site, case.moment)
    for incident in now.open_incidents:
        for workaround in incident.workarounds:
            for advice in filter(None, (workaround.do, workaround.where)):
                words = [
                    word
                    for word in incident.words
                    if word.key[0] == workaround.service and workaround.channel in (None, word.key[1])
                ]
                assert not any(_got_better(words, word.key, advice.said_at) for word in words)


def _got_better(words: list[Word], key: ChannelKey, since: When) -> bool:
    """Return whether the words on one way became better after a time, from one word to the next."""
    own = sorted((word for word in words if word.key == key), key=lambda word: word.said[0].start)
    for before, after in pairwise(own):
        better = after.status.severity < before.status.severity and before.status.is_stated_problem
        adjacent = before.until is not None and before.until.start == after.said[0].start
        if better and adjacent and after.status is not Status.NOT_SAID and after.said[0].start > since.start:
            return True
    return False


@given(sites())
def test_the_headline_names_each_service_once(case: Case) -> None:
    facts = make_board(case.site, case.moment).headline
    named = [*facts.broken, *facts.stale, *facts.unknown, *facts.unsaid, *facts.working]
    assert len(named) == len(set(named))
