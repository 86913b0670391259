"""What an item of a feed says: the whole of one update, block by block, in HTML and as plain text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from statusgen import addresses
from statusgen.board.model.news import UpdateView
from statusgen.board.model.whole_board import Board
from statusgen.model.posts import Incident, Update
from statusgen.model.reports import Estimate, ServiceReport
from statusgen.model.services import Channel
from statusgen.model.statuses import Status
from statusgen.model.waivers import Deadline
from statusgen.wording.interface import protect_phone_numbers
from statusgen.wording.phrasing import Phrasing


@dataclass(frozen=True)
class Block:
    """A paragraph, a list or a written text: safe HTML, and the same as plain text."""

    html: Markup
    text: str


def paragraph(words: str) -> Block:
    """Return a paragraph; words that are not markup yet are escaped."""
    return Block(Markup("<p>{}</p>").format(words), _plain_text(words))


def bullet_list(lines: Iterable[str]) -> Block:
    """Return a list with a point for each line."""
    lines = [escape(line) for line in lines]
    html = Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(line) for line in lines))
    return Block(html, "\n".join(f"- {_plain_text(line)}" for line in lines))


def link_paragraph(words: str, url: str) -> Block:
    """Return a paragraph that is a link."""
    return Block(Markup('<p><a href="{}">{}</a></p>').format(url, words), f"{_plain_text(words)}: {url}")


def _plain_text(words: str) -> str:
    return escape(words).striptags()


class UpdateWriter:
    """Writes what updates say, in one language."""

    def __init__(self, board: Board, language: str) -> None:
        self.board, self.site, self.language = board, board.site, language
        self.phrasing = Phrasing(board.site, language)

    def blocks(self, view: UpdateView) -> Iterator[Block]:
        """Yield when and by whom it was said, what it changes, its text, and every date that it gives."""
        update = view.update
        yield paragraph(self.dateline(update))
        if update.title and not view.is_first:
            yield paragraph(self.phrasing.say(update.title))
        if update.do:
            yield paragraph(self.phrasing.as_sentence(update.do))
        yield from self.correction(view)
        if view.late_for:
            yield paragraph(self.phrasing.kept_late(view.late_for))
        if update.rename:
            yield paragraph(self.renaming(update))
        yield from (paragraph(line) for line in self.phrasing.rumor(update.claim, update.fact))
        if update.unchanged:
            yield paragraph(self.phrasing.unchanged())
        if update.reports:
            yield bullet_list(self.report(report, view.incident) for report in update.reports)
        yield from self.text(update)
        yield from self.lists(update)
        yield from (paragraph(line) for line in self.dates(view))
        yield from self.unrelated_incidents(update)
        if self.site.demonstration:
            yield paragraph(self.phrasing.say(self.site.demonstration))

    def renaming(self, update: Update) -> str:
        """Return what the incident is called from this update on."""
        return self.phrasing.with_label(
            self.phrasing.interface.gettext("New name"), self.phrasing.as_sentence(update.rename)
        )

    def dateline(self, update: Update) -> str:
        """Return when it was said and, for a statement, by whom."""
        time = self.phrasing.time(update.time)
        if not update.by:
            return time
        return self.phrasing.format("%(time)s, %(who)s", time=time, who=self.phrasing.say(update.by))

    def correction(self, view: UpdateView) -> Iterator[Block]:
        """Yield what was wrong, what is right, and where the wrong words stand."""
        _ = self.phrasing.interface.gettext
        correction = view.update.correction
        if correction is None:
            return
        if correction.wrong:
            yield paragraph(self.phrasing.format(_("We wrote: %(words)s"), words=self.phrasing.say(correction.wrong)))
        if correction.right:
            yield paragraph(
                self.phrasing.format(_("Correct information: %(words)s"), words=self.phrasing.say(correction.right))
            )
        yield link_paragraph(_("The update that this corrects"), self.url(view.incident.id, correction.corrects))

    def url(self, incident_id: str, update_id: str) -> str:
        """Return the URL of an update in this language."""
        address = addresses.in_language(addresses.update(incident_id, update_id), self.language, self.site)
        return addresses.absolute_url(address, self.site)

    def report(self, report: ServiceReport, incident: Incident) -> str:
        """Return one service: its status, what to do, where to go, what was set up meanwhile, when it is back."""
        service = self.board.service_by_id[report.service].service
        name = self.phrasing.say(service.name)
        for channel in service.channels:
            if channel.id == report.channel:
                name = self.phrasing.format(
                    "%(service)s (%(channel)s)", service=name, channel=self.phrasing.channel(channel)
                )
        if report.status is None:
            parts = [self.phrasing.format("%(service)s:", service=name)]
        else:
            status = self.status_with_since(report, report.status, incident)
            parts = [self.phrasing.with_label(name, self.phrasing.end_sentence(status))]
        parts += [self.phrasing.as_sentence(words) for words in (report.do, report.where) if words]
        known = self.board.incident_by_id[incident.id]
        parts += [self.channel(known.with_known_name(report.service, channel)) for channel in report.channels]
        if report.for_now:
            details = self.phrasing.details_for_now(report.for_now)
            parts += [self.phrasing.end_sentence(detail.phrase) for detail in details]
        parts.append(self.phrasing.estimate_for(report.expected, report.status))
        return self.phrasing.join(part for part in parts if part)

    def status_with_since(self, report: ServiceReport, status: Status, incident: Incident) -> str:
        """Return the status of a service and, if the update says when that began, since when."""
        words, since = self.phrasing.status(status), self.phrasing.reported_since(report, incident)
        if status is Status.WORKING or not since:
            return words
        return self.phrasing.format("%(status)s, %(since)s", status=words, since=since)

    def channel(self, channel: Channel) -> str:
        """Return a channel that was set up for the time being, and when it is open."""
        phrasing, name = self.phrasing, self.phrasing.channel(channel)
        details = [detail.phrase for detail in phrasing.details(channel) if detail.key != "closes"]
        facts = [*map(phrasing.end_sentence, details), *phrasing.period(channel.opens, channel.closes)]
        return phrasing.with_label(name, phrasing.join(facts)) if facts else phrasing.end_sentence(name)

    def text(self, update: Update) -> Iterator[Block]:
        """Yield the text as the page has it, with whole links."""
        _ = self.phrasing.interface.gettext
        markup = update.text(*self.phrasing.languages)
        if markup is None:
            return
        html = Markup(
            protect_phone_numbers(addresses.resolve_links(markup.html, None, self.language, self.site), markup.language)
        )
        plain = protect_phone_numbers(markup.text, markup.language)
        if markup.language == self.language:
            yield Block(Markup("<div>{}</div>").format(html), plain)
        else:
            yield paragraph(_("This text has not been translated yet."))
            direction = self.phrasing.direction(markup.language)
            yield Block(Markup('<div lang="{}" dir="{}">{}</div>').format(markup.language, direction, html), plain)
        if (self.language, "machine") in update.translations:
            yield paragraph(_("This text was translated by a machine."))

    def lists(self, update: Update) -> Iterator[Block]:
        """Yield what is known, what is not, what is done."""
        _ = self.phrasing.interface.gettext
        for heading, entries in (
            (_("What we know"), update.known),
            (_("What we do not know yet"), update.not_known),
            (_("What we are doing"), update.doing),
        ):
            if entries:
                yield paragraph(f"{heading}:")
                yield bullet_list(self.phrasing.say(words) for words in entries)

    def dates(self, view: UpdateView) -> Iterator[str]:
        """Yield when planned work takes place, deadlines, waivers, estimates, and when the next update is due."""
        update, phrasing = view.update, self.phrasing
        yield from phrasing.period(update.starts, update.ends)
        yield from (line for deadline in view.deadlines for line in self.deadline(deadline))
        yield from (phrasing.waiver(waiver) for waiver in view.waivers)
        if update.expected:
            yield self.estimate(update.expected)
        if update.next_update:
            message = phrasing.interface.gettext("Next update by %(time)s.")
            yield phrasing.format(message, time=phrasing.time(update.next_update))

    def deadline(self, deadline: Deadline) -> Iterator[str]:
        """Yield a date and what it is about."""
        if deadline.on:
            time, what = self.phrasing.time(deadline.on), self.phrasing.as_sentence(deadline.what)
            yield self.phrasing.with_label(time, what)

    def estimate(self, estimate: Estimate) -> str:
        """Return when service is expected back, and which services, unless that is all of them."""
        words = self.phrasing.estimate(estimate)
        if not estimate.services:
            return words
        services = self.phrasing.format_list(
            self.phrasing.say(self.site.service_by_id[id].name) for id in estimate.services
        )
        return self.phrasing.with_label(services, words)

    def unrelated_incidents(self, update: Update) -> Iterator[Block]:
        """Yield other incidents that people might take for this one."""
        others = [
            self.board.incident_by_id[id].incident for id in update.unrelated_to if id in self.board.incident_by_id
        ]
        if others:
            yield paragraph(self.phrasing.interface.gettext("Not related to:"))
            yield bullet_list(self.phrasing.say(other.title) for other in others)
