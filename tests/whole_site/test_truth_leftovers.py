"""What the outputs say of beginnings, of planned work, of numbers and of old words: only what somebody said."""

import json
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
        services: {court: {status: limited, since: 2024-05-06}, bill: {status: working, since: 2024-05-07}}

        Some of it is back.
    """

    def test_an_update_tells_since_when_as_it_was_written(self, tmp_path: Path) -> None:
        files = make_town(tmp_path, SERVICES, x=self.POST).city.files("2024-05-08 09:00")
        page = Page(files["incidents/x/index.html"].decode()).words
        feed = "\n".join(item["content_text"] for item in json.loads(files["feed.json"])["items"])
        for text in (page, feed):
            assert "Pay a bill: Not available, since May 5, 2024, 8:00 AM CDT" in text
            assert "Permits: Not available, since May 3, 2024" in text
            assert "Court: Not available, since" not in text
            assert "Court: Partly working, since May 6, 2024" in text
            assert "Working, since" not in text
        document = json.loads(files["incidents/x/incident.json"])
        first, second = (
            {each["service"]: each["since"] for each in update["reports"]} for update in document["updates"]
        )
        assert first == {"bill": "2024-05-05T08:00:00-05:00", "permits": "2024-05-03", "court": None}
        assert second == {"court": "2024-05-06", "bill": None}
