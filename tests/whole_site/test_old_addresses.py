"""What was at an address of an earlier site is found: by a page, by what a host does, and by real servers."""

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from click.testing import CliRunner
from lxml import etree
from playwright.sync_api import Browser

from statusgen import addresses
from statusgen.audit.audit import audit_files
from statusgen.cli.main import main
from statusgen.files import File
from statusgen.outputs.host import header_rules, headers_for
from statusgen.outputs.redirects import SERVERS as LINES
from statusgen.outputs.redirects import server_lines
from statusgen.problems import AuditError
from tests.support.official_site import official_board, official_files
from tests.support.paths import DOCS
from tests.support.real_servers import SERVERS, Answer, Server, run_server
from tests.support.sample_sites import Page
from tests.support.telling import Town, make_town

AT = "2024-05-08 12:00"
SERVICES = """
services:
  - {name: {en: Pay a water bill, es: Pagar el agua}, id: water}
  - {name: {en: Trash pickup, es: Basura}, id: trash}
"""
SITE = (
    "languages: [en, es], was: {/index.xml: /feed.xml, /affected/water/index.xml: /services/water/feed.xml, "
    "/index.es.xml: /es/feed.xml, /history: /archive/, /affected/water/: /services/water/}"
)
FLOOD = """
---
title: The pumps & the flood
started: 2024-05-05 08:00
services: {water: down}
was: [/issues/flood/, "/2024/flood.html", "/posts/caf%C3%A9 y (agua)", /incidents/k7x2, "/odd/a+b,c's $1;x=y&z.html"]
---
We are looking into it.

## 2024-05-07 10:00 Resolved
services: {water: working}

It is over.
"""
LATER = FLOOD.replace("2024-05-0", "2024-06-0").replace("/issues/flood/", "/issues/later/").replace("k7x2", "later-id")
LATER = LATER.replace("/2024/flood.html", "/2024/later.html").replace("/odd/", "/later/").replace("caf%C3%A9", "later")
# Each old address, as someone may have kept it, and the page that it leads to.
PAGES = {
    "/issues/flood/": "/incidents/flood/",
    "/issues/flood": "/incidents/flood/",
    "/2024/flood.html": "/incidents/flood/",
    "/posts/caf%C3%A9%20y%20(agua)/": "/incidents/flood/",
    "/posts/caf%C3%A9%20y%20%28agua%29": "/incidents/flood/",
    "/incidents/k7x2/": "/incidents/flood/",
    "/odd/a+b,c's%20$1;x=y&z.html": "/incidents/flood/",
    "/history": "/archive/",
    "/affected/water/": "/services/water/",
}
FEEDS = {
    "/index.xml": "/feed.xml",
    "/affected/water/index.xml": "/services/water/feed.xml",
    "/index.es.xml": "/es/feed.xml",
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return make_town(tmp_path_factory.mktemp("town"), SERVICES, SITE, flood=FLOOD, later=LATER)


@pytest.fixture(scope="module")
def files(town: Town) -> Mapping[str, bytes]:
    return town.city.files(AT)


def test_a_page_at_each_old_address_of_a_post_leads_to_it(files: Mapping[str, bytes]) -> None:
    for path, way in {
        "issues/flood/index.html": "../../incidents/flood/index.html",
        "2024/flood.html": "../incidents/flood/index.html",
        "posts/café y (agua)/index.html": "../../incidents/flood/index.html",
        "incidents/k7x2/index.html": "../flood/index.html",
    }.items():
        page = Page(files[path].decode())
        assert "This page has moved The pumps & the flood" in page.words
        (refresh,) = page.root.xpath("//meta[@http-equiv='refresh']/@content")
        assert refresh == f"0; url={way}"
        assert way in page.root.xpath("//main//a/@href")
        assert page.root.xpath("//link[@rel='canonical']/@href") == ["https://t.example/incidents/flood/"]
        assert page.root.xpath("//meta[@name='robots']/@content") == ["noindex"]
        assert page.root.get("lang") == "en"
        assert page.root.xpath("//nav[@class='editions']") == []
        assert f"es/{path}" not in files


def test_an_old_page_of_a_service_says_its_name(files: Mapping[str, bytes]) -> None:
    assert "This page has moved Pay a water bill" in Page(files["affected/water/index.html"].decode()).words


def test_an_old_address_is_in_no_list_of_pages(files: Mapping[str, bytes]) -> None:
    lists = [path for path in files if path.startswith(("sitemap", "find-", "feed", "status.txt")) or "feed" in path]
    assert lists
    for path in lists:
        for old in (b"issues/flood", b"2024/flood.html", b"k7x2", b"affected/"):
            assert old not in files[path], path


def test_a_subscriber_finds_the_feed_at_its_old_address(town: Town, files: Mapping[str, bytes]) -> None:
    for old, new in FEEDS.items():
        assert files[old[1:]] == files[new[1:]]
        sent = headers_for(old[1:], header_rules(town.city.site))
        assert sent["Content-Type"] == "application/rss+xml; charset=utf-8"
    feed = etree.fromstring(files["index.xml"])
    links = feed.xpath("//*[local-name()='link'][@rel='self']/@href")
    assert links == ["https://t.example/feed.xml"], "it names the address to keep"


def test_nothing_leads_to_what_is_not_public_yet(files: Mapping[str, bytes]) -> None:
    assert not [path for path in files if "later" in path]
    assert b"later" not in files["_redirects"]


def test_hosts_that_know_redirects_get_each_twice_for_netlify_and_for_cloudflare(files: Mapping[str, bytes]) -> None:
    lines = files["_redirects"].decode().splitlines()
    assert lines[:2] == ["/index.xml /feed.xml 301!", "/index.xml /feed.xml 301"]
    assert "/posts/caf%C3%A9%20y%20(agua)/ /incidents/flood/ 301!" in lines
    assert "/2024/flood.html /incidents/flood/ 301" in lines
    assert len(lines) == 2 * (5 + 5)


def test_below_a_path_the_host_is_told_the_whole_way(tmp_path: Path) -> None:
    town = make_town(tmp_path, SERVICES, "languages: [en, es], was: {/history: /archive/}")
    text = (tmp_path / "services.yaml").read_text().replace("https://t.example/", "https://t.example/status/")
    (tmp_path / "services.yaml").write_text(text)
    assert "/history/ /status/archive/ 301" in town.city.files(AT)["_redirects"].decode()
    assert 'location = "/status/history/" { return 301 "/status/archive/"; }' in server_lines(
        "nginx", town.at(AT).board
    )


def test_a_site_without_old_addresses_has_no_file_of_them() -> None:
    assert "_redirects" not in official_files()


def test_no_page_of_ours_can_be_an_old_address() -> None:
    ours = addresses.OwnAddresses(official_board().site)
    for path in official_files():
        assert ours.find(path), path
        assert ours.find(f"{path.upper()}/more/"), path


def test_only_a_page_at_an_old_address_may_lead_readers_on(town: Town, files: Mapping[str, bytes]) -> None:
    def audit(changed: Mapping[str, bytes]) -> None:
        all_files = [File(path, content) for path, content in {**files, **changed}.items()]
        for _ in audit_files(all_files, town.at(AT).board, town.city.site):
            pass

    audit({})
    moved, way = files["issues/flood/index.html"], b"0; url=../../incidents/flood/index.html"
    for there in (b"https://evil.example/", b"../../index.html", b"../../missing.html", b"?x", b"javascript:x"):
        with pytest.raises(AuditError):
            audit({"issues/flood/index.html": moved.replace(way, b"0; url=" + there)})
    with pytest.raises(AuditError, match="does not lead there"):
        audit({"issues/flood/index.html": moved.replace(b' http-equiv="refresh"', b' name="x"')})
    with pytest.raises(AuditError, match="could redirect"):
        audit({"issues/flood/index.html": moved.replace(way, b"5; url=../../incidents/flood/index.html")})
    front = files["index.html"].replace(
        b"</head>", b'<meta http-equiv="refresh" content="0; url=archive/index.html"></head>'
    )
    with pytest.raises(AuditError, match="not at an old address"):
        audit({"index.html": front})


def test_a_browser_without_script_arrives_from_a_file_too(
    files: Mapping[str, bytes], tmp_path: Path, browser: Browser
) -> None:
    put(files, tmp_path)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in ("issues/flood/index.html", "2024/flood.html", "posts/café y (agua)/index.html"):
        page.goto((tmp_path / path).as_uri())
        page.wait_for_url("**/incidents/flood/index.html")
        assert page.locator("h1").inner_text() == "The pumps & the flood"
    context.close()


def put(files: Mapping[str, bytes], folder: Path) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def with_lines(name: str, lines: str) -> Callable[[Path, Path, int], list[str]]:
    """Return the setup of a server, with the lines where docs/hosts/old-addresses.md says that they go."""
    program = name.partition("-")[0]
    config, before = {
        "nginx": ("nginx.conf", "    absolute_redirect off;\n"),
        "apache": ("apache.conf", "        Require all granted\n"),
        "apache-htaccess": (".htaccess", "ErrorDocument 403 /404.html\n"),
        "caddy": ("Caddyfile", "\troute {\n\t\timport status_headers\n"),
    }[name]

    def setup(site: Path, scratch: Path, port: int) -> list[str]:
        command = SERVERS[name](site, scratch, port)
        file = (site if config == ".htaccess" else scratch) / config
        text = file.read_text()
        assert text.count(before) == 1, program
        file.write_text(text.replace(before, before + lines))
        return command

    return setup


@pytest.fixture(scope="module", params=[(name, lines) for name in SERVERS for lines in (True, False)])
def server(request: pytest.FixtureRequest, town: Town, files: Mapping[str, bytes]) -> Iterator[tuple[Server, bool]]:
    name, has_lines = request.param
    lines = server_lines(name.partition("-")[0], town.at(AT).board) if has_lines else ""
    with tempfile.TemporaryDirectory(prefix="statusgen-") as folder:
        scratch = Path(folder).resolve()
        scratch.chmod(0o755)  # Apache's workers are someone else where the tests are run by root
        put(files, scratch / "site")
        with run_server(with_lines(name, lines), scratch / "site", scratch) as port:
            yield Server(port), has_lines


def follow(server: Server, path: str) -> tuple[str, Answer]:
    """Return what a browser without pages that lead on arrives at."""
    for _ in range(4):
        answer = server.ask(path)
        if answer.status == 200:
            return path, answer
        assert answer.status in (301, 302, 308), (path, answer.status)
        path = quote(urlsplit(answer.headers["Location"]).path, safe="/%()")
    raise AssertionError(f"{path} leads on without end")


def test_a_real_server_leads_from_every_old_address(server: tuple[Server, bool], files: Mapping[str, bytes]) -> None:
    running, has_lines = server
    for old, new in (PAGES | FEEDS).items():
        where, answer = follow(running, old)
        if has_lines:
            assert where == new
            assert running.ask(old).status in (301, 308)
            assert answer.body == files[addresses.file_path(new[1:])]
        else:  # the page there does it, or the copy of the feed
            assert old in FEEDS or b'http-equiv="refresh"' in answer.body
            assert old not in FEEDS or answer.body == files[new[1:]]
    for path in ("/issues/flood/more", "/issues/flood2", "/2024/floodxhtml", "/_redirects"):
        assert running.ask(path).status == 404, path


@pytest.mark.parametrize("name", SERVERS)
def test_signs_in_the_way_to_a_site_mean_nothing_to_a_server(tmp_path: Path, name: str) -> None:
    town = make_town(tmp_path, SERVICES, "languages: [en, es], was: {/history: /archive/}")
    text = (tmp_path / "services.yaml").read_text().replace("https://t.example/", "https://t.example/$uri&{host}%24/")
    (tmp_path / "services.yaml").write_text(text)
    lines = server_lines(name.partition("-")[0], town.at(AT).board)
    with tempfile.TemporaryDirectory(prefix="statusgen-") as folder:
        scratch = Path(folder).resolve()
        scratch.chmod(0o755)  # as above
        put({"index.html": b"x"}, scratch / "site")
        with run_server(with_lines(name, lines), scratch / "site", scratch) as port:
            answer = Server(port).ask("/%24uri&%7Bhost%7D%24/history/")
    assert answer.status == 301
    assert unquote(urlsplit(answer.headers["Location"]).path) == "/$uri&{host}$/archive/"


@pytest.mark.parametrize("name", LINES)
def test_the_command_prints_the_lines(town: Town, name: str) -> None:
    words = ["export", "redirects", "--for", name, "--at", AT, "--source", str(town.city.folder)]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    assert result.output == server_lines(name, town.at(AT).board)


def test_a_live_copy_that_redirects_is_what_was_published(town: Town, tmp_path: Path) -> None:
    site = tmp_path / "site"
    built = CliRunner().invoke(
        main, ["build", "--source", str(town.city.folder), "--output", str(site), "--at", AT], catch_exceptions=False
    )
    assert built.exit_code == 0, built.output
    manifest = str(site / "manifest.json")
    with tempfile.TemporaryDirectory(prefix="statusgen-") as folder:
        scratch = Path(folder).resolve()
        # The command leaves it to the system to close its connections, and here there is none to do it.
        lines = f"keepalive_timeout 0;\n{server_lines('nginx', town.at(AT).board)}"
        with run_server(with_lines("nginx", lines), site, scratch) as port:
            words = ["verify", f"http://127.0.0.1:{port}/", "--manifest", manifest, "--at", AT]
            result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output


def test_a_site_can_be_built_again_from_what_was_kept(tmp_path: Path) -> None:
    make_town(tmp_path, SERVICES, SITE, flood=FLOOD)
    words = ["build", "--source", str(tmp_path), "--output", str(tmp_path / "site"), "--at"]
    for at in (AT, "2024-05-09 12:00"):
        result = CliRunner().invoke(main, [*words, at])
        assert result.exit_code == 0, result.output
    assert (tmp_path / "site" / "issues" / "flood" / "index.html").exists()


def test_the_data_names_old_addresses(files: Mapping[str, bytes]) -> None:
    incident = json.loads(files["incidents/flood/incident.json"])["incident"]
    assert incident["was"][:2] == ["https://t.example/issues/flood/", "https://t.example/2024/flood.html"]
    moved = json.loads(files["status.json"])["moved"]
    assert {"was": "https://t.example/index.xml", "now": "https://t.example/feed.xml"} in moved


def test_a_new_old_address_is_told_as_a_change(tmp_path: Path) -> None:
    make_town(tmp_path, SERVICES, "languages: [en, es]", flood=FLOOD.replace("was: [/issues/flood/, ", "was: ["))
    words = ["--source", str(tmp_path), "--at", AT]
    assert CliRunner().invoke(main, ["build", *words, "--output", str(tmp_path / "site")]).exit_code == 0
    make_town(tmp_path, SERVICES, "languages: [en, es]", flood=FLOOD)
    told = CliRunner().invoke(main, ["diff", *words]).output
    assert "The pumps & the flood: its old addresses changed" in told
    make_town(tmp_path, SERVICES, SITE, flood=FLOOD.replace("was: [/issues/flood/, ", "was: ["))
    assert "Other facts change: moved." in CliRunner().invoke(main, ["diff", *words]).output


def test_the_examples_of_the_docs_work(tmp_path: Path) -> None:
    section = (DOCS / "hosts" / "old-addresses.md").read_text(encoding="utf-8")
    post, site = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    (tmp_path / "incidents").mkdir()
    (tmp_path / "incidents" / "water.md").write_text(f"---\n{post}---\nText.\n", encoding="utf-8")
    head = "site:\n  title: T\n  url: https://t.example/\n  timezone: America/Chicago\n"
    (tmp_path / "services.yaml").write_text(f"{head}{site}services:\n  - name: Pay a water bill\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "--source", str(tmp_path), "--at", AT])
    assert result.exit_code == 0, result.output
