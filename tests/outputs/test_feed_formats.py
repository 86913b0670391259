"""The feeds are valid in each of their formats, whatever people write, and other programs can read them."""

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import feedparser
import listparser
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree, html
from markupsafe import escape

from statusgen.model.posts import Incident, Update
from statusgen.model.reports import ServiceReport
from statusgen.model.services import Group, Service
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.words import Markup, Words
from statusgen.problems import Place
from tests.support.checkers import run_node
from tests.support.feeds import Springfield, feed_files
from tests.support.paths import SITES
from tests.support.sample_sites import KANSAS_CITY, City, text_of

ATOM = "{http://www.w3.org/2005/Atom}"
NAMES = {"a": "http://www.w3.org/2005/Atom"}
IN_THE_THICK_OF_IT = "2024-05-18"

# Three parsers of feeds, one of lists of feeds, and a validator, all in one process. Each parser tells what it finds
# in every document: the feed's title and page, and the id, title, address and moment of each item.
PARSERS = """
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parseFeed as rowanmanning } from "@rowanmanning/feed-parser";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { parseFeed as feedsmith, parseOpml } from "feedsmith";
import RSSParser from "rss-parser";

const schema = createRequire(import.meta.url)("jsonfeed-schema/schema-v1.1.json");
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
const valid = ajv.compile(schema);
const rss = new RSSParser();
const moment = (date) => new Date(date).toISOString();

const bySmith = (text) => {
  const { format, feed } = feedsmith(text);
  const title = feed.title?.value ?? feed.title;
  if (format === "json") {
    return [title, feed.home_page_url, (feed.items ?? []).map((i) => [i.id, i.title, i.url, moment(i.date_published)])];
  }
  if (format === "atom") {
    const page = feed.links.find((link) => link.rel === "alternate").href;
    return [title, page, (feed.entries ?? []).map((e) => [e.id, e.title.value, e.links[0].href, moment(e.published)])];
  }
  return [title, feed.link, (feed.items ?? []).map((i) => [i.guid.value, i.title, i.link, moment(i.pubDate)])];
};
const byManning = (text) => {
  const feed = rowanmanning(text);
  return [feed.title, feed.url, feed.items.map((i) => [i.id, i.title, i.url, moment(i.published)])];
};
const byRSSParser = async (text) => {
  const feed = await rss.parseString(text);
  return [feed.title, feed.link, feed.items.map((i) => [i.guid ?? i.id, i.title, i.link, moment(i.isoDate)])];
};

const found = {};
for (const [path, text] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  if (path.endsWith(".opml")) found[path] = { list: parseOpml(text) };
  else if (path.endsWith(".json")) {
    found[path] = { feeds: [bySmith(text)], wrong: valid(JSON.parse(text)) ? [] : valid.errors };
  } else found[path] = { feeds: [bySmith(text), byManning(text), await byRSSParser(text)] };
}
console.log(JSON.stringify(found));
"""


def city_feeds(city: City, at: str) -> Mapping[str, bytes]:
    return feed_files(city.site, city.moment(at))


@cache
def sample_feeds() -> Mapping[str, bytes]:
    """Return every feed, and every list of feeds, of two sample sites."""
    files = {f"kansas-city/{path}": content for path, content in city_feeds(KANSAS_CITY, IN_THE_THICK_OF_IT).items()}
    # In Arabic, too, with planned work and notices.
    worst = City(SITES / "worst-week")
    assert worst.site.last_update_at
    last = feed_files(worst.site, worst.site.last_update_at)
    return files | {f"worst-week/{path}": content for path, content in last.items()}


@cache
def parse_with_node() -> Mapping[str, Any]:
    """Return what the parsers read."""
    documents = {path: content.decode() for path, content in sample_feeds().items()}
    found: Mapping[str, Any] = json.loads(run_node(PARSERS, text=json.dumps(documents)))
    assert found.keys() == documents.keys()
    return found


# Read by parsers.


def test_three_parsers_find_the_same_feed_in_every_format() -> None:
    found = parse_with_node()
    assert len(found) > 200
    for path, content in sample_feeds().items():
        if path.endswith(".json"):
            feed = json.loads(content)
            items = [
                [item["id"], item["title"], item["url"], item["date_published"].replace("+00:00", ".000Z")]
                for item in feed["items"]
            ]
            folder = path.rpartition("/")[0]
            seen = [
                each
                for name in ("feed.json", "feed.xml", "atom.xml")
                for each in found[posixpath.join(folder, name)]["feeds"]
            ]
            assert len(seen) == 7
            assert all(each == [feed["title"], feed["home_page_url"], items] for each in seen), folder


def test_every_json_feed_is_valid() -> None:
    documents = [found["wrong"] for path, found in parse_with_node().items() if path.endswith(".json")]
    assert documents
    assert not any(documents)


def test_the_json_schema_finds_mistakes() -> None:
    feed = json.loads(city_feeds(KANSAS_CITY, IN_THE_THICK_OF_IT)["feed.json"])
    del feed["items"][0]["id"]
    (found,) = json.loads(run_node(PARSERS, text=json.dumps({"feed.json": json.dumps(feed)}))).values()
    assert "id" in str(found["wrong"])


# As the specifications say. There is no validator of RSS and Atom to be had without a network.

RFC_822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000")
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
CHANNEL = ["title", "link", "description", "docs", "generator", "language", "lastBuildDate"]
ITEM = ["title", "link", "description", "guid", "pubDate"]


def documents(name: str) -> Iterator[tuple[str, etree._Element]]:
    for path, content in sample_feeds().items():
        if path.endswith(f"/{name}"):
            yield path, etree.fromstring(content)


def tags(parent: etree._Element) -> list[str]:
    """Return the names of the elements in another; Atom's without their namespace."""
    return [str(child.tag).removeprefix(ATOM) if parent.tag != "channel" else str(child.tag) for child in parent]


def test_rss_has_nothing_but_what_rss_2_knows() -> None:
    for path, root in documents("feed.xml"):
        assert (root.tag, root.get("version")) == ("rss", "2.0")
        (channel,) = root
        own = [tag for tag in tags(channel) if tag != "item" and not tag.startswith("{")]
        assert own == CHANNEL, path
        assert len({guid.text for guid in channel.findall("item/guid")}) == len(channel.findall("item"))
        assert RFC_822.fullmatch(channel.findtext("lastBuildDate") or "")
        for item in channel.findall("item"):
            assert [tag for tag in tags(item) if tag != "category"] == ITEM
            assert RFC_822.fullmatch(item.findtext("pubDate") or "")
            assert all(category.text for category in item.findall("category"))


def test_atom_has_nothing_but_what_rfc_4287_knows() -> None:
    for path, root in documents("atom.xml"):
        assert root.tag == f"{ATOM}feed"
        once = [tag for tag in tags(root) if tag not in ("entry", "link")]
        assert sorted(once) == ["author", "generator", "id", "subtitle", "title", "updated"], path
        assert len({id.text for id in root.findall(f"{ATOM}entry/{ATOM}id")}) == len(root.findall(f"{ATOM}entry"))
        for entry in root.findall(f"{ATOM}entry"):
            once = [tag for tag in tags(entry) if tag != "category"]
            assert sorted(once) == ["content", "id", "link", "published", "title", "updated"]
            assert all(tag.get("term") and tag.get("label") for tag in entry.findall(f"{ATOM}category"))
        for date in root.xpath("//a:updated | //a:published", namespaces=NAMES):
            assert RFC_3339.fullmatch(date.text)


# The list of all feeds.


@pytest.mark.parametrize("edition", ["", "es/"])
def test_the_list_names_the_feeds_of_the_site_its_groups_and_its_services(edition: str) -> None:
    site, files = KANSAS_CITY.site, city_feeds(KANSAS_CITY, IN_THE_THICK_OF_IT)
    read = listparser.parse(files[f"{edition}feeds.opml"])
    assert not read.bozo, read.bozo_exception
    language = edition.strip("/") or "en"
    assert read.meta.title == site.title.in_language(language).text
    pages = ["", *(f"groups/{group.id}/" for group in site.groups), *(f"services/{each.id}/" for each in site.services)]
    addresses = [feed.url for feed in read.feeds]
    assert sorted(addresses) == sorted(f"{site.url}{edition}{page}feed.xml" for page in pages)
    assert addresses[0] == f"{site.url}{edition}feed.xml"
    for feed in read.feeds:
        assert feed.title == feedparser.parse(files[feed.url.removeprefix(site.url)]).feed.title
    groups = {group.id: group.name.in_language(language).text for group in site.groups}
    folders = {feed.url: feed.tags for feed in read.feeds if feed.tags}
    for service in site.services:
        assert service.group
        assert folders[f"{site.url}{edition}services/{service.id}/feed.xml"] == [groups[service.group]]


def test_services_without_a_group_have_a_folder_of_their_own(tmp_path: Path) -> None:
    read = listparser.parse(Springfield(tmp_path).feeds()["es/feeds.opml"])
    assert [(feed.title.partition(" - ")[0], feed.get("tags", [])) for feed in read.feeds] == [
        ("Estado de los servicios de Springfield", []),
        ("Alcaldía", ["Alcaldía"]),
        ("Pagar el agua", ["Alcaldía"]),
        ("Permits", ["Alcaldía"]),
        ("Basura", ["Servicios"]),
    ]


def test_another_parser_finds_the_same_outlines_in_the_list() -> None:
    for path, content in sample_feeds().items():
        if path.endswith(".opml"):
            outlines = list(_flatten(parse_with_node()[path]["list"]["body"]["outlines"]))
            assert [outline["xmlUrl"] for outline in outlines] == [feed.url for feed in listparser.parse(content).feeds]
            assert {outline["type"] for outline in outlines} == {"rss"}


def _flatten(outlines: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for outline in outlines:
        if "xmlUrl" in outline:
            yield outline
        yield from _flatten(outline.get("outlines", []))


# Told of news by a hub (WebSub).


def test_every_feed_names_its_hub_and_itself(tmp_path: Path) -> None:
    hub, url = "https://hub.example.org/", "https://example.org/springfield/"
    for path, content in Springfield(tmp_path).feeds().items():
        if path.endswith(".json"):
            feed = json.loads(content)
            assert feed["hubs"] == [{"type": "WebSub", "url": hub}]
            assert feed["feed_url"] == url + path
        elif path.endswith(".xml"):
            read = feedparser.parse(content).feed
            assert [link.href for link in read.links if link.rel == "hub"] == [hub]
            assert [link.href for link in read.links if link.rel == "self"] == [url + path]
            assert read.link.startswith(url), "the hub is not the page to read"
            assert read.link.endswith("/")


def test_without_a_hub_no_feed_names_one() -> None:
    for path, content in city_feeds(KANSAS_CITY, IN_THE_THICK_OF_IT).items():
        if path.endswith(".json"):
            assert "hubs" not in json.loads(content)
        else:
            assert b'rel="hub"' not in content


# Found from the pages.

TYPES = {
    "application/rss+xml": "feed.xml",
    "application/atom+xml": "atom.xml",
    "application/feed+json": "feed.json",
}


def test_every_page_leads_to_the_feeds_that_belong_to_it() -> None:
    files, seen = KANSAS_CITY.files(IN_THE_THICK_OF_IT), set()
    for path, content in files.items():
        if not path.endswith("index.html"):
            continue
        links = html.document_fromstring(content.decode()).xpath("//head/link[@rel='alternate'][@type]")
        edition = "es/" if path.startswith("es/") else ""
        folder = path.removesuffix("index.html")
        own = folder.removeprefix(edition).startswith(("services/", "incidents/"))
        home = folder if own else edition
        found = {link.get("type"): posixpath.normpath(posixpath.join(folder, link.get("href"))) for link in links}
        assert found == {kind: f"{home}{name}" for kind, name in TYPES.items()}, path
        assert set(found.values()) <= set(files)
        seen |= {home}
    assert {"", "es/", "services/water-bill/", "es/incidents/2024-05-04-city-network/"} <= seen


# Whatever people write.

HARD = (
    '"Tom & Jerry\'s" <b>water</b> ]]> <!-- -->',
    "\N{FIRE ENGINE}\N{ZERO WIDTH JOINER}\N{FIRE}",
    "\N{ARABIC LETTER MEEM}\N{ARABIC LETTER ALEF}\N{ARABIC LETTER HAMZA} 555-0100",
    "water " * 400,
    "bell \x07, null \x00 and \ufffe",
    "&amp; &#7; &lt;",
    "half \ud83d of \udd25 a character",
)


def expected_text(written: str) -> str:
    """Return what XML and UTF-8 can contain of a text, with one space for any white space."""
    kept = (char for char in written if char in "\t\n\r" or (char >= " " and char not in "\ufffe\uffff"))
    return " ".join("".join(char for char in kept if not "\ud800" <= char <= "\udfff").split())


@given(st.text(st.characters(), min_size=1, max_size=200).filter(expected_text))
@example(HARD[0])
@example(HARD[1])
@example(HARD[2])
@example(HARD[3])
@example(HARD[4])
@example(HARD[5])
@example(HARD[6])
def test_nothing_that_anybody_writes_can_break_a_feed(written: str) -> None:
    place = Place("incidents/post.md")
    moment = When.moment(datetime(2024, 5, 4, 12, tzinfo=UTC))
    body = Markup(f"<p>{escape(written)}</p>", written, "en")
    words = Words((("en", written),))
    report = ServiceReport("water", None, place, status=Status.DOWN, do=words)
    said = Update("2024-05-04-0700", moment, State.INVESTIGATING, place, (body,), by=words, known=(words,))
    post = Incident("post", Kind.INCIDENT, words, moment, (replace(said, reports=(report,)),), place)
    service, group = Service("water", words, place, group="water"), Group("water", words)
    site = replace(KANSAS_CITY.site, title=words, publisher=words, demonstration=words, services=(service,))
    files = feed_files(replace(site, groups=(group,), incidents=(post,)), moment.start)
    # Statuspage's two addresses are there once, in the first language.
    assert len(files) == 2 * (4 * 3 + 1) + 2
    for path, content in files.items():
        if path.endswith(".json"):
            (item,) = json.loads(content.decode())["items"]
            in_html = text_of(html.fragment_fromstring(item["content_html"], "div"))
            shown = [item["title"], *item["tags"], in_html]
        elif path.endswith(".opml"):
            shown = etree.fromstring(content).xpath("//title/text() | //outline/@text")
        else:
            shown = etree.fromstring(content).xpath("//title/text() | //a:title/text()", namespaces=NAMES)
        assert shown
        assert all(expected_text(written) in " ".join(each.split()) for each in shown), path
