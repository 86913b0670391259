"""The hub is told which feeds have changed, in the form that hubs take (PubSubHubbub 0.4, section 7)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Event
from urllib.parse import parse_qs

import pytest

from tests.support.mail_server import MailServer
from tests.support.notifying import BILL, LIST, NotifyingTown
from tests.support.web_server import serve

SITE = "https://status.springfield.example/"


@dataclass
class Hub:
    """A hub: `feeds` are those that it was told of; it answers with `status`, or hangs up instead."""

    address: str = ""
    feeds: list[str] = field(default_factory=list)
    status: int = 204
    hangs_up: bool = False
    was_asked: Event = field(default_factory=Event)
    may_answer: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.may_answer.set()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Take a request as the specification has it."""
        body = parse_qs(request.rfile.read(int(request.headers["Content-Length"])).decode(), strict_parsing=True)
        assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
        assert body["hub.mode"] == ["publish"]
        self.feeds += body["hub.url"]
        self.was_asked.set()
        assert self.may_answer.wait(60)
        if not self.hangs_up:
            request.send_response(self.status)
            request.send_header("Content-Length", "0")
            request.end_headers()


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A hub on this computer."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hub.answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with serve(Handler) as address:
        hub.address = address
        yield hub


def test_the_hub_is_told_of_each_feed_that_has_the_update_once(town: NotifyingTown, hub: Hub) -> None:
    town.set_up(LIST, site=f"hub: '{hub.address}publish', languages: [en, es]")
    town.write("bill", BILL)
    assert "Sent: bill/2024-05-05-0800 to hub." in town.tell(at="2024-05-05 08:10")
    places = ("", "incidents/bill/", "services/water-bill/", "groups/water/")
    expected = {
        f"{SITE}{language}{place}{feed}"
        for language in ("", "es/")
        for place in places
        for feed in ("feed.xml", "atom.xml", "feed.json")
    }
    assert sorted(hub.feeds) == sorted(expected)
    town.tell(at="2024-05-05 08:20")
    assert len(hub.feeds) == len(expected)


def test_a_site_that_has_nothing_but_a_hub(town: NotifyingTown, hub: Hub) -> None:
    town.set_up(LIST, site=f"hub: '{hub.address}'")
    services = town.folder / "services.yaml"
    services.write_text(services.read_text().partition("notify:")[0])
    town.write("bill", BILL)
    town.tell(at="2024-05-05 08:10")
    assert f"{SITE}feed.xml" in hub.feeds


def test_the_hub_is_not_told_of_what_is_not_published_or_old(town: NotifyingTown, hub: Hub) -> None:
    town.set_up(LIST, site=f"hub: '{hub.address}'")
    town.write("old", BILL)
    town.publish("2024-05-07 08:00")
    town.write("bill", BILL.replace("2024-05-05", "2024-05-07"))
    assert town.notify("--channel", "hub", at="2024-05-07 08:10").exit_code == 4
    assert hub.feeds == []


def test_a_hub_is_told_over_an_encrypted_connection_or_not_at_all(town: NotifyingTown, post_office: MailServer) -> None:
    town.set_up(LIST, site="hub: 'http://hub.springfield.example/'")
    town.write("bill", BILL)
    town.publish("2024-05-05 08:10")
    result = town.notify(at="2024-05-05 08:10")
    assert result.exit_code == 1
    assert "What hub: of services.yaml says is not an address to send messages to." in result.output
    assert "it has to begin with https://" in town.notify("--dry-run", at="2024-05-05 08:10").output
    assert post_office.mails == []


@pytest.mark.parametrize("fault", ["error", "silence"])
def test_a_hub_that_fails_is_told_again(town: NotifyingTown, hub: Hub, post_office: MailServer, fault: str) -> None:
    town.set_up(LIST, site=f"hub: '{hub.address}'")
    town.write("bill", BILL)
    town.publish("2024-05-05 08:10")
    hub.status, hub.hangs_up = 500, fault == "silence"
    result = town.notify(at="2024-05-05 08:10")
    assert result.exit_code == 4
    assert "Not sent: bill/2024-05-05-0800 to hub. The hub" in result.output
    hub.status, hub.hangs_up = 204, False
    town.tell(at="2024-05-05 08:20")
    assert f"{SITE}feed.xml" in hub.feeds
    assert len(post_office.mails) == 1


def test_while_a_hub_takes_its_time_nobody_else_tells_anybody(
    town: NotifyingTown, hub: Hub, post_office: MailServer
) -> None:
    town.set_up(LIST, site=f"hub: '{hub.address}'")
    town.write("bill", BILL)
    town.publish("2024-05-05 08:10")
    hub.may_answer.clear()
    slow = town.start("2024-05-05 08:10")
    assert hub.was_asked.wait(60)
    other = town.notify(at="2024-05-05 08:11")
    hub.may_answer.set()
    output, _ = slow.communicate(timeout=60)
    assert "bill/2024-05-05-0800 to hub: it may or may not have been sent." in other.output
    assert "There is nothing to send." in other.output
    assert "2 messages sent." in output
    assert len(post_office.mails) == 1
    assert len(hub.feeds) == len(set(hub.feeds))
