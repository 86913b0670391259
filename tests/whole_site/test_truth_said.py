"""What feeds, cards and plain text say of an update is what the update says, and nothing that it says is left out."""

import json
import re
from pathlib import Path

import feedparser
import pytest

from tests.support.paths import SITES
from tests.support.sample_sites import City, Page
from tests.support.telling import make_town
from tests.whole_site.test_truth_ties import post

SERVICES = """
    services:
      - {id: bill, name: Bills, channels: [{kind: online}, {kind: in_person, address: 200 N. Holliday St.}]}
      - {id: parks, name: Parks}
"""
DAY_ONE = "started: 2024-05-05 08:00\nservices: {bill: down}"


def items(city: City, at: str) -> list[str]:
    """Return what the items of the feed say, newest first, and that all formats say the same."""
    files = city.files(at)
    texts = [item["content_text"] for item in json.loads(files["feed.json"])["items"]]
    for path in ("feed.xml", "atom.xml"):
        entries = feedparser.parse(files[path]).entries
        read = [Page(entry.get("content", [{"value": entry.summary}])[0]["value"]).words for entry in entries]
        assert [re.sub(r"\W+", "", each) for each in read] == [
            re.sub(r"\W+", "", re.sub(r": https://\S+", "", each)) for each in texts
        ]
    return texts


def card(city: City, at: str, post: str = "x") -> str:
    """Return the words of the page of a post."""
    return Page(city.files(at)[f"incidents/{post}/index.html"].decode()).words


@pytest.mark.parametrize(
    ("due", "came", "is_late"),
    [
        ("2024-05-05 16:00", "2024-05-05 16:00", False),
        ("2024-05-05 16:00", "2024-05-05 16:01", True),
        ("2024-05-05", "2024-05-05 23:59", False),
        ("2024-05-05", "2024-05-06 00:00", True),
    ],
)
def test_an_update_that_came_in_the_minute_for_which_it_was_promised_is_not_late(
    tmp_path: Path, due: str, came: str, is_late: bool
) -> None:
    town = make_town(tmp_path, SERVICES, x=post(f"{DAY_ONE}\nnext_update: {due}", f"{came}\nknown: [It is the disk]"))
    for text in (items(town.city, "2024-05-06 09:00")[0], card(town.city, "2024-05-06 09:00")):
        assert ("It came late." in text) is is_late
    updates = json.loads(town.city.files("2024-05-06 09:00")["incidents/x/incident.json"])["updates"]
    assert (updates[-1]["late_for"] is not None) is is_late


def test_what_was_said_to_work_after_it_came_back_was_not_left_unsaid(tmp_path: Path) -> None:
    town = make_town(
        tmp_path,
        SERVICES,
        x=post(
            "started: 2024-05-05 08:00\nservices: {bill: down, parks: down}",
            "2024-05-06 09:00\nservices: {parks: working}",
            "2024-05-10 09:00\nservices: {parks: working}",
        ),
    )
    town.at("2024-05-11 09:00").assert_told("Parks: Back since Mon, May 6, 9 AM")
    told = town.at("2024-05-25 09:00")
    told.assert_told("Parks: Working when last checked, Fri, May 10, 9 AM")
    told.assert_never("nothing said since")


def test_a_way_for_a_while_keeps_its_name_in_what_later_updates_say_of_it(tmp_path: Path) -> None:
    way = "bill: {channels: [{id: arena, %s}]}"
    town = make_town(
        tmp_path,
        SERVICES,
        x=post(
            f"{DAY_ONE}\n".replace(
                "bill: down", "bill: {status: down, channels: [{id: arena, kind: in_person, name: Arena}]}"
            ),
            "2024-05-06 09:00\nservices: {bill: {channels: [{id: arena}]}}",
            f"2024-05-07 09:00\nservices: {{{way % 'until: 2024-05-09'}}}",
        ),
    )
    last, middle, first = items(town.city, "2024-05-07 12:00")
    assert "Bills: Arena: Until May 9, 2024." in last
    assert middle.endswith("Bills: Arena.")
    assert "Bills: Not available. Arena.\n" in first
    page = card(town.city, "2024-05-07 12:00")
    assert "In person." not in page
    assert page.count("Arena") == 4


def test_an_update_of_a_notice_or_of_planned_work_says_until_when(tmp_path: Path) -> None:
    notice = post("started: 2024-05-05 08:00\nkind: notice\ntopic: health\nends: 2024-05-20 15:00")
    work = post(
        "kind: maintenance\nposted: 2024-05-05\nstarts: 2024-05-10 08:00\nends: 2024-05-10 12:00\nservices: [bill]",
        "2024-05-06 09:00\nstarts: 2024-05-11 08:00\nends: 2024-05-11 12:00",
    )
    town = make_town(tmp_path, SERVICES, x=notice, w=work)
    assert "Until Mon, May 20, 3 PM." in card(town.city, "2024-05-07 09:00")
    page = card(town.city, "2024-05-07 09:00", "w")
    assert "WhenFri, May 10, 8 AM to noon." in page
    assert "WhenSat, May 11, 8 AM to noon." in page


def test_a_post_that_was_withdrawn_and_speaks_again_says_only_what_it_says_then(tmp_path: Path) -> None:
    first = f"""{DAY_ONE}
waivers: [{{id: fees, what: No late fees}}, {{id: fines, what: No fines}}]
deadlines: [{{id: appeal, what: Last day to appeal, on: 2024-05-20, services: [bill]}}]
known: [The disk failed]
others: unknown
expected: {{services: [parks], by: 2024-05-30}}"""
    again = "2024-05-07 09:00\nservices: {bill: down, parks: unknown}\nwaivers: [{id: fines, until: 2024-06-01}]"
    town = make_town(tmp_path, SERVICES, x=post(first, "2024-05-06 09:00 Withdrawn", again))
    town.at("2024-05-05 12:00").assert_told("No late fees", "Last day to appeal")
    town.at("2024-05-06 12:00").assert_told("No problems reported")
    told = town.at("2024-05-07 12:00")
    told.assert_told("1 of 2 services is not working as usual", "No fines. From May 5 to June 1.")
    told.assert_never("No late fees", "Last day to appeal", "The disk failed", "May 30")


def test_a_sentence_of_the_city_that_has_its_period_gets_no_other(tmp_path: Path) -> None:
    entry = """services:
  bill/online: down
  bill/in_person: {status: working, address: 1 Main St.}
  bill: {do: Call us!, where: Go to 9 Elm St., channels: [{kind: drop_box, name: Box on Elm St., address: 9 Elm St.}]}
waivers: [{id: fees, what: No fees on Elm St.}]"""
    told = make_town(
        tmp_path, SERVICES, x=post(f"started: 2024-05-05 08:00\n{entry}", title="The network of Acme Inc.")
    ).at("2024-05-05 09:00")
    page = card(told.city, "2024-05-05 09:00")
    assert "Bills. Call us! Go to 9 Elm St. Box on Elm St., 9 Elm St." in page
    assert "Bills (In person): Working. 1 Main St. (for now)." in page
    for path, content in told.city.files("2024-05-05 09:00").items():
        if path.endswith((".html", ".txt", ".xml", ".json", ".ics")) and not path.startswith("schemas/"):
            assert not re.search(r"St\.\.|Inc\.\.|us!\.", content.decode()), path


@pytest.mark.parametrize(
    ("name", "at", "late"),
    [
        ("storm", "2026-10-05", ["2026-09-26-1000"]),
        ("long-tail", "2026-01-05", ["2025-08-22-1600", "2025-12-16-1500"]),
        ("vendor", "2026-10-30", ["2026-10-08-0900", "2026-10-12-0900"]),
    ],
)
def test_only_what_came_after_its_time_is_called_late_in_the_feeds(name: str, at: str, late: list[str]) -> None:
    city = City(SITES / name)
    found = json.loads(city.files(at)["feed.json"])["items"]
    assert sorted(item["url"].split("#update-")[1] for item in found if "It came late." in item["content_text"]) == late


def test_on_day_300_nothing_is_called_unsaid_that_the_last_update_said() -> None:
    text = City(SITES / "long-tail").files("2026-06-01")["status.txt"].decode()
    for name in ("City website", "City email", "Business licenses", "Public records", "Building inspections"):
        assert f"{name}: Working when last checked, Tue, December 30, 2025, noon." in text
    assert "nothing said since" not in text


def test_that_somebody_looks_into_it_is_said_only_if_somebody_said_so(tmp_path: Path) -> None:
    post = "---\ntitle: The network is down\nstarted: 2024-05-05 08:00\nservices: {a: down}\n---\n\n"
    more = "## 2024-05-05 10:00 Investigating\nservices: {a: down}\n"
    services = "services: [{id: a, name: Permits}]"
    for number, (text, is_said) in enumerate([(post, False), (post + more, True)]):
        town = make_town(tmp_path / str(number), services, post=text)
        for path in ("index.html", "incidents/post/index.html", "archive/2024/05/index.html"):
            page = town.city.files("2024-05-05 12:00")[path].decode()
            assert ("Investigating" in page) is is_said, path


def test_what_is_so_at_a_way_until_a_day_says_until_when(tmp_path: Path) -> None:
    services = """
    services:
      - id: bill
        name: Bills
        channels: [{id: desk, kind: in_person, hours: all day, accepts: [cash, check]}, {id: online, kind: online}]
    """
    post = """
    ---
    title: The network is down
    started: 2024-05-05 08:00
    services:
      bill/online: down
      bill/desk: {status: working, accepts: [cash], hours: 9 to noon, until: 2024-05-09}
    ---
    """
    town = make_town(tmp_path, services, post=post)
    page = town.at("2024-05-05 09:00").told("bill")
    assert "cash only until Thu, May 9" in page
    assert "9 to noon (until Thu, May 9)" in page
    assert "until" not in town.at("2024-05-10 09:00").told("bill").split("Updates")[0].split("Timeline")[0]
