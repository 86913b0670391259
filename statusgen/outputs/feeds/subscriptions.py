"""Which feeds there are: of the site, of each group, service and incident, each in three formats and every language."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from statusgen import addresses
from statusgen.files import File
from statusgen.languages.speech import Speech
from statusgen.model import Words
from statusgen.outputs.feeds.feed import Feed
from statusgen.outputs.feeds.items import Item, Items, sound
from statusgen.outputs.feeds.json_feed import as_json
from statusgen.outputs.feeds.opml import Folder, as_opml
from statusgen.outputs.feeds.syndication import rss_and_atom
from statusgen.status.standing import Board, IncidentStanding, Post
from statusgen.theme.look import Look

# Long enough for a reader that looks in once a week during the worst of weeks.
MOST_ITEMS = 100


def files(board: Board, look: Look) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """The feeds that go on for ever, and the list of them."""
    about = _about(board)
    for language in board.site.languages:
        yield from _Edition(board, language).files(about)


def of_incident(board: Board, look: Look) -> Callable[[IncidentStanding], Iterator[File]]:  # noqa: ARG001
    """What writes the feeds of an incident, which end with it."""
    editions = [_Edition(board, language) for language in board.site.languages]
    return lambda standing: (file for edition in editions for file in edition.incident(standing))


def _about(board: Board) -> dict[str, list[Post]]:
    """The newest posts about each service and about each group, by the address of its feeds."""
    groups = {service.id: service.group for service in board.site.services}
    about: dict[str, list[Post]] = defaultdict(list)
    for post in board.posts:
        subjects = {addresses.group(group) for service in post.services if (group := groups[service])}
        for subject in subjects | {addresses.service(service) for service in post.services}:
            if len(about[subject]) < MOST_ITEMS:
                about[subject].append(post)
    return about


class _Edition:
    """The feeds in one language."""

    def __init__(self, board: Board, language: str) -> None:
        self.board, self.site, self.language = board, board.site, language
        self.items = Items(board, language)
        self.plain = Speech(board.site, language, plain=True)
        self.title = sound(self.plain.say(self.site.title))
        # A demonstration speaks for itself alone.
        self.author = sound(self.plain.say(self.site.title if self.site.demonstration else self.site.publisher))
        says = self.plain.interface.gettext("One item for each update.")
        parts = (self.plain.say(self.site.demonstration), self.plain.left_out(), says)
        self.description = sound(self.plain.join(filter(None, parts)))

    def files(self, about: dict[str, list[Post]]) -> Iterator[File]:
        """All that go on, in all formats, and the list of them."""
        whole = self.feed("", self.title, "", self.shared(self.board.posts))
        groups = {group.id: self.group(group.id, group.name, about) for group in self.site.groups}
        services = {service.id: self.service(service.id, service.name, about) for service in self.site.services}
        yield from self.formats("", whole)
        for id, feed in groups.items():
            yield from self.formats(addresses.group(id), feed)
        for id, feed in services.items():
            yield from self.formats(addresses.service(id), feed)
        yield self.outline(whole, groups, services)

    def group(self, id: str, name: Words, about: dict[str, list[Post]]) -> Feed:
        """The feed of all services of a group; the front page shows them together."""
        address = addresses.group(id)
        return self.feed(address, self.named(name), addresses.front(), self.shared(about[address]))

    def service(self, id: str, name: Words, about: dict[str, list[Post]]) -> Feed:
        """The feed of a service."""
        address = addresses.service(id)
        return self.feed(address, self.named(name), address, self.shared(about[address]))

    def incident(self, standing: IncidentStanding) -> Iterator[File]:
        """The feed of an incident, planned work or a notice, with nothing but its own updates."""
        address = addresses.incident(standing.id)
        items = tuple(self.items.made(post) for post in self.board.posts_of[standing.id][:MOST_ITEMS])
        yield from self.formats(address, self.feed(address, self.named(standing.incident.title), address, items))

    def shared(self, posts: Sequence[Post]) -> tuple[Item, ...]:
        """The newest of these posts."""
        return tuple(self.items.shared(post) for post in posts[:MOST_ITEMS])

    def named(self, name: Words) -> str:
        """The title of a feed that is not the whole site's; it names the site as well."""
        return sound(f"{self.plain.say(name)} - {self.title}")

    def feed(self, address: str, title: str, home: str, items: tuple[Item, ...]) -> Feed:
        """The feed at an address, with the page `home` to read instead."""
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
            items=items,
        )

    def formats(self, address: str, feed: Feed) -> Iterator[File]:
        """The feed at an address, in its three formats."""
        rss, atom = rss_and_atom(feed)
        yield File(self.here(addresses.rss(address)), rss)
        yield File(self.here(addresses.atom(address)), atom)
        yield File(self.here(addresses.json_feed(address)), as_json(feed))

    def outline(self, whole: Feed, groups: dict[str, Feed], services: dict[str, Feed]) -> File:
        """The list of the feeds that go on, under the headings of the front page."""
        members: dict[str | None, list[Feed]] = defaultdict(list)
        for service in self.site.services:
            members[service.group].append(services[service.id])
        folders = [
            Folder(sound(self.plain.say(group.name)), (groups[group.id], *members[group.id]))
            for group in self.site.groups
        ]
        if members[None]:
            folders.append(Folder(self.plain.interface.gettext("Services"), tuple(members[None])))
        return File(self.here(addresses.feed_list()), as_opml(whole, folders))

    def here(self, address: str) -> str:
        """An address in this language."""
        return addresses.in_language(address, self.language, self.site)

    def url(self, address: str) -> str:
        """The whole URL of an address in this language."""
        return addresses.absolute(self.here(address), self.site)
