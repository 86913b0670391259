"""The updates of one incident, applied in order: what is true after each of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from statusgen.board.model import (
    Advice,
    ChannelChange,
    ChannelKey,
    IncidentSnapshot,
    LapsedAdvice,
    PublishedEstimate,
    Source,
    StartTime,
    TemporaryChannel,
    UpdateResult,
    Word,
    Workaround,
)
from statusgen.board.status import derive_status
from statusgen.model import (
    EVERY_WAY,
    Channel,
    Deadline,
    Incident,
    Kind,
    Scope,
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

    - `open_words` and `closed_words` are what it says, and said, of ways to use services. Planned work begins and ends
      by the clock, so for it `reported_statuses` (each channel's statuses in order) is what counts;
    - `workarounds`, `temporary_channels`, `waivers` and `deadlines` are merged from all updates about each of them,
      `lapsed_advice` is what updates let go;
    - `restored_times` has when each channel or service last came back;
    - `due` is when the next update is promised, `ends` when a notice or planned work is to end, and `ended` when an
      update ended the incident, until another one reopens it;
    - `update_results` has each update together with what it means, and the whole incident at that time.
    """

    incident: Incident
    site: Site
    state: State = State.INVESTIGATING
    open_words: dict[ChannelKey, Word] = field(default_factory=dict)
    closed_words: list[Word] = field(default_factory=list)
    reported_statuses: dict[ChannelKey, list[ReportedStatus]] = field(default_factory=dict)
    workarounds: dict[ChannelKey, Workaround] = field(default_factory=dict)
    lapsed_advice: list[LapsedAdvice] = field(default_factory=list)
    temporary_channels: dict[tuple[str, str], TemporaryChannel] = field(default_factory=dict)
    closed_channels: list[TemporaryChannel] = field(default_factory=list)
    channel_changes: dict[ChannelKey, ChannelChange] = field(default_factory=dict)
    closed_changes: list[ChannelChange] = field(default_factory=list)
    mentioned: set[str] = field(default_factory=set)
    ever_affected: set[str] = field(default_factory=set)
    restored_times: dict[ChannelKey, When] = field(default_factory=dict)
    waivers: dict[str, Waiver] = field(default_factory=dict)
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    estimates: list[PublishedEstimate] = field(default_factory=list)
    update_results: list[UpdateResult] = field(default_factory=list)
    titles: list[Words] = field(default_factory=list)
    due: When | None = None
    known: tuple[Words, ...] = ()
    not_known: tuple[Words, ...] = ()
    doing: tuple[Words, ...] = ()
    list_times: dict[str, When] = field(default_factory=dict)
    do: Advice | None = None
    claim: Words | None = None
    fact: Words | None = None
    scope: Scope | None = None
    ends: When | None = None
    ended: When | None = None

    def apply(self, update: Update) -> None:
        """Apply the next update.

        The order matters: what is reported about services first; then the state, which ends the incident unless a
        service is reported not to work; and last the snapshot, which sees all of it.
        """
        source = Source(self.incident.id, update.id)
        affected_before = self.affected_services() | {service for service, _ in self.temporary_channels}
        if update.state.is_terminal:
            affected_before |= {key[0] for key, word in self.open_words.items() if not word.came_back}
        late_for = self.apply_facts(update, source)
        self.apply_reports(update, source)
        self.apply_estimate(update, source)
        self.apply_state(update, source)
        waivers = tuple(self.apply_waiver(waiver, update) for waiver in update.waivers)
        deadlines = tuple(self.deadlines[deadline.id] for deadline in update.deadlines)
        services = self.concerned_services(update, affected_before)
        snapshot = self.take_snapshot(update.time)
        self.update_results.append(
            UpdateResult(update, services, waivers, deadlines, snapshot, self.incident.title, late_for)
        )

    def apply_state(self, update: Update, source: Source) -> None:
        """Apply the word in the heading. A report that something is not working keeps, or makes, the incident open."""
        is_planned = self.incident.kind is Kind.MAINTENANCE
        broken = any(report.status and report.status.is_broken for report in update.reports)
        if update.state.is_terminal and (is_planned or not broken):
            self.state, self.ended = update.state, update.time
            self.end_all(update, source)
            return
        if update.state.is_state_change and not update.state.is_terminal:
            self.state, self.ended = update.state, None
        elif self.ended and (update.starts if is_planned else self.affected_services()):
            self.reopen()

    def apply_facts(self, update: Update, source: Source) -> When | None:
        """Apply what an update says about the incident as a whole; return when it was promised, if it comes late."""
        late_for = self.apply_promise(update)
        for name in ("known", "not_known", "doing"):
            if entries := getattr(update, name):
                setattr(self, name, _keep_list_translations(entries, getattr(self, name)))
                self.list_times[name] = update.time
        self.ends = update.ends or self.ends
        self.scope = update.scope or self.scope
        self.claim, self.fact = update.claim or self.claim, update.fact or self.fact
        if update.rename:
            self.titles.append(self.incident.title)
            self.incident = replace(self.incident, title=update.rename)
        if update.do:
            self.do = Advice(_keep_translations(update.do, self.do), update.time, source, update.do_until)
        if update.unchanged:
            self.confirm_all(update.time)
        for deadline in update.deadlines:
            self.deadlines[deadline.id] = _merge_deadline(self.deadlines.get(deadline.id), deadline)
        return late_for

    def apply_promise(self, update: Update) -> When | None:
        """Keep, replace or end the promise of an update; return the promised time, if it is kept late.

        A waiver, a deadline or a correction is about itself: it neither keeps a promise nor ends it. Other updates keep
        one that is due; before that time it stays, unless they promise another.
        """
        due, now = self.due, update.time
        is_word = update.state is not State.CORRECTION and _says_more_than_dates(update)
        late = due is not None and is_word and due.end <= now.start
        if update.next_update or late:
            self.due = update.next_update
        elif due and is_word and due.start <= now.end:
            self.due = None
        return due if late else None

    def confirm_all(self, now: When) -> None:
        """Confirm everything that was last said of services, and what to do."""
        self.open_words = {key: replace(word, said=(*word.said, now)) for key, word in self.open_words.items()}
        self.list_times = dict.fromkeys(self.list_times, now)
        newest = {(each.key, each.estimate.services): number for number, each in enumerate(self.estimates)}
        for number in newest.values():
            self.estimates[number] = replace(self.estimates[number], confirmed_at=now)
        self.do = self.do and replace(self.do, said_at=now)
        self.temporary_channels = {key: replace(each, said_at=now) for key, each in self.temporary_channels.items()}
        for key, old in self.workarounds.items():
            do, where = (advice and replace(advice, said_at=now) for advice in (old.do, old.where))
            self.workarounds[key] = replace(old, do=do, where=where)

    def apply_waiver(self, waiver: Waiver, update: Update) -> Waiver:
        """Merge a waiver with what was said of it before.

        Without services it is for all that the incident affects, or did, by then: of what is named later it says
        nothing.
        """
        day = When.day(self.site.local_day(update.time.start), self.site.zone)
        merged = _merge_waiver(self.waivers.get(waiver.id), waiver, day)
        if not merged.services:
            merged = replace(merged, services=tuple(sorted(self.ever_affected | self.affected_services())))
        self.waivers[waiver.id] = merged
        return merged

    def apply_estimate(self, update: Update, source: Source) -> None:
        """Keep an estimate of the incident as a whole; if it affects one service, that service's."""
        if update.expected:
            affected = self.affected_services()
            key = (next(iter(affected)), None) if len(affected) == 1 and not update.expected.services else None
            self.estimates.append(PublishedEstimate(update.expected, update.time, source, key))

    def apply_reports(self, update: Update, source: Source) -> None:
        """Apply what an update reports about services."""
        first = update is self.incident.updates[0]
        began = self.incident.started if first else update.time
        affected_before = self.affected_services()
        words = self.spread_reports(update)
        improved = self.improved_keys(words) if not first else set()
        self.mentioned |= {report.service for report in update.reports}
        new_channels: set[tuple[str, str]] = set()
        for report in update.reports:
            if report.expected:
                key = (report.service, _own_way(report))
                self.estimates.append(PublishedEstimate(report.expected, update.time, source, key))
            for channel in report.channels:
                self.open_channel(report.service, channel, update.time, began, source)
                new_channels.add((report.service, channel.id))
        stood_badly = {key[0] for key, word in self.open_words.items() if key[1] is None and word.status.is_broken}
        self.apply_changes(update, began, [key for key, (status, _) in words.items() if status is Status.WORKING])
        for key, (status, report) in words.items():
            self.apply_word(key, status, report, update, source, stood_badly)
            if status is not Status.NOT_SAID:
                self.record_status(key, ReportedStatus(status, None if first else update.time, source))
        for report in update.reports:
            if report.status is None and not update.correction:
                self.confirm_problems(report, update.time)
        self.close_fulfilled_words(update.time, source, {key[0] for key in words})
        self.apply_advice(update, source, improved)
        for service in sorted(affected_before - self.affected_services()):
            # The service works again as a whole, so nobody needs its temporary channels, except those new just now.
            self.restored_times[service, None] = update.time
            needless = [key for key in self.temporary_channels if key[0] == service and key not in new_channels]
            self.close_channels(update.time, source, needless)

    def spread_reports(self, update: Update) -> dict[ChannelKey, tuple[Status, ServiceReport]]:
        """Return what an update says of each way, and of services as such; a more exact word overrides the others.

        `NOT_SAID` is for what an earlier word no longer holds for: how a service stood in parts once it stands as a
        whole, and a way said to work whose service is down now.
        """
        reports = [report for report in update.reports if report.status]
        named = {(report.service, report.channel): report for report in reports if _own_way(report)}
        words: dict[ChannelKey, tuple[Status, ServiceReport]] = {}
        for report in sorted(reports, key=lambda report: report.channel == EVERY_WAY):
            if _own_way(report) or not report.status:
                continue
            service, ways = report.service, self.ways(report.service)
            is_general = report.channel != EVERY_WAY and not report.status.is_about_every_way
            # A word on a service whose only way has one of its own is about the service: power, and how to report it.
            is_beside = len(ways) == 1 and (service, ways[0]) in named and report.status.is_stated_problem
            if not ways or is_beside or (is_general and len(ways) > 1):
                words[service, None] = (report.status, report)
                words |= {
                    (service, way): (Status.NOT_SAID, report)
                    for way in ways
                    if is_general and (service, way) not in named and self.stands_as_its_service(service, way)
                }
            else:
                if (service, None) in self.open_words:
                    words[service, None] = (Status.NOT_SAID, report)
                for way in ways:
                    if (service, way) not in named and (status := self.taken_along(service, way, report)):
                        words[service, way] = (status, report)
        return words | {key: (report.status, report) for key, report in named.items() if report.status}

    def stands_as_its_service(self, service: str, way: str) -> bool:
        """Return whether a way was not singled out: what was said of it is what was said of its service."""
        word = self.open_words.get((service, way))
        return word is not None and word.of_service

    def taken_along(self, service: str, way: str, report: ServiceReport) -> Status | None:
        """Return what a word on a whole service makes of one way; None if it leaves it as it was said to be.

        What was said to work is not catching up; and of a way that was said to work, a word that the service does not
        says less than that the way does not.
        """
        before = self.open_words.get((service, way))
        works = before is not None and before.status is Status.WORKING and len(self.ways(service)) > 1
        was_working = works or (before is not None and before.status is Status.NOT_SAID)
        if report.channel == EVERY_WAY or not was_working:
            return report.status
        if report.status is Status.CATCHING_UP:
            return None if works else report.status
        return Status.NOT_SAID if report.status in (Status.DOWN, Status.UNKNOWN) else report.status

    def improved_keys(self, words: Mapping[ChannelKey, tuple[Status, ServiceReport]]) -> set[ChannelKey]:
        """Return the ways that these words say to be better than before, and the services as such."""
        better: set[ChannelKey] = set()
        for key, (status, report) in words.items():
            before = self.open_words.get(key)
            is_about_service = status is Status.NOT_SAID and not _own_way(report)
            now = report.status if is_about_service else status
            is_said = before and before.status.is_stated_problem and now and now is not Status.NOT_SAID
            if before and now and is_said and now.severity < before.status.severity:
                better.add(key)
        return better

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
        self.ever_affected |= set(affected)
        lasting = (waiver for waiver in self.waivers.values() if not (waiver.until and waiver.until.end <= now.start))
        return IncidentSnapshot(
            state=self.state,
            is_over=is_over,
            affected=tuple((service, self.status_of(service, now)) for service in affected),
            workarounds=() if is_over else tuple(list_holding(self.sorted_workarounds(), now.start)),
            waivers=() if self.state is State.WITHDRAWN else tuple(lasting),
            due=None if is_over else self.due,
            ends=self.ends,
            do=self.do if self.do and not is_over and self.do.holds_at(now.start) else None,
        )

    def sorted_workarounds(self) -> tuple[Workaround, ...]:
        """Return what to do meanwhile, in an order that does not depend on that of the files."""
        return tuple(self.workarounds[key] for key in sorted(self.workarounds, key=lambda key: (key[0], key[1] or "")))

    def status_of(self, service: str, now: When) -> Status:
        """Return the status of an affected service, as far as this incident goes."""
        said = {key[1]: word.status for key, word in self.open_words.items() if key[0] == service}
        temporary = [
            Status.WORKING
            for channel in self.temporary_channels.values()
            if channel.service == service and channel.is_open_at(now.start)
        ]
        return derive_status(said.get(None), [said.get(way, Status.NOT_SAID) for way in self.ways(service)], temporary)

    @property
    def has_named_broken(self) -> bool:
        """Whether it ever said of a service that it does not work, and did not correct that."""
        return any(word.status.is_broken for word in (*self.closed_words, *self.open_words.values()))

    def affected_services(self) -> set[str]:
        """Return the ids of the services that it keeps from working as usual, or perhaps does."""
        return {key[0] for key, word in self.open_words.items() if word.status.is_stated_problem}

    def ways(self, service: str) -> tuple[str, ...]:
        """Return the ids of a service's channels, except temporary ones."""
        known = self.site.service_by_id.get(service)
        return tuple(channel.id for channel in known.channels) if known else ()

    def apply_word(
        self,
        key: ChannelKey,
        status: Status,
        report: ServiceReport,
        update: Update,
        source: Source,
        stood_badly: set[str],
    ) -> None:
        """Begin, continue, or end what is said of one way; services that `stood_badly` did so as such."""
        now, correction = update.time, update.correction
        before = self.open_words.get(key)
        of_service = key[1] is not None and not _own_way(report)
        as_one = (each for each in self.open_words.values() if each.key[0] == key[0] and each.of_service)
        since = self.start_time(before or (None if key[1] else next(as_one, None)), report, update)
        if before and before.status is status:
            lasting = replace(self.backdate(before, report), said=(*before.said, now))
            self.open_words[key] = replace(lasting, of_service=before.of_service and of_service)
            return
        was_working = before.said_at if before and before.status is Status.WORKING else None
        was_broken = before.status.is_broken if before else key[0] in stood_badly and not _own_way(report)
        came_back = status is Status.WORKING and was_broken and not correction
        if before:
            del self.open_words[key]
            if correction:
                self.undo(before, correction.corrects, now, source)
            else:
                self.closed_words.append(replace(before, until=now, closed_by=source))
        if status is Status.NOT_SAID and (key[1] is None or not was_working):
            return
        word = Word(self.incident.id, key, status, since, (now,), opened_by=source)
        self.open_words[key] = replace(
            word,
            came_back=came_back,
            is_corrected=correction is not None,
            said_working=was_working,
            of_service=of_service,
        )
        if came_back:
            self.restored_times[key] = now

    def confirm_problems(self, report: ServiceReport, now: When) -> None:
        """Confirm the problems of a service, or of one way: who says what to do about them knows that they last."""
        for key, word in self.open_words.items():
            is_meant = key[0] == report.service and _own_way(report) in (None, key[1])
            if is_meant and word.status.is_stated_problem and word.said_at != now:
                self.open_words[key] = replace(word, said=(*word.said, now))

    def undo(self, word: Word, corrects: str, now: When, source: Source) -> None:
        """Close a word that a correction replaces, and take out what the corrected update said of it.

        What that update said may have been replaced already; then the word itself was no mistake.
        """
        corrected = next((each.time for each in self.incident.updates if each.id == corrects), now)
        earlier = [each for each in self.closed_words if each.key == word.key and corrected in each.said]
        self.closed_words = [each for each in self.closed_words if each not in earlier]
        if corrected in word.said:
            earlier.append(word)
        else:
            self.closed_words.append(replace(word, until=now, closed_by=source))
        for each in earlier:
            left = tuple(when for when in each.said if when.start < corrected.start)
            if left and each.since.when.start < corrected.start:
                self.closed_words.append(replace(each, said=left, until=corrected, closed_by=source))

    def start_time(self, before: Word | None, report: ServiceReport, update: Update) -> StartTime:
        """Return since when a status holds that an update reports, as far as somebody said."""
        if report.started_before and report.started_before.start <= update.time.start and not self.has_earlier(before):
            return StartTime(report.started_before, is_before=True)
        began = report.began(self.incident.started)
        if began and not self.has_earlier(before):
            return StartTime(began)
        if update.correction:
            return StartTime(update.time, is_report=True)
        if self.has_earlier(before):
            return StartTime(update.time)
        first = update is self.incident.updates[0]
        if report.status in (Status.WORKING, Status.UNKNOWN):
            return StartTime(update.time, is_report=True)
        if first and (self.incident.kind is not Kind.INCIDENT or self.is_posted_at_once(update)):
            return StartTime(self.incident.started)
        return StartTime(update.time, is_report=True)

    def is_posted_at_once(self, update: Update) -> bool:
        """Return whether the first text was posted on the day on which the incident began."""
        day = self.site.local_day
        return not self.incident.started.is_whole_month and day(update.time.start) == day(self.incident.started.start)

    def has_earlier(self, before: Word | None) -> bool:
        """Return whether another status was said of the same way: then this one cannot have begun earlier.

        That it was not known how it stands leaves that open.
        """
        return before is not None and before.status not in (Status.NOT_SAID, Status.UNKNOWN)

    def backdate(self, word: Word, report: ServiceReport) -> Word:
        """Return the word with an earlier beginning, if an update says so and no other word came before it."""
        follows = any(closed.key == word.key for closed in self.closed_words)
        if follows:
            return word
        if report.started_before and report.started_before.start < word.since.when.start:
            return replace(word, since=StartTime(report.started_before, is_before=True))
        if began := report.began(self.incident.started):
            return replace(word, since=StartTime(began))
        return word

    def close_fulfilled_words(self, now: When, source: Source, services: Iterable[str]) -> None:
        """Close what is said of a service as such once every way of it was said to work since."""
        for service in services:
            word, ways = self.open_words.get((service, None)), self.ways(service)
            states = [self.open_words.get((service, way)) for way in ways]
            if word and ways and all(each and each.status is Status.WORKING for each in states):
                since = [each.said_at for each in states if each and each.said_at]
                if word.said_at and all(when.start >= word.said_at.start for when in since) and word.said_at != now:
                    self.closed_words.append(replace(self.open_words.pop((service, None)), until=now, closed_by=source))

    def apply_advice(self, update: Update, source: Source, improved: set[ChannelKey]) -> None:
        """Keep what to do meanwhile, and let go what was said before something got better and is not said again."""
        said = sorted(update.reports, key=lambda report: (report.service, report.channel or ""))
        for key, old in [*self.workarounds.items()]:
            if key in improved or (key[1] is None and any(better[0] == key[0] for better in improved)):
                own = [report for report in said if (report.service, _own_way(report)) == key]
                do = old.do if any(report.do for report in own) else None
                where = old.where if any(report.where for report in own) else None
                lost = [each for each, kept in ((old.do, do), (old.where, where)) if each and not kept]
                self.lapsed_advice += [LapsedAdvice(advice, key, source) for advice in lost]
                self.workarounds[key] = replace(old, do=do, where=where)
        for report in said:
            self.add_workaround((report.service, _own_way(report)), report, update.time, source)
        self.workarounds = {key: each for key, each in self.workarounds.items() if each.do or each.where}

    def add_workaround(self, key: ChannelKey, report: ServiceReport, now: When, source: Source) -> None:
        """Keep what to do meanwhile, and where to go."""
        old = self.workarounds.get(key, Workaround(self.incident.id, *key, None, None))
        do, where = old.do, old.where
        if report.do:
            do = Advice(_keep_translations(report.do, old.do), now, source, report.do_until)
        if report.where:
            where = Advice(_keep_translations(report.where, old.where), now, source)
        self.workarounds[key] = replace(old, do=do, where=where)

    def open_channel(self, service: str, channel: Channel, now: When, began: When, source: Source) -> None:
        """Open a temporary channel, or change one that is there; one that was there before is opened again.

        One that moves to a later time stays open until then: the old opening is closed at the new one's time.
        """
        key = (service, channel.id)
        old = self.temporary_channels.get(key)
        is_over = old and old.over_at and old.over_at <= now.start
        if old and is_over and (channel.closes is None or channel.closes.end > now.start):
            self.close_channels(now, None, [key])
            old = None
        if old is None:
            before = [each.channel for each in self.closed_channels if (each.service, each.channel.id) == key]
            if before:
                channel = _merge_channel(replace(before[-1], opens=None, closes=None), channel)
            opens, by = _channel_opening(channel, began, source)
            self.temporary_channels[service, channel.id] = TemporaryChannel(service, channel, opens, now, by)
            return
        channel = _merge_channel(old.channel, channel)
        opens, by = old.opens, old.opened_by
        if channel.opens and channel.opens != old.channel.opens:
            if old.opens.start <= began.start < channel.opens.start:
                self.closed_channels.append(replace(old, ended=channel.opens))
            opens, by = _channel_opening(channel, began, source)
        self.temporary_channels[service, channel.id] = TemporaryChannel(service, channel, opens, now, by)

    def apply_changes(self, update: Update, began: When, working: Iterable[ChannelKey]) -> None:
        """Keep what is other than usual at channels, until it is changed again or they are said to work as usual."""
        named = {(report.service, report.channel): report.for_now for report in update.reports if report.for_now}
        self.end_changes(update.time, [key for key in working if key not in named])
        for key, channel in named.items():
            old = self.channel_changes.get(key)
            if old:
                channel = _merge_channel(old.channel, channel)
            opens = channel.opens if channel.opens and channel.opens.start > began.start else began
            self.channel_changes[key] = ChannelChange(key, channel, opens)

    def end_changes(self, now: When, keys: Iterable[ChannelKey]) -> None:
        """End what is other than usual at these channels."""
        for key in keys:
            if change := self.channel_changes.pop(key, None):
                self.closed_changes.append(replace(change, ended=now))

    def close_channels(self, now: When, source: Source | None, keys: Iterable[tuple[str, str]]) -> None:
        """Close temporary channels."""
        self.closed_channels += [replace(self.temporary_channels.pop(key), ended=now, ended_by=source) for key in keys]

    def end_all(self, update: Update, source: Source) -> None:
        """End the incident: what it said not to work, by name, works again; of the rest it says nothing any more.

        What was unknown, or said to work long before, was not looked at. A withdrawn post says nothing at all.
        """
        now = update.time
        for key, word in [*self.open_words.items()]:
            if word.status is Status.WORKING and (word.came_back or word.said_at == now):
                continue
            del self.open_words[key]
            self.closed_words.append(replace(word, until=now, closed_by=source))
            if word.status.is_broken:
                self.open_words[key] = Word(
                    self.incident.id, key, Status.WORKING, StartTime(now), (now,), opened_by=source, came_back=True
                )
                self.restored_times[key] = self.restored_times[key[0], None] = now
        if update.state is State.WITHDRAWN:
            self.open_words, self.closed_words = {}, []
        self.close_channels(now, source, list(self.temporary_channels))
        self.end_changes(now, list(self.channel_changes))
        self.workarounds, self.do, self.due = {}, None, None

    def end_by_clock(self, time: When) -> None:
        """End what a notice said, because its time ran out: nobody said what is true since."""
        self.closed_words += [replace(word, until=time, closed_by=None) for word in self.open_words.values()]
        self.close_channels(time, None, list(self.temporary_channels))
        self.end_changes(time, list(self.channel_changes))
        self.open_words, self.workarounds, self.do = {}, {}, None

    def reopen(self) -> None:
        """Undo an end: an update reported a problem, or a new time for planned work, after it."""
        self.ended = None
        if self.state.is_terminal:
            self.state = State.SCHEDULED if self.incident.kind is Kind.MAINTENANCE else State.INVESTIGATING

    def concerned_services(self, update: Update, affected_before: set[str]) -> tuple[str, ...]:
        """Return the services that an update is about; one that names none is about all that the incident affects."""
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
        return tuple(sorted(about or affected_before))


def list_holding(workarounds: Iterable[Workaround], moment: datetime) -> Iterator[Workaround]:
    """Yield the advice whose time has not run out."""
    for each in workarounds:
        do, where = (advice if advice and advice.holds_at(moment) else None for advice in (each.do, each.where))
        if do or where:
            yield replace(each, do=do, where=where)


def _own_way(report: ServiceReport) -> str | None:
    """Return the channel that a report names; None if it is about the whole service."""
    return None if report.channel == EVERY_WAY else report.channel


def _says_more_than_dates(update: Update) -> bool:
    """Return whether an update says anything besides waivers and deadlines."""
    facts = (update.texts, update.reports, update.expected, update.known, update.not_known, update.doing, update.do)
    dates = update.waivers or update.deadlines
    return not dates or any(facts) or update.unchanged or update.state.is_state_change or update.others is not None


def _keep_translations(words: Words, old: Advice | None) -> Words:
    """Return words with the translations that they had when they were last said, letter for letter."""
    if old and old.words.texts[0] == words.texts[0]:
        return old.words.with_translations([words])
    return words


def _keep_list_translations(entries: Iterable[Words], old: Iterable[Words]) -> tuple[Words, ...]:
    """Return the entries of a list, each with the translations that it had when it was last said, letter for letter."""
    before = {words.texts[0]: words for words in old}
    return tuple(before.get(words.texts[0], words).with_translations([words]) for words in entries)


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
