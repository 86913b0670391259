"""The files in docs/hosts/setups make real servers send each file as the table of headers says.

Each server runs as the user who runs the tests, on loopback. The documentation's lines are used as they are, except for
the site's folder and the port.
"""

import gzip
import tempfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from statusgen.files import File
from statusgen.folder.write import write
from statusgen.outputs import host
from statusgen.outputs.compression import add_compressed_copies
from tests.support.official_site import official_board, official_files
from tests.support.real_servers import SERVERS, Server, run_server
from tests.support.web_server import QuietHandler, request_paths, serve

MISSING = (
    "/nothing",
    "/nothing/",
    "/services/nothing.json",
    "/nothing.ics",
    "/script-0123456789ab.js",
    "/find-en-0123456789ab.js",
    "/print-0123456789ab.css",
    "/services/",
)
HIDDEN = ("/.statusgen", "/_headers", "/_redirects", "/.git/config", "/.htaccess")
# What a hundred files of one kind would tell, a few do; of everything else, all.
KINDS = ("index.html", "feed.xml", "atom.xml", "feed.json", "calendar.ics", "incident.json", "badge.svg", "badge.json")


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="statusgen-") as name:
        scratch = Path(name).resolve()
        scratch.chmod(0o755)  # Apache's workers are someone else where the tests are run by root
        site = scratch / "site"
        write((File(path, content) for path, content in official_files().items()), site, source=scratch / "city")
        (site / ".git").mkdir()
        (site / ".git" / "config").write_text("[core]\n")
        with run_server(SERVERS[request.param], site, scratch) as port:
            yield Server(port)


def expected_headers(path: str) -> dict[str, str]:
    """Return the headers in the table. A server's setup must not name hashes, which change with each release."""
    table = host.headers_for(path.removeprefix("/"), host.header_rules(official_board().site))
    policy = [part.split() for part in table["Content-Security-Policy"].split("; ")]
    styles = ["style-src", "'self'", "'unsafe-inline'"]
    table["Content-Security-Policy"] = "; ".join(" ".join(styles if p[0] == "style-src" else p) for p in policy)
    return table


def sample_paths() -> list[str]:
    """Return addresses of some files of each kind, and of every file that is there once."""
    by_name: dict[str, list[str]] = {}
    for path in sorted(official_files()):
        by_name.setdefault(path.rpartition("/")[2] if path.endswith(KINDS) else path, []).append(path)
    return request_paths(path for paths in by_name.values() for path in (*paths[:2], paths[-1]))


def test_each_file_is_sent_with_its_headers(server: Server) -> None:
    assert len(sample_paths()) > 20
    for path in sample_paths():
        answer = server.ask(path)
        assert answer.status == 200, path
        sent = {name: answer.headers.get(name) for name in expected_headers(path)}
        assert sent == expected_headers(path), path
        shared = {"Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy"}
        assert shared & answer.headers.keys() == shared & expected_headers(path).keys(), path
        assert answer.body == official_files()[f"{path[1:]}index.html" if path.endswith("/") else path[1:]]


def test_types_that_servers_know_are_right_too(server: Server) -> None:
    def kind(path: str) -> str:
        return server.ask(path).headers["Content-Type"].lower()

    assert kind("/") == "text/html; charset=utf-8"
    assert kind("/icon.svg").startswith("image/svg+xml")
    script = next(path for path in official_files() if path.startswith("script-"))
    assert kind(f"/{script}") in ("text/javascript; charset=utf-8", "application/javascript; charset=utf-8")
    assert kind("/sitemap.xml").split(";")[0] in ("text/xml", "application/xml")


@pytest.mark.parametrize("path", MISSING + HIDDEN)
def test_what_is_not_there_or_not_for_all_is_our_own_page_with_every_header(server: Server, path: str) -> None:
    answer = server.ask(path)
    assert answer.status == 404
    assert answer.body == official_files()["404.html"]
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    wanted = expected_headers("/404.html")
    assert {name: answer.headers.get(name) for name in wanted} == wanted


@pytest.mark.parametrize("address", ["/services/water-bill", "/es/services/water-bill", "/archive"])
def test_an_address_without_its_last_slash_leads_to_the_page(server: Server, address: str) -> None:
    answer = server.ask(address)
    assert answer.status in (301, 302, 307, 308)
    assert answer.headers["Location"] in (f"{address}/", f"http://127.0.0.1:{server.port}{address}/")


@pytest.mark.parametrize("language", ["", "/es"])
@pytest.mark.parametrize("feed", ["feed.xml", "atom.xml", "feed.json"])
def test_feeds_of_an_incident_that_is_long_over_lead_to_those_of_the_site(
    server: Server, language: str, feed: str
) -> None:
    answer = server.ask(f"{language}/incidents/long-over/{feed}")
    assert answer.status == 302
    assert answer.headers["Location"].removeprefix(f"http://127.0.0.1:{server.port}") == f"{language}/{feed}"
    assert server.ask(f"{language}/incidents/long-over/calendar.ics").status == 404
    assert server.ask(f"/services/long-over/{feed}").status == 404


def test_pages_and_data_are_sent_compressed_and_unchanged_ones_not_again(server: Server) -> None:
    for path in ("/", "/feed.xml", "/status.txt"):
        answer = server.ask(path, **{"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip", path
        assert len(answer.body) < len(server.ask(path).body) / 2
    plain = server.ask("/")
    again = server.ask("/", **{"If-None-Match": plain.headers["Etag"]})
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(("name", "ways"), [("nginx", ["gzip"]), ("caddy", ["gzip", "br"])])
def test_copies_that_were_compressed_beforehand_are_what_is_sent(name: str, ways: list[str]) -> None:
    paths = (
        "index.html",
        "404.html",
        "feed.xml",
        "calendar.ics",
        "status.json",
        "services.csv",
        "services/trash/index.html",
    )
    plain = [File(path, content) for path, content in official_files().items() if path in paths]
    files = {file.path: file for file in add_compressed_copies(plain, ("gzip", "brotli"))}
    with tempfile.TemporaryDirectory(prefix="statusgen-") as folder_name:
        scratch = Path(folder_name).resolve()
        write(files.values(), scratch / "site", source=scratch / "city")
        with run_server(SERVERS[name], scratch / "site", scratch) as port:
            server = Server(port)
            for path in (file.path for file in plain):
                address = f"/{path.removesuffix('index.html')}"
                for way in ways:
                    answer = server.ask(address, **{"Accept-Encoding": way})
                    assert answer.headers["Content-Encoding"] == way, path
                    assert answer.body == files[f"{path}{'.gz' if way == 'gzip' else '.br'}"].content
                    assert "accept-encoding" in answer.headers["Vary"].lower()
                    sent = {name: answer.headers.get(name) for name in expected_headers(address)}
                    assert sent == expected_headers(address), path
                unpacked = server.ask(address)
                assert "Content-Encoding" not in unpacked.headers
                assert unpacked.body == files[path].content
            missing = server.ask("/nothing", **{"Accept-Encoding": "gzip"})
            assert missing.status == 404
            assert gzip.decompress(missing.body) == files["404.html"].content


def open_page(browser: Browser, address: str) -> tuple[Page, list[str]]:
    """Open a new page, because leaving one cancels what it still loads; return it and the browser's complaints."""
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto(address)
    return page, complaints


def test_a_browser_finds_nothing_against_the_policy_and_runs_the_script(server: Server, browser: Browser) -> None:
    address = f"http://127.0.0.1:{server.port}"
    front, complaints = open_page(browser, f"{address}/")
    assert front.get_by_role("searchbox").count() == 1  # which the script shows
    assert complaints == []
    service, complaints = open_page(browser, f"{address}/services/water-bill/")
    assert service.locator("h1").evaluate("element => getComputedStyle(element).fontWeight") != "400"
    assert complaints == []
    front.close()
    service.close()


class _OtherSite(QuietHandler, BaseHTTPRequestHandler):
    """A page of another site. With a badge it is as strict about what it embeds as a page can be."""

    def do_GET(self) -> None:
        what, _, status = self.path[1:].partition("?")
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        if what == "badge":
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.end_headers()
        element = {"badge": f'<img src="{status}badge.svg">', "frame": f'<iframe src="{status}"></iframe>'}.get(
            what, ""
        )
        self.wfile.write(f"<!doctype html><title>Other</title>{element}".encode())


def test_another_page_can_show_a_badge_and_read_a_feed_but_not_frame_a_page(server: Server, browser: Browser) -> None:
    status = f"http://127.0.0.1:{server.port}/"
    page = browser.new_page()
    with serve(_OtherSite) as address:
        other = address.replace("127.0.0.1", "localhost")
        page.goto(f"{other}badge?{status}")
        assert page.locator("img").evaluate("image => image.complete && image.naturalWidth > 0")
        assert page.evaluate(f"fetch('{status}feed.xml').then(answer => answer.text())").startswith("<?xml")
        page.goto(f"{other}frame?{status}")
        assert len(page.frames) == 2
        assert status not in [frame.url for frame in page.frames]
    page.close()


def test_a_badge_opened_by_itself_keeps_to_the_policy(server: Server, browser: Browser) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"http://127.0.0.1:{server.port}/badge.svg")
    assert page.evaluate("document.documentElement.tagName") == "svg"
    page.close()
    # A picture names no icon, so the browser asks for one that is not there.
    assert [complaint for complaint in complaints if "(Not Found)" not in complaint] == []
