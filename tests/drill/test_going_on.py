"""A drill that goes on after it was stopped, one that is ended late, and the note of a drill in a file of somebody."""

import socket
import subprocess
from pathlib import Path

import pytest

from statusgen.drill.folder import read_drill
from tests.drill.office import NOON, SITE, Office
from tests.support.repository import Repository

POST = "new --title 'No payments' --service water-bill/online=down --since now --next 13:00 --text 'We look.'"
LATER = "update no-payments --next 20:00 --text 'We still look.'"


def test_nothing_after_the_end_counts_and_the_report_stays(town: Path, story: Path) -> None:
    office = Office(town)
    office.drill("--story", str(story), "--no-wait")
    office.at(10)
    office.drill("--no-wait")
    office.at(15)
    office.write(POST)
    office.publish()
    office.at(20)
    # Its terminal was closed here, and somebody went on.
    office.at(200)
    office.write(LATER)
    office.publish()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", read_drill(office.folder).port))
        taken.listen()
        ended = office.drill("--end")
    assert "12:30" not in ended
    assert "It lasted from 12:00 to 13:00." in office.report
    assert "- No payments, by 13:00: missed, no update came" in office.report
    assert "The longest time without anything new: 45 min, from 12:15 to 13:00." in office.report
    assert "15:20" not in office.report
    assert office.report.endswith("## The news\n\n- 12:10 Help desk: Nobody can use Pay a water bill: online.\n")
    before = office.report
    office.at(220)
    office.write(LATER.replace("20:00", "21:00"))
    office.publish()
    assert before in office.drill("--end")
    assert before in office.drill()
    assert office.report == before
    (office.folder / "drill-report.md").unlink()
    assert before in office.drill("--end")


def test_a_drill_whose_story_is_over_says_no_more_news(town: Path, story: Path) -> None:
    office = Office(town)
    office.drill("--story", str(story), "--no-wait")
    office.at(200)
    assert "Help desk: " not in office.drill(input="\n")
    assert "- The drill ended before the first news." in office.report


def test_end_ends_at_once_or_says_what_to_do(town: Path, story: Path) -> None:
    office = Office(town)
    office.drill("--story", str(story), "--no-wait")
    both = office.run("drill", str(office.folder), "--source", str(town), "--end", "--no-wait")
    assert both.exit_code == 2
    assert "Use it without --no-wait" in both.stderr
    # It was stopped before its page was published.
    (office.folder / "pages.git" / "refs" / "heads" / "pages").unlink()
    early = office.run("drill", str(office.folder), "--source", str(town), "--end")
    assert early.exit_code == 1
    assert f"Go on with it: statusgen drill {office.folder}" in early.stderr
    assert "Residents see it at " in office.drill("--no-wait")
    assert "- Nothing was published in the drill." in office.drill("--end")


def test_a_second_drill_of_the_day_is_a_new_one_only_when_the_first_has_ended(tmp_path: Path, story: Path) -> None:
    repository = Repository(tmp_path / "all")
    repository.commit("2024-05-02 08:00", {"town/services.yaml": SITE})
    office = Office(repository.folder / "town")
    first, second = (tmp_path / f"town-drill-2024-05-05{number}" for number in ("", "-2"))
    here = ["--source", str(office.source)]
    begun = office.run("drill", *here, "--story", str(story), "--no-wait")
    assert f"as on a real night: {first / 'site' / 'town'}\n" in begun.output
    assert repository.git("status", "--porcelain") == ""
    assert f"Going on with the drill in {first}\n" in office.run("drill", *here, "--no-wait").output
    for words in (["--story", "payment-vendor"], ["--speed", "5"], ["--service", "payments=trash"]):
        refused = office.run("drill", *here, *words)
        assert refused.exit_code == 1
        assert f"There is a drill in {first} already, which goes on without {words[0]}." in refused.stderr
    assert office.run("drill", *here, "--end").exit_code == 0
    assert "This report is in" in office.run("drill", *here, "--end").output
    again = office.run("drill", *here, "--story", str(story), "--no-wait")
    assert f"as on a real night: {second / 'site' / 'town'}\n" in again.output


def test_each_command_goes_by_the_clock_of_the_drill(town: Path, story: Path) -> None:
    office = Office(town)
    office.drill("--story", str(story), "--no-wait")
    office.at(15)
    office.write(POST)
    office.publish()
    built = str(office.site / "site")
    office.at(19)
    assert office.run("verify", built, "--max-age", "5").exit_code == 0
    office.at(25)
    late = office.run("verify", built, "--max-age", "5")
    assert late.exit_code == 1
    office.at(30)
    office.write(LATER)
    office.publish()
    log = ["git", "-C", str(office.site), "log", "--format=%at %ct", "-3"]
    moments = subprocess.run(log, check=True, capture_output=True, text=True).stdout.split()
    assert [(int(moment) - NOON) // 60 for moment in moments] == [30, 30, 15, 15, 0, 0]


def test_a_drill_is_noted_without_harm_to_what_is_there(town: Path, story: Path) -> None:
    office = Office(town)
    office.drill("--story", str(story), "--no-wait")
    office.at(15)
    office.write(POST)
    office.publish()
    office.drill("--end")
    noted, line = town / "drills.md", b"- 2024-05-05: our-story"
    assert noted.read_bytes() == b"# Drills\n\n" + line + b"\n"
    for old, new in {
        b"# Ours\r\n\r\n- 2024-01-02: ours\r\n": b"# Ours\r\n\r\n- 2024-01-02: ours\r\n" + line + b"\r\n",
        b"- 2024-01-02: ours": b"- 2024-01-02: ours\n" + line + b"\n",
        line + b"\n": line + b"\n",
    }.items():
        noted.write_bytes(old)
        office.drill("--end")
        assert noted.read_bytes() == new
    noted.write_bytes(b"Caf\xe9\n")
    refuse_to_note(office, "is no text in UTF-8")
    assert noted.read_bytes() == b"Caf\xe9\n"
    noted.unlink()
    noted.symlink_to(town.parent / "victim")
    (town.parent / "victim").write_text("real\n", encoding="utf-8")
    refuse_to_note(office, "is a link")
    assert (town.parent / "victim").read_text(encoding="utf-8") == "real\n"


def refuse_to_note(office: Office, why: str) -> None:
    refused = office.run("drill", str(office.folder), "--source", str(office.source), "--end")
    assert (refused.exit_code, type(refused.exception)) == (1, SystemExit)
    assert f"drills.md {why}, so this is not noted: - 2024-05-05: our-story." in refused.stderr


@pytest.mark.parametrize(
    ("ends", "mistake"), [("0:30", "This is not before the end"), ("1:00", 'Two statuses of "b" at one time.')]
)
def test_two_parts_that_are_one_service_cannot_contradict_each_other(
    ends: str, mistake: str, town: Path, tmp_path: Path
) -> None:
    text = f"""\
name: A night
begins: "02:00"
ends: "{ends}"
services:
  a: {{name: A, service: trash}}
  b: {{name: B, service: trash}}
news:
  - {{at: "0:30", from: Help desk, text: It is down.}}
truth:
  - {{service: a, status: down, from: "0:00"}}
  - {{service: b, status: working, from: "0:05"}}
"""
    (tmp_path / "night.yaml").write_text(text, encoding="utf-8")
    office = Office(town)
    refused = office.run("drill", str(office.folder), "--source", str(town), "--story", str(tmp_path / "night.yaml"))
    line = 8 if ends == "0:30" else 11
    assert f"night.yaml:{line}: {mistake}" in refused.stderr
