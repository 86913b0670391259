"""Which updates go to which channel: those that are public, that it asked for, and that it has not got yet."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from statusgen.board.model.news import UpdateView
from statusgen.board.model.whole_board import Board
from statusgen.model.channels import HUB, NotifyChannel, NotifyKind, NotifySettings
from statusgen.model.states import Kind, State
from statusgen.model.whole_site import Site
from statusgen.notify.ledger import Event, Key, Record

_NAMED_PERIOD = timedelta(days=1)
_ROUNDING = timedelta(minutes=5)
"""By how much commands date an update earlier than it was written: what is new can be dated before a new channel."""


class Wait(Enum):
    """Why something is not sent now. The value ends a sentence that begins with what it is."""

    QUIET = "waits until the quiet hours are over"
    NOT_PUBLISHED = "waits until residents can see it: it is not published like this yet"
    RETRY = "was not sent, and is tried again later"
    BEHIND = "waits until what was said before it has been sent"
    GIVEN_UP = "was not sent, although it was tried several times"
    UNKNOWN = "may or may not have been sent"
    UNDATED = "is not sent: it has only a date, and the channel was added on that day"
    JUST_BEFORE = "is not sent: it is dated a few minutes before the channel was added"

    @property
    def holds_later_ones(self) -> bool:
        """Whether what was said afterwards waits as well, so that people hear of things in their order."""
        return self not in (Wait.GIVEN_UP, Wait.UNKNOWN, Wait.UNDATED, Wait.JUST_BEFORE)


@dataclass(frozen=True)
class Unit:
    """An update and a channel that it is for; `wait` is why it cannot be sent now, if it cannot."""

    channel: NotifyChannel
    view: UpdateView
    wait: Wait | None = None

    @property
    def key(self) -> Key:
        """What the ledger calls it."""
        return Key(self.view.incident.id, self.view.update.id, self.channel.id)

    @property
    def name(self) -> str:
        """What the command line calls the update."""
        return self.key.name


@dataclass(frozen=True)
class Selection:
    """Finds what is to be sent: of what is public on a Board, by what the ledger and the clock say."""

    board: Board
    record: Record
    clock: datetime

    def list_units(self, channel: NotifyChannel) -> Iterator[Unit]:
        """Yield every update that a channel should get and has not got for certain, in the order of their times.

        What may be older than the channel, or is by a few minutes, is named for a day: long enough for somebody to
        write another time.
        """
        for view in reversed(self.board.updates):
            unit = Unit(channel, view)
            standing = self.record.standings.get(unit.key)
            if standing and standing.event is Event.SENT:
                continue
            if (standing and standing.event is not Event.RELEASED) or self.is_for(channel, view):
                wait = self.find_wait(unit)
                if wait not in (Wait.UNDATED, Wait.JUST_BEFORE) or self.clock - channel.since.start < _NAMED_PERIOD:
                    yield Unit(channel, view, wait)

    def is_for(self, channel: NotifyChannel, view: UpdateView) -> bool:
        """Return whether a channel should get an update.

        Who got wrong words gets what corrects them, also where the limits of the channel would leave it out.
        """
        if self._corrects_for(channel, view):
            return True
        if self._is_withdrawn(view) or _is_older(channel, view):
            return False
        if channel.kinds and view.incident.kind not in channel.kinds:
            return False
        if channel.kind is NotifyKind.CAP and view.incident.kind is Kind.MAINTENANCE:
            return False  # planned work makes no alerts
        limits = {*channel.services, *services_of_groups(channel.groups, self.board.site)}
        has_limits = bool(channel.services or channel.groups)
        return not has_limits or not limits.isdisjoint(services_of(view))

    def _is_withdrawn(self, view: UpdateView) -> bool:
        return self.board.incident_by_id[view.incident.id].state is State.WITHDRAWN

    def _corrects_for(self, channel: NotifyChannel, view: UpdateView) -> bool:
        """Return whether an update corrects, or withdraws, something that was sent on the channel."""
        incident = view.incident.id
        if view.update.correction:
            return self.record.reached(Key(incident, view.update.correction.corrects, channel.id))
        if view.update.state is not State.WITHDRAWN:
            return False
        earlier = self.board.updates_by_incident[incident]
        return any(self.record.reached(Key(incident, each.update.id, channel.id)) for each in earlier)

    def find_wait(self, unit: Unit) -> Wait | None:
        """Return why something cannot be sent now, as far as the ledger and the clock say."""
        standing = self.record.standings.get(unit.key)
        if standing and standing.is_unknown:
            return Wait.UNKNOWN
        if standing and standing.is_given_up:
            return Wait.GIVEN_UP
        if standing and standing.event is Event.NOT_SENT and self.clock < standing.next_try:
            return Wait.RETRY
        is_new = standing is None or standing.event is Event.RELEASED
        doubt = _find_doubt(unit.channel, unit.view)
        if doubt and is_new and not self._corrects_for(unit.channel, unit.view):
            return doubt
        is_planned = unit.view.incident.kind is Kind.MAINTENANCE
        return Wait.QUIET if is_planned and is_quiet(self.board.site, self.clock) else None


def keep_order(units: Iterable[Unit]) -> list[Unit]:
    """Return units, of which those wait that come after one of their incident that waits."""
    held: set[tuple[str, str]] = set()
    found = []
    for unit in units:
        place = (unit.channel.id, unit.view.incident.id)
        if unit.wait is None and place in held:
            unit = Unit(unit.channel, unit.view, Wait.BEHIND)
        if unit.wait and unit.wait.holds_later_ones:
            held.add(place)
        found.append(unit)
    return found


def services_of(view: UpdateView) -> set[str]:
    """Return the services that an update speaks of, and those of which its post still said something then.

    These are the services that did not work as usual, that people were told what to do about, or where fees are waived.
    """
    said = view.snapshot
    found = {*view.services, *(service for service, _ in said.affected)}
    found |= {workaround.service for workaround in said.workarounds}
    return found | {service for waiver in said.waivers for service in waiver.services}


def services_of_groups(groups: Sequence[str], site: Site) -> set[str]:
    """Return the ids of the services in these groups."""
    return {service.id for service in site.services if service.group in groups}


def _is_older(channel: NotifyChannel, view: UpdateView) -> bool:
    """Return whether an update is certainly older than a channel, by more than a few minutes."""
    time, since = view.update.time, channel.since.start
    return time.end <= since if time.is_whole_day else time.start < since - _ROUNDING


def _find_doubt(channel: NotifyChannel, view: UpdateView) -> Wait | None:
    """Return why an update may be older than a channel, if it may. The hub is added by nobody."""
    time = view.update.time
    if channel.id == HUB or time.start >= channel.since.start:
        return None
    return Wait.UNDATED if time.is_whole_day else Wait.JUST_BEFORE


def is_quiet(site: Site, moment: datetime) -> bool:
    """Return whether it is one of the quiet hours on the clocks of the site; they can go past midnight."""
    settings: NotifySettings = site.notify
    if settings.quiet is None:
        return False
    (first, last), now = settings.quiet, moment.astimezone(site.zone).time()
    return first <= now < last if first < last else now >= first or now < last
