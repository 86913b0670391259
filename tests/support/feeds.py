"""A small city whose posts a test may change, and its feeds."""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import feedparser

from statusgen.board.board import make_board
from statusgen.content.reader import read_content
from statusgen.model.whole_site import Site
from statusgen.outputs.feeds import all_feeds
from statusgen.outputs.registry import make_parts
from statusgen.theme.renderer import Renderer
from statusgen.wording.interface import available_languages

SERVICES = """\
site:
  title: {en: Springfield service status, es: Estado de los servicios de Springfield}
  url: https://example.org/springfield/
  timezone: America/Chicago
  languages: [en, es]
  demonstration: {en: A drill., es: Un simulacro.}
  hub: https://hub.example.org/
groups:
  - {id: hall, name: {en: City Hall, es: Alcaldía}}
services:
  - {id: trash, name: {en: Trash pickup, es: Basura}}
  - id: water-bill
    name: {en: Pay a water bill, es: Pagar el agua}
    group: hall
    channels: [{id: online, kind: online}, {id: phone, kind: phone}]
  - {id: permits, name: Permits, group: hall}
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
    """A city in a folder. All of its updates are from before June 2024."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.published = 1_700_000_000.0
        (folder / "incidents").mkdir()
        (folder / "services.yaml").write_text(SERVICES, encoding="utf-8")
        self.write(NETWORK_FILE, NETWORK)
        self.write(TRASH_FILE, TRASH)

    def write(self, name: str, text: str) -> None:
        (self.folder / "incidents" / name).write_text(text, encoding="utf-8")

    def publish(self, at: str = "2024-06-01T00:00-05:00") -> Path:
        """Update the published folder; each file that changed is a minute newer than the others."""
        self.published += 60
        for path, content in self.feeds(at).items():
            file = self.folder / "site" / path
            if not file.exists() or file.read_bytes() != content:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
                os.utime(file, (self.published, self.published))
        return self.folder / "site"

    def feeds(self, at: str = "2024-06-01T00:00-05:00") -> Mapping[str, bytes]:
        content = read_content(self.folder, available_languages())
        assert content.site, content.problems
        assert content.problems == []
        return feed_files(content.site, datetime.fromisoformat(at))


def feed_files(site: Site, moment: datetime) -> Mapping[str, bytes]:
    """Return every feed, and the lists of feeds, by path."""
    now, look = make_board(site, moment), Renderer(Path())
    write = all_feeds.incident_writer(now, look)
    files = [*make_parts(all_feeds.files(now, look))]
    files += (file for standing in now.incidents for file in write(standing))
    return {file.path: file.content for file in files}


def parse_feed(content: bytes) -> feedparser.FeedParserDict:
    """Parse a feed as a feed reader does."""
    feed = feedparser.parse(content)
    assert not feed.bozo, feed.bozo_exception
    return feed


def entry_titles(content: bytes) -> list[str]:
    return [entry.title for entry in parse_feed(content).entries]


def entry_ids(content: bytes) -> list[str]:
    return [entry.id for entry in parse_feed(content).entries]
