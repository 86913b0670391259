"""Clocks that are wrong: only an embargo hides what was written."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statusgen.cli import moments
from statusgen.cli.main import main
from tests.support.telling import make_town

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
    assert json.loads(desk.published("status.json"))["generated_at"] == "2024-05-05T12:00:00-05:00"


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
