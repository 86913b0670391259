"""The feeds: every update once, for ever under one id, whole, and readable by programs that we did not write."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import feedparser
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree, html
from markupsafe import escape

from statusgen.errors import Place
from statusgen.languages.interface import available
from statusgen.model import Incident, Kind, Markup, Site, State, Update, When, Words
from statusgen.outputs import feeds
from statusgen.reading.content import read
from statusgen.status.board import board
from statusgen.theme.look import Look
from tests.cities import KANSAS_CITY, words_of

ATOM = "{http://www.w3.org/2005/Atom}"
NAMES = {"a": "http://www.w3.org/2005/Atom"}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
IN_THE_THICK_OF_IT = "2024-05-18"

SERVICES = """\
site:
  title: {en: Springfield service status, es: Estado de los servicios de Springfield}
  url: https://example.org/springfield/
  timezone: America/Chicago
  languages: [en, es]
  demonstration: {en: A drill., es: Un simulacro.}
services:
  - {id: trash, name: {en: Trash pickup, es: Basura}}
  - id: water-bill
    name: {en: Pay a water bill, es: Pagar el agua}
    channels: [{id: online, kind: online}, {id: phone, kind: phone}]
  - {id: permits, name: Permits}
"""

NETWORK = """\
---
title: {en: The network is down, es: La red no funciona}
started: 2024-05-04 08:00
services:
  water-bill: {status: down, do: Pay at the counter.}
  permits: down
expected: 2024-06-01
next_update: 2024-05-05 16:00
waivers:
  - {id: late-fees, services: [water-bill], what: No late fees, until: online payment works again}
deadlines:
  - {id: court, on: 2024-05-09, what: Court is closed., services: [permits]}
---
See [the trash](2024-05-05-trash.md) or call [us](tel:+15550100).

## 2024-05-06 12:00 Correction
corrects: 2024-05-04 08:00
wrong: Pay at the counter.
right: Pay by mail.

The counter is closed.

## 2024-05-07 Update

We work on it.

## 2024-05-08 12:00 Monitoring
services: {water-bill: working}
waivers: [{id: late-fees, until: 2024-05-31}]
deadlines: [{id: court, on: 2024-05-16}]

Payments are back.

## 2024-05-09 12:00 Resolved

All is back.
"""

TRASH = """\
---
title: Trash is late
started: 2024-05-05
services: {trash: degraded}
---
Trucks are late.
"""
TRASH_FILE = "2024-05-05-trash.md"
NETWORK_FILE = "2024-05-04-network.md"


class Springfield:
    """A small city whose posts a test may rewrite."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "incidents").mkdir()
        (folder / "services.yaml").write_text(SERVICES, encoding="utf-8")
        self.write(NETWORK_FILE, NETWORK)
        self.write(TRASH_FILE, TRASH)

    def write(self, name: str, text: str) -> None:
        (self.folder / "incidents" / name).write_text(text, encoding="utf-8")

    def feeds(self, at: str = "2024-06-01T00:00-05:00") -> Mapping[str, bytes]:
        content = read(self.folder, available())
        assert content.site, content.problems
        assert content.problems == []
        return feeds_of(content.site, datetime.fromisoformat(at))


@pytest.fixture
def springfield(tmp_path: Path) -> Springfield:
    return Springfield(tmp_path)


def feeds_of(site: Site, moment: datetime) -> Mapping[str, bytes]:
    return {file.path: file.content for file in feeds.files(board(site, moment), Look(Path()))}


def parsed(content: bytes) -> feedparser.FeedParserDict:
    """A feed as a feed reader understands it."""
    feed = feedparser.parse(content)
    assert not feed.bozo, feed.bozo_exception
    return feed


def titles(content: bytes) -> list[str]:
    return [entry.title for entry in parsed(content).entries]


def ids(content: bytes) -> list[str]:
    return [entry.id for entry in parsed(content).entries]


def item(content: bytes, title: str) -> str:
    """The words of the item with this title, as a reader shows them."""
    (found,) = [entry for entry in parsed(content).entries if entry.title == title]
    return words_of(html.fragment_fromstring(found.get("content", [{"value": found.summary}])[0]["value"], "div"))


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


def test_the_site_and_every_service_have_rss_and_atom_in_every_language() -> None:
    pages = ["", *(f"services/{service.id}/" for service in KANSAS_CITY.site.services)]
    expected = {
        f"{edition}{page}{name}" for edition in ("", "es/") for page in pages for name in ("feed.xml", "atom.xml")
    }
    assert set(kansas_city()) == expected


def test_a_feed_reader_has_nothing_to_complain_of() -> None:
    for content in kansas_city().values():
        parsed(content)


def test_rss_has_what_rss_2_asks_for() -> None:
    for channel in rss().values():
        assert channel.getparent() is not None
        for tag in ("title", "link", "description", "language", "lastBuildDate"):
            assert text(channel, tag)
        for entry in channel.findall("item"):
            assert [child.tag for child in entry] == ["title", "link", "description", "guid", "pubDate"]
            assert parsedate_to_datetime(text(entry, "pubDate")).tzinfo


def test_atom_has_what_rfc_4287_asks_for() -> None:
    for feed in atom().values():
        assert feed.tag == f"{ATOM}feed"
        for parent in (feed, *feed.findall(f"{ATOM}entry")):
            for tag in ("id", "title", "updated"):
                assert len(parent.findall(ATOM + tag)) == 1
        assert feed.findtext(f"{ATOM}author/{ATOM}name")
        for entry in feed.findall(f"{ATOM}entry"):
            (link,) = entry.findall(f"{ATOM}link")
            assert link.get("rel", "alternate") == "alternate"
            content = entry.find(f"{ATOM}content")
            assert content is not None
            assert content.get("type") == "html"


def test_a_city_that_has_said_nothing_yet_has_feeds_without_items(springfield: Springfield) -> None:
    early = springfield.feeds("2024-05-01T12:00-05:00")
    assert parsed(early["feed.xml"]).entries == []
    assert parsed(early["services/trash/atom.xml"]).entries == []


# One item for each update.


def test_there_is_one_item_for_each_update_newest_first(springfield: Springfield) -> None:
    assert titles(springfield.feeds()["feed.xml"]) == [
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
        assert len(set(ids(kansas_city()[path]))) == len(ids(kansas_city()[path])) == published


def test_items_are_dated_when_they_were_said_and_never_after_the_build() -> None:
    posts = KANSAS_CITY.board(IN_THE_THICK_OF_IT).posts
    said = {f"/incidents/{post.incident.id}/#update-{post.update.id}": post.update.time.start for post in posts}
    for channel in rss().values():
        dates = []
        for entry in channel.findall("item"):
            dates.append(parsedate_to_datetime(text(entry, "pubDate")))
            path = urlsplit(text(entry, "link")).path.removeprefix("/es")
            assert dates[-1] == said[f"{path}#{urlsplit(text(entry, 'link')).fragment}"]
            assert dates[-1] <= KANSAS_CITY.moment(IN_THE_THICK_OF_IT)
        assert dates == sorted(dates, reverse=True)


def test_a_title_begins_with_what_has_changed() -> None:
    assert titles(kansas_city()["feed.xml"])[0] == (
        "Restored: Pay a water bill (KC Water customer portal) and Pay a water bill (Pay by phone)"
    )
    assert "Restored: City Council and committee meetings" in titles(kansas_city()["feed.xml"])
    assert "Correction: City computer network shut down" in titles(kansas_city()["feed.xml"])
    assert titles(kansas_city()["es/feed.xml"])[0].startswith("De nuevo en servicio: Pagar la factura del agua")
    for content in kansas_city().values():
        assert all(": " in title for title in titles(content))


def test_a_feed_ends_with_the_hundredth_item(springfield: Springfield) -> None:
    later = "".join(f"\n## 2024-05-10 {n // 60:02}:{n % 60:02} Update\n\nWord {n}.\n" for n in range(120))
    springfield.write(TRASH_FILE, TRASH + later)
    content = springfield.feeds()["feed.xml"]
    assert len(ids(content)) == 100
    assert ids(content)[0].endswith("2024-05-10-0159")


# Ids are for ever.


def test_ids_are_tags_and_no_addresses() -> None:
    for channel in rss().values():
        for entry in channel.findall("item"):
            guid = entry.find("guid")
            assert guid is not None
            assert guid.get("isPermaLink") == "false"
            assert (guid.text or "").startswith("tag:kansas-city.status.example,2024-0")


def test_an_update_has_one_id_in_every_feed_and_language() -> None:
    files = kansas_city()
    assert ids(files["feed.xml"]) == ids(files["atom.xml"]) == ids(files["es/feed.xml"]) == ids(files["es/atom.xml"])
    assert set(ids(files["services/water-bill/feed.xml"])) < set(ids(files["feed.xml"]))


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
    assert known(new) == known(old)


def test_putting_right_when_it_began_makes_no_item_either(springfield: Springfield) -> None:
    old = springfield.feeds()
    earlier = NETWORK.replace("started: 2024-05-04 08:00", "started: 2024-05-03\nposted: 2024-05-04 08:00")
    springfield.write(NETWORK_FILE, earlier)
    assert known(springfield.feeds()) == known(old)


def known(files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """What a feed reader remembers of the items it has shown."""
    return [(entry.id, entry.published) for entry in parsed(files["feed.xml"]).entries]


def test_a_new_update_makes_exactly_one_new_item(springfield: Springfield) -> None:
    old = springfield.feeds()
    springfield.write(TRASH_FILE, TRASH + "\n## 2024-05-10 12:00 Update\n\nStill late.\n")
    new = springfield.feeds()
    assert ids(new["feed.xml"])[1:] == ids(old["feed.xml"])
    assert ids(new["es/atom.xml"])[1:] == ids(old["es/atom.xml"])


def test_an_update_dated_ahead_is_in_no_feed_before_its_time(springfield: Springfield) -> None:
    assert titles(springfield.feeds("2024-05-07T11:59-05:00")["feed.xml"])[0] == "Update: The network is down"
    assert titles(springfield.feeds("2024-05-08T11:59-05:00")["feed.xml"])[0] == "Update: The network is down"
    assert titles(springfield.feeds("2024-05-08T12:00-05:00")["feed.xml"])[0] == "Restored: Pay a water bill"


def test_a_build_without_a_new_word_leaves_every_feed_as_it_is(springfield: Springfield) -> None:
    assert springfield.feeds("2024-05-10T00:00-05:00") == springfield.feeds("2025-01-01T00:00-06:00")


def test_feeds_were_last_built_when_something_was_last_said() -> None:
    said = KANSAS_CITY.moment("2024-05-17 00:00")
    assert parsedate_to_datetime(text(rss()["feed.xml"], "lastBuildDate")) == said
    assert datetime.fromisoformat(text(atom()["atom.xml"], f"{ATOM}updated")) == said


# What an item says.


def test_an_item_says_everything_that_the_update_said(springfield: Springfield) -> None:
    words = item(springfield.feeds()["feed.xml"], "New: The network is down")
    assert words.startswith("May 4, 2024, 8:00")
    for said in (
        "CDT",
        "Pay a water bill: Not available. Pay at the counter.",
        "Permits: Not available.",
        "See the trash or call us.",
        "May 9, 2024: Court is closed.",
        "No late fees. From May 4, 2024 until online payment works again.",
        "Expected back on June 1, 2024.",
        "Next update by May 5, 2024, 4:00",
        "A drill.",
    ):
        assert said in words


def test_an_item_about_a_waiver_or_a_deadline_that_moved_says_the_whole_of_it(springfield: Springfield) -> None:
    words = item(springfield.feeds()["feed.xml"], "Restored: Pay a water bill")
    assert "No late fees. From May 4, 2024 to May 31, 2024." in words
    assert "May 16, 2024: Court is closed." in words


def test_a_correction_says_what_was_wrong_and_what_is_right(springfield: Springfield) -> None:
    words = item(springfield.feeds()["atom.xml"], "Correction: The network is down")
    assert "Pay at the counter." in words
    assert "Pay by mail." in words
    assert "The counter is closed." in words


def test_kansas_city_s_item_of_15_may_carries_the_mayor_s_words() -> None:
    entries = [entry for entry in parsed(kansas_city()["feed.xml"]).entries if entry.id.endswith("/2024-05-15")]
    words = words_of(html.fragment_fromstring(entries[0].summary, "div")) + entries[1].summary
    assert "Quinton Lucas, Mayor" in words
    assert "Pay at the KC Water counter with cash or a check, or use the prepaid envelope" in words
    assert "30-day grace period for anyone who has difficulty paying a water bill." in words
    assert "It is not known when it will be back." in words


def test_every_feed_and_every_item_says_that_it_is_a_demonstration() -> None:
    demonstration = KANSAS_CITY.site.demonstration
    assert demonstration
    for path, channel in rss().items():
        words = demonstration.spoken("es" if path.startswith("es/") else "en").text
        assert words in text(channel, "description")
        assert all(words in text(entry, "description") for entry in channel.findall("item"))


def test_the_spanish_feed_is_in_spanish(springfield: Springfield) -> None:
    assert text(rss()["es/feed.xml"], "language") == "es"
    assert atom()["es/atom.xml"].get(LANGUAGE) == "es"
    assert atom()["atom.xml"].get(LANGUAGE) == "en"
    spanish = springfield.feeds()["es/feed.xml"]
    assert titles(spanish)[-1] == "Nuevo: La red no funciona"
    # What nobody translated stays as it is, and says in which language that is.
    description = parsed(spanish).entries[-1].summary
    assert '<div lang="en">' in etree.fromstring(spanish).findtext("channel/item[6]/description", "")
    assert "Pagar el agua" in description


def test_what_a_machine_translated_says_so() -> None:
    (entry,) = [entry for entry in parsed(kansas_city()["es/feed.xml"]).entries if entry.id.endswith("/2024-05-17")]
    assert "lo tradujo una máquina" in entry.summary


# Links.


def test_feeds_link_to_their_page_and_to_themselves() -> None:
    site = KANSAS_CITY.site
    for path, channel in rss().items():
        (own,) = channel.findall(f"{ATOM}link")
        assert (own.get("rel"), own.get("href")) == ("self", site.url + path)
        assert text(channel, "link") == site.url + path.removesuffix("feed.xml")
    for path, feed in atom().items():
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        assert links == {"self": site.url + path, "alternate": site.url + path.removesuffix("atom.xml")}


def test_every_link_is_whole_and_leads_to_its_update() -> None:
    files, site = KANSAS_CITY.files(IN_THE_THICK_OF_IT), KANSAS_CITY.site
    for path, content in kansas_city().items():
        for entry in parsed(content).entries:
            address = urlsplit(entry.link)
            assert entry.link.startswith(site.url + ("es/" if path.startswith("es/") else ""))
            page = files[f"{unquote(address.path).lstrip('/')}index.html"]
            assert f'id="{address.fragment}"'.encode() in page


def test_links_in_a_text_are_whole_too(springfield: Springfield) -> None:
    for path, content in springfield.feeds().items():
        assert b"site:" not in content
        edition = "es/" if path.startswith("es/") else ""
        for written in etree.fromstring(content).xpath("//item/description | //a:content", namespaces=NAMES):
            links = [link for _, _, link, _ in html.fragment_fromstring(written.text, "div").iterlinks()]
            trash = f"https://example.org/springfield/{edition}incidents/2024-05-05-trash/"
            assert links in ([], [trash, "tel:+15550100"])


# The feed of one service.


def test_a_service_s_feed_has_what_is_about_it_from_the_first_word_to_the_last(springfield: Springfield) -> None:
    files = springfield.feeds()
    assert titles(files["services/permits/feed.xml"]) == [
        "Resolved: The network is down",
        "Restored: Pay a water bill",
        "Correction: The network is down",
        "New: The network is down",
    ]
    assert titles(files["services/trash/feed.xml"]) == ["New: Trash is late"]
    assert parsed(files["services/trash/feed.xml"]).feed.title == "Trash pickup - Springfield service status"


def test_a_service_that_works_again_hears_no_more_of_the_incident(springfield: Springfield) -> None:
    assert titles(springfield.feeds()["services/water-bill/feed.xml"])[0] == "Restored: Pay a water bill"


def test_an_estimate_for_all_is_in_the_feed_of_each_service_that_is_held_back(springfield: Springfield) -> None:
    springfield.write(
        NETWORK_FILE, NETWORK.replace("## 2024-05-07 Update\n", "## 2024-05-07 Update\nexpected: unknown\n")
    )
    files = springfield.feeds()
    assert "Update: The network is down" in titles(files["services/permits/feed.xml"])
    assert "Update: The network is down" in titles(files["services/water-bill/feed.xml"])
    assert "Update: The network is down" not in titles(files["services/trash/feed.xml"])


def test_what_ends_one_of_two_problems_is_in_the_feed_as_well(springfield: Springfield) -> None:
    springfield.write(TRASH_FILE, TRASH.replace("{trash: degraded}", "{trash: degraded, permits: down}"))
    assert titles(springfield.feeds()["services/permits/feed.xml"])[0] == "Resolved: The network is down"


# Whatever people write.

WRITTEN = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200).filter(
    lambda words: words.strip()
)
HARD = (
    '"Tom & Jerry\'s" <b>water</b> ]]> <!-- -->',
    "\N{FIRE ENGINE}\N{ZERO WIDTH JOINER}\N{FIRE}",
    "\N{ARABIC LETTER MEEM}\N{ARABIC LETTER ALEF}\N{ARABIC LETTER HAMZA} 555-0100",
    "water " * 400,
    "bell \x07, null \x00 and \ufffe",
    "&amp; &#7; &lt;",
)


@given(WRITTEN)
@example(HARD[0])
@example(HARD[1])
@example(HARD[2])
@example(HARD[3])
@example(HARD[4])
@example(HARD[5])
def test_no_title_and_no_text_can_break_a_feed(written: str) -> None:
    place = Place("incidents/post.md")
    moment = When.moment(datetime(2024, 5, 4, 12, tzinfo=UTC))
    body = Markup(f"<p>{escape(written)}</p>", written, "en")
    said = Update("2024-05-04-0700", moment, State.INVESTIGATING, place, texts=(body,))
    title = Words((("en", written),))
    site = KANSAS_CITY.site
    post = Incident("post", Kind.INCIDENT, title, moment, (replace(said, known=(title,), by=title),), place)
    files = feeds_of(replace(site, title=title, publisher=title, services=(), incidents=(post,)), moment.start)
    for path in ("feed.xml", "atom.xml", "es/feed.xml", "es/atom.xml"):
        root = etree.fromstring(files[path])
        (shown,) = root.xpath("//item/title | //a:entry/a:title", namespaces=NAMES)
        assert readable(written) in (shown.text or "")


def readable(written: str) -> str:
    """What of a text XML can carry."""
    kept = (char for char in written if char in "\t\n\r" or (char >= " " and char not in "\ufffe\uffff"))
    return "".join(kept)
