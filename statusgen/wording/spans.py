"""Since when, until when, and from when to when."""

from datetime import timedelta

from statusgen.board.model.dates import Window
from statusgen.board.model.spans import Interval, StartTime, Word
from statusgen.board.model.whole_board import Board
from statusgen.history import Stretch
from statusgen.model.posts import Incident
from statusgen.model.reports import ServiceReport
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.wording.vocabulary import Vocabulary


class SpanPhrasing(Vocabulary):
    """Says since when something is so, and when it was."""

    def since(self, since: StartTime) -> str:
        """Return a phrase for when something began."""
        _ = self.interface.gettext
        if since.is_before:
            return self.since_before(since.when)
        if since.is_report:
            return self.format(_("reported %(time)s"), time=self.time(since.when))
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

    def interval(self, interval: Interval) -> str:
        """Return the time during which a service had a status."""
        _ = self.interface.gettext
        if interval.since is None:
            return ""
        if interval.until is None:
            # What is not known has no beginning, unless somebody said since when it is so.
            is_said = interval.since.is_report or interval.since.when in interval.said
            if interval.status in (Status.UNKNOWN, Status.WORKING) and is_said:
                return self.format(_("said %(time)s"), time=self.time(interval.since.when))
            return self.since(interval.since)
        first, last = interval.since.when, self.last_time(interval) or interval.until
        if interval.since.is_before:
            return self.format(_("before %(first)s, until %(last)s"), first=self.time(first), last=self.time(last))
        return self.span(first, last)

    def span(self, first: When, last: When) -> str:
        """Return from when to when, without saying twice what both share: "June 8 to 12"."""
        return self._span(first, last, self.interface.gettext("%(first)s to %(last)s"))

    def span_sentence(self, first: When, last: When) -> str:
        """Return from when to when as a sentence: "From June 8 to 12." """
        ends, _ = self.times.ends(first, last), self.interface.gettext
        if not ends.day and ends.first != ends.last:
            return self._span(first, last, _("From %(first)s to %(last)s."))
        words = self.span(first, last)
        return self.format("%(span)s.", span=words[:1].upper() + words[1:])

    def _span(self, first: When, last: When, message: str) -> str:
        ends, _ = self.times.ends(first, last), self.interface.gettext
        if not ends.day and ends.first == ends.last:
            return self.bare_month(first) if first.is_whole_month else self.time(first)
        begin, end = self.mark_time(first, ends.first), self.mark_time(last, ends.last)
        if ends.day:
            return self.format(_("%(day)s, %(first)s to %(last)s"), day=ends.day, first=begin, last=end)
        return self.format(message, first=begin, last=end)

    def last_time(self, interval: Interval | Word) -> When | None:
        """Return when a status ended; of a day that was named as the last, the clock ended it the day after."""
        until = interval.until
        if until is None or interval.closed_by or not until.is_whole_day:
            return until
        return When.day(self.site.local_day(until.start) - timedelta(days=1), self.site.zone)

    def stretch(self, stretch: Stretch) -> str:
        """Return from when to when something stood so: exactly, unless only some days of it were checked."""
        if stretch.is_whole:
            return self.interval(stretch.interval)
        return self.span(When.day(stretch.first, self.site.zone), When.day(stretch.last, self.site.zone))

    def window(self, window: Window) -> str:
        """Return the time of planned work."""
        _ = self.interface.gettext
        if window.end is None:
            return self.format(_("From %(first)s until further notice."), first=self.time(window.start))
        return self.span_sentence(window.start, window.end)

    def clocks(self, board: Board) -> str:
        """Return which clocks all times go by."""
        return self.format(self.interface.gettext("All times are %(zone)s."), zone=self.times.clocks(board.moment))

    def period(self, first: When | None, last: When | None) -> list[str]:
        """Return the sentence that says from when and until when something is so, as far as that was said."""
        _ = self.interface.gettext
        if first and last:
            return [self.window(Window(first, last))]
        if first:
            return [self.format(_("From %(first)s."), first=self.time(first))]
        return [self.end_sentence(self.format(_("Until %(time)s"), time=self.time(last)))] if last else []

    def planned_work(self, window: Window) -> str:
        """Return until when planned work goes on."""
        _ = self.interface.gettext
        if window.end is None:
            return _("Planned work until further notice.")
        return self.format(_("Planned work until %(time)s."), time=self.time(window.end))

    def day_of_problem(self, day: int) -> str:
        """Return which day of a problem it is."""
        return self.format(self.interface.gettext("Day %(day)s of this problem."), day=str(day))
