"""What an incident says of each way to use a service, from one update to another."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from statusgen.board.model.channels import TemporaryChannel
from statusgen.board.model.spans import ChannelKey, Source, StartTime, Word
from statusgen.board.replay.spreading import Said, list_ways, own_way
from statusgen.board.status import derive_status
from statusgen.model.posts import Incident, Update
from statusgen.model.reports import ServiceReport
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.whole_site import Site


@dataclass(frozen=True)
class ReportedStatus:
    """A status that an update reported for a channel; `published_at` is None for the first update of the post."""

    status: Status
    published_at: When | None
    source: Source


@dataclass
class WordLog:
    """What an incident says of ways to use services, and said.

    `open` are the words that last, `closed` those that do not. Planned work begins and ends by the clock, so for it
    `reported` (each channel's statuses in order) is what counts. `restored_times` has when each channel or service last
    came back, `update_times` when each update came that was applied, by its id.
    """

    incident: Incident
    site: Site
    open: dict[ChannelKey, Word] = field(default_factory=dict)
    closed: list[Word] = field(default_factory=list)
    reported: dict[ChannelKey, list[ReportedStatus]] = field(default_factory=dict)
    restored_times: dict[ChannelKey, When] = field(default_factory=dict)
    update_times: dict[str, When] = field(default_factory=dict)

    @property
    def has_named_broken(self) -> bool:
        """Whether it ever said of a service that it does not work, and did not correct that."""
        return any(word.status.is_broken for word in (*self.closed, *self.open.values()))

    def affected_services(self) -> set[str]:
        """Return the ids of the services that it keeps from working as usual, or perhaps does."""
        return {key[0] for key, word in self.open.items() if word.status.is_stated_problem}

    def status_of(self, service: str, temporary: Iterable[TemporaryChannel], now: When) -> Status:
        """Return the status of an affected service, as far as this incident goes; `temporary` are its channels."""
        said = {key[1]: word.status for key, word in self.open.items() if key[0] == service}
        extra = [Status.WORKING for each in temporary if each.service == service and each.is_open_at(now.start)]
        ways = list_ways(service, self.site)
        return derive_status(said.get(None), [said.get(way, Status.NOT_SAID) for way in ways], extra)

    def apply(self, said: Said, update: Update) -> None:
        """Apply what an update says, as `spread_reports` gives it."""
        source = Source(self.incident.id, update.id)
        stood_badly = {key[0] for key, word in self.open.items() if key[1] is None and word.status.is_broken}
        for key, (status, report) in said.items():
            self._apply_word(key, status, report, update, stood_badly)
            if status is not Status.NOT_SAID:
                self._record_status(key, ReportedStatus(status, update.time if self.update_times else None, source))
        for report in update.reports:
            if report.status is None and not update.correction:
                self._confirm_problems(report, update.time)
        self._close_fulfilled_words(update.time, source, dict.fromkeys(key[0] for key in said))
        self.update_times[update.id] = update.time

    def confirm_all(self, now: When) -> None:
        """Confirm everything that was last said."""
        self.open = {key: replace(word, said=(*word.said, now)) for key, word in self.open.items()}

    def end_all(self, update: Update) -> None:
        """End the incident: what it said not to work, by name, works again; of the rest it says nothing anymore.

        What was unknown, or said to work long before, was not looked at. A withdrawn post says nothing at all.
        """
        now, source = update.time, Source(self.incident.id, update.id)
        for key, word in [*self.open.items()]:
            if word.status is Status.WORKING and (word.came_back or word.said_at == now):
                continue
            del self.open[key]
            self.closed.append(replace(word, until=now, closed_by=source))
            if word.status.is_broken:
                self.open[key] = Word(
                    self.incident.id, key, Status.WORKING, StartTime(now), (now,), opened_by=source, came_back=True
                )
                self.restored_times[key] = self.restored_times[key[0], None] = now
        if update.state is State.WITHDRAWN:
            self.open, self.closed = {}, []

    def end_by_clock(self, time: When) -> None:
        """End what a notice said, because its time ran out: nobody said what is true since."""
        self.closed += [replace(word, until=time, closed_by=None) for word in self.open.values()]
        self.open = {}

    def _apply_word(
        self, key: ChannelKey, status: Status, report: ServiceReport, update: Update, stood_badly: set[str]
    ) -> None:
        """Begin, continue, or end what is said of one way; services that `stood_badly` did so as such."""
        before = self.open.get(key)
        of_service = key[1] is not None and not own_way(report)
        if before and before.status is status:
            lasting = replace(self._backdate(before, report, update), said=(*before.said, update.time))
            self.open[key] = replace(lasting, of_service=before.of_service and of_service)
            return
        since = self._start_time(before or self._word_on_whole_service(key), report, update)
        was_working = before.said_at if before and before.status is Status.WORKING else None
        was_broken = before.status.is_broken if before else key[0] in stood_badly and not own_way(report)
        source = Source(self.incident.id, update.id)
        if before:
            self._close(before, update, source)
        if status is Status.NOT_SAID and (key[1] is None or not was_working):
            return
        self.open[key] = Word(
            self.incident.id,
            key,
            status,
            since,
            (update.time,),
            opened_by=source,
            came_back=status is Status.WORKING and was_broken and not update.correction,
            is_corrected=update.correction is not None,
            said_working=was_working,
            of_service=of_service,
        )
        if self.open[key].came_back:
            self.restored_times[key] = update.time

    def _word_on_whole_service(self, key: ChannelKey) -> Word | None:
        """Return what was said of all ways of a service alike, for a word on the service as such."""
        alike = (word for word in self.open.values() if word.key[0] == key[0] and word.of_service)
        return None if key[1] else next(alike, None)

    def _close(self, word: Word, update: Update, source: Source) -> None:
        """Close a word that another takes the place of."""
        del self.open[word.key]
        if update.correction:
            self._undo(word, update.correction.corrects, update.time, source)
        else:
            self.closed.append(replace(word, until=update.time, closed_by=source))

    def _undo(self, word: Word, corrects: str, now: When, source: Source) -> None:
        """Close a word that a correction replaces, and take out what the corrected update said of it.

        What that update said may have been replaced already; then the word itself was no mistake.
        """
        corrected = self.update_times.get(corrects, now)
        earlier = [each for each in self.closed if each.key == word.key and corrected in each.said]
        self.closed = [each for each in self.closed if each not in earlier]
        if corrected in word.said:
            earlier.append(word)
        else:
            self.closed.append(replace(word, until=now, closed_by=source))
        for each in earlier:
            left = tuple(when for when in each.said if when.start < corrected.start)
            if left and each.since.when.start < corrected.start:
                self.closed.append(replace(each, said=left, until=corrected, closed_by=source))

    def _record_status(self, key: ChannelKey, status: ReportedStatus) -> None:
        """Remember a reported status, unless it repeats the one before it."""
        earlier = self.reported.setdefault(key, [])
        if not earlier or earlier[-1].status is not status.status:
            earlier.append(status)

    def _confirm_problems(self, report: ServiceReport, now: When) -> None:
        """Confirm the problems of a service, or of one way: who says what to do about them knows that they last."""
        for key, word in self.open.items():
            is_meant = key[0] == report.service and own_way(report) in (None, key[1])
            if is_meant and word.status.is_stated_problem and word.said_at != now:
                self.open[key] = replace(word, said=(*word.said, now))

    def _close_fulfilled_words(self, now: When, source: Source, services: Iterable[str]) -> None:
        """Close what is said of a service as such once every way of it was said to work since."""
        for service in services:
            word, ways = self.open.get((service, None)), list_ways(service, self.site)
            states = [self.open.get((service, way)) for way in ways]
            if word and ways and all(each and each.status is Status.WORKING for each in states):
                since = [each.said_at for each in states if each and each.said_at]
                if word.said_at and all(when.start >= word.said_at.start for when in since) and word.said_at != now:
                    self.closed.append(replace(self.open.pop((service, None)), until=now, closed_by=source))

    def _start_time(self, before: Word | None, report: ServiceReport, update: Update) -> StartTime:
        """Return since when a status holds that an update reports, as far as somebody said."""
        if report.started_before and report.started_before.start <= update.time.start:
            return StartTime(report.started_before, is_before=True)
        if began := report.began(self.incident.started):
            return StartTime(began)
        if update.correction:
            return StartTime(update.time, is_report=True)
        if _is_known(before):
            return StartTime(update.time)
        if report.status in (Status.WORKING, Status.UNKNOWN):
            return StartTime(update.time, is_report=True)
        is_first = not self.update_times
        if is_first and (self.incident.kind is not Kind.INCIDENT or self._is_posted_at_once(update)):
            return StartTime(self.incident.started)
        return StartTime(update.time, is_report=True)

    def _is_posted_at_once(self, update: Update) -> bool:
        """Return whether the first text was posted on the day on which the incident began."""
        day = self.site.local_day
        return not self.incident.started.is_whole_month and day(update.time.start) == day(self.incident.started.start)

    def _backdate(self, word: Word, report: ServiceReport, update: Update) -> Word:
        """Return the word with another beginning, if an update says so.

        Of a time before which it began, only an earlier one says more, unless what was said is corrected.
        """
        bound = report.started_before
        if bound and (update.correction or bound.start < word.since.when.start):
            return replace(word, since=StartTime(bound, is_before=True))
        if began := report.began(self.incident.started):
            return replace(word, since=StartTime(began))
        return word


def _is_known(before: Word | None) -> bool:
    """Return whether another status was said of the same way: then the next cannot have begun earlier.

    That it was not known how it stands leaves that open.
    """
    return before is not None and before.status not in (Status.NOT_SAID, Status.UNKNOWN)
