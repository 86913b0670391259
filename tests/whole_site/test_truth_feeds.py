"""Feeds and phone numbers: what readers and phones need besides the truth."""

from pathlib import Path

import feedparser

from tests.support.telling import make_town

SERVICES = """
    services:
      - {id: bill, name: Pay a bill, channels: [{kind: online}, {kind: phone, phone: '311 or 816-555-0100'}]}
      - {id: permits, name: Permits, channels: [{kind: phone, phone: '816-555-0100 ext. 5'}]}
"""
POST = """
    ---
    title: %s
    started: 2024-05-05 08:00
    services: {%s: down}
    ---
    Call 816-555-0199.
"""


def test_items_of_one_moment_have_dates_of_their_own(tmp_path: Path) -> None:
    posts = {name: POST % (f"Outage {name}", "bill/online") for name in ("a", "b", "c")}
    files = make_town(tmp_path, SERVICES, "", None, **posts).city.files("2024-05-05 09:00")
    for path in ("feed.xml", "atom.xml", "services/bill/feed.xml", "history.rss", "history.atom"):
        entries = feedparser.parse(files[path]).entries
        dates = [entry.published_parsed for entry in entries]
        assert len(set(dates)) == 3, path
        assert dates == sorted(dates, reverse=True)


def test_the_addresses_of_statuspage_answer(tmp_path: Path) -> None:
    files = make_town(tmp_path, SERVICES, a=POST % ("Outage", "bill/online")).city.files("2024-05-05 09:00")
    for path, other in (("history.rss", "feed.xml"), ("history.atom", "atom.xml")):
        there, here = (feedparser.parse(files[each]) for each in (path, other))
        assert [entry.id for entry in there.entries] == [entry.id for entry in here.entries]
        assert f"https://t.example/{path}" in files[path].decode()


def test_an_update_that_names_no_service_concerns_all_that_its_incident_holds(tmp_path: Path) -> None:
    post = POST % ("Outage", "bill/online") + "\n    ## 2024-05-05 10:00\n\n    Card numbers may have been taken.\n"
    files = make_town(tmp_path, SERVICES, a=post).city.files("2024-05-05 11:00")
    first = feedparser.parse(files["services/bill/feed.xml"]).entries[0]
    assert "Card numbers may have been taken" in first.summary
    assert [tag.label or tag.term for tag in first.tags] in (["Pay a bill"], ["bill"])
    assert not feedparser.parse(files["services/permits/feed.xml"]).entries


def test_the_first_number_is_linked_with_its_extension_and_all_is_shown(tmp_path: Path) -> None:
    files = make_town(tmp_path, SERVICES, a=POST % ("Outage", "bill/online")).city.files("2024-05-05 09:00")
    bill = files["services/bill/index.html"].decode()
    assert 'href="tel:311">311</a> or 816-555-0100' in bill
    assert 'href="tel:816-555-0100;ext=5"' in files["services/permits/index.html"].decode()
    assert 'href="tel:816-555-0199"' in files["incidents/a/index.html"].decode()
    assert not [path for path, content in files.items() if b"tel:311or" in content]
