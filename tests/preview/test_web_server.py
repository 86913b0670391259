"""The server on a writer's computer keeps others out, whatever they ask for, and answers however many tabs are open."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Response
from playwright.sync_api import Browser, Page, expect

from statusgen.preview.state import Preview
from statusgen.preview.web_server import MAX_STREAMS, SANDBOX_HEADERS, listen, make_local_app, send_site_file
from tests.support.preview import PATIENCE, RunningPreview, Writer, run_preview
from tests.support.sample_sites import make_city

SERVICES = """\
  - name: Trash pickup
"""
POST = """\
---
title: No trash pickup
started: 2024-05-06 08:00
services:
  trash-pickup: down
---
The trucks do not start.
"""


def make_writer(folder: Path) -> Writer:
    (folder / "city").mkdir()
    make_city(folder / "city", SERVICES, POST)
    return Writer(folder / "city")


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Writer:
    return make_writer(tmp_path_factory.mktemp("quiet"))


@pytest.fixture(scope="module")
def preview(writer: Writer) -> Iterator[RunningPreview]:
    """A preview for tests that change nothing."""
    with run_preview(writer) as preview:
        yield preview


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def raw_answer(preview: RunningPreview, request: bytes) -> bytes:
    """Return all that is answered to a request that no library would send; HOST in it is the preview."""
    with socket.create_connection(("127.0.0.1", preview.port), timeout=PATIENCE) as connection:
        connection.sendall(request.replace(b"HOST", f"localhost:{preview.port}".encode()))
        return connection.makefile("rb").read()


@pytest.mark.parametrize(
    "path",
    [
        "/../services.yaml",
        "/incidents/../../services.yaml",
        "/%2e%2e/services.yaml",
        "/%2e%2e%2fservices.yaml",
        "/..%5cservices.yaml",
        "/..\\services.yaml",
        "/%252e%252e/services.yaml",
        "/services.yaml",
        "/services.yaml%00",
        "/%00",
        "/%ff%fe",
        "//services.yaml",
        "/./services.yaml",
        "/C:/Windows/win.ini",
        "/c%3a%5cwindows%5cwin.ini",
        "/~preview/../services.yaml",
        "/~preview/..%5capp.py",
        "/~preview/frame.js%00",
        "/~preview/FRAME.JS",
        "/~preview/at/20240506T130000Z/../../../services.yaml",
        "/index.html/",
        "/index.html%20",
        "/INDEX.HTML",
    ],
)
def test_no_path_leads_to_anything_but_the_files_of_the_site(preview: RunningPreview, path: str) -> None:
    status, _, content = preview.ask(path)
    assert (status, b"services:" in content, b"import" in content) == (404, False, False)


def test_no_path_leads_to_another_host(preview: RunningPreview) -> None:
    for path in ("//evil.example/incidents/post-1", "/\\evil.example", "/incidents/post-1", "//incidents/post-1"):
        headers = preview.ask(path)[1]
        assert headers["Location"] in (None, "post-1/"), path


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_head_says_what_a_get_does_without_the_content(preview: RunningPreview, method: str) -> None:
    for path, status in {
        "/": 200,
        "/feed.xml": 200,
        "/incidents/post-1": 302,
        "/none": 404,
        "/~preview/no": 404,
    }.items():
        answer = preview.ask(path, method)
        assert (answer[0], bool(answer[2])) == (status, method == "GET" and status != 302), path
        assert answer[1]["Content-Type"] == preview.ask(path)[1]["Content-Type"]


def test_what_is_too_large_is_refused(preview: RunningPreview) -> None:
    """As much is sent as the server reads before it refuses, or the connection would be cut in its answer."""
    most = 65_536
    head = f"POST / HTTP/1.1\r\nHost: localhost:{preview.port}\r\n".encode()
    for request_, status in {
        head + f"Content-Length: {most}\r\n\r\n".encode(): 413,
        head + b"Transfer-Encoding: chunked\r\n\r\n" + b"FFFFFF\r\n".ljust(most, b"x"): 413,
        (head + b"Cookie: ").ljust(1_048_576, b"x"): 431,
    }.items():
        assert f" {status} ".encode() in raw_answer(preview, request_).partition(b"\r\n")[0]


def test_all_the_cookies_that_a_browser_keeps_are_taken_and_who_sends_more_reads_what_to_do(
    preview: RunningPreview,
) -> None:
    head = f"GET / HTTP/1.1\r\nHost: localhost:{preview.port}\r\nConnection: close\r\nCookie: ".encode()
    cookies = "; ".join(f"name-{number:04}={'x' * 4086}" for number in range(180)).encode()
    assert b" 200 " in raw_answer(preview, head + cookies + b"\r\n\r\n").partition(b"\r\n")[0]
    refused = raw_answer(preview, head + b"x" * (1_048_576 - len(head)))
    assert b"Delete the cookies of 127.0.0.1 and of localhost" in refused
    assert b"default-src 'none'" in refused


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nHost: HOST\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: HOST\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\nForwarded: host=HOST\r\nConnection: close\r\n\r\n",
        b"GET http://HOST/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example/HOST\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"POST /none HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    ],
)
def test_nothing_stands_in_for_the_host(preview: RunningPreview, request_: bytes) -> None:
    answer = raw_answer(preview, request_)
    assert b" 403 " in answer.partition(b"\r\n")[0]
    assert answer.endswith(b"Only for this computer.\n")


def test_an_answer_names_no_program(preview: RunningPreview) -> None:
    for path in ("/", "/none", "/~preview/"):
        headers = preview.ask(path)[1]
        assert (headers["Server"], headers["Via"]) == (None, None)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:{port}"])
def test_no_origin_is_told_that_it_may_read(preview: RunningPreview, origin: str) -> None:
    for path in ("/", "/feed.xml", "/none", "/~preview/news", "/~preview/frame.js"):
        for method in ("HEAD", "OPTIONS"):
            headers = preview.ask(path, method, Origin=origin.format(port=preview.port))[1]
            assert not [name for name in headers if name.lower().startswith("access-control")]
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


READ = """async address => {
  const read = await fetch(address).then(answer => answer.text(), () => "refused");
  const seen = await fetch(address, {mode: "no-cors"}).then(() => "sent", () => "refused");
  const image = new Image();
  const drawn = await new Promise(done => {
    image.onload = () => done("drawn");
    image.onerror = () => done("refused");
    image.src = address;
  });
  return [read, seen, drawn];
}"""


def test_a_page_of_another_site_reads_and_draws_nothing(preview: RunningPreview, page: Page) -> None:
    other = make_local_app()
    other.get("/")(lambda: Response("<!doctype html>Hello", headers={"Content-Security-Policy": "img-src *"}))
    with listen(other, "127.0.0.1", 0) as server:
        server.start()
        page.goto(server.url.replace("127.0.0.1", "localhost"))
        for path in ("/badge.svg", "/status.json", "/~preview/frame.js"):
            assert page.evaluate(READ, f"{preview.address}{path}") == ["refused"] * 3


@pytest.mark.parametrize("count", [20, MAX_STREAMS + 20])
def test_however_many_tabs_are_open_each_gets_its_page_and_the_news(
    tmp_path: Path, count: int, capfd: pytest.CaptureFixture[str]
) -> None:
    writer = make_writer(tmp_path)
    with run_preview(writer) as preview, ExitStack() as tabs:
        events = [tabs.enter_context(preview.listen()) for _ in range(count)]
        assert all(next_event()["good"] for next_event in events)
        for path in ("/", "/feed.xml", "/~preview/"):
            assert preview.page(path)[0] == 200
        writer.save("incidents/post-1.md", POST.replace("start.", "start at all."))
        told = [next_event()["pages"] for next_event in events[:20]]
        assert len(set(told)) == 1
        assert "start at all." in preview.page("/incidents/post-1/")[1]
        # The preview ends while all of them are open.
        preview.stop.set()
        preview.thread.join(PATIENCE)
        assert not preview.thread.is_alive()
    assert capfd.readouterr() == ("", "")


def test_a_connection_that_is_kept_does_not_keep_the_preview(writer: Writer) -> None:
    with run_preview(writer) as preview:
        connection = HTTPConnection("127.0.0.1", preview.port, timeout=PATIENCE)
        connection.request("GET", "/", headers={"Host": f"localhost:{preview.port}"})
        assert connection.getresponse().read()
    assert connection.sock.recv(1) == b""
    connection.close()
    with socket.create_server(("127.0.0.1", preview.port)):
        pass  # its port is free again


def test_nonsense_is_answered_and_not_printed(preview: RunningPreview, capfd: pytest.CaptureFixture[str]) -> None:
    for request_ in (
        b"\0\0\0\0\r\n\r\n",
        b"get / http\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost HOST\r\n\r\n",
        b"\x16\x03\x01\r\n\r\n",
    ):
        assert b" 400 " in raw_answer(preview, request_).partition(b"\r\n")[0]
    assert preview.page("/")[0] == 200
    assert capfd.readouterr() == ("", "")


SECRET = "/p/JHkS82jd/"
EDITOR = f"""<!doctype html><html lang="en"><title>Editor</title><p id="draft">Our secret</p>
<iframe src="{SECRET}incidents/post-1"></iframe></html>"""


@contextmanager
def run_editor(writer: Writer) -> Iterator[str]:
    """Show a page of the site in a page that must be kept from it, as the desk does; yield the address."""
    preview = Preview(writer.preview_source(), print)
    preview.build()
    snapshot = preview.state.snapshot(None)
    assert snapshot
    app = make_local_app()

    @app.get("/editor")
    def show_editor() -> Response:
        return Response(EDITOR, headers={"Content-Security-Policy": "default-src 'none'; frame-src 'self'"})

    @app.get(SECRET)
    @app.get(f"{SECRET}<path:path>")
    def show_page(path: str = "") -> Response:
        return send_site_file(snapshot, path, SANDBOX_HEADERS)

    with listen(app, "127.0.0.1", 0) as server:
        server.start()
        yield f"{server.url}/editor"


def test_a_page_in_a_sandbox_looks_as_it_does_but_runs_and_reaches_nothing(writer: Writer, page: Page) -> None:
    loaded: list[str] = []
    failed: list[str] = []
    page.on("requestfinished", lambda request: loaded.append(request.url))
    page.on("requestfailed", lambda request: failed.append(request.url))
    with run_editor(writer) as address:
        page.goto(address)
        site = page.frame_locator("iframe")
        expect(site.locator("main")).to_contain_text("The trucks do not start.")
        site.get_by_role("link", name="Springfield").first.click()
        expect(site.locator("h1")).to_contain_text("Trash pickup")
        assert page.evaluate("document.querySelector('iframe').contentDocument") is None
        page.close()
    pages = [url.partition(SECRET)[2] for url in loaded if url.endswith(("/", ".html"))]
    assert pages == ["incidents/post-1/", "index.html"]
    assert [url for url in loaded if f"{SECRET}print-" in url]
    assert failed == []


def test_a_server_that_was_never_started_gives_its_port_back() -> None:
    with listen(make_local_app(), "127.0.0.1", 0) as server:
        port = int(server.url.rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)):
        pass
