"""The facts of the Board as sentences, the same in every output; each is a message of the catalog."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import cached_property

from markupsafe import Markup, escape

from statusgen.board.model import (
    Advice,
    Board,
    ContraryWord,
    Headline,
    IncidentStatus,
    Interval,
    Phase,
    Promise,
    PublishedEstimate,
    ServiceStatus,
    Standing,
    StartTime,
    TemporaryChannel,
    Transition,
    UpcomingDate,
    UpdateView,
    WaiverStatus,
    Window,
    Word,
)
from statusgen.history import Mark, Stretch
from statusgen.model import Channel, Estimate, Incident, Kind, ServiceReport, State, Status, Waiver, When, Words
from statusgen.text import slugify
from statusgen.wording.channel_details import Detail, channel_details
from statusgen.wording.interface import protect_phone_numbers
from statusgen.wording.vocabulary import Vocabulary


class Phrasing(Vocabulary):
    """Puts the facts of the Board into sentences in one language."""

    @cached_property
    def as_plain_text(self) -> "Phrasing":
        """The same phrasing as plain text, for places where there can be no markup."""
        return self if self.plain else Phrasing(self.site, self.language, plain=True)

    def missing_reports_note(self) -> str:
        """Return how many reports are missing because of mistakes in their files, and whom to call; or nothing."""
        number = len(self.site.quarantined_ids)
        if not number:
            return ""
        words = self.interface.ngettext(
            "%(number)s report is missing here, because there are mistakes in its file. We are mending it.",
            "%(number)s reports are missing here, because there are mistakes in their files. We are mending them.",
            number,
        )
        parts = [self.format(words, number=str(number))]
        for contact in [contact for contact in self.site.contacts if contact.phone][:1]:
            call = self.interface.gettext("If you need to know more, call %(phone)s (%(name)s).")
            phone = protect_phone_numbers(str(contact.phone), self.language)
            parts.append(self.format(call, phone=phone, name=self.say(contact.name)))
        return self.join(parts)

    def headline(self, board: Board) -> list[str]:
        """Return the front page's sentences: what does not work, what nobody said anything about, and what works."""
        facts = board.headline
        parts = [self._day_of_incident(board), *self.problem_sentences(board)]
        if facts.unknown:
            parts.append(self._not_known(board))
        if facts.long_unknown:
            number = len(facts.long_unknown)
            message = self.interface.ngettext(
                "%(number)s not known when last checked.", "%(number)s not known when last checked.", number
            )
            parts.append(self.format(message, number=str(number)))
        if facts.maintenance_count:
            closed = self.interface.ngettext(
                "%(number)s service is closed for planned work.",
                "%(number)s services are closed for planned work.",
                facts.maintenance_count,
            )
            parts.append(self.format(closed, number=str(facts.maintenance_count)))
        parts.append(self.unsaid_services(board))
        if facts.working and (facts.open_incidents or facts.broken or facts.stale):
            parts.append(self.working_services(board))
        return [part for part in parts if part]

    def _day_of_incident(self, board: Board) -> str:
        """Return which day of what it is, unless it is the first, or nothing was said lately."""
        facts = board.headline
        if not facts.incident or not facts.day or facts.day < 2 or not facts.broken:
            return ""
        message = self.interface.gettext("Day %(day)s since this began: %(title)s.")
        title = self.phrase(board.incident_by_id[facts.incident].incident.title)
        return self.format(message, day=str(facts.day), title=title)

    def problem_sentences(self, board: Board) -> list[str]:
        """Return how many services do not work as usual, or did not when last checked; otherwise what is open."""
        facts, ngettext = board.headline, self.interface.ngettext
        number = len(facts.broken)
        parts = []
        if number and facts.is_all_said and not facts.stale and facts.service_count > 1:
            message = ngettext(
                "%(number)s of %(total)s services is not working as usual.",
                "%(number)s of %(total)s services are not working as usual.",
                number,
            )
            parts.append(self.format(message, number=str(number), total=str(facts.service_count)))
        elif number:
            message = ngettext(
                "%(number)s service is not working as usual.", "%(number)s services are not working as usual.", number
            )
            parts.append(self.format(message, number=str(number)))
        if facts.stale:
            parts.append(self._when_last_checked(facts))
        if not parts and facts.open_incidents:
            titles = (board.incident_by_id[id].incident.title for id in facts.open_incidents)
            parts = [self.as_sentence(title) for title in titles]
        if not parts and not facts.unknown and not facts.long_unknown and not facts.maintenance_count:
            parts.append(self.interface.gettext("No problems are reported."))
        return parts

    def _when_last_checked(self, facts: Headline) -> str:
        """Return how many services did not work when last checked, and when that was."""
        ngettext, number = self.interface.ngettext, str(len(facts.stale))
        first, last = facts.stale_from, facts.stale_to
        if first is None or last is None:
            return ""
        if self.times.day_of(first) == self.times.day_of(last):
            message = ngettext(
                "When last checked, on %(day)s, %(number)s service was not working as usual.",
                "When last checked, on %(day)s, %(number)s services were not working as usual.",
                len(facts.stale),
            )
            return self.format(message, day=self.times.day_of(first), number=number)
        message = ngettext(
            "When last checked, between %(first)s and %(last)s, %(number)s service was not working as usual.",
            "When last checked, between %(first)s and %(last)s, %(number)s services were not working as usual.",
            len(facts.stale),
        )
        begin, end = self.times.days_between(first, last)
        return self.format(message, first=begin, last=end, number=number)

    def _not_known(self, board: Board) -> str:
        """Return of how many services it is not known whether they work."""
        number = len(board.headline.unknown)
        message = self.interface.ngettext("%(number)s not known yet.", "%(number)s not known yet.", number)
        return self.format(message, number=str(number))

    def unsaid_services(self, board: Board) -> str:
        """Return what nothing was said about although an incident may reach it, the essential services by name."""
        facts, _ = board.headline, self.interface.gettext
        essential = [id for id in facts.unsaid if board.service_by_id[id].service.essential][:2]
        more = len(facts.unsaid) - len(essential)
        if not facts.unsaid:
            return ""
        names = [self.phrase(board.service_by_id[id].service.name) for id in essential]
        if more:
            message = self.interface.ngettext("%(number)s service", "%(number)s services", more)
            if essential:
                message = self.interface.ngettext("%(number)s other service", "%(number)s other services", more)
            names.append(self.format(message, number=str(more)))
        return self.format(_("Nothing has been said yet about %(services)s."), services=self.format_list(names))

    def working_services(self, board: Board) -> str:
        """Return which essential services work."""
        comma = self.interface.gettext(", ")
        words = self._joined(
            [self.phrase(board.service_by_id[id].service.name) for id in board.headline.working], comma
        )
        return self.format(self.interface.gettext("Working: %(services)s."), services=words)

    def _joined(self, words: Iterable[str], comma: str) -> str:
        return comma.join(words) if self.plain else Markup(comma).join(escape(word) for word in words)

    def standing(self, standing: Standing, of_channel: bool = False) -> str:
        """Return how a service or one of its channels stands, and on whose word: since when, or when that was said."""
        words = self._standing_words(standing, of_channel)
        if standing.corrected_at:
            message = self.interface.gettext("%(status)s (corrected on %(time)s)")
            words = self.format(message, status=words, time=self.time(standing.corrected_at))
        return words

    def _standing_words(self, standing: Standing, of_channel: bool) -> str:
        _, status = self.interface.gettext, standing.status
        if status is Status.NOT_SAID:
            return self._unsaid_words(standing, of_channel)
        if status is Status.WORKING:
            return self._working_words(standing)
        word = self.status_word(standing)
        if standing.is_stale and standing.said_at:
            time = self.time(standing.said_at)
            if status is Status.UNKNOWN:
                words = self.format(_("Not known when last checked, %(time)s"), time=time)
                return self.with_label(words, self.ways(standing.ways)) if standing.ways else words
            return self.format(_("%(status)s when last checked, %(time)s"), status=word, time=time)
        if status is Status.UNKNOWN and standing.said_at:
            return self.format(_("%(status)s, said %(time)s"), status=word, time=self.time(standing.said_at))
        if standing.since:
            return self.format(_("%(status)s, %(since)s"), status=word, since=self.since(standing.since))
        return word

    def _unsaid_words(self, standing: Standing, of_channel: bool) -> str:
        _ = self.interface.gettext
        if standing.said_working:
            message = _("Not confirmed, said to work %(time)s")
            return self.format(message, time=self.time(standing.said_working))
        if standing.ways and standing.said_at:
            message = (
                _("%(status)s when last checked, %(time)s") if standing.is_stale else _("%(status)s, said %(time)s")
            )
            return self.format(message, status=self.status_word(standing), time=self.time(standing.said_at))
        return self.channel_word(standing) if of_channel else self.status_word(standing)

    def _working_words(self, standing: Standing) -> str:
        _ = self.interface.gettext
        if standing.restored_at:
            back = self.time(standing.restored_at)
            message = _("Back since %(time)s, nothing said since") if standing.is_stale else _("Back since %(time)s")
            return self.format(message, time=back)
        if standing.said_at:
            message = _("Working when last checked, %(time)s") if standing.is_stale else _("Working, said %(time)s")
            return self.format(message, time=self.time(standing.said_at))
        return self.status(Status.WORKING)

    def status_word(self, standing: Standing) -> str:
        """Return the word for how something stands, with the ways that it is about if that is not all of it."""
        _ = self.interface.gettext
        if standing.status is Status.NOT_SAID and standing.is_in_doubt and not standing.ways:
            return _("Nothing said yet")
        if standing.ways:
            instead = {Status.PARTLY_DOWN: Status.DOWN, Status.NOT_SAID: Status.WORKING}
            status = instead.get(standing.status, standing.status)
            return self.with_label(self.status(status), self.ways(standing.ways))
        return self.status(standing.status)

    def channel_word(self, standing: Standing) -> str:
        """Return the word for how a channel stands."""
        _ = self.interface.gettext
        return _("Not confirmed") if standing.status is Status.NOT_SAID else self.status_word(standing)

    def short_standing(self, standing: Standing) -> str:
        """Return how something stands in few words, for a list; what was said long ago is told as past."""
        _, status = self.interface.gettext, standing.status
        if standing.is_stale or (status is Status.WORKING and standing.restored_at):
            return self._standing_words(standing, of_channel=False)
        return self.status_word(standing)

    def mark(self, mark: Mark) -> str:
        """Return the word for what a chart shows."""
        _ = self.interface.gettext
        if not mark.is_checked:
            return _("Not checked")
        return _("Nothing reported") if mark.status is Status.NOT_SAID else self.status(mark.status)

    def stretch(self, stretch: Stretch) -> str:
        """Return from when to when something stood so: exactly, unless only some days of it were checked."""
        if stretch.is_whole:
            return self.interval(stretch.interval)
        if stretch.first == stretch.last:
            return self.times.day(stretch.first)
        message = self.interface.gettext("%(first)s to %(last)s")
        return self.format(message, first=self.times.day(stretch.first), last=self.times.day(stretch.last))

    def unchanged(self) -> str:
        """Return that everything that was last said still holds."""
        return self.interface.gettext("We checked: what we said before has not changed.")

    def contrary_word(self, contrary: ContraryWord, board: Board) -> str:
        """Return that another incident says that a service works."""
        message = self.interface.gettext("Said to work on %(time)s: %(title)s.")
        title = self.phrase(board.incident_by_id[contrary.incident].incident.title)
        return self.format(message, time=self.time(contrary.said_at), title=title)

    def planned_work(self, window: Window) -> str:
        """Return until when planned work goes on."""
        _ = self.interface.gettext
        if window.end is None:
            return _("Planned work; its end is not known.")
        return self.format(_("Planned work until %(time)s."), time=self.time(window.end))

    def since(self, since: StartTime) -> str:
        """Return a phrase for when something began."""
        _ = self.interface.gettext
        if since.is_before:
            return self.since_before(since.when)
        if since.is_report:
            return self.format(_("reported %(time)s"), time=self.time(since.when))
        if since.when.is_whole_month:
            return self.format(_("since %(month)s"), month=self.time(since.when))
        return self.format(_("since %(time)s"), time=self.time(since.when))

    def since_before(self, when: When) -> str:
        """Return a phrase for what began before the first time that is known."""
        return self.format(self.interface.gettext("since before %(time)s"), time=self.time(when))

    def reported_since(self, report: ServiceReport, incident: Incident) -> str:
        """Return since when an update of an incident says that something stands so; nothing if it does not say it."""
        if report.started_before:
            return self.since_before(report.started_before)
        began = report.began(incident.started)
        return "" if began is None or report.status is Status.WORKING else self.since(StartTime(began))

    def time_span(self, incident: IncidentStatus) -> str:
        """Return the time that an incident lasted, or when it began; for a notice, when it was published."""
        _ = self.interface.gettext
        started = self.time(incident.incident.started)
        if incident.ended and incident.ended.start < incident.incident.started.start:
            return ""  # planned work that was canceled before it began
        if incident.ended is None:
            if incident.incident.kind is Kind.NOTICE:
                return self.format(_("Published %(time)s."), time=self.time(incident.updates[0].time))
            return self.format(_("It began on %(time)s."), time=started)
        return self.format(_("From %(first)s to %(last)s."), first=started, last=self.time(incident.ended))

    def state_line(self, incident: IncidentStatus) -> str:
        """Return how far an incident has come, and since when; a notice has no cause to be found."""
        span = self.time_span(incident)
        if _is_only_published(incident):
            return span
        return self.join([self.format("%(state)s.", state=self.state(incident.state)), *([span] if span else [])])

    def interval(self, interval: Interval) -> str:
        """Return the time during which a service had a status."""
        _ = self.interface.gettext
        if interval.since is None:
            return ""
        if interval.until is None:
            if interval.status is Status.UNKNOWN or (interval.status is Status.WORKING and interval.since.is_report):
                return self.format(_("said %(time)s"), time=self.time(interval.since.when))
            return self.since(interval.since)
        message = _("before %(first)s, until %(last)s") if interval.since.is_before else _("%(first)s to %(last)s")
        last = self.last_time(interval) or interval.until
        return self.format(message, first=self.time(interval.since.when), last=self.time(last))

    def last_time(self, interval: Interval | Word) -> When | None:
        """Return when a status ended; of a day that was named as the last, the clock ended it the day after."""
        until = interval.until
        if until is None or interval.closed_by or not until.is_whole_day:
            return until
        return When.day(self.site.local_day(until.start) - timedelta(days=1), self.site.zone)

    def day_of_problem(self, day: int) -> str:
        """Return which day of a problem it is."""
        return self.format(self.interface.gettext("Day %(day)s of this problem."), day=str(day))

    def estimate(self, estimate: Estimate, late: bool = False, is_back: bool = False) -> str:
        """Return when something is expected back, and on what basis; if that is `late` by now, when it was expected.

        If it `is_back` in some form, it is about when it will be as before.
        """
        _ = self.interface.gettext
        is_words_alone = estimate.words and not (estimate.unknown or estimate.not_before or estimate.by)
        parts = [] if is_words_alone else [self._expected_time(estimate, late, is_back)]
        if estimate.words:
            parts.append(self.format(_("What was said: %(words)s."), words=self.phrase(estimate.words)))
        if estimate.basis:
            parts.append(self.format(_("Based on: %(basis)s."), basis=self.phrase(estimate.basis)))
        return self.join(parts)

    def estimate_for(self, estimate: Estimate | None, status: Status | None, late: bool = False) -> str:
        """Return when something of this status is expected back; nothing if it is back and the rest is not known."""
        if estimate is None or (status is Status.CATCHING_UP and estimate.unknown and not estimate.words):
            return ""
        return self.estimate(estimate, late, is_back=bool(status and status.is_back))

    def own_estimate(self, published: PublishedEstimate, service: ServiceStatus, as_said: bool = False) -> str:
        """Return when a service is expected back, or one of its channels, which is named; nothing if that says nothing.

        With `as_said`, it is told as it was said then, whatever happened since.
        """
        way = published.key[1] if published.key else None
        channel = next((each for each in service.channels if each.channel.id == way), None)
        status = None if as_said else channel.status if channel else service.status
        words = self.estimate_for(published.estimate, status, published.is_late and not as_said)
        if words and channel and len(service.service.channels) > 1:
            return self.with_label(self.channel(channel.channel), words)
        return words

    def outage_estimate(self, published: PublishedEstimate, late: bool) -> str:
        """Return what was said of the outage as a whole."""
        words = self.estimate(published.estimate, late)
        return self.with_label(self.interface.gettext("For the outage as a whole"), words)

    def _expected_time(self, estimate: Estimate, late: bool, is_back: bool) -> str:
        _ = self.interface.gettext
        first, last = estimate.not_before, estimate.by
        if not first and not last:
            return (
                _("When it will be as before is not known.") if is_back else _("It is not known when it will be back.")
            )
        if late:
            return self._missed_time(first, last, is_back)
        if first and last:
            if first == last:
                message = _("Expected back to normal by %(time)s.") if is_back else _("Expected back on %(time)s.")
                if first.is_whole_month:
                    message = _("Expected back to normal in %(time)s.") if is_back else _("Expected back in %(time)s.")
                return self.format(message, time=self.time(first))
            message = _("Expected back between %(first)s and %(last)s.")
            if is_back:
                message = _("Expected back to normal between %(first)s and %(last)s.")
            return self.format(message, first=self.time(first), last=self.time(last))
        if first:
            message = _("Not back to normal before %(time)s.") if is_back else _("Not expected back before %(time)s.")
            if first.is_whole_month and not is_back:
                return self.format(_("Not expected back before %(month)s."), month=self.time(first))
            return self.format(message, time=self.time(first))
        message = _("Expected back to normal by %(time)s.") if is_back else _("Expected back by %(time)s.")
        if last and last.is_whole_month and not is_back:
            return self.format(_("Expected back by the end of %(month)s."), month=self.time(last))
        return self.format(message, time=self.time(last)) if last else ""

    def _missed_time(self, first: When | None, last: When | None, is_back: bool) -> str:
        """Return an estimate whose time has passed."""
        _ = self.interface.gettext
        if last:
            message = _("It was expected back by %(time)s. That time has passed.")
            if is_back:
                message = _("It was to be back to normal by %(time)s. That time has passed.")
            return self.format(message, time=self.time(last))
        message = _("It was said not to be back until %(time)s. That time has passed.")
        return self.format(message, time=self.time(first)) if first else ""

    def promise(self, promise: Promise) -> str:
        """Return when the next update is due, or how long it has been overdue."""
        _ = self.interface.gettext
        message = (
            _("The next update was due by %(time)s. It is overdue.")
            if promise.overdue
            else _("Next update by %(time)s.")
        )
        return self.format(message, time=self.time(promise.due))

    def promised_time(self, due: When) -> str:
        """Return what an update promised, whether or not that moment has passed."""
        return self.format(self.interface.gettext("Promised by %(time)s."), time=self.time(due))

    def kept_late(self, due: When) -> str:
        """Return that an update came after the time for which it was promised."""
        message = self.interface.gettext("This update was promised by %(time)s. It came late.")
        return self.format(message, time=self.time(due))

    def waiver(self, waiver: Waiver) -> str:
        """Return what is waived, from when until when, by whom, and how to get it."""
        _ = self.interface.gettext
        parts = [self.format("%(what)s.", what=self.phrase(waiver.what) if waiver.what else waiver.id)]
        parts += self._waiver_time(waiver)
        if waiver.by:
            parts.append(self.format(_("Granted by: %(who)s."), who=self.phrase(waiver.by)))
        if waiver.how:
            automatic = waiver.how.texts[0][1].strip(" .").casefold() == "automatic"
            how = _("You need not ask for it.") if automatic else self.phrase(waiver.how)
            parts.append(how if automatic else self.format(_("How to get it: %(how)s."), how=how))
        return self.join(parts)

    def _waiver_time(self, waiver: Waiver) -> list[str]:
        _ = self.interface.gettext
        begins = self.time(waiver.begins) if waiver.begins else ""
        if waiver.until:
            return [self.format(_("From %(first)s to %(last)s."), first=begins, last=self.time(waiver.until))]
        if waiver.until_words:
            message = _("From %(first)s until %(words)s.")
            return [self.format(message, first=begins, words=self.phrase(waiver.until_words))]
        return [self.format(_("From %(first)s."), first=begins)]

    def action(self, action: UpcomingDate) -> str:
        """Return what a date is about."""
        if action.is_waiver_end:
            return self.format(
                self.interface.gettext("Last day of this waiver: %(what)s."), what=self.phrase(action.what)
            )
        return self.as_sentence(action.what)

    def window(self, window: Window) -> str:
        """Return the time of planned work."""
        _ = self.interface.gettext
        if window.end is None:
            return self.format(_("From %(first)s; the end is not known."), first=self.time(window.start))
        return self.format(_("From %(first)s to %(last)s."), first=self.time(window.start), last=self.time(window.end))

    def change(self, change: Transition, board: Board) -> str:
        """Return what a service or channel changed to and, if something was said of it before, from what."""
        if change.before is Status.NOT_SAID:
            return self.with_label(self.change_subject(change, board), self.status(change.after))
        message = self.interface.gettext("%(service)s: %(after)s (before: %(before)s)")
        return self.format(
            message,
            service=self.change_subject(change, board),
            after=self.status(change.after),
            before=self.status(change.before),
        )

    def change_subject(self, change: Transition, board: Board) -> str:
        """Return the service that changed, and the channel if only that did."""
        service = board.service_by_id[change.service]
        name = self.say(service.service.name)
        for channel in service.channels:
            if channel.channel.id == change.channel:
                return self.format("%(service)s (%(channel)s)", service=name, channel=self.channel(channel.channel))
        return name

    def news_title(self, view: UpdateView, board: Board) -> str:
        """Return an update in one line that leads with what changed: "Restored: Pay a water bill (Online)"."""
        _, update = self.interface.gettext, view.update
        if view.recoveries and not update.state.is_terminal and update.state is not State.CORRECTION:
            return self.format(_("Restored: %(services)s"), services=self._change_subjects(view.recoveries, board))
        is_plain = update.state is State.UPDATE and not view.is_first and not view.is_reopening
        becomes = {change.after for change in view.transitions}
        # What is left when something got better elsewhere is not what this update said.
        is_said = becomes <= {report.status for report in update.reports}
        if is_plain and len(becomes) == 1 and is_said:
            return self.with_label(self.status(*becomes), self._change_subjects(view.transitions, board))
        waived = [waiver.what for waiver in view.waivers if waiver.what]
        if is_plain and waived and not view.transitions and not update.texts:
            return self.with_label(_("Waiver"), self.phrase(waived[0]))
        return self.update_title(view)

    def _change_subjects(self, changes: Iterable[Transition], board: Board) -> str:
        """Return what changed: the first three, and how many more."""
        names = [self.change_subject(change, board) for change in changes]
        subjects = names[:3]
        if more := len(names) - len(subjects):
            message = self.interface.ngettext("%(number)s more", "%(number)s more", more)
            subjects.append(self.format(message, number=str(more)))
        return self.format_list(subjects)

    def update_title(self, view: UpdateView) -> str:
        """Return an update in one line, regardless of what it changed: "Correction: The network is down"."""
        incident, update, first = view.incident, view.update, view.is_first
        if view.is_reopening and incident.kind is Kind.INCIDENT and update.state is not State.CORRECTION:
            return self.format(self.interface.gettext("Again: %(title)s"), title=self.say(incident.title))
        if first and incident.topic:
            word = self.topic(incident.topic)
        elif first and incident.kind is Kind.INCIDENT:
            word = self.interface.gettext("New")
        else:
            word = self.state(update.state)
        return self.with_label(word, self.say(incident.title))

    def service_summary(self, service: ServiceStatus) -> str:
        """Return what to tell a caller who asks about a service, in one or two breaths."""
        return self.join(self.service_summary_sentences(service))

    def service_summary_sentences(self, service: ServiceStatus) -> list[str]:
        """Return the sentences of `service_summary`: the status, then what to do, then when it is expected back."""
        parts = [self.format("%(status)s.", status=self.standing(service.standing))]
        parts += self.workaround_sentences(service)
        if service.usable_channels and (service.unusable_channels or service.unconfirmed_channels):
            parts.append(self.open_channels(service))
        parts += [self._waiver_summary(waiver) for waiver in service.waivers if waiver.waiver.what]
        parts += [self.coming_channel(coming) for coming in service.coming_channels]
        parts += [
            self.with_label(self.time(each.deadline.on), self.as_sentence(each.deadline.what))
            for each in service.deadlines
            if each.deadline.on and each.deadline.what
        ]
        return [*parts, *self.estimate_sentences(service), *self.last_checked(service)]

    def last_checked(self, service: ServiceStatus) -> list[str]:
        """Return when somebody last spoke of a problem, if that is later than its beginning and not long ago."""
        said_at, since = service.confirmed_at, service.since
        if not service.is_unusual or service.stale or not said_at or not since or said_at.start <= since.when.start:
            return []
        return [self.format(self.interface.gettext("Last checked on %(time)s."), time=self.time(said_at))]

    def estimate_sentences(self, service: ServiceStatus) -> list[str]:
        """Return when a service is expected back, and what was said of the outage as a whole."""
        parts = [words for each in service.current_estimates if (words := self.own_estimate(each, service))]
        if service.outage_estimate:
            parts.append(self.outage_estimate(service.outage_estimate, service.is_outage_estimate_late))
        return parts

    def advice(self, advice: Advice | None, service: ServiceStatus | None = None) -> str:
        """Return what to do or where to go, with its date if it is old, or older than the last word on `service`."""
        if advice is None:
            return ""
        said_at = service.confirmed_at if service else None
        is_old = advice.is_stale or (said_at is not None and said_at.start > advice.said_at.start)
        if is_old or (service is not None and service.stale):
            return self.dated_advice(advice)
        return self.as_sentence(advice.words)

    def dated_advice(self, advice: Advice) -> str:
        """Return what to do or where to go, with the time at which that was said."""
        message = self.interface.gettext("%(advice)s (said %(time)s)")
        return self.format(message, advice=self.as_sentence(advice.words), time=self.time(advice.said_at))

    def dated_list(self, heading: str, incident: IncidentStatus, name: str) -> str:
        """Return the heading of a list, such as what is known, with its date if a later update left it as it was."""
        said_at = dict(incident.list_times).get(name)
        if said_at is None or said_at.start >= incident.last_update.time.start:
            return heading
        message = self.interface.gettext("%(advice)s (said %(time)s)")
        return self.format(message, advice=heading, time=self.time(said_at))

    def workaround_sentences(self, service: ServiceStatus) -> list[str]:
        """Return what to do meanwhile and where to go instead; what is about one channel comes last, with its name."""
        for_all = [workaround for workaround in service.workarounds if workaround.channel is None]
        texts = [*(workaround.do for workaround in for_all), *(workaround.where for workaround in for_all)]
        parts = [self.advice(advice, service) for advice in texts if advice]
        names = {channel.channel.id: self.channel(channel.channel) for channel in service.channels}
        for workaround in service.workarounds:
            if workaround.channel in names:
                texts = [workaround.do, workaround.where]
                words = self.join(self.advice(advice, service) for advice in texts if advice)
                parts.append(self.with_label(names[workaround.channel], words))
        return parts

    def working_advice(self, service: ServiceStatus) -> str:
        """Return what to know of a service that works: what to do, and where the ways are that were set up for it."""
        comma = self.interface.gettext(", ")
        parts = self.workaround_sentences(service)
        for way in (each for each in service.usable_channels if each.temporary):
            details = (detail.phrase for detail in self.details(way.channel))
            parts.append(self.format("%(way)s.", way=self._joined([self.channel(way.channel), *details], comma)))
        return self.with_label(self.phrase(service.service.name), self.join(parts))

    def details(self, channel: Channel, changed: Sequence[str] = ()) -> tuple[Detail, ...]:
        """Return what residents read about a channel: where it is, when it is open, what to bring, and so on.

        `changed` are the keys that are other than usual for now.
        """
        return channel_details(channel, self, changed)

    def coming_channel(self, coming: TemporaryChannel) -> str:
        """Return a channel that was announced, and when it opens."""
        when = self.window(Window(coming.opens, coming.channel.closes))
        if coming.channel.closes is None:
            when = self.format(self.interface.gettext("From %(first)s."), first=self.time(coming.opens))
        details = [detail.phrase for detail in self.details(coming.channel) if detail.key != "closes"]
        words = self.join([when, *(self.format("%(fact)s.", fact=detail) for detail in details)])
        return self.with_label(self.channel(coming.channel), words)

    def incident_state(self, incident: IncidentStatus) -> str:
        """Return how far an incident has come; a notice is just published, for it has no cause to be found."""
        _ = self.interface.gettext
        if not _is_only_published(incident):
            return self.state(incident.state)
        return _("Published") if incident.phase is Phase.OPEN else _("Ended")

    def notice_date(self, notice: IncidentStatus, is_stale: bool) -> str:
        """Return when a notice was published, and when it was last checked."""
        _, first, last = self.interface.gettext, notice.updates[0].time, notice.last_update.time
        times = {"first": self.time(first), "last": self.time(last)}
        if len(notice.updates) > 1:
            message = _("Published %(first)s, not checked since %(last)s.")
            return self.format(message if is_stale else _("Published %(first)s, last update %(last)s."), **times)
        message = _("Published %(first)s, not checked since.") if is_stale else _("Published %(first)s.")
        return self.format(message, **times)

    def rumor(self, claim: Words | None, fact: Words | None) -> list[str]:
        """Return what a rumor says, and what is true."""
        _ = self.interface.gettext
        parts = [self.with_label(_("Not true"), self.as_sentence(claim))] if claim else []
        return [*parts, *([self.with_label(_("True"), self.as_sentence(fact))] if fact else [])]

    def open_channels(self, service: ServiceStatus) -> str:
        """Return which channels can be used."""
        channels = self.format_list(self.channel(channel.channel) for channel in service.usable_channels)
        return self.format(self.interface.gettext("What works: %(ways)s."), ways=channels)

    def _waiver_summary(self, waiver: WaiverStatus) -> str:
        """Return what is waived, and until when."""
        what = [self.as_sentence(waiver.waiver.what)] if waiver.waiver.what else []
        return self.join([*what, *self._waiver_time(waiver.waiver)])

    def sort_by_name(self, services: Iterable[ServiceStatus]) -> list[ServiceStatus]:
        """Return services from A to Z, ignoring accents and capital letters."""
        return sorted(services, key=lambda service: slugify(self.local_text(service.service.name).text))


def _is_only_published(incident: IncidentStatus) -> bool:
    """Return whether a post is a notice: there is no cause to be found, and its time runs out."""
    return incident.incident.kind is Kind.NOTICE and not incident.state.is_terminal
