"""The channels that an incident sets up for a while, and what it changes of others for now."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace

from statusgen.board.model.channels import ChannelChange, TemporaryChannel
from statusgen.board.model.spans import ChannelKey, Source
from statusgen.model.posts import Update
from statusgen.model.services import Channel
from statusgen.model.times import When


@dataclass
class TemporaryWays:
    """The temporary channels of an incident, `open` and `closed`, and the `changes` and `closed_changes` of others."""

    open: dict[tuple[str, str], TemporaryChannel] = field(default_factory=dict)
    closed: list[TemporaryChannel] = field(default_factory=list)
    changes: dict[ChannelKey, ChannelChange] = field(default_factory=dict)
    closed_changes: list[ChannelChange] = field(default_factory=list)

    @property
    def all_channels(self) -> tuple[TemporaryChannel, ...]:
        """All that there were and are, the closed ones first."""
        return (*self.closed, *self.open.values())

    @property
    def all_changes(self) -> tuple[ChannelChange, ...]:
        """All changes that there were and are, those that ended first."""
        return (*self.closed_changes, *self.changes.values())

    def apply(self, update: Update, source: Source, began: When) -> set[tuple[str, str]]:
        """Open the channels that an update names; return their services' ids and their own."""
        for report in update.reports:
            for channel in report.channels:
                self._open_channel(report.service, channel, update.time, began, source)
        return {(report.service, channel.id) for report in update.reports for channel in report.channels}

    def _open_channel(self, service: str, channel: Channel, now: When, began: When, source: Source) -> None:
        """Open a temporary channel, or change one that is there; one that was there before is opened again.

        One that moves to a later time stays open until then: the old opening is closed at the new one's time.
        """
        key = (service, channel.id)
        old = self.open.get(key)
        is_over = old and old.over_at and old.over_at <= now.start
        if old and is_over and (channel.closes is None or channel.closes.end > now.start):
            self.close(now, None, [key])
            old = None
        if old is None:
            before = [each.channel for each in self.closed if (each.service, each.channel.id) == key]
            if before:
                channel = _merge_channel(replace(before[-1], opens=None, closes=None), channel)
            opens, by = _channel_opening(channel, began, source)
            self.open[service, channel.id] = TemporaryChannel(service, channel, opens, now, by)
            return
        channel = _merge_channel(old.channel, channel)
        opens, by = old.opens, old.opened_by
        if channel.opens and channel.opens != old.channel.opens:
            if old.opens.start <= began.start < channel.opens.start:
                self.closed.append(replace(old, ended=channel.opens))
            opens, by = _channel_opening(channel, began, source)
        self.open[service, channel.id] = TemporaryChannel(service, channel, opens, now, by)

    def apply_changes(self, update: Update, began: When, working: Iterable[ChannelKey]) -> None:
        """Keep what is other than usual at channels, until it is changed again or they are said to work as usual."""
        named = {(report.service, report.channel): report.for_now for report in update.reports if report.for_now}
        self._end_changes(update.time, [key for key in working if key not in named])
        for key, channel in named.items():
            old = self.changes.get(key)
            if old:
                channel = _merge_channel(old.channel, channel)
            opens = channel.opens if channel.opens and channel.opens.start > began.start else began
            self.changes[key] = ChannelChange(key, channel, opens)

    def _end_changes(self, now: When, keys: Iterable[ChannelKey]) -> None:
        """End what is other than usual at these channels."""
        for key in keys:
            if change := self.changes.pop(key, None):
                self.closed_changes.append(replace(change, ended=now))

    def confirm_all(self, now: When) -> None:
        """Confirm the channels that there are."""
        self.open = {key: replace(each, said_at=now) for key, each in self.open.items()}

    def close(self, now: When, source: Source | None, keys: Iterable[tuple[str, str]]) -> None:
        """Close temporary channels."""
        self.closed += [replace(self.open.pop(key), ended=now, ended_by=source) for key in keys]

    def end_all(self, now: When, source: Source | None) -> None:
        """Close all channels and end all changes, by an update or, without one, by the clock."""
        self.close(now, source, list(self.open))
        self._end_changes(now, list(self.changes))


def _channel_opening(channel: Channel, began: When, source: Source) -> tuple[When, Source | None]:
    """Return when a channel opens, and the update that opens it; None if it opens later, by the clock."""
    return (channel.opens, None) if channel.opens and channel.opens.start > began.start else (began, source)


def _merge_channel(old: Channel, new: Channel) -> Channel:
    """Return a channel with the keys that a later update gives replaced."""
    named = {each.name: getattr(new, each.name) for each in fields(new) if getattr(new, each.name) not in (None, ())}
    return replace(old, **named)
