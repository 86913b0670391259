"""A feed before it is in any format."""

from dataclasses import dataclass
from datetime import UTC, datetime

from statusgen.outputs.feeds.items import Item


@dataclass(frozen=True)
class Feed:
    """What all formats of one feed say; texts are such as every format can carry.

    `rss`, `atom` and `json` are the URLs at which it stands in each format, and `home` is that of the page to read
    instead. `hub` is the WebSub hub that tells subscribers, if there is one. `items` are newest first.
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
    items: tuple[Item, ...]

    @property
    def updated(self) -> datetime:
        """When anything was last said in it, for formats that cannot do without a date."""
        return self.items[0].published if self.items else datetime(1970, 1, 1, tzinfo=UTC)
