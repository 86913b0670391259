"""Sends what was selected: claims it in the ledger, sends it, and writes down what came of it."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from statusgen.board.model.whole_board import Board
from statusgen.model.channels import HUB
from statusgen.model.whole_site import Site
from statusgen.notify.ledger import Entry, Event, Key, Ledger, Record, claim, result_of
from statusgen.notify.message import Message, NotSentError, ResultUnknownError, Sender
from statusgen.notify.messages import fingerprint
from statusgen.notify.selecting import Unit
from statusgen.notify.web_request import Endpoint
from statusgen.notify.websub import list_feeds, ping_hub


@dataclass(frozen=True)
class Parcel:
    """A unit with its message. To the hub no message goes, only word that there is one."""

    unit: Unit
    message: Message


@dataclass(frozen=True)
class Result:
    """What came of a parcel, and why, if it was not sent for certain."""

    parcel: Parcel
    event: Event
    why: str = ""


def split_moved(
    parcels: Sequence[Parcel], record: Record, board: Board
) -> tuple[list[Parcel], list[tuple[Parcel, Entry]]]:
    """Return what is new, and what was sent under another name, each with the line that says so.

    When the file of a post is renamed, its updates have the same times and words. What may have been sent may have
    been under the other name, too.
    """
    there = {(view.incident.id, view.update.id) for view in board.updates}
    gone = {
        (entry.channel, entry.key.update, entry.words): entry
        for entry in record.entries
        if record.reached(entry.key) and (entry.key.incident, entry.key.update) not in there
    }
    new: list[Parcel] = []
    moved: list[tuple[Parcel, Entry]] = []
    for parcel in parcels:
        unit = parcel.unit
        entry = gone.get((unit.channel.id, unit.key.update, fingerprint(parcel.message)))
        if entry is None or record.reached(unit.key):
            new.append(parcel)
        else:
            moved.append((parcel, entry))
    return new, moved


Report = Callable[[Result], None]
"""Tells somebody what came of a parcel, as soon as that is known."""


@dataclass
class Delivery:
    """Sends parcels with the senders of their channels, those for the hub to `hub`, and says by `now` when that was."""

    site: Site
    ledger: Ledger
    senders: Mapping[str, Sender]
    hub: Endpoint | None
    now: Callable[[], datetime]

    def deliver(self, parcels: Sequence[Parcel], report: Report, again: bool = False) -> None:
        """Send what nobody else has claimed, channel by channel, in the order of time.

        Raise NotifyError if nothing can be claimed, or if results cannot be written down. What was claimed and not
        tried is given back, also when the command is interrupted.
        """
        run, at = secrets.token_hex(8), self.now()
        by_key = {parcel.unit.key: parcel for parcel in parcels}
        wanted = [
            Entry(each.message.update_id, each.unit.channel.id, Event.CLAIMED, at, fingerprint(each.message), run)
            for each in parcels
        ]
        open_claims = {entry.key: entry for entry in claim(self.ledger, wanted, again)}
        try:
            self._send_all(open_claims, by_key, report)
        finally:
            for entry in [*open_claims.values()]:
                self.ledger.note_result(result_of(entry, Event.RELEASED, self.now()))
            self.ledger.finish()

    def _send_all(self, claims: dict[Key, Entry], parcels: Mapping[Key, Parcel], report: Report) -> None:
        """Send what was claimed, and take each claim out once its result is noted."""
        stopped: set[str] = set()
        to_hub = {key: entry for key, entry in claims.items() if key.channel == HUB}
        for key, entry in [*claims.items()]:
            if key.channel == HUB or key.channel in stopped:
                continue
            sender = self.senders[key.channel]
            # Until there is a result, nobody can tell: an interruption must not give the claim back.
            del claims[key]
            event, why = try_to_send(sender, parcels[key].message)
            self._note(entry, Result(parcels[key], event, why), report)
            if event is Event.NOT_SENT:
                stopped.add(key.channel)  # what comes later would overtake it, and fail as well
        if to_hub and self.hub:
            hub, feeds = self.hub, list_feeds((parcels[key].unit.view for key in to_hub), self.site)
            event, why = _run(lambda: ping_hub(hub, feeds))
            for key, entry in to_hub.items():
                del claims[key]
                self._note(entry, Result(parcels[key], event, why), report)

    def _note(self, claimed: Entry, result: Result, report: Report) -> None:
        self.ledger.note_result(result_of(claimed, result.event, self.now()))
        report(result)


def try_to_send(sender: Sender, message: Message) -> tuple[Event, str]:
    """Return what came of sending a message, and why."""
    return _run(lambda: sender.send(message))


def _run(send: Callable[[], None]) -> tuple[Event, str]:
    """Return what came of sending, and why."""
    try:
        send()
    except NotSentError as error:
        return Event.NOT_SENT, str(error)
    except ResultUnknownError as error:
        return Event.UNKNOWN, str(error)
    return Event.SENT, ""
