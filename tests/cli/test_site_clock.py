"""The clock of the published site's server, which `new` and `update` compare with this computer's."""

import shlex
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cli.main import main
from statusgen.cli.site_clock import OFF, read_site_clock
from tests.support.office import POST, Office
from tests.support.web_server import QuietHandler, serve

NOON = datetime(2024, 5, 5, 12, 0, tzinfo=UTC)
DATE = "Sun, 05 May 2024 12:00:00 GMT"


@pytest.fixture(autouse=True)
def may_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(OFF)


@contextmanager
def server(
    status: int = 200, wait: float = 0, headers: dict[str, str] | None = None
) -> Iterator[tuple[str, list[str]]]:
    """Run a server with these headers; its address, and what it is asked."""
    asked: list[str] = []

    class Handler(QuietHandler):
        def do_HEAD(self) -> None:  # noqa: N802 (the name that the library looks for)
            asked.append(f"{self.requestline} {sorted(name.lower() for name in self.headers)}")
            time.sleep(wait)  # a server that does not answer in time is what one test needs
            self.send_response_only(status)
            for name, value in {"Date": DATE, **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()

    with serve(Handler) as address:
        yield address, asked


def test_the_server_is_asked_once_and_told_nothing() -> None:
    with server() as (address, asked):
        assert read_site_clock(f"{address}status/") == NOON
    assert asked == ["HEAD /status/ HTTP/1.1 ['accept-encoding', 'host']"]


def test_the_age_of_an_answer_counts() -> None:
    with server(headers={"Age": "3600"}) as (address, _):
        assert read_site_clock(address) == NOON.replace(hour=13)


def test_no_redirect_is_followed() -> None:
    with server() as (other, others), server(302, headers={"Location": other}) as (address, asked):
        assert read_site_clock(address) == NOON
    assert (len(asked), others) == (1, [])


@pytest.mark.parametrize("headers", [{"Date": ""}, {"Date": "yesterday"}, {"Age": "old"}, {"Age": "9" * 30}])
def test_an_answer_without_a_time_is_none(headers: dict[str, str]) -> None:
    with server(headers=headers) as (address, _):
        assert read_site_clock(address) is None


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "ftp://127.0.0.1/", "file:///etc/passwd", "http:///"])
def test_what_cannot_be_asked_is_silent(url: str) -> None:
    assert read_site_clock(url) is None


def test_a_slow_server_is_not_waited_for() -> None:
    begin = time.monotonic()
    with server(wait=0.5) as (address, _):
        assert read_site_clock(address, time_limit=0.1) is None
        assert time.monotonic() - begin < 0.45


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, POST)


def run_by_the_clock(office: Office, command: str, url: str) -> str:
    """Run a command without SOURCE_DATE_EPOCH, in a site at this address."""
    services = office.folder / "services.yaml"
    text = services.read_text(encoding="utf-8").replace("https://springfield.example/", url)
    services.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, [*shlex.split(command), "--source", str(office.folder)])
    assert result.exit_code == 0, result.output
    return result.stderr


def test_a_writer_is_told_that_a_clock_is_wrong(office: Office) -> None:
    with server() as (address, _):
        told = run_by_the_clock(office, "update post-1 --text Hello.", address)
    assert f"but the server of {address} says 2024-05-05 07:00." in told


def test_a_right_clock_is_not_spoken_of(office: Office) -> None:
    with server(headers={"Date": format_datetime(datetime.now(UTC), usegmt=True)}) as (address, asked):
        assert run_by_the_clock(office, "update post-1 --text Hello.", address) == ""
    assert len(asked) == 1


@pytest.mark.parametrize("command", ["check", "build --output site", "status", "promise post-1 'in 2 hours'"])
def test_no_other_command_asks(office: Office, command: str) -> None:
    command = command.replace("site", str(office.folder / "site"))
    with server() as (address, asked):
        run_by_the_clock(office, command, address)
    assert asked == []


def test_nothing_is_asked_where_it_is_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OFF, "1")
    with server() as (address, asked):
        assert read_site_clock(address) is None
    assert asked == []
