"""JSON Feed, version 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from pydantic_core import to_json

from statusgen.outputs.feeds.feed import Feed
from statusgen.outputs.feeds.items import Item
from statusgen.text import Json


def as_json(feed: Feed) -> bytes:
    """Return the feed in UTF-8."""
    hubs = {"hubs": [{"type": "WebSub", "url": feed.hub}]} if feed.hub else {}
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.json,
        "description": feed.description,
        "authors": [{"name": feed.author}],
        "language": feed.language,
        **hubs,
        "items": [_item(item, feed.language) for item in feed.items],
    }
    return to_json(document, indent=1) + b"\n"


def _item(item: Item, language: str) -> dict[str, Json]:
    return {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_html": item.html,
        "content_text": item.text,
        "date_published": item.published.isoformat(),
        "tags": [name for _, name in item.services],
        "language": language,
    }
