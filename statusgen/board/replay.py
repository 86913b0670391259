"""What was said of one incident, taken in update by update: what holds now, and what was said on the way."""

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
    """A status that an update named for a cell; `said` is None where the post began with it."""

    status: Status
    published_at: When | None
    source: Source


@dataclass
class Replay:
    """What has been said of an incident so far; `take` in its updates from the oldest on.

    `running` and `closed` are what holds cells back, or held them back. Of planned work, whose clock decides
    about that, `spoken` has each cell's statuses one after the other instead.
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
        """Take in the next update."""
        source = Source(self.incident.id, update.id)
        affected = self.affected_services() | {service for service, _ in self.temporary_channels}
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
        concerned = self.concerned_services(update, affected)
        self.update_results.append(UpdateResult(update, concerned, waivers, deadlines, self.take_snapshot(update.time)))

    def apply_facts(self, update: Update) -> None:
        """Take in what an update says of the whole incident."""
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
        """Take in what an update says of services: first of whole ones, then of the channels that it singles out."""
        first = update is self.incident.updates[0]
        began = self.incident.started if first else update.time
        held, new = self.affected_services(), set()
        statuses: dict[ChannelKey, ServiceReport] = {}
        for report in sorted(update.reports, key=lambda report: report.channel is not None):
            cells = self.channel_keys(report)
            self.confirmed_times |= dict.fromkeys(cells, update.time)
            self.add_workaround(report)
            if report.expected:
                cell = (report.service, report.channel)
                self.estimates.append(PublishedEstimate(report.expected, update.time, source, cell))
            for way in report.channels:
                self.open_channel(report.service, way, began, source)
                new.add((report.service, way.id))
            if report.status is not None:
                statuses |= dict.fromkeys(cells, report)
        for cell, report in statuses.items():
            self.apply_status(cell, report, began, update.time, source)
            self.record_status(
                cell, ReportedStatus(report.status or Status.WORKING, None if first else update.time, source)
            )
        for service in sorted({cell[0] for cell in statuses}):
            self.remove_needless_workarounds(service)
        for service in sorted(held - self.affected_services()):
            self.restored_times[service, None] = update.time
            needless = [key for key in self.temporary_channels if key[0] == service and key not in new]
            self.close_channels(update.time, source, needless)

    def record_status(self, key: ChannelKey, status: ReportedStatus) -> None:
        """Keep a status that differs from the one before it."""
        earlier = self.reported_statuses.setdefault(key, [])
        if not earlier or earlier[-1].status is not status.status:
            earlier.append(status)

    def take_snapshot(self, now: When) -> IncidentSnapshot:
        """How it stands, now that an update was taken in."""
        by_clock = self.incident.kind is Kind.NOTICE and self.ends is not None and self.ends.end <= now.start
        over = self.ended is not None or by_clock
        lasting = (waiver for waiver in self.waivers.values() if not (waiver.until and waiver.until.end <= now.start))
        return IncidentSnapshot(
            state=self.state,
            is_over=over,
            affected=()
            if over
            else tuple((service, self.status_of(service, now)) for service in sorted(self.affected_services())),
            workarounds=() if over else tuple(self.workarounds.values()),
            waivers=() if self.state is State.WITHDRAWN else tuple(lasting),
            due=None if over else self.due,
            ends=self.ends,
        )

    def status_of(self, service: str, now: When) -> Status:
        """How a service that it holds back stands, as far as this incident goes."""
        known = self.site.service_by_id.get(service)
        cells: list[ChannelKey] = [(service, way.id) for way in known.channels] if known else []
        running = {cell: hold.status for cell, hold in self.open_effects.items() if cell[0] == service}
        held = {**dict.fromkeys(cells or [(service, None)], Status.WORKING), **running}
        extra = [
            way for way in self.temporary_channels.values() if way.service == service and way.is_open_at(now.start)
        ]
        return status_from_channels([*held.values(), *(Status.WORKING for _ in extra)])

    def affected_services(self) -> set[str]:
        """The services that it holds back."""
        return {cell[0] for cell in self.open_effects}

    def channel_keys(self, report: ServiceReport) -> list[ChannelKey]:
        """A whole service stands for each of its channels, but for those set up for this incident."""
        if report.channel:
            return [(report.service, report.channel)]
        service = self.site.service_by_id.get(report.service)
        ways = [way.id for way in service.channels] if service else []
        return [(report.service, way) for way in ways] or [(report.service, None)]

    def apply_status(self, key: ChannelKey, report: ServiceReport, began: When, now: When, source: Source) -> None:
        """Begin, go on with, or end what holds a cell back."""
        status, before = report.status or Status.WORKING, report.started_before
        since = StartTime(before, True) if before and before.start <= now.start else StartTime(began)
        running = self.open_effects.get(key)
        if running and running.status is status:
            self.open_effects[key] = self.backdate(running, since)
            return
        if running:
            self.closed_effects.append(replace(running, until=now, closed_by=source))
            del self.open_effects[key]
            since = StartTime(now)
        if status is not Status.WORKING:
            self.open_effects[key] = Effect(self.incident.id, key, status, since, opened_by=source)
        elif running:
            self.restored_times[key] = now

    def backdate(self, effect: Effect, since: StartTime) -> Effect:
        """The hold as it is, or begun earlier where a later word says so and nothing was said of the time before."""
        if not since.is_before or since.when.start >= effect.since.when.start:
            return effect
        follows = any(closed.key == effect.key for closed in self.closed_effects)
        return effect if follows else replace(effect, since=since)

    def add_workaround(self, report: ServiceReport) -> None:
        """Keep what to do meanwhile: what an update names of it. A word on the whole overrides those on channels."""
        cell = (report.service, report.channel)
        if report.channel is None and report.status is not None:
            self.workarounds = {
                key: advice for key, advice in self.workarounds.items() if key[0] != cell[0] or key == cell
            }
        if report.do or report.where:
            old = self.workarounds.get(cell, Workaround(*cell, None, None))
            self.workarounds[cell] = replace(old, do=report.do or old.do, where=report.where or old.where)

    def open_channel(self, service: str, channel: Channel, began: When, source: Source) -> None:
        """Open a channel for the time being, or change one; where it moves to a later time, it is open until then."""
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
        """What works again needs no advice."""
        held = {cell for cell in self.open_effects if cell[0] == service}
        for cell in [cell for cell in self.workarounds if cell[0] == service]:
            if not held or (cell[1] and cell not in held):
                del self.workarounds[cell]

    def close_channels(self, now: When, source: Source | None, keys: Iterable[tuple[str, str]]) -> None:
        """End channels that were set up for the time being."""
        self.closed_channels += [replace(self.temporary_channels.pop(key), ended=now, ended_by=source) for key in keys]

    def restore_all(self, time: When, source: Source | None) -> None:
        """All that was held back works again; without `source`, the clock says so."""
        for cell, hold in self.open_effects.items():
            self.closed_effects.append(replace(hold, until=time, closed_by=source))
            self.restored_times[cell] = self.restored_times[cell[0], None] = time
            if source:
                self.confirmed_times[cell] = time
        self.close_channels(time, source, list(self.temporary_channels))
        self.open_effects, self.workarounds = {}, {}

    def reopen(self) -> None:
        """Whoever names a problem, or a new time for the work, after the end has not come to the end."""
        self.ended = None
        if self.state.is_terminal:
            self.state = State.SCHEDULED if self.incident.kind is Kind.MAINTENANCE else State.INVESTIGATING

    def concerned_services(self, update: Update, affected: set[str]) -> tuple[str, ...]:
        """The services that an update is about; `affected` are those for which an end changes something."""
        about = {report.service for report in update.reports}
        about |= {id for waiver in update.waivers for id in self.waivers[waiver.id].services}
        about |= {id for deadline in update.deadlines for id in self.deadlines[deadline.id].services}
        if update.expected:
            about |= set(update.expected.services) or self.affected_services()
        if update.state.is_terminal:
            about |= affected
        if self.incident.kind is Kind.MAINTENANCE and (update.state.is_state_change or update.starts or update.ends):
            about |= {cell[0] for cell in self.reported_statuses}
        if update.correction:
            about |= {
                id
                for said in self.update_results
                if said.update.id == update.correction.corrects
                for id in said.services
            }
        return tuple(sorted(about))


def _channel_opening(channel: Channel, began: When, source: Source) -> tuple[When, Source | None]:
    """When a channel opens, and the update that opens it unless the clock does so later."""
    return (channel.opens, None) if channel.opens and channel.opens.start > began.start else (began, source)


def _merge_channel(old: Channel, new: Channel) -> Channel:
    """A channel with what a later word changes of it."""
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
