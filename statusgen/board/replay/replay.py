"""All that the updates of one incident add up to, one update after the other."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from statusgen.board.model.estimates import PublishedEstimate
from statusgen.board.model.incidents import IncidentSnapshot, UpdateResult
from statusgen.board.model.spans import Source
from statusgen.board.replay.advice import AdviceLog, list_holding
from statusgen.board.replay.dates import merge_deadline, merge_waiver
from statusgen.board.replay.spreading import find_improved_keys, own_way, spread_reports
from statusgen.board.replay.temporary_ways import TemporaryWays
from statusgen.board.replay.words import WordLog
from statusgen.model.posts import Incident, Scope, Update
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.waivers import Deadline, Waiver
from statusgen.model.whole_site import Site
from statusgen.model.words import Words


@dataclass
class Replay:
    """Applies the updates of an incident in order, and keeps what they add up to.

    Call `apply` with each update, oldest first. After each call:

    - `words` are what it says, and said, of ways to use services;
    - `advice`, `ways`, `waivers` and `deadlines` are merged from all updates about each of them;
    - `due` is when the next update is promised, `ends` when a notice or planned work is to end, and `ended` when an
      update ended the incident, until another one reopens it;
    - `withdrawn_waivers` and `withdrawn_deadlines` were taken back with the post; a later update may name them again;
    - `update_results` has each update together with what it means, and the whole incident at that time.
    """

    incident: Incident
    site: Site
    state: State = State.INVESTIGATING
    words: WordLog = field(init=False)
    advice: AdviceLog = field(init=False)
    ways: TemporaryWays = field(default_factory=TemporaryWays)
    mentioned: set[str] = field(default_factory=set)
    ever_affected: set[str] = field(default_factory=set)
    waivers: dict[str, Waiver] = field(default_factory=dict)
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    withdrawn_waivers: dict[str, Waiver] = field(default_factory=dict)
    withdrawn_deadlines: dict[str, Deadline] = field(default_factory=dict)
    estimates: list[PublishedEstimate] = field(default_factory=list)
    update_results: list[UpdateResult] = field(default_factory=list)
    titles: list[Words] = field(default_factory=list)
    due: When | None = None
    known: tuple[Words, ...] = ()
    not_known: tuple[Words, ...] = ()
    doing: tuple[Words, ...] = ()
    list_times: dict[str, When] = field(default_factory=dict)
    claim: Words | None = None
    fact: Words | None = None
    scope: Scope | None = None
    ends: When | None = None
    ended: When | None = None

    def __post_init__(self) -> None:
        self.words = WordLog(self.incident, self.site)
        self.advice = AdviceLog(self.incident.id)

    def apply(self, update: Update) -> None:
        """Apply the next update.

        The order matters: what is reported about services first; then the state, which ends the incident unless a
        service is reported not to work; and last the snapshot, which sees all of it.
        """
        source = Source(self.incident.id, update.id)
        affected_before = self.affected_services() | {service for service, _ in self.ways.open}
        if update.state.is_terminal:
            affected_before |= {key[0] for key, word in self.words.open.items() if not word.came_back}
        late_for = self.apply_facts(update, source)
        self.apply_reports(update, source)
        self.apply_estimate(update, source)
        self.apply_state(update, source)
        waivers = tuple(self.apply_waiver(waiver, update) for waiver in update.waivers)
        deadlines = tuple(self.apply_deadline(deadline) for deadline in update.deadlines)
        services = self.concerned_services(update, affected_before)
        snapshot = self.take_snapshot(update.time)
        self.update_results.append(
            UpdateResult(update, services, waivers, deadlines, snapshot, self.incident.title, late_for)
        )

    def apply_state(self, update: Update, source: Source) -> None:
        """Apply the word in the heading. A report that something is not working keeps, or makes, the incident open."""
        is_planned, was_withdrawn = self.incident.kind is Kind.MAINTENANCE, self.state is State.WITHDRAWN
        broken = any(report.status and report.status.is_broken for report in update.reports)
        if update.state.is_terminal and (is_planned or not broken):
            self.state, self.ended = update.state, update.time
            self.end_all(update, source)
            return
        if update.state.is_state_change and not update.state.is_terminal:
            self.state, self.ended = update.state, None
        elif self.ended and (update.starts if is_planned else self.affected_services()):
            self.reopen()
        if was_withdrawn and not self.ended:
            self.take_back(update)

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
        self.advice.apply_for_all(update, source)
        if update.unchanged:
            self.confirm_all(update.time)
        return late_for

    def apply_promise(self, update: Update) -> When | None:
        """Keep, replace or end the promise of an update; return the promised time, if it is kept late.

        A waiver, a deadline or a correction is about itself: it neither keeps a promise nor ends it. Other updates keep
        one that is due; before that time it stays, unless they promise another.
        """
        due, now = self.due, update.time
        is_word = update.state is not State.CORRECTION and _says_more_than_dates(update)
        late = due is not None and is_word and due.last_minute < now.start
        if update.next_update or late:
            self.due = update.next_update
        elif due and is_word and due.start <= now.end:
            self.due = None
        return due if late else None

    def confirm_all(self, now: When) -> None:
        """Confirm everything that was last said of services, and what to do."""
        self.words.confirm_all(now)
        self.advice.confirm_all(now)
        self.ways.confirm_all(now)
        self.list_times = dict.fromkeys(self.list_times, now)
        newest = {(each.key, each.estimate.services): number for number, each in enumerate(self.estimates)}
        for number in newest.values():
            self.estimates[number] = replace(self.estimates[number], confirmed_at=now)

    def apply_waiver(self, waiver: Waiver, update: Update) -> Waiver:
        """Merge a waiver with what was said of it before.

        Without services it is for all that the incident affects, or did, by then: of what is named later it says
        nothing.
        """
        day = When.day(self.site.local_day(update.time.start), self.site.zone)
        before = self.waivers.get(waiver.id) or self.withdrawn_waivers.get(waiver.id)
        merged = merge_waiver(before, waiver, day)
        if not merged.services:
            merged = replace(merged, services=tuple(sorted(self.ever_affected | self.affected_services())))
        self.waivers[waiver.id] = merged
        return merged

    def apply_deadline(self, deadline: Deadline) -> Deadline:
        """Merge a deadline with what was said of it before."""
        before = self.deadlines.get(deadline.id) or self.withdrawn_deadlines.get(deadline.id)
        self.deadlines[deadline.id] = merge_deadline(before, deadline)
        return self.deadlines[deadline.id]

    def apply_estimate(self, update: Update, source: Source) -> None:
        """Keep an estimate of the incident as a whole; if it affects one service, that service's."""
        if update.expected:
            affected = self.affected_services()
            key = (next(iter(affected)), None) if len(affected) == 1 and not update.expected.services else None
            self.estimates.append(PublishedEstimate(update.expected, update.time, source, key))

    def apply_reports(self, update: Update, source: Source) -> None:
        """Apply what an update reports about services."""
        first = not self.update_results
        began = self.incident.started if first else update.time
        affected_before = self.affected_services()
        said = spread_reports(update, self.words.open, self.site)
        improved = find_improved_keys(said, self.words.open) if not first else set()
        self.mentioned |= {report.service for report in update.reports}
        for report in update.reports:
            if report.expected:
                key = (report.service, own_way(report))
                self.estimates.append(PublishedEstimate(report.expected, update.time, source, key))
        new_channels = self.ways.apply(update, source, began)
        self.ways.apply_changes(update, began, [key for key, (status, _) in said.items() if status is Status.WORKING])
        self.words.apply(said, update)
        self.advice.apply(update, source, improved)
        for service in sorted(affected_before - self.affected_services()):
            # The service works again as a whole, so nobody needs its temporary channels, except those new just now.
            self.words.restored_times[service, None] = update.time
            needless = [key for key in self.ways.open if key[0] == service and key not in new_channels]
            self.ways.close(update.time, source, needless)

    def take_snapshot(self, now: When) -> IncidentSnapshot:
        """Return the incident as it is right after the update of the time `now`."""
        by_clock = self.incident.kind is Kind.NOTICE and self.ends is not None and self.ends.end <= now.start
        is_over, do = self.ended is not None or by_clock, self.advice.do
        affected = () if is_over else tuple(sorted(self.affected_services()))
        self.ever_affected |= set(affected)
        lasting = (waiver for waiver in self.waivers.values() if not (waiver.until and waiver.until.end <= now.start))
        return IncidentSnapshot(
            state=self.state,
            is_over=is_over,
            affected=tuple(
                (service, self.words.status_of(service, self.ways.open.values(), now)) for service in affected
            ),
            workarounds=() if is_over else tuple(list_holding(self.advice.sorted_workarounds(), now.start)),
            waivers=() if self.state is State.WITHDRAWN else tuple(lasting),
            due=None if is_over else self.due,
            ends=self.ends,
            do=do if do and not is_over and do.holds_at(now.start) else None,
        )

    def affected_services(self) -> set[str]:
        """Return the ids of the services that it keeps from working as usual, or perhaps does."""
        return self.words.affected_services()

    def end_all(self, update: Update, source: Source) -> None:
        """End the incident, and all that holds while it lasts."""
        self.words.end_all(update)
        self.ways.end_all(update.time, source)
        self.advice.end_all()
        self.due = None

    def end_by_clock(self, time: When) -> None:
        """End what a notice said, because its time ran out: nobody said what is true since."""
        self.words.end_by_clock(time)
        self.ways.end_all(time, None)
        self.advice.end_all()

    def reopen(self) -> None:
        """Undo an end: an update reported a problem, or a new time for planned work, after it."""
        self.ended = None
        if self.state.is_terminal:
            self.state = State.SCHEDULED if self.incident.kind is Kind.MAINTENANCE else State.INVESTIGATING

    def take_back(self, update: Update) -> None:
        """Forget what was said before the post was withdrawn, now that an `update` speaks again: it says what holds."""
        self.withdrawn_waivers |= self.waivers
        self.withdrawn_deadlines |= self.deadlines
        self.waivers, self.deadlines = {}, {}
        for name in ("known", "not_known", "doing"):
            if not getattr(update, name):
                setattr(self, name, ())
                self.list_times.pop(name, None)
        self.estimates = [each for each in self.estimates if each.published_at == update.time]
        self.claim, self.fact, self.scope = update.claim, update.fact, update.scope
        self.mentioned = {report.service for report in update.reports}
        self.ever_affected = set()

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
            about |= {key[0] for key in self.words.reported}
        if update.correction:
            corrected = (each for each in self.update_results if each.update.id == update.correction.corrects)
            about |= {id for result in corrected for id in result.services}
        return tuple(sorted(about or affected_before))


def _says_more_than_dates(update: Update) -> bool:
    """Return whether an update says anything besides waivers and deadlines."""
    facts = (update.texts, update.reports, update.expected, update.known, update.not_known, update.doing, update.do)
    dates = update.waivers or update.deadlines
    return not dates or any(facts) or update.unchanged or update.state.is_state_change or update.others is not None


def _keep_list_translations(entries: Iterable[Words], old: Iterable[Words]) -> tuple[Words, ...]:
    """Return the entries of a list, each with the translations that it had when it was last said, letter for letter."""
    before = {words.texts[0]: words for words in old}
    return tuple(before.get(words.texts[0], words).with_translations([words]) for words in entries)
