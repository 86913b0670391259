"""The preview shows the site to this computer, tells of mistakes, and keeps up with the files."""

import http.client
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from statusgen.errors import ContentError, OutputError, Place, Problem
from statusgen.files import File
from statusgen.preview import content_type, serve

PATIENCE = 20  # seconds until a test gives up; no test waits for it to pass
PAGE = (
    b'<!doctype html><html lang="en"><head><meta charset="utf-8">'
    b"""<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'">"""
    b'<title>Status</title></head><body class="front"><h1>All well</h1></body></html>'
)
MESSAGES = "site.md:1: No <b>tag</b> here & no {braces}.\nsite.md:2: Nor here."


class City:
    """A folder whose files are published as they are, unless one of them holds the word MISTAKE."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self) -> Iterator[File]:
        for path in self.paths():
            content = path.read_bytes()
            if b"MISTAKE" in content:
                raise ContentError(
                    [
                        Problem(Place("site.md", 1), "No <b>tag</b> here & no {braces}."),
                        Problem(Place("site.md", 2), "Nor here."),
                    ]
                )
            yield File(path.relative_to(self.folder).as_posix(), content)

    def paths(self) -> Iterable[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.is_file())

    def put(self, name: str, content: bytes) -> None:
        """Write a file in one step, as editors do, beside the folder first."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.folder.parent / "draft"
        draft.write_bytes(content)
        draft.replace(path)


class Running:
    """A preview at work, with what it said and its address."""

    def __init__(self, city: City, host: str) -> None:
        self.said: queue.Queue[str] = queue.Queue()
        self.stop = threading.Event()
        self.thread = threading.Thread(
            target=serve,
            args=(city.build, city.paths),
            kwargs={"host": host, "port": 0, "say": self.said.put, "stop": self.stop},
        )
        self.thread.start()
        self.first_words = self.hear()
        words = self.first_words if "http" in self.first_words else self.hear()
        self.address = words.split()[4].removesuffix("/")

    def hear(self) -> str:
        return self.said.get(timeout=PATIENCE)

    def page(self, path: str) -> tuple[int, str]:
        try:
            with urlopen(self.address + path, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as answer:
            with answer:
                return answer.code, answer.read().decode()

    def kind(self, path: str) -> str:
        with urlopen(self.address + path, timeout=PATIENCE) as answer:
            kind = answer.headers["Content-Type"]
            assert isinstance(kind, str)
            return kind


@pytest.fixture
def city(tmp_path: Path) -> City:
    city = City(tmp_path / "city")
    city.put("index.html", PAGE)
    return city


@contextmanager
def preview(city: City, host: str = "127.0.0.1") -> Iterator[Running]:
    running = Running(city, host)
    try:
        yield running
    finally:
        running.stop.set()
        running.thread.join(PATIENCE)
        assert not running.thread.is_alive()


def test_a_page_gains_the_script_and_loses_the_policy_that_forbids_it(city: City) -> None:
    with preview(city) as running:
        status, page = running.page("/")
        build = page.partition('data-build="')[2].partition('"')[0]
        script = running.page("/-/preview.js")
    assert status == 200
    assert build
    assert page == (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Status</title></head>'
        '<body class="front"><h1>All well</h1>'
        f'<script src="/-/preview.js" data-build="{build}"></script></body></html>'
    )
    assert script[0] == 200
    assert "EventSource" in script[1]


def test_other_files_are_served_as_they_are(city: City) -> None:
    city.put("feed.xml", b"<rss><!-- </body> --></rss>")
    with preview(city) as running:
        assert running.page("/feed.xml") == (200, "<rss><!-- </body> --></rss>")


def test_a_page_without_a_body_tag_gains_the_script_at_its_end(city: City) -> None:
    city.put("short.html", b"<!doctype html><title>Short</title><p>Short")
    with preview(city) as running:
        assert running.page("/short.html")[1].startswith("<!doctype html><title>Short</title><p>Short<script ")


def test_a_folder_shows_its_index(city: City) -> None:
    city.put("incidents/jos\u00e9/index.html", b"<body>Caf\xc3\xa9</body>")
    with preview(city) as running:
        assert "Caf\u00e9" in running.page("/incidents/jos%C3%A9/?page=2")[1]
        with urlopen(f"{running.address}/incidents/jos%C3%A9", timeout=PATIENCE) as answer:
            assert answer.url == f"{running.address}/incidents/jos%C3%A9/"


def test_an_unknown_address_shows_the_site_s_own_page(city: City) -> None:
    with preview(city) as running:
        status, page = running.page("/nothing")
        assert status == 404
        assert "Nothing is at this address." in page
        city.put("404.html", b"<body>Lost?</body>")
        running.hear()
        for address in ("/nothing", "/nothing/", "/../index.html", "/%2e%2e/index.html", "//etc/passwd"):
            status, page = running.page(address)
            assert status == 404
            assert "Lost?" in page


def test_a_reload_is_due_when_a_file_changes_comes_or_goes(city: City) -> None:
    with preview(city) as running, urlopen(f"{running.address}/-/events", timeout=PATIENCE) as events:
        assert events.headers["Content-Type"] == "text/event-stream"
        assert events.headers["Cache-Control"] == "no-store"
        seen = [next_event(events)]
        assert f'data-build="{seen[0]}"' in running.page("/")[1]

        city.put("index.html", PAGE.replace(b"All well", b"Water is off"))
        seen.append(next_event(events))
        assert "Water is off" in running.page("/")[1]

        city.put("news.html", b"<body>News</body>")
        seen.append(next_event(events))
        assert running.page("/news.html")[0] == 200

        (city.folder / "news.html").unlink()
        seen.append(next_event(events))
        assert running.page("/news.html")[0] == 404

        assert len(set(seen)) == 4
        assert [running.hear() for _ in range(3)] == ["Built again."] * 3


def next_event(events: http.client.HTTPResponse) -> str:
    while line := events.readline():
        if line.startswith(b"data: "):
            return line.removeprefix(b"data: ").decode().strip()
    raise AssertionError("the stream has ended")


def test_a_mistake_is_shown_above_the_last_good_pages_until_it_is_mended(city: City) -> None:
    with preview(city) as running:
        city.put("site.md", b"MISTAKE")
        assert running.hear() == MESSAGES
        for address in ("/", "/nothing"):
            body = running.page(address)[1].partition("<body")[2].partition(">")[2]
            assert body.strip().startswith('<section lang="en" dir="ltr" role="alert"')
            assert "This page is from before" in body
            assert "No &lt;b&gt;tag&lt;/b&gt; here &amp; no {braces}.\nsite.md:2: Nor here." in body
        assert running.page("/")[0] == 200
        assert "<h1>All well</h1>" in running.page("/")[1]

        city.put("site.md", b"mended")
        assert running.hear() == "Built again."
        assert "role=" not in running.page("/")[1]
        assert running.page("/site.md") == (200, "mended")


def test_before_the_first_good_build_there_is_a_page_with_the_messages(city: City) -> None:
    city.put("site.md", b"MISTAKE")
    with preview(city) as running:
        assert running.first_words == MESSAGES
        status, page = running.page("/any/page/")
        assert status == 503
        assert "There is no site yet:" in page
        assert "site.md:2: Nor here." in page
        assert "/-/preview.js" in page

        city.put("site.md", b"mended")
        running.hear()
        assert running.page("/")[0] == 200


class CityWithMap(City):
    def build(self) -> Iterator[File]:
        yield from super().build()
        yield File("map.html", (self.folder / "map.html").read_bytes())


def test_a_file_that_cannot_be_read_is_a_mistake_too(city: City) -> None:
    with preview(CityWithMap(city.folder)) as running:
        assert running.first_words == (f"{city.folder / 'map.html'} cannot be read: No such file or directory.")
        city.put("map.html", b"<body>Map</body>")
        assert running.hear() == "Built again."
        assert running.page("/map.html")[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "localhost", "127.0.0.1:1", ""])
@pytest.mark.parametrize("address", ["/", "/-/events", "/-/preview.js"])
def test_another_site_s_name_is_refused(city: City, host: str, address: str) -> None:
    with preview(city) as running:
        assert ask(running, address, host)[0] == 403


@pytest.mark.parametrize("host", ["localhost:{port}", "127.0.0.1:{port}", "LOCALHOST:{port}", "[::1]:{port}"])
def test_this_computer_s_names_are_fine(city: City, host: str) -> None:
    with preview(city) as running:
        status, headers = ask(running, "/", host)
        assert status == 200
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"


def ask(running: Running, address: str, host: str) -> tuple[int, http.client.HTTPMessage]:
    port = int(running.address.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.putrequest("GET", address, skip_host=True)
    connection.putheader("Host", host.format(port=port))
    connection.endheaders()
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers


def test_types_are_those_of_the_web(city: City) -> None:
    for name in ("calendar.ics", "status.json", "feed.xml", "badge.svg", "style.css"):
        city.put(name, b"")
    with preview(city) as running:
        assert running.kind("/") == "text/html; charset=utf-8"
        assert running.kind("/calendar.ics") == "text/calendar; charset=utf-8"
        assert running.kind("/status.json") == "application/json"
        assert running.kind("/feed.xml") == "application/xml"
        assert running.kind("/badge.svg") == "image/svg+xml"
        assert running.kind("/style.css") == "text/css; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a.js", "text/javascript; charset=utf-8"),
        ("sms.TXT", "text/plain; charset=utf-8"),
        ("a.csv", "text/csv; charset=utf-8"),
        ("a.jpg", "image/jpeg"),
        ("a.png", "image/png"),
        ("a.webp", "image/webp"),
        ("_headers", "application/octet-stream"),
    ],
)
def test_types_of_other_files(path: str, kind: str) -> None:
    assert content_type(path) == kind


def refusal(city: City, *, host: str = "127.0.0.1", port: int = 0) -> str:
    with pytest.raises(OutputError) as caught:
        serve(city.build, city.paths, host=host, port=port, say=print)
    return str(caught.value)


def test_a_port_in_use_is_said_in_plain_words(city: City) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refusal(city, port=port) == (
            f"Port {port} is in use already, perhaps by another preview. Choose another, or 0 for any that is free."
        )


def test_there_are_no_ports_above_65535(city: City) -> None:
    assert refusal(city, port=65_536) == "There is no port 65536: choose a number from 0 to 65535."


def test_other_computers_cannot_be_served(city: City) -> None:
    assert refusal(city, host="0.0.0.0").startswith("The preview is for this computer alone")


def test_the_newer_loopback_address_works(city: City) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this computer has no IPv6")
    with preview(city, "::1") as running:
        assert running.address.startswith("http://[::1]:")
        assert running.page("/")[0] == 200


FROM_A_TERMINAL = """
import signal
import sys
from pathlib import Path
from statusgen.files import File
from statusgen.preview import serve

# Whoever starts the tests in the background starts them with Ctrl-C switched off; a terminal does not.
signal.signal(signal.SIGINT, signal.default_int_handler)
page = Path(sys.argv[1])
serve(
    lambda: [File("index.html", page.read_bytes())],
    lambda: [page],
    port=0,
    say=lambda words: print(words, flush=True),
)
"""


def test_ctrl_c_ends_it_quietly(city: City) -> None:
    arguments = [sys.executable, "-c", FROM_A_TERMINAL, str(city.folder / "index.html")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        address = process.stdout.readline().split()[4]
        with urlopen(f"{address}-/events", timeout=PATIENCE) as events:
            next_event(events)
            os.kill(process.pid, signal.SIGINT)
            try:
                out, err = process.communicate(timeout=PATIENCE)
            finally:
                process.kill()  # does nothing to a process that has ended
    assert (process.returncode, out, err) == (0, "", "")


def test_a_browser_that_goes_away_is_no_error(city: City, capfd: pytest.CaptureFixture[str]) -> None:
    with preview(city) as running:
        port = int(running.address.rpartition(":")[2])
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
                connection.sendall(f"GET /-/events HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
                assert connection.recv(10)
        city.put("index.html", PAGE + b"<!-- changed -->")
        running.hear()
        assert running.page("/")[0] == 200
    assert capfd.readouterr() == ("", "")
