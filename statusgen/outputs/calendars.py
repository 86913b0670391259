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
from statusgen.files import File
from statusgen.languages.speech import Speech
from statusgen.model import Site, State, Words
from statusgen.status.agenda import Appointment, Occasion, agenda
from statusgen.status.standing import Advice, Board, Window
from statusgen.theme.look import Look

# How often a calendar program may look for news. Outlook asks for the old property, others for the one of RFC 7986.
_REFRESH = timedelta(hours=1)
# For a moment. Programs show an event without a length as an hour, or not at all.
_SHORT = timedelta(minutes=15)
_INSTANT = timedelta(microseconds=1)
# What a TEXT cannot carry (RFC 5545, section 3.1), or UTF-8 cannot; and what some programs take for the end of a line.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")


def files(board: Board, look: Look) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """The calendars of the site and of each service, in every language."""
    dates = agenda(board)
    for language in board.site.languages:
        writer = _Writer(board, language)
        events = [(appointment, writer.event(appointment)) for appointment in dates]
        yield writer.calendar("", board.site.title, [event for _, event in events])
        for standing in board.services:
            own = [event for appointment, event in events if standing.id in appointment.services]
            yield writer.calendar(addresses.service(standing.id), standing.service.name, own)


def event_id(appointment: Appointment, site: Site) -> str:
    """The UID of an event, the same in every language and every calendar."""
    parts = urlsplit(site.url)
    return f"{quote(appointment.id)}@{parts.hostname}{quote(parts.path.rstrip('/'))}"


class _Writer:
    """Writes calendars in one language."""

    def __init__(self, board: Board, language: str) -> None:
        self.board, self.site, self.language = board, board.site, language
        self.speech = Speech(board.site, language, plain=True)

    def calendar(self, of: str, name: Words, events: Iterable[Event]) -> File:
        """The calendar that belongs to the page `of`."""
        page = addresses.in_language(of, self.language, self.site)
        address = addresses.calendar(page)
        calendar = Calendar()
        calendar.add("prodid", f"-//statusgen//statusgen//{self.language.upper()}")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        # icalendar escapes what it knows; of other names it has to be told that they are text.
        for known in ("name", "x-wr-calname"):
            calendar.add(known, vText(self.title(name)))
        for known in ("description", "x-wr-caldesc"):
            calendar.add(known, vText(self.about()))
        calendar.add("url", addresses.absolute(page, self.site))
        calendar.add("source", addresses.absolute(address, self.site), parameters={"VALUE": "URI"})
        calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(_REFRESH))
        calendar.add("x-wr-timezone", self.site.zone.key)
        # A calendar without any component is none (RFC 5545, section 3.6).
        for component in (*events,) or (_no_more_than_utc(),):
            calendar.add_component(component)
        return File(address, calendar.to_ical())

    def title(self, name: Words) -> str:
        """The calendar's name; a service's calendar names the site as well."""
        title = _line(self.speech.say(self.site.title))
        return title if name is self.site.title else f"{_line(self.speech.say(name))} - {title}"

    def about(self) -> str:
        """What subscribers get, and what they must not take it for."""
        says = self.speech.interface.gettext("Planned work, deadlines, last days of waivers, and promised updates.")
        return _text(self.speech.join(filter(None, (self.speech.say(self.site.demonstration), says))))

    def event(self, appointment: Appointment) -> Event:
        """An event, which keeps nobody from another appointment."""
        page = addresses.in_language(addresses.incident(appointment.incident), self.language, self.site)
        url = addresses.absolute(page, self.site)
        start, end = _span(appointment, self.site)
        event = Event()
        event.add("uid", event_id(appointment, self.site))
        event.add("sequence", appointment.revision)
        # Without a METHOD, DTSTAMP is the time of the last change (section 3.8.7.2).
        event.add("dtstamp", appointment.changed.start)
        event.add("last-modified", appointment.changed.start)
        event.add("created", appointment.said.start)
        event.add("dtstart", start)
        event.add("dtend", end)
        event.add("summary", _line(self.summary(appointment)))
        event.add("description", _text("\n".join([*self.description(appointment), url])))
        event.add("url", url)
        event.add("categories", [self.word(appointment.occasion)])
        places = dict.fromkeys(_line(self.speech.say(advice.where)) for advice in appointment.advice if advice.where)
        if places:
            event.add("location", "; ".join(places))
        event.add("status", "CANCELLED" if appointment.cancelled else "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        return event

    def word(self, occasion: Occasion) -> str:
        """What kind of date it is."""
        _ = self.speech.interface.gettext
        return {
            Occasion.WORK: _("Planned work"),
            Occasion.DEADLINE: _("Date to know"),
            Occasion.WAIVER: _("Waiver"),
            Occasion.PROMISE: _("Next update"),
        }[occasion]

    def summary(self, appointment: Appointment) -> str:
        """A date in one line, what it is first: "Planned work: Meter readings stop"."""
        said = self.speech
        what = said.phrase(appointment.what or self.board.incident[appointment.incident].incident.title)
        if appointment.occasion is Occasion.WAIVER:
            line = said.sentence(said.interface.gettext("Last day of this waiver: %(what)s."), what=what)
        else:
            line = said.headed(self.word(appointment.occasion), what)
        if not appointment.cancelled:
            return line
        withdrawn = self.board.incident[appointment.incident].state is State.WITHDRAWN
        return said.headed(said.state(State.WITHDRAWN if withdrawn else State.CANCELLED), line)

    def description(self, appointment: Appointment) -> Iterator[str]:
        """When it is on the city's clocks, what it is about, which services it concerns, and what to do."""
        said, _ = self.speech, self.speech.interface.gettext
        if self.site.demonstration:
            yield said.say(self.site.demonstration)
        yield self.time(appointment)
        if appointment.occasion is not Occasion.WORK:
            yield said.whole(self.board.incident[appointment.incident].incident.title)
        names = [said.say(s.service.name) for s in self.board.services if s.id in appointment.services]
        if names:
            yield said.sentence(_("Services: %(services)s."), services=said.listed(names))
        yield from (self.advice(advice) for advice in appointment.advice if advice.do or advice.where)

    def time(self, appointment: Appointment) -> str:
        """When it is, with the year and the zone."""
        said, _ = self.speech, self.speech.interface.gettext
        if appointment.occasion is Occasion.WORK:
            return said.window(Window(appointment.start, None if appointment.open_end else appointment.end))
        if appointment.waiver:
            return said.waiver(appointment.waiver)
        time = said.time(appointment.start)
        if appointment.occasion is Occasion.PROMISE:
            return said.sentence(_("Next update by %(time)s."), time=time)
        return said.headed(time, said.whole(appointment.what)) if appointment.what else time

    def advice(self, advice: Advice) -> str:
        """What to do about one service."""
        words = self.speech.join(self.speech.whole(words) for words in (advice.do, advice.where) if words)
        name = self.speech.say(self.board.service[advice.service].service.name)
        return self.speech.headed(name, words)


def _span(appointment: Appointment, site: Site) -> tuple[date | datetime, date | datetime]:
    """DTSTART and DTEND, the first moment or day after it: in days where the hour of the beginning is not known."""
    start = appointment.start.start
    if appointment.start.whole_day:
        return site.local_day(start), site.local_day(appointment.over - _INSTANT) + timedelta(days=1)
    return start, appointment.over if appointment.over > start else start + _SHORT


@cache
def _no_more_than_utc() -> Timezone:
    """The one table of time zones that says nothing which the times do not say; it takes the library long to make."""
    zone = Timezone.from_tzid("UTC", first_date=date(1970, 1, 1), last_date=date(1970, 1, 2))
    zone.pop("COMMENT")  # which says that it holds for those two days only
    return zone


def _line(text: str) -> str:
    """The text in one line."""
    return " ".join(_text(text).split())


def _text(text: str) -> str:
    """The text without characters that would break the format."""
    return _NOT_TEXT.sub("", _LINE_END.sub("\n", text))
