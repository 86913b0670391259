"""All feeds: of the site, and of each group, service and incident; each in three formats and every language."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from statusgen import addresses
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.news import UpdateView
from statusgen.board.model.whole_board import Board
from statusgen.files import File, Part
from statusgen.model.services import Group, Service
from statusgen.model.words import Words
from statusgen.outputs.feeds.feed import Feed
from statusgen.outputs.feeds.items import Item, Items, clean_text, source_of
from statusgen.outputs.feeds.json_feed import as_json
from statusgen.outputs.feeds.opml import Folder, as_opml
from statusgen.outputs.feeds.syndication import DrawnItem, draw_items, rss_and_atom
from statusgen.theme.renderer import Renderer
from statusgen.wording.phrasing import Phrasing

# Enough for a feed reader that looks only once a week, in the worst of weeks.
MAX_ITEMS = 100


def files(board: Board, renderer: Renderer) -> Iterator[File | Part]:  # noqa: ARG001 (every output is called alike)
    """Yield the feeds that never end, and the list of them."""
    by_address = _newest_by_address(board)
    for language in board.site.languages:
        yield from _LanguageFeeds(board, language).files(by_address)


def incident_writer(board: Board, renderer: Renderer) -> Callable[[IncidentStatus], Iterator[File]]:  # noqa: ARG001 (as above)
    """Return the function that writes the feeds of an incident, as long as it has any."""
    languages = [_LanguageFeeds(board, language) for language in board.site.languages]
    return lambda incident: (
        file for feeds in languages if incident.has_feeds for file in feeds.incident_files(incident)
    )


def _newest_by_address(board: Board) -> dict[str, list[UpdateView]]:
    """Return the newest updates about each service and each group, by the address of its feeds."""
    groups = {service.id: service.group for service in board.site.services}
    by_address: dict[str, list[UpdateView]] = defaultdict(list)
    for view in board.updates:
        subjects = {addresses.group(group) for service in view.services if (group := groups[service])}
        for subject in subjects | {addresses.service(service) for service in view.services}:
            if len(by_address[subject]) < MAX_ITEMS:
                by_address[subject].append(view)
    return by_address


class _LanguageFeeds:
    """The feeds in one language."""

    def __init__(self, board: Board, language: str) -> None:
        self.board, self.site, self.language = board, board.site, language
        self.items = Items(board, language)
        self.drawn: dict[str, DrawnItem] = {}
        self.phrasing = Phrasing(board.site, language, plain=True)
        self.title = clean_text(self.phrasing.say(self.site.title))
        # A demonstration does not speak for the city.
        self.author = clean_text(self.phrasing.say(self.site.title if self.site.demonstration else self.site.publisher))
        note = self.phrasing.interface.gettext("One item for each update.")
        parts = (self.phrasing.say(self.site.demonstration), self.phrasing.missing_reports_note(), note)
        self.description = clean_text(self.phrasing.join(filter(None, parts)))

    def files(self, by_address: dict[str, list[UpdateView]]) -> Iterator[File | Part]:
        """Yield the feeds that never end, in all formats, and the list of them; those of services are parts."""
        site_feed = replace(self.site_feed, items=self.newest_items(self.board.updates, None))
        yield from self.feed_files("", site_feed)
        if self.language == self.site.languages[0]:
            yield from self.statuspage_files(site_feed)
        for group in self.site.groups:
            members = {each.id for each in self.site.services if each.group == group.id}
            yield self.part(addresses.group(group.id), self.group_feed(group), by_address, members)
        for service in self.site.services:
            yield self.part(addresses.service(service.id), self.service_feed(service), by_address, {service.id})
        yield self.opml_file()

    @property
    def site_feed(self) -> Feed:
        """The feed of the whole site, without its items."""
        return self.make_feed("", self.title, "")

    def group_feed(self, group: Group) -> Feed:
        """Return the feed of all services of a group, without items; its page is the front page, where they stand."""
        return self.make_feed(addresses.group(group.id), self.feed_title(group.name), addresses.front())

    def service_feed(self, service: Service) -> Feed:
        """Return the feed of a service, without items."""
        address = addresses.service(service.id)
        return self.make_feed(address, self.feed_title(service.name), address)

    def part(self, address: str, feed: Feed, by_address: dict[str, list[UpdateView]], about: set[str]) -> Part:
        """Return the feed at an address, of these services, as a part."""
        views = by_address[address]
        clock_items = self.clock_items_about(about)
        incidents = tuple(dict.fromkeys(view.incident.id for view in views))
        seconds = [(source_of(view), self.items.seconds[source_of(view)]) for view in views]
        return Part(
            f"{self.language}/{address}",
            incidents,
            lambda: self.feed_files(address, replace(feed, items=self.newest_items(views, about))),
            repr((feed, seconds, clock_items)),
        )

    def incident_files(self, incident: IncidentStatus) -> Iterator[File]:
        """Yield the feed of an incident, planned work or a notice, with only its own updates."""
        address = addresses.incident(incident.id)
        views = self.board.updates_by_incident[incident.id]
        items = tuple(self.items.make(view, self.items.seconds[source_of(view)]) for view in views[:MAX_ITEMS])
        feed = self.make_feed(address, self.feed_title(incident.incident.title), address)
        yield from self.feed_files(address, replace(feed, items=items))

    def newest_items(self, views: Sequence[UpdateView], about: set[str] | None) -> tuple[Item, ...]:
        """Return the newest of these updates as items, and those of the clock about these services, or about all."""
        items = [self.items.get_cached(view) for view in views[:MAX_ITEMS]]
        items += self.clock_items_about(about)
        return tuple(sorted(items, key=lambda item: item.published, reverse=True)[:MAX_ITEMS])

    def clock_items_about(self, about: set[str] | None) -> list[Item]:
        """Return the items of the clock about these services, or about all."""
        return [
            item
            for item in self.items.clock_items
            if about is None or about.intersection(id for id, _ in item.services)
        ]

    def feed_title(self, name: Words) -> str:
        """Return the title of a feed for a part of the site; it names the site as well."""
        return clean_text(f"{self.phrasing.say(name)} - {self.title}")

    def make_feed(self, address: str, title: str, home: str) -> Feed:
        """Return the feed at an address, without items, with the page `home` to read instead."""
        return Feed(
            language=self.language,
            title=title,
            description=self.description,
            author=self.author,
            home=self.url(home),
            rss=self.url(addresses.rss(address)),
            atom=self.url(addresses.atom(address)),
            json=self.url(addresses.json_feed(address)),
            hub=self.site.hub,
        )

    def feed_files(self, address: str, feed: Feed) -> Iterator[File]:
        """Yield the feed at an address in its three formats."""
        rss, atom = rss_and_atom(feed, self.draw(feed))
        yield from self.with_copies(addresses.rss(address), rss)
        yield from self.with_copies(addresses.atom(address), atom)
        yield from self.with_copies(addresses.json_feed(address), as_json(feed))

    def with_copies(self, address: str, content: bytes) -> Iterator[File]:
        """Yield a feed, and the same at each of its old addresses: not every host can lead a subscriber on."""
        path = self.localize_address(address)
        yield File(path, content)
        yield from (File(old.address, content, old.place) for old in self.site.was if old.to == path and old.is_feed)

    def draw(self, feed: Feed) -> Mapping[str, DrawnItem]:
        """Return the items of a feed, and of others before, as they stand in every feed."""
        new = tuple(item for item in feed.items if item.id not in self.drawn)
        if new:
            self.drawn |= draw_items(replace(feed, items=new))
        return self.drawn

    def statuspage_files(self, feed: Feed) -> Iterator[File]:
        """Yield the feed of the site once more, at the addresses that it has on Statuspage."""
        there = replace(feed, rss=self.url(addresses.statuspage_rss()), atom=self.url(addresses.statuspage_atom()))
        rss, atom = rss_and_atom(there, self.draw(there))
        yield File(addresses.statuspage_rss(), rss)
        yield File(addresses.statuspage_atom(), atom)

    def opml_file(self) -> File:
        """Return the list of the feeds that never end, under the headings of the front page."""
        members: dict[str | None, list[Feed]] = defaultdict(list)
        for service in self.site.services:
            members[service.group].append(self.service_feed(service))
        folders = [
            Folder(clean_text(self.phrasing.say(group.name)), (self.group_feed(group), *members[group.id]))
            for group in self.site.groups
        ]
        if members[None]:
            folders.append(Folder(self.phrasing.interface.gettext("Services"), tuple(members[None])))
        return File(self.localize_address(addresses.feed_list()), as_opml(self.site_feed, folders))

    def localize_address(self, address: str) -> str:
        """Return an address in this language."""
        return addresses.in_language(address, self.language, self.site)

    def url(self, address: str) -> str:
        """Return the full URL of an address in this language."""
        return addresses.absolute_url(self.localize_address(address), self.site)
