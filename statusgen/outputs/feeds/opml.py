"""The list of all feeds in OPML 2.0, which feed readers can import: a folder for each group of services."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from statusgen.outputs.feeds.feed import Feed


@dataclass(frozen=True)
class Folder:
    """Feeds under one heading."""

    name: str
    feeds: tuple[Feed, ...]


def as_opml(site: Feed, folders: Iterable[Folder]) -> bytes:
    """Return the feed of the whole site, then the folders; each feed by its RSS, which every reader knows."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = site.title
    body = SubElement(root, "body")
    _outline(body, site)
    for folder in folders:
        inside = SubElement(body, "outline", text=folder.name)
        for feed in folder.feeds:
            _outline(inside, feed)
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _outline(parent: Element, feed: Feed) -> None:
    attributes = {"text": feed.title, "title": feed.title, "description": feed.description}
    attributes |= {"type": "rss", "language": feed.language, "xmlUrl": feed.rss, "htmlUrl": feed.home}
    SubElement(parent, "outline", attributes)
