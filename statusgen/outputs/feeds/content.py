"""What an item of a feed says: the whole of one update, block by block, in HTML and as plain text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from statusgen import addresses
from statusgen.languages.interface import keep_phones
from statusgen.languages.speech import Speech
from statusgen.model import Channel, Deadline, Estimate, Report, Status, Update
from statusgen.status.standing import Board, Post, Window


@dataclass(frozen=True)
class Block:
    """A paragraph, a list or a written text: safe HTML, and the same as plain text."""

    html: Markup
    text: str


def paragraph(words: str) -> Block:
    """A paragraph; words that are no markup yet are escaped."""
    return Block(Markup("<p>{}</p>").format(words), _plain(words))


def listing(lines: Iterable[str]) -> Block:
    """A list with a point for each line."""
    lines = [escape(line) for line in lines]
    html = Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(line) for line in lines))
    return Block(html, "\n".join(f"- {_plain(line)}" for line in lines))


def linked(words: str, url: str) -> Block:
    """A paragraph that is a link."""
    return Block(Markup('<p><a href="{}">{}</a></p>').format(url, words), f"{_plain(words)}: {url}")


def _plain(words: str) -> str:
    return escape(words).striptags()


class Writer:
    """Writes what updates say, in one language."""

    def __init__(self, board: Board, language: str) -> None:
        self.board, self.site, self.language = board, board.site, language
        self.speech = Speech(board.site, language)

    def blocks(self, post: Post) -> Iterator[Block]:
        """When and by whom it was said, what it changes, its text, and every date that it gives."""
        update = post.update
        yield paragraph(self.dated(update))
        if update.title and not post.first:
            yield paragraph(self.speech.say(update.title))
        yield from self.correction(post)
        if update.reports:
            yield listing(self.report(report) for report in update.reports)
        yield from self.text(update)
        yield from self.lists(update)
        yield from (paragraph(line) for line in self.dates(post))
        yield from self.unrelated(update)
        if self.site.demonstration:
            yield paragraph(self.speech.say(self.site.demonstration))

    def dated(self, update: Update) -> str:
        """When it was said and, for a statement, by whom."""
        time = self.speech.time(update.time)
        if not update.by:
            return time
        return self.speech.sentence("%(time)s, %(who)s", time=time, who=self.speech.say(update.by))

    def correction(self, post: Post) -> Iterator[Block]:
        """What was wrong, what is right, and where the wrong words stand."""
        _ = self.speech.interface.gettext
        correction = post.update.correction
        if correction is None:
            return
        if correction.wrong:
            yield paragraph(self.speech.sentence(_("We wrote: %(words)s"), words=self.speech.say(correction.wrong)))
        if correction.right:
            yield paragraph(self.speech.sentence(_("Right is: %(words)s"), words=self.speech.say(correction.right)))
        yield linked(_("The update that this corrects"), self.url(post.incident.id, correction.corrects))

    def url(self, incident_id: str, update_id: str) -> str:
        """Where an update stands in this language."""
        address = addresses.in_language(addresses.update(incident_id, update_id), self.language, self.site)
        return addresses.absolute(address, self.site)

    def report(self, report: Report) -> str:
        """One service: its status, what to do, where to go, what was set up meanwhile, when it is back."""
        service = self.board.service[report.service].service
        name = self.speech.say(service.name)
        for way in service.channels:
            if way.id == report.channel:
                name = self.speech.sentence("%(service)s (%(channel)s)", service=name, channel=self.speech.channel(way))
        if report.status is None:
            parts = [self.speech.sentence("%(service)s:", service=name)]
        else:
            status = self.status(report, report.status)
            parts = [self.speech.headed(name, self.speech.sentence("%(status)s.", status=status))]
        parts += [self.speech.whole(words) for words in (report.do, report.where) if words]
        parts += [line for way in report.channels for line in self.way(way)]
        return self.speech.join([*parts, *([self.speech.estimate(report.expected)] if report.expected else [])])

    def status(self, report: Report, status: Status) -> str:
        """How a service stands and, where it began before anybody spoke of it, since when."""
        words = self.speech.status(status)
        if report.started_before is None or status is Status.WORKING:
            return words
        since = self.speech.since_before(report.started_before)
        return self.speech.sentence("%(status)s, %(since)s", status=words, since=since)

    def way(self, way: Channel) -> Iterator[str]:
        """A channel that was set up for the time being, and when it is open."""
        speech, _ = self.speech, self.speech.interface.gettext
        yield speech.sentence("%(way)s:", way=speech.channel(way))
        facts = [words for words in (way.phone, way.url) if words]
        facts += [speech.phrase(way.address)] if way.address else []
        facts += [speech.sentence(_("Open: %(hours)s"), hours=speech.phrase(way.hours))] if way.hours else []
        facts += [speech.sentence(_("You can pay with %(tender)s"), tender=speech.accepts(way))] if way.accepts else []
        facts += [speech.sentence(_("Bring: %(what)s"), what=speech.phrase(way.bring))] if way.bring else []
        facts += [speech.sentence(_("Fee: %(fee)s"), fee=speech.phrase(way.fee))] if way.fee else []
        yield from (speech.sentence("%(fact)s.", fact=fact) for fact in facts)
        if way.opens and way.closes:
            yield speech.window(Window(way.opens, way.closes))
        elif way.opens:
            yield speech.sentence(_("From %(first)s."), first=speech.time(way.opens))
        elif way.closes:
            until = speech.sentence(_("Until %(time)s"), time=speech.time(way.closes))
            yield speech.sentence("%(until)s.", until=until)

    def text(self, update: Update) -> Iterator[Block]:
        """The text as it stands on the page, with whole links."""
        _ = self.speech.interface.gettext
        markup = update.text(self.language)
        if markup is None:
            return
        html = Markup(keep_phones(addresses.resolve(markup.html, None, self.language, self.site), markup.language))
        plain = keep_phones(markup.text, markup.language)
        if markup.language == self.language:
            yield Block(Markup("<div>{}</div>").format(html), plain)
        else:
            yield paragraph(_("This text has not been translated yet."))
            direction = self.speech.direction(markup.language)
            yield Block(Markup('<div lang="{}" dir="{}">{}</div>').format(markup.language, direction, html), plain)
        if (self.language, "machine") in update.translations:
            yield paragraph(_("This text was translated by a machine."))

    def lists(self, update: Update) -> Iterator[Block]:
        """What is known, what is not, what is done."""
        _ = self.speech.interface.gettext
        for heading, entries in (
            (_("What we know"), update.known),
            (_("What we do not know yet"), update.not_known),
            (_("What we are doing"), update.doing),
        ):
            if entries:
                yield paragraph(f"{heading}:")
                yield listing(self.speech.say(words) for words in entries)

    def dates(self, post: Post) -> Iterator[str]:
        """When planned work takes place, deadlines, waivers, estimates, and when the next word is due."""
        update, speech = post.update, self.speech
        yield from self.window(update)
        yield from (line for deadline in post.deadlines for line in self.deadline(deadline))
        yield from (speech.waiver(waiver) for waiver in post.waivers)
        if update.expected:
            yield self.estimate(update.expected)
        if update.next_update:
            message = speech.interface.gettext("Next update by %(time)s.")
            yield speech.sentence(message, time=speech.time(update.next_update))

    def window(self, update: Update) -> Iterator[str]:
        """From when to when planned work takes place, or until when a notice stands, as far as the update says it."""
        speech, _ = self.speech, self.speech.interface.gettext
        if update.starts and update.ends:
            yield speech.window(Window(update.starts, update.ends))
        elif update.starts:
            yield speech.sentence(_("From %(first)s."), first=speech.time(update.starts))
        elif update.ends:
            until = speech.sentence(_("Until %(time)s"), time=speech.time(update.ends))
            yield speech.sentence("%(until)s.", until=until)

    def deadline(self, deadline: Deadline) -> Iterator[str]:
        """A date and what it is about."""
        if deadline.on:
            time, what = self.speech.time(deadline.on), self.speech.whole(deadline.what)
            yield self.speech.headed(time, what)

    def estimate(self, estimate: Estimate) -> str:
        """When it is back, and of what that is said where it is not said of all."""
        words = self.speech.estimate(estimate)
        if not estimate.services:
            return words
        services = self.speech.listed(self.speech.say(self.site.by_id[id].name) for id in estimate.services)
        return self.speech.headed(services, words)

    def unrelated(self, update: Update) -> Iterator[Block]:
        """Other incidents that people might take for this one."""
        others = [self.board.incident[id].incident for id in update.unrelated_to if id in self.board.incident]
        if others:
            yield paragraph(self.speech.interface.gettext("Not connected with:"))
            yield listing(self.speech.say(other.title) for other in others)
