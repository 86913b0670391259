"""Towns that are told at the desk alone: no page, feed, text or data says what nobody filled in."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.support.desk_forms import DeskUser
from tests.support.sample_sites import City, make_city, read_site
from tests.support.telling import Telling

SERVICES = """\
  - {id: trash, name: Trash pickup}
  - id: bill
    name: Pay a water bill
    channels: [{kind: online}, {kind: phone, phone: 555-0131}]
  - {id: permits, name: Building permits}
"""
ALERTS = "alerts: {sender: status@springfield.example, area: Springfield}"
CHICAGO = ZoneInfo("America/Chicago")
NETWORK, LIBRARY = "2024-05-06-bills-cannot-be-paid", "2024-05-06-the-library-is-closed"
# Words that only someone who knows more could say.
_NEVER = ("We are still working", "We apologize", "as soon as possible", "is being investigated")


class Town:
    """A town whose only writer sits at the desk."""

    def __init__(self, folder: Path, clock: pytest.MonkeyPatch) -> None:
        make_city(folder, SERVICES)
        services = folder / "services.yaml"
        head = services.read_text(encoding="utf-8").replace(
            "timezone: America/Chicago}", f"timezone: America/Chicago, {ALERTS}}}"
        )
        services.write_text(head, encoding="utf-8")
        self.folder, self.clock = folder, clock

    def write(self, time: str, kind: str, post: str, said: Mapping[str, str]) -> None:
        """Fill in a form at a time in May 2024, and put what it would write into the folder."""
        moment = datetime.fromisoformat(f"2024-05-{time}").replace(tzinfo=CHICAGO)
        self.clock.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))
        writing = DeskUser(self.folder).begin(kind, post).fill(said)
        assert writing.mistakes() == []
        for path, content in writing.written().items():
            (self.folder / path).write_bytes(content)
        read_site.cache_clear()

    def at(self, time: str, *never: str) -> Telling:
        """Return what is told at a time, after a look at every file of the site for words that nobody said."""
        city, at = City(self.folder), f"2024-05-{time}"
        words = [*_NEVER, *never]
        texts = {path: content.decode(errors="replace") for path, content in city.files(at).items()}
        assert [(path, each) for path, text in texts.items() for each in words if each in text] == []
        return Telling(city, at)


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "town").mkdir()
    return Town(tmp_path / "town", monkeypatch)


def report(town: Town, **said: str) -> None:
    answers = {"title": "Bills cannot be paid", "since": "unknown", "status/bill/online": "down", **said}
    town.write("06 08:00", "problem", "", answers)


def test_nobody_knew_since_when_and_nothing_is_new(town: Town) -> None:
    report(town, **{"next-own": "10 AM"})
    told = town.at("06 08:30", "It began on", "<onset>")
    told.assert_told("since before Mon, May 6, 8 AM")
    told.assert_never("Day 2", "since Mon, May 6", "Working, said")
    assert told.service("permits").status.value == "not_said"

    late = town.at("06 10:30")
    late.assert_told(page=["10 AM"])
    late.assert_never("nothing new")

    town.write("06 10:35", "promise", NETWORK, {"text": "There is nothing new yet.", "next-own": "2 PM"})
    told = town.at("06 10:40", "It began on", "<onset>", "Working, said")
    told.assert_told("Next update by Mon, May 6, 2 PM", "since before Mon, May 6, 8 AM")
    for path in ("feed.xml", "feed.json", f"incidents/{NETWORK}/index.html"):
        assert "There is nothing new yet." in file_of(told, path)
    # Nobody looked again: what was said of the service keeps its own time.
    assert told.service("bill").standing.said_at == told.board.incidents[0].updates[0].time


def test_a_notice_holds_from_the_day_that_was_said(town: Town) -> None:
    said = {
        "title": "The library is closed",
        "topic": "closure",
        "text": "Bring books back on Friday.",
        "since-own": "tomorrow",
    }
    town.write("06 09:00", "notice", "", said)
    told = town.at("06 09:10", "T09:00:00-05:00</onset>")
    assert "<onset>2024-05-07T00:00:00-05:00</onset>" in file_of(told, f"alerts/{LIBRARY}/2024-05-06-0900.xml")
    told.assert_told("The library is closed")
    told.assert_never("not working", "is working", "Working, said")
    assert [each.status.value for each in told.board.services] == ["not_said"] * 3


def test_a_status_and_its_start_are_put_right_and_one_way_is_left_open_at_the_end(town: Town) -> None:
    report(town, **{"status/bill/phone": "down", "since": "", "since-own": "7:30 AM", "do": "Pay at Town Hall."})
    key = "services.bill/online"
    root = DeskUser(town.folder).begin("correction", NETWORK).form.root
    names = (f"wrong/{key}.status", f"wrong/{key}.since")
    ticks = {name: root.get_element_by_id(name).get("value", "") for name in names}
    right = {
        "wrong": "It was down.",
        "right": "It is slow.",
        f"right/{key}.status": "degraded",
        f"right/{key}.since": "6 AM",
    }
    town.write("06 09:00", "correction", NETWORK, {**ticks, **right, "keep": "yes"})
    told = town.at("06 09:10", "It was down since")
    told.assert_told("Slow or unreliable", "Pay at Town Hall.")
    assert "Online: Slow or unreliable, since Mon, May 6, 6 AM" in told.told("bill")
    assert "By phone: Not available, since Mon, May 6, 7:30 AM" in told.told("bill")

    town.write("06 12:00", "end", NETWORK, {"status/bill/online": "working", "text": "Pay online again."})
    told = town.at("06 12:10")
    ways = {each.channel.id: each.status.value for each in told.service("bill").channels}
    assert ways == {"online": "working", "phone": "not_said"}
    told.assert_never("All services work", "everything works", "Pay at Town Hall.")


def file_of(told: Telling, path: str) -> str:
    """Return a file as it was published."""
    return told.city.files(told.at)[path].decode()
