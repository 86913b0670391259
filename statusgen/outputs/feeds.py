"""RSS 2.0 and Atom (RFC 4287) through feedgen: one item for each update, for the site and for each service.

An update is published once and keeps its id for ever: a tag URI (RFC 4151) made of the site's host, the name of
the post, and the update's own time. A reworded text keeps it, so readers that have seen the item stay quiet; a new
update brings exactly one new item. Nothing depends on the moment of the build.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from feedgen.feed import FeedGenerator
from markupsafe import Markup, escape

from statusgen import addresses
from statusgen.files import File
from statusgen.languages.interface import keep_phones
from statusgen.languages.speech import Speech
from statusgen.model import Incident, Report, Site, Status, Update, Words
from statusgen.status.standing import Board, Post
from statusgen.theme.look import Look

# Long enough for a reader that looks in once a week during the worst of weeks.
MOST_ITEMS = 100
# How a part begins that needs no paragraph around it.
_BLOCKS = ("<p>", "<ul>", "<div")
# What XML 1.0 (section 2.2) cannot carry, not even escaped.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def files(board: Board, look: Look) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """The feeds of the site and of each service, in every language."""
    site = board.site
    about: dict[str, list[Post]] = defaultdict(list)
    for post in board.posts:
        for service in post.services:
            about[service].append(post)
    for language in site.languages:
        writer = _Writer(board, language)
        yield from writer.both("", site.title, board.posts)
        for standing in board.services:
            yield from writer.both(addresses.service(standing.id), standing.service.name, about[standing.id])


def item_id(incident: Incident, update: Update, site: Site) -> str:
    """The tag URI of an update, the same in every language and for ever."""
    day = site.local_day(update.time.start)
    parts = urlsplit(site.url)
    return f"tag:{parts.hostname},{day:%Y-%m-%d}:{quote(parts.path)}{quote(incident.id)}/{update.id}"


class _Writer:
    """Writes feeds in one language."""

    def __init__(self, board: Board, language: str) -> None:
        self.board, self.site, self.language = board, board.site, language
        self.speech = Speech(board.site, language)
        self.plain = Speech(board.site, language, plain=True)

    def both(self, of: str, name: Words, posts: Sequence[Post]) -> Iterator[File]:
        """The RSS and the Atom feed that belong to the page `of`."""
        page = addresses.in_language(of, self.language, self.site)
        rss, atom = addresses.rss(page), addresses.atom(page)
        yield File(rss, self.feed(page, rss, "application/rss+xml", name, posts).rss_str(pretty=True))
        yield File(atom, self.feed(page, atom, "application/atom+xml", name, posts).atom_str(pretty=True))

    def feed(self, page: str, own: str, kind: str, name: Words, posts: Sequence[Post]) -> FeedGenerator:
        """A feed with its newest items, to be written as `kind`."""
        feed = FeedGenerator()
        feed.id(addresses.absolute(own, self.site))
        feed.title(_sound(self.title(name)))
        feed.description(_sound(self.description()))
        # A demonstration speaks for itself alone.
        author = self.site.title if self.site.demonstration else self.site.publisher
        feed.author(name=_sound(self.plain.say(author)))
        feed.language(self.language)
        # The order matters: RSS takes the last link for the address of the page.
        feed.link(href=addresses.absolute(own, self.site), rel="self", type=kind)
        feed.link(href=addresses.absolute(page, self.site), rel="alternate", type="text/html")
        newest = posts[0].update.time.start if posts else datetime(1970, 1, 1, tzinfo=UTC)
        feed.updated(newest)
        feed.lastBuildDate(newest)
        feed.generator("statusgen")
        for post in posts[:MOST_ITEMS]:
            self.item(feed, post)
        return feed

    def title(self, name: Words) -> str:
        """The feed's title; a service's feed names the site as well."""
        title = self.plain.say(self.site.title)
        return title if name is self.site.title else f"{self.plain.say(name)} - {title}"

    def description(self) -> str:
        """What subscribers get, and what they must not take it for."""
        says = self.speech.interface.gettext("One item for each update.")
        return f"{self.plain.say(self.site.demonstration)} {says}".strip()

    def item(self, feed: FeedGenerator, post: Post) -> None:
        """One update; `order` keeps feedgen from turning the feed round."""
        entry = feed.add_entry(order="append")
        own = addresses.in_language(addresses.update(post.incident.id, post.update.id), self.language, self.site)
        entry.id(item_id(post.incident, post.update, self.site))
        entry.guid(item_id(post.incident, post.update, self.site), permalink=False)
        entry.title(_sound(self.plain.post_title(post, self.board)))
        entry.link(href=addresses.absolute(own, self.site))
        entry.published(post.update.time.start)
        entry.updated(post.update.time.start)
        entry.content(_sound(str(self.content(post))), type="html")

    def content(self, post: Post) -> Markup:
        """The whole of an update: time, services, what to do, text, dates, waivers, estimate, promise."""
        update = post.update
        parts = [self.dated(update), *self.correction(update), *self.statuses(update), *self.text(update)]
        parts += self.lists(update)
        for deadline in post.deadlines:
            if deadline.on:
                time, what = self.speech.time(deadline.on), self.speech.say(deadline.what)
                parts.append(self.speech.sentence("%(time)s: %(what)s", time=time, what=what))
        parts += [self.speech.waiver(waiver) for waiver in post.waivers]
        parts += [self.speech.estimate(update.expected)] if update.expected else []
        if update.next_update:
            message = self.speech.interface.gettext("Next update by %(time)s.")
            parts.append(self.speech.sentence(message, time=self.speech.time(update.next_update)))
        if self.site.demonstration:
            parts.append(self.speech.say(self.site.demonstration))
        return Markup("\n").join(part if part.startswith(_BLOCKS) else _paragraph(part) for part in parts)

    def dated(self, update: Update) -> str:
        """When it was said and, for a statement, by whom."""
        time = self.speech.time(update.time)
        return (
            self.speech.sentence("%(time)s, %(who)s", time=time, who=self.speech.say(update.by)) if update.by else time
        )

    def correction(self, update: Update) -> Iterator[str]:
        """What was wrong, and what is right."""
        _ = self.speech.interface.gettext
        if update.correction and update.correction.wrong:
            yield self.speech.sentence(_("We wrote: %(words)s"), words=self.speech.say(update.correction.wrong))
        if update.correction and update.correction.right:
            yield self.speech.sentence(_("Right is: %(words)s"), words=self.speech.say(update.correction.right))

    def statuses(self, update: Update) -> Iterator[str]:
        """A list of the services that the update names."""
        lines = [self.report(report) for report in update.reports]
        if lines:
            yield _list(lines)

    def report(self, report: Report) -> str:
        """One service: its status, what to do, where to go."""
        service = self.board.service[report.service].service
        name = self.speech.say(service.name)
        for way in service.channels:
            if way.id == report.channel:
                name = self.speech.sentence("%(service)s (%(channel)s)", service=name, channel=self.speech.channel(way))
        parts = [name]
        if report.status is not None:
            status = self.speech.status(report.status)
            if report.started_before and report.status is not Status.WORKING:
                since = self.speech.since_before(report.started_before)
                status = self.speech.sentence("%(status)s, %(since)s", status=status, since=since)
            parts = [self.speech.sentence("%(service)s: %(status)s.", service=name, status=status)]
        return self.speech.join([*parts, *(self.speech.whole(words) for words in (report.do, report.where) if words)])

    def text(self, update: Update) -> Iterator[str]:
        """The text as it stands on the page, with whole links."""
        markup = update.text(self.language)
        if markup:
            html = keep_phones(addresses.resolve(markup.html, None, self.language, self.site), markup.language)
            if markup.language != self.language:
                yield Markup('<div lang="{}">{}</div>').format(markup.language, Markup(html))
            else:
                yield Markup("<div>{}</div>").format(Markup(html))
            if (self.language, "machine") in update.translations:
                yield _paragraph(self.speech.interface.gettext("This text was translated by a machine."))

    def lists(self, update: Update) -> Iterator[str]:
        """What is known, what is not, what is done."""
        _ = self.speech.interface.gettext
        for heading, entries in (
            (_("What we know"), update.known),
            (_("What we do not know yet"), update.not_known),
            (_("What we are doing"), update.doing),
        ):
            if entries:
                yield _paragraph(heading + ":")
                yield _list(self.speech.say(words) for words in entries)


def _sound(text: str) -> str:
    """The text without characters that would break the XML."""
    return _NOT_IN_XML.sub("", text)


def _paragraph(text: str) -> Markup:
    return Markup("<p>{}</p>").format(text)


def _list(lines: Iterable[str]) -> Markup:
    return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(escape(line)) for line in lines))
