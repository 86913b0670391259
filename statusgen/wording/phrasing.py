"""The facts of the Board as sentences, the same in every output; each is a message of the catalog."""

from collections.abc import Iterable
from functools import cached_property

from statusgen.board.model import (
    Board,
    Headline,
    IncidentStatus,
    Interval,
    Phase,
    Promise,
    ServiceStatus,
    StartTime,
    Transition,
    UpcomingDate,
    UpdateView,
    WaiverStatus,
    Window,
)
from statusgen.model import Channel, Estimate, Kind, State, Waiver, When
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
        """Return the front page's sentence in parts: what does not work, and what does."""
        facts, ngettext = board.headline, self.interface.ngettext
        parts = []
        if facts.day and facts.problem_count:
            parts.append(self.format(self.interface.gettext("Day %(day)s."), day=str(facts.day)))
        parts.append(self.problem_count(facts))
        if facts.maintenance_count:
            closed = ngettext(
                "%(number)s service is closed for planned work.",
                "%(number)s services are closed for planned work.",
                facts.maintenance_count,
            )
            parts.append(self.format(closed, number=str(facts.maintenance_count)))
        if facts.problem_count and facts.working_services:
            parts.append(self.working_services(board))
        return parts

    def working_services(self, board: Board) -> str:
        """Return which essential services work."""
        names = self.format_list(
            self.say(board.service_by_id[id].service.name) for id in board.headline.working_services
        )
        return self.format(self.interface.gettext("Working: %(services)s."), services=names)

    def problem_count(self, facts: Headline) -> str:
        """Return how many services do not work as usual."""
        _, ngettext = self.interface.gettext, self.interface.ngettext
        if not facts.problem_count:
            return _("No problems are reported.")
        message = ngettext(
            "%(number)s of %(total)s services is not working as usual.",
            "%(number)s of %(total)s services are not working as usual.",
            facts.problem_count,
        )
        return self.format(message, number=str(facts.problem_count), total=str(facts.service_count))

    def since(self, since: StartTime) -> str:
        """Return a phrase for when something began."""
        _ = self.interface.gettext
        if since.is_before:
            return self.since_before(since.when)
        return self.format(_("since %(time)s"), time=self.time(since.when))

    def since_before(self, when: When) -> str:
        """Return a phrase for what began before the first time that is known."""
        return self.format(self.interface.gettext("since before %(time)s"), time=self.time(when))

    def time_span(self, incident: IncidentStatus) -> str:
        """Return the time that an incident lasted, or when it began."""
        _ = self.interface.gettext
        started = self.time(incident.incident.started)
        if incident.ended and incident.ended.start < incident.incident.started.start:
            return ""  # planned work that was canceled before it began
        if incident.ended is None:
            return self.format(_("It began on %(time)s."), time=started)
        return self.format(_("From %(first)s to %(last)s."), first=started, last=self.time(incident.ended))

    def interval(self, interval: Interval) -> str:
        """Return the time during which a service had a status."""
        _ = self.interface.gettext
        if interval.since is None:
            return ""
        if interval.until is None:
            return self.since(interval.since)
        message = _("before %(first)s, until %(last)s") if interval.since.is_before else _("%(first)s to %(last)s")
        return self.format(message, first=self.time(interval.since.when), last=self.time(interval.until))

    def day_of_problem(self, day: int) -> str:
        """Return which day of a problem it is."""
        return self.format(self.interface.gettext("Day %(day)s of this problem."), day=str(day))

    def estimate(self, estimate: Estimate, late: bool = False) -> str:
        """Return when something is expected back, and on what basis; if that is `late` by now, when it was expected."""
        _ = self.interface.gettext
        parts = [self._expected_time(estimate, late)]
        if estimate.words:
            parts.append(self.format(_("What was said: %(words)s."), words=self.phrase(estimate.words)))
        if estimate.basis:
            parts.append(self.format(_("Based on: %(basis)s."), basis=self.phrase(estimate.basis)))
        return self.join(parts)

    def _expected_time(self, estimate: Estimate, late: bool) -> str:
        _ = self.interface.gettext
        first, last = estimate.not_before, estimate.by
        if late and last:
            return self.format(_("It was expected back by %(time)s. That time has passed."), time=self.time(last))
        if first and last:
            if first == last:
                return self.format(_("Expected back on %(time)s."), time=self.time(first))
            message = _("Expected back between %(first)s and %(last)s.")
            return self.format(message, first=self.time(first), last=self.time(last))
        if first:
            return self.format(_("Not expected back before %(time)s."), time=self.time(first))
        if last:
            return self.format(_("Expected back by %(time)s."), time=self.time(last))
        return _("It is not known when it will be back.")

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
        """Return what a service or channel changed from and to."""
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
        if view.is_recovery and not update.state.is_terminal:
            return self.format(_("Restored: %(services)s"), services=self._change_subjects(view, board))
        is_plain = update.state is State.UPDATE and not view.is_first and not view.is_reopening
        becomes = {change.after for change in view.transitions}
        if is_plain and len(becomes) == 1:
            return self.with_label(self.status(*becomes), self._change_subjects(view, board))
        waived = [waiver.what for waiver in view.waivers if waiver.what]
        if is_plain and waived and not view.transitions and not update.texts:
            return self.with_label(_("Waiver"), self.phrase(waived[0]))
        return self.update_title(view)

    def _change_subjects(self, view: UpdateView, board: Board) -> str:
        """Return what an update changed: the first three, and how many more."""
        names = [self.change_subject(change, board) for change in view.transitions]
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
        _ = self.interface.gettext
        parts = [self.format("%(status)s.", status=self.status(service.status))]
        if service.is_working:
            return [*parts, *(self.waiver(waiver.waiver) for waiver in service.waivers)]
        if service.since:
            since = self.format(
                _("%(status)s, %(since)s."), status=self.status(service.status), since=self.since(service.since)
            )
            parts = [since]
        parts += self.workaround_sentences(service)
        if service.unusable_channels and service.usable_channels:
            parts.append(self.open_channels(service))
        parts += [self._waiver_summary(waiver) for waiver in service.waivers if waiver.waiver.what]
        if service.estimate:
            parts.append(self._expected_time(service.estimate.estimate, service.is_estimate_late))
        if service.stale and service.confirmed_at:
            parts.append(self.format(_("Not checked since %(time)s."), time=self.time(service.confirmed_at)))
        return parts

    def workaround_sentences(self, service: ServiceStatus) -> list[str]:
        """Return what to do meanwhile and where to go instead; what is about one channel comes last, with its name."""
        for_all = [workaround for workaround in service.workarounds if workaround.channel is None]
        texts = [*(workaround.do for workaround in for_all), *(workaround.where for workaround in for_all)]
        parts = [self.as_sentence(words) for words in texts if words]
        names = {channel.channel.id: self.channel(channel.channel) for channel in service.channels}
        for workaround in service.workarounds:
            if workaround.channel in names:
                texts = [workaround.do, workaround.where]
                words = self.join(self.as_sentence(words) for words in texts if words)
                parts.append(self.with_label(names[workaround.channel], words))
        return parts

    def details(self, channel: Channel) -> tuple[Detail, ...]:
        """Return what residents read about a channel: where it is, when it is open, what to bring, and so on."""
        return channel_details(channel, self)

    def open_channels(self, service: ServiceStatus) -> str:
        """Return which channels can be used."""
        channels = self.format_list(self.channel(channel.channel) for channel in service.usable_channels)
        return self.format(self.interface.gettext("What works: %(ways)s."), ways=channels)

    def _waiver_summary(self, waiver: WaiverStatus) -> str:
        """Return what is waived, in short; for a waiver that has not begun, also when it will."""
        return self.as_sentence(waiver.waiver.what) if waiver.phase is Phase.OPEN else self.waiver(waiver.waiver)

    def sort_by_name(self, services: Iterable[ServiceStatus]) -> list[ServiceStatus]:
        """Return services from A to Z, ignoring accents and capital letters."""
        return sorted(services, key=lambda service: slugify(self.local_text(service.service.name).text))
