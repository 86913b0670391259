"""What an alert says in the words of the city, in one language, as plain text."""

from collections.abc import Iterator

from statusgen import addresses
from statusgen.board.model.advice import Advice
from statusgen.board.model.news import UpdateView
from statusgen.board.model.whole_board import Board
from statusgen.model.times import When
from statusgen.outputs.alerts.messages import Message
from statusgen.outputs.feeds.update_blocks import UpdateWriter, paragraph
from statusgen.wording.phrasing import Phrasing
from statusgen.wording.short_forms import shorten

# The longest that a headline should be (CAP 1.2, section 3.2.2).
MAX_HEADLINE_LENGTH = 160


class AlertWriter:
    """Writes messages in one language."""

    def __init__(self, board: Board, language: str) -> None:
        self.site, self.language = board.site, language
        self.phrasing = Phrasing(board.site, language, plain=True)
        self.update_writer = UpdateWriter(board, language)

    def sender(self) -> str:
        """Return who sends the alert: for a demonstration its title, not the city."""
        return self.phrasing.say(self.site.title if self.site.demonstration else self.site.publisher)

    def note(self) -> str:
        """Return what the messages must not be used for."""
        text = self.phrasing.interface.gettext(
            "For information only, and not for IPAWS: this must not set off phones, radio or television."
        )
        return f"{self.phrasing.say(self.site.demonstration)} {text}".strip()

    def event(self, message: Message) -> str:
        """Return what kind of event it is."""
        topic = message.view.incident.topic
        return self.phrasing.topic(topic) if topic else self.phrasing.interface.gettext("Service disruption")

    def headline(self, message: Message) -> str:
        """Return the update in one line."""
        return shorten(self.phrasing.update_title(message.view), MAX_HEADLINE_LENGTH)

    def description(self, message: Message) -> str:
        """Return when it was published and by whom, the status of the services, and all that was written."""
        view, writer = message.view, self.update_writer
        blocks = [paragraph(writer.dateline(view.update)), *writer.correction(view)]
        blocks += [paragraph(line) for line in self._statuses(message)]
        blocks += [*writer.text(view.update), *writer.lists(view.update)]
        blocks += [paragraph(line) for deadline in view.deadlines for line in writer.deadline(deadline)]
        blocks += [paragraph(writer.estimate(view.update.expected))] if view.update.expected else []
        return "\n".join(
            [*filter(None, [self.phrasing.say(self.site.demonstration)]), *(block.text for block in blocks)]
        )

    def instruction(self, message: Message) -> str:
        """Return what to do, where to go, what is waived, and when the next update is due."""
        snapshot, phrasing = message.view.snapshot, self.phrasing
        lines = [self._advice(snapshot.do, message)] if snapshot.do else []
        for workaround in snapshot.workarounds:
            texts = (self._advice(advice, message) for advice in (workaround.do, workaround.where) if advice)
            lines.append(phrasing.join([f"{self._service_name(workaround.service, workaround.channel)}:", *texts]))
        lines += [phrasing.waiver(waiver) for waiver in snapshot.waivers]
        if snapshot.due:
            next_update = phrasing.interface.gettext("Next update by %(time)s.")
            lines.append(phrasing.format(next_update, time=phrasing.time(snapshot.due)))
        if not snapshot.is_over:
            more = phrasing.interface.gettext("Changes are announced here: %(address)s")
            lines.append(phrasing.format(more, address=self._url(addresses.incident(message.view.incident.id))))
        return "\n".join(lines)

    def _advice(self, advice: Advice, message: Message) -> str:
        """Return what to do, with its date if the update does not say it again: a message is read as of its time."""
        if advice.said_at.start < message.view.update.time.start:
            return self.phrasing.dated_advice(advice)
        return self.phrasing.advice(advice)

    def contact(self) -> str:
        """Return whom to call or write to."""
        contact_points = ((contact, contact.phone or contact.url) for contact in self.site.contacts)
        return "; ".join(
            self.phrasing.with_label(self.phrasing.say(contact.name), contact_point)
            for contact, contact_point in contact_points
            if contact_point
        )

    def area(self) -> str:
        """Return the place that the alerts are for."""
        return self.phrasing.say(self.site.alerts.area) if self.site.alerts else ""

    def page(self, message: Message) -> str:
        """Return the URL of the update on the site."""
        return self._url(addresses.update(message.view.incident.id, message.view.update.id))

    def _url(self, address: str) -> str:
        return addresses.absolute_url(addresses.in_language(address, self.language, self.site), self.site)

    def _statuses(self, message: Message) -> Iterator[str]:
        """Yield the statuses that the update reports, then those of affected services that it does not mention.

        The latter have the date of the word on them.
        """
        view, phrasing = message.view, self.phrasing
        reports = [report for report in view.update.reports if report.status]
        for report in reports:
            if report.status:
                name = self._service_name(report.service, report.channel)
                yield phrasing.with_label(name, f"{phrasing.status(report.status)}.")
        reported = {report.service for report in reports}
        for service, status in view.snapshot.affected:
            if service not in reported:
                words, said_at = phrasing.status(status), _last_word(service, view)
                if said_at and said_at != view.update.time:
                    words = phrasing.with_time_said(words, said_at)
                yield phrasing.with_label(self._service_name(service, None), f"{words}.")

    def _service_name(self, service: str, channel: str | None) -> str:
        """Return the name of a service, and of the channel if it is about one."""
        known = self.site.service_by_id[service]
        name = self.phrasing.say(known.name)
        channel_names = [self.phrasing.channel(each) for each in known.channels if each.id == channel]
        return (
            self.phrasing.format("%(service)s (%(channel)s)", service=name, channel=channel_names[0])
            if channel_names
            else name
        )


def _last_word(service: str, view: UpdateView) -> When | None:
    """Return when the incident last spoke of a service, up to an update and regardless of what was said later."""
    said_at = None
    for update in view.incident.updates:
        is_said = any(report.service == service and report.status for report in update.reports)
        if is_said or (said_at and update.unchanged):
            said_at = update.time
        if update.id == view.update.id:
            break
    return said_at
