"""How far an incident, planned work or a notice has come, and how long it lasted."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Literal

from babel.dates import format_timedelta

from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.spans import Phase
from statusgen.model.states import Kind
from statusgen.model.times import When
from statusgen.model.words import Words
from statusgen.wording.spans import SpanPhrasing

_Unit = Literal["day", "hour", "minute"]
_DAY, _DAYS_WITH_HOURS = timedelta(days=1), timedelta(days=3)
_UNITS: Mapping[_Unit, timedelta] = {"day": _DAY, "hour": timedelta(hours=1), "minute": timedelta(minutes=1)}


class IncidentPhrasing(SpanPhrasing):
    """Says how far a post has come, and when that was."""

    def time_span(self, incident: IncidentStatus) -> str:
        """Return the time that an incident lasted, or when it began; for a notice, when it was published."""
        _ = self.interface.gettext
        started = incident.incident.started
        if incident.ended and incident.ended.start < started.start:
            return ""  # planned work that was canceled before it began
        if incident.ended is None:
            if incident.incident.kind is Kind.NOTICE:
                return self.format(_("Published %(time)s."), time=self.time(incident.updates[0].time))
            if incident.incident.is_started_before:
                return self.format(_("It began before %(time)s."), time=self.time(started))
            return self.format(_("It began on %(time)s."), time=self.time(started))
        if incident.incident.is_started_before:
            return self.end_sentence(self.format(_("Until %(time)s"), time=self.time(incident.ended)))
        return self.span_sentence(started, incident.ended)

    def state_line(self, incident: IncidentStatus) -> str:
        """Return how far an incident has come, if that was said, and since when; a notice has no cause to be found."""
        span = self.time_span(incident)
        if _is_only_published(incident) or not incident.is_state_said:
            return span
        return self.join([self.format("%(state)s.", state=self.state(incident.state)), *([span] if span else [])])

    def how_long(self, incident: IncidentStatus) -> str:
        """Return the days of an incident or planned work, for a list; for a notice, when it was published."""
        if incident.incident.kind is Kind.NOTICE:
            return self.time(self._day_of(incident.updates[0].time))
        # Of repeated work that is over, the last window alone would be too little.
        is_series = incident.incident.repeats and incident.phase is Phase.PAST
        window = None if is_series else incident.announced_window
        started, ended = (window.start, window.end) if window else (incident.incident.started, incident.ended)
        if incident.incident.is_started_before:
            return self._how_long_before(started, ended)
        first = self._day_of(started)
        if not ended and incident.phase is Phase.OPEN:
            return self.format(self.interface.gettext("%(first)s, goes on"), first=self.time(first))
        last = self._day_of(ended) if ended else first
        return self.span(first, last) if first.start < last.start else self.time(first)

    def _how_long_before(self, started: When, ended: When | None) -> str:
        """Return the days of what began at an unknown time before the first that is known."""
        message = self.interface.gettext("before %(first)s, until %(last)s")
        words = (
            self.format(message, first=self.time(started), last=self.time(self._day_of(ended)))
            if ended
            else self.since_before(started)
        )
        return words[:1].upper() + words[1:]

    def _day_of(self, when: When) -> When:
        return when if when.is_whole_month else When.day(self.site.local_day(when.start), self.site.zone)

    def length(self, incident: IncidentStatus) -> str:
        """Return how long an incident took: in days, with hours if they are one or two; or in hours and minutes.

        Nothing if nobody said it. Of days without hours, the first and the last count too.
        """
        started, ended = incident.incident.started, incident.ended
        if incident.incident.kind is not Kind.INCIDENT or ended is None or not incident.incident.is_start_known:
            return ""
        taken = ended.start - started.start
        is_exact = not (started.is_whole_day or ended.is_whole_day)
        if taken < _DAY:
            return self._add_up(taken, ("hour", "minute")) if is_exact and taken > timedelta(0) else ""
        hours = timedelta(hours=round(taken / timedelta(hours=1)))
        if is_exact and hours < _DAYS_WITH_HOURS:
            return self._add_up(hours, ("day", "hour"))
        days = round(taken / _DAY) if is_exact else self.site.day_number(started, ended.start)
        return self.format(self.interface.ngettext("%(days)s day", "%(days)s days", days), days=str(days))

    def _add_up(self, length: timedelta, units: Sequence[_Unit]) -> str:
        """Return a length in these units, from the largest: "1 day 8 hours"."""
        parts = []
        for unit in units:
            whole, length = length // _UNITS[unit] * _UNITS[unit], length % _UNITS[unit]
            if whole:
                words = format_timedelta(whole, granularity=unit, threshold=10_000, locale=self.interface.locale)
                parts.append(words)
        return " ".join(parts)

    def count_incidents(self, number: int) -> str:
        """Return how many incidents there were."""
        message = self.interface.ngettext("%(number)s incident", "%(number)s incidents", number)
        return self.format(message, number=str(number)) if number else self.interface.gettext("Nothing reported")

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

    def dated_list(self, heading: str, incident: IncidentStatus, name: str) -> str:
        """Return the heading of a list, such as what is known, with its date if a later update left it as it was."""
        said_at = dict(incident.list_times).get(name)
        if said_at is None or said_at.start >= incident.last_update.time.start:
            return heading
        return self.with_time_said(heading, said_at)


def _is_only_published(incident: IncidentStatus) -> bool:
    """Return whether a post is a notice: there is no cause to be found, and its time runs out."""
    return incident.incident.kind is Kind.NOTICE and not incident.state.is_terminal
