"""A feed before it is in any format."""

from dataclasses import dataclass
from datetime import UTC, datetime

from statusgen.outputs.feeds.items import Item


@dataclass(frozen=True)
class Feed:
    """What all formats of one feed contain, in texts that every format can carry.

    `rss`, `atom` and `json` are its URLs in each format, and `home` is the URL of the page to read instead. `hub` is
    the WebSub hub that notifies subscribers, if there is one. `items` are newest first.
    """

    language: str
    title: str
    description: str
    author: str
    home: str
    rss: str
    atom: str
    json: str
    hub: str | None
    items: tuple[Item, ...] = ()

    @property
    def updated(self) -> datetime:
        """When it was last updated, for formats that require a date."""
        return self.items[0].published if self.items else datetime(1970, 1, 1, tzinfo=UTC)
