"""What the outputs say of beginnings, of planned work, of numbers and of old words: only what someone said."""

import json
import textwrap
from pathlib import Path

from tests.support.sample_sites import Page
from tests.support.telling import make_town

SERVICES = """
    services:
      - {id: bill, name: Pay a bill, channels: [{kind: online}, {kind: phone, phone: 816-555-0100}]}
      - {id: permits, name: Permits}
      - {id: court, name: Court}
"""


class TestSince:
    POST = """
        ---
        title: The network is down
        started: 2024-05-05 08:00
        services:
          bill: {status: down, since: incident}
          permits: {status: down, since: 2024-05-03}
          court: down
        ---
        We are looking into it.

        ## 2024-05-07 09:00
        services: {court: {status: limited, since: 2024-05-06}, bill: working}

        Some of it is back.
    """

    def test_an_update_tells_since_when_as_it_was_written(self, tmp_path: Path) -> None:
        files = make_town(tmp_path, SERVICES, x=self.POST).city.files("2024-05-08 09:00")
        page = Page(files["incidents/x/index.html"].decode()).words
        feed = "\n".join(item["content_text"] for item in json.loads(files["feed.json"])["items"])
        short = ("Sun, May 5, 8 AM", "Fri, May 3", "Mon, May 6")
        whole = ("May 5, 2024, 8 AM CDT", "May 3, 2024", "May 6, 2024")
        for text, (began, other, partly) in ((page, short), (feed, whole)):
            assert f"Pay a bill: Not available, since {began}" in text
            assert f"Permits: Not available, since {other}" in text
            assert "Court: Not available, since" not in text
            assert f"Court: Partly working, since {partly}" in text
            assert "Working, since" not in text
        document = json.loads(files["incidents/x/incident.json"])
        first, second = (
            {each["service"]: each["since"] for each in update["reports"]} for update in document["updates"]
        )
        assert first == {"bill": "2024-05-05T08:00:00-05:00", "permits": "2024-05-03", "court": None}
        assert second == {"court": "2024-05-06", "bill": None}


class TestNumbers:
    POST = """
        ---
        title: The network is down
        started: 2024-05-05 08:00
        do: "Call 816-555-0101, not 911."
        services:
          bill: {status: down, do: "Call 816-555-0102 ext. 7.", where: "The desk, 816-555-0103"}
        known: ["The line 816-555-0104 works"]
        waivers: [{id: fees, services: [bill], what: No late fees, how: "Call 816-555-0105"}]
        deadlines: [{id: tax, on: 2024-05-20, services: [bill], what: "Taxes are due; ask 816-555-0106"}]
        ---
        Order 2024-05-05-1234 is void.
    """

    def test_numbers_in_facts_can_be_tapped(self, tmp_path: Path) -> None:
        files = make_town(tmp_path, SERVICES, x=self.POST).city.files("2024-05-05 09:00")
        expected = {
            "index.html": (101, 102, 103, 105, 106),
            "services/bill/index.html": (102, 103, 105, 106),
            "incidents/x/index.html": (101, 102, 103, 104, 105, 106),
            "call-sheet/index.html": (101, 102, 103),
            "deadlines/index.html": (105, 106),
        }
        for path, numbers in expected.items():
            page = files[path].decode()
            missing = [number for number in numbers if f'href="tel:816-555-0{number}' not in page]
            assert not missing, (path, missing)
        front = files["index.html"].decode()
        assert '<a class="phone" href="tel:816-555-0102;ext=7">816-555-0102 ext. 7</a>.' in front
        assert "tel:911" not in front
        assert not [path for path, content in files.items() if b"tel:2024" in content]


class TestBadge:
    POST = """
        ---
        title: %s
        started: %s
        services: {%s}
        ---
        We are looking into it.
    """

    def test_old_problems_are_counted_beside_new_ones(self, tmp_path: Path) -> None:
        old = self.POST % ("The network is down", "2024-05-05 08:00", "bill: down, permits: down")
        new = self.POST % ("The court is flooded", "2024-06-20 08:00", "court: down")
        town = make_town(tmp_path, SERVICES, old=old, new=new)
        message = json.loads(town.city.files("2024-06-20 09:00")["badge.json"])["message"]
        assert message == "1 service not working as usual, 2 more when last checked"
        message = json.loads(town.city.files("2024-05-05 09:00")["badge.json"])["message"]
        assert message == "2 services not working as usual"


class TestAlerts:
    ALERTS = "alerts: {sender: status@t.example, area: Town, codes: {SAME: '017167'}}"
    POST = """
        ---
        title: The network is down
        started: 2024-05-05 08:00
        services: {bill: down, court: unknown}
        ---
        We are looking into it.

        ## 2024-05-06 09:00
        services: {court: down}

        The court is closed.

        ## 2024-05-07 09:00
        unchanged: true

        We checked.

        ## 2024-05-08 09:00
        Still at work.
    """

    def test_what_an_update_does_not_mention_has_the_date_of_its_last_word(self, tmp_path: Path) -> None:
        files = make_town(tmp_path, SERVICES, self.ALERTS, x=self.POST).city.files("2024-05-08 10:00")
        alerts = [files[path].decode() for path in sorted(files) if path.startswith("alerts/")]
        first, second, third, fourth = (text for text in alerts if "<identifier>" in text)
        assert "Pay a bill: Not available.\nCourt: Not known yet." in first
        assert "Court: Not available.\nPay a bill: Not available (as of May 5, 2024, 8 AM CDT)." in second
        assert "Court: Not available." in third
        assert "Court: Not available (as of May 7, 2024, 9 AM CDT)." in fourth
        assert "Pay a bill: Not available (as of May 7, 2024, 9 AM CDT)." in fourth


class TestPlannedWork:
    POST = """
        ---
        title: Bills are moved
        kind: maintenance
        posted: 2024-05-01 09:00
        starts: 2024-05-12 22:00
        ends: 2024-05-13 04:00
        services: [bill]
        ---
        You can pay again in the morning.
    """
    BEGIN = ("Planned work is due to begin: Bills are moved", "2024-05-13T03:00:00+00:00")
    END = ("Planned work was due to end: Bills are moved", "2024-05-13T09:00:00+00:00")

    def items(self, folder: Path, moment: str, more: str = "", path: str = "feed.json") -> list[dict[str, str]]:
        post = textwrap.dedent(self.POST) + textwrap.dedent(more)
        town = folder / str(len([*folder.iterdir()]))
        items = json.loads(make_town(town, SERVICES, x=post).city.files(moment)[path])["items"]
        return [item for item in items if item["title"].startswith("Planned work ")]

    def told(self, folder: Path, moment: str, more: str = "", path: str = "feed.json") -> list[tuple[str, str]]:
        return [(item["title"], item["date_published"]) for item in self.items(folder, moment, more, path)]

    def test_items_come_when_the_clock_begins_and_ends_the_work(self, tmp_path: Path) -> None:
        assert self.told(tmp_path, "2024-05-12 21:59") == []
        assert self.told(tmp_path, "2024-05-12 22:00") == [self.BEGIN]
        assert self.told(tmp_path, "2024-05-13 03:59") == [self.BEGIN]
        for path in ("feed.json", "services/bill/feed.json"):
            assert self.told(tmp_path, "2024-05-13 04:00", path=path) == [self.END, self.BEGIN]
        assert self.told(tmp_path, "2024-05-14 09:00", path="services/court/feed.json") == []
        begin = self.items(tmp_path, "2024-05-12 22:00")[0]
        assert "This is what was announced. It does not say that the work has begun." in begin["content_text"]
        assert begin in self.items(tmp_path, "2024-07-01 09:00")

    def test_nothing_later_changes_them(self, tmp_path: Path) -> None:
        both = self.items(tmp_path, "2024-05-14 09:00")
        moved = "\n## 2024-05-14 12:00\nstarts: 2024-05-20 22:00\nends: 2024-05-21 04:00\n\nOnce more.\n"
        assert self.items(tmp_path, "2024-05-15 09:00", moved) == both
        assert self.items(tmp_path, "2024-05-22 09:00", moved)[2:] == both
        gone = "\n## 2024-05-14 12:00 Withdrawn\n\nIt was a mistake.\n"
        assert self.items(tmp_path, "2024-05-15 09:00", gone) == both

    def test_what_an_update_says_needs_no_clock(self, tmp_path: Path) -> None:
        began = "\n## 2024-05-12 21:30 In progress\n\nWe begin early.\n"
        assert self.told(tmp_path, "2024-05-14 09:00", began) == [self.END]
        punctual = "\n## 2024-05-12 22:00 In progress\n\nWe begin.\n"
        assert self.told(tmp_path, "2024-05-14 09:00", punctual) == [self.END]
        done = "\n## 2024-05-13 02:00 Completed\n\nDone.\n"
        assert self.told(tmp_path, "2024-05-14 09:00", done) == [self.BEGIN]
        at_once = "\n## 2024-05-13 04:00 Completed\n\nDone.\n"
        assert self.told(tmp_path, "2024-05-14 09:00", at_once) == [self.BEGIN]
        late = "\n## 2024-05-13 06:00 Completed\n\nDone.\n"
        assert self.told(tmp_path, "2024-05-14 09:00", late) == [self.END, self.BEGIN]
        canceled = "\n## 2024-05-12 12:00 Cancelled\n\nNot now.\n"
        assert self.told(tmp_path, "2024-05-14 09:00", canceled) == []
        longer = "\n## 2024-05-13 03:00\nends: 2024-05-13 08:00\n\nIt takes longer.\n"
        later = (self.END[0], "2024-05-13T13:00:00+00:00")
        assert self.told(tmp_path, "2024-05-14 09:00", longer) == [later, self.BEGIN]

    def test_repeated_work_has_its_own_items(self, tmp_path: Path) -> None:
        weekly = self.POST.replace("ends: 2024", "repeats: FREQ=WEEKLY\n        ends: 2024")
        town = make_town(tmp_path, SERVICES, x=weekly)
        items = json.loads(town.city.files("2024-05-27 09:00")["feed.json"])["items"]
        assert len({item["id"] for item in items}) == len(items) == 7
        earlier = json.loads(town.city.files("2024-05-20 09:00")["feed.json"])["items"]
        assert [item["id"] for item in items[2:]] == [item["id"] for item in earlier]
