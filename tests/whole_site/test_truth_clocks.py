"""Clocks that are wrong: only an embargo hides what was written."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statusgen.cli import moments, write_session
from statusgen.cli.main import main
from statusgen.content.reader import read_content
from statusgen.wording.interface import available_languages
from tests.support.telling import Town, make_town

SERVICES = "services: [{id: a, name: Permits}, {id: b, name: Licenses}]"
CLOCK = datetime(2024, 5, 5, 15, tzinfo=UTC)  # 10:00 in Chicago
AHEAD = """
    ---
    title: Permits cannot be had
    started: 2024-05-05 12:00
    services: {a: {status: down, do: Wait.}}
    not_known: [When]
    next_update: 2024-05-05 18:00
    ---
"""


class Desk:
    """A folder, on a computer whose clock says what it is told to."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, posts: Mapping[str, str], more: str = "") -> None:
        self.folder, self.monkeypatch = folder, monkeypatch
        monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
        make_town(folder, SERVICES, more, None, **posts)
        self.set_clock(CLOCK)

    def set_clock(self, clock: datetime) -> None:
        self.monkeypatch.setattr(moments, "current_time", lambda: clock)

    def run(self, *words: str) -> Result:
        command, *rest = words
        return CliRunner().invoke(main, [command, "--source", str(self.folder), *rest], catch_exceptions=False)

    def say(self, *words: str) -> str:
        result = self.run(*words)
        assert result.exit_code == 0, result.output
        return result.output

    def published(self, path: str) -> str:
        return (self.folder / "site" / path).read_text(encoding="utf-8")


def test_what_a_fast_clock_dated_is_shown_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path, monkeypatch, {"x": AHEAD})
    said = desk.say("build")
    assert "incidents/x.md:2: This is dated 2024-05-05 12:00 CDT, but the clock says 2024-05-05 10:00 CDT" in said
    assert "It shows 2024-05-05 12:00 CDT." in said
    assert "Permits cannot be had" in desk.published("index.html")
    assert "No problems" not in desk.published("status.txt")
    assert json.loads(desk.published("status.json"))["at"] == "2024-05-05T12:00:00-05:00"


def test_status_check_and_diff_see_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path, monkeypatch, {"y": AHEAD.replace("12:00", "09:00")})
    desk.say("build")
    (tmp_path / "incidents/x.md").write_text(
        "\n".join(line[4:] for line in AHEAD.strip("\n").split("\n")).replace("Permits", "Stamps") + "\n"
    )
    assert "Stamps cannot be had" in desk.say("status")
    assert "Stamps cannot be had" in desk.say("diff")
    assert "x.md:3: advice: This is dated 2024-05-05 12:00, but the clock says 2024-05-05 10:00" in desk.say("check")


def test_an_embargo_hides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embargo = AHEAD.replace("not_known", "embargo: true\n    not_known")
    other = AHEAD.replace("12:00", "13:00").replace("Permits cannot", "Stamps cannot")
    desk = Desk(tmp_path, monkeypatch, {"w": AHEAD.replace("12:00", "09:00"), "x": embargo, "y": other})
    said = desk.say("build")
    assert "incidents/x.md" not in said
    assert "incidents/y.md" in said
    # What is dated later and is shown does not bring along what is kept back.
    assert "Stamps cannot be had" in desk.published("index.html")
    assert not (tmp_path / "site/incidents/x").exists()
    desk.set_clock(CLOCK + timedelta(hours=2))
    desk.say("build")
    assert (tmp_path / "site/incidents/x").exists()


def test_days_ahead_without_an_embargo_is_a_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path, monkeypatch, {"x": AHEAD.replace("05 1", "08 1")})
    for command in ("build", "check", "status", "diff"):
        result = desk.run(command)
        assert result.exit_code == 1
        what = "incidents/x.md:3: This is dated 2024-05-08 12:00, but the clock says 2024-05-05 10:00."
        assert what in result.output, result.output
        assert "embargo: true" in result.output
    for moment in ("2024-05-05 10:00", "2024-05-08 12:00"):
        assert "This is dated 2024-05-08 12:00, but" not in desk.say("build", "--at", moment, "--allow-empty")


def test_days_ahead_with_an_embargo_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later = AHEAD.rstrip(" ") + "    ## 2024-05-08 12:00\n    embargo: true\n\n    All is well.\n"
    desk = Desk(tmp_path, monkeypatch, {"x": later.replace("05 12:00", "05 09:00")})
    said = desk.say("build")
    assert "Rebuild it by" in said
    assert "All is well" not in desk.published("incidents/x/index.html")
    desk.set_clock(CLOCK + timedelta(days=4))
    desk.say("build")
    assert "All is well" in desk.published("incidents/x/index.html")


def test_with_a_moment_nothing_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path, monkeypatch, {"x": AHEAD, "y": AHEAD.replace("12:00", "09:00")})
    said = desk.say("build", "--at", "2024-05-05 11:00")
    assert "clock" not in said
    assert not (tmp_path / "site/incidents/x").exists()
    assert (tmp_path / "site/incidents/y").exists()


def test_quarantine_leaves_out_what_is_dated_days_ahead_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path, monkeypatch, {"x": AHEAD.replace("05 1", "08 1"), "y": AHEAD.replace("12:00", "09:00")})
    result = desk.run("build", "--quarantine")
    assert result.exit_code == 3
    assert "Left out: incidents/x.md" in result.output
    assert "The status of this service" in desk.published("index.html") or "x.md" in result.output


WORK = """
    ---
    title: Work on the network
    kind: maintenance
    posted: 2026-02-01 09:00
    starts: {starts}
    ends: {ends}
    repeats: {rule}
    services: {{a: maintenance}}
    {more}
    ---
"""


def work(folder: Path, starts: str, ends: str, rule: str, more: str = "") -> Town:
    return make_town(folder, SERVICES, x=WORK.format(starts=starts, ends=ends, rule=rule, more=more))


def test_work_in_the_skipped_hour_keeps_its_length(tmp_path: Path) -> None:
    town = work(tmp_path, "2026-02-22 02:30", "2026-02-22 03:30", "FREQ=WEEKLY;COUNT=5")
    page = town.city.page("2026-03-08 03:45", "incidents/x/index.html").words
    assert "3:30 AM" in page, page
    assert "3:30 to 4:30 AM" in page, page
    files = town.city.files("2026-03-08 01:00")
    calendar = files["calendar.ics"].decode()
    assert "DTSTART:20260308T083000Z" in calendar
    assert "DTEND:20260308T093000Z" in calendar
    # The other times are as written.
    assert "DTSTART:20260315T073000Z" in calendar
    assert "DTEND:20260315T083000Z" in calendar


def test_work_over_the_repeated_hour_keeps_its_times(tmp_path: Path) -> None:
    town = work(tmp_path, "2026-10-18 00:30", "2026-10-18 03:30", "FREQ=WEEKLY;COUNT=5")
    calendar = town.city.files("2026-10-30 12:00")["calendar.ics"].decode()
    assert "DTSTART:20261101T053000Z" in calendar  # 12:30 AM CDT
    assert "DTEND:20261101T093000Z" in calendar  # 3:30 AM CST


def test_work_over_the_skipped_hour_keeps_its_length(tmp_path: Path) -> None:
    town = work(tmp_path, "2026-02-22 00:30", "2026-02-22 03:30", "FREQ=WEEKLY;COUNT=5")
    calendar = town.city.files("2026-03-07 12:00")["calendar.ics"].decode()
    assert "DTSTART:20260308T063000Z" in calendar
    assert "DTEND:20260308T093000Z" in calendar


def mistakes(folder: Path) -> list[str]:
    return [str(problem) for problem in read_content(folder, available_languages()).problems]


def test_a_first_day_that_the_rule_does_not_name_is_refused(tmp_path: Path) -> None:
    work(tmp_path, "2026-12-01 22:00", "2026-12-02 02:00", "FREQ=WEEKLY;BYDAY=SU;COUNT=3")
    (mistake,) = mistakes(tmp_path)
    assert mistake.startswith("incidents/x.md:5: 2026-12-01 is a Tuesday")
    assert "Sunday: 2026-12-06 22:00" in mistake


def test_an_until_in_utc_is_read(tmp_path: Path) -> None:
    # 04:00 UTC on March 16 is 23:00 on March 15 in Chicago: the work of that evening is the last.
    town = work(tmp_path, "2026-03-01 22:00", "2026-03-01 23:00", "FREQ=WEEKLY;UNTIL=20260316T040000Z")
    calendar = town.city.files("2026-03-02 12:00")["calendar.ics"].decode()
    assert calendar.count("DTSTART:2026") == 3
    town = work(tmp_path, "2026-03-01 22:00", "2026-03-01 23:00", "FREQ=WEEKLY;UNTIL=20260316T020000Z")


def test_a_day_can_be_left_out(tmp_path: Path) -> None:
    town = work(tmp_path, "2026-03-01 22:00", "2026-03-01 23:00", "FREQ=WEEKLY;COUNT=4", "except: [2026-03-08]")
    calendar = town.city.files("2026-03-02 12:00")["calendar.ics"].decode()
    assert [line for line in calendar.splitlines() if line.startswith("DTSTART:2026")] == [
        "DTSTART:20260302T040000Z",
        "DTSTART:20260316T030000Z",
        "DTSTART:20260323T030000Z",
    ]
    assert "Sun, March 15" in town.at("2026-03-03 12:00").told("a")


@pytest.mark.parametrize(
    ("more", "rule", "what"),
    [
        ("except: [2026-03-09]", "FREQ=WEEKLY;COUNT=4", "would not begin on 2026-03-09"),
        ("except: 2026-03-08", "FREQ=WEEKLY;BYDAY=MO", "does not name that day"),
    ],
)
def test_a_day_on_which_nothing_is_planned_cannot_be_left_out(tmp_path: Path, more: str, rule: str, what: str) -> None:
    work(tmp_path, "2026-03-01 22:00", "2026-03-01 23:00", rule, more)
    assert any(what in mistake for mistake in mistakes(tmp_path))


@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        ("EST", "Eastern time is America/New_York."),
        ("CST6CDT", "Central time is America/Chicago."),
        ("MST", "Mountain time is America/Denver. In Arizona: America/Phoenix."),
        ("Pacific", "Pacific time is America/Los_Angeles."),
        ("HST", "Hawaii time is Pacific/Honolulu."),
        ("AKST", "Alaska time is America/Anchorage."),
        ("Etc/GMT+5", "America/New_York (Eastern)"),
        ("GMT", "or UTC."),
    ],
)
def test_a_time_zone_has_the_name_of_a_place(tmp_path: Path, zone: str, hint: str) -> None:
    make_town(tmp_path, SERVICES, x=AHEAD)
    path = tmp_path / "services.yaml"
    path.write_text(path.read_text().replace("America/Chicago", zone))
    (mistake,) = mistakes(tmp_path)
    assert f'"{zone}" is not the name of a time zone' in mistake
    assert hint in mistake


@pytest.mark.parametrize("zone", ["UTC", "US/Central", "America/Puerto_Rico"])
def test_utc_is_a_time_zone_too(tmp_path: Path, zone: str) -> None:
    make_town(tmp_path, SERVICES, x=AHEAD)
    path = tmp_path / "services.yaml"
    path.write_text(path.read_text().replace("America/Chicago", zone))
    assert mistakes(tmp_path) == []


def test_a_writer_with_a_slow_clock_is_told_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path, monkeypatch, {"x": AHEAD})
    monkeypatch.setattr(write_session, "current_time", lambda: CLOCK)
    said = desk.say("update", "x", "--text", "We know more.", "--yes", "--next", "20:00")
    assert "clock says 2024-05-05 10:00, but the last update of this post is dated 2024-05-05 12:00" in said
    assert "## 2024-05-05 12:01" in (tmp_path / "incidents/x.md").read_text()


def test_two_updates_of_one_minute_are_shown_at_once_and_no_clock_is_blamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path, monkeypatch, {"x": AHEAD.replace("12:00", "10:00")})
    monkeypatch.setattr(write_session, "current_time", lambda: CLOCK)
    said = desk.say("update", "x", "--text", "We know more.", "--yes", "--next", "20:00")
    assert "The last update of this post is dated 2024-05-05 10:00." in said
    assert "The page says: " in said
    assert "## 2024-05-05 10:01" in (tmp_path / "incidents/x.md").read_text()
    assert "clock" not in said + desk.say("check") + desk.say("build")
    assert "We know more." in (tmp_path / "site/index.html").read_text()


def test_the_clock_is_compared_with_the_last_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path, monkeypatch, {"x": AHEAD.replace("12:00", "09:00")})
    monkeypatch.setattr(write_session, "current_time", lambda: CLOCK)
    monkeypatch.setattr(write_session, "read_last_commit_time", lambda _folder: CLOCK + timedelta(minutes=9))
    said = desk.say("update", "x", "--text", "We know more.", "--yes", "--next", "20:00")
    assert "clock says 2024-05-05 10:00, but the last commit was made at 2024-05-05 10:09" in said


def test_what_the_starter_made_up_is_a_mistake_once_it_is_no_demonstration(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["init", str(tmp_path / "page"), "--starter", "city"]).exit_code == 0
    services = tmp_path / "page/services.yaml"
    lines = services.read_text(encoding="utf-8").split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith("  demonstration:"))
    services.write_text("\n".join([*lines[:start], *lines[start + 3 :]]), encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "--source", str(tmp_path / "page")])
    assert result.exit_code == 1
    marked = next(number for number, line in enumerate(lines, 1) if line.endswith("  # CHANGE"))
    assert f"services.yaml:{marked}: This line is still marked CHANGE" in result.output
    services.write_text(re.sub(" *# CHANGE.*", "", services.read_text(encoding="utf-8")), encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "--source", str(tmp_path / "page")])
    assert '"555-0130" is what the starter made up.' in result.output


def test_spanish_of_mexico_falls_back_on_spanish(tmp_path: Path) -> None:
    town = make_town(tmp_path, SERVICES, "languages: [en, es-MX]", None, x=AHEAD)
    files = town.city.files("2024-05-05 13:00")
    assert "Sin servicio" in files["es-MX/index.html"].decode()
