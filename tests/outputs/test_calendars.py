"""The calendars: complete, readable by other programs, and moved in them when a date is moved."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.board.board import make_board
from statusgen.board.calendar_dates import calendar_dates
from statusgen.board.model.whole_board import Board
from statusgen.model.whole_site import Site
from statusgen.model.words import Words
from statusgen.outputs import calendars
from statusgen.theme.renderer import Renderer
from tests.support.checkers import run_node
from tests.support.generated_sites import Case, sites
from tests.support.paths import SITES
from tests.support.sample_sites import KANSAS_CITY, NEW_ORLEANS, City, make_city

IN_THE_THICK_OF_IT = "2024-05-18"
SERVICES = """\
  - {id: permits, name: Permits}
  - {id: records, name: Records}
"""
WORK = """\
---
title: New computers
kind: maintenance
posted: 2024-05-01 12:00
starts: 2024-05-12 08:00
ends: 2024-05-12 12:00
services: {permits: {status: maintenance, do: Come on Monday., where: City Hall}}
---
Text.
"""
OUTAGE = """\
---
title: The network is down
started: 2024-05-01 12:00
services: {permits: down}
next_update: 2024-05-01 18:00
waivers: [{id: fees, services: [permits], what: No late fees, until: 2024-05-31}]
deadlines: [{id: court, on: 2024-05-20 09:00, what: Go to court, services: [records]}]
---
Text.
"""
MOVED = "\n## 2024-05-10 12:00 Update\nstarts: 2024-05-19 08:00\nends: 2024-05-19 12:00\n\nLater.\n"
CANCELLED = "\n## 2024-05-10 12:00 Cancelled\n\nNot now.\n"


def calendar_files(now: Board) -> Mapping[str, bytes]:
    return {file.path: file.content for file in calendars.files(now, Renderer(Path()))}


def calendar(city: City, at: str, path: str = "calendar.ics") -> bytes:
    return calendar_files(city.board(at))[path]


def parse_calendar(content: bytes) -> Any:
    """Parse a calendar, in which nothing may be wrong."""
    calendar = icalendar.Calendar.from_ical(content)
    assert [component.errors for component in calendar.walk() if component.errors] == []
    return calendar


def events(content: bytes) -> list[Any]:
    return [*parse_calendar(content).events]


def event(content: bytes, summary: str) -> Any:
    (found,) = [event for event in events(content) if event["SUMMARY"] == summary]
    return found


def names(content: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in events(content)]


@cache
def sample_calendars() -> Mapping[str, bytes]:
    """Return every calendar of every sample site, two days before its last word."""
    found: dict[str, bytes] = {}
    for city in (KANSAS_CITY, *map(City, sorted(SITES.iterdir()))):
        last = city.site.last_update_at
        assert last
        files = calendar_files(make_board(city.site, last - timedelta(days=2)))
        found |= {f"{city.folder.name}/{path}": content for path, content in files.items()}
    return found


# What there is, and where.


def test_the_site_and_every_service_have_one_in_every_language() -> None:
    pages = ["", *(f"services/{service.id}/" for service in KANSAS_CITY.site.services)]
    expected = {f"{edition}{page}calendar.ics" for edition in ("", "es/") for page in pages}
    files = KANSAS_CITY.files(IN_THE_THICK_OF_IT)
    assert {path for path in files if path.endswith(".ics")} == expected


@pytest.mark.parametrize("path", ["planned/index.html", "services/water-bill/index.html", "es/planned/index.html"])
def test_pages_link_to_their_calendar(path: str) -> None:
    root = KANSAS_CITY.page(IN_THE_THICK_OF_IT, path).root
    depth = "../" if "planned" in path else ""
    assert root.xpath(f"//main//a[@href='{depth}calendar.ics']")


def test_a_service_has_what_concerns_it(tmp_path: Path) -> None:
    city = make_city(tmp_path, SERVICES, OUTAGE, WORK)
    at = "2024-05-01 13:00"
    everything = ["Next update: The network is down", "Planned work: New computers"]
    everything += ["Important date: Go to court", "Last day of this waiver: No late fees."]
    assert names(calendar(city, at)) == everything
    assert names(calendar(city, at, "services/records/calendar.ics")) == everything[2:3]
    assert names(calendar(city, at, "services/permits/calendar.ics")) == [*everything[:2], everything[3]]


def test_nothing_is_told_before_it_was_published(tmp_path: Path) -> None:
    assert names(calendar(make_city(tmp_path, SERVICES, WORK), "2024-05-01 11:59")) == []


def test_a_calendar_tells_what_it_is(tmp_path: Path) -> None:
    read = parse_calendar(calendar(make_city(tmp_path, SERVICES, WORK), "2024-05-02", "services/permits/calendar.ics"))
    assert read["X-WR-CALNAME"] == read["NAME"] == "Permits - Springfield"
    assert read["URL"] == "https://springfield.example/services/permits/"
    assert read["SOURCE"] == "https://springfield.example/services/permits/calendar.ics"
    assert read["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert read["X-PUBLISHED-TTL"] == "PT1H"


def test_without_a_date_it_is_a_calendar_still(tmp_path: Path) -> None:
    """RFC 5545, section 3.6: there is at least one component."""
    (component,) = parse_calendar(calendar(make_city(tmp_path, SERVICES), "2024-05-02")).subcomponents
    assert component.name == "VTIMEZONE"


# What an event says.


def test_an_event_says_when_whom_what_to_do_and_where(tmp_path: Path) -> None:
    said = "(as of May 1, 2024, noon CDT)"
    found = event(calendar(make_city(tmp_path, SERVICES, WORK), "2024-05-02"), "Planned work: New computers")
    assert found["DESCRIPTION"].split("\n") == [
        "May 12, 2024, 8 AM to noon CDT.",
        "Services: Permits.",
        f"Permits: Come on Monday. {said} City Hall. {said}",
        "https://springfield.example/incidents/post-1/",
    ]
    assert found["LOCATION"] == "City Hall"
    assert found["URL"] == "https://springfield.example/incidents/post-1/"
    assert found["CATEGORIES"].cats == ["Planned work"]
    assert (found["STATUS"], found["TRANSP"]) == ("CONFIRMED", "TRANSPARENT")


def test_advice_that_is_only_said_again_does_not_renew_an_event(tmp_path: Path) -> None:
    again = WORK + "\n## 2024-05-08 12:00\nservices: {permits: {do: Come on Monday., where: City Hall}}\n\nStill so.\n"
    city = make_city(tmp_path, SERVICES, again)
    assert calendar(city, "2024-05-09") == calendar(city, "2024-05-02")


def test_advice_that_is_said_otherwise_renews_an_event_and_does_not_move_it(tmp_path: Path) -> None:
    other = WORK + "\n## 2024-05-08 12:00\nservices: {permits: {do: Come on Tuesday.}}\n\nNot on Monday.\n"
    found = event(calendar(make_city(tmp_path, SERVICES, other), "2024-05-09"), "Planned work: New computers")
    assert "Permits: Come on Tuesday. (as of May 8, 2024, noon CDT)" in found["DESCRIPTION"]
    assert "Monday" not in found["DESCRIPTION"]
    assert (found["DTSTAMP"].dt, found["SEQUENCE"]) == (datetime(2024, 5, 8, 17, tzinfo=UTC), 0)


def test_advice_that_ends_before_the_event_is_not_for_it(tmp_path: Path) -> None:
    early = WORK.replace("do: Come on Monday.", "do: {words: Come early., until: 2024-05-11}")
    found = event(calendar(make_city(tmp_path, SERVICES, early), "2024-05-02"), "Planned work: New computers")
    assert "Come early" not in found["DESCRIPTION"]
    assert "City Hall" in found["DESCRIPTION"]


def test_a_demonstration_says_so_in_every_event_and_of_itself() -> None:
    for path, content in calendar_files(KANSAS_CITY.board(IN_THE_THICK_OF_IT)).items():
        read = parse_calendar(content)
        words = KANSAS_CITY.site.demonstration
        assert words
        text = words.in_language("es" if path.startswith("es/") else "en").text
        for component in (read, *read.events):
            assert component["DESCRIPTION"].startswith(text)


def test_it_is_dated_when_it_was_said_and_not_when_it_was_built(tmp_path: Path) -> None:
    city = make_city(tmp_path, SERVICES, WORK + MOVED)
    (found,) = events(calendar(city, "2024-05-11"))
    assert found.decoded("CREATED") == city.moment("2024-05-01 12:00")
    assert found.decoded("DTSTAMP") == found.decoded("LAST-MODIFIED") == city.moment("2024-05-10 12:00")
    assert calendar(city, "2024-05-11") == calendar(city, "2024-05-18")


def test_a_moment_takes_a_quarter_of_an_hour(tmp_path: Path) -> None:
    found = event(
        calendar(make_city(tmp_path, SERVICES, OUTAGE), "2024-05-01 13:00"), "Next update: The network is down"
    )
    assert found.decoded("DTSTART") == datetime(2024, 5, 1, 23, tzinfo=UTC)
    assert found.decoded("DTEND") == datetime(2024, 5, 1, 23, 15, tzinfo=UTC)


def test_each_language_has_the_same_events_under_the_same_ids() -> None:
    now = NEW_ORLEANS.board("2019-12-20")
    files = calendar_files(now)
    for path in [path for path in files if not path.startswith("es/")]:
        mine, theirs = (events(files[edition + path]) for edition in ("", "es/"))
        facts = ("UID", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "DTSTAMP")
        assert [[each[fact] for fact in facts] for each in mine] == [[each[fact] for fact in facts] for each in theirs]


def test_no_two_events_of_a_site_share_an_id() -> None:
    for content in sample_calendars().values():
        ids = [event["UID"] for event in events(content)]
        assert len(set(ids)) == len(ids)


def test_an_id_is_made_of_the_names_of_the_post_and_the_site(tmp_path: Path) -> None:
    city = make_city(tmp_path, SERVICES, WORK)
    (before,) = events(calendar(city, "2024-05-02"))
    other = replace(city.board("2024-05-02").site, url="https://example.org/springfield/")
    (after,) = events(calendar_files(make_board(other, city.moment("2024-05-02")))["calendar.ics"])
    assert before["UID"] == "post-1/work/1@springfield.example"
    assert after["UID"] == "post-1/work/1@example.org/springfield"


# Days and hours.


def test_whole_days_are_dates_also_where_clocks_change(tmp_path: Path) -> None:
    days = WORK.replace("2024-05-12 08:00", "2024-11-02").replace("2024-05-12 12:00", "2024-11-03")
    (found,) = events(calendar(make_city(tmp_path, SERVICES, days), "2024-05-02"))
    assert (found.decoded("DTSTART"), found.decoded("DTEND")) == (date(2024, 11, 2), date(2024, 11, 4))


def test_whole_days_that_were_cut_short_are_days_still(tmp_path: Path) -> None:
    days = WORK.replace("2024-05-12 08:00", "2024-05-12").replace("2024-05-12 12:00", "2024-05-20")
    city = make_city(tmp_path, SERVICES, days + "\n## 2024-05-14 15:00 Completed\n\nDone.\n")
    (found,) = events(calendar(city, "2024-05-15"))
    assert (found.decoded("DTSTART"), found.decoded("DTEND")) == (date(2024, 5, 12), date(2024, 5, 15))


def test_work_without_a_known_end_says_so(tmp_path: Path) -> None:
    city = make_city(tmp_path, SERVICES, WORK + "\n## 2024-05-12 12:30 In progress\n\nIt takes longer.\n")
    (found,) = events(calendar(city, "2024-05-12 14:00"))
    assert "until further notice" in found["DESCRIPTION"]
    assert found.decoded("DTEND") == city.moment("2024-05-12 12:30")


# Programs that people use.


class Khal:
    """The calendar program khal, with an empty calendar, on a computer in Chicago."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "calendar").mkdir(parents=True)
        (folder / "config").write_text(
            f"""\
[calendars]
[[city]]
path = {folder}/calendar
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = America/Chicago
default_timezone = America/Chicago
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
default_calendar = city
""",
            encoding="utf-8",
        )

    def import_file(self, content: bytes) -> None:
        """Import a calendar over an earlier version of it."""
        (self.folder / "calendar.ics").write_bytes(content)
        assert self.run("import", "--batch", str(self.folder / "calendar.ics")) == ""

    def list_events(self, first: str, last: str) -> list[str]:
        """Return all events between two days."""
        line = ("--format", "{start-long} to {end-long}: {title}, {status}", "--day-format", "")
        # What goes over several days is listed on each of them.
        return [*dict.fromkeys(each.strip() for each in self.run("list", *line, first, last).splitlines())]

    def run(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "khal", "-c", str(self.folder / "config"), *arguments]
        ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
        assert ran.stderr == ""
        return ran.stdout


def test_khal_shows_it_on_the_city_s_clocks(tmp_path: Path) -> None:
    night = WORK.replace("2024-05-12 08:00", "2024-11-02 23:00").replace("2024-05-12 12:00", "2024-11-03 03:00")
    weekly = WORK.replace("posted:", "repeats: FREQ=WEEKLY;COUNT=3\nposted:")
    sundays = weekly.replace("2024-05-12", "2024-03-03").replace("2024-05-01", "2024-03-01")
    days = WORK.replace("2024-05-12 08:00", "2024-03-09").replace("2024-05-12 12:00", "2024-03-10")
    city = make_city(tmp_path, SERVICES, night, sundays, days.replace("2024-05-01", "2024-03-01"))
    program = Khal(tmp_path / "khal")
    program.import_file(calendar(city, "2024-05-02"))
    assert program.list_events("2024-03-01", "2024-12-01") == [
        "2024-03-03 08:00 to 2024-03-03 12:00: Planned work: New computers, CONFIRMED",
        "2024-03-09 to 2024-03-10: Planned work: New computers, CONFIRMED",
        "2024-03-10 08:00 to 2024-03-10 12:00: Planned work: New computers, CONFIRMED",
        "2024-03-17 08:00 to 2024-03-17 12:00: Planned work: New computers, CONFIRMED",
        "2024-11-02 23:00 to 2024-11-03 03:00: Planned work: New computers, CONFIRMED",
    ]


def test_what_is_moved_moves_in_khal_and_what_is_canceled_is_canceled(tmp_path: Path) -> None:
    city = make_city(tmp_path, SERVICES, WORK + MOVED + CANCELLED.replace("05-10", "05-15"))
    program, shown = Khal(tmp_path / "khal"), []
    for day in ("2024-05-02", "2024-05-11", "2024-05-16"):
        program.import_file(calendar(city, day))
        shown += program.list_events("2024-05-01", "2024-06-01")
    assert shown == [
        "2024-05-12 08:00 to 2024-05-12 12:00: Planned work: New computers, CONFIRMED",
        "2024-05-19 08:00 to 2024-05-19 12:00: Planned work: New computers, CONFIRMED",
        "2024-05-19 08:00 to 2024-05-19 12:00: Canceled: Planned work: New computers, CANCELLED",
    ]


READ = """
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
ICAL.design.strict = true;
const read = {};
for (const [name, text] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  read[name] = calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component, { strictExceptions: true });
    const time = (of) => (of.isDate ? of.toString() : of.toJSDate().toISOString());
    return [event.uid, time(event.startDate), time(event.endDate), event.sequence, event.summary, event.description];
  });
}
console.log(JSON.stringify(read));
"""


def events_by_ical_js(files: Mapping[str, bytes]) -> dict[str, list[Any]]:
    """Return the events of each calendar as ical.js reads them, which is what Thunderbird and Nextcloud do."""
    found: dict[str, list[Any]] = json.loads(
        run_node(READ, text=json.dumps({name: content.decode() for name, content in files.items()}))
    )
    return found


def expected_by_ical_js(content: bytes) -> list[Any]:
    def time(of: date | datetime) -> str:
        return f"{of:%Y-%m-%dT%H:%M:%S.000Z}" if isinstance(of, datetime) else f"{of:%Y-%m-%d}"

    return [
        [
            str(each["UID"]),
            time(each.decoded("DTSTART")),
            time(each.decoded("DTEND")),
            each["SEQUENCE"],
            str(each["SUMMARY"]),
            str(each["DESCRIPTION"]),
        ]
        for each in events(content)
    ]


def test_ical_js_reads_all_calendars_of_the_sample_sites_as_they_are_meant() -> None:
    assert events_by_ical_js(sample_calendars()) == {
        name: expected_by_ical_js(content) for name, content in sample_calendars().items()
    }
    assert sum(len(events(content)) for content in sample_calendars().values()) > 100


# Untrusted words.

HOSTILE = (
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    "x\nATTACH:https://evil.example/",
    "a, b; c\\n d\\, e: \"f\" 'g'",
    "\x00\x07\x0b\x0c\x1b\x7f\x85\u2028\u2029END:VCALENDAR",
    "\U0001f469\u200d\U0001f467\u200d\U0001f466" * 20,
    "\u05e9\u200f\u202eevil\u202c \u200f\u0645\u0631\u062d\u0628\u0627",
    "\ufeffBEGIN:VCALENDAR",
    "\udfff",
)
LONG = "\u00dc, " * 3333 + "end"


PROPERTIES = {"VERSION", "PRODID", "CALSCALE", "NAME", "DESCRIPTION", "URL", "SOURCE", "REFRESH-INTERVAL"}
PROPERTIES |= {"X-WR-CALNAME", "X-WR-CALDESC", "X-WR-TIMEZONE", "X-PUBLISHED-TTL"}
EVENT_PROPERTIES = {"UID", "SEQUENCE", "DTSTAMP", "CREATED", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY", "URL"}
EVENT_PROPERTIES |= {"DESCRIPTION", "CATEGORIES", "LOCATION", "STATUS", "TRANSP"}


def with_words(site: Site, text: str) -> Site:
    """Return the site with all of its words replaced."""

    def replace_words(words: Words | None) -> Words | None:
        return words and Words((("en", text),))

    incidents = []
    for incident in site.incidents:
        updates = [
            replace(
                update,
                reports=tuple(
                    replace(each, do=replace_words(each.do), where=replace_words(each.where)) for each in update.reports
                ),
                waivers=tuple(replace(each, what=replace_words(each.what)) for each in update.waivers),
                deadlines=tuple(replace(each, what=Words((("en", text),))) for each in update.deadlines),
            )
            for update in incident.updates
        ]
        incidents.append(replace(incident, title=Words((("en", text),)), updates=tuple(updates)))
    return replace(site, title=Words((("en", text),)), demonstration=Words((("en", text),)), incidents=tuple(incidents))


@given(sites(), st.sampled_from(HOSTILE) | st.text(min_size=1))
def test_whatever_is_written_it_stays_a_calendar_of_the_board_s_dates(case: Case, text: str) -> None:
    now = make_board(with_words(case.site, text), case.moment)
    written = calendar_files(now)
    for content in written.values():
        assert set(parse_calendar(content)) == PROPERTIES
        assert content.endswith(b"\r\n")
        assert all(len(line) <= 75 for line in content.split(b"\r\n"))
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", content)
    for each, appointment in zip(events(written["calendar.ics"]), calendar_dates(now), strict=True):
        assert each["UID"] == calendars.event_id(appointment, now.site)
        assert (each["STATUS"] == "CANCELLED") is appointment.cancelled
        assert each["SEQUENCE"] == appointment.revision
        assert each.decoded("DTSTAMP") <= now.moment
        assert set(each) <= EVENT_PROPERTIES
        starts, ends = each.decoded("DTSTART"), each.decoded("DTEND")
        whole = appointment.start.is_whole_day
        assert starts == (now.site.local_day(appointment.start.start) if whole else appointment.start.start)
        assert type(ends) is type(starts)
        assert ends > starts


def test_ical_js_is_not_misled_by_hostile_words_either(tmp_path: Path) -> None:
    city = make_city(tmp_path, SERVICES, OUTAGE, WORK)
    moment = city.moment("2024-05-02")
    written = {
        text[:9]: calendar_files(make_board(with_words(city.site, text), moment))["calendar.ics"]
        for text in (*HOSTILE, LONG)
    }
    assert events_by_ical_js(written) == {name: expected_by_ical_js(content) for name, content in written.items()}
    assert [len(events(content)) for content in written.values()] == [4] * len(written)


def test_words_arrive_as_they_were_written(tmp_path: Path) -> None:
    city = make_city(tmp_path, SERVICES, WORK)
    for text in (*HOSTILE[4:6], LONG):
        now = make_board(with_words(city.site, text), city.moment("2024-05-02"))
        content = calendar_files(now)["calendar.ics"]
        assert names(content) == [f"Planned work: {text}"]
