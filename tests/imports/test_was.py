"""The addresses that posts had on the old site."""

from pathlib import Path

import pytest

from statusgen.content.format.shapes import PostShape
from statusgen.imports.cstate.page import read
from statusgen.imports.source import Answers, open_source
from tests.support.importing import SAMPLES, copy_sample, import_whole, read_post, read_report


def test_a_post_knows_its_old_addresses() -> None:
    told = read(open_source(str(SAMPLES / "cstate-toml")), Answers())
    was = {post.key: post.was for post in told.posts}
    assert was["content/en/issues/Fare Cards.md"] == ("/issues/fare-cards/", "/issues/fare-cards-old/")
    assert was["content/en/issues/red-line.md"] == ("/issues/red-line/",)


@pytest.mark.skipif("was" not in PostShape.key_names(), reason="this version of the format has no such key")
def test_old_addresses_lead_to_the_post(tmp_path: Path) -> None:
    source = copy_sample("cstate-harbor", tmp_path)
    city = import_whole("cstate", source, tmp_path / "page", "--timezone", "America/Chicago")
    text = read_post(city, "tickets-cannot-be-paid")
    assert "was:\n  - /issues/2025-02-11-tickets/\n  - /tickets-down/\n" in text


ISSUE = """\
---
title: "Bridge \u2013 closed: no cars"
date: 2025-03-08T09:00:00-06:00
resolved: true
resolvedWhen: 2025-03-08T11:00:00-06:00
severity: down
affected: [Red Bridge]
---
It is closed.
"""


def write_page(folder: Path, settings: str, issue: str = ISSUE) -> Path:
    (folder / "content" / "issues").mkdir(parents=True)
    config = "title: Mill\nbaseURL: https://status.mill.example/\nparams:\n  systems: [{name: Red Bridge}]\n"
    (folder / "config.yml").write_text(f"{config}{settings}", encoding="utf-8")
    (folder / "content" / "issues" / "Old Bridge.md").write_text(issue, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ("", "/issues/old-bridge/"),
        ("permalinks: {issues: '/issues/:slug/'}", "/issues/bridge-closed-no-cars/"),
        ("permalinks: {issues: '/:year/:month/:day/:title/'}", "/2025/03/08/bridge-closed-no-cars/"),
        ("permalinks: {page: {issues: '/:section/:filename'}}", "/issues/old-bridge/"),
        ("permalinks: {issues: '/:year-:month-:slugorfilename.html'}", "/2025-03-old-bridge.html"),
        ("permalinks: {posts: '/x/:slug/'}\ndefaultContentLanguageInSubdir: true", "/en/issues/old-bridge/"),
    ],
)
def test_old_addresses_are_those_that_hugo_made(tmp_path: Path, settings: str, address: str) -> None:
    source = write_page(tmp_path / "old", settings)
    city = import_whole("cstate", source, tmp_path / "page", "--timezone", "America/Chicago")
    assert f"was:\n  - {address}\n" in read_post(city, "no-cars")
    assert address.lstrip("/") in {path.removesuffix("index.html") for path in city.files("2025-04-01 12:00")}


def test_an_address_that_cannot_be_worked_out_is_asked_about(tmp_path: Path) -> None:
    issue = ISSUE.replace("resolved: true", "resolved: true\naliases: [/bridge/]")
    source = write_page(tmp_path / "old", "permalinks:\n  issues: /:yearday/:slug/", issue)
    city = import_whole("cstate", source, tmp_path / "page", "--timezone", "America/Chicago", questions=True)
    assert "was:\n  - /bridge/\n" in read_post(city, "no-cars")
    assert "`config.yml:6`: Which addresses did the issues have? Their permalinks, `/:yearday/:slug/`" in read_report(
        city
    )


def test_an_address_that_no_host_can_keep_is_lost_and_not_its_post(tmp_path: Path) -> None:
    source = write_page(tmp_path / "old", "", ISSUE.replace("resolved: true", "resolved: true\nurl: /a?b=1"))
    city = import_whole("cstate", source, tmp_path / "page", "--timezone", "America/Chicago")
    assert "was:" not in read_post(city, "no-cars")
    assert "Its old address cannot be kept" in read_report(city)


def test_pages_of_systems_and_feeds_are_where_they_were(tmp_path: Path) -> None:
    source = copy_sample("cstate-toml", tmp_path)
    files = import_whole("cstate", source, tmp_path / "page").files("2025-06-01 12:00")
    assert files["index.xml"] == files["feed.xml"]
    assert files["es/index.xml"] == files["es/feed.xml"]
    assert files["affected/red-line/index.xml"] == files["services/red-line/feed.xml"]
    assert b"services/red-line/" in files["affected/red-line/index.html"]
    assert 'The addresses of the old pages in "es"' in (tmp_path / "page" / "import-report.md").read_text("utf-8")


def test_pages_of_other_sources_are_where_they_were(tmp_path: Path) -> None:
    library = import_whole("statuspage", copy_sample("statuspage-library", tmp_path), tmp_path / "one", questions=True)
    files = library.files("2025-06-01 12:00")
    assert b"archive/" in files["history/index.html"]
    assert {"history.rss", "history.atom"} <= files.keys()
    sample = copy_sample("upptime-city", tmp_path)
    upptime = import_whole("upptime", sample, tmp_path / "two", "--timezone", "America/Chicago", questions=True)
    assert b"services/city-website/" in upptime.files("2025-06-01 12:00")["history/city-website/index.html"]
    assert 'The old page of "Mail server" leads nowhere' in read_report(upptime)


def test_what_a_later_import_cannot_add_it_names(tmp_path: Path) -> None:
    """The addresses of the site are someone's own from the first import on."""
    source = copy_sample("cstate-toml", tmp_path)
    city = import_whole("cstate", source, tmp_path / "page")
    services = city.folder / "services.yaml"
    text = services.read_text(encoding="utf-8").replace("    /index.xml: /feed.xml\n", "")
    services.write_text(text, encoding="utf-8")
    import_whole("cstate", source, tmp_path / "page")
    assert services.read_text(encoding="utf-8") == text
    assert "write this under was: of the site: `/index.xml: /feed.xml`" in read_report(city)
