"""Calendars to subscribe to (iCalendar, RFC 5545 and RFC 7986) through icalendar: one for the site, one per service.

Calendar programs fetch the whole file again from time to time and recognize each event by its UID. An event that was
moved or called off keeps its UID and gets a higher SEQUENCE, so that it moves or disappears wherever it was read
before. Nothing depends on the moment of the build except which of the dates are older than a year.

Times are in UTC: each event takes place once, so no rule has to be followed across clock changes, and every program
shows them in its reader's time without a table of time zones. Repeated work is one event each time and not an RRULE: an
update may move what is still to come, and no rule could say that about what has passed.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from urllib.parse import quote, urlsplit

from icalendar import Calendar, Event, Timezone, vDuration, vText

from statusgen import addresses
from statusgen.board.calendar_dates import CalendarDate, DateKind, calendar_dates
from statusgen.board.model.advice import Workaround
from statusgen.board.model.dates import Window
from statusgen.board.model.whole_board import Board
from statusgen.files import File
from statusgen.model.states import State
from statusgen.model.whole_site import Site
from statusgen.model.words import Words
from statusgen.theme.renderer import Renderer
from statusgen.wording.phrasing import Phrasing

# How often calendar programs should look for changes. Outlook reads the old property, others that of RFC 7986.
_REFRESH_INTERVAL = timedelta(hours=1)
# The length of an event that is a moment: programs show one without a length as an hour, or not at all.
_MIN_EVENT_LENGTH = timedelta(minutes=15)
_ONE_MICROSECOND = timedelta(microseconds=1)
# Characters that a TEXT (RFC 5545, section 3.1) or UTF-8 cannot contain, and those that some programs take for the
# end of a line.
_FORBIDDEN_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")


def files(board: Board, renderer: Renderer) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """Yield the calendars of the site and of each service, in every language."""
    dates = calendar_dates(board)
    for language in board.site.languages:
        writer = _CalendarWriter(board, language)
        events = [(entry, writer.event(entry)) for entry in dates]
        yield writer.calendar("", board.site.title, [event for _, event in events])
        for service in board.services:
            own = [event for entry, event in events if service.id in entry.services]
            yield writer.calendar(addresses.service(service.id), service.service.name, own)


def event_id(entry: CalendarDate, site: Site) -> str:
    """Return the UID of an event, the same in every language and every calendar."""
    parts = urlsplit(site.url)
    return f"{quote(entry.id)}@{parts.hostname}{quote(parts.path.rstrip('/'))}"


class _CalendarWriter:
    """Writes calendars in one language."""

    def __init__(self, board: Board, language: str) -> None:
        self.board, self.site, self.language = board, board.site, language
        self.phrasing = Phrasing(board.site, language, plain=True)

    def calendar(self, page_address: str, name: Words, events: Iterable[Event]) -> File:
        """Return the calendar that belongs to the page at `page_address`."""
        page = addresses.in_language(page_address, self.language, self.site)
        address = addresses.calendar(page)
        calendar = Calendar()
        calendar.add("prodid", f"-//statusgen//statusgen//{self.language.upper()}")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        # icalendar escapes the properties that it knows; of others, it has to be told that they are text.
        for known in ("name", "x-wr-calname"):
            calendar.add(known, vText(self.calendar_title(name)))
        for known in ("description", "x-wr-caldesc"):
            calendar.add(known, vText(self.calendar_description()))
        calendar.add("url", addresses.absolute_url(page, self.site))
        calendar.add("source", addresses.absolute_url(address, self.site), parameters={"VALUE": "URI"})
        calendar.add("refresh-interval", _REFRESH_INTERVAL, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(_REFRESH_INTERVAL))
        calendar.add("x-wr-timezone", self.site.zone.key)
        # A calendar must have at least one component (RFC 5545, section 3.6).
        for component in (*events,) or (_utc_timezone(),):
            calendar.add_component(component)
        return File(address, calendar.to_ical())

    def calendar_title(self, name: Words) -> str:
        """Return the calendar's name; a service's calendar names the site as well."""
        title = _one_line(self.phrasing.say(self.site.title))
        return title if name is self.site.title else f"{_one_line(self.phrasing.say(name))} - {title}"

    def calendar_description(self) -> str:
        """Return what subscribers get, and that it is a demonstration if it is one."""
        text = self.phrasing.interface.gettext("Planned work, deadlines, last days of waivers, and promised updates.")
        return _clean_text(self.phrasing.join(filter(None, (self.phrasing.say(self.site.demonstration), text))))

    def event(self, entry: CalendarDate) -> Event:
        """Return an event that does not show its reader as busy."""
        page = addresses.in_language(addresses.incident(entry.incident), self.language, self.site)
        url = addresses.absolute_url(page, self.site)
        start, end = _event_span(entry, self.site)
        event = Event()
        event.add("uid", event_id(entry, self.site))
        event.add("sequence", entry.revision)
        # Without a METHOD, DTSTAMP is the time of the last change (section 3.8.7.2).
        event.add("dtstamp", entry.changed_at.start)
        event.add("last-modified", entry.changed_at.start)
        event.add("created", entry.announced_at.start)
        event.add("dtstart", start)
        event.add("dtend", end)
        event.add("summary", _one_line(self.summary(entry)))
        event.add("description", _clean_text("\n".join([*self.description(entry), url])))
        event.add("url", url)
        event.add("categories", [self.kind_name(entry.kind)])
        places = dict.fromkeys(
            _one_line(self.phrasing.say(each.where.words)) for each in entry.workarounds if each.where
        )
        if places:
            event.add("location", "; ".join(places))
        event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        return event

    def kind_name(self, kind: DateKind) -> str:
        """Return what kind of date it is."""
        _ = self.phrasing.interface.gettext
        return {
            DateKind.WORK: _("Planned work"),
            DateKind.DEADLINE: _("Important date"),
            DateKind.WAIVER: _("Waiver"),
            DateKind.PROMISE: _("Next update"),
        }[kind]

    def summary(self, entry: CalendarDate) -> str:
        """Return a date in one line, its kind first: "Planned work: Meter readings stop"."""
        phrasing = self.phrasing
        what = phrasing.phrase(entry.what or self.board.incident_by_id[entry.incident].incident.title)
        if entry.kind is DateKind.WAIVER:
            line = phrasing.format(phrasing.interface.gettext("Last day of this waiver: %(what)s."), what=what)
        else:
            line = phrasing.with_label(self.kind_name(entry.kind), what)
        if not entry.cancelled:
            return line
        is_withdrawn = self.board.incident_by_id[entry.incident].state is State.WITHDRAWN
        return phrasing.with_label(phrasing.state(State.WITHDRAWN if is_withdrawn else State.CANCELLED), line)

    def description(self, entry: CalendarDate) -> Iterator[str]:
        """Yield when it is on the city's clocks, what it is about, which services it concerns, and what to do."""
        phrasing, _ = self.phrasing, self.phrasing.interface.gettext
        if self.site.demonstration:
            yield phrasing.say(self.site.demonstration)
        yield self.time(entry)
        if entry.kind is not DateKind.WORK:
            yield phrasing.as_sentence(self.board.incident_by_id[entry.incident].incident.title)
        names = [phrasing.say(s.service.name) for s in self.board.services if s.id in entry.services]
        if names:
            yield phrasing.format(_("Services: %(services)s."), services=phrasing.format_list(names))
        yield from (self.workaround(each) for each in entry.workarounds if each.do or each.where)

    def time(self, entry: CalendarDate) -> str:
        """Return when it is, with the year and the zone."""
        phrasing, _ = self.phrasing, self.phrasing.interface.gettext
        if entry.kind is DateKind.WORK:
            return phrasing.window(Window(entry.start, None if entry.is_open_ended else entry.end))
        if entry.waiver:
            return phrasing.waiver(entry.waiver)
        time = phrasing.time(entry.start)
        if entry.kind is DateKind.PROMISE:
            return phrasing.format(_("Next update by %(time)s."), time=time)
        return phrasing.with_label(time, phrasing.as_sentence(entry.what)) if entry.what else time

    def workaround(self, workaround: Workaround) -> str:
        """Return what to do about one service, or one way to use it, and when that was said.

        Pages give its date once there is a later word. An entry is read in a calendar long after it was fetched, when
        nobody can tell whether there is, so it always has the date.
        """
        texts = (self.phrasing.dated_advice(advice) for advice in (workaround.do, workaround.where) if advice)
        service, phrasing = self.board.service_by_id[workaround.service], self.phrasing
        name = phrasing.say(service.service.name)
        way = next((each.channel for each in service.channels if each.channel.id == workaround.channel), None)
        if way:
            name = phrasing.format("%(service)s (%(channel)s)", service=name, channel=phrasing.channel(way))
        return phrasing.with_label(name, phrasing.join(texts))


def _event_span(entry: CalendarDate, site: Site) -> tuple[date | datetime, date | datetime]:
    """Return DTSTART and DTEND (the first moment or day after it): days if the time of the beginning is unknown."""
    start = entry.start.start
    if entry.start.is_whole_day:
        return site.local_day(start), site.local_day(entry.over_at - _ONE_MICROSECOND) + timedelta(days=1)
    return start, entry.over_at if entry.over_at > start else start + _MIN_EVENT_LENGTH


@cache
def _utc_timezone() -> Timezone:
    """Return a table of time zones that adds nothing to the times; the library takes long to make one."""
    zone = Timezone.from_tzid("UTC", first_date=date(1970, 1, 1), last_date=date(1970, 1, 2))
    zone.pop("COMMENT")  # it would say that the table is valid for those two days only
    return zone


def _one_line(text: str) -> str:
    """Return the text in one line."""
    return " ".join(_clean_text(text).split())


def _clean_text(text: str) -> str:
    """Return the text without characters that would break the format."""
    return _FORBIDDEN_CHARACTERS.sub("", _LINE_END.sub("\n", text))
