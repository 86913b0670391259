"""The updates of one incident, applied in order: what is true after each of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace

from statusgen.board.model import (
    ChannelKey,
    Effect,
    IncidentSnapshot,
    PublishedEstimate,
    Source,
    StartTime,
    TemporaryChannel,
    UpdateResult,
    Workaround,
)
from statusgen.board.service import status_from_channels
from statusgen.model import (
    Channel,
    Deadline,
    Incident,
    Kind,
    ServiceReport,
    Site,
    State,
    Status,
    Update,
    Waiver,
    When,
    Words,
)


@dataclass(frozen=True)
class ReportedStatus:
    """A status that an update reported for a channel; `published_at` is None for the first update of the post."""

    status: Status
    published_at: When | None
    source: Source


@dataclass
class Replay:
    """Applies the updates of an incident in order, and keeps what they add up to.

    Call `apply` with each update, oldest first. After each call:

    - `open_effects` and `closed_effects` are what keeps, or kept, channels from working as usual. Planned work begins
      and ends by the clock, so for it `reported_statuses` (each channel's statuses in order) is what counts;
    - `workarounds`, `temporary_channels`, `waivers` and `deadlines` are merged from all updates about each of them;
    - `confirmed_times` has when each channel was last mentioned, `restored_times` when each channel or service last
      came back;
    - `due` is when the next update is promised, `ends` when a notice or planned work is to end, and `ended` when an
      update ended the incident, until another one reopens it;
    - `update_results` has each update together with what it means, and the whole incident at that time.
    """

    incident: Incident
    site: Site
    state: State = State.INVESTIGATING
    open_effects: dict[ChannelKey, Effect] = field(default_factory=dict)
    closed_effects: list[Effect] = field(default_factory=list)
    reported_statuses: dict[ChannelKey, list[ReportedStatus]] = field(default_factory=dict)
    workarounds: dict[ChannelKey, Workaround] = field(default_factory=dict)
    temporary_channels: dict[tuple[str, str], TemporaryChannel] = field(default_factory=dict)
    closed_channels: list[TemporaryChannel] = field(default_factory=list)
    confirmed_times: dict[ChannelKey, When] = field(default_factory=dict)
    restored_times: dict[ChannelKey, When] = field(default_factory=dict)
    waivers: dict[str, Waiver] = field(default_factory=dict)
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    estimates: list[PublishedEstimate] = field(default_factory=list)
    update_results: list[UpdateResult] = field(default_factory=list)
    due: When | None = None
    known: tuple[Words, ...] = ()
    not_known: tuple[Words, ...] = ()
    doing: tuple[Words, ...] = ()
    ends: When | None = None
    ended: When | None = None

    def apply(self, update: Update) -> None:
        """Apply the next update.

        The order matters: the state first, for it decides whether the incident is over; then what is reported about
        services; then the end, which overrules those reports; and last the snapshot, which sees all of it.
        """
        source = Source(self.incident.id, update.id)
        affected_before = self.affected_services() | {service for service, _ in self.temporary_channels}
        if update.state.is_state_change:
            self.state = update.state
            self.ended = update.time if update.state.is_terminal else None
        self.apply_facts(update)
        if update.expected:
            self.estimates.append(PublishedEstimate(update.expected, update.time, source))
        self.apply_reports(update, source)
        if update.state.is_terminal:
            self.restore_all(update.time, source)
        elif self.ended and (self.open_effects if self.incident.kind is not Kind.MAINTENANCE else update.starts):
            self.reopen()
        waivers = tuple(self.waivers[waiver.id] for waiver in update.waivers)
        deadlines = tuple(self.deadlines[deadline.id] for deadline in update.deadlines)
        services = self.concerned_services(update, affected_before)
        self.update_results.append(UpdateResult(update, services, waivers, deadlines, self.take_snapshot(update.time)))

    def apply_facts(self, update: Update) -> None:
        """Apply what an update says about the incident as a whole."""
        # An update that promises nothing ends the last promise: it is the one that was promised. A correction is not.
        if update.next_update or update.state is not State.CORRECTION:
            self.due = update.next_update
        self.known = update.known or self.known
        self.not_known = update.not_known or self.not_known
        self.doing = update.doing or self.doing
        self.ends = update.ends or self.ends
        for waiver in update.waivers:
            day = When.day(self.site.local_day(update.time.start), self.site.zone)
            self.waivers[waiver.id] = _merge_waiver(self.waivers.get(waiver.id), waiver, day)
        for deadline in update.deadlines:
            self.deadlines[deadline.id] = _merge_deadline(self.deadlines.get(deadline.id), deadline)

    def apply_reports(self, update: Update, source: Source) -> None:
        """Apply what an update reports about services.

        Reports on whole services come first, so that one on a single channel overrides them, in whichever order they
        are written: "the office is closed, but the drop box works".
        """
        first = update is self.incident.updates[0]
        began = self.incident.started if first else update.time
        affected_before = self.affected_services()
        new_channels: set[tuple[str, str]] = set()
        reports: dict[ChannelKey, ServiceReport] = {}
        for report in sorted(update.reports, key=lambda report: report.channel is not None):
            keys = self.channel_keys(report)
            self.confirmed_times |= dict.fromkeys(keys, update.time)
            self.add_workaround(report)
            if report.expected:
                key = (report.service, report.channel)
                self.estimates.append(PublishedEstimate(report.expected, update.time, source, key))
            for channel in report.channels:
                self.open_channel(report.service, channel, began, source)
                new_channels.add((report.service, channel.id))
            if report.status is not None:
                reports |= dict.fromkeys(keys, report)
        for key, report in reports.items():
            self.apply_status(key, report, began, update.time, source)
            status = report.status or Status.WORKING
            self.record_status(key, ReportedStatus(status, None if first else update.time, source))
        for service in sorted({key[0] for key in reports}):
            self.remove_needless_workarounds(service)
        for service in sorted(affected_before - self.affected_services()):
            # The service works again as a whole, so nobody needs its temporary channels, except those new just now.
            self.restored_times[service, None] = update.time
            needless = [key for key in self.temporary_channels if key[0] == service and key not in new_channels]
            self.close_channels(update.time, source, needless)

    def record_status(self, key: ChannelKey, status: ReportedStatus) -> None:
        """Remember a reported status, unless it repeats the one before it."""
        earlier = self.reported_statuses.setdefault(key, [])
        if not earlier or earlier[-1].status is not status.status:
            earlier.append(status)

    def take_snapshot(self, now: When) -> IncidentSnapshot:
        """Return the incident as it is right after the update of the time `now`."""
        by_clock = self.incident.kind is Kind.NOTICE and self.ends is not None and self.ends.end <= now.start
        is_over = self.ended is not None or by_clock
        affected = () if is_over else tuple(sorted(self.affected_services()))
        lasting = (waiver for waiver in self.waivers.values() if not (waiver.until and waiver.until.end <= now.start))
        return IncidentSnapshot(
            state=self.state,
            is_over=is_over,
            affected=tuple((service, self.status_of(service, now)) for service in affected),
            workarounds=() if is_over else tuple(self.workarounds.values()),
            waivers=() if self.state is State.WITHDRAWN else tuple(lasting),
            due=None if is_over else self.due,
            ends=self.ends,
        )

    def status_of(self, service: str, now: When) -> Status:
        """Return the status of an affected service, as far as this incident goes."""
        known = self.site.service_by_id.get(service)
        keys: list[ChannelKey] = [(service, channel.id) for channel in known.channels] if known else []
        open_statuses = {key: effect.status for key, effect in self.open_effects.items() if key[0] == service}
        statuses = {**dict.fromkeys(keys or [(service, None)], Status.WORKING), **open_statuses}
        temporary = [
            channel
            for channel in self.temporary_channels.values()
            if channel.service == service and channel.is_open_at(now.start)
        ]
        return status_from_channels([*statuses.values(), *(Status.WORKING for _ in temporary)])

    def affected_services(self) -> set[str]:
        """Return the ids of the services that it keeps from working as usual."""
        return {key[0] for key in self.open_effects}

    def channel_keys(self, report: ServiceReport) -> list[ChannelKey]:
        """Return what a report is about; one on a whole service is about all its channels, except temporary ones."""
        if report.channel:
            return [(report.service, report.channel)]
        service = self.site.service_by_id.get(report.service)
        channels = [channel.id for channel in service.channels] if service else []
        return [(report.service, channel) for channel in channels] or [(report.service, None)]

    def apply_status(self, key: ChannelKey, report: ServiceReport, began: When, now: When, source: Source) -> None:
        """Begin, continue, or end the effect on one channel."""
        status, before = report.status or Status.WORKING, report.started_before
        since = StartTime(before, True) if before and before.start <= now.start else StartTime(began)
        effect = self.open_effects.get(key)
        if effect and effect.status is status:
            self.open_effects[key] = self.backdate(effect, since)
            return
        if effect:
            self.closed_effects.append(replace(effect, until=now, closed_by=source))
            del self.open_effects[key]
            since = StartTime(now)  # the last effect lasted until now, so the next cannot have begun earlier
        if status is not Status.WORKING:
            self.open_effects[key] = Effect(self.incident.id, key, status, since, opened_by=source)
        elif effect:
            self.restored_times[key] = now

    def backdate(self, effect: Effect, since: StartTime) -> Effect:
        """Return the effect, begun earlier if an update says so and no other effect came before it on this channel."""
        if not since.is_before or since.when.start >= effect.since.when.start:
            return effect
        follows = any(closed.key == effect.key for closed in self.closed_effects)
        return effect if follows else replace(effect, since=since)

    def add_workaround(self, report: ServiceReport) -> None:
        """Keep what to do meanwhile. A new status for the whole service drops what was said about its channels."""
        key = (report.service, report.channel)
        if report.channel is None and report.status is not None:
            self.workarounds = {
                other: workaround
                for other, workaround in self.workarounds.items()
                if other[0] != report.service or other == key
            }
        if report.do or report.where:
            old = self.workarounds.get(key, Workaround(*key, None, None))
            self.workarounds[key] = replace(old, do=report.do or old.do, where=report.where or old.where)

    def open_channel(self, service: str, channel: Channel, began: When, source: Source) -> None:
        """Open a temporary channel, or change one that is there.

        One that moves to a later time stays open until then: the old opening is closed at the new one's time.
        """
        old = self.temporary_channels.get((service, channel.id))
        if old is None:
            opens, by = _channel_opening(channel, began, source)
            self.temporary_channels[service, channel.id] = TemporaryChannel(service, channel, opens, by)
            return
        channel = _merge_channel(old.channel, channel)
        opens, by = old.opens, old.opened_by
        if channel.opens and channel.opens != old.channel.opens:
            if old.opens.start <= began.start < channel.opens.start:
                self.closed_channels.append(replace(old, ended=channel.opens))
            opens, by = _channel_opening(channel, began, source)
        self.temporary_channels[service, channel.id] = TemporaryChannel(service, channel, opens, by)

    def remove_needless_workarounds(self, service: str) -> None:
        """Drop the workarounds for what works again."""
        affected = {key for key in self.open_effects if key[0] == service}
        for key in [key for key in self.workarounds if key[0] == service]:
            if not affected or (key[1] and key not in affected):
                del self.workarounds[key]

    def close_channels(self, now: When, source: Source | None, keys: Iterable[tuple[str, str]]) -> None:
        """Close temporary channels."""
        self.closed_channels += [replace(self.temporary_channels.pop(key), ended=now, ended_by=source) for key in keys]

    def restore_all(self, time: When, source: Source | None) -> None:
        """End all effects, as the update `source` says or, if that is None, by the clock."""
        for key, effect in self.open_effects.items():
            self.closed_effects.append(replace(effect, until=time, closed_by=source))
            self.restored_times[key] = self.restored_times[key[0], None] = time
            if source:
                self.confirmed_times[key] = time
        self.close_channels(time, source, list(self.temporary_channels))
        self.open_effects, self.workarounds = {}, {}

    def reopen(self) -> None:
        """Undo an end: an update reported a problem, or a new time for planned work, after it."""
        self.ended = None
        if self.state.is_terminal:
            self.state = State.SCHEDULED if self.incident.kind is Kind.MAINTENANCE else State.INVESTIGATING

    def concerned_services(self, update: Update, affected_before: set[str]) -> tuple[str, ...]:
        """Return the services that an update is about; an end is about all that were `affected_before` it."""
        about = {report.service for report in update.reports}
        about |= {id for waiver in update.waivers for id in self.waivers[waiver.id].services}
        about |= {id for deadline in update.deadlines for id in self.deadlines[deadline.id].services}
        if update.expected:
            about |= set(update.expected.services) or self.affected_services()
        if update.state.is_terminal:
            about |= affected_before
        if self.incident.kind is Kind.MAINTENANCE and (update.state.is_state_change or update.starts or update.ends):
            about |= {key[0] for key in self.reported_statuses}
        if update.correction:
            corrected = (each for each in self.update_results if each.update.id == update.correction.corrects)
            about |= {id for result in corrected for id in result.services}
        return tuple(sorted(about))


def _channel_opening(channel: Channel, began: When, source: Source) -> tuple[When, Source | None]:
    """Return when a channel opens, and the update that opens it; None if it opens later, by the clock."""
    return (channel.opens, None) if channel.opens and channel.opens.start > began.start else (began, source)


def _merge_channel(old: Channel, new: Channel) -> Channel:
    """Return a channel with the keys that a later update gives replaced."""
    named = {each.name: getattr(new, each.name) for each in fields(new) if getattr(new, each.name) not in (None, ())}
    return replace(old, **named)


def _merge_waiver(old: Waiver | None, new: Waiver, today: When) -> Waiver:
    if old is None:
        return new if new.begins else replace(new, begins=today)
    ends = new if new.until or new.until_words else old
    return Waiver(
        id=old.id,
        place=new.place,
        services=new.services or old.services,
        what=new.what or old.what,
        by=new.by or old.by,
        begins=new.begins or old.begins,
        until=ends.until,
        until_words=ends.until_words,
        how=new.how or old.how,
    )


def _merge_deadline(old: Deadline | None, new: Deadline) -> Deadline:
    if old is None:
        return new
    return Deadline(old.id, new.place, new.on or old.on, new.what or old.what, new.services or old.services)
