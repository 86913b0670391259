"""An item: one update, made once in each language, for every feed that it is in and every format of it.

When planned work is due to begin or end by the clock there is an item, too, dated then: it says what was announced.

An update is published once and keeps its id forever: a tag URI (RFC 4151) made of the site's host, the name of the
post, and the update's own time. A reworded text keeps it, so readers that have seen the item show nothing new; a new
update adds exactly one new item. Nothing depends on the moment of the build.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from statusgen import addresses
from statusgen.board.clock_moments import ClockMoment, clock_moments
from statusgen.board.model.news import UpdateView
from statusgen.board.model.whole_board import Board
from statusgen.model.posts import Incident, Update
from statusgen.model.whole_site import Site
from statusgen.outputs.feeds.update_blocks import UpdateWriter, paragraph

# Characters that XML 1.0 (section 2.2) cannot contain, not even escaped.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Item:
    """An update in one language, in texts that every format can carry.

    `html` and `text` have the same content. `published` is in UTC. `services` are the ids and names of those that it is
    about.
    """

    id: str
    url: str
    title: str
    html: str
    text: str
    published: datetime
    services: tuple[tuple[str, str], ...]


class Items:
    """The items in one language."""

    def __init__(self, board: Board, language: str) -> None:
        self.board = board
        self.writer = UpdateWriter(board, language)
        self.cache: dict[tuple[str, str], Item] = {}
        self.seconds = seconds_apart(board.updates)
        self.clock_items = tuple(self.make_clock_items())

    def get_cached(self, view: UpdateView) -> Item:
        """Return the item of an update for several feeds; it is made once."""
        key = source_of(view)
        if key not in self.cache:
            self.cache[key] = self.make(view, self.seconds[key])
        return self.cache[key]

    def make(self, view: UpdateView, seconds: int) -> Item:
        """Return an update as an item, published so many seconds later than the update says."""
        blocks = [*self.writer.blocks(view)]
        plain, site = self.writer.phrasing.as_plain_text, self.board.site
        return Item(
            id=item_id(view.incident, view.update, self.board.site),
            url=self.writer.url(view.incident.id, view.update.id),
            title=clean_text(plain.news_title(view, self.board)),
            html=clean_text(self.with_direction(Markup("\n").join(block.html for block in blocks))),
            text=clean_text("\n\n".join(block.text for block in blocks)),
            published=view.update.time.start + timedelta(seconds=seconds),
            services=tuple(
                (service, clean_text(plain.say(site.service_by_id[service].name))) for service in view.services
            ),
        )

    def make_clock_items(self) -> Iterator[Item]:
        """Yield the beginnings and ends of planned work by the clock, oldest first."""
        # Those of one moment come after its updates, each a second later.
        numbers = Counter(view.update.time.start for view in self.board.updates)
        for moment in clock_moments(self.board):
            yield self.make_clock_item(moment, numbers[moment.at])
            numbers[moment.at] += 1

    def make_clock_item(self, moment: ClockMoment, seconds: int) -> Item:
        """Return an item that says that planned work was announced to begin or end then, and not that it did."""
        site, phrasing, plain = self.board.site, self.writer.phrasing, self.writer.phrasing.as_plain_text
        _, name = phrasing.interface.gettext, "end" if moment.is_end else "begin"
        title = _("Planned work is due to begin: %(title)s")
        note = _("This is what was announced. It does not say that the work has begun.")
        if moment.is_end:
            title = _("Planned work was due to end: %(title)s")
            note = _("This is what was announced. It does not say that the work has ended.")
        blocks = [paragraph(phrasing.window(moment.window)), paragraph(note)]
        blocks += [paragraph(phrasing.say(site.demonstration))] if site.demonstration else []
        address = addresses.in_language(addresses.incident(moment.incident.id), self.writer.language, site)
        return Item(
            id=tag_uri(moment.incident, moment.at, f"{name}-{moment.at.astimezone(UTC):%Y-%m-%dT%H%M%SZ}", site),
            url=addresses.absolute_url(address, site),
            title=clean_text(plain.format(title, title=plain.say(moment.incident.title))),
            html=clean_text(self.with_direction(Markup("\n").join(block.html for block in blocks))),
            text=clean_text("\n\n".join(block.text for block in blocks)),
            published=moment.at + timedelta(seconds=seconds),
            services=tuple((id, clean_text(plain.say(site.service_by_id[id].name))) for id in moment.services),
        )

    def with_direction(self, html: Markup) -> Markup:
        """Return the HTML with its direction if that is from right to left: feed readers look only at the HTML."""
        direction = self.writer.phrasing.interface.direction
        if direction == "ltr":
            return html
        return Markup('<div lang="{}" dir="{}">{}</div>').format(self.writer.language, direction, html)


def source_of(view: UpdateView) -> tuple[str, str]:
    """Return the ids of the incident and of the update."""
    return view.incident.id, view.update.id


def seconds_apart(views: Sequence[UpdateView]) -> Mapping[tuple[str, str], int]:
    """Return by how many seconds each of these updates, newest first, is later than the first of its moment.

    Readers sort by date, and some drop all items but one of the same date.
    """
    numbers: Counter[datetime] = Counter()
    found = {}
    for view in reversed(views):
        found[source_of(view)] = numbers[view.update.time.start]
        numbers[view.update.time.start] += 1
    return found


def item_id(incident: Incident, update: Update, site: Site) -> str:
    """Return the tag URI of an update, the same in every language and forever."""
    return tag_uri(incident, update.time.start, update.id, site)


def tag_uri(incident: Incident, moment: datetime, name: str, site: Site) -> str:
    """Return the tag URI of something in an incident that has this name, of a moment."""
    day = site.local_day(moment)
    parts = urlsplit(site.url)
    return f"tag:{parts.hostname},{day:%Y-%m-%d}:{quote(parts.path)}{quote(incident.id)}/{name}"


def clean_text(text: str) -> str:
    """Return the text without control characters, lone surrogates and other characters that break XML or UTF-8."""
    return _NOT_IN_XML.sub("", text)
