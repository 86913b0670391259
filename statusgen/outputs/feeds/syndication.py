"""RSS 2.0 and Atom (RFC 4287), through feedgen."""

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


def rss_and_atom(feed: Feed) -> tuple[bytes, bytes]:
    """Return the feed in both formats."""
    generator = _make_generator(feed)
    generator.register_extension("beyond", lambda: _RSSExtension(feed), BaseEntryExtension, atom=False)
    _set_links(generator, feed, feed.rss, RSS_TYPE)
    # RSS has HTML there (RSS 2.0, "description"), and Atom has plain text.
    generator.description(escape(feed.description, quote=False))
    rss: bytes = generator.rss_str(pretty=True)
    generator.description(feed.description)
    generator.id(feed.atom)
    _set_links(generator, feed, feed.atom, ATOM_TYPE)
    return rss, generator.atom_str(pretty=True)


def _make_generator(feed: Feed) -> FeedGenerator:
    generator = FeedGenerator()
    generator.title(feed.title)
    generator.description(feed.description)
    generator.author(name=feed.author)
    generator.language(feed.language)
    generator.updated(feed.updated)  # otherwise feedgen would take the time of the build
    generator.generator("statusgen")
    for item in feed.items:
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
