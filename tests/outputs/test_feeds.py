"""The feeds: every update once, forever under one id, and complete."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import etree, html

from statusgen.board.model.news import UpdateView
from statusgen.outputs.feeds.items import Item, Items
from tests.support.feeds import (
    NETWORK,
    NETWORK_FILE,
    TRASH,
    TRASH_FILE,
    Springfield,
    entry_ids,
    entry_titles,
    feed_files,
    parse_feed,
)
from tests.support.sample_sites import KANSAS_CITY, text_of
from tests.support.telling import Town, make_town

ATOM = "{http://www.w3.org/2005/Atom}"
NAMES = {"a": "http://www.w3.org/2005/Atom"}
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
IN_THE_THICK_OF_IT = "2024-05-18"


@pytest.fixture
def springfield(tmp_path: Path) -> Springfield:
    return Springfield(tmp_path)


def item(content: bytes, title: str) -> str:
    """Return the words of the item with this title, as a reader shows them."""
    (found,) = [entry for entry in parse_feed(content).entries if entry.title == title]
    return text_of(html.fragment_fromstring(found.get("content", [{"value": found.summary}])[0]["value"], "div"))


def kansas_city() -> dict[str, bytes]:
    files = KANSAS_CITY.files(IN_THE_THICK_OF_IT)
    return {path: content for path, content in files.items() if path.endswith(("feed.xml", "atom.xml"))}


def rss() -> dict[str, etree._Element]:
    found = {path: etree.fromstring(content) for path, content in kansas_city().items() if path.endswith("feed.xml")}
    return {path: root[0] for path, root in found.items()}


def atom() -> dict[str, etree._Element]:
    return {path: etree.fromstring(content) for path, content in kansas_city().items() if path.endswith("atom.xml")}


def text(parent: etree._Element, tag: str) -> str:
    found = parent.findtext(tag)
    assert found
    return found


# Which feeds there are, and what kind of documents they are.


def test_the_site_every_group_service_and_incident_have_three_feeds_in_every_language() -> None:
    site, standings = KANSAS_CITY.site, KANSAS_CITY.board(IN_THE_THICK_OF_IT).incidents
    pages = ["", *(f"groups/{group.id}/" for group in site.groups), *(f"services/{each.id}/" for each in site.services)]
    pages += [f"incidents/{standing.id}/" for standing in standings]
    names = ("feed.xml", "atom.xml", "feed.json")
    expected = {f"{edition}{page}{name}" for edition in ("", "es/") for page in pages for name in names}
    # The addresses of Statuspage's feeds answer too, in the first language.
    expected |= {"feeds.opml", "es/feeds.opml", "history.rss", "history.atom"}
    assert set(feed_files(site, KANSAS_CITY.moment(IN_THE_THICK_OF_IT))) == expected
    assert expected < set(KANSAS_CITY.files(IN_THE_THICK_OF_IT))


def test_a_feed_reader_has_nothing_to_complain_of() -> None:
    for content in kansas_city().values():
        parse_feed(content)


def test_rss_has_what_rss_2_asks_for() -> None:
    for channel in rss().values():
        assert channel.getparent() is not None
        for tag in ("title", "link", "description", "language", "lastBuildDate", "generator", CREATOR):
            assert text(channel, tag)
        for entry in channel.findall("item"):
            tags = [child.tag for child in entry if child.tag != "category"]
            assert tags == ["title", "link", "description", "guid", "pubDate"]
            assert parsedate_to_datetime(text(entry, "pubDate")).tzinfo


def test_atom_has_what_rfc_4287_asks_for() -> None:
    for feed in atom().values():
        assert feed.tag == f"{ATOM}feed"
        for parent in (feed, *feed.findall(f"{ATOM}entry")):
            for tag in ("id", "title", "updated"):
                assert len(parent.findall(ATOM + tag)) == 1
        assert feed.findtext(f"{ATOM}author/{ATOM}name")
        assert feed.findtext(f"{ATOM}generator") == "statusgen"
        for entry in feed.findall(f"{ATOM}entry"):
            (link,) = entry.findall(f"{ATOM}link")
            assert link.get("rel", "alternate") == "alternate"
            content = entry.find(f"{ATOM}content")
            assert content is not None
            assert content.get("type") == "html"


def test_a_city_that_has_said_nothing_yet_has_feeds_without_items(springfield: Springfield) -> None:
    early = springfield.feeds("2024-05-01T12:00-05:00")
    assert parse_feed(early["feed.xml"]).entries == []
    assert parse_feed(early["services/trash/atom.xml"]).entries == []


# One item for each update.


def test_there_is_one_item_for_each_update_newest_first(springfield: Springfield) -> None:
    assert entry_titles(springfield.feeds()["feed.xml"]) == [
        "Resolved: The network is down",
        "Restored: Pay a water bill",
        "Update: The network is down",
        "Correction: The network is down",
        "New: Trash is late",
        "New: The network is down",
    ]


def test_kansas_city_s_items_are_all_its_updates_until_then() -> None:
    now = KANSAS_CITY.board(IN_THE_THICK_OF_IT)
    published = sum(len(standing.updates) for standing in now.incidents)
    for path in ("feed.xml", "atom.xml", "es/feed.xml", "es/atom.xml"):
        assert len(set(entry_ids(kansas_city()[path]))) == len(entry_ids(kansas_city()[path])) == published


def test_items_are_dated_when_they_were_said_and_never_after_the_build() -> None:
    posts = KANSAS_CITY.board(IN_THE_THICK_OF_IT).updates
    said = {f"/incidents/{post.incident.id}/#update-{post.update.id}": post.update.time.start for post in posts}
    for channel in rss().values():
        dates = []
        for entry in channel.findall("item"):
            dates.append(parsedate_to_datetime(text(entry, "pubDate")))
            path = urlsplit(text(entry, "link")).path.removeprefix("/es")
            # Items of one moment are a second apart, so that readers keep their order.
            late = dates[-1] - said[f"{path}#{urlsplit(text(entry, 'link')).fragment}"]
            assert timedelta() <= late < timedelta(minutes=1)
            assert dates[-1] <= KANSAS_CITY.moment(IN_THE_THICK_OF_IT)
        assert dates == sorted(set(dates), reverse=True)


def test_a_title_begins_with_what_has_changed() -> None:
    assert entry_titles(kansas_city()["feed.xml"])[0] == (
        "Restored: Pay a water bill (KC Water customer portal) and Pay a water bill (Pay by phone)"
    )
    assert "Restored: City Council and committee meetings" in entry_titles(kansas_city()["feed.xml"])
    assert "Correction: City computer network shut down" in entry_titles(kansas_city()["feed.xml"])
    assert entry_titles(kansas_city()["es/feed.xml"])[0].startswith("Servicio restablecido: Pagar la factura del agua")
    for content in kansas_city().values():
        assert all(": " in title for title in entry_titles(content))


def test_a_feed_ends_with_the_hundredth_item(springfield: Springfield) -> None:
    later = "".join(f"\n## 2024-05-10 {n // 60:02}:{n % 60:02} Update\n\nWord {n}.\n" for n in range(120))
    springfield.write(TRASH_FILE, TRASH + later)
    content = springfield.feeds()["feed.xml"]
    assert len(entry_ids(content)) == 100
    assert entry_ids(content)[0].endswith("2024-05-10-0159")


# Ids are forever.


def test_ids_are_tags_and_no_addresses() -> None:
    for channel in rss().values():
        for entry in channel.findall("item"):
            guid = entry.find("guid")
            assert guid is not None
            assert guid.get("isPermaLink") == "false"
            assert (guid.text or "").startswith("tag:kansas-city.status.example,2024-0")


def test_an_update_has_one_id_in_every_feed_and_language() -> None:
    files = kansas_city()
    assert (
        entry_ids(files["feed.xml"])
        == entry_ids(files["atom.xml"])
        == entry_ids(files["es/feed.xml"])
        == entry_ids(files["es/atom.xml"])
    )
    assert set(entry_ids(files["services/water-bill/feed.xml"])) < set(entry_ids(files["feed.xml"]))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The network is down, es", "All computers are down, es"),
        ("We work on it.", "We work on it, day and night."),
        ("Pay at the counter.", "Pay at the counter in cash."),
        ("permits: down", "permits: limited"),
        ("## 2024-05-09 12:00 Resolved", "## 2024-05-09 12:00 Monitoring"),
    ],
)
def test_rewording_an_update_makes_no_item_and_moves_none(springfield: Springfield, before: str, after: str) -> None:
    old = springfield.feeds()
    assert before in NETWORK
    springfield.write(NETWORK_FILE, NETWORK.replace(before, after))
    new = springfield.feeds()
    assert new["feed.xml"] != old["feed.xml"]
    assert remembered_items(new) == remembered_items(old)


def test_putting_right_when_it_began_makes_no_item_either(springfield: Springfield) -> None:
    old = springfield.feeds()
    earlier = NETWORK.replace("started: 2024-05-04 08:00", "started: 2024-05-03\nposted: 2024-05-04 08:00")
    springfield.write(NETWORK_FILE, earlier)
    assert remembered_items(springfield.feeds()) == remembered_items(old)


def remembered_items(files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """Return what a feed reader remembers of the items it has shown."""
    return [(entry.id, entry.published) for entry in parse_feed(files["feed.xml"]).entries]


def test_a_new_update_makes_exactly_one_new_item(springfield: Springfield) -> None:
    old = springfield.feeds()
    springfield.write(TRASH_FILE, TRASH + "\n## 2024-05-10 12:00 Update\n\nStill late.\n")
    new = springfield.feeds()
    assert entry_ids(new["feed.xml"])[1:] == entry_ids(old["feed.xml"])
    assert entry_ids(new["es/atom.xml"])[1:] == entry_ids(old["es/atom.xml"])


def test_an_update_dated_ahead_is_in_no_feed_before_its_time(springfield: Springfield) -> None:
    assert entry_titles(springfield.feeds("2024-05-07T11:59-05:00")["feed.xml"])[0] == "Update: The network is down"
    assert entry_titles(springfield.feeds("2024-05-08T11:59-05:00")["feed.xml"])[0] == "Update: The network is down"
    assert entry_titles(springfield.feeds("2024-05-08T12:00-05:00")["feed.xml"])[0] == "Restored: Pay a water bill"


def test_a_build_without_a_new_word_leaves_every_feed_as_it_is(springfield: Springfield) -> None:
    assert springfield.feeds("2024-05-10T00:00-05:00") == springfield.feeds("2024-08-01T00:00-05:00")


def test_feeds_were_last_built_when_something_was_last_said() -> None:
    said = KANSAS_CITY.moment("2024-05-17 00:00")
    assert parsedate_to_datetime(text(rss()["feed.xml"], "lastBuildDate")) == said
    assert datetime.fromisoformat(text(atom()["atom.xml"], f"{ATOM}updated")) == said


# What an item says.


def test_an_item_says_everything_that_the_update_said(springfield: Springfield) -> None:
    words = item(springfield.feeds()["feed.xml"], "New: The network is down")
    assert words.startswith("May 4, 2024, 8 AM CDT")
    for said in (
        "Pay a water bill: Not available. Pay at the counter.",
        "Permits: Not available.",
        "See the trash or call us.",
        "May 9, 2024: Court is closed.",
        "No late fees. From May 4, 2024 until online payment works again.",
        "Expected back on June 1, 2024.",
        "Next update by May 5, 2024, 4 PM CDT.",
        "A drill.",
    ):
        assert said in words


def test_an_item_about_a_waiver_or_a_deadline_that_moved_says_the_whole_of_it(springfield: Springfield) -> None:
    words = item(springfield.feeds()["feed.xml"], "Restored: Pay a water bill")
    assert "No late fees. From May 4 to 31, 2024." in words
    assert "May 16, 2024: Court is closed." in words


WORK = """\
---
title: No permits for a night
kind: maintenance
posted: 2024-05-10 09:00
starts: 2024-05-12 22:00
ends: 2024-05-13 04:00
services: [permits]
unrelated_to: [2024-05-04-network]
---
Come by day.

## 2024-05-11 12:00 Scheduled
title: It takes longer
ends: 2024-05-13 09:00
expected: {services: [permits, trash], by: 2024-05-14}
services:
  permits:
    expected: 2024-05-13
    channels:
      - id: desk
        kind: in_person
        name: Desk
        address: City Hall, fifth floor
        hours: 9 a.m. to 4 p.m.
        accepts: [cash, check]
        until: 2024-05-31
"""


def test_an_item_about_planned_work_says_when_it_is_and_what_there_is_meanwhile(springfield: Springfield) -> None:
    springfield.write("2024-05-12-meters.md", WORK)
    second, first = json.loads(springfield.feeds()["incidents/2024-05-12-meters/feed.json"])["items"]
    words = text_in(first["content_html"])
    assert "From May 12, 2024, 10 PM CDT to May 13, 2024, 4 AM CDT." in words
    assert words.endswith("Not related to: The network is down A drill.")
    words = text_in(second["content_html"])
    for said in (
        "It takes longer",
        "Until May 13, 2024, 9 AM CDT.",
        "Permits and Trash pickup: Expected back by May 14, 2024.",
        "Permits: Desk: City Hall, fifth floor. Hours: 9 a.m. to 4 p.m. You can pay with cash or check. "
        "Until May 31, 2024. Expected back on May 13, 2024.",
    ):
        assert said in words


def test_a_notice_says_until_when_it_stands(springfield: Springfield) -> None:
    notice = "---\ntitle: Beware\nkind: notice\ntopic: fraud\nstarted: 2024-05-06\nends: 2024-06-30\n---\nHang up.\n"
    springfield.write("beware.md", notice)
    content = springfield.feeds()["incidents/beware/feed.xml"]
    assert item(content, "Fraud warning: Beware") == "May 6, 2024 Hang up. Until June 30, 2024. A drill."


def test_a_correction_leads_to_what_it_corrects(springfield: Springfield) -> None:
    (entry,) = [e for e in parse_feed(springfield.feeds()["es/feed.xml"]).entries if e.id.endswith("/2024-05-06-1200")]
    wrong = "https://example.org/springfield/es/incidents/2024-05-04-network/#update-2024-05-04-0800"
    assert [link for _, _, link, _ in html.fragment_fromstring(entry.summary, "div").iterlinks()] == [wrong]


def test_a_post_that_was_withdrawn_has_an_item_that_says_so(springfield: Springfield) -> None:
    springfield.write(TRASH_FILE, TRASH + "\n## 2024-05-06 12:00 Withdrawn\n\nTrucks are on time.\n")
    assert entry_titles(springfield.feeds()["services/trash/feed.xml"]) == [
        "Withdrawn: Trash is late",
        "New: Trash is late",
    ]


def test_an_item_is_the_same_in_every_feed_and_every_format(springfield: Springfield) -> None:
    files = springfield.feeds()
    for edition in ("", "es/"):
        known = {entry["id"]: entry for entry in json.loads(files[f"{edition}feed.json"])["items"]}
        for path, content in files.items():
            if path.startswith("es/") == bool(edition) and path.endswith(".json"):
                assert all(entry == known[entry["id"]] for entry in json.loads(content)["items"])
            elif path.startswith("es/") == bool(edition) and path.endswith(".xml"):
                for entry in parse_feed(content).entries:
                    same = known[entry.id]
                    assert (entry.title, entry.link) == (same["title"], same["url"])
                    html_ = entry.content[0].value if "content" in entry else entry.summary
                    assert text_of(html.fragment_fromstring(html_, "div")) == text_in(same["content_html"])
                    assert datetime.fromisoformat(same["date_published"]).timetuple()[:6] == entry.published_parsed[:6]
                    assert [tag.get("label") or tag.term for tag in entry.get("tags", [])] == same["tags"]


def text_in(content: str) -> str:
    return text_of(html.fragment_fromstring(content, "div"))


def test_an_item_is_worked_out_once_for_its_incident_and_once_for_all_other_feeds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, original = Counter[tuple[str, str]](), Items.make

    def count(items: Items, post: UpdateView, seconds: int) -> Item:
        item = original(items, post, seconds)
        made[items.writer.language, item.id] += 1
        return item

    monkeypatch.setattr(Items, "make", count)
    feed_files(KANSAS_CITY.site, KANSAS_CITY.moment(IN_THE_THICK_OF_IT))
    posts = KANSAS_CITY.board(IN_THE_THICK_OF_IT).updates
    assert len(made) == 2 * len(posts)
    assert set(made.values()) == {2}


def test_an_item_s_plain_text_says_what_its_html_says() -> None:
    files = feed_files(KANSAS_CITY.site, KANSAS_CITY.moment(IN_THE_THICK_OF_IT))
    for path in ("feed.json", "es/feed.json"):
        for entry in json.loads(files[path])["items"]:
            in_text = entry["content_text"]
            in_html = " ".join(html.fragment_fromstring(entry["content_html"], "div").itertext())
            # The text spells out the address of a link on its own line.
            letters = [re.sub(r"https?://\S+|\W", "", words) for words in (in_html, in_text)]
            assert letters[0] == letters[1]
            assert not re.search(r"</?\w+[ >]|&\w+;", in_text)


def test_a_correction_says_what_was_wrong_and_what_is_right(springfield: Springfield) -> None:
    words = item(springfield.feeds()["atom.xml"], "Correction: The network is down")
    assert "Pay at the counter." in words
    assert "Pay by mail." in words
    assert "The counter is closed." in words


def test_kansas_city_s_item_of_15_may_carries_the_mayor_s_words() -> None:
    entries = [entry for entry in parse_feed(kansas_city()["feed.xml"]).entries if entry.id.endswith("/2024-05-15")]
    words = text_of(html.fragment_fromstring(entries[0].summary, "div")) + entries[1].summary
    assert "Quinton Lucas, Mayor" in words
    assert "Pay at the KC Water counter with cash or a check, or use the prepaid envelope" in words
    assert "30-day grace period for anyone who has difficulty paying a water bill." in words
    assert "We don't know yet when it will be back." in words


def test_every_feed_and_every_item_says_that_it_is_a_demonstration(springfield: Springfield) -> None:
    demonstration = KANSAS_CITY.site.demonstration
    assert demonstration
    for path, channel in rss().items():
        words = demonstration.in_language("es" if path.startswith("es/") else "en").text
        assert words in text(channel, "description")
        assert all(words in text(entry, "description") for entry in channel.findall("item"))
    for path, content in springfield.feeds().items():
        words = "Un simulacro." if path.startswith("es/") else "A drill."
        if path.endswith(".json"):
            feed = json.loads(content)
            assert feed["description"].startswith(words)
            assert all(entry["content_text"].endswith(words) for entry in feed["items"])
            assert all(words in entry["content_html"] for entry in feed["items"])
        elif path.endswith("atom.xml"):
            root = etree.fromstring(content)
            assert text(root, f"{ATOM}subtitle").startswith(words)
            assert all(words in text(entry, f"{ATOM}content") for entry in root.findall(f"{ATOM}entry"))


def test_the_spanish_feed_is_in_spanish(springfield: Springfield) -> None:
    assert text(rss()["es/feed.xml"], "language") == "es"
    assert atom()["es/atom.xml"].get(LANGUAGE) == "es"
    assert atom()["atom.xml"].get(LANGUAGE) == "en"
    spanish = springfield.feeds()["es/feed.xml"]
    assert entry_titles(spanish)[-1] == "Nuevo: La red no funciona"
    # What is not translated stays as it is, and says its language.
    description = parse_feed(spanish).entries[-1].summary
    assert '<div lang="en" dir="ltr">' in etree.fromstring(spanish).findtext("channel/item[6]/description", "")
    assert "Este texto todavía no está traducido." in description
    assert "Pagar el agua" in description


def test_each_feed_has_the_text_in_its_own_language(springfield: Springfield) -> None:
    springfield.write(TRASH_FILE.replace(".md", ".es.md"), "---\ntitle: Basura\n---\nLos camiones llegan tarde.\n")
    for path, here, elsewhere in (
        ("feed.xml", "Trucks are late.", "Los camiones"),
        ("es/feed.xml", "Los camiones llegan tarde.", "Trucks are"),
        ("es/atom.xml", "Los camiones llegan tarde.", "Trucks are"),
        ("es/feed.json", "Los camiones llegan tarde.", "Trucks are"),
    ):
        feed = springfield.feeds()[path].decode()
        assert here in feed, path
        assert elsewhere not in feed, path


def test_a_feed_that_runs_from_right_to_left_says_so_in_every_item() -> None:
    site = replace(KANSAS_CITY.site, languages=("en", "ar"))
    files = feed_files(site, KANSAS_CITY.moment(IN_THE_THICK_OF_IT))
    assert all(entry.summary.startswith("<p>") for entry in parse_feed(files["feed.xml"]).entries)
    arabic = parse_feed(files["ar/feed.xml"]).entries
    assert arabic
    assert all(entry.summary.startswith('<div dir="rtl" lang="ar"><p>') for entry in arabic)
    # What is not translated keeps its direction.
    assert any('<div dir="ltr" lang="en">' in entry.summary for entry in arabic)


def test_what_a_machine_translated_says_so() -> None:
    (entry,) = [entry for entry in parse_feed(kansas_city()["es/feed.xml"]).entries if entry.id.endswith("/2024-05-17")]
    assert "lo tradujo una máquina" in entry.summary


# Links.


def test_feeds_link_to_their_page_and_to_themselves() -> None:
    site = KANSAS_CITY.site
    for path, channel in rss().items():
        (own,) = channel.findall(f"{ATOM}link")
        assert (own.get("rel"), own.get("href")) == ("self", site.url + path)
        assert text(channel, "link") == page_of(path)
    for path, feed in atom().items():
        assert text(feed, f"{ATOM}id") == site.url + path, "the id of a feed is its own"
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        assert links == {"self": site.url + path, "alternate": page_of(path)}


def page_of(path: str) -> str:
    """Return the page to read instead of a feed; a group has none of its own, and the front page shows it."""
    folder = path.rpartition("/")[0]
    own = folder.removeprefix("es/").startswith(("services/", "incidents/"))
    edition = "es/" if path.startswith("es/") else ""
    return KANSAS_CITY.site.url + (f"{folder}/" if own else edition)


def test_every_link_is_whole_and_leads_to_its_update() -> None:
    files, site = KANSAS_CITY.files(IN_THE_THICK_OF_IT), KANSAS_CITY.site
    for path, content in kansas_city().items():
        for entry in parse_feed(content).entries:
            address = urlsplit(entry.link)
            assert entry.link.startswith(site.url + ("es/" if path.startswith("es/") else ""))
            page = files[f"{unquote(address.path).lstrip('/')}index.html"]
            assert f'id="{address.fragment}"'.encode() in page


def test_links_in_a_text_are_whole_too(springfield: Springfield) -> None:
    springfield.write(NETWORK_FILE, NETWORK.partition("## 2024-05-06")[0])
    for path, content in springfield.feeds().items():
        assert b"site:" not in content
        if path.endswith((".json", ".opml")):
            continue
        edition = "es/" if path.startswith("es/") else ""
        for written in etree.fromstring(content).xpath("//item/description | //a:content", namespaces=NAMES):
            links = [link for _, _, link, _ in html.fragment_fromstring(written.text, "div").iterlinks()]
            trash = f"https://example.org/springfield/{edition}incidents/2024-05-05-trash/"
            assert links in ([], [trash, "tel:+15550100"])


# The feed of an incident, of planned work, of a notice.


def test_an_incident_s_feed_has_its_own_updates_and_no_others(springfield: Springfield) -> None:
    files = springfield.feeds()
    assert entry_titles(files["incidents/2024-05-05-trash/feed.xml"]) == ["New: Trash is late"]
    own = [id for id in entry_ids(files["feed.xml"]) if "2024-05-04-network" in id]
    assert len(own) == 5
    assert entry_ids(files["incidents/2024-05-04-network/atom.xml"]) == own
    title = parse_feed(files["incidents/2024-05-04-network/feed.xml"]).feed.title
    assert title == "The network is down - Springfield service status"


def test_a_past_incident_s_feeds_keep_their_bytes_whatever_comes_after(springfield: Springfield) -> None:
    old = springfield.feeds("2024-05-20T00:00-05:00")
    later = NETWORK.replace("2024-06", "2024-08").replace("2024-05", "2024-07")
    again = later.replace("2024-07-05-trash", "2024-05-05-trash")
    springfield.write("2024-07-04-again.md", again)
    springfield.write("2024-06-02-work.md", WORK.replace("2024-05-1", "2024-07-1"))
    new = springfield.feeds("2024-07-20T00:00-05:00")
    past = [path for path in old if "incidents/" in path]
    assert len(past) == 12
    assert {path: new[path] for path in past} == {path: old[path] for path in past}
    assert new["services/permits/feed.xml"] != old["services/permits/feed.xml"]


def test_an_incident_nobody_may_see_yet_has_no_feed(springfield: Springfield) -> None:
    assert not [path for path in springfield.feeds("2024-05-04T12:00-05:00") if "2024-05-05-trash" in path]


# The feeds of one service, and of a group.


def test_a_group_s_feed_has_what_is_about_any_of_its_services_once(springfield: Springfield) -> None:
    springfield.write(TRASH_FILE, TRASH + "\n## 2024-05-10 12:00 Update\nservices: {permits: degraded}\n")
    files = springfield.feeds()
    assert parse_feed(files["groups/hall/feed.xml"]).feed.title == "City Hall - Springfield service status"
    services = {*entry_ids(files["services/permits/feed.xml"]), *entry_ids(files["services/water-bill/feed.xml"])}
    in_group = entry_ids(files["groups/hall/feed.xml"])
    assert in_group == [id for id in entry_ids(files["feed.xml"]) if id in services]
    assert entry_titles(files["groups/hall/feed.xml"])[0] == "Slow or unreliable: Permits"


def test_an_update_that_only_waives_something_is_told_by_that(springfield: Springfield) -> None:
    waiver = "waivers: [{id: fees, services: [trash], what: No late fees}]\n"
    springfield.write(TRASH_FILE, f"{TRASH}\n## 2024-05-10 12:00 Update\n{waiver}")
    assert entry_titles(springfield.feeds()["feed.xml"])[0] == "Waiver: No late fees"


def test_a_service_s_feed_has_what_is_about_it_from_the_first_word_to_the_last(springfield: Springfield) -> None:
    files = springfield.feeds()
    assert entry_titles(files["services/permits/feed.xml"]) == [
        "Resolved: The network is down",
        "Restored: Pay a water bill",
        "Update: The network is down",  # names no service, so it is about all that do not work
        "Correction: The network is down",
        "New: The network is down",
    ]
    assert entry_titles(files["services/trash/feed.xml"]) == ["New: Trash is late"]
    assert parse_feed(files["services/trash/feed.xml"]).feed.title == "Trash pickup - Springfield service status"


def test_a_service_that_works_again_hears_no_more_of_the_incident(springfield: Springfield) -> None:
    assert entry_titles(springfield.feeds()["services/water-bill/feed.xml"])[0] == "Restored: Pay a water bill"


def test_an_estimate_for_all_is_in_the_feed_of_each_service_that_is_held_back(springfield: Springfield) -> None:
    springfield.write(
        NETWORK_FILE, NETWORK.replace("## 2024-05-07 Update\n", "## 2024-05-07 Update\nexpected: unknown\n")
    )
    files = springfield.feeds()
    assert "Update: The network is down" in entry_titles(files["services/permits/feed.xml"])
    assert "Update: The network is down" in entry_titles(files["services/water-bill/feed.xml"])
    assert "Update: The network is down" not in entry_titles(files["services/trash/feed.xml"])


def test_what_ends_one_of_two_problems_is_in_the_feed_as_well(springfield: Springfield) -> None:
    springfield.write(TRASH_FILE, TRASH.replace("{trash: degraded}", "{trash: degraded, permits: down}"))
    assert entry_titles(springfield.feeds()["services/permits/feed.xml"])[0] == "Resolved: The network is down"


OUTAGE = """
    ---
    title: Payments are down
    started: 2024-05-04 08:00
    services: {pay: down}
    ---
    We are looking into it.

    ## 2024-05-06 09:00 Resolved

    Payments work again.
    """
LATE_WORD = """
    ## 2024-11-20 10:00

    The report is out.
    """


def feeds_of_the_outage(town: Town, moment: str) -> list[str]:
    files = town.city.files(moment)
    feeds = [f"incidents/outage/{name}" for name in ("feed.xml", "atom.xml", "feed.json")]
    page, there = files["incidents/outage/index.html"].decode(), [path for path in feeds if path in files]
    assert ("Subscribe to this incident" in page) == bool(there)
    assert (' href="feed.xml"' in page) == bool(there)
    assert "incidents/outage/incident.json" in files
    assert entry_titles(files["feed.xml"])
    return there


def test_the_feeds_of_an_incident_end_90_days_after_it_and_a_later_update_brings_them_back(tmp_path: Path) -> None:
    services = "services: [{id: pay, name: Payments}]"
    ended = make_town(tmp_path / "ended", services, outage=OUTAGE)
    assert len(feeds_of_the_outage(ended, "2024-08-04 08:59")) == 3
    assert feeds_of_the_outage(ended, "2024-08-04 09:00") == []
    late = make_town(tmp_path / "late", services, outage=OUTAGE + LATE_WORD)
    assert feeds_of_the_outage(late, "2024-11-20 09:59") == []
    assert len(feeds_of_the_outage(late, "2024-11-20 10:00")) == 3
    assert feeds_of_the_outage(late, "2025-02-18 10:00") == []


def test_what_is_not_over_keeps_its_feeds(tmp_path: Path) -> None:
    town = make_town(tmp_path, "services: [{id: pay, name: Payments}]", outage=OUTAGE.partition("## ")[0])
    assert "incidents/outage/atom.xml" in town.city.files("2029-05-04 08:00")
