"""What an alert says in the words of the city, in one language, as plain text."""

from collections.abc import Iterator

from statusgen import addresses
from statusgen.languages.short import shortened
from statusgen.languages.speech import Speech
from statusgen.outputs.alerts.messages import Message
from statusgen.outputs.feeds.content import Writer, paragraph
from statusgen.status.standing import Board

# As long as a headline should be (CAP 1.2, section 3.2.2).
HEADLINE = 160


class Wording:
    """Says messages in one language."""

    def __init__(self, board: Board, language: str) -> None:
        self.site, self.language = board.site, language
        self.speech = Speech(board.site, language, plain=True)
        self.writer = Writer(board, language)

    def sender(self) -> str:
        """Who speaks; a demonstration speaks for itself alone."""
        return self.speech.say(self.site.title if self.site.demonstration else self.site.publisher)

    def note(self) -> str:
        """What the messages must not be taken for."""
        says = self.speech.interface.gettext(
            "For information only, and not for IPAWS: this must not set off phones, radio or television."
        )
        return f"{self.speech.say(self.site.demonstration)} {says}".strip()

    def event(self, message: Message) -> str:
        """What kind of thing happens."""
        topic = message.post.incident.topic
        return self.speech.topic(topic) if topic else self.speech.interface.gettext("Service disruption")

    def headline(self, message: Message) -> str:
        """The update in one line."""
        return shortened(self.speech.update_title(message.post), HEADLINE)

    def description(self, message: Message) -> str:
        """When it was said and by whom, how the services stood, and all that was written."""
        post, writer = message.post, self.writer
        blocks = [paragraph(writer.dated(post.update)), *writer.correction(post)]
        blocks += [paragraph(line) for line in self._statuses(message)]
        blocks += [*writer.text(post.update), *writer.lists(post.update)]
        blocks += [paragraph(line) for deadline in post.deadlines for line in writer.deadline(deadline)]
        blocks += [paragraph(writer.estimate(post.update.expected))] if post.update.expected else []
        return "\n".join([*filter(None, [self.speech.say(self.site.demonstration)]), *(block.text for block in blocks)])

    def instruction(self, message: Message) -> str:
        """What to do, where to go, what is waived, and when we say more."""
        then, speech = message.post.then, self.speech
        lines = []
        for advice in then.advice:
            told = (speech.whole(words) for words in (advice.do, advice.where) if words)
            lines.append(speech.join([f"{self._name(advice.service, advice.channel)}:", *told]))
        lines += [speech.waiver(waiver) for waiver in then.waivers]
        if then.due:
            next_update = speech.interface.gettext("Next update by %(time)s.")
            lines.append(speech.sentence(next_update, time=speech.time(then.due)))
        if not then.over:
            watch = speech.interface.gettext("What changes is said here: %(address)s")
            lines.append(speech.sentence(watch, address=self._url(addresses.incident(message.post.incident.id))))
        return "\n".join(lines)

    def contact(self) -> str:
        """Whom to call or write to."""
        ways = ((contact, contact.phone or contact.url) for contact in self.site.contacts)
        return "; ".join(f"{self.speech.say(contact.name)}: {way}" for contact, way in ways if way)

    def area(self) -> str:
        """The place that the alerts are for."""
        return self.speech.say(self.site.alerts.area) if self.site.alerts else ""

    def page(self, message: Message) -> str:
        """Where the update stands on the site."""
        return self._url(addresses.update(message.post.incident.id, message.post.update.id))

    def _url(self, address: str) -> str:
        return addresses.absolute(addresses.in_language(address, self.language, self.site), self.site)

    def _statuses(self, message: Message) -> Iterator[str]:
        """What the update says of services, then how those stood of which it says nothing."""
        said = [(report.service, report.channel, report.status) for report in message.post.update.reports]
        named = {service for service, _, status in said if status}
        said += [(service, None, status) for service, status in message.post.then.held if service not in named]
        for service, channel, status in said:
            if status:
                yield f"{self._name(service, channel)}: {self.speech.status(status)}."

    def _name(self, service: str, channel: str | None) -> str:
        """A service, and the one of its ways that is meant."""
        known = self.site.by_id[service]
        name = self.speech.say(known.name)
        ways = [self.speech.channel(way) for way in known.channels if way.id == channel]
        return self.speech.sentence("%(service)s (%(channel)s)", service=name, channel=ways[0]) if ways else name
