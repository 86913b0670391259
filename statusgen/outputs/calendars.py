"""Calendars to subscribe to (iCalendar, RFC 5545 and RFC 7986) through icalendar: one for the site, one a service.

Calendar programs take the whole file again from time to time and know each event by its UID. An event that was moved
or called off keeps its UID and has a higher SEQUENCE, so that it moves or goes wherever it was read before. Nothing
depends on the moment of the build but which of the dates are a year old.

Times are in UTC: each event takes place once, so no rule has to be followed across a change of the clocks, and every
program shows them on its reader's clocks without a table of time zones. Work that repeats is one event each time and
not an RRULE: an update may move what is still to come, and no rule could say that of what has been.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from urllib.parse import quote, urlsplit

from icalendar import Calendar, Event, Timezone, vDuration, vText

from statusgen import addresses
from statusgen.board.calendar_dates import CalendarDate, DateKind, calendar_dates
from statusgen.board.model import Board, Window, Workaround
from statusgen.files import File
from statusgen.model import Site, State, Words
from statusgen.theme.renderer import Renderer
from statusgen.wording.phrasing import Phrasing

# How often a calendar program may look for news. Outlook asks for the old property, others for the one of RFC 7986.
_REFRESH_INTERVAL = timedelta(hours=1)
# For a moment. Programs show an event without a length as an hour, or not at all.
_MIN_EVENT_LENGTH = timedelta(minutes=15)
_ONE_MICROSECOND = timedelta(microseconds=1)
# What a TEXT cannot carry (RFC 5545, section 3.1), or UTF-8 cannot; and what some programs take for the end of a line.
_FORBIDDEN_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")


def files(board: Board, renderer: Renderer) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """The calendars of the site and of each service, in every language."""
    dates = calendar_dates(board)
    for language in board.site.languages:
        writer = _CalendarWriter(board, language)
        events = [(appointment, writer.event(appointment)) for appointment in dates]
        yield writer.calendar("", board.site.title, [event for _, event in events])
        for service in board.services:
            own = [event for appointment, event in events if service.id in appointment.services]
            yield writer.calendar(addresses.service(service.id), service.service.name, own)


def event_id(appointment: CalendarDate, site: Site) -> str:
    """The UID of an event, the same in every language and every calendar."""
    parts = urlsplit(site.url)
    return f"{quote(appointment.id)}@{parts.hostname}{quote(parts.path.rstrip('/'))}"


class _CalendarWriter:
    """Writes calendars in one language."""

    def __init__(self, board: Board, language: str) -> None:
        self.board, self.site, self.language = board, board.site, language
        self.phrasing = Phrasing(board.site, language, plain=True)

    def calendar(self, page_address: str, name: Words, events: Iterable[Event]) -> File:
        """The calendar that belongs to the page `of`."""
        page = addresses.in_language(page_address, self.language, self.site)
        address = addresses.calendar(page)
        calendar = Calendar()
        calendar.add("prodid", f"-//statusgen//statusgen//{self.language.upper()}")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        # icalendar escapes what it knows; of other names it has to be told that they are text.
        for known in ("name", "x-wr-calname"):
            calendar.add(known, vText(self.calendar_title(name)))
        for known in ("description", "x-wr-caldesc"):
            calendar.add(known, vText(self.calendar_description()))
        calendar.add("url", addresses.absolute_url(page, self.site))
        calendar.add("source", addresses.absolute_url(address, self.site), parameters={"VALUE": "URI"})
        calendar.add("refresh-interval", _REFRESH_INTERVAL, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(_REFRESH_INTERVAL))
        calendar.add("x-wr-timezone", self.site.zone.key)
        # A calendar without any component is none (RFC 5545, section 3.6).
        for component in (*events,) or (_utc_timezone(),):
            calendar.add_component(component)
        return File(address, calendar.to_ical())

    def calendar_title(self, name: Words) -> str:
        """The calendar's name; a service's calendar names the site as well."""
        title = _one_line(self.phrasing.say(self.site.title))
        return title if name is self.site.title else f"{_one_line(self.phrasing.say(name))} - {title}"

    def calendar_description(self) -> str:
        """What subscribers get, and what they must not take it for."""
        text = self.phrasing.interface.gettext("Planned work, deadlines, last days of waivers, and promised updates.")
        return _clean_text(self.phrasing.join(filter(None, (self.phrasing.say(self.site.demonstration), text))))

    def event(self, appointment: CalendarDate) -> Event:
        """An event, which keeps nobody from another appointment."""
        page = addresses.in_language(addresses.incident(appointment.incident), self.language, self.site)
        url = addresses.absolute_url(page, self.site)
        start, end = _event_span(appointment, self.site)
        event = Event()
        event.add("uid", event_id(appointment, self.site))
        event.add("sequence", appointment.revision)
        # Without a METHOD, DTSTAMP is the time of the last change (section 3.8.7.2).
        event.add("dtstamp", appointment.changed_at.start)
        event.add("last-modified", appointment.changed_at.start)
        event.add("created", appointment.announced_at.start)
        event.add("dtstart", start)
        event.add("dtend", end)
        event.add("summary", _one_line(self.summary(appointment)))
        event.add("description", _clean_text("\n".join([*self.description(appointment), url])))
        event.add("url", url)
        event.add("categories", [self.occasion_name(appointment.kind)])
        places = dict.fromkeys(
            _one_line(self.phrasing.say(advice.where)) for advice in appointment.workarounds if advice.where
        )
        if places:
            event.add("location", "; ".join(places))
        event.add("status", "CANCELLED" if appointment.cancelled else "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        return event

    def occasion_name(self, occasion: DateKind) -> str:
        """What kind of date it is."""
        _ = self.phrasing.interface.gettext
        return {
            DateKind.WORK: _("Planned work"),
            DateKind.DEADLINE: _("Date to know"),
            DateKind.WAIVER: _("Waiver"),
            DateKind.PROMISE: _("Next update"),
        }[occasion]

    def summary(self, appointment: CalendarDate) -> str:
        """A date in one line, what it is first: "Planned work: Meter readings stop"."""
        phrasing = self.phrasing
        what = phrasing.phrase(appointment.what or self.board.incident_by_id[appointment.incident].incident.title)
        if appointment.kind is DateKind.WAIVER:
            line = phrasing.format(phrasing.interface.gettext("Last day of this waiver: %(what)s."), what=what)
        else:
            line = phrasing.with_label(self.occasion_name(appointment.kind), what)
        if not appointment.cancelled:
            return line
        withdrawn = self.board.incident_by_id[appointment.incident].state is State.WITHDRAWN
        return phrasing.with_label(phrasing.state(State.WITHDRAWN if withdrawn else State.CANCELLED), line)

    def description(self, appointment: CalendarDate) -> Iterator[str]:
        """When it is on the city's clocks, what it is about, which services it concerns, and what to do."""
        phrasing, _ = self.phrasing, self.phrasing.interface.gettext
        if self.site.demonstration:
            yield phrasing.say(self.site.demonstration)
        yield self.time(appointment)
        if appointment.kind is not DateKind.WORK:
            yield phrasing.as_sentence(self.board.incident_by_id[appointment.incident].incident.title)
        names = [phrasing.say(s.service.name) for s in self.board.services if s.id in appointment.services]
        if names:
            yield phrasing.format(_("Services: %(services)s."), services=phrasing.format_list(names))
        yield from (self.advice(advice) for advice in appointment.workarounds if advice.do or advice.where)

    def time(self, appointment: CalendarDate) -> str:
        """When it is, with the year and the zone."""
        phrasing, _ = self.phrasing, self.phrasing.interface.gettext
        if appointment.kind is DateKind.WORK:
            return phrasing.window(Window(appointment.start, None if appointment.is_open_ended else appointment.end))
        if appointment.waiver:
            return phrasing.waiver(appointment.waiver)
        time = phrasing.time(appointment.start)
        if appointment.kind is DateKind.PROMISE:
            return phrasing.format(_("Next update by %(time)s."), time=time)
        return phrasing.with_label(time, phrasing.as_sentence(appointment.what)) if appointment.what else time

    def advice(self, advice: Workaround) -> str:
        """What to do about one service."""
        words = self.phrasing.join(self.phrasing.as_sentence(words) for words in (advice.do, advice.where) if words)
        name = self.phrasing.say(self.board.service_by_id[advice.service].service.name)
        return self.phrasing.with_label(name, words)


def _event_span(appointment: CalendarDate, site: Site) -> tuple[date | datetime, date | datetime]:
    """DTSTART and DTEND, the first moment or day after it: in days where the hour of the beginning is not known."""
    start = appointment.start.start
    if appointment.start.is_whole_day:
        return site.local_day(start), site.local_day(appointment.over_at - _ONE_MICROSECOND) + timedelta(days=1)
    return start, appointment.over_at if appointment.over_at > start else start + _MIN_EVENT_LENGTH


@cache
def _utc_timezone() -> Timezone:
    """The one table of time zones that says nothing which the times do not say; it takes the library long to make."""
    zone = Timezone.from_tzid("UTC", first_date=date(1970, 1, 1), last_date=date(1970, 1, 2))
    zone.pop("COMMENT")  # which says that it holds for those two days only
    return zone


def _one_line(text: str) -> str:
    """The text in one line."""
    return " ".join(_clean_text(text).split())


def _clean_text(text: str) -> str:
    """The text without characters that would break the format."""
    return _FORBIDDEN_CHARACTERS.sub("", _LINE_END.sub("\n", text))
