"""What each kind of page and monitor publishes is read as what it says, and as no more than that."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from statusgen.follow.look import Look
from statusgen.follow.seen import MAX_TITLE_LENGTH, NotReadError, Seen
from statusgen.follow.sources.registry import SOURCES
from statusgen.model.following import Dependence, Followed, FollowKind
from statusgen.model.statuses import Status
from statusgen.model.words import Words
from tests.support import published_status as published
from tests.support.paths import SITES
from tests.support.published_status import STARTED
from tests.support.sample_sites import City

SINCE = datetime.fromisoformat(STARTED)


def look(kind: FollowKind, component: str | None, *documents: Any) -> Seen:
    """Return what documents of a kind say of a component; raise NotReadError."""
    sent = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in documents]
    dependence = Dependence(("permits",), component)
    followed = Followed("x", kind, Words((("en", "x"),)), (dependence,))
    return Look(followed, tuple(SOURCES[kind].read(sent))).find(dependence)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("operational", Status.WORKING),
        ("degraded_performance", Status.DEGRADED),
        ("partial_outage", Status.LIMITED),
        ("major_outage", Status.DOWN),
        ("under_maintenance", Status.MAINTENANCE),
    ],
)
def test_statuspage_has_five_words(word: str, status: Status) -> None:
    document = published.statuspage({"Card payments": word, "Refunds": "operational"})
    assert look(FollowKind.STATUSPAGE, "Card payments", document).status is status
    assert look(FollowKind.STATUSPAGE, "card payments", document).status is status
    assert look(FollowKind.STATUSPAGE, "id-1", document).status is status
    assert look(FollowKind.STATUSPAGE, "Refunds", document).status is Status.WORKING


def test_statuspage_says_since_when_by_the_incident_that_names_the_component() -> None:
    components = {"Card payments": "major_outage", "Refunds": "partial_outage"}
    document = published.statuspage(
        components, incident="Cards <b>fail</b>", about=["Card payments"], indicator="critical"
    )
    cards = look(FollowKind.STATUSPAGE, "Card payments", document)
    assert (cards.since, cards.title) == (SINCE, "Cards fail")
    refunds = look(FollowKind.STATUSPAGE, "Refunds", document)
    assert (refunds.since, refunds.title) == (None, "")
    whole = look(FollowKind.STATUSPAGE, None, document)
    assert (whole.status, whole.since, whole.title) == (Status.DOWN, SINCE, "Cards fail")


def test_statuspage_has_planned_work_while_it_is_under_way() -> None:
    document = published.statuspage({"Cards": "under_maintenance"}, work="New cables", about=["Cards"])
    seen = look(FollowKind.STATUSPAGE, "Cards", document)
    assert (seen.status, seen.since, seen.title) == (Status.MAINTENANCE, SINCE, "New cables")


@pytest.mark.parametrize("document", [{"page": {}}, {"status": {"indicator": 5}, "components": []}, [], "all well", 3])
@pytest.mark.parametrize("kind", [kind for kind in FollowKind if kind is not FollowKind.GATUS])
def test_a_document_of_another_shape_is_not_read(kind: FollowKind, document: object) -> None:
    with pytest.raises(NotReadError):
        look(kind, None, document)


@pytest.mark.parametrize("kind", FollowKind)
@pytest.mark.parametrize(
    "garbage", [b"", b"\x00\xff", b"<html><body>All systems operational</body></html>", b"{" * 100_000, b'{"page":']
)
def test_garbage_is_not_read(kind: FollowKind, garbage: bytes) -> None:
    with pytest.raises(NotReadError):
        look(kind, None, garbage)


def test_a_word_that_is_not_known_is_not_all_well() -> None:
    with pytest.raises(NotReadError, match="wobbly"):
        look(FollowKind.STATUSPAGE, "Cards", published.statuspage({"Cards": "wobbly"}))


def test_a_component_that_is_not_there_is_not_all_well() -> None:
    with pytest.raises(NotReadError, match='Did you mean "Card payments"'):
        look(FollowKind.STATUSPAGE, "Card payment", published.statuspage({"Card payments": "operational"}))


@pytest.mark.parametrize(
    ("page", "impact", "status"),
    [
        ("UP", None, Status.WORKING),
        ("HASISSUES", "MAJOROUTAGE", Status.DOWN),
        ("HASISSUES", "PARTIALOUTAGE", Status.LIMITED),
        ("UNDERMAINTENANCE", None, Status.MAINTENANCE),
    ],
)
def test_instatus(page: str, impact: str | None, status: Status) -> None:
    incidents = [("Cards fail", impact)] if impact else []
    summary = published.instatus(page, *incidents)
    components = published.instatus_components({"Cards": impact or "OPERATIONAL", "Mail": "OPERATIONAL"})
    whole = look(FollowKind.INSTATUS, None, summary, components)
    assert whole.status is status
    assert look(FollowKind.INSTATUS, "Mail", summary, components).status is Status.WORKING
    if impact:
        cards = look(FollowKind.INSTATUS, "Cards", summary, components)
        assert (cards.status, cards.since, cards.title) == (status, SINCE, "Cards fail")


def test_better_stack() -> None:
    resources = {"Cards": "downtime", "Mail": "operational", "Fax": "not_monitored"}
    document = published.better_stack("downtime", resources, ("Cards fail", ["Cards"]))
    cards = look(FollowKind.BETTER_STACK, "Cards", document)
    assert (cards.status, cards.since, cards.title) == (Status.DOWN, SINCE, "Cards fail")
    assert look(FollowKind.BETTER_STACK, "Mail", document).status is Status.WORKING
    assert look(FollowKind.BETTER_STACK, "Fax", document).status is Status.NOT_SAID
    assert look(FollowKind.BETTER_STACK, None, document).status is Status.DOWN


def test_what_statusgen_itself_publishes() -> None:
    """The documents are those that a sample site publishes, so that the two stay together."""
    city = City(SITES / "worst-week")
    document = city.files("2026-06-16 12:00")["status.json"]
    services = {each["id"]: each for each in json.loads(document)["services"]}
    for id, service in services.items():
        assert look(FollowKind.STATUSGEN, id, document).status.value == service["status"]
        for channel in service["channels"]:
            seen = look(FollowKind.STATUSGEN, f"{id}/{channel['id']}", document)
            assert seen.status.value == channel["status"]
    assert look(FollowKind.STATUSGEN, None, document).status.is_stated_problem


def test_a_feed_says_that_something_may_be_wrong_and_that_it_is_over() -> None:
    wrong = "<p><small>Nov 30, 15:10 UTC</small><br><strong>Investigating</strong> - Card payments fail.</p>"
    over = "<p><small>Nov 30, 16:10 UTC</small><br><strong>Resolved</strong> - All is well.</p>" + wrong
    entry = ("Trouble", wrong, STARTED)
    seen = look(FollowKind.FEED, "card payments", published.atom(entry))
    assert (seen.status, seen.since, seen.title) == (Status.UNKNOWN, SINCE, "Trouble")
    assert look(FollowKind.FEED, "refunds", published.atom(entry)).status is Status.NOT_SAID
    assert look(FollowKind.FEED, None, published.atom(("Trouble", over, STARTED))).status is Status.WORKING
    assert look(FollowKind.FEED, None, published.atom()).status is Status.NOT_SAID
    newer = ("More trouble", wrong, "2026-11-30T17:00:00Z")
    assert look(FollowKind.FEED, None, published.atom(("Trouble", over, STARTED), newer)).title == "More trouble"


def test_half_a_feed_is_not_read() -> None:
    whole = published.atom(("Resolved: trouble", "over", STARTED), ("Resolved", "over", STARTED))
    with pytest.raises(NotReadError):
        look(FollowKind.FEED, None, whole[: len(whole) * 2 // 3])


@pytest.mark.parametrize(
    ("results", "status", "since"),
    [
        ([True, True], Status.WORKING, None),
        ([True, False, False], Status.DOWN, datetime(2026, 11, 30, 15, 11, 0, 123456, UTC)),
        ([False, False], Status.DOWN, None),
        ([], Status.NOT_SAID, None),
    ],
)
def test_gatus(results: Sequence[bool], status: Status, since: datetime | None) -> None:
    document = published.gatus({"pay": results, "mail": [True]})
    seen = look(FollowKind.GATUS, "pay", document)
    assert (seen.status, seen.since) == (status, since)
    assert look(FollowKind.GATUS, "core_pay", document).status is status
    assert look(FollowKind.GATUS, None, document).status is status


@pytest.mark.parametrize(
    ("beats", "status", "since"),
    [
        ([1, 1], Status.WORKING, None),
        ([1, 0, 0], Status.DOWN, datetime(2026, 11, 30, 15, 11, tzinfo=UTC)),
        ([1, 2], Status.NOT_SAID, None),
        ([3], Status.MAINTENANCE, None),
        ([], Status.NOT_SAID, None),
    ],
)
def test_uptime_kuma(beats: Sequence[int], status: Status, since: datetime | None) -> None:
    seen = look(FollowKind.UPTIME_KUMA, "pay", *published.uptime_kuma({"pay": beats, "mail": [1]}))
    assert (seen.status, seen.since) == (status, since)


def test_what_uptime_kuma_sends() -> None:
    seen = look(FollowKind.UPTIME_KUMA, "pay", published.uptime_kuma_webhook("pay", 0))
    assert (seen.status, seen.since) == (Status.DOWN, SINCE)
    assert look(FollowKind.UPTIME_KUMA, "mail", published.uptime_kuma_webhook("pay", 0)).status is Status.NOT_SAID


@pytest.mark.parametrize("kind", [FollowKind.ALERTMANAGER, FollowKind.GRAFANA])
def test_alerts(kind: FollowKind) -> None:
    make = published.alertmanager if kind is FollowKind.ALERTMANAGER else published.grafana
    document = make(("Pay", "firing", "critical"), ("Slow", "firing", "warning"), ("Mail", "resolved", "critical"))
    pay = look(kind, "Pay", document)
    assert (pay.status, pay.since, pay.title, pay.url) == (Status.DOWN, SINCE, "Pay fails", "")
    assert look(kind, "Slow", document).status is Status.DEGRADED
    assert look(kind, "Mail", document).status is Status.WORKING
    assert look(kind, "Fax", document).status is Status.NOT_SAID, "an alert that was not sent is not over"


def test_healthchecks() -> None:
    document = published.healthchecks({"Nightly bills": "down", "Mail": "up", "Fax": "paused"})
    assert look(FollowKind.HEALTHCHECKS, "nightly-bills", document).status is Status.DOWN
    assert look(FollowKind.HEALTHCHECKS, "Mail", document).status is Status.WORKING
    assert look(FollowKind.HEALTHCHECKS, "Fax", document).status is Status.NOT_SAID


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("<script>alert(1)</script>Cards <img src=x onerror=y>", "Cards"),
        ("Cards &lt;b&gt; & more", "Cards <b> & more"),
        ("a\u202eb\u0000c\nd", "a b c d"),
        ("x" * 500, "x" * (MAX_TITLE_LENGTH - 1) + "…"),
    ],
)
def test_titles_are_plain_and_short(title: str, plain: str) -> None:
    document = published.statuspage({"Cards": "major_outage"}, incident=title, about=["Cards"])
    assert look(FollowKind.STATUSPAGE, "Cards", document).title == plain


@pytest.mark.parametrize("broken", ["2026-11-30T8:00", "soon", "2026-11-30 15:10:00", ""])
def test_a_broken_time_is_no_time(broken: str) -> None:
    document = published.statuspage({"Cards": "major_outage"}, incident="Cards", about=["Cards"], started=broken)
    assert look(FollowKind.STATUSPAGE, "Cards", document).since is None


def test_a_feed_that_grows_or_names_a_file_gives_neither(tmp_path: Path) -> None:
    """Entities that name each other grow to gigabytes; one that names a file would read it (XML 1.0, section 4.2.2)."""
    secret = tmp_path / "secret"
    secret.write_text("top secret")
    entry = "<rss version='2.0'><channel><item><title>Cards &x; fail</title></item></channel></rss>"
    outside = f"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY x SYSTEM '{secret.as_uri()}'>]>{entry}"
    assert look(FollowKind.FEED, None, outside.encode()).title == "Cards fail"
    grown = "".join(f"<!ENTITY x{number} '{f'&x{number - 1};' * 10}'>" for number in range(1, 10))
    bomb = f"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY x0 'lol'>{grown}<!ENTITY x '&x9;'>]>{entry}"
    with pytest.raises(NotReadError):
        look(FollowKind.FEED, None, bomb.encode())


@pytest.mark.parametrize(
    "words",
    [
        *("Cards are not operational", "Cards are non-operational", "Cards are partially operational"),
        *("This will be resolved soon", "It is being resolved", "Slow until resolved", "It isn't resolved"),
    ],
)
def test_a_feed_that_says_that_it_is_not_over_does_not_say_that_it_is(words: str) -> None:
    assert look(FollowKind.FEED, None, published.atom((words, "", STARTED))).status is Status.UNKNOWN


@pytest.mark.parametrize("words", ["Resolved: Cards fail", "This incident has been resolved.", "Cards are operational"])
def test_a_feed_that_says_that_it_is_over_is_believed(words: str) -> None:
    assert look(FollowKind.FEED, None, published.atom((words, "", STARTED))).status is Status.WORKING


def test_thousands_of_incidents_at_thousands_of_components_take_no_longer_than_to_read() -> None:
    document = published.statuspage({f"Part {number}": "operational" for number in range(5_000)})
    named = [{"id": f"id-{number}"} for number in range(20)]
    document["incidents"] = [{"id": str(number), "name": "x", "components": named} for number in range(2_000)]
    began = process_time()
    assert look(FollowKind.STATUSPAGE, "Part 7", document).status is Status.WORKING
    assert process_time() - began < 2
