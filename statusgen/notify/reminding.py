"""Reminds staff by their channels, once of each thing, with the same ledger as everybody's messages."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from statusgen.model.channels import NotifyChannel
from statusgen.model.whole_site import Site
from statusgen.notify.deliver import try_to_send
from statusgen.notify.ledger import Entry, Event, Ledger, Record, claim, key_of, result_of
from statusgen.notify.message import Message, Sender
from statusgen.notify.reminders import LANGUAGE, Reminder

_ITEM, _LINK = Markup("<p>{}</p>\n<p><code>{}</code></p>\n"), Markup('<p><a href="{}">{}</a></p>\n')


@dataclass(frozen=True)
class Reminded:
    """What came of reminding by one channel, and why, if it is not certain that it was sent."""

    channel: NotifyChannel
    reminders: Sequence[Reminder]
    event: Event
    why: str = ""


@dataclass(frozen=True)
class Reminding:
    """Reminds by the channels for staff, each with its sender by its id."""

    site: Site
    channels: Sequence[NotifyChannel]
    now: datetime

    def list_new(self, reminders: Iterable[Reminder], channel: NotifyChannel, record: Record) -> list[Reminder]:
        """Return what a channel was not told yet, and can be told now."""
        return [each for each in reminders if self._is_new(each, channel, record)]

    def list_doubtful(self, reminders: Iterable[Reminder], record: Record) -> Iterator[tuple[Reminder, NotifyChannel]]:
        """Yield what may not have reached a channel, and is not sent again by itself."""
        for channel in self.channels:
            for reminder in reminders:
                standing = record.standings.get(key_of(self._tag(reminder.key), channel.id))
                if standing and (standing.is_unknown or standing.is_given_up):
                    yield reminder, channel

    def _is_new(self, reminder: Reminder, channel: NotifyChannel, record: Record) -> bool:
        standing = record.standings.get(key_of(self._tag(reminder.key), channel.id))
        if standing is None or standing.event is Event.RELEASED:
            return True
        return standing.event is Event.NOT_SENT and not standing.is_given_up and standing.next_try <= self.now

    def remind(
        self, reminders: Sequence[Reminder], record: Record, ledger: Ledger, senders: Mapping[str, Sender]
    ) -> list[Reminded]:
        """Send each channel one message with all that is new to it, as far as nobody else does.

        `record` is what the ledger said before. What nobody can tell is not sent again. Raise NotifyError if it cannot
        be written down.
        """
        run = secrets.token_hex(8)
        wanted = {
            self._make_entry(reminder, channel, run): reminder
            for channel in self.channels
            for reminder in self.list_new(reminders, channel, record)
        }
        untried = [*claim(ledger, [*wanted])]
        results = []
        try:
            for channel in self.channels:
                own = [entry for entry in untried if entry.channel == channel.id]
                if own:
                    # Until there is a result, nobody can tell: an interruption must not give the claims back.
                    untried = [entry for entry in untried if entry.channel != channel.id]
                    new = [wanted[entry] for entry in own]
                    event, why = try_to_send(senders[channel.id], self.make_message(new))
                    _note(ledger, own, event, self.now)
                    results.append(Reminded(channel, new, event, why))
        finally:
            _note(ledger, untried, Event.RELEASED, self.now)
            ledger.finish()
        return results

    def make_message(self, reminders: Sequence[Reminder]) -> Message:
        """Return one message with several reminders."""
        first, is_one = reminders[0], len(reminders) == 1
        title = first.title if is_one else f"{len(reminders)} things to look at on the status site"
        # What sends a message puts its own address below it.
        url = first.url if is_one else self.site.url
        return Message(
            update_id=self._tag("\n".join(each.key for each in reminders)),
            incident_id=self._tag_prefix() + "reminders/",
            url=url,
            language=LANGUAGE,
            subject=title,
            text="\n\n".join(f"{each}\n{each.url}" if each.url != url else str(each) for each in reminders),
            html=Markup("").join(_make_item(each, url) for each in reminders),
            short=str(first) if is_one else f"{title}: {'; '.join(each.title for each in reminders)}",
            at=self.now,
            is_reminder=True,
        )

    def _make_entry(self, reminder: Reminder, channel: NotifyChannel, run: str) -> Entry:
        words = hashlib.sha256(reminder.sentence.encode()).hexdigest()
        return Entry(self._tag(reminder.key), channel.id, Event.CLAIMED, self.now, words, run)

    def _tag(self, key: str) -> str:
        """Return the tag URI of a reminder; what it is about is not to be read from it."""
        return f"{self._tag_prefix()}reminders/{hashlib.sha256(key.encode()).hexdigest()[:24]}"

    def _tag_prefix(self) -> str:
        parts = urlsplit(self.site.url)
        return f"tag:{parts.hostname},{self.site.local_day(self.now):%Y-%m-%d}:{quote(parts.path)}"


def _make_item(reminder: Reminder, url: str) -> Markup:
    """Return a reminder as HTML, with its address unless that is `url`, which the message has by itself."""
    item = _ITEM.format(reminder.sentence, reminder.command)
    return item if reminder.url == url else item + _LINK.format(reminder.url, reminder.url)


def _note(ledger: Ledger, claims: Iterable[Entry], event: Event, now: datetime) -> None:
    for entry in claims:
        ledger.note_result(result_of(entry, event, now))
