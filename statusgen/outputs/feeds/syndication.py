"""RSS 2.0 and Atom (RFC 4287), through feedgen."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension
from feedgen.feed import FeedGenerator
from lxml.etree import SubElement, _Element

from statusgen.outputs.feeds.feed import Feed
from statusgen.outputs.feeds.items import Item

RSS_TYPE = "application/rss+xml"
ATOM_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


@dataclass(frozen=True)
class DrawnItem:
    """An item as it stands in any feed that has it, in each format."""

    rss: bytes
    atom: bytes


def draw_items(feed: Feed) -> dict[str, DrawnItem]:
    """Return all items of a feed by their ids.

    Feedgen takes as long for an item as for all else in a feed, and most items are in several feeds. So they go
    through it together and are cut out of the result: no text in XML has a bare `<`, so none looks like a tag.
    """
    rss, atom = _write(feed, feed.items)
    drawn = zip(_cut(rss, b"item"), _cut(atom, b"entry"), strict=True)
    return {item.id: DrawnItem(*both) for item, both in zip(feed.items, drawn, strict=True)}


def rss_and_atom(feed: Feed, drawn: Mapping[str, DrawnItem]) -> tuple[bytes, bytes]:
    """Return the feed in both formats, with its items as they were drawn."""
    items = [drawn[item.id] for item in feed.items]
    rss, atom = _write(feed, ())
    return (
        _put_before(b"  </channel>\n</rss>", rss, (item.rss for item in items)),
        _put_before(b"</feed>", atom, (item.atom for item in items)),
    )


def _cut(document: bytes, tag: bytes) -> list[bytes]:
    """Return each element of that name, with the space before it and the line's end after it."""
    return re.findall(rb"^ *<%b>.*?</%b>\n" % (tag, tag), document, re.DOTALL | re.MULTILINE)


def _put_before(end: bytes, document: bytes, items: Iterable[bytes]) -> bytes:
    head, found, tail = document.rpartition(end)
    return b"".join((head, *items, found, tail))


def _write(feed: Feed, items: Iterable[Item]) -> tuple[bytes, bytes]:
    """Return the feed with these items, in both formats."""
    generator = _make_generator(feed, items)
    generator.register_extension("beyond", lambda: _RSSExtension(feed), BaseEntryExtension, atom=False)
    _set_links(generator, feed, feed.rss, RSS_TYPE)
    # RSS has HTML there (RSS 2.0, "description"), and Atom has plain text.
    generator.description(escape(feed.description, quote=False))
    rss: bytes = generator.rss_str(pretty=True)
    generator.description(feed.description)
    generator.id(feed.atom)
    _set_links(generator, feed, feed.atom, ATOM_TYPE)
    return rss, generator.atom_str(pretty=True)


def _make_generator(feed: Feed, items: Iterable[Item]) -> FeedGenerator:
    generator = FeedGenerator()
    generator.title(feed.title)
    generator.description(feed.description)
    generator.author(name=feed.author)
    generator.language(feed.language)
    generator.updated(feed.updated)  # otherwise feedgen would take the time of the build
    generator.generator("statusgen")
    for item in items:
        generator.add_entry(_make_entry(item), order="append")  # otherwise feedgen reverses the order
    return generator


def _set_links(generator: FeedGenerator, feed: Feed, feed_url: str, kind: str) -> None:
    """Link the feed to itself, to its hub and to its page. The page comes last: RSS uses it as its `link`."""
    hub = [{"href": feed.hub, "rel": "hub"}] if feed.hub else []
    links = [{"href": feed_url, "rel": "self", "type": kind}, *hub]
    generator.link([*links, {"href": feed.home, "rel": "alternate", "type": "text/html"}], replace=True)


def _make_entry(item: Item) -> FeedEntry:
    entry = FeedEntry()
    entry.id(item.id)  # feedgen makes it the guid, too, and does not take it for an address
    entry.title(item.title)
    entry.link(href=item.url)
    entry.published(item.published)
    entry.updated(item.published)
    entry.content(item.html, type="html")
    entry.category([{"term": id, "label": name} for id, name in item.services])
    return entry


class _RSSExtension:
    """Adds what RSS has no elements for from other vocabularies: who publishes the feed, and its hub.

    RSS itself names authors only by their email addresses; and feedgen writes no link to a hub into it.
    """

    def __init__(self, feed: Feed) -> None:
        self.feed = feed

    def extend_ns(self) -> dict[str, str]:
        """Return the vocabulary that feedgen does not declare itself."""
        return {"dc": _DUBLIN_CORE}

    def extend_rss(self, rss: _Element) -> None:
        """Add both to the channel, the only child at this point."""
        SubElement(rss[0], f"{{{_DUBLIN_CORE}}}creator").text = self.feed.author
        if self.feed.hub:
            SubElement(rss[0], f"{{{_ATOM}}}link", href=self.feed.hub, rel="hub")
