"""Files for hosts and crawlers: headers, robots.txt, sitemaps, security.txt."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest
from click.testing import CliRunner
from lxml import etree

from statusgen.board.board import make_board
from statusgen.cli.main import main
from statusgen.files import File
from statusgen.folder.write import write
from statusgen.model.whole_site import Site
from statusgen.outputs import host
from statusgen.outputs.host import media_type
from tests.support.built_sites import MOMENTS, build_sample
from tests.support.checkers import run_node
from tests.support.official_site import official_board, official_files, official_site
from tests.support.sample_sites import make_city
from tests.support.web_server import request_paths

FRESH = "public, max-age=0, s-maxage=30, stale-while-revalidate=30, stale-if-error=86400"
URL = "https://status.quillhaven.example/"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}

NETLIFY = """
import { parseAllHeaders } from "@netlify/headers-parser";
const [file, ...paths] = process.argv.slice(1);
const { headers, errors } = await parseAllHeaders({ headersFiles: [file], minimal: false });
const sent = (path) => Object.assign({}, ...headers.filter((r) => r.forRegExp.test(path)).map((r) => r.values));
console.log(JSON.stringify([errors.map(String), Object.fromEntries(paths.map((path) => [path, sent(path)]))]));
"""


def cloudflare(text: str, path: str) -> dict[str, str]:
    """Return the headers that Cloudflare Pages sends with a path, by its rules for `_headers`.

    At most 100 rules, one star in each, 2,000 characters a line; the last of two rules for one pattern counts alone;
    every rule that fits applies; a header set twice is joined, and `! Name` takes away what was set before.
    """
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        assert len(line) <= 2000
        if line.startswith("/"):
            assert line.count("*") <= 1
            found[line] = []
        else:
            found[next(reversed(found))].append(line.strip())
    assert len(found) <= 100
    sent: dict[str, str] = {}
    for pattern, lines in found.items():
        if re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), path):
            for name in (line[2:] for line in lines if line.startswith("! ")):
                sent.pop(name)
            for name, _, value in (line.partition(": ") for line in lines if not line.startswith("! ")):
                sent[name] = f"{sent[name]}, {value}" if name in sent else value
    return sent


def test_netlify_and_cloudflare_send_with_each_file_what_the_table_says(tmp_path: Path) -> None:
    table = host.header_rules(official_board().site)
    paths = request_paths(official_files())
    expected = {path: host.headers_for(path.removeprefix("/"), table) for path in paths}
    text = official_files()["_headers"].decode()
    (tmp_path / "_headers").write_text(text, encoding="utf-8")
    errors, netlify = json.loads(run_node(NETLIFY, str(tmp_path / "_headers"), *paths))
    assert errors == []
    assert netlify == expected
    assert {path: cloudflare(text, path) for path in paths} == expected


def headers(path: str, of: Site | None = None) -> Mapping[str, str]:
    return host.headers_for(path, host.header_rules(of or official_board().site))


def test_pages_and_data_are_fresh_and_what_is_named_by_its_content_stays() -> None:
    staying = [path for path in official_files() if path.startswith(("script-", "find-", "print-"))]
    assert len(staying) == 5  # the script, the style on paper, and what the finder searches in each of three languages
    for path in official_files():
        cached = headers(path)["Cache-Control"]
        assert cached == (FRESH if path not in staying else "public, max-age=31536000, immutable"), path


def test_every_page_may_use_its_style_under_the_policy_of_the_header() -> None:
    policy = headers("index.html")["Content-Security-Policy"]
    allowed = directives(policy)
    assert allowed.pop("frame-ancestors") == {"'none'"}
    styles = set()
    for path, content in official_files().items():
        if path.endswith(".html"):
            found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', content.decode())
            assert found, path
            own = directives(found[1])
            assert own.keys() == allowed.keys()
            assert all(own[name] <= allowed[name] for name in own), path
            styles |= own["style-src"]
    assert styles == allowed["style-src"]
    assert "report" not in policy


def directives(policy: str) -> dict[str, set[str]]:
    return {name: set(values) for name, *values in (part.split() for part in policy.split(";"))}


def test_what_programs_read_can_be_read_from_other_pages() -> None:
    for path in official_files():
        shared = not path.endswith((".html", ".png", ".webp")) and not path.startswith(
            ("script-", "find-", "print-", "_headers")
        )
        assert (headers(path).get("Access-Control-Allow-Origin") == "*") == shared, path
        assert (headers(path).get("Cross-Origin-Resource-Policy") == "cross-origin") == shared, path


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("es/services/trash/feed.xml", "application/rss+xml; charset=utf-8"),
        ("atom.xml", "application/atom+xml; charset=utf-8"),
        ("feed.json", "application/feed+json"),
        ("calendar.ics", "text/calendar; charset=utf-8"),
        ("feeds.opml", "text/x-opml; charset=utf-8"),
        ("status.txt", "text/plain; charset=utf-8"),
        (".well-known/security.txt", "text/plain; charset=utf-8"),
        ("services.csv", "text/csv; charset=utf-8"),
        ("alerts/2024-05-05-network/2024-05-05-0800.xml", "application/cap+xml; charset=utf-8"),
    ],
)
def test_types_are_told_to_hosts_and_sent_by_the_preview(path: str, kind: str) -> None:
    assert headers(path)["Content-Type"] == kind
    assert media_type(path) == kind


def test_the_preview_names_a_type_for_every_file() -> None:
    for path in official_files():
        assert (media_type(path) == "application/octet-stream") == (path == "_headers"), path


# Crawlers


def crawler(files: Mapping[str, bytes]) -> RobotFileParser:
    robots = RobotFileParser()
    robots.parse(files["robots.txt"].decode().splitlines())
    return robots


def test_crawlers_may_read_everything_and_find_the_sitemap() -> None:
    robots = crawler(official_files())
    assert robots.can_fetch("Googlebot", f"{URL}services/trash/")
    assert robots.site_maps() == [f"{URL}sitemap.xml"]


@pytest.mark.parametrize("name", MOMENTS)
def test_crawlers_are_kept_away_from_a_demonstration(name: str) -> None:
    files = {path: (build_sample(name) / path).read_bytes() for path in ("robots.txt", "_headers")}
    assert not crawler(files).can_fetch("Googlebot", "https://example.org/services/trash/")
    assert not (build_sample(name) / "sitemap.xml").exists()
    assert cloudflare(files["_headers"].decode(), "/status.json")["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in headers("status.json")


def entries() -> dict[str, etree._Element]:
    root = etree.fromstring(official_files()["sitemap.xml"])
    return {url.findtext("s:loc", namespaces=NAMES) or "": url for url in root.findall("s:url", NAMES)}


def test_the_sitemap_has_every_page_once() -> None:
    pages = {path for path in official_files() if path.endswith(".html") and path != "404.html"}
    assert set(entries()) == {URL + path.removesuffix("index.html") for path in pages}
    assert len(etree.fromstring(official_files()["sitemap.xml"])) == len(pages)


def test_the_sitemap_and_the_pages_name_the_same_translations() -> None:
    for url, entry in entries().items():
        html = official_files()[f"{url.removeprefix(URL)}index.html"].decode()
        written = re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)"', html)
        links = entry.findall("x:link", NAMES)
        assert [(link.get("hreflang"), link.get("href")) for link in links] == written
        assert len(written) == 3


def test_the_sitemap_has_no_date_but_that_of_an_incident_s_last_update() -> None:
    for url, entry in entries().items():
        changed = entry.findtext("s:lastmod", namespaces=NAMES)
        incident = re.search(r"/incidents/([^/]+)/$", url)
        if not incident:
            assert changed is None, url
            continue
        assert changed
        last = official_board().incident_by_id[incident[1]].last_update.time
        if last.is_whole_day:
            assert changed == official_site().local_day(last.start).isoformat()
        else:
            assert datetime.fromisoformat(changed) == last.start


@pytest.mark.parametrize(("most_pages", "most_bytes"), [(3, 10_000), (50_000, 420)])
def test_a_long_sitemap_is_split_and_an_index_names_the_parts(most_pages: int, most_bytes: int) -> None:
    places = [f"{URL}services/a&amp;{number}/" for number in range(10)]
    made = host.sitemaps(
        [f"<url><loc>{place}</loc></url>\n" for place in places], official_site(), most_pages, most_bytes
    )
    files = {file.path: file.content for file in made}
    index = etree.fromstring(files.pop("sitemap.xml"))
    assert index.tag == f"{{{NAMES['s']}}}sitemapindex"
    named = [place.text for place in index.findall("s:sitemap/s:loc", NAMES)]
    assert named == [URL + path for path in files]
    assert len(files) == 4
    found = []
    for content in files.values():
        assert len(content) <= most_bytes
        pages = etree.fromstring(content).findall("s:url/s:loc", NAMES)
        assert 1 <= len(pages) <= most_pages
        found += [page.text for page in pages]
    assert found == [place.replace("&amp;", "&") for place in places]


def test_a_site_in_one_language_names_no_translations(tmp_path: Path) -> None:
    city = make_city(tmp_path, "  - {name: Trash}\n")
    text = city.files("2024-05-05")["sitemap.xml"].decode()
    assert "<loc>https://springfield.example/services/trash/</loc>" in text
    assert "hreflang" not in text


# Security


def test_those_who_find_a_hole_learn_whom_to_tell() -> None:
    assert official_files()[".well-known/security.txt"].decode().splitlines() == [
        "Contact: mailto:security@quillhaven.example",
        "Contact: https://quillhaven.example/report",
        "Expires: 2027-01-01T06:00:00Z",
        "Policy: https://quillhaven.example/policy",
        "Preferred-Languages: en",
        f"Canonical: {URL}.well-known/security.txt",
    ]


def test_without_anybody_to_tell_there_is_no_such_file() -> None:
    silent = replace(official_site(), security=None)
    made = host.files(make_board(silent, official_board().moment), None)  # type: ignore[arg-type]  # it asks nothing of the look
    assert ".well-known/security.txt" not in {file.path for file in made}


def test_a_file_that_has_run_out_is_not_there() -> None:
    """It must not be used any more (RFC 9116, section 2.5.5)."""
    security = official_site().security
    assert security
    end = security.expires.start
    for moment, there in ((end - timedelta(seconds=1), True), (end, False)):
        made = host.files(make_board(official_site(), moment), None)  # type: ignore[arg-type]  # it asks nothing of the look
        assert (".well-known/security.txt" in {file.path for file in made}) is there


def test_what_the_city_writes_is_what_the_file_says(tmp_path: Path) -> None:
    head = "site:\n  title: Springfield\n  url: https://springfield.example/\n  timezone: America/Chicago\n"
    head += "  security: {contact: 'mailto:s@springfield.example', expires: 2027-01-01}\n"
    (tmp_path / "services.yaml").write_text(f"{head}services: [{{name: Trash}}]\n", encoding="utf-8")
    (tmp_path / "incidents").mkdir()
    arguments = ["build", "--source", str(tmp_path), "--output", str(tmp_path / "public"), "--at", "2026-05-05"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    text = (tmp_path / "public" / ".well-known" / "security.txt").read_text(encoding="utf-8")
    assert "Contact: mailto:s@springfield.example\nExpires: 2027-01-01T06:00:00Z\n" in text


def test_a_folder_takes_the_host_s_files_and_builds_over_them(tmp_path: Path) -> None:
    files = [File(path, content) for path, content in official_files().items()]
    write(files, tmp_path / "site", source=tmp_path / "city")
    again = write(files, tmp_path / "site", source=tmp_path / "city")
    assert {"_headers", ".well-known/security.txt", "robots.txt", "sitemap.xml"} <= set(again.unchanged)
    assert again.written == ()
